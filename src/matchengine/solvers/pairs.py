"""One mentor each: the best assignment to seats, and whole prices that prove it.

The match itself is scipy's `linear_sum_assignment` on seats (D. F. Crouse, "On implementing 2D rectangular
assignment algorithms", 2016). It gives no prices, so the least ones are found here as longest paths over the
mentors (L. S. Shapley, M. Shubik, "The assignment game I", 1971: prices form a lattice; its least element is
what one more seat is worth). The least prices do not depend on which of several best matches was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from matchengine.field import Field
from matchengine.problem import TOP_SCORE, Objective
from matchengine.shares import Bools, Ints

Scores = npt.NDArray[np.int16]

NEVER = np.int64(-(1 << 60))

MOST_CELLS = 100_000_000
"""Mentees times seats beyond which no matrix is made: eight bytes each, and as many again on the way."""


class TooManySeats(Exception):
    """The matrix of mentees and seats would be too large, though that of mentees and mentors is not."""


class Pairs(Protocol):
    """Everybody's scores and rules, read by rows."""

    def block(self, rows: Ints) -> tuple[Scores, Bools]:
        """The scores (0 to 100) of these r mentees with all m mentors, and which pairs are allowed, r x m each."""

    @property
    def field(self) -> Field:
        """The same for looking at all of them."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """`mentor_of` (n): a column or -1. `prices` (m) and `gains` (n): whole numbers, none below 0.

    With v = `per_person` + score for allowed pairs: every gain + price >= v, and the sum of v over the
    match is the sum of gains plus the sum of seats x prices, or with `is_near` at most that.
    """

    mentor_of: Ints
    prices: Ints
    gains: Ints
    is_near: bool = False


def value_of_a_place(objective: Objective, people: int, seats: int) -> int:
    """B: what placing one more person is worth beside their score; above any total but for `best_total`."""
    return 0 if objective == "best_total" else TOP_SCORE * min(people, seats) + 1


def best_pairs(scores: Scores, allowed: Bools, seats: Ints, per_person: int) -> Assignment:
    """The best match of n mentees to m mentors with `seats` (m), with prices.

    Maximises the sum of (`per_person` + score); of equally good ones it takes one that places most people.
    Example: scores [[5, 3], [4, 0]], all allowed, one seat each: mentor_of is [1, 0].
    Cost: O(n^2 x seats) at worst, far less in practice; n x seats x 8 bytes, twice. Raises TooManySeats.
    """
    n, m = scores.shape
    if not n or not m:
        return Assignment(np.full(n, -1), np.zeros(m, dtype=np.int64), np.zeros(n, dtype=np.int64))
    value = np.where(allowed, scores + np.int64(per_person), NEVER)
    # Where a place is worth nothing, a pair of no points equals no pair: prefer more people among equals.
    worth = value if per_person else np.where(allowed, scores.astype(np.int64) * (n + 1) + 1, NEVER)
    mentor_of = _assign_to_seats(worth, np.minimum(seats, allowed.sum(axis=0)))
    prices = least_prices(value, mentor_of)
    gains = np.zeros(n, dtype=np.int64)
    placed = np.flatnonzero(mentor_of >= 0)
    gains[placed] = value[placed, mentor_of[placed]] - prices[mentor_of[placed]]
    if (value - prices[None, :] > gains[:, None]).any() or (prices[_with_room(mentor_of, seats)] > 0).any():
        raise ArithmeticError("the proof does not hold: a pair is worth more than its prices")
    return Assignment(mentor_of, prices, gains)


def _with_room(mentor_of: Ints, seats: Ints) -> Bools:
    return np.bincount(mentor_of[mentor_of >= 0], minlength=len(seats)) < seats


def _assign_to_seats(worth: Ints, seats: Ints) -> Ints:
    """Assign with as few copies of each mentor as prove enough: a mentor whose further seats have a price
    gets twice as many and the match is found again."""
    n, m = worth.shape
    shown = seats if seats.sum() <= 2 * n + m else np.minimum(seats, -(-2 * n // m) + 1)
    while True:
        mentor_of = _assign(worth, shown)
        wanted = (least_prices(worth, mentor_of) > 0) & (shown < seats)
        if not wanted.any():
            return mentor_of
        shown = np.where(wanted, np.minimum(seats, 2 * shown), shown)


def _assign(worth: Ints, seats: Ints) -> Ints:
    if worth.shape[0] * int(seats.sum()) > MOST_CELLS:
        raise TooManySeats
    mentor_at = np.repeat(np.arange(len(seats)), seats)
    mentor_of = np.full(worth.shape[0], -1, dtype=np.int64)
    # A closed pair costs what staying without a mentor costs: nothing. Whole numbers below 2^53 stay exact.
    rows, at = linear_sum_assignment(np.maximum(worth, 0)[:, mentor_at].astype(np.float64), maximize=True)
    columns = mentor_at[at]
    open_to_them = worth[rows, columns] >= 0
    mentor_of[rows[open_to_them]] = columns[open_to_them]
    return mentor_of


def least_prices(value: Ints, mentor_of: Ints) -> Ints:
    """The least prices under which nobody would rather sit elsewhere, for a match that is best.

    A seat costs at least what any unplaced mentee would give for it, and at least the price of j less what a
    mentee of j would lose by moving; starting from the former, the latter is passed on until nothing changes
    (R. Bellman 1958). Cost: n x m once, then m x (mentors whose price changed) a round.
    """
    m = value.shape[1]
    prices = np.zeros(m, dtype=np.int64)
    unplaced = mentor_of < 0
    if unplaced.any():
        prices = np.maximum(prices, value[unplaced].max(axis=0))
    full, loss = _loss_of_moving(value, mentor_of)
    changed = np.arange(len(full))
    for _ in range(m + 1):
        if not len(changed):
            return prices
        raised = np.maximum(prices, (prices[full[changed], None] - loss[changed]).max(axis=0))
        changed = np.flatnonzero(raised[full] > prices[full])
        prices = raised
    raise ArithmeticError("the match was not best: its prices rise without end")


def _loss_of_moving(value: Ints, mentor_of: Ints) -> tuple[Ints, Ints]:
    """The mentors who have mentees (k), and for each the least any of theirs would lose with each other (k
    x m)."""
    placed = np.flatnonzero(mentor_of >= 0)
    placed = placed[np.argsort(mentor_of[placed], kind="stable")]
    if not len(placed):
        return np.zeros(0, dtype=np.int64), np.zeros((0, value.shape[1]), dtype=np.int64)
    full, starts = np.unique(mentor_of[placed], return_index=True)
    here = value[placed, mentor_of[placed]]
    return full, np.minimum.reduceat(here[:, None] - value[placed], starts, axis=0)
