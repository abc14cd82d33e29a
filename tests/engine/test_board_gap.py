"""Boards whose search may stop early: every place is filled as in the best match, and only points may be missing."""

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchengine import Gap, Objective, Pin, Problem, fewer_in_words, receipt_from_json, receipt_of, solve, verify
from matchengine.receipt import ReceiptGap
from matchengine.solvers import guided_boards
from tests.engine.problems import middling, small_problems
from tests.engine.test_boards import BOARDS, a_board_problem, best_boards_by_trying, boards_of, levels_of, wanting
from tests.engine.test_gap import crowded, sealed
from tests.engine.test_keeping import BreaksAfter, Broken


@pytest.fixture(autouse=True)
def _lists_too_short() -> Iterator[None]:
    """Lists that need several rounds, so that there is something to stop."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guided_boards, "ROUGH", ())
        patch.setattr(guided_boards, "FIRST", 1)
        patch.setattr(guided_boards, "MORE", 1)
        patch.setattr("matchengine.solvers.sweep.BLOCK", 2_000)
        yield


@pytest.mark.row("M-10", "M-17")
@given(
    st.one_of(crowded(), small_problems(people=4, mentors=3)),
    st.integers(0, 999),
    st.sampled_from(BOARDS),
    st.sampled_from([0.0001, 1, 10, 40, 100]),
    st.integers(0, 3),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_best_boards_by_trying_everything_are_never_further_away_than_stated(
    problem: Problem, wants: int, objective: Objective, asked: float, seed: int
) -> None:
    problem = wanting(problem, wants, most=2 if len(problem.mentors) > 3 else 3)

    result = solve(problem, objective=objective, seed=seed, gap=asked, small=0)

    levels, total = best_boards_by_trying(problem, objective)
    stated = result.gap.points if result.gap else 0
    assert 0 <= total - result.total <= stated == result.bound - result.value
    assert objective == "best_total" or levels_of(problem, boards_of(result)) == levels
    assert verify(problem, receipt_from_json(receipt_of(problem, result).to_json())).faults == ()
    if result.gap:
        assert result.gap.best == result.total + stated
        assert 100 * stated <= Decimal(str(asked)) * result.gap.best
    else:
        assert result == solve(problem, objective=objective, seed=seed, small=0)


@pytest.mark.row("M-10", "M-17")
@pytest.mark.parametrize("objective", BOARDS)
@pytest.mark.parametrize("seats", [3, 5, 12])
def test_the_wider_the_gap_of_boards_the_sooner_it_stops(objective: Objective, seats: int) -> None:
    problem, rounds, stated = wanting(middling(300, 90, seats=seats), 4), [], []
    best = solve(problem, objective=objective)
    for gap in (0, 0.1, 1, 20):
        told: list[int] = []

        def hear(stage: str, done: int, total: int, told: list[int] = told) -> None:
            if stage == "solving":
                told.append(done)

        result = solve(problem, objective=objective, gap=gap, small=0, progress=hear)

        rounds.append(len(told))
        stated.append(result.gap.points if result.gap else 0)
        assert best.total - result.total <= stated[-1]
        assert levels_of(problem, boards_of(result)) == levels_of(problem, boards_of(best)) or objective != BOARDS[0]
        assert verify(problem, receipt_of(problem, result)).faults == ()
    assert rounds == sorted(rounds, reverse=True)
    assert rounds[-1] < rounds[0]
    assert stated == sorted(stated)
    assert stated[0] == 0 < stated[-1]


@pytest.mark.row("M-04")
@pytest.mark.parametrize("objective", BOARDS)
def test_threads_and_the_order_of_people_change_no_byte_of_boards_with_a_gap(objective: Objective) -> None:
    problem = wanting(middling(200, 60, seats=5), 3)
    shuffled = replace(
        problem,
        mentees=tuple(random.Random(1).sample(problem.mentees, 200)),
        mentors=tuple(random.Random(2).sample(problem.mentors, 60)),
    )

    receipts = [
        receipt_of(one, solve(one, objective=objective, small=0, threads=threads, gap=20))
        for one, threads in ((problem, 1), (problem, 2), (shuffled, 3))
    ]

    assert receipts[0].gap is not None
    assert len({receipt.to_json() for receipt in receipts}) == 1


@pytest.mark.row("M-10")
def test_pins_held_mentors_and_full_ones_count_within_a_gap_of_boards() -> None:
    problem = wanting(middling(300, 90, seats=6), 4)
    mentors = (*problem.mentors[:80], *(replace(one, used=one.capacity) for one in problem.mentors[80:]))
    mentees = (replace(problem.mentees[0], wanted=3, holds=("mentor-7",)), *problem.mentees[1:])
    pin = Pin(mentees[0].id, "mentor-1", override=True)
    pinned = replace(problem, mentees=mentees, mentors=mentors, pins=(pin,))

    result = solve(pinned, gap=20, small=0)

    assert result.gap is not None
    assert (pin.mentee, "mentor-1", True) in {(pair.mentee, pair.mentor, pair.pinned) for pair in result.pairs}
    assert {(seat.places, seat.points) for seat in result.seats} == {(None, None)}
    assert verify(pinned, receipt_of(pinned, result)).faults == ()


@pytest.mark.row("M-10")
def test_the_verifier_says_that_places_are_filled_and_how_many_points_may_be_missing() -> None:
    problem = wanting(middling(300, 90, seats=5), 4)
    result, total = (solve(problem, objective=objective, gap=20, small=0) for objective in BOARDS)

    verdict, other = (verify(problem, receipt_of(problem, one)) for one in (result, total))

    points = result.bound - result.value
    assert result.gap == verdict.within == Gap(200_000, points, result.total + points)
    assert verdict.sentence == (
        f"Proven: {result.placed} of 300 people are placed in {len(result.pairs)} pairs, no match places more or fills "
        f"more places, nobody has a second mentor where somebody else could have a first, every rule and seat is kept, "
        f"and the total of {result.total} points is at most {result.gap.per_cent} % ({points} points) below the best "
        f"possible (the value is {result.value}, the bound {result.bound})."
    )
    assert f" placed in {len(total.pairs)} pairs, every rule and seat is kept, and the total" in other.sentence


@pytest.mark.row("M-10")
def test_a_gap_of_boards_is_of_points_and_never_of_places() -> None:
    problem = a_board_problem()
    receipt = receipt_of(problem, solve(problem))
    fewer = receipt.pairs[1:]
    worth = receipt.value - receipt.pairs[0].score
    for places in range(1, 10):
        value = worth - places * receipt.per_person
        forged = sealed(receipt, pairs=fewer, value=value, gap=ReceiptGap(1_000_000, receipt.bound - value))

        assert not verify(problem, forged).proven
    assert any(
        verify(problem, one).faults[0].startswith("places of more worth could be filled: up to ")
        for places in range(1, 10)
        for value in [worth - places * receipt.per_person]
        for one in [sealed(receipt, pairs=fewer, value=value, gap=ReceiptGap(1_000_000, receipt.bound - value))]
    )


@pytest.mark.row("M-10")
def test_a_gap_of_boards_that_claims_too_much_is_found_out() -> None:
    problem = wanting(middling(300, 90, seats=5), 4)
    receipt = receipt_of(problem, solve(problem, gap=20, small=0))
    assert receipt.gap is not None
    points = receipt.gap.points
    forged = {
        "fewer points": sealed(receipt, gap=ReceiptGap(receipt.gap.asked, points - 1)),
        "a lower bound": sealed(receipt, gap=ReceiptGap(receipt.gap.asked, points - 1), bound=receipt.bound - 1),
        "nearer than it is": sealed(receipt, gap=ReceiptGap(1, points)),
        "none": sealed(receipt, gap=None),
    }

    assert verify(problem, receipt).proven
    assert {name for name, one in forged.items() if verify(problem, one).proven} == set()


def test_with_a_gap_of_the_total_nobody_is_told_that_no_seat_was_left() -> None:
    problem = wanting(middling(300, 90, seats=5), 4)

    exact, near = (solve(problem, objective="best_total", gap=gap, small=0) for gap in (0, 20))

    assert near.gap is not None
    assert {one.is_sure for one in exact.fewer} == {True}
    assert {one.is_sure for one in near.fewer} == {False}
    assert fewer_in_words(near.fewer[0]).endswith("the search stopped before it was sure of the best total.")
    assert {one.cause for one in near.left_over} <= {"gap", "rule", "no_candidate", "no_seat"}


def test_small_boards_are_exact_whatever_gap_is_asked_for() -> None:
    problem = wanting(middling(60, 20, seats=4), 3)

    assert receipt_of(problem, solve(problem, gap=50)) == receipt_of(problem, solve(problem))


@pytest.mark.row("M-17")
def test_a_search_for_boards_that_was_kept_can_be_ended_with_a_gap(tmp_path: Path) -> None:
    problem = wanting(middling(300, 90, seats=5), 4)
    with pytest.raises(Broken):
        solve(problem, small=0, kept=BreaksAfter(tmp_path / "search", 2))

    resumed = solve(problem, small=0, kept=BreaksAfter(tmp_path / "search", 99), gap=20)

    assert resumed.gap is not None
    assert verify(problem, receipt_of(problem, resumed)).faults == ()
