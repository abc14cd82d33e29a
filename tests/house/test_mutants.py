"""What `python3 dev.py mutants` turns to true is every rule there is, and only a failed test counts as a kill."""

import importlib
import inspect
import pkgutil
from pathlib import Path
from typing import get_type_hints

import pytest

import twoway
from tests import mutants


def rules() -> list[str]:
    """Every public function that answers yes or no, in every module named rules, as Python itself sees them."""
    names = [found.name for found in pkgutil.walk_packages(twoway.__path__, "twoway.") if found.name.endswith(".rules")]
    return [
        f"{module.__name__}:{name}"
        for module in map(importlib.import_module, names)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
        if get_type_hints(function).get("return") is bool
    ]


@pytest.mark.row("X-05")
def test_every_rule_is_turned_to_true_once() -> None:
    assert sorted(mutants.predicates()) == sorted([*rules(), "twoway.people.audience:admits"])


def test_a_rule_can_be_turned_to_true() -> None:
    """One with values of its own around it, or none at all, would come to pieces instead."""
    found = [mutant.split(":") for mutant in mutants.predicates()]
    functions = [getattr(importlib.import_module(module), name) for module, name in found]

    assert [function.__name__ for function in functions if function.__code__.co_freevars] == []


@pytest.mark.parametrize(
    ("cases", "killer"),
    [
        ('<testcase classname="tests.a" name="test_one"/>', ""),
        ('<testcase classname="tests.a" name="test_two"><error message="no table"/></testcase>', ""),
        (
            '<testcase classname="tests.a" name="test_one"/>'
            '<testcase classname="tests.house.b" name="test_three[x]"><failure message="2 != 3"/></testcase>',
            "tests/house/b.py::test_three[x]",
        ),
    ],
)
def test_only_a_failed_test_is_a_kill(tmp_path: Path, cases: str, killer: str) -> None:
    report = tmp_path / "report.xml"
    report.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")

    assert mutants.failed_in(report) == killer
