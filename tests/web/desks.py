"""What lies on a desk, and how it came there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from twoway.loops.actions.loop import open_loop
from twoway.loops.models import Loop
from twoway.matching.models import Proposal, Round
from twoway.people.models import Membership, Person
from twoway.signup.models import Application
from twoway.web.worklist import Desk, desk_of

Browser = Callable[..., Client]
DAY = timedelta(days=1)
TODAY = NOW.date()
HERE = "/northwind/grow-together/desk/"


def desk(cast: Cast) -> Desk:
    with scopes_disabled():
        return desk_of(cast.grow, NOW)


def kinds(cast: Cast) -> list[tuple[str, int]]:
    return [(line.kind, len(line.items)) for line in desk(cast).lines]


def waiting(cast: Cast, name: str = "Elif Kaya") -> Application:
    with scopes_disabled():
        one = factories.application(
            cast.autumn, state="waiting", name=name, address=f"{name[:4]}@northwind.example", sent_at=NOW - 2 * DAY,
            adult=True, verified_at=NOW, terms_at=NOW, terms_version=1,
        )  # fmt: skip
        one.person = factories.person(name)
        one.save()
        return one


def pair(cast: Cast, opened_at: datetime, mentee: Membership | None = None) -> Loop:
    with scopes_disabled():
        return open_loop(
            mentee=mentee or cast.amira_member, mentor=cast.ben_member, intake=cast.autumn, by=cast.chris, now=opened_at
        )


def entry(cast: Cast, person: Person) -> Application:
    with scopes_disabled():
        return Application.objects.get(person=person, intake=cast.autumn)


def a_round(cast: Cast, finished_at: datetime) -> Round:
    return Round.objects.create(
        intake=cast.autumn, name="Autumn round", seed="s", state="done", made_at=finished_at, finished_at=finished_at
    )


def proposal(cast: Cast, **fields: Any) -> Proposal:
    with scopes_disabled():
        two = {"mentee": entry(cast, cast.amira), "mentor": entry(cast, cast.ben)}
        return Proposal.objects.create(intake=cast.autumn, made_at=NOW - 9 * DAY, **two, **fields)
