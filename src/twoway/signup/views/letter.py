"""The links of our letters: an invitation, or a sign-up to confirm. Looking changes nothing; the button does."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from twoway.history.clock import now as clock_now
from twoway.people.queries import open_intake
from twoway.people.signin.session import begin_session
from twoway.people.tenancy import organisation_scope
from twoway.signup import fields, queries
from twoway.signup.actions.invitation import mailed_token, open_letter
from twoway.signup.models import Application, Question
from twoway.signup.queries import takes_the_invited
from twoway.signup.steps import first_open_step

State = Application.State


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    return _letter(request, secret)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: HttpRequest, secret: str) -> HttpResponse:
    return _letter(request, secret)


def _letter(request: HttpRequest, secret: str) -> HttpResponse:
    now = clock_now()
    token = mailed_token(secret, now)
    application = queries.application_of_token(token) if token is not None else None
    if token is None or application is None:
        return _over(request, secret, now)
    programme = application.intake.programme
    request.public_programme = programme  # type: ignore[attr-defined]
    asked_in = queries.invitation_of_token(token)
    with organisation_scope(programme.organisation):
        if not takes_the_invited(programme):
            page = {
                "programme": programme, "until": token.expires_at, "invitation": asked_in,
                "sent": application.state == State.SENT, "written": _written(application),
            }  # fmt: skip
            return render(request, "signup/letter/archived.html", page)
        kept = queries.entry_that_stays(application, token.address)
        if request.method == "POST":
            opened = open_letter(secret=secret, now=now)
            if opened is None:
                return _over(request, secret, now)
            person, application = opened
            request.session.pop("join", None)
            if kept is not None:
                messages.info(request, _("You had signed up before. That stays as it is, and is what you see here."))
            own_device = request.POST.get("own_device") == "on"
            return begin_session(request, person, method="link", own_device=own_device, onward=_onward(application))
        page = {
            "programme": programme,
            "application": application,
            "address": token.address,
            "invitation": asked_in,
            "sent": application.state == State.SENT,
            "kept": kept,
        }
        return render(request, "signup/letter/letter.html", page)


def _written(application: Application) -> list[tuple[Question, str]]:
    """What was typed into a sign-up that nobody can hand in now, for whoever holds its letter; nothing of an entry that
    has a person: that is read after signing in."""
    if application.person_id is not None or application.state not in (State.STARTED, State.SENT):
        return []
    answers = queries.answers_by_public_id(application).values()
    return [(answer.question, fields.words(answer.question, answer.value)) for answer in answers]


def _over(request: HttpRequest, secret: str, now: datetime) -> HttpResponse:
    """A link that is over, with the way to a new letter, or to sign up anew where another intake is open now. Nobody
    writes again to whoever is withdrawn, so none is offered there. Whoever came in by it is led to where they stand."""
    application = queries.application_of_letter(secret)
    if application is not None and request.user.is_authenticated and application.person_id == request.user.pk:
        messages.info(request, _("This link has done its work: you are signed in."))
        with organisation_scope(application.intake.programme.organisation):
            return redirect(_onward(application))
    page: dict[str, Any] = {}
    if application is not None:
        programme = application.intake.programme
        with organisation_scope(programme.organisation):
            intake = open_intake(programme, now)
        withdrawn = application.state == State.WITHDRAWN
        if intake is not None or withdrawn:
            another = intake if intake is not None and intake != application.intake else None
            page = {"programme": programme, "another": another, "withdrawn": withdrawn, "open": intake is not None}
    return render(request, "signup/letter/over.html", page, status=410)


def _onward(application: Application) -> str:
    """Where the letter leads: on with what was begun, and else to the public page, which knows what is left."""
    if application.adult and application.state in (State.STARTED, State.EXPECTED):
        return first_open_step(application).url
    programme = application.intake.programme
    return reverse("signup:join", args=[programme.organisation.slug, programme.slug])
