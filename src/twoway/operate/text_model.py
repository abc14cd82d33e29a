"""Bringing a text model onto this machine, by hand and once. Nothing else in Twoway ever fetches one."""

import os
import shutil
import tempfile
from pathlib import Path

from matchengine.text.folder import ONNX_FILES, seal
from matchengine.text.reader import UnusableModel
from twoway.operate.trouble import Trouble

ALSO_WANTED = (
    "tokenizer.json", "config.json", "modules.json", "sentence_bert_config.json", "config_sentence_transformers.json",
    "1_Pooling/config.json", "README.md", "LICENSE", "LICENSE.txt",
)  # fmt: skip


def fetch(*, name: str, into: str, revision: str, prefix: str, mirror: str) -> int:
    """Fetch a published model into a new folder, seal it, and say what to do next."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        from huggingface_hub import HfApi, hf_hub_download
    except ImportError as missing:
        raise Trouble(
            "To fetch a model Twoway needs its extra text: the package huggingface-hub is missing."
        ) from missing
    target = Path(into).resolve()
    if target.exists():
        raise Trouble(f"{target} is there already. Name a folder that does not exist yet.")
    if not target.parent.is_dir():
        raise Trouble(f"{target.parent} is not a folder.")
    half = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        about = HfApi(endpoint=mirror or None).model_info(name, revision=revision or None)
        commit = about.sha or ""
        for file in _wanted([one.rfilename for one in about.siblings or []], name):
            print(f"fetching {file}", flush=True)
            hf_hub_download(name, file, revision=commit, local_dir=half, endpoint=mirror or None)
        shutil.rmtree(half / ".cache", ignore_errors=True)
        found = seal(half, name, commit, prefix)
        half.chmod(0o755)
        half.rename(target)
    except Trouble:
        raise
    except UnusableModel as fault:
        raise Trouble(f"{name} cannot be used: {str(fault).replace(str(half), name)}.") from fault
    except Exception as fault:  # the network's, the library's and the disk's are all of different families
        words = (str(fault).strip() or type(fault).__name__).splitlines()[0]
        raise Trouble(f"{name} could not be fetched: {words[:200]}") from fault
    finally:
        shutil.rmtree(half, ignore_errors=True)
    licence = about.card_data.get("license") if about.card_data else None
    print(f"Its publisher names this licence: {licence or 'none; ask before you use it'}.")
    _say(target, found.name, found.checksum)
    return 0


def _wanted(there: list[str], name: str) -> list[str]:
    onnx = next((file for file in ONNX_FILES if file in there), None)
    if onnx is None:
        raise Trouble(f"{name} is published without {' or '.join(ONNX_FILES)}. Choose one that has such a file.")
    if f"{onnx}_data" in there:
        raise Trouble(f"{name} keeps its numbers outside {onnx}, which Twoway does not read. Choose a smaller one.")
    return [onnx, *(file for file in ALSO_WANTED if file in there)]


def seal_folder(*, folder: str, name: str, prefix: str) -> int:
    """Write down what a folder's model is, where it was brought here by other means."""
    target = Path(folder).resolve()
    try:
        found = seal(target, name or target.name, prefix=prefix)
    except UnusableModel as fault:
        raise Trouble(f"{fault}.") from fault
    except OSError as fault:
        raise Trouble(f"{target} could not be sealed: {fault}") from fault
    _say(target, found.name, found.checksum)
    return 0


def _say(target: Path, name: str, checksum: str) -> None:
    print(f"{name} is sealed, checksum {checksum}.")
    print(f"To use it set TWOWAY_TEXT_MODEL={target} for the web processes and the worker, then start them again.")
