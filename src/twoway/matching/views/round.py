"""Rounds: starting one, watching it run, and the page of what it came to."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twoway.history.clock import now as clock_now
from twoway.matching.actions.lease import is_silent
from twoway.matching.actions.round import cancel_round, expected_end, queue_round
from twoway.matching.criteria import as_settings, rules_among
from twoway.matching.forms import RoundForm
from twoway.matching.models import Round
from twoway.matching.queries.arrangement import drafts_to_replace
from twoway.matching.queries.people import people_for
from twoway.matching.queries.proposal import given_of, hand_drafts_of, standing_of
from twoway.matching.queries.round import has_round, is_kept_whole, next_name, round_in, rounds_of
from twoway.matching.queries.wish import wish_time_of
from twoway.matching.views.round_page import pair_context, round_context
from twoway.matching.wished import wish_setting
from twoway.matching.words import rule_words, without_lines
from twoway.people.models import Intake, Programme
from twoway.people.queries import current_intake, intakes_of
from twoway.people.rules import may_change_programme, may_run_programme
from twoway.people.tenancy import PersonRequest, programme_page
from twoway.signup.queries import questions_of, says_what_helps

MOST_TO_TICK = 1000


def found_round(programme: Programme, round_id: str) -> Round:
    round = round_in(programme, round_id)
    if round is None:
        raise Http404
    return round


def at(programme: Programme) -> list[str]:
    return [programme.organisation.slug, programme.slug]


@require_safe
@programme_page(may_run_programme)
def rounds(request: PersonRequest, programme: Programme) -> HttpResponse:
    """All rounds, who can be matched now, drafts by hand, and what waits for answers."""
    intake = current_intake(programme, clock_now())
    people = people_for(intake, with_expected=False, now=clock_now()) if intake else None
    given = [standing_of(row) for row in given_of(programme).filter(state="published")[:5]]
    page = Paginator(rounds_of(programme), 10).get_page(request.GET.get("page"))
    return render(
        request,
        "matching/rounds.html",
        {
            "programme": programme, "intake": intake, "people": people, "page": page,
            "without": without_lines(people.without) if people else [],
            "wish_time": wish_time_of(intake) if intake else None,
            "given": given, "hand_drafts": list(hand_drafts_of(programme)[:20]),
        },
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_change_programme)
def round_new(request: PersonRequest, programme: Programme) -> HttpResponse:
    """Who takes part, what comes first, and by which rules: before anything runs."""
    now = clock_now()
    intake = current_intake(programme, now)
    if intake is None:
        messages.error(request, _("First add an intake: rounds belong to one."))
        return redirect("people:intakes", *at(programme))
    chosen = next((row for row in intakes_of(programme) if row.public_id == _asked(request, "intake")), intake)
    with_expected = bool(request.POST.get("with_expected") or request.GET.get("with_expected"))
    people = people_for(chosen, with_expected=with_expected, now=now)
    along = people if with_expected else people_for(chosen, with_expected=True, now=now)
    everybody = {row.pk: row for row in [*people.mentees, *(offer.application for offer in people.mentors)]}
    rows = sorted(everybody.values(), key=lambda row: (row.name.casefold(), row.pk))
    initial = {
        "name": next_name(chosen), "intake": chosen.public_id,
        "objective": Round.Objective.MOST_THEN_BEST, "with_expected": with_expected,
    }  # fmt: skip
    form = RoundForm(
        request.POST or None, programme=programme, people=rows if len(rows) <= MOST_TO_TICK else [], initial=initial
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and has_round(form.cleaned_data["intake"], form.cleaned_data["name"])
    ):
        form.add_error("name", _("There is a round of this name already. Give this one another, to tell them apart."))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        round = queue_round(
            intake=said["intake"], name=said["name"], objective=said["objective"], now=now, by=request.user,
            with_expected=said["with_expected"], left_out=said["left_out"],
        )  # fmt: skip
        return redirect("matching:round", *at(programme), round.public_id)
    rules, wishes = as_settings(rules_among(questions_of(programme))), wish_time_of(chosen)
    rules += [wish_setting(wishes.weight)] if wishes else []
    return render(
        request,
        "matching/round_new.html",
        {
            "programme": programme, "form": form, "people": people, "without": without_lines(people.without),
            "rules": [{**rule, "words": rule_words(rule)} for rule in rules], "tickable": len(rows) <= MOST_TO_TICK,
            "replaces": _replaces(chosen), "wish_time": wishes,
            "along": along, "helping": says_what_helps(programme),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _asked(request: PersonRequest, name: str) -> str:
    return str(request.POST.get(name) or request.GET.get(name) or "")


@require_safe
@programme_page(may_run_programme)
def round(request: PersonRequest, programme: Programme, round_id: str) -> HttpResponse:
    """How far a round is; once done, what it came to."""
    found = found_round(programme, round_id)
    if found.state in (Round.State.QUEUED, Round.State.RUNNING):
        context = {"programme": programme, "round": found, **_how_far(found)}
        if request.headers.get("HX-Request"):
            return render(request, "matching/parts/how_far.html", context)
        return render(request, "matching/round_running.html", context)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=200, headers={"HX-Refresh": "true"})
    if found.state != Round.State.DONE:
        return render(request, "matching/round_stopped.html", {"programme": programme, "round": found})
    context = round_context(request, programme, found)
    context |= pair_context(request, programme, found, context["rows"])
    if context["left"] and "instead" not in context:
        context["instead"] = is_kept_whole(found)
    return render(request, "matching/round.html", context)


STAGES = {
    "preparing": gettext_lazy("Reading who takes part"), "reading": gettext_lazy("Reading free texts by meaning"),
     "scoring": gettext_lazy("Weighing every allowed pair"),
    "solving": gettext_lazy("Finding the best arrangement"), "explaining": gettext_lazy("Writing down the reasons"),
    "comparing": gettext_lazy("Working out what the other aim would cost"),
}  # fmt: skip


def _how_far(round: Round) -> dict[str, Any]:
    if round.state == Round.State.QUEUED:
        return {"words": _("Waiting for its turn. It begins within a few seconds.")}
    if is_silent(round, clock_now()):
        return {"words": _("The work was interrupted. It starts again by itself within a minute, from the beginning.")}
    words = _("%(stage)s: %(done)s %%") % {"stage": STAGES.get(round.stage, ""), "done": round.done}
    ends_at = expected_end(round)
    if ends_at is None:
        return {"words": words}
    seconds = int((ends_at - clock_now()).total_seconds())
    left = _("about %(n)s s left") % {"n": seconds} if seconds > 0 else _("a little longer than expected")
    return {"words": f"{words}, {left}"}


@require_POST
@programme_page(may_change_programme)
def round_cancel(request: PersonRequest, programme: Programme, round_id: str) -> HttpResponse:
    found = found_round(programme, round_id)
    if cancel_round(round=found, by=request.user, now=clock_now()):
        messages.success(request, _("It stops. Nothing was changed, and nobody was told."))
    return redirect("matching:round", *at(programme), found.public_id)


def _replaces(intake: Intake) -> str:
    """What a run does to the drafts there are."""
    drafts, pinned = drafts_to_replace(intake)
    said = ""
    if drafts:
        said = ngettext(
            "It replaces %(n)s draft that is not published.", "It replaces %(n)s drafts that are not published.", drafts
        ) % {"n": drafts}  # fmt: skip
    if pinned:
        stay = ngettext("%(n)s pinned draft stays.", "%(n)s pinned drafts stay.", pinned) % {"n": pinned}
        said = f"{said} {stay}".strip()
    return said


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_change_programme)
def round_again(request: PersonRequest, programme: Programme, round_id: str) -> HttpResponse:
    """Ask, then the same round once more, with what has changed since: pins, published proposals and loops stay."""
    found = found_round(programme, round_id)
    name = next_name(found.intake, found.name)
    if request.method != "POST":
        wishes = wish_time_of(found.intake)
        lines = [
            _("Wishes can still be marked. Running the round ends that: what is marked by then counts.")
            if wishes is not None and wishes.is_open() else "",
            _replaces(found.intake), _("Whoever has signed up or changed an answer since is taken along."),
            _("What is published stays as it is, and so do loops. Nobody is told of anything."),
        ]  # fmt: skip
        asked = {
            "programme": programme, "question": _("Run this round again?"),
            "consequences": [line for line in lines if line],
            "explanation": _("It becomes a round of its own: %(name)s.") % {"name": name},
            "confirm_label": _("Run it again"), "back_url": "../", "name": name,
        }  # fmt: skip
        return render(request, "matching/round_again.html", asked)
    if has_round(found.intake, request.POST.get("name", "")):
        messages.info(request, _("This round was run again already, from another page. Nothing more was started."))
        return redirect("matching:rounds", *at(programme))
    again = queue_round(
        intake=found.intake, name=name, objective=found.objective, with_expected=found.with_expected,
        left_out=found.settings.get("left_out", ()), seed=found.seed, by=request.user, now=clock_now(),
    )  # fmt: skip
    return redirect("matching:round", *at(programme), again.public_id)
