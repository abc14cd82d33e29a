"""How alike texts are once more, for the verifier alone: written from the words in `problem`, sharing nothing with
`text`."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from math import isqrt

import numpy as np
import numpy.typing as npt

from matchengine.problem import Meaning

Whole = npt.NDArray[np.int64]
Doubles = npt.NDArray[np.float64]


class Letters:
    """The likeness of texts in thousandths, by runs of four letters weighed by how few texts have them.

    Points begin at 60 thousandths and are whole from 400.
    """

    begin_at, whole_from = 60, 400

    def __init__(self, left: list[str], right: list[str]) -> None:
        bags = [_bag(text) for text in left + right]
        having: dict[str, int] = {}
        for bag in bags:
            for gram in bag:
                having[gram] = having.get(gram, 0) + 1
        everybody = len(bags) + 1
        rare = {have: ((everybody**16) // (have**16)).bit_length() - 1 for have in set(having.values())}
        vectors = [_unit({gram: min(3, times) * rare[having[gram]] for gram, times in bag.items()}) for bag in bags]
        self.ours, self.theirs = vectors[: len(left)], vectors[len(left) :]
        self.from_right, self.from_left = _postings(self.theirs), _postings(self.ours)

    def row(self, i: int) -> Whole:
        """The i-th on the left with everybody on the right."""
        return self._with(self.ours[i], self.from_right, len(self.theirs))

    def column(self, j: int) -> Whole:
        """Everybody on the left with the j-th on the right."""
        return self._with(self.theirs[j], self.from_left, len(self.ours))

    @staticmethod
    def _with(vector: dict[str, int], postings: dict[str, tuple[Whole, Whole]], people: int) -> Whole:
        totals = np.zeros(people, dtype=np.int64)
        for gram, weight in vector.items():
            if gram in postings:
                who, theirs = postings[gram]
                totals[who] += weight * theirs
        return totals * 1000 // (8192 * 8192)


def _postings(vectors: list[dict[str, int]]) -> dict[str, tuple[Whole, Whole]]:
    """For each gram the people whose texts have it, and its weight in each."""
    found: dict[str, list[tuple[int, int]]] = {}
    for at, vector in enumerate(vectors):
        for gram, weight in vector.items():
            found.setdefault(gram, []).append((at, weight))
    return {
        gram: (np.array([at for at, _ in those], dtype=np.int64), np.array([w for _, w in those], dtype=np.int64))
        for gram, those in found.items()
    }


_GAPS = re.compile(
    "[\\s!-/:-@\\[-`{-~\u00a0-\u00bf\u060c\u061b\u061f\u06d4\u0964\u2000-\u206f\u3000-\u303f\uff01-\uff0f\uff1a-\uff20]+"
)


def _bag(text: str) -> dict[str, int]:
    bag: dict[str, int] = {}
    for word in _GAPS.split(text[:20_000]):
        if not word:
            continue
        flat = "".join(ch for ch in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(ch))
        if any("\u2e80" <= ch <= "\u9fff" or "\uac00" <= ch <= "\ud7af" for ch in flat):
            size = 2
        else:
            flat, size = f" {flat} ", 4
        for start in range(max(1, len(flat) - size + 1)):
            gram = flat[start : start + size]
            bag[gram] = bag.get(gram, 0) + 1
    return bag


def _unit(weights: dict[str, int]) -> dict[str, int]:
    """The 400 heaviest, scaled to a length of 8192, floored; what becomes nothing is left out."""
    kept = sorted(weights, key=lambda gram: (-weights[gram], gram))[:400]
    length = isqrt(sum(weights[gram] ** 2 for gram in kept))
    if not length:
        return {}
    return {gram: weights[gram] * 8192 // length for gram in kept if weights[gram] * 8192 // length}


class Vectors:
    """The likeness of texts by the vectors that a model gave their sentences: the cosine of the sums.

    A sum is scaled to a length of 127, halves rounded up; cosines are floored to thousandths, and below nothing is
    nothing.
    """

    def __init__(self, meaning: Meaning, left: list[str], right: list[str]) -> None:
        self.begin_at, self.whole_from = meaning.nothing, meaning.everything
        self.vectors, self.size = meaning.sentences, meaning.size
        self.ours, self.theirs = self._read(left), self._read(right)

    def row(self, i: int) -> Whole:
        """The i-th on the left with everybody on the right."""
        return self._with(self.theirs, self.ours[i])

    def column(self, j: int) -> Whole:
        """Everybody on the left with the j-th on the right."""
        return self._with(self.ours, self.theirs[j])

    @staticmethod
    def _with(many: Doubles, one: Doubles) -> Whole:
        return np.maximum(0, np.minimum(1000, (many @ one).astype(np.int64) * 1000 // 16_129))

    def _read(self, texts: list[str]) -> Doubles:
        known: dict[str, list[int]] = {}
        for text in texts:
            if text not in known:
                known[text] = self._vector(text)
        # Whole numbers below 2 to the power of 53, which doubles hold exactly and multiply quickly.
        return np.array([known[text] for text in texts], dtype=np.float64).reshape(len(texts), self.size)

    def _vector(self, text: str) -> list[int]:
        total = [0] * self.size
        for sentence in _said_in(text):
            signed = memoryview(self.vectors[sha256(sentence.encode()).hexdigest()]).cast("b")
            total = [a + b for a, b in zip(total, signed, strict=True)]
        length = isqrt(sum((1024 * number) ** 2 for number in total))
        if not length:
            return total
        scaled = [(2 * 127 * 1024 * number + length) // (2 * length) for number in total]
        return [min(127, max(-127, number)) for number in scaled]


def _said_in(text: str) -> list[str]:
    """At most 40 sentences: cut after a full stop and its like, and at line ends; what is below 12 letters joins its
    neighbour, what is above 400 is cut at a space."""
    sentences: list[str] = []
    for line in re.split("[\r\n•]+", text[:20_000]):
        for bit in re.split("(?<=[.!?…؟।])\\s+|(?<=[。！？])", line):
            said = " ".join(bit.split())
            if not said:
                continue
            if sentences and (len(said) < 12 or len(sentences[-1]) < 12):
                sentences[-1] = f"{sentences[-1]} {said}"
            else:
                sentences.append(said)
    whole: list[str] = []
    for sentence in sentences:
        while len(sentence) > 400:
            space = sentence[:400].rfind(" ")
            cut = space if space > 0 else 400
            whole.append(sentence[:cut])
            sentence = sentence[cut:].strip()
        whole.append(sentence)
    return whole[:40]
