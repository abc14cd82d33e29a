"""One way to write a problem down, byte for byte, and its digests."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, fields
from hashlib import sha256
from math import isfinite
from typing import Any, TypeVar

from matchengine.problem import (
    Answers,
    Apart,
    Criterion,
    InvalidProblem,
    Limit,
    Meaning,
    Mentee,
    Mentor,
    Pin,
    Problem,
    Strike,
)

FORMAT = "matchengine problem 1"
T = TypeVar("T")


def canonical(content: object) -> str:
    """JSON with sorted keys, no spaces, everything outside ASCII escaped: one text for one content."""
    return _ENCODER.encode(content)


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest(content: object) -> str:
    """The sha256 of the canonical JSON, in hexadecimal."""
    return sha256(canonical(content).encode("ascii")).hexdigest()


def problem_to_json(problem: Problem) -> str:
    """The problem as canonical JSON: the same people and rules give the same text whatever their order.

    Only criteria and limits keep their order: it is the order of the reasons. Ends with a line break.
    Example: `Path("problem.json").write_text(problem_to_json(problem))`.
    """
    return canonical({"format": FORMAT, **people_of(problem), **rules_of(problem)}) + "\n"


def people_of(problem: Problem) -> dict[str, Any]:
    """The people part as plain JSON values, in the order of their ids."""
    return {side: list(people) for side, people in _sides_of(problem)}


def digest_of_people(problem: Problem) -> str:
    """`digest(people_of(problem))`, one person after the other: never all of them as text."""
    whole = sha256()
    for at_side, (side, people) in enumerate(_sides_of(problem)):
        whole.update(f'{"," if at_side else "{"}"{side}":['.encode("ascii"))
        for at, person in enumerate(people):
            whole.update(f"{',' if at else ''}{canonical(person)}".encode("ascii"))
        whole.update(b"]")
    whole.update(b"}")
    return whole.hexdigest()


def _sides_of(problem: Problem) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """Both sides in the order of their names, and each in that of its ids."""
    yield (
        "mentees",
        (
            {"id": mentee.id, "answers": _written(mentee.answers), **_rest_written(mentee)}
            for mentee in sorted(problem.mentees, key=lambda one: one.id)
        ),
    )
    yield (
        "mentors",
        (
            {"id": one.id, "answers": _written(one.answers), "capacity": one.capacity, "used": one.used}
            for one in sorted(problem.mentors, key=lambda one: one.id)
        ),
    )


def _rest_written(mentee: Mentee) -> dict[str, Any]:
    """Only what she has beside her answers: of all others the same is written as ever."""
    wanted = {"wanted": mentee.wanted} if mentee.wanted != 1 else {}
    held = {"holds": sorted(mentee.holds)} if mentee.holds else {}
    return wanted | held | ({"matters_most": mentee.matters_most} if mentee.matters_most else {})


def rules_of(problem: Problem) -> dict[str, Any]:
    """Everything but the people as plain JSON values."""
    written = {
        "limits": [asdict(limit) for limit in problem.limits],
        "criteria": [asdict(criterion) for criterion in problem.criteria],
        "apart": sorted((asdict(apart) for apart in problem.apart), key=canonical),
        "pins": sorted((asdict(pin) for pin in problem.pins), key=canonical),
        "strikes": sorted((asdict(strike) for strike in problem.strikes), key=canonical),
        "text_cap": problem.text_cap,
        "sources": dict(sorted(problem.sources)),
    }
    return written if problem.meaning is None else written | {"meaning": _meaning_written(problem.meaning)}


def _meaning_written(meaning: Meaning) -> dict[str, Any]:
    vectors = {key: b64encode(vector).decode("ascii") for key, vector in meaning.sentences.items()}
    return {field.name: getattr(meaning, field.name) for field in fields(meaning)} | {"sentences": vectors}


def _written(answers: Answers) -> dict[str, Any]:
    return {field: list(answer) if isinstance(answer, tuple) else answer for field, answer in answers.items()}


def problem_from_json(text: str) -> Problem:
    """The problem a canonical JSON text holds.

    Raises InvalidProblem, naming the place, for anything else, be it only another way to write the same.
    """
    try:
        content = json.loads(text, parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_no_twins)
    except (ValueError, RecursionError) as error:
        raise InvalidProblem(f"this is not JSON: {error}") from error
    content = _object(content, "the problem")
    if content.pop("format", None) != FORMAT:
        raise InvalidProblem(f'this is not a "{FORMAT}"')
    unknown = set(content) - {field.name for field in fields(Problem)}
    if unknown:
        raise InvalidProblem(f"unknown: {', '.join(sorted(unknown))}")
    problem = Problem(
        mentees=_all(content, "mentees", lambda item, at: _build(Mentee, _with_answers(item, at), at)),
        mentors=_all(content, "mentors", lambda item, at: _build(Mentor, _with_answers(item, at), at)),
        limits=_all(content, "limits", lambda item, at: _build(Limit, item, at)),
        criteria=_all(content, "criteria", lambda item, at: _build(Criterion, item, at)),
        apart=_all(content, "apart", lambda item, at: _build(Apart, item, at)),
        pins=_all(content, "pins", lambda item, at: _build(Pin, item, at)),
        strikes=_all(content, "strikes", lambda item, at: _build(Strike, item, at)),
        text_cap=_whole(content.get("text_cap", Problem((), ()).text_cap), "text_cap"),
        sources=tuple(sorted((name, str(of)) for name, of in _object(content.get("sources", {}), "sources").items())),
        meaning=_read_meaning(content["meaning"]) if "meaning" in content else None,
    )
    if problem_to_json(problem) != text:
        raise InvalidProblem("this problem is not written as the engine writes it: it was changed")
    return problem


def _refuse(word: str) -> float:
    raise ValueError(f"{word} is not a number")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if isfinite(number) else _refuse(digits)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is there twice")
    return found


def _object(item: object, place: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise InvalidProblem(f"{place} must be an object")
    return dict(item)


def _whole(item: object, place: str) -> int:
    if not isinstance(item, int) or isinstance(item, bool):
        raise InvalidProblem(f"{place} must be a whole number")
    return item


def _all(content: dict[str, Any], name: str, build: Callable[[dict[str, Any], str], T]) -> tuple[T, ...]:
    items = content.get(name, [])
    if not isinstance(items, list):
        raise InvalidProblem(f"{name} must be a list")
    return tuple(build(_object(item, f"{name}[{at}]"), f"{name}[{at}]") for at, item in enumerate(items))


def _read_meaning(item: object) -> Meaning:
    values = _object(item, "meaning")
    vectors = _object(values.pop("sentences", None), "meaning.sentences")
    try:
        sentences = {key: b64decode(vector, validate=True) for key, vector in vectors.items()}
    except (TypeError, ValueError) as error:
        raise InvalidProblem("meaning.sentences holds something that is not a vector") from error
    return _build(Meaning, values | {"sentences": sentences}, "meaning")


def _with_answers(item: dict[str, Any], place: str) -> dict[str, Any]:
    answers = _object(item.get("answers", {}), f"{place}.answers")
    return item | {"answers": {field: _read(answer) for field, answer in answers.items()}}


def _read(answer: object) -> object:
    return tuple(answer) if isinstance(answer, list) else answer


def _build(kind: Callable[..., T], item: Mapping[str, Any], place: str) -> T:
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in item.items()}
    try:
        built = kind(**values)
    except TypeError as error:
        raise InvalidProblem(f"{place}: {error}") from error
    for name, value in values.items():
        _check_type(kind, name, value, place)
    return built


def _check_type(kind: Callable[..., object], name: str, value: object, place: str) -> None:
    """Each value has the type its dataclass says; annotations are text here, and these few are all there
    are."""
    wanted = str(kind.__annotations__[name])
    if wanted in ("Answers", "Mapping[str, bytes]"):
        return
    fits = {
        "int": isinstance(value, int) and not isinstance(value, bool),
        "bool": isinstance(value, bool),
        "tuple[str, ...]": isinstance(value, tuple) and all(isinstance(part, str) for part in value),
    }.get(wanted, isinstance(value, str))
    if not fits:
        raise InvalidProblem(f"{place}.{name} is not what it should be: {value!r:.60}")
