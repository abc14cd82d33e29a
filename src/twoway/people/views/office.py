"""Roles: who holds what, and asking somebody in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from twoway.history.clock import now as clock_now
from twoway.people import queries
from twoway.people.actions.office import ask_into_office, make_primary, withdraw_offer
from twoway.people.forms.office import PROGRAMME_ROLES, AskIn
from twoway.people.models import Office, Organisation, Programme
from twoway.people.roles import SENTENCES
from twoway.people.rules import may_give_roles, may_run_organisation
from twoway.people.signin.session import within_limit
from twoway.people.tenancy import PersonRequest, organisation_page, programme_page


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may_run_organisation)
def organisation_offices(request: PersonRequest, organisation: Organisation) -> HttpResponse:
    """The organisation's admins, and who runs each programme."""
    programmes = [
        {"programme": programme, "offices": queries.offices_in(organisation, programme)}
        for programme in queries.programmes_of(organisation)
    ]
    return _offices(request, organisation, None, {"programmes": programmes})


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_give_roles)
def offices(request: PersonRequest, programme: Programme) -> HttpResponse:
    """A programme's coordinators, contacts and viewers."""
    named = programme.duty_of_care == Programme.DutyOfCare.NAMED_CONTACT
    lacks = named and not queries.has_contact_and_deputy(programme)
    admin = may_run_organisation(request.user, programme.organisation)
    page = {"lacks_contact": lacks, "is_admin": admin}
    return _offices(request, programme.organisation, programme, page)


def _offices(
    request: PersonRequest, organisation: Organisation, programme: Programme | None, page: dict[str, Any]
) -> HttpResponse:
    form = AskIn(request.POST or None, in_programme=programme is not None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["address"]
        if within_limit(request, "invitation", str(request.user.pk)):
            ask_into_office(
                address=address, role=form.asked_role, organisation=organisation, programme=programme,
                by=request.user, now=clock_now(),
            )  # fmt: skip
            words = _("A letter is on its way to %(address)s. The role begins when they open it.")
            messages.success(request, words % {"address": address})
            return to_offices(organisation, programme)
        form.add_error(None, _("That was a lot of letters at once. Please wait a while."))
    held = list(queries.offices_in(organisation, programme))
    roles = PROGRAMME_ROLES if programme is not None else [Office.Role.ADMIN]
    page |= {
        "organisation": organisation,
        "programme": programme,
        "form": form,
        "roles": [
            {
                "role": role,
                "label": role.label,
                "sentence": SENTENCES[role],
                "held": [o for o in held if o.role == role],
            }
            for role in roles
        ],
        "offers": [
            {"offer": offer, "label": Office.Role(offer.facts["role"]).label}
            for offer in queries.offers_of(organisation, programme, clock_now())
        ],
    }
    return render(request, "people/office/offices.html", page, status=422 if form.errors else 200)


@require_POST
@programme_page(may_give_roles)
def office_primary(request: PersonRequest, programme: Programme, office_id: str) -> HttpResponse:
    """The primary coordinator signs the programme's letters; the first contact is the one, the other the deputy."""
    office = get_object_or_404(queries.offices_in(programme.organisation, programme), public_id=office_id)
    make_primary(office=office, by=request.user, now=clock_now())
    messages.success(request, _("%(name)s comes first now.") % {"name": office.person.name})
    return to_offices(programme.organisation, programme)


@require_POST
@organisation_page(may_run_organisation)
def organisation_offer_withdraw(
    request: PersonRequest, organisation: Organisation, admin_offer_id: str
) -> HttpResponse:
    return _withdraw(request, organisation, None, admin_offer_id)


@require_POST
@programme_page(may_give_roles)
def offer_withdraw(request: PersonRequest, programme: Programme, offer_id: str) -> HttpResponse:
    return _withdraw(request, programme.organisation, programme, offer_id)


def _withdraw(
    request: PersonRequest, organisation: Organisation, programme: Programme | None, offer_id: str
) -> HttpResponse:
    offer = get_object_or_404(queries.offers_of(organisation, programme, clock_now()), public_id=offer_id)
    withdraw_offer(token=offer, by=request.user, now=clock_now())
    messages.success(request, _("Withdrawn. The link in that letter no longer works."))
    return to_offices(organisation, programme)


def to_offices(organisation: Organisation, programme: Programme | None) -> HttpResponse:
    if programme is None:
        return redirect("people:organisation-offices", organisation.slug)
    return redirect("people:offices", organisation.slug, programme.slug)
