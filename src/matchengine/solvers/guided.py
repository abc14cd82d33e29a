"""The best match over all pairs without ever keeping them: short lists, solved exactly, and sweeps.

A sweep looks at every allowed pair, a block of rows at a time, and takes down those worth more than their
gain and price. When there is none, the prices of the lists prove the match over all pairs (column generation:
L. R. Ford, D. R. Fulkerson 1958; for assignments A. Volgenant 1996). While there are some, each gain raised by the
most that the sweep found above it makes a bound over all pairs, so that the search can stop near enough (`gap`).
Blocks may be swept on any number of threads: each row's finds depend on nothing but the row and the prices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from matchengine.gap import Near
from matchengine.kernels import pairs_above_prices
from matchengine.problem import TOP_SCORE, InvalidProblem
from matchengine.shares import BLOCK, Ints
from matchengine.solvers.lists import Lists, Matched, best_on_lists, gains_on_lists, least_prices_on_lists
from matchengine.solvers.pairs import Assignment, Pairs
from matchengine.solvers.standing import Standing
from matchengine.strips import SHUT

FIRST = 8
"""Candidates on each mentee's list to begin with."""

MORE = 8
"""Candidates a sweep adds to a list at most."""

LARGEST_WORTH = 2**30
"""What a pair may be worth at most, so that it and any price fit into 32 bits: about ten million mentees."""

