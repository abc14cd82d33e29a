"""Every word the demo is made of, read from the files beside this one.

Whoever builds a stage of the demo asks here for goals, people, forms and conversations, and gets frozen,
typed records. A file with a missing, unknown or wrongly typed key stops the demo with the place of the fault.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from twoway.operate.demo.words.records import (
    AgendaItem,
    CastMember,
    Department,
    Goal,
    GoalEntry,
    Hours,
    Intake,
    Loop,
    LoopGoal,
    Matching,
    Meeting,
    Message,
    Name,
    Offer,
    Organisation,
    Person,
    Programme,
    Question,
    Resource,
    Rhythm,
    Settled,
    Site,
    Skill,
    Targets,
    Terms,
    WordsError,
    record,
)

__all__ = [
    "AgendaItem",
    "CastMember",
    "Department",
    "Goal",
    "GoalEntry",
    "Hours",
    "Intake",
    "Loop",
    "LoopGoal",
    "Matching",
    "Meeting",
    "Message",
    "Name",
    "Offer",
    "Organisation",
    "Person",
    "Programme",
    "Question",
    "Resource",
    "Rhythm",
    "Settled",
    "Site",
    "Skill",
    "Targets",
    "Terms",
    "WordsError",
    "agreements",
    "came_from",
    "cast",
    "goals",
    "harbour_loops",
    "harbour_people",
    "hours",
    "languages",
    "loops",
    "names",
    "offers",
    "organisations",
    "people",
    "programmes",
    "questions_from",
    "skills",
    "support",
    "why_lines",
    "working_styles",
]

FOLDER = Path(__file__).parent


@cache
def skills() -> tuple[Skill, ...]:
    return tuple(record(Skill, row, at) for row, at in _rows("skills.toml", "skill"))


@cache
def goals() -> tuple[Goal, ...]:
    """Every goal once: first one voice of each wish, then the second voices, then the third."""
    found = []
    for row, at in _rows("goals.toml", "goal"):
        voices = _taken(row, "says", at)
        wish = _taken(row, "key", at)
        sites = row.pop("sites", [""] * len(voices))
        if len(sites) != len(voices):
            raise WordsError(f"{at}: as many sites as voices are wanted")
        for number, (text, site) in enumerate(zip(voices, sites, strict=True), start=1):
            said = {**row, "key": f"{wish}-{number}", "wish": wish, "text": text, "site": site}
            found.append((number, record(Goal, said, at)))
    return tuple(goal for _, goal in sorted(found, key=lambda pair: pair[0]))


@cache
def offers() -> tuple[Offer, ...]:
    return tuple(record(Offer, row, at) for row, at in _rows("offers.toml", "offer"))


@cache
def names() -> tuple[Name, ...]:
    return tuple(Name(full) for full in _strings("names.toml", "names"))


@cache
def organisations() -> tuple[Organisation, ...]:
    found = []
    for row, at in _rows("organisations.toml", "organisation"):
        parts = {
            "sites": tuple(record(Site, site, at) for site in _taken(row, "site", at)),
            "departments": tuple(record(Department, unit, at) for unit in _taken(row, "department", at)),
        }
        found.append(record(Organisation, {**row, **parts}, at))
    return tuple(found)


@cache
def cast() -> tuple[CastMember, ...]:
    return tuple(record(CastMember, row, at) for row, at in _rows("organisations.toml", "cast"))


@cache
def languages() -> tuple[str, ...]:
    return _strings("habits.toml", "languages")


@cache
def working_styles() -> tuple[str, ...]:
    return _strings("habits.toml", "working_styles")


@cache
def why_lines() -> tuple[str, ...]:
    return _strings("habits.toml", "why_i_mentor")


@cache
def came_from() -> tuple[str, ...]:
    return _strings("habits.toml", "came_from")


@cache
def hours() -> tuple[Hours, ...]:
    return tuple(record(Hours, row, at) for row, at in _rows("habits.toml", "hours"))


@cache
def programmes() -> tuple[Programme, ...]:
    found = []
    for row, at in _rows("programmes.toml", "programme"):
        parts = {
            "targets": record(Targets, _taken(row, "targets", at), at),
            "rhythm": record(Rhythm, _taken(row, "rhythm", at), at),
            "words": record(Terms, _taken(row, "words", at), at),
            "intake": record(Intake, _taken(row, "intake", at), at),
            "questions": questions_from(_taken(row, "question", at), at),
        }
        found.append(record(Programme, {**row, **parts}, at))
    return tuple(found)


def questions_from(rows: list[dict[str, Any]], at: str) -> tuple[Question, ...]:
    """The questions of one sign-up form, as programmes and presets both write them."""
    found = []
    for row in rows:
        place = f"{at}, question {row.get('key', '?')}"
        matching = record(Matching, row.get("matching", {}), place)
        found.append(record(Question, {**row, "matching": matching}, place))
    return tuple(found)


@cache
def people(file: str = "loops.toml") -> tuple[Person, ...]:
    """Those whose conversations `loops` holds."""
    return tuple(record(Person, row, at) for row, at in _rows(file, "person"))


@cache
def loops(file: str = "loops.toml") -> tuple[Loop, ...]:
    by_name = {person.name: person for person in people(file)}
    found = []
    for row, at in _rows(file, "loop"):
        pair = {side: _taken(row, side, at) for side in ("mentee", "mentor")}
        for name in pair.values():
            if name not in by_name:
                raise WordsError(f"{at}: nobody is called {name}")
        parts = {
            **{side: by_name[name] for side, name in pair.items()},
            "messages": tuple(record(Message, each, at) for each in row.pop("message", [])),
            "meetings": tuple(_meeting(each, at) for each in row.pop("meeting", [])),
            "goals": tuple(_loop_goal(each, at) for each in row.pop("goal", [])),
        }
        found.append(record(Loop, {**row, **parts}, at))
    return tuple(found)


def _meeting(row: dict[str, Any], at: str) -> Meeting:
    items = tuple(record(AgendaItem, item, at) for item in row.pop("item", []))
    return record(Meeting, {**row, "items": items}, at)


def _loop_goal(row: dict[str, Any], at: str) -> LoopGoal:
    entries = tuple(record(GoalEntry, entry, at) for entry in row.pop("entry", []))
    return record(LoopGoal, {**row, "entries": entries}, at)


@cache
def agreements() -> tuple[Settled, ...]:
    """What pairs of `loops` expect of each other, in the order of time."""
    return tuple(record(Settled, row, at) for row, at in _rows("agreements.toml", "step"))


def harbour_people() -> tuple[Person, ...]:
    """The few at the other organisation."""
    return people("harbour.toml")


def harbour_loops() -> tuple[Loop, ...]:
    return loops("harbour.toml")


@cache
def support() -> tuple[Resource, ...]:
    return tuple(record(Resource, row, at) for row, at in _rows("support.toml", "resource"))


def _read(file: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / file).read_text(encoding="utf-8"))


def _rows(file: str, table: str) -> list[tuple[dict[str, Any], str]]:
    """Each row of a table with the words that find it again when it is at fault."""
    rows = _taken(_read(file), table, file)
    called = [row.get("key", row.get("name", number)) for number, row in enumerate(rows, start=1)]
    return [(row, f"{file}, {table} {name}") for row, name in zip(rows, called, strict=True)]


def _strings(file: str, key: str) -> tuple[str, ...]:
    values = _taken(_read(file), key, file)
    if not all(isinstance(value, str) for value in values):
        raise WordsError(f"{file}: {key} holds something that is not text")
    return tuple(values)


def _taken(row: dict[str, Any], key: str, at: str) -> Any:
    """The value, removed from the row so that what is left over can be checked."""
    if key not in row:
        raise WordsError(f"{at}: {key} is missing")
    return row.pop(key)
