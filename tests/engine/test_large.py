"""The way for large problems finds what the way for small ones finds, without ever keeping all pairs."""

import json
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchengine import OBJECTIVES, Cancelled, InvalidProblem, Objective, Problem, receipt_of, solve, strips, verify
from matchengine.field import Field, field_of
from matchengine.limits import Limits
from matchengine.points import ByRule, BySets, ByTable, ByText
from matchengine.rescore import rows_of
from matchengine.scoring import Scoring
from matchengine.shares import Bools, Ints
from matchengine.solve import Table
from matchengine.solvers import guided
from matchengine.solvers.crew import Threads, Worth
from matchengine.solvers.lists import (
    Lists,
    Matched,
    best_on_lists,
    gains_on_lists,
    least_prices_on_lists,
    nearly_best_on_lists,
)
from matchengine.solvers.pairs import Scores, best_pairs
from matchengine.solvers.sweep import Sweep
from tests.engine.problems import BEST, best_by_trying, middling, small_problems


@given(small_problems(), st.sampled_from(BEST), st.integers(0, 3))
@settings(max_examples=80, deadline=None)
def test_any_problem_is_solved_as_well_by_lists_and_sweeps(problem: Problem, objective: Objective, seed: int) -> None:
    result = solve(problem, objective=objective, seed=seed, small=0)
    matrix = solve(problem, objective=objective, seed=seed)

    assert (result.placed, result.total) == best_by_trying(problem, objective)
    assert result.value == result.bound
    assert [(seat.mentor, seat.price) for seat in result.seats] == [(seat.mentor, seat.price) for seat in matrix.seats]
    assert verify(problem, receipt_of(problem, result)).faults == ()


@given(small_problems())
@settings(max_examples=80, deadline=None)
def test_points_and_rules_are_the_same_with_and_without_tables(problem: Problem) -> None:
    mentees, mentors = problem.mentees, problem.mentors
    scoring = Scoring(problem.criteria, problem.text_cap, mentees, mentors, largest_table=-1)
    limits = Limits(problem, mentees, mentors, largest_table=-1)
    rows = list(rows_of(problem))

    assert not any(isinstance(part, ByTable) for part in scoring.parts)
    assert scoring.scores.tolist() == [row.scores.tolist() for row in rows]
    assert (~limits.allowed).tolist() == [row.forbidden.tolist() for row in rows]
    assert [[scoring.score(i, j) for j in range(len(mentors))] for i in range(len(mentees))] == scoring.scores.tolist()


@given(small_problems(), st.sampled_from([-1, 12_000_000]), st.sampled_from([0, 64_000_000]), st.integers(0, 101))
@settings(max_examples=80, deadline=None)
def test_a_sweep_reads_the_same_points_and_rules_in_strips_and_without(
    problem: Problem, largest_table: int, most_bytes: int, floor: int
) -> None:
    mentees, mentors = problem.mentees, problem.mentors
    scoring = Scoring(problem.criteria, problem.text_cap, mentees, mentors, largest_table=largest_table)
    limits = Limits(problem, mentees, mentors, largest_table=largest_table)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strips, "MOST_BYTES", most_bytes)
        field = field_of(scoring, limits)
    rows, nothing = np.arange(len(mentees)), np.zeros(len(mentors), dtype=np.int64)
    sweep = Sweep(Swept(replace(field, floor=floor)), rows, nothing + 1, Threads(1), lambda done, total: None)

    found = sweep.run(Worth(1, 1), nothing, np.zeros(len(mentees), dtype=np.int64), len(mentors))

    scores = np.where(limits.allowed & (scoring.scores >= floor), scoring.scores, -1)
    pairs = zip(found.rows.tolist(), found.cols.tolist(), found.scores.tolist(), strict=True)
    assert sorted(pairs) == [
        (int(row), int(col), int(scores[row, col])) for row, col in zip(*np.nonzero(scores >= 0), strict=True)
    ]


def test_a_sweep_takes_down_more_for_whoever_has_nothing() -> None:
    table = Table(middling(60, 20), small=0)
    sweep = Sweep(table, np.arange(60), np.full(20, 2), Threads(1), lambda done, total: None)
    prices, gains = np.zeros(20, dtype=np.int64), np.arange(60) % 3 * 30

    found, alike = (sweep.run(Worth(1, 1), prices, gains, 2, at_nothing) for at_nothing in (5, None))

    counts = np.bincount(found.rows, minlength=60)
    assert counts[gains == 0].max() == 5
    assert counts[gains > 0].max() == 2
    assert found.over.tolist() == alike.over.tolist()
    first_two = np.arange(len(found.rows)) - (np.cumsum(counts) - counts)[found.rows] < 2
    for name in ("rows", "cols", "scores"):
        assert getattr(found, name)[first_two].tolist() == getattr(alike, name).tolist()


