"""What the ground room holds about a person: who may see each column, handing it over, and forgetting it.

Classes: public · members (of the programme) · participants (of a loop) · owner · coordinator (of the programme, and
the owner) · system (says nothing about a person's life: ids, switches, moments).
"""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.forms.models import model_to_dict
from django_scopes import scopes_disabled

from twoway.people.models import (
    Clearance,
    Consent,
    KeptApart,
    Membership,
    Notification,
    Office,
    Person,
    Seat,
    SupportLine,
    Token,
)

_PLACES = {
    "Organisation": "id public_id slug name hue time_zone made_at demo",
    "FormerSlug": "id organisation programme slug",
    "Programme": (
        "id organisation public_id slug name kind time_zone hue mentor_word mentee_word"
        " welcome closing what_it_is_not terms terms_version standing_address sign_up_on approval wanted_mentors"
        " wanted_mentees both_say_yes proposal_days proposal_reminder_days usual_capacity"
        " usual_rhythm_days duty_of_care reply_days made_at set_up archived_at demo"
    ),
    "Intake": (
        "id programme public_id name sign_up_opens_on sign_up_closes_on matching_on starts_on mid_term_on closing_on"
        " ends_on made_at"
    ),
    "SupportLine": "id programme public_id country name how hours cost source checked_on checked_by",
}

COLUMNS = {
    **{f"{model}.{column}": "system" for model, columns in _PLACES.items() for column in columns.split()},
    "Person.id": "system", "Person.public_id": "system", "Person.password": "owner", "Person.last_login": "owner",
    "Person.name": "members", "Person.time_zone": "participants", "Person.language": "owner",
    "Person.telling": "owner", "Person.introduced": "owner", "Person.is_active": "system",
    "Person.made_at": "system", "Person.demo": "system",
    "Office.id": "system", "Office.organisation": "system", "Office.programme": "system", "Office.person": "members",
    "Office.public_id": "system", "Office.role": "members", "Office.first": "members", "Office.began_at": "coordinator",
    "Office.ended_at": "coordinator",
    "Membership.id": "system", "Membership.programme": "system", "Membership.person": "system",
    "Membership.public_id": "system", "Membership.name": "members", "Membership.role": "members",
    "Membership.rhythm_days": "coordinator", "Membership.available": "coordinator",
    "Membership.paused_until": "coordinator", "Membership.joined_at": "coordinator",
    "Membership.ended_at": "coordinator",
    "Seat.id": "system", "Seat.person": "coordinator", "Seat.organisation": "system",
    "Seat.reserved_for": "coordinator", "Seat.leaving": "coordinator",
    "Consent.id": "system", "Consent.programme": "system", "Consent.person": "coordinator",
    "Consent.version": "coordinator", "Consent.at": "coordinator",
    "Clearance.id": "system", "Clearance.programme": "system", "Clearance.person": "owner", "Clearance.kind": "owner",
    "Clearance.version": "owner", "Clearance.at": "owner",
    "KeptApart.id": "system", "KeptApart.organisation": "owner", "KeptApart.owner": "owner",
    "KeptApart.public_id": "owner", "KeptApart.address": "owner", "KeptApart.note": "owner",
    "KeptApart.made_at": "owner",
    "Notification.id": "system", "Notification.person": "owner", "Notification.public_id": "owner",
    "Notification.key": "owner", "Notification.kind": "owner", "Notification.facts": "owner",
    "Notification.url": "owner", "Notification.made_at": "owner", "Notification.read_at": "owner",
    "Token.id": "system", "Token.kind": "system", "Token.public_id": "owner", "Token.address": "owner",
    "Token.person": "owner", "Token.digest": "system", "Token.code_digest": "system", "Token.onward": "owner",
    "Token.wrong_codes": "system", "Token.made_at": "system", "Token.expires_at": "system", "Token.used_at": "system",
    "Token.facts": "coordinator",
    "DeskNote.id": "system", "DeskNote.programme": "system", "DeskNote.key": "coordinator",
    "DeskNote.taken_by": "coordinator", "DeskNote.snoozed_until": "coordinator",
}  # fmt: skip

_OWNED = (Membership, Office, Seat, Consent, Clearance, Notification)


def data_of(person: Person) -> dict[str, Any]:
    """Everything this room holds about a person, as plain values: rows by model."""
    with scopes_disabled():
        kept = {
            model.__name__: [model_to_dict(row) for row in model._default_manager.filter(person=person)]
            for model in _OWNED
        }
        kept["KeptApart"] = [model_to_dict(row) for row in KeptApart.objects.filter(owner=person)]
    kept["Person"] = [
        {"name": person.name, "time_zone": person.time_zone, "language": person.language, "telling": person.telling}
    ]
    kept["EmailAddress"] = list(EmailAddress.objects.filter(user=person).values("email", "verified", "primary"))
    kept["UserSession"] = list(UserSession.objects.filter(user=person).values("ip", "user_agent", "created_at"))
    return kept


@transaction.atomic
def forget(person: Person) -> None:
    """Delete what this room holds about a person, and the person, once higher rooms have forgotten them."""
    with scopes_disabled():
        KeptApart.objects.filter(owner=person).delete()
        SupportLine.objects.filter(checked_by=person).update(checked_by=None)
        Token.objects.filter(person=person).delete()
        person.delete()
