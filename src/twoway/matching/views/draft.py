"""What a coordinator does to drafts: pin, dismiss, take back, swap, word, publish. Each tells nobody but the last."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from twoway.history.clock import now as clock_now
from twoway.matching.actions.draft import (
    Fit,
    Published,
    Refused,
    dismiss_draft,
    pin_draft,
    plan_publishing,
    publish_drafts,
    restore_draft,
    swap_mentor,
    word_draft,
)
from twoway.matching.candidates import fit_by_hand, pair_in_round
from twoway.matching.criteria import rules_among
from twoway.matching.fit import points_of, warnings_of
from twoway.matching.forms import WordsForm
from twoway.matching.models import Proposal, Round
from twoway.matching.queries.proposal import SHOWN, Planned, as_planned, proposal_in, shown_of
from twoway.matching.queries.round import names_in, round_in
from twoway.matching.views.round import at
from twoway.matching.views.round_page import page_with, place_of
from twoway.matching.words import held_back_words
from twoway.people.models import Intake, Programme
from twoway.people.rules import may_change_programme
from twoway.people.tenancy import PersonRequest, programme_page
from twoway.signup.models import Application
from twoway.signup.queries import questions_of


def found_proposal(programme: Programme, proposal_id: str) -> Proposal:
    proposal = proposal_in(programme, proposal_id)
    if proposal is None:
        raise Http404
    return proposal


def refusal_words(why: str) -> str:
    return {
        "apart": _("These two are kept apart."),
        "line": _("These two are in the same reporting line. An exception needs a reason."),
        "taken": _("They have another proposal by now."),
        "draft": _("This is not a draft any more."),
        "changed": _("Somebody else was chosen here since you opened the page. Nothing was done."),
    }[why]  # fmt: skip


def _as_seen(request: PersonRequest, proposal: Proposal) -> None:
    """Raises Refused where a page was drawn with another mentor."""
    if request.POST.get("seen", "") not in ("", proposal.mentor.public_id):
        raise Refused("changed")


def back_to(request: PersonRequest, programme: Programme, proposal: Proposal, **query: Any) -> HttpResponse:
    """To the round the draft belongs to, on the same page of its list, at this pair; else to the draft's own page."""
    if proposal.round_id is None:
        return redirect("matching:proposal", *at(programme), proposal.public_id)
    return redirect(_in_list(request, programme, proposal, proposal.public_id, **query))


def _in_list(request: PersonRequest, programme: Programme, proposal: Proposal, pair: str, **query: Any) -> str:
    """The address of a pair's line in the list of the proposal's round; the line takes the focus."""
    assert proposal.round is not None
    url = reverse("matching:round", args=[*at(programme), proposal.round.public_id])
    chosen, place = {"pair": pair} if pair else {}, place_of(request)
    page = page_with(proposal.round, place, pair)
    if page is not None and ("page" in place or page > 1):
        place["page"] = str(page)
    return f"{url}?{urlencode({**place, **chosen, **query})}#row-{pair}"


@require_POST
@programme_page(may_change_programme)
def proposal_pin(request: PersonRequest, programme: Programme, proposal_id: str) -> HttpResponse:
    """Pin, or let go of a pin."""
    proposal = found_proposal(programme, proposal_id)
    wanted = request.POST.get("pin", "no" if proposal.pinned else "yes") == "yes"
    try:
        _as_seen(request, proposal)
        pin_draft(proposal=proposal, pinned=wanted, by=request.user, now=clock_now())
    except Refused as no:
        messages.error(request, refusal_words(str(no)))
    return back_to(request, programme, proposal)


@require_POST
@programme_page(may_change_programme)
def proposal_dismiss(request: PersonRequest, programme: Programme, proposal_id: str) -> HttpResponse:
    proposal = found_proposal(programme, proposal_id)
    try:
        _as_seen(request, proposal)
        dismiss_draft(proposal=proposal, by=request.user, now=clock_now())
    except Refused as no:
        messages.error(request, refusal_words(str(no)))
        return back_to(request, programme, proposal)
    if proposal.round_id is None:
        messages.success(request, _("Set aside. Nobody was told."))
        return redirect("matching:rounds", *at(programme))
    after = request.POST.get("after", "")
    after = after if after.isalnum() else ""
    return redirect(_in_list(request, programme, proposal, after, did="dismissed", about=proposal.public_id))


@require_POST
@programme_page(may_change_programme)
def proposal_restore(request: PersonRequest, programme: Programme, proposal_id: str) -> HttpResponse:
    proposal = found_proposal(programme, proposal_id)
    try:
        restore_draft(proposal=proposal, by=request.user, now=clock_now())
    except Refused as no:
        messages.error(request, refusal_words(str(no)))
    return back_to(request, programme, proposal)


