"""Pairs who would both rather have each other, against a count written anew."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchengine import InvalidProblem, Mentee, Mentor, Problem, Table, rather_each_other, solve
from tests.engine.problems import BEST, by_distance, middling, small_problems
from tests.engine.test_objectives import rivals_in


@pytest.mark.row("M-15")
def test_two_who_fit_each_other_better_than_what_they_were_given_are_found() -> None:
    problem = by_distance({"amira": 50, "cleo": 40}, {"ben": 48, "dan": 65})
    best = solve(problem)

    found = rather_each_other(Table(problem), best)

    assert {pair.mentee: pair.mentor for pair in best.pairs} == {"amira": "dan", "cleo": "ben"}
    assert (found.pairs, found.mentees, found.mentors) == (1, 1, 1)
    (pair,) = found.first
    assert (pair.mentee, pair.mentor, pair.score, pair.hers, pair.his, pair.gain) == ("amira", "ben", 98, 85, 92, 6)


@pytest.mark.row("M-15")
@settings(max_examples=150, deadline=None)
@given(problem=small_problems(), objective=st.sampled_from(BEST), seed=st.integers(0, 9))
def test_they_are_those_whom_a_count_pair_by_pair_finds(problem: Problem, objective: str, seed: int) -> None:
    match = solve(problem, objective=objective, seed=seed)  # type: ignore[arg-type]

    found = rather_each_other(Table(problem, seed), match, most=100)

    wanted = rivals_in(problem, {pair.mentee: pair.mentor for pair in match.pairs})
    assert {(pair.mentee, pair.mentor) for pair in found.first} == wanted
    assert found.pairs == len(wanted)
    assert found.mentees == len({mentee for mentee, _mentor in wanted})
    assert found.mentors == len({mentor for _mentee, mentor in wanted})


@pytest.mark.row("M-15")
def test_the_first_are_those_who_gain_most_whatever_way_the_problem_is_swept() -> None:
    problem = middling(300, 80, seats=3)
    match = solve(problem, seed=5)

    whole = rather_each_other(Table(problem, 5), match, most=10_000)
    some = rather_each_other(Table(problem, 5), match, most=4)

    assert whole.pairs == len(whole.first) > 4
    gains = [pair.gain for pair in whole.first]
    assert gains == sorted(gains, reverse=True)
    assert some.first == whole.first[:4] and some.pairs == whole.pairs
    assert rather_each_other(Table(problem, 5), solve(problem, objective="stable", seed=5)).pairs == 0


def test_where_somebody_wants_several_mentors_it_is_not_counted() -> None:
    problem = Problem((Mentee("amira", wanted=2),), (Mentor("ben"), Mentor("dan")))

    with pytest.raises(InvalidProblem, match="several mentors"):
        rather_each_other(Table(problem), solve(problem))
