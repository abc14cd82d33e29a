"""What two people of the demo expect of each other, lived through again as their words tell it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from functools import partial
from typing import Any

from twoway.loops.actions.agreement import confirm_agreement, keep_expectations, write_agreement
from twoway.loops.models import Loop
from twoway.operate.demo import words
from twoway.operate.demo.words.records import working_day
from twoway.people.models import Person

Act = Callable[[datetime], None]


def acts_of(
    mentee: str,
    *,
    loop: Callable[[], Loop],
    person: Callable[[str], Person],
    at: Callable[[int, time, str], datetime],
    today: date,
) -> Iterator[tuple[datetime, Act]]:
    """What a pair, named by its mentee, did about its agreement, each with its moment. The loop is asked for last."""
    for told in words.agreements():
        if told.mentee == mentee:
            yield at(told.day, told.at, told.by), partial(_live, told, loop=loop, by=person(told.by), today=today)


def _live(told: words.Settled, now: datetime, *, loop: Callable[[], Loop], by: Person, today: date) -> None:
    where: dict[str, Any] = {"loop": loop(), "by": by, "now": now}
    if told.does == "confirm":
        where["loop"].refresh_from_db()
        confirm_agreement(seen=where["loop"].agreement.number, **where)
    elif told.does == "write":
        write_agreement(said=_said(told, today), confirms=True, **where)
    else:
        keep_expectations(said=_said(told, today), sends=told.does == "send", **where)


def _said(told: words.Settled, today: date) -> dict[str, Any]:
    return {
        "rhythm_days": told.rhythm_days or None,
        "minutes": told.minutes or None,
        "hours_a_month": told.hours or None,
        "on_the_table": told.on,
        "off_the_table": told.off,
        "confidentiality": told.confidentiality,
        "hopes": told.hopes,
        "review_on": working_day(told.review, today) if told.review else None,
    }
