"""The match is the best there is, whatever the shape of the problem."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from matchengine import Mentee, Mentor, Objective, Pin, Problem, Strike, Table, solve
from matchengine.solvers.pairs import best_pairs, least_prices, value_of_a_place
from matchengine.why_not import PRICED
from tests.engine.problems import BEST, best_by_trying, by_distance, middling, small_problems


@pytest.mark.row("M-03")
def test_most_then_best_places_one_more_person_at_any_cost() -> None:
    problem = replace(by_distance({"amira": 0, "bea": 100}, {"ben": 0, "cai": 100}), strikes=(Strike("bea", "cai"),))

    most = solve(problem, objective="most_then_best")
    best = solve(problem, objective="best_total")

    assert {(pair.mentee, pair.mentor) for pair in most.pairs} == {("amira", "cai"), ("bea", "ben")}
    assert (most.placed, most.total) == (2, 0)
    assert [(pair.mentee, pair.mentor) for pair in best.pairs] == [("amira", "ben")]
    assert (best.placed, best.total, best.value) == (1, 100, 100)


@pytest.mark.row("M-03")
def test_the_worked_three_by_two_example_has_the_numbers_of_the_manual() -> None:
    problem = by_distance({"amira": 0, "bea": 10, "cora": 40}, {"ben": 0, "dan": 50})

    result = solve(problem)

    assert {(p.mentee, p.mentor, p.score) for p in result.pairs} == {
        ("amira", "ben", 100),
        ("cora", "dan", 90),
    }
    assert result.per_person == 201
    assert result.value == result.bound == 2 * 201 + 190
    assert {seat.mentor: seat.price for seat in result.seats} == {"ben": 291, "dan": 261}
    assert dict(result.gains) == {"amira": 10, "bea": 0, "cora": 30}


@given(small_problems(), st.sampled_from(BEST), st.integers(0, 3))
@settings(max_examples=120, deadline=None)
def test_any_small_problem_is_solved_as_well_as_by_trying_everything(
    problem: Problem, objective: Objective, seed: int
) -> None:
    result = solve(problem, objective=objective, seed=seed)

    assert (result.placed, result.total) == best_by_trying(problem, objective)
    assert result.value == result.bound


@pytest.mark.parametrize("objective", PRICED)
def test_a_middling_problem_has_the_value_scipy_finds(objective: Objective) -> None:
    problem = middling(140, 45, seats=2)
    table = Table(problem)
    worth = table.scoring.scores + value_of_a_place(objective, 140, 90)
    seats = np.repeat(np.where(table.limits.allowed, worth, 0), 2, axis=1)
    rows, columns = linear_sum_assignment(seats, maximize=True)

    result = solve(problem, objective=objective)

    assert result.value == result.bound == int(seats[rows, columns].sum())


def test_more_seats_than_people_are_shown_only_as_far_as_they_are_wanted() -> None:
    problem = by_distance({f"m{k}": k for k in range(40)}, {"near": 20, "far": 100}, seats=1_000_000)

    result = solve(problem)

    assert {pair.mentor for pair in result.pairs} == {"near"}
    assert (result.placed, [seat.price for seat in result.seats]) == (40, [0, 0])


def test_among_equally_good_matches_more_people_are_placed() -> None:
    problem = Problem((Mentee("a"), Mentee("b")), (Mentor("c"), Mentor("d")))

    result = solve(problem, objective="best_total")

    assert (result.placed, result.total) == (2, 0)


@given(small_problems(people=4, mentors=3))
@settings(max_examples=30, deadline=None)
def test_one_more_seat_brings_exactly_its_price(problem: Problem) -> None:
    result = solve(problem)
    before = {mentor.id: mentor for mentor in problem.mentors}

    for seat in result.seats:
        mentor = before[seat.mentor]
        wider = replace(mentor, capacity=max(mentor.capacity, mentor.used) + 1)
        others = tuple(wider if other is mentor else other for other in problem.mentors)
        after = solve(replace(problem, mentors=others))
        assert (after.placed - result.placed, after.total - result.total) == (seat.places, seat.points)


@pytest.mark.row("M-04")
@given(small_problems(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_rows_changes_nothing(problem: Problem, chance: object) -> None:
    def shuffled(items: tuple[object, ...]) -> tuple[object, ...]:
        mixed = list(items)
        chance.shuffle(mixed)
        return tuple(mixed)

    names = ("mentees", "mentors", "apart", "pins", "strikes")
    other = replace(problem, **{name: shuffled(getattr(problem, name)) for name in names})

    assert solve(other, seed=7) == solve(problem, seed=7)


@pytest.mark.row("M-04")
def test_ties_are_a_lottery_of_the_seed_and_not_of_names() -> None:
    problem = Problem(tuple(Mentee(f"m{k}") for k in range(6)), (Mentor("only"),))

    winners = {solve(problem, seed=seed).pairs[0].mentee for seed in range(60)}

    assert winners == {f"m{k}" for k in range(6)}


def test_a_pin_is_kept_and_takes_its_seat() -> None:
    problem = replace(by_distance({"amira": 0, "bea": 10}, {"ben": 0, "dan": 100}), pins=(Pin("bea", "ben"),))

    result = solve(problem)

    assert {(p.mentee, p.mentor, p.pinned) for p in result.pairs} == {
        ("bea", "ben", True),
        ("amira", "dan", False),
    }
    assert result.value == result.bound


def test_used_seats_are_not_given_again() -> None:
    problem = Problem((Mentee("a"), Mentee("b")), (Mentor("c", capacity=3, used=2), Mentor("d", capacity=1, used=5)))

    result = solve(problem)

    assert (result.placed, {seat.mentor: (seat.seats, seat.taken) for seat in result.seats}) == (
        1,
        {"c": (1, 1), "d": (0, 0)},
    )


def test_a_match_that_is_not_best_finds_no_prices() -> None:
    value = np.array([[5, 0], [0, 5]])

    with pytest.raises(ArithmeticError):
        least_prices(value, np.array([1, 0]))


def test_prices_of_the_solver_beat_every_pair_on_plain_arrays() -> None:
    chance = np.random.default_rng(3)
    scores = chance.integers(0, 101, (60, 20)).astype(np.int16)
    allowed = chance.random((60, 20)) < 0.4
    seats = chance.integers(0, 4, 20)

    match = best_pairs(scores, allowed, seats, 6001)

    assert ((scores + 6001 - match.prices)[allowed] <= np.broadcast_to(match.gains[:, None], (60, 20))[allowed]).all()
