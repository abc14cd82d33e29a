"""Somebody's own open proposals. What the other has said is asked of nobody here."""

from datetime import datetime

from django.db.models import Q
from django_scopes import scopes_disabled

from twoway.matching.models import HeldAnswer, Proposal, ProposalAnswer
from twoway.matching.queries.proposal import AROUND, Side
from twoway.people.models import Person
from twoway.signup.models import Application


def open_sides_of(person: Person) -> list[Side]:
    """Where somebody stands in the proposals that are open, in any programme; the one that lapses first comes first.
    One to which their own no is in its hour counts as open to them, whatever became of it."""
    with scopes_disabled():
        theirs = Application.objects.filter(person=person).values("pk")
        held = HeldAnswer.objects.filter(application__person=person)
        open_to_me = Q(state=Proposal.State.PUBLISHED) | Q(pk__in=held.values("proposal"))
        mine = Proposal.objects.filter(Q(mentee__in=theirs) | Q(mentor__in=theirs), open_to_me, told_at__isnull=False)
        ids = list(mine.values_list("pk", flat=True))  # most often none: the rest is asked of few
        if not ids:
            return []
        rows = Proposal.objects.filter(pk__in=ids)
        found = list(rows.select_related(*AROUND, "loop").order_by("lapses_at", "pk"))
        answers = ProposalAnswer.objects.filter(proposal__in=ids, application__person=person)
        said: dict[int, ProposalAnswer | HeldAnswer] = {answer.proposal_id: answer for answer in answers}
        said |= {answer.proposal_id: answer for answer in held.filter(proposal__in=ids)}
    sides = []
    for row in found:
        role = "mentee" if row.mentee.person_id == person.pk else "mentor"
        me, other = (row.mentee, row.mentor) if role == "mentee" else (row.mentor, row.mentee)
        sides.append(Side(row, role, me, other, said.get(row.pk)))
    return sides


def waiting_in(sides: list[Side], now: datetime) -> list[Side]:
    """Those that wait for my yes or no; not those whose time is over, before the clock has noted it."""
    return [side for side in sides if side.mine is None and side.is_waiting(now)]


def agreed_in(sides: list[Side], now: datetime) -> list[Side]:
    """Those to which I have said yes, before they go ahead."""
    return [side for side in sides if side.mine is not None and side.mine.answer == "yes" and side.is_waiting(now)]


def refused_in(sides: list[Side], now: datetime) -> list[Side]:
    """Those to which I have said no, while I can take it back."""
    return [side for side in sides if side.taken_back_until(now) is not None]
