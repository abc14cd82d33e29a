"""What a coordinator does to drafts. Nobody else is told of any of it until they are published."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction

from twoway.history.actions import record
from twoway.matching.actions.proposal import locked, put_forward
from twoway.matching.apart import Apart, apart_in
from twoway.matching.models import Proposal, Round, Strike
from twoway.matching.queries.people import people_for
from twoway.matching.queries.proposal import Planned, as_planned
from twoway.people.models import Intake, Person, Seat
from twoway.signup.actions.invitation import send_invitations
from twoway.signup.models import Application

State, End = Proposal.State, Proposal.End
AT_ONCE = 10
"""Pairs that are told while the coordinator waits."""


class Refused(Exception):
    """A draft cannot be what was asked for; the word says why: apart, line, draft, taken, changed."""


@dataclass
class Fit:
    """What the engine says of a pair: score, points, rules nearly broken, other candidates."""

    score: int
    points: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, str]] = field(default_factory=list)
    others: list[list[Any]] = field(default_factory=list)


@transaction.atomic
def draft_by_hand(
    *,
    intake: Intake,
    mentee: Application,
    mentor: Application,
    fit: Fit,
    by: Person,
    now: datetime,
    override: str = "",
    round: Round | None = None,
) -> Proposal:
    """Keep two people as a draft, pinned; of a round where it stands in for one of its own. The reporting line gives
    way to a reason only. Raises Refused."""
    _check_apart(apart_in(intake, [frozenset({mentee.pk, mentor.pk})]), mentee, mentor, override)
    if Proposal.objects.filter(mentee=mentee, state=State.PUBLISHED).exists():
        raise Refused("taken")
    Proposal.objects.filter(intake=intake, mentee=mentee, state=State.DRAFT).delete()
    Strike.objects.filter(intake=intake, mentee=mentee, mentor=mentor).delete()
    draft = Proposal.objects.create(
        intake=intake, round=round, mentee=mentee, mentor=mentor, by=by, made_at=now, pinned=True,
        override=override.strip(), score=fit.score, points=fit.points, warnings=fit.warnings,
        others=fit.others,
    )  # fmt: skip
    _record("proposal.drafted", draft, by, now, excepted=bool(override.strip()))
    return draft


def _check_apart(apart: Apart, mentee: Application, mentor: Application, override: str) -> None:
    if mentee.pk == mentor.pk or apart.is_firm(mentee, mentor):
        raise Refused("apart")
    if apart.is_in_line(mentee, mentor) and not override.strip():
        raise Refused("line")


@transaction.atomic
def pin_draft(*, proposal: Proposal, pinned: bool, by: Person, now: datetime) -> None:
    """Keep a draft as it is in every run that follows, or let it go again. Raises Refused."""
    row = _draft(proposal)
    row.pinned = pinned
    row.save(update_fields=["pinned"])
    _record("proposal.pinned" if pinned else "proposal.unpinned", row, by, now)


@transaction.atomic
def dismiss_draft(*, proposal: Proposal, by: Person, now: datetime) -> None:
    """Set a draft aside and do not propose the two again in this intake's runs. Tells nobody. Raises Refused."""
    row = _draft(proposal)
    Strike.objects.get_or_create(
        intake=row.intake, mentee=row.mentee, mentor=row.mentor, defaults={"by": by, "at": now}
    )
    row.state, row.end, row.ended_at = State.ENDED, End.DISMISSED, now
    row.save(update_fields=["state", "end", "ended_at"])
    _record("proposal.dismissed", row, by, now)


@transaction.atomic
def restore_draft(*, proposal: Proposal, by: Person, now: datetime) -> None:
    """Take a dismissal back. Raises Refused where the mentee has another draft by now."""
    row = locked(proposal)
    if row.state != State.ENDED or row.end != End.DISMISSED:
        raise Refused("draft")
    if Proposal.objects.filter(mentee=row.mentee, state__in=[State.DRAFT, State.PUBLISHED]).exists():
        raise Refused("taken")
    Strike.objects.filter(intake=row.intake, mentee=row.mentee, mentor=row.mentor).delete()
    row.state, row.end, row.ended_at = State.DRAFT, "", None
    row.save(update_fields=["state", "end", "ended_at"])
    _record("proposal.restored", row, by, now)


@transaction.atomic
def swap_mentor(*, proposal: Proposal, mentor: Application, fit: Fit, by: Person, now: datetime) -> None:
    """Give a draft another mentor, and pin it: a choice made by hand stays. Raises Refused."""
    row = _draft(proposal)
    _check_apart(apart_in(row.intake, [frozenset({row.mentee_id, mentor.pk})]), row.mentee, mentor, "")
    before = row.mentor
    row.mentor, row.pinned, row.override = mentor, True, ""
    row.score, row.points, row.warnings, row.others = fit.score, fit.points, fit.warnings, fit.others
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        raise Refused("taken") from fault
    _record("proposal.swapped", row, by, now, before=before.public_id, after=mentor.public_id)


