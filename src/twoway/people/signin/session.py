"""Beginning, listing and ending sessions."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from twoway.people.models import Person
from twoway.people.signin.browser import browser_in_words


def begin_session(
    request: HttpRequest, person: Person, *, method: str, own_device: bool, onward: str = ""
) -> HttpResponse:
    """Sign somebody in and send them on. allauth finishes it, so that a second factor is never skipped.

    On their own device the session lasts 90 days, else until the browser is closed. Whoever never said their name
    is asked for it on the way.
    """
    if not person.introduced:
        onward = f"{reverse('people:introduction')}?{urlencode({'next': onward or '/'})}"
    record_authentication(request, person, method=method)
    response = perform_login(request, person, email_verification="none", redirect_url=onward or None)
    request.session.set_expiry(None if own_device else 0)
    return response


def within_limit(request: HttpRequest, action: str, key: str) -> bool:
    """Count one try of an action; False when there have been too many from this address or for this key."""
    return bool(ratelimit.consume(request, action=action, key=key.strip().lower()))


def keep_this_session(request: HttpRequest, person: Person) -> None:
    """After a new password: this device stays signed in, under a new key; the others do not."""
    update_session_auth_hash(request, person)
    UserSession.objects.create_from_request(request)


@dataclass(frozen=True)
class Device:
    id: int
    browser: str
    signed_in_at: datetime
    this_one: bool


def devices_of(person: Person, current: str | None) -> list[Device]:
    """Where somebody is signed in, the present device first."""
    rows = UserSession.objects.purge_and_list(person)
    devices = [
        Device(row.pk, browser_in_words(row.user_agent), row.created_at, row.session_key == current) for row in rows
    ]
    return sorted(devices, key=lambda device: (not device.this_one, -device.signed_in_at.timestamp()))


def is_device_in_use(person: Person, device: int, current: str | None) -> bool:
    """Whether a device is the very one that asks."""
    return UserSession.objects.filter(user=person, pk=device, session_key=current).exists()


def end_device(person: Person, device: int) -> bool:
    """End one of a person's sessions, at once; False when it is not theirs."""
    row = UserSession.objects.filter(user=person, pk=device).first()
    if row is None:
        return False
    row.end()
    return True
