"""What coordinators do with an item of their desk, short of doing it: take it, pass it on, let it rest."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from twoway.history.actions import record
from twoway.people.models import DeskNote, Person, Programme
from twoway.people.telling import tell


@transaction.atomic
def take_item(*, programme: Programme, key: str, by: Person, now: datetime) -> None:
    """Say that one sees to it oneself."""
    _note(programme, key, taken_by=by)
    record("desk.taken", by=by, programme=programme, about=f"desk {key}", now=now)


@transaction.atomic
def let_item_go(*, programme: Programme, key: str, by: Person, now: datetime) -> None:
    """Put it back for whoever comes first."""
    _note(programme, key, taken_by=None)
    record("desk.let_go", by=by, programme=programme, about=f"desk {key}", now=now)


@transaction.atomic
def pass_item_on(*, programme: Programme, key: str, to: Person, url: str, by: Person, now: datetime) -> None:
    """Ask another coordinator to see to it; they are told, without a word about whom it concerns."""
    _note(programme, key, taken_by=to)
    record("desk.passed_on", by=by, programme=programme, about=f"desk {key}", concerns=[to.pk], now=now)
    if to.pk != by.pk:
        tell(
            to, "people.desk_passed_on", key=f"desk {programme.public_id} {key} {now.isoformat()}",
            url=url, facts={"programme": programme.name, "by": by.name}, programme=programme, now=now,
        )  # fmt: skip


@transaction.atomic
def snooze_items(*, programme: Programme, key: str, until: date, by: Person, now: datetime) -> None:
    """Let an item, or all of a kind, rest until a day; on that day they are back by themselves."""
    _note(programme, key, snoozed_until=until)
    record("desk.snoozed", by=by, programme=programme, about=f"desk {key}", now=now, until=until.isoformat())


@transaction.atomic
def wake_items(*, programme: Programme, key: str, by: Person, now: datetime) -> None:
    """Take up again what rests."""
    _note(programme, key, snoozed_until=None)
    record("desk.woken", by=by, programme=programme, about=f"desk {key}", now=now)


def _note(programme: Programme, key: str, **said: Any) -> None:
    DeskNote.objects.update_or_create(programme=programme, key=key, defaults=said)
