"""Answers, and who may see each: the question's audience narrowed by the owner's own choice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from twoway.people.audience import Audience, Label, Relation, admits, label_for, stricter_of
from twoway.people.models import Intake, Membership, Person
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


def audience_of(question: Question, stricter: str = "") -> Audience:
    """Who sees an answer: what the question says, or what its owner chose if that is narrower. A line manager's
    address is read by its owner alone: it serves to keep the two apart."""
    if question.kind == Question.Kind.LINE_MANAGER:
        return Audience.OWNER
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


def answers_by_application(applications: Iterable[Application]) -> dict[int, dict[int, fields.Value]]:
    """For matching: application id → question id → value, in few queries.

    Answers that are for coordinators only are not there, whether the question or the owner says so; nor are those
    to questions no longer asked, or not put to somebody with these answers: a roster, or a condition set later, may
    have left one behind.
    """
    people = list(applications)
    whole: dict[int, dict[int, fields.Value]] = {person.pk: {} for person in people}
    unsaid: set[tuple[int, int]] = set()
    for some in batched(list(whole)):
        rows = Answer.objects.filter(application__in=some, question__retired_at=None)
        for application, question, value, audience, stricter in rows.values_list(
            "application_id", "question_id", "value", "question__audience", "stricter"
        ):
            whole[application][question] = value
            if Question.Audience.COORDINATORS in (audience, stricter):
                unsaid.add((application, question))
    hidden = _hidden(people, whole)
    return {
        person: {
            question: value
            for question, value in said.items()
            if (person, question) not in unsaid and question not in hidden[person]
        }
        for person, said in whole.items()
    }


def _hidden(people: list[Application], answers: dict[int, dict[int, fields.Value]]) -> dict[int, set[int]]:
    """Which questions are not put to whom, where one hangs on another."""
    programmes = Intake.objects.filter(pk__in={person.intake_id for person in people}).values("programme")
    asked = list(Question.objects.filter(form__programme__in=programmes, retired_at=None))
    hanging = {question.pk for question in asked if question.show_if}
    hidden: dict[int, set[int]] = {person.pk: set() for person in people}
    for person in people if hanging else ():
        said = {question.public_id: answers[person.pk].get(question.pk) for question in asked}
        hidden[person.pk] = hanging - {question.pk for question in shown_questions(asked, said, person.role)}
    return hidden


def batched(ids: list[int], size: int = 5000) -> Iterable[list[int]]:
    """A long list in pieces that a database takes as parameters."""
    return (ids[start : start + size] for start in range(0, len(ids), size))


def answers_for_viewer(application: Application, viewer: Person, relation: HowRelated = None) -> list[ShownAnswer]:
    """The answers this viewer may see, in the order of the form.

    Owner, coordinator and fellow member are found here. That the viewer shares a loop with the owner is known
    only higher up: the caller says so with Relation.PARTNER, or with a callable that finds out.
    """
    stands = relation_to(application, viewer, relation)
    rows = application.answers.filter(question__retired_at=None).select_related("question").order_by(
        "question__place", "question_id"
    )  # fmt: skip
    shown = []
    for row in rows:
        audience = audience_of(row.question, row.stricter)
        if admits(audience, stands):
            shown.append(
                ShownAnswer(
                    row.question, row.value, fields.words(row.question, row.value), audience, label_for(audience)
                )
            )
        elif row.question.kind == Question.Kind.LINE_MANAGER and stands is Relation.COORDINATOR:
            given = Audience.COORDINATORS
            shown.append(ShownAnswer(row.question, None, str(GIVEN), given, label_for(given)))
    return shown


def relation_to(application: Application, viewer: Person, relation: HowRelated = None) -> Relation:
    """How a viewer stands to the owner of an application."""
    if application.person_id is not None and application.person_id == viewer.pk:
        return Relation.OWNER
    programme = application.intake.programme
    if holds(viewer, Power.RUN_PROGRAMME, organisation=programme.organisation, programme=programme):
        return Relation.COORDINATOR
    if application.state != Application.State.JOINED:
        return Relation.OTHER
    found = relation(application, viewer) if callable(relation) else relation
    if found is Relation.PARTNER:
        return Relation.PARTNER
    here = Membership.objects.filter(programme=programme, ended_at=None)
    both = here.filter(person=viewer).exists() and here.filter(person=application.person).exists()
    return Relation.MEMBER if both else Relation.OTHER
