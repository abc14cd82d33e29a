"""A throw-away installation: its own database and data folder, real processes of `twoway`, gone afterwards."""

import json
import os
import platform
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench.browser import Browser
from bench.size import Size
from tests import postgres
from tests.operate import processes

PROCESSES = 2
PATIENCE = 60
BUILD = "import django; django.setup(); from bench.build import main; main()"
LARGE = 1 << 20


def say(words: str) -> None:
    """To standard error: standard output holds the tables."""
    print(f"bench: {words}", file=sys.stderr, flush=True)


class Broken(Exception):
    """Something of ours did not work, so there is no figure; the text says what."""


@dataclass
class Installation:
    """Where it is, and what one can do with it."""

    kind: str
    folder: Path
    port: int
    env: dict[str, str]

    def build(self, size: Size) -> dict[str, Any]:
        """Fill it; where to go, and the seconds it took."""
        began = time.perf_counter()
        command = [sys.executable, "-c", BUILD, json.dumps(asdict(size))]
        with self.log("build").open("wb") as log:
            process = subprocess.Popen(
                command, env=self.env, cwd=processes.ROOT, stdout=subprocess.PIPE, stderr=log, start_new_session=True,
                text=True,
            )  # fmt: skip
        try:
            say("filling the database")
            said, _nothing = process.communicate()
        finally:
            end(process)
        if process.returncode:
            raise Broken(f"The database could not be filled.\n{self.tail('build')}")
        return {**json.loads(said), "seconds": time.perf_counter() - began}

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """`twoway ...` in a process group of its own, of which nothing stays."""
        name = arguments[0]
        with self.log(name).open("wb") as log:
            process = processes.start(*arguments, env=self.env, stdout=log, stderr=log, start_new_session=True)
        try:
            yield process
        finally:
            end(process)

    @contextmanager
    def serving(self, *more: str) -> Iterator[subprocess.Popen[str]]:
        """The web processes, once they answer."""
        bind = f"127.0.0.1:{self.port}"
        with self.running("serve", "--bind", bind, "--processes", str(PROCESSES), *more) as process:
            until = time.monotonic() + PATIENCE
            while not self._answers():
                if process.poll() is not None or time.monotonic() > until:
                    raise Broken(f"`twoway serve` did not start.\n{self.tail('serve')}")
                time.sleep(0.1)
            say("serving")
            yield process

    def browser(self, session: str) -> Browser:
        return Browser(self.port, session)

    def _answers(self) -> bool:
        try:
            return self.browser("").get("/sign-in/").status == 200
        except OSError:
            return False

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def tail(self, name: str) -> str:
        return "\n".join(self.log(name).read_text(errors="replace").splitlines()[-12:])


@contextmanager
def installation(kind: str) -> Iterator[Installation]:
    """An empty one on SQLite or PostgreSQL."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="twoway-bench-")))
        database = stack.enter_context(processes.empty_database(kind, folder))
        port = processes.free_port()
        env = processes.environment(
            folder, TWOWAY_DATABASE_URL=database, TWOWAY_ADDRESS=f"http://127.0.0.1:{port}", TWOWAY_LOG_LEVEL="WARNING"
        )
        yield Installation(kind, folder, port, env)


def end(process: subprocess.Popen[str]) -> None:
    """Ask the whole group to go, then make it."""
    try:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


# --- what it ran on ---------------------------------------------------------------------------------


def version(kind: str) -> str:
    """The database in a word."""
    if kind == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with psycopg.connect(postgres.address()) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return f"PostgreSQL {str(row[0]).split()[0] if row else ''}"


def machine(load: float | None, databases: list[str]) -> str:
    """One line without any name or path of it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    words = [f"{cores} cores ({platform.machine()}, {platform.system()})", f"Python {platform.python_version()}"]
    words += [version(kind) for kind in databases]
    words += [f"load average at the start {load:.1f}"] if load is not None else []
    return ", ".join(words)


def children(process: int) -> list[int]:
    """The processes that one has started; none where the system does not say."""
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        return [int(word) for task in tasks for word in (task / "children").read_text().split()]
    except OSError:
        return []


def peak(process: int) -> float | None:
    """The most memory that a running process has held, in MB; None where the system does not say."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 / LARGE for line in lines if line.startswith("VmHWM")), None)


def web_processes(server: int) -> list[int]:
    """Those that answer requests: what `twoway serve` has started but its worker."""
    return [one for one in children(server) if "worker" not in _words_of(one)]


def _words_of(process: int) -> list[str]:
    try:
        return Path(f"/proc/{process}/cmdline").read_text().split("\0")
    except OSError:
        return []


def work(processes_: list[int]) -> float | None:
    """The seconds of processor time that some processes have used; None where the system does not say."""
    try:
        stats = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in processes_]
    except OSError:
        return None
    return sum(int(words[11]) + int(words[12]) for words in stats) / os.sysconf("SC_CLK_TCK") if stats else None


def highest(processes_: list[int]) -> float | None:
    """The highest peak among some processes."""
    return max((found for one in processes_ if (found := peak(one)) is not None), default=None)
