"""Ending a loop that began at publishing, because it is not right for one of the two."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from twoway.history.actions import record
from twoway.loops.actions.loop import NotGoingOn, end_loop
from twoway.matching.actions.proposal import Over, locked
from twoway.matching.models import Proposal, ProposalAnswer
from twoway.people.models import Person
from twoway.people.telling import tell
from twoway.signup.models import Application


@transaction.atomic
def say_not_for_me(*, proposal: Proposal, side: Application, reason: str, by: Person, now: datetime) -> None:
    """Within the first week: the loop ends, the seat is free again, and the other reads that their place is closed.

    The reason is for the coordinator alone. Raises Over where the loop does not go on.
    """
    row = locked(proposal)
    if row.state != Proposal.State.OPENED or row.loop_id is None:
        raise Over
    try:
        end_loop(loop_id=row.loop_id, by=None, now=now)
    except NotGoingOn as fault:
        raise Over from fault
    ProposalAnswer.objects.update_or_create(
        proposal=row, application=side,
        defaults={"answer": ProposalAnswer.Answer.NO, "reason": reason.strip()[:500], "by": by, "at": now},
    )  # fmt: skip
    row.state, row.end, row.ended_at = Proposal.State.ENDED, Proposal.End.NO, now
    row.save(update_fields=["state", "end", "ended_at"])
    people = [person for person in (row.mentee.person_id, row.mentor.person_id) if person is not None]
    record(
        "proposal.ended", by=None, programme=row.intake.programme, about=f"proposal {row.public_id}", now=now,
        concerns=people,
    )  # fmt: skip
    other = row.mentor if side.pk == row.mentee_id else row.mentee
    if other.person is not None:
        tell(
            other.person, "matching.place_closed", key=f"matching.place_closed {row.public_id} {other.public_id}",
            url=reverse("matching:proposal-answer", args=[row.public_id]), programme=row.intake.programme, now=now,
            facts={"other": side.name, "programme": row.intake.programme.name},
        )  # fmt: skip
