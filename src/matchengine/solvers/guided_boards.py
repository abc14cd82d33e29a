"""The best boards over all pairs without ever keeping them: as `solvers.guided`, where somebody wants several mentors.

At given prices a mentor is a gain for somebody's board if he has more above his price than the least of those on it, or
more than her next place lacks. A sweep takes such pairs down; those on her board are among them and are passed over.
When there are no others, the prices of the lists prove the boards over all pairs. While there are some, her best board
among those on her list and those found is her best of all at these prices, and such gains make a bound over all pairs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from matchengine.gap import Near
from matchengine.problem import TOP_SCORE
from matchengine.shares import Bools, Ints, blocks_of
from matchengine.solvers.board_filling import drop_known
from matchengine.solvers.board_lists import (
    BoardLists,
    Seated,
    Wants,
    best_at_prices,
    best_boards_on_lists,
    gains_of_boards,
    least_board_prices,
    nearly_best_boards_on_lists,
    thresholds_on_lists,
)
from matchengine.solvers.boards import Boards
from matchengine.solvers.crew import Crew, Found, Worth
from matchengine.solvers.guided import (
    FIRST,
    LARGEST_WORTH,
    LAST_ROUGH,
    MORE,
    MORE_AT_NOTHING,
    PART,
    Known,
)
from matchengine.solvers.pairs import Pairs
from matchengine.solvers.standing import Standing
from matchengine.solvers.sweep import Sweep

ROUGH = ((64,), (512, 64, 32), *[(32,)] * 11, (8,), (2, 1))
"""The steps of the first rounds, as in `solvers.guided`. Prices that only show that too many want too few rise in the
second of them, so that begins with long ones."""

ROUGH_PLACE = 2 * TOP_SCORE
"""What a place of the last level is worth in these rounds, in points, one of the level before it twice as much, and so
on: enough to see by a price of what level the places are that bid for a seat."""

BELOW = TOP_SCORE // 2
"""So many points below what a place of some level is worth, a price is still taken to be one for such a place."""


def best_boards_guided(
    pairs: Pairs,
    rows: Ints,
    seats: Ints,
    search: Wants,
    scale: int,
    true: Wants,
    *,
    crew: Crew,
    near: Near | None = None,
    step: Callable[[int, int], None] = lambda done, total: None,
    begun: Standing | None = None,
    keep: Callable[[Standing], None] = lambda standing: None,
) -> Boards:
    """As `solvers.boards.best_boards` for the mentees `rows` (n of them), without the n x m matrix.

    The boards are looked for with `search` and scores times `scale`, which must have best ones that are also best for
    `true` with plain scores, and proven with that; a place and a score must together stay below `LARGEST_WORTH`.
    `near`, `begun` and `keep` are as in `solvers.guided`. Cost and memory are, too, but for some fifty bytes for each
    pair on the lists, and for more time to place people where many want a further mentor.
    """
    sweeps = _Sweeps(pairs, rows, seats, true.places, crew, step)
    n, nothing = len(rows), np.zeros(len(seats), dtype=np.int64)
    if begun is None:
        known = Known.of(sweeps.run(search, scale, nothing, -search.levels[search.first], FIRST, None))
        at = _At(known, Seated(np.zeros(len(known.rows), dtype=np.bool_), nothing), 0, False)
    else:
        at = _At.of(begun)
        taken = np.bincount(at.known.cols[at.seated.sits], minlength=len(seats))
        has = np.bincount(at.known.rows[at.seated.sits], minlength=n)
        if (taken > seats).any() or (has > true.places).any():
            raise ValueError("the search that is to be gone on from has more pairs than seats or places")
        sweeps.go_on_after(at.rounds)

    def stand() -> None:
        known, seated, empty = at.known, at.seated, np.full(n, -1, dtype=np.int64)
        keep(Standing(known.rows, known.cols, known.scores, empty, seated.prices, at.rounds, at.is_best, seated.sits))

    if begun is None:
        stand()
    rough = _roughly(search, true)
    while at.rounds < len(ROUGH):
        lists = at.lists(PART, n)
        seated = nearly_best_boards_on_lists(lists, seats, rough, at.seated, ROUGH[at.rounds])
        least = thresholds_on_lists(lists, rough, seated)
        found = sweeps.run(rough, PART, seated.prices, least, MORE, at.known, MORE_AT_NOTHING)
        was, now = (int(true.places.sum() - one.sits.sum()) for one in (at.seated, seated))
        at = at.after(seated, found)
        if not now or 10 * now > 9 * was:
            at = replace(at, rounds=max(at.rounds, len(ROUGH) - LAST_ROUGH))
        if at.rounds == len(ROUGH):
            at = replace(at, seated=Seated(at.seated.sits, _in_full(at.seated.prices, search, scale)))
        at = replace(at, is_best=False)
        stand()
    while not at.is_best:
        lists = at.lists(scale, n)
        seated = best_boards_on_lists(lists, seats, search, at.seated)
        least = thresholds_on_lists(lists, search, seated)
        found = sweeps.run(search, scale, seated.prices, least, MORE, at.known)
        at = at.after(seated, found)
        if near is not None and not at.is_best:
            enough = _near_enough(near, sweeps, at, seats, search, scale, true)
            if enough is not None:
                prices, gains, least = enough
                prices = np.where(seats > 0, prices, _most_offered(pairs, rows, seats, least))
                return Boards(_mentors_of(at.lists(1, n), at.seated.sits), prices, gains, is_near=True)
        stand()
    # The boards are best. The least of the prices that prove them are the same whichever way they were found.
    while True:
        lists = at.lists(1, n)
        seated = Seated(at.seated.sits, least_board_prices(lists, seats, true, at.seated.sits))
        least = thresholds_on_lists(lists, true, seated)
        found = sweeps.run(true, 1, seated.prices, least, MORE, at.known)
        if not len(found.rows):
            gains = gains_of_boards(lists, true, seated)
            prices = np.where(seats > 0, seated.prices, _most_offered(pairs, rows, seats, least))
            return Boards(_mentors_of(lists, seated.sits), prices, gains)
        at = at.after(at.seated, found)
        stand()


def _near_enough(
    near: Near, sweeps: _Sweeps, at: _At, seats: Ints, search: Wants, scale: int, true: Wants
) -> tuple[Ints, Ints, Ints] | None:
    """If the boards at hand are near enough: prices and gains (n) of a bound over all pairs, and what a mentor may have
    above his price without being a gain (n). The lists have what was found above the prices."""
    n = len(true.places)
    lists = at.lists(1, n)
    places = int(true.worth_of(lists.counted(at.seated.sits)))
    placed = places // near.per_person if near.per_person else 0
    points = int(lists.worth[at.seated.sits].sum())
    prices = at.seated.prices
    if scale > 1:
        # The same bound in points alone, as in `solvers.guided`.
        prices = (2 * prices + scale) // (2 * scale)
    gains, least = best_at_prices(lists, true, prices)
    if not near.is_met(placed, points, int(gains.sum()) + int((seats * prices).sum()) - places - points):
        return None
    if scale > 1:
        lists = at.after(at.seated, sweeps.run(true, 1, prices, least, MORE, at.known)).lists(1, n)
        gains, least = best_at_prices(lists, true, prices)
    below = int(gains.sum()) + int((seats * prices).sum()) - places - points
    return (prices, gains, least) if below and near.is_met(placed, points, below) else None


def _roughly(search: Wants, true: Wants) -> Wants:
    """What places count in the first rounds, in parts of a point."""
    levels = search.levels
    if true.levels.any():
        levels = ROUGH_PLACE * PART * (len(levels) - np.arange(len(levels), dtype=np.int64))
    return Wants(search.places, search.first, np.minimum(levels, LARGEST_WORTH // 2))


def _in_full(prices: Ints, search: Wants, scale: int) -> Ints:
    """Prices of the first rounds as those to begin with where a place is worth what it is."""
    points = (prices + PART // 2) // PART
    if scale > 1:
        return points * scale
    level = (points + BELOW) // ROUGH_PLACE
    full = level * search.levels[-1] + points - level * ROUGH_PLACE
    return np.clip(full, 0, search.levels[0] + TOP_SCORE)


@dataclass(frozen=True, slots=True)
class _At:
    """Where a search stands."""

    known: Known
    seated: Seated
    rounds: int
    is_best: bool

    @classmethod
    def of(cls, begun: Standing) -> _At:
        if begun.sits is None:
            raise ValueError("this search is one for one mentor each")
        return cls(Known.of(begun), Seated(begun.sits, begun.prices), begun.rounds, begun.is_best)

    def after(self, seated: Seated, found: Found) -> _At:
        """One round on: with these boards, and what a sweep found against them."""
        place = np.searchsorted(self.known.rows, found.rows, side="right")
        sits = np.insert(seated.sits, place, False)
        is_best = self.is_best or not len(found.rows)
        return _At(self.known.and_also(found), Seated(sits, seated.prices), self.rounds + 1, is_best)

    def lists(self, scale: int, people: int) -> BoardLists:
        plain = self.known.lists(Worth(scale, 0), people)
        return BoardLists(plain.start, self.known.rows, plain.cols, plain.worth)


class _Sweeps:
    """All pairs of `rows` against prices. People are swept with others who want about as many: a sweep takes down more
    than is asked for where some are on the boards already."""

    def __init__(
        self, pairs: Pairs, rows: Ints, seats: Ints, places: Ints, crew: Crew, step: Callable[[int, int], None]
    ) -> None:
        self.step, self.shown, self.people = step, 0, len(rows)
        size = np.array([int(number).bit_length() for number in places], dtype=np.int64)
        self.groups = [np.flatnonzero(size == one) for one in np.unique(size)]
        self.most = [int(places[group].max()) for group in self.groups]
        self.sweeps = [Sweep(pairs, rows[group], seats, crew, self._tell) for group in self.groups]

    def go_on_after(self, rounds: int) -> None:
        for sweep in self.sweeps:
            sweep.sweeps = rounds + 1

    def run(
        self,
        wants: Wants,
        scale: int,
        prices: Ints,
        least: Ints,
        keep: int,
        known: Known | None,
        at_nothing: int = 0,
    ) -> Found:
        """The pairs that have most above their price, and more than `least` (n): `keep` of each mentee and as many as
        she wants, but those `known`. At least `at_nothing` of whoever has nothing."""
        worth = Worth(scale, int(wants.levels[0]))  # so that her gain is 0 who lacks a first mentor
        empty = np.zeros(0, dtype=np.int32)
        parts = [Found(empty, empty, empty.astype(np.int16), empty.astype(np.int64))]
        parts += [
            self._of_group(
                sweep.run(worth, prices, least[group] + worth.per_pair, keep + most, max(keep, at_nothing) + most),
                group,
            )
            for group, sweep, most in zip(self.groups, self.sweeps, self.most, strict=True)
        ]
        rows, cols, scores = (np.concatenate([getattr(part, name) for part in parts]) for name in Found.__slots__[:3])
        order = np.argsort(rows, kind="stable")
        if known is not None:
            is_new = np.ones(len(order), dtype=np.bool_)
            drop_known(known.lists(worth, self.people).start, known.cols, rows, cols, is_new)
            order = order[is_new[order]]
        return Found(rows[order], cols[order], scores[order], np.zeros(0, dtype=np.int64))

    @staticmethod
    def _of_group(found: Found, group: Ints) -> Found:
        return Found(group[found.rows].astype(np.int32), found.cols, found.scores, found.over)

    def _tell(self, done: int, total: int) -> None:
        """As far as the first of the groups: the others follow it round by round."""
        self.shown = max(self.shown, done)
        self.step(self.shown, total)


def _mentors_of(lists: BoardLists, sits: Bools) -> tuple[tuple[int, ...], ...]:
    at = np.flatnonzero(sits)
    at = at[np.lexsort((lists.cols[at], lists.rows[at]))]
    ends = np.searchsorted(lists.rows[at], np.arange(lists.people + 1)).tolist()
    cols = lists.cols[at].tolist()
    return tuple(tuple(cols[one:end]) for one, end in pairwise(ends))


def _most_offered(pairs: Pairs, rows: Ints, seats: Ints, least: Ints) -> Ints:
    """What a seat with each mentor who has none would be worth to whoever wants it most."""
    offered = np.zeros(len(seats), dtype=np.int64)
    closed = np.flatnonzero(seats <= 0)
    for at in blocks_of(len(rows)) if len(closed) else ():
        scores, allowed = pairs.block(rows[at])
        above = np.where(allowed[:, closed], scores[:, closed] - least[at][:, None], 0)
        offered[closed] = np.maximum(offered[closed], above.max(axis=0))
    return offered
