"""The search of `solvers.lists` that fills seats, compiled on first use (numba).

Where a match is begun from an earlier one, a free seat may still have a price. Chains of moves that cost nothing at
these prices bring somebody there; where there are none, the prices of all mentors nearer than the nearest end of a
chain fall by the difference, as `solvers.chains` raises them. A chain ends with somebody who had no mentor, or at a
seat whose price is nothing: that one may stay free.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from matchengine.solvers.chains import FAR, seat_of, swap
from matchengine.solvers.heap import FIRST_SIZE, drop_first, push


@njit(cache=True, nogil=True)
def fill_seats(head, rows, worth, seats, prices, mentor_of, sits_for, taken, sitters, first_seat):  # type: ignore[no-untyped-def]
    """Fill each free seat that has a price, or bring its price to nothing; everything from `prices` on is written in
    place, and entries of `rows` and `worth` change places within each mentor's.

    Mentor k is on the lists of `rows[head[k] : head[k + 1]]`, worth `worth` to each. Nobody without a mentor would gain
    by any seat at the prices given.
    """
    m = len(seats)
    seen = np.zeros(m, np.bool_)  # as in `place_all`
    queue, came, over = np.empty(m, np.int64), np.empty(m, np.int64), np.empty(m, np.int64)
    distance, settled, touched = np.full(m, FAR), np.zeros(m, np.bool_), np.empty(m, np.int64)
    keys, items = np.empty(FIRST_SIZE, np.int64), np.empty(FIRST_SIZE, np.int64)
    tight = np.empty(m, np.int64)  # as in `place_all`
    while True:
        many = 0
        tight[:] = -1
        for source in range(m):
            while taken[source] < seats[source] and prices[source] > 0:
                entry, at, length = _who_comes(
                    source, head, rows, worth, prices, mentor_of, sits_for, seen, queue, came, over, tight
                )
                if entry < 0:
                    many += 1
                    break
                for q in range(length):
                    seen[queue[q]] = False
                _come(entry, at, source, rows, worth, mentor_of, sits_for, taken, sitters, first_seat, came, over)
        if many == 0:
            return
        count, size, least = 0, 0, FAR
        for k in range(m):
            if seen[k]:
                seen[k] = False
                distance[k], settled[k], touched[count] = 0, True, k
                count += 1
                least = min(least, prices[k])
        near, seen_first = 0, count
        while True:
            if near < seen_first:
                at = touched[near]
                near += 1
            elif size > 0 and keys[0] < least:
                far, at = keys[0], items[0]
                size = drop_first(keys, items, size)
                if settled[at] or far != distance[at]:
                    continue
                settled[at] = True
            else:
                break
            for e in range(head[at], head[at + 1]):
                person = rows[e]
                k = mentor_of[person]
                if k < 0:
                    least = min(least, distance[at] - (worth[e] - prices[at]))
                    continue
                far = distance[at] + sits_for[person] - prices[k] - (worth[e] - prices[at])
                if far < least and far < distance[k]:
                    if distance[k] == FAR:
                        touched[count] = k
                        count += 1
                    distance[k] = far
                    least = min(least, far + prices[k])
                    keys, items, size = push(keys, items, size, far, k)
        for t in range(count):
            k = touched[t]
            if settled[k] and distance[k] < least:
                prices[k] -= least - distance[k]
            distance[k], settled[k] = FAR, False


@njit(cache=True, nogil=True)
def _who_comes(source, head, rows, worth, prices, mentor_of, sits_for, seen, queue, came, over, tight):  # type: ignore[no-untyped-def]
    """The shortest chain of moves to this mentor that costs nothing, from its far end: the entry by which somebody
    comes who has no mentor or whose seat may stay free (-1: there is none), to which mentor, and how many mentors of
    `queue` were seen for it. `came`, `over`: to whom somebody of each of them goes, and by which entry."""
    if seen[source]:
        return np.int64(-1), source, 0
    seen[source] = True
    queue[0], came[source] = source, -1
    first, tail = 0, 1
    while first < tail:
        at = queue[first]
        first += 1
        if tight[at] < 0:
            tight[at] = head[at]
            for e in range(head[at], head[at + 1]):
                k = mentor_of[rows[e]]
                if worth[e] - prices[at] == (sits_for[rows[e]] - prices[k] if k >= 0 else 0):
                    swap(rows, worth, e, tight[at])
                    tight[at] += 1
        for e in range(head[at], tight[at]):
            k = mentor_of[rows[e]]
            if k < 0:
                return e, at, tail
            if not seen[k]:
                seen[k] = True
                queue[tail], came[k], over[k] = k, at, e
                tail += 1
                if prices[k] == 0:
                    return e, at, tail
    return np.int64(-1), source, tail


@njit(cache=True, nogil=True)
def _come(entry, at, source, rows, worth, mentor_of, sits_for, taken, sitters, first_seat, came, over):  # type: ignore[no-untyped-def]
    """Everybody moves along the chain that begins with this entry and mentor."""
    person, value = rows[entry], worth[entry]
    left = mentor_of[person]
    if left >= 0:
        taken[left] -= 1
        last = first_seat[left] + taken[left]
        sitters[seat_of(sitters, first_seat[left], person)] = sitters[last]
        sitters[last] = -1
    while at != source:
        goes = rows[over[at]]
        sitters[seat_of(sitters, first_seat[at], goes)] = person
        mentor_of[person], sits_for[person] = at, value
        person, value, at = goes, worth[over[at]], came[at]
    sitters[first_seat[source] + taken[source]] = person
    taken[source] += 1
    mentor_of[person], sits_for[person] = source, value
