"""A sweep: every allowed pair looked at, a block of mentees at a time, and those taken down that beat the prices."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import numpy as np

from matchengine.field import Field
from matchengine.kernels import pairs_above_prices
from matchengine.shares import BLOCK, Ints
from matchengine.solvers.crew import Block, Crew, Found, Terms, Worth
from matchengine.solvers.pairs import Pairs
from matchengine.strips import SHUT


class Sweep:
    """All pairs of `rows` against prices, block by block. Mentors without a free seat are left out."""

    def __init__(self, pairs: Pairs, rows: Ints, seats: Ints, crew: Crew, step: Callable[[int, int], None]) -> None:
        self.pairs, self.people, self.open, self.crew, self.step = pairs, rows, seats > 0, crew, step
        self.shut = np.where(self.open, np.uint8(0), np.uint8(SHUT))
        self.blocks = max(1, BLOCK // max(1, len(seats)))
        self.sweeps = 0

    def run(self, worth: Worth, prices: Ints, gains: Ints, keep: int, at_nothing: int | None = None) -> Found:
        """Every pair that is worth more than its gain (n) and price (m), the `keep` most telling of each row, of those
        without gain `at_nothing`."""
        field, n = self.pairs.field, len(self.people)
        terms = Terms(worth, prices.astype(np.int32), self.shut, field.floor, field.all_alike, keep, at_nothing or keep)
        blocks = [
            Block(at, self.people[at : at + self.blocks], gains[at : at + self.blocks])
            for at in range(0, n, self.blocks)
        ]
        parts = []
        with closing(self.crew.each(look, field, terms, blocks)) as found:
            for part in found:
                parts.append(part)
                self._tell(len(parts) / len(blocks))
        self.sweeps += 1
        if not parts:
            none = np.zeros(0, dtype=np.int32)
            return Found(none, none, none.astype(np.int16), none.astype(np.int64))
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


def look(field: Field, terms: Terms, block: Block) -> Found:
    """What a sweep on these terms finds in one block."""
    nothing = block.gains == 0
    if terms.keep == terms.at_nothing or not nothing.any():
        return _look_at(field, terms, block, np.arange(len(nothing)), terms.keep)
    parts = [
        _look_at(field, terms, block, np.flatnonzero(~nothing), terms.keep),
        _look_at(field, terms, block, np.flatnonzero(nothing), terms.at_nothing),
    ]
    rows = np.concatenate([part.rows for part in parts])
    order = np.argsort(rows, kind="stable")
    over = np.zeros(len(nothing), dtype=np.int64)
    over[~nothing], over[nothing] = parts[0].over, parts[1].over
    cols, scores = (np.concatenate([getattr(part, name) for part in parts])[order] for name in ("cols", "scores"))
    return Found(rows[order], cols, scores, over)


def _look_at(field: Field, terms: Terms, block: Block, some: Ints, keep: int) -> Found:
    """The same for `some` of a block, by their place in it."""
    strips, people, prices, worth = field.strips, block.people[some], terms.prices, terms.worth
    at, r, m = block.start + some, len(some), len(terms.prices)
    cols = np.full((r, min(keep, m)), -1, dtype=np.int64)
    margins = np.zeros(cols.shape, dtype=np.int64)
    # Spread over the circle of mentors by the golden ratio, so that equals are not all sent to the first.
    first = (at * 2654435769 % 2**32) * m >> 32
    wanted = block.gains[some] - worth.per_pair
    pairs_above_prices(
        people, strips.strips, strips.of, strips.shut, strips.start, strips.values, strips.steps,
        strips.few_start, strips.few_cols, strips.few_points, field.rest(people), field.first_closed, field.closed,
        terms.shut, np.uint8(terms.floor), terms.all_alike, np.int32(worth.per_point), prices,
        wanted.astype(np.int32), first, cols, margins,
    )  # fmt: skip
    row, place = np.nonzero(cols >= 0)
    col = cols[row, place]
    scores = (margins[row, place] + wanted[row] + prices[col]) // worth.per_point
    return Found(
        at[row].astype(np.int32), col.astype(np.int32), scores.astype(np.int16), margins.max(axis=1, initial=0)
    )
