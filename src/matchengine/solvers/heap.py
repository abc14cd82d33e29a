"""A heap of items by key, smallest first, in two arrays that grow; compiled on first use (numba)."""

from __future__ import annotations

import numpy as np
from numba import njit

FIRST_SIZE = 1024


@njit(cache=True, nogil=True)
def push(keys, items, size, key, item):  # type: ignore[no-untyped-def]
    """The arrays with one more item, and how many there are now."""
    if size == len(keys):
        keys = np.concatenate((keys, np.empty(size, np.int64)))
        items = np.concatenate((items, np.empty(size, np.int64)))
    at = size
    while at > 0:
        up = (at - 1) >> 1
        if keys[up] <= key:
            break
        keys[at], items[at] = keys[up], items[up]
        at = up
    keys[at], items[at] = key, item
    return keys, items, size + 1


@njit(cache=True, nogil=True)
def drop_first(keys, items, size):  # type: ignore[no-untyped-def]
    """Take away the first; how many are left."""
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
