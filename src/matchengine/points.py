"""The points one criterion brings: prepared once for everybody, then read for any rows of mentees.

People who gave the same answers score the same, so points are worked out for the different answers there are
and looked up by person. Only where that table would be larger than a dense matrix may be are they worked out
row by row, from bits of the sets or the texts themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from matchengine.answers import answer_of, as_set, as_text
from matchengine.closeness import closeness, floor_points, likeness_part
from matchengine.named import ByName
from matchengine.problem import Answer, Criterion, Meaning, Mentee, Mentor
from matchengine.shares import Ints, answered, bits_of, coded
from matchengine.strips import Counted, Few, Looked, counted, looked_up
from matchengine.text.alike import Alike
from matchengine.text.letters import Likeness
from matchengine.text.meaning import Meanings

Points = npt.NDArray[np.uint8]
Column = Sequence[Answer | None]

SET_KINDS = ("same", "different", "wish", "overlap", "preference")


class Part(Protocol):
    """One criterion ready to be read. Rows are mentees, columns mentors, in the order they were given."""

    def rows(self, rows: Ints) -> Points:
        """The points of these r mentees with all m mentors, r x m. Cost: about a nanosecond a pair."""

    def at(self, row: int, column: int) -> int:
        """The points of one pair."""

    def strips(self) -> Looked | Counted | Few | None:
        """The same as strips of bytes, None where there would be too many."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What one criterion reads of everybody: what each mentee wishes and each mentor has (`ours`, `theirs`),
    and, for a criterion of both sides, what each mentor wishes and each mentee has (`back`, `his`)."""

    criterion: Criterion
    most: Ints
    ours: Column
    theirs: Column
    hers: Column
    his: Column

    def only(self, rows: Sequence[int], columns: Sequence[int] | None = None) -> Sides:
        """The same for some mentees and, if named, some mentors."""
        across = range(len(self.theirs)) if columns is None else columns
        return Sides(
            self.criterion,
            self.most[list(rows)],
            [self.ours[at] for at in rows],
            [self.theirs[at] for at in across],
            [self.hers[at] for at in rows] if self.hers else (),
            [self.his[at] for at in across] if self.his else (),
        )


def sides_of(criterion: Criterion, most: Ints, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> Sides:
    """Everybody's answers to one criterion, `most` (n) being what it can bring each mentee."""
    return Sides(
        criterion,
        most,
        [stated_answer(criterion, mentee) for mentee in mentees],
        [allowed_answer(criterion, mentor) for mentor in mentors],
        [answer_of(one.answers, criterion.mentor_field) for one in mentees] if criterion.both else (),
        [answer_of(one.answers, criterion.mentee) for one in mentors] if criterion.both else (),
    )


def part_of(sides: Sides, largest: int, everybody: Sides | None = None, meaning: Meaning | None = None) -> Part:
    """The points of one criterion, as a table of at most `largest` entries where its answers repeat enough.

    `everybody`: all of the problem, where `sides` are only some of its people. `meaning`: how a model read the texts.
    """
    if sides.criterion.kind == "text":
        return ByText(sides, largest, everybody, meaning)
    if sides.criterion.kind == "named":
        return ByName(sides.most, sides.ours, sides.theirs, sides.criterion.span)
    ours = coded(list(zip(sides.ours, sides.hers or sides.ours, sides.most.tolist(), strict=True)))
    theirs = coded(list(zip(sides.theirs, sides.his or sides.theirs, strict=True)))
    if len(ours.first) * len(theirs.first) <= largest:
        return ByTable(dense_points(sides.only(ours.first, theirs.first)), ours.code, theirs.code)
    return BySets(sides) if sides.criterion.kind in SET_KINDS else ByRule(sides)


def dense_points(sides: Sides) -> Points:
    """Every pair at once: n x m. For `text`, rarity is counted over these people alone."""
    kind = sides.criterion
    points = floor_points(sides.most, closeness(kind, sides.ours, sides.theirs))
    if kind.both:
        back = closeness(kind, sides.his, sides.hers)
        lower = np.minimum(points, floor_points(sides.most, back.turned))
        points = np.where(answered(sides.his)[None, :], lower, points)
    return points


class ByTable:
    """Points looked up: `table` is u x v for the different answers, `code`s say who gave which."""

    def __init__(self, table: Points, ours: Ints, theirs: Ints) -> None:
        self.table, self.ours, self.theirs = table, ours, theirs
        self._plain = len(theirs) == table.shape[1] and bool((theirs == np.arange(len(theirs))).all())

    def rows(self, rows: Ints) -> Points:
        found = self.table[self.ours[rows]]
        return found if self._plain else np.take(found, self.theirs, axis=1)

    def at(self, row: int, column: int) -> int:
        return int(self.table[self.ours[row], self.theirs[column]])

    def strips(self) -> Looked | None:
        return looked_up(self.table, self.ours, self.theirs)


