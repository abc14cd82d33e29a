"""Pairs who would both rather have each other than what a match gives them.

A match that is best for all together can leave two people apart who fit each other better than those they were given.
Such a pair is called blocking (D. Gale, L. S. Shapley, "College admissions and the stability of marriage", 1962);
with `stable` there is none. Both sides like a pair for its score.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchengine.problem import InvalidProblem
from matchengine.result import Result
from matchengine.shares import Ints
from matchengine.solve import Table

NOBODY = -1
"""What somebody with a place still empty has to lose: less than any score."""

NOT_MOVING = 32_000
"""What somebody in a pin, or without any seat, would have to be offered: more than any score."""


@dataclass(frozen=True, slots=True)
class Rather:
    """Two people whom no rule keeps apart, and their `score`. `hers` is the score she has now, `his` the
    lowest of those he has; None where her place, or a seat of his, is empty."""

    mentee: str
    mentor: str
    score: int
    hers: int | None
    his: int | None

    @property
    def gain(self) -> int:
        """The points by which the one who gains less would be better off; an empty place counts as 0 points."""
        return self.score - max(self.hers or 0, self.his or 0)


@dataclass(frozen=True, slots=True)
class Rathers:
    """How many such pairs there are, with how many mentees and mentors; `first` are those who gain most."""

    pairs: int
    mentees: int
    mentors: int
    first: tuple[Rather, ...]


def rather_each_other(table: Table, result: Result, most: int = 10) -> Rathers:
    """The pairs of a match of this table, where nobody wants several mentors, who would both rather have each other.

    Pins do not move: who is in one is left out. `first` holds at most `most`, those with the greatest gain first, in
    lottery order among equals. Cost: one look at all pairs. Example: `rather_each_other(Table(problem),
    solve(problem)).pairs` is 0 where everybody has whom they fit best.
    """
    if table.problem.has_boards:
        raise InvalidProblem("whoever wants several mentors has no one pair to give up")
    hers, his = _what_they_have(table, result)
    found: list[tuple[int, int, int, Rather]] = []
    pairs, mentees, mentors = 0, 0, np.zeros(len(table.mentors), dtype=bool)
    for rows, scores, allowed in table.blocks():
        better = allowed & (scores > hers[rows][:, None]) & (scores > his[None, :])
        pairs += int(better.sum())
        mentees += int(better.any(axis=1).sum())
        mentors |= better.any(axis=0)
        gain = scores - np.maximum(np.maximum(hers[rows], 0)[:, None], np.maximum(his, 0)[None, :])
        at, columns = np.nonzero(better)
        best = np.argsort(-gain[at, columns], kind="stable")[:most]
        for one, column in zip(at[best].tolist(), columns[best].tolist(), strict=True):
            row = int(rows[one])
            pair = _rather(table, row, column, int(scores[one, column]), int(hers[row]), int(his[column]))
            found.append((-pair.gain, row, column, pair))
        found = sorted(found, key=lambda one: one[:3])[:most]
    return Rathers(pairs, mentees, int(mentors.sum()), tuple(one[3] for one in found))


def _rather(table: Table, row: int, column: int, score: int, hers: int, his: int) -> Rather:
    return Rather(
        table.mentees[row].id,
        table.mentors[column].id,
        score,
        None if hers == NOBODY else hers,
        None if his == NOBODY else his,
    )


def _what_they_have(table: Table, result: Result) -> tuple[Ints, Ints]:
    """What each mentee (n) and each mentor (m) would give up at the least."""
    hers = np.full(len(table.mentees), NOBODY, dtype=np.int64)
    given: list[list[int]] = [[] for _mentor in table.mentors]
    for pair in result.pairs:
        score = NOT_MOVING if pair.pinned else pair.score
        hers[table.limits.row[pair.mentee]] = score
        given[table.limits.column[pair.mentor]].append(score)
    his = np.full(len(table.mentors), NOBODY, dtype=np.int64)
    for at, mentor in enumerate(table.mentors):
        if len(given[at]) >= mentor.seats:
            his[at] = min(given[at], default=NOT_MOVING)
    return hers, his