@transaction.atomic
def word_draft(*, proposal: Proposal, words: str, by: Person, now: datetime) -> None:
    """The coordinator's own lines in the letter. Raises Refused once it was published."""
    row = _draft(proposal)
    row.words = words.strip()
    row.save(update_fields=["words"])
    _record("proposal.worded", row, by, now)


def _draft(proposal: Proposal) -> Proposal:
    row = locked(proposal)
    if row.state != State.DRAFT:
        raise Refused("draft")
    if row.mentor_id != proposal.mentor_id:
        raise Refused("changed")
    return row


# --- publishing -------------------------------------------------------------------------------------


@dataclass
class Published:
    """What publishing came to; `held_back` are drafts that stayed drafts, by reason: apart, seat, placed, gone."""

    told: list[Planned] = field(default_factory=list)
    waiting: list[Planned] = field(default_factory=list)
    held_back: list[tuple[Planned, str]] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """Who would hear of whom, as one word: a page says with it what it was drawn from."""
        pairs = sorted((row.pk, row.mentee_id, row.mentor_id) for row in (*self.told, *self.waiting))
        return sha256(repr(pairs).encode()).hexdigest()[:32]


def plan_publishing(intake: Intake, drafts: Collection[Planned], now: datetime) -> Published:
    """What publishing these drafts would do, in their order; it changes nothing."""
    pairs = [frozenset({draft.mentee_id, draft.mentor_id}) for draft in drafts]
    people = people_for(intake, with_expected=True, now=now, full_too=True, only=set().union(*pairs))
    apart = apart_in(intake, pairs)
    room = {offer.application.pk: offer.free for offer in people.mentors}
    free_mentees = {row.pk for row in people.mentees}
    plan = Published()
    for draft in drafts:
        why = _held_back(draft, apart, room, free_mentees)
        if why:
            plan.held_back.append((draft, why))
            continue
        room[draft.mentor_id] -= 1
        free_mentees.discard(draft.mentee_id)
        both_here = draft.mentee_membership and draft.mentor_membership
        (plan.told if both_here else plan.waiting).append(draft)
    return plan


def _held_back(draft: Planned, apart: Apart, room: dict[int, int], free: set[int]) -> str:
    if draft.state != State.DRAFT:
        return "draft"
    two = frozenset({draft.mentee_id, draft.mentor_id})
    if two in apart.firm or (two in apart.line and not draft.override):
        return "apart"
    if draft.mentee_id not in free:
        return "placed"
    if draft.mentor_id not in room:
        return "gone"
    return "" if room[draft.mentor_id] > 0 else "seat"


@transaction.atomic
def publish_drafts(
    *, intake: Intake, drafts: Iterable[Proposal | Planned], by: Person, now: datetime, seen: str = ""
) -> Published:
    """Publish drafts. Members are told at once, of many the rest by the clock within seconds; expected people are
    asked in, and the proposal waits unseen. Raises Refused where the plan is not the one that was `seen`, its mark."""
    wanted = [draft.pk for draft in drafts]
    _one_at_a_time(intake, wanted)
    plan = plan_publishing(intake, as_planned(Proposal.objects.filter(pk__in=wanted, intake=intake)), now)
    if seen not in ("", plan.mark):
        raise Refused("changed")
    out = [row.pk for row in (*plan.told, *plan.waiting)]
    Proposal.objects.filter(pk__in=out).update(state=State.PUBLISHED, published_at=now)
    waiting, told = _rows(intake, plan.waiting), _rows(intake, plan.told[:AT_ONCE])
    for row in waiting:  # concerns nobody yet: it is not seen before both are members
        _record("proposal.published", row, by, now)
    for row in told:
        put_forward(proposal=row, by=by, now=now)
    expected = {side.pk: side for row in waiting for side in (row.mentee, row.mentor) if side.membership_id is None}
    if expected:
        send_invitations(applications=expected.values(), by=by, now=now)
    return plan


def _rows(intake: Intake, planned: list[Planned]) -> list[Proposal]:
    """The rows themselves, in the same order."""
    rows = Proposal.objects.filter(intake=intake).select_related("mentee", "mentor")
    found = rows.in_bulk([one.pk for one in planned])
    for row in found.values():
        row.intake = intake
    return [found[one.pk] for one in planned]


def _one_at_a_time(intake: Intake, wanted: list[int]) -> None:
    """Wait for whoever publishes these drafts or another for the same mentors, in any programme of the organisation:
    only then is it known which seats are free. Always in this order, so that two who wait do not wait for each other.
    """
    drafts = Proposal.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    mentors = sorted(set(drafts.values_list("mentor_id", flat=True)))
    rows = Application.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=mentors).order_by("pk")
    people = sorted({person for person in rows.values_list("person_id", flat=True) if person is not None})
    seats = Seat.objects.with_scope(organisation=intake.programme.organisation).filter(person__in=people)
    list(seats.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def _record(kind: str, row: Proposal, by: Person, now: datetime, **facts: Any) -> None:
    record(kind, by=by, programme=row.intake.programme, about=f"proposal {row.public_id}", now=now, **facts)
