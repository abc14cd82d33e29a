"""Signing up, one group of questions a page. Whoever comes back goes on where they were."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from twoway.history.clock import now as clock_now
from twoway.people.models import Intake, Programme
from twoway.people.queries import address_of, open_intake
from twoway.people.signin.secrets import new_secret
from twoway.people.signin.session import within_limit
from twoway.people.tenancy import public_programme_page
from twoway.signup import queries
from twoway.signup.actions import application as actions
from twoway.signup.forms.answers import AnswersForm
from twoway.signup.forms.join import CapacityForm, LetterForm, StartForm, TermsForm
from twoway.signup.models import Application, Question
from twoway.signup.steps import Step, section_questions, steps_of
from twoway.signup.views.join_over import (
    begun_before,
    closed_page,
    confirmed_page,
    declined_page,
    no_here,
    over_page,
)

State = Application.State


@dataclass(frozen=True)
class Visit:
    """Where somebody stands who has opened a page of sign-up."""

    programme: Programme
    intake: Intake
    application: Application | None
    now: datetime

    @property
    def at(self) -> list[str]:
        return [self.programme.organisation.slug, self.programme.slug]


WAITING_MAY = ("join_sent", "join_out", "join_answers", "join_capacity")


def join_page(begun: bool = True) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page of sign-up, while it is open. With `begun` it needs an application that can still be changed."""

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @never_cache
        @public_programme_page
        @wraps(view)
        def page(request: HttpRequest, programme: Programme, **kwargs: Any) -> HttpResponse:
            now = clock_now()
            intake = open_intake(programme, now)
            declined = no_here(request, intake)
            if declined is not None and view.__name__ == "join_sent":
                return declined_page(request, declined)
            if declined is not None:
                return redirect("signup:join-sent", programme.organisation.slug, programme.slug)
            visit = _visit(request, programme, intake, now)
            if visit is None or (begun and visit.application is None):
                over = over_page(request, programme, visit.intake if visit else None, begun=begun)
                if over is not None:
                    return over
            if visit is None:
                return closed_page(request, programme, now, kwargs.get("number", 0))
            application = visit.application
            if begun and not _has_begun(request, application):
                return redirect("signup:join", *visit.at)
            if application is not None and application.state == State.JOINED:
                return redirect("signup:profile", *visit.at)
            if application is not None and application.state == State.WAITING and view.__name__ not in WAITING_MAY:
                return redirect("signup:join-sent", *visit.at)
            return view(request, visit, **kwargs)

        return page

    return guard


def _has_begun(request: HttpRequest, application: Application | None) -> bool:
    """What somebody else may have begun with one's address becomes one's own on the first page, and only then."""
    if application is None or not application.adult:
        return False
    return application.person_id is not None or not request.user.is_authenticated


def _visit(request: HttpRequest, programme: Programme, intake: Intake | None, now: datetime) -> Visit | None:
    """Whoever was asked in may sign up although the public page is closed; whoever waits may look at it."""
    if request.user.is_authenticated:
        found = queries.application_of_person(request.user, programme, intake)
        found = found or _from_before(request, programme, intake)
        if (found is None or intake is None) and programme.archived_at is None:
            goes_on = (State.EXPECTED, State.WAITING) if intake else (State.EXPECTED, State.WAITING, State.JOINED)
            elsewhere = queries.application_of_person(request.user, programme)
            if elsewhere is not None and elsewhere.state in goes_on:
                return Visit(programme, elsewhere.intake, elsewhere, now)
        return Visit(programme, intake, found, now) if intake else None
    if intake is None:
        return None
    secret = request.session.get("join", {}).get(programme.public_id)
    found = queries.application_of_browser(intake, actions.resume_digest(intake, secret)) if secret else None
    found = found or _from_before(request, programme, intake)
    return Visit(programme, intake, found, now)


