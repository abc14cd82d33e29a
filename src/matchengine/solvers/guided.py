"""The best match over all pairs without ever keeping them: short lists, solved exactly, and sweeps.

A sweep looks at every allowed pair, a block of rows at a time, and takes down those worth more than their
gain and price. When there is none, the prices of the lists prove the match over all pairs (column generation:
L. R. Ford, D. R. Fulkerson 1958; for assignments A. Volgenant 1996). While there are some, each gain raised by the
most that the sweep found above it makes a bound over all pairs, so that the search can stop near enough (`gap`).
The first rounds need no match that is best, only prices to sweep by: in them people bid for seats (`bidding`).
Any crew may sweep the blocks (`crew`): what is found of a row depends on nothing but the row and the prices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from matchengine.gap import Near
from matchengine.problem import TOP_SCORE, InvalidProblem
from matchengine.shares import Ints
from matchengine.solvers.crew import Crew, Found, Worth
from matchengine.solvers.lists import (
    Lists,
    Matched,
    Shorts,
    best_on_lists,
    gains_on_lists,
    least_prices_on_lists,
    nearly_best_on_lists,
)
from matchengine.solvers.pairs import Assignment, Pairs, Scores
from matchengine.solvers.standing import Standing
from matchengine.solvers.sweep import Sweep

T = TypeVar("T", bound=np.generic)

FIRST = 8
"""Candidates on each mentee's list to begin with."""

MORE = 8
"""Candidates a sweep adds to a list at most."""

MORE_AT_NOTHING = 32
"""And to the list of somebody who would be left with nothing, in the first rounds."""

LARGEST_WORTH = 2**30
"""What a pair may be worth at most, so that it and any price fit into 32 bits: about ten million mentees."""

PART = 8
"""The first rounds are only near the best, and count in such parts of a point: soon prices are near what they will be,
which is all they are for."""

ROUGH = ((64,), *[(32,)] * 12, (8,), (2, 1))
"""The steps of each of these rounds, in parts: how far anybody may be from the best on her list. The middle ones are
passed over as soon as they place few more."""

LAST_ROUGH = 2
"""How many of them come in any case."""

ROUGH_PLACE = TOP_SCORE
"""What a place is worth in these rounds, in points. Where too many want too few, prices need not rise further to show
it."""


def best_pairs_guided(
    pairs: Pairs,
    rows: Ints,
    seats: Ints,
    per_person: int,
    *,
    crew: Crew,
    near: Near | None = None,
    step: Callable[[int, int], None] = lambda done, total: None,
    begun: Standing | None = None,
    keep: Callable[[Standing], None] = lambda standing: None,
) -> Assignment:
    """As `solvers.pairs.best_pairs` for the mentees `rows` (n of them), without the n x m matrix.

    With `near` it may stop early: the match is then the best on its lists, and prices and gains prove over all pairs
    how far below the best possible it is at most. After each round `keep` is told where the search stands, and from
    such a standing, as `begun`, another call goes on to the same end. Cost: a few sweeps of n x m pairs, mostly below a
    nanosecond each, and as many solutions on lists. Memory: the lists, and what the `crew` takes.
    """
    sweep = Sweep(pairs, rows, seats, crew, step)
    # Where a place is worth nothing, a pair of no points equals no pair: prefer more people among equals.
    true = Worth(1, per_person)
    worth = true if per_person else Worth(len(rows) + 1, 1)
    if worth.per_pair + TOP_SCORE * worth.per_point > LARGEST_WORTH:
        raise InvalidProblem(f"{len(rows)} mentees are too many for one round")
    if begun is None:
        found = sweep.run(worth, np.zeros(len(seats), dtype=np.int64), np.zeros(len(rows), dtype=np.int64), FIRST)
        match = Matched(np.full(len(rows), -1, dtype=np.int64), np.zeros(len(seats), dtype=np.int64))
        known, rounds, is_best = Known.of(found), 0, False
    else:
        match = Matched(begun.mentor_of, begun.prices)
        known, rounds, is_best = Known.of(begun), begun.rounds, begun.is_best
        sweep.sweeps = rounds + 1

    def stand() -> None:
        keep(Standing(known.rows, known.cols, known.scores, match.mentor_of, match.prices, rounds, is_best))

    if begun is None:
        stand()
    rough = Worth(PART, ROUGH_PLACE * PART if per_person else 1)
    while rounds < len(ROUGH):
        lists = known.lists(rough, len(rows))
        left = match.unplaced
        match = nearly_best_on_lists(lists, seats, match, ROUGH[rounds])
        found = sweep.run(rough, match.prices, gains_on_lists(lists, match.prices), MORE, MORE_AT_NOTHING)
        known, rounds = known.and_also(found), rounds + 1
        if not match.unplaced or 10 * match.unplaced > 9 * left:
            rounds = max(rounds, len(ROUGH) - LAST_ROUGH)
        if rounds == len(ROUGH):
            match = Matched(match.mentor_of, _in_full(match.prices, worth))
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


def _in_full(prices: Ints, worth: Worth) -> Ints:
    """Prices of the first rounds as those to begin with where a place is worth what it is."""
    points = (prices + PART // 2) // PART
    full = points * worth.per_point
    return np.where(points >= ROUGH_PLACE, full - ROUGH_PLACE + worth.per_pair, full) if worth.per_pair > 1 else full


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
class Known:
    """The pairs taken down so far, row by row."""

    rows: Shorts
    cols: Shorts
    scores: Scores

    @classmethod
    def of(cls, found: Found | Standing) -> Known:
        return cls(found.rows.astype(np.int32), found.cols.astype(np.int32), found.scores.astype(np.int16))

    def and_also(self, found: Found) -> Known:
        """With what a sweep found new, behind what each mentee has."""
        at = np.searchsorted(self.rows, found.rows, side="right") + np.arange(len(found.rows))
        is_old = np.ones(len(self.rows) + len(at), dtype=np.bool_)
        is_old[at] = False

        def both(old: npt.NDArray[T], new: npt.NDArray[T]) -> npt.NDArray[T]:
            whole = np.empty(len(is_old), dtype=old.dtype)
            whole[at], whole[is_old] = new, old
            return whole

        return Known(both(self.rows, found.rows), both(self.cols, found.cols), both(self.scores, found.scores))

    def lists(self, worth: Worth, people: int) -> Lists:
        start = np.searchsorted(self.rows, np.arange(people + 1, dtype=np.int32)).astype(np.int64)
        return Lists(start, self.cols, self.scores * np.int32(worth.per_point) + np.int32(worth.per_pair))
