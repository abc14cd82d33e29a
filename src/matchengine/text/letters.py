"""How alike two free texts are: the plain fallback, by the letters they share, and the phrases that met.

Texts are cut into words, words into overlapping runs of four letters ("grams"). A gram weighs the more the
fewer texts have it (TF-IDF). Everything is whole numbers, so the same texts give the same points on every
machine. Source: G. Salton, C. Buckley, "Term-weighting approaches in automatic text retrieval" (1988);
character n-grams as in P. McNamee, J. Mayfield (2004). It finds words and their relatives, not meaning, and
does not claim to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from math import isqrt

import numpy as np
from scipy import sparse

from matchengine.shares import Ints
from matchengine.text.phrases import BETWEEN_WORDS, LONGEST_TEXT, Phrases, folded, without_spaces

HEAVIEST = 400
"""Grams of a text that count, the heaviest ones."""

UNIT = 8192
"""Length of a text's vector: two equal texts have the product UNIT * UNIT."""

NOTHING, EVERYTHING = 60, 400
"""Likeness in thousandths at which points begin, and from which they are whole."""

TELLING = 3
"""A phrase is shown that weighs as much as so many grams of two texts alone, or that would bring points by itself."""


def words_in(text: str) -> list[str]:
    """The words of a text as they were written. Right-to-left and accented letters are words like any
    other."""
    return [word for word in BETWEEN_WORDS.split(text[:LONGEST_TEXT]) if word]


@lru_cache(maxsize=200_000)
def grams_of(word: str) -> tuple[str, ...]:
    """The runs of four letters of a word between two spaces; runs of two where a script has no spaces.

    Case and accents are left out. Example: `grams_of("Lead")` is (" lea", "lead", "ead ").
    """
    letters = folded(word)
    if without_spaces(letters):
        return tuple(letters[at : at + 2] for at in range(max(1, len(letters) - 1)))
    padded = f" {letters} "
    return tuple(padded[at : at + 4] for at in range(max(1, len(padded) - 3)))


class Likeness:
    """The texts of two groups, ready to be compared; rarity is counted over both.

    Cost: a few microseconds a word; then for each gram, the texts on the left that have it times those on
    the right, at most `HEAVIEST` grams a text.
    """

    nothing, everything = NOTHING, EVERYTHING

    def __init__(self, left: Sequence[str], right: Sequence[str], among: Sequence[str] | None = None) -> None:
        """`among`: all texts whose grams are counted, where `left` and `right` are only some of them."""
        counts = [_grams_in(text) for text in (*left, *right)]
        self.rarity = _rarity(counts if among is None else [_different_grams_in(text) for text in among])
        self._phrases = Phrases((*left, *right) if among is None else among)
        self._in_two = _steps(1 + (len(counts) if among is None else len(among)), 2)
        vectors = [self._vector(count) for count in counts]
        ours, theirs = vectors[: len(left)], vectors[len(left) :]
        known = sorted(set().union(*ours) & set().union(*theirs))
        column = {gram: at for at, gram in enumerate(known)}
        self._ours, self._theirs = _sparse(ours, column), _sparse(theirs, column)

    def __getstate__(self) -> dict[str, object]:
        """What another process needs to compare them: numbers, and none of the texts. It finds no phrases."""
        return {name: value for name, value in vars(self).items() if name in ("_ours", "_theirs")}

    def thousandths(self, rows: Ints | None = None, columns: Ints | None = None) -> Ints:
        """How alike the texts are: the cosines of these rows with these columns, 0 to 1000, floored."""
        ours = self._ours if rows is None else self._ours[rows]
        theirs = self._theirs if columns is None else self._theirs[columns]
        product: Ints = (ours @ theirs.T).toarray().astype(np.int64)
        return product * 1000 // (UNIT * UNIT)

    def _vector(self, count: Counter[str]) -> dict[str, int]:
        heaviest, length = self._weights(count)
        return {gram: weight * UNIT // length for gram, weight in heaviest if length and weight * UNIT >= length}

    def _weights(self, count: Counter[str]) -> tuple[Collection[tuple[str, int]], int]:
        """The heaviest grams of a text, and how long its vector is before it is made `UNIT` long."""
        weights = {gram: min(times, 3) * self.rarity[gram] for gram, times in count.items()}
        heaviest: Collection[tuple[str, int]] = weights.items()
        if len(weights) > HEAVIEST:
            heaviest = sorted(heaviest, key=lambda item: (-item[1], item[0]))[:HEAVIEST]
        return heaviest, isqrt(sum(weight * weight for _, weight in heaviest))

    def phrases(self, ours: str, theirs: str, most: int = 3) -> tuple[tuple[str, str], ...]:
        """The phrases that stand in both and say something, heaviest first: (her words, his words), as they wrote them.

        None where all they share is what many say: likeness is counted on letters, and many small things add up.
        Example: her "lead a finance team", his "finance and budgets": (("finance", "finance"),).
        """
        (mine, our_length), (yours, their_length) = (self._weights(_grams_in(text)) for text in (ours, theirs))
        hers, his, both = dict(mine), dict(yours), our_length * their_length

        def weigh(phrase: str, other: str) -> int:
            shared = _different_grams_in(phrase) & _different_grams_in(other)
            runs_of_four = TELLING if without_spaces(folded(phrase)) else 1  # there two letters are a word
            return runs_of_four * sum(hers.get(gram, 0) * his.get(gram, 0) for gram in shared)

        enough = min(NOTHING * both // 1000, TELLING * self._in_two * self._in_two)
        return tuple(self._phrases.shared(ours, theirs, weigh, max(1, enough))[:most])


def _grams_in(text: str) -> Counter[str]:
    count: Counter[str] = Counter()
    for word, times in Counter(words_in(text)).items():
        for gram in grams_of(word):
            count[gram] += times
    return count


def _different_grams_in(text: str) -> set[str]:
    return set().union(*map(grams_of, set(words_in(text))))


def _rarity(counts: Sequence[Iterable[str]]) -> dict[str, int]:
    """Sixteen times the binary logarithm of (1 + texts) / (texts that have the gram), floored, exactly."""
    having: Counter[str] = Counter()
    for count in counts:
        having.update(iter(count))
    every = 1 + len(counts)
    steps = {have: _steps(every, have) for have in set(having.values())}
    return {gram: steps[have] for gram, have in having.items()}


def _steps(every: int, have: int) -> int:
    return (every**16 // have**16).bit_length() - 1


def _sparse(vectors: Sequence[dict[str, int]], column: dict[str, int]) -> sparse.csr_array:
    rows, columns, values = [], [], []
    for row, vector in enumerate(vectors):
        for gram, value in vector.items():
            if gram in column:
                rows.append(row)
                columns.append(column[gram])
                values.append(value)
    data = np.array(values, dtype=np.int64)
    return sparse.csr_array((data, (rows, columns)), shape=(len(vectors), len(column)))
