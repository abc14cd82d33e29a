"""What a run leaves behind: enough to prove, without the engine, that its match is valid and best possible.

The published schema is the file `receipt.schema.json` beside this one; `read_schema` returns it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from importlib.resources import files
from typing import Any

from matchengine.canonical import canonical, digest, digest_of_people, rules_of
from matchengine.problem import Problem
from matchengine.result import GAP_UNITS, Result

FORMAT = "matchengine receipt 1"
ENGINE = "1.3.0"
"""The version of the scores and the tie rule. It changes when the same problem may get other points or
pairs."""


class UnreadableReceipt(ValueError):
    """This is not a receipt at all."""


@dataclass(frozen=True, slots=True)
class ReceiptPair:
    """One pair of the match with its score."""

    mentee: str
    mentor: str
    score: int
    pinned: bool


@dataclass(frozen=True, slots=True)
class ReceiptSeat:
    """One mentor's free seats before pins, and the price of one."""

    mentor: str
    seats: int
    price: int


@dataclass(frozen=True, slots=True)
class ReceiptGain:
    """What her place, or places, are worth to one mentee who has one that no pin takes."""

    mentee: str
    gain: int


@dataclass(frozen=True, slots=True)
class ReceiptCover:
    """People of whom every pair in question has one."""

    mentees: tuple[str, ...]
    mentors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReceiptFloor:
    """What every pair reaches, and the two covers that prove that no more people, and no higher floor, can be had."""

    points: int
    most: ReceiptCover
    higher: ReceiptCover


@dataclass(frozen=True, slots=True)
class ReceiptGap:
    """How far below the best possible was allowed, in millionths of the points, and how many points it is at most."""

    asked: int
    points: int


@dataclass(frozen=True, slots=True)
class ReceiptText:
    """Which model read the texts. Without one they were compared by the letters they share, as the engine does."""

    scorer: str
    checksum: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The record of one run. `people`, `rules` and `settings` are sha256 digests, `digest` that of all the
    rest.

    Lists are in lottery order. `value == bound` with prices that no allowed pair beats is the proof; `stable` has
    another, which needs no numbers, and `floor` belongs to `maximin_then_best` alone. `gap` is there only where the
    search stopped early: the bound is then `gap.points` above the value.
    """

    engine: str
    people: str
    rules: str
    settings: str
    objective: str
    seed: int
    per_person: int
    pairs: tuple[ReceiptPair, ...]
    seats: tuple[ReceiptSeat, ...]
    gains: tuple[ReceiptGain, ...]
    value: int
    bound: int
    digest: str
    floor: ReceiptFloor | None = None
    gap: ReceiptGap | None = None
    text: ReceiptText | None = None

    def to_json(self) -> str:
        """The one way to write this receipt: canonical JSON and a line break."""
        return canonical({"format": FORMAT, **_content(self)}) + "\n"


def receipt_of(problem: Problem, result: Result) -> Receipt:
    """The receipt of a result. The same problem, objective and seed give the same bytes.

    Example: `Path("receipt.json").write_text(receipt_of(problem, solve(problem)).to_json())`.
    """
    open_receipt = Receipt(
        engine=ENGINE,
        people=digest_of_people(problem),
        rules=digest(rules_of(problem)),
        settings=settings_digest(ENGINE, result.objective, result.seed, result.gap.asked if result.gap else 0),
        objective=result.objective,
        seed=result.seed,
        per_person=result.per_person,
        pairs=tuple(ReceiptPair(pair.mentee, pair.mentor, pair.score, pair.pinned) for pair in result.pairs),
        seats=tuple(ReceiptSeat(seat.mentor, seat.seats, seat.price) for seat in result.seats),
        gains=tuple(ReceiptGain(mentee, gain) for mentee, gain in result.gains),
        value=result.value,
        bound=result.bound,
        digest="",
        floor=_floor_of(result),
        gap=ReceiptGap(result.gap.asked, result.gap.points) if result.gap else None,
        text=text_of(problem),
    )
    return _sealed(open_receipt)


def text_of(problem: Problem) -> ReceiptText | None:
    """What a receipt says of the model that read a problem's texts."""
    read = problem.meaning
    return None if read is None else ReceiptText(read.scorer, read.checksum)


