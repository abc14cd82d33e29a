"""Somebody writes down whom they would rather not be put together with."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from twoway.matching.actions.proposal import Over, answer_proposal
from twoway.matching.models import ProposalAnswer
from twoway.matching.queries.mine import asked_about
from twoway.people.actions.person import keep_apart
from twoway.people.models import KeptApart, Organisation, Person


@transaction.atomic
def stay_apart(*, owner: Person, organisation: Organisation, address: str, note: str, now: datetime) -> KeptApart:
    """Note it privately. Where the two are being asked about each other, the owner's answer becomes a no: whoever else
    looks at the proposal finds an answer like any other, after its hour, and nothing that points to the list."""
    row = keep_apart(owner=owner, organisation=organisation, address=address, note=note, now=now)
    for side in asked_about(owner, organisation, row.address):
        with suppress(Over):
            answer_proposal(
                proposal=side.proposal, side=side.me, answer=ProposalAnswer.Answer.NO, reason="", by=owner, now=now
            )
    return row
