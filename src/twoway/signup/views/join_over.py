"""A sign-up page opened by somebody whose sign-up is no longer to be filled in: confirmed, declined or closed since."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from twoway.people.models import Intake, Programme
from twoway.people.queries import intakes_of, sign_up_to
from twoway.signup import queries
from twoway.signup.actions.application import resume_digest
from twoway.signup.forms.answers import AnswersForm
from twoway.signup.models import Application, Question
from twoway.signup.steps import section_questions


def no_here(request: HttpRequest, intake: Intake | None) -> Application | None:
    """The no that the coordinators have said to this visitor in the intake to which the door leads."""
    return queries.no_that_stands(request.user, intake) if intake and request.user.is_authenticated else None


def over_page(request: HttpRequest, programme: Programme, intake: Intake | None, *, begun: bool) -> HttpResponse | None:
    """What became of the sign-up that somebody looks for here; nothing where they never had one. A no stands on the
    pages of what was `begun`, not on the public one."""
    confirmed = confirmed_page(request, programme, intake)
    return confirmed or (_declined_before(request, programme, intake) if begun else None)


def confirmed_page(request: HttpRequest, programme: Programme, intake: Intake | None) -> HttpResponse | None:
    """A letter's button, pressed elsewhere, has finished what this browser began. It is told that, and no more."""
    if request.user.is_authenticated or request.method != "GET":
        return None
    if not queries.is_confirmed_from_browser([digest for _intake, digest in _begun_here(request, programme)]):
        return None
    page = {"programme": programme, "anew": intake is not None}
    return render(request, "signup/join/confirmed.html", page)


def _declined_before(request: HttpRequest, programme: Programme, intake: Intake | None) -> HttpResponse | None:
    """Whoever was declined reads that, and what is possible next, not a form for strangers."""
    if not request.user.is_authenticated or request.method != "GET":
        return None
    declined = queries.declined_application(request.user, programme)
    return declined_page(request, declined, anew=intake not in (None, declined.intake)) if declined else None


def declined_page(request: HttpRequest, declined: Application, *, anew: bool = False) -> HttpResponse:
    """`anew`: a later intake is open, in which they may sign up."""
    page = {"programme": declined.intake.programme, "declined": declined, "anew": anew}
    return render(request, "signup/join/declined.html", page)


def closed_page(request: HttpRequest, programme: Programme, now: datetime, number: int) -> HttpResponse:
    """Nobody can sign up now, and nothing is stored. What somebody wrote on the page that they had open is shown once
    more, so that it is not lost to them. `number`: which section that was, 0 for none."""
    begun = begun_before(request, programme)
    late = _typed_too_late(request, programme, begun, number) if begun and request.method == "POST" else []
    page = {"programme": programme, "sign_up": sign_up_to(programme, now), "begun_before": begun, "late": late}
    return render(request, "signup/join/closed.html", page)


def _typed_too_late(
    request: HttpRequest, programme: Programme, begun: Application, number: int
) -> list[tuple[Question, str]]:
    sections = section_questions(programme, begun)
    if not 1 <= number <= len(sections):
        return []
    answers = queries.answers_by_public_id(begun)
    form = AnswersForm(
        request.POST, questions=sections[number - 1][1], answers=answers, zone=programme.time_zone, own_audience=True
    )
    texts = (Question.Kind.SHORT, Question.Kind.LONG)
    return [(one, str(raw)) for one, raw in form.changed_here().items() if one.kind in texts and raw]


def begun_before(request: HttpRequest, programme: Programme) -> Application | None:
    """What this visitor began while sign-up was open; it is kept although nobody can go on now."""
    if request.user.is_authenticated:
        return queries.application_of_person(request.user, programme)
    found = (queries.application_of_browser(intake, digest) for intake, digest in _begun_here(request, programme))
    return next((one for one in found if one is not None), None)


def _begun_here(request: HttpRequest, programme: Programme) -> list[tuple[Intake, str]]:
    """By which digest each intake of a programme knows this browser, if it has begun anything there."""
    secret = request.session.get("join", {}).get(programme.public_id)
    return [(intake, resume_digest(intake, secret)) for intake in intakes_of(programme)] if secret else []
