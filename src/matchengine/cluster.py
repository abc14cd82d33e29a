"""Sweeps on the processes of a Dask cluster, on this machine or on others (M. Rocklin, "Dask: Parallel Computation with
Blocked algorithms and Task Scheduling", 2015).

Only the sweeps go there. Each process is sent once what every look needs (`field.Field`) and keeps it; then for each
sweep its terms, and mentees piece by piece. What a process found when it dies is looked for anew by another. Everything
travels as pickles, which run what they say: whoever can talk to a cluster can run programs on all of it, and on the
machine that asks. The processes of `local:N` listen on this machine alone and talk to nobody without their key, which
is made anew each time. Needs the packages of the extra `cluster`.
"""

from __future__ import annotations

import logging
import re
import signal
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from multiprocessing import resource_tracker
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

from matchengine.field import Field
from matchengine.receipt import ENGINE
from matchengine.solvers.crew import Block, Found, Look, Terms
from matchengine.strips import Strips

LOCAL = re.compile(r"local:([1-9]\d{0,2})")
ELSEWHERE = re.compile(r"(?:tcp|tls)://[^\s/@?#]+:\d{1,5}")

MOST_PROCESSES = 256

PIECES = 4
"""For each thread of the cluster in a sweep: enough that all end at about the same time, few for what each costs."""

ANSWER = 10
"""Seconds in which a cluster has to answer at first."""

PATIENCE = 30
"""Seconds in which a process has to be there that can work."""

NOBODY = "it has no process that works"

MOST_LOSSES = 3
"""How often in a sweep everything may have to be sent once more, because nobody was left who had it."""

SETTINGS = {
    # No pages about the cluster, which would tell anybody on this machine what it does.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.admin.large-graph-warning-threshold": "1TB",
}


class UnusableCluster(RuntimeError):
    """This cluster cannot be used, or no longer. The text says why, in one sentence."""


