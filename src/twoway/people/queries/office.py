"""What can be asked about roles of coordinators, contacts, viewers and admins, and the powers they give."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet, prefetch_related_objects
from django_scopes import scopes_disabled

from twoway.people.models import Membership, Office, Organisation, Person, Programme, Token
from twoway.people.roles import HOLDERS, Power


def holds(person: Person, power: Power, *, organisation: Organisation, programme: Programme | None = None) -> bool:
    """Whether a person holds a power in an organisation, or in one of its programmes, at this moment."""
    if not person.is_authenticated or not person.is_active:
        return False
    roles = HOLDERS[power]
    here = Q(programme=None)
    if programme is not None:
        here |= Q(programme=programme)
    with scopes_disabled():
        if Office.objects.filter(
            here, organisation=organisation, person=person, role__in=roles, ended_at=None
        ).exists():
            return True
        return (
            "member" in roles
            and programme is not None
            and Membership.objects.filter(programme=programme, person=person, ended_at=None).exists()
        )


def give(
    offices: Iterable[Office], power: Power, *, organisation: Organisation, programme: Programme | None = None
) -> bool:
    """Whether these roles give a power there: for pages that have asked for somebody's roles already."""
    here = (None, programme.pk if programme is not None else None)
    return any(
        office.role in HOLDERS[power] and office.organisation_id == organisation.pk and office.programme_id in here
        for office in offices
    )


def offices_of(person: Person) -> QuerySet[Office]:
    """Every role a person holds now, in any organisation."""
    with scopes_disabled():
        return Office.objects.filter(person=person, ended_at=None).select_related("organisation", "programme")


def offices_held(person: Person) -> list[Office]:
    """What `offices_of` says, for a page of everybody: most people hold no role, and where is asked of those who do."""
    held = list(offices_of(person).select_related(None))
    with scopes_disabled():
        prefetch_related_objects(held, "organisation", "programme")
    return held


def officers(programme: Programme, role: str) -> QuerySet[Office]:
    """Who holds a role in a programme now, the first of them first."""
    return (
        Office.objects.filter(programme=programme, role=role, ended_at=None)
        .select_related("person")
        .order_by("-first", "began_at")
    )


def offices_in(organisation: Organisation, programme: Programme | None) -> QuerySet[Office]:
    """Who holds a role in a programme now, or in the organisation itself; the primary ones first."""
    return (
        Office.objects.filter(organisation=organisation, programme=programme, ended_at=None)
        .select_related("person", "programme", "organisation")
        .order_by("role", "-first", "began_at", "pk")
    )


def coordinators_of(programme: Programme) -> list[Person]:
    return [office.person for office in officers(programme, Office.Role.COORDINATOR)]


def coordinators_in(organisation: Organisation) -> dict[int, list[Person]]:
    """Who coordinates each programme of an organisation, by programme, in one question."""
    offices = Office.objects.filter(organisation=organisation, role=Office.Role.COORDINATOR, ended_at=None)
    found: dict[int, list[Person]] = {}
    for office in offices.select_related("person").order_by("-first", "began_at"):
        if office.programme_id is not None:  # the database keeps coordinators to programmes
            found.setdefault(office.programme_id, []).append(office.person)
    return found


def coordinator_with_id(programme: Programme, public_id: str) -> Person | None:
    """One who runs a programme, by their own id."""
    return next((person for person in coordinators_of(programme) if person.public_id == public_id), None)


def offered_office(token: Token) -> tuple[str, str] | None:
    """The role that a link gives, and where; none where it is not about a role."""
    if token.kind != Token.Kind.OFFICE:
        return None
    organisation = Organisation.objects.filter(pk=token.facts["organisation"]).first()
    if organisation is None:
        return None
    programme = Programme.objects.with_scope(organisation=organisation).filter(pk=token.facts["programme"]).first()
    return str(Office.Role(token.facts["role"]).label), (programme or organisation).name


def offers_of(organisation: Organisation, programme: Programme | None, now: datetime) -> QuerySet[Token]:
    """Roles that were offered by letter and not taken up yet, the newest first."""
    return Token.objects.filter(
        kind=Token.Kind.OFFICE, used_at=None, expires_at__gt=now,
        facts__organisation=organisation.pk, facts__programme=programme.pk if programme else None,
    ).order_by("-made_at", "-pk")  # fmt: skip


def has_contact_and_deputy(programme: Programme) -> bool:
    """Whether two people may be turned to, as the duty of care of a named contact asks."""
    return officers(programme, Office.Role.SAFEGUARDING).count() >= 2
