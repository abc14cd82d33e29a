"""A receipt proves its match, and any change anywhere makes it fail."""

import ast
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matchengine
from matchengine import (
    OBJECTIVES,
    Apart,
    Criterion,
    InvalidProblem,
    Objective,
    Pin,
    Problem,
    Strike,
    UnreadableReceipt,
    problem_from_json,
    problem_to_json,
    read_schema,
    receipt_from_json,
    receipt_of,
    solve,
    verify,
)
from matchengine.canonical import canonical, digest, digest_of_people, people_of
from matchengine.receipt import Receipt, _sealed, settings_digest
from matchengine.rescore import MOST_KEPT, _Known, rows_of
from matchengine.solvers import guided
from tests.engine.problems import by_distance, middling, small_problems


def a_problem() -> Problem:
    """Twelve mentees, four mentors of two seats, a pin, a strike and a keep-apart: some are left over."""
    problem = middling(12, 4)
    return replace(
        problem,
        pins=(Pin("mentee-2", "mentor-1", override=True),),
        strikes=(Strike("mentee-0", "mentor-0"),),
        apart=(Apart("mentee-1", "mentor-3", "organisational"),),
        sources=(("mentees", "0" * 64),),
    )


def wishing(problem: Problem) -> Problem:
    """The same where two have named mentors, and to one of them something matters most."""
    first, second, *others = problem.mentees
    named = {first.id: ("mentor-2", "mentor-1"), second.id: ("mentor-2",)}
    both = [replace(one, answers={**one.answers, "named": named[one.id]}) for one in (first, second)]
    return replace(
        problem,
        mentees=(both[0], replace(both[1], matters_most="Skills"), *others),
        criteria=(*problem.criteria, Criterion("Wishes", "named", "named", weight=6, span=3)),
    )


ASKED: dict[str, dict[str, Any]] = {
    "most_then_best": {},
    "maximin_then_best": {"objective": "maximin_then_best"},
    "stable": {"objective": "stable"},
    "a gap": {"gap": 5, "small": 0},
    "a gap of the total": {"objective": "best_total", "gap": 5, "small": 0},
}
"""What `solve` was asked for; each leaves another kind of proof."""


@pytest.fixture(params=ASKED)
def asked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """One of them, with lists so short that a search can stop early."""
    monkeypatch.setattr(guided, "ROUGH", ())
    monkeypatch.setattr(guided, "FIRST", 1)
    monkeypatch.setattr(guided, "MORE", 1)
    return ASKED[request.param]


@pytest.fixture
def made(asked: dict[str, Any]) -> tuple[Problem, Receipt]:
    problem = a_problem() if "gap" in asked else wishing(a_problem())
    receipt = receipt_of(problem, solve(problem, seed=5, **asked))
    assert (receipt.gap is not None) == ("gap" in asked)
    return problem, receipt


@pytest.mark.row("M-10")
@given(small_problems(), st.sampled_from(OBJECTIVES), st.integers(0, 2**63 - 1))
@settings(max_examples=60, deadline=None)
def test_every_receipt_is_proven_and_survives_being_written_down(
    problem: Problem, objective: Objective, seed: int
) -> None:
    receipt = receipt_of(problem, solve(problem, objective=objective, seed=seed))

    read = receipt_from_json(receipt.to_json())
    again = problem_from_json(problem_to_json(problem))

    assert read == receipt
    assert verify(again, read).faults == ()
    assert verify(problem, receipt).gap == 0 or objective == "stable"


@pytest.mark.row("M-04")
def test_the_same_input_and_seed_give_the_same_bytes_in_any_order(
    made: tuple[Problem, Receipt], asked: dict[str, Any]
) -> None:
    problem, receipt = made
    turned = replace(problem, mentees=problem.mentees[::-1], mentors=problem.mentors[::-1])

    again = solve(turned, seed=5, **asked)
    assert receipt_of(turned, again).to_json() == receipt.to_json()
    assert problem_to_json(turned) == problem_to_json(problem)


