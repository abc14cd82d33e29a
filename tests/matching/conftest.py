from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from tests.matching.field import FieldOfPeople, lay
from twoway.people.models import Person


@pytest.fixture
def ground(db: None, now: None) -> Iterator[FieldOfPeople]:
    """A programme with a form, its coordinator Chris, and nobody else; the scope is open."""
    with scopes_disabled():
        yield lay()


@pytest.fixture
def chris(ground: FieldOfPeople, signed_in: Callable[[Person | None], Client]) -> Client:
    """The coordinator's browser."""
    return signed_in(ground.chris)
