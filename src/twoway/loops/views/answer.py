"""Did it happen? One line each, never required."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from twoway.history.clock import now as clock_now
from twoway.loops.actions.answer import answer_meeting
from twoway.loops.forms.meeting import AnswerForm
from twoway.loops.models import MeetingAnswer
from twoway.loops.queries import Standing
from twoway.loops.queries.agenda import agenda_of
from twoway.loops.queries.meeting import answer_of
from twoway.loops.rules import audience_of_take_away, may_keep_agenda
from twoway.loops.views.door import loop_page, meeting_or_404
from twoway.loops.views.meeting import may_answer_now
from twoway.loops.views.shown import labels, over_of, questions_of
from twoway.people.audience import label_for
from twoway.people.tenancy import PersonRequest

LINES = ("take_away", "take_away_shared", "next_step", "heard")
SAID = ("happened", *LINES)


@loop_page
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_answer(request: PersonRequest, standing: Standing, meeting: str) -> HttpResponse:
    found = meeting_or_404(standing, meeting)
    if not may_answer_now(found):
        raise Http404
    mine = answer_of(found, request.user)
    take_away_label = label_for(audience_of_take_away(mine or MeetingAnswer(meeting=found, person=request.user)))
    start = {"happened": {True: "yes", False: "no", None: ""}[mine.happened]} if mine else {}
    for name in LINES if mine else ():
        start[name] = getattr(mine, name)
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=start)
    seen = mine.at.isoformat() if mine else "nothing"
    is_stale = "take_away" in request.POST and request.POST.get("seen", seen) != seen and not _stands(form, mine)
    if is_stale:
        form.add_error(None, _stands_now(mine))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if "take_away" not in request.POST:  # one tap says yes or no, and nothing about the lines
            said |= {name: getattr(mine, name) for name in LINES} if mine else {}
        answer_meeting(meeting=found, by=request.user, now=clock_now(), **said)
        messages.success(request, _("Kept. You can change it at any time."))
        return redirect("loops:meeting", standing.loop.public_id, found.public_id)
    page = {
        "form": form, "standing": standing, "meeting": found, "over": over_of(standing, found), "labels": labels(),
        "take_away_label": take_away_label, "seen": seen,
        "questions": questions_of(agenda_of(standing), clock_now()) if may_keep_agenda(standing) else [],
    }  # fmt: skip
    status = 409 if is_stale else 422 if form.errors else 200
    return render(request, "loops/meeting/answer.html", page, status=status)


def _stands(form: AnswerForm, mine: MeetingAnswer | None) -> bool:
    """Whether what is said is what stands already, as when somebody presses twice."""
    return form.is_valid() and mine is not None and all(form.cleaned_data[name] == getattr(mine, name) for name in SAID)


def _stands_now(mine: MeetingAnswer | None) -> str:
    """What was kept from another page since this one was opened."""
    kept = [{True: _("you met"), False: _("you did not meet"), None: ""}[mine.happened]] if mine else []
    kept += [f"“{line}”" for line in (mine.take_away, mine.next_step) if line] if mine else []
    if not any(kept):
        return _("Your answer has changed since you opened this page. To keep what stands here, press once more.")
    said = _("Your answer has changed since you opened this page. Kept is: %(lines)s. To put what stands here in its"
             " place, press once more.")  # fmt: skip
    return said % {"lines": " · ".join(filter(None, kept))}
