"""What the loops hold about a person: what is handed over on request, and how it is forgotten."""

from typing import Any

from django.db import transaction

from twoway.loops.levels import COLUMNS as LEVELS
from twoway.loops.models import AgendaItem, Loop
from twoway.loops.models.agreement import TERMS
from twoway.loops.queries.personal import (
    agreements_in_loops,
    answers_by,
    everybody_ever_in,
    expectations_by,
    expectations_shown_to,
    goal_comments_by,
    goals_by,
    goals_shared_with,
    loops_ever_of,
    meetings_by,
    meetings_in_loops,
    messages_by,
    messages_in_loops,
    participations_of,
    questions_by,
    suggestions_by,
    versions_by,
)
from twoway.people.models import Person

COLUMNS: dict[str, str] = {
    "Loop.id": "system",
    "Loop.public_id": "participants",
    "Loop.kind": "coordinator",
    "Loop.state": "coordinator",
    "Loop.pair": "system",
    "Loop.rhythm_days": "coordinator",
    "Loop.opened_at": "coordinator",
    "Loop.state_since": "participants",
    "Loop.last_contact_at": "participants",
    "Loop.agreement": "participants",
    "Loop.agreed": "participants",
    "Loop.agreed_at": "coordinator",
    "Loop.review_on": "coordinator",
    "Participation.id": "system",
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
    "Participation.expectations_sent_at": "participants",
    "Participation.confirmed": "participants",
    "Sponsorship.id": "system",
    "Sponsorship.loop": "coordinator",
    "Sponsorship.intake": "coordinator",
    "Sponsorship.began_at": "coordinator",
    "Sponsorship.ended_at": "coordinator",
    "Message.id": "system",
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
    "MeetingSeries.id": "system",
    "MeetingSeries.loop": "participants",
    "MeetingSeries.public_id": "participants",
    "MeetingSeries.every_days": "participants",
    "MeetingSeries.time_zone": "participants",
    "MeetingSeries.until": "participants",
    "MeetingSeries.sequence": "system",
    "Meeting.id": "system",
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
    "OfferedTime.id": "system",
    "OfferedTime.meeting": "participants",
    "OfferedTime.public_id": "participants",
    "OfferedTime.starts_at": "participants",
    "MeetingAnswer.id": "system",
    "MeetingAnswer.meeting": "participants",
    "MeetingAnswer.person": "participants",
    "MeetingAnswer.happened": "participants",
    "MeetingAnswer.take_away": "owner",
    "MeetingAnswer.take_away_shared": "owner",
    "MeetingAnswer.next_step": "participants",
    "MeetingAnswer.heard": "participants",
    "MeetingAnswer.at": "participants",
    "AgendaItem.id": "system",
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
    "Goal.id": "system",
    "Goal.loop": "participants",
    "Goal.owner": "participants",
    "Goal.public_id": "participants",
    "Goal.kind": "owner",
    "Goal.what": "owner",
    "Goal.why": "owner",
    "Goal.known": "owner",
    "Goal.by_when": "owner",
    "Goal.backwards": "owner",
    "Goal.began": "owner",
    "Goal.hoped": "owner",
    "Goal.more": "owner",
    "Goal.far_more": "owner",
    "Goal.state": "owner",
    "Goal.place": "system",
    "Goal.shared_at": "participants",
    "Goal.title_shown": "participants",
    "Goal.version": "system",
    "Goal.form_key": "system",
    "Goal.made_at": "owner",
    "Goal.state_since": "owner",
    "GoalStep.id": "system",
    "GoalStep.goal": "participants",
    "GoalStep.public_id": "participants",
    "GoalStep.text": "owner",
    "GoalStep.done_at": "owner",
    "GoalStep.shared": "owner",
    "GoalEntry.id": "system",
    "GoalEntry.goal": "participants",
    "GoalEntry.public_id": "participants",
    "GoalEntry.by": "participants",
    "GoalEntry.kind": "participants",
    "GoalEntry.level": "participants",
    "GoalEntry.level_words": "participants",
    "GoalEntry.text": "participants",
    "GoalEntry.at": "participants",
    "GoalEntry.form_key": "system",
    **{f"Expectations.{name}": "owner" for name in (*TERMS, "loop", "person", "changes", "written_at")},
    **{f"Agreement.{name}": "participants" for name in (*TERMS, "loop", "number", "by", "at")},
    "Expectations.id": "system",
    "Agreement.id": "system",
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
        "goals": [_goal(one, person) for one in goals_by(person)],
        "goals_shared_with_me": [_goal(one, person) for one in goals_shared_with(person)],
        "comments_on_goals": [
            {"loop": one.goal.loop.public_id, "at": one.at, "text": one.text} for one in goal_comments_by(person)
        ],
        "expectations": [
            {"loop": one.loop.public_id, "by_me": one.person_id == person.pk, "at": one.written_at, **one.said()}
            for one in expectations_shown_to(person)
        ],
        "agreements": [
            {"loop": one.loop.public_id, "version": one.number, "at": one.at, **one.said()}
            for one in agreements_in_loops(person)
        ],
    }  # fmt: skip


def _goal(goal: Any, reader: Person) -> dict[str, Any]:
    """A goal as its reader may have it: its steps and entries are those that the query let through."""
    return {
        "loop": goal.loop.public_id, "kind": goal.kind, "what": goal.what, "why": goal.why, "known": goal.known,
        "by_when": goal.by_when, "levels": {name: getattr(goal, name) for name in LEVELS}, "state": goal.state,
        "shared_at": goal.shared_at, "title_shown": goal.title_shown,
        "steps": [{"text": one.text, "done_at": one.done_at} for one in goal.steps_seen],
        "noted": [
            {"by_me": one.by_id == reader.pk, "kind": one.kind, "level": one.level, "level_words": one.level_words,
             "text": one.text, "at": one.at}
            for one in goal.entries_seen
        ],
    }  # fmt: skip


@transaction.atomic
def forget(person: Person) -> None:
    """Take a person out of their loops: their words are deleted and their seats freed. Those of others stay.

    A loop is not ended in the partner's eyes by a button, but by there being nobody to write to any more.
    """
    for version in versions_by(person):
        version.by = None
        version.save(update_fields=["by"])
    for row in (
        *suggestions_by(person), *messages_by(person), *answers_by(person), *questions_by(person),
        *goal_comments_by(person), *goals_by(person), *expectations_by(person),
    ):  # fmt: skip
        if isinstance(row, AgendaItem) and row.owner_id != person.pk:
            row.suggested_by = None
            row.save(update_fields=["suggested_by"])
        else:
            row.delete()
    for loop in loops_ever_of(person):
        _leave(loop, person)


def _leave(loop: Loop, person: Person) -> None:
    everybody = everybody_ever_in(loop)
    staying = [one for one in everybody if one.person_id != person.pk]
    if not staying:
        loop.delete()
        return
    for meeting in meetings_by(person, loop):
        meeting.by = staying[0].person
        meeting.save(update_fields=["by"])
    loop.state, loop.pair = Loop.State.ENDED, ""
    loop.save(update_fields=["state", "pair"])
    for one in everybody:
        if one.person_id == person.pk:
            one.delete()
        else:
            one.loop_open, one.seat = False, None
            one.save(update_fields=["loop_open", "seat"])
