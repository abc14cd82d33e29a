"""Published proposals as their coordinator sees them: who has said what, and what may be done about it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twoway.history.clock import now as clock_now
from twoway.matching.actions.proposal import Over, extend_proposal, record_yes, withdraw_proposal
from twoway.matching.forms import ExtendForm
from twoway.matching.models import Proposal
from twoway.matching.queries.proposal import SETTLES_AFTER, given_of, reminder_at, standing_of
from twoway.matching.views.draft import found_proposal
from twoway.matching.views.round import at
from twoway.matching.views.round_page import pair_details
from twoway.matching.words import listed
from twoway.people.models import Programme
from twoway.people.rules import may_change_programme, may_run_programme
from twoway.people.tenancy import PersonRequest, programme_page

SHOW = {
    "all": lambda: _("All"), "waiting": lambda: _("Waiting"), "opened": lambda: _("Loop open"),
    "no": lambda: _("No"), "lapsed": lambda: _("Lapsed"), "other": lambda: _("Withdrawn or full"),
}  # fmt: skip


def _shown(rows: QuerySet[Proposal], show: str) -> QuerySet[Proposal]:
    state, end = Proposal.State, Proposal.End
    if show == "waiting":
        return rows.filter(state=state.PUBLISHED).order_by("lapses_at", "pk")
    if show == "opened":
        return rows.filter(state=state.OPENED)
    if show in ("no", "lapsed"):
        return rows.filter(end=show)
    return rows.filter(end__in=[end.WITHDRAWN, end.FULL]) if show == "other" else rows


@require_safe
@programme_page(may_run_programme)
def proposals(request: PersonRequest, programme: Programme) -> HttpResponse:
    """Everything published, with yes, no, lapsed and waiting by name."""
    rows = given_of(programme)
    show = request.GET.get("show", "all")
    show = show if show in SHOW else "all"
    page = Paginator(_shown(rows, show), 30).get_page(request.GET.get("page"))
    return render(
        request,
        "matching/proposals.html",
        {
            "programme": programme, "page": page, "query": f"show={show}",
            "rows": [standing_of(row) for row in page.object_list],
            "chips": [
                {"label": words(), "url": f"?show={key}", "current": key == show, "count": _shown(rows, key).count()}
                for key, words in SHOW.items()
            ],
        },
    )  # fmt: skip


@require_safe
@programme_page(may_run_programme)
def proposal(request: PersonRequest, programme: Programme, proposal_id: str) -> HttpResponse:
    """One proposal: the two side by side, and how it stands."""
    found = found_proposal(programme, proposal_id)
    return render(request, "matching/proposal.html", _page(request, programme, found, ExtendForm()))


def _page(request: PersonRequest, programme: Programme, found: Proposal, form: ExtendForm) -> dict[str, Any]:
    standing = standing_of(found)
    waits = found.state == Proposal.State.PUBLISHED and found.told_at is not None
    reminds = waits and found.lapses_at and not found.reminded_at and not standing.opens_at
    return {
        "programme": programme, "chosen": found, "standing": standing, "extend": form, "waits": waits,
        "turns_back": standing.turned_back_until is not None and clock_now() < standing.turned_back_until,
        "unsettled": listed(standing.unsettled),
        "sides": [("mentee", found.mentee, standing.mentee), ("mentor", found.mentor, standing.mentor)],
        "reminder": reminder_at(found) if reminds else None,
        **pair_details(request, programme, found, found.round),
    }  # fmt: skip


@require_POST
@programme_page(may_change_programme)
def proposal_extend(request: PersonRequest, programme: Programme, proposal_id: str) -> HttpResponse:
    found = found_proposal(programme, proposal_id)
    form = ExtendForm(request.POST)
    if not form.is_valid():
        return render(request, "matching/proposal.html", _page(request, programme, found, form), status=422)
    try:
        extend_proposal(proposal=found, days=form.cleaned_data["days"], by=request.user, now=clock_now())
        messages.success(request, _("They have more time."))
    except Over:
        messages.error(request, _("This proposal does not wait for an answer any more."))
    return redirect("matching:proposal", *at(programme), found.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_change_programme)
def proposal_withdraw(request: PersonRequest, programme: Programme, proposal_id: str) -> HttpResponse:
    """Ask, then end it. Both read the same kind sentence as after a no."""
    found = found_proposal(programme, proposal_id)
    if request.method == "POST":
        try:
            withdraw_proposal(proposal=found, by=request.user, now=clock_now())
            messages.success(request, _("It is withdrawn."))
        except Over:
            messages.error(request, _("This proposal does not wait for an answer any more."))
        return redirect("matching:proposal", *at(programme), found.public_id)
    return render(
        request,
        "matching/confirm.html",
        {
            "programme": programme,
            "question": _("Withdraw %(one)s and %(other)s?") % {"one": found.mentee.name, "other": found.mentor.name},
            "consequences": [
                _("Both read: this is not going ahead, and you are first next time. They do not read why."),
                _("What either has answered stays with you alone."),
            ],
            "confirm_label": _("Withdraw it"), "confirm_kind": "alarm", "back_url": "../",
        },
    )  # fmt: skip


@require_POST
@programme_page(may_change_programme)
def proposal_yes(request: PersonRequest, programme: Programme, proposal_id: str) -> HttpResponse:
    """Record a yes given by word of mouth."""
    found = found_proposal(programme, proposal_id)
    side = {"mentee": found.mentee, "mentor": found.mentor}.get(request.POST.get("side", ""))
    if side is None:
        messages.error(request, _("Please say whose yes it is."))
        return redirect("matching:proposal", *at(programme), found.public_id)
    try:
        record_yes(proposal=found, side=side, by=request.user, now=clock_now())
    except Over:
        messages.error(request, _("This proposal does not wait for an answer any more."))
    else:
        said = _("The yes of %(name)s is recorded. They are told, and have %(n)s hours to take it back.")
        messages.success(request, said % {"name": side.name, "n": SETTLES_AFTER // timedelta(hours=1)})
    return redirect("matching:proposal", *at(programme), found.public_id)
