"""The mentee's questions: hers until she shares them, and hers afterwards too."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from twoway.history.actions import record
from twoway.loops.actions.message import note_contact
from twoway.loops.models import AgendaItem, Loop, Meeting
from twoway.loops.queries.agenda import OPEN, drafts_in, last_place, neighbour_of, same_item
from twoway.loops.queries.loop import ids_in, participations_in, sponsor_of
from twoway.loops.queries.meeting import last_in, next_in
from twoway.people.models import Person
from twoway.people.telling import tell

State = AgendaItem.State


@transaction.atomic
def add_agenda_item(*, loop: Loop, text: str, by: Person, now: datetime, tried: str = "", plan: str = "") -> AgendaItem:
    """Write a question for the next meeting: a private draft. The same words twice are one item."""
    same = same_item(loop, by, text, OPEN)
    if same is not None:
        return same
    item = AgendaItem(
        loop=loop, owner=by, text=text, tried=tried, plan=plan, first_meeting=next_in(loop, now),
        place=last_place(loop) + 1, made_at=now,
    )  # fmt: skip
    item.save()
    _record("agenda.drafted", item, by, now, concerns=[by.pk])
    return item


@transaction.atomic
def edit_agenda_item(*, item: AgendaItem, text: str, tried: str, plan: str, by: Person, now: datetime) -> None:
    """Change one's own question."""
    item.text, item.tried, item.plan = text, tried, plan
    item.save(update_fields=["text", "tried", "plan"])
    _changed(item, by, now)


@transaction.atomic
def share_agenda(*, loop: Loop, by: Person | None, now: datetime) -> list[AgendaItem]:
    """Share all drafts with the mentor, who is told once; by the clock on the evening before."""
    shared = drafts_in(loop)
    for item in shared:
        item.state, item.shared_at = State.SHARED, now
        item.save(update_fields=["state", "shared_at"])
    if shared:
        note_contact(loop, now)
        _record("agenda.shared", shared[0], by, now, concerns=ids_in(loop))
        _tell_mentors(loop, shared[0].owner, now, key=f"agenda {loop.public_id} {max(item.pk for item in shared)}")
    return shared


@transaction.atomic
def share_agenda_before(*, meeting: Meeting, now: datetime) -> None:
    """The evening before a meeting: drafts go out by themselves, once."""
    meeting.reminder_shared_at = now
    meeting.save(update_fields=["reminder_shared_at"])
    share_agenda(loop=meeting.loop, by=None, now=now)


@transaction.atomic
def share_agenda_item(*, item: AgendaItem, by: Person, now: datetime) -> None:
    """Share one draft."""
    if item.state != State.DRAFT:
        return
    item.state, item.shared_at = State.SHARED, now
    item.save(update_fields=["state", "shared_at"])
    note_contact(item.loop, now)
    _record("agenda.shared", item, by, now, concerns=ids_in(item.loop))
    _tell_mentors(item.loop, item.owner, now, key=f"agenda {item.loop.public_id} {item.pk}")


@transaction.atomic
def tick_agenda_item(*, item: AgendaItem, by: Person, now: datetime) -> None:
    """Mark a question as talked about, at the meeting that was last."""
    item.state = State.DONE
    item.shared_at = item.shared_at or now
    item.meeting = next_in(item.loop, now) if _is_on(item.loop, now) else last_in(item.loop, now)
    item.save(update_fields=["state", "shared_at", "meeting"])
    _changed(item, by, now)


@transaction.atomic
def untick_agenda_item(*, item: AgendaItem, by: Person, now: datetime) -> None:
    """Put a question back on the list."""
    item.state, item.meeting = State.SHARED, None
    item.save(update_fields=["state", "meeting"])
    _changed(item, by, now)


@transaction.atomic
def leave_out_agenda_item(*, item: AgendaItem, by: Person, now: datetime) -> None:
    """Take a question off the list, or leave a suggestion. A draft that nobody saw is gone altogether."""
    _changed(item, by, now)
    if item.state == State.DRAFT:
        item.delete()
        return
    item.state = State.LEFT
    item.save(update_fields=["state"])


@transaction.atomic
def order_agenda_item(*, item: AgendaItem, up: bool, by: Person, now: datetime) -> None:
    """Move a question up or down by one."""
    other = neighbour_of(item, up=up)
    if other is None:
        return
    if item.place == other.place:
        other.place += -1 if up and other.place else 1
    item.place, other.place = other.place, item.place
    item.save(update_fields=["place"])
    other.save(update_fields=["place"])
    _changed(item, by, now)


@transaction.atomic
def suggest_agenda_item(*, loop: Loop, text: str, by: Person, now: datetime) -> AgendaItem | None:
    """Suggest a question to the mentee, who takes or leaves it. The same words twice are one suggestion."""
    mentee = next((one.person for one in participations_in(loop) if one.role == "mentee"), None)
    if mentee is None:
        return None
    same = same_item(loop, mentee, text, (State.SUGGESTED,))
    if same is not None:
        return same
    item = AgendaItem(loop=loop, owner=mentee, suggested_by=by, text=text, state=State.SUGGESTED, made_at=now)
    item.save()
    note_contact(loop, now)
    _record("agenda.suggested", item, by, now, concerns=ids_in(loop))
    return item


@transaction.atomic
def take_suggestion(*, item: AgendaItem, by: Person, now: datetime) -> None:
    """Put a suggestion on one's own list."""
    item.state, item.shared_at = State.SHARED, now
    item.place, item.first_meeting = last_place(item.loop) + 1, next_in(item.loop, now)
    item.save(update_fields=["state", "shared_at", "place", "first_meeting"])
    _changed(item, by, now)


def _is_on(loop: Loop, now: datetime) -> bool:
    coming = next_in(loop, now)
    return coming is not None and coming.starts_at is not None and coming.starts_at <= now


def _tell_mentors(loop: Loop, mentee: Person, now: datetime, *, key: str) -> None:
    everybody = participations_in(loop)
    name = next((one.name for one in everybody if one.person_id == mentee.pk), "")
    for one in everybody:
        if one.person_id != mentee.pk:
            tell(
                one.person, "loops.agenda_shared", key=f"{key} {one.person.public_id}", facts={"other": name},
                url=reverse("loops:agenda", args=[loop.public_id]), programme=sponsor_of(loop), now=now,
            )  # fmt: skip


def _changed(item: AgendaItem, by: Person, now: datetime) -> None:
    """A draft's event is its owner's alone, like the draft."""
    concerns = [item.owner_id] if item.state == State.DRAFT else ids_in(item.loop)
    _record("agenda.changed", item, by, now, concerns=concerns)


def _record(kind: str, item: AgendaItem, by: Person | None, now: datetime, **more: Any) -> None:
    record(kind, by=by, about=f"question {item.public_id}", now=now, **more)
