"""The other searches of `solvers.board_lists`, compiled on first use (numba): seats that are free and still have a
price, where boards are begun from earlier ones, and the least prices.

As `solvers.filling` and `solvers.chains.raise_prices`, where somebody may sit with several mentors.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from matchengine.solvers.board_chains import FAR
from matchengine.solvers.heap import FIRST_SIZE, drop_first, push


@njit(cache=True, nogil=True)
def entries_by_mentor(cols, m):  # type: ignore[no-untyped-def]
    """The entries that name mentor k are `entries[head[k] : head[k + 1]]`."""
    head = np.zeros(m + 1, np.int64)
    for e in range(len(cols)):
        head[cols[e] + 1] += 1
    for k in range(m):
        head[k + 1] += head[k]
    place, entries = head[:-1].copy(), np.empty(len(cols), np.int32)
    for e in range(len(cols)):
        entries[place[cols[e]]] = e
        place[cols[e]] += 1
    return head, entries


@njit(cache=True, nogil=True)
def hold_all(start, places, sits):  # type: ignore[no-untyped-def]
    """The entries by which each mentee sits with somebody: hers are `held[of[i] : of[i] + has]`, in no order."""
    of = np.zeros(len(places) + 1, np.int64)
    for i in range(len(places)):
        of[i + 1] = of[i] + places[i]
    held = np.empty(of[-1], np.int64)
    for i in range(len(places)):
        at = of[i]
        for e in range(start[i], start[i + 1]):
            if sits[e]:
                held[at] = e
                at += 1
    return of, held


@njit(cache=True, nogil=True)
def hold_instead(of, held, person, given_up, entry):  # type: ignore[no-untyped-def]
    at = of[person]
    while held[at] != given_up:
        at += 1
    held[at] = entry


@njit(cache=True, nogil=True)
def fill_board_seats(  # type: ignore[no-untyped-def]
    head, entries, start, rows, cols, worth, seats, first, places, levels, prices, sits, has, taken
):
    """Fill each free seat that has a price, or bring its price to nothing; `prices`, `sits`, `has` and `taken` are
    written in place. No place that is not filled would be worth it at the prices given."""
    m = len(seats)
    seen = np.zeros(m, np.bool_)  # mentors to whom nobody comes at no cost
    queue, leaves, comes = np.empty(m, np.int64), np.empty(m, np.int64), np.empty(m, np.int64)
    distance, settled, touched = np.full(m, FAR), np.zeros(m, np.bool_), np.empty(m, np.int64)
    keys, items = np.empty(FIRST_SIZE, np.int64), np.empty(FIRST_SIZE, np.int64)
    of, held = hold_all(start, places, sits)
    layer, turn = np.empty(m, np.int64), np.empty(m, np.int64)
    while True:
        while True:
            many, length, ends = _layers(
                head, entries, rows, cols, worth, seats, first, places, levels, prices, sits, has, taken, of, held,
                layer, queue,
            )  # fmt: skip
            if many == 0:
                return
            if not ends:
                break
            turn[:] = head[:m]
            for q in range(many):
                source = queue[q]
                while taken[source] < seats[source] and prices[source] > 0:
                    entry, end = _who_comes(
                        source, head, entries, rows, cols, worth, first, places, levels, prices, sits, has, of, held,
                        layer, turn, leaves, comes,
                    )  # fmt: skip
                    if end < 0:
                        break
                    _come(entry, end, source, rows, cols, sits, has, taken, of, held, leaves, comes)
        for q in range(length):
            seen[queue[q]] = True
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
            for x in range(head[at], head[at + 1]):
                if sits[entries[x]]:
                    continue
                person = rows[entries[x]]
                here = distance[at] - (worth[entries[x]] - prices[at])
                if has[person] < places[person]:
                    least = min(least, here - levels[first[person] + has[person]])
                for h in range(of[person], of[person] + has[person]):
                    e = held[h]
                    k = cols[e]
                    far = here + worth[e] - prices[k]
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
def _layers(  # type: ignore[no-untyped-def]
    head, entries, rows, cols, worth, seats, first, places, levels, prices, sits, has, taken, of, held, layer, queue
):
    """How many mentors have a free seat with a price, how many in `queue`, those first, were reached from them by moves
    that cost nothing, and whether one of them is the end of a chain. `layer`: by how many moves each is reached at
    least, -1 for those who are not; whoever is further away than the nearest end is not asked for more."""
    tail, ends, deepest = 0, False, FAR
    for k in range(len(seats)):
        layer[k] = -1
        if taken[k] < seats[k] and prices[k] > 0:
            layer[k], queue[tail] = 0, k
            tail += 1
    many, near = tail, 0
    while near < tail:
        at = queue[near]
        near += 1
        if layer[at] >= deepest:
            break
        for x in range(head[at], head[at + 1]):
            entry = np.int64(entries[x])
            if sits[entry]:
                continue
            person = rows[entry]
            margin = worth[entry] - prices[at]
            if has[person] < places[person] and margin + levels[first[person] + has[person]] == 0:
                ends, deepest = True, min(deepest, layer[at] + 1)
                continue
            for h in range(of[person], of[person] + has[person]):
                k = cols[held[h]]
                if layer[k] < 0 and worth[held[h]] - prices[k] == margin:
                    layer[k], queue[tail] = layer[at] + 1, k
                    tail += 1
                    if prices[k] == 0:
                        ends, deepest = True, min(deepest, layer[k])
    return many, tail, ends


@njit(cache=True, nogil=True)
def _who_comes(  # type: ignore[no-untyped-def]
    source,
    head,
    entries,
    rows,
    cols,
    worth,
    first,
    places,
    levels,
    prices,
    sits,
    has,
    of,
    held,
    layer,
    turn,
    leaves,
    comes,
):
    """A chain of moves to this mentor that costs nothing and goes down one of the `layer` with each, from its far end:
    the entry by which somebody comes for one more place (-1: nobody does, but a seat there may stay free), and the
    mentor there (-1: there is no such chain). Each entry of a mentor is looked at once, in its `turn`, until the layers
    are others (E. A. Dinic 1970): otherwise, where many are worth the same, all of them would be looked at for each
    seat. `leaves`, `comes`: the entry that somebody gives up at each mentor of the chain, and the one she takes."""
    at = np.int64(source)
    leaves[at], comes[at] = -1, -1
    while True:
        onward = np.int64(-1)
        while turn[at] < head[at + 1] and onward < 0:
            entry = np.int64(entries[turn[at]])
            if not sits[entry]:
                person = rows[entry]
                margin = worth[entry] - prices[at]
                if has[person] < places[person] and margin + levels[first[person] + has[person]] == 0:
                    return entry, at
                for h in range(of[person], of[person] + has[person]):
                    e = held[h]
                    k = np.int64(cols[e])
                    if layer[k] == layer[at] + 1 and worth[e] - prices[k] == margin:
                        leaves[k], comes[k], onward = e, entry, k
                        break
            if onward < 0:
                turn[at] += 1
        if onward >= 0:
            at = onward
            if prices[at] == 0:
                return np.int64(-1), at
        elif at == source:
            return np.int64(-1), np.int64(-1)
        else:
            layer[at] = -1
            at = np.int64(cols[comes[at]])


@njit(cache=True, nogil=True)
def _come(entry, end, source, rows, cols, sits, has, taken, of, held, leaves, comes):  # type: ignore[no-untyped-def]
    """Everybody moves along the chain that ends at this mentor."""
    if entry >= 0:
        sits[entry] = True
        held[of[rows[entry]] + has[rows[entry]]] = entry
        has[rows[entry]] += 1
    else:
        taken[end] -= 1
    taken[source] += 1
    at = end
    while at != source:
        sits[leaves[at]] = False
        sits[comes[at]] = True
        hold_instead(of, held, rows[comes[at]], leaves[at], comes[at])
        at = np.int64(cols[comes[at]])


@njit(cache=True, nogil=True)
def raise_board_prices(start, rows, cols, worth, first, places, levels, sits, has, head, sitting, prices):  # type: ignore[no-untyped-def]
    """From what further places would give, pass on what those who sit would lose by moving, until nothing rises. False
    where that has no end. The entries of those who sit with mentor k are `sitting[head[k] : head[k + 1]]`."""
    m = len(prices)
    for i in range(len(has)):
        if has[i] < places[i]:
            more = levels[first[i] + has[i]]
            for e in range(start[i], start[i + 1]):
                if not sits[e]:
                    prices[cols[e]] = max(prices[cols[e]], worth[e] + more)
    queue = np.arange(m)
    waiting = np.ones(m, np.bool_)
    times = np.zeros(m, np.int64)
    near, length = 0, m
    while length:
        j = queue[near]
        near = (near + 1) % m
        length -= 1
        waiting[j] = False
        times[j] += 1
        if times[j] > m + 1:
            return False
        for s in range(head[j], head[j + 1]):
            margin = worth[sitting[s]] - prices[j]
            i = rows[sitting[s]]
            for e in range(start[i], start[i + 1]):
                k = cols[e]
                if worth[e] - margin > prices[k] and not sits[e]:
                    prices[k] = worth[e] - margin
                    if not waiting[k]:
                        queue[(near + length) % m] = k
                        waiting[k] = True
                        length += 1
    return True


@njit(cache=True, nogil=True)
def board_thresholds(start, cols, worth, first, places, levels, sits, has, prices, least):  # type: ignore[no-untyped-def]
    """What a mentor must have above his price, at most, to be no gain for somebody's board (n), in `least`."""
    for i in range(len(has)):
        least[i] = FAR
        if has[i] < places[i]:
            least[i] = -levels[first[i] + has[i]]
        for e in range(start[i], start[i + 1]):
            if sits[e]:
                least[i] = min(least[i], worth[e] - prices[cols[e]])


@njit(cache=True, nogil=True)
def drop_known(start, cols, rows, others, is_new):  # type: ignore[no-untyped-def]
    """Which of the pairs `rows`, `others` are on no list."""
    for at in range(len(rows)):
        for e in range(start[rows[at]], start[rows[at] + 1]):
            if cols[e] == others[at]:
                is_new[at] = False
