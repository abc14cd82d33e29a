"""Words on pages: translatable, without pictures that say what no text says, and in our voice."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "twoway"
PAGES = sorted(SOURCE.glob("*/templates/**/*.html"))
LETTERS = sorted(SOURCE.glob("*/templates/**/mail/*.txt"))

NOT_SHOWN = [
    r"\{#.*?#\}",
    r"<style>.*?</style>",
    r"\{% comment %\}.*?\{% endcomment %\}",
    r"\{% blocktrans(?:late)?\b.*?%\}.*?\{% endblocktrans(?:late)? %\}",
    r"<!--.*?-->",
    r"<code>.*?</code>",
    r"\{% block (?:page_class|root_attributes) %\}.*?\{% endblock(?: \w+)? %\}",  # classes and attributes
    r"<(?:title|h1)>\s*Twoway",
    r"\{%.*?%\}",
    r"\{\{.*?\}\}",
    r"<[^>]*>",
    r"&\w+;",
]
OF_POTENTIAL = r"full potential|potential (?:was |is )?reached|reach(?:ed|ing)? (?:\w+ )?potential"
OURS = {"Twoway", "Ctrl", "receipt.json", "problem.json"}  # names, the same in every language


@pytest.mark.parametrize("page", [*PAGES, *LETTERS], ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_string_can_be_translated(page: Path) -> None:
    text = page.read_text()
    for pattern in NOT_SHOWN:
        text = re.sub(pattern, " ", text, flags=re.S)
    assert [word for word in re.findall(r"[^\W\d_][\w.'-]{2,}", text) if word not in OURS] == []


@pytest.mark.definition("H5")
def test_every_picture_has_words_or_says_that_it_is_an_ornament() -> None:
    undecided = []
    for page in PAGES:
        text = page.read_text()
        undecided += [f"{page.name}: {tag}" for tag in re.findall(r"<img\b[^>]*>", text) if " alt=" not in tag]
        undecided += [
            f"{page.name}: {tag}"
            for tag in re.findall(r"<svg\b[^>]*>", text)
            if 'aria-hidden="true"' not in tag and "aria-label" not in tag and "aria-labelledby" not in tag
        ]
    assert undecided == []


@pytest.mark.definition("A4a")
@pytest.mark.parametrize("page", [*PAGES, *LETTERS], ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_voice_stays_calm(page: Path) -> None:
    """No exclamation marks, no guilt, no claims that no design could show."""
    unsaid = r"\{#.*?#\}|\{% if .*?%\}|<!doctype[^>]*>|<!--.*?-->|<style>.*?</style>"
    words = re.sub(unsaid, " ", page.read_text(), flags=re.S | re.I)
    banned = r"!(?!=)|\byou have not\b|\bproven to\b|more likely to be promoted|\bat risk\b"
    assert re.findall(f"{banned}|{OF_POTENTIAL}", words, flags=re.I) == []


@pytest.mark.definition("A4a")
def test_no_code_says_that_a_potential_was_reached() -> None:
    """What a page says may also stand in a view, a form or an event."""
    claim = re.compile(OF_POTENTIAL, re.I)

    assert [path.name for path in SOURCE.rglob("*.py") if claim.search(path.read_text())] == []


def test_a_remark_ends_on_its_line() -> None:
    """Django shows one that does not as it stands, to everybody."""
    broken = [
        f"{path.name}: {line}"
        for path in (*PAGES, *LETTERS)
        for line in path.read_text().splitlines()
        if line.count("{#") != line.count("#}")
    ]

    assert broken == []
