"""A programme's front page, and its settings."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from twoway.history.clock import now as clock_now
from twoway.people import queries
from twoway.people.actions.programme import NoContactYet, change_programme
from twoway.people.forms.programme import ProgrammeForm
from twoway.people.models import Programme
from twoway.people.phases import moments_of
from twoway.people.rules import may_change_programme, may_run_programme, may_see_programme
from twoway.people.tenancy import PersonRequest, programme_page


@require_safe
@programme_page(may_see_programme)
def programme(request: PersonRequest, programme: Programme) -> HttpResponse:
    """What members and those who run it see first: welcome, dates, whom to turn to, what it is not."""
    now = clock_now()
    intake = queries.current_intake(programme, now)
    return render(
        request,
        "people/programme/programme.html",
        {
            "programme": programme,
            "intake": intake,
            "moments": moments_of(intake) if intake else [],
            "now": now,
            "same_zone": _reads_the_programmes_clock(request, programme, now),
            "place": programme.time_zone.rpartition("/")[2].replace("_", " "),
            "who": queries.who_to_turn_to(programme),
            "member": queries.members_of(programme).filter(person=request.user).exists(),
            "may_run": may_run_programme(request.user, programme),
            "sign_up_open": intake is not None and queries.sign_up_is_open(intake, now),
        },
    )


def _reads_the_programmes_clock(request: PersonRequest, programme: Programme, now: datetime) -> bool:
    """Whether the clock says the same here and there, as in London and Lisbon."""
    own, theirs = (now.astimezone(ZoneInfo(name)) for name in (request.user.time_zone, programme.time_zone))
    return own.utcoffset() == theirs.utcoffset()


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_run_programme)
def programme_edit(request: PersonRequest, programme: Programme) -> HttpResponse:
    """All settings on one page. An archived programme's can be read, not changed."""
    if request.method == "POST" and not may_change_programme(request.user, programme):
        messages.info(request, _("Nothing was saved: this programme is archived."))
        return redirect("people:programme-edit", programme.organisation.slug, programme.slug)
    form = ProgrammeForm(request.POST or None, programme=programme)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_programme(
                programme=programme, changes=form.changes(), material=form.cleaned_data["material"],
                by=request.user, now=clock_now(),
            )  # fmt: skip
        except NoContactYet:
            programme.refresh_from_db()
            form.add_error("sign_up_on", no_contact_words())
        else:
            messages.success(request, _saved_words(programme, changed))
            return redirect("people:programme-edit", programme.organisation.slug, programme.slug)
    return render(
        request,
        "people/programme/edit.html",
        {
            "programme": programme,
            "form": form,
            "members": queries.members_of(programme).count(),
            "accepted": queries.accepted_terms(programme),
        },
        status=422 if form.errors else 200,
    )


def no_contact_words() -> str:
    return _(
        "This programme promises a named contact. Sign-up can open once a contact and a deputy have taken up their "
        "role: ask them in on the page of roles. Or choose “signpost” as the duty of care."
    )


def _saved_words(programme: Programme, changed: list[str]) -> str:
    if "terms_version" in changed:
        return _("Saved. The terms are now version %(n)s; everybody is asked to accept them.") % {
            "n": programme.terms_version
        }
    return _("Saved.")
