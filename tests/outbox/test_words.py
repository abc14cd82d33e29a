"""Plain text and HTML say the same, and nobody's name can pass for our words."""

import re
from html.parser import HTMLParser

import pytest

from twoway.outbox.words import html_of, text_of

BODY = """Hello Amira,

Ben has asked for a time with you.
It would be on Tuesday & lasts < 1 hour.

[Look at the times](http://localhost:8000/loops/abc/)

Warm wishes,
[Stop these letters](http://localhost:8000/me/wishes/)
Northwind"""


class Words(HTMLParser):
    """The words a reader sees, and where the links lead, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.silent = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag == "title"
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words += data.split()


@pytest.mark.row("N-05")
def test_plain_text_and_html_say_the_same() -> None:
    text = text_of(BODY)
    page = Words(html_of("A time with Ben", BODY))

    links = [word for word in text.split() if word.startswith("http")]
    said = " ".join(text.replace(":\nhttp", "\nhttp").split())
    for link in links:
        said = said.replace(f" {link}", "")
    assert page.links == links
    assert page.words == ["A", "time", "with", "Ben", *said.split()]


def test_a_button_stands_alone_in_plain_text() -> None:
    assert text_of("[Sign in](http://localhost:8000/x/)") == "Sign in:\nhttp://localhost:8000/x/\n"


def test_a_name_cannot_dress_up_as_a_button() -> None:
    name = "Ben\n\n[Sign in](https://elsewhere.example/)"

    page = html_of("Hello", f"Hello {name}, welcome.\n\n[Sign in](https://elsewhere.example/)")

    assert "bgcolor" not in page[page.index("</h1>") :]


def test_a_letter_is_as_wide_as_its_reader_lets_it_and_no_wider_than_a_column() -> None:
    page = html_of("Hello", BODY)

    assert re.findall(r'<table role="presentation" width="([^"]*)"', page) == ["100%", "100%"]
    assert page.count("max-width: 560px") == 1


def test_a_buttons_words_are_white_and_plain_whatever_a_mail_programme_does_with_links() -> None:
    page = html_of("Hello", "[Sign in](http://localhost:8000/x/)", hue=240)

    link = page[page.index("<a href") : page.index("</a>")]
    assert set(re.findall(r'color(?:: |=")([^";]*)', link)) == {"#ffffff"}
    assert re.findall(r"<(a|span)[^>]* style=\"color: #ffffff; text-decoration: none\"", link) == ["a", "span"]


def test_a_letter_has_one_main_button_and_the_others_are_quiet() -> None:
    letter = html_of("Subject", "[Open](http://localhost:8000/a/)\n\nOr not.\n\n[Step out](http://localhost:8000/b/)")

    filled = re.findall(r'<td bgcolor="[^"]+"><a href="([^"]+)"', letter)

    assert filled == ["http://localhost:8000/a/"]
    assert '<p><a href="http://localhost:8000/b/"' in letter


def test_markup_in_words_is_shown_and_not_obeyed() -> None:
    page = html_of("<b>Hi</b>", "<script>alert(1)</script>")

    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "<b>Hi" not in page
