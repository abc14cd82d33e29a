"""Several mentors each: the best boards over one matrix, without compiled code.

Places are opened one after the other, the first of everybody before the second of anybody. Each is filled along the
cheapest chain of moves in reduced costs (shortest augmenting paths: E. W. Dijkstra 1959; J. Edmonds, R. M. Karp 1972,
for flows of least cost), in which nobody ever takes a seat with a mentor they sit with already: a pair is an arc of
capacity one. What a place is worth falls from one to the next, so the flow that is best for the places opened so far
fills them in their order. Prices stay whole and only rise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from matchengine.shares import Bools, Ints
from matchengine.solvers.pairs import NEVER, least_prices

FAR = np.int64(1 << 61)


@dataclass(frozen=True, slots=True)
class Boards:
    """`mentors_of[i]`: the columns of mentee i, sorted. `prices` (m) and `gains` (n): whole, none below 0.

    A gain is what the best board of hers is worth above its prices, and the sum of what all boards are worth is the
    sum of gains plus the sum of seats x prices, or less where they are only near the best (`is_near`)."""

    mentors_of: tuple[tuple[int, ...], ...]
    prices: Ints
    gains: Ints
    is_near: bool = False


def best_boards(
    scores: Ints,
    allowed: Bools,
    seats: Ints,
    worths: Sequence[Sequence[int]],
    search: Sequence[Sequence[int]],
    scale: int,
) -> Boards:
    """The best boards of n mentees with m mentors.

    `worths[i]` is what each further place of mentee i is worth beside its score, none more than the one before. The
    match is looked for with `search` in place of them and scores times `scale`, which must have a best that is also
    best for `worths`, and proven with `worths`. Cost: one search for each place, m x (who sits there) for each mentor
    it passes; n x m x 8 bytes twice.

    Example: scores [[5, 3]], all allowed, one seat each, worths [[20, 10]]: both mentors, gain 38, prices 0.
    """
    found = _Search(scores.astype(np.int64) * scale, allowed, seats, search)
    for tier in range(max((len(one) for one in search), default=0)):
        for row, one in enumerate(search):
            if tier < len(one):
                found.open_place(row, one[tier])
    prices = _least(scores.astype(np.int64), allowed, found.sits, worths)
    return Boards(
        tuple(tuple(sorted(one)) for one in found.sits),
        prices,
        np.array([best_gain(scores[i], allowed[i], prices, one) for i, one in enumerate(worths)], dtype=np.int64),
    )


def best_gain(scores: Ints, allowed: Bools, prices: Ints, worths: Sequence[int]) -> int:
    """What the best board at these prices is worth to one mentee above them."""
    margins = np.sort((scores.astype(np.int64) - prices)[allowed])[::-1][: len(worths)].tolist()
    return sum(max(0, worth + margin) for worth, margin in zip(worths, margins, strict=False))


def _least(scores: Ints, allowed: Bools, sits: list[list[int]], worths: Sequence[Sequence[int]]) -> Ints:
    """The least prices that prove these boards: a place is a row, and the mentors she has are closed to it."""
    rows, at = [], []
    for i, one in enumerate(sits):
        value = np.where(allowed[i], scores[i], NEVER)
        value[one] = NEVER
        for column in one:
            rows.append(value.copy())
            rows[-1][column] = scores[i, column]
            at.append(column)
        if len(one) < len(worths[i]):
            rows.append(np.where(value == NEVER, NEVER, value + worths[i][len(one)]))
            at.append(-1)
    if not rows:
        return np.zeros(scores.shape[1], dtype=np.int64)
    return least_prices(np.array(rows), np.array(at, dtype=np.int64))


@dataclass(slots=True)
class _Search:
    """Scores (n x m, scaled), who sits where, and prices under which everybody has the best of boards so far."""

    scores: Ints
    allowed: Bools
    seats: Ints
    worths: Sequence[Sequence[int]]
    sits: list[list[int]] = field(init=False)
    sitters: list[list[int]] = field(init=False)
    prices: Ints = field(init=False)
    reachable: Ints = field(init=False)

    def __post_init__(self) -> None:
        n, m = self.scores.shape
        self.sits, self.sitters = [[] for _ in range(n)], [[] for _ in range(m)]
        self.prices = np.zeros(m, dtype=np.int64)
        # NEVER where a pair is closed, has no seat, or is made already.
        self.reachable = np.where(self.allowed & (self.seats > 0), self.scores, NEVER)

    def open_place(self, row: int, worth: int) -> None:
        """Fill one more place of hers along the cheapest chain, unless leaving it empty is as good."""
        entering = self.prices - self.reachable[row] - worth
        gain = max(0, -int(entering.min(initial=0)))
        if not gain:
            return
        m = len(self.prices)
        distance = np.where(self.reachable[row] == NEVER, FAR, gain + entering)
        through = np.full((m, 2), row, dtype=np.int64)
        through[:, 1] = -1
        settled = np.zeros(m, dtype=np.bool_)
        best, end, leaver = gain, -1, -1
        while True:
            ahead = np.where(settled, FAR, distance)
            at = int(ahead.argmin())
            base = int(ahead[at])
            if base >= best:
                break
            if len(self.sitters[at]) < self.seats[at]:
                best, end, leaver = base, at, -1
                break
            settled[at] = True
            sitters = np.array(self.sitters[at], dtype=np.int64)
            here = self.scores[sitters, at] - self.prices[at]
            stay = here + np.array([self.worths[one][len(self.sits[one]) - 1] for one in self.sitters[at]])
            last = int(stay.argmin())
            if base + int(stay[last]) < best:
                best, end, leaver = base + int(stay[last]), at, int(sitters[last])
            options = self.reachable[sitters]
            costs = np.where(options == NEVER, FAR, base + here[:, None] + self.prices - options)
            who = costs.argmin(axis=0)
            cost = costs[who, np.arange(m)]
            nearer = (cost < distance) & ~settled
            distance[nearer] = cost[nearer]
            through[nearer, 0], through[nearer, 1] = sitters[who[nearer]], at
        raised = settled & (distance < best)
        self.prices[raised] += best - distance[raised]
        if end < 0:
            return
        if leaver >= 0:
            self._part(leaver, end)
        while end >= 0:
            person, before = (int(part) for part in through[end])
            if before >= 0:
                self._part(person, before)
            self._meet(person, end)
            end = before

    def _part(self, row: int, column: int) -> None:
        self.sits[row].remove(column)
        self.sitters[column].remove(row)
        self.reachable[row, column] = self.scores[row, column]

    def _meet(self, row: int, column: int) -> None:
        self.sits[row].append(column)
        self.sitters[column].append(row)
        self.reachable[row, column] = NEVER
