"""The people of a programme in one table, and what can be done for many of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from twoway.history.clock import now as clock_now
from twoway.people.queries import today_in
from twoway.people.rules import may_run_programme
from twoway.people.signin.session import within_limit
from twoway.people.tenancy import PersonRequest, programme_page
from twoway.signup.actions.arrival import approve_applications
from twoway.signup.actions.availability import set_availability
from twoway.signup.actions.invitation import send_invitations
from twoway.signup.queries import takes_the_invited
from twoway.signup.views.invitation import no_letter_words, wait_words
from twoway.web.addresses import at
from twoway.web.people_table import Asked, lines_of

if TYPE_CHECKING:
    from twoway.people.models import Membership, Programme
    from twoway.signup.models import Application

A_PAGE = 50
MOST_AT_ONCE = 500
NAMES_SHOWN = 10
_SELECTION = ("who", "all", "query")
_ASKED_FIRST = ("approve", "invite")


@require_safe
@programme_page(may_run_programme)
def people(request: PersonRequest, programme: Programme) -> HttpResponse:
    asked = Asked(programme, request.GET)
    page = Paginator(asked.table, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "programme": programme,
        "asked": asked,
        "page": page,
        "rows": lines_of(list(page), asked.heads, programme),
        "filters": asked.filters(),
        "answer_filters": asked.answer_filters,
        "chosen": asked.chosen(),
        "query": asked.address("page"),
        "sort_query": asked.address("page", "sort"),
        "by_hand_url": "" if programme.archived_at else reverse("matching:by-hand", args=at(programme)),
    }
    return render(request, "web/people/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_run_programme)
def people_change(request: PersonRequest, programme: Programme) -> HttpResponse:
    """Invite, approve, pause or bring back: those ticked, or all that the filters found. Several to approve or invite
    are asked about on a page of its own, so that going back and loading it anew ask nothing of the browser."""
    if request.method != "POST":
        return _ask_first(request, programme)
    query = QueryDict(request.POST.get("query", ""))
    back = redirect("web:people", *at(programme))
    if query:
        back["Location"] += f"?{query.urlencode()}"
    if request.POST.get("next") == "profile" and len(ids := request.POST.getlist("who")) == 1:
        back = redirect("web:profile", *at(programme), ids[0])
    members, applications = _those_meant(request.POST, programme, query)
    if len(members) + len(applications) == 0:
        messages.info(request, _("Nobody was chosen, so nothing was changed."))
        return back
    said = request.POST.get("do", "")
    if said in _ASKED_FIRST and not request.POST.get("sure") and len(_meant_by(said, programme, applications)) > 1:
        asked = [(name, word) for name in _SELECTION for word in request.POST.getlist(name)]
        return redirect(f"{request.path}?{urlencode([*asked, ('do', said)])}")
    do = _DOES.get(request.POST.get("do", ""))
    if do is not None:
        do(request, programme, members, applications)
    return back


def _ask_first(request: PersonRequest, programme: Programme) -> HttpResponse:
    """Several at once cannot be taken back: show who they are, and take the same selection again."""
    asked = [(name, word) for name in _SELECTION for word in request.GET.getlist(name)]
    query = QueryDict(request.GET.get("query", ""))
    back = reverse("web:people", args=at(programme)) + (f"?{query.urlencode()}" if query else "")
    do = "invite" if request.GET.get("do") == "invite" else "approve"
    _members, applications = _those_meant(request.GET, programme, query)
    meant = _meant_by(do, programme, applications)
    if not meant:
        nobody = _("Nobody who waits was chosen, so nothing was changed.")
        messages.info(request, nobody if do == "approve" else _("This fits nobody you chose, so nothing was changed."))
        return redirect(back)
    names = ", ".join(one.name or one.address for one in meant[:NAMES_SHOWN])
    more = len(meant) - NAMES_SHOWN
    page = {
        "programme": programme,
        **(_approval_words(len(meant)) if do == "approve" else _invitation_words(len(meant))),
        "consequences": [_("%(names)s and %(n)s more") % {"names": names, "n": more} if more > 0 else names],
        "back_url": back,
        "asked": [*asked, ("do", do), ("sure", "yes")],
    }
    return render(request, "web/people/ask_first.html", page)


def _meant_by(do: str, programme: Programme, applications: list[Application]) -> list[Application]:
    """Those of the chosen whom it concerns: who waits for a yes, or is expected and can get a letter."""
    if do == "approve":
        return [one for one in applications if one.state == "waiting"]
    expected = [one for one in applications if one.state == "expected"] if takes_the_invited(programme) else []
    return expected[:MOST_AT_ONCE]


def _approval_words(count: int) -> dict[str, str]:
    return {
        "question": ngettext("Approve %(n)s sign-up?", "Approve %(n)s sign-ups?", count) % {"n": count},
        "explanation": _("Each becomes a member and gets a letter at once."),
        "confirm_label": ngettext("Approve this one", "Approve these %(n)s", count) % {"n": count},
    }


def _invitation_words(count: int) -> dict[str, str]:
    return {
        "question": ngettext("Send %(n)s invitation?", "Send %(n)s invitations?", count) % {"n": count},
        "explanation": _("Each gets a letter at once. In earlier letters to them the link no longer works."),
        "confirm_label": ngettext("Send this one", "Send these %(n)s", count) % {"n": count},
    }


def _those_meant(said: QueryDict, programme: Programme, query: QueryDict) -> tuple[list[Membership], list[Application]]:
    asked = Asked(programme, query if said.get("all") else QueryDict())
    members = asked.table.members.select_related("person", "programme__organisation").order_by("pk")
    expected = asked.table.expected.select_related("intake__programme__organisation").order_by("pk")
    if not said.get("all"):
        ids = said.getlist("who")
        members, expected = members.filter(public_id__in=ids), expected.filter(public_id__in=ids)
    return list(members), list(expected)


def _pause(
    request: PersonRequest, programme: Programme, members: list[Membership], applications: list[Application]
) -> None:
    now = clock_now()
    said = request.POST.get("until", "").strip()
    until = _day(said)
    if said and (until is None or until <= today_in(programme, now)):
        messages.error(request, _("Please choose a day to come, or leave it empty. Nothing was changed."))
        return
    done = set_availability(memberships=members, available=False, until=until, by=request.user, now=now)
    _say(request, ngettext("%(n)s person is away now.", "%(n)s people are away now.", done), done)


def _day(said: str) -> Any:
    try:
        return parse_date(said)
    except ValueError:
        return None


def _bring_back(
    request: PersonRequest, programme: Programme, members: list[Membership], applications: list[Application]
) -> None:
    done = set_availability(memberships=members, available=True, until=None, by=request.user, now=clock_now())
    _say(request, ngettext("%(n)s person can be matched again.", "%(n)s people can be matched again.", done), done)


def _approve(
    request: PersonRequest, programme: Programme, members: list[Membership], applications: list[Application]
) -> None:
    waiting = _meant_by("approve", programme, applications)
    done = approve_applications(applications=waiting, by=request.user, now=clock_now()) if waiting else 0
    _say(
        request,
        ngettext("%(n)s person is a member now and has been told.", "%(n)s people are members now and have been told.",
                 done),
        done,
    )  # fmt: skip


def _invite(
    request: PersonRequest, programme: Programme, members: list[Membership], applications: list[Application]
) -> None:
    """Up to 500 letters at once, each counted, so that nobody can flood the post through us."""
    if not takes_the_invited(programme):
        messages.info(request, no_letter_words())
        return
    expected = _meant_by("invite", programme, applications)
    if not all(within_limit(request, "invitation", str(request.user.pk)) for _letter in expected):
        messages.error(request, _("That was a lot of letters at once. Please wait a while and try again."))
        return
    done = send_invitations(applications=expected, by=request.user, now=clock_now()) if expected else 0
    if expected and not done:
        messages.info(request, wait_words())
        return
    _say(request, ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", done), done)


def _say(request: PersonRequest, words: str, done: int) -> None:
    if done:
        messages.success(request, words % {"n": done})
    else:
        messages.info(request, _("This fits nobody you chose, so nothing was changed."))


_DOES = {"pause": _pause, "back": _bring_back, "approve": _approve, "invite": _invite}
