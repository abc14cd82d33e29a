"""The real commands, as an operator meets them: demo, serve, check, new-organisation."""

import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.operate import processes

pytestmark = pytest.mark.slow
ROLES = ["admin", "coordinator", "mentor", "mentee", "safeguarding", "stranger"]


@contextmanager
def running(*arguments: str, env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A command in a process group of its own; whatever happens, none of it stays."""
    process = processes.start(
        *arguments, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=processes.PATIENCE)


def lines_of(process: subprocess.Popen[str], number: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().rstrip("\n") for _ in range(number)]


def gone(group: int) -> bool:
    """Whether nothing of a process group is left, within the time a process needs to end."""
    until = time.monotonic() + processes.PATIENCE
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
    return False


def browser() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))


def sign_in(link: str) -> str:
    """Open a one-use link, press its button; the page one arrives at."""
    someone = browser()
    page = someone.open(link, timeout=processes.PATIENCE).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = urlencode({"csrfmiddlewaretoken": token[1]}).encode()
    with someone.open(link, form, timeout=processes.PATIENCE) as answer:
        return str(answer.url)


@pytest.mark.row("P-01")
def test_the_demo_prints_links_that_sign_in_and_ends_cleanly(tmp_path: Path) -> None:
    env, port = processes.environment(tmp_path), processes.free_port()
    address = f"http://localhost:{port}"
    with running("demo", "--port", str(port), "--data", str(tmp_path / "demo"), env=env) as demo:
        lines = [line.split("\t") for line in lines_of(demo, 7)]

        assert [len(line) for line in lines] == [3] * 6 + [1]
        assert sorted(line[1] for line in lines[:-1]) == sorted(ROLES)
        assert lines[-1] == [address]
        assert {line[2].rpartition("/sign-in/")[0] for line in lines[:-1]} == {address}
        assert sign_in(lines[0][2]) == f"{address}/"
        with pytest.raises(urllib.error.HTTPError) as used:
            browser().open(lines[0][2])
        assert used.value.code == 410

        more = processes.run("demo", "--links", "--data", str(tmp_path / "demo"), env=env)
        assert [line.split("\t")[0] for line in more.stdout.splitlines()] == [line[0] for line in lines]
        assert sign_in(more.stdout.splitlines()[3].split("\t")[2]) == f"{address}/"
        again = processes.run("demo", "--data", str(tmp_path / "demo"), env=env)
        assert (again.returncode, again.stdout) == (2, "")
        assert f"A demo already runs at {address}" in again.stderr

        os.killpg(demo.pid, signal.SIGINT)
        assert demo.wait(processes.PATIENCE) == 0
        assert gone(demo.pid)

    removed = processes.run("demo", "--remove", "--data", str(tmp_path / "demo"), env=env)
    assert (removed.returncode, (tmp_path / "demo").exists()) == (0, False)


@pytest.mark.row("P-01")
def test_the_demo_says_what_is_wrong_in_one_sentence(tmp_path: Path) -> None:
    env = processes.environment(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("precious")
    with ExitStack() as stack:
        taken = stack.enter_context(socket.socket())
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        cases = {
            f"Cannot listen on 127.0.0.1:{port}": ["--port", port, "--data", str(tmp_path / "a")],
            "is no port": ["--port", "99999", "--data", str(tmp_path / "b")],
            "is not a time": ["--now", "tomorrow", "--data", str(tmp_path / "c")],
            "holds other things (thesis.txt)": ["--data", str(tmp_path / "other")],
            "There is no demo": ["--links", "--data", str(tmp_path / "d")],
            "There is no demo in": ["--remove", "--data", str(tmp_path / "other")],
        }
        for words, arguments in cases.items():
            done = processes.run("demo", *arguments, env=env)
            assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
            assert words in done.stderr
    assert (tmp_path / "other" / "thesis.txt").read_text() == "precious"


@pytest.mark.row("P-02", "O-03")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_serve_makes_the_tables_serves_and_takes_its_worker_along(kind: str, tmp_path: Path) -> None:
    port = processes.free_port()
    with processes.empty_database(kind, tmp_path) as url:
        env = processes.environment(tmp_path, TWOWAY_DATABASE_URL=url, TWOWAY_ADDRESS=f"http://localhost:{port}")
        with running("serve", "--bind", f"127.0.0.1:{port}", env=env) as served:
            assert served.stderr is not None
            said = read_until(served, "Listening at")
            assert "twoway new-organisation" in said

            made = processes.run("new-organisation", "Northwind", "--admin", "ada@northwind.example", env=env)
            assert made.stdout.startswith(f"http://localhost:{port}/sign-in/")
            there = f"http://localhost:{port}/me/introduction/?next=%2Fnorthwind%2F"
            assert sign_in(made.stdout.strip()) == there

            served.send_signal(signal.SIGTERM)
            assert served.wait(processes.PATIENCE) == 0
            assert gone(served.pid)
        checked = processes.run("check", env=env)
        assert checked.returncode == 0
        assert "good     The tables are up to date." in checked.stdout


@pytest.mark.row("P-02")
def test_the_worker_goes_when_serve_is_killed(tmp_path: Path) -> None:
    port = processes.free_port()
    env = processes.environment(tmp_path, TWOWAY_ADDRESS=f"http://localhost:{port}")
    with running("serve", "--bind", f"127.0.0.1:{port}", "--processes", "1", env=env) as served:
        read_until(served, "Listening at")
        served.kill()
        served.wait(processes.PATIENCE)

        assert gone(served.pid)


@pytest.mark.row("P-02")
def test_serve_refuses_unsafe_settings_with_a_clear_word(tmp_path: Path) -> None:
    usual = processes.environment(tmp_path)
    cases = {
        "TWOWAY_SECRET_KEY is not set": {"TWOWAY_SECRET_KEY": ""},
        "TWOWAY_SECRET_KEY is too easy to guess": {"TWOWAY_SECRET_KEY": "short"},
        "TWOWAY_DEMO is on": {"TWOWAY_DEMO": "yes"},
        "sign-in would travel unprotected": {"TWOWAY_ADDRESS": "http://mentoring.example.org"},
        "must be where people reach Twoway": {"TWOWAY_ADDRESS": "mentoring.example.org"},
        "must be a whole number": {"TWOWAY_MAIL_TIMEOUT": "soon"},
        "cannot be reached: PostgreSQL twoway on 127.0.0.1:1": {
            "TWOWAY_DATABASE_URL": "postgresql://user:hidden-word@127.0.0.1:1/twoway"
        },
        "must begin with postgresql://, postgres:// or sqlite://": {"TWOWAY_DATABASE_URL": "mysql://x/y"},
    }
    for words, settings in cases.items():
        done = processes.run("serve", "--bind", "127.0.0.1:0", env={**usual, **settings})
        assert done.returncode == 2
        assert words in done.stderr
        assert "Traceback" not in done.stderr
        assert "hidden-word" not in done.stderr


@pytest.mark.row("P-02")
def test_serve_leaves_an_older_database_alone_until_told(tmp_path: Path) -> None:
    env = processes.environment(tmp_path)
    processes.python(
        'from django.core.management import call_command; call_command("migrate", "outbox", "0001", verbosity=0)', env
    )

    refused = processes.run("serve", "--bind", "127.0.0.1:0", env=env)
    assert refused.returncode == 2
    assert "twoway serve --migrate" in refused.stderr

    with running("serve", "--bind", "127.0.0.1:0", "--migrate", env=env) as served:
        read_until(served, "Listening at")


@pytest.mark.row("O-03")
def test_new_organisation_refuses_what_is_no_address(tmp_path: Path) -> None:
    done = processes.run("new-organisation", "Northwind", "--admin", "ada", env=processes.environment(tmp_path))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "twoway: 'ada' is not a mail address.\n"


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """What a process says on standard error until it says these words."""
    assert process.stderr is not None
    said = ""
    for line in process.stderr:
        said += line
        if words in line:
            return said
    raise AssertionError(f"it ended without saying {words!r}:\n{said}")
