"""What happened is written once."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.cast import Cast
from twoway.history import queries
from twoway.history.actions import record
from twoway.history.models import Event, EventPerson


@pytest.mark.row("X-08")
@pytest.mark.parametrize("model", [Event, EventPerson])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_or_delete_an_event(cast: Cast, model: type, act: str) -> None:
    record("person.joined", by=None, programme=cast.grow, concerns=[cast.amira.pk])
    table = model._meta.db_table
    statement = f"UPDATE {table} SET id = id" if act == "update" else f"DELETE FROM {table}"

    with pytest.raises(DatabaseError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert model.objects.count() == 1


def test_an_unknown_kind_is_refused(cast: Cast) -> None:
    with pytest.raises(KeyError):
        record("person.invented", by=None)


@pytest.mark.row("X-08")
def test_each_reads_what_the_kind_allows(cast: Cast) -> None:
    record("person.paused", by=cast.chris, programme=cast.grow, concerns=[cast.amira.pk])
    record("person.wishes_changed", by=cast.amira, concerns=[cast.amira.pk])
    record("apart.kept", by=cast.amira, organisation=cast.northwind.pk, concerns=[cast.amira.pk])
    record("programme.changed", by=cast.chris, programme=cast.grow)

    def kinds(events) -> list[str]:  # type: ignore[no-untyped-def]
        return sorted(event.kind for event in events)

    assert kinds(queries.events_concerning(cast.amira.pk)) == ["person.paused", "person.wishes_changed"]
    assert kinds(queries.events_concerning(cast.chris.pk)) == ["person.paused", "programme.changed"]
    assert kinds(queries.events_concerning(cast.ben.pk)) == []
    assert kinds(queries.events_of_programme(cast.grow.pk)) == ["person.paused", "programme.changed"]
    assert kinds(queries.events_of_organisation(cast.northwind.pk)) == ["programme.changed"]
    assert kinds(queries.events_of_programme(cast.shore.pk)) == []
