"""The two organisations of the demo, and the people one signs in as."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress

from twoway.operate.demo.reading import site, words, words_of
from twoway.people.actions.office import give_office
from twoway.people.actions.signin import person_at
from twoway.people.models import Organisation, Person


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


def gather(now: datetime) -> Cast:
    """Make both organisations, the cast, and the admins."""
    northwind, harbour = (_organisation(key, now) for key in ("northwind", "harbour-college"))
    found = {one["name"].split()[0].lower(): _person(one, now) for one in words("organisations")["cast"]}
    give_office(person=found["ada"], role="admin", organisation=northwind, by=None, now=now)
    return Cast(northwind=northwind, harbour=harbour, **found)


def people() -> list[tuple[Person, str]]:
    """The cast with the role each has in the demo, as far as they are still there."""
    listed = words("organisations")["cast"]
    by_address = {
        row.email: row.user
        for row in EmailAddress.objects.filter(email__in=[address_of(one) for one in listed], user__demo=True)
        .select_related("user")
    }  # fmt: skip
    return [(by_address[address_of(one)], one["role"]) for one in listed if address_of(one) in by_address]


def address_of(one: dict[str, str]) -> str:
    """The address of somebody in the cast: no such domain can ever exist."""
    given = one["name"].split()[0].lower()
    return f"{given}@{words_of(one['organisation'])['domain']}"


def _organisation(key: str, now: datetime) -> Organisation:
    told = words_of(key)
    zone = told["site"][0]["time_zone"]
    return Organisation.objects.create(slug=key, name=told["name"], time_zone=zone, made_at=now, demo=True)


def _person(one: dict[str, str], now: datetime) -> Person:
    person = person_at(address=address_of(one), name=one["name"], now=now, demo=True)
    person.time_zone = site(one["organisation"], one["site"])["time_zone"]
    person.save(update_fields=["time_zone"])
    return person
