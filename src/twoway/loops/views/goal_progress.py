"""How a goal comes on: its steps, its five levels, where it is now, and what the two say about it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from twoway.history.clock import now as clock_now
from twoway.loops.actions import goal as act
from twoway.loops.forms.goal import CommentForm, LevelForm, LevelsForm, StepsForm
from twoway.loops.levels import COLUMNS, has_levels
from twoway.loops.models import Goal
from twoway.loops.queries import Standing
from twoway.loops.rules import may_comment_on_goal
from twoway.loops.views.door import came_too_late, goal_page_in, own_goal_page
from twoway.loops.views.goal import changed_words, goal_answer, is_old
from twoway.loops.views.goal_shown import goal_page
from twoway.people.tenancy import PersonRequest

_DONE = {"done": True, "again": False}


@own_goal_page
@require_POST
def goal_steps(request: PersonRequest, standing: Standing, goal: Goal) -> HttpResponse:
    """Write more steps."""
    form = StepsForm(request.POST)
    if form.is_valid():
        try:
            act.add_steps(goal=goal, texts=form.cleaned_data["steps"], by=request.user, now=clock_now())
        except act.TooManySteps:
            words = _("A goal holds %(most)s steps. Take off what is done, or make a goal of the rest.")
            form.add_error("steps", words % {"most": act.MOST_STEPS})
        else:
            return _back(standing, goal, "steps")
    return goal_answer(request, standing, goal, steps=form, status=422)


@own_goal_page
@require_POST
def goal_step(request: PersonRequest, standing: Standing, goal: Goal, step: str) -> HttpResponse:
    """One button on one step: done, not yet after all, off the list."""
    to = request.POST.get("to", "")
    try:
        if to in _DONE:
            act.tick_step(goal=goal, step=step, done=_DONE[to], by=request.user, now=clock_now())
        elif to == "drop":
            act.drop_step(goal=goal, step=step, by=request.user, now=clock_now())
        else:
            raise act.Changed
    except act.Changed:
        messages.warning(request, _("The steps have changed since you opened the page. Here is how they stand now."))
    return _back(standing, goal, "steps")


@own_goal_page
@require_http_methods(["GET", "HEAD", "POST"])
def goal_levels(request: PersonRequest, standing: Standing, goal: Goal) -> HttpResponse:
    """Say in one's own words what the five levels would be."""
    start = {column: getattr(goal, column) for column in COLUMNS}
    form = LevelsForm(request.POST if request.method == "POST" else None, initial=start)
    is_stale = request.method == "POST" and is_old(request, goal)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data == start:
            return _back(standing, goal, "now")
        if not is_stale:
            try:
                act.word_levels(goal=goal, words=form.cleaned_data, seen=goal.version, by=request.user, now=clock_now())
            except act.Changed:
                is_stale = True
            else:
                messages.success(request, _("Kept."))
                return _back(standing, goal, "now")
    if is_stale:
        form.add_error(None, changed_words())
    page = {"form": form, "is_stale": is_stale, **goal_page(standing, goal)}
    return render(
        request, "loops/goal/levels.html", page, status=409 if is_stale else 422 if form.errors else 200
    )  # fmt: skip


@own_goal_page
@require_POST
def goal_level(request: PersonRequest, standing: Standing, goal: Goal) -> HttpResponse:
    """Note where the goal is now."""
    form = LevelForm(request.POST, goal=goal)
    if not has_levels(goal):
        return came_too_late(request, standing, _("The five levels of this goal were taken away. Nothing was noted."))
    if form.is_valid():
        said = form.cleaned_data
        seen = int(request.POST["seen"]) if request.POST.get("seen", "").isdecimal() else goal.version
        try:
            act.note_level(
                goal=goal, level=said["level"], text=said["note"], seen=seen, by=request.user, now=clock_now(),
                form_key=str(said["form_key"]) if said["form_key"] else None,
            )  # fmt: skip
        except act.Changed:
            words = _("This goal has changed since you opened the page. Do the levels still say what you meant? To note"
                      " it, press once more.")  # fmt: skip
            again = LevelForm(request.POST, goal=goal)  # with the levels as they are now
            again.add_error(None, words)
            return goal_answer(request, standing, goal, level=again, status=409)
        return _back(standing, goal, "now")
    return goal_answer(request, standing, goal, level=form, status=422)


@goal_page_in
@require_POST
def goal_comments(request: PersonRequest, standing: Standing, goal: Goal) -> HttpResponse:
    """Write under a goal that is shared."""
    too_late = _("This goal is not shared any more, so nothing was added to it.")
    if not may_comment_on_goal(goal):
        return came_too_late(request, standing, too_late)
    form = CommentForm(request.POST, auto_id="said_%s")
    if not form.is_valid():
        return goal_answer(request, standing, goal, comment=form, status=422)
    said = form.cleaned_data
    try:
        act.comment_on_goal(
            goal=goal, text=said["comment"], by=request.user, now=clock_now(),
            form_key=str(said["form_key"]) if said["form_key"] else None,
        )  # fmt: skip
    except act.Changed:
        return came_too_late(request, standing, too_late)
    return _back(standing, goal, "said")


def _back(standing: Standing, goal: Goal, part: str) -> HttpResponse:
    return redirect(f"{reverse('loops:goal', args=[standing.loop.public_id, goal.public_id])}#{part}")
