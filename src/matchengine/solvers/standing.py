"""What a search by lists and sweeps knows between two of its rounds, in plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matchengine.shares import Bools, Ints

Whole = npt.NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, slots=True)
class Standing:
    """All there is to know after `rounds` rounds, some of them passed over: whoever goes on from it finds what an
    unbroken search finds.

    The pairs on the lists (`rows`, `cols`, `scores`, row by row, in the order they were found), the match of the last
    round (`mentor_of`, n, -1 for nobody) with its `prices` (m), and whether no pair of all beats it (`is_best`). Where
    somebody wants several mentors the match is which of the pairs on the lists sit together (`sits`), and `mentor_of`
    has nobody.
    """

    rows: Whole
    cols: Whole
    scores: Whole
    mentor_of: Ints
    prices: Ints
    rounds: int
    is_best: bool
    sits: Bools | None = None
