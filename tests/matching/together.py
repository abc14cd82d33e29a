"""Many acts at once, each in its own thread with its own connection."""

import threading
from collections.abc import Callable
from typing import TypeVar

import pytest
from django.db import connection, connections

T = TypeVar("T")


def everybody_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a turn may come late: let no connection give up before."""
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 300)
    else:
        monkeypatch.setattr(connection.pool, "timeout", 300)


def together(presses: list[Callable[[], T]]) -> list[T]:
    """Press all at once; what each came to, in the order in which they were done."""
    start = threading.Barrier(len(presses))
    said: list[T] = []

    def press(one: Callable[[], T]) -> None:
        start.wait()
        try:
            said.append(one())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=[one]) for one in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said
