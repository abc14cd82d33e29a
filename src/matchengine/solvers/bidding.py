"""A match on lists that is nearly best, soon: mentees bid for seats, then free seats are offered cheaper; compiled on
first use (numba). `solvers.lists` says what it is for.

The auction of D. P. Bertsekas (1979; with several seats alike: D. P. Bertsekas, D. A. Castañón 1989; seats that may
stay free, by offers in the other direction: the same 1992). Nobody is ever more than a step away from the best her list
offers at the prices of the moment, so n people are at most n steps away from the best match.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from matchengine.solvers.chains import by_mentor


@njit(cache=True, nogil=True)
def bid(start, cols, worth, seats, first_seat, step, most, prices, mentor_of):  # type: ignore[no-untyped-def]
    """Whoever is further than `step` from the best on her list stands up; all without a mentor then bid, at most `most`
    times together. `prices` and `mentor_of` are written in place."""
    # Each mentor's seats are a heap of what was bid, the least first.
    bids, sitters = np.empty(first_seat[-1], np.int64), np.empty(first_seat[-1], np.int64)
    taken = np.zeros(len(seats), np.int64)
    waiting, many = np.empty(len(mentor_of), np.int64), 0
    for i in range(len(mentor_of) - 1, -1, -1):
        best, here = 0, -1
        for e in range(start[i], start[i + 1]):
            gain = worth[e] - prices[cols[e]]
            if cols[e] == mentor_of[i]:
                here = gain
            if seats[cols[e]] > 0:
                best = max(best, gain)
        k = mentor_of[i]
        if k >= 0 and here >= 0 and here >= best - step:
            slot = first_seat[k] + taken[k]
            bids[slot], sitters[slot] = prices[k], i
            taken[k] += 1
            continue
        mentor_of[i] = -1
        if best > 0:
            waiting[many] = i
            many += 1
    while many > 0 and most > 0:
        many -= 1
        most -= 1
        i = waiting[many]
        best, next_best, k = 0, 0, -1
        for e in range(start[i], start[i + 1]):
            gain = worth[e] - prices[cols[e]]
            if gain > next_best and seats[cols[e]] > 0:
                if gain > best:
                    best, next_best, k = gain, best, cols[e]
                else:
                    next_best = gain
        if k < 0:
            continue
        mentor_of[i] = k
        offer = prices[k] + best - next_best + step
        if taken[k] < seats[k]:
            _rise(bids, sitters, first_seat[k], taken[k], offer, i)
            taken[k] += 1
        else:
            least = sitters[first_seat[k]]
            mentor_of[least] = -1
            waiting[many] = least
            many += 1
            _sink(bids, sitters, first_seat[k], taken[k], offer, i)
        if taken[k] == seats[k]:
            prices[k] = bids[first_seat[k]]


@njit(cache=True, nogil=True)
def _rise(bids, sitters, first, count, offer, person):  # type: ignore[no-untyped-def]
    """One more in a heap of so many."""
    at = count
    while at > 0:
        up = (at - 1) >> 1
        if bids[first + up] <= offer:
            break
        bids[first + at], sitters[first + at] = bids[first + up], sitters[first + up]
        at = up
    bids[first + at], sitters[first + at] = offer, person


@njit(cache=True, nogil=True)
def _sink(bids, sitters, first, count, offer, person):  # type: ignore[no-untyped-def]
    """In place of the first of a heap."""
    at = 0
    while True:
        down = 2 * at + 1
        if down >= count:
            break
        if down + 1 < count and bids[first + down + 1] < bids[first + down]:
            down += 1
        if offer <= bids[first + down]:
            break
        bids[first + at], sitters[first + at] = bids[first + down], sitters[first + down]
        at = down
    bids[first + at], sitters[first + at] = offer, person


@njit(cache=True, nogil=True)
def offer(start, cols, worth, seats, step, prices, mentor_of):  # type: ignore[no-untyped-def]
    """Each mentor who has a price and a free seat offers it to whom it promises most, as cheap as that needs to be;
    where nobody would gain a step by coming the price is nothing. `prices` and `mentor_of` are written in place."""
    m = len(seats)
    free, sits_for = seats.copy(), np.zeros(len(mentor_of), np.int64)
    for i in range(len(mentor_of)):
        if mentor_of[i] >= 0:
            free[mentor_of[i]] -= 1
        for e in range(start[i], start[i + 1]):
            if cols[e] == mentor_of[i]:
                sits_for[i] = worth[e]
    waiting, waits, many = np.empty(m, np.int64), np.zeros(m, np.bool_), 0
    for k in range(m):
        if free[k] > 0 and prices[k] > 0:
            waiting[many], waits[k] = k, True
            many += 1
    if many == 0:
        return
    head, rows, values = by_mentor(start, cols, worth, m)
    while many > 0:
        k = waiting[many - 1]
        if free[k] == 0 or prices[k] == 0:
            many, waits[k] = many - 1, False
            continue
        best, next_best, at = 0, 0, -1
        for e in range(head[k], head[k + 1]):
            left = mentor_of[rows[e]]
            if left == k:
                continue
            has = int(sits_for[rows[e]] - prices[left]) if left >= 0 else 0
            would_pay = int(values[e]) - has
            if would_pay > best:
                best, next_best, at = would_pay, best, e
            else:
                next_best = max(next_best, would_pay)
        if best < step:
            prices[k] = 0
            continue
        prices[k] = min(prices[k], max(next_best - step, 0))
        i = rows[at]
        left = mentor_of[i]
        mentor_of[i], sits_for[i] = k, values[at]
        free[k] -= 1
        if left >= 0:
            free[left] += 1
            if not waits[left] and prices[left] > 0:
                waiting[many], waits[left] = left, True
                many += 1
