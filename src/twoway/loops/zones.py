"""Local times across zones and clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo


class Fault(Enum):
    """What can be wrong with a time that a clock shows."""

    SKIPPED = "skipped"  # the clocks go forward over it
    TWICE = "twice"  # the clocks go back over it


def fault_of(wall: datetime, zone: ZoneInfo) -> Fault | None:
    """Whether a clock on the wall shows this time never or twice on that day."""
    first = wall.replace(tzinfo=zone, fold=0)
    second = wall.replace(tzinfo=zone, fold=1)
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        return Fault.SKIPPED
    return Fault.TWICE if first.utcoffset() != second.utcoffset() else None


def moment_at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment when the clocks of a zone show a time; one they skip counts from before the change."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def repeated(first: datetime, *, every_days: int, until: date, zone: ZoneInfo, most: int) -> list[datetime]:
    """A moment and its repetitions at the same local time, to a last day or a number."""
    local = first.astimezone(zone)
    days = range(0, every_days * most, every_days)
    wanted = (local.date() + timedelta(days=days_on) for days_on in days)
    return [moment_at(day, local.time(), zone) for day in wanted if day <= until] or [first]


def evening_before(moment: datetime, zone: ZoneInfo, hour: int) -> datetime:
    """An hour of the day before, where somebody lives."""
    return moment_at(moment.astimezone(zone).date() - timedelta(days=1), time(hour), zone)


def morning_after(moment: datetime, zone: ZoneInfo, hour: int) -> datetime:
    """An hour of the day after, where somebody lives."""
    return moment_at(moment.astimezone(zone).date() + timedelta(days=1), time(hour), zone)


def out_of_hours(now: datetime, zone: ZoneInfo) -> bool:
    """Before eight in the morning or from eight in the evening, where somebody lives."""
    return not 8 <= now.astimezone(zone).hour < 20
