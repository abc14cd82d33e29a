"""Writing down what happened."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from twoway.history.clock import now as clock_now
from twoway.history.kinds import KINDS
from twoway.history.models import Event, EventPerson


def record(
    kind: str,
    *,
    by: Any,
    organisation: int | None = None,
    programme: Any = None,
    about: str = "",
    concerns: Iterable[int] = (),
    now: datetime | None = None,
    **facts: Any,
) -> Event:
    """Write one event. Call it inside the action's own transaction, so that both stand or fall together.

    `by` is the person who acted, or None for the clock; `programme` a programme row, which names its
    organisation too; `concerns` the ids of the people it is about. An unknown kind is refused.
    """
    if kind not in KINDS:
        raise KeyError(f"{kind} is not among the kinds of history/kinds.py")
    if programme is not None:
        organisation = programme.organisation_id
    event = Event.objects.create(
        at=now or clock_now(),
        kind=kind,
        by=by.pk if by is not None else None,
        organisation=organisation,
        programme=programme.pk if programme is not None else None,
        about=about,
        facts=facts,
    )
    EventPerson.objects.bulk_create(EventPerson(event=event, person=person) for person in sorted(set(concerns)))
    return event
