"""Archiving a programme: first a page that says what ends by it and for how many, then the archive itself."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from twoway.history.clock import now as clock_now
from twoway.people.actions.programme import archive_programme
from twoway.people.models import Organisation, Programme
from twoway.people.queries import members_of, programmes_of
from twoway.people.rules import may_run_organisation
from twoway.people.tenancy import PersonRequest, organisation_page
from twoway.signup import queries


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may_run_organisation)
def programme_archive(request: PersonRequest, organisation: Organisation, programme_id: str) -> HttpResponse:
    """Ask, then close a programme. Nothing in it is deleted."""
    programme = get_object_or_404(programmes_of(organisation), public_id=programme_id)
    if programme.archived_at is not None:
        messages.info(request, _("%(name)s is archived already. You can reopen it here.") % {"name": programme.name})
        return redirect("people:organisation", organisation.slug)
    now = clock_now()
    if request.method == "POST":
        archive_programme(programme=programme, by=request.user, now=now)
        messages.success(request, _("%(name)s is archived. You can reopen it here.") % {"name": programme.name})
        return redirect("people:organisation", organisation.slug)
    page = {
        "organisation": organisation,
        "question": _("Archive %(name)s?") % {"name": programme.name},
        "consequences": [
            _closed_words(programme),
            *_on_their_way(programme, now),
            _("Its coordinators can still open and read its pages."),
            _("Nothing is deleted, and no loop ends by it."),
            _("You can reopen it at any time. Sign-up then stays off until a coordinator switches it on."),
        ],
        "confirm_label": _("Archive it"),
        "back_url": reverse("people:organisation", args=[organisation.slug]),
    }
    return render(request, "signup/programme/archive.html", page)


def _closed_words(programme: Programme) -> str:
    members = members_of(programme).count()
    said = ngettext(
        "Sign-up closes, and nobody can join any more. It has %(n)s member now.",
        "Sign-up closes, and nobody can join any more. It has %(n)s members now.", members,
    )  # fmt: skip
    return said % {"n": members}


def _on_their_way(programme: Programme, now: datetime) -> list[str]:
    """Those for whom the door closes: expected people, open invitations, sign-ups that wait for a yes or no."""
    expected = queries.expected_people(programme).count()
    invited = queries.open_invitations(programme, now).count()
    waiting = queries.waiting_applications(programme).count()
    said = []
    if expected:
        said.append(ngettext(
            "%(n)s expected person can no longer join.", "%(n)s expected people can no longer join.", expected,
        ) % {"n": expected})  # fmt: skip
    if invited:
        said.append(ngettext(
            "%(n)s open invitation leads nowhere: whoever follows its link reads that sign-up is closed.",
            "%(n)s open invitations lead nowhere: whoever follows a link reads that sign-up is closed.", invited,
        ) % {"n": invited})  # fmt: skip
    if waiting:
        said.append(ngettext(
            "%(n)s sign-up waits for a yes or no of the coordinators, and goes on waiting.",
            "%(n)s sign-ups wait for a yes or no of the coordinators, and go on waiting.", waiting,
        ) % {"n": waiting})  # fmt: skip
    return said
