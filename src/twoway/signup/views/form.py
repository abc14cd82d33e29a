"""The form builder, and the form as an applicant sees it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twoway.history.clock import now as clock_now
from twoway.people.audience import label_for
from twoway.people.models import Membership, Programme
from twoway.people.role_words import role_word, side_label
from twoway.people.rules import may_run_programme
from twoway.people.tenancy import PersonRequest, programme_page
from twoway.signup import queries
from twoway.signup.actions import form as actions
from twoway.signup.fields import KINDS
from twoway.signup.forms.answers import AnswersForm
from twoway.signup.forms.question import KIND_WORDS, QuestionForm
from twoway.signup.models import Application, Question
from twoway.signup.steps import section_questions

RULES = (Question.Use.HIGHER, Question.Use.MUST_SAME, Question.Use.MUST_DIFFER)


@require_safe
@programme_page(may_run_programme)
def form(request: PersonRequest, programme: Programme) -> HttpResponse:
    """All questions in order, by section."""
    questions = queries.questions_of(programme)
    by_id = {question.public_id: question for question in questions}
    sections: dict[str, list[dict[str, Any]]] = {}
    for number, question in enumerate(questions):
        sections.setdefault(question.section, []).append(
            {
                "question": question,
                "asked": side_label(programme, question.asked_of),
                "label": label_for(queries.audience_of(question)),
                "first": number == 0,
                "last": number == len(questions) - 1,
                "idle": question.use == Question.Use.PREFERENCE and question.meets is None,
                "is_rule": question.use in RULES,
                "hangs_on": by_id.get(question.show_if.get("question", "")),
            }
        )
    page = {
        "programme": programme,
        "sections": list(sections.items()),
        "retired": queries.retired_questions_of(programme),
        "kinds": [(kind.value, kind.label, KIND_WORDS[kind.value]) for kind in Question.Kind],
        "no_help_question": bool(questions) and not any(question.what_i_help_with for question in questions),
    }
    return render(request, "signup/form/form.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_run_programme)
def question_new(request: PersonRequest, programme: Programme, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    others = queries.questions_of(programme)
    found = QuestionForm(
        request.POST if request.method == "POST" else None, kind=kind, others=others, programme=programme
    )
    if request.method == "POST" and found.is_valid():
        now = clock_now()
        try:
            actions.add_question(
                form=actions.make_form(programme, request.user, now), kind=kind, by=request.user, now=now,
                **found.settings(others),
            )  # fmt: skip
        except ValidationError as fault:
            _add_faults(found, fault)
        else:
            messages.success(request, _("Added at the end. Move it up to where it belongs."))
            return redirect("signup:form", programme.organisation.slug, programme.slug)
    return _question_page(request, programme, found, None, kind)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_run_programme)
def question_edit(request: PersonRequest, programme: Programme, question_id: str) -> HttpResponse:
    question = _found(programme, question_id)
    others = [other for other in queries.questions_of(programme) if other.pk != question.pk]
    found = QuestionForm(
        request.POST if request.method == "POST" else None,
        kind=question.kind,
        others=others,
        question=question,
        programme=programme,
    )
    if request.method == "POST" and found.is_valid():
        try:
            _change(request, question, found, others)
        except ValidationError as fault:
            _add_faults(found, fault)
        else:
            messages.success(request, _("Saved. Answers already given stay as they are."))
            return redirect("signup:form", programme.organisation.slug, programme.slug)
    return _question_page(request, programme, found, question, question.kind)


def _change(request: PersonRequest, question: Question, found: QuestionForm, others: list[Question]) -> None:
    """The settings, and perhaps other words for one option: in the list those stand as they were."""
    now = clock_now()
    changes = found.settings(others)
    key, label = found.cleaned_data.get("rename_from"), found.cleaned_data.get("rename_to")
    actions.change_question(question=question, changes=changes, by=request.user, now=now)
    if key and label:
        actions.rename_option(question=question, key=key, label=label, by=request.user, now=now)


def _add_faults(found: QuestionForm, fault: ValidationError) -> None:
    """An action's refusal, under the field it is about or above the form."""
    faults = fault.message_dict if hasattr(fault, "error_dict") else {"": fault.messages}
    names = {"show_if": "condition"}
    for name, said in faults.items():
        at = names.get(name, name)
        found.add_error(at if at in found.fields else None, said)


def _question_page(
    request: PersonRequest, programme: Programme, found: QuestionForm, question: Question | None, kind: str
) -> HttpResponse:
    page = {
        "programme": programme,
        "form": found,
        "question": question,
        "kind": Question.Kind(kind).label,
        "kind_words": KIND_WORDS[kind],
        "label": label_for(queries.audience_of(Question(kind=kind))) if "audience" not in found.fields else None,
        "answered": queries.answer_count(question) if question else 0,
        "sections": sorted({other.section for other in queries.questions_of(programme) if other.section}),
    }
    return render(request, "signup/form/question.html", page, status=422 if found.errors else 200)


@require_POST
@programme_page(may_run_programme)
def question_place(request: PersonRequest, programme: Programme, question_id: str) -> HttpResponse:
    """One place up or down."""
    question = _found(programme, question_id)
    up = request.POST.get("to") == "up"
    if not actions.move_question(question=question, up=up, by=request.user, now=clock_now()):
        messages.info(request, _("It stays where it is: a question comes after the one it hangs on."))
    url = f"/{programme.organisation.slug}/{programme.slug}/form/#{question.public_id}"
    return redirect(url)


@require_POST
@programme_page(may_run_programme)
def question_retirement(request: PersonRequest, programme: Programme, question_id: str) -> HttpResponse:
    """Ask it no longer, or ask it again."""
    question = _found(programme, question_id, retired=None)
    if question.retired_at is not None:
        actions.bring_back_question(question=question, by=request.user, now=clock_now())
        messages.success(request, _("It is asked again, in the place it had."))
    else:
        actions.retire_question(question=question, by=request.user, now=clock_now())
        messages.success(request, _("It is not asked any more. Answers already given stay with their owners."))
    return redirect("signup:form", programme.organisation.slug, programme.slug)


def _found(programme: Programme, question_id: str, retired: bool | None = False) -> Question:
    found = queries.question_in(programme, question_id)
    if found is None or (retired is False and found.retired_at is not None):
        raise Http404
    return found


@require_safe
@programme_page(may_run_programme)
def preview(request: PersonRequest, programme: Programme) -> HttpResponse:
    """The form exactly as an applicant of each role sees it. Nothing typed here is kept."""
    role = request.GET.get("role", "mentee")
    role = role if role in Membership.Role.values else "mentee"
    nobody = Application(role=role)
    sections = [
        (section, AnswersForm(questions=questions, answers={}, zone=programme.time_zone, own_audience=True))
        for section, questions in section_questions(programme, nobody)
    ]
    tabs = [
        {"label": role_word(programme, value), "url": f"?role={value}", "current": value == role}
        for value in Membership.Role.values
    ]
    page = {"programme": programme, "sections": sections, "tabs": tabs, "role": role}
    return render(request, "signup/form/preview.html", page)
