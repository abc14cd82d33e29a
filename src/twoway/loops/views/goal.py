"""Goals: the list, writing one, its page, changing it, who sees it, and where it comes to."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twoway.history.clock import now as clock_now
from twoway.loops.actions import goal as act
from twoway.loops.forms.goal import CommentForm, GoalForm, LevelForm, NewGoalForm, SharingForm, StepsForm
from twoway.loops.models import Goal
from twoway.loops.queries import Standing
from twoway.loops.queries.goal import earlier_goals, steps_of
from twoway.loops.rules import may_keep_goals, may_write
from twoway.loops.views.door import goal_page_in, loop_page, own_goal_page
from twoway.loops.views.goal_shown import goal_page, goals_beside, names_of_others, start_of
from twoway.people.tenancy import PersonRequest

State = Goal.State


@loop_page
@require_safe
def goals(request: PersonRequest, standing: Standing) -> HttpResponse:
    """The goals of a loop: one's own, and those that are shared."""
    page = {
        **goals_beside(standing), "standing": standing, "earlier": earlier_goals(standing),
        "may_write": may_write(standing),
    }  # fmt: skip
    return render(request, "loops/goal/list.html", page)


@loop_page
@require_http_methods(["GET", "HEAD", "POST"])
def goal_new(request: PersonRequest, standing: Standing) -> HttpResponse:
    """Write a goal. While three are open it says so, and keeps what was typed."""
    if not may_keep_goals(standing):
        raise Http404
    form = NewGoalForm(request.POST if request.method == "POST" else None, initial={"form_key": uuid.uuid4()})
    page = {**goals_beside(standing), "standing": standing, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            found = act.add_goal(loop=standing.loop, by=request.user, now=clock_now(), **_written(form))
        except act.Full:
            return render(request, "loops/goal/new.html", {**page, "may_add_goal": False, "typed": True}, status=409)
        messages.success(request, _("Kept. Only you can see it until you share it."))
        return redirect("loops:goal", standing.loop.public_id, found.public_id)
    return render(request, "loops/goal/new.html", page, status=422 if form.errors else 200)


def _written(form: NewGoalForm) -> dict[str, Any]:
    said = dict(form.cleaned_data)
    key = said.pop("form_key")
    return {**said, "form_key": str(key) if key else None}


@goal_page_in
@require_safe
def goal(request: PersonRequest, standing: Standing, goal: Goal) -> HttpResponse:
    """One goal: what it is, its steps, where it is now, and what was said about it."""
    return goal_answer(request, standing, goal)


def goal_answer(
    request: PersonRequest,
    standing: Standing,
    goal: Goal,
    *,
    level: LevelForm | None = None,
    comment: CommentForm | None = None,
    steps: StepsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """A goal's page, with what could not be taken where there is something."""
    page = {
        **goal_page(standing, goal),
        "level_form": level or LevelForm(goal=goal, initial={"form_key": uuid.uuid4()}),
        "comment_form": comment or CommentForm(initial={"form_key": uuid.uuid4()}, auto_id="said_%s"),
        "steps_form": steps or StepsForm(),
    }
    return render(request, "loops/goal/goal.html", page, status=status)


@own_goal_page
@require_http_methods(["GET", "HEAD", "POST"])
def goal_edit(request: PersonRequest, standing: Standing, goal: Goal) -> HttpResponse:
    """Change one's goal. A page that was opened before it changed says what it would replace."""
    form = GoalForm(request.POST if request.method == "POST" else None, initial=start_of(goal), still=goal.by_when)
    is_stale = request.method == "POST" and is_old(request, goal)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data == start_of(goal):  # pressed twice, or nothing was changed
            return redirect("loops:goal", standing.loop.public_id, goal.public_id)
        if not is_stale:
            try:
                act.edit_goal(goal=goal, seen=goal.version, by=request.user, now=clock_now(), **form.cleaned_data)
            except act.Changed:
                is_stale = True
            else:
                messages.success(request, _("Kept."))
                return redirect("loops:goal", standing.loop.public_id, goal.public_id)
    if is_stale:
        form.add_error(None, changed_words())
    page = {"form": form, "standing": standing, "goal": goal, "is_stale": is_stale}
    page |= {key: value for key, value in goal_page(standing, goal).items() if key == "seen_label"}
    return render(request, "loops/goal/edit.html", page, status=_status(form, is_stale=is_stale))


@own_goal_page
@require_http_methods(["GET", "HEAD", "POST"])
def goal_sharing(request: PersonRequest, standing: Standing, goal: Goal) -> HttpResponse:
    """Who sees a goal: share it, take that back, say which steps go with it and whether coordinators read its title."""
    steps, sponsored = steps_of(standing, goal), standing.me.sponsored and goal.state == State.OPEN
    start = {
        "shared": goal.shared_at is not None, "title_shown": goal.title_shown,
        "steps": [step.public_id for step in steps if step.shared],
    }  # fmt: skip
    form = SharingForm(
        request.POST if request.method == "POST" else None, initial=start, names=names_of_others(standing), steps=steps,
        sponsored=sponsored,
    )  # fmt: skip
    is_stale = request.method == "POST" and is_old(request, goal)
    if request.method == "POST" and form.is_valid() and not is_stale:
        said = {"steps": [], "title_shown": goal.title_shown, **form.cleaned_data}
        try:
            act.share_goal(goal=goal, seen=goal.version, by=request.user, now=clock_now(), **said)
        except act.Changed:
            is_stale = True
        else:
            messages.success(request, _shared_words(standing, goal))
            return redirect("loops:goal", standing.loop.public_id, goal.public_id)
    if is_stale:
        form.add_error(None, changed_words())
    page = {"form": form, **goal_page(standing, goal)}
    return render(request, "loops/goal/sharing.html", page, status=_status(form, is_stale=is_stale))


def _shared_words(standing: Standing, goal: Goal) -> str:
    if goal.shared_at is None:
        return _("Only you can see this goal.")
    return _("%(names)s can see this goal now.") % {"names": names_of_others(standing)}


@own_goal_page
@require_POST
def goal_state(request: PersonRequest, standing: Standing, goal: Goal) -> HttpResponse:
    """Reached, let go, or taken up again."""
    to = request.POST.get("to", "")
    try:
        if to in (State.REACHED, State.LET_GO):
            act.close_goal(goal=goal, to=to, by=request.user, now=clock_now())
            messages.success(request, _closed_words(to))
        elif to == State.OPEN:
            act.reopen_goal(goal=goal, by=request.user, now=clock_now())
            messages.success(request, _("It is open again."))
        else:
            raise act.Changed
    except act.Full:
        messages.warning(request, full_words())
    except act.Changed:
        messages.warning(request, _("This goal has changed since you opened the page. Here is how it stands now."))
    return redirect("loops:goal", standing.loop.public_id, goal.public_id)


def _closed_words(to: str) -> str:
    if to == State.REACHED:
        return _("Noted as reached. It stays here to look back on.")
    return _("Let go. That is fine: it stays here, and you can take it up again.")


def full_words() -> str:
    """The advice to whoever would have a fourth goal open."""
    return _("Three goals are open, and that is plenty. Mark one as reached or let it go, and there is room for this.")


def changed_words() -> str:
    return _("This goal has changed since you opened the page, and stands above as it is now. Below is what you wrote:"
             " to put it in its place, press once more.")  # fmt: skip


def is_old(request: PersonRequest, goal: Goal) -> bool:
    """Whether a goal has changed since the page was drawn from which somebody acts."""
    return request.POST.get("seen", "") not in ("", str(goal.version))


def _status(form: GoalForm | SharingForm, *, is_stale: bool) -> int:
    return 409 if is_stale else 422 if form.errors else 200
