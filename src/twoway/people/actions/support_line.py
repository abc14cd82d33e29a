"""The help a programme points its people to: entered, looked at again, taken off."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from twoway.history.actions import record
from twoway.people.models import Person, Programme, SupportLine


@transaction.atomic
def add_support_line(*, programme: Programme, fields: dict[str, Any], by: Person, now: datetime) -> SupportLine:
    """Enter help for one country, as somebody has just checked it."""
    line = SupportLine.objects.create(programme=programme, checked_by=by, **fields)
    _note(line, "added", by, now)
    return line


@transaction.atomic
def change_support_line(*, line: SupportLine, fields: dict[str, Any], by: Person, now: datetime) -> None:
    """Correct an entry, with the day on which it was checked."""
    for name, value in fields.items():
        setattr(line, name, value)
    line.checked_by = by
    line.save()
    _note(line, "changed", by, now)


@transaction.atomic
def confirm_support_line(*, line: SupportLine, today: date, by: Person, now: datetime) -> None:
    """Say that an entry was tried today and is right."""
    line.checked_on, line.checked_by = today, by
    line.save(update_fields=["checked_on", "checked_by"])
    _note(line, "checked", by, now)


@transaction.atomic
def drop_support_line(*, line: SupportLine, by: Person, now: datetime) -> None:
    """Take an entry off."""
    _note(line, "removed", by, now)
    line.delete()


def _note(line: SupportLine, what: str, by: Person, now: datetime) -> None:
    record(
        "support_line.changed", by=by, programme=line.programme, about=f"support_line {line.public_id}", now=now,
        what=what, country=line.country,
    )  # fmt: skip
