"""One run of one peer on one crowd, in a process of its own, within a limit."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.installation import end, peak, work
from bench.matching.crowd import Crowd, Judged, Side, judge
from bench.matching.environments import python_of
from tests.operate.processes import ROOT

SCRIPTS = Path(__file__).parent / "peers"
LIMIT = 420.0  # seconds of the processor, so that a busy machine takes nothing from anybody; twice that on the clock
LOOK_AGAIN = 0.5


@dataclass(frozen=True)
class Peer:
    """How somebody is run: the script, what it is told after the crowd, and the environment's package ("": our own).

    `reads`: it gets a file with the people, for it has no numpy to draw them with.
    """

    name: str
    script: str
    package: str = ""
    more: tuple[str, ...] = ()
    reads: bool = False


@dataclass(frozen=True)
class Run:
    """What a run cost and found; `fault` says why there is nothing, `memory` (MB) then what it had held by then."""

    peer: str
    kind: str
    mentees: int
    mentors: int
    seconds: float = 0.0
    cpu: float = 0.0
    memory: float | None = None
    judged: Judged | None = None
    fault: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    def as_row(self) -> dict[str, Any]:
        """For a file."""
        return asdict(self)

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> "Run":
        return cls(**{**row, "judged": Judged(**row["judged"]) if row["judged"] else None})


def run(peer: Peer, people: Crowd, *, limit: float = LIMIT, env: dict[str, str] | None = None) -> Run:
    """Run it to its end or to the limit, in seconds of the processor."""
    about = (peer.name, people.kind, len(people.mentees), len(people.mentors))
    with TemporaryDirectory(prefix="twoway-bench-") as folder:
        out, log = Path(folder) / "found.json", Path(folder) / "log"
        if peer.reads:
            crowd = [str(_written(people, Path(folder) / "people.json"))]
        else:
            crowd = [people.kind, str(len(people.mentees)), str(len(people.mentors))]
        python = str(python_of(peer.package)) if peer.package else sys.executable
        command = [python, str(SCRIPTS / peer.script), *crowd, str(out), *peer.more]
        fault, memory = _to_the_end(command, log, limit, env or {})
        if fault:
            return Run(*about, memory=memory, fault=fault)
        found = json.loads(out.read_text())
    cost = {name: found.pop(name) for name in ("seconds", "cpu", "memory")}
    return Run(*about, **cost, judged=judge(people, [(row, col) for row, col in found.pop("pairs")]), more=found)


def _to_the_end(command: list[str], log: Path, limit: float, env: dict[str, str]) -> tuple[str, float | None]:
    """Why there is no answer, "" if there is one; and the memory it had held by then."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    variables = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **env}
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
            start_new_session=True, preexec_fn=_bounded, text=True,
        )  # fmt: skip
    try:
        until, memory = time.monotonic() + 2 * limit, None
        while process.poll() is None:
            had = work([process.pid])
            if had is not None and had > limit:
                return f"not within {limit:.0f} s of processor", peak(process.pid)
            if time.monotonic() > until:
                spent = f" ({had:.0f} s of processor)" if had is not None else ""
                return f"not within {2 * limit:.0f} s{spent}", peak(process.pid)
            memory = peak(process.pid) or memory
            with suppress(subprocess.TimeoutExpired):
                process.wait(LOOK_AGAIN)
    finally:
        end(process)
    if process.returncode == 0:
        return "", memory
    return _why(process.returncode, log), memory


def _why(code: int, log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    last = lines[-1] if lines else ""
    if "MemoryError" in last or code == -signal.SIGKILL:
        return f"needs more than {_most_memory() / 1e9:.0f} GB"
    return last[:80] or f"ended with {code}"


def _most_memory() -> int:
    return int(0.65 * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))


def _bounded() -> None:
    """A peer that wants more than the machine has ends by itself, and not whatever else runs here."""
    resource.setrlimit(resource.RLIMIT_AS, (_most_memory(), _most_memory()))


def _written(people: Crowd, file: Path) -> Path:
    file.write_text(
        json.dumps(
            {
                "mentees": _rows(people.mentees), "mentors": _rows(people.mentors),
                "seats": people.seats.tolist(), "apart": people.apart.tolist(),
            }
        )
    )  # fmt: skip
    return file


def _rows(side: Side) -> list[list[Any]]:
    columns = (side.grade, side.team, side.site, side.years, side.skills)
    return [list(row) for row in zip(*(column.tolist() for column in columns), strict=True)]
