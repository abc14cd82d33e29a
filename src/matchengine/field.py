"""All pairs of a problem as sweeps (`solvers.sweep`) read them: strips of bytes, and what is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from matchengine.limits import Limits, Rule
from matchengine.points import Part
from matchengine.scoring import Scoring
from matchengine.shares import Ints
from matchengine.strips import SHUT, Bytes, Strips


@dataclass(frozen=True, slots=True)
class Field:
    """The points and rules of n x m pairs: the strips, the parts and rules that have too many of them, and the mentors
    closed to single mentees, those of the i-th `closed[first_closed[i] : first_closed[i + 1]]`.

    Only pairs of `floor` points or more are open; with `all_alike` they are worth no points. These two are terms of a
    search: fields that have the same `strips` are otherwise the same."""

    mentors: int
    strips: Strips
    parts: Sequence[Part]
    rules: Sequence[Rule]
    first_closed: Ints
    closed: Ints
    floor: int = 0
    all_alike: bool = False

    def without(self, cols: Sequence[Sequence[int]]) -> Field:
        """The same with these mentors closed as well, so many of each mentee (n)."""
        more = np.repeat(np.arange(len(cols)), [len(those) for those in cols])
        if not len(more):
            return self
        rows = np.concatenate((np.repeat(np.arange(len(cols)), np.diff(self.first_closed)), more))
        both = np.concatenate((self.closed, [col for those in cols for col in those])).astype(np.int64)
        order = np.argsort(rows, kind="stable")
        first = np.searchsorted(rows[order], np.arange(len(cols) + 1)).astype(np.int64)
        return replace(self, first_closed=first, closed=both[order])

    def rest(self, rows: Ints) -> Bytes:
        """Points of r mentees with all m mentors that no strips have, `SHUT` or more where such a rule closes: r x m,
        or r x 0 where strips have all."""
        if not self.parts and not self.rules:
            return np.zeros((len(rows), 0), dtype=np.uint8)
        points = np.zeros((len(rows), self.mentors), dtype=np.uint8)
        for part in self.parts:
            points += part.rows(rows)
        for rule in self.rules:
            points |= np.where(rule.rows(rows), np.uint8(0), np.uint8(SHUT))
        return points


def field_of(scoring: Scoring, limits: Limits) -> Field:
    """Made once for a problem; some bytes for each person and answer."""
    parts = [(part, part.strips()) for part in scoring.parts]
    rules = [(rule, rule.strips()) for rule in limits.rules.values()]
    mentees, mentors = limits.shape
    strips = Strips([found for _, found in parts if found], [found for _, found in rules if found], mentees, mentors)
    single = {(row, col) for one in limits.single.values() for row, cols in one.items() for col in cols}
    rows, cols = np.array(sorted(single), dtype=np.int64).reshape(-1, 2).T
    return Field(
        mentors,
        strips,
        [part for part, found in parts if found is None],
        [rule for rule, found in rules if found is None],
        np.searchsorted(rows, np.arange(mentees + 1)).astype(np.int64),
        np.ascontiguousarray(cols),
    )
