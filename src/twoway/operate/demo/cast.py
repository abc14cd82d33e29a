"""The two organisations of the demo, and the people one signs in as."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from twoway.operate.demo import words
from twoway.operate.demo.words import CastMember
from twoway.people.actions.office import give_office
from twoway.people.actions.signin import person_at
from twoway.people.models import Organisation, Person
from twoway.people.queries import person_of_address


@dataclass(frozen=True)
class Cast:
    """Who everyone meets first. Dana belongs to the other organisation and may see nothing of this one."""

    northwind: Organisation
    harbour: Organisation
    ada: Person
    chris: Person
    ben: Person
    amira: Person
    sam: Person
    dana: Person
    people: dict[str, Person] = field(default_factory=dict)  # everybody made so far, by full name


def gather(now: datetime) -> Cast:
    """Make both organisations, the cast, and the admin."""
    northwind, harbour = (_organisation(told, now) for told in words.organisations())
    people = {one.name: _person(one, now) for one in words.cast()}
    found = {name.split()[0].lower(): person for name, person in people.items()}
    give_office(person=found["ada"], role="admin", organisation=northwind, by=None, now=now)
    return Cast(northwind=northwind, harbour=harbour, people=people, **found)


def make_people(cast: Cast, told: Iterable[tuple[str, str, datetime]], *, organisation: str) -> None:
    """Made-up people, each with a proved address: (name, site, moment). Who is there already stays."""
    new = []
    for name, site, at in told:
        if name not in cast.people:
            person = person_at(address=address_at(organisation, name), name=name, now=at, demo=True)
            person.time_zone = zone_of(organisation, site)
            cast.people[name] = person
            new.append(person)
    Person.objects.bulk_update(new, ["time_zone"])


def address_at(organisation: str, name: str) -> str:
    """Where somebody who is not of the cast gets their mail."""
    known = next((one for one in words.cast() if one.name == name), None)
    return address_of(known) if known else words.Name(name).address(told_of(organisation).domain)


def people() -> list[tuple[Person, str]]:
    """The cast with the role each has in the demo, as far as they are still there."""
    found = [(person_of_address(address_of(one)), one.role) for one in words.cast()]
    return [(person, role) for person, role in found if person is not None and person.demo]


def address_of(one: CastMember) -> str:
    """The address of somebody in the cast: their first name at a domain that can never exist."""
    return f"{one.name.split()[0].lower()}@{told_of(one.organisation).domain}"


def told_of(key: str) -> words.Organisation:
    return next(one for one in words.organisations() if one.key == key)


def zone_of(organisation: str, site: str) -> str:
    """The time zone of a place of work."""
    return next(one.time_zone for one in told_of(organisation).sites if one.name == site)


def _organisation(told: words.Organisation, now: datetime) -> Organisation:
    zone = told.sites[0].time_zone
    return Organisation.objects.create(slug=told.key, name=told.name, time_zone=zone, made_at=now, demo=True)


def _person(one: CastMember, now: datetime) -> Person:
    person = person_at(address=address_of(one), name=one.name, now=now, demo=True)
    person.time_zone = zone_of(one.organisation, one.site)
    person.save(update_fields=["time_zone"])
    return person
