"""Days and moments as people say them: by the clock of the house, in the zone of whoever reads."""

import datetime
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone

from twoway.history.clock import move_to
from twoway.web.templatetags import twoway

WEB = Path(twoway.__file__).resolve().parent.parent
NOW = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today, 14:00"),
        (1, "tomorrow, 14:00"),
        (-1, "yesterday, 14:00"),
        (2, "Thursday, 14:00"),
        (7, "Tuesday 1 December, 14:00"),
        (-4, "Friday 20 November, 14:00"),
        (45, "8 January 2027, 14:00"),
        (-330, "29 December 2025, 14:00"),
        (400, "29 December 2027, 14:00"),
    ],
)
def test_when_says_a_moment_as_people_do(days: int, words: str) -> None:
    moment = NOW.replace(hour=14) + datetime.timedelta(days=days)

    assert twoway.moment_words(moment, NOW) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (datetime.date(2026, 12, 31), "31 December|Thursday 31 December|31 Dec|Dec"),
        (datetime.date(2027, 1, 1), "1 January 2027|Friday 1 January 2027|1 Jan 2027|Jan ’27"),
        (datetime.datetime(2026, 12, 31, 23, 30, tzinfo=datetime.UTC), "1 January|Friday 1 January|1 Jan|Jan"),
        (None, "|||"),
    ],
)
def test_a_date_shows_its_year_where_it_is_another_one(day: datetime.date | None, words: str) -> None:
    source = """{% load twoway %}{{ day|day }}|{{ day|day:"l j F" }}|{{ day|day:"j M" }}|{{ day|day:"M" }}"""
    # The last hour of the year in London is the new year in Tokyo, for the day and for today alike.
    present = day if isinstance(day, datetime.datetime) else NOW

    with timezone.override(ZoneInfo("Asia/Tokyo")), time_machine.travel(present, tick=False):
        assert Template(source).render(Context({"day": day})) == words


def test_no_page_writes_a_date_past_the_year() -> None:
    """Dates without a year go through the `day` filter; `date` is left for clocks and for dates with a year."""
    forms = {
        form
        for template in WEB.parent.rglob("templates/**/*.html")
        for form in re.findall(r'\|date:"([^"]*)"', template.read_text(encoding="utf-8"))
    }

    assert {form for form in forms if re.search("[FMmN]", form) and "Y" not in form} == set()


def test_when_goes_by_the_clock_of_the_house(settings: Any, tmp_path: Path) -> None:
    settings.CLOCK_FILE = tmp_path / "clock"
    move_to(NOW + datetime.timedelta(days=100))
    moment = NOW + datetime.timedelta(days=101)

    html = Template("{% load twoway %}{% when moment %}|{{ moment|day }}").render(Context({"moment": moment}))

    assert html.endswith(">tomorrow, 09:00</time>|5 March")


def test_when_speaks_in_the_readers_zone_and_names_it() -> None:
    late = datetime.datetime(2026, 11, 24, 23, 30, tzinfo=datetime.UTC)

    with timezone.override(ZoneInfo("Asia/Tokyo")):
        html = Template("{% load twoway %}{% when moment now=now %}").render(Context({"moment": late, "now": NOW}))

    assert html == (
        '<time datetime="2026-11-25T08:30:00+09:00" title="Wednesday 25 November 2026, 08:30 (Tokyo time)">'
        "tomorrow, 08:30</time>"
    )


def test_when_takes_a_plain_date() -> None:
    html = Template("{% load twoway %}{% when day now=now %}").render(
        Context({"day": datetime.date(2026, 11, 25), "now": NOW})
    )

    assert html == '<time datetime="2026-11-25" title="Wednesday 25 November 2026">tomorrow</time>'