def settings_digest(engine: str, objective: str, seed: int, gap: int = 0) -> str:
    """The digest of what was asked for beside people and rules; a gap (in millionths) only where there is one."""
    return digest({"engine": engine, "objective": objective, "seed": seed} | ({"gap": gap} if gap else {}))


def seal_of(receipt: Receipt) -> str:
    """The digest over everything in a receipt but its digest."""
    content = _content(receipt)
    del content["digest"]
    return digest(content)


def _content(receipt: Receipt) -> dict[str, Any]:
    """What is written: a floor, a gap and a model that read the texts only where there is one."""
    content = asdict(receipt)
    return {name: value for name, value in content.items() if value is not None}


def _floor_of(result: Result) -> ReceiptFloor | None:
    if result.floor is None:
        return None
    most, higher = (ReceiptCover(cover.mentees, cover.mentors) for cover in (result.floor.most, result.floor.higher))
    return ReceiptFloor(result.floor.points, most, higher)


def _sealed(receipt: Receipt) -> Receipt:
    values = {field.name: getattr(receipt, field.name) for field in fields(receipt)}
    return Receipt(**values | {"digest": seal_of(receipt)})


CHANGED = "this receipt is not written as the engine writes it: it was changed"


def receipt_from_json(text: str) -> Receipt:
    """The receipt a text holds. Raises UnreadableReceipt for anything that is not one to the letter.

    Whether it is true is another question: ask `verify`.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableReceipt(f"this is not JSON: {error}") from error
    if not isinstance(content, dict) or content.pop("format", None) != FORMAT:
        raise UnreadableReceipt(f'this is not a "{FORMAT}"')
    lists = {"pairs": ReceiptPair, "seats": ReceiptSeat, "gains": ReceiptGain}
    try:
        for name, kind in lists.items():
            if not isinstance(content.get(name), list):
                raise UnreadableReceipt(f"{name} must be a list")
            content[name] = tuple(_typed(kind(**item)) for item in content[name])
        if "floor" in content:
            content["floor"] = _read_floor(content["floor"])
        if "gap" in content:
            content["gap"] = _read_gap(content["gap"])
        if "text" in content:
            content["text"] = _typed(ReceiptText(**content["text"]))
        receipt = _typed(Receipt(**content))
    except (TypeError, AttributeError, KeyError) as error:
        raise UnreadableReceipt(CHANGED) from error
    if receipt.to_json() != text:
        raise UnreadableReceipt(CHANGED)
    return receipt


def _read_floor(content: Any) -> ReceiptFloor:
    most, higher = (_read_cover(content.pop(name)) for name in ("most", "higher"))
    floor: ReceiptFloor = _typed(ReceiptFloor(**content, most=most, higher=higher))
    return floor


def _read_gap(content: Any) -> ReceiptGap:
    gap: ReceiptGap = _typed(ReceiptGap(**content))
    if not 0 < gap.asked <= GAP_UNITS or gap.points < 1:
        raise UnreadableReceipt("a gap that is nothing, or more than everything, is not written down")
    return gap


def _read_cover(content: Any) -> ReceiptCover:
    cover = ReceiptCover(**{side: tuple(ids) for side, ids in content.items()})
    if not all(type(one) is str for one in (*cover.mentees, *cover.mentors)):
        raise UnreadableReceipt("a cover names people by their ids")
    return cover


def _typed(item: Any) -> Any:
    """The same item, once each value has its type; strings stand for themselves, bools are not numbers."""
    wanted = {"int": int, "str": str, "bool": bool, "ReceiptCover": ReceiptCover}
    optional = {
        "ReceiptFloor | None": (ReceiptFloor, type(None)),
        "ReceiptGap | None": (ReceiptGap, type(None)),
        "ReceiptText | None": (ReceiptText, type(None)),
    }
    for field in fields(item):
        kinds = optional.get(str(field.type), (wanted.get(str(field.type), tuple),))
        if type(getattr(item, field.name)) not in kinds:
            raise UnreadableReceipt(f"{field.name} is not what it should be")
    return item


def read_schema() -> dict[str, Any]:
    """The published JSON schema of a receipt."""
    schema: dict[str, Any] = json.loads(files("matchengine").joinpath("receipt.schema.json").read_text("utf-8"))
    return schema
