"""A no in its hour: whoever said it takes it back, or the clock makes it final."""

from datetime import datetime

from django.db import transaction

from twoway.history.actions import record
from twoway.matching.actions.proposal import Over, go_on, locked, tell_of_end
from twoway.matching.models import Proposal
from twoway.people.models import Person
from twoway.signup.models import Application


@transaction.atomic
def take_back_no(*, proposal: Proposal, side: Application, by: Person, now: datetime) -> Proposal:
    """Take one's no back within its hour. Nobody else hears of it, and what stood before stands again: a yes that was
    said earlier may open the loop, and an end that came meanwhile is told only now. Raises Over after the hour."""
    row = locked(proposal)
    mine = row.held_answers.filter(application=side, final_at__gt=now)
    if not mine.delete()[0]:
        raise Over
    record(
        "proposal.no_taken_back", by=by, programme=row.intake.programme, about=f"proposal {row.public_id}", now=now,
        concerns=[by.pk],
    )  # fmt: skip
    was_over = row.state == Proposal.State.ENDED
    go_on(row, by=by, now=now)
    if was_over:
        tell_of_end(row, side, now)
    return row


@transaction.atomic
def end_refused(*, proposal: Proposal, now: datetime) -> bool:
    """End a proposal to which somebody said no, once no no can be taken back any more. Whoever did not say no reads
    that it is not going ahead. Whether it was done: not twice, however many workers come."""
    row = locked(proposal)
    noes = [one for one in row.held_answers.all() if one.is_no()]
    if not noes or any(one.is_fresh_no(now) for one in noes):
        return False
    go_on(row, by=None, now=now)
    return True