class Cluster:
    """A crew of processes: `local:N` starts so many here, `tcp://host:port` or `tls://host:port` is a Dask scheduler.

    Example: `with Cluster("local:2") as crew: solve(problem, crew=crew)`. Raises UnusableCluster. Cost: some seconds to
    begin with; then for each sweep some hundredths of a second, and 16 bytes a mentee there and some dozens back.
    """

    def __init__(self, address: str) -> None:
        here = LOCAL.fullmatch(address)
        self.address, self.starts = address, int(here[1]) if here else 0
        if self.starts > MOST_PROCESSES or not (here or ELSEWHERE.fullmatch(address)):
            raise UnusableCluster(
                f'"{address[:80]}" is no cluster: say local:2 for two processes on this machine (at most '
                f"{MOST_PROCESSES}), or the address of a Dask scheduler, tcp://host:8786 or tls://host:8786"
            )
        for package in ("distributed", *(["cryptography"] if here else [])):
            if find_spec(package) is None:
                raise UnusableCluster(f"a cluster needs Twoway's extra cluster: the package {package} is missing")
        self._sent: tuple[Strips, Any] | None = None

    def __enter__(self) -> Cluster:
        with ExitStack() as opened:
            self._client = self._connected(opened)
            self._opened = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sent = None
        self._opened.close()

    @property
    def threads_of_each(self) -> tuple[int, ...]:
        """How many threads each process has, of those that are there now."""
        with self._saying(NOBODY):
            return tuple(self._client.nthreads().values())

    def each(self, look: Look, field: Field, terms: Terms, blocks: Sequence[Block]) -> Generator[Found, None, None]:
        """What `look` finds in each block, in their order, whoever found it and however often it was begun."""
        size = max(1, -(-len(blocks) // (PIECES * max(1, sum(self.threads_of_each)))))
        pieces = deque(blocks[at : at + size] for at in range(0, len(blocks), size))
        asked: deque[Any] = deque()
        losses = 0
        try:
            while pieces:
                try:
                    if not asked:
                        asked.extend(self._ask(look, field, terms, list(pieces)))
                    found = self._result(asked[0])
                except Exception as error:
                    if not self._is_lost(error):
                        raise
                    asked.clear()
                    self._sent = None
                    losses += 1
                    if losses > MOST_LOSSES:
                        raise self._unusable("its processes are lost again and again") from error
                    continue
                asked.popleft()
                pieces.popleft()
                yield from found
        finally:
            asked.clear()  # what nobody waits for any more is not begun

    def _ask(self, look: Look, field: Field, terms: Terms, pieces: list[Sequence[Block]]) -> list[Any]:
        self._wait_for_somebody()
        if self._sent is None or self._sent[0] is not field.strips:
            self._sent = field.strips, self._send(field)
        asked: list[Any] = self._client.map(
            found_in, pieces, engine=ENGINE, look=look, field=self._sent[1], terms=self._send(terms), pure=False
        )
        return asked

    def _send(self, it: Field | Terms) -> Any:
        """To every process: whoever is left has it, and whoever comes later gets it from another."""
        try:
            return self._client.scatter(it, broadcast=True, hash=False, timeout=PATIENCE)
        except ValueError as error:  # nobody was left to send it to
            raise CancelledError from error

    def _result(self, future: Any) -> list[Found]:
        from distributed import KilledWorker

        try:
            found: list[Found] = future.result()
        except KilledWorker as error:
            raise self._unusable("processes died of the same work again and again; have they enough memory?") from error
        return found

    def _wait_for_somebody(self) -> None:
        with self._saying(NOBODY):
            self._client.wait_for_workers(1, timeout=PATIENCE)

    @contextmanager
    def _saying(self, why: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if not self._is_lost(error):
                raise
            raise self._unusable(why) from error

    def _is_lost(self, error: Exception) -> bool:
        """Whether this is of a cluster that went away, not of what it was asked.

        A client that gave up a scheduler falls over itself in ways of all kinds.
        """
        if isinstance(error, UnusableCluster):
            return False
        return isinstance(error, (OSError, CancelledError)) or self._client.status != "running"

    def _unusable(self, why: str) -> UnusableCluster:
        return UnusableCluster(f"the cluster {self.address}: {why}")

    def _connected(self, opened: ExitStack) -> Any:
        import dask
        from distributed import Client

        opened.enter_context(_silent())
        opened.enter_context(dask.config.set(SETTINGS))
        try:
            with _uninterrupted():
                where = self._started(opened) if self.starts else self.address
                client = opened.enter_context(Client(where, timeout=ANSWER, set_as_default=False))
        except (OSError, TypeError, ValueError, RuntimeError) as error:
            raise self._unusable(f"it does not answer ({_first_line(error)})") from error
        self._client = client
        self._wait_for_somebody()
        try:
            engines = {client.run_on_scheduler(engine), *client.run(engine).values()}
        except Exception as error:  # whatever loading another program there may raise
            raise self._unusable(f"its processes cannot load matchengine {ENGINE} ({_first_line(error)})") from error
        if engines != {ENGINE}:
            there = " and ".join(sorted(engines))
            raise self._unusable(f"its processes have the engine {there}, this is {ENGINE}")
        return client

    def _started(self, opened: ExitStack) -> Any:
        """Processes of our own. None keeps anything on the disk, or has a limit at which it would begin to."""
        import dask
        from distributed import LocalCluster
        from distributed.gc import disable_gc_diagnosis
        from distributed.security import Security

        folder = opened.enter_context(TemporaryDirectory(prefix="matchengine-"))
        opened.enter_context(dask.config.set({"temporary-directory": folder}))
        cluster = opened.enter_context(
            LocalCluster(
                n_workers=self.starts,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                security=Security.temporary(),
                memory_limit=0,
                dashboard_address=None,
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                worker_dashboard_address=None,
                silence_logs=logging.CRITICAL,
            )
        )
        disable_gc_diagnosis(force=True)  # it runs often, and a Ctrl-C that meets it is lost
        return cluster


def engine() -> str:
    """Which engine a process has."""
    return ENGINE


def found_in(blocks: Sequence[Block], engine: str, look: Look, field: Field, terms: Terms) -> list[Found]:
    """What a process of the cluster does: it looks at some blocks, one after the other."""
    if engine != ENGINE:
        raise UnusableCluster(f"this process has the engine {ENGINE}, the run is of {engine}")
    return [look(field, terms, block) for block in blocks]


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:200]


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """A Ctrl-C is for this thread alone: threads and processes begun meanwhile, and by them, never hear of it.

    A terminal tells all processes at once, and each would end and say so."""
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    resource_tracker.ensure_running()  # it would open its thread's ears again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _silent() -> Iterator[None]:
    """What Dask tells its log of processes that come and go is either mended here or said in one sentence."""
    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "distributed"]
    before = {log: log.level for log in map(logging.getLogger, names)}
    for log in before:
        log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for log, level in before.items():
            log.setLevel(level)
