"""What is due has a test that says so."""

import tomllib
from pathlib import Path

import pytest

DUE = tomllib.loads((Path(__file__).parents[1] / "due.toml").read_text())


@pytest.mark.parametrize("mark,kind", [("row", "rows"), ("definition", "definitions")])
def test_everything_due_has_a_marked_test(request: pytest.FixtureRequest, mark: str, kind: str) -> None:
    """Read off the whole collection, so it says nothing where only a part was asked for. A marked test that
    does not pass fails the suite by itself."""
    marked = request.config.stash.get("marks", {})  # type: ignore[call-overload]
    if not request.config.stash.get("whole", False):  # type: ignore[call-overload]
        pytest.skip("only a part of the suite was asked for")
    missing = [due for due in DUE["due"][kind] if due not in marked[mark]]
    assert missing == []


def test_nothing_is_both_due_and_still_to_come() -> None:
    for kind in ("rows", "definitions"):
        assert set(DUE["due"][kind]) & set(DUE["coming"][kind]) == set()
