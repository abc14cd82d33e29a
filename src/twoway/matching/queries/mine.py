"""Somebody's own open proposals. What the other has said is asked of nobody here."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django_scopes import scopes_disabled

from twoway.loops.models import Loop
from twoway.matching.models import HeldAnswer, Proposal, ProposalAnswer
from twoway.matching.queries.proposal import (
    AROUND,
    NOT_FOR_ME_WITHIN,
    TAKEN_BACK_WITHIN,
    Side,
    State,
    turned_back_until,
)
from twoway.people.models import Organisation, Person
from twoway.people.queries import addresses_of, aparts_of, person_of_address
from twoway.signup.models import Application


@dataclass(frozen=True)
class WayOut:
    """A loop that began without a yes: one may say that it is not right, on its proposal's page, until then."""

    proposal: str
    until: datetime


def way_out_of(person: Person, loop: Loop, now: datetime) -> WayOut | None:
    """The way out that somebody has of a loop now. Only of one in its first week is the database asked."""
    if now >= loop.opened_at + NOT_FOR_ME_WITHIN:
        return None
    with scopes_disabled():
        theirs = Application.objects.filter(person=person).values("pk")
        return _ways_out(_told(theirs).filter(_begun(now), loop=loop)).get(loop.pk)


def sides_and_ways_out_of(person: Person, own: Collection[int], now: datetime) -> tuple[list[Side], dict[int, WayOut]]:
    """Where somebody stands in the proposals that are open, in any programme, that which lapses first before others;
    and by loop the ways out. Asked for together, since the first page shows both.

    A proposal to which their own no is in its hour counts as open to them, whatever became of it. `own` are the ids
    of their applications.
    """
    if not own:
        return [], {}
    with scopes_disabled():
        rows = list(_told(own).filter(Q(state=State.PUBLISHED) | Q(ended_at__gt=now - NOT_FOR_ME_WITHIN)))
        ways_out = _ways_out(rows)
        known = [row.pk for row in rows if row.loop_id not in ways_out and _may_be_open(row, now)]
        return _sides(person, known), ways_out


def asked_about(person: Person, organisation: Organisation, address: str) -> list[Side]:
    """Where somebody stands in the open proposals in an organisation that name whoever has this address there: gave it
    when they signed up, or have proved that it is theirs."""
    with scopes_disabled():
        rows = Proposal.objects.filter(
            intake__programme__organisation=organisation, state=State.PUBLISHED, told_at__isnull=False
        )
        here, owner = Q(), person_of_address(address)
        for me, other in (("mentee", "mentor"), ("mentor", "mentee")):
            gave = Q(**{f"{other}__address__iexact": address})
            proved = Q(**{f"{other}__person": owner}) if owner is not None else gave
            here |= Q(**{f"{me}__person": person}) & (gave | proved)
        return _sides(person, list(rows.filter(here).values_list("pk", flat=True)))


def is_on_own_list(side: Side) -> bool:
    """Whether somebody asked, in their own list for this organisation, not to be put together with the other of a
    proposal."""
    here = side.proposal.intake.programme.organisation_id
    listed = aparts_of(side.me.person) if side.me.person is not None else []
    mine = {apart.address for apart in listed if apart.organisation_id == here}
    theirs = addresses_of(side.other.person) if mine and side.other.person is not None else []
    return any(address.lower() in mine for address in [side.other.address, *theirs])


def _may_be_open(row: Proposal, now: datetime) -> bool:
    """Of what ended longer ago no answer can be taken back any more."""
    return row.state == State.PUBLISHED or (row.ended_at is not None and row.ended_at > now - TAKEN_BACK_WITHIN)


def _begun(now: datetime) -> Q:
    """Those whose loop began without a yes, in the week after: as `turned_back_until` says of one."""
    return Q(state=State.OPENED, lapses_at=None, ended_at__gt=now - NOT_FOR_ME_WITHIN)


def _told(own: Collection[int] | QuerySet[Application, Any]) -> QuerySet[Proposal]:
    """The proposals about some applications that both have been told of. No more of each than tells them apart: most
    often there is none, and the rest is asked of few."""
    rows = Proposal.objects.filter(Q(mentee__in=own) | Q(mentor__in=own), told_at__isnull=False)
    return rows.only("public_id", "state", "loop", "lapses_at", "ended_at")


def _ways_out(rows: Iterable[Proposal]) -> dict[int, WayOut]:
    ends = ((row, turned_back_until(row)) for row in rows)
    return {row.loop_id: WayOut(row.public_id, until) for row, until in ends if row.loop_id is not None and until}


def _sides(person: Person, ids: list[int]) -> list[Side]:
    if not ids:
        return []
    rows = Proposal.objects.filter(pk__in=ids)
    found = list(rows.select_related(*AROUND, "loop").order_by("lapses_at", "pk"))
    answers = ProposalAnswer.objects.filter(proposal__in=ids, application__person=person).select_related("by")
    mine = HeldAnswer.objects.filter(proposal__in=ids, application__person=person)
    held = {answer.proposal_id: answer for answer in mine}
    said: dict[int, ProposalAnswer | HeldAnswer] = {answer.proposal_id: answer for answer in answers}
    said |= held
    sides = []
    for row in found:
        if row.state != State.PUBLISHED and row.pk not in held:
            continue
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
