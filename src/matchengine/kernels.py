"""Loops over pairs that are compiled on first use (numba) and kept on disk; only problems too large for dense
matrices come here. Whole numbers throughout, so the same input gives the same bytes on any number of threads.
"""

from __future__ import annotations

import numpy as np
from numba import njit, uint64

COUNTED_WISH, COUNTED_SAME, COUNTED_DIFFERENT = 0, 1, 2


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


@njit(cache=True, nogil=True)
def pairs_above_prices(scores, allowed, per_point, per_pair, prices, gains, first, keep, cols, margins):  # type: ignore[no-untyped-def]
    """For each of r rows the `keep` pairs that most exceed gain + price, in `cols` (r x keep, -1 for none),
    by how much in `margins` (0 or less: none does). Among equals those next after column `first[i]`."""
    r, m = scores.shape
    for i in range(r):
        held = 0
        lowest = np.int64(0)
        for step in range(m):
            j = first[i] + step
            if j >= m:
                j -= m
            if not allowed[i, j]:
                continue
            margin = scores[i, j] * per_point + per_pair - prices[j] - gains[i]
            if margin <= lowest:
                continue
            at = held if held < keep else keep - 1
            while at > 0 and margins[i, at - 1] < margin:
                margins[i, at], cols[i, at] = margins[i, at - 1], cols[i, at - 1]
                at -= 1
            margins[i, at], cols[i, at] = margin, j
            if held < keep:
                held += 1
            if held == keep:
                lowest = margins[i, keep - 1]
