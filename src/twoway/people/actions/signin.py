"""One-use ways in: asking for one, writing its letter, using it."""

import re
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from twoway.history.actions import record
from twoway.people.actions.office import take_up_office
from twoway.people.models import Office, Organisation, Person, Programme, Token
from twoway.people.queries import kept_address, person_of_address
from twoway.people.signin.secrets import code_digest_of, digest_of, new_code, new_secret, same
from twoway.people.telling import write_to

MAILED_LINK_LASTS = timedelta(minutes=10)
WRONG_CODES = 5


def ask_for_sign_in(*, address: str, onward: str, now: datetime) -> Token:
    """Note that somebody wants a letter. The same write for every address; the clock looks whose it is."""
    return Token.objects.create(
        kind=Token.Kind.SIGN_IN,
        address=address.strip(),
        onward=onward,
        made_at=now,
        expires_at=now + MAILED_LINK_LASTS,
    )


@transaction.atomic
def write_sign_in_letter(*, token: Token, now: datetime) -> bool:
    """Write the letter of a sign-in token, unless nobody here has that address; whether one was written."""
    person = person_of_address(token.address)
    if person is None:
        Token.objects.filter(pk=token.pk, used_at=None).update(used_at=now)
        return False
    secret, code = new_secret(), new_code()
    claimed = Token.objects.filter(pk=token.pk, digest=None, used_at=None).update(
        person=person, digest=digest_of(secret), code_digest=code_digest_of(code, token.public_id)
    )
    if not claimed:
        return False
    write_to(
        kept_address(person, token.address), "people.sign_in", key=f"sign-in {token.public_id}", person=person,
        secret=True, urgent=True, now=now,
        url=reverse("people:link", args=[secret]), facts={"code": code, "minutes": 10},
    )  # fmt: skip
    return True


def token_of(secret: str, now: datetime) -> Token | None:
    """The unused, unexpired token of a link's secret. Looking changes nothing."""
    return (
        Token.objects.filter(digest=digest_of(secret), used_at=None, expires_at__gt=now)
        .exclude(kind=Token.Kind.INVITATION)
        .select_related("person")
        .first()
    )


def signed_in_by(secret: str, person: Person) -> bool:
    """Whether this link, though it be used up, was this person's own."""
    return Token.objects.filter(digest=digest_of(secret), person=person).exclude(kind=Token.Kind.INVITATION).exists()


@transaction.atomic
def use_link(*, secret: str, now: datetime) -> tuple[Person, Token] | None:
    """Use a link up: once, on any device. None when it was used, has expired, or never was."""
    token = token_of(secret, now)
    if token is None or not _use_up(token, now):
        return None
    person = token.person or person_at(address=token.address, time_zone=_zone_of(token), now=now)
    if not person.is_active:
        return None
    _give_what_it_promises(token, person, now)
    record("person.signed_in", by=person, concerns=[person.pk], now=now, how="link")
    return person, token


@transaction.atomic
def use_code(*, token_id: str, code: str, now: datetime) -> tuple[Person, Token] | None:
    """Use the six digits of a sign-in letter, in the browser that asked for it. Five wrong ones end it."""
    token = Token.objects.filter(
        public_id=token_id, kind=Token.Kind.SIGN_IN, used_at=None, expires_at__gt=now, wrong_codes__lt=WRONG_CODES
    ).select_related("person").first()  # fmt: skip
    if token is None or token.person is None or not token.person.is_active:
        return None
    if not same(code_digest_of(code, token.public_id), token.code_digest):
        Token.objects.filter(pk=token.pk).update(wrong_codes=F("wrong_codes") + 1)
        record("person.sign_in_failed", by=None, concerns=[token.person.pk], now=now, how="code")
        return None
    if not _use_up(token, now):
        return None
    record("person.signed_in", by=token.person, concerns=[token.person.pk], now=now, how="code")
    return token.person, token


def person_at(*, address: str, now: datetime, name: str = "", time_zone: str = "", demo: bool = False) -> Person:
    """The person who has just proved this address, made if there is none yet.

    Without a name they bear the one their address suggests until they have said their own.
    """
    person = person_of_address(address)
    if person is None:
        person = Person(
            name=name or name_in(address), introduced=bool(name), made_at=now,
            time_zone=time_zone or settings.TIME_ZONE, demo=demo,
        )  # fmt: skip
        person.set_unusable_password()
        person.save()
        EmailAddress.objects.create(user=person, email=address.lower(), verified=True, primary=True)
    return person


def name_in(address: str) -> str:
    """The name an address suggests: lena.fischer@ is Lena Fischer."""
    local = address.partition("@")[0]
    words = [word for word in re.split(r"[._+-]+|\d+", local) if word]
    return " ".join(word[:1].upper() + word[1:] for word in words)[:120] or local


def _zone_of(token: Token) -> str:
    """The time zone of the place a link leads to; empty where it leads to none."""
    organisation = Organisation.objects.filter(pk=token.facts.get("organisation")).first()
    if organisation is None:
        return ""
    programmes = Programme.objects.with_scope(organisation=organisation)
    programme = programmes.filter(pk=token.facts.get("programme")).first()
    return (programme or organisation).time_zone


def _use_up(token: Token, now: datetime) -> bool:
    return bool(Token.objects.filter(pk=token.pk, used_at=None).update(used_at=now))


def _give_what_it_promises(token: Token, person: Person, now: datetime) -> None:
    if token.kind == Token.Kind.FIRST_ADMIN:
        organisation = Organisation.objects.get(pk=token.facts["organisation"])
        Office.objects.create(organisation=organisation, person=person, role=Office.Role.ADMIN, began_at=now)
        record(
            "office.given",
            by=person,
            organisation=organisation.pk,
            concerns=[person.pk],
            now=now,
            role="admin",
        )
    elif token.kind == Token.Kind.OFFICE:
        take_up_office(token=token, person=person, now=now)


def note_wrong_password(*, address: str, now: datetime) -> None:
    """Write down a wrong password, where it was tried on somebody."""
    person = person_of_address(address)
    if person is not None:
        record("person.sign_in_failed", by=None, concerns=[person.pk], now=now, how="password")
