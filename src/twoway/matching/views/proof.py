"""The receipt of a round: what was proven, in words and as files, and a check on the spot."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from twoway.history.clock import now as clock_now
from twoway.matching.actions.round import ask_for_check, keep_check
from twoway.matching.checking import check_receipt, holds_private, is_small, problem_text, receipt_text
from twoway.matching.models import Round
from twoway.matching.views.round import at, found_round
from twoway.matching.views.round_head import fixed_words
from twoway.matching.words import objective_words, rule_words, texts_of_round
from twoway.people.models import Programme
from twoway.people.rules import may_change_programme, may_run_programme
from twoway.people.tenancy import PersonRequest, programme_page


def _done_round(programme: Programme, round_id: str) -> Round:
    round = found_round(programme, round_id)
    if round.state != Round.State.DONE:
        raise Http404
    return round


def _kept_round(programme: Programme, round_id: str) -> Round:
    """One whose problem and receipt are still there: they go when one of its people is forgotten."""
    round = _done_round(programme, round_id)
    if round.problem is None or round.receipt is None:
        raise Http404
    return round


@require_safe
@programme_page(may_run_programme)
def round_proof(request: PersonRequest, programme: Programme, round_id: str) -> HttpResponse:
    round = _done_round(programme, round_id)
    return render(
        request,
        "matching/proof.html",
        {
            "programme": programme, "round": round, "receipt": round.receipt,
            "objective": objective_words(round.objective),
            "rules": [{**rule, "words": rule_words(rule)} for rule in round.settings.get("rules", [])],
            "texts": texts_of_round(round), "read_by": ((round.receipt or {}).get("text") or {}).get("scorer", ""),
            "command": "matchengine verify receipt.json --problem problem.json",
            "holds_private": holds_private(round), "fixed": fixed_words(round),
        },
    )  # fmt: skip


@require_safe
@programme_page(may_run_programme)
def round_receipt(request: PersonRequest, programme: Programme, round_id: str) -> HttpResponse:
    return _file(receipt_text(_kept_round(programme, round_id)), "receipt.json")


@require_safe
@programme_page(may_run_programme)
def round_problem(request: PersonRequest, programme: Programme, round_id: str) -> HttpResponse:
    """Everybody's answers as they were weighed. Where private things are among them it is handed out to nobody."""
    round = _kept_round(programme, round_id)
    if holds_private(round):
        raise Http404
    return _file(problem_text(round), "problem.json")


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@programme_page(may_change_programme)
def round_check(request: PersonRequest, programme: Programme, round_id: str) -> HttpResponse:
    """Check the receipt now, or leave a large one to the clock."""
    round = _kept_round(programme, round_id)
    if is_small(round):
        check = check_receipt(round)
        keep_check(round=round, holds=check.holds, words=check.words, now=clock_now())
    else:
        ask_for_check(round=round, now=clock_now())
        messages.success(request, _("It is being checked. Look again in a minute."))
    return redirect("matching:round-proof", *at(programme), round.public_id)
