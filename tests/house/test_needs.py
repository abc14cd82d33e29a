"""A test that is run on one database only is known by what it asks for, and cannot find out which one that is."""

import os
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import connection

from tests.needs import needs_database
from twoway.people.models import Person


@pytest.fixture
def somebody(db: None) -> Person:
    return Person(name="Somebody")


def test_a_test_that_asks_for_nothing_runs_once(request: pytest.FixtureRequest) -> None:
    assert not needs_database(request.node)
    assert request.node.get_closest_marker("database") is None


def test_a_fixture_that_asks_for_the_database_is_asked_too(request: pytest.FixtureRequest, somebody: Person) -> None:
    assert needs_database(request.node)
    assert request.node.get_closest_marker("database") is not None
    assert Person.objects.count() == 0


@pytest.mark.django_db
def test_a_test_that_is_marked_asks(request: pytest.FixtureRequest) -> None:
    assert needs_database(request.node)
    assert Person.objects.count() == 0


@pytest.mark.parametrize(
    ("question", "refusal"),
    [
        (lambda: Person.objects.count(), RuntimeError),
        (lambda: connection.vendor, RuntimeError),
        (lambda: settings.DATABASES, AttributeError),
        (lambda: os.environ["TWOWAY_TEST_DATABASE"], KeyError),
    ],
)
def test_a_test_that_asks_for_nothing_cannot_know_the_database(
    question: Callable[[], object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        question()
