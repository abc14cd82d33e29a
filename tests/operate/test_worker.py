"""The worker: each task alone, nothing private in the log, and an end when asked."""

import logging
import threading
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW
from twoway.history.clock import move_to
from twoway.operate.worker import Turn, work, work_once
from twoway.schedule import TASKS

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.mark.django_db
def test_one_failing_task_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    left = [3]

    def fails(now: datetime) -> int:
        raise ValueError("amira@northwind.example")

    def counts(now: datetime) -> int:
        left[0] -= 1
        return left[0]

    code = work_once([Turn(fails, SECOND), Turn(counts, SECOND)], threading.Event())

    assert (code, left) == (1, [0])
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


@pytest.mark.django_db
def test_a_task_that_fails_again_waits_longer() -> None:
    def fails(now: datetime) -> int:
        raise ValueError

    turn = Turn(fails, SECOND)
    waits = []
    for _ in range(8):
        turn.take()
        waits.append(round(turn.due - monotonic()))

    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


def test_the_worker_finishes_what_it_has_begun_and_ends() -> None:
    stopping, done = threading.Event(), []

    def works(now: datetime) -> int:
        stopping.set()
        done.append("finished")
        return 1

    assert work([Turn(works, SECOND), Turn(works, SECOND)], stopping) == 0
    assert done == ["finished"]


def test_when_the_demos_clock_was_moved_everything_is_due_at_once(settings: Any, tmp_path: Path, now: None) -> None:
    settings.CLOCK_FILE = tmp_path / "clock"
    stopping, ran, looks = threading.Event(), [], []

    def seldom(at: datetime) -> int:
        ran.append(at)
        if len(ran) == 2:
            stopping.set()
        return 0

    def often(at: datetime) -> int:
        looks.append(at)
        if len(looks) == 1:
            move_to(NOW + 11 * 24 * HOUR)
        if len(looks) == 100:
            stopping.set()
        return 0

    work([Turn(seldom, HOUR), Turn(often, timedelta())], stopping)

    assert ran == [NOW, NOW + 11 * 24 * HOUR]


@pytest.mark.row("P-02")
@pytest.mark.django_db
def test_an_idle_worker_asks_little() -> None:
    every_second = [Turn(task.run, task.every) for task in TASKS if task.every <= SECOND]

    with CaptureQueriesContext(connection) as queries:
        work_once(every_second, threading.Event())

    assert len(queries) <= len(every_second)
    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []
