"""The shapes the words come in, and the one strict way from a table in a file to a shape."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, time, timedelta
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Shape = TypeVar("Shape")

# Letters that Unicode does not take apart into a plain one and an accent.
PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


class WordsError(ValueError):
    """A file of words that does not hold what it should, and where."""


@dataclass(frozen=True)
class Skill:
    key: str
    label: str


@dataclass(frozen=True)
class Goal:
    key: str
    wish: str
    skills: tuple[str, ...]
    bent: str
    stage: str
    text: str
    site: str = ""


@dataclass(frozen=True)
class Offer:
    key: str
    skills: tuple[str, ...]
    bent: str
    text: str
    meets: str = ""
    trap_for: str = ""
    site: str = ""


@dataclass(frozen=True)
class Name:
    full: str

    def address(self, domain: str) -> str:
        """given.family at the domain, in plain letters."""
        return f"{local_part(self.full)}@{domain}"


@dataclass(frozen=True)
class Site:
    name: str
    country: str
    time_zone: str


@dataclass(frozen=True)
class Department:
    name: str
    titles: tuple[str, ...]


@dataclass(frozen=True)
class Organisation:
    key: str
    name: str
    domain: str
    about: str
    grades: tuple[str, ...]
    sites: tuple[Site, ...]
    departments: tuple[Department, ...]


@dataclass(frozen=True)
class CastMember:
    name: str
    role: str
    organisation: str
    site: str
    department: str
    title: str
    grade: str


@dataclass(frozen=True)
class Hours:
    label: str
    days: tuple[int, ...]
    start: time
    end: time


@dataclass(frozen=True)
class Matching:
    use: str
    weight: int
    meets: str = ""
    steps: int = 0


@dataclass(frozen=True)
class Question:
    key: str
    section: str
    label: str
    help: str
    kind: str
    asked_of: str
    required: bool
    audience: str
    matching: Matching
    options: tuple[str, ...] = ()
    at_most: int = 0
    limit: int = 0
    lowest: int = 0
    highest: int = 0
    lowest_label: str = ""
    highest_label: str = ""
    what_i_help_with: bool = False


@dataclass(frozen=True)
class Targets:
    mentors: int
    mentees: int


@dataclass(frozen=True)
class Rhythm:
    days: int
    minutes: int
    months: int


@dataclass(frozen=True)
class Terms:
    """What the two sides are called."""

    mentor: str
    mentee: str


@dataclass(frozen=True)
class Intake:
    """Days from today."""

    name: str
    signup_opens: int
    signup_closes: int
    matching: int
    start: int
    midterm: int
    closing: int
    end: int


@dataclass(frozen=True)
class Programme:
    slug: str
    name: str
    kind: str
    stage: str
    says: str
    welcome: str
    closing: str
    what_it_is_not: tuple[str, ...]
    terms: tuple[str, ...]
    targets: Targets
    rhythm: Rhythm
    words: Terms
    intake: Intake
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Person:
    name: str
    side: str
    site: str
    department: str
    title: str
    grade: str
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    says: str
    why: str = ""


@dataclass(frozen=True)
class Message:
    by: str
    day: int
    at: time
    text: str

    def date(self, today: date) -> date:
        return working_day(self.day, today)


@dataclass(frozen=True)
class AgendaItem:
    kind: str
    title: str
    tried: str
    plan: str
    shared: bool
    talked: bool = False
    rolled: bool = False


@dataclass(frozen=True)
class Meeting:
    """Past when `day` is negative; an answer is yes, no or nothing yet."""

    at: time
    minutes: int
    place: str
    items: tuple[AgendaItem, ...]
    day: int = 0
    weekday: int = 0
    mentee_answer: str = ""
    mentor_answer: str = ""
    mentee_took: str = ""
    mentee_took_shared: bool = False
    mentee_next: str = ""
    mentor_took: str = ""
    mentor_took_shared: bool = False
    mentor_next: str = ""

    def date(self, today: date) -> date:
        return next_weekday(self.weekday, today) if self.weekday else working_day(self.day, today)


@dataclass(frozen=True)
class GoalEntry:
    """A level from -2 to +2 that she noted, or what somebody wrote under the goal."""

    by: str
    day: int
    at: time
    text: str
    level: str = ""


@dataclass(frozen=True)
class LoopGoal:
    """What a mentee wrote down for a loop. `by`, `shared` and `closed_on` are days; 0 is never."""

    kind: str
    what: str
    day: int
    at: time
    entries: tuple[GoalEntry, ...]
    why: str = ""
    known: str = ""
    by: int = 0
    steps: tuple[str, ...] = ()
    done: int = 0
    steps_shared: int = 0
    shared: int = 0
    titled: bool = False
    levels: tuple[str, ...] = ()
    closed: str = ""
    closed_on: int = 0


@dataclass(frozen=True)
class Loop:
    key: str
    mentee: Person
    mentor: Person
    opened: int
    rhythm_days: int
    minutes: int
    place: str
    messages: tuple[Message, ...]
    meetings: tuple[Meeting, ...]
    goals: tuple[LoopGoal, ...]


@dataclass(frozen=True)
class Settled:
    """One step of a pair towards its agreement; nothing is what is left for later."""

    mentee: str
    by: str
    does: str  # keep, send, write, confirm
    day: int
    at: time
    rhythm_days: int = 0
    minutes: int = 0
    hours: int = 0
    hopes: str = ""
    on: str = ""
    off: str = ""
    confidentiality: str = ""
    review: int = 0


@dataclass(frozen=True)
class Resource:
    country: str
    name: str
    kind: str
    phone: str
    address: str
    says: str
    languages: tuple[str, ...]


def record(shape: type[Shape], row: Mapping[str, Any], at: str) -> Shape:
    """The row as that shape, or a WordsError that names the key at fault."""
    hints = get_type_hints(shape)
    wanted = fields(shape)  # type: ignore[arg-type]
    missing = [each.name for each in wanted if each.default is MISSING and each.name not in row]
    unknown = sorted(set(row) - {each.name for each in wanted})
    if missing:
        raise WordsError(f"{at}: {', '.join(missing)} is missing")
    if unknown:
        raise WordsError(f"{at}: {', '.join(unknown)} is not known here")
    return shape(**{key: _value(value, hints[key], f"{at}, {key}") for key, value in row.items()})


def _value(value: Any, wanted: Any, at: str) -> Any:
    if get_origin(wanted) is tuple:
        if not isinstance(value, list | tuple):
            raise WordsError(f"{at}: a list is wanted")
        return tuple(_value(each, get_args(wanted)[0], at) for each in value)
    if wanted is time:
        try:
            return time.fromisoformat(value)
        except (TypeError, ValueError):
            raise WordsError(f"{at}: {value!r} is not a time of day") from None
    if type(value) is not wanted:
        raise WordsError(f"{at}: {value!r} is not of the kind {wanted.__name__}")
    return value


def local_part(full: str) -> str:
    """A name as the first half of an address."""
    plain = unicodedata.normalize("NFKD", full.lower().translate(PLAIN)).encode("ascii", "ignore").decode()
    return ".".join(re.sub(r"[^a-z-]", "", word) for word in plain.split())


def working_day(count: int, today: date) -> date:
    """That many working days before or after today; -1 on a Sunday is Friday."""
    day = today
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while day.isoweekday() > 5:
            day += step
    return day


def next_weekday(weekday: int, today: date) -> date:
    """The first such day after today; 1 is Monday."""
    return today + timedelta(days=(weekday - today.isoweekday() - 1) % 7 + 1)
