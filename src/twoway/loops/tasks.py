"""What the clock does in the loops."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from twoway.loops.actions.agenda import share_agenda_before
from twoway.loops.actions.answer import ask_did_it_happen, asked_by
from twoway.loops.actions.meeting import EVENING
from twoway.loops.actions.message import tell_of_messages
from twoway.loops.queries.loop import participations_in
from twoway.loops.queries.meeting import booked_between, silent_about
from twoway.loops.queries.message import waiting_to_be_told
from twoway.loops.zones import evening_before, morning_after
from twoway.people.telling import already_told

UNREAD_FOR = timedelta(minutes=3)
MORNING = 9
LOOK_BACK = timedelta(days=4)


def tell_of_waiting_messages(now: datetime) -> int:
    """Write to those whose messages wait unread for a few minutes; whoever is looking needs no letter."""
    waiting = list(waiting_to_be_told(now - UNREAD_FOR, now - timedelta(days=7))[:200])
    for participation in waiting:
        tell_of_messages(participation=participation, now=now)
    return len(waiting)


def share_agendas(now: datetime) -> int:
    """Share drafts at six in the evening, where the mentee lives, on the day before a meeting."""
    shared = 0
    for meeting in booked_between(now, now + timedelta(hours=60)).filter(reminder_shared_at=None):
        mentee = next((one for one in participations_in(meeting.loop) if one.role == "mentee"), None)
        if mentee is None or meeting.starts_at is None:
            continue
        if evening_before(meeting.starts_at, ZoneInfo(mentee.person.time_zone), EVENING) <= now:
            share_agenda_before(meeting=meeting, now=now)
            shared += 1
    return shared


def ask_after_meetings(now: datetime) -> int:
    """Ask, on the morning after and once, those who have not said whether they met."""
    silent = [
        (meeting, one)
        for meeting, one in silent_about(booked_between(now - LOOK_BACK, now).filter(already_met=False))
        if morning_after(meeting.ends_at, ZoneInfo(one.person.time_zone), MORNING) <= now
    ]
    asked = already_told(asked_by(meeting, one) for meeting, one in silent)
    due = [(meeting, one) for meeting, one in silent if asked_by(meeting, one) not in asked]
    for meeting, one in due:
        ask_did_it_happen(meeting=meeting, participation=one, now=now)
    return len(due)
