#!/usr/bin/env python3
"""The one script a newcomer runs; it needs Python 3.11 or newer and nothing else.

  python3 dev.py demo      try Twoway with believable programmes in it
  python3 dev.py test      everything that is checked before a change is accepted
  python3 dev.py check     linters, types and import contracts only
  python3 dev.py fmt       put code and templates into shape
  python3 dev.py lock      compile requirements/*.in (add --upgrade for newer versions)
  python3 dev.py bench     how fast it is, as tables: pages under load, a round, a roster (--help says more)
  python3 dev.py mutants   switch each rule off in turn; the access tests must notice
  python3 dev.py env       only make the environment (env product: without the test tools)

The environment lives in .venv/ and is made when it is missing or stale. What follows a
command is passed on: `python3 dev.py demo --port 8001`, `python3 dev.py test tests/people`.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this line is read by older Pythons, to say so kindly
    sys.exit(
        "Twoway needs Python 3.11 or newer; this is %d.%d.\n" % sys.version_info[:2]
        + "Install a newer one, then run this again with it: python3.12 dev.py ..."
    )

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PRIVATE = HERE / ".dev"
REQUIREMENTS = HERE / "requirements"
STAMP = "twoway.json"
WINDOWS = os.name == "nt"
PROJECT_FILES = ["pyproject.toml", "CHANGELOG.md", "requirements/product.in", "requirements/hook.py"]
OFFLINE = ("connect", "resolve", "resolution", "dns", "timed out", "network", "unreachable", "proxy", "no matching")


class Trouble(Exception):
    """Something a person can mend; its text says what happened and what to do."""


def main(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    commands = {
        "demo": lambda: run_in("product", "-m", "twoway", "demo", *rest),
        "test": lambda: run_in("test", "-m", "tests.gate", "test", *another_python(rest), *rest),
        "check": lambda: run_in("test", "-m", "tests.gate", "check", *rest),
        "fmt": lambda: run_in("test", "-m", "tests.gate", "fmt", *rest),
        "bench": lambda: run_in("test", "-m", "bench", *rest),
        "mutants": lambda: run_in("test", "-m", "tests.mutants", *rest),
        "lock": lambda: lock(rest),
        "env": lambda: only_environment(rest),
    }
    if command in ("-h", "--help", "help"):
        print(__doc__)
        return 0
    if command not in commands:
        say("There is no command %r. There are: %s." % (command, ", ".join(commands)))
        return 2
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return commands[command]()
    except KeyboardInterrupt:
        say("stopped")
        return 130
    except Trouble as trouble:
        say(str(trouble))
        return 1
    except PermissionError as refused:
        say(f"{refused.filename} may not be written by this user. Was it made by another one, or by root?")
        return 1


def say(text: str) -> None:
    """To standard error: the standard output of `demo` is read by programs."""
    print("dev.py: " + text, file=sys.stderr, flush=True)


# --- running ---------------------------------------------------------------------------------


def run_in(wanted: str, *arguments: str) -> int:
    """Goes on as the environment's Python, so that Ctrl-C and the exit code are its own."""
    python = environment(wanted)
    variables = dict(os.environ)
    variables["PATH"] = os.pathsep.join([str(python.parent), variables.get("PATH", os.defpath)])
    if VENV.is_symlink():
        paths = [str(HERE / "src"), variables.get("PYTHONPATH", "")]
        variables["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    os.chdir(HERE)
    sys.stdout.flush()
    sys.stderr.flush()
    if WINDOWS:
        return subprocess.call([str(python), *arguments], env=variables)
    os.execve(python, [str(python), *arguments], variables)


def only_environment(rest: list[str]) -> int:
    wanted = rest[0] if rest else "test"
    if wanted not in ("product", "test"):
        raise Trouble("There are two environments: product and test.")
    say("the environment is ready: %s" % environment(wanted))
    return 0


def another_python(rest: list[str]) -> list[str]:
    """Where changes are accepted, the tests on SQLite run on a newer Python, if there is one: so both are tested."""
    if os.environ.get("CI") != "true" or "--quick" in rest or sys.version_info[:2] == (3, 13):
        return []
    newer = find_python("3.13")
    if newer is None:
        say("no Python 3.13 on this machine: the tests run on %d.%d only" % sys.version_info[:2])
        return []
    return ["--also", str(environment("test", PRIVATE / "venv-3.13", newer, "3.13"))]


def find_python(version: str) -> str | None:
    """A Python of that version which really runs: a shim of that name may lead nowhere."""
    shims = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    installed = sorted(shims.glob(f"versions/{version}.*/bin/python{version}"), reverse=True)
    for found in [shutil.which(f"python{version}"), *map(str, installed)]:
        if found and subprocess.run([found, "-c", "import venv"], capture_output=True).returncode == 0:
            return found
    return None


# --- the environment -------------------------------------------------------------------------


def environment(wanted: str, folder: Path = VENV, base: str = "", version: str = "") -> Path:
    """The environment's Python; the environment is made or mended first where it has to be."""
    python = folder / ("Scripts/python.exe" if WINDOWS else "bin/python")
    if folder.is_symlink():
        return python
    base = base or getattr(sys, "_base_executable", sys.executable)
    version = version or "%d.%d" % sys.version_info[:2]
    if next_step(read_stamp(folder), wish(read_stamp(folder), wanted, folder, version), python) == "nothing":
        return python
    with alone():
        stamp = read_stamp(folder)
        wished = wish(stamp, wanted, folder, version)
        step = next_step(stamp, wished, python)
        if step != "nothing":
            build(folder, python, base, wished, step)
    return python


def read_stamp(folder: Path) -> dict[str, str] | None:
    """What was built, written last: an environment without it was never finished."""
    try:
        return json.loads((folder / STAMP).read_text())
    except (OSError, ValueError):
        return None


def wish(stamp: dict[str, str] | None, wanted: str, folder: Path, version: str) -> dict[str, str]:
    """The stamp the environment should bear. One with test tools keeps them: it serves the demo too."""
    chosen = "test" if "test" in (wanted, (stamp or {}).get("set")) else "product"
    return {
        "set": chosen,
        "python": version,
        "where": str(folder),
        "locked": digest(REQUIREMENTS / f"{chosen}.txt"),
        "project": digest(*(HERE / name for name in PROJECT_FILES)),
    }


def next_step(stamp: dict[str, str] | None, wished: dict[str, str], python: Path) -> str:
    """The least that makes the environment true again: nothing, project, packages or everything."""
    if stamp is None or not python.exists():
        return "everything"
    if any(stamp.get(key) != wished[key] for key in ("python", "where")):
        return "everything"
    if any(stamp.get(key) != wished[key] for key in ("set", "locked")):
        return "packages"
    return "nothing" if stamp.get("project") == wished["project"] else "project"


def digest(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Two runs at once must not build the same environment: the second waits for the first."""
    PRIVATE.mkdir(exist_ok=True)
    with (PRIVATE / "lock").open("a+") as file:
        if WINDOWS:
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("another run is making the environment; waiting for it")
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def build(folder: Path, python: Path, base: str, wished: dict[str, str], step: str) -> None:
    name = folder.relative_to(HERE)
    words = {"everything": f"making the environment in {name}", "packages": f"bringing {name} up to date"}
    if step in words:
        say(words[step] + " (up to half a minute the first time)")
    (folder / STAMP).unlink(missing_ok=True)
    uv = find_uv()
    if uv is None or not install_with_uv(uv, folder, python, base, wished, step):
        install_with_pip(folder, python, base, wished)
    (folder / STAMP).write_text(json.dumps(wished, indent=1) + "\n")


def install_with_uv(uv: str, folder: Path, python: Path, base: str, wished: dict[str, str], step: str) -> bool:
    """Twice as fast as pip, also when uv itself has to be fetched first."""
    if step == "everything":
        create(folder, base, "--without-pip")
    target = ["--python", str(python), "--quiet"]
    locked = str(REQUIREMENTS / f"{wished['set']}.txt")
    if step != "project":
        # Compiled now, because PYTHONDONTWRITEBYTECODE would have every start compile it again.
        answer = attempt(uv, "pip", "sync", *target, "--require-hashes", "--compile-bytecode", locked)
        if answer.returncode != 0:
            say("uv could not install the packages; trying pip")
            return False
    must(uv, "pip", "install", *target, "--no-deps", "--no-build-isolation", "--editable", str(HERE))
    return True


def install_with_pip(folder: Path, python: Path, base: str, wished: dict[str, str]) -> None:
    create(folder, base)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--compile"]
    must(*pip, "--require-hashes", "-r", str(REQUIREMENTS / f"{wished['set']}.txt"))
    must(*pip, "--no-deps", "--no-build-isolation", "--editable", str(HERE))


def create(folder: Path, base: str, *options: str) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    made = attempt(base, "-m", "venv", *options, str(folder))
    if made.returncode != 0:
        raise Trouble(
            "Python's venv module is missing or broken. On Debian and Ubuntu: apt install python3-venv\n"
            + tail(made.stdout)
        )


def find_uv() -> str | None:
    """uv from the machine, or one of our own, pinned by hash, in a private folder."""
    found = shutil.which("uv")
    if found:
        return found
    folder = PRIVATE / ("uv-" + digest(REQUIREMENTS / "uv.txt")[:12])
    uv = folder / "bin" / ("uv.exe" if WINDOWS else "uv")
    if uv.exists():
        return str(uv)
    pip = find_pip()
    if pip is None:
        return None
    half = PRIVATE / f"uv-half-{os.getpid()}"
    options = ["--quiet", "--disable-pip-version-check", "--no-compile", "--require-hashes"]
    try:
        fetched = attempt(*pip, "install", *options, "--target", str(half), "-r", str(REQUIREMENTS / "uv.txt"))
        if fetched.returncode == 0:
            half.rename(folder)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return str(uv) if uv.exists() else None


def find_pip() -> list[str] | None:
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    if not importlib.util.find_spec("ensurepip"):
        return None
    folder = PRIVATE / "pip"
    create(folder, sys.executable)
    return [str(folder / ("Scripts/python.exe" if WINDOWS else "bin/python")), "-m", "pip"]


def attempt(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def must(*command: str) -> None:
    done = attempt(*command)
    if done.returncode == 0:
        return
    reason = "The packages could not be installed."
    if any(word in done.stdout.lower() for word in OFFLINE):
        reason += (
            " It looks as if the package registry could not be reached: check the connection,"
            " and HTTPS_PROXY or pip's settings if you are behind a proxy, then run this again."
        )
    raise Trouble(reason + "\n" + tail(done.stdout))


def tail(text: str) -> str:
    return "\n".join("    " + line for line in text.strip().splitlines()[-12:])


# --- the lock --------------------------------------------------------------------------------


def lock(rest: list[str]) -> int:
    """Compiles each list; the test tools are held to the product's versions."""
    with alone():
        uv = find_uv()
    if uv is None:
        raise Trouble("The lock is compiled by uv, and neither uv nor pip is on this machine.")
    held, text, cluster = (["--constraint", f"requirements/{name}.txt"] for name in ("product", "text", "cluster"))
    os.chdir(HERE)
    lists = {"product": [], "text": held, "cluster": [*held, *text], "test": [*held, *text, *cluster], "uv": []}
    for name, more in lists.items():
        say(f"compiling requirements/{name}.in")
        options = "--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links"
        files = [f"requirements/{name}.in", "--output-file", f"requirements/{name}.txt"]
        words = ["--custom-compile-command", "python3 dev.py lock", "--quiet"]
        must(uv, "pip", "compile", *options.split(), *words, *more, *rest, *files)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
