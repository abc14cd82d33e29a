"""How much there is to measure with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """An organisation with one programme: who is in it, and what they have written.

    `waiting` mentees have no mentor and `free` mentors have free seats; the rest are in loops, of which each has a
    mentee of its own.
    """

    members: int
    loops: int = 0
    messages: int = 0
    waiting: int = 0
    free: int = 0
    finished_round: bool = False

    @property
    def full(self) -> int:
        """Mentors whose seats are all taken."""
        return self.members - self.loops - self.waiting - self.free


PAGES = Size(members=10_000, loops=5_000, messages=200_000, waiting=1_000, free=600, finished_round=True)
PAGES_QUICK = Size(members=60, loops=25, messages=600, waiting=10, free=6, finished_round=True)
ROUND = Size(members=1_600, waiting=1_000, free=600)
LARGE_ROUND = Size(members=5_000, waiting=3_400, free=1_600)
ROUND_QUICK = Size(members=32, waiting=20, free=12)
ROSTER = Size(members=0)
ROSTER_ROWS, ROSTER_ROWS_QUICK = 10_000, 60
