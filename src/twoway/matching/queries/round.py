"""Rounds and those they could not place."""

import re

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from twoway.matching.models import LeftOver, Proposal, Round
from twoway.people.models import Intake, Programme
from twoway.signup.models import Application


def rounds_of(programme: Programme) -> QuerySet[Round]:
    """The rounds of a programme, the newest first; the large parts of each are left in the database."""
    rows = Round.objects.filter(intake__programme=programme).defer("problem", "receipt")
    return rows.select_related("intake__programme__organisation", "by").order_by("-made_at", "-pk")


def round_in(programme: Programme, public_id: str) -> Round | None:
    rows = rounds_of(programme).select_related(None).select_related("intake", "by")
    found = rows.filter(public_id=public_id).first()
    if found is not None:
        found.intake.programme = programme
    return found


def has_round(intake: Intake, name: str) -> bool:
    """Whether a round of the intake has this name, as of an old page that starts it once more."""
    return Round.objects.filter(intake=intake, name=name).exists()


def next_name(intake: Intake, like: str = "") -> str:
    """A name no round of the intake has yet: Round 3; or, run again under a name of its own, that name and a number."""
    names = list(Round.objects.filter(intake=intake).values_list("name", flat=True))
    usual = [_("Round %(n)s") % {"n": n} for n in range(1, 2 * len(names) + 2)]
    if not like or like in usual:
        return next(name for name in usual[len(names) :] if name not in names)
    own = re.sub(r" \(\d+\)$", "", like)[:70]
    return next(name for n in range(2, len(names) + 3) if (name := f"{own} ({n})") not in names)


def round_kept_whole(proposal: Proposal) -> Round | None:
    """The round of a proposal, while its problem and receipt are there: they go when one of its people is
    forgotten. The problem, the largest part, is read when it is asked for."""
    rows = Round.objects.filter(
        proposals=proposal, state=Round.State.DONE, problem__isnull=False, receipt__isnull=False
    )
    return rows.select_related("intake__programme__organisation").defer("problem").first()


def left_over_in(programme: Programme, round_id: str, application_id: str) -> LeftOver | None:
    """A mentee without a mentor after a finished round of a programme, while its problem and receipt are there."""
    return _left_over_rows(programme, round_id, application_id).first()


def _left_over_rows(programme: Programme, round_id: str, application_id: str) -> QuerySet[LeftOver]:
    rows = LeftOver.objects.filter(
        round__intake__programme=programme, round__public_id=round_id, application__public_id=application_id,
        role="mentee", round__state=Round.State.DONE, round__problem__isnull=False, round__receipt__isnull=False,
    )  # fmt: skip
    rows = rows.select_related("round__intake__programme__organisation", "application__intake", "application__person")
    return rows.defer("round__problem")


def left_over_from(application: Application) -> LeftOver | None:
    """The same for the last finished round of a mentee's intake, where it left them over; without what is
    large in it."""
    rounds = Round.objects.filter(intake=application.intake_id, state=Round.State.DONE).order_by("-made_at", "-pk")
    last = rounds.values_list("public_id", flat=True).first()
    if last is None:
        return None
    rows = _left_over_rows(application.intake.programme, last, application.public_id)
    return rows.defer("round__problem", "round__receipt").first()


def is_kept_whole(round: Round) -> bool:
    """What went into a round and its receipt are there."""
    return Round.objects.filter(pk=round.pk, problem__isnull=False, receipt__isnull=False).exists()


def is_mentor_in(round: Round, application: Application) -> bool:
    """Somebody offered a seat in a round. Its receipt is there."""
    assert round.receipt is not None
    return any(seat["mentor"] == application.public_id for seat in round.receipt["seats"])


def mentors_named(round: Round, words: str) -> list[tuple[str, str]]:
    """The mentors of a round with these words in their name: public id and name, by name. Its receipt is there."""
    assert round.receipt is not None
    there = {seat["mentor"] for seat in round.receipt["seats"]}
    wanted = words.casefold()
    rows = Application.objects.filter(intake=round.intake_id).values_list("public_id", "name")
    found = [(public_id, name) for public_id, name in rows if public_id in there and wanted in name.casefold()]
    return sorted(found, key=lambda one: (one[1].casefold(), one[0]))


def left_over_of(round: Round) -> QuerySet[LeftOver]:
    """Mentees without a mentor after a round; those who were promised to be first are marked elsewhere."""
    rows = LeftOver.objects.filter(round=round, role="mentee").select_related("application")
    rows = rows.only("cause", "facts", "application__public_id", "application__name")
    return rows.order_by("cause", "application__name", "pk")


def spare_of(round: Round) -> QuerySet[LeftOver]:
    """Mentors whom nobody needed in a round."""
    rows = LeftOver.objects.filter(round=round, role="mentor").select_related("application").only("application__name")
    return rows.order_by("application__name", "pk")


def latest_done(programme: Programme) -> Round | None:
    return rounds_of(programme).filter(state=Round.State.DONE).first()


def named_in(programme: Programme, public_ids: list[str]) -> dict[str, Application]:
    """No more than the names of applications of a programme, by their ids."""
    rows = Application.objects.filter(intake__programme=programme, public_id__in=public_ids)
    return {row.public_id: row for row in rows.only("public_id", "name")}


def names_in(programme: Programme, public_ids: list[str]) -> dict[str, Application]:
    """Applications of a programme by their ids, for lists of candidates."""
    rows = Application.objects.filter(intake__programme=programme, public_id__in=public_ids)
    return {row.public_id: row for row in rows.select_related("person", "membership")}
