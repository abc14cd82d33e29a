"""Rehearsals: other weights tried on a copy of a round, of which nobody is told and nothing can be published."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matchengine.receipt import ENGINE
from twoway.history.clock import now as clock_now
from twoway.matching.actions.lease import ask_to_stop
from twoway.matching.actions.rehearsal import queue_rehearsal, throw_away, use_weights
from twoway.matching.forms import RehearsalForm
from twoway.matching.models import Rehearsal, Round
from twoway.matching.queries.rehearsal import engine_of, names_of, rehearsal_in, rehearsals_of
from twoway.matching.rehearsal_words import change_words, points_words, steady_words
from twoway.matching.views.fairness import found_done
from twoway.matching.views.round import at
from twoway.matching.wished import WISHED
from twoway.matching.words import rule_words
from twoway.people.models import Programme
from twoway.people.rules import may_change_programme, may_run_programme
from twoway.people.tenancy import PersonRequest, programme_page

AT_ONCE, MOST = 50, 10
STAGES = {
    "preparing": gettext_lazy("Reading the copy"), "solving": gettext_lazy("Finding the best arrangement"),
    "changing": gettext_lazy("Trying each weight a little higher and lower"),
}  # fmt: skip


def found_rehearsal(programme: Programme, round_id: str, rehearsal_id: str) -> Rehearsal:
    row = rehearsal_in(found_done(programme, round_id), rehearsal_id)
    if row is None:
        raise Http404
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_change_programme)
def rehearsals(request: PersonRequest, programme: Programme, round_id: str) -> HttpResponse:
    """The weights to try, and what was tried before."""
    round = found_done(programme, round_id)
    engine = engine_of(round)
    rules = [{**rule, "words": rule_words(rule)} for rule in round.settings.get("rules", []) if rule["id"] != WISHED]
    form = RehearsalForm(request.POST or None, rules=rules, initial={"objective": round.objective})
    if request.method == "POST" and engine == ENGINE and form.is_valid():
        if rehearsals_of(round).count() >= MOST:
            form.add_error(None, _("There are %(n)s rehearsals of this round. Throw one away first.") % {"n": MOST})
        else:
            row = queue_rehearsal(
                round=round, objective=form.cleaned_data["objective"], weights=form.weights, left_off=form.left_off,
                by=request.user, now=clock_now(),
            )  # fmt: skip
            return redirect("matching:rehearsal", *at(programme), round.public_id, row.public_id)
    context = {
        "programme": programme, "round": round, "form": form, "gone": engine is None,
        "earlier": engine is not None and engine != ENGINE, "rows": list(rehearsals_of(round)),
    }  # fmt: skip
    return render(request, "matching/rehearsals.html", context, status=422 if form.errors else 200)


@require_safe
@programme_page(may_run_programme)
def rehearsal(request: PersonRequest, programme: Programme, round_id: str, rehearsal_id: str) -> HttpResponse:
    """How far it is; once done, who would move and what would stay."""
    row = found_rehearsal(programme, round_id, rehearsal_id)
    context: dict[str, Any] = {"programme": programme, "round": row.round, "rehearsal": row}
    if row.state in (Round.State.QUEUED, Round.State.RUNNING):
        context["words"] = _how_far(row)
        if request.headers.get("HX-Request"):
            return render(request, "matching/parts/rehearsing.html", context)
    elif request.headers.get("HX-Request"):
        return HttpResponse(status=200, headers={"HX-Refresh": "true"})
    if row.state == Round.State.DONE:
        context |= _found(request, programme, row)
    return render(request, "matching/rehearsal.html", context)


def _how_far(row: Rehearsal) -> str:
    if row.state == Round.State.QUEUED:
        return _("Waiting for its turn. It begins within a few seconds.")
    return _("%(stage)s: %(done)s %%") % {"stage": STAGES.get(row.stage, ""), "done": row.done}


def _found(request: PersonRequest, programme: Programme, row: Rehearsal) -> dict[str, Any]:
    found = row.found
    names = names_of(row.round.intake) if found["moves"] else {}
    moves = sorted(found["moves"], key=lambda move: (_named(names, move[0], "").casefold(), move[0]))
    page = Paginator(moves, AT_ONCE).get_page(request.GET.get("page"))
    rules = {rule["id"]: rule for rule in row.round.settings.get("rules", [])}
    changed = [
        {"label": rules[name]["label"], "before": rules[name]["weight"], "after": weight}
        for name, weight in row.weights.items()
        if name in rules and rules[name]["weight"] != weight
    ]
    return {
        "found": found, "page": page, "changed": changed,
        "off": [rules[name]["label"] for name in row.left_off if name in rules],
        "other_aim": row.objective != row.round.objective,
        "moves": [
            {"who": _named(names, who, ""), "before": _named(names, had, _("nobody")),
             "after": _named(names, got, _("nobody"))}
            for who, had, got in page.object_list
        ],
        "headline": _headline(found), "points": points_words(found), "steady": steady_words(found["steady"]),
        "shaky": [
            change_words(rules[name]["label"] if name in rules else "", weight, found["steady"]["pairs"] - kept)
            for name, weight, kept in sorted(found["steady"]["changes"], key=lambda one: one[2])[:3]
            if kept < found["steady"]["pairs"] and (name in rules and name != WISHED)
        ],
    }  # fmt: skip


def _named(names: dict[str, str], public_id: str | None, nobody: str) -> str:
    return nobody if public_id is None else names.get(public_id, _("somebody who has left"))


def _headline(found: dict[str, Any]) -> str:
    if not found["moving"]:
        return _("Nobody would move")
    return ngettext("%(n)s person would move", "%(n)s people would move", found["moving"]) % {"n": found["moving"]}


@require_POST
@programme_page(may_change_programme)
def rehearsal_cancel(request: PersonRequest, programme: Programme, round_id: str, rehearsal_id: str) -> HttpResponse:
    row = found_rehearsal(programme, round_id, rehearsal_id)
    if ask_to_stop(row, clock_now()):
        messages.success(request, _("It stops. Nothing was changed, and nobody was told."))
    return redirect("matching:rehearsal", *at(programme), row.round.public_id, row.public_id)


@require_POST
@programme_page(may_change_programme)
def rehearsal_remove(request: PersonRequest, programme: Programme, round_id: str, rehearsal_id: str) -> HttpResponse:
    row = found_rehearsal(programme, round_id, rehearsal_id)
    throw_away(rehearsal=row)
    messages.success(request, _("Thrown away. The round is as it was."))
    return redirect("matching:rehearsals", *at(programme), row.round.public_id)


@require_POST
@programme_page(may_change_programme)
def rehearsal_use(request: PersonRequest, programme: Programme, round_id: str, rehearsal_id: str) -> HttpResponse:
    """Put its weights into the form, and go on to the next round, which still has to be started."""
    row = found_rehearsal(programme, round_id, rehearsal_id)
    n = use_weights(rehearsal=row, by=request.user, now=clock_now())
    words = ngettext(
        "%(n)s weight was changed in the form. The next round goes by it; nothing has run yet.",
        "%(n)s weights were changed in the form. The next round goes by them; nothing has run yet.", n,
    ) % {"n": n}  # fmt: skip
    messages.success(request, words if n else _("The form has these weights already."))
    return redirect("matching:round-new", *at(programme))
