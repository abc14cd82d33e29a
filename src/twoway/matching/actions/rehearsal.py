"""A rehearsal from the button to its figures. It writes its own row and nothing else; nobody is told."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django_scopes import scopes_disabled

from twoway.history.actions import record
from twoway.matching.actions.lease import State, claim, held
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
        row = claim(Rehearsal.objects.all(), now)
        return (
            Rehearsal.objects.select_related("round__intake__programme__organisation").get(pk=row.pk) if row else None
        )


def keep_found(*, rehearsal: Rehearsal, found: dict[str, Any], now: datetime) -> bool:
    """Keep what it found; False where it is not ours any more. A round that has lost its problem meanwhile, because
    somebody is forgotten, keeps nothing of it."""
    with transaction.atomic():
        kept = Round.objects.select_for_update().filter(pk=rehearsal.round.pk, problem__isnull=False)
        mine = held(rehearsal).filter(cancel_asked_at=None)
        if not kept.exists():
            return False
        return bool(mine.update(state=State.DONE, found=found, finished_at=now, leased_until=None, stage="", done=100))
