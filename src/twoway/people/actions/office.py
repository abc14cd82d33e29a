"""Giving and ending roles in an organisation and its programmes."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from twoway.history.actions import record
from twoway.people.actions.link import INVITATION_LASTS, make_link
from twoway.people.foot import place_of
from twoway.people.models import Office, Organisation, Person, Programme, Token
from twoway.people.succession import closes_sign_up, is_last_one, others_in_role
from twoway.people.telling import tell, write_to


@transaction.atomic
def ask_into_office(
    *,
    address: str,
    role: str,
    organisation: Organisation,
    programme: Programme | None,
    by: Person,
    now: datetime,
) -> Token:
    """Ask whoever reads this address to take up a role. Known or not, the address gets the same letter, and
    only its holder takes the role up, by opening the link."""
    token, link = make_link(
        kind=Token.Kind.OFFICE, lasts=INVITATION_LASTS, address=address.strip().lower(), now=now,
        facts={"organisation": organisation.pk, "programme": programme.pk if programme else None, "role": role},
    )  # fmt: skip
    record("office.offered", by=by, organisation=organisation.pk, programme=programme, now=now, role=role)
    write_to(
        token.address, "people.office_offered", key=f"office {token.public_id}", url=link, secret=True, now=now,
        programme=programme,
        facts={"role": str(Office.Role(role).label), "by": by.name,
               "place": place_of(programme) if programme else organisation.name},
    )  # fmt: skip
    return token


@transaction.atomic
def withdraw_offer(*, token: Token, by: Person, now: datetime) -> None:
    """Make the letter's link useless."""
    token.used_at = now
    token.save(update_fields=["used_at"])
    programme = Programme.objects.filter(pk=token.facts["programme"]).first()
    record(
        "office.offer_withdrawn",
        by=by,
        organisation=token.facts["organisation"],
        programme=programme,
        now=now,
    )


def take_up_office(*, token: Token, person: Person, now: datetime) -> Office:
    """What an office link does when its holder opens it; twice is once."""
    organisation = Organisation.objects.get(pk=token.facts["organisation"])
    programme = Programme.objects.with_scope(organisation=organisation).filter(pk=token.facts["programme"]).first()
    return give_office(
        person=person,
        role=token.facts["role"],
        organisation=organisation,
        programme=programme,
        by=person,
        now=now,
    )


@transaction.atomic
def give_office(
    *,
    person: Person,
    role: str,
    organisation: Organisation,
    programme: Programme | None = None,
    by: Person | None,
    now: datetime,
) -> Office:
    """Give a person a role. The first coordinator of a programme becomes its primary one."""
    offices = Office.objects.with_scope(organisation=organisation)
    held = offices.filter(person=person, role=role, programme=programme, ended_at=None).first()
    if held is not None:
        return held
    first = (
        role != Office.Role.ADMIN
        and not offices.filter(programme=programme, role=role, first=True, ended_at=None).exists()
    )
    office = Office.objects.create(
        organisation=organisation, programme=programme, person=person, role=role, first=first, began_at=now
    )
    record(
        "office.accepted" if by is not None and by.pk == person.pk else "office.given",
        by=by,
        organisation=organisation.pk,
        programme=programme,
        concerns=[person.pk],
        now=now,
        role=role,
    )
    return office


class LastOne(Exception):
    """An organisation keeps at least one admin, a running programme at least one coordinator."""


@transaction.atomic
def end_office(*, office: Office, by: Person, now: datetime) -> None:
    """End a role at once; the right is gone with the next request. The last admin or coordinator stays.

    The organisation's row is held meanwhile: two who end each other's role at once must not both succeed.
    """
    Organisation.objects.select_for_update().get(pk=office.organisation_id)
    office.refresh_from_db()
    if office.ended_at is not None:
        return
    if is_last_one(office):
        raise LastOne
    closes = closes_sign_up(office)
    office.ended_at, was_first, office.first = now, office.first, False
    office.save(update_fields=["ended_at", "first"])
    heir = others_in_role(office).first()
    if was_first and heir is not None:
        heir.first = True
        heir.save(update_fields=["first"])
    if closes and office.programme is not None:
        office.programme.sign_up_on = False
        office.programme.save(update_fields=["sign_up_on"])
        record("programme.changed", by=by, programme=office.programme, now=now, settings=["sign_up_on"])
    record(
        "office.ended", by=by, organisation=office.organisation_id, programme=office.programme,
        concerns=[office.person_id], now=now, role=office.role,
    )  # fmt: skip
    if by.pk != office.person_id:
        place = office.programme or office.organisation
        tell(
            office.person, "people.office_ended", key=f"office-ended {office.public_id}", url=reverse("web:home"),
            facts={"role": str(office.get_role_display()), "place": place.name}, programme=office.programme, now=now,
        )  # fmt: skip


@transaction.atomic
def make_primary(*, office: Office, by: Person, now: datetime) -> None:
    """Make one coordinator the primary one, who signs the programme's mail; or one contact the first."""
    Office.objects.filter(programme=office.programme, role=office.role, first=True).update(first=False)
    office.first = True
    office.save(update_fields=["first"])
    record(
        "office.primary",
        by=by,
        programme=office.programme,
        concerns=[office.person_id],
        now=now,
        role=office.role,
    )
