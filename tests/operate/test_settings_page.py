"""The settings page and the settings say the same."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.row("P-02")
def test_every_setting_is_documented_and_nothing_else_is() -> None:
    read = re.findall(r'"(TWOWAY_[A-Z_]+)"', (ROOT / "src/twoway/settings.py").read_text())
    told = re.findall(r"^### `(TWOWAY_[A-Z_]+)`$", (ROOT / "docs/run/settings.md").read_text(), re.MULTILINE)

    assert sorted(told) == sorted(set(read))


def test_no_other_file_reads_settings_from_the_environment() -> None:
    """So that the page is whole. What the operator's commands pass on to themselves is theirs."""
    readers = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "src/twoway").rglob("*.py")
        if re.search(r"os\.environ|getenv", path.read_text()) and "operate" not in path.relative_to(ROOT).parts
    ]
    assert sorted(readers) == ["src/twoway/settings.py", "src/twoway/wsgi.py"]


def test_every_setting_says_its_default_and_an_example() -> None:
    page = (ROOT / "docs/run/settings.md").read_text()
    parts = re.split(r"^### ", page, flags=re.MULTILINE)[1:]

    assert [part.split("`")[1] for part in parts if "Default:" not in part or "Example:" not in part] == []
