"""What whatever compares texts promises. `letters.Likeness` and `meaning.Meanings` keep it; a third may."""

from __future__ import annotations

from typing import Protocol

from matchengine.shares import Ints


class Alike(Protocol):
    """The texts of two groups, ready to be compared, in whole numbers.

    Points begin where the likeness is more than `nothing` thousandths and are whole from `everything`.
    """

    @property
    def nothing(self) -> int: ...

    @property
    def everything(self) -> int: ...

    def thousandths(self, rows: Ints | None = None, columns: Ints | None = None) -> Ints:
        """How alike these of the left are to these of the right, 0 to 1000: the same numbers on every machine,
        whatever the block they were asked in."""

    def phrases(self, ours: str, theirs: str, most: int = 3) -> tuple[tuple[str, str], ...]:
        """What met in two texts, best first, as it was written: (her words, his words)."""
