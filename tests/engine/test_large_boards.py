"""Boards beyond one matrix: lists and sweeps find what one matrix finds, with the same proof, and keep no pairs."""

import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchengine import Cancelled, InvalidProblem, Mentee, Mentor, Objective, Pin, Problem, receipt_of, solve, verify
from matchengine.keeping import KeptFile, UnusableSearch
from matchengine.rescore import rows_of
from matchengine.shares import Bools, Ints
from matchengine.solve import Table
from matchengine.solvers import guided_boards, sweep
from matchengine.solvers.board_lists import (
    BoardLists,
    Seated,
    Wants,
    best_boards_on_lists,
    gains_of_boards,
    least_board_prices,
    nearly_best_boards_on_lists,
)
from matchengine.solvers.boards import best_boards, best_gain
from tests.engine.problems import by_distance, middling, small_problems
from tests.engine.test_boards import BOARDS, a_board_problem, best_boards_by_trying, boards_of, levels_of, wanting
from tests.engine.test_keeping import BreaksAfter, Broken


@pytest.fixture
def _lists_too_short() -> Iterator[None]:
    """Lists that need several rounds, and blocks of some rows each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guided_boards, "FIRST", 1)
        patch.setattr(guided_boards, "MORE", 1)
        patch.setattr(guided_boards, "MORE_AT_NOTHING", 2)
        patch.setattr(sweep, "BLOCK", 2_000)
        yield


@pytest.mark.row("M-03", "M-10")
@given(small_problems(people=4, mentors=3), st.integers(0, 999), st.sampled_from(BOARDS), st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_any_small_board_problem_is_solved_as_well_by_lists_and_sweeps(
    problem: Problem, wants: int, objective: Objective, seed: int
) -> None:
    problem = wanting(problem, wants)

    result = solve(problem, objective=objective, seed=seed, small=0)

    matrix = solve(problem, objective=objective, seed=seed)
    levels, total = best_boards_by_trying(problem, objective)
    found = levels_of(problem, boards_of(result))
    assert (result.value, result.total) == (result.bound, total)
    if objective == "most_then_best":
        assert found == levels
    else:
        assert (found[0], sum(found)) == (levels[0], sum(levels))
    assert [(seat.mentor, seat.price) for seat in result.seats] == [(seat.mentor, seat.price) for seat in matrix.seats]
    assert verify(problem, receipt_of(problem, result)).faults == ()


@pytest.mark.row("M-03", "M-04")
@pytest.mark.parametrize("objective", BOARDS)
@pytest.mark.parametrize("seats", [2, 4, 9])
@pytest.mark.parametrize("rough", [True, False])
def test_lists_of_boards_that_begin_too_short_grow_until_the_proof_closes(
    objective: Objective, seats: int, rough: bool, _lists_too_short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = wanting(middling(200, 60, seats=seats), 5, most=5)
    told: list[float] = []
    if not rough:
        monkeypatch.setattr(guided_boards, "ROUGH", ())

    def hear(stage: str, done: int, total: int) -> None:
        if stage == "solving":
            told.append(done / total)

    result = solve(problem, objective=objective, small=0, progress=hear)

    matrix = solve(problem, objective=objective)
    found, other = levels_of(problem, boards_of(result)), levels_of(problem, boards_of(matrix))
    assert (result.value, result.bound, found[0]) == (matrix.value, matrix.bound, other[0])
    assert (sum(found), result.fewer == () or result.total) == (sum(other), matrix.fewer == () or matrix.total)
    assert [seat.price for seat in result.seats] == [seat.price for seat in matrix.seats]
    assert verify(problem, receipt_of(problem, result)).faults == ()
    assert told == sorted(told)
    assert len(told) > 3 * 6


@pytest.mark.row("M-04")
@pytest.mark.parametrize("objective", BOARDS)
def test_threads_and_the_order_of_people_change_no_byte_of_boards(
    objective: Objective, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = wanting(middling(200, 60, seats=4), 3)
    shuffled = replace(
        problem,
        mentees=tuple(random.Random(1).sample(problem.mentees, 200)),
        mentors=tuple(random.Random(2).sample(problem.mentors, 60)),
    )
    monkeypatch.setattr(sweep, "BLOCK", 1_000)

    written = {
        receipt_of(one, solve(one, objective=objective, small=0, threads=threads)).to_json()
        for one, threads in ((problem, 1), (problem, 2), (problem, 4), (shuffled, 1), (shuffled, 3))
    }

    assert len(written) == 1


@pytest.mark.row("M-04", "M-17")
@pytest.mark.parametrize("objective", BOARDS)
def test_a_run_of_boards_broken_after_each_round_ends_in_the_same_bytes(
    tmp_path: Path, objective: Objective, _lists_too_short: None
) -> None:
    problem, file = wanting(middling(120, 40, seats=5), 2), tmp_path / "search"
    unbroken = receipt_of(problem, solve(problem, objective=objective, small=0)).to_json()
    breaks = 0
    while True:
        try:
            kept = BreaksAfter(file, 1)
            resumed = solve(problem, objective=objective, small=0, kept=kept, threads=1 + breaks % 2)
            break
        except Broken:
            breaks += 1

    assert receipt_of(problem, resumed).to_json() == unbroken
    assert breaks > 4
    kept.remove()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.row("M-04")
def test_a_kept_search_for_boards_is_refused_where_they_are_others_or_it_was_damaged(tmp_path: Path) -> None:
    problem, file = wanting(middling(60, 20, seats=3), 2), tmp_path / "search"
    with pytest.raises(Broken):
        solve(problem, small=0, kept=BreaksAfter(file, 2))
    kept = file.read_bytes()

    with pytest.raises(UnusableSearch, match="was kept of other people"):
        solve(wanting(problem, 3), small=0, kept=KeptFile(file))
    file.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    with pytest.raises(UnusableSearch, match="this is not a kept search, or it was damaged"):
        solve(problem, small=0, kept=KeptFile(file))


def test_a_search_for_boards_can_be_stopped() -> None:
    problem = wanting(middling(40, 20), 1)

    with pytest.raises(Cancelled):
        solve(problem, small=0, progress=lambda stage, done, total: stage != "solving" or done == 0)


@pytest.mark.row("M-10")
def test_a_pin_of_a_board_stays_and_no_pair_is_made_twice_by_sweeps() -> None:
    problem = replace(a_board_problem(), pins=(Pin("amira", "dan"), Pin("amira", "eve")))

    result = solve(problem, small=0)

    assert {(p.mentee, p.mentor, p.pinned) for p in result.pairs} == {
        ("amira", "dan", True),
        ("amira", "eve", True),
        ("cora", "ben", False),
    }
    assert verify(problem, receipt_of(problem, result)).faults == ()


def test_nobody_with_a_place_to_fill_or_no_mentors_at_all_need_no_sweep() -> None:
    full = replace(a_board_problem(), mentees=(Mentee("bea", {"at": 10}, wanted=2, holds=("ben", "zed")),))
    alone = Problem((Mentee("amira", holds=("zed",)), Mentee("bea")), ())

    assert (solve(full, small=0).pairs, solve(full, small=0).placed) == ((), 1)
    assert [one.mentee for one in solve(alone, small=-1).left_over] == ["bea"]


def test_whoever_wants_many_gets_as_many_beside_those_who_want_few() -> None:
    problem = by_distance({f"e{at}": at for at in range(40)}, {f"o{at}": 2 * at for at in range(50)}, seats=2)
    wants = {"e3": 50, "e20": 17, "e21": 3}
    problem = replace(problem, mentees=tuple(replace(one, wanted=wants.get(one.id, 1)) for one in problem.mentees))

    result, matrix = solve(problem, small=0), solve(problem)

    assert (result.value, result.bound) == (matrix.value, matrix.bound)
    assert {who: len(one) for who, one in boards_of(result).items() if who in wants} == {"e3": 43, "e20": 17, "e21": 3}
    assert verify(problem, receipt_of(problem, result)).faults == ()


def test_more_places_than_one_matrix_holds_are_swept(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = wanting(middling(60, 20, seats=3), 2)
    matrix = solve(problem)
    monkeypatch.setattr("matchengine.boards.MOST_CELLS", 60 * 20 - 1)
    monkeypatch.setattr("matchengine.boards.best_boards", None)

    assert solve(problem).value == matrix.value


def test_a_large_table_with_boards_never_keeps_all_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    tables: list[Table] = []

    class Seen(Table):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            tables.append(self)

    monkeypatch.setattr(sys.modules["matchengine.solve"], "Table", Seen)

    solve(wanting(middling(400, 300), 1), small=0)

    (table,) = tables
    assert "scores" not in vars(table.scoring)
    assert "allowed" not in vars(table.limits)


@given(small_problems(), st.integers(0, 999))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_field_without_some_pairs_closes_these_alone(problem: Problem, seed: int) -> None:
    table, chance = Table(problem, small=0), random.Random(seed)
    more = [
        sorted(chance.sample(range(len(table.mentors)), chance.randint(0, len(table.mentors)))) for _ in table.mentees
    ]

    field = table.field.without(more)

    closed = [set(field.closed[one:end].tolist()) for one, end in pairwise(field.first_closed.tolist())]
    before = [set(table.field.closed[one:end].tolist()) for one, end in pairwise(table.field.first_closed.tolist())]
    assert closed == [those | set(others) for those, others in zip(before, more, strict=True)]


def chances(seed: int, rounds: int, part: int = 1) -> Iterator[tuple[Ints, Ints, Wants, Bools]]:
    """Scores, seats, wants, and who is on the lists to begin with."""
    chance = np.random.default_rng(seed)
    for at in range(rounds):
        n, m, levels = int(chance.integers(1, 16)), int(chance.integers(1, 9)), int(chance.integers(1, 5))
        scores = chance.integers(0, chance.choice([2, 9, 101]), (n, m)) * part
        first = chance.integers(0, levels, n)
        places = np.minimum([int(chance.integers(0, levels - one + 1)) for one in first], m)
        worth = part * int(chance.choice([1, 7, 3000])) * (levels - np.arange(levels, dtype=np.int64))
        yield scores, chance.integers(0, 5, m), Wants(places, first, worth), chance.random((n, m)) < 0.05 * (at % 8)


def lists_of(scores: Ints, known: Bools) -> BoardLists:
    start = np.concatenate(([0], np.cumsum(known.sum(axis=1)))).astype(np.int64)
    rows, cols = (side.astype(np.int32) for side in np.nonzero(known))
    return BoardLists(start, rows, cols, scores[known].astype(np.int32))


def grown(lists: BoardLists, before: Seated, known: Bools, more: Bools) -> Seated:
    sits = np.zeros(known.shape, dtype=np.bool_)
    sits[known] = before.sits
    return Seated(sits[known | more], before.prices)


def nobody(lists: BoardLists, mentors: int) -> Seated:
    return Seated(np.zeros(len(lists.cols), dtype=np.bool_), np.zeros(mentors, dtype=np.int64))


def value_of(lists: BoardLists, wants: Wants, seated: Seated) -> int:
    return int(lists.worth[seated.sits].sum()) + wants.worth_of(lists.counted(seated.sits))


def test_boards_begun_from_those_of_shorter_lists_are_as_good_as_on_a_matrix() -> None:
    chance, begun = np.random.default_rng(7), 0
    for scores, seats, wants, known in chances(1, 250):
        worths = [
            wants.levels[first : first + many].tolist()
            for first, many in zip(wants.first.tolist(), wants.places.tolist(), strict=True)
        ]
        match = nobody(lists_of(scores, known), len(seats))
        for share in (0, 0.3, 0.6, 1):
            more = chance.random(known.shape) < share
            lists = lists_of(scores, known | more)
            match, known = grown(lists, match, known, more), known | more
            begun += int(match.sits.sum())

            match = best_boards_on_lists(lists, seats, wants, match)

            matrix = best_boards(scores, known, seats, worths, worths, 1)
            taken = np.bincount(lists.cols[match.sits], minlength=len(seats))
            assert (taken <= seats).all() and (lists.counted(match.sits) <= wants.places).all()
            assert match.prices[taken < seats].sum() == 0 <= match.prices.min()
            gains = gains_of_boards(lists, wants, match)
            assert value_of(lists, wants, match) == int(gains.sum() + (seats * match.prices).sum())
            for i, one in enumerate(worths):
                assert gains[i] == best_gain(scores[i], known[i] & (seats > 0), match.prices, one)
            assert least_board_prices(lists, seats, wants, match.sits).tolist() == matrix.prices.tolist()
    assert begun > 2000


def test_boards_of_many_ties_are_best_from_whatever_prices_their_free_seats_have() -> None:
    chance, filled = np.random.default_rng(11), 0
    for _ in range(150):
        scores, known = 20 * chance.integers(0, 2, (30, 12)), chance.random((30, 12)) < 0.5
        wants = Wants(chance.integers(1, 4, 30), np.zeros(30, dtype=np.int64), np.array([900, 600, 300]))
        seats, lists = chance.integers(1, 7, 12), lists_of(scores, known)
        dear = Seated(
            np.zeros(len(lists.cols), dtype=np.bool_), 20 * chance.integers(0, 3, 12) + chance.choice((0, 600))
        )

        match = best_boards_on_lists(lists, seats, wants, dear)

        taken = np.bincount(lists.cols[match.sits], minlength=12)
        assert (taken <= seats).all() and (lists.counted(match.sits) <= wants.places).all()
        assert match.prices[taken < seats].sum() == 0 <= match.prices.min()
        bound = int(gains_of_boards(lists, wants, match).sum() + (seats * match.prices).sum())
        best = best_boards_on_lists(lists, seats, wants, nobody(lists, 12))
        assert value_of(lists, wants, match) == bound == value_of(lists, wants, best)
        least_board_prices(lists, seats, wants, match.sits)  # raises where they are not best
        filled += int((dear.prices > match.prices).sum())
    assert filled > 200


@pytest.mark.parametrize("steps", [(1,), (7,), (64, 16, 4), (8, 4, 2, 1)])
def test_boards_that_are_nearly_best_are_as_near_as_the_last_step_and_begin_anywhere(
    steps: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = np.random.default_rng(9)
    monkeypatch.setattr("matchengine.solvers.board_lists.MOST_BIDS", 1_000_000)
    for scores, seats, wants, known in chances(2, 150, part=8):
        match = nobody(lists_of(scores, known), len(seats))
        for share in (0, 0.4, 1):
            more = chance.random(known.shape) < share
            lists = lists_of(scores, known | more)
            match, known = grown(lists, match, known, more), known | more

            match = nearly_best_boards_on_lists(lists, seats, wants, match, steps)

            taken = np.bincount(lists.cols[match.sits], minlength=len(seats))
            assert (taken <= seats).all() and (lists.counted(match.sits) <= wants.places).all()
            assert match.prices[taken < seats].sum() == 0
            best = value_of(lists, wants, best_boards_on_lists(lists, seats, wants, nobody(lists, len(seats))))
            value = value_of(lists, wants, match)
            assert best - int(wants.places.sum()) * steps[-1] <= value <= best


def test_bids_for_boards_are_broken_off_where_they_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    # Ten who want two of three seats as much: each bid raises one price by 1 or 2, and a place is worth 1,000.
    scores, seats = np.zeros((10, 3), dtype=np.int64), np.array([1, 1, 1])
    wants = Wants(np.full(10, 2), np.zeros(10, dtype=np.int64), np.array([1000, 500]))
    lists = lists_of(scores, np.full((10, 3), True))

    whole = nearly_best_boards_on_lists(lists, seats, wants, nobody(lists, 3), (1,))
    monkeypatch.setattr("matchengine.solvers.board_lists.MOST_BIDS", 2)
    broken_off = nearly_best_boards_on_lists(lists, seats, wants, nobody(lists, 3), (1,))

    assert (int(whole.sits.sum()), whole.prices.min() >= 1000) == (3, True)
    assert (int(broken_off.sits.sum()), broken_off.prices.max() < 100) == (3, True)


def test_boards_that_are_not_best_have_no_least_prices_on_lists() -> None:
    lists = lists_of(np.array([[5, 1], [1, 5]]), np.full((2, 2), True))
    wants = Wants(np.array([1, 1]), np.array([0, 0]), np.array([9]))

    with pytest.raises(ArithmeticError):
        least_board_prices(lists, np.array([1, 1]), wants, np.array([False, True, True, False]))


def test_places_of_more_levels_than_a_sweep_can_count_are_refused_with_the_limit() -> None:
    problem = by_distance({f"m{k}": 0 for k in range(200)}, {f"n{k}": 0 for k in range(500)}, seats=200)
    many = replace(problem, mentees=tuple(replace(one, wanted=300) for one in problem.mentees))

    said = "60000 places could be filled where somebody wants up to 300 mentors, which is too many: .* 10000000 at most"
    with pytest.raises(InvalidProblem, match=said):
        solve(many)


def test_a_mentor_without_a_seat_has_the_price_that_one_would_be_worth() -> None:
    problem = a_board_problem()
    shut = replace(problem, mentors=(*problem.mentors, Mentor("zoe", {"at": 45}, capacity=1, used=1)))

    result, matrix = solve(shut, small=0), solve(shut)

    prices = {seat.mentor: seat.price for seat in result.seats}
    assert prices == {seat.mentor: seat.price for seat in matrix.seats}
    assert prices["zoe"] > 0
    assert len(list(rows_of(shut))) == 3
