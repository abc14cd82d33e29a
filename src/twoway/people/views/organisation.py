"""An organisation as its admins see it: programmes, totals, name, roles."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from twoway.history.clock import now as clock_now
from twoway.people import queries
from twoway.people.actions.organisation import change_organisation
from twoway.people.actions.programme import reopen_programme
from twoway.people.forms.organisation import OrganisationForm
from twoway.people.models import Organisation, Person, Programme
from twoway.people.phases import SignUp
from twoway.people.rules import may_run_organisation
from twoway.people.tenancy import PersonRequest, organisation_page


@dataclass(frozen=True)
class Row:
    """One programme on the organisation's page. `open_to_me`: the admin also coordinates it."""

    programme: Programme
    totals: queries.Totals
    coordinators: list[str]
    open_to_me: bool
    state: str
    sign_up: SignUp


def _row(
    request: PersonRequest, programme: Programme, totals: queries.Totals, coordinators: list[Person], sign_up: SignUp
) -> Row:
    return Row(
        sign_up=sign_up,
        programme=programme,
        totals=totals,
        coordinators=[person.name for person in coordinators],
        open_to_me=request.user in coordinators,
        state="archived" if programme.archived_at else "set up" if programme.set_up else "running",
    )


@require_safe
@organisation_page(may_run_organisation)
def organisation(request: PersonRequest, organisation: Organisation) -> HttpResponse:
    """The programmes, running, being set up and archived, each with its members counted now."""
    programmes = list(queries.programmes_of(organisation))
    totals = queries.totals_of(programmes)
    coordinators = queries.coordinators_in(organisation)
    sign_up = queries.sign_up_in(programmes, clock_now())
    rows = [_row(request, one, totals[one.pk], coordinators.get(one.pk, []), sign_up[one.pk]) for one in programmes]
    return render(
        request,
        "people/organisation/organisation.html",
        {
            "organisation": organisation,
            "running": [row for row in rows if row.state == "running"],
            "set_up": [row for row in rows if row.state == "set up"],
            "archived": [row for row in rows if row.state == "archived"],
            "people": queries.people_in(organisation),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may_run_organisation)
def organisation_edit(request: PersonRequest, organisation: Organisation) -> HttpResponse:
    form = OrganisationForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        change_organisation(organisation=organisation, changes=form.cleaned_data, by=request.user, now=clock_now())
        messages.success(request, _("Saved."))
        return redirect("people:organisation", organisation.slug)
    return render(
        request,
        "people/organisation/edit.html",
        {"organisation": organisation, "form": form},
        status=422 if form.errors else 200,
    )


@require_http_methods(["POST"])
@organisation_page(may_run_organisation)
def programme_reopen(request: PersonRequest, organisation: Organisation, archived_id: str) -> HttpResponse:
    programme = get_object_or_404(queries.programmes_of(organisation), public_id=archived_id)
    if programme.archived_at is None:
        messages.info(request, _("%(name)s is open already.") % {"name": programme.name})
        return redirect("people:organisation", organisation.slug)
    reopen_programme(programme=programme, by=request.user, now=clock_now())
    messages.success(request, _("%(name)s is open again. Its sign-up is off.") % {"name": programme.name})
    if queries.programme_called(programme.name, organisation, unless=programme):
        words = _("Another programme is called %(name)s too. Please give one of them another name in its settings.")
        messages.info(request, words % {"name": programme.name})
    return redirect("people:organisation", organisation.slug)
