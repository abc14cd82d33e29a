"""What is left to chance about made-up people: the same every time."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from twoway.loops.zones import moment_at
from twoway.operate.demo import words
from twoway.operate.demo.cast import told_of, zone_of
from twoway.operate.demo.words.records import working_day

NORTHWIND = "northwind"
STAFF = {"Leeds": 30, "Lisbon": 21, "Helsinki": 19, "Nairobi": 12, "Toronto": 11, "Singapore": 7}  # of a hundred
SPOKEN = {
    "Leeds": ["Urdu", "Polish", "Hindi"], "Lisbon": ["Portuguese", "Portuguese", "Spanish"],
    "Helsinki": ["Finnish", "Finnish", "Swedish"], "Nairobi": ["Swahili"], "Toronto": ["French", "Arabic"],
    "Singapore": ["Malay", "Tamil"],
}  # fmt: skip
FURTHER = ["French", "German", "Spanish", "Italian", "Arabic", "Ukrainian", "Turkish", "Korean", "Welsh"]


class Chance:
    """Choices that look like people's own, drawn from a seed."""

    def __init__(self, seed: str, now: datetime) -> None:
        self.draw = Random(seed)
        self.now = now

    def site(self, wanted: str = "") -> str:
        return wanted or self.draw.choices(list(STAFF), list(STAFF.values()))[0]

    def department(self, bent: str = "Any") -> str:
        return self.draw.choice([one.name for one in told_of(NORTHWIND).departments]) if bent == "Any" else bent

    def languages(self, site: str) -> list[str]:
        """English with nearly everybody, and what is spoken around them."""
        found = {self.draw.choice(SPOKEN[site])} if site != "Leeds" or self.draw.random() < 0.3 else set()
        if self.draw.random() < 0.2:
            found.add(self.draw.choice(FURTHER))
        if self.draw.random() < 0.98 or not found:
            found.add("English")
        return sorted(found)

    def hours(self) -> words.Hours:
        """Nine to five mostly, and otherwise as lives are."""
        week = words.hours()
        return week[0] if self.draw.random() < 0.5 else self.draw.choice(week[1:])

    def styles(self) -> list[str]:
        return self.draw.sample(words.working_styles(), self.draw.choice([0, 1, 2, 2, 3]))

    def why(self, share: float) -> str:
        return self.draw.choice(words.why_lines()) if self.draw.random() < share else ""

    def years_ago(self, low: float, high: float) -> str:
        """A first day at work, so many years back."""
        return (self.now.date() - timedelta(days=round(365 * self.draw.uniform(low, high)))).isoformat()

    def moment(self, site: str, low: int, high: int) -> datetime:
        """Some time in a working day between so many days ago."""
        zone = ZoneInfo(zone_of(NORTHWIND, site))
        day = self.now.astimezone(zone).date() - timedelta(days=self.draw.randint(high, low))
        clock = time(self.draw.choice([8, 9, 10, 11, 13, 14, 15, 16, 20]), self.draw.randrange(60))
        return moment_at(working_day(-1, day + timedelta(days=1)), clock, zone)

    def days_ago(self, days: int, clock: time, site: str = "Leeds") -> datetime:
        """A time of day so many working days ago."""
        zone = ZoneInfo(zone_of(NORTHWIND, site))
        return moment_at(working_day(-days, self.now.astimezone(zone).date()), clock, zone)

    def next_morning(self, moment: datetime) -> datetime:
        """When a coordinator in Leeds got round to it."""
        day = working_day(1, moment.date())
        return moment_at(day, time(9, self.draw.randrange(5, 55)), ZoneInfo(zone_of(NORTHWIND, "Leeds")))

    def shuffled(self, rows: Sequence[Any]) -> list[Any]:
        return self.draw.sample(rows, len(rows))


def spare_names() -> list[str]:
    """Names that belong to nobody whose story is told elsewhere, in a settled order."""
    told = {one.name for one in words.people()} | {one.name for one in words.cast()}
    return [one.full for one in words.names() if one.full not in told]
