"""A text cut into the sentences a model reads, and the name each one is kept under."""

from __future__ import annotations

import re
from hashlib import sha256

LONGEST_TEXT = 20_000
"""Characters of a text that are read; what follows does not count."""

LONGEST_SENTENCE = 400
"""Characters after which a sentence is cut at a space."""

SHORTEST_SENTENCE = 12
"""Pieces below this many characters belong to their neighbour: "z. B." ends no sentence."""

MOST_SENTENCES = 40

BREAK = re.compile(r"(?<=[.!?…؟।])\s+|(?<=[。！？])|[\r\n•]+")


def sentences_of(text: str) -> list[str]:
    """The first sentences of a text, spaces made single. Example: `sentences_of("I lead a team. Badly, so far.")` is
    ["I lead a team.", "Badly, so far."]."""
    found: list[str] = []
    for part in BREAK.split(text[:LONGEST_TEXT]):
        piece = " ".join(part.split())
        if found and piece and min(len(piece), len(found[-1])) < SHORTEST_SENTENCE:
            found[-1] += " " + piece
        elif piece:
            found.append(piece)
    return [short for sentence in found for short in _cut(sentence)][:MOST_SENTENCES]


def _cut(sentence: str) -> list[str]:
    pieces = []
    while len(sentence) > LONGEST_SENTENCE:
        space = sentence.rfind(" ", 1, LONGEST_SENTENCE)
        at = space if space > 0 else LONGEST_SENTENCE
        pieces.append(sentence[:at])
        sentence = sentence[at:].lstrip()
    return [*pieces, sentence]


def key_of(sentence: str) -> str:
    """The name of a sentence's vector: its sha256, in hexadecimal."""
    return sha256(sentence.encode()).hexdigest()
