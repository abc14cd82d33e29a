"""The demo's people and programmes: made quickly, marked, and removed in one action."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django_scopes import scopes_disabled
from pytest_django import DjangoDbBlocker

from tests.cast import Cast
from tests.factories import NOW
from twoway.history.models import Event
from twoway.operate.demo.build import build, is_there
from twoway.operate.demo.cast import people
from twoway.operate.demo.remove import remove_demo
from twoway.outbox.actions import queue_letter
from twoway.outbox.models import Delivery
from twoway.people.models import Intake, Membership, Office, Organisation, Person, Programme
from twoway.people.queries import open_intake

pytestmark = [pytest.mark.row("P-01"), pytest.mark.django_db]


def test_removing_takes_what_is_made_up_and_leaves_the_rest(cast: Cast, open_scope: None) -> None:
    Organisation.objects.update(slug=Concat("slug", Value("-for-real")))
    EmailAddress.objects.update(email=Concat("email", Value(".org")))
    build(NOW)
    made_up = Person.objects.filter(demo=True).count()
    programme = Programme.objects.get(slug="first-year")
    for key, fields in {"real": {"person": cast.amira.pk}, "made up": {"programme": programme.pk}}.items():
        queue_letter(key=key, kind="test", to="x@y.example", subject="Hello", body="A letter.", now=NOW, **fields)
    events = Event.objects.count()

    assert remove_demo(by=cast.ada, now=NOW + timedelta(days=1)) == made_up

    assert not is_there()
    assert sorted(Organisation.objects.values_list("name", flat=True)) == ["Harbour College", "Northwind"]
    assert Person.objects.filter(demo=True).count() == 0
    assert Membership.objects.filter(person=cast.amira).count() == 1
    assert list(Delivery.objects.values_list("key", flat=True)) == ["real"]
    assert Event.objects.count() == events + 1


@pytest.fixture(scope="module")
def whole(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The whole demo, made once and taken back after the file; nobody here changes it."""
    with django_db_blocker.unblock(), transaction.atomic():
        with time_machine.travel(NOW, tick=False), scopes_disabled():
            build(NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(whole: None, db: None, now: None, open_scope: None) -> None:
    """It is there, and each test has a savepoint of its own in it."""


def test_one_organisation_has_three_programmes_at_three_stages(demo: None) -> None:
    stages = {}
    for programme in Programme.objects.filter(organisation__slug="northwind"):
        intake = Intake.objects.get(programme=programme)
        started = intake.starts_on is not None and intake.starts_on <= date(2026, 11, 23)
        stages[programme.slug] = (open_intake(programme, NOW) is not None, started)

    assert stages == {"grow-together": (False, True), "crossing-over": (False, False), "first-year": (True, False)}


def test_the_cast_stands_where_it_should(demo: None) -> None:
    roles = {person.get_short_name(): role for person, role in people()}
    cast = [person for person, _ in people()]
    offices = {(row.person.get_short_name(), row.role) for row in Office.objects.filter(person__in=cast)}
    members = {
        (row.person.get_short_name(), row.programme.slug, row.role)
        for row in Membership.objects.filter(person__in=cast)
    }

    assert roles == {
        "Ada": "admin", "Chris": "coordinator", "Ben": "mentor", "Amira": "mentee", "Sam": "safeguarding",
        "Dana": "stranger",
    }  # fmt: skip
    assert offices == {("Ada", "admin"), ("Chris", "coordinator"), ("Sam", "safeguarding")}
    assert members == {
        ("Amira", "grow-together", "mentee"), ("Ben", "grow-together", "mentor"),
        ("Ben", "crossing-over", "mentor"), ("Dana", "first-shore", "mentor"),
    }  # fmt: skip


def test_everybody_is_marked_and_no_address_can_exist(demo: None) -> None:
    assert set(Person.objects.values_list("demo", flat=True)) == {True}
    assert set(Organisation.objects.values_list("demo", flat=True)) == {True}
    assert EmailAddress.objects.exclude(email__endswith=".example").count() == 0
    assert [person.name for person in Person.objects.all() if person.has_usable_password()] == []
