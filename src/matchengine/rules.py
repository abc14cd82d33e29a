"""The rules file: which columns say what, what must hold, and what makes a pair good (TOML)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matchengine.problem import CRITERION_KINDS, LIMIT_KINDS, ApartKind, Criterion, Limit

LISTS = ("wish", "overlap", "preference", "named")
"""Kinds whose cells hold several options, parted by `separator`."""


class RulesError(ValueError):
    """The rules file cannot be used; the message names the file and the place."""


@dataclass(frozen=True, slots=True)
class Field:
    """One answer read from a column: as it stands, split at any character of `separator`, or a number."""

    column: str
    separator: str = ""
    is_number: bool = False

    @property
    def name(self) -> str:
        """The name of the answer; differs where one column is read in several ways."""
        if self.is_number:
            return f"{self.column} (number)"
        return f"{self.column} (split at {self.separator})" if self.separator else self.column


@dataclass(frozen=True, slots=True)
class ApartColumn:
    """A column of ids whom a person is kept apart from."""

    column: str
    separator: str
    kind: ApartKind


@dataclass(frozen=True, slots=True)
class Rules:
    """What a rules file says, columns and all."""

    mentee_id: str
    mentor_id: str
    capacity: int
    capacity_column: str
    limits: tuple[Limit, ...]
    criteria: tuple[Criterion, ...]
    apart: tuple[ApartColumn, ...]
    text_cap: int
    both_column: str
    both_value: str
    both_capacity: int
    mentee_fields: tuple[Field, ...]
    mentor_fields: tuple[Field, ...]
    wanted: int = 1
    wanted_column: str = ""
    held_column: str = ""
    matters_column: str = ""

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every way a column is read, each once."""
        return tuple(dict.fromkeys((*self.mentee_fields, *self.mentor_fields)))