@require_POST
@programme_page(may_change_programme)
def proposal_swap(request: PersonRequest, programme: Programme, proposal_id: str) -> HttpResponse:
    """Another mentor for this mentee."""
    proposal = found_proposal(programme, proposal_id)
    wanted = request.POST.get("mentor") or request.GET.get("mentor") or ""
    mentor = names_in(programme, [wanted]).get(wanted)
    fit = _fit(programme, proposal, mentor) if mentor is not None else None
    if mentor is None or fit is None:
        messages.error(request, _("A rule closes this pair, or one of the two cannot take part now."))
        return back_to(request, programme, proposal)
    before = proposal.mentor.public_id
    try:
        swap_mentor(proposal=proposal, mentor=mentor, fit=fit, by=request.user, now=clock_now())
    except Refused as no:
        messages.error(request, refusal_words(str(no)))
        return back_to(request, programme, proposal)
    if proposal.words:
        words = _("Your own lines go into the letter as they are, now about %(mentor)s: “%(words)s”")
        messages.warning(request, words % {"mentor": mentor.name, "words": proposal.words})
    return back_to(request, programme, proposal, did="swapped", about=proposal.public_id, before=before)


def _fit(programme: Programme, proposal: Proposal, mentor: Application) -> Fit | None:
    """As the round scored the two; for a draft by hand, as they stand now."""
    kept = [[proposal.mentor.public_id, proposal.score, _seats(proposal)], *proposal.others]
    others = sorted((one for one in kept if one[0] != mentor.public_id), key=lambda one: -one[1])
    proposal.mentee.intake = proposal.intake
    return fit_in_round(programme, proposal.round, proposal.mentee, mentor, others)


def fit_in_round(
    programme: Programme, round: Round | None, mentee: Application, mentor: Application, others: list[list[Any]]
) -> Fit | None:
    """As a round scored the two; as they stand now without one, or where its problem or a question is gone."""
    if round is None or round.problem is None:
        return _fit_now(mentee, mentor, others)
    pair = pair_in_round(round, mentee.public_id, mentor.public_id)
    if pair is None:
        return None
    rules = rules_among(questions_of(programme))
    known = {rule.name for rule in rules}
    if any(reason.criterion not in known for reason in pair.reasons):
        return _fit_now(mentee, mentor, others)
    return Fit(pair.score, points_of(pair, rules), warnings_of(pair, rules), others)


def _fit_now(mentee: Application, mentor: Application, others: list[list[Any]]) -> Fit | None:
    fit = fit_by_hand(mentee.intake, mentee, mentor, clock_now())
    return Fit(fit.score, fit.points, fit.warnings, others) if fit else None


def _seats(proposal: Proposal) -> int:
    receipt = (proposal.round.receipt if proposal.round else None) or {}
    seats = {seat["mentor"]: seat["seats"] for seat in receipt.get("seats", [])}
    return int(seats.get(proposal.mentor.public_id, 1))


@require_POST
@programme_page(may_change_programme)
def proposal_words(request: PersonRequest, programme: Programme, proposal_id: str) -> HttpResponse:
    proposal = found_proposal(programme, proposal_id)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return render(
            request, "matching/words.html", {"programme": programme, "proposal": proposal, "form": form}, status=422
        )
    try:
        word_draft(proposal=proposal, words=form.cleaned_data["words"], by=request.user, now=clock_now())
        messages.success(request, _("Your lines are kept for the letter."))
    except Refused as no:
        messages.error(request, refusal_words(str(no)))
    return back_to(request, programme, proposal)


# --- publishing -------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_change_programme)
def publish(request: PersonRequest, programme: Programme) -> HttpResponse:
    """One draft, those under a filter, or all: first what will be sent to whom, then the button."""
    intake, drafts, back = _chosen_drafts(request, programme)
    if intake is None or not drafts:
        messages.info(request, _("There is nothing to publish here."))
        return redirect(back)
    status, seen = 200, request.POST.get("seen", "")
    if request.method == "POST":
        try:
            done = publish_drafts(intake=intake, drafts=drafts, by=request.user, now=clock_now(), seen=seen)
        except Refused:
            status, drafts = 409, _chosen_drafts(request, programme)[1]
        else:
            for line in done_lines(done):
                messages.success(request, line)
            return redirect(back)
    plan = plan_publishing(intake, drafts, clock_now())
    page = {**_confirm(programme, plan, back), "seen": plan.mark, "has_changed": status == 409}
    return render(request, "matching/publish.html", page, status=status)


