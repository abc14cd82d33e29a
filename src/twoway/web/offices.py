"""What is mine by a role: the organisations an admin runs with their next step there, and whose contact or viewer I
am. A coordinator's programmes are desks, and stand on the home page by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twoway.people import queries
from twoway.people.tenancy import organisation_scope
from twoway.web.addresses import at
from twoway.web.next_step import Administered, Unfinished

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from twoway.people.models import Office, Organisation, Person, Programme


@dataclass(frozen=True)
class ProgrammeLine:
    """One programme as its organisation's admin sees it from afar."""

    name: str
    url: str
    text: str
    pill: str
    kind: str


@dataclass(frozen=True)
class OrganisationCard:
    organisation: Organisation
    url: str
    programmes: list[ProgrammeLine]
    facts: Administered


@dataclass(frozen=True)
class StandingBy:
    """A programme in which somebody may be turned to, or reads its report."""

    programme: Programme
    role: str
    url: str  # none for whoever sees nothing of it from inside
    text: str


def organisations_of(offices: Iterable[Office], person: Person, now: datetime) -> list[OrganisationCard]:
    """The organisations somebody administers, by name."""
    found = {office.organisation for office in offices if office.role == office.Role.ADMIN}
    return [_card(one, person, now) for one in sorted(found, key=lambda one: (one.name, one.pk))]


def _card(organisation: Organisation, person: Person, now: datetime) -> OrganisationCard:
    url = reverse("people:organisation", args=[organisation.slug])
    with organisation_scope(organisation):
        programmes = [one for one in queries.programmes_of(organisation) if one.archived_at is None]
        totals, sign_up = queries.totals_of(programmes), queries.sign_up_in(programmes, now)
        coordinators = queries.coordinators_in(organisation)
    lines = []
    for one in programmes:
        runs = coordinators.get(one.pk, [])
        text, stands = _words(totals[one.pk].members, [each.name for each in runs]), sign_up[one.pk]
        if one.set_up:
            lines.append(ProgrammeLine(one.name, f"{url}#set-up-{one.public_id}", text, _("Being set up"), "open"))
        else:
            mine = reverse("people:programme", args=at(one)) if person in runs else f"{url}#programme-{one.public_id}"
            lines.append(ProgrammeLine(one.name, mine, text, stands.words, "done" if stands.is_open else "bare"))
    return OrganisationCard(organisation, url, lines, _facts(organisation, url, programmes, set(coordinators)))


def _words(members: int, coordinators: list[str]) -> str:
    there = ngettext("%(n)s member", "%(n)s members", members) % {"n": members}
    if not coordinators:
        return _("%(members)s. Nobody coordinates it yet.") % {"members": there}
    return _("%(members)s. Coordinated by %(names)s.") % {"members": there, "names": ", ".join(coordinators)}


def _facts(organisation: Organisation, url: str, programmes: list[Programme], run: set[int]) -> Administered:
    """What the admin's next step hangs on."""
    begun = next((one for one in programmes if one.set_up), None)
    alone = next((one for one in programmes if not one.set_up and one.pk not in run), None)
    set_up = [organisation.slug, begun.public_id, begun.set_up] if begun else []
    return Administered(
        organisation=organisation.name, url=url, new_url=reverse("signup:programme-new", args=[organisation.slug]),
        running=sum(not one.set_up for one in programmes),
        set_up=Unfinished(begun.name, reverse("signup:programme-set-up", args=set_up)) if begun else None,
        alone=Unfinished(alone.name, reverse("people:offices", args=at(alone))) if alone else None,
    )  # fmt: skip


def standing_by(offices: Iterable[Office]) -> list[StandingBy]:
    """Where somebody is a safeguarding contact or a viewer, by the programme's name."""
    found = []
    for office in offices:
        programme = office.programme
        if programme is None or programme.archived_at is not None:
            continue
        programme.organisation = office.organisation
        if office.role == office.Role.SAFEGUARDING:
            role = _("Contact") if office.first else _("Deputy")
            words = _("People may turn to you. You see what somebody chooses to show you, and nothing else.")
            found.append(StandingBy(programme, role, reverse("people:programme", args=at(programme)), words))
        elif office.role == office.Role.VIEWER:
            words = _("You may read its published report, and nothing else. None is published yet.")
            found.append(StandingBy(programme, str(office.get_role_display()), "", words))
    return sorted(found, key=lambda one: (one.programme.name, one.role))
