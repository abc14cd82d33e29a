"""The two doors to loops, and what is counted about them.

`loops_of` and `standing_in` lead to what is in a loop, through one's own open participation. `sponsored_loops`
leads a programme to the cards of the loops it sponsors, and to nothing else.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, overload

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from twoway.loops.models import Expectations, Loop, Participation, Sponsorship
from twoway.loops.queries.card import Card, cards_of, titles_on
from twoway.people.models import Membership, Organisation, Person, Programme, Seat
from twoway.people.role_words import mentee_word, mentor_word

GOING_ON = (Loop.State.OPEN, Loop.State.PAUSED)
_NOT_ENDED = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Standing:
    """A loop as one of its participants stands in it."""

    loop: Loop
    me: Participation
    others: tuple[Participation, ...]
    sponsor: Programme | None = None  # where it was asked for
    has_begun: bool = False  # to write down what they expect, where it was asked for

    @property
    def my_role(self) -> str:
        """Within a sentence, in the words of the programme that sponsors the loop."""
        mentor = self.me.role == Participation.Role.MENTOR
        return mentor_word(self.sponsor) if mentor else mentee_word(self.sponsor)

    @property
    def other(self) -> Participation:
        """The one other person of a loop of two; a name without a person once they are gone."""
        if self.others:
            return self.others[0]
        nobody = Person(name=gettext("Somebody"), public_id="", time_zone=self.me.person.time_zone)
        return Participation(loop=self.loop, person=nobody, name=nobody.name)

    @property
    def everybody(self) -> tuple[Participation, ...]:
        return (self.me, *self.others)

    @property
    def mentee(self) -> Participation:
        """Whose agenda it is."""
        return next((one for one in self.everybody if one.role == Participation.Role.MENTEE), self.me)


def loops_of(person: Person) -> QuerySet[Loop]:
    """The loops somebody takes part in now: the only door to what is in them."""
    mine = Participation.objects.filter(person=person, ended_at=None)
    return Loop.objects.filter(pk__in=mine.values("loop")).order_by("-opened_at", "-pk")


def standing_in(person: Person, public_id: str) -> Standing | None:
    """Where somebody stands in a loop, with what its people agreed; None where they do not take part."""
    mine = Expectations.objects.filter(loop=OuterRef("loop"), person=person)
    rows = (
        Participation.objects.filter(loop__public_id=public_id)
        .select_related("loop__agreement", "loop__agreed", "person")
        .annotate(has_begun=Exists(mine))
        .order_by("pk")
    )
    return _standing(person, list(rows))


def took_part_in(person: Person, public_id: str) -> bool:
    """Whether somebody has been in this loop and is in it no more, or it has ended."""
    over = Q(ended_at__isnull=False) | Q(loop_open=False)
    return Participation.objects.filter(over, loop__public_id=public_id, person=person).exists()


def standings_of(person: Person) -> list[Standing]:
    """Where somebody stands in each of their loops, the newest first."""
    together: dict[int, list[Participation]] = {}
    for row in sorted(_together_with(person).select_related("loop", "person"), key=lambda row: row.pk):
        together.setdefault(row.loop_id, []).append(row)
    sponsors = _sponsors_of(together)
    found = [_standing(person, rows, sponsors.get(loop)) for loop, rows in together.items()]
    known = [standing for standing in found if standing is not None]
    return sorted(known, key=lambda one: (one.loop.opened_at, one.loop.pk), reverse=True)


def _sponsors_of(loops: Iterable[int]) -> dict[int, Programme]:
    """By loop, the programme that sponsors it now or did last, for its words; of several, the first."""
    rows = Sponsorship.objects.filter(loop__in=list(loops)).select_related("intake__programme")
    rows = rows.only("loop", "ended_at", "intake__programme__mentor_word", "intake__programme__mentee_word")
    last = sorted(rows, key=lambda row: (row.ended_at or _NOT_ENDED, -row.pk))
    return {row.loop_id: row.intake.programme for row in last}


def _together_with(person: Person) -> QuerySet[Participation]:
    """Everybody's part in the loops that `loops_of` finds, somebody's own among them."""
    return Participation.objects.filter(loop__participations__person=person, loop__participations__ended_at=None)


def _standing(person: Person, rows: list[Participation], sponsor: Programme | None = None) -> Standing | None:
    me = next((row for row in rows if row.person_id == person.pk and not row.ended_at), None)
    if me is None:
        return None
    others = tuple(row for row in rows if row is not me and not row.ended_at)
    has_begun = bool(getattr(me, "has_begun", False))
    return Standing(loop=me.loop, me=me, others=others, sponsor=sponsor, has_begun=has_begun)


def participations_in(loop: Loop) -> list[Participation]:
    """Everybody who takes part in a loop now. For actions and tasks, whose caller came through a door."""
    return list(Participation.objects.filter(loop=loop, ended_at=None).select_related("person", "loop").order_by("pk"))


def ids_in(loop: Loop) -> list[int]:
    """The ids of the people who take part in a loop now: whom an event in it concerns."""
    return list(Participation.objects.filter(loop=loop, ended_at=None).values_list("person", flat=True))


def hold_loop(loop: Loop) -> None:
    """Wait for whoever else is writing in a loop. Call it inside a transaction."""
    list(Loop.objects.select_for_update().filter(pk=loop.pk).values_list("pk"))


def sponsor_of(loop: Loop) -> Programme | None:
    """The programme that sponsors a loop now; of several, the first."""
    row = (
        Sponsorship.objects.filter(loop=loop, ended_at=None)
        .select_related("intake__programme__organisation")
        .order_by("pk")
        .first()
    )
    return row.intake.programme if row else None


# --- opening ----------------------------------------------------------------------------------------


def pair_of(one: Person, other: Person) -> str:
    """The name of two people together, whichever is said first."""
    low, high = sorted((one.pk, other.pk))
    return f"{low}-{high}"


def is_open_between(one: Person, other: Person, kind: str) -> bool:
    """Whether two people have a loop of this kind going on."""
    return Loop.objects.filter(pair=pair_of(one, other), kind=kind, state__in=GOING_ON).exists()


def pairs_going_on(people: QuerySet[Any]) -> set[tuple[int, int]]:
    """The ids of any two people who have a loop going on, where at least one is among these; for matching."""
    mine = Participation.objects.filter(person__in=people, ended_at=None).values("loop")
    rows = Loop.objects.filter(pk__in=mine, state__in=GOING_ON).exclude(pair="").values_list("pair", flat=True)
    return {(int(low), int(high)) for low, high in (pair.split("-") for pair in rows)}


def held_loop(pk: int) -> Loop | None:
    """A loop that goes on, held until the transaction is over. For actions, whose caller was let in by a rule."""
    return Loop.objects.select_for_update().filter(pk=pk, state__in=GOING_ON).first()


def sponsors_of(loop: Loop) -> list[Programme]:
    """The programmes that sponsor a loop now, the first one first; none, one or several."""
    rows = Sponsorship.objects.filter(loop=loop, ended_at=None).select_related("intake__programme__organisation")
    return list({row.intake.programme_id: row.intake.programme for row in rows.order_by("pk")}.values())


def open_sponsorships(loop: Loop) -> list[Sponsorship]:
    return list(Sponsorship.objects.filter(loop=loop, ended_at=None).select_related("intake__programme"))


def free_seats(mentor: Membership, organisation: Organisation) -> QuerySet[Seat]:
    """The seats that a mentor's membership may fill now; those kept for it come first."""
    return (
        Seat.objects.with_scope(organisation=organisation)
        .filter(person=mentor.person_id, leaving=False)
        .filter(Q(reserved_for=None) | Q(reserved_for=mentor.pk))
        .exclude(Exists(Participation.objects.filter(seat=OuterRef("pk"))))
        .order_by(F("reserved_for").asc(nulls_last=True), "pk")
    )