def _from_before(request: HttpRequest, programme: Programme, intake: Intake | None) -> Application | None:
    """What this visitor only began in an intake that has closed, now in the one that is open."""
    begun = begun_before(request, programme) if intake is not None else None
    if intake is None or begun is None:
        return None
    secret = request.session.get("join", {}).get(programme.public_id, "")
    return actions.carry_over(application=begun, intake=intake, secret="" if request.user.is_authenticated else secret)


def step_page(request: HttpRequest, visit: Visit, slug: str, template: str, more: dict[str, Any]) -> HttpResponse:
    """A step's page with the steps around it; 422 where something was not taken."""
    steps = steps_of(visit.programme, visit.application, slug)
    context = {"programme": visit.programme, "application": visit.application, "steps": steps, **more}
    number = next((n for n, step in enumerate(steps, start=1) if step.state == "now"), 1)
    context |= {"number": number, "count": len(steps), "back": steps[number - 2] if number > 1 else None}
    return render(request, f"signup/join/{template}.html", context, status=422 if more.get("faulty") else 200)


def _next(visit: Visit, slug: str) -> HttpResponse:
    return redirect(step_after(visit, slug).url)


def step_after(visit: Visit, slug: str) -> Step:
    steps = steps_of(visit.programme, visit.application, slug)
    at = next((number for number, step in enumerate(steps) if step.slug == slug), 0)
    return steps[min(at + 1, len(steps) - 1)]


