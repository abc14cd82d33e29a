"""The door of a loop's pages: for whoever takes part in it; to everybody else it does not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from twoway.loops.forms.meeting import LocalMoment
from twoway.loops.levels import COLUMNS
from twoway.loops.models import AgendaItem, Goal, Meeting, Message
from twoway.loops.queries import Standing, standing_in, took_part_in
from twoway.loops.queries.agenda import item_in
from twoway.loops.queries.goal import goal_in
from twoway.loops.queries.meeting import meeting_in
from twoway.loops.queries.message import message_in
from twoway.loops.rules import may_edit_goal, may_see_goal, may_see_item, may_write
from twoway.people.tenancy import PersonRequest, person_page

View = Callable[..., HttpResponse]
WORDS = (
    "body", "text", "tried", "plan", "first", "second", "third", "starts_at", "place", "take_away", "next_step",
    "what", "why", "known", "steps", "note", "comment", *COLUMNS,
    "on_the_table", "off_the_table", "confidentiality", "hopes",
)  # fmt: skip
"""The fields of a loop's forms in which somebody has written something of their own."""
TIMES = frozenset({"first", "second", "third", "starts_at"})


def loop_page(view: View) -> View:
    """A page inside a loop. The view gets where the person stands; what writes needs a loop that may be written in."""

    @person_page
    @wraps(view)
    def page(request: PersonRequest, loop: str, **kwargs: Any) -> HttpResponse:
        standing = standing_in(request.user, loop)
        if standing is None and took_part_in(request.user, loop):
            # Whoever was there knows of it: they read that it is closed, and keep what they were writing.
            return render(request, "loops/loop/closed.html", {"typed": typed_in(request)}, status=404)
        if standing is None or (request.method == "POST" and not may_write(standing)):
            raise Http404
        return view(request, standing, **kwargs)

    return page


def goal_page_in(view: View) -> View:
    """A page of one goal that the person may see. Whoever wrote something for one that is not there, or not to be
    seen any more, gets it back: the answer is the same, so it says nothing of whether there is such a goal."""

    @loop_page
    @wraps(view)
    def page(request: PersonRequest, standing: Standing, goal: str, **kwargs: Any) -> HttpResponse:
        found = goal_in(standing, goal)
        if found is not None and may_see_goal(standing, found):
            return view(request, standing, found, **kwargs)
        if request.method == "POST" and (typed := typed_in(request)):
            return render(request, "loops/goal/gone.html", {"standing": standing, "typed": typed}, status=404)
        raise Http404

    return page


def own_goal_page(view: View) -> View:
    """A page of one goal for its owner alone."""

    @goal_page_in
    @wraps(view)
    def page(request: PersonRequest, standing: Standing, goal: Goal, **kwargs: Any) -> HttpResponse:
        if not may_edit_goal(standing, goal):
            raise Http404
        return view(request, standing, goal, **kwargs)

    return page


def typed_in(request: PersonRequest) -> list[str]:
    """What somebody wrote into a form that cannot be taken any more; a time as people say it."""
    typed = [(name, words) for name in WORDS if (words := request.POST.get(name, "").strip())]
    return [LocalMoment().in_words(words) if name in TIMES else words for name, words in typed]


def came_too_late(request: PersonRequest, standing: Standing, words: str) -> HttpResponse:
    """What was pressed on an old page cannot be done any more: why, and what was written, to keep."""
    page = {"standing": standing, "words": words, "typed": typed_in(request)}
    return render(request, "loops/loop/too_late.html", page, status=409)


def meeting_or_404(standing: Standing, public_id: str) -> Meeting:
    meeting = meeting_in(standing, public_id)
    if meeting is None:
        raise Http404
    return meeting


def message_or_404(standing: Standing, public_id: str) -> Message:
    message = message_in(standing, public_id)
    if message is None:
        raise Http404
    return message


def item_or_404(standing: Standing, public_id: str) -> AgendaItem:
    item = item_in(standing, public_id)
    if item is None or not may_see_item(standing, item):
        raise Http404
    return item
