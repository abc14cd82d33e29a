"""The best assignment to seats where each mentee has a list of possible mentors, with whole prices that prove
it. The searches are in `solvers.chains` and `solvers.filling`, the bids for what is nearly best in `solvers.bidding`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchengine.shares import Ints
from matchengine.solvers.bidding import bid, offer
from matchengine.solvers.chains import best_offers, by_mentor, place_all, raise_prices, tight_or_out
from matchengine.solvers.filling import fill_seats

Shorts = npt.NDArray[np.int32]

MOST_BIDS = 300
"""How often each mentee bids at most, on average, before a match that is only nearly best is left as it is."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Who could sit where: the i-th mentee has columns `cols[start[i]:start[i + 1]]`, each worth `worth`,
    all above 0. Of 32 bits, for there are many."""

    start: Ints
    cols: Shorts
    worth: Shorts

    @property
    def people(self) -> int:
        """How many mentees have a list, be it empty."""
        return len(self.start) - 1


@dataclass(frozen=True, slots=True)
class Matched:
    """`mentor_of` (n, -1 for nobody), and prices (m) that prove that it is best: whole, none below 0, 0 where
    a seat is free."""

    mentor_of: Ints
    prices: Ints

    @property
    def unplaced(self) -> int:
        return int((self.mentor_of < 0).sum())


def best_on_lists(lists: Lists, seats: Ints, before: Matched | None = None) -> Matched:
    """The match that maximises the sum of worth.

    `before` is what was best on shorter lists: only those for whom the new entries promise more are placed
    anew. From nothing the prices are the least that prove the match, after `before` any that do. Cost: one
    search for each mentee who is placed, mostly short; the sum of the lists as memory, twice with `before`.
    Example: the lists of one mentee with mentors 0 worth 3 and 1 worth 5: [1], [0, 0].
    """
    n, m = lists.people, len(seats)
    # Nobody needs more seats than there are lists that name them, and one that stays free.
    seats = np.minimum(seats, np.bincount(lists.cols, minlength=m) + 1)
    mentor_of = np.full(n, -1, dtype=np.int64) if before is None else before.mentor_of.copy()
    prices = np.zeros(m, dtype=np.int64) if before is None else before.prices.copy()
    sits_for = np.zeros(n, dtype=np.int64)
    if before is not None:
        tight_or_out(lists.start, lists.cols, lists.worth, prices, mentor_of, sits_for)
    first_seat = np.concatenate(([0], np.cumsum(seats)))
    sitters = np.full(max(1, int(seats.sum())), -1, dtype=np.int64)
    order = np.argsort(mentor_of, kind="stable")
    order = order[mentor_of[order] >= 0]
    taken = np.bincount(mentor_of[order], minlength=m)
    within = np.arange(len(order)) - np.repeat(np.cumsum(taken) - taken, taken)
    sitters[first_seat[mentor_of[order]] + within] = order
    seating = prices, mentor_of, sits_for, taken, sitters, first_seat
    place_all(lists.start, lists.cols.copy(), lists.worth.copy(), seats, *seating)
    if np.any((taken < seats) & (prices > 0)):
        head, rows, values = by_mentor(lists.start, lists.cols, lists.worth, m)
        fill_seats(head, rows, values, seats, *seating)
    return Matched(mentor_of, prices)


def nearly_best_on_lists(lists: Lists, seats: Ints, before: Matched, steps: tuple[int, ...]) -> Matched:
    """A match whose sum of worth is at most n times the last of `steps` below the best, with prices at which nobody
    would gain more than that by sitting elsewhere; free seats cost nothing.

    It begins from `before`, each step from the one before it, at slightly lower prices. Where a step takes more than
    `MOST_BIDS` a mentee it is broken off, and what comes out is no more than a match and prices to go on from. Cost:
    one list read for each bid, mostly some tens a mentee; the sum of the lists as memory.
    Example: the lists of one mentee with mentors 0 worth 3 and 1 worth 5, in steps of 1: [1], [0, 0].
    """
    seats = np.minimum(seats, np.bincount(lists.cols, minlength=len(seats)) + 1)
    first_seat = np.concatenate(([0], np.cumsum(seats)))
    mentor_of, prices = before.mentor_of.copy(), before.prices.copy()
    for step in steps:
        prices = np.maximum(prices - 2 * step, 0)
        bid(lists.start, lists.cols, lists.worth, seats, first_seat, step, MOST_BIDS * lists.people, prices, mentor_of)
        offer(lists.start, lists.cols, lists.worth, seats, step, prices, mentor_of)
    return Matched(mentor_of, prices)


def least_prices_on_lists(lists: Lists, seats: Ints, mentor_of: Ints) -> Ints:
    """The least prices that prove a best match, as `solvers.pairs.least_prices` finds them on matrices.

    Raises ArithmeticError where the match is not best. Cost: each list read as often as its mentor's price
    rises, mostly once or twice.
    """
    sits = np.argsort(mentor_of, kind="stable")
    sits = sits[mentor_of[sits] >= 0]
    first = np.searchsorted(mentor_of[sits], np.arange(len(seats) + 1)).astype(np.int64)
    prices = np.zeros(len(seats), dtype=np.int64)
    if not raise_prices(lists.start, lists.cols, lists.worth, mentor_of, sits, first, prices):
        raise ArithmeticError("the match was not best: its prices rise without end")
    return prices


def gains_on_lists(lists: Lists, prices: Ints) -> Ints:
    """What the best of each list is worth above its price (n), none below 0."""
    gains = np.zeros(lists.people, dtype=np.int64)
    best_offers(lists.start, lists.cols, lists.worth, prices, gains)
    return gains
