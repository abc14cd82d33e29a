"""`twoway worker`: what happens by itself.

Each task stands alone: one that fails is logged by place, never by value, tried again later, and holds up no
other. Nothing is kept in memory, so a worker may be killed at any moment.
"""

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import connections

from twoway.history.clock import now as clock_now
from twoway.history.clock import shift as clock_shift
from twoway.operate import database
from twoway.operate.start import load_django
from twoway.operate.trouble import Trouble

log = logging.getLogger("twoway.worker")
SOON = 0.2  # seconds until a task that found work looks again
LONGEST_WAIT = 60  # seconds until a task that failed many times is tried again
MOST_TURNS = 1000  # of one task in `--once`


def run(*, once: bool, with_parent: bool) -> int:
    """Work until told to stop, or until nothing is due."""
    load_django()
    database.reach()
    if database.steps_missing():
        raise Trouble("The database is not up to date. Run `twoway serve --migrate` first.")
    from twoway.schedule import TASKS

    stopping = threading.Event()
    for word in (signal.SIGTERM, signal.SIGINT):
        signal.signal(word, lambda *_: stopping.set())
    if with_parent:
        threading.Thread(target=_stop_without_parent, args=[stopping], daemon=True).start()
    turns = [Turn(task.run, task.every) for task in TASKS]
    return work_once(turns, stopping) if once else work(turns, stopping)


def _stop_without_parent(stopping: threading.Event) -> None:
    """Whoever started this worker holds the other end of its standard input; it closes when they are gone."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    stopping.set()


@dataclass
class Turn:
    """One task and when it is next due."""

    task: Callable[[datetime], int]
    every: timedelta
    due: float = 0.0
    failed: int = 0

    def take(self) -> int:
        """Run the task; how much it did. Nothing it raises leaves here."""
        try:
            done = self.task(clock_now())
        except Exception as fault:
            self.failed += 1
            self.due = monotonic() + max(self.every.total_seconds(), min(2**self.failed, LONGEST_WAIT))
            log.error("%s failed (%s in a row)", self.name, self.failed, exc_info=fault)
            connections.close_all()
            return 0
        self.failed = 0
        self.due = monotonic() + (min(SOON, self.every.total_seconds()) if done else self.every.total_seconds())
        return done

    @property
    def name(self) -> str:
        return f"{self.task.__module__}.{self.task.__qualname__}"


def work(turns: Sequence[Turn], stopping: threading.Event) -> int:
    """Take each turn when it is due, until told to stop. A turn that has begun is finished. In a demo whose clock
    was moved, every turn is due: what waited for the time between is not to wait for its turn as well."""
    shift = clock_shift()
    while not stopping.is_set():
        if clock_shift() != shift:
            shift = clock_shift()
            for turn in turns:
                turn.due = 0.0
        for turn in turns:
            if turn.due <= monotonic() and not stopping.is_set():
                turn.take()
        stopping.wait(max(0.0, min(turn.due for turn in turns) - monotonic()))
    return 0


def work_once(turns: Sequence[Turn], stopping: threading.Event) -> int:
    """Do what is due now; 1 when a task failed."""
    for _ in range(MOST_TURNS):
        done = [turn.take() for turn in turns if not turn.failed and not stopping.is_set()]
        if not any(done):
            break
    return 1 if any(turn.failed for turn in turns) else 0
