"""A sentence-embedding model from a folder: an ONNX file and a tokenizer, run on this machine's processor alone.

The folder is read as sentence-embedding models are usually published: `tokenizer.json`, `onnx/model.onnx` or
`model.onnx`, and small JSON files that say how token vectors become one. `seal` writes down once what every file is
and how the model counts; `FolderModel` compares each byte with that before it uses it. Only JSON and ONNX are read,
which hold numbers and no program. Needs the packages of the extra `text`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from matchengine.canonical import canonical
from matchengine.text.calibration import calibrated
from matchengine.text.reader import Floats, UnusableModel

SEAL = "text-model.json"
FORMAT = "matchengine text model 1"
ONNX_FILES = ("onnx/model.onnx", "model.onnx")
LONGEST = 512
"""Tokens of a sentence that are read at most; a model may read fewer."""

LARGEST_FILE = 4_000_000_000
LARGEST_VECTOR = 8_192
POOLINGS = {"pooling_mode_mean_tokens": "mean", "mean": "mean", "pooling_mode_cls_token": "first", "cls": "first"}
STEPS = ("Transformer", "Pooling", "Normalize")


@dataclass(frozen=True, slots=True)
class Seal:
    """What a folder's model is: `files` by name with their sha256, and how sentences are read.

    `prefix` is put before every sentence, as some models ask for; `pooling` is mean or first.
    """

    name: str
    revision: str
    files: dict[str, str]
    onnx: str
    pooling: str
    longest: int
    prefix: str
    size: int
    nothing: int
    everything: int

    @property
    def checksum(self) -> str:
        """One sha256 for all of it: another byte in any file, or another way to read it, is another model."""
        return sha256(canonical(asdict(self)).encode("ascii")).hexdigest()


def seal(folder: Path, name: str, revision: str = "", prefix: str = "") -> Seal:
    """Try the model of a folder, count how near it puts sentences, and write the seal into the folder.

    Raises UnusableModel. Example: `seal(Path("/srv/minilm"), "all-MiniLM-L6-v2")`.
    """
    if not folder.is_dir():
        raise UnusableModel(f"{folder} is not a folder")
    files = _digests(folder)
    onnx = next((name for name in ONNX_FILES if name in files), "")
    if not onnx:
        raise UnusableModel(f"{folder} holds no ONNX file: there must be {' or '.join(ONNX_FILES)}")
    if "tokenizer.json" not in files:
        raise UnusableModel(f"{folder} holds no tokenizer.json")
    _refuse_more_steps(folder)
    open_seal = Seal(name, revision, files, onnx, _pooling(folder), _longest(folder), prefix, 0, 0, 0)
    size, nothing, everything = calibrated(_Session(folder, open_seal).vector, name)
    found = Seal(**asdict(open_seal) | {"size": size, "nothing": nothing, "everything": everything})
    text = canonical({"format": FORMAT, "checksum": found.checksum, **asdict(found)})
    (folder / SEAL).write_text(text + "\n", "ascii")
    return found


class FolderModel:
    """A sealed model, ready to read sentences. Raises UnusableModel where anything is not as it was sealed.

    Cost: every byte of the folder is read and digested once; then some milliseconds a sentence.
    """

    def __init__(self, folder: Path) -> None:
        sealed = read_seal(folder)
        found = _digests(folder)
        for name in sorted({*found, *sealed.files}):
            if name not in sealed.files:
                raise UnusableModel(f"{folder}: {name} was not there when the model was sealed")
            if found.get(name) != sealed.files[name]:
                raise UnusableModel(f"{folder}: {name} is not the file that was sealed: it was changed or is missing")
        self.name, self.checksum, self.size = sealed.name, sealed.checksum, sealed.size
        self.nothing, self.everything = sealed.nothing, sealed.everything
        self._session = _Session(folder, sealed)

    def vector(self, sentence: str) -> Floats:
        """The place of one sentence."""
        return self._session.vector(sentence)


def read_seal(folder: Path) -> Seal:
    """What was written down when the folder was sealed. Raises UnusableModel where that is missing or was changed."""
    try:
        content = json.loads((folder / SEAL).read_text("ascii"))
        told, kind = content.pop("checksum"), content.pop("format")
        found = Seal(**content)
        types = {field.name: type(getattr(found, field.name)).__name__ for field in fields(Seal)}
        whole = kind == FORMAT and told == found.checksum and _as_annotated(types)
    except FileNotFoundError as error:
        raise UnusableModel(f"{folder} holds no sealed text model: {SEAL} is missing") from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnusableModel(f"{folder / SEAL} cannot be read") from error
    if not whole:
        raise UnusableModel(f"{folder / SEAL} was changed after the model was sealed")
    return found


def _as_annotated(types: dict[str, str]) -> bool:
    return all(types[field.name] == str(field.type).split("[")[0] for field in fields(Seal))


def _digests(folder: Path) -> dict[str, str]:
    """The sha256 of every file but the seal; a link that leads out of the folder is refused."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or name == SEAL:
            continue
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            raise UnusableModel(f"{folder}: {name} leads out of the folder")
        if path.stat().st_size > LARGEST_FILE:
            raise UnusableModel(f"{folder}: {name} is larger than {LARGEST_FILE} bytes")
        with path.open("rb") as file:
            digest = sha256()
            while block := file.read(1 << 20):
                digest.update(block)
        found[name] = digest.hexdigest()
    return found


