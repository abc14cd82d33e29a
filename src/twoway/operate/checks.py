"""Whether the settings and the database are fit to serve people. `twoway check` says all; `serve` obeys."""

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from email.utils import parseaddr
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from twoway.operate import database
from twoway.operate.start import faults_of_settings
from twoway.operate.trouble import Trouble

SHORTEST_SECRET = 40
STAND_IN = "stands in for a secret key that is missing"
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
NETWORK_DRIVES = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph", "glusterfs"})
NOT_DISKS = frozenset({"proc", "sysfs", "cgroup", "cgroup2", "devpts"})


@dataclass(frozen=True)
class Finding:
    level: str  # good, warning, fault
    words: str


def run() -> int:
    """Print every finding, one a line; 1 when there is a fault."""
    faults = faults_of_settings()
    findings = _past(faults) if faults else [*settings_findings(), *database_findings()]
    for finding in findings:
        print(f"{finding.level:<8} {finding.words}")
    return 1 if any(finding.level == "fault" for finding in findings) else 0


def _past(faults: list[str]) -> list[Finding]:
    """What cannot be read, and what is wrong with the other settings: all in one run.

    For this once the unreadable ones are as if they were not set. The database is left alone: nobody knows which.
    """
    names = {fault.split()[0] for fault in faults}
    for name in names:
        os.environ.pop(name, None)
    if not os.environ.get("TWOWAY_SECRET_KEY", "").strip():
        os.environ["TWOWAY_SECRET_KEY"] = STAND_IN
        if settings.configured:
            settings.SECRET_KEY = STAND_IN
    found = [] if faults_of_settings() else [one for one in settings_findings() if one.level != "good"]
    return [
        *(Finding("fault", fault) for fault in faults),
        *(one for one in found if one.words.split()[0] not in names),
    ]


def refuse_if_unsafe() -> None:
    """Say warnings and faults on standard error; Trouble when there is a fault in the settings."""
    findings = list(settings_findings())
    for finding in findings:
        if finding.level != "good":
            print(f"twoway: {finding.level}: {finding.words}", file=sys.stderr)
    faults = sum(finding.level == "fault" for finding in findings)
    if faults:
        raise Trouble(f"Not started: {faults} unsafe setting{'s' if faults > 1 else ''}. See docs/run/settings.md.")


def settings_findings() -> Iterator[Finding]:
    """What can be said without the database."""
    yield _secret_key()
    yield from _demo()
    yield _address()
    yield from _proxies()
    yield from _other_names()
    yield from _mail()
    yield _time_zone()
    yield _data_folder()
    yield from _text_model()
    yield from _unknown_names()
    yield from _sqlite_drive()


def _secret_key() -> Finding:
    key = settings.SECRET_KEY
    if len(key) < SHORTEST_SECRET or len(set(key)) < 10:
        return Finding(
            "fault", f"TWOWAY_SECRET_KEY is too easy to guess: use at least {SHORTEST_SECRET} random characters."
        )
    return Finding("good", "TWOWAY_SECRET_KEY is long enough.")


def _demo() -> Iterator[Finding]:
    if settings.DEMO:
        yield Finding("fault", "TWOWAY_DEMO is on: anybody could read the demo's letters. Take it away.")
    if os.environ.get("TWOWAY_CLOCK_FILE"):
        yield Finding("fault", "TWOWAY_CLOCK_FILE is set: only a demo may move its clock. Take it away.")


def _address() -> Finding:
    if settings.HTTPS:
        return Finding("good", f"TWOWAY_ADDRESS is {settings.ADDRESS}.")
    host = settings.ALLOWED_HOSTS[0]
    if host in THIS_MACHINE:
        return Finding("warning", f"TWOWAY_ADDRESS is {settings.ADDRESS}: only this machine can use it.")
    return Finding(
        "fault", f"TWOWAY_ADDRESS is {settings.ADDRESS}: sign-in would travel unprotected. Use an https:// address."
    )


def _proxies() -> Iterator[Finding]:
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        yield Finding(
            "warning",
            "TWOWAY_TRUSTED_PROXIES is 0: behind a reverse proxy everybody seems to come from one address, and limits "
            "on tries count them together. Say how many proxies stand in front, usually 1.",
        )


def _other_names() -> Iterator[Finding]:
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding(
            "fault", "TWOWAY_ALSO_KNOWN_AS must not have *: anybody could point a name of theirs here. Name each host."
        )


def _mail() -> Iterator[Finding]:
    if settings.MAIL_KIND == "file":
        yield Finding(
            "warning", f"TWOWAY_MAIL_URL is not set: letters go into files in {settings.MAIL_FOLDER}, not to people."
        )
        return
    fault = _fault_of_sender() or _fault_of_open_way()
    if fault:
        yield fault
    if fault is None or fault.level == "warning":
        yield Finding("good", f"Letters leave through {settings.EMAIL_HOST}:{settings.EMAIL_PORT}.")


