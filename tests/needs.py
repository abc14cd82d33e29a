"""Which tests need the database, read from what they ask for. Only these can differ from one database to the other.

A test needs it if the test, or a fixture it uses, asks pytest-django for it. Every other test runs once, in a part
of its own, and is held to that: meanwhile nothing can tell it, or a process it starts, which database there is.
Tests that start whole installations are among them; those name each database themselves, as a parameter.
"""

from typing import NoReturn

import pytest
from django.conf import settings
from django.utils.connection import BaseConnectionHandler

FIXTURES = frozenset({"_django_db_helper", "django_db_setup", "live_server"})  # every other of pytest-django asks these


def needs_database(item: pytest.Item) -> bool:
    asked = getattr(item, "fixturenames", [])
    return item.get_closest_marker("django_db") is not None or not FIXTURES.isdisjoint(asked)


def mark(items: list[pytest.Item]) -> None:
    """So that `-m database` chooses the tests that a part of the gate runs on one database."""
    for item in items:
        if needs_database(item):
            item.add_marker("database")


def hide_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a test that is run once: which database this run has is not to be found out."""

    def refuse(self: BaseConnectionHandler, alias: str) -> NoReturn:
        raise RuntimeError("This test asks for no database: use the `db` fixture, and it is run on both.")

    monkeypatch.setattr(BaseConnectionHandler, "__getitem__", refuse)
    monkeypatch.delattr(settings, "DATABASES")
    monkeypatch.delenv("TWOWAY_TEST_DATABASE", raising=False)
