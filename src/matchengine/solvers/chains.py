"""The searches of `solvers.lists` that place mentees, compiled on first use (numba). Prices stay whole and tight
throughout, so the match and its prices prove each other at every step.

All who have no mentor are looked at together (H. W. Kuhn 1955; J. Edmonds, R. M. Karp 1972; all chains of one cost
before the next, as in J. E. Hopcroft, R. M. Karp 1973): as many as can be are placed by chains of moves that cost
nothing at these prices; then the nearest end of a chain is looked for in reduced costs (E. W. Dijkstra 1959), and the
prices of all mentors nearer than it rise by the difference. A chain may end at a free seat, or with somebody who gives
up a place that is worth nothing to her any more.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from matchengine.solvers.heap import FIRST_SIZE, drop_first, push

FAR = np.int64(1 << 62)


@njit(cache=True, nogil=True)
def seat_of(sitters, first, person):  # type: ignore[no-untyped-def]
    at = first
    while sitters[at] != person:
        at += 1
    return at


@njit(cache=True, nogil=True)
def by_mentor(start, cols, worth, m):  # type: ignore[no-untyped-def]
    """The lists the other way round: mentor k is on those of `rows[head[k] : head[k + 1]]`, worth `values` to each."""
    head = np.zeros(m + 1, np.int64)
    for e in range(len(cols)):
        head[cols[e] + 1] += 1
    for k in range(m):
        head[k + 1] += head[k]
    place, rows, values = head[:-1].copy(), np.empty_like(cols), np.empty_like(worth)
    for i in range(len(start) - 1):
        for e in range(start[i], start[i + 1]):
            at = place[cols[e]]
            place[cols[e]] += 1
            rows[at], values[at] = i, worth[e]
    return head, rows, values


@njit(cache=True, nogil=True)
def best_offers(start, cols, worth, prices, gains):  # type: ignore[no-untyped-def]
    for i in range(len(gains)):
        for e in range(start[i], start[i + 1]):
            gains[i] = max(gains[i], worth[e] - prices[cols[e]])


@njit(cache=True, nogil=True)
def tight_or_out(start, cols, worth, prices, mentor_of, sits_for):  # type: ignore[no-untyped-def]
    """Note what each seated mentee's place is worth; whoever her list offers more at these prices stands up."""
    for i in range(len(mentor_of)):
        if mentor_of[i] < 0:
            continue
        best = np.int64(0)
        for e in range(start[i], start[i + 1]):
            k = cols[e]
            best = max(best, worth[e] - prices[k])
            if k == mentor_of[i]:
                sits_for[i] = worth[e]
        if sits_for[i] - prices[mentor_of[i]] < best:
            mentor_of[i] = -1


@njit(cache=True, nogil=True)
def place_all(start, cols, worth, seats, prices, mentor_of, sits_for, taken, sitters, first_seat):  # type: ignore[no-untyped-def]
    """Place all who have no mentor; everything from `prices` on is written in place, and entries of `cols` and `worth`
    change places within each list.

    `sits_for` is what the place of each is worth; the sitters of mentor k are
    `sitters[first_seat[k] : first_seat[k] + taken[k]]`.
    """
    m = len(seats)
    waiting, gain = np.empty(len(mentor_of), np.int64), np.zeros(len(mentor_of), np.int64)
    many = 0
    for i in range(len(mentor_of)):
        if mentor_of[i] >= 0:
            continue
        for e in range(start[i], start[i + 1]):
            if seats[cols[e]] > 0:
                gain[i] = max(gain[i], worth[e] - prices[cols[e]])
        if gain[i] > 0:
            waiting[many] = i
            many += 1
    # Mentors from whom no chain goes on to an end at no cost. It stays so until prices change: whatever could be
    # reached from them was, and what is reached from elsewhere and ends does not come through here.
    seen = np.zeros(m, np.bool_)
    queue, came, over = np.empty(m, np.int64), np.empty(m, np.int64), np.empty(m, np.int64)
    distance, settled, touched = np.full(m, FAR), np.zeros(m, np.bool_), np.empty(m, np.int64)
    keys, items = np.empty(FIRST_SIZE, np.int64), np.empty(FIRST_SIZE, np.int64)
    # What each has, and with it who would cost her nothing, changes only as prices do: such entries come first.
    tight = np.empty(len(mentor_of), np.int64)
    while True:
        left = 0
        tight[:] = -1
        for t in range(many):
            person = waiting[t]
            if gain[person] == 0:
                continue
            end, leaver, length = _free_end(
                person, gain[person], start, cols, worth, seats, prices, sits_for, taken, sitters, first_seat,
                seen, queue, came, over, tight,
            )  # fmt: skip
            if end < 0:
                waiting[left] = person
                left += 1
                continue
            for q in range(length):
                seen[queue[q]] = False
            if leaver >= 0:
                gain[leaver] = 0
            _move(end, leaver, person, worth, mentor_of, sits_for, taken, sitters, first_seat, came, over)
        many = left
        if many == 0:
            return
        count = 0
        for k in range(m):
            if seen[k]:
                seen[k] = False
                distance[k], settled[k], touched[count] = 0, True, k
                count += 1
        near, seen_first, least = 0, count, FAR
        for t in range(many):
            least = min(least, gain[waiting[t]])
        size = 0
        for t in range(many):
            person = waiting[t]
            least, count, keys, items, size = _reach(
                person, gain[person], start, cols, worth, seats, prices, taken,
                least, distance, settled, touched, count, keys, items, size,
            )  # fmt: skip
        while True:
            if near < seen_first:
                k = touched[near]
                near += 1
            elif size > 0 and keys[0] < least:
                far, k = keys[0], items[0]
                size = drop_first(keys, items, size)
                if settled[k] or far != distance[k]:
                    continue
                settled[k] = True
            else:
                break
            for s in range(first_seat[k], first_seat[k] + taken[k]):
                person = sitters[s]
                here = distance[k] + sits_for[person] - prices[k]
                least = min(least, here)
                least, count, keys, items, size = _reach(
                    person, here, start, cols, worth, seats, prices, taken,
                    least, distance, settled, touched, count, keys, items, size,
                )  # fmt: skip
        for t in range(count):
            k = touched[t]
            if settled[k] and distance[k] < least:
                prices[k] += least - distance[k]
            distance[k], settled[k] = FAR, False
        for t in range(many):
            gain[waiting[t]] -= least