class Swept:
    """Pairs for sweeps alone."""

    def __init__(self, field: Field) -> None:
        self.field = field

    def block(self, rows: Ints) -> tuple[Scores, Bools]:
        raise NotImplementedError


def test_sets_are_counted_on_bits_and_the_rest_by_its_rule() -> None:
    problem = middling(30, 20)
    scoring = Scoring(problem.criteria, 40, problem.mentees, problem.mentors, largest_table=-1)

    assert [type(part) for part in scoring.parts] == [BySets, BySets, ByRule, ByText]


@pytest.mark.row("M-03")
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_lists_that_begin_too_short_grow_until_the_proof_closes(
    objective: Objective, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = middling(300, 90)
    told: list[tuple[str, int, int]] = []
    monkeypatch.setattr(guided, "FIRST", 2)
    monkeypatch.setattr(guided, "MORE", 1)
    monkeypatch.setattr("matchengine.solvers.sweep.BLOCK", 2_000)

    result = solve(problem, objective=objective, small=0, progress=lambda *said: told.append(said))
    matrix = solve(problem, objective=objective)

    assert (result.value, result.bound) == (matrix.value, matrix.bound)
    assert [(seat.mentor, seat.price) for seat in result.seats] == [(seat.mentor, seat.price) for seat in matrix.seats]
    solving = [done / total for stage, done, total in told if stage == "solving"]
    assert solving == sorted(solving)
    assert len(solving) > 3 * 14


@pytest.mark.row("M-04")
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_threads_and_the_order_of_people_change_no_byte(objective: Objective, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = middling(200, 60)
    shuffled = replace(
        problem,
        mentees=tuple(random.Random(1).sample(problem.mentees, 200)),
        mentors=tuple(random.Random(2).sample(problem.mentors, 60)),
    )
    monkeypatch.setattr("matchengine.solvers.sweep.BLOCK", 1_000)

    written = {
        receipt_of(one, solve(one, objective=objective, small=0, threads=threads)).to_json()
        for one, threads in ((problem, 1), (problem, 2), (problem, 4), (shuffled, 1), (shuffled, 3))
    }

    assert len(written) == 1
    assert json.loads(written.pop())["value"] == solve(problem, objective=objective).value


def test_a_sweep_can_be_stopped_and_a_silly_number_of_threads_is_refused() -> None:
    problem = middling(40, 20)

    with pytest.raises(Cancelled):
        solve(problem, small=0, progress=lambda stage, done, total: stage != "solving")
    with pytest.raises(InvalidProblem):
        solve(problem, threads=0)


def test_lists_and_matrices_agree_on_match_and_least_prices() -> None:
    chance = np.random.default_rng(5)
    for _ in range(150):
        n, m = int(chance.integers(1, 30)), int(chance.integers(1, 12))
        scores = chance.integers(0, chance.choice([3, 8, 101]), (n, m)).astype(np.int16)
        allowed = chance.random((n, m)) < chance.choice([0.2, 0.5, 1])
        seats = chance.integers(0, 4, m)
        per_person = 100 * min(n, int(seats.sum())) + 1
        start = np.concatenate(([0], np.cumsum(allowed.sum(axis=1)))).astype(np.int64)
        lists = Lists(start, np.nonzero(allowed)[1].astype(np.int32), scores[allowed] + np.int32(per_person))

        found = best_on_lists(lists, seats)
        matrix = best_pairs(scores, allowed, seats, per_person)

        least = least_prices_on_lists(lists, seats, found.mentor_of)
        assert least.tolist() == matrix.prices.tolist()
        assert found.prices[seats > 0].tolist() == least[seats > 0].tolist()
        assert (np.bincount(found.mentor_of[found.mentor_of >= 0], minlength=m) <= seats).all()


def test_a_match_begun_from_that_of_shorter_lists_is_as_good() -> None:
    chance = np.random.default_rng(6)
    begun = 0
    for _ in range(300):
        n, m = int(chance.integers(2, 40)), int(chance.integers(1, 12))
        worth = chance.integers(1, chance.choice([4, 9, 101]), (n, m)) + chance.choice([0, 4000])
        seats = chance.integers(0, 5, m)
        known = (chance.random((n, m)) < 0.2) & (seats > 0)
        match = best_on_lists(lists_of(worth, known), seats)
        for share in (0.3, 0.6, 1):
            known |= (chance.random((n, m)) < share) & (seats > 0)
            lists = lists_of(worth, known)

            before, match = match, best_on_lists(lists, seats, match)

            fresh = best_on_lists(lists, seats)
            assert worth_of(worth, match) == worth_of(worth, fresh)
            gains = gains_on_lists(lists, match.prices)
            assert worth_of(worth, match) == int(gains.sum() + (seats * match.prices).sum())
            assert (np.bincount(match.mentor_of[match.mentor_of >= 0], minlength=m) <= seats).all()
            begun += before.mentor_of.tolist() != match.mentor_of.tolist()
    assert begun > 300


@pytest.mark.parametrize("largest", [4, 9, 101])
@pytest.mark.parametrize("steps", [(1,), (7,), (16, 4), (8, 4, 2, 1)])
def test_a_match_that_is_nearly_best_is_as_near_as_its_last_step_and_begins_anywhere(
    largest: int, steps: tuple[int, ...]
) -> None:
    chance = np.random.default_rng([largest, *steps])
    short = 0
    for _ in range(60):
        n, m = int(chance.integers(1, 40)), int(chance.integers(1, 12))
        worth = chance.integers(1, largest, (n, m)) * 8 + int(chance.choice([0, 800]))
        seats = chance.integers(0, 5, m)
        known = (chance.random((n, m)) < 0.3) & (seats > 0)
        match = Matched(np.full(n, -1), np.zeros(m, dtype=np.int64))
        for share in (0, 0.4, 1):
            known |= (chance.random((n, m)) < share) & (seats > 0)
            lists = lists_of(worth, known)

            match = nearly_best_on_lists(lists, seats, match, steps)

            taken = np.bincount(match.mentor_of[match.mentor_of >= 0], minlength=m)
            assert (taken <= seats).all()
            assert match.prices[taken < seats].sum() == 0
            value, bound = worth_of(worth, match), int((seats * match.prices).sum())
            bound += int(gains_on_lists(lists, match.prices).sum())
            best = worth_of(worth, best_on_lists(lists, seats))
            assert best - n * steps[-1] <= bound - n * steps[-1] <= value <= best
            short += value < best
    assert short < 180 if steps[-1] == 1 else short > 0


def test_bids_are_broken_off_where_they_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    # Ten who want two seats as much: each bid raises one price by 1 or 2, and a seat is worth 1,000.
    lists = lists_of(np.full((10, 2), 1000), np.full((10, 2), True))
    seats, nobody = np.array([1, 1]), Matched(np.full(10, -1), np.zeros(2, dtype=np.int64))

    whole = nearly_best_on_lists(lists, seats, nobody, (1,))
    monkeypatch.setattr("matchengine.solvers.lists.MOST_BIDS", 2)
    broken_off = nearly_best_on_lists(lists, seats, nobody, (1,))

    assert (whole.unplaced, whole.prices.tolist()) == (8, [1001, 1000])
    assert (broken_off.unplaced, broken_off.prices.tolist()) == (8, [19, 20])


def lists_of(worth: Ints, known: Bools) -> Lists:
    start = np.concatenate(([0], np.cumsum(known.sum(axis=1)))).astype(np.int64)
    return Lists(start, np.nonzero(known)[1].astype(np.int32), worth[known].astype(np.int32))


def worth_of(worth: Ints, match: Matched) -> int:
    placed = np.flatnonzero(match.mentor_of >= 0)
    return int(worth[placed, match.mentor_of[placed]].sum())


def test_a_match_that_is_not_best_has_no_least_prices_on_lists() -> None:
    cols, worth = np.array([0, 1, 0, 1], dtype=np.int32), np.array([5, 1, 1, 5], dtype=np.int32)
    crossed = Lists(np.array([0, 2, 4]), cols, worth)

    with pytest.raises(ArithmeticError):
        least_prices_on_lists(crossed, np.array([1, 1]), np.array([1, 0]))


def test_a_large_table_never_keeps_all_pairs() -> None:
    table = Table(middling(400, 300), small=0)

    solve(table.problem, small=0)

    assert "scores" not in vars(table.scoring)
    assert "allowed" not in vars(table.limits)
