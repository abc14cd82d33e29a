"""Asking people in: by a coordinator, or suggested by a participant and sent by a coordinator."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from twoway.history.actions import record
from twoway.people.actions.link import INVITATION_LASTS, make_link
from twoway.people.actions.signin import person_at
from twoway.people.models import Intake, Person, Token
from twoway.people.models.person import first_name_in
from twoway.people.queries import coordinators_of
from twoway.people.signin.secrets import digest_of
from twoway.people.telling import tell, write_to
from twoway.signup.actions.arrival import claim_application
from twoway.signup.models import Application, Invitation
from twoway.signup.queries import (
    addresses_here,
    application_of_token,
    invitation_of_token,
    members_at,
    takes_the_invited,
)

State = Application.State
AGAIN_AFTER = timedelta(minutes=1)  # so that an impatient finger sends one letter, not five
LIVE = (State.EXPECTED, State.WAITING, State.JOINED)


@dataclass(frozen=True)
class Asked:
    """What became of a list of addresses: letters written, who was left out, and who for being a member before."""

    letters: int
    left_out: list[str]
    members: list[str]


@transaction.atomic
def invite(*, intake: Intake, addresses: Iterable[str], role: str, words: str, by: Person, now: datetime) -> Asked:
    """Ask people in. Who is in already, waits for a yes, or has a letter whose link still works is left out; and
    so is who became a member by another intake. An archived programme asks nobody in."""
    if not takes_the_invited(intake.programme):
        return Asked(0, [], [])
    wanted = list(dict.fromkeys(address.strip().lower() for address in addresses))
    present = {row.address.lower(): row for row in Application.objects.filter(intake=intake, state__in=LIVE)}
    here = addresses_here(intake, now)
    members = members_at(intake.programme, wanted) - here
    asked = []
    for address in wanted:
        if address in here or address in members:
            continue
        row = present.get(address) or Application.objects.create(
            intake=intake, address=address, role=role, state=State.EXPECTED, source="invitation", made_at=now
        )
        asked.append(row)
    sent = send_invitations(applications=asked, words=words, by=by, now=now)
    return Asked(
        sent, [address for address in wanted if address in here], [address for address in wanted if address in members]
    )


@transaction.atomic
def send_invitations(
    *, applications: Iterable[Application], by: Person, now: datetime, words: str | None = None
) -> int:
    """Write to those who are expected; how many letters. An earlier link dies with the new one. None is
    written for an archived programme, and none where one went out less than a minute ago."""
    ids = [application.pk for application in applications]
    rows = Application.objects.select_for_update(of=("self",)).filter(pk__in=ids, state=State.EXPECTED)
    rows = rows.select_related("intake__programme")
    count = 0
    for application in [row for row in rows.order_by("pk") if takes_the_invited(row.intake.programme)]:
        count += _send(application, words, by, now)
    if count:
        programme = application.intake.programme
        record("invitation.sent", by=by, programme=programme, now=now, number=count)
    return count


def _send(application: Application, words: str | None, by: Person, now: datetime) -> bool:
    """Whether a letter was written."""
    invitation = application.invitations.filter(withdrawn_at=None).order_by("-pk").first()
    invitation = invitation or Invitation(application=application, by=by, made_at=now)
    if invitation.sent_at is not None and now < invitation.sent_at + AGAIN_AFTER:
        return False
    _end_link(invitation, now)
    token, link = make_link(
        kind=Token.Kind.INVITATION, lasts=INVITATION_LASTS, address=application.address, now=now,
        route="signup:invitation", facts={"application": application.pk},
    )  # fmt: skip
    invitation.token, invitation.sent_at, invitation.expires_at = token, now, token.expires_at
    if words is not None and not invitation.suggested:
        invitation.words = words.strip()
    invitation.save()
    programme = application.intake.programme
    write_to(
        application.address, "signup.invitation", key=f"invitation {token.public_id}", url=link, secret=True,
        programme=programme, now=now,
        facts={
            "programme": programme.name, "organisation": programme.organisation.name,
            "name": first_name_in(application.name), "by": by.name,
            "words": "" if invitation.suggested else invitation.words,
        },
    )  # fmt: skip
    return True


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Person, now: datetime) -> None:
    """Make the letter's link useless. Who has not begun is no longer expected."""
    _end_link(invitation, now)
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    application = invitation.application
    if application.state == State.EXPECTED and application.person_id is None:
        application.state = State.WITHDRAWN
        application.save(update_fields=["state"])
    record(
        "invitation.withdrawn", by=by, programme=application.intake.programme,
        about=f"application {application.public_id}", now=now,
    )  # fmt: skip


