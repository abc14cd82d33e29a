"""A protected trait changes nothing but what a mentee's own stated wish asks of mentors who allowed it."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchengine import Answer, Mentee, Mentor, Problem, Result, Table, receipt_of, solve
from tests.engine.problems import BEST, CRITERIA, options, small_problems

IDENTITY = next(one for one in CRITERIA if one.name == "Identity")
TRAIT = options(("red", "blue", "green"))


def with_identity(problem: Problem) -> Problem:
    return replace(problem, criteria=(*(one for one in problem.criteria if one is not IDENTITY), IDENTITY))


def with_trait(person: Mentee | Mentor, value: Answer) -> Mentee | Mentor:
    return replace(person, answers={**person.answers, "is": value})


def says(person: Mentee | Mentor, field: str) -> bool:
    return person.answers.get(field) == "yes"


def proof(problem: Problem, result: Result) -> dict[str, object]:
    """A receipt without the hash of who took part, and the seal that covers it."""
    receipt = receipt_of(problem, result)
    hashed = {"people", "digest"}
    return {one.name: getattr(receipt, one.name) for one in fields(receipt) if one.name not in hashed}


@pytest.mark.row("M-12")
@settings(max_examples=200, deadline=None)
@given(found=small_problems().map(with_identity), value=TRAIT, data=st.data(), objective=st.sampled_from(BEST))
def test_a_trait_nobody_may_use_changes_nothing(
    found: Problem, value: Answer, data: st.DataObject, objective: str
) -> None:
    """Of a mentee, or of a mentor who has not allowed it: the same pairs, points, causes and proof."""
    mentees, mentors = list(found.mentees), list(found.mentors)
    at = [("mentee", n) for n in range(len(mentees))]
    at += [("mentor", n) for n, one in enumerate(mentors) if not says(one, "allows")]
    if not at:
        return
    side, number = data.draw(st.sampled_from(at))
    if side == "mentee":
        mentees[number] = with_trait(mentees[number], value)  # type: ignore[call-overload]
    else:
        mentors[number] = with_trait(mentors[number], value)  # type: ignore[call-overload]
    flipped = replace(found, mentees=tuple(mentees), mentors=tuple(mentors))

    before = solve(found, objective=objective, seed=3)  # type: ignore[arg-type]
    after = solve(flipped, objective=objective, seed=3)  # type: ignore[arg-type]

    assert after == before
    assert proof(flipped, after) == proof(found, before)


@pytest.mark.row("M-12")
@settings(max_examples=200, deadline=None)
@given(found=small_problems().map(with_identity), value=TRAIT, data=st.data())
def test_an_allowed_trait_changes_points_for_those_alone_who_asked(
    found: Problem, value: Answer, data: st.DataObject
) -> None:
    if not found.mentors:
        return
    mentors = list(found.mentors)
    number = data.draw(st.integers(0, len(mentors) - 1))
    mentors[number] = with_trait(mentors[number], value)  # type: ignore[call-overload]

    before, after = Table(found), Table(replace(found, mentors=tuple(mentors)))

    silent = np.array(
        [n for n, one in enumerate(before.mentees) if not says(one, "asks") or not one.answers.get("wish")], dtype=int
    )
    assert (before.scores(silent) == after.scores(silent)).all()
    everybody = np.arange(len(before.mentees))
    assert (before.allowed(everybody) == after.allowed(everybody)).all()


@pytest.mark.row("M-12")
def test_that_an_asked_for_trait_does_count_shows_the_test_above_could_fail() -> None:
    asking = Mentee("amira", {"wish": ("red",), "asks": "yes"})
    problem = Problem((asking,), (Mentor("ben", {"is": ("red",), "allows": "yes"}),), criteria=(IDENTITY,))
    blue = replace(problem, mentors=(Mentor("ben", {"is": ("blue",), "allows": "yes"}),))

    assert [solve(one).pairs[0].score for one in (problem, blue)] == [100, 0]
