"""Joining a programme, being available, and how many one can mentor."""

from datetime import date, datetime

from django.db import transaction

from twoway.history.actions import record
from twoway.people.models import Membership, Organisation, Person, Programme, Seat


@transaction.atomic
def join_programme(
    *,
    person: Person,
    programme: Programme,
    name: str,
    role: str,
    rhythm_days: int | None,
    by: Person | None,
    now: datetime,
    approved: bool = False,
) -> Membership:
    """Make somebody a member, or a member again; twice is once.

    Where a coordinator `approved` them, that approval is the event; else they joined by themselves.
    """
    membership, new = Membership.objects.get_or_create(
        programme=programme,
        person=person,
        defaults={"name": name, "role": role, "rhythm_days": rhythm_days, "joined_at": now},
    )
    if not new and membership.ended_at is None:
        return membership
    if not new:
        membership.name, membership.role, membership.rhythm_days = name, role, rhythm_days
        membership.available, membership.paused_until, membership.ended_at = True, None, None
        membership.save()
    if not approved:
        record(
            "person.joined",
            by=by or person,
            programme=programme,
            about=f"membership {membership.public_id}",
            concerns=[person.pk],
            now=now,
        )
    return membership


@transaction.atomic
def set_capacity(
    *,
    person: Person,
    organisation: Organisation,
    capacity: int,
    by: Person | None,
    now: datetime,
    programme: Programme | None = None,
    joining: bool = False,
) -> None:
    """Say how many mentees somebody takes in the whole organisation. Nobody loses a mentee by it: seats that
    are taken go when they are freed. The first number of somebody who is `joining` is no change of anything."""
    seats = Seat.objects.with_scope(organisation=organisation).select_for_update(of=("self",)).filter(person=person)
    staying = list(seats.filter(leaving=False).order_by("participation__pk", "pk"))
    before = len(staying)
    if capacity > before:
        back = list(seats.filter(leaving=True).order_by("pk")[: capacity - before])
        for seat in back:
            seat.leaving = False
            seat.save(update_fields=["leaving"])
        missing = capacity - before - len(back)
        Seat.objects.bulk_create(Seat(person=person, organisation=organisation) for _ in range(missing))
    else:
        free = list(seats.filter(leaving=False, participation=None).order_by("-pk")[: before - capacity])
        Seat.objects.with_scope(organisation=organisation).filter(pk__in=[seat.pk for seat in free]).delete()
        still = before - capacity - len(free)
        taken = seats.filter(leaving=False, participation__isnull=False).order_by("-pk")[:still]
        for seat in taken:
            seat.leaving = True
            seat.save(update_fields=["leaving"])
    if capacity != before and not (joining and before == 0):
        record(
            "seats.changed", by=by, organisation=organisation.pk, programme=programme, concerns=[person.pk], now=now,
            before=before, after=capacity,
        )  # fmt: skip


@transaction.atomic
def pause(*, membership: Membership, until: date | None, by: Person, now: datetime) -> None:
    """Make somebody unavailable, until a date or until they say otherwise. Open loops are untouched."""
    membership.available, membership.paused_until = False, until
    membership.save(update_fields=["available", "paused_until"])
    record(
        "person.paused", by=by, programme=membership.programme, about=f"membership {membership.public_id}",
        concerns=[membership.person_id], now=now, until=until.isoformat() if until else None,
    )  # fmt: skip


@transaction.atomic
def come_back(*, membership: Membership, by: Person | None, now: datetime) -> None:
    """Make somebody available again."""
    membership.available, membership.paused_until = True, None
    membership.save(update_fields=["available", "paused_until"])
    record(
        "person.available", by=by, programme=membership.programme, about=f"membership {membership.public_id}",
        concerns=[membership.person_id], now=now,
    )  # fmt: skip
