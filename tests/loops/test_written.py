"""Messages as HTML: Markdown, cleaned."""

import pytest

from twoway.loops.written import excerpt_of, html_of


@pytest.mark.row("L-02")
@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Hello **you**", "<p>Hello <strong>you</strong></p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("# Loud", "<p><strong>Loud</strong></p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        (
            "![](https://spy.example/a.png)",
            '<p><a href="https://spy.example/a.png" rel="noopener noreferrer">https://spy.example/a.png</a></p>\n',
        ),
        (
            "![a cat](https://spy.example/a.png)",
            '<p><a href="https://spy.example/a.png" rel="noopener noreferrer">a cat</a></p>\n',
        ),
        ("![x](data:image/png;base64,AAAA)", '<p><a rel="noopener noreferrer">x</a></p>\n'),
        (
            "See https://a.example/b?c=1.",
            '<p>See <a href="https://a.example/b?c=1" rel="noopener noreferrer">https://a.example/b?c=1</a>.</p>\n',
        ),
        ("`https://a.example/b`", "<p><code>https://a.example/b</code></p>\n"),
        (
            "[here](https://a.example)",
            '<p><a href="https://a.example" rel="noopener noreferrer">here</a></p>\n',
        ),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
    ],
)
def test_markdown_becomes_safe_html(text: str, html: str) -> None:
    assert html_of(text) == html


@pytest.mark.row("L-02")
def test_an_excerpt_is_plain_and_short() -> None:
    assert excerpt_of("Is **a < b** & c?") == "Is a < b & c?"
    assert excerpt_of("word " * 80, 20) == "word word word…"
