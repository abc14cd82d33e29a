"""Two small text models of the tests' own: one in memory, and one as a folder with a real ONNX file.

Both know a few words and where each points on a compass; a sentence points to the middle of its words.
"""

import json
import math
import struct
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from matchengine.text.calibration import SAME
from matchengine.text.reader import Floats

POINTS = {
    0: "budget budgets finance accounts money books ledgers kassenbuch",
    90: "speak speaking audience voice stage presentations vortrag",
    180: "paint painting walls colour brush",
    270: "sleep rest tired night calm",
}


class Compass:
    """A model in memory. `read` counts the sentences it was asked for."""

    name, checksum, size, nothing, everything = "compass", "c" * 64, 2, 300, 900

    def __init__(self) -> None:
        self.read = 0

    def vector(self, sentence: str) -> Floats:
        self.read += 1
        return middle(sentence, {word: angle for angle, words in POINTS.items() for word in words.split()})


def middle(sentence: str, angles: dict[str, int]) -> Floats:
    known = [math.radians(angles[word]) for word in _words(sentence) if word in angles]
    return np.array([sum(map(math.cos, known)), sum(map(math.sin, known))])


def _words(sentence: str) -> list[str]:
    return [word.strip(".,;:!?").casefold() for word in sentence.split()]


def make_folder(folder: Path, **files: object) -> Path:
    """A folder as models are published; `files` by name with / written as __, JSON unless bytes."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    angles = {word: angle for angle, words in POINTS.items() for word in words.split()}
    angles |= {word: 30 * at for at, pair in enumerate(SAME) for word in _own_words(at, pair) if word not in angles}
    places = {"[UNK]": 0, **{word: at for at, word in enumerate(sorted(angles), 1)}}
    table = [
        (0.0, 0.0),
        *((math.cos(math.radians(angles[w])), math.sin(math.radians(angles[w]))) for w in sorted(angles)),
    ]
    tokenizer = Tokenizer(models.WordLevel(places, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    folder.mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    contents: dict[str, object] = {
        "onnx__model.onnx": onnx_of(table), "1_Pooling__config.json": {"pooling_mode_mean_tokens": True},
        "modules.json": [{"type": "sentence_transformers.models.Transformer"}],
        "sentence_bert_config.json": {"max_seq_length": 32}, **files,
    }  # fmt: skip
    for name, content in contents.items():
        file = folder / name.replace("__", "/")
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return folder


def _own_words(at: int, pair: tuple[str, str]) -> set[str]:
    """The words of a pair of sentences that are in no other pair."""
    others = {word for number, two in enumerate(SAME) if number != at for one in two for word in _words(one)}
    return {word for one in pair for word in _words(one)} - others


# --- an ONNX file by hand: token numbers in, the rows of a table out --------------------------------


def onnx_of(table: list[tuple[float, float]]) -> bytes:
    """The smallest model there is, in the protocol buffers that ONNX files are."""
    numbers = struct.pack(f"<{2 * len(table)}f", *(number for row in table for number in row))
    weights = _int(1, len(table)) + _int(1, 2) + _int(2, 1) + _bytes(8, b"table") + _bytes(9, numbers)
    gather = _bytes(1, b"table") + _bytes(1, b"input_ids") + _bytes(2, b"last_hidden_state") + _bytes(4, b"Gather")
    graph = (
        _bytes(1, gather) + _bytes(2, b"compass") + _bytes(5, weights)
        + _bytes(11, _value(b"input_ids", 7, (b"batch", b"tokens")))
        + _bytes(11, _value(b"attention_mask", 7, (b"batch", b"tokens")))
        + _bytes(12, _value(b"last_hidden_state", 1, (b"batch", b"tokens", b"two")))
    )  # fmt: skip
    return _int(1, 8) + _bytes(7, graph) + _bytes(8, _int(2, 13))


def _value(name: bytes, kind: int, sides: Iterable[bytes]) -> bytes:
    shape = b"".join(_bytes(1, _bytes(2, side)) for side in sides)
    return _bytes(1, name) + _bytes(2, _bytes(1, _int(1, kind) + _bytes(2, shape)))


def _int(field: int, number: int) -> bytes:
    return _varint(field << 3) + _varint(number)


def _bytes(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])
