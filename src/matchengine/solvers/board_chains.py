"""The search of `solvers.board_lists` that fills places, compiled on first use (numba).

As `solvers.chains`, where somebody may sit with several mentors, with each of them once. Nobody sits with somebody who
brings her less above the price than a mentor on her list with whom she does not sit, and nobody's last place brings
less than nothing. So a chain costs what each in it loses by moving on, and may also begin with somebody who moves away
from one of her mentors only. A person twice on a cheapest chain would have been found where she was first.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from matchengine.solvers.heap import FIRST_SIZE, drop_first, push

FAR = np.int64(1 << 62)


@njit(cache=True, nogil=True)
def best_outside(person, start, cols, worth, seats, prices, sits):  # type: ignore[no-untyped-def]
    """The most that a mentor on her list with whom she does not sit has above his price; -FAR where there is none."""
    best = -FAR
    for e in range(start[person], start[person + 1]):
        if not sits[e] and seats[cols[e]] > 0:
            best = max(best, worth[e] - prices[cols[e]])
    return best


@njit(cache=True, nogil=True)
def stand_up(start, cols, worth, seats, first, levels, prices, sits, has):  # type: ignore[no-untyped-def]
    """Whoever is offered more elsewhere at these prices leaves the mentors who bring her less, and whoever has places
    that are not worth theirs gives them up."""
    for i in range(len(has)):
        if has[i] == 0:
            continue
        best = best_outside(i, start, cols, worth, seats, prices, sits)
        for e in range(start[i], start[i + 1]):
            if sits[e] and worth[e] - prices[cols[e]] < best:
                sits[e] = False
                has[i] -= 1
        while has[i] > 0:
            last, least = -1, FAR
            for e in range(start[i], start[i + 1]):
                if sits[e] and worth[e] - prices[cols[e]] < least:
                    last, least = e, worth[e] - prices[cols[e]]
            if least + levels[first[i] + has[i] - 1] >= 0:
                break
            sits[last] = False
            has[i] -= 1


@njit(cache=True, nogil=True)
def seat_all(cols, sits, first_seat, taken, sitters, slot):  # type: ignore[no-untyped-def]
    """Note for each mentor the entries by which somebody sits with them, and for each such entry where that is."""
    for e in range(len(cols)):
        if sits[e]:
            k = cols[e]
            slot[e] = first_seat[k] + taken[k]
            sitters[slot[e]] = e
            taken[k] += 1


@njit(cache=True, nogil=True)
def place_boards(  # type: ignore[no-untyped-def]
    start, rows, cols, worth, seats, first, places, levels, prices, sits, has, taken, sitters, first_seat, slot
):
    """Fill every place that is worth it; everything from `prices` on is written in place.

    Entry e is `rows[e]` with `cols[e]`, and `sits` says whether the two sit together; `has` (n) counts for each person.
    Her k-th place beyond those she had before (`first`) is worth `levels[first + k]`. The sitters of mentor k are the
    entries `sitters[first_seat[k] : first_seat[k] + taken[k]]`, each at its `slot`.
    """
    n, m = len(has), len(seats)
    waiting, offer = np.empty(n, np.int64), np.full(n, -FAR)
    many = 0
    for i in range(n):
        if has[i] < places[i]:
            offer[i] = best_outside(i, start, cols, worth, seats, prices, sits)
            if offer[i] + levels[first[i] + has[i]] > 0:
                waiting[many] = i
                many += 1
    # Mentors from whom no chain goes on to an end at no cost; it stays so until prices change, as in `solvers.chains`.
    seen = np.zeros(m, np.bool_)
    queue, leaves, comes = np.empty(m, np.int64), np.empty(m, np.int64), np.empty(m, np.int64)
    distance, settled, touched = np.full(m, FAR), np.zeros(m, np.bool_), np.empty(m, np.int64)
    keys, items = np.empty(FIRST_SIZE, np.int64), np.empty(FIRST_SIZE, np.int64)
    while True:
        left = 0
        for t in range(many):
            person = waiting[t]
            while has[person] < places[person] and offer[person] + levels[first[person] + has[person]] > 0:
                end, leaver, length = _free_end(
                    person, offer[person], start, rows, cols, worth, seats, first, levels, prices, sits, has, taken,
                    sitters, first_seat, seen, queue, leaves, comes,
                )  # fmt: skip
                if end < 0:
                    waiting[left] = person
                    left += 1
                    break
                for q in range(length):
                    seen[queue[q]] = False
                _move(end, leaver, rows, cols, sits, has, taken, sitters, first_seat, slot, leaves, comes)
                has[person] += 1
                offer[person] = best_outside(person, start, cols, worth, seats, prices, sits)
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
            person = waiting[t]
            least = min(least, offer[person] + levels[first[person] + has[person]])
        size = 0
        for t in range(many):
            person = waiting[t]
            least, count, keys, items, size = _reach(
                person, offer[person], start, cols, worth, seats, prices, sits, taken,
                least, distance, touched, count, keys, items, size,
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
                e = sitters[s]
                person = rows[e]
                here = distance[k] + worth[e] - prices[k]
                least = min(least, here + levels[first[person] + has[person] - 1])
                least, count, keys, items, size = _reach(
                    person, here, start, cols, worth, seats, prices, sits, taken,
                    least, distance, touched, count, keys, items, size,
                )  # fmt: skip
        for t in range(count):
            k = touched[t]
            if settled[k] and distance[k] < least:
                prices[k] += least - distance[k]
            distance[k], settled[k] = FAR, False
        for t in range(many):
            offer[waiting[t]] -= least


@njit(cache=True, nogil=True)
def _reach(  # type: ignore[no-untyped-def]
    person, here, start, cols, worth, seats, prices, sits, taken, least, distance, touched, count, keys, items, size
):
    """Everybody on this person's list with whom she does not sit, reached through her: `here` is the distance so far
    and what she would give up."""
    for e in range(start[person], start[person + 1]):
        k = cols[e]
        far = here + prices[k] - worth[e]
        if far < least and far < distance[k] and seats[k] > 0 and not sits[e]:
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
def _free_end(  # type: ignore[no-untyped-def]
    source,
    offer,
    start,
    rows,
    cols,
    worth,
    seats,
    first,
    levels,
    prices,
    sits,
    has,
    taken,
    sitters,
    first_seat,
    seen,
    queue,
    leaves,
    comes,
):
    """The mentor where the shortest chain of moves from this mentee ends that costs nothing (-1: there is none), the
    entry that is given up there (-1: a seat is free), and how many mentors of `queue` were seen for it. `comes`: the
    entry by which somebody goes to each of them; `leaves`: the one that she gives up for it, -1 for the source."""
    head, tail = 0, 0
    person, given_up, at, place = source, np.int64(-1), np.int64(-1), np.int64(0)
    while True:
        for e in range(start[person], start[person + 1]):
            k = cols[e]
            if not sits[e] and worth[e] - prices[k] == offer and seats[k] > 0 and not seen[k]:
                seen[k] = True
                queue[tail], leaves[k], comes[k] = k, given_up, e
                tail += 1
                if taken[k] < seats[k]:
                    return np.int64(k), np.int64(-1), tail
        place += 1
        if at < 0 or place >= first_seat[at] + taken[at]:
            if head == tail:
                return np.int64(-1), np.int64(-1), tail
            at = queue[head]
            head += 1
            place = first_seat[at]
        given_up = sitters[place]
        person = np.int64(rows[given_up])
        offer = worth[given_up] - prices[at]
        if offer + levels[first[person] + has[person] - 1] == 0:
            return at, given_up, tail


@njit(cache=True, nogil=True)
def _move(end, leaver, rows, cols, sits, has, taken, sitters, first_seat, slot, leaves, comes):  # type: ignore[no-untyped-def]
    """Everybody moves along the chain."""
    k = end
    if leaver >= 0:
        free = slot[leaver]
        sits[leaver] = False
        has[rows[leaver]] -= 1
    else:
        free = first_seat[k] + taken[k]
        taken[k] += 1
    while True:
        entry, given_up = comes[k], leaves[k]
        sitters[free], slot[entry], sits[entry] = entry, free, True
        if given_up < 0:
            return
        free = slot[given_up]
        sits[given_up] = False
        k = np.int64(cols[given_up])
