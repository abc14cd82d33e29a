"""Writing to each other."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse

from twoway.history.actions import record
from twoway.loops.models import Loop, Message, Participation
from twoway.loops.queries.loop import hold_loop, ids_in, participations_in, sponsor_of
from twoway.loops.queries.message import message_sent_with, newest_in
from twoway.people.models import Person
from twoway.people.telling import tell


@transaction.atomic
def send_message(
    *,
    loop: Loop,
    body: str,
    by: Person,
    now: datetime,
    quotes: Message | None = None,
    no_hurry: bool = False,
    form_key: str | None = None,
) -> Message:
    """Write a message. The same form sent twice is one message; the letter about it is the clock's.

    Messages of a loop are written one at a time, so that whoever asks for what is newer misses none.
    """
    hold_loop(loop)
    message = Message(loop=loop, by=by, body=body, quotes=quotes, no_hurry=no_hurry, at=now, form_key=form_key)
    try:
        with transaction.atomic():
            message.save()
    except IntegrityError:
        sent = message_sent_with(by, form_key) if form_key else None
        if sent is None:
            raise
        return sent
    note_contact(loop, now)
    _record("message.sent", message, by, now)
    return message


@transaction.atomic
def edit_message(*, message: Message, body: str, by: Person, now: datetime) -> None:
    """Change one's own words; the page says that they were changed."""
    if body == message.body:
        return
    message.body, message.edited_at = body, now
    message.save(update_fields=["body", "edited_at"])
    _record("message.edited", message, by, now)


@transaction.atomic
def withdraw_message(*, message: Message, by: Person, now: datetime) -> None:
    """Take one's own words back: they are gone from the database too, and their place says so."""
    message.body, message.withdrawn_at = "", now
    message.save(update_fields=["body", "withdrawn_at"])
    _record("message.withdrawn", message, by, now)


def mark_read(*, participation: Participation, up_to: int) -> None:
    """Note how far somebody has read. It is never shown to anybody else."""
    if up_to > participation.read_up_to:
        participation.read_up_to = up_to
        participation.save(update_fields=["read_up_to"])


@transaction.atomic
def tell_of_messages(*, participation: Participation, now: datetime) -> None:
    """One letter about waiting messages, until they are read. It holds none of their words."""
    newest = newest_in(participation.loop)
    sender = next((one for one in participations_in(participation.loop) if one.pk != participation.pk), None)
    participation.told_up_to = newest
    participation.save(update_fields=["told_up_to"])
    if sender is None:
        return
    loop = participation.loop
    tell(
        participation.person, "loops.message_waiting", key=f"messages {loop.public_id} {participation.pk} {newest}",
        url=reverse("loops:loop", args=[loop.public_id]) + "#conversation", facts={"other": sender.name},
        programme=sponsor_of(loop), now=now,
    )  # fmt: skip


def note_contact(loop: Loop, now: datetime) -> None:
    """Something passed between the two: the card says how long ago, no finer than week or month."""
    loop.last_contact_at = now
    loop.save(update_fields=["last_contact_at"])


def _record(kind: str, message: Message, by: Person, now: datetime) -> None:
    record(kind, by=by, about=f"message {message.public_id}", concerns=ids_in(message.loop), now=now)
