"""Points and rules as strips of bytes, one byte a mentor, for looking at all pairs quickly.

Everybody who gave the same answer has the same strip, so a mentee's points with all mentors are the sum of a few
strips, added some dozens of mentors at a time by the processor itself. Points stay below `SHUT`; a byte from there on
is a pair that a rule closes. What would need too many strips is worked out block by block as it is elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchengine.shares import Ints

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int32]

SHUT = 128
"""Above any score."""

MOST_BYTES = 64_000_000
"""What the strips of one criterion or rule may take; they are worked out anew for each block where they are larger."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One strip for each different answer (u x m), and which of them is each mentee's (n)."""

    strips: Bytes
    of: Ints


@dataclass(frozen=True, slots=True)
class Counted:
    """One strip of 0 and 1 for each value a mentor can have (u x m); those of the i-th mentee are
    `values[start[i] : start[i + 1]]`, and the k-th that a mentor shares with her adds `steps[i, k]` points (n x k)."""

    strips: Bytes
    start: Ints
    values: Ints
    steps: Bytes


@dataclass(frozen=True, slots=True)
class Few:
    """Points with a few mentors alone: those of the i-th mentee are `points[start[i] : start[i + 1]]`, with `cols`."""

    start: Ints
    cols: Ints
    points: Bytes


class Strips:
    """All strips of a problem. `of` (n x p) and `shut` (n x s) are the strips that are added, and those that close;
    `counted` (c) criteria are counted: `start` (c x n + 1) into `values`, and `steps` (c x n x k). Points of `few` (f)
    are added one by one: `few_start` (f x n + 1) into `few_cols` and `few_points`."""

    def __init__(
        self, parts: Sequence[Looked | Counted | Few], shut: Sequence[Looked], mentees: int, mentors: int
    ) -> None:
        looked = [part for part in parts if isinstance(part, Looked)]
        counted = [part for part in parts if isinstance(part, Counted)]
        few = [part for part in parts if isinstance(part, Few)]
        kinds: tuple[Looked | Counted, ...] = (*looked, *counted, *shut)
        first = np.cumsum([0, *(len(kind.strips) for kind in kinds)])
        self.strips = np.ascontiguousarray(
            np.concatenate([np.zeros((0, mentors), np.uint8), *(k.strips for k in kinds)])
        )
        at = dict(zip(map(id, kinds), first.tolist(), strict=False))
        self.of = _side_by_side([kind.of + at[id(kind)] for kind in looked], mentees)
        self.shut = _side_by_side([kind.of + at[id(kind)] for kind in shut], mentees)
        longest = max((kind.steps.shape[1] for kind in counted), default=0)
        self.steps = np.zeros((len(counted), mentees, longest), dtype=np.uint8)
        self.start = np.zeros((len(counted), mentees + 1), dtype=np.int64)
        values, sofar = [np.zeros(0, dtype=np.int64)], 0
        for c, kind in enumerate(counted):
            self.steps[c, :, : kind.steps.shape[1]] = kind.steps
            self.start[c] = kind.start + sofar
            values.append(kind.values + at[id(kind)])
            sofar += len(kind.values)
        self.values: Places = np.concatenate(values).astype(np.int32)
        before = np.cumsum([0, *(len(part.cols) for part in few)])
        self.few_start = np.zeros((len(few), mentees + 1), dtype=np.int64)
        for f, part in enumerate(few):
            self.few_start[f] = part.start + before[f]
        self.few_cols: Ints = np.concatenate([np.zeros(0, dtype=np.int64), *(part.cols for part in few)])
        self.few_points: Bytes = np.concatenate([np.zeros(0, dtype=np.uint8), *(part.points for part in few)])


def _side_by_side(columns: Sequence[Ints], mentees: int) -> Places:
    if not columns:
        return np.zeros((mentees, 0), dtype=np.int32)
    return np.ascontiguousarray(np.stack(columns, axis=1).astype(np.int32))


def looked_up(table: Bytes, ours: Ints, theirs: Ints) -> Looked | None:
    """`table` is u x v for different answers, `ours` (n) and `theirs` (m) who gave which. None if it is too large."""
    if table.shape[0] * len(theirs) > MOST_BYTES:
        return None
    return Looked(np.take(table, theirs, axis=1), ours)


def counted(ours: npt.NDArray[np.uint64], theirs: npt.NDArray[np.uint64], points: Bytes) -> Counted | None:
    """Sets as bits (n x w and m x w), `points[i, k]` those of sharing k values, rising from 0. None if too large."""
    if 64 * ours.shape[1] * len(theirs) > MOST_BYTES:
        return None
    row, value = np.nonzero(_single_bits(ours))
    start = np.searchsorted(row, np.arange(len(ours) + 1)).astype(np.int64)
    return Counted(np.ascontiguousarray(_single_bits(theirs).T), start, value, np.diff(points, axis=1))


def _single_bits(words: npt.NDArray[np.uint64]) -> Bytes:
    """n x w words as n x 64 w bits, one byte each."""
    as_bytes = words.astype("<u8", copy=False).view(np.uint8).reshape(len(words), 8 * words.shape[1])
    return np.unpackbits(as_bytes, axis=1, bitorder="little")