def changed_values(item: Any) -> Iterator[tuple[str, Any]]:
    """Each value of a JSON item changed in turn: (where, the whole item with that one changed)."""
    if isinstance(item, dict):
        for key, value in item.items():
            yield from ((f"{key}.{at}", item | {key: other}) for at, other in changed_values(value))
            yield f"-{key}", {name: kept for name, kept in item.items() if name != key}
    elif isinstance(item, list):
        for k, value in enumerate(item):
            yield from ((f"{k}.{at}", [*item[:k], other, *item[k + 1 :]]) for at, other in changed_values(value))
            yield f"-{k}", item[:k] + item[k + 1 :]
        if len(item) > 1 and item[0] != item[1]:
            yield "swap", [item[1], item[0], *item[2:]]
    elif isinstance(item, bool):
        yield "flip", not item
    elif isinstance(item, int):
        yield "+1", item + 1
        yield "-1", item - 1
    else:
        yield "word", f"{item}x"


def is_refused(problem: Problem, text: str) -> bool:
    try:
        return not verify(problem, receipt_from_json(text)).proven
    except UnreadableReceipt:
        return True


@pytest.mark.row("M-10")
def test_any_changed_value_in_a_receipt_is_refused(made: tuple[Problem, Receipt]) -> None:
    problem, receipt = made
    changes = list(changed_values(json.loads(receipt.to_json())))

    accepted = [where for where, content in changes if not is_refused(problem, canonical(content) + "\n")]

    assert len(changes) > 100
    assert accepted == []


@pytest.mark.row("M-10")
def test_a_receipt_of_another_engine_is_named_as_one(made: tuple[Problem, Receipt]) -> None:
    problem, receipt = made
    gap = receipt.gap.asked if receipt.gap else 0
    settings = settings_digest("1.2.0", receipt.objective, receipt.seed, gap)
    older = _sealed(replace(receipt, engine="1.2.0", settings=settings, digest=""))

    verdict = verify(problem, older)

    assert receipt.engine == "1.3.0"
    assert verdict.faults == ("the receipt is of engine 1.2.0, this is 1.3.0.",)


@pytest.mark.row("M-10")
def test_a_change_sealed_anew_is_refused_by_the_proof_itself(made: tuple[Problem, Receipt]) -> None:
    problem, receipt = made
    content = json.loads(receipt.to_json())
    del content["digest"], content["format"]
    accepted = []

    for where, other in changed_values(content):
        try:
            told = receipt_from_json(canonical({"format": "matchengine receipt 1", "digest": "", **other}) + "\n")
        except UnreadableReceipt:
            continue
        if verify(problem, _sealed(told)).proven:
            accepted.append(where)

    assert accepted == []


@pytest.mark.row("M-10")
def test_any_changed_byte_of_a_receipt_is_refused(made: tuple[Problem, Receipt]) -> None:
    problem, receipt = made
    text = receipt.to_json()

    accepted = [
        at
        for at in range(0, len(text), 7)
        if not is_refused(problem, text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :])
    ]

    assert accepted == []
    assert is_refused(problem, text + " ")
    assert is_refused(problem, text.replace(",", ", ", 1))


@pytest.mark.row("M-10")
def test_any_changed_value_in_the_inputs_is_refused(made: tuple[Problem, Receipt]) -> None:
    problem, receipt = made
    changes = list(changed_values(json.loads(problem_to_json(problem))))
    accepted = []

    for where, content in changes:
        try:
            other = problem_from_json(canonical(content) + "\n")
        except InvalidProblem:
            continue
        if other != problem and verify(other, receipt).proven:
            accepted.append(where)

    assert len(changes) > 300
    assert accepted == []


@pytest.mark.row("M-10")
def test_a_worse_match_with_honest_sums_shows_its_gap() -> None:
    problem = by_distance({"amira": 0, "bea": 10}, {"ben": 0, "dan": 50})
    receipt = receipt_of(problem, solve(problem))
    swapped = {"ben": "dan", "dan": "ben"}
    scores = {("amira", "dan"): 50, ("bea", "ben"): 90, ("amira", "ben"): 100, ("bea", "dan"): 60}
    pairs = tuple(
        replace(pair, mentor=swapped[pair.mentor], score=scores[pair.mentee, swapped[pair.mentor]])
        for pair in receipt.pairs
    )

    verdict = verify(problem, _sealed(replace(receipt, pairs=pairs, value=receipt.value - 20)))

    assert (verdict.proven, verdict.gap) == (False, 20)
    assert verdict.faults == ("another match could be worth up to 20 more.",)


