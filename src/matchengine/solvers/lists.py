"""The best assignment to seats where each mentee has a list of possible mentors, with whole prices that prove
it. The searches are in `solvers.chains`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matchengine.shares import Ints
from matchengine.solvers.chains import best_offers, place_all, raise_prices, tight_or_out
from matchengine.solvers.filling import fill_seats


@dataclass(frozen=True, slots=True)
class Lists:
    """Who could sit where: the i-th mentee has columns `cols[start[i]:start[i + 1]]`, each worth `worth`,
    all above 0."""

    start: Ints
    cols: Ints
    worth: Ints

    @property
    def people(self) -> int:
        """How many mentees have a list, be it empty."""
        return len(self.start) - 1

    @property
    def rows(self) -> Ints:
        """The mentee of each entry."""
        return np.repeat(np.arange(self.people), np.diff(self.start))


@dataclass(frozen=True, slots=True)
class Matched:
    """`mentor_of` (n, -1 for nobody), and prices (m) that prove that it is best: whole, none below 0, 0 where
    a seat is free."""

    mentor_of: Ints
    prices: Ints


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
    first_seat = np.concatenate(([0], np.cumsum(seats)))[:-1].astype(np.int64)
    sitters = np.full(max(1, int(seats.sum())), -1, dtype=np.int64)
    order = np.argsort(mentor_of, kind="stable")
    order = order[mentor_of[order] >= 0]
    taken = np.bincount(mentor_of[order], minlength=m)
    within = np.arange(len(order)) - np.repeat(np.cumsum(taken) - taken, taken)
    sitters[first_seat[mentor_of[order]] + within] = order
    seating = prices, mentor_of, sits_for, taken, sitters, first_seat
    place_all(lists.start, lists.cols.copy(), lists.worth.copy(), seats, *seating)
    if np.any((taken < seats) & (prices > 0)):
        by_mentor = np.argsort(lists.cols, kind="stable")
        head = np.searchsorted(lists.cols[by_mentor], np.arange(m + 1)).astype(np.int64)
        fill_seats(head, lists.rows[by_mentor], lists.worth[by_mentor], seats, *seating)
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
