"""The card of a loop: all that a programme sees of it, and the same for the two it belongs to."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from django.db.models import BooleanField, Func, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from twoway.loops.models import Goal, Loop, Meeting, MeetingAnswer
from twoway.loops.steps import LABELS, Step, Taken, steps_taken


class Contact(Enum):
    """The last sign of contact, no finer than this."""

    THIS_WEEK = "this_week"
    THIS_MONTH = "this_month"
    LONGER = "longer"
    NONE_YET = "none_yet"

    @property
    def words(self) -> Promise:
        return _CONTACT_WORDS[self]


_CONTACT_WORDS = {
    Contact.THIS_WEEK: _("this week"),
    Contact.THIS_MONTH: _("this month"),
    Contact.LONGER: _("longer ago"),
    Contact.NONE_YET: _("none yet"),
}


@dataclass(frozen=True)
class CardStep:
    step: Step
    on: date | None

    @property
    def label(self) -> Promise:
        return LABELS[self.step]


@dataclass(frozen=True)
class Card:
    """Exactly what the contract lists, and nothing else. Days are the reader's."""

    kind: str
    since: date
    steps: tuple[CardStep, ...]
    meetings_held: int
    last_met_on: date | None
    next_meeting_on: date | None
    rhythm_days: int
    review_on: date | None
    last_contact: Contact
    away: bool
    resting: bool


def took_place(now: datetime) -> Q:
    """A condition on meetings: over, with at least one yes and no no."""
    answers = MeetingAnswer.objects.filter(meeting=OuterRef("pk")).order_by()
    agreed = Subquery(answers.annotate(agreed=_Agreed("happened")).values("agreed"), output_field=BooleanField())
    return Q(state=Meeting.State.BOOKED, starts_at__lte=now) & Q(agreed)


def is_held(said: Collection[bool | None]) -> bool:
    """What `took_place` says of a meeting that is over, where the answers to it are known: a yes, and no no."""
    return True in said and False not in said


def is_contradicted(said: Collection[bool | None]) -> bool:
    """Whether one says that a meeting took place, and another that it did not."""
    return True in said and False in said


class _Agreed(Func):
    """Over all answers to a meeting: yes where none says no, nothing where nobody says anything."""

    output_field = BooleanField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, function="MIN", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, function="BOOL_AND", **more)


def card_of(loop: Loop, now: datetime) -> Card:
    return cards_of([loop], now)[0]


def cards_of(loops: Iterable[Loop], now: datetime) -> list[Card]:
    """The cards of several loops, in their order, with one question to the database."""
    loops = list(loops)
    booked = Meeting.objects.filter(loop__in=loops, state=Meeting.State.BOOKED)
    rows = booked.annotate(held=took_place(now)).filter(
        Q(held=True) | Q(starts_at__gt=now)
    ).order_by("starts_at").values_list("loop", "starts_at", "held")  # fmt: skip
    held: dict[int, list[datetime]] = {}
    coming: dict[int, datetime] = {}
    for loop_id, starts_at, was_held in rows:
        if starts_at is None:
            continue
        if was_held:
            held.setdefault(loop_id, []).append(starts_at)
        else:
            coming.setdefault(loop_id, starts_at)
    return [card_with(loop, held.get(loop.pk, []), coming.get(loop.pk), now) for loop in loops]


def titles_on(loops: Iterable[Loop]) -> dict[int, tuple[str, ...]]:
    """By loop, the titles of open goals whose owners ticked that coordinators see them beside the card; nothing else
    of a goal is seen."""
    rows = Goal.objects.filter(loop__in=list(loops), state=Goal.State.OPEN, title_shown=True)
    found: dict[int, tuple[str, ...]] = {}
    for loop, what in rows.order_by("owner", "made_at", "pk").values_list("loop", "what"):
        found[loop] = (*found.get(loop, ()), what)
    return found


def card_with(loop: Loop, held: list[datetime], coming: datetime | None, now: datetime) -> Card:
    """The card of a loop of which it is known when meetings were held, and when the next one begins."""
    taken = steps_taken(opened_at=loop.opened_at, held=held, rhythm_days=loop.rhythm_days, agreed_at=loop.agreed_at)
    return Card(
        kind=str(loop.get_kind_display()),
        since=day_of(loop.opened_at),
        steps=tuple(_card_step(one) for one in taken),
        meetings_held=len(held),
        last_met_on=day_of(held[-1]) if held else None,
        next_meeting_on=day_of(coming) if coming else None,
        rhythm_days=loop.rhythm_days,
        review_on=loop.review_on,
        last_contact=contact_at(loop.last_contact_at, now),
        away=loop.state == Loop.State.PAUSED,
        resting=loop.state == Loop.State.RESTING,
    )


def _card_step(taken: Taken) -> CardStep:
    return CardStep(taken.step, day_of(taken.at) if taken.at else None)


def day_of(moment: datetime) -> date:
    """The day of a moment as a card says it: the reader's."""
    return timezone.localtime(moment).date()


def contact_at(at: datetime | None, now: datetime) -> Contact:
    """What a card says of the last sign of contact."""
    if at is None:
        return Contact.NONE_YET
    if now - at <= timedelta(days=7):
        return Contact.THIS_WEEK
    return Contact.THIS_MONTH if now - at <= timedelta(days=30) else Contact.LONGER
