"""What I told a programme: my answers, who sees each, whether I can be asked, how many I take."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from twoway.history.clock import now as clock_now
from twoway.people.actions.membership import come_back, pause
from twoway.people.audience import Audience, label_for
from twoway.people.models import Person, Programme
from twoway.people.queries import today_in
from twoway.people.rules import may_see_programme
from twoway.people.tenancy import PersonRequest, programme_page
from twoway.signup import queries
from twoway.signup.actions.application import save_answers, set_offer
from twoway.signup.forms.answers import AnswersForm
from twoway.signup.forms.invitation import PauseForm
from twoway.signup.forms.join import CapacityForm
from twoway.signup.models import Application
from twoway.signup.showing import is_asked


def own_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about one's own membership; the view gets the application it began with."""

    @programme_page(may_see_programme)
    @wraps(view)
    def page(request: PersonRequest, programme: Programme, **kwargs: Any) -> HttpResponse:
        application = queries.joined_application(request.user, programme)
        if application is None:
            raise Http404
        return view(request, programme, application, **kwargs)

    return page


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def profile(request: PersonRequest, programme: Programme, application: Application) -> HttpResponse:
    """My answers, mine to change, each with who can see it. Whatever is pressed on the page keeps what was typed."""
    at = [programme.organisation.slug, programme.slug]
    form = answers_form(request, application, request.user)
    if request.method == "POST":
        go = request.POST.get("go", "")
        faults = save_answers(
            application=application, posted=form.posted(), stricter=form.chosen_audiences(), step="", by=request.user,
            now=clock_now(),
        )  # fmt: skip
        if not faults:
            messages.success(request, _("Your answers are saved."))
            if go == "back":
                _come_back(request, application)
            return redirect({"pause": "signup:profile-availability", "time": "signup:profile-offer"}.get(
                go, "signup:profile"), *at)  # fmt: skip
        form.add_faults(faults)
    missing = queries.missing_questions(application)
    page = {
        "programme": programme,
        "application": application,
        "membership": application.membership,
        "form": form,
        "sections": form.sections(application.role, missing),
        "mentors": application.role in ("mentor", "either"),
        "offer": _offer_of(application),
        "missing": missing,
        "label": label_for(Audience.COORDINATORS),
    }
    return render(request, "signup/profile/profile.html", page, status=422 if form.errors else 200)


def answers_form(request: HttpRequest, application: Application, person: Person) -> AnswersForm:
    """All questions put to somebody in this role, on one page."""
    asked = queries.questions_of(application.intake.programme)
    return AnswersForm(
        request.POST if request.method == "POST" else None,
        questions=[question for question in asked if is_asked(question, application.role)],
        answers=queries.answers_by_public_id(application), zone=person.time_zone, own_audience=True,
    )  # fmt: skip


def _offer_of(application: Application) -> dict[str, Any]:
    programme = application.intake.programme
    assert application.membership is not None
    return {
        "capacity": queries.seats_of(application) or application.capacity,
        "capacity_here": application.capacity_here,
        "rhythm_days": application.membership.rhythm_days or programme.usual_rhythm_days,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def profile_offer(request: PersonRequest, programme: Programme, application: Application) -> HttpResponse:
    """How many I take, and how often we would meet."""
    if application.role not in ("mentor", "either"):
        raise Http404
    back = reverse("signup:profile", args=[programme.organisation.slug, programme.slug])
    data = request.POST if request.method == "POST" else None
    form = CapacityForm(data, programme=programme, initial=_offer_of(application))
    if form.is_bound and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("capacity", "capacity_here", "rhythm_days")}
        set_offer(application=application, by=request.user, now=clock_now(), **given)
        messages.success(request, _("Saved. Nobody you are already there for is taken from you."))
        return redirect(back)
    page = {"programme": programme, "form": form, "back": back, "label": label_for(Audience.COORDINATORS)}
    return render(request, "signup/profile/time.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def profile_availability(request: PersonRequest, programme: Programme, application: Application) -> HttpResponse:
    """Pause, until a date or until I say so; or come back."""
    membership, now = application.membership, clock_now()
    assert membership is not None
    at = [programme.organisation.slug, programme.slug]
    if request.method == "POST" and request.POST.get("do") == "back":
        _come_back(request, application)
        return redirect("signup:profile", *at)
    form = PauseForm(request.POST if request.method == "POST" else None, initial={"until": membership.paused_until})
    if form.is_bound and form.is_valid():
        until = form.cleaned_data["until"]
        if until is None or until > today_in(programme, now):
            pause(membership=membership, until=until, by=request.user, now=now)
            messages.success(request, _("You are paused here. What you share with others goes on as it is."))
            return redirect("signup:profile", *at)
        form.add_error("until", _("Please choose a day to come."))
    page = {"programme": programme, "membership": membership, "form": form, "label": label_for(Audience.COORDINATORS)}
    return render(request, "signup/profile/pause.html", page, status=422 if form.errors else 200)


def _come_back(request: PersonRequest, application: Application) -> None:
    assert application.membership is not None
    come_back(membership=application.membership, by=request.user, now=clock_now())
    messages.success(request, _("Good to have you back. You can be matched again."))
