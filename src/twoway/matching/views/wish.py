"""Wishes before a round: a mentee's own list, and what a mentor may know of it, which is that there are lists."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from twoway.history.clock import now as clock_now
from twoway.matching.actions.wish import MOST_WISHES, NotOpen, TooMany, mark, say_what_matters
from twoway.matching.criteria import rules_among
from twoway.matching.models import Wish, WishTime
from twoway.matching.queries.wish import (
    MENTORED,
    MENTORING,
    as_shown,
    marked_by,
    shared_by,
    wish_time_of,
)
from twoway.matching.reach import mentors_in_reach
from twoway.matching.wished import counts_double
from twoway.people.models import Programme
from twoway.people.rules import may_see_programme
from twoway.people.tenancy import PersonRequest, programme_page
from twoway.signup.models import Application, Question
from twoway.signup.queries import answers_by_public_id, joined_application, questions_of

AT_ONCE = 12


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_see_programme)
def wishes(request: PersonRequest, programme: Programme) -> HttpResponse:
    """My list, while wishes are asked for and after. To whoever is a mentor alone, what mentees read of them."""
    application = joined_application(request.user, programme)
    time = wish_time_of(application.intake) if application is not None else None
    if application is None or time is None:
        raise Http404
    if application.role not in MENTORED:
        if request.method == "POST":
            raise Http404
        page = {"programme": programme, "time": time, "shared": shared_by(application)}
        return render(request, "matching/wishes_mentor.html", page)
    if request.method == "POST":
        return _posted(request, programme, application, time)
    return render(request, "matching/wishes.html", _page(request, programme, application, time))


def _posted(request: PersonRequest, programme: Programme, application: Application, time: WishTime) -> HttpResponse:
    """One press: a mark put or taken away, or what matters most."""
    act = request.POST.get("act", "")
    fault = _("That was not understood. Please press one of the buttons again.")
    try:
        if act == "matters":
            fault = _say_what_matters(request, application)
        elif act in (*Wish.Kind.values, "clear"):
            fault = _mark(request, application, "" if act == "clear" else act)
    except NotOpen:
        fault = _("The time for wishes is over, so nothing can be changed now. What you marked before counts.")
    if not fault:
        return redirect(f"{request.path}{_place(request)}")
    page = _page(request, programme, application, time)
    return render(request, "matching/wishes.html", page | {"fault": fault}, status=422)


def _mark(request: PersonRequest, application: Application, kind: str) -> str:
    """What was wrong with it; nothing where it was done."""
    asked = request.POST.get("who", "")
    marked = marked_by(application)
    known = mentors_in_reach(application, clock_now()).mentors | {
        row.pk: row.name for row in (*marked.wishes, *marked.rather_not)
    }
    mentor = Application.objects.filter(pk__in=list(known), public_id=asked).first()
    if mentor is None:
        raise Http404
    try:
        mark(application=application, mentor=mentor, kind=kind, now=clock_now())
    except TooMany:
        return _("You have marked %(n)s people already. Take one off your list to choose %(name)s.") % {
            "n": MOST_WISHES, "name": mentor.name,
        }  # fmt: skip
    return ""


def _say_what_matters(request: PersonRequest, application: Application) -> str:
    asked = request.POST.get("question", "")
    question = next((one for one in _counting(application) if one.public_id == asked), None)
    if asked and question is None:
        return _("Please choose one of the questions you have answered.")
    say_what_matters(application=application, question=question)
    messages.success(request, _("Saved."))
    return ""


def _counting(application: Application) -> list[Question]:
    """The questions that can matter more to somebody: they weigh in matching, and were answered."""
    answered = answers_by_public_id(application)
    rules = rules_among(questions_of(application.intake.programme))
    found = {rule.mentee.pk: rule.mentee for rule in rules if counts_double(rule)}
    return [question for question in found.values() if question.public_id in answered]


def _place(request: PersonRequest) -> str:
    """Where somebody is in the list, so that a press leads back there."""
    sent = {name: request.POST.get(name, "") for name in ("q", "page")}
    query = urlencode({name: said for name, said in sent.items() if said})
    who = request.POST.get("who", "")
    return (f"?{query}" if query else "") + (f"#m-{who}" if who.isalnum() and request.POST.get("from_list") else "")


# --- what the page shows ----------------------------------------------------------------------------


def _page(request: PersonRequest, programme: Programme, application: Application, time: WishTime) -> dict[str, Any]:
    marked = marked_by(application)
    sent = request.POST if request.method == "POST" else request.GET
    q = " ".join(sent.get("q", "").split())[:80]
    questions, found = _counting(application), dict[str, Any](page=None)
    if time.is_open():
        reach = mentors_in_reach(application, clock_now())
        page = Paginator(_with_words(list(reach.mentors), q), AT_ONCE).get_page(sent.get("page"))
        mentors = as_shown(page.object_list, marked.kinds)
        query = urlencode({"q": q}) if q else ""
        found = {"page": page, "mentors": mentors, "has_rules": reach.has_rules, "query": query}
    return found | {
        "programme": programme, "time": time, "marked": marked, "q": q, "most": MOST_WISHES,
        "full": len(marked.wishes) >= MOST_WISHES, "questions": questions,
        "matters": next((one.label for one in questions if one.public_id == marked.question), ""),
        "both": application.role in MENTORING,
    }  # fmt: skip


def _with_words(mentors: list[int], q: str) -> list[int]:
    """All by row number; or, where something is looked for, those in whose name or shared answers each word stands."""
    words = q.casefold().split()
    return [one.pk for one in as_shown(mentors, {}) if all(word in one.text for word in words)] if words else mentors
