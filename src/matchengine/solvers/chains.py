"""The searches of `solvers.lists`, compiled on first use (numba). Prices stay whole and tight throughout, so the
match and its prices prove each other at every step.

Mentees are placed one after the other, each along the shortest chain of moves in reduced costs (E. W. Dijkstra
1959; J. Edmonds, R. M. Karp 1972; for assignments N. Tomizawa 1971). A chain may end at a free seat, or with
somebody who gives up a place that is worth less than what the chain brings. Where a match is begun from an
earlier one, a free seat may still have a price: the same search the other way round fills it or brings its price
to nothing.
"""

from __future__ import annotations

import numpy as np
from numba import njit

FAR = np.int64(1 << 62)


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
def _nearest(keys, items, size, settled, distance, best):  # type: ignore[no-untyped-def]
    """The nearest mentor not settled yet, nearer than `best`, or -1; and what is left of the heap."""
    while size > 0 and keys[0] < best:
        near, k = keys[0], items[0]
        size = _drop_first(keys, items, size)
        if not settled[k] and near == distance[k]:
            return k, size
    return np.int64(-1), size


@njit(cache=True, nogil=True)
def _seat_of(sitters, first, person):  # type: ignore[no-untyped-def]
    at = first
    while sitters[at] != person:
        at += 1
    return at


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
    """Place each mentee who has no mentor; everything from `prices` on is written in place.

    `sits_for` is what the place of each is worth; the sitters of mentor k are
    `sitters[first_seat[k] : first_seat[k] + taken[k]]`.
    """
    m = len(seats)
    distance = np.full(m, FAR)
    through = np.full(m, -1, np.int64)
    brings = np.zeros(m, np.int64)
    settled = np.zeros(m, np.bool_)
    touched = np.empty(m, np.int64)
    keys, items = np.empty(1024, np.int64), np.empty(1024, np.int64)
    for source in range(len(start) - 1):
        if mentor_of[source] >= 0:
            continue
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
                    distance[k], through[k], brings[k] = far, person, worth[e]
                    if taken[k] < seats[k]:
                        best, seat_at, leaver = far, k, np.int64(-1)
                        continue
                    if size + 1 >= len(keys):
                        keys = np.concatenate((keys, np.empty(len(keys), np.int64)))
                        items = np.concatenate((items, np.empty(len(items), np.int64)))
                    size = _push(keys, items, size, far, k)
            if best == base:
                break  # every chain that is left costs at least as much
            # The next who sits with the mentor at hand, or else the next mentor.
            sitter += 1
            if at_mentor < 0 or sitter >= first_seat[at_mentor] + taken[at_mentor]:
                at_mentor, size = _nearest(keys, items, size, settled, distance, best)
                if at_mentor < 0:
                    break
                settled[at_mentor] = True
                base = distance[at_mentor]
                sitter = first_seat[at_mentor]
            person = sitters[sitter]
            here = sits_for[person] - prices[at_mentor]
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
                sits_for[person] = brings[k]
                if person == source:
                    break
                k = before
        for t in range(count):
            k = touched[t]
            distance[k], through[k], settled[k] = FAR, -1, False


@njit(cache=True, nogil=True)
def fill_seats(head, rows, worth, seats, prices, mentor_of, sits_for, taken, sitters, first_seat):  # type: ignore[no-untyped-def]
    """Fill each free seat that has a price, by the chain that lowers prices least, or bring its price to 0.

    Mentor k is on the lists of `rows[head[k] : head[k + 1]]`, worth `worth` to each. A chain ends with somebody
    who had no mentor, with a seat whose price comes to 0, or where it began.
    """
    m = len(seats)
    distance = np.full(m, FAR)
    through = np.full(m, -1, np.int64)
    brings = np.zeros(m, np.int64)
    to = np.full(m, -1, np.int64)
    settled = np.zeros(m, np.bool_)
    touched = np.empty(m, np.int64)
    keys, items = np.empty(1024, np.int64), np.empty(1024, np.int64)
    for source in range(m):
        while taken[source] < seats[source] and prices[source] > 0:
            # The chain that costs least so far: nobody comes, and the seat's price is nothing.
            best, leaves, comes, comes_to, comes_for = prices[source], np.int64(-1), np.int64(-1), source, np.int64(0)
            size, count = 0, 1
            distance[source], touched[0], settled[source] = 0, source, True
            at_mentor, base = source, np.int64(0)
            while True:
                for e in range(head[at_mentor], head[at_mentor + 1]):
                    person = rows[e]
                    k = mentor_of[person]
                    if k == at_mentor or (k >= 0 and settled[k]):
                        continue
                    gain = np.int64(0)
                    if k >= 0:
                        gain = sits_for[person] - prices[k]
                    far = base + gain - (worth[e] - prices[at_mentor])
                    if far >= best:
                        continue
                    if k < 0:
                        best, leaves, comes, comes_to, comes_for = far, np.int64(-1), person, at_mentor, worth[e]
                    elif far < distance[k]:
                        if distance[k] == FAR:
                            touched[count] = k
                            count += 1
                        distance[k], through[k], brings[k], to[k] = far, person, worth[e], at_mentor
                        if far + prices[k] < best:
                            best, leaves, comes = far + prices[k], k, np.int64(-1)
                        if size + 1 >= len(keys):
                            keys = np.concatenate((keys, np.empty(len(keys), np.int64)))
                            items = np.concatenate((items, np.empty(len(items), np.int64)))
                        size = _push(keys, items, size, far, k)
                at_mentor, size = _nearest(keys, items, size, settled, distance, best)
                if at_mentor < 0:
                    break
                settled[at_mentor] = True
                base = distance[at_mentor]
            for t in range(count):
                k = touched[t]
                if distance[k] < best:
                    prices[k] -= best - distance[k]
            if comes >= 0 or leaves >= 0:
                if comes >= 0:
                    person, k, value = comes, comes_to, comes_for
                else:
                    person, k, value = through[leaves], to[leaves], brings[leaves]
                    taken[leaves] -= 1
                    last = first_seat[leaves] + taken[leaves]
                    sitters[_seat_of(sitters, first_seat[leaves], person)] = sitters[last]
                    sitters[last] = -1
                while k != source:
                    goes = through[k]
                    sitters[_seat_of(sitters, first_seat[k], goes)] = person
                    mentor_of[person], sits_for[person] = k, value
                    person, value, k = goes, brings[k], to[k]
                sitters[first_seat[source] + taken[source]] = person
                taken[source] += 1
                mentor_of[person], sits_for[person] = source, value
            for t in range(count):
                k = touched[t]
                distance[k], through[k], to[k], settled[k] = FAR, -1, -1, False


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
