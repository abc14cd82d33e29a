"""A coordinator sets whether people can be asked, for one or many; each is told."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from twoway.people.actions.membership import come_back, pause
from twoway.people.models import Membership, Person
from twoway.people.telling import tell


@transaction.atomic
def set_availability(
    *, memberships: Iterable[Membership], available: bool, until: date | None, by: Person, now: datetime
) -> int:
    """Pause members or bring them back; how many were changed. Open loops are untouched."""
    changed = 0
    for membership in memberships:
        if membership.available == available and membership.paused_until == until:
            continue
        if available:
            come_back(membership=membership, by=by, now=now)
        else:
            pause(membership=membership, until=until, by=by, now=now)
        changed += 1
        if membership.person_id != by.pk:
            programme = membership.programme
            tell(
                membership.person, "signup.availability",
                key=f"availability {membership.public_id} {now.isoformat()}",
                url=reverse("signup:profile", args=[programme.organisation.slug, programme.slug]),
                facts={
                    "programme": programme.name, "available": available, "by": by.name,
                    "until": until.isoformat() if until else "",
                },
                programme=programme, now=now,
            )  # fmt: skip
    return changed
