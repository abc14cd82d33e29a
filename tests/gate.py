"""What `python3 dev.py test` and `check` run: independent parts, side by side, each printed whole.

Every part runs to its end, so that one run tells all there is to mend. The closing line counts.
"""

import argparse
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from tests.tally import Tally, of_check, of_pytest, total

HERE = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
TOOLS = Path(PYTHON).parent
LONGEST = 45 * 60  # seconds; a part that hangs must not hang the whole
KEPT = ("TWOWAY_TEST_", "TWOWAY_CHROMIUM")
RUNNING: set[subprocess.Popen[bytes]] = set()


@dataclass(frozen=True)
class Part:
    name: str
    command: list[str]
    variables: dict[str, str] = field(default_factory=dict)
    is_pytest: bool = False
    may_be_empty: bool = False


@dataclass(frozen=True)
class Outcome:
    part: Part
    seconds: float
    said: str
    tally: Tally


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py", allow_abbrev=False, epilog="The rest is passed to pytest.")
    parser.add_argument("command", choices=["test", "check", "fmt"])
    parser.add_argument("--quick", action="store_true", help="SQLite only; no browser, no slow tests")
    parser.add_argument("--also", metavar="PYTHON", help="run what needs SQLite or no database with this Python")
    chosen, extra = parser.parse_known_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        if chosen.command == "fmt":
            return bring_into_shape()
        if chosen.command == "check":
            return run_all(list(checks()))
        return run_all(chosen_parts(chosen.quick, chosen.also, [word for word in extra if word != "--"]))
    except KeyboardInterrupt:
        return 130
    finally:
        for process in list(RUNNING):
            end(process)


# --- the parts -------------------------------------------------------------------------------


def chosen_parts(quick: bool, also: str | None, extra: list[str]) -> list[Part]:
    """Everything; with words for pytest of their own, only the tests these words choose."""
    parts = list(tests(quick, also, extra))
    if extra:
        return parts
    return [*parts[:2], *checks(), *parts[2:]]  # the longest start first, the checks run beside them


