"""Which values two groups of people share, counted for all pairs at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matchengine.answers import as_place, as_set
from matchengine.problem import Answer

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Bits = npt.NDArray[np.uint64]

ROWS_AT_ONCE = 256
"""Rows of mentees that are looked at together where all are looked at: a block of them and all mentors is the
largest thing that is made on the way."""

BLOCK = 4_000_000
"""Pairs a thread looks at at once where there are too many for a matrix; two bytes and a few more each."""


def blocks_of(rows: int) -> Iterator[Ints]:
    """The numbers from 0 below `rows`, some at a time. Example: `[len(at) for at in blocks_of(300)]` is [256, 44]."""
    for start in range(0, rows, ROWS_AT_ONCE):
        yield np.arange(start, min(start + ROWS_AT_ONCE, rows))


@dataclass(frozen=True, slots=True)
class Coded:
    """People by the answer they gave: `code` (n) numbers the different ones from 0, `first[c]` is somebody
    who gave the c-th."""

    code: Ints
    first: list[int]


def coded(answers: Sequence[Hashable]) -> Coded:
    """Number the different answers in the order in which they first appear."""
    number: dict[Hashable, int] = {}
    code = np.empty(len(answers), dtype=np.int64)
    first: list[int] = []
    for at, answer in enumerate(answers):
        found = number.setdefault(answer, len(number))
        if found == len(first):
            first.append(at)
        code[at] = found
    return Coded(code, first)


def bits_of(left: Sequence[Answer | None], right: Sequence[Answer | None]) -> tuple[Bits, Bits]:
    """The values that appear on both sides as bits, n x w and m x w words of 64."""
    ours, theirs = [as_set(answer) for answer in left], [as_set(answer) for answer in right]
    place = {value: at for at, value in enumerate(sorted(set().union(*ours) & set().union(*theirs)))}
    return _bits(ours, place), _bits(theirs, place)


def _bits(people: Sequence[frozenset[str]], place: dict[str, int]) -> Bits:
    words = max(1, -(-len(place) // 64))
    bits = np.zeros((len(people), words), dtype=np.uint64)
    for row, values in enumerate(people):
        for value in values:
            at = place.get(value)
            if at is not None:
                bits[row, at // 64] |= np.uint64(1 << (at % 64))
    return bits


def shared_counts(left: Sequence[Answer | None], right: Sequence[Answer | None]) -> Ints:
    """How many values each of n people on the left shares with each of m on the right: n x m, exact.

    Cost: the sum over values of (people who have it left x right), plus n x m for the answer.
    """
    ours, theirs = [as_set(answer) for answer in left], [as_set(answer) for answer in right]
    column = {value: at for at, value in enumerate(sorted(set().union(*ours) & set().union(*theirs)))}
    if not column:
        return np.zeros((len(left), len(right)), dtype=np.int64)
    return (_has(ours, column) @ _has(theirs, column).T).toarray().astype(np.int64, copy=False)


def set_sizes(answers: Sequence[Answer | None]) -> Ints:
    """How many different values each person has."""
    return np.array([len(as_set(answer)) for answer in answers], dtype=np.int64)


def answered(answers: Sequence[Answer | None]) -> Bools:
    """Who said something."""
    return np.array([answer is not None for answer in answers], dtype=np.bool_)


def places(answers: Sequence[Answer | None], order: Sequence[str]) -> tuple[Ints, Bools]:
    """Where each person stands in `order`, or their number in thousandths; and who answered."""
    found = [as_place(answer, order) for answer in answers]
    return np.array([place or 0 for place in found], dtype=np.int64), answered(answers)


def _has(people: Sequence[frozenset[str]], column: dict[str, int]) -> sparse.csr_array:
    rows, columns = [], []
    for row, values in enumerate(people):
        for value in sorted(values):
            if value in column:
                rows.append(row)
                columns.append(column[value])
    ones = np.ones(len(rows), dtype=np.int64)
    return sparse.csr_array((ones, (rows, columns)), shape=(len(people), len(column)))
