"""Real processes of the `twoway` command, on a database of their own."""

import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests import postgres

ROOT = Path(__file__).parents[2]
SECRET = "a-secret-that-only-these-tests-know-0123456789"
PATIENCE = 90  # seconds; a machine under load is slow


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The environment of a real installation in this folder, and nothing of the tests'."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TWOWAY_", "DJANGO_"))}
    usual = {
        "TWOWAY_SECRET_KEY": SECRET,
        "TWOWAY_DATA": str(folder),
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "DJANGO_SETTINGS_MODULE": "twoway.settings",
    }
    return {**kept, **usual, **settings}


def start(*arguments: str, env: dict[str, str], **options: object) -> subprocess.Popen[str]:
    """`twoway ...`, running."""
    return subprocess.Popen([sys.executable, "-m", "twoway", *arguments], env=env, text=True, **options)  # type: ignore[call-overload]


def run(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`twoway ...`, to its end."""
    command = [sys.executable, "-m", "twoway", *arguments]
    return subprocess.run(command, env=env, text=True, capture_output=True, timeout=PATIENCE)


def python(code: str, env: dict[str, str]) -> str:
    """What a piece of code prints, run with the product's own settings and database."""
    whole = f"import django; django.setup()\n{code}"
    done = subprocess.run([sys.executable, "-c", whole], env=env, text=True, capture_output=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return done.stdout


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """The address of a new database that other processes can see; gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite://{folder}/letters.sqlite3"
        return
    name = f"twoway_{uuid.uuid4().hex[:12]}"
    server = postgres.address()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
