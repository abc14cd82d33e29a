"""A meeting as iCalendar text. Pure: everything it needs is passed in.

Each receiver gets a file of their own: the installation organises, only the receiver attends, the title says with whom
and nothing else, and there is no agenda in it. A later SEQUENCE of the same UID updates the event; METHOD:CANCEL takes
it away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText
from icalendar.prop import vRecur

REQUEST, CANCEL = "REQUEST", "CANCEL"


@dataclass(frozen=True)
class Occasion:
    """One meeting as a calendar knows it; `slot_at` is where the rule of its series had put it."""

    starts_at: datetime
    minutes: int
    place: str = ""
    cancelled: bool = False
    slot_at: datetime | None = None


@dataclass(frozen=True)
class Frame:
    """What surrounds a meeting in the file: who organises, who receives it, where its page is."""

    organiser_name: str
    organiser_address: str
    receiver_name: str
    receiver_address: str
    title: str
    url: str
    made_at: datetime


def meeting_text(occasion: Occasion, *, uid: str, sequence: int, frame: Frame) -> str:
    """One meeting in universal time, which no change of clocks can shift."""
    event = _event(uid, sequence, frame, occasion)
    event.add("dtstart", occasion.starts_at.astimezone(UTC))
    event.add("dtend", (occasion.starts_at + timedelta(minutes=occasion.minutes)).astimezone(UTC))
    return _text([event], CANCEL if occasion.cancelled else REQUEST)


def series_text(
    occasions: Sequence[Occasion], *, uid: str, sequence: int, every_days: int, time_zone: str, frame: Frame
) -> str:
    """A series as one event that repeats at the same local time, with what was moved or cancelled said apart.

    The file always holds the whole series, so a calendar that missed an update is right after the next one.
    """
    zone = ZoneInfo(time_zone)
    going_on = [one for one in occasions if not one.cancelled]
    if not going_on:
        cancelled = _event(uid, sequence, frame, occasions[0])
        _add_times(cancelled, occasions[0], zone, at=occasions[0].slot_at or occasions[0].starts_at)
        return _text([cancelled], CANCEL)
    first = occasions[0]
    usual = Occasion(first.slot_at or first.starts_at, first.minutes, first.place)
    master = _event(uid, sequence, frame, usual)
    _add_times(master, usual, zone, at=usual.starts_at)
    master.add("rrule", vRecur({"FREQ": "DAILY", "INTERVAL": every_days, "COUNT": len(occasions)}))
    for one in occasions:
        if one.cancelled:
            master.add("exdate", (one.slot_at or one.starts_at).astimezone(zone))
    events = [master]
    for one in going_on:
        if one.slot_at and (one.starts_at, one.minutes, one.place) != (one.slot_at, usual.minutes, usual.place):
            moved = _event(uid, sequence, frame, one)
            moved.add("recurrence-id", one.slot_at.astimezone(zone))
            _add_times(moved, one, zone, at=one.starts_at)
            events.append(moved)
    return _text(events, REQUEST)


def _event(uid: str, sequence: int, frame: Frame, occasion: Occasion) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", frame.made_at.astimezone(UTC))
    event.add("summary", frame.title)
    event.add("status", "CANCELLED" if occasion.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("url", frame.url)
    if occasion.place:
        event.add("location", occasion.place)
    event["organizer"] = _address(frame.organiser_name, frame.organiser_address)
    attendee = _address(frame.receiver_name, frame.receiver_address)
    attendee.params["role"] = vText("REQ-PARTICIPANT")
    attendee.params["partstat"] = vText("ACCEPTED")
    attendee.params["rsvp"] = vText("FALSE")
    event.add("attendee", attendee, encode=False)
    return event


def _address(name: str, address: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{address}")
    found.params["cn"] = vText(name)
    return found


def _add_times(event: Event, occasion: Occasion, zone: ZoneInfo, *, at: datetime) -> None:
    event.add("dtstart", at.astimezone(zone))
    event.add("dtend", (at + timedelta(minutes=occasion.minutes)).astimezone(zone))


def _text(events: list[Event], method: str) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//Twoway//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical().decode()
