"""The best assignment to seats where each mentee has a list of possible mentors, with whole prices that prove
it.

Mentees are placed one after the other, each along the shortest chain of moves in reduced costs, prices kept
whole and tight (E. W. Dijkstra 1959; J. Edmonds, R. M. Karp 1972; for assignments N. Tomizawa 1971). A chain may
end at a free seat, or with somebody who gives up a place that is worth less than what the chain brings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from matchengine.shares import Ints

FAR = np.int64(1 << 62)


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


def best_on_lists(lists: Lists, seats: Ints) -> tuple[Ints, Ints]:
    """`mentor_of` (n, -1 for nobody) that maximises the sum of worth, and prices (m) that prove it.

    Prices are whole, none below 0, 0 where a seat is free. Cost: one search a mentee, mostly short; the sum
    of the lists as memory. Example: lists of one mentee with mentors 0 worth 3 and 1 worth 5: [1], [0, 0].
    """
    m = len(seats)
    prices = np.zeros(m, dtype=np.int64)
    mentor_of = np.full(lists.people, -1, dtype=np.int64)
    first_seat = np.concatenate(([0], np.cumsum(seats)))[:-1].astype(np.int64)
    sitters = np.full(max(1, int(seats.sum())), -1, dtype=np.int64)
    taken = np.zeros(m, dtype=np.int64)
    _place_all(lists.start, lists.cols, lists.worth, seats, prices, mentor_of, taken, sitters, first_seat)
    return mentor_of, prices


def least_prices_on_lists(lists: Lists, seats: Ints, mentor_of: Ints) -> Ints:
    """The least prices that prove a best match, as `solvers.pairs.least_prices` finds them on matrices.

    Raises ArithmeticError where the match is not best. Cost: each list read as often as its mentor's price
    rises, mostly once or twice.
    """
    sits = np.argsort(mentor_of, kind="stable")
    sits = sits[mentor_of[sits] >= 0]
    first = np.searchsorted(mentor_of[sits], np.arange(len(seats) + 1)).astype(np.int64)
    prices = np.zeros(len(seats), dtype=np.int64)
    if not _raise_prices(lists.start, lists.cols, lists.worth, mentor_of, sits, first, prices):
        raise ArithmeticError("the match was not best: its prices rise without end")
    return prices


@njit(cache=True, nogil=True)
def _push(keys, items, size, key, item):  # type: ignore[no-untyped-def]
    at = size
    while at > 0:
        up = (at - 1) >> 1
        if keys[up] <= key:
            break
        keys[at], items[at] = keys[up], items[up]
        at = up
    keys[at], items[at] = key, item
    return size + 1


@njit(cache=True, nogil=True)
def _drop_first(keys, items, size):  # type: ignore[no-untyped-def]
    size -= 1
    key, item = keys[size], items[size]
    at = 0
    while True:
        down = 2 * at + 1
        if down >= size:
            break
        if down + 1 < size and keys[down + 1] < keys[down]:
            down += 1
        if key <= keys[down]:
            break
        keys[at], items[at] = keys[down], items[down]
        at = down
    keys[at], items[at] = key, item
    return size


@njit(cache=True, nogil=True)
def _place_all(start, cols, worth, seats, prices, mentor_of, taken, sitters, first_seat):  # type: ignore[no-untyped-def]
    """Place each mentee in turn; everything from `prices` on is written in place."""
    m = len(seats)
    distance = np.full(m, FAR)
    through = np.full(m, -1, np.int64)
    settled = np.zeros(m, np.bool_)
    touched = np.empty(m, np.int64)
    keys, items = np.empty(1024, np.int64), np.empty(1024, np.int64)
    for source in range(len(start) - 1):
        gain = np.int64(0)
        for e in range(start[source], start[source + 1]):
            gain = max(gain, worth[e] - prices[cols[e]])
        if gain == 0:
            continue
        # The chain that costs least so far: she stays without a mentor and loses her gain.
        best, seat_at, leaver = gain, np.int64(-1), np.int64(-1)
        size, count = 0, 0
        person, here = source, gain
        base = np.int64(0)
        at_mentor = np.int64(-1)
        sitter = 0
        while True:
            # Everybody on this person's list, reached through them.
            for e in range(start[person], start[person + 1]):
                k = cols[e]
                if seats[k] == 0 or settled[k]:
                    continue
                far = base + here + prices[k] - worth[e]
                if far < best and far < distance[k]:
                    if distance[k] == FAR:
                        touched[count] = k
                        count += 1
                    distance[k], through[k] = far, person
                    if size + 1 >= len(keys):
                        keys = np.concatenate((keys, np.empty(len(keys), np.int64)))
                        items = np.concatenate((items, np.empty(len(items), np.int64)))
                    size = _push(keys, items, size, far, k)
            # The next who sits with the mentor at hand, or else the next mentor.
            sitter += 1
            if at_mentor < 0 or sitter >= first_seat[at_mentor] + taken[at_mentor]:
                at_mentor = -1  # type: ignore[assignment]
                while size > 0 and keys[0] < best:
                    near, k = keys[0], items[0]
                    size = _drop_first(keys, items, size)
                    if not settled[k] and near == distance[k]:
                        at_mentor = k
                        break
                if at_mentor < 0:
                    break
                settled[at_mentor] = True
                base = distance[at_mentor]
                if taken[at_mentor] < seats[at_mentor]:
                    best, seat_at, leaver = base, at_mentor, np.int64(-1)
                    break
                sitter = first_seat[at_mentor]
            person = sitters[sitter]
            here = np.int64(0)
            for e in range(start[person], start[person + 1]):
                if cols[e] == at_mentor:
                    here = worth[e] - prices[at_mentor]
                    break
            if base + here < best:
                best, seat_at, leaver = base + here, at_mentor, person
        for t in range(count):
            k = touched[t]
            if settled[k] and distance[k] < best:
                prices[k] += best - distance[k]
        if seat_at >= 0:
            k = seat_at
            slot = first_seat[k] + taken[k]
            if leaver >= 0:
                slot = _seat_of(sitters, first_seat[k], leaver)
                mentor_of[leaver] = -1
            else:
                taken[k] += 1
            while True:
                person = through[k]
                before = mentor_of[person]
                free = slot
                if before >= 0:
                    slot = _seat_of(sitters, first_seat[before], person)
                sitters[free] = person
                mentor_of[person] = k
                if person == source:
                    break
                k = before
        for t in range(count):
            k = touched[t]
            distance[k], through[k], settled[k] = FAR, -1, False


@njit(cache=True, nogil=True)
def _seat_of(sitters, first, person):  # type: ignore[no-untyped-def]
    at = first
    while sitters[at] != person:
        at += 1
    return at


@njit(cache=True, nogil=True)
def _raise_prices(start, cols, worth, mentor_of, sits, first, prices):  # type: ignore[no-untyped-def]
    """From what the unplaced would give, pass on what those who sit would lose by moving, until nothing
    rises. False where that has no end."""
    m = len(prices)
    for i in range(len(mentor_of)):
        if mentor_of[i] < 0:
            for e in range(start[i], start[i + 1]):
                prices[cols[e]] = max(prices[cols[e]], worth[e])
    queue = np.arange(m)
    waiting = np.ones(m, np.bool_)
    times = np.zeros(m, np.int64)
    head, length = 0, m
    while length:
        j = queue[head]
        head = (head + 1) % m
        length -= 1
        waiting[j] = False
        times[j] += 1
        if times[j] > m + 1:
            return False
        for s in range(first[j], first[j + 1]):
            i = sits[s]
            gain = np.int64(0)
            for e in range(start[i], start[i + 1]):
                if cols[e] == j:
                    gain = worth[e] - prices[j]
                    break
            for e in range(start[i], start[i + 1]):
                k = cols[e]
                if worth[e] - gain > prices[k]:
                    prices[k] = worth[e] - gain
                    if not waiting[k]:
                        queue[(head + length) % m] = k
                        waiting[k] = True
                        length += 1
    return True
