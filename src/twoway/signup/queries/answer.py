"""Answers, and who may see each: the question's audience narrowed by the owner's own choice."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from twoway.people.audience import Audience, Label, Relation, admits, label_for, stricter_of
from twoway.people.models import Membership, Person
from twoway.people.queries import holds
from twoway.people.roles import Power
from twoway.signup import fields
from twoway.signup.models import Answer, Application, Question
from twoway.signup.showing import shown_questions

GIVEN = _("Given")  # a line manager's address is for matching; nobody but its owner reads it

HowRelated = Relation | Callable[[Application, Person], Relation | None] | None

_STRICTEST_FIRST = [
    Question.Audience.COORDINATORS, Question.Audience.MATCHING, Question.Audience.PARTNERS, Question.Audience.MEMBERS,
]  # fmt: skip


@dataclass(frozen=True)
class ShownAnswer:
    """An answer as one viewer may see it."""

    question: Question
    value: fields.Value
    words: str
    audience: Audience
    label: Label
    changed_at: datetime


def audience_of(question: Question, stricter: str = "") -> Audience:
    """Who sees an answer: what the question says, or what its owner chose if that is narrower. A line manager's
    address is read by its owner alone and serves to keep the two apart, whatever the question says."""
    if question.kind == Question.Kind.LINE_MANAGER:
        return Audience.APART
    audience = Audience(question.audience)
    return stricter_of(audience, Audience(stricter)) if stricter else audience


def stricter_choices(question: Question) -> list[Question.Audience]:
    """What the owner of an answer may choose: the question's own audience and all narrower ones, widest first."""
    if question.kind == Question.Kind.LINE_MANAGER:
        return [Question.Audience(question.audience)]
    upto = _STRICTEST_FIRST.index(Question.Audience(question.audience)) + 1
    return list(reversed(_STRICTEST_FIRST[:upto]))


def answers_by_public_id(application: Application) -> dict[str, Answer]:
    """One application's answers by their question's public id, retired questions too."""
    if application.pk is None:  # a made-up applicant: the preview's
        return {}
    return {answer.question.public_id: answer for answer in application.answers.select_related("question")}


class Row(Protocol):
    """An application, or as much of one as names it."""

    @property
    def pk(self) -> int: ...


def answers_by_application(
    applications: Iterable[Row], asked: Collection[int] | None = None, reader: Relation = Relation.MATCHING
) -> dict[int, dict[int, fields.Value]]:
    """For matching: application id → question id → value, in few queries.

    Answers that matching may not see are not there, whether the question or the owner says so; nor are those to
    questions no longer asked, or not put to somebody with these answers: a roster, or a condition set later, may
    have left one behind. With `asked`, only the answers to these. `reader`: where less than matching knows is told
    on, only what such a reader may see.
    """
    found: dict[int, dict[int, fields.Value]] = {row.pk: {} for row in applications}
    for some in batched(list(found)):
        whole: dict[int, dict[int, fields.Value]] = {pk: {} for pk in some}
        unsaid: set[tuple[int, int]] = set()
        asking = _asked_of(some)
        rows = Answer.objects.filter(application__in=some, question__retired_at=None)
        if asked is not None and not asking.hanging:
            rows = rows.filter(question__in=asked)
        for application, question, value, audience, stricter in rows.values_list(
            "application_id", "question_id", "value", "question__audience", "stricter"
        ):
            whole[application][question] = value
            if not admits(stricter_of(Audience(audience), Audience(stricter or audience)), reader):
                unsaid.add((application, question))
        hidden = {pk: asking.hidden(pk, said) for pk, said in whole.items()}
        for pk, said in whole.items():
            found[pk] = {
                question: value
                for question, value in said.items()
                if (asked is None or question in asked) and (pk, question) not in unsaid and question not in hidden[pk]
            }
    return found


@dataclass(frozen=True)
class _Asking:
    """The questions of some applications' programmes; `hanging` are those put only after certain answers."""

    questions: dict[int, list[Question]]
    role_and_programme: dict[int, tuple[str, int]]
    hanging: frozenset[int]

    def hidden(self, application: int, said: dict[int, fields.Value]) -> set[int]:
        """The questions not put to somebody who said this."""
        if not self.hanging:
            return set()
        role, programme = self.role_and_programme[application]
        asked = self.questions.get(programme, [])
        answers = {question.public_id: said.get(question.pk) for question in asked}
        return set(self.hanging) - {question.pk for question in shown_questions(asked, answers, role)}