def _chosen_drafts(request: PersonRequest, programme: Programme) -> tuple[Intake | None, list[Planned], str]:
    """From `?proposal=` one, from `?round=` and `show=` what a filter shows. Looking costs no more than asking."""
    one, of_round = request.GET.get("proposal", ""), request.GET.get("round", "")
    drafts = Proposal.objects.filter(state=Proposal.State.DRAFT)
    if one:
        proposal = found_proposal(programme, one)
        back = reverse("matching:proposal", args=[*at(programme), proposal.public_id])
        if proposal.round is not None:
            back = _in_list(request, programme, proposal, one)
        return proposal.intake, as_planned(drafts.filter(pk=proposal.pk)), back
    if not of_round:
        return None, [], reverse("matching:rounds", args=at(programme))
    round = round_in(programme, of_round)
    if round is None:
        raise Http404
    show = request.GET.get("show", "all")
    rows = shown_of(round, show if show in SHOWN else "all").filter(state=Proposal.State.DRAFT)
    url = reverse("matching:round", args=[*at(programme), round.public_id])
    return round.intake, as_planned(rows), f"{url}?{urlencode(place_of(request))}"


def done_lines(done: Published) -> list[str]:
    told, waiting = len(done.told), len(done.waiting)
    before = sum(why == "draft" for _row, why in done.held_back)
    kept = len(done.held_back) - before
    lines = []
    if told:
        lines.append(ngettext("%(n)s proposal is out.", "%(n)s proposals are out.", told) % {"n": told})
    if waiting:
        lines.append(
            ngettext(
                "%(n)s proposal waits until both are members; the invitation is on its way.",
                "%(n)s proposals wait until both are members; the invitations are on their way.", waiting,
            ) % {"n": waiting}
        )  # fmt: skip
    if kept:
        lines.append(ngettext("%(n)s stayed a draft.", "%(n)s stayed drafts.", kept) % {"n": kept})
    if before:
        said = ngettext("%(n)s was no draft any more.", "%(n)s were no drafts any more.", before) % {"n": before}
        lines.append(said + " " + _("“Proposals” says how they stand."))
    return lines


def _confirm(programme: Programme, plan: Published, back: str) -> dict[str, Any]:
    told, waiting = len(plan.told), len(plan.waiting)
    exceptions = [row for row in plan.told if row.override]
    plain = told - len(exceptions)
    lines = []
    if told and programme.both_say_yes:
        letters = ngettext(
            "%(n)s letters go out at once: one to each of the two, with a link to the page where each"
            " says yes or no alone.",
            "%(n)s letters go out at once: one to each of the two in every pair, with a link to the page where"
            " each says yes or no alone.", told,
        )  # fmt: skip
        lines.append(letters % {"n": 2 * told})
        lines.append(_("The letter names the other person, says what they share with members, and gives the reasons"
                       " that come from it; nothing else of the form. It reminds after %(reminder)s days and lapses"
                       " after %(days)s.")
                     % {"reminder": programme.proposal_reminder_days, "days": programme.proposal_days})  # fmt: skip
    elif plain:
        lines.append(ngettext(
            "%(n)s loop begins at once, and both are told. For 7 days each may say that it is not right for them.",
            "%(n)s loops begin at once, and both are told. For 7 days each may say that it is not right for them.",
            plain) % {"n": plain})  # fmt: skip
    if exceptions:
        lines.append(ngettext(
            "%(n)s pair is an exception from the reporting line: both read your reason, and both must say yes.",
            "%(n)s pairs are exceptions from the reporting line: both read your reason, and both must say yes.",
            len(exceptions)) % {"n": len(exceptions)})  # fmt: skip
    if waiting:
        lines.append(ngettext(
            "%(n)s proposal is about somebody who has not joined: they are sent an invitation, and nobody sees the"
            " proposal before both are members.",
            "%(n)s proposals are about somebody who has not joined: they are sent an invitation, and nobody sees a"
            " proposal before both are members.", waiting) % {"n": waiting})  # fmt: skip
    return {
        "programme": programme,
        "question": ngettext("Publish %(n)s proposal?", "Publish %(n)s proposals?", told + waiting)
        % {"n": told + waiting},
        "explanation": _("Until now nobody has been told anything."), "consequences": lines,
        "confirm_label": _("Publish and send"), "back_url": back, "nothing": not told and not waiting,
        "told": plan.told[:100], "told_more": max(0, told - 100), "waiting": plan.waiting[:100],
        "held_back": [{"row": row, "why": held_back_words(why)} for row, why in plan.held_back[:100]],
    }  # fmt: skip
