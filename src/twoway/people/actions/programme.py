"""Making, changing, copying, archiving and reopening a programme."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from twoway.history.actions import record
from twoway.people.models import FormerSlug, Intake, Organisation, Person, Programme, SupportLine
from twoway.people.phases import FIELDS
from twoway.people.queries import has_contact_and_deputy
from twoway.people.slugs import new_programme_slug

WORDS = (
    "mentor_word", "mentee_word", "welcome", "closing", "what_it_is_not", "terms", "time_zone",
    "hue", "standing_address",
)  # fmt: skip
RULES = (
    "approval", "both_say_yes", "proposal_days", "proposal_reminder_days", "usual_capacity", "usual_rhythm_days",
    "duty_of_care", "reply_days",
)  # fmt: skip
CLOSED_WITH_ARCHIVE = ["archived_at", "sign_up_on"]


class NoContactYet(Exception):
    """A programme that promises a named contact opens its sign-up only with a contact and a deputy."""


@transaction.atomic
def make_programme(
    *,
    organisation: Organisation,
    name: str,
    kind: str,
    by: Person | None,
    now: datetime,
    set_up: str = "",
    **settings: Any,
) -> Programme:
    """Open a programme with its sign-up off. Everything else may be said now or later."""
    settings = {"time_zone": organisation.time_zone, **settings}
    name = " ".join(name.split())
    programme = Programme.objects.create(
        organisation=organisation, name=name, slug=new_programme_slug(name, organisation), kind=kind, set_up=set_up,
        sign_up_on=False, made_at=now, **settings,
    )  # fmt: skip
    record("programme.made", by=by, programme=programme, now=now, of_kind=kind)
    return programme


@transaction.atomic
def change_programme(
    *, programme: Programme, changes: dict[str, Any], by: Person, now: datetime, material: bool = False
) -> list[str]:
    """Change a programme's settings; returns the names of what changed. One event names them, never the texts.

    A material change of the terms makes a new version, which everybody is asked to accept again.
    """
    changed = sorted(name for name, value in changes.items() if getattr(programme, name) != value)
    for name in changed:
        if name == "slug":
            _keep_former_slug(programme, changes["slug"])
        setattr(programme, name, changes[name])
    if material and "terms" in changed:
        programme.terms_version += 1
        changed.append("terms_version")
    if programme.sign_up_on and not _help_is_named(programme):
        raise NoContactYet
    if changed:
        programme.save(update_fields=changed)
    changed = [name for name in changed if name != "set_up"]  # a step of the set-up is no change of a setting
    if changed:
        record("programme.changed", by=by, programme=programme, now=now, settings=changed)
    return changed


def _help_is_named(programme: Programme) -> bool:
    named = programme.duty_of_care == Programme.DutyOfCare.NAMED_CONTACT
    return not named or has_contact_and_deputy(programme)


def _keep_former_slug(programme: Programme, new: str) -> None:
    """The old address goes on leading here; one that comes back into use is former no more."""
    former = FormerSlug.objects.filter(organisation=programme.organisation, programme__isnull=False)
    former.filter(slug=new).delete()
    FormerSlug.objects.get_or_create(
        organisation=programme.organisation, slug=programme.slug, defaults={"programme": programme}
    )


@transaction.atomic
def copy_programme(
    *,
    source: Programme,
    name: str,
    parts: Iterable[str],
    first_day: date | None,
    by: Person,
    now: datetime,
) -> Programme:
    """A new programme with what was ticked of an old one: words, rules, help. Never people, answers or loops.

    Its first intake has the dates of the newest one, moved so that they begin on `first_day`; without a day they
    are blank. Sign-up is off, and the terms begin at version one.
    """
    parts = set(parts)
    names = (WORDS if "words" in parts else ()) + (RULES if "rules" in parts else ())
    copy = make_programme(
        organisation=source.organisation, name=name, kind=source.kind, by=by, now=now,
        **{field: getattr(source, field) for field in names},
    )  # fmt: skip
    _copy_dates(source, copy, first_day, now)
    if "help" in parts:
        _copy_help(source, copy)
    about = f"programme {source.public_id}"
    record("programme.copied", by=by, programme=copy, about=about, now=now, parts=sorted(parts))
    return copy


def _copy_dates(source: Programme, copy: Programme, first_day: date | None, now: datetime) -> None:
    newest = Intake.objects.filter(programme=source).order_by("-pk").first()
    days = {field: getattr(newest, field) for field in FIELDS} if newest else {}
    known = [day for day in days.values() if day]
    by_days = first_day - min(known) if first_day and known else timedelta()
    moved = {field: day + by_days for field, day in days.items() if day} if first_day else {}
    Intake.objects.create(programme=copy, name=newest.name if newest else copy.name, made_at=now, **moved)


def _copy_help(source: Programme, copy: Programme) -> None:
    for line in SupportLine.objects.filter(programme=source).order_by("pk"):
        SupportLine.objects.create(
            programme=copy, country=line.country, name=line.name, how=line.how, hours=line.hours, cost=line.cost,
            source=line.source, checked_on=line.checked_on, checked_by=line.checked_by,
        )  # fmt: skip


@transaction.atomic
def archive_programme(*, programme: Programme, by: Person, now: datetime) -> None:
    """Close a programme: sign-up is off, its pages stay readable to its coordinators, nothing is deleted."""
    if programme.archived_at is None:
        programme.archived_at, programme.sign_up_on = now, False
        programme.save(update_fields=CLOSED_WITH_ARCHIVE)
        record("programme.archived", by=by, programme=programme, now=now)


@transaction.atomic
def reopen_programme(*, programme: Programme, by: Person, now: datetime) -> None:
    """Open an archived programme again. Sign-up stays off until somebody switches it on."""
    if programme.archived_at is not None:
        programme.archived_at = None
        programme.save(update_fields=["archived_at"])
        record("programme.reopened", by=by, programme=programme, now=now)
