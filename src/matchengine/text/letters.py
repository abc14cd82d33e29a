"""How alike two free texts are: the plain fallback, by the letters they share, and the phrases that met.

Texts are cut into words, words into overlapping runs of four letters ("grams"). A gram weighs the more the
fewer texts have it (TF-IDF). Everything is whole numbers, so the same texts give the same points on every
machine. Source: G. Salton, C. Buckley, "Term-weighting approaches in automatic text retrieval" (1988);
character n-grams as in P. McNamee, J. Mayfield (2004). It finds words and their relatives, not meaning, and
does not claim to.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from math import isqrt
from operator import itemgetter

import numpy as np
from scipy import sparse

from matchengine.shares import Ints

LONGEST_TEXT = 20_000
"""Characters of a text that are read; what follows does not count."""

HEAVIEST = 400
"""Grams of a text that count, the heaviest ones."""

UNIT = 8192
"""Length of a text's vector: two equal texts have the product UNIT * UNIT."""

NOTHING, EVERYTHING = 60, 400
"""Likeness in thousandths at which points begin, and from which they are whole."""

BETWEEN_WORDS = re.compile(
    r"[\s!-/:-@\[-`{-~\u00a0-\u00bf\u060c\u061b\u061f\u06d4\u0964\u2000-\u206f\u3000-\u303f\uff01-\uff0f\uff1a-\uff20]+"
)


def words_in(text: str) -> list[str]:
    """The words of a text as they were written. Right-to-left and accented letters are words like any
    other."""
    return [word for word in BETWEEN_WORDS.split(text[:LONGEST_TEXT]) if word]


@lru_cache(maxsize=200_000)
def grams_of(word: str) -> tuple[str, ...]:
    """The runs of four letters of a word between two spaces; runs of two where a script has no spaces.

    Case and accents are left out. Example: `grams_of("Lead")` is (" lea", "lead", "ead ").
    """
    letters = "".join(
        letter for letter in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(letter)
    )
    if any("\u2e80" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7af" for letter in letters):
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
        vectors = [self._vector(count) for count in counts]
        ours, theirs = vectors[: len(left)], vectors[len(left) :]
        known = sorted(set().union(*ours) & set().union(*theirs))
        column = {gram: at for at, gram in enumerate(known)}
        self._ours, self._theirs = _sparse(ours, column), _sparse(theirs, column)

    def thousandths(self, rows: Ints | None = None, columns: Ints | None = None) -> Ints:
        """How alike the texts are: the cosines of these rows with these columns, 0 to 1000, floored."""
        ours = self._ours if rows is None else self._ours[rows]
        theirs = self._theirs if columns is None else self._theirs[columns]
        product: Ints = (ours @ theirs.T).toarray().astype(np.int64)
        return product * 1000 // (UNIT * UNIT)

    def _vector(self, count: Counter[str]) -> dict[str, int]:
        weights = {gram: min(times, 3) * self.rarity[gram] for gram, times in count.items()}
        heaviest: Collection[tuple[str, int]] = weights.items()
        if len(weights) > HEAVIEST:
            heaviest = sorted(heaviest, key=lambda item: (-item[1], item[0]))[:HEAVIEST]
        length = isqrt(sum(weight * weight for _, weight in heaviest))
        if length == 0:
            return {}
        return {gram: weight * UNIT // length for gram, weight in heaviest if weight * UNIT >= length}

    def phrases(self, ours: str, theirs: str, most: int = 3) -> tuple[tuple[str, str], ...]:
        """The words that met, heaviest first, with their neighbours that met too: (her words, his words).

        Phrases that weigh less than a third of the heaviest, such as an "and", are left out.

        Example: her "lead a finance team", his "finance and budgets": (("finance", "finance"),).
        """
        met = self._words_that_met(words_in(ours), words_in(theirs))
        if not any(weight for _, _, weight in met):
            loosely = self._words_that_met(words_in(ours), words_in(theirs), half=False)
            met = [max(loosely, key=itemgetter(2), default=("", "", 0))]
        found: list[tuple[int, str, str]] = []
        for run in _runs(met):
            hers = " ".join(word for word, _, _ in run)
            his = " ".join(dict.fromkeys(word for _, word, _ in run))
            found.append((sum(weight for _, _, weight in run), hers, his))
        found.sort(key=lambda item: (-item[0], item[1], item[2]))
        found = [item for item in found if 3 * item[0] >= found[0][0]]
        seen: dict[str, tuple[str, str]] = {}
        for _, hers, his in found:
            seen.setdefault(hers.casefold(), (hers, his))
        return tuple(seen.values())[:most]

    def _words_that_met(self, ours: list[str], theirs: list[str], half: bool = True) -> list[tuple[str, str, int]]:
        """For each of her words in turn: the word of his that met it best, with a weight, or ("", 0)."""
        by_gram: dict[str, list[tuple[str, int]]] = {}
        for word in sorted(set(theirs)):
            for gram in set(grams_of(word)):
                by_gram.setdefault(gram, []).append((word, len(set(grams_of(word)))))
        best: dict[str, tuple[str, int]] = {}
        for word in set(ours):
            best[word] = self._best_of(set(grams_of(word)), by_gram, half)
        return [(word, *best[word]) for word in ours]

    def _best_of(self, grams: set[str], by_gram: dict[str, list[tuple[str, int]]], half: bool) -> tuple[str, int]:
        """His word that shares most weight; with `half`, only words that share at least half of both."""
        shared: Counter[tuple[str, int]] = Counter()
        weight: Counter[tuple[str, int]] = Counter()
        for gram in grams:
            rarity = self.rarity.get(gram, 0)
            for other in by_gram.get(gram, ()):
                shared[other] += 1
                weight[other] += rarity
        near = [
            (-weight[other], other[0])
            for other, times in shared.items()
            if weight[other] and (not half or 4 * times >= len(grams) + other[1])
        ]
        if not near:
            return "", 0
        best, word = min(near)
        return word, -best


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
    steps = {have: (every**16 // have**16).bit_length() - 1 for have in set(having.values())}
    return {gram: steps[have] for gram, have in having.items()}


def _runs(met: list[tuple[str, str, int]]) -> list[list[tuple[str, str, int]]]:
    """Neighbouring words that met, each run as one phrase of at most six words."""
    runs: list[list[tuple[str, str, int]]] = []
    follows = False
    for item in met:
        if item[2]:
            if follows and len(runs[-1]) < 6:
                runs[-1].append(item)
            else:
                runs.append([item])
        follows = bool(item[2])
    return runs


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
