"""Whom to turn to, and where help is."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from twoway.people.models import Office, Programme, SupportLine
from twoway.people.queries.office import coordinators_of, officers
from twoway.people.queries.person import address_of


@dataclass(frozen=True)
class Contact:
    """Somebody to turn to in a programme, and where to write to them."""

    name: str
    address: str


@dataclass(frozen=True)
class WhoToTurnTo:
    """The people of a programme one may turn to. `also_coordinates`: the contact runs the programme too."""

    programme: Programme
    coordinators: list[Contact]
    contact: Contact | None
    deputy: Contact | None
    also_coordinates: bool


def who_to_turn_to(programme: Programme) -> WhoToTurnTo:
    """Whom a programme names. Without a contact of its own, its coordinators are the ones to turn to."""
    coordinators = coordinators_of(programme)
    named = [office.person for office in officers(programme, Office.Role.SAFEGUARDING)][:2]
    runs = [Contact(person.name, programme.standing_address or address_of(person)) for person in coordinators]
    contacts = [Contact(person.name, address_of(person)) for person in named]
    return WhoToTurnTo(
        programme=programme,
        coordinators=runs,
        contact=contacts[0] if contacts else None,
        deputy=contacts[1] if len(contacts) > 1 else None,
        also_coordinates=not named or named[0] in coordinators,
    )


AMBER_AFTER = timedelta(days=180)
HIDDEN_AFTER = timedelta(days=365)


def support_lines_of(programme: Programme) -> QuerySet[SupportLine]:
    """All help a programme has entered, old entries too: for its coordinators."""
    lines = SupportLine.objects.filter(programme=programme).select_related("checked_by")
    return lines.order_by("country", "name", "pk")


def valid_support_lines(programme: Programme, today: date) -> QuerySet[SupportLine]:
    """The help that members are shown: entries checked within a year."""
    return support_lines_of(programme).filter(checked_on__gte=today - HIDDEN_AFTER)


def old_support_lines(programme: Programme, today: date) -> QuerySet[SupportLine]:
    """Help that should be looked at again: members soon see it no more, or see it no more already."""
    return support_lines_of(programme).filter(checked_on__lt=today - AMBER_AFTER)
