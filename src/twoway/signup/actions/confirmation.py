"""The letter that proves the address of a sign-up, or brings somebody back to it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from twoway.history.actions import record
from twoway.people.actions.link import make_link
from twoway.people.models import Intake, Person, Token
from twoway.people.models.person import first_name_in
from twoway.people.telling import write_to
from twoway.signup.models import Application
from twoway.signup.queries import only_suggested

CONFIRMATION_LASTS = timedelta(days=7)
CARRY_ON_LASTS = timedelta(hours=1)  # it signs in somebody who is known: not much longer than a sign-in letter

State = Application.State


@transaction.atomic
def write_confirmation(*, application: Application, now: datetime) -> None:
    """Write to the address of a sign-up: confirm it, or carry on. An earlier link is dead. A name
    is said only where the address is proved: before, a stranger may have typed both."""
    end_links(application, now)
    lasts = CARRY_ON_LASTS if application.person_id else CONFIRMATION_LASTS
    token, link = make_link(
        kind=Token.Kind.INVITATION, lasts=lasts, address=application.address, now=now,
        route="signup:confirmation", facts={"application": application.pk},
    )  # fmt: skip
    programme = application.intake.programme
    already = application.state in (State.WAITING, State.JOINED) or (
        Application.objects.filter(intake=application.intake, address__iexact=application.address)
        .filter(state__in=[State.EXPECTED, State.WAITING, State.JOINED])
        .exclude(pk=application.pk)
        .exists()
    )
    write_to(
        application.address, "signup.confirmation", key=f"confirmation {token.public_id}", url=link, secret=True,
        programme=programme, now=now,
        facts={
            "programme": programme.name, "organisation": programme.organisation.name,
            "name": first_name_in(application.name) if application.person_id else "",  # else anybody may have typed it
            "already": already, "sent": application.state == State.SENT,
            "known": application.person_id is not None,
        },
    )  # fmt: skip


def ask_to_carry_on(*, intake: Intake, address: str, now: datetime) -> None:
    """Write to whoever began with this address, so that they can go on elsewhere. Where nobody did, nothing is
    written; the page says the same."""
    found = (
        Application.objects.filter(intake=intake, address__iexact=address.strip())
        .exclude(state__in=[State.DECLINED, State.WITHDRAWN])
        .exclude(only_suggested())
        .order_by(F("person").asc(nulls_last=True), "-pk")
        .first()
    )
    if found is not None:
        write_confirmation(application=found, now=now)


@transaction.atomic
def correct_address(*, application: Application, address: str, by: Person, now: datetime) -> None:
    """Put a mistyped address right before anybody has proved it. The old link is dead."""
    if application.verified_at is not None or application.person_id is not None:
        raise PermissionError("A proved address belongs to its person.")
    end_links(application, now)
    application.address = address.strip().lower()
    application.save(update_fields=["address"])
    record(
        "application.address_corrected", by=by, programme=application.intake.programme,
        about=f"application {application.public_id}", now=now,
    )  # fmt: skip
    if application.state == State.SENT:
        write_confirmation(application=application, now=now)


@transaction.atomic
def change_own_address(*, application: Application, address: str, now: datetime) -> bool:
    """A mistyped address put right by whoever sent the form, before anybody has proved it. The form stays sent,
    the old letter's link is dead, and the new address is written to at once; False where it is proved by now."""
    found = Application.objects.select_for_update(of=("self",)).filter(
        pk=application.pk, state=State.SENT, person=None, verified_at=None
    ).select_related("intake__programme__organisation").first()  # fmt: skip
    if found is None:
        return False
    end_links(found, now)
    found.address = address.strip().lower()
    found.save(update_fields=["address"])
    write_confirmation(application=found, now=now)
    return True


def end_links(application: Application, now: datetime) -> None:
    """Make every link sent to its address useless."""
    Token.objects.filter(
        kind=Token.Kind.INVITATION, address__iexact=application.address, used_at=None,
        facts__application=application.pk,
    ).update(used_at=now)  # fmt: skip


def has_live_link(application: Application, now: datetime) -> bool:
    """Whether a letter is on its way, or waits to be opened."""
    return Token.objects.filter(
        kind=Token.Kind.INVITATION, address__iexact=application.address, used_at=None, expires_at__gt=now,
        facts__application=application.pk,
    ).exists()  # fmt: skip
