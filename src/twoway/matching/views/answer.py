"""A proposal as its two people see it: who the other is, why, and one press for yes or no."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from twoway.history.clock import now as clock_now
from twoway.loops.models import Loop
from twoway.matching.actions.proposal import Over, answer_proposal, undo_recorded_yes
from twoway.matching.actions.start import say_not_for_me
from twoway.matching.actions.taking_back import take_back_no
from twoway.matching.forms import AnswerForm
from twoway.matching.models import Proposal
from twoway.matching.queries.mine import is_on_own_list
from twoway.matching.queries.proposal import Side, proposal_with_id, side_of, turned_back_until
from twoway.matching.rules import may_see_proposal
from twoway.matching.showing import own_reasons, public_answers
from twoway.people.models import Person
from twoway.people.queries import coordinators_of
from twoway.people.tenancy import PersonRequest, organisation_scope, person_page


def _side(person: Person, proposal_id: str) -> Side:
    proposal = proposal_with_id(proposal_id)
    if proposal is None or not may_see_proposal(person, proposal):
        raise Http404
    side = side_of(person, proposal)
    assert side is not None  # the rule has just said so
    return side


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def proposal_answer(request: PersonRequest, proposal_id: str) -> HttpResponse:
    """The page, and the press. Nothing here shows whether the other has answered."""
    side = _side(request.user, proposal_id)
    with organisation_scope(side.proposal.intake.programme.organisation):
        if request.method == "POST":
            return _answered(request, side)
        page = _page(request.user, side, AnswerForm(), says_no="no" in request.GET)
        return render(request, "matching/answer.html", page)


def _answered(request: PersonRequest, side: Side) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        page = _page(request.user, side, form, says_no=True)
        return render(request, "matching/answer.html", page, status=422)
    said, now = form.cleaned_data, clock_now()
    if said["answer"] == "yes" and is_on_own_list(side):
        messages.warning(request, _on_own_list(side))
        return redirect("matching:proposal-answer", side.proposal.public_id)
    try:
        if said["answer"] == "no" and side.may_turn_back(now):
            say_not_for_me(proposal=side.proposal, side=side.me, reason=said["reason"], by=request.user, now=now)
            return _closed(request, side)
        elif side.is_waiting(now):
            row = answer_proposal(
                proposal=side.proposal, side=side.me, answer=said["answer"], reason=said["reason"], by=request.user,
                now=now,
            )  # fmt: skip
            if row.state == Proposal.State.OPENED and row.loop is not None:
                return _begun(request, row.loop)
        else:
            raise Over
    except Over:
        page = _page(request.user, _side(request.user, side.proposal.public_id), form, says_no=said["answer"] == "no")
        if said["answer"] == "no" and (page["opened"] or said["reason"]):
            return render(request, "matching/answer.html", {**page, "too_late": True}, status=409)
        messages.info(request, _("This proposal does not wait for an answer any more."))
    return redirect("matching:proposal-answer", side.proposal.public_id)


def _on_own_list(side: Side) -> str:
    said = _("%(other)s is on your “Not with” list. To say yes, take them off it first.")
    return said % {"other": side.other.name}


def _begun(request: PersonRequest, loop: Loop) -> HttpResponse:
    messages.success(request, _("You can begin. This is your place for the two of you."))
    return redirect("loops:loop", loop.public_id)


def _closed(request: PersonRequest, side: Side) -> HttpResponse:
    """The loop's own page is gone with it, so this leads to home."""
    said = _("Your place with %(other)s is closed, and that is fine. Your reason, if you gave one, is for the"
             " coordinator alone.")  # fmt: skip
    messages.success(request, said % {"other": side.other.name})
    return redirect("web:home")


def _page(person: Person, side: Side, form: AnswerForm, *, says_no: bool) -> dict[str, Any]:
    """`says_no`: the no was pressed, which leads to a word about it and room for a reason."""
    now, proposal = clock_now(), side.proposal
    back_until, said_no = side.taken_back_until(now), side.said_no()
    waits, turns_back = side.is_waiting(now), side.may_turn_back(now)
    shown = public_answers(side, person)
    return {
        "side": side, "proposal": proposal, "programme_of": proposal.intake.programme, "form": form,
        "answers": shown, "reasons": own_reasons(side, shown),
        "may_answer": waits and not said_no, "back_until": back_until, "may_undo": side.has_recorded_yes(),
        "settles_at": side.settles_at(),
        "not_for_me": turns_back, "says_no": says_no and not said_no and (waits or turns_back),
        "over": proposal.state == Proposal.State.ENDED or (
            proposal.state == Proposal.State.PUBLISHED and proposal.lapses_at is not None and proposal.lapses_at <= now
        ),
        "said_no": said_no, "began": proposal.told_at is not None and proposal.lapses_at is None,
        "out_until": turned_back_until(proposal) if turns_back else None,
        "stands": back_until is not None or (waits and not said_no),
        "opened": proposal.loop if proposal.state == Proposal.State.OPENED else None,
        "too_late": says_no and not turns_back and proposal.state == Proposal.State.OPENED,
        "coordinators": coordinators_of(proposal.intake.programme),
    }  # fmt: skip


@require_POST
@person_page
def proposal_undo(request: PersonRequest, proposal_id: str) -> HttpResponse:
    """Take back a yes that a coordinator recorded for me."""
    side = _side(request.user, proposal_id)
    with organisation_scope(side.proposal.intake.programme.organisation):
        try:
            undo_recorded_yes(proposal=side.proposal, side=side.me, by=request.user, now=clock_now())
            messages.success(request, _("It is taken back. You can answer yourself."))
        except Over:
            messages.info(request, _("There is nothing to take back: the loop is open, or you answered yourself."))
    return redirect("matching:proposal-answer", side.proposal.public_id)


@require_POST
@person_page
def proposal_take_back(request: PersonRequest, proposal_id: str) -> HttpResponse:
    """Take back my no within its hour."""
    side = _side(request.user, proposal_id)
    with organisation_scope(side.proposal.intake.programme.organisation):
        if is_on_own_list(side):
            messages.warning(request, _on_own_list(side))
            return redirect("matching:proposal-answer", side.proposal.public_id)
        try:
            row = take_back_no(proposal=side.proposal, side=side.me, by=request.user, now=clock_now())
        except Over:
            messages.info(request, _("There is no answer to take back any more."))
        else:
            if row.state == Proposal.State.OPENED and row.loop is not None:
                return _begun(request, row.loop)
            messages.success(request, _("Your no is taken back. Nobody has heard of it."))
    return redirect("matching:proposal-answer", side.proposal.public_id)
