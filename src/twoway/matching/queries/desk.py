"""What a desk needs of matching: drafts to publish, proposals that run out, people whom no round could place."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from twoway.matching.models import LeftOver, Proposal, Round
from twoway.people.models import Programme

State, End = Proposal.State, Proposal.End
SOON = timedelta(days=2)
STILL_NEWS = timedelta(days=14)
UNMATCHED_AFTER = timedelta(days=14)
_HERE = Q(mentee__membership=None) | Q(mentee__membership__available=True)
_BOTH_HERE = _HERE & (Q(mentor__membership=None) | Q(mentor__membership__available=True))


@dataclass(frozen=True)
class RoundWithDrafts:
    """A round whose drafts wait for a coordinator; `public_id` is empty for drafts made by hand."""

    public_id: str
    name: str
    drafts: int


@dataclass(frozen=True)
class Waiting:
    """The proposals of a programme that need somebody, as one look finds them: what is none need not be asked for."""

    drafts: dict[int | None, int]  # how many, by round
    running_out: bool
    lapsed: bool


def waiting_in(programme: Programme, now: datetime) -> Waiting:
    """Drafts that nobody has set aside, and whether any proposal may be among those that run out or ran out."""
    draft, running_out = Q(state=State.DRAFT, end=""), Q(state=State.PUBLISHED, lapses_at__lte=now + SOON)
    lapsed = Q(state=State.ENDED, end=End.LAPSED, ended_at__gte=now - STILL_NEWS)
    rows = Proposal.objects.filter(
        draft | running_out | lapsed, intake__programme=programme, state__in=[State.DRAFT, State.PUBLISHED, State.ENDED]
    )
    counts = list(rows.order_by().values_list("state", "round").annotate(n=Count("pk")))
    states = {state for state, _round, _n in counts}
    drafts = {round: n for state, round, n in counts if state == State.DRAFT}
    return Waiting(drafts, State.PUBLISHED in states, State.ENDED in states)


def rounds_with_drafts(drafts: dict[int | None, int]) -> list[RoundWithDrafts]:
    """Where drafts wait to be published: the rounds, the newest first, then those made by hand."""
    ids = [pk for pk in drafts if pk is not None]
    rounds = Round.objects.filter(pk__in=ids).order_by("-pk").values_list("pk", "public_id", "name") if ids else []
    found = [RoundWithDrafts(public_id, name, drafts[pk]) for pk, public_id, name in rounds]
    return [*found, RoundWithDrafts("", "", drafts[None])] if None in drafts else found


def proposals_running_out(programme: Programme, now: datetime) -> list[Proposal]:
    """Proposals that lapse within two days, between people who are both here; the first to lapse comes first. Those
    to which both have said yes do not lapse."""
    yeses = Count("answers", filter=Q(answers__answer="yes"))
    rows = Proposal.objects.annotate(yeses=yeses).filter(
        _BOTH_HERE, intake__programme=programme, state=State.PUBLISHED, lapses_at__lte=now + SOON, yeses__lt=2
    )
    return list(_named(rows).order_by("lapses_at", "pk"))


def lapsed_proposals(programme: Programme, now: datetime, placed: QuerySet[Any, Any]) -> list[Proposal]:
    """What lapsed in the last two weeks and left a mentee with nothing: no mentor, no other proposal since.

    `placed` are the ids of people who have a mentor: that is known elsewhere.
    """
    again = Proposal.objects.filter(mentee=OuterRef("mentee"), made_at__gt=OuterRef("made_at"))
    rows = Proposal.objects.filter(
        _HERE, ~Exists(again), intake__programme=programme, state=State.ENDED, end=End.LAPSED,
        ended_at__gte=now - STILL_NEWS,
    ).exclude(mentee__person__in=placed)  # fmt: skip
    return list(_named(rows).order_by("ended_at", "pk"))


def _named(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Proposals with no more than who the two are, and when."""
    return rows.select_related("mentee", "mentor").only(
        "public_id", "lapses_at", "ended_at", "mentee__public_id", "mentee__name", "mentor__name"
    )


@dataclass(frozen=True)
class Unmatched:
    """Somebody whom a round left over and who still waits."""

    public_id: str
    name: str
    round: str
    since: datetime | None


def unmatched_after_round(programme: Programme, now: datetime, placed: QuerySet[Any, Any]) -> list[Unmatched]:
    """Mentees whom a round of two weeks ago or longer could not place and who still wait, the longest first."""
    over = Round.objects.filter(
        intake__programme=programme, state=Round.State.DONE, finished_at__lte=now - UNMATCHED_AFTER
    )
    rounds = list(over.values_list("pk", flat=True))  # until then there is nobody to look for
    if not rounds:
        return []
    proposed = Proposal.objects.filter(mentee=OuterRef("application"), state__in=[State.DRAFT, State.PUBLISHED], end="")
    rows = LeftOver.objects.filter(
        ~Exists(proposed), round__in=rounds, role="mentee",
        application__membership__available=True, application__membership__ended_at=None,
    ).exclude(application__person__in=placed)  # fmt: skip
    first: dict[str, Unmatched] = {}
    for found in rows.order_by("round__finished_at", "pk").values_list(
        "application__public_id", "application__name", "round__name", "round__finished_at"
    ):
        first.setdefault(found[0], Unmatched(*found))
    return list(first.values())
