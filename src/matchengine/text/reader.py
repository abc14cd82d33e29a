"""What a model that reads sentences promises, and a problem whose texts it has read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from matchengine.answers import as_text
from matchengine.problem import Answers, Meaning, Problem
from matchengine.text.sentences import key_of, sentences_of

Floats = npt.NDArray[np.floating]

AT_ONCE = 64
"""Sentences read between two words of progress."""


class UnusableModel(ValueError):
    """A text model cannot be used; the message says which and why, in one sentence."""


class Reader(Protocol):
    """A model that says where sentences stand in a space in which what means alike stands close.

    `name` and `checksum` (64 hexadecimal digits) say which model, byte for byte; `size` how many numbers a vector
    has. Likeness of unrelated sentences is about `nothing` thousandths, and from `everything` two mean the same.
    """

    @property
    def name(self) -> str: ...

    @property
    def checksum(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def nothing(self) -> int: ...

    @property
    def everything(self) -> int: ...

    def vector(self, sentence: str) -> Floats:
        """The place of one sentence, `size` numbers of any length. One at a time, so that no neighbour can change
        a last digit."""


def as_bytes(vector: Floats) -> bytes:
    """A vector as it is kept: 127 long, rounded to whole numbers, a signed byte each."""
    exact = vector.astype(np.float64)
    length = float(np.sqrt((exact * exact).sum()))
    if not np.isfinite(length) or length == 0:
        return bytes(len(vector))
    return np.rint(exact * (127 / length)).astype(np.int8).tobytes()


def read_texts(
    problem: Problem,
    reader: Reader,
    known: Mapping[str, bytes] | None = None,
    step: Callable[[int, int], object] = lambda done, total: None,
) -> Problem:
    """The same problem with its texts read by a model: from here on, points need the model no more.

    `known`: vectors this same model gave before, by the sentence's sha256; only other sentences are read. Without
    a text criterion the problem comes back as it was. Cost: what the model takes, some milliseconds a sentence.
    Example: `solve(read_texts(problem, model))`.
    """
    sentences = sentences_to_read(problem)
    if sentences is None:
        return problem
    known = known or {}
    vectors: dict[str, bytes] = {}
    new: dict[str, str] = {}
    for key, sentence in sentences.items():
        if len(known.get(key, b"")) == reader.size:
            vectors[key] = known[key]
        else:
            new[key] = sentence
    for done, (key, sentence) in enumerate(sorted(new.items())):
        if done % AT_ONCE == 0:
            step(done, len(new))
        vectors[key] = as_bytes(reader.vector(sentence))
    read = Meaning(reader.name, reader.checksum, reader.size, reader.nothing, reader.everything, vectors)
    return replace(problem, meaning=read)


def sentences_to_read(problem: Problem) -> dict[str, str] | None:
    """Every sentence that a text criterion compares, by its sha256; None where there is no such criterion."""
    fields = text_fields(problem)
    if not fields:
        return None
    return {key_of(one): one for text in _texts(problem, fields) for one in sentences_of(text)}


def text_fields(problem: Problem) -> frozenset[str]:
    """The names of the answers that text criteria read."""
    return frozenset(name for one in problem.criteria if one.kind == "text" for name in (one.mentee, one.mentor_field))


def _texts(problem: Problem, fields: frozenset[str]) -> Iterator[str]:
    everybody: list[Answers] = [person.answers for person in problem.mentees]
    everybody += [person.answers for person in problem.mentors]
    for answers in everybody:
        for field in fields:
            answer = answers.get(field)
            if answer is not None:
                yield as_text(answer)


def thousandths_between(one: bytes, other: bytes) -> int:
    """How alike two kept vectors are."""
    ours, theirs = (np.frombuffer(vector, dtype=np.int8).astype(np.int64) for vector in (one, other))
    return max(0, int((ours * theirs).sum()) * 1000 // (127 * 127))


def vectors_of(reader: Reader, sentences: Sequence[str]) -> list[bytes]:
    """What a model makes of some sentences, as it would be kept."""
    return [as_bytes(reader.vector(sentence)) for sentence in sentences]
