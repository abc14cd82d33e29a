"""What the clock does in the matching room."""

import logging
from collections.abc import Callable
from datetime import datetime
from time import monotonic

from django_scopes import scopes_disabled

from matchengine import Cancelled, InvalidProblem
from matchengine.text.reader import UnusableModel
from twoway.history.clock import now as clock_now
from twoway.matching.actions.lease import end, say_how_far
from twoway.matching.actions.proposal import lapse_proposal, open_settled, put_waiting_forward, remind_of_proposal
from twoway.matching.actions.rehearsal import claim_rehearsal, keep_found
from twoway.matching.actions.round import claim_round, end_round, go_on, keep_check, keep_result
from twoway.matching.actions.taking_back import end_refused
from twoway.matching.actions.wish import tell_of_wishes
from twoway.matching.checking import check_receipt
from twoway.matching.heartbeat import alive
from twoway.matching.models import Rehearsal, Round
from twoway.matching.prepare import problem_for
from twoway.matching.queries.proposal import due_to_end, due_to_lapse, due_to_open, due_to_remind, ready_to_put_forward
from twoway.matching.queries.wish import waiting_to_be_told
from twoway.matching.rehearse import work_out_rehearsal
from twoway.matching.run import work_out
from twoway.people.tenancy import organisation_scope

log = logging.getLogger(__name__)

EVERY = 0.5
"""Seconds between two words about how far a round is."""


def solve_queued_rounds(now: datetime) -> int:
    """Work out rounds that wait, one after the other; how many were taken up."""
    taken = 0
    while (round := claim_round(now if not taken else clock_now())) is not None:
        taken += 1
        with organisation_scope(round.intake.programme.organisation):
            solve_round(round)
    return taken


def solve_round(round: Round) -> None:
    """Work out one round that this worker has claimed."""
    step = now_and_then(lambda stage, percent: go_on(round=round, stage=stage, percent=percent, now=clock_now()))

    def reading(done: int, total: int) -> None:
        if not step("reading", 2 * done // max(total, 1)):
            raise Cancelled("stopped while reading")

    try:
        with alive(round):
            outcome = work_out(round, problem_for(round, clock_now(), reading), step)
    except Cancelled:
        end_round(round=round, state=Round.State.CANCELLED, now=clock_now())
        return
    except UnusableModel as fault:
        log.error("The text model cannot be used: %s.", fault)
        end_round(round=round, state=Round.State.FAILED, fault="text_model", now=clock_now())
        return
    except InvalidProblem as fault:
        end_round(round=round, state=Round.State.FAILED, fault=str(fault), now=clock_now())
        return
    if not keep_result(round=round, outcome=outcome, now=clock_now()):
        end_round(round=round, state=Round.State.CANCELLED, now=clock_now())


def now_and_then(say: Callable[[str, int], bool]) -> Callable[[str, int], bool]:
    """Says it only every so often, and takes a silence for a yes."""
    last = 0.0

    def step(stage: str, percent: int) -> bool:
        nonlocal last
        if monotonic() - last < EVERY:
            return True
        last = monotonic()
        return say(stage, percent)

    return step


def rehearse_queued(now: datetime) -> int:
    """Work out rehearsals that wait, one after the other; how many were taken up."""
    taken = 0
    while (rehearsal := claim_rehearsal(now if not taken else clock_now())) is not None:
        taken += 1
        with organisation_scope(rehearsal.round.intake.programme.organisation):
            rehearse(rehearsal)
    return taken


def rehearse(rehearsal: Rehearsal) -> None:
    """Work out one rehearsal that this worker has claimed."""
    step = now_and_then(lambda stage, percent: say_how_far(rehearsal, stage, percent, clock_now()))
    round = rehearsal.round
    if round.problem is None or round.receipt is None:
        end(rehearsal, state=Round.State.FAILED, fault="gone", now=clock_now())
        return
    try:
        with alive(rehearsal):
            found = work_out_rehearsal(rehearsal, round, step)
    except Cancelled:
        end(rehearsal, state=Round.State.CANCELLED, now=clock_now())
        return
    except InvalidProblem as fault:
        end(rehearsal, state=Round.State.FAILED, fault=str(fault), now=clock_now())
        return
    if not keep_found(rehearsal=rehearsal, found=found, now=clock_now()):
        end(rehearsal, state=Round.State.CANCELLED, now=clock_now())


def check_receipts(now: datetime) -> int:
    """Check the receipts somebody asked about; how many."""
    with scopes_disabled():
        asked = list(Round.objects.filter(check_asked_at__isnull=False, state=Round.State.DONE).order_by("pk")[:5])
        for round in asked:
            check = check_receipt(round)
            keep_check(round=round, holds=check.holds, words=check.words, now=clock_now())
    return len(asked)


def put_proposals_forward(now: datetime) -> int:
    """Show proposals that waited for somebody to join, once both are members; how many."""
    with scopes_disabled():
        return sum(put_waiting_forward(proposal=proposal, now=now) for proposal in ready_to_put_forward(now))


def open_settled_proposals(now: datetime) -> int:
    """Open the loops of recorded yeses that nobody took back in their time; how many."""
    with scopes_disabled():
        return sum(open_settled(proposal=proposal, now=now) for proposal in due_to_open(now))


def remind_of_proposals(now: datetime) -> int:
    """Remind those who have not answered yet, once; how many proposals."""
    with scopes_disabled():
        return sum(remind_of_proposal(proposal=proposal, now=now) for proposal in due_to_remind(now))


def end_refused_proposals(now: datetime) -> int:
    """End proposals to which somebody said no, once the hour to take it back is over; how many."""
    with scopes_disabled():
        return sum(end_refused(proposal=proposal, now=now) for proposal in due_to_end(now))


def lapse_proposals(now: datetime) -> int:
    """End proposals whose time is over; how many."""
    with scopes_disabled():
        return sum(lapse_proposal(proposal=proposal, now=now) for proposal in due_to_lapse(now))


def tell_of_open_wishes(now: datetime) -> int:
    """Tell the members of an intake that wishes are open, or open again."""
    told = 0
    with scopes_disabled():
        waiting = list(waiting_to_be_told())
    for time in waiting:
        with organisation_scope(time.intake.programme.organisation):
            told += tell_of_wishes(time=time, now=now)
    return told
