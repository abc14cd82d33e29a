"""Opening a loop, and ending one."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse

from twoway.history.actions import record
from twoway.loops.models import Loop, Participation, Sponsorship
from twoway.loops.queries.loop import (
    free_seats,
    held_loop,
    is_open_between,
    open_sponsorships,
    pair_of,
    participations_in,
    sponsor_of,
)
from twoway.people.models import Intake, Membership, Person, Seat
from twoway.people.telling import tell


class NoSeat(Exception):
    """The mentor has no room that this programme may fill."""


class AlreadyOpen(Exception):
    """The two have a loop of this kind going on."""


@transaction.atomic
def open_loop(
    *,
    mentee: Membership,
    mentor: Membership,
    intake: Intake,
    by: Person | None,
    now: datetime,
    rhythm_days: int | None = None,
    tells: bool = True,
) -> Loop:
    """Open a loop of two, sponsored by an intake, on one of the mentor's seats; both are told, unless the caller has
    more to say to them and tells them itself.

    Raises NoSeat or AlreadyOpen, and then changes nothing. However many ask at once, a seat is given once:
    PostgreSQL lets one at a time past the mentor's rows, SQLite one at a time into an IMMEDIATE transaction,
    and the unique link of a seat stands behind both.
    """
    if mentee.person_id == mentor.person_id or {mentee.programme_id, mentor.programme_id} != {intake.programme_id}:
        raise ValueError("A loop joins two people of the intake's programme.")
    seat = _take_seat(mentor, intake)
    kind = Loop.Kind.ONE_TO_ONE
    if is_open_between(mentee.person, mentor.person, kind):
        raise AlreadyOpen
    if seat is None:
        raise NoSeat
    loop = Loop(
        kind=kind, pair=pair_of(mentee.person, mentor.person), opened_at=now, state_since=now,
        rhythm_days=rhythm_days or mentor.rhythm_days or intake.programme.usual_rhythm_days,
    )  # fmt: skip
    _insert(loop, AlreadyOpen)
    mentor_part = Participation(
        loop=loop, person=mentor.person, name=mentor.name, role=Participation.Role.MENTOR, seat=seat, joined_at=now
    )
    _insert(mentor_part, NoSeat)
    Participation(
        loop=loop, person=mentee.person, name=mentee.name, role=Participation.Role.MENTEE, joined_at=now
    ).save()
    Sponsorship(loop=loop, intake=intake, began_at=now).save()
    record(
        "loop.opened", by=by, programme=intake.programme, about=f"loop {loop.public_id}",
        concerns=[mentee.person_id, mentor.person_id], now=now, intake=intake.public_id,
    )  # fmt: skip
    for member, other in ((mentee, mentor), (mentor, mentee)) if tells else ():
        tell(
            member.person, "loops.loop_opened", key=f"loop-opened {loop.public_id} {member.person.public_id}",
            url=reverse("loops:loop", args=[loop.public_id]), programme=intake.programme, now=now,
            facts={"other": other.name, "programme": intake.programme.name, "first": member is mentee},
        )  # fmt: skip
    return loop


class NotGoingOn(Exception):
    """The loop has ended, or rests."""


@transaction.atomic
def end_loop(*, loop_id: int, by: Person | None, now: datetime) -> None:
    """End a loop at the wish of one of the two: the seat is free at once. The caller tells them.

    `by` is none where the other must not learn who asked.
    """
    loop = held_loop(loop_id)
    if loop is None:
        raise NotGoingOn
    everybody = participations_in(loop)
    for part in everybody:
        part.loop_open, part.sponsored, part.seat, part.ended_at = False, False, None, now
        part.save(update_fields=["loop_open", "sponsored", "seat", "ended_at"])
    programme = sponsor_of(loop)
    for sponsorship in open_sponsorships(loop):
        sponsorship.ended_at = now
        sponsorship.save(update_fields=["ended_at"])
    loop.state, loop.state_since = Loop.State.ENDED, now
    loop.save(update_fields=["state", "state_since"])
    record(
        "loop.ended", by=by, programme=programme, about=f"loop {loop.public_id}",
        concerns=[part.person_id for part in everybody], now=now,
    )  # fmt: skip


def _take_seat(mentor: Membership, intake: Intake) -> Seat | None:
    """Wait for whoever is taking one of the same mentor's seats, then look which is free."""
    organisation = intake.programme.organisation
    mine = Seat.objects.with_scope(organisation=organisation).filter(person=mentor.person_id)
    list(mine.select_for_update().order_by("pk").values_list("pk", flat=True))
    return free_seats(mentor, organisation).first()


def _insert(row: Loop | Participation, refusal: type[Exception]) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as fault:
        raise refusal from fault
