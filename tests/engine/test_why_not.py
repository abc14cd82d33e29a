"""The price of a pair is what the best match loses when it has to contain that pair."""

import random
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchengine import Mentor, Objective, Pin, Price, Problem, Result, Table, solve, why_not
from matchengine.why_not import PRICED
from tests.engine.problems import by_distance, middling, small_problems


def price_in(problem: Problem, result: Result, mentee: str, mentor: str, small: int = 10**6) -> Price:
    table = Table(problem, result.seed, small=small)
    return why_not(table, {pair.mentee: pair.mentor for pair in result.pairs}, result.objective, mentee, mentor)


def forced(problem: Problem, result: Result, mentee: str, mentor: str) -> Result:
    pins = tuple(pin for pin in problem.pins if pin.mentee != mentee)
    return solve(replace(problem, pins=(*pins, Pin(mentee, mentor))), objective=result.objective, seed=result.seed)


def check_price(problem: Problem, result: Result, price: Price) -> None:
    other = forced(problem, result, price.mentee, price.mentor)
    assert (price.points, price.places) == (result.total - other.total, result.placed - other.placed)
    now = {pair.mentee: pair.mentor for pair in result.pairs}
    assert all(now.get(move.mentee) == move.before for move in price.moves)
    after = now | {move.mentee: move.after for move in price.moves}
    assert after[price.mentee] == price.mentor
    for mentor in problem.mentors:
        assert sum(with_whom == mentor.id for with_whom in after.values()) <= mentor.seats
    table = Table(problem)
    kept = {pin.mentee: pin.mentor for pin in problem.pins if pin.mentee != price.mentee}
    assert {who: after[who] for who in kept} == kept
    for who, with_whom in after.items():
        if with_whom is not None and who not in kept:
            assert table.pair(who, with_whom).bars == ()


@pytest.mark.row("M-06")
@given(small_problems(), st.sampled_from(PRICED), st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_a_price_is_the_difference_of_two_solutions(problem: Problem, objective: Objective, seed: int) -> None:
    result = solve(problem, objective=objective, seed=seed)
    for mentee in problem.mentees:
        for mentor in problem.mentors:
            price = price_in(problem, result, mentee.id, mentor.id)
            if not price.bars and not price.full:
                check_price(problem, result, price)


@pytest.mark.row("M-06")
@pytest.mark.parametrize("objective", PRICED)
@pytest.mark.parametrize("seats", [1, 2, 4])
def test_prices_hold_where_seats_are_short_and_where_there_are_plenty(objective: Objective, seats: int) -> None:
    problem = middling(60, 20)
    problem = replace(problem, mentors=tuple(replace(mentor, capacity=seats) for mentor in problem.mentors))
    result = solve(problem, objective=objective)
    chance = random.Random(seats)
    lost = []
    for _ in range(25):
        mentee, mentor = chance.choice(problem.mentees), chance.choice(problem.mentors)
        price = price_in(problem, result, mentee.id, mentor.id)
        if not price.bars:
            check_price(problem, result, price)
            lost.append((price.places, price.points))

    assert max(lost) > (0, 0)


@pytest.mark.row("M-06")
def test_with_mentors_beyond_counting_the_price_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = middling(40, 15)
    result = solve(problem)
    pairs = [(mentee.id, mentor.id) for mentee in problem.mentees[:6] for mentor in problem.mentors[:5]]
    by_chains = [price_in(problem, result, *pair) for pair in pairs]

    monkeypatch.setattr(sys.modules["matchengine.why_not"], "MOST_MENTORS", 0)
    solved_again = [price_in(problem, result, *pair) for pair in pairs]

    told = [[(one.points, one.places, one.full, one.bars) for one in some] for some in (by_chains, solved_again)]
    assert told[0] == told[1]
    assert max(points for points, *_ in told[0]) > 0


@pytest.mark.row("M-06")
def test_who_moves_is_told_from_her_on() -> None:
    problem = by_distance({"ann": 10, "bea": 20, "cat": 90}, {"xeno": 12, "york": 30, "zoe": 91})
    result = solve(problem)

    price = price_in(problem, result, "cat", "xeno")

    # Ann by way of York and Bea to Zoe costs the same, with one more person moving.
    assert [(move.mentee, move.before, move.after) for move in price.moves] == [
        ("cat", "zoe", "xeno"), ("ann", "xeno", "zoe"),
    ]  # fmt: skip
    check_price(problem, result, price)


@pytest.mark.row("M-06")
def test_a_pair_may_cost_somebody_their_place() -> None:
    problem = by_distance({"ann": 0, "bea": 50}, {"xeno": 0})
    result = solve(problem)
    assert [(pair.mentee, pair.mentor) for pair in result.pairs] == [("ann", "xeno")]

    price = price_in(problem, result, "bea", "xeno")

    assert (price.score, price.points, price.places, price.left_over) == (50, 50, 0, ("ann",))
    assert [(move.mentee, move.before, move.after) for move in price.moves] == [
        ("bea", None, "xeno"), ("ann", "xeno", None),
    ]  # fmt: skip


def test_the_two_who_are_together_cost_nothing_and_a_closed_pair_has_no_price() -> None:
    problem = by_distance({"ann": 0, "bea": 50}, {"xeno": 0, "york": 40})
    problem = replace(problem, pins=(Pin("ann", "xeno"),), mentors=(*problem.mentors, Mentor("zoe", {"at": 1}, 0)))
    result = solve(problem)

    assert price_in(problem, result, "ann", "xeno") == Price("ann", "xeno", 100)
    assert price_in(problem, result, "bea", "xeno").full
    assert price_in(problem, result, "bea", "zoe").full
    assert price_in(problem, result, "ann", "york").points == 100 + 90 - 60 - 50
    with pytest.raises(KeyError):
        price_in(problem, result, "ann", "nobody")


def test_a_match_that_is_not_best_is_refused() -> None:
    problem = by_distance({"ann": 0, "bea": 50, "cat": 70}, {"xeno": 0, "york": 50, "zoe": 70})
    crossed = {"ann": "york", "bea": "xeno", "cat": "zoe"}

    with pytest.raises(ArithmeticError):
        why_not(Table(problem), crossed, "most_then_best", "cat", "xeno")


@pytest.mark.parametrize("objective", PRICED)
def test_a_large_problem_has_the_same_prices(objective: Objective) -> None:
    problem = middling(40, 15)
    result = solve(problem, objective=objective)
    for mentee, mentor in zip(problem.mentees, 3 * problem.mentors, strict=False):
        small = price_in(problem, result, mentee.id, mentor.id)
        large = price_in(problem, result, mentee.id, mentor.id, small=0)

        assert (small.points, small.places, small.bars, small.full) == (
            large.points, large.places, large.bars, large.full,
        )  # fmt: skip
