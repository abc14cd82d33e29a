"""How much of a match stays under small changes of the weights."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchengine import Cancelled, Criterion, Mentee, Mentor, Problem, solve, steadiness
from tests.engine.problems import BEST, middling, small_problems


@pytest.mark.row("M-16")
def test_a_pair_that_hangs_on_one_point_of_weight_is_told_from_one_that_does_not() -> None:
    problem = Problem(
        mentees=(Mentee("amira", {"site": "leeds", "team": "x"}), Mentee("cleo", {"skill": "law"})),
        mentors=(Mentor("ben", {"site": "leeds"}), Mentor("dan", {"team": "x"}), Mentor("eve", {"skill": "law"})),
        criteria=(
            Criterion("Site", "same", "site", weight=5),
            Criterion("Team", "same", "team", weight=4),
            Criterion("Skill", "same", "skill", weight=8),
        ),
    )

    found = steadiness(problem, by=2)

    assert sorted(found.kept) == [("amira", "ben", 4), ("cleo", "eve", 6)]
    assert (found.pairs, found.in_all, found.in_most, found.per_cent) == (2, 1, 2, 50)
    moved = [(change.criterion, change.weight) for change in found.changes if change.kept < 2]
    assert moved == [("Site", 3), ("Team", 6)]


@pytest.mark.row("M-16")
@settings(max_examples=60, deadline=None)
@given(problem=small_problems(), objective=st.sampled_from(BEST), seed=st.integers(0, 3))
def test_it_counts_what_solving_again_by_hand_keeps(problem: Problem, objective: str, seed: int) -> None:
    found = steadiness(problem, objective=objective, seed=seed)  # type: ignore[arg-type]

    base = {(pair.mentee, pair.mentor) for pair in solve(problem, objective=objective, seed=seed).pairs}  # type: ignore[arg-type]
    stay = []
    for criterion in problem.criteria:
        for weight in {criterion.weight - 1, criterion.weight + 1}:
            if criterion.kind != "off" and criterion.weight and 0 <= weight <= 10:
                other = replace(
                    problem,
                    criteria=tuple(
                        replace(one, weight=weight) if one.name == criterion.name else one for one in problem.criteria
                    ),
                )
                again = solve(other, objective=objective, seed=seed)  # type: ignore[arg-type]
                stay.append(base & {(pair.mentee, pair.mentor) for pair in again.pairs})
    assert found.pairs == len(base)
    assert found.in_all == len(base.intersection(*stay))
    assert sorted(change.kept for change in found.changes) == sorted(map(len, stay))
    assert sum(kept for _mentee, _mentor, kept in found.kept) == sum(map(len, stay))


@pytest.mark.row("M-16")
def test_the_lottery_stays_put_where_nothing_changes() -> None:
    problem = Problem(
        mentees=tuple(Mentee(f"mentee-{n}") for n in range(40)),
        mentors=tuple(Mentor(f"mentor-{n}", capacity=2) for n in range(15)),
        criteria=(Criterion("Nobody answered", "same", "site", weight=5),),
    )

    found = steadiness(problem, seed=11)

    assert (found.pairs, found.in_all, found.per_cent) == (30, 30, 100)
    assert steadiness(problem, seed=11) == found


@pytest.mark.row("M-16")
def test_most_of_a_match_of_ordinary_size_survives_a_point_of_weight() -> None:
    problem = middling(120, 40, seats=4)

    found = steadiness(problem, seed=3)

    assert len(found.changes) <= 2 * len(problem.criteria)
    assert found.in_all <= found.in_most <= found.pairs == 120
    assert found == steadiness(replace(problem, mentees=problem.mentees[::-1]), seed=3)
    assert found == steadiness(problem, seed=3, first=solve(problem, seed=3))


@pytest.mark.row("M-16")
def test_it_can_be_stopped_between_two_solutions() -> None:
    told = []

    def stop(done: int, total: int) -> bool:
        told.append((done, total))
        return done < 2

    with pytest.raises(Cancelled):
        steadiness(middling(20, 5), progress=stop)

    assert sorted({done for done, _total in told}) == [0, 1, 2] and told[-1][0] == 2 < told[-1][1]