@transaction.atomic
def suggest_somebody(*, intake: Intake, address: str, name: str, why: str, by: Person, now: datetime) -> None:
    """Note whom a participant would like to see here. The coordinators decide; the person is told nothing
    before. Somebody who is in already is not noted again, and the page says the same."""
    address = address.strip().lower()
    programme = intake.programme
    if Application.objects.filter(intake__programme=programme, address=address, state__in=LIVE).exists():
        return
    application = Application.objects.create(
        intake=intake, address=address, name=" ".join(name.split()), state=State.EXPECTED, source="invitation",
        made_at=now,
    )  # fmt: skip
    invitation = Invitation.objects.create(
        application=application, by=by, suggested=True, words=why.strip(), made_at=now
    )
    record("invitation.suggested", by=by, programme=programme, about=f"application {application.public_id}", now=now)
    for coordinator in coordinators_of(programme):
        tell(
            coordinator, "signup.suggested", key=f"suggested {invitation.public_id} {coordinator.pk}",
            url=f"/{programme.organisation.slug}/{programme.slug}/invitations/",
            facts={"programme": programme.name, "by": by.name}, programme=programme, now=now,
        )  # fmt: skip


# --- the links of letters ---------------------------------------------------------------------------


def mailed_token(secret: str, now: datetime) -> Token | None:
    """The unused, unexpired link of an invitation or a confirmation. Looking changes nothing."""
    return Token.objects.filter(
        kind=Token.Kind.INVITATION, digest=digest_of(secret), used_at=None, expires_at__gt=now
    ).first()


def open_letter(*, secret: str, now: datetime) -> tuple[Person, Application] | None:
    """Use a mailed link up: it proves the address and gives the application to its person. An invitation makes
    no consent and no membership; a sign-up that was sent goes on. None when the link is over, and when its
    programme is archived: then the link is not used up."""
    try:
        return _open_letter(secret, now)
    except IntegrityError:  # two letters of one person, pressed at the same moment: now there is one to join
        return _open_letter(secret, now)


@transaction.atomic
def _open_letter(secret: str, now: datetime) -> tuple[Person, Application] | None:
    token = mailed_token(secret, now)
    if token is None:
        return None
    invitation, application = invitation_of_token(token), application_of_token(token)
    if application is not None and not takes_the_invited(application.intake.programme):
        return None
    if not Token.objects.filter(pk=token.pk, used_at=None).update(used_at=now):
        return None
    if application is None:
        return None
    person = person_at(address=token.address, name=application.name, now=now)
    if not person.is_active:
        return None
    record("person.signed_in", by=person, concerns=[person.pk], now=now, how="letter")
    if invitation is not None:
        invitation.accepted_at = now
        invitation.save(update_fields=["accepted_at"])
        record(
            "invitation.accepted", by=person, programme=application.intake.programme,
            about=f"application {application.public_id}", concerns=[person.pk], now=now,
        )  # fmt: skip
    return person, claim_application(application=application, person=person, now=now)


def _end_link(invitation: Invitation, now: datetime) -> None:
    if invitation.token is not None:
        Token.objects.filter(pk=invitation.token.pk, used_at=None).update(used_at=now)
