"""Proposals as one of their two people sees them."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django_scopes import scopes_disabled

from twoway.matching.models import Proposal, ProposalAnswer
from twoway.people.models import Person
from twoway.signup.models import Application

AROUND = ("intake__programme__organisation", "mentee__membership", "mentee__person", "mentor__membership",
          "mentor__person")  # fmt: skip


@dataclass(frozen=True)
class Side:
    """A proposal as one of its two people stands in it. The other's answer is not here."""

    proposal: Proposal
    role: str
    me: Application
    other: Application
    mine: ProposalAnswer | None


def waiting_for(person: Person) -> list[Side]:
    """The proposals that wait for a person's yes or no, in any programme; the one that lapses first comes first."""
    with scopes_disabled():
        mine = Q(mentee__person=person) | Q(mentor__person=person)
        answered = ProposalAnswer.objects.filter(proposal=OuterRef("pk"), application__person=person)
        rows = Proposal.objects.filter(mine, ~Exists(answered), state=Proposal.State.PUBLISHED)
        found = list(rows.select_related(*AROUND, "loop").order_by("lapses_at", "pk"))
    sides = []
    for row in found:
        role = "mentee" if row.mentee.person_id == person.pk else "mentor"
        me, other = (row.mentee, row.mentor) if role == "mentee" else (row.mentor, row.mentee)
        sides.append(Side(row, role, me, other, None))
    return sides
