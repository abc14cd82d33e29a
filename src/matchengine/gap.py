"""When a search may stop before it has found the best: as soon as what is at hand is proven to be near enough.

People placed come first and are never given up for speed: a match is near only once no match places more (but for
`best_total`, which does not look at places). The gap is a share of the points: bound and match differ by so many, and
no match that places as many can have more than the match and these together. Any dual prices give such a bound over
all pairs (weak duality; L. S. Lasdon, "Optimization Theory for Large Systems", 1970, for bounds while columns are
still being added): the gain of each mentee raised by what the sweep found above it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from matchengine.problem import TOP_SCORE, InvalidProblem
from matchengine.result import GAP_UNITS


def units_of(per_cent: float | Decimal | str) -> int:
    """A gap in per cent as a whole number of millionths. Raises InvalidProblem for anything but 0 to 100 with at most
    four decimals. Example: `units_of(0.1)` is 1000."""
    said = f"the gap must be a number of per cent from 0 to 100 with at most four decimals, not {per_cent!s:.40}"
    try:
        units = Decimal(str(per_cent)) * GAP_UNITS / 100
        is_fine = 0 <= units <= GAP_UNITS and units == int(units)
    except ArithmeticError:  # no number, no finite number, or one far too long
        is_fine = False
    if not is_fine:
        raise InvalidProblem(said)
    return int(units)


@dataclass(frozen=True, slots=True)
class Near:
    """How near is near enough: `asked` millionths of the points, with `most` people who could be placed at all.

    `pinned` and `pinned_points` are the pairs that stand beside the search and count with it. Where somebody wants
    several mentors, up to `levels` of them, `most` are the places that can be filled, and `placed` and `pinned` count a
    place once for each place of the last level that it is worth: no match has more in this count than one that fills
    places best.
    """

    asked: int
    per_person: int
    most: int
    pinned: int
    pinned_points: int
    levels: int = 1

    def is_met(self, placed: int, points: int, over: int) -> bool:
        """Whether a match of `placed` people with `points`, whose bound is `over` above what it is worth, will do.

        A bound above what as many perfect pairs would have says nothing, and never will do.
        """
        placed, points = placed + self.pinned, points + self.pinned_points
        could = placed
        if self.per_person:
            could = min(self.most * self.levels, (self.per_person * placed + points + over) // self.per_person)
        best = points + over
        return could == placed and best <= TOP_SCORE * self.most and over * GAP_UNITS <= self.asked * best
