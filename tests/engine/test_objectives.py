"""The objectives of the command line: the worst pair lifted first, and pairs that nobody would rather swap."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchengine import Objective, Pin, Problem, receipt_from_json, receipt_of, solve, verify
from matchengine.objectives import Above
from matchengine.receipt import Receipt, ReceiptCover, ReceiptFloor, seal_of
from matchengine.rescore import rows_of
from matchengine.shares import Bools, Ints
from matchengine.solvers.pairs import Scores
from tests.engine.problems import by_distance, middling, small_problems

NEW: tuple[Objective, ...] = ("maximin_then_best", "stable")


def rivals_in(problem: Problem, pairs: dict[str, str]) -> set[tuple[str, str]]:
    """Pairs of people who would both rather have each other; the pinned do not move."""
    pinned = {pin.mentee for pin in problem.pins}
    rows = {row.mentee: row for row in rows_of(problem)}
    ids = [mentor.id for mentor in problem.mentors]
    score = {(who, other): int(rows[who].scores[at]) for who in rows for at, other in enumerate(ids)}
    found = set()
    for at, mentor in enumerate(problem.mentors):
        theirs = [who for who, other in pairs.items() if other == mentor.id]
        moving = [score[who, mentor.id] for who in theirs if who not in pinned]
        room = len(theirs) < mentor.seats
        for who, row in rows.items():
            if who in pinned or row.forbidden[at] or pairs.get(who) == mentor.id:
                continue
            has = score[who, pairs[who]] if who in pairs else -1
            mine = score[who, mentor.id]
            if mine > has and (room or any(mine > one for one in moving)):
                found.add((who, mentor.id))
    return found


@pytest.mark.row("M-03")
def test_the_worst_pair_is_lifted_before_the_total() -> None:
    problem = middling(60, 20, seats=4)

    best = solve(problem)
    lifted = solve(problem, objective="maximin_then_best")

    worst = {one.objective: min(pair.score for pair in one.pairs) for one in (best, lifted)}
    assert worst["most_then_best"] < worst["maximin_then_best"]
    assert (lifted.placed, lifted.total < best.total) == (best.placed, True)
    assert lifted.floor is not None
    assert lifted.floor.points == worst["maximin_then_best"]


def test_a_floor_reads_scores_and_rules_once() -> None:
    class Counted:
        """Two mentees and two mentors, and how often they were read."""

        reads = 0

        def block(self, rows: Ints) -> tuple[Scores, Bools]:
            self.reads += 1
            return np.array([[10, 60], [70, 80]], dtype=np.int16)[rows], np.array([[True, True], [True, False]])[rows]

    counted = Counted()

    scores, allowed = Above(counted, 60).block(np.array([0, 1]))
    alike, _ = Above(counted, 60, all_alike=True).block(np.array([0, 1]))

    assert counted.reads == 2
    assert (scores.tolist(), allowed.tolist()) == ([[10, 60], [70, 80]], [[False, True], [True, False]])
    assert alike.tolist() == [[0, 0], [0, 0]]


@pytest.mark.row("M-03")
def test_a_stable_match_may_place_fewer_and_says_so() -> None:
    problem = by_distance({"amira": 0, "bea": 10}, {"ben": 10, "cai": 40})
    near = solve(problem, objective="stable")

    assert {(pair.mentee, pair.mentor) for pair in near.pairs} == {("bea", "ben"), ("amira", "cai")}
    assert near.total == 160
    assert near.bound == near.per_person * 2 + 160


@given(small_problems(), st.integers(0, 3), st.sampled_from([0, 10**6]))
@settings(max_examples=150, deadline=None)
def test_of_a_stable_match_no_two_would_both_rather_have_each_other(problem: Problem, seed: int, small: int) -> None:
    result = solve(problem, objective="stable", seed=seed, small=small)
    most = solve(problem, seed=seed)

    assert rivals_in(problem, {pair.mentee: pair.mentor for pair in result.pairs}) == set()
    assert result.bound == most.value
    assert result.placed <= most.placed
    for one in result.left_over:
        assert one.cause in ("no_candidate", "rule", "no_seat", "stable")


@pytest.mark.row("M-10")
@pytest.mark.parametrize("objective", NEW)
def test_matrices_and_lists_give_the_same_proof(objective: Objective) -> None:
    problem = middling(120, 40)
    for small in (0, 10**6):
        result = solve(problem, objective=objective, small=small)
        receipt = receipt_from_json(receipt_of(problem, result).to_json())

        assert verify(problem, receipt).faults == ()
        assert verify(problem, receipt).sentence.startswith("Proven")
    assert result.total == solve(problem, objective=objective, small=0).total


def sealed(receipt: Receipt, **changes: object) -> Receipt:
    """A forgery with a digest of its own."""
    forged = replace(receipt, **changes)  # type: ignore[arg-type]
    return replace(forged, digest=seal_of(forged))


@pytest.mark.row("M-10")
def test_a_floor_that_claims_too_little_or_too_much_is_found_out() -> None:
    problem = middling(60, 20)
    receipt = receipt_of(problem, solve(problem, objective="maximin_then_best"))
    floor = receipt.floor
    assert floor is not None
    none = ReceiptCover((), ())
    everybody = ReceiptCover(tuple(one.id for one in problem.mentees), ())
    forged = {
        "lower": ReceiptFloor(floor.points - 1, floor.most, floor.higher),
        "higher": ReceiptFloor(floor.points + 1, floor.most, floor.higher),
        "no cover of all": ReceiptFloor(floor.points, none, floor.higher),
        "no cover of those above": ReceiptFloor(floor.points, floor.most, none),
        "a cover too large": ReceiptFloor(floor.points, floor.most, everybody),
        "all too large": ReceiptFloor(floor.points, ReceiptCover((*everybody.mentees, "zz"), ()), floor.higher),
        "none": None,
    }

    assert verify(problem, receipt).proven
    assert {name for name, one in forged.items() if verify(problem, sealed(receipt, floor=one)).proven} == set()
    assert not verify(problem, sealed(receipt_of(problem, solve(problem)), floor=floor)).proven


@pytest.mark.row("M-10")
def test_a_match_that_is_best_is_not_passed_off_as_stable() -> None:
    problem = middling(60, 20)
    best = receipt_of(problem, solve(problem))
    stable = receipt_of(problem, solve(problem, objective="stable"))

    forged = sealed(stable, pairs=best.pairs, value=best.value)

    assert verify(problem, stable).proven
    assert rivals_in(problem, {pair.mentee: pair.mentor for pair in best.pairs}) != set()
    assert [fault.endswith("would both rather have each other.") for fault in verify(problem, forged).faults][:1] == [
        True
    ]


@pytest.mark.parametrize("objective", NEW)
def test_pins_and_nobody_at_all_are_kept(objective: Objective) -> None:
    problem = by_distance({"amira": 0, "bea": 40}, {"ben": 40, "cai": 100})
    pinned = replace(problem, pins=(Pin("amira", "cai"),))

    result = solve(pinned, objective=objective)

    assert {(pair.mentee, pair.mentor) for pair in result.pairs} == {("amira", "cai"), ("bea", "ben")}
    assert verify(pinned, receipt_of(pinned, result)).proven
    for nobody in (replace(problem, mentees=()), replace(problem, mentors=()), Problem((), ())):
        empty = solve(nobody, objective=objective)
        assert empty.pairs == ()
        assert verify(nobody, receipt_of(nobody, empty)).proven
