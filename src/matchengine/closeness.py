"""How close two people's answers come, for each kind of criterion, as exact fractions of all pairs at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchengine.problem import Answer, Criterion
from matchengine.shares import Ints, answered, blocks_of, places, set_sizes, shared_counts
from matchengine.text.alike import Alike

Column = Sequence[Answer | None]


@dataclass(frozen=True, slots=True)
class Closeness:
    """How close each of n x m pairs comes, as the fraction `part / whole`; `whole` is n x 1, 1 x m or 1 x 1,
    above 0."""

    part: Ints
    whole: Ints

    @property
    def turned(self) -> Closeness:
        """The same seen from the other side, m x n."""
        return Closeness(self.part.T, self.whole.T)


def closeness(criterion: Criterion, ours: Column, theirs: Column) -> Closeness:
    """What each of n people who wish and each of m who have come to, for every kind but `text`."""
    one = np.ones((1, 1), dtype=np.int64)
    if criterion.kind == "near":
        return _nearness(criterion, ours, theirs)
    shared = shared_counts(ours, theirs)
    if criterion.kind in ("same", "preference"):
        return Closeness((shared > 0).astype(np.int64), one)
    if criterion.kind == "different":
        known = answered(ours)[:, None] & answered(theirs)[None, :]
        return Closeness(((shared == 0) & known).astype(np.int64), one)
    wanted = set_sizes(ours)
    whole = np.maximum(1, np.minimum(wanted, criterion.enough or wanted))[:, None]
    return Closeness(np.minimum(shared, whole), whole)


def likeness_part(alike: Alike, rows: Ints, columns: Ints) -> Closeness:
    """The fraction of a `text` criterion that these texts on the left come to with these on the right."""
    part = np.clip(alike.thousandths(rows, columns), alike.nothing, alike.everything) - alike.nothing
    return Closeness(part, np.full((1, 1), alike.everything - alike.nothing, dtype=np.int64))


def floor_points(most: Ints, close: Closeness) -> npt.NDArray[np.uint8]:
    """`floor(most * part / whole)` for each of n x m pairs, `most` (n) being at most 100."""
    n, m = close.part.shape
    points = np.zeros((n, m), dtype=np.uint8)
    for rows in blocks_of(n):
        whole = close.whole[rows] if close.whole.shape[0] == n and n > 1 else close.whole
        points[rows] = most[rows, None] * close.part[rows] // whole
    return points


def _nearness(criterion: Criterion, ours: Column, theirs: Column) -> Closeness:
    here, hers = places(ours, criterion.order)
    there, his = places(theirs, criterion.order)
    span = (criterion.span or max(1, len(criterion.order) - 1)) * (1 if criterion.order else 1000)
    part = np.maximum(0, span - np.abs(here[:, None] - there[None, :]))
    part[~(hers[:, None] & his[None, :])] = 0
    return Closeness(part, np.full((1, 1), span, dtype=np.int64))
