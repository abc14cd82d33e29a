"""Loops over pairs that are compiled on first use (numba) and kept on disk; only problems too large for dense
matrices come here. Whole numbers throughout, so the same input gives the same bytes on any number of threads.
"""

from __future__ import annotations

import numpy as np
from numba import njit, uint64

from matchengine.strips import SHUT

COUNTED_WISH, COUNTED_SAME, COUNTED_DIFFERENT = 0, 1, 2

CLOSED, NOTHING, NEVER = np.uint8(SHUT), np.uint8(0), np.int32(-(1 << 31))


@njit(cache=True, nogil=True, inline="always")
def _ones(word):  # type: ignore[no-untyped-def]
    """How many bits are set (H. S. Warren, "Hacker's Delight", 2002, figure 5-2)."""
    word = word - ((word >> uint64(1)) & uint64(0x5555555555555555))
    word = (word & uint64(0x3333333333333333)) + ((word >> uint64(2)) & uint64(0x3333333333333333))
    word = (word + (word >> uint64(4))) & uint64(0x0F0F0F0F0F0F0F0F)
    return (word * uint64(0x0101010101010101)) >> uint64(56)


@njit(cache=True, nogil=True)
def points_by_count(ours, theirs, lut, blank, points):  # type: ignore[no-untyped-def]
    """Fill `points` (r x m) with `lut[i, values shared]`, 0 where `blank` (m). Bits are r x w and m x w."""
    words = ours.shape[1]
    for i in range(points.shape[0]):
        for j in range(points.shape[1]):
            shared = uint64(0)
            for w in range(words):
                shared += _ones(ours[i, w] & theirs[j, w])
            points[i, j] = 0 if blank[j] else lut[i, shared]


@njit(cache=True, nogil=True)
def lower_of_both(hers, his, most, wanted, wished, unknown, kind, points):  # type: ignore[no-untyped-def]
    """Lower `points` (r x m) to what the mentor's own wish comes to, where he has one."""
    words = hers.shape[1]
    for i in range(points.shape[0]):
        for j in range(points.shape[1]):
            if not wished[j] or points[i, j] == 0:
                continue
            shared = uint64(0)
            for w in range(words):
                shared += _ones(hers[i, w] & his[j, w])
            count = np.int64(shared)
            if kind == COUNTED_WISH:
                back = most[i] * min(count, wanted[j]) // wanted[j]
            elif kind == COUNTED_SAME:
                back = most[i] if count else 0
            else:
                back = 0 if count or unknown[i] else most[i]
            if back < points[i, j]:
                points[i, j] = back


TILE = 256


@njit(cache=True, nogil=True)
def pairs_above_prices(  # type: ignore[no-untyped-def]
    at,
    strips,
    of,
    shut,
    start,
    values,
    steps,
    few_start,
    few_cols,
    few_points,
    rest,
    first_closed,
    closed,
    shut_to_all,
    floor,
    all_alike,
    per_point,
    prices,
    gains,
    first,
    cols,
    margins,
):
    """For each of r mentees `at` the pairs that most exceed her gain (r) + price (m), in `cols` (r x k, -1 for none),
    by how much in `margins` (0 or less: none does). Among equals those next after column `first[i]`.

    Gains are without what a pair is worth beside its points. The other words are those of `field.Field`. All loops over
    mentors are kept so plain that the compiler does some dozens of them at a time.
    """
    m, keep = strips.shape[1], cols.shape[1]
    points, shared = np.empty(m, np.uint8), np.empty(m, np.uint8)
    for i in range(len(at)):
        _points_of(at[i], i, strips, of, shut, start, values, steps, rest, points, shared)
        for f in range(len(few_start)):
            for e in range(few_start[f, at[i]], few_start[f, at[i] + 1]):
                points[few_cols[e]] += few_points[e]
        for j in range(m):
            points[j] |= shut_to_all[j]
        for c in range(first_closed[at[i]], first_closed[at[i] + 1]):
            points[closed[c]] |= CLOSED
        if floor > 0:
            for j in range(m):
                points[j] |= CLOSED if points[j] < floor else NOTHING
        if all_alike:
            for j in range(m):
                points[j] &= CLOSED
        held, lowest = 0, gains[i]  # by points above the price: it has to be more than that
        for turn in range(2):
            here = first[i] if turn == 0 else 0
            end = m if turn == 0 else first[i]
            while here < end:
                some, price = points[here : min(here + TILE, end)], prices[here : min(here + TILE, end)]
                if _most(some, price, per_point) > lowest:
                    for j in range(len(some)):
                        above = np.int32(np.int32(some[j]) * per_point - price[j])
                        if some[j] >= CLOSED or above <= lowest:
                            continue
                        margin = np.int64(above) - gains[i]
                        place = held if held < keep else keep - 1
                        while place > 0 and margins[i, place - 1] < margin:
                            margins[i, place], cols[i, place] = margins[i, place - 1], cols[i, place - 1]
                            place -= 1
                        margins[i, place], cols[i, place] = margin, here + j
                        held = min(held + 1, keep)
                        if held == keep:
                            lowest = np.int32(margins[i, keep - 1] + gains[i])
                here += TILE


@njit(cache=True, nogil=True)
def _most(points, price, per_point):  # type: ignore[no-untyped-def]
    """The most points above the price."""
    most = NEVER
    for j in range(len(points)):
        above = np.int32(np.int32(points[j]) * per_point - price[j])
        above = above if points[j] < CLOSED else NEVER
        most = max(most, above)
    return most


@njit(cache=True, nogil=True)
def _points_of(mentee, i, strips, of, shut, start, values, steps, rest, points, shared):  # type: ignore[no-untyped-def]
    """The points of one mentee with all mentors, `CLOSED` or more where a rule closes."""
    points[:] = 0
    if rest.shape[1]:
        points[:] = rest[i]
    for p in range(of.shape[1]):
        strip = strips[of[mentee, p]]
        for j in range(len(points)):
            points[j] += strip[j]
    for c in range(len(start)):
        if start[c, mentee] == start[c, mentee + 1]:
            continue
        shared[:] = 0
        for v in range(start[c, mentee], start[c, mentee + 1]):
            strip = strips[values[v]]
            for j in range(len(shared)):
                shared[j] += strip[j]
        for k in range(steps.shape[2]):
            step, more = steps[c, mentee, k], np.uint8(k)
            if step:
                for j in range(len(points)):
                    points[j] += step if shared[j] > more else NOTHING
    for s in range(shut.shape[1]):
        strip = strips[shut[mentee, s]]
        for j in range(len(points)):
            points[j] |= strip[j]
