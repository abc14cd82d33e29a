"""From the database to the round: a protected trait changes nothing, but for the mentee who asked and was allowed."""

from random import Random
from typing import Any

import pytest

from matchengine import Table
from tests import factories
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from twoway.matching.models import LeftOver, Proposal, Round
from twoway.matching.prepare import problem_for
from twoway.signup.models import Answer, Application

SKILLS, COLOURS = ("finance", "writing", "speaking", "strategy"), ("red", "blue")


def gathered(ground: FieldOfPeople, draw: Random, wishes: bool) -> tuple[list[Application], list[Application]]:
    """Mentors and mentees with traits of both sorts: one that wishes may name, and one that nothing uses."""
    form = ground.questions["offers"].form
    options = [{"key": one, "label": one.title(), "retired": False} for one in COLOURS]
    ground.questions["own"] = factories.question(
        form, "Something else about me", "single", options=options, protected=True, use="off", audience="matching"
    )
    mentors = [
        ground.mentor(
            f"Mentor {n}", capacity=draw.choice([1, 2]), offers=draw.sample(SKILLS, 2), trait=[draw.choice(COLOURS)],
            own=draw.choice(COLOURS),
        )
        for n in range(6)
    ]  # fmt: skip
    mentees = []
    for n in range(10):
        said: dict[str, Any] = {"wants": draw.sample(SKILLS, 2), "own": draw.choice(COLOURS)}
        if wishes and n < 3:
            said["wish"] = [draw.choice(COLOURS)]
        mentees.append(ground.mentee(f"Mentee {n}", **said))
    return mentors, mentees


def outcome(round: Round) -> dict[str, Any]:
    """All that a coordinator may read of a round, but for the hash of who took part and the seal that covers it."""
    receipt = {name: value for name, value in (round.receipt or {}).items() if name not in ("people", "digest")}
    drafts = Proposal.objects.filter(round=round).order_by("mentee__public_id")
    left = LeftOver.objects.filter(round=round).order_by("application__public_id", "role")
    return {
        "receipt": receipt, "figures": round.figures,
        "drafts": list(drafts.values("mentee", "mentor", "score", "points", "warnings", "others")),
        "left": list(left.values("application", "role", "cause", "facts")),
    }  # fmt: skip


def flip(application: Application, ground: FieldOfPeople, key: str) -> None:
    row = Answer.objects.get(application=application, question=ground.questions[key])
    several = isinstance(row.value, list)
    turned = COLOURS[1 - COLOURS.index(row.value[0] if several else row.value)]
    Answer.objects.filter(pk=row.pk).update(value=[turned] if several else turned)


@pytest.mark.row("M-12")
@pytest.mark.parametrize("seed", range(4))
def test_a_trait_that_nobody_asked_for_changes_nothing(ground: FieldOfPeople, seed: int) -> None:
    draw = Random(seed)
    mentors, mentees = gathered(ground, draw, wishes=False)
    before = outcome(ground.run())

    for who in (draw.choice(mentors), draw.choice(mentees)):
        flip(who, ground, "own")
    flip(draw.choice(mentors), ground, "trait")

    assert len(before["drafts"]) > 3
    assert outcome(ground.run(name="Round 2")) == before


@pytest.mark.row("M-12")
@pytest.mark.parametrize("seed", range(4))
def test_a_trait_somebody_asked_for_changes_points_for_them_alone(ground: FieldOfPeople, seed: int) -> None:
    draw = Random(seed)
    mentors, mentees = gathered(ground, draw, wishes=True)
    round = ground.run()
    before = Table(problem_for(round, NOW).problem)

    flip(draw.choice(mentors), ground, "trait")
    flip(draw.choice(mentees), ground, "own")

    after = Table(problem_for(round, NOW).problem)
    changed = {
        mentee.public_id
        for mentee in mentees
        for mentor in mentors
        if before.pair(mentee.public_id, mentor.public_id) != after.pair(mentee.public_id, mentor.public_id)
    }
    assert changed == {mentee.public_id for mentee in mentees[:3]}


@pytest.mark.row("M-12")
def test_a_trait_that_nothing_uses_does_not_reach_the_engine(ground: FieldOfPeople) -> None:
    mentors, mentees = gathered(ground, Random(1), wishes=False)
    unused = ground.questions["own"].public_id

    problem = problem_for(ground.run(), NOW).problem

    assert [one for one in (*problem.mentees, *problem.mentors) if unused in one.answers] == []
    assert len(problem.mentees) == len(mentees) and len(problem.mentors) == len(mentors)