def _json(path: Path) -> Any:
    """What a JSON file holds, an empty object where there is none."""
    try:
        content = json.loads(path.read_text("utf-8"))
        if not isinstance(content, dict | list) or (isinstance(content, list) and path.name != "modules.json"):
            raise ValueError
        return content
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UnusableModel(f"{path} is not JSON") from error


def _refuse_more_steps(folder: Path) -> None:
    """Steps after pooling that are kept outside the ONNX file would be left out in silence."""
    modules = _json(folder / "modules.json")
    for module in modules if isinstance(modules, list) else []:
        step = str(module.get("type", "")).rsplit(".", 1)[-1]
        if step not in STEPS:
            raise UnusableModel(f"{folder}: the model has a step {step} that its ONNX file does not hold")


def _pooling(folder: Path) -> str:
    config = _json(folder / "1_Pooling" / "config.json")
    modes = [name for name, on in config.items() if on is True and name.startswith("pooling_mode_")]
    modes += [config["pooling_mode"]] if isinstance(config.get("pooling_mode"), str) else []
    if not modes:
        return "mean"
    if len(modes) > 1 or modes[0] not in POOLINGS:
        raise UnusableModel(f"{folder}: this way of pooling is not known: {', '.join(sorted(modes))}")
    return POOLINGS[modes[0]]


def _longest(folder: Path) -> int:
    said = _json(folder / "sentence_bert_config.json").get("max_seq_length")
    return min(LONGEST, said) if isinstance(said, int) and said > 2 else LONGEST


class _Session:
    """The running model. One thread and one sentence at a time: the same bytes whatever else is read."""

    def __init__(self, folder: Path, sealed: Seal) -> None:
        try:
            import onnxruntime
            from tokenizers import Tokenizer
        except ImportError as error:
            raise UnusableModel(
                f"a text model from a folder needs Twoway's extra text: the package {error.name} is missing"
            ) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        self._pooling, self._prefix = sealed.pooling, sealed.prefix
        try:
            self._tokenizer = Tokenizer.from_str(_checked(folder, "tokenizer.json", sealed).decode())
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(sealed.longest)
            self._run = onnxruntime.InferenceSession(
                _checked(folder, sealed.onnx, sealed), options, providers=["CPUExecutionProvider"]
            )
        except UnusableModel:
            raise
        except Exception as error:  # both libraries raise classes of their own
            raise UnusableModel(f"{folder}: the model does not load: {_short(error)}") from error
        self._inputs = [one.name for one in self._run.get_inputs()]
        outputs = [one.name for one in self._run.get_outputs()]
        self._output = "sentence_embedding" if "sentence_embedding" in outputs else outputs[0]
        unknown = set(self._inputs) - set(_FEEDS)
        if unknown:
            raise UnusableModel(f"{folder}: the model asks for {', '.join(sorted(unknown))}, which texts do not have")

    def vector(self, sentence: str) -> Floats:
        ids = self._tokenizer.encode(self._prefix + sentence).ids
        if not ids:
            ids = self._tokenizer.encode(".").ids
        tokens = np.array([ids], dtype=np.int64)
        try:
            out = self._run.run([self._output], {name: _FEEDS[name](tokens) for name in self._inputs})[0]
        except Exception as error:  # as above
            raise UnusableModel(f"the model could not read a sentence: {_short(error)}") from error
        if out.ndim == 3:
            out = out[:, 0] if self._pooling == "first" else out.mean(axis=1)
        if out.ndim != 2 or out.shape[0] != 1 or not 1 <= out.shape[1] <= LARGEST_VECTOR:
            raise UnusableModel("the model does not give one vector for a sentence")
        vector: Floats = out[0].astype(np.float64)
        if not np.isfinite(vector).all():
            raise UnusableModel("the model gave a vector that is not made of numbers")
        return vector


_FEEDS: dict[str, Callable[[Any], Any]] = {
    "input_ids": lambda tokens: tokens,
    "attention_mask": np.ones_like,
    "token_type_ids": np.zeros_like,
    "position_ids": lambda tokens: np.arange(tokens.shape[1], dtype=np.int64)[None, :],
}


def _checked(folder: Path, name: str, sealed: Seal) -> bytes:
    """The bytes that are used are the bytes that were checked, whoever writes to the folder meanwhile."""
    data = (folder / name).read_bytes()
    if sha256(data).hexdigest() != sealed.files[name]:
        raise UnusableModel(f"{folder}: {name} is not the file that was sealed: it was changed or is missing")
    return data


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
