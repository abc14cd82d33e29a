"""A row that is its own queue: a worker takes it for a while and gives signs of life; where they stop another takes it
up. Rounds and rehearsals are such rows; `attempts` says whose one is, as whoever holds a lower number has lost it."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django_scopes import scopes_disabled

from twoway.matching.models import Rehearsal, Round

LEASE = timedelta(seconds=45)
"""So long a row belongs to its worker after the last sign of life."""
BEAT = timedelta(seconds=5)
"""So often a living worker gives one."""
SILENT_AFTER = 4 * BEAT
MOST_ATTEMPTS = 3
State = Round.State
Work = TypeVar("Work", Round, Rehearsal)


def claim(rows: QuerySet[Work], now: datetime, **beginning: Any) -> Work | None:
    """Take the next of these that waits, or one whose worker died: its lease has run out. `beginning`: what else its
    columns then say. One that was taken up too often has failed."""
    with scopes_disabled():
        due = rows.filter(Q(state=State.QUEUED) | Q(state=State.RUNNING, leased_until__lte=now)).order_by(
            "made_at", "pk"
        )
        if not due.exists():
            return None
        with transaction.atomic():
            work = due.select_for_update(skip_locked=True, of=("self",)).first()
            if work is None:
                return None
            if work.attempts >= MOST_ATTEMPTS:
                work.state, work.finished_at, work.fault = State.FAILED, now, "cut_off"
                work.save(update_fields=["state", "finished_at", "fault"])
                return None
            work.state, work.leased_until, work.attempts = State.RUNNING, now + LEASE, work.attempts + 1
            work.stage, work.done = "preparing", 0
            for column, value in beginning.items():
                setattr(work, column, value)
            work.save()
            return work


def held(work: Round | Rehearsal) -> QuerySet[Any]:
    """The row as long as whoever claimed it has it; nothing once it is over, or somebody else's."""
    return type(work).objects.filter(pk=work.pk, state=State.RUNNING, attempts=work.attempts)


def say_how_far(work: Round | Rehearsal, stage: str, percent: int, now: datetime, **more: Any) -> bool:
    """Say it, and hold on to the lease; False where the work was stopped, or is somebody else's now."""
    going_on = held(work).filter(cancel_asked_at=None)
    return bool(going_on.update(stage=stage, done=percent, leased_until=now + LEASE, **more))


def keep_lease(work: Round | Rehearsal, now: datetime) -> None:
    """A sign of life from the worker that has it, also in the middle of a long step."""
    held(work).update(leased_until=now + LEASE)


def is_silent(work: Round | Rehearsal, now: datetime) -> bool:
    """No sign of life for longer than expected: another worker takes it up when the lease is over."""
    if work.state != State.RUNNING or work.leased_until is None:
        return False
    return now > work.leased_until - LEASE + SILENT_AFTER


@transaction.atomic
def ask_to_stop(work: Round | Rehearsal, now: datetime) -> bool:
    """Stop what waits or runs; False where it is over already. What runs stops at its next step."""
    row = type(work).objects.select_for_update().get(pk=work.pk)
    if row.state not in (State.QUEUED, State.RUNNING):
        return False
    row.cancel_asked_at = now
    if row.state == State.QUEUED:
        row.state, row.finished_at = State.CANCELLED, now
    row.save(update_fields=["cancel_asked_at", "state", "finished_at"])
    return True


def end(work: Round | Rehearsal, *, state: str, fault: str = "", now: datetime) -> bool:
    """It was stopped, or cannot run; False where it is somebody else's now."""
    return bool(held(work).update(state=state, fault=fault[:300], finished_at=now, leased_until=None, stage=""))
