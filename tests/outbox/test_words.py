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
        self.silent = tag in ("title", "style")
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

    assert re.findall(r'<table [^>]*role="presentation" width="([^"]*)"', page) == ["100%", "100%"]
    assert page.count("max-width: 560px") == 1


def test_a_buttons_words_are_white_and_plain_whatever_a_mail_programme_does_with_links() -> None:
    page = html_of("Hello", "[Sign in](http://localhost:8000/x/)", hue=240)

    link = page[page.index("<a class") : page.index("</a>")]
    assert set(re.findall(r'color(?:: |=")([^";]*)', link)) == {"#ffffff"}
    assert re.findall(r"<(a|span) [^>]*style=\"color: #ffffff; text-decoration: none\"", link) == ["a", "span"]


def test_a_letter_has_one_main_button_and_the_others_are_quiet() -> None:
    letter = html_of("Subject", "[Open](http://localhost:8000/a/)\n\nOr not.\n\n[Step out](http://localhost:8000/b/)")

    filled = re.findall(r'<td [^>]*bgcolor="[^"]+"><a [^>]*href="([^"]+)"', letter)

    assert filled == ["http://localhost:8000/a/"]
    assert '<p><a class="ink" href="http://localhost:8000/b/"' in letter


DARK = re.compile(r"\.([a-z-]+)(?:, [^{]*)? \{ (?:background-)?color: (#[0-9a-f]{6}) !important; \}")


def contrast(one: str, other: str) -> float:
    """How well two colours can be told apart (WCAG 2.2)."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lights = sorted((light(one), light(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("hue", [None, *range(0, 360, 12)])
def test_a_letter_is_dark_where_its_reader_likes_the_dark_and_its_words_are_readable_there(hue: int | None) -> None:
    page = html_of("Subject", f"See http://localhost:8000/c/\n\n{BODY}", foot="Sent by us", hue=hue)

    assert page.count('content="light dark"') == 2
    dark = dict(DARK.findall(page[page.index("@media (prefers-color-scheme: dark)") : page.index("</style>")]))
    assert sorted(dark) == ["button", "ink", "on-button", "paper", "soft", "words"]
    assert contrast(dark["paper"], "#000000") < 1.3
    readable = {name: contrast(dark[name], dark["paper"]) for name in ("ink", "words", "soft")}
    readable["on-button"] = contrast(dark["on-button"], dark["button"])
    assert {name: ratio for name, ratio in readable.items() if ratio < 7} == {}


def test_every_coloured_part_of_a_letter_has_its_colour_in_the_dark() -> None:
    page = html_of("Subject", BODY, foot="Sent by us")

    coloured = re.findall(r"<[^>]*(?:color=|style=\"color)[^>]*>", page[page.index("<body") :])
    assert [tag for tag in coloured if not re.search(r'class="(paper|ink|words|soft|button|on-button)"', tag)] == []


def test_markup_in_words_is_shown_and_not_obeyed() -> None:
    page = html_of("<b>Hi</b>", "<script>alert(1)</script>")

    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "<b>Hi" not in page
