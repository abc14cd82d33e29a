"""A round of matching from the button to drafts. The row is the queue (`actions.lease`)."""

import json
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django_scopes import scopes_disabled

from twoway.history.actions import record
from twoway.matching.actions.lease import State, ask_to_stop, claim, end, say_how_far
from twoway.matching.actions.wish import close_wishes, take_closing_back
from twoway.matching.fit import points_of, warnings_of
from twoway.matching.models import LeftOver, Proposal, Round
from twoway.matching.prepare import by_public_id
from twoway.matching.run import Outcome, left_over_facts, pairs_by_mentee
from twoway.people.models import Intake, Person

ENOUGH_TO_TELL = 10  # per cent


@transaction.atomic
def queue_round(
    *,
    intake: Intake,
    name: str,
    objective: str,
    with_expected: bool,
    by: Person,
    now: datetime,
    left_out: Collection[str] = (),
    seed: str = "",
) -> Round:
    """Ask for a round. The clock works it out; until then nothing changes and nobody is told. Wishes end with it."""
    close_wishes(intake=intake, by=by, now=now)
    round = Round.objects.create(
        intake=intake, name=name, by=by, objective=objective, with_expected=with_expected, made_at=now,
        seed=seed or str(secrets.randbelow(2**31)), settings={"left_out": sorted(left_out)},
    )  # fmt: skip
    record("round.queued", by=by, programme=intake.programme, about=f"round {round.public_id}", now=now, name=name)
    return round


@transaction.atomic
def cancel_round(*, round: Round, by: Person, now: datetime) -> bool:
    """Stop a round that is waiting or running; False where it is over already. A running one stops at its next step.
    Wishes that its start ended are open as before."""
    if not ask_to_stop(round, now):
        return False
    take_closing_back(round=round, by=by, now=now)
    record("round.cancelled", by=by, programme=round.intake.programme, about=f"round {round.public_id}", now=now)
    return True


def claim_round(now: datetime) -> Round | None:
    """Take the next round that waits, or one whose worker died: its lease has run out."""
    with scopes_disabled():
        row = claim(Round.objects.all(), now, started_at=now, total=100, figures={})
        return Round.objects.select_related("intake__programme__organisation", "by").get(pk=row.pk) if row else None


def go_on(*, round: Round, stage: str, percent: int, now: datetime) -> bool:
    """Say how far a round is and hold on to its lease; False where it was stopped, or another worker has it now."""
    round.figures = _with_end(round, percent, now)
    return say_how_far(round, stage, percent, now, total=100, figures=round.figures)


def _with_end(round: Round, percent: int, now: datetime) -> dict[str, Any]:
    """When the whole should be done, by how long it took so far. It is never put off: what is said to a reader only
    counts down."""
    if round.started_at is None or percent < ENOUGH_TO_TELL:
        return round.figures
    ends_at = now + (now - round.started_at) * (100 - percent) / percent
    before = expected_end(round)
    return {"ends_at": (min(ends_at, before) if before else ends_at).isoformat()}


def expected_end(round: Round) -> datetime | None:
    """When a running round should be done; None while nobody can tell."""
    said = round.figures.get("ends_at")
    return datetime.fromisoformat(said) if said else None


@transaction.atomic
def keep_result(*, round: Round, outcome: Outcome, now: datetime) -> bool:
    """Keep drafts, those left over and the receipt, all or none; False where the round is not ours any more.

    Drafts of earlier rounds go, except those that were pinned. Published proposals and loops are not touched.
    """
    row = Round.objects.select_for_update().get(pk=round.pk)
    if row.state != State.RUNNING or row.attempts != round.attempts or row.cancel_asked_at is not None:
        return False
    prepared = outcome.prepared
    Proposal.objects.filter(intake=round.intake, state=Proposal.State.DRAFT, pinned=False).delete()
    Proposal.objects.filter(pk__in=[draft.pk for draft in prepared.dropped]).delete()
    _keep_drafts(row, outcome, now)
    _keep_left_over(row, outcome)
    row.settings = {**row.settings, "rules": prepared.settings}
    row.problem, row.receipt = json.loads(outcome.problem), json.loads(outcome.receipt)
    row.figures, row.state, row.finished_at, row.leased_until = outcome.figures, State.DONE, now, None
    row.stage, row.done = "", 100
    row.save()
    record(
        "round.done", by=None, programme=round.intake.programme, about=f"round {row.public_id}", now=now,
        placed=outcome.result.placed, people=outcome.figures["mentees"],
    )  # fmt: skip
    return True


def _keep_drafts(row: Round, outcome: Outcome, now: datetime) -> None:
    prepared = outcome.prepared
    mentees = by_public_id(prepared.people.mentees)
    mentors = by_public_id(offer.application for offer in prepared.people.mentors)
    pinned = {(pin.mentee_id, pin.mentor_id): pin for pin in prepared.pinned}
    drafts = []
    for pair in outcome.result.pairs:
        mentee, mentor = mentees[pair.mentee], mentors[pair.mentor]
        kept = pinned.get((mentee.pk, mentor.pk))
        draft = kept or Proposal(
            intake_id=row.intake_id, mentee_id=mentee.pk, mentor_id=mentor.pk, by_id=row.by_id, made_at=now
        )  # fmt: skip
        draft.round, draft.score = row, pair.score
        draft.points, draft.warnings = points_of(pair, prepared.rules), warnings_of(pair, prepared.rules)
        draft.others = [one for one in outcome.others[pair.mentee] if one[0] != pair.mentor]
        if kept is not None:
            kept.save(update_fields=["round", "score", "points", "warnings", "others"])
        else:
            drafts.append(draft)
    Proposal.objects.bulk_create(drafts, batch_size=500)


def _keep_left_over(row: Round, outcome: Outcome) -> None:
    prepared, result = outcome.prepared, outcome.result
    mentees = by_public_id(prepared.people.mentees)
    mentors = by_public_id(offer.application for offer in prepared.people.mentors)
    LeftOver.objects.filter(round=row).delete()
    placed = pairs_by_mentee(result)
    rows = [
        LeftOver(
            round=row, application_id=mentees[left.mentee].pk, role="mentee", cause=left.cause,
            facts=left_over_facts(left, prepared.rules, outcome.others[left.mentee]),
        )
        for left in result.left_over
        if left.mentee not in placed
    ]  # fmt: skip
    rows += [
        LeftOver(
            round=row, application_id=mentors[seat.mentor].pk, role="mentor", cause="spare", facts={"seats": seat.seats}
        )
        for seat in result.seats
        if not seat.taken and seat.seats
    ]
    LeftOver.objects.bulk_create(rows, batch_size=500)


@transaction.atomic
def end_round(*, round: Round, state: str, fault: str = "", now: datetime) -> None:
    """A round that was stopped, or that could not run; drafts from before stay as they were."""
    if not end(round, state=state, fault=fault, now=now):
        return
    if state == State.FAILED:
        record("round.failed", by=None, programme=round.intake.programme, about=f"round {round.public_id}", now=now)


def ask_for_check(*, round: Round, now: datetime) -> None:
    """Have the receipt checked again by the clock."""
    Round.objects.filter(pk=round.pk).update(check_asked_at=now)


def keep_check(*, round: Round, holds: bool, words: str, now: datetime) -> None:
    """What a check of the receipt found. A check asked for meanwhile stays asked for."""
    Round.objects.filter(pk=round.pk).update(
        checked_at=now, check_holds=holds, check_words=words[:400],
        check_asked_at=F("check_asked_at") if round.check_asked_at is None else None,
    )  # fmt: skip
