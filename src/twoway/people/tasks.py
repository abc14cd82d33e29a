"""What the clock does in the ground room."""

from datetime import datetime

from django_scopes import scopes_disabled

from twoway.people.actions.membership import come_back
from twoway.people.actions.signin import write_sign_in_letter
from twoway.people.models import Membership, Token


def write_sign_in_letters(now: datetime) -> int:
    """Write the letters people have asked for, within a second or two; how many were looked at."""
    waiting = list(Token.objects.filter(kind=Token.Kind.SIGN_IN, digest=None, used_at=None).order_by("made_at")[:50])
    for token in waiting:
        write_sign_in_letter(token=token, now=now)
    return len(waiting)


def end_pauses(now: datetime) -> int:
    """Bring back those whose pause is over; how many."""
    with scopes_disabled():
        due = list(Membership.objects.filter(available=False, paused_until__lte=now.date(), ended_at=None))
        for membership in due:
            come_back(membership=membership, by=None, now=now)
    return len(due)
