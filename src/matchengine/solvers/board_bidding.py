"""Boards on lists that are nearly best, soon: as `solvers.bidding`, where somebody may sit with several mentors;
compiled on first use (numba).

Whoever has a place to fill bids for the mentor with whom she does not sit and who brings her most, until the next best,
or the empty place, would be as good. Prices only rise meanwhile, so those she has are never worse than a step below
what she could have besides.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from matchengine.solvers.bidding import _rise, _sink
from matchengine.solvers.board_chains import FAR, best_outside
from matchengine.solvers.board_filling import entries_by_mentor, hold_all, hold_instead


@njit(cache=True, nogil=True)
def bid_for_boards(  # type: ignore[no-untyped-def]
    start, rows, cols, worth, seats, first_seat, first, places, levels, step, most, prices, sits, has
):
    """Whoever sits with somebody who is further than `step` from the best beside her board stands up there; all who
    have a place to fill then bid, at most `most` times together. `prices`, `sits` and `has` are written in place."""
    # Each mentor's seats are a heap of what was bid, the least first.
    bids, sitters = np.empty(first_seat[-1], np.int64), np.empty(first_seat[-1], np.int64)
    taken = np.zeros(len(seats), np.int64)
    waiting, waits, many = np.empty(len(has), np.int64), np.zeros(len(has), np.bool_), 0
    for i in range(len(has) - 1, -1, -1):
        best = best_outside(i, start, cols, worth, seats, prices, sits) - step
        for e in range(start[i], start[i + 1]):
            margin = worth[e] - prices[cols[e]]
            if not sits[e]:
                continue
            if margin < best or margin + levels[first[i] + has[i] - 1] < 0:
                sits[e] = False
                has[i] -= 1
                continue
            slot = first_seat[cols[e]] + taken[cols[e]]
            bids[slot], sitters[slot] = prices[cols[e]], e
            taken[cols[e]] += 1
        if has[i] < places[i]:
            waiting[many], waits[i] = i, True
            many += 1
    while many > 0 and most > 0:
        i = waiting[many - 1]
        best, next_best, entry = -FAR, -FAR, -1
        if has[i] < places[i]:
            best = next_best = -levels[first[i] + has[i]]
            for e in range(start[i], start[i + 1]):
                margin = worth[e] - prices[cols[e]]
                if margin > next_best and not sits[e] and seats[cols[e]] > 0:
                    if margin > best:
                        best, next_best, entry = margin, best, e
                    else:
                        next_best = margin
        if entry < 0:
            many, waits[i] = many - 1, False
            continue
        most -= 1
        k = cols[entry]
        sits[entry] = True
        has[i] += 1
        offer = prices[k] + best - next_best + step
        if taken[k] < seats[k]:
            _rise(bids, sitters, first_seat[k], taken[k], offer, entry)
            taken[k] += 1
        else:
            least = sitters[first_seat[k]]
            leaver = rows[least]
            sits[least] = False
            has[leaver] -= 1
            if not waits[leaver]:
                waiting[many], waits[leaver] = leaver, True
                many += 1
            _sink(bids, sitters, first_seat[k], taken[k], offer, entry)
        if taken[k] == seats[k]:
            prices[k] = bids[first_seat[k]]


@njit(cache=True, nogil=True)
def offer_to_boards(start, rows, cols, worth, seats, first, places, levels, step, most, prices, sits, has):  # type: ignore[no-untyped-def]
    """Each mentor who has a price and a free seat offers it to whom it promises most, as cheap as that needs to be,
    until `most` entries were looked at; where nobody would gain a step by coming the price is nothing. `prices`, `sits`
    and `has` are written in place."""
    m = len(seats)
    free = seats.copy()
    for e in range(len(cols)):
        if sits[e]:
            free[cols[e]] -= 1
    waiting, waits, many = np.empty(m, np.int64), np.zeros(m, np.bool_), 0
    for k in range(m):
        if free[k] > 0 and prices[k] > 0:
            waiting[many], waits[k] = k, True
            many += 1
    if many == 0:
        return
    head, entries = entries_by_mentor(cols, m)
    of, held = hold_all(start, places, sits)
    while many > 0 and most > 0:
        k = waiting[many - 1]
        most -= 1 + head[k + 1] - head[k]
        if free[k] == 0 or prices[k] == 0:
            many, waits[k] = many - 1, False
            continue
        best, next_best, at = np.int64(0), np.int64(0), np.int64(-1)
        for x in range(head[k], head[k + 1]):
            if sits[entries[x]]:
                continue
            least, _given_up = _least_of_board(
                rows[entries[x]], cols, worth, first, places, levels, prices, has, of, held
            )  # fmt: skip
            would_pay = worth[entries[x]] - least
            if would_pay > best:
                best, next_best, at = would_pay, best, np.int64(entries[x])
            else:
                next_best = max(next_best, would_pay)
        if at < 0 or best < step:
            prices[k] = 0
            continue
        prices[k] = min(prices[k], max(next_best - step, 0))
        i = rows[at]
        _least, given_up = _least_of_board(i, cols, worth, first, places, levels, prices, has, of, held)
        sits[at] = True
        free[k] -= 1
        if given_up < 0:
            held[of[i] + has[i]] = at
            has[i] += 1
        else:
            left = cols[given_up]
            sits[given_up] = False
            hold_instead(of, held, i, given_up, at)
            free[left] += 1
            if not waits[left] and prices[left] > 0:
                waiting[many], waits[left] = left, True
                many += 1


@njit(cache=True, nogil=True)
def _least_of_board(i, cols, worth, first, places, levels, prices, has, of, held):  # type: ignore[no-untyped-def]
    """What a mentor must have above his price to be a gain for her, and the entry that she would give up for him; -1
    for a place that is empty."""
    least, entry = FAR, np.int64(-1)
    if has[i] < places[i]:
        least = -levels[first[i] + has[i]]
    for h in range(of[i], of[i] + has[i]):
        e = held[h]
        if worth[e] - prices[cols[e]] < least:
            least, entry = worth[e] - prices[cols[e]], np.int64(e)
    return least, entry
