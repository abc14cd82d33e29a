"""Many people at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from twoway.people.models import Person


@dataclass(frozen=True)
class MadeUp:
    """Somebody who does not exist."""

    name: str
    address: str
    time_zone: str


@transaction.atomic
def make_up_people(crowd: Iterable[MadeUp], *, now: datetime) -> list[Person]:
    """People of a demo, marked as such, with their addresses, in the order given. None of them has a password."""
    crowd = list(crowd)
    people = Person.objects.bulk_create(
        Person(name=one.name, time_zone=one.time_zone, made_at=now, demo=True, password=make_password(None))
        for one in crowd
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=one.address.lower(), verified=True, primary=True)
        for person, one in zip(people, crowd, strict=True)
    )
    return people