ROUGH = (4, 4, 4)
"""The first rounds count in so many points: soon prices are near what they will be, which is all they are for."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What a pair counts: score x `per_point` + `per_pair`."""

    per_point: int
    per_pair: int


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs that a sweep took down (rows, columns, scores); and `over` (n): by how much the best of each mentee's
    pairs exceeds her gain and its price, 0 where none does."""

    rows: Ints
    cols: Ints
    scores: Ints
    over: Ints


def best_pairs_guided(
    pairs: Pairs,
    rows: Ints,
    seats: Ints,
    per_person: int,
    *,
    threads: int = 1,
    near: Near | None = None,
    step: Callable[[int, int], None] = lambda done, total: None,
    begun: Standing | None = None,
    keep: Callable[[Standing], None] = lambda standing: None,
) -> Assignment:
    """As `solvers.pairs.best_pairs` for the mentees `rows` (n of them), without the n x m matrix.

    With `near` it may stop early: the match is then the best on its lists, and prices and gains prove over all pairs
    how far below the best possible it is at most. After each round `keep` is told where the search stands, and from
    such a standing, as `begun`, another call goes on to the same end. Cost: a few sweeps of n x m pairs, mostly below a
    nanosecond each, and as many solutions on lists. Memory: the lists, and a block of `BLOCK` pairs for each thread.
    """
    sweep = Sweep(pairs, rows, seats, threads, step)
    # Where a place is worth nothing, a pair of no points equals no pair: prefer more people among equals.
    true = Worth(1, per_person)
    worth = true if per_person else Worth(len(rows) + 1, 1)
    if worth.per_pair + TOP_SCORE * worth.per_point > LARGEST_WORTH:
        raise InvalidProblem(f"{len(rows)} mentees are too many for one round")
    if begun is None:
        found = sweep.run(worth, np.zeros(len(seats), dtype=np.int64), np.zeros(len(rows), dtype=np.int64), FIRST)
        match = Matched(np.full(len(rows), -1, dtype=np.int64), np.zeros(len(seats), dtype=np.int64))
        known, rounds, is_best = _Known.of(found), 0, False
    else:
        match = Matched(begun.mentor_of, begun.prices)
        known, rounds, is_best = _Known(begun.rows, begun.cols, begun.scores), begun.rounds, begun.is_best
        sweep.sweeps = rounds + 1

    def stand() -> None:
        keep(Standing(known.rows, known.cols, known.scores, match.mentor_of, match.prices, rounds, is_best))

    if begun is None:
        stand()
    for points in ROUGH[rounds:]:
        lists = known.lists(worth, len(rows))
        match = _roughly(lists, seats, match, points * worth.per_point)
        found = sweep.run(worth, match.prices, gains_on_lists(lists, match.prices), MORE)
        known, rounds = known.and_also(found), rounds + 1
        stand()
    while not is_best:
        lists = known.lists(worth, len(rows))
        match = best_on_lists(lists, seats, match)
        gains = gains_on_lists(lists, match.prices)
        found = sweep.run(worth, match.prices, gains, MORE)
        if near is not None and len(found.rows):
            enough = _near_enough(near, sweep, seats, worth, true, match, gains, found.over)
            if enough is not None:
                return enough
        known, rounds, is_best = known.and_also(found), rounds + 1, not len(found.rows)
        stand()
    # The match is best. The least of the prices that prove it are the same whichever way it was found.
    while True:
        lists = known.lists(true, len(rows))
        prices = least_prices_on_lists(lists, seats, match.mentor_of)
        gains = gains_on_lists(lists, prices)
        found = sweep.run(true, prices, gains, MORE)
        if not len(found.rows):
            return Assignment(match.mentor_of, np.where(seats > 0, prices, sweep.most_offered(true, gains)), gains)
        known, rounds = known.and_also(found), rounds + 1
        stand()


def _roughly(lists: Lists, seats: Ints, before: Matched, part: int) -> Matched:
    """A match that is best where worth is counted in whole parts of so much, and its prices."""
    start = Matched(before.mentor_of, before.prices // part)
    match = best_on_lists(replace(lists, worth=lists.worth // part), seats, start)
    return Matched(match.mentor_of, match.prices * part)


def _near_enough(
    near: Near, sweep: Sweep, seats: Ints, worth: Worth, true: Worth, match: Matched, gains: Ints, over: Ints
) -> Assignment | None:
    """The match at hand with a bound over all pairs, if that is near enough. `gains` (n) and prices prove it on its
    lists; all pairs are at most `over` (n) above them."""
    prices = match.prices
    placed = int((match.mentor_of >= 0).sum())
    points = (_bound(seats, prices, gains) - worth.per_pair * placed) // worth.per_point
    below = int(over.sum()) // worth.per_point
    if not near.is_met(placed, points, below):
        return None
    gains = gains + over
    if worth != true:
        # The same bound in points alone. Prices are points and a few parts of one, which are only to break ties.
        prices = (2 * prices + worth.per_point) // (2 * worth.per_point)
        gains = sweep.run(true, prices, np.zeros(len(gains), dtype=np.int64), 1).over
        below = _bound(seats, prices, gains) - points
    if not below or not near.is_met(placed, points, below):
        return None
    prices = np.where(seats > 0, prices, sweep.most_offered(true, gains))
    return Assignment(match.mentor_of, prices, gains, is_near=True)


def _bound(seats: Ints, prices: Ints, gains: Ints) -> int:
    return int(gains.sum()) + int((seats * prices).sum())


@dataclass(frozen=True, slots=True)
class _Known:
    """The pairs taken down so far, row by row."""

    rows: Ints
    cols: Ints
    scores: Ints

    @classmethod
    def of(cls, found: Found) -> _Known:
        order = np.lexsort((found.cols, found.rows))
        return cls(found.rows[order], found.cols[order], found.scores[order])

    def and_also(self, found: Found) -> _Known:
        """With what a sweep found new."""
        more = _Known.of(found)
        at = np.searchsorted(self.rows, more.rows, side="right")
        return _Known(
            np.insert(self.rows, at, more.rows),
            np.insert(self.cols, at, more.cols),
            np.insert(self.scores, at, more.scores),
        )

    def lists(self, worth: Worth, people: int) -> Lists:
        start = np.searchsorted(self.rows, np.arange(people + 1)).astype(np.int64)
        return Lists(start, self.cols, self.scores * worth.per_point + worth.per_pair)


class Sweep:
    """All pairs of `rows` against prices, block by block. Mentors without a free seat are left out."""

    def __init__(self, pairs: Pairs, rows: Ints, seats: Ints, threads: int, step: Callable[[int, int], None]) -> None:
        self.pairs, self.people, self.open, self.threads, self.step = pairs, rows, seats > 0, threads, step
        self.shut = np.where(self.open, np.uint8(0), np.uint8(SHUT))
        self.blocks = max(1, BLOCK // max(1, len(seats)))
        self.sweeps = 0

    def run(self, worth: Worth, prices: Ints, gains: Ints, keep: int) -> Found:
        """Every pair that is worth more than its gain (n) and price (m), the `keep` most telling of each row."""
        ranges = [(at, min(at + self.blocks, len(self.people))) for at in range(0, len(self.people), self.blocks)]

        def look(span: tuple[int, int]) -> Found:
            return self._look(np.arange(*span), worth, prices, gains, keep)

        parts = []
        for at, part in enumerate(self._each(look, ranges)):
            self._tell((at + 1) / len(ranges))
            parts.append(part)
        self.sweeps += 1
        if not parts:
            none = np.zeros(0, dtype=np.int64)
            return Found(none, none, none, none)
        return Found(*(np.concatenate([getattr(part, name) for part in parts]) for name in Found.__slots__))

    def _tell(self, done: float) -> None:
        """How far all is, in thousandths that only rise: nobody knows how many sweeps it takes, so each is
        two fifths of what was left."""
        left = 0.6**self.sweeps * (1 - 0.4 * done)
        self.step(int(1000 * (1 - left)), 1000)

    def most_offered(self, worth: Worth, gains: Ints) -> Ints:
        """What a seat with each mentor who has none would be worth to whoever wants it most, given gains (n)."""
        offered = np.zeros(len(self.open), dtype=np.int64)
        closed = np.flatnonzero(~self.open)
        for start in range(0, len(self.people) if len(closed) else 0, self.blocks):
            at = np.arange(start, min(start + self.blocks, len(self.people)))
            scores, allowed = self.pairs.block(self.people[at])
            value = scores[:, closed] * np.int64(worth.per_point) + worth.per_pair
            value[~allowed[:, closed]] = 0
            offered[closed] = np.maximum(offered[closed], (value - gains[at][:, None]).max(axis=0))
        return offered

    def _each(self, look: Callable[[tuple[int, int]], Found], ranges: list[tuple[int, int]]) -> Iterator[Found]:
        """The blocks in their order, at most a few ahead of the one that is wanted."""
        if self.threads == 1:
            yield from map(look, ranges)
            return
        with ThreadPoolExecutor(self.threads) as pool:
            ahead = [pool.submit(look, span) for span in ranges[: 2 * self.threads]]
            for at in range(len(ranges)):
                if at + 2 * self.threads < len(ranges):
                    ahead.append(pool.submit(look, ranges[at + 2 * self.threads]))
                yield ahead.pop(0).result()

    def _look(self, at: Ints, worth: Worth, prices: Ints, gains: Ints, keep: int) -> Found:
        field, strips, people = self.pairs.field, self.pairs.field.strips, self.people[at]
        r, m = len(at), len(self.open)
        cols = np.full((r, min(keep, m)), -1, dtype=np.int64)
        margins = np.zeros(cols.shape, dtype=np.int64)
        # Spread over the circle of mentors by the golden ratio, so that equals are not all sent to the first.
        first = (at * 2654435769 % 2**32) * m >> 32
        wanted = gains[at] - worth.per_pair
        pairs_above_prices(
            people, strips.strips, strips.of, strips.shut, strips.start, strips.values, strips.steps,
            strips.few_start, strips.few_cols, strips.few_points, field.rest(people), field.first_closed, field.closed,
            self.shut, np.uint8(field.floor), field.all_alike, np.int32(worth.per_point), prices.astype(np.int32),
            wanted.astype(np.int32), first, cols, margins,
        )  # fmt: skip
        row, place = np.nonzero(cols >= 0)
        col = cols[row, place]
        scores = (margins[row, place] + wanted[row] + prices[col]) // worth.per_point
        return Found(at[row], col, scores, margins.max(axis=1, initial=0))
