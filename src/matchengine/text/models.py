"""One door to the models there are: a sealed folder, or the one that comes inside a package."""

from __future__ import annotations

from pathlib import Path

from matchengine.text.folder import FolderModel
from matchengine.text.packaged import PackagedModel
from matchengine.text.reader import Reader

PACKAGED = "packaged"


def open_model(where: str) -> Reader:
    """The model in a folder, or, for the word "packaged", the one of the package. Nothing is ever fetched.

    Raises UnusableModel, in one sentence. Example: `read_texts(problem, open_model("/srv/text-model"))`.
    """
    return PackagedModel() if where == PACKAGED else FolderModel(Path(where))