class ByRule:
    """Points worked out anew whenever they are asked for: slow, and never wrong."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides

    def rows(self, rows: Ints) -> Points:
        return dense_points(self.sides.only(rows.tolist()))

    def at(self, row: int, column: int) -> int:
        return int(dense_points(self.sides.only([row], [column]))[0, 0])

    def strips(self) -> None:
        return None


class BySets:
    """Points read off how many values two people share, counted on bits."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides
        self.forth = bits_of(sides.ours, sides.theirs)
        self.lut = _by_count(sides.criterion, sides.most, sides.ours)
        self.blank = ~answered(sides.theirs)
        self.both = sides.criterion.both
        if self.both:
            self.back = bits_of(sides.hers, sides.his)
            self.wanted = _wanted(sides.criterion, sides.his)
            self.wished = answered(sides.his)
            self.unknown = ~answered(sides.hers)

    def rows(self, rows: Ints) -> Points:
        return self._points(rows, slice(None))

    def at(self, row: int, column: int) -> int:
        return int(self._points(np.array([row]), slice(column, column + 1))[0, 0])

    def _points(self, rows: Ints, columns: slice) -> Points:
        from matchengine.kernels import lower_of_both, points_by_count

        only_known = self.sides.criterion.kind == "different"
        blank, theirs = self.blank[columns] & only_known, self.forth[1][columns]
        points = np.empty((len(rows), len(blank)), dtype=np.uint8)
        points_by_count(self.forth[0][rows], theirs, self.lut[rows], blank, points)
        if self.both:
            kind = _COUNTED[self.sides.criterion.kind]
            unknown = self.unknown[rows] & only_known
            most = self.sides.most[rows]
            back, wanted, wished = self.back[1][columns], self.wanted[columns], self.wished[columns]
            lower_of_both(self.back[0][rows], back, most, wanted, wished, unknown, kind, points)
        return points

    def strips(self) -> Counted | None:
        if self.both or self.sides.criterion.kind == "different":
            return None  # here points may also fall as more is shared
        return counted(*self.forth, self.lut)


_COUNTED = {"wish": 0, "overlap": 0, "same": 1, "preference": 1, "different": 2}


def _wanted(criterion: Criterion, wishes: Column) -> Ints:
    sizes = np.array([len(as_set(answer)) for answer in wishes], dtype=np.int64)
    return np.maximum(1, np.minimum(sizes, criterion.enough or sizes))


def _by_count(criterion: Criterion, most: Ints, ours: Column) -> Points:
    """For each mentee the points of sharing 0, 1, 2 ... values, n x (most values + 1)."""
    longest = max((len(as_set(answer)) for answer in ours), default=0)
    counts = np.arange(longest + 1)
    if criterion.kind in ("same", "preference"):
        part, whole = np.minimum(counts, 1)[None, :], np.ones((1, 1), dtype=np.int64)
    elif criterion.kind == "different":
        part, whole = (counts == 0)[None, :] & answered(ours)[:, None], np.ones((1, 1), dtype=np.int64)
    else:
        whole = _wanted(criterion, ours)[:, None]
        part = np.minimum(counts[None, :], whole)
    points: Points = (most[:, None] * part // whole).astype(np.uint8)
    return points


class ByText:
    """Points of how alike two free texts are: in meaning where a model read them, otherwise by letters, whose rarity
    is counted over everybody's texts."""

    def __init__(self, sides: Sides, largest: int, everybody: Sides | None, meaning: Meaning | None) -> None:
        self.most, self._across = sides.most, np.arange(len(sides.theirs))
        among = (*everybody.ours, *everybody.theirs) if everybody else None
        self.forth = _alike(sides.ours, sides.theirs, among, meaning)
        self.wished = answered(sides.his) if sides.criterion.both else None
        if self.wished is not None:
            among = (*everybody.his, *everybody.hers) if everybody else None
            self.back = _alike(sides.his, sides.hers, among, meaning)
        is_small = len(sides.ours) * len(sides.theirs) <= largest
        self._table = self._points(np.arange(len(sides.ours)), self._across) if is_small else None

    def rows(self, rows: Ints) -> Points:
        return self._points(rows, self._across) if self._table is None else self._table[rows]

    def at(self, row: int, column: int) -> int:
        if self._table is not None:
            return int(self._table[row, column])
        return int(self._points(np.array([row]), np.array([column]))[0, 0])

    def strips(self) -> None:
        return None

    def _points(self, rows: Ints, columns: Ints) -> Points:
        points = floor_points(self.most[rows], likeness_part(self.forth, rows, columns))
        if self.wished is not None:
            back = likeness_part(self.back, columns, rows).turned
            wished = self.wished[columns][None, :]
            points = np.where(wished, np.minimum(points, floor_points(self.most[rows], back)), points)
        return points


def _alike(left: Column, right: Column, among: Column | None, meaning: Meaning | None) -> Alike:
    ours, theirs = [as_text(answer) for answer in left], [as_text(answer) for answer in right]
    if meaning is not None:
        return Meanings(meaning, ours, theirs)
    return Likeness(ours, theirs, None if among is None else [as_text(answer) for answer in among])


def stated_answer(criterion: Criterion, mentee: Mentee) -> Answer | None:
    """Her answer, or None where she has not said that this preference should count."""
    if (
        criterion.kind == "preference"
        and criterion.stated
        and not _says(mentee, criterion.stated, criterion.stated_when)
    ):
        return None
    return answer_of(mentee.answers, criterion.mentee)


def allowed_answer(criterion: Criterion, mentor: Mentor) -> Answer | None:
    """His answer, or None where he has not allowed it to be used when a mentee asks; his id where he is named by it."""
    if criterion.kind == "named":
        return mentor.id
    asks = criterion.kind == "preference" and not criterion.given_for_matching
    if asks and not _says(mentor, criterion.allowed, criterion.allowed_when):
        return None
    return answer_of(mentor.answers, criterion.mentor_field)


def _says(person: Mentee | Mentor, field: str, word: str) -> bool:
    return bool(as_set(word) & as_set(answer_of(person.answers, field)))