def checks() -> Iterator[Part]:
    yield Part("ruff check", [tool("ruff"), "check", "--output-format=concise", "."])
    yield Part("ruff format", [tool("ruff"), "format", "--check", "."])
    if templates():
        yield Part("djade", [tool("djade"), "--target-version", "5.2", "--check", *templates()])
    yield Part("types", [tool("mypy")])
    yield Part("import contracts", [tool("lint-imports"), "--no-logo"])
    django = {"DJANGO_SETTINGS_MODULE": "twoway.settings", "TWOWAY_SECRET_KEY": secrets.token_hex(32)}
    missing = [PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"]
    yield Part("migrations", missing, django)


def tests(quick: bool, also: str | None, extra: list[str]) -> Iterator[Part]:
    sqlite, postgres = {"TWOWAY_TEST_DATABASE": "sqlite"}, {"TWOWAY_TEST_DATABASE": "postgresql"}
    fast = "not slow and not browser"
    if quick:
        yield pytest("quick tests on SQLite", PYTHON, fast, sqlite, extra)
        return
    asks = "database and not browser"  # tests/needs.py says which; the others cannot differ, and run once
    yield pytest("tests on PostgreSQL", PYTHON, asks, postgres, extra)
    yield pytest("browser tests", PYTHON, "browser", sqlite, extra)
    newer = f" in {Path(also).parent.parent.name}" if also else ""
    yield pytest(f"tests on SQLite{newer}", also or PYTHON, asks, sqlite, extra)
    yield pytest("tests without a database", PYTHON, "not database and not browser", sqlite, extra)
    if also:
        yield pytest(f"quick tests without a database{newer}", also, f"not database and {fast}", sqlite, extra)


def pytest(name: str, python: str, marks: str, variables: dict[str, str], extra: list[str]) -> Part:
    """Each with a cache of its own; a choice of one's own may leave one of them with no test."""
    settings = ["-o", f"cache_dir=.pytest_cache/{name.replace(' ', '-')}", "-o", "faulthandler_timeout=300"]
    command = [python, "-m", "pytest", *settings, "--tb=short", "--continue-on-collection-errors", "-m", marks, *extra]
    if variables["TWOWAY_TEST_DATABASE"] == "postgresql":
        command = [python, "-m", "tests.postgres", *command]
    return Part(name, command, variables, is_pytest=True, may_be_empty=bool(extra))


def templates() -> list[str]:
    return sorted(str(path.relative_to(HERE)) for path in (HERE / "src").rglob("templates/**/*.html"))


def tool(name: str) -> str:
    return shutil.which(name, path=str(TOOLS)) or str(TOOLS / name)


def bring_into_shape() -> int:
    shape = [[tool("ruff"), "check", "--fix", "."], [tool("ruff"), "format", "."]]
    if templates():
        shape.append([tool("djade"), "--target-version", "5.2", *templates()])
    return max(subprocess.run(command, cwd=HERE).returncode for command in shape)


# --- running them ----------------------------------------------------------------------------


def run_all(parts: list[Part]) -> int:
    began = time.monotonic()
    scratch = Path(tempfile.mkdtemp(prefix="twoway-test-"))
    outcomes = []
    try:
        with ThreadPoolExecutor(max_workers=slots()) as pool:
            try:
                waiting = [pool.submit(run, part, scratch / str(n)) for n, part in enumerate(parts)]
                for done in as_completed(waiting):
                    outcomes.append(done.result())
                    show(outcomes[-1])
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                for process in list(RUNNING):
                    end(process)
                raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return close(outcomes, time.monotonic() - began)


def slots() -> int:
    """One more than there are cores, as parts often wait: for a server, a browser, a process of their own."""
    return min(5, cores() + 1)


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(part: Part, scratch: Path) -> Outcome:
    """Runs a part in a process group and a folder of its own, and lets nothing of it live on."""
    (scratch / "data").mkdir(parents=True)
    report, log = scratch / "report.xml", scratch / "log"
    command = [*part.command, f"--junit-xml={report}"] if part.is_pytest else part.command
    began = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=HERE,
            env=variables_for(part, scratch),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        RUNNING.add(process)
        try:
            code = process.wait(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            output.write(f"\nstopped: it ran longer than {LONGEST // 60} minutes\n".encode())
            code = 124
        finally:
            end(process)
    counted = of_pytest(part.name, code, report, part.may_be_empty) if part.is_pytest else of_check(part.name, code)
    return Outcome(part, time.monotonic() - began, log.read_text(errors="replace"), counted)


def variables_for(part: Part, scratch: Path) -> dict[str, str]:
    """An operator's settings never reach the tests, and what these leave lying goes with the scratch."""
    own = {
        name: value
        for name, value in os.environ.items()
        if name != "DJANGO_SETTINGS_MODULE" and (name.startswith(KEPT) or not name.startswith("TWOWAY_"))
    }
    return {**own, "TMPDIR": str(scratch), "TWOWAY_DATA": str(scratch / "data"), **part.variables}


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends the part's whole group: also a server or browser that a test forgot."""
    for word, patience in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        try:
            os.killpg(process.pid, word)
        except (ProcessLookupError, PermissionError):
            break
        try:
            process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            continue
    RUNNING.discard(process)


# --- telling ---------------------------------------------------------------------------------


def show(outcome: Outcome) -> None:
    verdict = f"{len(outcome.tally.failures)} FAILED" if outcome.tally.failures else "passed"
    print(f"\n── {outcome.part.name}: {verdict} · {outcome.seconds:.1f} s ──", flush=True)
    if outcome.said.strip():
        print(outcome.said.rstrip(), flush=True)


def close(outcomes: list[Outcome], seconds: float) -> int:
    """What failed and what was skipped, once more and together; then the line that counts."""
    tally = total(outcome.tally for outcome in outcomes)
    print(f"\n── altogether: {len(outcomes)} parts · {seconds:.1f} s ──")
    for title, lines in (("skipped", tally.skips), ("FAILED", tally.failures)):
        for line in lines:
            print(f"{title}: {line}")
    if not tally.passed and not tally.failures:
        print("FAILED: no test ran at all")
    print(tally.closing_line(), flush=True)
    return 0 if tally.is_good() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
