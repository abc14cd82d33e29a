"""Adding an intake and moving its dates."""

from datetime import date, datetime

from django.db import transaction

from twoway.history.actions import record
from twoway.people.models import Intake, Person, Programme


@transaction.atomic
def make_intake(
    *, programme: Programme, name: str, days: dict[str, date | None], by: Person | None, now: datetime
) -> Intake:
    """Add an intake. One without a last day to sign up and without an end never closes."""
    intake = Intake.objects.create(programme=programme, name=name, made_at=now, **days)
    record("intake.made", by=by, programme=programme, about=f"intake {intake.public_id}", now=now)
    return intake


@transaction.atomic
def change_intake(*, intake: Intake, name: str, days: dict[str, date | None], by: Person, now: datetime) -> list[str]:
    """Rename an intake or move its dates; returns the names of what changed."""
    wanted = {"name": name, **days}
    changed = sorted(field for field, value in wanted.items() if getattr(intake, field) != value)
    for field in changed:
        setattr(intake, field, wanted[field])
    if changed:
        intake.save(update_fields=changed)
        record(
            "intake.changed", by=by, programme=intake.programme, about=f"intake {intake.public_id}", now=now,
            dates=changed,
        )  # fmt: skip
    return changed
