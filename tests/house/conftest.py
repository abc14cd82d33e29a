"""One world for a file of tests: it is made once, in a transaction that ends with the file and is never kept.

Each test has a savepoint of its own inside it (pytest-django's `db`), and a copy of the objects.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from http.cookies import SimpleCookie

import pytest
import time_machine
from django.db import connection, transaction
from django_scopes import scopes_disabled
from pytest_django import DjangoDbBlocker

from tests.conftest import sign_in
from tests.factories import NOW
from tests.house.relations import World, gather
from tests.house.things import put_in


@dataclass(frozen=True)
class Shared:
    """The world as it was made, and what the browser of each relation keeps after signing in."""

    world: World
    cookies: dict[str, SimpleCookie]


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Shared]:
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
    try:
        with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), scopes_disabled():
            world = gather()
            put_in(world)
            cookies = {relation: sign_in(person).cookies for relation, person in world.people.items()}
            connection.check_constraints()
        yield Shared(world, cookies)
    finally:
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)


@pytest.fixture
def world(shared: Shared, db: None, now: None) -> World:
    """Everybody who stands in some relation to Amira, and one of each thing, as if made for this test alone."""
    return deepcopy(shared.world)
