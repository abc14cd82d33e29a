"""What a run will need, said before it begins: at most about so much memory and so long.

The memory is a bound counted from what is kept: some thousand bytes for each person, their texts, and a block of pairs
for each thread; never all pairs. The time is counted from what a look at one pair takes on an ordinary processor core
(2020s, 2 to 3 GHz), more looks than have been seen to be needed, and what placing so many has taken; a slow or busy
machine takes several times as long.
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


@dataclass(frozen=True, slots=True)
class Size:
    """`memory` in bytes beside the people themselves, `look` and `time` in seconds: one look at all pairs, and all of a
    run at most. `is_large`: lists and sweeps, not one matrix."""

    mentees: int
    mentors: int
    is_large: bool
    memory: int
    look: float
    time: float

    @property
    def pairs(self) -> int:
        return self.mentees * self.mentors

    @property
    def in_words(self) -> str:
        """One sentence. Example: "20000 mentees and 4000 mentors are 80000000 pairs: at most about 3 minutes and 0.6 GB
        (one look at all pairs: about 2 s)."."""
        minutes = -(-int(self.time) // 60)
        long = f"{minutes} minutes" if minutes > 1 else "a minute"
        large = f"{-(-self.memory // 100_000_000) / 10:.1f} GB"
        return (
            f"{self.mentees} mentees and {self.mentors} mentors are {self.pairs} pairs: at most about {long} and "
            f"{large} (one look at all pairs: about {max(1, round(self.look))} s)."
        )


def size_of(problem: Problem, *, threads: int, small: int) -> Size:
    """How large a run of `solve` is. Cost: the people are counted, and the length of their texts."""
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
    look = n * m * (0.5 + 0.1 * parts + 60 * len(texts)) / 1e9 / threads
    place = places * min(places, 10 * m) * 3e-8
    explain = (places + m) * (0.0005 + 0.0025 * len(texts))
    blocks = threads * min(BLOCK, n * m) * (64 if texts else 16)
    matrix = 0 if is_large else 24 * min(MOST_CELLS, cells) + 64 * n * m
    people = (places + m) * (4000 + 500 * (len(criteria) + len(problem.limits))) + 160 * letters
    strips = sum(2 * min(MOST_BYTES, m * (64 + _answers(name, problem.mentees))) for name in named) if is_large else 0
    memory = 100_000_000 + blocks + matrix + people + strips
    return Size(n, m, is_large, memory, look, MOST_LOOKS * look + place + explain)


def _answers(name: str, people: Sequence[Mentee]) -> int:
    """How many different ones there are."""
    return len({one.answers.get(name) for one in people})


def _letters(answer: Answer | None) -> int:
    words = answer if isinstance(answer, tuple) else (answer,) if isinstance(answer, str) else ()
    return min(LONGEST_TEXT, sum(map(len, words)))
