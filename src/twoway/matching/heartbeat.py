"""Signs of life from a worker that works on a round, however long one step of it takes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Event, Thread

from django.db import OperationalError, connection
from django_scopes import scopes_disabled

from twoway.history.clock import now as clock_now
from twoway.matching.actions.round import BEAT, keep_lease
from twoway.matching.models import Round


@contextmanager
def alive(round: Round, every: float = BEAT.total_seconds()) -> Iterator[None]:
    """While inside, the round's lease is kept from a thread of its own. It dies with the process, and with it the
    lease."""
    with beating(lambda now: keep_lease(round=round, now=now), f"alive {round.public_id}", every):
        yield


@contextmanager
def beating(keep: Callable[[datetime], None], name: str, every: float = BEAT.total_seconds()) -> Iterator[None]:
    """The same for whatever else has a lease: `keep` is called with the time."""
    done = Event()

    def beat() -> None:
        try:
            with scopes_disabled():
                while not done.wait(every):
                    with suppress(OperationalError):  # a busy database: the next beat comes before the lease is over
                        keep(clock_now())
        finally:
            connection.close()

    thread = Thread(target=beat, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