def _asked_of(applications: list[int]) -> _Asking:
    rows = Application.objects.filter(pk__in=applications).values_list("pk", "role", "intake__programme_id")
    known = {pk: (role, programme) for pk, role, programme in rows}
    questions: dict[int, list[Question]] = {}
    programmes = {programme for _role, programme in known.values()}
    for question in Question.objects.filter(form__programme__in=programmes, retired_at=None).select_related("form"):
        questions.setdefault(question.form.programme_id, []).append(question)
    hanging = frozenset(question.pk for those in questions.values() for question in those if question.show_if)
    return _Asking(questions, known, hanging)


def batched(ids: list[int], size: int = 5000) -> Iterable[list[int]]:
    """A long list in pieces that a database takes as parameters."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def answers_for_viewer(application: Application, viewer: Person, relation: HowRelated = None) -> list[ShownAnswer]:
    """The answers this viewer may see, in the order of the form.

    Owner, coordinator and fellow member are found here. That the viewer shares a loop with the owner is known
    only higher up: the caller says so with Relation.LOOPMATE, or with a callable that finds out.
    """
    stands = relation_to(application, viewer, relation)
    return _shown(_asked_now(application.answers.all()), stands)


def answers_for_members(applications: Iterable[Application]) -> dict[int, list[ShownAnswer]]:
    """What each of these shares with every member, by row number: of members alone, in few queries."""
    joined = [row.pk for row in applications if row.state == Application.State.JOINED]
    found: dict[int, list[Answer]] = {row.pk: [] for row in applications}
    for some in batched(joined):
        for row in _asked_now(Answer.objects.filter(application__in=some)):
            found[row.application_id].append(row)
    shown = {pk: _shown(rows, Relation.MEMBER) for pk, rows in found.items()}
    return {pk: [one for one in rows if one.words] for pk, rows in shown.items()}


def answers_of_two(one: Application, other: Application, viewer: Person) -> tuple[list[ShownAnswer], list[ShownAnswer]]:
    """The same of two people of one intake, asked once for both."""
    runs = _runs(one, viewer)
    given: dict[int, list[Answer]] = {one.pk: [], other.pk: []}
    for row in _asked_now(Answer.objects.filter(application__in=list(given))):
        given[row.application_id].append(row)
    return (
        _shown(given[one.pk], relation_to(one, viewer, runs=runs)),
        _shown(given[other.pk], relation_to(other, viewer, runs=runs if other.intake_id == one.intake_id else None)),
    )


def _asked_now(answers: QuerySet[Answer]) -> QuerySet[Answer]:
    """With their questions, in the order of the form; none to questions that are asked no more."""
    return answers.filter(question__retired_at=None).select_related("question").order_by(
        "question__place", "question_id"
    )  # fmt: skip


def _shown(rows: Iterable[Answer], stands: Relation) -> list[ShownAnswer]:
    """Of some answers, what somebody may see who stands like this to their owner."""
    shown = []
    for row in rows:
        audience = audience_of(row.question, row.stricter)
        if admits(audience, stands):
            shown.append(
                ShownAnswer(
                    row.question, row.value, fields.words(row.question, row.value), audience, label_for(audience),
                    row.changed_at,
                )
            )  # fmt: skip
        elif row.question.kind == Question.Kind.LINE_MANAGER and stands is Relation.COORDINATOR:
            shown.append(ShownAnswer(row.question, None, str(GIVEN), audience, label_for(audience), row.changed_at))
    return shown


def mark_of_answers(application: Application) -> str:
    """What tells whether any answer has changed since somebody looked."""
    found = application.answers.aggregate(n=Count("pk"), last=Max("changed_at"))
    return f"{found['n']}-{found['last'].timestamp() if found['last'] else ''}"


def relation_to(
    application: Application, viewer: Person, relation: HowRelated = None, *, runs: bool | None = None
) -> Relation:
    """How a viewer stands to the owner of an application; whether they run its programme is asked unless known."""
    if application.person_id is not None and application.person_id == viewer.pk:
        return Relation.OWNER
    if _runs(application, viewer) if runs is None else runs:
        return Relation.COORDINATOR
    if application.state != Application.State.JOINED:
        return Relation.OTHER
    found = relation(application, viewer) if callable(relation) else relation
    if found is Relation.LOOPMATE:
        return Relation.LOOPMATE
    here = Membership.objects.filter(programme=application.intake.programme, ended_at=None)
    both = here.filter(person=viewer).exists() and here.filter(person=application.person).exists()
    return Relation.MEMBER if both else Relation.OTHER


def _runs(application: Application, viewer: Person) -> bool:
    programme = application.intake.programme
    return holds(viewer, Power.RUN_PROGRAMME, organisation=programme.organisation, programme=programme)