def rules_from_toml(path: Path) -> Rules:
    """The rules in a TOML file. Raises RulesError for anything it does not know. See
    docs/use/matchengine.md."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulesError(f"{path.name}: this is not TOML: {error}") from error
    return _Reader(path.name).rules(content)


class _Reader:
    """Reads one rules file and gathers the columns it names."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.mentee_fields: dict[Field, None] = {}
        self.mentor_fields: dict[Field, None] = {}

    def rules(self, content: dict[str, Any]) -> Rules:
        hers = ("mentors_wanted", "mentors_held", "matters_most")
        self._only(content, "the rules", "id", "capacity", "hard", "criterion", "both", "text_cap", *hers)
        mentee_id, mentor_id = self._ids(content.get("id"))
        capacity = content.get("capacity", 1)
        fits = 0 <= capacity <= 1_000_000 if isinstance(capacity, int) else isinstance(capacity, str) and capacity
        if isinstance(capacity, bool) or not fits:
            raise self._error("capacity must be a whole number from 0 to 1000000 or the name of a column")
        wanted = content.get("mentors_wanted", 1)
        fits = 1 <= wanted <= 1_000_000 if isinstance(wanted, int) else isinstance(wanted, str) and wanted
        if isinstance(wanted, bool) or not fits:
            raise self._error("mentors_wanted must be a whole number from 1 to 1000000 or the name of a column")
        both = self._table(content.get("both", {}), "[both]", "column", "value", "capacity")
        hard = list(self._each(content, "hard"))
        return Rules(
            mentee_id=mentee_id,
            mentor_id=mentor_id,
            capacity=capacity if isinstance(capacity, int) else 0,
            capacity_column=capacity if isinstance(capacity, str) else "",
            limits=tuple(self._limit(item, place) for item, place in hard if item.get("kind") != "apart"),
            criteria=tuple(self._criterion(item, place) for item, place in self._each(content, "criterion")),
            apart=tuple(self._apart(item, place) for item, place in hard if item.get("kind") == "apart"),
            text_cap=self._int(content, "the rules", "text_cap", 40),
            both_column=self._str(both, "[both]", "column", "" if "both" not in content else None),
            both_value=self._str(both, "[both]", "value", "yes"),
            both_capacity=self._int(both, "[both]", "capacity", 1),
            mentee_fields=tuple(self.mentee_fields),
            mentor_fields=tuple(self.mentor_fields),
            wanted=wanted if isinstance(wanted, int) else 1,
            wanted_column=wanted if isinstance(wanted, str) else "",
            held_column=self._column(content, "mentors_held"),
            matters_column=self._column(content, "matters_most"),
        )

    def _error(self, message: str) -> RulesError:
        return RulesError(f"{self.file}: {message}")

    def _column(self, content: dict[str, Any], key: str) -> str:
        """A column that may be named, and not by an empty word."""
        return self._str(content, "the rules", key) if key in content else ""

    def _ids(self, value: object) -> tuple[str, str]:
        if isinstance(value, str) and value:
            return value, value
        if isinstance(value, dict):
            table = self._table(value, "id", "mentee", "mentor")
            return self._str(table, "id", "mentee"), self._str(table, "id", "mentor")
        raise self._error("id must name the column that holds each person's id")

    def _each(self, content: Mapping[str, Any], name: str) -> Iterator[tuple[dict[str, Any], str]]:
        items = content.get(name, [])
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise self._error(f"write [[{name}]] with two brackets: there may be several")
        for number, item in enumerate(items, 1):
            yield item, f"[[{name}]] number {number}"

    def _table(self, value: object, place: str, *known: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._error(f"{place} must be a table")
        self._only(value, place, *known)
        return value

    def _only(self, item: Mapping[str, Any], place: str, *known: str) -> None:
        for key in item:
            if key not in known:
                raise self._error(f'{place} does not know "{key}"; it knows {", ".join(known)}')

    def _str(self, item: Mapping[str, Any], place: str, key: str, default: str | None = None) -> str:
        value = item.get(key, default)
        if not isinstance(value, str) or (key not in item and default is None) or (value == "" and default is None):
            raise self._error(f"{place}: {key} must be given as text")
        return value

    def _int(self, item: Mapping[str, Any], place: str, key: str, default: int) -> int:
        value = item.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1_000_000:
            raise self._error(f"{place}: {key} must be a whole number from 0 to {10 if key == 'weight' else 1_000_000}")
        return value

    def _bool(self, item: Mapping[str, Any], place: str, key: str) -> bool:
        value = item.get(key, False)
        if not isinstance(value, bool):
            raise self._error(f"{place}: {key} must be true or false")
        return value

    def _order(self, item: Mapping[str, Any], place: str) -> tuple[str, ...]:
        order = item.get("order", [])
        if not isinstance(order, list) or not all(isinstance(value, str) for value in order):
            raise self._error(f"{place}: order must be a list of texts, lowest first")
        return tuple(order)

    def _columns(self, item: Mapping[str, Any], place: str) -> tuple[str, str]:
        """The mentee's column and the mentor's: `column`, `columns = [hers, his]`, or `mentee` and
        `mentor`."""
        ways = [("column" in item), ("columns" in item), ("mentee" in item or "mentor" in item)]
        if sum(ways) != 1:
            raise self._error(f"{place}: give column, or columns = [mentee's, mentor's], or mentee and mentor")
        if "columns" in item:
            both = item["columns"]
            if not isinstance(both, list) or len(both) != 2 or not all(isinstance(c, str) and c for c in both):
                raise self._error(f"{place}: columns must be the mentee's and the mentor's, two texts")
            return both[0], both[1]
        if "column" in item:
            column = self._str(item, place, "column")
            return column, column
        return self._str(item, place, "mentee"), self._str(item, place, "mentor")

    def _field(self, column: str, separator: str, is_number: bool, *sides: dict[Field, None]) -> str:
        field = Field(column, separator, is_number)
        for side in sides:
            side[field] = None
        return field.name

    def _kind(self, item: Mapping[str, Any], place: str, known: tuple[str, ...]) -> Any:
        kind = item.get("kind")
        if kind not in known:
            raise self._error(f"{place}: {kind!r} is not a kind; there are {', '.join(known)}")
        return kind

    def _limit(self, item: dict[str, Any], place: str) -> Limit:
        kind = self._kind(item, place, (*LIMIT_KINDS, "apart"))
        self._only(
            item,
            place,
            "kind",
            "name",
            "column",
            "columns",
            "mentee",
            "mentor",
            "order",
            "steps",
            "missing",
            "separator",
        )
        hers, his = self._columns(item, place)
        order = self._order(item, place)
        separator, number = self._str(item, place, "separator", ""), kind == "higher" and not order
        missing: Any = self._str(item, place, "missing", "")
        return Limit(
            name=self._str(item, place, "name", hers),
            kind=kind,
            mentee=self._field(hers, separator, number, self.mentee_fields),
            mentor=self._field(his, separator, number, self.mentor_fields),
            order=order,
            steps=self._int(item, place, "steps", 1),
            missing=missing,
        )

    def _apart(self, item: dict[str, Any], place: str) -> ApartColumn:
        self._only(item, place, "kind", "name", "column", "separator", "personal")
        column = self._str(item, place, "column")
        kind: ApartKind = "personal" if self._bool(item, place, "personal") else "organisational"
        return ApartColumn(column, self._str(item, place, "separator", ",;"), kind)

    def _named(self, item: dict[str, Any], place: str) -> Criterion:
        """Mentors whom a mentee names by their ids: there is a column of hers alone."""
        self._only(item, place, "kind", "name", "column", "weight", "span", "separator")
        column = self._str(item, place, "column")
        return Criterion(
            name=self._str(item, place, "name", column),
            kind="named",
            mentee=self._field(column, self._str(item, place, "separator", ",;"), False, self.mentee_fields),
            weight=self._int(item, place, "weight", 5),
            span=self._int(item, place, "span", 0),
        )

    def _criterion(self, item: dict[str, Any], place: str) -> Criterion:
        kind = self._kind(item, place, CRITERION_KINDS)
        if kind == "named":
            return self._named(item, place)
        self._only(
            item,
            place,
            "kind",
            "name",
            "column",
            "columns",
            "mentee",
            "mentor",
            "weight",
            "order",
            "span",
            "enough",
            "both",
            "separator",
            "stated",
            "allowed",
            "given_for_matching",
        )
        hers, his = self._columns(item, place)
        order, both = self._order(item, place), self._bool(item, place, "both")
        separator = self._str(item, place, "separator", ",;" if kind in LISTS else "")
        number = kind == "near" and not order
        mentee_sides = (self.mentee_fields, self.mentor_fields) if both else (self.mentee_fields,)
        mentor_sides = (self.mentor_fields, self.mentee_fields) if both else (self.mentor_fields,)
        stated, stated_when = self._answer(item, place, "stated", self.mentee_fields)
        allowed, allowed_when = self._answer(item, place, "allowed", self.mentor_fields)
        return Criterion(
            name=self._str(item, place, "name", hers),
            kind=kind,
            mentee=self._field(hers, separator, number, *mentee_sides),
            mentor=self._field(his, separator, number, *mentor_sides),
            weight=self._int(item, place, "weight", 5),
            both=both,
            order=order,
            span=self._int(item, place, "span", 0),
            enough=self._int(item, place, "enough", 0),
            stated=stated,
            stated_when=stated_when,
            allowed=allowed,
            allowed_when=allowed_when,
            given_for_matching=self._bool(item, place, "given_for_matching"),
        )

    def _answer(self, item: dict[str, Any], place: str, key: str, side: dict[Field, None]) -> tuple[str, str]:
        """A `{ column = ..., value = ... }` that says yes."""
        if key not in item:
            return "", "yes"
        table = self._table(item[key], f"{place}, {key}", "column", "value")
        column = self._field(self._str(table, f"{place}, {key}", "column"), "", False, side)
        return column, self._str(table, f"{place}, {key}", "value", "yes")