@pytest.mark.row("M-10")
def test_a_pair_against_a_rule_is_named() -> None:
    problem = by_distance({"amira": 0}, {"ben": 0})
    receipt = receipt_of(problem, solve(problem))
    apart = replace(problem, apart=(Apart("ben", "amira"),))

    verdict = verify(apart, _sealed(replace(receipt, rules=receipt_of(apart, solve(apart)).rules)))

    assert "amira and ben are paired against a rule." in verdict.faults


@pytest.mark.row("M-10")
def test_the_verifier_shares_no_code_with_solver_or_scores() -> None:
    folder = Path(matchengine.__file__).parent
    seen: set[str] = set()
    waiting = ["verify"]

    while waiting:
        name = waiting.pop()
        seen.add(name)
        tree = ast.parse((folder / f"{name}.py").read_text("utf-8"))
        imports = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        ours = {module.removeprefix("matchengine.") for module in imports if module.startswith("matchengine.")}
        waiting += ours - seen

    assert seen == {"verify", "verdict", "rescore", "reread", "receipt", "canonical", "problem", "result"}


def test_the_published_schema_names_every_field(made: tuple[Problem, Receipt]) -> None:
    content = json.loads(made[1].to_json())
    schema = read_schema()

    sometimes = {"floor": {"higher", "most", "points"}, "gap": {"asked", "points"}, "text": {"checksum", "scorer"}}
    assert set(schema["properties"]) - set(sometimes) == set(schema["required"]) == set(content) - set(sometimes)
    for name, parts in sometimes.items():
        assert set(schema["properties"][name]["required"]) == parts == set(content.get(name, parts))
    for name in ("pairs", "seats", "gains"):
        assert set(schema["properties"][name]["items"]["required"]) == set(content[name][0])


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", '{"format":"matchengine receipt 1"}', "\u0000", "[" * 100_000],
)
def test_what_is_no_receipt_or_problem_is_called_so(text: str) -> None:
    with pytest.raises(UnreadableReceipt):
        receipt_from_json(text)
    with pytest.raises(InvalidProblem):
        problem_from_json(text)


@given(small_problems())
@settings(max_examples=60, deadline=None)
def test_people_are_digested_one_by_one_as_they_are_all_at_once(problem: Problem) -> None:
    for people in (problem, replace(problem, mentees=()), replace(problem, mentors=())):
        assert digest_of_people(people) == digest(people_of(people))


@pytest.mark.row("M-10")
@given(small_problems())
@settings(max_examples=60, deadline=None)
def test_the_verifier_counts_the_same_whether_it_keeps_what_it_counted_or_not(problem: Problem) -> None:
    kept = said(problem)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matchengine.rescore.MOST_KEPT", 20)

        assert said(problem) == kept


def said(problem: Problem) -> list[tuple[str, list[int], list[bool], list[bool]]]:
    return [(row.mentee, row.scores.tolist(), row.forbidden.tolist(), row.firm.tolist()) for row in rows_of(problem)]


@pytest.mark.row("M-10")
def test_what_the_verifier_keeps_is_bounded() -> None:
    known = _Known()
    made: list[int] = []

    def strip(key: int) -> int:
        def make() -> Any:
            made.append(key)
            return np.full(MOST_KEPT // 4, key, dtype=np.uint8)

        return int(known.strip(key, make)[0])

    assert [strip(key) for key in (1, 2, 3, 1, 4, 5, 1, 5)] == [1, 2, 3, 1, 4, 5, 1, 5]
    assert made == [1, 2, 3, 4, 5, 1]
    assert known.size == sum(one.nbytes for one in known.strips.values()) <= MOST_KEPT


def test_the_verifier_tells_how_far_it_is() -> None:
    problem, told = middling(40, 20), []

    verify(problem, receipt_of(problem, solve(problem)), lambda done, total: told.append((done, total)))

    assert told == [(done, 40) for done in range(1, 41)]
