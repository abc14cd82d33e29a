"""A meeting as a calendar file, read back by a parser that is not ours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from twoway.loops.calendar import Frame, Occasion, meeting_text, series_text
from twoway.loops.zones import Fault, fault_of, out_of_hours, repeated

LISBON, HELSINKI, KATHMANDU = ZoneInfo("Europe/Lisbon"), ZoneInfo("Europe/Helsinki"), ZoneInfo("Asia/Kathmandu")
FRAME = Frame(
    organiser_name="Twoway", organiser_address="twoway@mentoring.example", receiver_name="Amira Mansour",
    receiver_address="amira@northwind.example", title="Meeting with Ben", made_at=datetime(2026, 10, 1, tzinfo=UTC),
    url="https://mentoring.example/loops/a/meetings/b/",
)  # fmt: skip


def events(text: str) -> list:
    return list(Calendar.from_ical(text).walk("VEVENT"))


@pytest.mark.row("L-05")
def test_a_meeting_says_who_when_and_where_and_nothing_else() -> None:
    starts = datetime(2026, 11, 26, 14, 0, tzinfo=LISBON)

    text = meeting_text(Occasion(starts, 45, "Room 4, 2nd floor"), uid="m-1@x", sequence=0, frame=FRAME)

    (event,) = events(text)
    assert Calendar.from_ical(text)["METHOD"] == "REQUEST"
    assert sorted(event) == [
        "ATTENDEE", "CLASS", "DTEND", "DTSTAMP", "DTSTART", "LOCATION", "ORGANIZER", "SEQUENCE", "STATUS", "SUMMARY",
        "UID", "URL",
    ]  # fmt: skip
    assert (event["UID"], event["SEQUENCE"], event["SUMMARY"]) == ("m-1@x", 0, "Meeting with Ben")
    assert event["ORGANIZER"] == "mailto:twoway@mentoring.example"
    assert event["ATTENDEE"] == "mailto:amira@northwind.example"
    assert event["LOCATION"] == "Room 4, 2nd floor"
    assert event.decoded("DTSTART") == starts
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(minutes=45)


@pytest.mark.row("L-05")
def test_update_and_cancel_speak_of_the_same_event() -> None:
    starts = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
    texts = [
        meeting_text(Occasion(starts, 45), uid="m-1@x", sequence=0, frame=FRAME),
        meeting_text(Occasion(starts + timedelta(hours=2), 45), uid="m-1@x", sequence=1, frame=FRAME),
        meeting_text(Occasion(starts, 45, cancelled=True), uid="m-1@x", sequence=2, frame=FRAME),
    ]

    said = [(Calendar.from_ical(text)["METHOD"], *(events(text)[0][k] for k in ("UID", "SEQUENCE"))) for text in texts]

    assert said == [("REQUEST", "m-1@x", 0), ("REQUEST", "m-1@x", 1), ("CANCEL", "m-1@x", 2)]
    assert [str(events(text)[0]["STATUS"]) for text in texts] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def series(first: datetime, zone: ZoneInfo, until: date, **changes: Occasion) -> str:
    slots = repeated(first, every_days=14, until=until, zone=zone, most=26)
    occasions = [changes.get(f"n{n}", Occasion(slot, 60, "", False, slot)) for n, slot in enumerate(slots)]
    return series_text(occasions, uid="s-1@x", sequence=3, every_days=14, time_zone=zone.key, frame=FRAME)


@pytest.mark.row("L-05")
@pytest.mark.parametrize(
    ("zone", "offsets"),
    [(LISBON, [1, 1, 0, 0]), (HELSINKI, [3, 3, 2, 2]), (KATHMANDU, [5.75] * 4)],
    ids=lambda value: getattr(value, "key", ""),
)
def test_a_series_keeps_its_local_time_across_the_change_of_clocks(zone: ZoneInfo, offsets: list[float]) -> None:
    first = datetime(2026, 10, 1, 9, 30, tzinfo=zone)

    slots = repeated(first, every_days=14, until=date(2026, 11, 15), zone=zone, most=26)
    calendar = Calendar.from_ical(series(first, zone, date(2026, 11, 15)))

    assert [slot.astimezone(zone).strftime("%H:%M") for slot in slots] == ["09:30"] * 4
    assert [slot.astimezone(zone).utcoffset() for slot in slots] == [timedelta(hours=offset) for offset in offsets]
    (event,) = calendar.walk("VEVENT")
    assert event["DTSTART"].params["TZID"] == zone.key
    assert [str(one["TZID"]) for one in calendar.walk("VTIMEZONE")] == [zone.key]
    assert dict(event["RRULE"]) == {"FREQ": ["DAILY"], "INTERVAL": [14], "COUNT": [4]}
    assert event["DTSTART"].dt.replace(tzinfo=None) == datetime(2026, 10, 1, 9, 30)


@pytest.mark.row("L-05")
def test_what_moved_or_fell_out_of_a_series_is_said_apart() -> None:
    first = datetime(2026, 10, 1, 9, 30, tzinfo=LISBON)
    slots = repeated(first, every_days=14, until=date(2026, 11, 15), zone=LISBON, most=26)
    moved = Occasion(slots[1] + timedelta(days=1), 60, "", False, slots[1])
    gone = Occasion(slots[2], 60, "", True, slots[2])

    master, other = events(series(first, LISBON, date(2026, 11, 15), n1=moved, n2=gone))

    assert [one.astimezone(UTC) for one in (master["EXDATE"].dts[0].dt,)] == [slots[2]]
    assert other["UID"] == master["UID"] == "s-1@x"
    assert other["SEQUENCE"] == master["SEQUENCE"] == 3
    assert other.decoded("RECURRENCE-ID").astimezone(UTC) == slots[1]
    assert other.decoded("DTSTART").astimezone(UTC) == slots[1] + timedelta(days=1)


@pytest.mark.row("L-05")
def test_a_series_of_which_nothing_is_left_is_cancelled() -> None:
    slot = datetime(2026, 10, 1, 9, 30, tzinfo=LISBON)

    text = series_text(
        [Occasion(slot, 60, "", True, slot)], uid="s-1@x", sequence=4, every_days=7, time_zone="Europe/Lisbon",
        frame=FRAME,
    )  # fmt: skip

    assert Calendar.from_ical(text)["METHOD"] == "CANCEL"
    assert [str(event["UID"]) for event in events(text)] == ["s-1@x"]


@pytest.mark.row("L-05")
def test_times_that_clocks_skip_or_show_twice_are_noticed() -> None:
    assert fault_of(datetime(2027, 3, 28, 1, 30), LISBON) is Fault.SKIPPED
    assert fault_of(datetime(2026, 10, 25, 1, 30), LISBON) is Fault.TWICE
    assert fault_of(datetime(2026, 10, 25, 1, 30), KATHMANDU) is None
    assert fault_of(datetime(2026, 10, 25, 3, 30), HELSINKI) is Fault.TWICE
    assert fault_of(datetime(2026, 10, 25, 12, 0), LISBON) is None


@pytest.mark.row("L-02")
@pytest.mark.parametrize(("hour", "late"), [(7, True), (8, False), (19, False), (20, True)])
def test_out_of_hours_is_before_eight_and_from_eight(hour: int, late: bool) -> None:
    assert out_of_hours(datetime(2026, 11, 23, hour, 59, tzinfo=LISBON), LISBON) is late
