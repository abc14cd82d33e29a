"""A programme's people in one table: members and those on their way in, narrowed, put in order, and cut into pages.

Both kinds of rows are put in order by the database in one union of ids, or the one kind there is without a union,
which a database need not sort to its end for the first page; only a page's rows are read whole. Words
are looked for as patterns, since those know capitals beyond A to Z on SQLite too.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, overload

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Lower

from twoway.loops.models import Participation
from twoway.loops.queries.loop import loop_counts, open_loops_in
from twoway.people.models import Membership, Programme, Seat
from twoway.people.queries import members_of
from twoway.signup.fields import words
from twoway.signup.models import Application, Question
from twoway.signup.queries.table import answer_key, answered_with, answers_in_table, expected_in, with_entry

STATES = ("member", "available", "away", "expected", "waiting")
COUNTS = ("0", "1", "2")
SORTS = ("name", "role", "state", "joined", "loops", "seats")
_OF_A_MEMBER = ("public_id", "name", "role", "available", "paused_until", "joined_at", "person_id")  # what a row says


@dataclass(frozen=True)
class Wishes:
    """What a coordinator asks of the table. Unknown values ask for nothing."""

    name: str = ""
    role: str = ""
    state: str = ""
    loops: str = ""  # 0, 1, or 2 for two and more
    seats: bool = False  # somebody with a seat free
    answers: Mapping[Question, str] = field(default_factory=dict)
    sort: str = "name"  # one of SORTS or a question's public id; with - before it downwards


@dataclass(frozen=True)
class TableRow:
    """One person of the table."""

    membership: Membership | None
    application: Application | None
    cells: dict[str, str]  # by the public id of the question
    loops: int = 0  # that go on
    free_seats: int = 0

    @property
    def public_id(self) -> str:
        return self._one.public_id

    @property
    def name(self) -> str:
        return self._one.name or (self.application.address if self.application else "")

    @property
    def role(self) -> str:
        return self._one.role

    @property
    def state(self) -> str:
        """member, away, expected or waiting."""
        if self.membership is not None:
            return "member" if self.membership.available else "away"
        assert self.application is not None
        return self.application.state

    @property
    def back_on(self) -> Any:
        return self.membership.paused_until if self.membership else None

    @property
    def since(self) -> datetime | None:
        return self.membership.joined_at if self.membership else None

    @property
    def seats(self) -> int | None:
        """Free seats; none for somebody who is no mentor."""
        if self.membership is None or self.membership.role == Membership.Role.MENTEE:
            return None
        return self.free_seats

    @property
    def _one(self) -> Membership | Application:
        one = self.membership or self.application
        assert one is not None
        return one


class Table:
    """The people that fit, to be counted, cut into pages, and acted upon."""

    def __init__(self, programme: Programme, wishes: Wishes, columns: Sequence[Question] = ()) -> None:
        self.programme, self.wishes, self.columns = programme, wishes, list(columns)
        self.members = _members(programme, wishes)
        self.expected = _expected(programme, wishes)

    def __len__(self) -> int:
        return sum(self._counts)

    @cached_property
    def _counts(self) -> tuple[int, int]:
        """How many members fit, and how many of those on their way in."""
        return self.members.count(), self.expected.count()

    def __iter__(self) -> Iterator[TableRow]:
        return iter(self._rows(list(self._ordered())))

    @overload
    def __getitem__(self, part: int) -> TableRow: ...
    @overload
    def __getitem__(self, part: slice) -> list[TableRow]: ...
    def __getitem__(self, part: int | slice) -> TableRow | list[TableRow]:
        if isinstance(part, int):
            return self._rows([self._ordered()[part]])[0]
        return self._rows(list(self._ordered()[part]))

    def _ordered(self) -> QuerySet[Any, Any]:
        member_key, expected_key = _keys(self.programme, self.wishes.sort, self.columns)
        both = ((self.members, "member", member_key), (self.expected, "expected", expected_key))
        sides = [
            rows.order_by()
            .annotate(side=Value(side, CharField()), key=key, by_name=_shown_name(side))
            .values_list("pk", "side", "key", "by_name")
            for (rows, side, key), count in zip(both, self._counts, strict=True)
            if count
        ]
        key = F("key").desc(nulls_last=True) if self.wishes.sort.startswith("-") else F("key").asc(nulls_last=True)
        if len(sides) > 1:
            return sides[0].union(sides[1], all=True).order_by(key, "by_name", "side", "pk")
        return sides[0].order_by(key, "by_name", "pk") if sides else self.members.none()

    def _rows(self, found: list[tuple[int, str, Any, str]]) -> list[TableRow]:
        of = {side: [pk for pk, kind, _key, _name in found if kind == side] for side in ("member", "expected")}
        members = members_of(self.programme).select_related(None).only(*_OF_A_MEMBER).in_bulk(of["member"])
        expected = expected_in(self.programme).in_bulk(of["expected"]) if of["expected"] else {}
        loops = open_loops_in(self.programme, among={one.person_id for one in members.values()})
        seats = _free_seats(self.programme, members)
        answers = self._answers(list(members), list(expected)) if self.columns else {}
        rows = []
        for pk, side, _key, _name in found:
            member = members.get(pk) if side == "member" else None
            one = expected.get(pk) if side == "expected" else None
            if member is None and one is None:
                continue  # gone between two questions
            given = answers.get((side, pk), {})
            cells = {question.public_id: words(question, given.get(question.pk)) for question in self.columns}
            going_on = sum(loops[member.person_id, role] for role in Participation.Role) if member else 0
            rows.append(TableRow(member, one, cells, going_on, seats.get(pk, 0) if member else 0))
        return rows

    def _answers(self, members: list[int], expected: list[int]) -> dict[tuple[str, int], dict[int, Any]]:
        """What a page of people answered, by side and row: members by the application they joined by."""
        joined = Application.objects.filter(membership__in=members, state=Application.State.JOINED).order_by("pk")
        entry_of = {("member", member): entry for member, entry in joined.values_list("membership", "pk")}
        entry_of |= {("expected", entry): entry for entry in expected}
        answers = answers_in_table(list(entry_of.values()), self.columns)
        return {row: answers.get(entry, {}) for row, entry in entry_of.items()}


def _free_seats(programme: Programme, members: Mapping[int, Membership]) -> dict[int, int]:
    """The seats that are free for these members here, by member."""
    rows = Seat.objects.filter(
        person__in={one.person_id for one in members.values()}, organisation=programme.organisation_id, leaving=False,
        participation=None,
    )  # fmt: skip
    counted = rows.order_by().values_list("person", "reserved_for").annotate(n=Count("pk"))
    free = {(person, kept_for): n for person, kept_for, n in counted}
    return {pk: free.get((one.person_id, None), 0) + free.get((one.person_id, pk), 0) for pk, one in members.items()}


def _members(programme: Programme, wishes: Wishes) -> QuerySet[Any]:
    rows = _with_what_is_asked(members_of(programme).select_related(None), programme, wishes)
    if wishes.state in ("expected", "waiting"):
        return rows.none()
    if wishes.state in ("available", "away"):
        rows = rows.filter(available=wishes.state == "available")
    if wishes.name:
        rows = rows.filter(name__iregex=re.escape(wishes.name))
    if wishes.role in Membership.Role.values:
        rows = rows.filter(role=wishes.role)
    if wishes.loops in COUNTS:
        at_least_two = wishes.loops == "2"
        rows = rows.filter(open_loops__gte=2) if at_least_two else rows.filter(open_loops=int(wishes.loops))
    if wishes.seats:
        rows = rows.exclude(role=Membership.Role.MENTEE).filter(free_seats__gte=1)
    for question, wanted in wishes.answers.items():
        rows = rows.filter(answered_with(question, wanted, "entry"))
    return rows


def _expected(programme: Programme, wishes: Wishes) -> QuerySet[Any]:
    rows = expected_in(programme)
    if wishes.state in ("member", "available", "away") or wishes.loops in ("1", "2") or wishes.seats:
        return rows.none()
    if wishes.state in ("expected", "waiting"):
        rows = rows.filter(state=wishes.state)
    if wishes.name:
        rows = rows.filter(Q(name__iregex=re.escape(wishes.name)) | Q(address__icontains=wishes.name))
    if wishes.role in Membership.Role.values:
        rows = rows.filter(role=wishes.role)
    for question, wanted in wishes.answers.items():
        rows = rows.filter(answered_with(question, wanted, "pk"))
    return rows


def _with_what_is_asked(members: QuerySet[Any], programme: Programme, wishes: Wishes) -> QuerySet[Any]:
    """Members with their loops, the seats that are free for them here, and the application that carries their
    answers: each only where the table is narrowed or put in order by it."""
    sort = wishes.sort.removeprefix("-")
    if wishes.answers or sort not in SORTS:
        members = with_entry(members)
    if wishes.loops in COUNTS or sort == "loops":
        members = loop_counts(members, programme)
    if not wishes.seats and sort != "seats":
        return members
    free = (
        Seat.objects.filter(
            Q(reserved_for=None) | Q(reserved_for=OuterRef("pk")), person=OuterRef("person"),
            organisation=OuterRef("programme__organisation"), leaving=False, participation=None,
        )
        .order_by().values("person").annotate(n=Count("pk")).values("n")
    )  # fmt: skip
    return members.annotate(free_seats=Coalesce(Subquery(free, output_field=IntegerField()), 0))


def _keys(programme: Programme, sort: str, columns: Sequence[Question]) -> tuple[Any, Any]:
    """What members and those on their way in are put in order by: two expressions of the same type."""
    name = sort.removeprefix("-")
    question = next((one for one in columns if one.public_id == name), None)
    if question is not None:
        return answer_key(question, "entry"), answer_key(question, "pk")
    nothing = Value(None, FloatField())
    if name == "loops":
        return Cast("open_loops", FloatField()), Cast(Value(0), FloatField())
    if name == "seats":
        mentors = Case(When(~Q(role=Membership.Role.MENTEE), then=F("free_seats")), output_field=IntegerField())
        return Cast(mentors, FloatField()), Cast(nothing, FloatField())
    if name == "state":
        away = Case(When(available=True, then=Value("1")), default=Value("2"), output_field=TextField())
        waits = Case(When(state="waiting", then=Value("0")), default=Value("3"), output_field=TextField())
        return away, waits
    if name == "role":
        return Cast("role", TextField()), Cast("role", TextField())
    if name == "joined":
        return F("joined_at"), Cast(Value(None), DateTimeField())
    return _shown_name("member"), _shown_name("expected")


def _shown_name(side: str) -> Any:
    """What stands in the table for a name: of somebody expected whose name nobody has said, the address."""
    if side == "member":
        return Lower(Cast("name", TextField()))
    said = Case(When(name="", then=F("address")), default=F("name"), output_field=TextField())
    return Lower(Cast(said, TextField()))
