"""What I told a programme: my answers, who sees each, whether I can be asked, how many I take."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from twoway.history.clock import now as clock_now
from twoway.people.actions.membership import come_back, pause
from twoway.people.audience import Audience, label_for
from twoway.people.models import Programme
from twoway.people.queries import today_in
from twoway.people.rules import may_see_programme
from twoway.people.tenancy import PersonRequest, programme_page
from twoway.signup import queries
from twoway.signup.actions.application import save_answers, set_offer
from twoway.signup.forms.answers import AnswersForm
from twoway.signup.forms.invitation import PauseForm
from twoway.signup.forms.join import CapacityForm
from twoway.signup.models import Application
from twoway.signup.showing import is_asked, shown_questions


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


@require_http_methods(["GET", "POST"])
@own_page
def profile(request: PersonRequest, programme: Programme, application: Application) -> HttpResponse:
    """My answers, mine to change, each with who can see it."""
    form = _answers_form(request, programme, application)
    if request.method == "POST":
        faults = save_answers(
            application=application, posted=form.posted(), stricter=form.chosen_audiences(), step="", by=request.user,
            now=clock_now(),
        )  # fmt: skip
        if not faults:
            messages.success(request, _("Saved."))
            return redirect("signup:profile", programme.organisation.slug, programme.slug)
        form.add_faults(faults)
    return _page(request, programme, application, form=form)


def _answers_form(request: PersonRequest, programme: Programme, application: Application) -> AnswersForm:
    answers = queries.answers_by_public_id(application)
    asked = [question for question in queries.questions_of(programme) if is_asked(question, application.role)]
    return AnswersForm(
        request.POST if request.method == "POST" else None, questions=asked, answers=answers,
        zone=request.user.time_zone, own_audience=True,
    )  # fmt: skip


def _page(request: PersonRequest, programme: Programme, application: Application, **forms: Any) -> HttpResponse:
    form = forms.get("form") or AnswersForm(
        questions=[one for one in queries.questions_of(programme) if is_asked(one, application.role)],
        answers=queries.answers_by_public_id(application), zone=request.user.time_zone, own_audience=True,
    )  # fmt: skip
    mentors = application.role in ("mentor", "either")
    offer = forms.get("offer") or (
        CapacityForm(programme=programme, initial=_offer_of(application)) if mentors else None
    )
    pause_form = forms.get("pause") or PauseForm()
    page = {
        "programme": programme,
        "application": application,
        "membership": application.membership,
        "form": form,
        "offer": offer,
        "pause": pause_form,
        "missing": queries.missing_questions(application),
        "shown": {one.pk for one in shown_questions(form.questions, _values(application), application.role)},
        "label": label_for(Audience.COORDINATORS),
    }
    faulty = any(one is not None and one.errors for one in (form, offer, pause_form))
    return render(request, "signup/profile/profile.html", page, status=422 if faulty else 200)


def _values(application: Application) -> dict[str, Any]:
    return {key: answer.value for key, answer in queries.answers_by_public_id(application).items()}


def _offer_of(application: Application) -> dict[str, Any]:
    programme = application.intake.programme
    assert application.membership is not None
    return {
        "capacity": queries.seats_of(application) or application.capacity,
        "capacity_here": application.capacity_here,
        "rhythm_days": application.membership.rhythm_days or programme.usual_rhythm_days,
    }


@require_POST
@own_page
def profile_offer(request: PersonRequest, programme: Programme, application: Application) -> HttpResponse:
    """How many I take, and how often we would meet."""
    if application.role not in ("mentor", "either"):
        raise Http404
    form = CapacityForm(request.POST, programme=programme)
    if not form.is_valid():
        return _page(request, programme, application, offer=form)
    given = {name: form.cleaned_data[name] for name in ("capacity", "capacity_here", "rhythm_days")}
    set_offer(application=application, by=request.user, now=clock_now(), **given)
    messages.success(request, _("Saved. Nobody you are already there for is taken from you."))
    return redirect("signup:profile", programme.organisation.slug, programme.slug)


@require_POST
@own_page
def profile_availability(request: PersonRequest, programme: Programme, application: Application) -> HttpResponse:
    """Pause, until a date or until I say so; or come back."""
    membership, now = application.membership, clock_now()
    assert membership is not None
    if request.POST.get("do") == "back":
        come_back(membership=membership, by=request.user, now=now)
        messages.success(request, _("Good to have you back. You can be matched again."))
        return redirect("signup:profile", programme.organisation.slug, programme.slug)
    form = PauseForm(request.POST)
    if form.is_valid() and form.cleaned_data["until"] and form.cleaned_data["until"] <= today_in(programme, now):
        form.add_error("until", _("Please choose a day to come."))
    if not form.is_valid():
        return _page(request, programme, application, pause=form)
    pause(membership=membership, until=form.cleaned_data["until"], by=request.user, now=now)
    messages.success(request, _("You are paused here. What you share with others goes on as it is."))
    return redirect("signup:profile", programme.organisation.slug, programme.slug)
