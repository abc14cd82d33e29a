"""The points of having been named: a few mentors for each mentee, never a table of all pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from matchengine.answers import as_words
from matchengine.problem import Answer, Mentee, Mentor
from matchengine.shares import Bools, Ints
from matchengine.strips import Few

Points = npt.NDArray[np.uint8]


def names_in(answer: Answer | None) -> tuple[str, ...]:
    """The ids in an answer in their order, each once, letter for letter as they were written."""
    written = answer if isinstance(answer, tuple) else as_words(answer)
    return tuple(dict.fromkeys(written))


def who_named(answers: Sequence[Answer | None], mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> Bools:
    """Which of n mentees named somebody who is one of these mentors and not themselves."""
    here = {mentor.id for mentor in mentors}
    found = (
        any(name in here and name != mentee.id for name in names_in(answer))
        for answer, mentee in zip(answers, mentees, strict=True)
    )
    return np.fromiter(found, dtype=np.bool_, count=len(mentees))


class ByName:
    """Points kept for the pairs that were named alone: `cols` and `points` of the i-th mentee stand at `start[i]` to
    `start[i + 1]`. The t-th of her names (from 0) brings all of `most`, or with a `span` the part (span - t) / span."""

    def __init__(self, most: Ints, names: Sequence[Answer | None], ids: Sequence[Answer | None], span: int) -> None:
        column = {mentor: at for at, mentor in enumerate(ids)}
        self.mentors = len(ids)
        cols: list[int] = []
        points: list[int] = []
        ends = [0]
        for whole, answer in zip(most.tolist(), names, strict=True):
            for place, name in enumerate(names_in(answer)):
                worth = whole * max(0, span - place) // span if span else whole
                if name in column and worth:
                    cols.append(column[name])
                    points.append(worth)
            ends.append(len(cols))
        self.start, self.cols = np.array(ends, dtype=np.int64), np.array(cols, dtype=np.int64)
        self.points = np.array(points, dtype=np.uint8)

    def rows(self, rows: Ints) -> Points:
        """The points of these r mentees with all m mentors, r x m: nothing but for those they named."""
        found = np.zeros((len(rows), self.mentors), dtype=np.uint8)
        first, many = self.start[rows], np.diff(self.start)[rows]
        before = np.cumsum(many) - many
        at = np.arange(int(many.sum())) + np.repeat(first - before, many)
        found[np.repeat(np.arange(len(rows)), many), self.cols[at]] = self.points[at]
        return found

    def at(self, row: int, column: int) -> int:
        """The points of one pair."""
        mine = slice(int(self.start[row]), int(self.start[row + 1]))
        return int(self.points[mine][self.cols[mine] == column].sum())

    def strips(self) -> Few:
        """The same as they are."""
        return Few(self.start, self.cols, self.points)