# --- a programme's door -----------------------------------------------------------------------------


@dataclass(frozen=True)
class SponsoredLoop:
    """What a programme sees of a loop: who, the card the two see themselves, and titles of goals whose owners ticked
    that."""

    mentors: tuple[str, ...]
    mentees: tuple[str, ...]
    card: Card
    goals: tuple[str, ...] = ()


class SponsoredLoops:
    """The loops a programme sponsors now, newest first, to be counted and cut into pages."""

    def __init__(self, rows: QuerySet[Loop], now: datetime) -> None:
        self._rows, self._now = rows, now

    def __len__(self) -> int:
        return self._rows.count()

    def __iter__(self) -> Iterator[SponsoredLoop]:
        return iter(loops_as_seen(self._rows, self._now))

    @overload
    def __getitem__(self, part: int) -> SponsoredLoop: ...
    @overload
    def __getitem__(self, part: slice) -> list[SponsoredLoop]: ...
    def __getitem__(self, part: int | slice) -> SponsoredLoop | list[SponsoredLoop]:
        if isinstance(part, int):
            return loops_as_seen([self._rows[part]], self._now)[0]
        return loops_as_seen(self._rows[part], self._now)


def loops_as_seen(rows: Iterable[Loop], now: datetime) -> list[SponsoredLoop]:
    """Some loops as their programme sees them, in their order. Which ones it may see is said by `sponsored_loops`."""
    loops = list(rows)
    names: dict[tuple[int, str], list[str]] = {}
    people = Participation.objects.filter(loop__in=loops).order_by("pk").values_list("loop", "role", "name")
    for loop, role, name in people:
        names.setdefault((loop, role), []).append(name)
    titles = titles_on(loops)
    return [
        SponsoredLoop(
            mentors=tuple(names.get((loop.pk, Participation.Role.MENTOR), [])),
            mentees=tuple(names.get((loop.pk, Participation.Role.MENTEE), [])),
            card=card,
            goals=titles.get(loop.pk, ()),
        )
        for loop, card in zip(loops, cards_of(loops, now), strict=True)
    ]


