"""Wishes as mentees mark them, for the tests."""

from typing import Any

from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from twoway.matching.actions.wish import mark, open_wishes, say_what_matters
from twoway.signup.models import Application, Question


def ask(ground: FieldOfPeople, weight: int = 5) -> None:
    """Open the time for wishes."""
    open_wishes(intake=ground.intake, weight=weight, by=ground.chris, now=NOW)


def wish(mentee: Application, *mentors: Application) -> None:
    for mentor in mentors:
        mark(application=mentee, mentor=mentor, kind="wish", now=NOW)


def rather_not(mentee: Application, mentor: Application) -> None:
    mark(application=mentee, mentor=mentor, kind="not", now=NOW)


def matters(mentee: Application, question: Question | None) -> None:
    say_what_matters(application=mentee, question=question)


def points(round: Any) -> dict[str, list[tuple[str, int, int]]]:
    """Of each pair of a round, by mentee, what each criterion brought of what it could."""
    return {
        row.mentee.name: [(point["label"] or point["id"], point["points"], point["of"]) for point in row.points]
        for row in round.proposals.select_related("mentee").order_by("mentee__name")
    }
