"""What a desk needs of matching: drafts to publish, proposals that run out, people whom no round could place."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

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


def rounds_with_drafts(programme: Programme) -> list[RoundWithDrafts]:
    """Where drafts wait to be published, the newest round first."""
    drafts = Proposal.objects.filter(intake__programme=programme, state=State.DRAFT).filter(end="")
    rows = drafts.values("round__public_id", "round__name").annotate(n=Count("pk")).order_by("-round")
    return [RoundWithDrafts(row["round__public_id"] or "", row["round__name"] or "", row["n"]) for row in rows]


def proposals_running_out(programme: Programme, now: datetime) -> list[Proposal]:
    """Proposals that lapse within two days, between people who are both here; the first to lapse comes first."""
    rows = Proposal.objects.filter(
        _BOTH_HERE, intake__programme=programme, state=State.PUBLISHED, lapses_at__lte=now + SOON
    )
    return list(rows.select_related("mentee__membership", "mentor__membership").order_by("lapses_at", "pk"))


def lapsed_proposals(programme: Programme, now: datetime, placed: Collection[int]) -> list[Proposal]:
    """What lapsed in the last two weeks and left a mentee with nothing: no mentor, no other proposal since."""
    again = Proposal.objects.filter(mentee=OuterRef("mentee"), made_at__gt=OuterRef("made_at"))
    rows = Proposal.objects.filter(
        _HERE, ~Exists(again), intake__programme=programme, state=State.ENDED, end=End.LAPSED,
        ended_at__gte=now - STILL_NEWS,
    ).select_related("mentee__membership", "mentor__membership").order_by("ended_at", "pk")  # fmt: skip
    return [row for row in rows if row.mentee.person_id not in placed]


def unmatched_after_round(programme: Programme, now: datetime, placed: Collection[int]) -> list[LeftOver]:
    """Mentees whom a round of two weeks ago or longer could not place and who still wait, the longest first."""
    proposed = Proposal.objects.filter(mentee=OuterRef("application"), state__in=[State.DRAFT, State.PUBLISHED], end="")
    rows = LeftOver.objects.filter(
        ~Exists(proposed), round__intake__programme=programme, role="mentee", round__state=Round.State.DONE,
        application__membership__available=True, application__membership__ended_at=None,
    ).select_related("round", "application__membership").defer("round__problem", "round__receipt")  # fmt: skip
    first: dict[int, LeftOver] = {}
    for row in rows.order_by("round__finished_at", "pk"):
        first.setdefault(row.application_id, row)
    return [
        row for row in first.values()
        if row.round.finished_at and row.round.finished_at <= now - UNMATCHED_AFTER
        and row.application.person_id not in placed
    ]  # fmt: skip
