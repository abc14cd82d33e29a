"""Intakes: their dates, and what each date does before it does it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from twoway.history.clock import now as clock_now
from twoway.people import queries
from twoway.people.actions.intake import change_intake, make_intake
from twoway.people.forms.intake import IntakeForm
from twoway.people.models import Intake, Programme
from twoway.people.phases import sign_up_of, sign_up_window, what_dates_do
from twoway.people.rules import may_change_programme, may_run_programme
from twoway.people.tenancy import PersonRequest, programme_page


@require_safe
@programme_page(may_run_programme)
def intakes(request: PersonRequest, programme: Programme) -> HttpResponse:
    now = clock_now()
    rows = [
        {
            "intake": intake,
            "sign_up": sign_up_of(intake, now),
            "effects": what_dates_do(intake, now),
            "rolling": sign_up_window(intake)[1] is None,
        }
        for intake in queries.intakes_of(programme)
    ]
    return render(
        request,
        "people/intake/intakes.html",
        {
            "programme": programme,
            "rows": rows,
            "now": now,
            "may_change": may_change_programme(request.user, programme),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_change_programme)
def intake_new(request: PersonRequest, programme: Programme) -> HttpResponse:
    form = IntakeForm(request.POST or None, programme=programme)
    if request.method == "POST" and form.is_valid() and "look" not in request.POST:
        make_intake(
            programme=programme, name=form.cleaned_data["name"], days=form.days(), by=request.user, now=clock_now()
        )
        messages.success(request, _("The intake is there. Its dates can be moved at any time."))
        return redirect("people:intakes", programme.organisation.slug, programme.slug)
    return _form_page(request, programme, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_change_programme)
def intake_edit(request: PersonRequest, programme: Programme, intake_id: str) -> HttpResponse:
    """Move dates. A change that opens or closes sign-up at once is shown before it is kept."""
    intake = get_object_or_404(queries.intakes_of(programme), public_id=intake_id)
    form = IntakeForm(request.POST or None, programme=programme, intake=intake)
    if request.method == "POST" and form.is_valid() and "look" not in request.POST:
        at_once = _happens_at_once(intake, form.as_intake())
        if not at_once or request.POST.get("at_once") == at_once:
            change_intake(
                intake=intake, name=form.cleaned_data["name"], days=form.days(), by=request.user, now=clock_now()
            )
            messages.success(request, _("Saved."))
            return redirect("people:intakes", programme.organisation.slug, programme.slug)
        return _form_page(request, programme, form, intake, at_once=at_once)
    return _form_page(request, programme, form, intake)


def _happens_at_once(before: Intake, after: Intake) -> str:
    """opens or closes, where saving would do that to sign-up this very moment; else nothing."""
    now = clock_now()
    was, will = queries.sign_up_is_open(before, now), queries.sign_up_is_open(after, now)
    return "" if was == will else "opens" if will else "closes"


def _form_page(
    request: PersonRequest, programme: Programme, form: IntakeForm, intake: Intake | None, at_once: str = ""
) -> HttpResponse:
    now = clock_now()
    typed = request.method == "POST" and form.is_valid()
    shown = form.as_intake() if typed else intake
    return render(
        request,
        "people/intake/edit.html",
        {
            "programme": programme,
            "form": form,
            "intake": intake,
            "effects": what_dates_do(shown, now) if shown else [],
            "never_closes": shown is not None and sign_up_window(shown)[1] is None,
            "typed": typed,
            "at_once": at_once,
            "now": now,
        },
        status=422 if form.errors or at_once else 200,
    )
