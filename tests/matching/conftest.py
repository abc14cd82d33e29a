from collections.abc import Iterator

import pytest
from django_scopes import scopes_disabled

from tests.matching.field import FieldOfPeople, lay


@pytest.fixture
def ground(db: None, now: None) -> Iterator[FieldOfPeople]:
    """A programme with a form, its coordinator Chris, and nobody else; the scope is open."""
    with scopes_disabled():
        yield lay()