# --- the steps --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@join_page(begun=False)
def join(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The welcome, and who one is."""
    person = request.user if request.user.is_authenticated else None
    application = visit.application
    data = request.POST if request.method == "POST" else None
    if data is None and is_on_its_way(request, application) and "again" not in request.GET:
        return redirect("signup:join-sent", *visit.at)
    if data is None and application is None and "again" not in request.GET:
        confirmed = confirmed_page(request, visit.programme, visit.intake)
        if confirmed is not None:
            return confirmed
    form = StartForm(
        data, programme=visit.programme, address_known=person is not None, initial=known_of(request, visit)
    )
    if form.is_bound and form.too_young:
        return _too_young(request, visit)
    if form.is_bound and form.is_valid():
        address = form.cleaned_data.get("address", "")
        if person is not None or within_limit(request, "sign_up", address):
            secret = _secret(request, visit)
            begun = actions.begin_application(
                intake=visit.intake, secret=secret, address=address, name=form.cleaned_data["name"],
                role=form.cleaned_data["role"], person=person, now=visit.now,
            )  # fmt: skip
            if begun.state == State.SENT and application is not None and application.address != begun.address:
                return redirect("signup:join-sent", *visit.at)
            return _next(Visit(visit.programme, visit.intake, begun, visit.now), "start")
        form.add_error(None, _("That was a lot of sign-ups at once. Please wait a few minutes and try again."))
    more = {
        "form": form,
        "faulty": bool(form.errors),
        "begun": application is not None and application.adult,
        "address": address_of(person) if person else "",
        "letter": LetterForm(prefix="letter") if person is None and application is None else None,
        "asks_for_letter": "letter" in request.GET,
        "secret": request.POST.get("begin") or new_secret(),
    }
    return step_page(request, visit, "start", "start", more)


def is_on_its_way(request: HttpRequest, application: Application | None) -> bool:
    """Whether the form has been sent from here, and a letter's button is all that is left."""
    sent = application is not None and application.state == State.SENT
    return sent and _has_begun(request, application)


def known_of(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    application = visit.application
    own_name = request.user.name if request.user.is_authenticated else ""
    if application is not None:
        known = {"name": application.name or own_name, "address": application.address, "role": application.role}
        return {**known, "adult": "yes"} if application.adult else known
    return {"name": own_name} if own_name else {}


def _secret(request: HttpRequest, visit: Visit) -> str:
    """The secret by which this browser goes on. It stands in the page, so that the button pressed twice begins
    one application, not two."""
    kept = request.session.get("join", {})
    typed = request.POST.get("begin", "")
    secret = kept.get(visit.programme.public_id) or (typed if 40 <= len(typed) <= 80 else new_secret())
    request.session["join"] = {**kept, visit.programme.public_id: secret}
    return str(secret)


def _too_young(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Refuse whoever is under 18, and keep nothing. What was written before is asked about first: it may be a slip."""
    application = visit.application
    if application is not None and request.POST.get("sure") != "yes":
        if application.state in actions.OPEN_TO_CHANGE:
            actions.hold_application(application=application, now=visit.now)
        return render(request, "signup/join/under_18.html", {"programme": visit.programme})
    if application is not None:
        actions.forget_application(application=application)
    request.session.pop("join", None)
    return render(request, "signup/join/too_young.html", {"programme": visit.programme})


@require_http_methods(["GET", "HEAD", "POST"])
@join_page()
def join_questions(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """One section's questions. What fits is kept, whatever else is wrong on the page."""
    application = visit.application
    assert application is not None
    sections = section_questions(visit.programme, application)
    if not 1 <= number <= len(sections):
        return redirect(steps_of(visit.programme, application, "start")[1].url)
    section, questions = sections[number - 1]
    slug = f"questions-{number}"
    form = _answers_form(request, visit, questions)
    if request.method == "POST":
        posted, audiences = _touched(request, application, form)
        faults = actions.save_answers(
            application=application, posted=posted, stricter=audiences, step=slug, by=application.person, now=visit.now,
        )  # fmt: skip
        if request.headers.get("X-Autosave"):
            return HttpResponse(status=422 if faults else 204)
        form.add_faults(faults)
        if not faults:
            on_this_page = {question.pk for question in questions}
            missing = [one for one in queries.missing_questions(application) if one.pk in on_this_page]
            if request.POST.get("go") == "back" or not missing:
                return redirect(_onward(visit, slug, request.POST.get("go") == "back"))
            form.add_missing(missing)
    more = {"form": form, "section": section, "faulty": bool(form.errors), "tab": _tab(request)}
    return step_page(request, visit, slug, "questions", more)


def _answers_form(request: HttpRequest, visit: Visit, questions: list[Question]) -> AnswersForm:
    assert visit.application is not None
    person = visit.application.person
    return AnswersForm(
        request.POST if request.method == "POST" else None,
        questions=questions,
        answers=queries.answers_by_public_id(visit.application),
        zone=person.time_zone if person else visit.programme.time_zone,
        own_audience=True,
    )


def _onward(visit: Visit, slug: str, back: bool) -> str:
    if not back:
        return step_after(visit, slug).url
    steps = steps_of(visit.programme, visit.application, slug)
    return steps[max(next(n for n, step in enumerate(steps) if step.slug == slug) - 1, 0)].url


def _tab(request: HttpRequest) -> str:
    return request.POST.get("tab") or new_secret()[:12]


def _touched(
    request: HttpRequest, application: Application, form: AnswersForm
) -> tuple[dict[Question, Any], dict[Question, str]]:
    """The answers and audiences that this page's reader has touched. What they left alone is left alone, so that
    a second tab does not undo the first; but what this very tab has saved before, it may also put back."""
    changed, narrowed = form.changed_here(), form.audiences_changed_here()
    key, tab = f"tab-{application.public_id}", _tab(request)[:20]
    mine: dict[str, str] = request.session.get(key, {})

    def was_mine(question: Question, what: str = "") -> bool:
        return mine.get(question.public_id + what) == tab

    audiences = {
        question: audience
        for question, audience in form.chosen_audiences().items()
        if question in narrowed or was_mine(question, "-audience")
    }
    posted = {
        question: raw if question in changed or was_mine(question) else form.kept(question)
        for question, raw in form.posted().items()
        if question in changed or was_mine(question) or question in audiences
    }
    touched = mine | {question.public_id: tab for question in changed}
    touched |= {f"{question.public_id}-audience": tab for question in narrowed}
    if touched != mine:
        request.session[key] = touched
    return posted, audiences


@require_http_methods(["GET", "HEAD", "POST"])
@join_page()
def join_capacity(request: HttpRequest, visit: Visit) -> HttpResponse:
    """How many people a mentor takes, and how often they would meet."""
    application = visit.application
    assert application is not None
    if application.role not in ("mentor", "either"):
        return _next(visit, "capacity")
    initial = {
        "capacity": application.capacity or queries.seats_of(application) or visit.programme.usual_capacity,
        "capacity_here": application.capacity_here,
        "rhythm_days": application.rhythm_days or visit.programme.usual_rhythm_days,
    }
    draft = f"time-{application.public_id}"  # typed, and left by Back before it could be taken
    initial |= request.session.get(draft, {})
    form = CapacityForm(request.POST if request.method == "POST" else None, programme=visit.programme, initial=initial)
    back = request.POST.get("go") == "back"
    if form.is_bound and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("capacity", "capacity_here", "rhythm_days")}
        actions.set_offer(application=application, by=application.person, now=visit.now, **given)
        request.session.pop(draft, None)
        if application.state == State.WAITING:
            messages.success(request, _("Saved."))
            return redirect("signup:join-answers", *visit.at)
        return redirect(_onward(visit, "capacity", back))
    if application.state == State.WAITING:
        page = {"programme": visit.programme, "form": form, "back": reverse("signup:join-answers", args=visit.at)}
        return render(request, "signup/profile/time.html", page, status=422 if form.errors else 200)
    if form.is_bound and back:
        request.session[draft] = {name: request.POST.get(name, "")[:20] for name in form.fields}
        return redirect(_onward(visit, "capacity", back))
    return step_page(request, visit, "capacity", "capacity", {"form": form, "faulty": bool(form.errors)})


@require_http_methods(["GET", "HEAD", "POST"])
@join_page()
def join_not_for(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the programme is not. The terms come only after this."""
    assert visit.application is not None
    if request.method == "POST":
        actions.pass_panel(application=visit.application, now=visit.now)
        return _next(visit, "not-for")
    return step_page(request, visit, "not-for", "not_for", {})


@require_http_methods(["GET", "HEAD", "POST"])
@join_page()
def join_terms(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The terms, and sending. What is still missing is said, with the way there."""
    application = visit.application
    assert application is not None
    if application.not_for_seen_at is None:
        return redirect("signup:join-not-for", *visit.at)
    version = visit.programme.terms_version
    posted = request.POST.copy() if request.method == "POST" else None
    stale = posted is not None and posted.get("version") != str(version)
    if posted is not None:
        posted["version"] = str(version)
    form = TermsForm(posted, initial={"version": version})
    if stale:
        form.add_error(None, _("The terms have changed since you opened this page. Please read them again."))
    missing = _missing(visit)
    if form.is_bound and form.is_valid() and not missing:
        try:
            actions.send_application(
                application=application, terms_version=version, by=application.person, now=visit.now
            )
        except actions.NotReady:  # the form or the terms changed at this very moment
            return redirect("signup:join-terms", *visit.at)
        return redirect("signup:join-sent", *visit.at)
    return step_page(request, visit, "terms", "terms", {"form": form, "missing": missing, "faulty": form.is_bound})


def _missing(visit: Visit) -> list[dict[str, str]]:
    """What is still to do, each with its page."""
    application = visit.application
    assert application is not None
    found = []
    missing = {question.pk for question in queries.missing_questions(application)}
    for number, (_section, questions) in enumerate(section_questions(visit.programme, application), start=1):
        url = reverse("signup:join-questions", args=[*visit.at, number])
        found += [{"label": question.label, "url": url} for question in questions if question.pk in missing]
    if application.role in ("mentor", "either") and not application.capacity:
        found.append(
            {"label": _("How many people you can be there for"), "url": reverse("signup:join-capacity", args=visit.at)}
        )
    return found