@njit(cache=True, nogil=True)
def _reach(  # type: ignore[no-untyped-def]
    person, here, start, cols, worth, seats, prices, taken, least, distance, settled, touched, count, keys, items, size
):
    """Everybody on this person's list, reached through them: `here` is the distance so far and what they have."""
    for e in range(start[person], start[person + 1]):
        k = cols[e]
        far = here + prices[k] - worth[e]
        if far < least and far < distance[k] and seats[k] > 0:
            if distance[k] == FAR:
                touched[count] = k
                count += 1
            distance[k] = far
            if taken[k] < seats[k]:
                least = far
            else:
                keys, items, size = push(keys, items, size, far, k)
    return least, count, keys, items, size


@njit(cache=True, nogil=True)
def swap(who, worth, one, other):  # type: ignore[no-untyped-def]
    who[one], who[other] = who[other], who[one]
    worth[one], worth[other] = worth[other], worth[one]


@njit(cache=True, nogil=True)
def _free_end(  # type: ignore[no-untyped-def]
    source,
    gain,
    start,
    cols,
    worth,
    seats,
    prices,
    sits_for,
    taken,
    sitters,
    first_seat,
    seen,
    queue,
    came,
    over,
    tight,
):
    """The mentor where the shortest chain of moves from this mentee ends that costs nothing (-1: there is none), who
    stands up there (-1: a seat is free), and how many mentors of `queue` were seen for it. `came`, `over`: who goes to
    each of them, and the entry of her list. `tight`: where the entries end that cost each nothing, -1 for unknown."""
    head, tail = 0, 0
    person, at, slot = source, np.int64(-1), np.int64(0)
    while True:
        if tight[person] < 0:
            tight[person] = start[person]
            for e in range(start[person], start[person + 1]):
                if worth[e] - prices[cols[e]] == gain and seats[cols[e]] > 0:
                    swap(cols, worth, e, tight[person])
                    tight[person] += 1
        for e in range(start[person], tight[person]):
            k = cols[e]
            if not seen[k]:
                seen[k] = True
                queue[tail], came[k], over[k] = k, person, e
                tail += 1
                if taken[k] < seats[k]:
                    return k, np.int64(-1), tail
        slot += 1
        if at < 0 or slot >= first_seat[at] + taken[at]:
            if head == tail:
                return np.int64(-1), np.int64(-1), tail
            at = queue[head]
            head += 1
            slot = first_seat[at]
        person = sitters[slot]
        gain = sits_for[person] - prices[at]
        if gain == 0:
            return at, person, tail


@njit(cache=True, nogil=True)
def _move(end, leaver, source, worth, mentor_of, sits_for, taken, sitters, first_seat, came, over):  # type: ignore[no-untyped-def]
    """Everybody moves along the chain."""
    k = end
    if leaver >= 0:
        slot = seat_of(sitters, first_seat[k], leaver)
        mentor_of[leaver] = -1
    else:
        slot = first_seat[k] + taken[k]
        taken[k] += 1
    while True:
        person = came[k]
        before, free = mentor_of[person], slot
        if before >= 0:
            slot = seat_of(sitters, first_seat[before], person)
        sitters[free], mentor_of[person], sits_for[person] = person, k, worth[over[k]]
        if person == source:
            return
        k = before


@njit(cache=True, nogil=True)
def raise_prices(start, cols, worth, mentor_of, sits, first, prices):  # type: ignore[no-untyped-def]
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
