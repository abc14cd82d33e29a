"""How alike texts are by the vectors that a model gave their sentences, which the problem keeps.

A text's vector is the sum of its sentences', made `LENGTH` long again; likeness is the cosine. Vectors are whole
numbers from -127 to 127, so that products of up to 1,040 of them are exact in 32-bit floats whatever the order they
are added in, and the same problem gives the same points on every machine, with or without the model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import isqrt

import numpy as np
import numpy.typing as npt

from matchengine.problem import Meaning
from matchengine.shares import Ints
from matchengine.text.sentences import key_of, sentences_of

LENGTH = 127
EXACT_IN_FLOATS = 1_040
"""Numbers a vector may have for 127 x 127 x size to stay below 2 to the power of 24."""

_FINE = 1_024


class Meanings:
    """The texts of two groups as a model read them. Every sentence must be among `meaning.sentences`.

    Cost: microseconds a text; then two operations a pair and number of the vector.
    """

    def __init__(self, meaning: Meaning, left: Sequence[str], right: Sequence[str]) -> None:
        self.nothing, self.everything = meaning.nothing, meaning.everything
        self._sentences, self._size = meaning.sentences, meaning.size
        self._ours, self._theirs = self._matrix(left), self._matrix(right)

    def __getstate__(self) -> dict[str, object]:
        """What another process needs to compare them, without the sentences. It finds no phrases."""
        return {name: value for name, value in vars(self).items() if name != "_sentences"}

    def thousandths(self, rows: Ints | None = None, columns: Ints | None = None) -> Ints:
        """The cosines of these rows with these columns in thousandths, floored, 0 to 1000."""
        ours = self._ours if rows is None else self._ours[rows]
        theirs = self._theirs if columns is None else self._theirs[columns]
        product: Ints = (ours @ theirs.T).astype(np.int64)
        return np.clip(product * 1000 // (LENGTH * LENGTH), 0, 1000)

    def phrases(self, ours: str, theirs: str, most: int = 3) -> tuple[tuple[str, str], ...]:
        """The sentences that met best by the same vectors: the best two, then others at least four fifths as near.

        Each is told once; nothing where the best are no nearer than unrelated sentences are.
        """
        hers, his = sentences_of(ours), sentences_of(theirs)
        if not hers or not his:
            return ()
        near = _vectors(self._sentences, hers) @ _vectors(self._sentences, his).T * 1000 // (LENGTH * LENGTH)
        found: list[tuple[str, str]] = []
        enough = max(self.nothing + 1, 4 * int(near.max()) // 5)
        while len(found) < most and int(near.max()) >= enough:
            row, column = divmod(int(near.argmax()), len(his))
            found.append((hers[row], his[column]))
            near[row, :] = near[:, column] = -1000
        return tuple(found)

    def _matrix(self, texts: Sequence[str]) -> npt.NDArray[np.floating]:
        kind = np.float32 if self._size <= EXACT_IN_FLOATS else np.float64
        read = lru_cache(maxsize=None)(self._of_text)
        whole = np.array([read(text) for text in texts], dtype=np.int64).reshape(len(texts), self._size)
        matrix: npt.NDArray[np.floating] = whole.astype(kind)
        return matrix

    def _of_text(self, text: str) -> Ints:
        sentences = sentences_of(text)
        return unit(_vectors(self._sentences, sentences).sum(axis=0)) if sentences else np.zeros(self._size, np.int64)


def unit(vector: Ints) -> Ints:
    """The vector of whole numbers in this direction that is about `LENGTH` long; nothing stays nothing.

    Example: `unit(np.array([3, 4]))` is [76, 102].
    """
    fine = vector.astype(np.int64) * _FINE
    length = isqrt(int((fine * fine).sum()))
    if not length:
        return fine
    return np.clip((2 * LENGTH * fine + length) // (2 * length), -LENGTH, LENGTH)


def _vectors(kept: Mapping[str, bytes], sentences: Sequence[str]) -> Ints:
    together = b"".join(kept[key_of(sentence)] for sentence in sentences)
    return np.frombuffer(together, dtype=np.int8).reshape(len(sentences), -1).astype(np.int64)
