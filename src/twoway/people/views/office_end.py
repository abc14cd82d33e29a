"""Ending a role: first a page that says what it means, then the end itself."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from twoway.history.clock import now as clock_now
from twoway.people import queries
from twoway.people.actions.office import LastOne, end_office
from twoway.people.models import Office, Organisation, Programme
from twoway.people.rules import may_give_roles, may_run_organisation
from twoway.people.succession import closes_sign_up, is_last_one, others_in_role
from twoway.people.tenancy import PersonRequest, organisation_page, programme_page
from twoway.people.views.office import to_offices

Role = Office.Role


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may_run_organisation)
def organisation_office_end(request: PersonRequest, organisation: Organisation, admin_id: str) -> HttpResponse:
    return _end(request, organisation, None, admin_id)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_give_roles)
def office_end(request: PersonRequest, programme: Programme, office_id: str) -> HttpResponse:
    return _end(request, programme.organisation, programme, office_id)


def _end(
    request: PersonRequest, organisation: Organisation, programme: Programme | None, office_id: str
) -> HttpResponse:
    """Ask, then end a role; the last admin or coordinator stays, and the roles page says so."""
    office = get_object_or_404(queries.offices_in(organisation, programme), public_id=office_id)
    if request.method != "POST":
        return _refused(request, office) if is_last_one(office) else _ask(request, office)
    was_open = programme is not None and programme.sign_up_on
    try:
        end_office(office=office, by=request.user, now=clock_now())
    except LastOne:
        return _refused(request, office)
    messages.success(request, _("%(name)s no longer holds this role.") % {"name": office.person.name})
    if was_open and office.programme is not None and not office.programme.sign_up_on:
        messages.warning(request, _sign_up_words())
    if office.person_id == request.user.pk:
        return redirect("web:home")
    return to_offices(organisation, programme)


def _refused(request: PersonRequest, office: Office) -> HttpResponse:
    words = _("A programme keeps at least one coordinator. Ask somebody else in first, then end this role.")
    if office.role == Role.ADMIN:
        words = _("An organisation keeps at least one admin. Ask somebody else in first, then end this role.")
    messages.error(request, words)
    return to_offices(office.organisation, office.programme)


def _sign_up_words() -> str:
    return _("Sign-up is switched off: this programme promises a contact and a deputy, and one of them is missing.")


def _ask(request: PersonRequest, office: Office) -> HttpResponse:
    """What ending this role means, for whom it is ended and for the others."""
    mine, place = office.person_id == request.user.pk, office.programme or office.organisation
    facts = {"name": office.person.name, "role": office.get_role_display(), "place": place.name}
    slugs = [office.organisation.slug, *([office.programme.slug] if office.programme else [])]
    question = _("End your own role?") if mine else _("End the role of %(name)s?") % facts
    told = [] if mine else [_("%(name)s is told at once. A new letter from here is the only way back in.") % facts]
    again = [_("You cannot undo this yourself: somebody else has to ask you in again.")] if mine else []
    page = {
        "organisation": office.organisation, "programme": office.programme,
        "question": question, "explanation": _("%(name)s is %(role)s of %(place)s.") % facts,
        "consequences": [*_lost(office), *_passed_on(office), *told, *again,
                         _("Loops, answers and everything else of their own stay as they are.")],
        "confirm_label": _("End my role") if mine else _("End the role"), "confirm_kind": "alarm",
        "back_url": reverse("people:offices" if office.programme else "people:organisation-offices", args=slugs),
    }  # fmt: skip
    return render(request, "people/office/end.html", page)


def _lost(office: Office) -> list[str]:
    """What closes for whoever held it."""
    name = {"name": office.person.name}
    words = {
        Role.ADMIN: _("With the next click %(name)s opens no page of the organisation and gives no roles any more."),
        Role.COORDINATOR: _("With the next click %(name)s sees no desk, people, sign-ups or matching of it any more."),
        Role.VIEWER: _("With the next click %(name)s no longer reads its report."),
        Role.SAFEGUARDING: _("People are no longer pointed to %(name)s when they look for somebody to turn to."),
    }
    return [words[Role(office.role)] % name]


def _passed_on(office: Office) -> list[str]:
    """What it changes for the others who hold the role, and for sign-up."""
    said, programme = [], office.programme
    heir = others_in_role(office).first()
    if office.first and heir is not None and office.role == Role.COORDINATOR:
        said.append(_("%(heir)s signs the programme's letters from then on.") % {"heir": heir.person.name})
    if office.first and heir is not None and office.role == Role.SAFEGUARDING:
        said.append(_("%(heir)s becomes the contact.") % {"heir": heir.person.name})
    if programme is not None and closes_sign_up(office):
        said.append(_("Sign-up closes: this programme promises a contact and a deputy, and one would be missing."))
    return said
