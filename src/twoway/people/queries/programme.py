"""What can be asked about programmes, their totals and their terms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django_scopes import scopes_disabled

from twoway.people.models import Consent, Membership, Organisation, Person, Programme
from twoway.people.queries.membership import members_of


def programme_at(organisation: str, programme: str) -> Programme | None:
    """The programme at these two slugs. Finding it gives no right to see it."""
    with scopes_disabled():
        return (
            Programme.objects.filter(organisation__slug=organisation, slug=programme)
            .select_related("organisation")
            .first()
        )


def programmes_of(organisation: Organisation) -> QuerySet[Programme]:
    """All programmes of an organisation, by name."""
    return Programme.objects.filter(organisation=organisation).select_related("organisation").order_by("name", "pk")


def programme_called(name: str, organisation: Organisation, *, unless: Programme | None = None) -> Programme | None:
    """Another programme of this organisation that goes by this name, in capitals or not; an archived one is none."""
    words = " ".join(name.split()).casefold()
    others = (one for one in programmes_of(organisation).filter(archived_at=None) if one != unless)
    return next((one for one in others if " ".join(one.name.split()).casefold() == words), None)


def programmes_around(person: Person) -> list[Programme]:
    """The running programmes somebody belongs to, as a member or by a role, in any organisation."""
    with scopes_disabled():
        mine = Q(memberships__person=person, memberships__ended_at=None)
        mine |= Q(offices__person=person, offices__ended_at=None)
        found = Programme.objects.filter(mine, archived_at=None)
        return list(found.select_related("organisation").distinct().order_by("name", "pk"))


def today_in(programme: Programme, now: datetime) -> date:
    """The date in the programme's own time zone."""
    return now.astimezone(ZoneInfo(programme.time_zone)).date()


@dataclass(frozen=True)
class Totals:
    """How many members a programme has now, by role; `away` are those of them who take a break."""

    members: int
    mentors: int
    mentees: int
    either: int
    away: int


def totals_of(programmes: Iterable[Programme]) -> dict[int, Totals]:
    """The members of each programme counted now, in one question however many programmes there are."""
    role = Membership.Role
    rows = (
        Membership.objects.filter(programme__in=list(programmes), ended_at=None)
        .values("programme")
        .annotate(
            members=Count("pk"),
            mentors=Count("pk", filter=Q(role=role.MENTOR)),
            mentees=Count("pk", filter=Q(role=role.MENTEE)),
            either=Count("pk", filter=Q(role=role.EITHER)),
            away=Count("pk", filter=Q(available=False)),
        )
    )
    found = {
        row["programme"]: Totals(row["members"], row["mentors"], row["mentees"], row["either"], row["away"])
        for row in rows
    }
    return {programme.pk: found.get(programme.pk, Totals(0, 0, 0, 0, 0)) for programme in programmes}


def accepted_terms(programme: Programme) -> int:
    """How many of the present members have accepted the present version of the terms."""
    members = members_of(programme).values("person")
    return Consent.objects.filter(programme=programme, version=programme.terms_version, person__in=members).count()
