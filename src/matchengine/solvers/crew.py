"""Who looks at all pairs in a sweep. A sweep is cut into blocks of mentees and handed to a crew, and what was found in
each block comes back in the order of the blocks. Threads of this process are one crew (`Threads`), the processes of a
cluster another (`matchengine.cluster`). What is found depends on nothing but block and terms, so any crew will do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from matchengine.field import Field
from matchengine.shares import Ints
from matchengine.solvers.pairs import Scores
from matchengine.strips import Bytes, Places


@dataclass(frozen=True, slots=True)
class Worth:
    """What a pair counts: score x `per_point` + `per_pair`."""

    per_point: int
    per_pair: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What one sweep asks of every pair: to be worth more than the mentee's gain and the `prices` (m). `shut` (m)
    closes mentors to all, and `floor` all pairs of fewer points; with `all_alike` pairs are worth no points.

    At most `keep` pairs of a mentee are wanted, of one without gain `at_nothing`.
    """

    worth: Worth
    prices: Places
    shut: Bytes
    floor: int
    all_alike: bool
    keep: int
    at_nothing: int


@dataclass(frozen=True, slots=True)
class Block:
    """Mentees who stand next to each other in a sweep, the first at `start`: their rows (`people`, r) and gains (r)."""

    start: int
    people: Ints
    gains: Ints


@dataclass(frozen=True, slots=True)
class Found:
    """Pairs that a sweep took down (rows, columns, scores), row by row, the best first; and `over` (n): by how much
    the best of each mentee's pairs exceeds her gain and its price, 0 where none does."""

    rows: Places
    cols: Places
    scores: Scores
    over: Ints


Look = Callable[[Field, Terms, Block], Found]


class Crew(Protocol):
    """Whoever looks at blocks."""

    def each(self, look: Look, field: Field, terms: Terms, blocks: Sequence[Block]) -> Generator[Found, None, None]:
        """What `look` finds in each block, in their order."""


@dataclass(frozen=True, slots=True)
class Threads:
    """So many threads of this process. Memory: a block for each, and what they found a few blocks ahead."""

    number: int

    def each(self, look: Look, field: Field, terms: Terms, blocks: Sequence[Block]) -> Generator[Found, None, None]:
        if self.number == 1:
            yield from (look(field, terms, block) for block in blocks)
            return
        with ThreadPoolExecutor(self.number) as pool:
            asked = (pool.submit(look, field, terms, block) for block in blocks)
            ahead = deque(islice(asked, 2 * self.number))
            while ahead:
                ahead.extend(islice(asked, 1))
                yield ahead.popleft().result()
