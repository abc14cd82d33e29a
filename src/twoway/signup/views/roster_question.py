"""A new question from a roster's column: its words, who sees it, and its choices in order."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from twoway.people.models import Programme
from twoway.people.rules import may_run_programme
from twoway.people.tenancy import PersonRequest, programme_page
from twoway.signup.actions.roster import WITH_OPTIONS, map_columns
from twoway.signup.forms.roster import NewQuestionForm
from twoway.signup.models import Question, Roster
from twoway.signup.queries import roster as queries


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_run_programme)
def question(request: PersonRequest, programme: Programme, roster_id: str, number: int) -> HttpResponse:
    """Moving a choice keeps all that was typed; saving leads back to the columns."""
    found = queries.roster_in(programme, roster_id)
    settings = found.new_questions.get(str(number)) if found else None
    if found is None or settings is None or found.state not in (Roster.State.MAPPING, Roster.State.READY):
        raise Http404
    kind = settings["kind"]
    options = request.POST.getlist("option") if request.method == "POST" else settings["options"]
    form = NewQuestionForm(request.POST if request.method == "POST" else None, initial=settings, kind=kind)
    if request.method == "POST":
        options = _moved(options, request.POST.get("up"), request.POST.get("down"), request.POST.get("drop"))
        if form.is_valid():
            _save(found, number, form.cleaned_data, options, seen=bool(request.POST.get("done")))
            at = [programme.organisation.slug, programme.slug, found.public_id]
            if request.POST.get("done"):
                return redirect("signup:roster-columns", *at)
            return redirect("signup:roster-question", *at, number)
    page = {
        "programme": programme, "roster": found, "number": number, "form": form, "options": options,
        "header": queries.header_words(found.headers[number], number), "kind": Question.Kind(kind).label,
        "has_options": kind in WITH_OPTIONS, "ordered": kind == Question.Kind.ORDERED,
    }  # fmt: skip
    return render(request, "signup/roster/question.html", page, status=422 if form.errors else 200)


def _moved(options: list[str], up: str | None, down: str | None, drop: str | None) -> list[str]:
    """The choices after one press; a press on what is not there changes nothing."""
    for pressed, step in ((up, -1), (down, 1)):
        if pressed in options:
            at = options.index(pressed)
            to = min(max(at + step, 0), len(options) - 1)
            options.insert(to, options.pop(at))
    return [option for option in options if option != drop]


def _save(roster: Roster, number: int, cleaned: dict[str, Any], options: list[str], *, seen: bool) -> None:
    before = roster.new_questions[str(number)]
    more = [" ".join(line.split())[:120] for line in cleaned.pop("more", "").splitlines() if line.strip()]
    known = {option.casefold() for option in options}
    options = options + [line for line in dict.fromkeys(more) if line.casefold() not in known]
    new = {**before, **cleaned, "options": options, "seen": seen or bool(before.get("seen"))}
    map_columns(
        roster=roster, mapping=roster.mapping, new_questions={**roster.new_questions, str(number): new},
        as_role=roster.as_role, usual_capacity=roster.usual_capacity,
    )  # fmt: skip