def sponsored_loops(programme: Programme, *, now: datetime, of: Person | None = None) -> SponsoredLoops:
    """A programme's door: who and the card of each loop it sponsors, or of one person's among them."""
    sponsored = Sponsorship.objects.filter(loop=OuterRef("pk"), intake__programme=programme, ended_at=None)
    rows = Loop.objects.filter(Exists(sponsored)).order_by("-opened_at", "-pk")
    if of is not None:
        rows = rows.filter(Exists(Participation.objects.filter(loop=OuterRef("pk"), person=of)))
    return SponsoredLoops(rows, now)


def loop_counts(members: QuerySet[Membership], programme: Programme) -> QuerySet[Membership]:
    """Members of a programme with `open_loops`: how many go on with them in it, as mentor or mentee.

    The programme's loops are listed once for everybody: asked of each member in turn, PostgreSQL may begin with all
    loops of the programme each time, and does so while it has no statistics.
    """
    sponsored = Sponsorship.objects.filter(intake__programme=programme, ended_at=None)
    here = Loop.objects.filter(pk__in=sponsored.values("loop"), state__in=GOING_ON)
    mine = (
        Participation.objects.filter(person=OuterRef("person"), ended_at=None)
        .order_by()
        .values("person")
        .annotate(n=Count("pk", filter=Q(loop__in=here.values("pk"))))
        .values("n")
    )
    return members.annotate(open_loops=Coalesce(Subquery(mine, output_field=IntegerField()), 0))


def open_loops_in(
    programme: Programme, among: QuerySet[Any, Any] | Collection[int] | None = None
) -> Counter[tuple[int, str]]:
    """How many loops that a programme sponsors go on, by person and role: of everybody, or among some people."""
    sponsored = Sponsorship.objects.filter(loop=OuterRef("loop"), intake__programme=programme, ended_at=None)
    rows = Participation.objects.filter(Exists(sponsored), ended_at=None, loop__state__in=GOING_ON)
    if among is not None:
        rows = rows.filter(person__in=among)
    return Counter({
        (person, role): n for person, role, n in rows.order_by().values_list("person", "role").annotate(n=Count("pk"))
    })  # fmt: skip
