"""The help a programme points to, as its coordinators keep it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twoway.history.clock import now as clock_now
from twoway.people import queries
from twoway.people.actions.support_line import (
    add_support_line,
    change_support_line,
    confirm_support_line,
    drop_support_line,
)
from twoway.people.countries import country_name
from twoway.people.forms.support_line import SupportLineForm
from twoway.people.models import Programme, SupportLine
from twoway.people.rules import may_change_programme, may_run_programme
from twoway.people.tenancy import PersonRequest, programme_page


@require_safe
@programme_page(may_run_programme)
def support_lines(request: PersonRequest, programme: Programme) -> HttpResponse:
    """Every entry with its age: amber after half a year, hidden from members after a year."""
    today = queries.today_in(programme, clock_now())
    lines = [_with_age(line, today) for line in queries.support_lines_of(programme)]
    shown = {line["line"].country for line in lines if not line["hidden"]}
    lost = sorted({country_name(line["line"].country) for line in lines if line["line"].country not in shown})
    return render(
        request,
        "people/support_line/support_lines.html",
        {
            "programme": programme,
            "lines": lines,
            "lost": lost,
            "may_change": may_change_programme(request.user, programme),
        },
    )


def _with_age(line: SupportLine, today: date) -> dict[str, Any]:
    age = today - line.checked_on
    return {
        "line": line,
        "country": country_name(line.country),
        "days": age.days,
        "amber": queries.AMBER_AFTER < age <= queries.HIDDEN_AFTER,
        "hidden": age > queries.HIDDEN_AFTER,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_change_programme)
def support_line_new(request: PersonRequest, programme: Programme) -> HttpResponse:
    today = queries.today_in(programme, clock_now())
    form = SupportLineForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        add_support_line(programme=programme, fields=form.cleaned_data, by=request.user, now=clock_now())
        messages.success(request, _("Entered. Everybody in the programme finds it under “Get support”."))
        return _back(programme)
    return _form_page(request, programme, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_change_programme)
def support_line_edit(request: PersonRequest, programme: Programme, line_id: str) -> HttpResponse:
    line = get_object_or_404(queries.support_lines_of(programme), public_id=line_id)
    form = SupportLineForm(request.POST or None, today=queries.today_in(programme, clock_now()), line=line)
    if request.method == "POST" and form.is_valid():
        change_support_line(line=line, fields=form.cleaned_data, by=request.user, now=clock_now())
        messages.success(request, _("Saved."))
        return _back(programme)
    return _form_page(request, programme, form, line)


def _form_page(
    request: PersonRequest, programme: Programme, form: SupportLineForm, line: SupportLine | None
) -> HttpResponse:
    page = {"programme": programme, "form": form, "line": line}
    return render(request, "people/support_line/edit.html", page, status=422 if form.errors else 200)


@require_POST
@programme_page(may_change_programme)
def support_line_check(request: PersonRequest, programme: Programme, line_id: str) -> HttpResponse:
    """Somebody has tried it today, and it is right."""
    line = get_object_or_404(queries.support_lines_of(programme), public_id=line_id)
    now = clock_now()
    confirm_support_line(line=line, today=queries.today_in(programme, now), by=request.user, now=now)
    messages.success(request, _("%(name)s: checked today.") % {"name": line.name})
    return _back(programme)


@require_POST
@programme_page(may_change_programme)
def support_line_drop(request: PersonRequest, programme: Programme, line_id: str) -> HttpResponse:
    line = get_object_or_404(queries.support_lines_of(programme), public_id=line_id)
    drop_support_line(line=line, by=request.user, now=clock_now())
    messages.success(request, _("%(name)s is taken off.") % {"name": line.name})
    return _back(programme)


def _back(programme: Programme) -> HttpResponse:
    return redirect("people:support-lines", programme.organisation.slug, programme.slug)
