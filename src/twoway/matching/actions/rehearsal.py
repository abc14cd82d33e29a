"""A rehearsal from the button to its figures. It writes its own row and nothing else; nobody is told."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django_scopes import scopes_disabled

from twoway.history.actions import record
from twoway.matching.actions.round import LEASE, MOST_ATTEMPTS, State
from twoway.matching.models import Rehearsal, Round
from twoway.people.models import Person
from twoway.signup.actions.form import change_question
from twoway.signup.queries import questions_of


@transaction.atomic
def queue_rehearsal(
    *, round: Round, objective: str, weights: dict[str, int], left_off: list[str], by: Person, now: datetime
) -> Rehearsal:
    """Ask for a rehearsal. The clock works it out."""
    row = Rehearsal.objects.create(
        round=round, objective=objective, weights=weights, left_off=left_off, by=by, made_at=now
    )
    record("rehearsal.queued", by=by, programme=round.intake.programme, about=f"round {round.public_id}", now=now)
    return row


@transaction.atomic
def cancel_rehearsal(*, rehearsal: Rehearsal, now: datetime) -> bool:
    """Stop one that waits or runs; False where it is over already. A running one stops at its next step."""
    row = Rehearsal.objects.select_for_update().get(pk=rehearsal.pk)
    if row.state not in (State.QUEUED, State.RUNNING):
        return False
    row.cancel_asked_at = now
    if row.state == State.QUEUED:
        row.state, row.finished_at = State.CANCELLED, now
    row.save(update_fields=["cancel_asked_at", "state", "finished_at"])
    return True


def throw_away(*, rehearsal: Rehearsal) -> None:
    """Gone, with all it found. A worker that has it in hand finds it gone at its next step."""
    Rehearsal.objects.filter(pk=rehearsal.pk).delete()


@transaction.atomic
def use_weights(*, rehearsal: Rehearsal, by: Person, now: datetime) -> int:
    """Put a rehearsal's weights into the form, for the next round; how many questions changed. Rounds that have run
    keep theirs, and hard rules stay as they are."""
    changed = 0
    for question in questions_of(rehearsal.round.intake.programme):
        weight = rehearsal.weights.get(question.public_id)
        if weight is not None and weight != question.weight:
            change_question(question=question, changes={"weight": weight}, by=by, now=now)
            changed += 1
    return changed


def claim_rehearsal(now: datetime) -> Rehearsal | None:
    """Take the next that waits, or one whose worker died: its lease has run out."""
    with scopes_disabled():
        due = Rehearsal.objects.filter(Q(state=State.QUEUED) | Q(state=State.RUNNING, leased_until__lte=now)).order_by(
            "made_at", "pk"
        )
        if not due.exists():
            return None
        with transaction.atomic():
            row = due.select_for_update(skip_locked=True, of=("self",)).first()
            if row is None:
                return None
            if row.attempts >= MOST_ATTEMPTS:
                row.state, row.finished_at, row.fault = State.FAILED, now, "cut_off"
                row.save(update_fields=["state", "finished_at", "fault"])
                return None
            row.state, row.leased_until, row.attempts = State.RUNNING, now + LEASE, row.attempts + 1
            row.stage, row.done = "preparing", 0
            row.save()
        return Rehearsal.objects.select_related("round__intake__programme__organisation").get(pk=row.pk)


def go_on_rehearsing(*, rehearsal: Rehearsal, stage: str, percent: int, now: datetime) -> bool:
    """Say how far it is and hold on to its lease; False where it was stopped, thrown away or taken by another."""
    mine = _mine(rehearsal).filter(cancel_asked_at=None)
    return bool(mine.update(stage=stage, done=percent, leased_until=now + LEASE))


def keep_rehearsing(*, rehearsal: Rehearsal, now: datetime) -> None:
    """A sign of life in the middle of a long step."""
    _mine(rehearsal).update(leased_until=now + LEASE)


def keep_found(*, rehearsal: Rehearsal, found: dict[str, Any], now: datetime) -> bool:
    """Keep what it found; False where it is not ours any more. A round that has lost its problem meanwhile, because
    somebody is forgotten, keeps nothing of it."""
    with transaction.atomic():
        kept = Round.objects.select_for_update().filter(pk=rehearsal.round.pk, problem__isnull=False)
        mine = _mine(rehearsal).filter(cancel_asked_at=None)
        if not kept.exists():
            return False
        return bool(mine.update(state=State.DONE, found=found, finished_at=now, leased_until=None, stage="", done=100))


def end_rehearsal(*, rehearsal: Rehearsal, state: str, fault: str = "", now: datetime) -> None:
    _mine(rehearsal).update(state=state, fault=fault[:300], finished_at=now, leased_until=None, stage="")


def _mine(rehearsal: Rehearsal) -> Any:
    return Rehearsal.objects.filter(pk=rehearsal.pk, state=State.RUNNING, attempts=rehearsal.attempts)
