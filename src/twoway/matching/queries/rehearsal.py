"""Rehearsals of a round."""

from django.db.models import QuerySet

from twoway.matching.models import Rehearsal, Round
from twoway.people.models import Intake
from twoway.signup.models import Application


def rehearsals_of(round: Round) -> QuerySet[Rehearsal]:
    """The newest first; what they found is left in the database."""
    return Rehearsal.objects.filter(round=round).defer("found").select_related("by").order_by("-made_at", "-pk")


def rehearsal_in(round: Round, public_id: str) -> Rehearsal | None:
    row = Rehearsal.objects.filter(round=round, public_id=public_id).select_related("by").first()
    if row is not None:
        row.round = round
    return row


def engine_of(round: Round) -> str | None:
    """The engine that worked a round out; None where its problem and receipt are not there any more."""
    kept = Round.objects.filter(pk=round.pk, problem__isnull=False, receipt__isnull=False)
    engine: str | None = kept.values_list("receipt__engine", flat=True).first()
    return engine


def names_of(intake: Intake) -> dict[str, str]:
    """Everybody of an intake by public id, for lists too long to be asked for one by one."""
    return dict(Application.objects.filter(intake=intake).values_list("public_id", "name"))
