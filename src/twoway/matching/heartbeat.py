"""Signs of life from a worker that works on a row with a lease, however long one step of it takes."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from django.db import OperationalError, connection
from django_scopes import scopes_disabled

from twoway.history.clock import now as clock_now
from twoway.matching.actions.lease import BEAT, keep_lease
from twoway.matching.models import Rehearsal, Round


@contextmanager
def alive(work: Round | Rehearsal, every: float = BEAT.total_seconds()) -> Iterator[None]:
    """While inside, its lease is kept from a thread of its own. It dies with the process, and with it the lease."""
    done = Event()

    def beat() -> None:
        try:
            with scopes_disabled():
                while not done.wait(every):
                    with suppress(OperationalError):  # a busy database: the next beat comes before the lease is over
                        keep_lease(work, clock_now())
        finally:
            connection.close()

    thread = Thread(target=beat, name=f"alive {work.public_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
