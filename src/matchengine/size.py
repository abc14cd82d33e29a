"""What a run will need, said before it begins: at most about so much memory and so long.

The memory is a bound counted from what is kept: some thousand bytes for each person, their texts, and a block of pairs
for each thread; never all pairs. With a cluster the blocks are there, and each of its processes keeps what every look
needs. The time is counted from what a look at one pair takes on an ordinary processor core (2020s, 2 to 3 GHz), more
looks than have been seen to be needed, and what placing so many has taken; a slow or busy machine takes several times
as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchengine.boards import is_on_one_matrix
from matchengine.problem import Answer, Mentee, Mentor, Problem
from matchengine.shares import BLOCK
from matchengine.solvers.pairs import MOST_CELLS
from matchengine.strips import MOST_BYTES
from matchengine.text.phrases import LONGEST_TEXT

MOST_LOOKS = 16

ASKING = 0.5
"""Seconds it takes a cluster to be told what to look for and to tell what it found."""


@dataclass(frozen=True, slots=True)
class Size:
    """`memory` in bytes beside the people themselves, `look` and `time` in seconds: one look at all pairs, and all of a
    run at most. `is_large`: lists and sweeps, not one matrix. `each`: bytes in each process of a cluster, all of it."""

    mentees: int
    mentors: int
    is_large: bool
    memory: int
    look: float
    time: float
    each: int = 0

    @property
    def pairs(self) -> int:
        return self.mentees * self.mentors

    @property
    def in_words(self) -> str:
        """One sentence. Example: "20000 mentees and 4000 mentors are 80000000 pairs: at most about 3 minutes and 0.6 GB
        (one look at all pairs: about 2 s)."."""
        minutes = -(-int(self.time) // 60)
        long = f"{minutes} minutes" if minutes > 1 else "a minute"
        large = f" and {_gigabytes(self.memory)}"
        if self.each:
            large = f", {_gigabytes(self.memory)} here and {_gigabytes(self.each)} in each process of the cluster"
        return (
            f"{self.mentees} mentees and {self.mentors} mentors are {self.pairs} pairs: at most about {long}{large} "
            f"(one look at all pairs: about {max(1, round(self.look))} s)."
        )


def size_of(problem: Problem, *, threads: int, small: int, cluster: Sequence[int] = ()) -> Size:
    """How large a run of `solve` is, on `threads` or on the threads of each process of a `cluster`.

    Cost: the people are counted, and the length of their texts.
    """
    n, m = len(problem.mentees), len(problem.mentors)
    criteria = [criterion for criterion in problem.criteria if criterion.kind != "off"]
    texts = [criterion for criterion in criteria if criterion.kind == "text"]
    named = [one.mentee for one in criteria if one.kind != "text"] + [one.mentee for one in problem.limits]
    parts = len(named)
    everybody: tuple[Mentee | Mentor, ...] = (*problem.mentees, *problem.mentors)
    read = [name for criterion in texts for name in {criterion.mentee, criterion.mentor_field}]
    letters = sum(_letters(one.answers.get(name)) for name in read for one in everybody)
    cells = n * sum(min(mentor.seats, n) for mentor in problem.mentors)
    is_large = n * m > small or n * min(2 * n + m, cells // max(n, 1)) > MOST_CELLS
    places = n
    if problem.has_boards:
        places = max(n, sum(one.places for one in problem.mentees))
        is_large = not is_on_one_matrix(problem, small)
    look = n * m * (0.5 + 0.1 * parts + 60 * len(texts)) / 1e9 / (sum(cluster) or threads) + bool(cluster) * ASKING
    place = places * min(places, 10 * m) * 3e-8
    explain = (places + m) * (0.0005 + 0.0025 * len(texts))
    block = min(BLOCK, n * m) * (64 if texts else 16)
    matrix = 0 if is_large else 24 * min(MOST_CELLS, cells) + 64 * n * m
    people = (places + m) * (4000 + 500 * (len(criteria) + len(problem.limits))) + 160 * letters
    strips = sum(2 * min(MOST_BYTES, m * (64 + _answers(name, problem.mentees))) for name in named) if is_large else 0
    time = MOST_LOOKS * look + place + explain
    if not cluster:
        return Size(n, m, is_large, 100_000_000 + threads * block + matrix + people + strips, look, time)
    sent = strips + (n + m) * (500 + 500 * parts + 4000 * len(texts)) + 160 * letters
    memory = 200_000_000 + matrix + people + strips + 2 * sent
    return Size(n, m, is_large, memory, look, time, 300_000_000 + max(cluster) * block + 2 * sent)


def _gigabytes(size: int) -> str:
    return f"{-(-size // 100_000_000) / 10:.1f} GB"


def _answers(name: str, people: Sequence[Mentee]) -> int:
    """How many different ones there are."""
    return len({one.answers.get(name) for one in people})


def _letters(answer: Answer | None) -> int:
    words = answer if isinstance(answer, tuple) else (answer,) if isinstance(answer, str) else ()
    return min(LONGEST_TEXT, sum(map(len, words)))
