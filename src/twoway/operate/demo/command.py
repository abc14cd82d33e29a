"""`twoway demo`: a demo on this machine, with links to sign in as each of its people."""

import shutil
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from twoway.operate.demo import folder as folders
from twoway.operate.trouble import Trouble

FIRST_PORT, LAST_PORT = 8000, 8099


def run(*, port: int | None, data: str | None, now: str | None, fresh: bool, links: bool, remove: bool) -> int:
    """Start the demo, or only print links, or only remove it."""
    if remove:
        return delete(data)
    moment = moment_of(now)
    folder = folders.open_folder(data)
    if links:
        return print_links(folder)
    with folders.held(folder):
        if fresh:
            folders.empty(folder)
        start(folder, port=port, moment=moment)
    return 0


def start(folder: Path, *, port: int | None, moment: datetime | None) -> None:
    """Make what is missing, then serve until Ctrl-C."""
    from twoway.operate import database, serve
    from twoway.operate.start import load_django

    listener = find_port(port)
    number = listener.getsockname()[1]
    folders.set_environment(folder, number)
    load_django()
    note = folders.read_note(folder)
    note.port = number
    make_ready(note, moment)
    folders.write_note(folder, note)
    lines = cast_lines()
    database.let_go()

    def announce() -> None:
        print("\n".join([*lines, folders.address(number)]), flush=True)
        say(f"The demo runs at {folders.address(number)}. Open one of the links above; Ctrl-C ends it.")

    serve.serve(listener, processes=1, threads=8, worker=True, log_level="warning", when_ready=announce)


def make_ready(note: folders.Note, moment: datetime | None) -> None:
    """Tables, clock and people, as far as they are missing."""
    from twoway.history.clock import move_to, shift
    from twoway.history.clock import now as clock_now
    from twoway.operate import database
    from twoway.operate.demo import build

    if database.is_new() or database.steps_missing():
        say("making the tables")
        database.bring_up_to_date()
    if moment is not None:
        move_to(moment)
    if abs(shift()) > timedelta(minutes=1):
        say(f"In this demo it is {clock_now():%A %-d %B %Y, %H:%M} UTC. --now, or the page /demo/, moves its clock.")
    if not build.is_there():
        say("making the demo's people")
        build.build(clock_now())
        note.made_at = clock_now().isoformat()
    elif note.made_at and clock_now() - datetime.fromisoformat(note.made_at) > timedelta(days=21):
        say("This demo's dates lie weeks back; --fresh begins anew around today.")


def print_links(folder: Path) -> int:
    """Fresh links for the demo in this folder, whether it runs or not."""
    from twoway.operate import database
    from twoway.operate.start import load_django

    port = folders.read_note(folder).port
    if not port:
        raise Trouble(f"There is no demo in {folder} yet; `twoway demo` makes one.")
    folders.set_environment(folder, port)
    load_django()
    from twoway.operate.demo import build

    if database.is_new() or not build.is_there():
        raise Trouble(f"There is no demo in {folder} yet; `twoway demo` makes one.")
    print("\n".join([*cast_lines(), folders.address(port)]), flush=True)
    if not folders.is_held(folder):
        say(f"The demo is not running now. Start it with `twoway demo --port {port}`, then open a link.")
    return 0


def cast_lines() -> list[str]:
    """One line for each of the cast: name, role, and a fresh one-use link."""
    from twoway.history.clock import now as clock_now
    from twoway.operate.demo.cast import people
    from twoway.people.actions.link import DEMO_LINK_LASTS, make_link
    from twoway.people.models import Token

    lines = []
    for person, role in people():
        _, link = make_link(kind=Token.Kind.DEMO, lasts=DEMO_LINK_LASTS, person=person, now=clock_now())
        lines.append(f"{person.name}\t{role}\t{link}")
    return lines


def delete(data: str | None) -> int:
    """Delete the demo's folder with everything in it. Only a demo's own folder is ever deleted."""
    folder = Path(data).expanduser().resolve() if data else folders.usual_folder()
    if not (folder / folders.MARK).exists():
        raise Trouble(f"There is no demo in {folder}.")
    with folders.held(folder):
        shutil.rmtree(folder)
    say(f"The demo in {folder} is gone.")
    return 0


def find_port(wanted: int | None) -> socket.socket:
    """The wanted port, or the first free one, which is said."""
    from twoway.operate.serve import listen

    if wanted is not None:
        if not 0 <= wanted <= 65535:
            raise Trouble(f"--port {wanted} is no port; choose one from 1024 to 65535.")
        return listen("127.0.0.1", wanted)
    for port in range(FIRST_PORT, LAST_PORT + 1):
        try:
            found = listen("127.0.0.1", port)
        except Trouble:
            continue
        if port != FIRST_PORT:
            say(f"port {FIRST_PORT} is taken; using {port}")
        return found
    raise Trouble(f"All ports from {FIRST_PORT} to {LAST_PORT} are taken; choose one with --port.")


def moment_of(text: str | None) -> datetime | None:
    """The time given to --now; without a zone it is UTC."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise Trouble(f"--now {text!r} is not a time such as 2026-12-01T09:00.") from fault
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def say(words: str) -> None:
    """To standard error: standard output holds the links and the address, for programs to read."""
    print(f"twoway: {words}", file=sys.stderr, flush=True)