def _fault_of_sender() -> Finding | None:
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    if sender.endswith("@localhost"):
        return Finding("fault", "TWOWAY_MAIL_FROM is not set: servers refuse letters from twoway@localhost.")
    try:
        validate_email(sender)
    except ValidationError:
        like = "Mentoring <mentoring@example.org>"
        return Finding("fault", f"TWOWAY_MAIL_FROM {settings.DEFAULT_FROM_EMAIL!r} is no sender; use one like {like}.")
    return None


def _fault_of_open_way() -> Finding | None:
    if settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL or settings.EMAIL_HOST in THIS_MACHINE:
        return None
    where = f"TWOWAY_MAIL_URL sends to {settings.EMAIL_HOST} without TLS"
    if settings.EMAIL_HOST_PASSWORD:
        return Finding("fault", f"{where}: the password would travel unprotected. Take starttls=no away.")
    return Finding("warning", f"{where}: letters with sign-in links travel unprotected.")


def _time_zone() -> Finding:
    try:
        ZoneInfo(settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return Finding("fault", f"TWOWAY_TIME_ZONE {settings.TIME_ZONE!r} is no time zone; use one like Europe/Lisbon.")
    return Finding("good", f"New people and organisations begin in {settings.TIME_ZONE}.")


def _data_folder() -> Finding:
    folder = settings.DATA
    there = next(path for path in [folder, *folder.parents] if path.exists())
    # Root may write anywhere by its rights, and yet no folder can be made in such a place.
    unreal = kind_of_drive(there) in NOT_DISKS
    if unreal or not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return Finding("fault", f"TWOWAY_DATA is {folder}, and this user may not write there.")
    return Finding("good", f"Data lies in {folder}.")


def _text_model() -> Iterator[Finding]:
    where = settings.TEXT_MODEL
    if not where:
        yield Finding("good", "No text model: free texts are compared by the letters they share.")
        return
    from twoway.matching.meaning import model_in_words

    is_usable, words = model_in_words()
    yield Finding("good" if is_usable else "fault", words)
    if os.name == "posix" and Path(where).is_dir() and Path(where).stat().st_mode & 0o002:
        yield Finding("warning", f"TWOWAY_TEXT_MODEL: anybody on this machine may write into {where}.")


def _unknown_names() -> Iterator[Finding]:
    """Settings that nothing reads: most often a slip of typing."""
    source = (Path(__file__).parents[1] / "settings.py").read_text("utf-8")
    known = set(re.findall(r"TWOWAY_[A-Z_]+", source))
    for name in sorted(os.environ):
        if name.startswith("TWOWAY_") and name not in known:
            near = get_close_matches(name, known, 1)
            hint = f" Did you mean {near[0]}?" if near else ""
            yield Finding("warning", f"{name} is no setting of Twoway, so it does nothing.{hint}")


def _sqlite_drive() -> Iterator[Finding]:
    database_setting = settings.DATABASES["default"]
    if not str(database_setting["ENGINE"]).endswith("sqlite3"):
        return
    drive = kind_of_drive(Path(str(database_setting["NAME"])))
    if drive in NETWORK_DRIVES:
        yield Finding(
            "fault",
            f"SQLite's file lies on a network drive ({drive}), where it breaks, and only one machine may use it. "
            "Move TWOWAY_DATA to a disk of this machine, or use PostgreSQL.",
        )


def kind_of_drive(path: Path, mounts: Path = Path("/proc/self/mounts")) -> str:
    """The kind of file system a path lies on; empty where the system does not tell."""
    try:
        lines = [line.split() for line in mounts.read_text().splitlines()]
    except OSError:
        return ""
    found = [(len(words[1]), words[2]) for words in lines if path.resolve().is_relative_to(words[1])]
    return max(found, default=(0, ""))[1]


def database_findings() -> Iterator[Finding]:
    """Whether the database answers and its tables fit."""
    try:
        database.reach()
    except Trouble as trouble:
        yield Finding("fault", str(trouble))
        return
    yield Finding("good", f"The database answers: {database.name_of_database()}.")
    if database.is_new():
        yield Finding("warning", "The database is empty: `twoway serve` makes its tables.")
        return
    missing = database.steps_missing()
    if missing:
        yield Finding("fault", f"The tables are {missing} steps behind: make a copy, then `twoway serve --migrate`.")
        return
    yield Finding("good", "The tables are up to date.")
    yield from _letters()


def _letters() -> Iterator[Finding]:
    from twoway.history.clock import now as clock_now
    from twoway.outbox.queries import letters_overdue, letters_waiting

    waiting, overdue = letters_waiting(), letters_overdue(clock_now())
    if overdue:
        yield Finding("warning", f"{overdue} letters have waited for over ten minutes: is a worker running?")
    else:
        yield Finding("good", f"Letters waiting to leave: {waiting}.")
