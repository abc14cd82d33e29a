"""What a desk needs of a programme's loops: no more than their cards say, and only where nobody is away.

Which loops need a word is narrowed by the database; who is in them is asked for those on the page alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, F, FloatField, Func, OuterRef, Q, QuerySet, Subquery, Value, When

from twoway.loops.models import Loop, Meeting, Participation, Sponsorship
from twoway.loops.queries.card import Card, Contact, contact_at, day_of, took_place
from twoway.loops.queries.loop import GOING_ON
from twoway.loops.steps import LABELS, Step
from twoway.people.models import Membership, Programme

STUCK_AFTER_DAYS = 21
STUCK_AFTER_RHYTHMS = 1.5
QUIET_AFTER_RHYTHMS = 2
REGULAR_WITHIN_RHYTHMS = 3
_AT_LEAST = {Contact.THIS_WEEK: 0, Contact.THIS_MONTH: 8, Contact.LONGER: 31}  # days ago, as a card says it
_SURELY_NOT_STUCK = timedelta(days=STUCK_AFTER_DAYS - 1)  # a day less, since readers' days begin at different moments


@dataclass(frozen=True)
class Signs:
    """As much of a card as tells whether its loop needs a word."""

    since: date
    last_met_on: date | None
    rhythm_days: int
    last_contact: Contact


@dataclass(frozen=True)
class LoopNeed:
    """A loop that may need a word: `key` names it steadily. The rest is what its card says."""

    pk: int
    key: str
    quiet: bool
    days: int  # since the last meeting, or the opening
    has_met: bool
    last_contact: Contact


@dataclass(frozen=True)
class SeenNeed:
    """Such a loop as a page shows it; `people` are the ids of its members."""

    need: LoopNeed
    mentors: tuple[str, ...]
    mentees: tuple[str, ...]
    people: tuple[str, ...]


def loop_needs(programme: Programme, now: datetime) -> list[LoopNeed]:
    """Loops that are quiet or stuck, the longest first. One that has a meeting booked is neither; nor is one of
    somebody away."""
    today, found = day_of(now), []
    for pk, key, opened_at, rhythm_days, contact, met_at in _perhaps_in_need(programme, now):
        last_met_on = day_of(met_at) if met_at else None
        signs = Signs(day_of(opened_at), last_met_on, rhythm_days, contact_at(contact, now))
        quiet = is_quiet(signs, today)
        if quiet or is_stuck(signs, today):
            days = (today - (last_met_on or signs.since)).days
            found.append(LoopNeed(pk, key, quiet, days, last_met_on is not None, signs.last_contact))
    return sorted(found, key=lambda need: -need.days)


def _perhaps_in_need(programme: Programme, now: datetime) -> QuerySet[Loop, Any]:
    """Every loop that may be quiet or stuck, and few others: the days themselves are counted by `loop_needs`."""
    held = Meeting.objects.filter(took_place(now), loop=OuterRef("pk"))
    booked = Meeting.objects.filter(loop=OuterRef("pk"), state=Meeting.State.BOOKED, starts_at__gt=now)
    begun = now - _SURELY_NOT_STUCK
    long_ago = (Q(opened_at__lte=begun) | Exists(held)) & ~Exists(held.filter(starts_at__gt=begun))
    no_contact = Q(last_contact_at=None) | Q(last_contact_at__lt=now - timedelta(days=30))
    short_rhythm = Q(rhythm_days__lt=_AT_LEAST[Contact.THIS_MONTH] / QUIET_AFTER_RHYTHMS)
    no_contact |= short_rhythm & Q(last_contact_at__lt=now - timedelta(days=7))
    rows = _open_and_here(programme).filter(~Exists(booked)).filter(no_contact | long_ago)
    met_at = Subquery(held.order_by("-starts_at").values("starts_at")[:1])
    return rows.annotate(met_at=met_at).values_list(
        "pk", "public_id", "opened_at", "rhythm_days", "last_contact_at", "met_at"
    )


class _Part(NamedTuple):
    """As much of a participation as a desk shows."""

    loop: int
    role: str
    name: str
    person: int
    ended_at: datetime | None


def seen_needs(programme: Programme, needs: Sequence[LoopNeed]) -> list[SeenNeed]:
    """Some loops that need a word, in this order, with who is in them; for one page. One that ended between two
    questions is left out."""
    if not needs:
        return []
    sponsored = Sponsorship.objects.filter(intake__programme=programme, ended_at=None)
    loops = sponsored.filter(loop__in=[need.pk for need in needs]).values("loop")
    rows = Participation.objects.filter(loop__in=loops).order_by("pk").values_list(*_Part._fields)
    inside: dict[int, list[_Part]] = {}
    for one in map(_Part._make, rows):
        inside.setdefault(one.loop, []).append(one)
    people = {one.person for parts in inside.values() for one in parts if one.ended_at is None}
    members = Membership.objects.filter(programme=programme, person__in=people)
    ids = dict(members.values_list("person", "public_id"))
    return [_seen(need, inside[need.pk], ids) for need in needs if need.pk in inside]


def _seen(need: LoopNeed, parts: list[_Part], ids: dict[int, str]) -> SeenNeed:
    return SeenNeed(
        need=need,
        mentors=tuple(one.name for one in parts if one.role == Participation.Role.MENTOR),
        mentees=tuple(one.name for one in parts if one.role == Participation.Role.MENTEE),
        people=tuple(ids[one.person] for one in parts if one.ended_at is None and one.person in ids),
    )


def is_stuck(card: Card | Signs, today: date) -> bool:
    """No meeting for the longer of 21 days and one and a half rhythms, since they last met or were opened."""
    longest = max(STUCK_AFTER_DAYS, STUCK_AFTER_RHYTHMS * card.rhythm_days)
    return (today - (card.last_met_on or card.since)).days > longest


def is_quiet(card: Card | Signs, today: date) -> bool:
    """No sign of contact for two rhythms, as far as a card can tell: it says no more than week, month or longer."""
    longest = QUIET_AFTER_RHYTHMS * card.rhythm_days
    since_met = (today - (card.last_met_on or card.since)).days
    if card.last_contact is Contact.NONE_YET:
        return since_met > longest
    at_least = _AT_LEAST[card.last_contact]
    return at_least > longest or (card.last_contact is Contact.LONGER and since_met > longest)


def _open_and_here(programme: Programme) -> QuerySet[Loop]:
    away = Membership.objects.filter(programme=programme, available=False, ended_at=None)
    theirs = Participation.objects.filter(person__in=away.order_by().values("person"), ended_at=None)
    return _sponsored(programme).filter(state=Loop.State.OPEN).exclude(pk__in=theirs.values("loop"))


def _sponsored(programme: Programme) -> QuerySet[Loop]:
    sponsored = Sponsorship.objects.filter(intake__programme=programme, ended_at=None)
    return Loop.objects.filter(pk__in=sponsored.values("loop")).order_by("-opened_at", "-pk")


def placed_mentees(programme: Programme) -> QuerySet[Participation, Any]:
    """The people who have a mentor through this programme now, by id: a condition for other questions."""
    rows = Participation.objects.filter(
        role=Participation.Role.MENTEE, ended_at=None, loop__state__in=GOING_ON,
        loop__sponsorships__intake__programme=programme, loop__sponsorships__ended_at=None,
    )  # fmt: skip
    return rows.order_by().values_list("person", flat=True)


@dataclass(frozen=True)
class StepCount:
    """How many of a programme's loops have taken a step."""

    step: Step
    loops: int
    of: int

    @property
    def label(self) -> str:
        return str(LABELS[self.step])


