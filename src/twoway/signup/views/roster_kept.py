"""What may be done with a roster that was kept: invite its people, or take it back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from twoway.history.clock import now as clock_now
from twoway.people.models import Programme
from twoway.people.rules import may_run_programme
from twoway.people.signin.session import within_limit
from twoway.people.tenancy import PersonRequest, programme_page
from twoway.signup.actions.invitation import send_invitations
from twoway.signup.actions.keeping import take_back_roster
from twoway.signup.models import Roster
from twoway.signup.queries import roster as queries
from twoway.signup.queries import takes_the_invited
from twoway.signup.views.invitation import no_letter_words

AT_ONCE = 500


@require_POST
@programme_page(may_run_programme)
def invitations(request: PersonRequest, programme: Programme, roster_id: str) -> HttpResponse:
    """Write to those of the file who have not been written to, up to 500 at once."""
    found = _kept(programme, roster_id)
    chosen = list(queries.uninvited_of(found)[:AT_ONCE])
    if not takes_the_invited(programme):
        messages.info(request, no_letter_words())
    elif not all(within_limit(request, "invitation", str(request.user.pk)) for _letter in chosen):
        messages.error(request, _("That was a lot of letters at once. Please wait a while and try again."))
    else:
        sent = send_invitations(applications=chosen, by=request.user, now=clock_now())
        words = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", sent)
        messages.success(request, words % {"n": sent})
    return redirect("signup:roster", programme.organisation.slug, programme.slug, found.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_run_programme)
def taking_back(request: PersonRequest, programme: Programme, roster_id: str) -> HttpResponse:
    """Undo a kept roster, after asking once more."""
    found = _kept(programme, roster_id)
    here = reverse("signup:roster", args=[programme.organisation.slug, programme.slug, found.public_id])
    why_not = queries.why_it_stays(found)
    if request.method == "POST" and take_back_roster(roster=found, by=request.user, now=clock_now()):
        messages.success(request, _("Taken back. Everybody else is as they were before."))
        return redirect("signup:rosters", programme.organisation.slug, programme.slug)
    if why_not:
        messages.info(request, _("It cannot be taken back as things stand. %(why)s") % {"why": why_not})
        return redirect(here)
    tally = queries.tally_of(found)
    made = ngettext(
        "%(n)s person who came with it is no longer expected.", "%(n)s people who came with it are no longer expected.",
        tally.made,
    )  # fmt: skip
    page = {
        "programme": programme,
        "question": _("Take this file back?"),
        "explanation": found.file_name,
        "consequences": [
            made % {"n": tally.made},
            _("Whoever it added to is as they were before."),
            _("A round that was worked out with any of them loses its receipt, which holds answers."),
            _("Questions it added to the form stay there; you can take them off the form."),
        ],
        "confirm_label": _("Take it back"),
        "confirm_kind": "alarm",
        "back_url": here,
    }
    return render(request, "web/parts/confirm_page.html", page)


def _kept(programme: Programme, roster_id: str) -> Roster:
    found = queries.roster_in(programme, roster_id)
    if found is None or found.state != Roster.State.KEPT:
        raise Http404
    return found
