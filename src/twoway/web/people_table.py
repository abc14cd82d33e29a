"""The address of the people's table as wishes, and its filters, columns and heads as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from twoway.loops.queries.table import COUNTS, SORTS, STATES, Table, Wishes
from twoway.people.role_words import role_word, side_label
from twoway.signup.queries.table import BETWEEN, asked_in_table, is_dated, table_choices
from twoway.web.addresses import at
from twoway.web.templatetags.twoway import day_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from twoway.loops.queries.table import TableRow
    from twoway.people.models import Programme
    from twoway.signup.models import Question

USUAL = ("role", "state", "loops", "seats")
ROLES = ("mentor", "mentee", "either")
LONGEST_WORD = 100
LONGEST_ANSWER = 120  # shown in a cell


@dataclass(frozen=True)
class Filter:
    """One way to narrow the table: a choice, or a line to write in where it offers none."""

    name: str
    label: str
    choices: list[tuple[str, str]]
    value: str
    dated: bool = False  # from a day to a day, each with a line of its own

    @property
    def first(self) -> str:
        return self.value.partition(BETWEEN)[0]

    @property
    def last(self) -> str:
        return self.value.partition(BETWEEN)[2]

    @property
    def words(self) -> str:
        """What it narrows to, as people read it."""
        if not self.dated:
            return dict(self.choices).get(self.value, self.value)
        first, last = (day_of(date.fromisoformat(day)) if day else "" for day in (self.first, self.last))
        if first and last:
            return _("from %(first)s to %(last)s") % {"first": first, "last": last}
        return _("from %(day)s") % {"day": first} if first else _("until %(day)s") % {"day": last}


class Asked:
    """What an address asks of the table. Anything it does not know is passed over."""

    def __init__(self, programme: Programme, query: QueryDict) -> None:
        self.programme, self.query = programme, query
        self.questions = asked_in_table(programme)
        self.columns = self._columns()
        self.sort = self._sort()
        by_id = {question.public_id: question for question in self.questions}
        said = {key.removeprefix("a-"): str(query[key]) for key in query if key.startswith("a-") and query[key]}
        self.wishes = Wishes(
            name=self._word("q"), role=self._word("role"), state=self._word("state"), loops=self._word("loops"),
            seats=self._word("seats") == "free", sort=self.sort,
            answers={by_id[key]: value[:LONGEST_WORD] for key, value in said.items()
                     if key in by_id and not is_dated(by_id[key])} | self._days(),
        )  # fmt: skip
        sorted_by = by_id.get(self.sort.removeprefix("-"))
        shown = [by_id[column] for column in self.columns if column in by_id]
        self.shown = shown
        hidden = [sorted_by] if sorted_by is not None and sorted_by not in shown else []
        self.table = Table(programme, self.wishes, shown + hidden)

    def _word(self, name: str) -> str:
        return str(self.query.get(name, "")).strip()[:LONGEST_WORD]

    def _days(self) -> dict[Question, str]:
        """What is asked of days: from one, until one, or both."""
        found = {}
        for question in self.questions:
            if is_dated(question):
                first, last = (self._day(f"a-{question.public_id}-{end}") for end in ("from", "to"))
                if first or last:
                    found[question] = f"{first}{BETWEEN}{last}"
        return found

    def _day(self, name: str) -> str:
        try:
            return date.fromisoformat(self._word(name)).isoformat()
        except ValueError:
            return ""

    def _columns(self) -> list[str]:
        known = [name for name, _label in self.all_columns()]
        wanted = self.query.getlist("col")
        return [name for name in known if name in wanted] if wanted else list(USUAL)

    def all_columns(self) -> list[tuple[str, str]]:
        """Every column that can be shown beside the name."""
        own = [("role", _("Role")), ("state", _("State")), ("loops", _("Loops")), ("seats", _("Free seats")),
               ("joined", _("Member since"))]  # fmt: skip
        return own + [(question.public_id, question.label) for question in self.questions]

    def _sort(self) -> str:
        sort = self._word("sort")
        known = {*SORTS, *(question.public_id for question in self.questions)}
        return sort if sort.removeprefix("-") in known else "name"

    def filters(self) -> list[Filter]:
        """The filters that do not hang on the form."""
        words = {"member": _("Members"), "available": _("Members, available"), "away": _("Members, away"),
                 "expected": _("Expected"), "waiting": _("Waiting for a yes or no")}  # fmt: skip
        loops = {"0": _("None"), "1": _("One"), "2": _("Two or more")}
        return [
            Filter("role", _("Role"), [(one, side_label(self.programme, one)) for one in ROLES], self.wishes.role),
            Filter("state", _("State"), [(one, words[one]) for one in STATES], self.wishes.state),
            Filter("loops", _("Loops"), [(one, loops[one]) for one in COUNTS], self.wishes.loops),
            Filter("seats", _("Seats"), [("free", _("At least one free"))], self._word("seats")),
        ]

    @cached_property
    def answer_filters(self) -> list[Filter]:
        """One filter for each question that can be filtered on."""
        given = {question.public_id: value for question, value in self.wishes.answers.items()}
        return [
            Filter(f"a-{question.public_id}", question.label, table_choices(question),
                   given.get(question.public_id, ""), dated=is_dated(question))
            for question in self.questions
        ]  # fmt: skip

    def chosen(self) -> list[dict[str, str]]:
        """What narrows the table now, in words, each with the address that takes it off."""
        found = [] if not self.wishes.name else [{"words": f"“{self.wishes.name}”", "url": self._without("q")}]
        for one in self.filters() + self.answer_filters:
            if one.value:
                names = [f"{one.name}-from", f"{one.name}-to"] if one.dated else [one.name]
                found.append({"words": f"{one.label}: {one.words}", "url": self._without(*names)})
        return found

    def _without(self, *names: str) -> str:
        query = self.query.copy()
        for gone in (*names, "page"):
            query.pop(gone, None)
        return f"?{query.urlencode()}"

    def address(self, *leave_out: str) -> str:
        """The query of this page without some of its parts."""
        query = self.query.copy()
        for name in leave_out:
            query.pop(name, None)
        return query.urlencode()

    def kept(self, *leave_out: str) -> list[tuple[str, str]]:
        """The parts of the query as hidden fields carry them."""
        return [(name, value) for name, values in self.query.lists() for value in values if name not in leave_out]

    @cached_property
    def heads(self) -> list[dict[str, Any]]:
        """The heads of the columns shown, beside the name."""
        labels = dict(self.all_columns())
        return [
            {"key": column, "label": labels[column], "number": column in ("loops", "seats")} for column in self.columns
        ]


# --- the lines -----------------------------------------------------------------------------


class Cell(NamedTuple):
    """One cell of a row in words; `pill` is the kind of the pill around them, or none."""

    label: str
    words: str
    number: bool = False
    pill: str | None = None


def lines_of(
    rows: Sequence[TableRow], heads: Sequence[Mapping[str, Any]], programme: Programme
) -> list[dict[str, Any]]:
    """What a page of people shows, with what is the same for all of them worked out once."""
    roles = {role: role_word(programme, role) for role in {row.role for row in rows}}
    choose, profiles = _("Choose %(name)s"), reverse("web:people", args=at(programme))
    return [
        {
            "row": row, "id": row.public_id, "name": row.name, "choose": choose % {"name": row.name},
            "url": f"{profiles}{row.public_id}/",
            "cells": [_cell(row, head["key"], head["label"], head["number"], roles) for head in heads],
        }
        for row in rows
    ]  # fmt: skip


def _cell(row: TableRow, key: str, label: str, number: bool, roles: Mapping[str, str]) -> Cell:
    if key == "state":
        return Cell(label, *_state_words(row))
    if key == "role":
        words = roles[row.role]
    elif key == "loops":
        words = str(row.loops)
    elif key == "seats":
        words = "" if row.seats is None else str(row.seats)
    elif key == "joined":
        words = date_format(timezone.localtime(row.since), "j M Y") if row.since else ""
    else:
        words = Truncator(row.cells.get(key, "")).chars(LONGEST_ANSWER)
    return Cell(label, words or "–", number)


def _state_words(row: TableRow) -> tuple[str, bool, str | None]:
    """The state in words, that it is no number, and the kind of pill it stands in."""
    if row.state == "member":
        return _("Available"), False, None
    if row.state == "away":
        return _("Away until %(day)s") % {"day": day_of(row.back_on, "j M")} if row.back_on else _("Away"), False, ""
    return (_("Waiting"), False, "open") if row.state == "waiting" else (_("Expected"), False, "bare")
