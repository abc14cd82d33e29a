"""Proposals: a coordinator's lists, what waits for somebody, and what the clock finds due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django_scopes import scopes_disabled

from twoway.matching.models import HeldAnswer, Proposal, ProposalAnswer, Round
from twoway.people.models import Intake, Person, Programme
from twoway.signup.models import Application

State, End = Proposal.State, Proposal.End
NOT_FOR_ME_WITHIN = timedelta(days=7)
"""So long after a start for which no yes was asked one may say that it is not right."""
SETTLES_AFTER = timedelta(hours=24)
"""So long a yes recorded by word of mouth can be taken back before it opens a loop."""
TAKEN_BACK_WITHIN = timedelta(hours=1)
"""So long a no can be taken back, and nobody else knows of it."""
AT_ONCE = datetime.min.replace(tzinfo=UTC)
AROUND = ("intake__programme__organisation", "mentee__membership", "mentee__person", "mentor__membership",
          "mentor__person")  # fmt: skip


def proposals_of(programme: Programme) -> QuerySet[Proposal]:
    """Every proposal of a programme, for its coordinators."""
    rows = Proposal.objects.filter(intake__programme=programme).select_related(*AROUND, "round", "loop", "by")
    return rows.defer("round__problem", "round__receipt")  # large, and read by few pages


def proposal_in(programme: Programme, public_id: str) -> Proposal | None:
    return proposals_of(programme).filter(public_id=public_id).first()


def drafts_of(round: Round) -> QuerySet[Proposal]:
    """The drafts of a round that are not dismissed, best fit first."""
    rows = Proposal.objects.filter(round=round).exclude(end=End.DISMISSED)
    return rows.select_related("mentee", "mentor").order_by("-score", "mentee__name", "pk")


def dismissed_in(round: Round) -> QuerySet[Proposal]:
    """What was set aside of a round and can be brought back, by name."""
    rows = Proposal.objects.filter(round=round, state=State.ENDED, end=End.DISMISSED, published_at=None)
    return rows.select_related("mentee", "mentor").order_by("mentee__name", "pk")


SHOWN = ("all", "near", "pinned", "unpublished")
ORDERS = ("best", "lowest")
NEAR = Q(warnings__0__isnull=False)


def shown_of(round: Round, show: str, order: str = "best") -> QuerySet[Proposal]:
    """A round's proposals under one of its filters, best or lowest fit first."""
    rows = drafts_of(round)
    if order == "lowest":
        rows = rows.order_by("score", "mentee__name", "pk")
    if show == "near":
        return rows.filter(NEAR)
    if show == "pinned":
        return rows.filter(pinned=True)
    if show == "unpublished":
        return rows.filter(state=State.DRAFT)
    return rows


