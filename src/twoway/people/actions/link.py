"""Making one-use links."""

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from twoway.people.models import Person, Token
from twoway.people.signin.secrets import digest_of, new_secret

INVITATION_LASTS = timedelta(days=30)
DEMO_LINK_LASTS = timedelta(hours=24)


def make_link(
    *,
    kind: Token.Kind,
    lasts: timedelta,
    now: datetime,
    person: Person | None = None,
    address: str = "",
    onward: str = "",
    facts: dict[str, object] | None = None,
    route: str = "people:link",
) -> tuple[Token, str]:
    """A one-use link's row and its full address, at the page that knows what it promises. The secret in it is
    kept nowhere else."""
    secret = new_secret()
    token = Token.objects.create(
        kind=kind, person=person, address=address, digest=digest_of(secret), onward=onward,
        facts=facts or {}, made_at=now, expires_at=now + lasts,
    )  # fmt: skip
    return token, settings.ADDRESS + reverse(route, args=[secret])
