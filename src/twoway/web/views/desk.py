"""The desk: who needs somebody today, then a few quiet figures."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from twoway.history.clock import now as clock_now
from twoway.history.kept import kept
from twoway.loops.queries.desk import loops_by_step
from twoway.matching.queries.coverage import coverage
from twoway.people import queries as people
from twoway.people.actions import desk as actions
from twoway.people.rules import may_run_programme
from twoway.people.tenancy import PersonRequest, programme_page
from twoway.web.addresses import at
from twoway.web.templatetags.twoway import day_of
from twoway.web.worklist import AT_ONCE, desk_of, line_of

if TYPE_CHECKING:
    from datetime import datetime

    from twoway.loops.queries.desk import StepCount
    from twoway.matching.queries.coverage import Coverage
    from twoway.people.models import Intake, Programme

LONGEST_REST = timedelta(days=92)
A_PAGE = 50


@require_safe
@programme_page(may_run_programme)
def desk(request: PersonRequest, programme: Programme) -> HttpResponse:
    now = clock_now()
    if request.GET.get("line"):
        return _one_line(request, programme, now)
    page = {
        "programme": programme,
        "desk": desk_of(programme, now),
        "at_once": AT_ONCE,
        **_acts(request, programme, now),
        **_figures(programme, now),
    }
    return render(request, "web/desk/desk.html", page)


def _one_line(request: PersonRequest, programme: Programme, now: datetime) -> HttpResponse:
    """All of one line, page by page; what is done meanwhile leads back to the desk."""
    kind = request.GET["line"]
    waits = line_of(programme, kind, now)
    if waits is None:
        return redirect("web:desk", *at(programme))
    page = {
        "programme": programme,
        "line": waits.line,
        "page": Paginator(waits, A_PAGE).get_page(request.GET.get("page")),
        "query": f"line={kind}",
        **_acts(request, programme, now),
    }
    return render(request, "web/desk/one_line.html", page)


def _acts(request: PersonRequest, programme: Programme, now: datetime) -> dict[str, Any]:
    """Whom an item can be passed on to, and until when it can rest. For one that nobody has taken these are always
    the same, and put into words once."""
    today = people.today_in(programme, now)
    acts = {
        "note_url": reverse("web:desk-note", args=at(programme)),
        "colleagues": [one for one in people.coordinators_of(programme) if one != request.user],
        "rests": [
            (_("until tomorrow"), today + timedelta(days=1)),
            (_("for three days"), today + timedelta(days=3)),
            (_("for a week"), today + timedelta(days=7)),
            (_("for a month"), today + timedelta(days=30)),
        ],
    }
    return {**acts, "elsewhere": render_to_string("web/desk/elsewhere.html", acts)}


def _figures(programme: Programme, now: datetime) -> dict[str, Any]:
    """Reached of wanted, seats for those who wait, and how far the loops are: each with what it is out of."""
    intake = people.current_intake(programme, now)
    name = ("figures", programme.pk, intake.pk if intake is not None else None)
    found, steps = kept(name, partial(_counted, programme, intake, now), now=now)
    ratio = found.ratio if found is not None else None
    return {
        "intake": intake,
        "coverage": found,
        "ratio": number_format(ratio, 1) if ratio is not None else None,
        "steps": steps,
    }


def _counted(programme: Programme, intake: Intake | None, now: datetime) -> tuple[Coverage | None, list[StepCount]]:
    return coverage(intake, now) if intake is not None else None, loops_by_step(programme, now)


@require_POST
@programme_page(may_run_programme)
def desk_note(request: PersonRequest, programme: Programme) -> HttpResponse:
    """Take an item, pass it on, put it back, or let it rest. What is done in the meantime is left alone."""
    now, key = clock_now(), request.POST.get("key", "")
    back = redirect("web:desk", *at(programme))
    if not desk_of(programme, now, most=0).holds(key):
        messages.info(request, _("That is done already. There was nothing to change."))
        return back
    about: dict[str, Any] = {"programme": programme, "key": key, "by": request.user, "now": now}
    do, _sep, which = request.POST.get("do", "").partition(":")
    if do == "take":
        actions.take_item(**about)
        messages.success(request, _("It is yours now. The others see your name beside it."))
    elif do == "let-go":
        actions.let_item_go(**about)
        messages.success(request, _("It is back on the desk for everybody."))
    elif do == "pass":
        _pass_on(request, programme, which, about)
    elif do == "rest":
        _rest(request, programme, which, about)
    elif do == "wake":
        actions.wake_items(**about)
        messages.success(request, _("It is back on the desk."))
    return back


def _pass_on(request: PersonRequest, programme: Programme, which: str, about: dict[str, Any]) -> None:
    to = people.coordinator_with_id(programme, which)
    if to is None:
        messages.error(request, _("Please choose who should see to it."))
        return
    actions.pass_item_on(to=to, url=reverse("web:desk", args=at(programme)), **about)
    messages.success(request, _("%(name)s has been asked to see to it.") % {"name": to.name})


def _rest(request: PersonRequest, programme: Programme, which: str, about: dict[str, Any]) -> None:
    today = people.today_in(programme, about["now"])
    try:
        until = date.fromisoformat(which)
    except ValueError:
        until = today
    if not today < until <= today + LONGEST_REST:
        messages.error(request, _("Please choose a day to come, within three months."))
        return
    actions.snooze_items(until=until, **about)
    messages.success(request, _("It comes back by itself on %(day)s.") % {"day": day_of(until, "l j F")})
