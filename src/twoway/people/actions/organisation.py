"""Opening an organisation and changing what it is called."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from twoway.history.actions import record
from twoway.people.actions.link import INVITATION_LASTS, make_link
from twoway.people.models import FormerSlug, Organisation, Person, Token
from twoway.people.slugs import new_organisation_slug


@transaction.atomic
def make_organisation(
    *, name: str, admin_address: str, now: datetime, by: Person | None = None, demo: bool = False
) -> tuple[Organisation, str]:
    """Open an organisation; returns it and the one-use link that makes whoever opens it its first admin.

    The link is given to the caller and to nobody else: no letter is written.
    """
    name = " ".join(name.split())
    organisation = Organisation.objects.create(
        name=name, slug=new_organisation_slug(name), time_zone=settings.TIME_ZONE, made_at=now, demo=demo
    )
    _, link = make_link(
        kind=Token.Kind.FIRST_ADMIN, lasts=INVITATION_LASTS, address=admin_address.strip().lower(),
        onward=f"/{organisation.slug}/", facts={"organisation": organisation.pk}, now=now,
    )  # fmt: skip
    record("organisation.made", by=by, organisation=organisation.pk, now=now)
    return organisation, link


@transaction.atomic
def change_organisation(
    *, organisation: Organisation, changes: dict[str, object], by: Person, now: datetime
) -> list[str]:
    """Change an organisation's name, address, colour or time zone; returns the names of what changed."""
    changed = sorted(name for name, value in changes.items() if getattr(organisation, name) != value)
    if not changed:
        return []
    if "slug" in changed:
        FormerSlug.objects.filter(organisation=organisation, programme=None, slug=changes["slug"]).delete()
        FormerSlug.objects.get_or_create(organisation=organisation, programme=None, slug=organisation.slug)
    for name in changed:
        setattr(organisation, name, changes[name])
    organisation.save(update_fields=changed)
    record("organisation.changed", by=by, organisation=organisation.pk, now=now, settings=changed)
    return changed
