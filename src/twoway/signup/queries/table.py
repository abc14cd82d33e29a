"""Narrowing and ordering people by what they answered, in the database, on SQLite and PostgreSQL alike."""

import re
from functools import partial
from typing import Any

from django.db.models import (
    Case,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Lower
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from twoway.history.clock import now
from twoway.history.kept import kept
from twoway.people.models import Membership, Programme
from twoway.signup.fields import SCALE
from twoway.signup.languages import language_name
from twoway.signup.models import Answer, Application, Question
from twoway.signup.queries.application import only_suggested
from twoway.signup.queries.form import questions_asked

Kind = Question.Kind
_ONE = (Kind.SINGLE, Kind.ORDERED)
_SEVERAL = (Kind.MANY, Kind.SKILLS_WANTED, Kind.SKILLS_OFFERED, Kind.LANGUAGES)
_NUMBERS = (Kind.NUMBER, Kind.SCALE)
BETWEEN = ".."  # of a filter on a day: the first, this, and the last; either may be missing


class _Plain(Func):
    """A JSON value as text: a string without its quotes, a list as it is written."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="CAST(JSON_EXTRACT(%(expressions)s, '$') AS TEXT)", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="(%(expressions)s #>> '{}')", **more)


def asked_in_table(programme: Programme) -> list[Question]:
    """The questions whose answers can be a column. A line manager's address is nobody's to read in a list; nor is who
    shares a protected trait, or wishes for one: of traits a round's fairness page tells sums."""
    asked = questions_asked(programme).exclude(kind__in=(Kind.LINE_MANAGER, Kind.HOURS))
    return list(asked.exclude(protected=True).exclude(use=Question.Use.PREFERENCE, meets__protected=True))


def is_dated(question: Question) -> bool:
    """Whether it is narrowed from a day to a day."""
    return bool(question.kind == Kind.DATE)


def table_choices(question: Question) -> list[tuple[str, str]]:
    """What a filter on this question offers; nothing where it is a line to write in."""
    if question.kind in (*_ONE, Kind.MANY, Kind.SKILLS_WANTED, Kind.SKILLS_OFFERED):
        return [(str(option["key"]), str(option["label"])) for option in question.options]
    if question.kind == Kind.YES_NO:
        return [("yes", _("Yes")), ("no", _("No"))]
    if question.kind == Kind.SCALE:
        return [(str(number), str(number)) for number in SCALE]
    if question.kind == Kind.LANGUAGES:
        codes = kept(("languages given", question.pk), partial(_languages_given, question), now=now())
        return sorted(((code, language_name(code)) for code in codes), key=lambda choice: choice[1])
    return []


def _languages_given(question: Question) -> set[str]:
    """The languages in anybody's answer. The same answer given by many is read once."""
    with scopes_disabled():  # of a question that was found in its scope
        values = Answer.objects.filter(question=question).order_by().values_list("value", flat=True).distinct()
        return {code for value in values for code in value or []}


def expected_in(programme: Programme) -> QuerySet[Application]:
    """Those on their way in who are no members yet: expected, or waiting for a yes or no."""
    rows = Application.objects.filter(
        intake__programme=programme, state__in=[Application.State.EXPECTED, Application.State.WAITING]
    )
    return rows.exclude(only_suggested(), state=Application.State.EXPECTED)


def with_entry(members: QuerySet[Membership]) -> QuerySet[Membership]:
    """Members with `entry`: the application that carries their answers."""
    mine = Application.objects.filter(membership=OuterRef("pk"), state=Application.State.JOINED).order_by("-pk")
    return members.annotate(entry=Subquery(mine.values("pk")[:1]))


def answered_with(question: Question, wanted: str, entry: str) -> Exists:
    """A condition: the application named by `entry` answers a question like this."""
    answers = Answer.objects.filter(application=OuterRef(entry), question=question).annotate(plain=_Plain(F("value")))
    if question.kind in _ONE:
        return Exists(answers.filter(plain=wanted))
    if question.kind in _SEVERAL:
        return Exists(answers.filter(plain__contains=f'"{wanted}"'))
    if question.kind == Kind.YES_NO:
        return Exists(answers.filter(value=wanted == "yes"))
    if question.kind in _NUMBERS:
        return Exists(answers.filter(plain=wanted.strip()))
    if question.kind == Kind.DATE:
        first, _sep, last = wanted.partition(BETWEEN)
        answers = answers.filter(plain__gte=first) if first else answers
        return Exists(answers.filter(plain__lte=last) if last else answers)
    return Exists(answers.filter(plain__iregex=re.escape(wanted.strip())))


def answer_key(question: Question, entry: str) -> Subquery:
    """What people are put in order by: options as the form orders them, numbers as numbers, words as words."""
    answers = Answer.objects.filter(application=OuterRef(entry), question=question).annotate(plain=_Plain(F("value")))
    if question.kind in _ONE:
        whens = [When(plain=option["key"], then=Value(place)) for place, option in enumerate(question.options)]
        place = Case(*whens, default=Value(len(question.options)), output_field=IntegerField())
        return Subquery(answers.annotate(key=Cast(place, FloatField())).values("key")[:1])
    if question.kind in _NUMBERS:
        return Subquery(answers.annotate(key=Cast("plain", FloatField())).values("key")[:1])
    return Subquery(answers.annotate(key=Lower("plain")).values("key")[:1])


def answers_in_table(entries: list[int], questions: list[Question]) -> dict[int, dict[int, Any]]:
    """The answers of one page of people: application id, question id, value."""
    found: dict[int, dict[int, Any]] = {entry: {} for entry in entries}
    rows = Answer.objects.filter(application__in=entries, question__in=questions)
    for application, question, value in rows.values_list("application_id", "question_id", "value"):
        found[application][question] = value
    return found
