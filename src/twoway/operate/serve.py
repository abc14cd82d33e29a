"""`twoway serve`: the web processes, and a worker beside them."""

import gc
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from twoway.operate import checks, database
from twoway.operate.companion import Companion
from twoway.operate.logs import PlacesOnly
from twoway.operate.start import load_django
from twoway.operate.trouble import Trouble

LINE = "{asctime} {levelname} {name} {message}"


def run(*, bind: str, processes: int, threads: int, worker: bool, migrate: bool) -> int:
    """Serve until told to stop. Refuses unsafe settings, and a database that is behind."""
    if not bind.startswith("unix:"):
        host_and_port(bind)  # refused before anything is made
    load_django()
    checks.refuse_if_unsafe()
    database.reach()
    make_ready(migrate=migrate)
    say_if_empty()
    listener = bind if bind.startswith("unix:") else listen(*host_and_port(bind))
    database.let_go()
    print(f"twoway: listening on {bind}; people reach it at {settings.ADDRESS}", file=sys.stderr)
    if settings.HTTPS:
        print("twoway: put a reverse proxy with HTTPS in front; see docs/run/serve.md", file=sys.stderr)
    serve(listener, processes=processes, threads=threads, worker=worker, log_level="info")
    return 0


def make_ready(*, migrate: bool) -> None:
    """Give an empty database its tables. One that is in use is changed only when the operator says so."""
    if database.is_new():
        print(f"twoway: making the tables: {database.name_of_database()}", file=sys.stderr)
        database.bring_up_to_date()
        return
    missing = database.steps_missing()
    if missing and not migrate:
        raise Trouble(
            f"The database is {missing} steps behind this version. "
            "Make a copy of it, then run `twoway serve --migrate`."
        )
    if missing:
        print(f"twoway: bringing the database up to date, {missing} steps", file=sys.stderr)
        database.bring_up_to_date()


def say_if_empty() -> None:
    from twoway.people.models import Organisation

    if not Organisation.objects.exists():
        print(
            "twoway: nobody can sign in yet. Open the first organisation in another terminal, with the same settings:\n"
            '    twoway new-organisation "NAME" --admin ADDRESS',
            file=sys.stderr,
        )


def _keep_what_is_loaded() -> None:
    """What every request needs is not looked through for rubbish again: that took up to a tenth of a second."""
    gc.collect()
    gc.freeze()


def host_and_port(bind: str) -> tuple[str, int]:
    """`127.0.0.1:8000`, `[::1]:8000`, `:8000` (every address of this machine)."""
    host, colon, port = bind.rpartition(":")
    if not colon or not port.isdigit() or not 0 <= int(port) <= 65535:
        raise Trouble(f"--bind {bind!r} is not HOST:PORT, such as 127.0.0.1:8000.")
    return host.strip("[]") or "0.0.0.0", int(port)  # noqa: S104 - asked for


def listen(host: str, port: int) -> socket.socket:
    """A socket that holds this port from now on. Trouble says why there is none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except OSError as fault:
        found.close()
        raise Trouble(f"Cannot listen on {host}:{port}: {fault.strerror or fault}.") from fault
    return found


def serve(
    listener: socket.socket | str,
    *,
    processes: int,
    threads: int,
    worker: bool,
    log_level: str,
    when_ready: Callable[[], None] = lambda: None,
) -> None:
    """Run web processes on this socket until told to stop, with a worker beside them if wanted."""
    try:
        from gunicorn.app.base import BaseApplication
        from gunicorn.arbiter import Arbiter
        from gunicorn.glogging import Logger
    except ImportError as fault:
        raise Trouble("Serving needs Linux, macOS or another Unix; on Windows use WSL.") from fault
    companion = Companion()

    class Words(Logger):
        """The server's own log, in the manner of ours: places, no values."""

        def setup(self, cfg: Any) -> None:
            super().setup(cfg)
            for handler in self.error_log.handlers:
                handler.setFormatter(PlacesOnly(LINE, style="{"))

    class Server(BaseApplication):
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return get_wsgi_application()

    class Keeper(Arbiter):
        """Looks after the worker as it does after the web processes."""

        def manage_workers(self) -> None:
            super().manage_workers()
            if worker:
                companion.keep_alive()

        def stop(self, graceful: bool = True) -> None:
            companion.ask_to_go()
            super().stop(graceful)

    memory = Path("/dev/shm")  # noqa: S108 - a heartbeat file that must not wait for a disk
    options = {
        "bind": listener if isinstance(listener, str) else f"fd://{listener.detach()}",
        "worker_class": "gthread",
        "workers": processes,
        "threads": threads,
        "preload_app": False,
        "worker_tmp_dir": str(memory) if memory.is_dir() and os.access(memory, os.W_OK) else None,
        "timeout": 60,
        "graceful_timeout": 30,
        "keepalive": 5,
        "loglevel": log_level,
        "accesslog": None,
        "control_socket_disable": True,
        "logger_class": Words,
        "when_ready": lambda server: when_ready(),
        "post_fork": lambda server, process: companion.forget(),
        "post_worker_init": lambda process: _keep_what_is_loaded(),
    }
    here = os.getpid()
    try:
        Keeper(Server()).run()
    except SystemExit as ended:
        if os.getpid() != here:
            raise  # a web process, whose exit code the keeper reads
        companion.wait()
        if ended.code:
            raise Trouble("The web processes could not start; the lines above say why.") from ended
