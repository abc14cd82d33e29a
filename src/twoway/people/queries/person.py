"""What can be asked about one person: who has an address, and which addresses somebody has."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress

from twoway.people.models import Person


def person_of_address(address: str) -> Person | None:
    """The active person who has proved this address, whatever its capitals."""
    row = EmailAddress.objects.filter(email__iexact=address.strip(), verified=True).select_related("user").first()
    return row.user if row is not None and row.user.is_active else None


def kept_address(person: Person, typed: str) -> str:
    """The proved address that somebody has typed, as we keep it: letters go to what was proved, never to what
    merely reads the same."""
    rows = EmailAddress.objects.filter(user=person, email__iexact=typed.strip(), verified=True)
    return rows.values_list("email", flat=True).first() or address_of(person)


def address_of(person: Person) -> str:
    """The address letters to a person go to; empty for somebody who has none."""
    row = EmailAddress.objects.filter(user=person, verified=True).order_by("-primary", "pk").first()
    return row.email if row is not None else ""


def addresses_of(person: Person) -> list[str]:
    """All proved addresses of a person, the primary one first."""
    rows = EmailAddress.objects.filter(user=person, verified=True).order_by("-primary", "pk")
    return list(rows.values_list("email", flat=True))


def names_of(people: Iterable[int]) -> dict[int, str]:
    """The names of people by id, for lines of a record."""
    return dict(Person.objects.filter(pk__in=set(people)).values_list("pk", "name"))
