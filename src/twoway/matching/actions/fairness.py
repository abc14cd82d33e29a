"""Looking at a round by a protected trait: asked for, written down, and the same ever after."""

from datetime import datetime

from django.db import transaction

from twoway.history.actions import record
from twoway.matching.groups import counts_unnamed, groups_to_show
from twoway.matching.models import Round
from twoway.matching.queries.fairness import people_by_answer, solved_of, traits_shown
from twoway.people.models import Intake, Person
from twoway.signup.models import Question
from twoway.signup.traits import LEAST_OF_PROTECTED


class NotShown(Exception):
    """The round is not kept whole, or another round of its intake was looked at by this trait."""


@transaction.atomic
def show_trait(*, round: Round, question: Question, by: Person, now: datetime) -> bool:
    """Count who was left over by a protected trait and keep what may be shown; False where that is nothing.

    Only one round of an intake is looked at by a trait, and what was shown stays as it was: two counts that differ by
    one person would tell about that person. Raises NotShown.
    """
    Intake.objects.select_for_update().get(pk=round.intake_id)
    row = Round.objects.select_for_update().defer("problem", "receipt").get(pk=round.pk)
    kept = row.figures.get("traits", {})
    if question.public_id in kept:
        return bool(kept[question.public_id]["rows"])
    solved = solved_of(row)
    if solved is None or question.public_id in traits_shown(row):
        raise NotShown
    groups = groups_to_show(people_by_answer(row, question, solved.mentees), LEAST_OF_PROTECTED)
    counts = counts_unnamed(groups, solved.left, LEAST_OF_PROTECTED) or []
    rows = [
        {"labels": list(group.labels), "low": count.low, "high": count.high, "of": count.of}
        for group, count in zip(groups, counts, strict=False)
    ]
    row.figures = {**row.figures, "traits": {**kept, question.public_id: {"rows": rows, "at": now.isoformat()}}}
    row.save(update_fields=["figures"])
    record(
        "round.shown_by_trait", by=by, programme=round.intake.programme, about=f"round {row.public_id}", now=now,
        question=question.public_id,
    )  # fmt: skip
    return bool(rows)