def as_listed(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """With no more of each, and of its two people, than a round's page shows: its rows are sorted whole."""
    two = [f"{side}__{name}" for side in ("mentee", "mentor") for name in _OF_A_SIDE]
    return rows.only("intake_id", "round_id", *_OF_A_PAIR, *two)


_OF_A_PAIR = ("public_id", "score", "points", "warnings", "words", "others", "override", "pinned", "state")
_OF_A_SIDE = ("public_id", "name", "state", "person_id", "intake_id")


class Planned(NamedTuple):
    """As much of a draft as publishing asks before anybody is told; rounds have hundreds of them."""

    pk: int
    state: str
    override: str
    mentee_id: int
    mentor_id: int
    mentee_name: str
    mentor_name: str
    mentee_membership: int | None
    mentor_membership: int | None


def as_planned(rows: QuerySet[Proposal]) -> list[Planned]:
    """Drafts in the order in which they are published: what was chosen by hand takes its seat before others."""
    sides = [f"{side}__{name}" for name in ("name", "membership") for side in ("mentee", "mentor")]
    found = rows.select_related(None).order_by("-pinned", "-score", "pk")
    return list(map(Planned._make, found.values_list(*Planned._fields[:5], *sides)))


def hand_drafts_of(programme: Programme) -> QuerySet[Proposal]:
    """Drafts made by hand that no round has taken up yet."""
    return proposals_of(programme).filter(state=State.DRAFT, round=None).order_by("-made_at", "-pk")


def given_of(programme: Programme) -> QuerySet[Proposal]:
    """What was published, the newest first, with both answers."""
    rows = proposals_of(programme).filter(published_at__isnull=False).prefetch_related("answers")
    return rows.order_by("-published_at", "-pk")


@dataclass(frozen=True)
class Standing:
    """How a published proposal stands, as its coordinator sees it: each side's yes, no, or nothing yet."""

    proposal: Proposal
    mentee: ProposalAnswer | None
    mentor: ProposalAnswer | None

    @property
    def opens_at(self) -> datetime | None:
        """When the loop opens by itself: both have said yes, and one was recorded and can still be taken back."""
        said = [answer for answer in (self.mentee, self.mentor) if answer is not None]
        return opens_at(said) if self.proposal.state == State.PUBLISHED else None

    @property
    def unsettled(self) -> list[str]:
        """Whose yes was recorded for them, by name."""
        two = ((self.proposal.mentee, self.mentee), (self.proposal.mentor, self.mentor))
        return [side.name for side, answer in two if answer is not None and answer.by_word_of_mouth]

    @property
    def asks_nobody(self) -> bool:
        """No answer is asked for: its loop began at publishing, or will."""
        row = self.proposal
        if row.told_at is not None:
            return row.lapses_at is None
        return not row.intake.programme.both_say_yes and not row.override

    @property
    def turned_back_until(self) -> datetime | None:
        """While either may still say that a loop which began at publishing is not right for them."""
        return turned_back_until(self.proposal)

    @property
    def unseen(self) -> bool:
        return self.proposal.state == State.PUBLISHED and self.proposal.told_at is None

    @property
    def on_its_way(self) -> bool:
        """Both are members and will be told within seconds."""
        return self.unseen and all(
            side.membership_id is not None for side in (self.proposal.mentee, self.proposal.mentor)
        )


def opens_at(answers: Iterable[ProposalAnswer]) -> datetime | None:
    """From when on two yeses may open a loop; None while one is missing. Only a recorded one waits."""
    yeses = [answer for answer in answers if answer.answer == ProposalAnswer.Answer.YES]
    if len(yeses) < 2:
        return None
    recorded = [answer.at + SETTLES_AFTER for answer in yeses if answer.by_word_of_mouth]
    return max(recorded, default=AT_ONCE)


def standing_of(proposal: Proposal) -> Standing:
    said = {answer.application_id: answer for answer in proposal.answers.all()}
    return Standing(proposal, said.get(proposal.mentee_id), said.get(proposal.mentor_id))


# --- one's own --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """A proposal as one of its two people stands in it. The other's answer is not here; their own is, also while
    nobody else knows of it."""

    proposal: Proposal
    role: str
    me: Application
    other: Application
    mine: ProposalAnswer | HeldAnswer | None

    def is_waiting(self, now: datetime) -> bool:
        """A yes or a no is still taken. A yes may become a no until the loop opens."""
        lapses_at = self.proposal.lapses_at
        return self.proposal.state == State.PUBLISHED and (lapses_at is None or lapses_at > now)

    def has_recorded_yes(self) -> bool:
        """A coordinator wrote down one's yes, and it can still be taken back."""
        recorded = self.mine is not None and self.mine.by_word_of_mouth
        return recorded and self.proposal.state == State.PUBLISHED

    def settles_at(self) -> datetime | None:
        """Until then a yes that a coordinator wrote down opens nothing, unless its owner confirms it."""
        return self.mine.at + SETTLES_AFTER if self.mine is not None and self.has_recorded_yes() else None

    def said_no(self) -> bool:
        return self.mine is not None and self.mine.answer == ProposalAnswer.Answer.NO

    def taken_back_until(self, now: datetime) -> datetime | None:
        """While one's no is in its hour. What became of the proposal meanwhile makes no difference, and is not told."""
        mine = self.mine
        return mine.final_at if isinstance(mine, HeldAnswer) and mine.is_fresh_no(now) else None

    def may_turn_back(self, now: datetime) -> bool:
        """Where the loop began at publishing: within a week of the start one may say that it is not right."""
        until = turned_back_until(self.proposal)
        return until is not None and now < until


def turned_back_until(proposal: Proposal) -> datetime | None:
    """The end of the week after a start for which no yes was asked: such a proposal never had a day to lapse on. What
    the programme's settings say by now makes no difference."""
    if proposal.state != State.OPENED or proposal.lapses_at is not None or proposal.ended_at is None:
        return None
    return proposal.ended_at + NOT_FOR_ME_WITHIN


def proposal_with_id(public_id: str) -> Proposal | None:
    """Any proposal by its id. Finding it gives no right to see it."""
    with scopes_disabled():
        return Proposal.objects.filter(public_id=public_id).select_related(*AROUND, "loop").first()


def side_of(person: Person, proposal: Proposal) -> Side | None:
    """Where a person stands in a proposal that both have been told of; None where they do not."""
    if proposal.told_at is None:
        return None
    two = {"mentee": proposal.mentee, "mentor": proposal.mentor}
    role = next((role for role, row in two.items() if row.person_id == person.pk), None)
    if role is None:
        return None
    me, other = two[role], two["mentor" if role == "mentee" else "mentee"]
    with scopes_disabled():
        mine = HeldAnswer.objects.filter(proposal=proposal, application=me).first()
        said = mine or ProposalAnswer.objects.filter(proposal=proposal, application=me).first()
    return Side(proposal, role, me, other, said)


# --- what is due ------------------------------------------------------------------------------------

_TELLING = ("intake__programme__organisation", "mentee__person", "mentor__person", "mentee__membership",
            "mentor__membership")  # fmt: skip


def due_to_lapse(now: datetime) -> list[Proposal]:
    rows = Proposal.objects.filter(state=State.PUBLISHED, lapses_at__lte=now)
    return list(rows.select_related(*_TELLING).order_by("lapses_at", "pk")[:200])


def due_to_open(now: datetime) -> list[Proposal]:
    """Two yeses, of which at least one was recorded, and the time to take it back is over."""
    recorded = ProposalAnswer.objects.filter(proposal=OuterRef("pk"), by_word_of_mouth=True)
    fresh = recorded.filter(at__gt=now - SETTLES_AFTER)
    rows = Proposal.objects.filter(Exists(recorded), ~Exists(fresh), state=State.PUBLISHED)
    both = rows.annotate(yeses=Count("answers", filter=Q(answers__answer="yes"))).filter(yeses=2)
    return list(both.select_related(*_TELLING).order_by("pk")[:200])


def due_to_end(now: datetime) -> list[Proposal]:
    """A no's hour is over, and no other no of the same proposal is still in its own."""
    over = HeldAnswer.objects.filter(final_at__lte=now)
    fresh = HeldAnswer.objects.filter(proposal=OuterRef("pk"), final_at__gt=now)
    rows = Proposal.objects.filter(~Exists(fresh), pk__in=over.values("proposal"))
    return list(rows.select_related(*_TELLING).order_by("pk")[:200])


def due_to_remind(now: datetime) -> list[Proposal]:
    """Not reminded yet, and as many days out as the programme's reminder says; extended ones are counted back from
    their new end."""
    rows = Proposal.objects.filter(
        state=State.PUBLISHED, told_at__isnull=False, reminded_at=None, lapses_at__gt=now,
        intake__programme__both_say_yes=True,
    ).select_related(*_TELLING)  # fmt: skip
    return [row for row in rows.order_by("lapses_at", "pk") if reminder_at(row) <= now]


def reminder_at(proposal: Proposal) -> datetime:
    programme = proposal.intake.programme
    left = timedelta(days=programme.proposal_days - programme.proposal_reminder_days)
    assert proposal.lapses_at is not None
    return proposal.lapses_at - left


def ready_to_put_forward(now: datetime) -> list[Proposal]:
    """Published, waiting for somebody to join, and now both are members."""
    rows = Proposal.objects.filter(
        state=State.PUBLISHED, told_at=None, mentee__state="joined", mentor__state="joined",
        mentee__membership__ended_at=None, mentor__membership__ended_at=None,
        mentee__person__isnull=False, mentor__person__isnull=False,
    )  # fmt: skip
    return list(rows.select_related(*_TELLING).order_by("pk")[:200])


# --- first next time --------------------------------------------------------------------------------


def first_next_time(intake: Intake) -> set[int]:
    """Applications that were promised to be first: their proposal did not go ahead though not by their own no, and
    nothing has come of another one since."""
    ended = Proposal.objects.filter(
        intake__programme=intake.programme, state=State.ENDED, end__in=[End.NO, End.LAPSED, End.WITHDRAWN, End.FULL],
        told_at__isnull=False,
    )  # fmt: skip
    refused = set(
        ProposalAnswer.objects.filter(proposal__in=ended, answer="no").values_list("application_id", "proposal_id")
    )
    theirs = Q(mentee__in=ended.values("mentee")) | Q(mentee__in=ended.values("mentor"))
    since = dict(
        Proposal.objects.filter(theirs, intake__programme=intake.programme, state=State.OPENED)
        .order_by("ended_at")
        .values_list("mentee_id", "ended_at")
    )
    found = set()
    for pk, mentee, mentor, at in ended.values_list("pk", "mentee_id", "mentor_id", "ended_at"):
        for application in (mentee, mentor):
            opened = since.get(application)
            if (application, pk) not in refused and not (opened and at and opened > at):
                found.add(application)
    return found