class _Days(Func):
    """A moment as a number of days, exact to a tenth of a second on both databases."""

    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="JULIANDAY(%(expressions)s)", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="(EXTRACT(EPOCH FROM %(expressions)s) / 86400)", **more)


_TENTH_OF_A_SECOND = 0.1 / 86400


def loops_by_step(programme: Programme, now: datetime) -> list[StepCount]:
    """Of the loops going on, how many have taken each step that can be seen on a card; `steps_taken` says the same
    of one loop."""
    held = Meeting.objects.filter(took_place(now))
    within = Value(REGULAR_WITHIN_RHYTHMS) * OuterRef(OuterRef("rhythm_days")) + Value(_TENTH_OF_A_SECOND)
    later = held.filter(loop=OuterRef("loop"), starts_at__gte=OuterRef("starts_at")).exclude(pk=OuterRef("pk"))
    soon = later.annotate(apart=_Days(F("starts_at")) - _Days(OuterRef("starts_at"))).filter(apart__lte=within)
    theirs = held.filter(loop=OuterRef("pk"))
    rows = _sponsored(programme).filter(state__in=GOING_ON).order_by()
    furthest = Case(
        When(Exists(theirs.filter(Exists(soon))), then=Value(2)), When(Exists(theirs), then=Value(1)), default=Value(0)
    )
    has_agreed = Case(When(agreed_at=None, then=Value(0)), default=Value(1))
    counted = rows.annotate(furthest=furthest, has_agreed=has_agreed).values_list("furthest", "has_agreed")
    at = list(counted.annotate(n=Count("pk")))
    all_of, met, regular = (sum(n for step, _has, n in at if step >= least) for least in range(3))
    agreed = sum(n for _step, has, n in at if has)
    taken = {Step.MATCHED: all_of, Step.MET: met, Step.AGREED: agreed, Step.REGULAR: regular}
    return [StepCount(step, loops, all_of) for step, loops in taken.items()]
