"""What the engine promises is one list, and it is Django's stranger."""

import inspect
import subprocess
import sys
from pathlib import Path

import matchengine

NAMES = [
    *(
        "CRITERION_KINDS",
        "ENGINE",
        "LIMIT_KINDS",
        "OBJECTIVES",
        "Answer",
        "Answers",
        "Apart",
        "Bar",
        "Barred",
    ),
    *(
        "Cancelled",
        "Change",
        "Cluster",
        "Contest",
        "Contribution",
        "Criterion",
        "Fewer",
        "Gap",
        "InvalidProblem",
        "KeptFile",
        "LeftOver",
        "Limit",
        "Meaning",
    ),
    *("Mentee", "Mentor", "Move", "Need", "Objective", "Pair", "Pin", "Price", "Problem", "Progress"),
    *("Rather", "Rathers", "Receipt", "Recruit"),
    *("Result", "RulesError", "Seat", "Steadiness", "Strike", "Table", "TableError", "UnreadableReceipt"),
    *("UnusableCluster", "UnusableSearch", "Verdict", "check"),
    "fewer_in_words",
    *("left_over_in_words", "pair_among", "pairs_as_csv", "price_in_words", "problem_from_json", "problem_to_json"),
    "rather_each_other",
    *("read_problem", "read_schema", "reason_in_words", "reasons_in_words", "receipt_from_json", "receipt_of"),
    *("recruit_in_words", "solve", "steadiness", "verify", "why_not"),
]


def test_the_public_names_are_these_and_only_these() -> None:
    assert matchengine.__all__ == NAMES
    assert [name for name in NAMES if not hasattr(matchengine, name)] == []


def test_every_public_function_and_class_says_what_it_is_for() -> None:
    promised = [getattr(matchengine, name) for name in NAMES]

    silent = [it for it in promised if inspect.isfunction(it) or inspect.isclass(it) if not it.__doc__]

    assert silent == []


def test_the_engine_brings_in_neither_django_nor_twoway() -> None:
    source = Path(matchengine.__file__).parents[1]
    said = subprocess.run(
        [sys.executable, "-c", "import sys, matchengine.cli; print({'django', 'twoway'} & set(sys.modules))"],
        env={"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout == "set()\n"
