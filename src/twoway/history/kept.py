"""Figures that take long to count, kept while nothing has happened that could change them.

Every act writes its event in its own transaction. So what was counted after the newest event still holds while no
other comes, whichever process writes it. What two people say to each other, signing in, and notes on the desk change
no such figure at once (kinds.py, ASIDE). Whatever no event tells is late by a minute at most.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from django.db.models import Count, Max, Q

from twoway.history.kinds import ASIDE
from twoway.history.models import Event

LONGEST = timedelta(minutes=1)  # two acts that end in another order than they began are told apart by nothing else
MOST = 200  # figures of one process

T = TypeVar("T")


@dataclass
class _Figure:
    value: Any
    up_to: int  # the newest event that it is known to hold after
    at: datetime


_figures: dict[Hashable, _Figure] = {}


def kept(name: Hashable, count: Callable[[], T], *, now: datetime) -> T:
    """The figure of this name, counted anew where something has happened or a minute is over.

    The name says what is counted and of whom. Nobody may change what is handed out.
    """
    figure = _figures.get(name)
    if figure and figure.at <= now < figure.at + LONGEST:
        newest = _nothing_since(figure.up_to)
        if newest is not None:
            figure.up_to = newest
            return cast(T, figure.value)
    up_to = (
        Event.objects.aggregate(newest=Max("pk"))["newest"] or 0
    )  # before counting: what comes meanwhile counts again
    figure = _Figure(count(), up_to, now)
    if len(_figures) >= MOST:
        _figures.clear()
    _figures[name] = figure
    return cast(T, figure.value)


def _nothing_since(event: int) -> int | None:
    """The newest event, if none but those that change no figure came after this one."""
    acts = Count("pk", filter=~Q(kind__in=ASIDE))
    found = Event.objects.filter(pk__gt=event).aggregate(newest=Max("pk"), acts=acts)
    return None if found["acts"] else found["newest"] or event


def forget_figures() -> None:
    """Count everything anew; for tests that change rows behind the house's back."""
    _figures.clear()
