"""What the loops hold about a person: what is handed over on request, and how it is forgotten."""

from datetime import datetime
from typing import Any

from django.db import transaction

from twoway.loops.queries.personal import (
    answers_by,
    loops_ever_of,
    meetings_in_loops,
    messages_in_loops,
    participations_of,
    questions_by,
    suggestions_by,
)
from twoway.people.models import Person

COLUMNS: dict[str, str] = {
    "Loop.public_id": "participants",
    "Loop.kind": "coordinator",
    "Loop.state": "coordinator",
    "Loop.pair": "system",
    "Loop.rhythm_days": "coordinator",
    "Loop.opened_at": "coordinator",
    "Loop.state_since": "participants",
    "Loop.last_contact_at": "participants",
    "Participation.loop": "coordinator",
    "Participation.person": "coordinator",
    "Participation.name": "coordinator",
    "Participation.role": "coordinator",
    "Participation.seat": "system",
    "Participation.loop_open": "system",
    "Participation.sponsored": "system",
    "Participation.joined_at": "participants",
    "Participation.ended_at": "participants",
    "Participation.read_up_to": "owner",
    "Participation.told_up_to": "owner",
    "Sponsorship.loop": "coordinator",
    "Sponsorship.intake": "coordinator",
    "Sponsorship.began_at": "coordinator",
    "Sponsorship.ended_at": "coordinator",
    "Message.loop": "participants",
    "Message.public_id": "participants",
    "Message.by": "participants",
    "Message.body": "participants",
    "Message.quotes": "participants",
    "Message.no_hurry": "participants",
    "Message.at": "participants",
    "Message.edited_at": "participants",
    "Message.withdrawn_at": "participants",
    "Message.form_key": "system",
    "MeetingSeries.loop": "participants",
    "MeetingSeries.public_id": "participants",
    "MeetingSeries.every_days": "participants",
    "MeetingSeries.time_zone": "participants",
    "MeetingSeries.until": "participants",
    "MeetingSeries.sequence": "system",
    "Meeting.loop": "participants",
    "Meeting.series": "participants",
    "Meeting.public_id": "participants",
    "Meeting.by": "participants",
    "Meeting.state": "participants",
    "Meeting.starts_at": "participants",
    "Meeting.slot_at": "system",
    "Meeting.minutes": "participants",
    "Meeting.place": "participants",
    "Meeting.already_met": "participants",
    "Meeting.sequence": "system",
    "Meeting.reminder_shared_at": "system",
    "Meeting.made_at": "participants",
    "OfferedTime.meeting": "participants",
    "OfferedTime.public_id": "participants",
    "OfferedTime.starts_at": "participants",
    "MeetingAnswer.meeting": "participants",
    "MeetingAnswer.person": "participants",
    "MeetingAnswer.happened": "participants",
    "MeetingAnswer.take_away": "owner",
    "MeetingAnswer.take_away_shared": "owner",
    "MeetingAnswer.next_step": "participants",
    "MeetingAnswer.heard": "participants",
    "MeetingAnswer.at": "participants",
    "AgendaItem.loop": "participants",
    "AgendaItem.meeting": "participants",
    "AgendaItem.first_meeting": "participants",
    "AgendaItem.public_id": "participants",
    "AgendaItem.owner": "participants",
    "AgendaItem.suggested_by": "participants",
    "AgendaItem.text": "owner",
    "AgendaItem.tried": "owner",
    "AgendaItem.plan": "owner",
    "AgendaItem.state": "participants",
    "AgendaItem.place": "participants",
    "AgendaItem.made_at": "participants",
    "AgendaItem.shared_at": "participants",
}


def data_of(person: Person) -> dict[str, Any]:
    """All that the loops hold about a person and all that was said to them, their own and shared things only."""
    return {
        "loops": [
            {"loop": one.loop.public_id, "kind": one.loop.kind, "role": one.role, "name": one.name,
             "since": one.joined_at, "until": one.ended_at}
            for one in participations_of(person)
        ],
        "messages": [
            {"loop": one.loop.public_id, "by_me": one.by_id == person.pk, "at": one.at, "body": one.body,
             "changed_at": one.edited_at, "withdrawn_at": one.withdrawn_at}
            for one in messages_in_loops(person)
        ],
        "meetings": [
            {"loop": one.loop.public_id, "state": one.state, "starts_at": one.starts_at, "minutes": one.minutes,
             "place": one.place}
            for one in meetings_in_loops(person)
        ],
        "after_meetings": [
            {"meeting": one.meeting.public_id, "happened": one.happened, "take_away": one.take_away,
             "take_away_shared": one.take_away_shared, "next_step": one.next_step, "heard": one.heard}
            for one in answers_by(person)
        ],
        "questions": [
            {"loop": one.loop.public_id, "text": one.text, "tried": one.tried, "plan": one.plan, "state": one.state}
            for one in questions_by(person)
        ],
        "suggestions": [{"loop": one.loop.public_id, "text": one.text} for one in suggestions_by(person)],
    }  # fmt: skip


@transaction.atomic
def forget(person: Person, *, now: datetime) -> None:
    """Take a person's own words out of their loops, free their seats, and end their part. The others' words stay."""
    for message in messages_in_loops(person):
        if message.by_id == person.pk and message.withdrawn_at is None:
            message.body, message.withdrawn_at = "", now
            message.save(update_fields=["body", "withdrawn_at"])
    for answer in answers_by(person):
        answer.take_away, answer.next_step = "", ""
        answer.save(update_fields=["take_away", "next_step"])
    for item in questions_by(person):
        item.delete()
    for item in suggestions_by(person):
        item.suggested_by = None
        item.save(update_fields=["suggested_by"])
    for loop in loops_ever_of(person):
        loop.state, loop.state_since, loop.pair = loop.State.ENDED, now, ""
        loop.save(update_fields=["state", "state_since", "pair"])
    for part in participations_of(person, and_partners=True):
        part.loop_open, part.seat = False, None
        if part.person_id == person.pk:
            part.name, part.ended_at = "", part.ended_at or now
        part.save()
