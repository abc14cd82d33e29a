"""The mentee's questions for the next meeting."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from twoway.history.clock import now as clock_now
from twoway.loops.actions import agenda as act
from twoway.loops.actions.meeting import EVENING
from twoway.loops.forms.agenda import AgendaItemForm, SuggestionForm
from twoway.loops.models import AgendaItem, Meeting
from twoway.loops.queries import Standing
from twoway.loops.queries.agenda import OPEN, agenda_of, item_in, suggestions_in, talked_about_in
from twoway.loops.queries.meeting import next_in
from twoway.loops.rules import may_keep_agenda, may_suggest, may_write
from twoway.loops.views.door import came_too_late, item_or_404, loop_page
from twoway.loops.views.shown import labels, questions_of
from twoway.loops.zones import evening_before
from twoway.people.tenancy import PersonRequest

State = AgendaItem.State
ASKED_FOR = 3


@loop_page
@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: PersonRequest, standing: Standing) -> HttpResponse:
    """The list. The mentee adds to it; the mentor reads what is shared."""
    if request.method == "POST" and not may_keep_agenda(standing):
        raise Http404
    form = AgendaItemForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        act.add_agenda_item(loop=standing.loop, by=request.user, now=clock_now(), **said)
        return redirect("loops:agenda", standing.loop.public_id)
    return _answer(request, standing, form=form, status=422 if form.errors else 200)


@loop_page
@require_POST
def agenda_suggestion(request: PersonRequest, standing: Standing) -> HttpResponse:
    """The mentor suggests a question."""
    if not may_suggest(standing):
        raise Http404
    form = SuggestionForm(request.POST)
    if not form.is_valid():
        return _answer(request, standing, suggestion=form, status=422)
    act.suggest_agenda_item(loop=standing.loop, text=form.cleaned_data["text"], by=request.user, now=clock_now())
    messages.success(request, _("Suggested. It is theirs to take or leave."))
    return redirect("loops:agenda", standing.loop.public_id)


@loop_page
@require_POST
def agenda_sharing(request: PersonRequest, standing: Standing) -> HttpResponse:
    """Share all drafts now."""
    if not may_keep_agenda(standing):
        raise Http404
    act.share_agenda(loop=standing.loop, by=request.user, now=clock_now())
    messages.success(request, _("Shared. %(name)s can prepare now.") % {"name": standing.other.name})
    return redirect("loops:agenda", standing.loop.public_id)


@loop_page
@require_http_methods(["GET", "HEAD", "POST"])
def agenda_item(request: PersonRequest, standing: Standing, item: str) -> HttpResponse:
    """Change one question."""
    known = item_in(standing, item)
    if request.method == "POST" and may_keep_agenda(standing) and (known is None or known.state not in OPEN):
        return came_too_late(request, standing, _("This question left the list in the meantime. Nothing was changed."))
    found = item_or_404(standing, item)
    if not may_keep_agenda(standing) or found.state not in OPEN:
        raise Http404
    start = {"text": found.text, "tried": found.tried, "plan": found.plan}
    form = AgendaItemForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        act.edit_agenda_item(item=found, by=request.user, now=clock_now(), **form.cleaned_data)
        return redirect("loops:agenda", standing.loop.public_id)
    page = {"form": form, "standing": standing, "question": questions_of([found], clock_now())[0]}
    return render(request, "loops/agenda/item.html", page, status=422 if form.errors else 200)


_ACTS: dict[str, tuple[tuple[str, ...], Callable[..., Any]]] = {
    "share": ((State.DRAFT,), act.share_agenda_item),
    "done": ((State.SHARED,), act.tick_agenda_item),
    "again": ((State.DONE,), act.untick_agenda_item),
    "leave": ((State.DRAFT, State.SHARED, State.SUGGESTED), act.leave_out_agenda_item),
    "take": ((State.SUGGESTED,), act.take_suggestion),
}


@loop_page
@require_POST
def agenda_item_state(request: PersonRequest, standing: Standing, item: str) -> HttpResponse:
    """One button on one question: share, talked about, again, leave out, take, up, down."""
    found = item_or_404(standing, item)
    if not may_keep_agenda(standing):
        raise Http404
    to = request.POST.get("to", "")
    if to in ("up", "down") and found.state in OPEN:
        act.order_agenda_item(item=found, up=to == "up", by=request.user, now=clock_now())
    elif to in _ACTS and found.state in _ACTS[to][0]:
        _ACTS[to][1](item=found, by=request.user, now=clock_now())
    else:
        messages.warning(request, _("The list has changed since you opened the page. Here is how it stands now."))
    return redirect("loops:agenda", standing.loop.public_id)


def _answer(
    request: PersonRequest,
    standing: Standing,
    *,
    form: AgendaItemForm | None = None,
    suggestion: SuggestionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = clock_now()
    questions = questions_of(agenda_of(standing), now)
    coming = next_in(standing.loop, now)
    page = {
        "standing": standing, "labels": labels(), "next": coming, "questions": questions,
        "suggestions": suggestions_in(standing), "talked_about": talked_about_in(standing),
        "form": form or AgendaItemForm(), "suggestion": suggestion or SuggestionForm(),
        "mine_to_keep": may_keep_agenda(standing), "may_write": may_write(standing),
        "may_suggest": may_suggest(standing),
        "drafts": sum(question.is_draft for question in questions),
        "room_for": range(len(questions) + 1, ASKED_FOR + 1),
        "shares_itself_at": _shares_itself_at(coming, standing, now),
    }  # fmt: skip
    return render(request, "loops/agenda/agenda.html", page, status=status)


def _shares_itself_at(meeting: Meeting | None, standing: Standing, now: datetime) -> datetime | None:
    """When drafts go out by themselves, if they still will."""
    if meeting is None or meeting.starts_at is None or meeting.reminder_shared_at is not None:
        return None
    evening = evening_before(meeting.starts_at, ZoneInfo(standing.mentee.person.time_zone), EVENING)
    return evening if evening > now else None
