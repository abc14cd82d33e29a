"""The best boards where each mentee has a list of possible mentors, with whole prices that prove them. The searches are
in `solvers.board_chains` and `solvers.board_filling`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchengine.shares import Bools, Ints
from matchengine.solvers.board_bidding import bid_for_boards, offer_to_boards
from matchengine.solvers.board_chains import place_boards, seat_all, stand_up
from matchengine.solvers.board_filling import (
    board_thresholds,
    entries_by_mentor,
    fill_board_seats,
    raise_board_prices,
)
from matchengine.solvers.lists import MOST_BIDS, Shorts

FEW_LOOKS, MOST_LOOKS = 1_000_000, 10
"""How many entries of the lists are looked at for free seats in a step of the first rounds: as many as nobody feels,
or so often each of them. Where many mentors have the same to offer they go below each other step by step, and a search
settles that sooner."""


@dataclass(frozen=True, slots=True)
class Wants:
    """How many `places` each mentee has to fill (n), the level of the `first` of them (n), and what a place of each
    level is worth beside its score (`levels`), none more than the one before."""

    places: Ints
    first: Ints
    levels: Ints

    def worth_of(self, has: Ints) -> int:
        """What so many places of each mentee (n) are worth together."""
        before = np.concatenate(([0], np.cumsum(self.levels)))
        return int((before[self.first + has] - before[self.first]).sum())


@dataclass(frozen=True, slots=True)
class BoardLists:
    """Who could sit with whom: entry e is mentee `rows[e]` with column `cols[e]`, worth `worth[e]` beside her place.
    The i-th mentee has those of `start[i]:start[i + 1]`, no mentor twice."""

    start: Ints
    rows: Shorts
    cols: Shorts
    worth: Shorts

    @property
    def people(self) -> int:
        """How many mentees have a list, be it empty."""
        return len(self.start) - 1

    def counted(self, sits: Bools) -> Ints:
        """How many entries of each mentee are among these."""
        return np.bincount(self.rows[sits], minlength=self.people)


@dataclass(frozen=True, slots=True)
class Seated:
    """Which entries of the lists sit together (`sits`), and prices (m) that prove that no boards are better: whole,
    none below 0, 0 where a seat is free."""

    sits: Bools
    prices: Ints


def best_boards_on_lists(lists: BoardLists, seats: Ints, wants: Wants, before: Seated) -> Seated:
    """The boards that maximise the sum of worth.

    `before` are boards and prices of shorter lists, or none: whoever these lists offer more at those prices is placed
    anew. From no boards and no prices these are the least that prove the boards. Cost: one search for each place that
    is filled, mostly short; some forty bytes an entry.
    Example: the list of one mentee with two places worth 9 and 4, with mentors 0 worth 3 and 1 worth 5: both sit.
    """
    m = len(seats)
    # Nobody needs more seats than there are lists that name them, and one that stays free.
    seats = np.minimum(seats, np.bincount(lists.cols, minlength=m) + 1)
    sits, prices = before.sits.copy(), before.prices.copy()
    has = lists.counted(sits)
    asked = wants.first, wants.places, wants.levels
    stand_up(lists.start, lists.cols, lists.worth, seats, wants.first, wants.levels, prices, sits, has)
    first_seat = np.concatenate(([0], np.cumsum(seats)))
    taken = np.zeros(m, dtype=np.int64)
    sitters = np.full(max(1, int(seats.sum())), -1, dtype=np.int64)
    slot = np.full(len(sits), -1, dtype=np.int64)
    seat_all(lists.cols, sits, first_seat, taken, sitters, slot)
    entries = lists.start, lists.rows, lists.cols, lists.worth
    place_boards(*entries, seats, *asked, prices, sits, has, taken, sitters, first_seat, slot)
    if np.any((taken < seats) & (prices > 0)):
        head, named = entries_by_mentor(lists.cols, m)
        fill_board_seats(head, named, *entries, seats, *asked, prices, sits, has, taken)
    return Seated(sits, prices)


def nearly_best_boards_on_lists(
    lists: BoardLists, seats: Ints, wants: Wants, before: Seated, steps: tuple[int, ...]
) -> Seated:
    """Boards whose sum of worth is at most as many times the last of `steps` below the best as there are places wanted,
    and prices to go on from; broken off as in `solvers.lists.nearly_best_on_lists`."""
    seats = np.minimum(seats, np.bincount(lists.cols, minlength=len(seats)) + 1)
    first_seat = np.concatenate(([0], np.cumsum(seats)))
    sits, prices = before.sits.copy(), before.prices.copy()
    has = lists.counted(sits)
    entries = lists.start, lists.rows, lists.cols, lists.worth
    asked = wants.first, wants.places, wants.levels
    most, looks = MOST_BIDS * int(wants.places.sum()), max(FEW_LOOKS, MOST_LOOKS * len(lists.cols))
    for step in steps:
        prices = np.maximum(prices - 2 * step, 0)
        bid_for_boards(*entries, seats, first_seat, *asked, step, most, prices, sits, has)
        offer_to_boards(*entries, seats, *asked, step, looks, prices, sits, has)
    return Seated(sits, prices)


def least_board_prices(lists: BoardLists, seats: Ints, wants: Wants, sits: Bools) -> Ints:
    """The least prices that prove best boards, as `solvers.boards` finds them on matrices.

    Raises ArithmeticError where the boards are not best. Cost: as `solvers.lists.least_prices_on_lists`.
    """
    sitting = np.flatnonzero(sits)
    sitting = sitting[np.argsort(lists.cols[sitting], kind="stable")]
    head = np.searchsorted(lists.cols[sitting], np.arange(len(seats) + 1)).astype(np.int64)
    prices = np.zeros(len(seats), dtype=np.int64)
    entries = lists.start, lists.rows, lists.cols, lists.worth
    asked = wants.first, wants.places, wants.levels
    if not raise_board_prices(*entries, *asked, sits, lists.counted(sits), head, sitting, prices):
        raise ArithmeticError("the boards were not best: their prices rise without end")
    return prices


def thresholds_on_lists(lists: BoardLists, wants: Wants, seated: Seated) -> Ints:
    """What a mentor may have above his price, at most, without being a gain for her board (n): as much as the least of
    those on it, and no more than her next place lacks."""
    least = np.zeros(lists.people, dtype=np.int64)
    has = lists.counted(seated.sits)
    asked = wants.first, wants.places, wants.levels
    board_thresholds(lists.start, lists.cols, lists.worth, *asked, seated.sits, has, seated.prices, least)
    return least


def best_at_prices(lists: BoardLists, wants: Wants, prices: Ints) -> tuple[Ints, Ints]:
    """What the best board of each mentee on her list is worth above such prices (n), whoever sits where, and what a
    mentor may have above his price, at most, without being a gain for that (n)."""
    margins = lists.worth.astype(np.int64) - prices[lists.cols]
    order = np.lexsort((-margins, lists.rows))
    rows, margins = lists.rows[order], margins[order]
    place = np.arange(len(rows)) - lists.start[rows]
    asked = place < wants.places[rows]
    rows, margins, place = rows[asked], margins[asked], place[asked]
    brings = margins + wants.levels[wants.first[rows] + place]
    taken = brings > 0
    gains: npt.NDArray[np.int64] = np.zeros(lists.people, dtype=np.int64)
    np.add.at(gains, rows[taken], brings[taken])
    has = np.bincount(rows[taken], minlength=lists.people)
    least: npt.NDArray[np.int64] = np.full(lists.people, np.iinfo(np.int64).max)
    short = has < wants.places
    least[short] = -wants.levels[(wants.first + has)[short]]
    np.minimum.at(least, rows[taken], margins[taken])
    return gains, least


def gains_of_boards(lists: BoardLists, wants: Wants, seated: Seated) -> Ints:
    """What each mentee's board is worth above its prices (n)."""
    gains: npt.NDArray[np.int64] = np.zeros(lists.people, dtype=np.int64)
    at = np.flatnonzero(seated.sits)
    np.add.at(gains, lists.rows[at], lists.worth[at].astype(np.int64) - seated.prices[lists.cols[at]])
    before = np.concatenate(([0], np.cumsum(wants.levels)))
    gains += before[wants.first + lists.counted(seated.sits)] - before[wants.first]
    return gains
