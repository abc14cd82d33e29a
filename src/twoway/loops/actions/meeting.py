"""Finding a time, booking it, moving it, cancelling it."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from twoway.history.actions import record
from twoway.loops.actions.invitation import send_invitations, tell_of_times
from twoway.loops.actions.message import note_contact
from twoway.loops.models import Loop, Meeting, MeetingAnswer, MeetingSeries, OfferedTime
from twoway.loops.queries.agenda import without_a_meeting
from twoway.loops.queries.loop import ids_in, participations_in
from twoway.loops.queries.meeting import (
    answer_of,
    begun_on,
    hold,
    meeting_during,
    meetings_of_series,
    same_talk,
    times_of,
)
from twoway.loops.zones import evening_before, repeated
from twoway.people.models import Person

MOST_TIMES = 3
MOST_OF_A_SERIES = 26
EVENING = 18  # when drafts are shared on the day before, unless the mentee shared them earlier


class TimeIsOver(Exception):
    """What was picked has passed in the meantime."""


class Taken(Exception):
    """The two meet each other at that time already."""

    def __init__(self, meeting: Meeting) -> None:
        self.meeting = meeting
        super().__init__()


class Changed(Exception):
    """The meeting is no longer as it was when the page was opened."""


@transaction.atomic
def propose_times(
    *,
    loop: Loop,
    times: Sequence[datetime],
    minutes: int,
    place: str,
    by: Person,
    now: datetime,
    meeting: Meeting | None = None,
    every_days: int | None = None,
    until: date | None = None,
) -> Meeting:
    """Offer up to three times, or answer an offer by others; whoever did not offer them picks one. Raises Taken for a
    time at which the two meet already: it could not be picked."""
    if not 1 <= len(times) <= MOST_TIMES:
        raise ValueError("Between one and three times are offered.")
    for starts_at in times:
        _is_free(loop, starts_at, minutes)
    if meeting is None:
        meeting = Meeting(loop=loop, made_at=now)
    else:
        _still(meeting, Meeting.State.OFFERED)
        meeting.sequence += 1
    meeting.by, meeting.minutes, meeting.place = by, minutes, place
    former_series = meeting.series
    meeting.series = _series(loop, by, every_days, until) if every_days and until else None
    meeting.save()
    if former_series is not None:
        former_series.delete()
    for former in times_of(meeting):
        former.delete()
    for starts_at in sorted(set(times)):
        OfferedTime(meeting=meeting, starts_at=starts_at).save()
    note_contact(loop, now)
    _record("meeting.offered", meeting, by, now)
    tell_of_times(meeting=meeting, by=by, now=now)
    return meeting


@transaction.atomic
def pick_time(*, meeting: Meeting, time: OfferedTime, by: Person, now: datetime) -> None:
    """Pick one of the times offered: the meeting is booked, or the whole series."""
    _still(meeting, Meeting.State.OFFERED)
    if time.starts_at <= now:
        raise TimeIsOver
    _is_free(meeting.loop, time.starts_at, meeting.minutes)
    meeting.starts_at = time.starts_at
    _book(meeting, by=by, now=now)


@transaction.atomic
def book_meeting(
    *,
    loop: Loop,
    starts_at: datetime,
    minutes: int,
    place: str,
    by: Person,
    now: datetime,
    every_days: int | None = None,
    until: date | None = None,
    instead_of: Meeting | None = None,
) -> Meeting:
    """“We have fixed it ourselves”: book at once, instead of an offer if there is one. The same moment twice is one
    meeting."""
    if starts_at <= now:
        raise TimeIsOver
    meeting = same_talk(loop, starts_at)
    if meeting is None:
        _is_free(loop, starts_at, minutes)
        meeting = Meeting(loop=loop, by=by, starts_at=starts_at, minutes=minutes, place=place, made_at=now)
        meeting.series = _series(loop, by, every_days, until) if every_days and until else None
        _book(meeting, by=by, now=now)
    if instead_of is not None:
        cancel_meeting(meeting=instead_of, all_later=False, by=by, now=now)
    return meeting


@transaction.atomic
def move_meeting(
    *, meeting: Meeting, starts_at: datetime, minutes: int, place: str, for_good: bool, by: Person, now: datetime
) -> None:
    """Move a booked meeting: once, or with all later ones of its series."""
    _still(meeting, Meeting.State.BOOKED)
    if starts_at <= now:
        raise TimeIsOver
    series = meeting.series
    moves = _moves(meeting, starts_at) if series and for_good else [(meeting, starts_at)]
    _is_free(meeting.loop, starts_at, minutes, [one for one, _to in moves])
    for one, to in moves:
        one.starts_at, one.minutes, one.place = to, minutes, place
        one.reminder_shared_at = _no_evening_left(one, now)
        one.sequence += 1
        one.save()
    _next_version(series)
    note_contact(meeting.loop, now)
    _record("meeting.moved", meeting, by, now)
    send_invitations(meeting=meeting, event="meeting_moved", by=by, now=now)


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, all_later: bool, by: Person, now: datetime) -> None:
    """Cancel a meeting: this one, or with all later ones of its series. An offer is simply taken back."""
    _still(meeting, Meeting.State.BOOKED, Meeting.State.OFFERED)
    was_booked = meeting.state == Meeting.State.BOOKED
    series = meeting.series
    gone = _from(meeting) if series and all_later and was_booked else [meeting]
    for one in gone:
        one.state = Meeting.State.CANCELLED
        one.sequence += 1
        one.save()
    _next_version(series)
    _record("meeting.cancelled", meeting, by, now)
    if was_booked:
        send_invitations(meeting=meeting, event="meeting_cancelled", by=by, now=now)


@transaction.atomic
def record_talk(*, loop: Loop, starts_at: datetime, by: Person, now: datetime) -> Meeting:
    """“We have talked”, by whatever channel, noted afterwards. A meeting booked for that day is taken for it."""
    midnight = starts_at.astimezone(ZoneInfo(by.time_zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    meeting = begun_on(loop, midnight, now)
    if meeting is None:
        meeting = Meeting(loop=loop, by=by, starts_at=starts_at, minutes=30, already_met=True, made_at=now)
        meeting.state = Meeting.State.BOOKED
        meeting.save()
    answer = answer_of(meeting, by) or MeetingAnswer(meeting=meeting, person=by)
    answer.happened, answer.at = True, now
    answer.save()
    note_contact(loop, now)
    _record("meeting.recorded", meeting, by, now)
    return meeting


def _book(meeting: Meeting, *, by: Person, now: datetime) -> None:
    meeting.state = Meeting.State.BOOKED
    meeting.reminder_shared_at = _no_evening_left(meeting, now)
    series = meeting.series
    if series is not None:
        meeting.slot_at = meeting.starts_at
    meeting.save()
    if series is not None:
        _fill(series, meeting, now)
    for item in without_a_meeting(meeting.loop):
        item.first_meeting = meeting
        item.save(update_fields=["first_meeting"])
    note_contact(meeting.loop, now)
    _record("meeting.booked", meeting, by, now)
    send_invitations(meeting=meeting, event="meeting_booked", by=by, now=now)


def _series(loop: Loop, by: Person, every_days: int, until: date) -> MeetingSeries:
    series = MeetingSeries(loop=loop, every_days=every_days, time_zone=by.time_zone, until=until)
    series.save()
    return series


def _fill(series: MeetingSeries, first: Meeting, now: datetime) -> None:
    """Make the later meetings of a series, at the same local time where it was proposed."""
    assert first.starts_at is not None
    slots = repeated(
        first.starts_at, every_days=series.every_days, until=series.until, zone=ZoneInfo(series.time_zone),
        most=MOST_OF_A_SERIES,
    )  # fmt: skip
    for slot in slots[1:]:
        Meeting(
            loop=first.loop, series=series, by=first.by, state=Meeting.State.BOOKED, starts_at=slot, slot_at=slot,
            minutes=first.minutes, place=first.place, made_at=now,
        ).save()  # fmt: skip


def _from(meeting: Meeting) -> list[Meeting]:
    """A meeting of a series and the booked ones that its rule put after it."""
    assert meeting.series is not None and meeting.slot_at is not None
    later = [
        one
        for one in meetings_of_series(meeting.series)
        if one.state == Meeting.State.BOOKED and one.slot_at and one.slot_at > meeting.slot_at
    ]
    return [meeting, *later]


def _moves(meeting: Meeting, starts_at: datetime) -> list[tuple[Meeting, datetime]]:
    """Where each meeting goes when one is moved for good: as many days on, at the new local time."""
    assert meeting.series is not None and meeting.slot_at is not None
    zone = ZoneInfo(meeting.series.time_zone)
    to = starts_at.astimezone(zone)
    days_on = to.date() - meeting.slot_at.astimezone(zone).date()
    moves = []
    for one in _from(meeting):
        assert one.slot_at is not None
        day = one.slot_at.astimezone(zone).date() + days_on
        moves.append((one, starts_at if one is meeting else datetime.combine(day, to.time(), tzinfo=zone)))
    return moves


def _next_version(series: MeetingSeries | None) -> None:
    if series is not None:
        series.sequence += 1
        series.save(update_fields=["sequence"])


def _no_evening_left(meeting: Meeting, now: datetime) -> datetime | None:
    """Booked after the evening before has begun, drafts are shared by button alone: nobody is surprised."""
    assert meeting.starts_at is not None
    mentee = next((one for one in participations_in(meeting.loop) if one.role == "mentee"), None)
    zone = ZoneInfo(mentee.person.time_zone) if mentee else ZoneInfo("UTC")
    return now if evening_before(meeting.starts_at, zone, EVENING) <= now else None


def _is_free(loop: Loop, starts_at: datetime, minutes: int, moved: Sequence[Meeting] = ()) -> None:
    other = meeting_during(loop, starts_at, minutes, moved)
    if other is not None:
        raise Taken(other)


def _still(meeting: Meeting, *states: str) -> None:
    """Wait for whoever is changing the meeting, then look whether it is still what the page showed."""
    hold(meeting)
    meeting.refresh_from_db()
    if meeting.state not in states:
        raise Changed


def _record(kind: str, meeting: Meeting, by: Person, now: datetime) -> None:
    concerns = ids_in(meeting.loop)
    record(kind, by=by, about=f"meeting {meeting.public_id}", concerns=concerns, now=now)
