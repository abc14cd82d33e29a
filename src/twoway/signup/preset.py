"""What a guided first programme begins with: one file of words, dates and questions for each kind of programme.

The files in presets/ say at their head what may stand in them. One that says anything else is refused with its
name and the fault, so that it never half works.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from twoway.people.models import Programme
from twoway.signup.models import Question

FOLDER = Path(__file__).parent / "presets"

_ASKED_OF = ("mentee", "mentor", "both")
_PHASES = {
    "signup_opens": "sign_up_opens_on",
    "signup_closes": "sign_up_closes_on",
    "matching": "matching_on",
    "start": "starts_on",
    "midterm": "mid_term_on",
    "closing": "closing_on",
    "end": "ends_on",
}
# How many mentees a mentor takes is asked by every form itself.
ASKED_ANYWAY = frozenset({"capacity"})
PROTECTED = frozenset({"gender", "age", "ethnicity", "disability", "religion", "orientation"})


class PresetFault(Exception):
    """A preset that cannot be used; says which file and why."""


@dataclass(frozen=True)
class PresetQuestion:
    key: str
    section: str
    label: str
    help: str
    kind: str
    asked_of: str
    required: bool
    audience: str
    use: str
    weight: int
    steps: int
    meets: str
    what_i_help_with: bool
    options: tuple[str, ...] = ()
    limits: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Preset:
    kind: str
    label: str
    says: str
    name: str
    welcome: str
    closing: str
    what_it_is_not: str
    terms: str
    wanted_mentors: int
    wanted_mentees: int
    rhythm_days: int
    mentor_word: str
    mentee_word: str
    intake_name: str
    days: dict[str, int]
    skills: tuple[tuple[str, str], ...]
    questions: tuple[PresetQuestion, ...]

    def dates_from(self, today: date) -> dict[str, date]:
        """The dates of the first intake, reckoned from the day on which the programme is made."""
        return {phase: today + timedelta(days=days) for phase, days in self.days.items()}


@cache
def presets() -> dict[str, Preset]:
    """Every kind's preset, in the order in which the kinds are offered."""
    return {kind: read(FOLDER / f"{kind}.toml") for kind in Programme.Kind.values}


def read(path: Path) -> Preset:
    """One preset, checked. Raises PresetFault naming the file."""
    try:
        return _preset(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as fault:
        raise PresetFault(f"{path.name}: {type(fault).__name__}: {fault}") from fault


def _preset(data: dict[str, Any]) -> Preset:
    _only(data, {"preset", "targets", "rhythm", "words", "intake", "skill", "question"}, "the file")
    head, words = data["preset"], data["words"]
    _only(head, {"kind", "name", "label", "says", "welcome", "closing", "what_it_is_not", "terms"}, "[preset]")
    _only(data["rhythm"], {"days"}, "[rhythm]")
    if head["kind"] not in Programme.Kind.values:
        raise ValueError(f"there is no kind of programme called {head['kind']}")
    intake = dict(data["intake"])
    name = intake.pop("name")
    _only(intake, set(_PHASES), "[intake]")
    questions = tuple(_question(row) for row in data["question"] if row["key"] not in ASKED_ANYWAY)
    _check_meetings(questions)
    return Preset(
        kind=head["kind"],
        label=head["label"],
        says=head["says"],
        name=head["name"],
        welcome=head["welcome"],
        closing=head["closing"],
        what_it_is_not=_as_list(head["what_it_is_not"]),
        terms=_as_list(head["terms"]),
        wanted_mentors=data["targets"]["mentors"],
        wanted_mentees=data["targets"]["mentees"],
        rhythm_days=data["rhythm"]["days"],
        mentor_word="" if words["mentor"] == "mentor" else words["mentor"],
        mentee_word="" if words["mentee"] == "mentee" else words["mentee"],
        intake_name=name,
        days={_PHASES[phase]: int(days) for phase, days in intake.items()},
        skills=tuple((row["key"], row["label"]) for row in data["skill"]),
        questions=questions,
    )


def _question(row: dict[str, Any]) -> PresetQuestion:
    known = {
        "key", "section", "label", "help", "kind", "asked_of", "required", "audience", "options", "at_most", "limit",
        "lowest", "highest", "lowest_label", "highest_label", "what_i_help_with", "matching",
    }  # fmt: skip
    _only(row, known, f"question {row['key']}")
    matching = row["matching"]
    _only(matching, {"use", "weight", "meets", "steps"}, f"matching of {row['key']}")
    for name, value, known_values in (
        ("kind", row["kind"], Question.Kind.values),
        ("asked_of", row["asked_of"], _ASKED_OF),
        ("audience", row["audience"], Question.Audience.values),
        ("use", matching["use"], Question.Use.values),
    ):
        if value not in known_values:
            raise ValueError(f"question {row['key']}: there is no {name} called {value}")
    if not 0 <= matching["weight"] <= 10:
        raise ValueError(f"question {row['key']}: a weight is 0 to 10")
    return PresetQuestion(
        key=row["key"],
        section=row["section"],
        label=row["label"],
        help=row["help"],
        kind=row["kind"],
        asked_of=row["asked_of"],
        required=row["required"],
        audience=row["audience"],
        use=matching["use"],
        weight=matching["weight"],
        steps=matching.get("steps", 1),
        meets=matching.get("meets", ""),
        what_i_help_with=row.get("what_i_help_with", False),
        options=tuple(row.get("options", ())),
        limits=_limits(row),
    )


_LIMITS = {
    "limit": "max_length",
    "at_most": "at_most",
    "lowest": "low",
    "highest": "high",
    "lowest_label": "low_label",
    "highest_label": "high_label",
}


def _limits(row: dict[str, Any]) -> dict[str, Any]:
    return {ours: row[theirs] for theirs, ours in _LIMITS.items() if theirs in row}


def _check_meetings(questions: tuple[PresetQuestion, ...]) -> None:
    keys = [question.key for question in questions]
    if len(set(keys)) != len(keys):
        raise ValueError("two questions have the same key")
    lost = sorted({question.meets for question in questions if question.meets} - set(keys))
    if lost:
        raise ValueError(f"meets a question that is not there: {', '.join(lost)}")


def _only(table: dict[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise ValueError(f"{where} has words it should not: {', '.join(unknown)}")


def _as_list(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
