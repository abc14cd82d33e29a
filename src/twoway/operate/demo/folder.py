"""Where a demo keeps its data, and which settings it runs with."""

import json
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from twoway.operate.trouble import Trouble

MARK = "demo.json"  # stands in every demo's folder, and in no other


@dataclass
class Note:
    """What a demo remembers between starts."""

    port: int
    made_at: str = ""  # the demo's own time when its people were made


def usual_folder() -> Path:
    """`.dev/demo` of the checkout this runs from, else a folder among the user's data."""
    checkout = Path(__file__).resolve().parents[4]
    if (checkout / "dev.py").exists() and os.access(checkout, os.W_OK):
        return checkout / ".dev" / "demo"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Twoway" / "demo"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "twoway" / "demo"


def open_folder(data: str | None) -> Path:
    """The demo's folder, made if need be. A folder with other things in it is left alone."""
    folder = Path(data).expanduser().resolve() if data else usual_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        other = next((path.name for path in folder.iterdir()), None) if not (folder / MARK).exists() else None
        if other is not None:
            raise Trouble(f"{folder} holds other things ({other}); give the demo a folder of its own with --data.")
        if not (folder / MARK).exists():
            write_note(folder, Note(port=0))
    except OSError as fault:
        raise Trouble(f"The demo cannot keep its data in {folder}: {fault.strerror}. Choose with --data.") from fault
    return folder


def read_note(folder: Path) -> Note:
    try:
        return Note(**json.loads((folder / MARK).read_text()))
    except (OSError, ValueError, TypeError):
        return Note(port=0)


def write_note(folder: Path, note: Note) -> None:
    half = folder / f"{MARK}.half"
    half.write_text(json.dumps(asdict(note)) + "\n")
    half.replace(folder / MARK)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder, so that no second demo runs on it. Trouble when one does."""
    try:
        import fcntl
    except ImportError as fault:
        raise Trouble("The demo needs Linux, macOS or another Unix; on Windows use WSL.") from fault
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise Trouble(
                f"A demo already runs at {address(read_note(folder).port)} with the data in {folder}. "
                "`twoway demo --links` prints more links for it."
            ) from fault
        yield


def is_held(folder: Path) -> bool:
    try:
        with held(folder):
            return False
    except Trouble:
        return True


def empty(folder: Path) -> None:
    """Forget everything in a demo's folder but its mark and its lock."""
    for path in folder.iterdir():
        if path.name in (MARK, "lock"):
            continue
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    write_note(folder, Note(port=0))


def address(port: int) -> str:
    return f"http://localhost:{port}"


def set_environment(folder: Path, port: int) -> None:
    """The demo's settings, and no others: what is set for a real installation must not be touched by a demo."""
    for name in [name for name in os.environ if name.startswith("TWOWAY_")]:
        del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "twoway.settings",
        "TWOWAY_DEMO": "yes",
        "TWOWAY_DATA": str(folder),
        "TWOWAY_ADDRESS": address(port),
        "TWOWAY_SECRET_KEY": _secret_key(folder),
        "TWOWAY_CLOCK_FILE": str(folder / "clock"),
        "TWOWAY_MAIL_FROM": "Twoway demo <demo@twoway.example>",
        "TWOWAY_LOG_LEVEL": "WARNING",
    }


def _secret_key(folder: Path) -> str:
    file = folder / "secret"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(50))
    return file.read_text()
