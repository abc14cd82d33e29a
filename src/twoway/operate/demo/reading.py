"""The demo's words, read from the TOML files in `words/`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).parent / "words"


@cache
def words(name: str) -> dict[str, Any]:
    """One file of words, such as `organisations`."""
    return tomllib.loads((WORDS / f"{name}.toml").read_text(encoding="utf-8"))


def site(organisation: str, name: str) -> dict[str, str]:
    """Where somebody works: its country and time zone."""
    found: dict[str, str] = next(site for site in words_of(organisation)["site"] if site["name"] == name)
    return found


def words_of(organisation: str) -> dict[str, Any]:
    """What is told of one organisation, by its key."""
    return next(one for one in words("organisations")["organisation"] if one["key"] == organisation)
