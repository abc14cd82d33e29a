"""Who needs somebody today: a coordinator's desk, found anew each time and kept nowhere.

Like items are one line. An item ends by being done: it is only there while its reason is. Its key is steady, so
that what coordinators said about it (taken, passed on, resting) finds it again. Everything found is counted; only
what a page shows is put into words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, overload

from twoway.people import queries as people
from twoway.web.findings import Found, Item, findings_in

if TYPE_CHECKING:
    from twoway.people.models import DeskNote, Programme

AT_ONCE, TO_TICK = 10, 100
"""Items of a line that a desk shows, and as many of those that can be approved there. A longer line has a page of
its own."""


@dataclass(frozen=True)
class Line:
    """Like items in one line, with the one thing to do about them."""

    kind: str
    title: str
    action: str
    url: str
    count: int
    items: tuple[Item, ...]  # the first of them
    decide: bool = False  # some or all can be approved here
    resting_until: date | None = None

    @property
    def key(self) -> str:
        return f"all {self.kind}"


@dataclass(frozen=True)
class Desk:
    """What needs somebody now, and what was put to rest until a day."""

    lines: tuple[Line, ...]
    resting: tuple[Line | Item, ...]
    keys: frozenset[str]  # of everything on it, at work or at rest

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)

    def holds(self, key: str) -> bool:
        """Whether something by this name is on the desk, at work or at rest."""
        return key in self.keys


def desk_of(programme: Programme, now: datetime, most: int = AT_ONCE) -> Desk:
    """The desk of a programme as it is at this moment, with the first items of each line."""
    today, notes = people.today_in(programme, now), people.desk_notes_of(programme)
    lines: list[Line] = []
    resting: list[Line | Item] = []
    keys: set[str] = set()
    for found in findings_in(programme, now):
        keys |= {found.key, *found.keys}
        until = _rests_until(notes.get(found.key), today)
        if until is not None:
            resting.append(replace(_line(found, len(found.keys), []), resting_until=until))
            continue
        awake, asleep = _told_apart(found, notes, today)
        resting += _noted(found.say(asleep), notes, today) if asleep else []
        if awake:
            shown = awake[: max(most, TO_TICK) if found.decide else most]
            lines.append(_line(found, len(awake), _noted(found.say(shown), notes, today)))
    return Desk(tuple(lines), tuple(resting), frozenset(keys))


def desk_count(programme: Programme, now: datetime) -> int:
    """How much waits on a desk, without a word of it."""
    today, notes = people.today_in(programme, now), people.desk_notes_of(programme)
    awake = [one for one in findings_in(programme, now) if _rests_until(notes.get(one.key), today) is None]
    return sum(len(_told_apart(one, notes, today)[0]) for one in awake)


class OneLine(Sequence[Item]):
    """All that waits in one line of a desk, to be counted and cut into pages."""

    def __init__(self, found: Found, notes: dict[str, DeskNote], today: date) -> None:
        self._found, self._notes, self._today = found, notes, today
        self._awake, _asleep = _told_apart(found, notes, today)
        self.line = _line(found, len(self._awake), [])

    def __len__(self) -> int:
        return len(self._awake)

    @overload
    def __getitem__(self, part: int) -> Item: ...
    @overload
    def __getitem__(self, part: slice) -> list[Item]: ...
    def __getitem__(self, part: int | slice) -> Item | list[Item]:
        if isinstance(part, int):
            return self[part : part + 1 or None][0]
        return _noted(self._found.say(self._awake[part]), self._notes, self._today)


def line_of(programme: Programme, kind: str, now: datetime) -> OneLine | None:
    """One line of a desk; none where nothing of the kind waits now."""
    today, notes = people.today_in(programme, now), people.desk_notes_of(programme)
    found = next((one for one in findings_in(programme, now) if one.kind == kind), None)
    if found is None or _rests_until(notes.get(found.key), today) is not None:
        return None
    line = OneLine(found, notes, today)
    return line if len(line) else None


def _told_apart(found: Found, notes: dict[str, DeskNote], today: date) -> tuple[list[int], list[int]]:
    """The places of those awake, and of those at rest."""
    awake: list[int] = []
    asleep: list[int] = []
    for place, key in enumerate(found.keys):
        (awake if _rests_until(notes.get(key), today) is None else asleep).append(place)
    return awake, asleep


def _line(found: Found, count: int, items: list[Item]) -> Line:
    return Line(found.kind, found.title(count), found.action, found.url, count, tuple(items), found.decide)


def _noted(items: list[Item], notes: dict[str, DeskNote], today: date) -> list[Item]:
    """Lay what coordinators said over what was found."""
    return [
        replace(item, taken_by=note.taken_by, resting_until=_rests_until(note, today))
        if (note := notes.get(item.key)) is not None else item
        for item in items
    ]  # fmt: skip


def _rests_until(note: DeskNote | None, today: date) -> date | None:
    return note.snoozed_until if note and note.snoozed_until and note.snoozed_until > today else None
