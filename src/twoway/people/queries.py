"""What can be asked about organisations, programmes and people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from django.db.models import Count, Q, QuerySet
from django_scopes import scopes_disabled

from twoway.people.models import (
    Consent,
    DeskNote,
    FormerSlug,
    Intake,
    KeptApart,
    Membership,
    Notification,
    Office,
    Organisation,
    Person,
    Programme,
    SupportLine,
    Token,
)
from twoway.people.phases import SignUp, sign_up_of, sign_up_of_all
from twoway.people.roles import HOLDERS, Power


def person_of_address(address: str) -> Person | None:
    """The active person who has proved this address, whatever its capitals."""
    row = EmailAddress.objects.filter(email__iexact=address.strip(), verified=True).select_related("user").first()
    return row.user if row is not None and row.user.is_active else None


def kept_address(person: Person, typed: str) -> str:
    """The proved address that somebody has typed, as we keep it: letters go to what was proved, never to what
    merely reads the same."""
    rows = EmailAddress.objects.filter(user=person, email__iexact=typed.strip(), verified=True)
    return rows.values_list("email", flat=True).first() or address_of(person)


def address_of(person: Person) -> str:
    """The address letters to a person go to; empty for somebody who has none."""
    row = EmailAddress.objects.filter(user=person, verified=True).order_by("-primary", "pk").first()
    return row.email if row is not None else ""


def addresses_of(person: Person) -> list[str]:
    """All proved addresses of a person, the primary one first."""
    rows = EmailAddress.objects.filter(user=person, verified=True).order_by("-primary", "pk")
    return [row.email for row in rows]


def organisation_at(slug: str) -> Organisation | None:
    return Organisation.objects.filter(slug=slug).first()


def programme_at(organisation: str, programme: str) -> Programme | None:
    """The programme at these two slugs. Finding it gives no right to see it."""
    with scopes_disabled():
        return (
            Programme.objects.filter(organisation__slug=organisation, slug=programme)
            .select_related("organisation")
            .first()
        )


def demo_is_there() -> bool:
    """Whether anything made up is left."""
    return Organisation.objects.filter(demo=True).exists() or Person.objects.filter(demo=True).exists()


def renamed_to(organisation: str, programme: str | None) -> Organisation | Programme | None:
    """What used to be at these slugs, if it was renamed."""
    found = Organisation.objects.filter(slug=organisation).first()
    if found is None:
        former = FormerSlug.objects.filter(slug=organisation, programme=None).select_related("organisation").first()
        found = former.organisation if former else None
    if found is None or programme is None:
        return found
    with scopes_disabled():
        present = Programme.objects.filter(organisation=found, slug=programme).select_related("organisation").first()
        if present is not None:
            return present
        row = (
            FormerSlug.objects.filter(organisation=found, slug=programme, programme__isnull=False)
            .select_related("programme__organisation")
            .first()
        )
        return row.programme if row else None


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


def memberships_of(person: Person) -> QuerySet[Membership]:
    """Every programme a person is a member of now, in any organisation."""
    with scopes_disabled():
        return (
            Membership.objects.filter(person=person, ended_at=None)
            .select_related("programme__organisation")
            .order_by("programme__name")
        )


def officers(programme: Programme, role: str) -> QuerySet[Office]:
    """Who holds a role in a programme now, the first of them first."""
    return (
        Office.objects.filter(programme=programme, role=role, ended_at=None)
        .select_related("person")
        .order_by("-first", "began_at")
    )


def coordinators_of(programme: Programme) -> list[Person]:
    return [office.person for office in officers(programme, Office.Role.COORDINATOR)]


def members_of(programme: Programme) -> QuerySet[Membership]:
    """The members of a programme now."""
    return Membership.objects.filter(programme=programme, ended_at=None).select_related("person")


def today_in(programme: Programme, now: datetime) -> date:
    """The date in the programme's own time zone."""
    return now.astimezone(ZoneInfo(programme.time_zone)).date()


def sign_up_is_open(intake: Intake, now: datetime) -> bool:
    """Whether somebody may sign up to this intake now."""
    return sign_up_of(intake, now).is_open


def sign_up_to(programme: Programme, now: datetime) -> SignUp:
    """How sign-up to a programme stands, whichever intake it is in."""
    intakes = Intake.objects.filter(programme=programme).select_related("programme")
    return sign_up_of_all(programme, intakes, now)


def sign_up_in(programmes: Iterable[Programme], now: datetime) -> dict[int, SignUp]:
    """How sign-up to each of these programmes stands, in one question however many there are."""
    by_programme: dict[int, list[Intake]] = {programme.pk: [] for programme in programmes}
    for intake in Intake.objects.filter(programme__in=list(by_programme)).select_related("programme"):
        by_programme[intake.programme_id].append(intake)
    return {programme.pk: sign_up_of_all(programme, by_programme[programme.pk], now) for programme in programmes}


def open_intake(programme: Programme, now: datetime) -> Intake | None:
    """The intake that takes sign-ups now; of several, the one that closes first."""
    intakes = Intake.objects.filter(programme=programme).select_related("programme")
    found = [intake for intake in intakes if sign_up_is_open(intake, now)]
    return min(found, key=lambda intake: (intake.sign_up_closes_on or date.max, intake.pk), default=None)


def current_intake(programme: Programme, now: datetime) -> Intake | None:
    """The intake a coordinator works on now: the newest that has begun, else the first."""
    today = today_in(programme, now)
    intakes = list(Intake.objects.filter(programme=programme).select_related("programme").order_by("pk"))
    begun = [i for i in intakes if (i.sign_up_opens_on or date.min) <= today and (i.ends_on or date.max) >= today]
    found = begun or intakes
    return found[-1] if found else None


def organisations_of(person: Person) -> list[Organisation]:
    """Where a person is a member or holds a role, by name."""
    found = {office.organisation for office in offices_of(person)}
    found |= {membership.programme.organisation for membership in memberships_of(person)}
    return sorted(found, key=lambda organisation: (organisation.name, organisation.pk))


def aparts_of(owner: Person) -> list[KeptApart]:
    """A person's own keep-apart list. There is no other way to read one."""
    with scopes_disabled():
        return list(KeptApart.objects.filter(owner=owner).select_related("organisation", "owner").order_by("made_at"))


def kept_apart_in(organisation: Organisation) -> set[tuple[int, str]]:
    """For matching alone: (owner's id, address in small letters) of every private wish in an organisation."""
    rows = KeptApart.objects.with_scope(organisation=organisation).values_list("owner_id", "address")
    return {(owner, address.lower()) for owner, address in rows}


def notifications_of(person: Person) -> QuerySet[Notification]:
    return Notification.objects.filter(person=person).order_by("-made_at", "-pk")


def unread_of(person: Person) -> int:
    return Notification.objects.filter(person=person, read_at=None).count()


def names_of(people: Iterable[int]) -> dict[int, str]:
    """The names of people by id, for lines of a record."""
    return dict(Person.objects.filter(pk__in=set(people)).values_list("pk", "name"))


# What the pages of organisations and programmes ask


def programmes_of(organisation: Organisation) -> QuerySet[Programme]:
    """All programmes of an organisation, by name."""
    return Programme.objects.filter(organisation=organisation).select_related("organisation").order_by("name", "pk")


def intakes_of(programme: Programme) -> QuerySet[Intake]:
    """The intakes of a programme, the newest first."""
    return Intake.objects.filter(programme=programme).select_related("programme__organisation").order_by("-pk")


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


def coordinators_in(organisation: Organisation) -> dict[int, list[Person]]:
    """Who coordinates each programme of an organisation, by programme, in one question."""
    offices = Office.objects.filter(organisation=organisation, role=Office.Role.COORDINATOR, ended_at=None)
    found: dict[int, list[Person]] = {}
    for office in offices.select_related("person").order_by("-first", "began_at"):
        if office.programme_id is not None:  # the database keeps coordinators to programmes
            found.setdefault(office.programme_id, []).append(office.person)
    return found


def people_in(organisation: Organisation) -> int:
    """How many different people are members of the organisation's running programmes."""
    running = Membership.objects.filter(
        programme__organisation=organisation, programme__archived_at=None, ended_at=None
    )
    return running.values("person").distinct().count()


def offices_in(organisation: Organisation, programme: Programme | None) -> QuerySet[Office]:
    """Who holds a role in a programme now, or in the organisation itself; the primary ones first."""
    return (
        Office.objects.filter(organisation=organisation, programme=programme, ended_at=None)
        .select_related("person", "programme", "organisation")
        .order_by("role", "-first", "began_at", "pk")
    )


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


@dataclass(frozen=True)
class Contact:
    """Somebody to turn to in a programme, and where to write to them."""

    name: str
    address: str


@dataclass(frozen=True)
class WhoToTurnTo:
    """The people of a programme one may turn to. `also_coordinates`: the contact runs the programme too."""

    programme: Programme
    coordinators: list[Contact]
    contact: Contact | None
    deputy: Contact | None
    also_coordinates: bool


def who_to_turn_to(programme: Programme) -> WhoToTurnTo:
    """Whom a programme names. Without a contact of its own, its coordinators are the ones to turn to."""
    coordinators = coordinators_of(programme)
    named = [office.person for office in officers(programme, Office.Role.SAFEGUARDING)][:2]
    runs = [Contact(person.name, programme.standing_address or address_of(person)) for person in coordinators]
    contacts = [Contact(person.name, address_of(person)) for person in named]
    return WhoToTurnTo(
        programme=programme,
        coordinators=runs,
        contact=contacts[0] if contacts else None,
        deputy=contacts[1] if len(contacts) > 1 else None,
        also_coordinates=not named or named[0] in coordinators,
    )


def programmes_around(person: Person) -> list[Programme]:
    """The running programmes somebody belongs to, as a member or by a role, in any organisation."""
    with scopes_disabled():
        mine = Q(memberships__person=person, memberships__ended_at=None)
        mine |= Q(offices__person=person, offices__ended_at=None)
        found = Programme.objects.filter(mine, archived_at=None)
        return list(found.select_related("organisation").distinct().order_by("name", "pk"))


AMBER_AFTER = timedelta(days=180)
HIDDEN_AFTER = timedelta(days=365)


def support_lines_of(programme: Programme) -> QuerySet[SupportLine]:
    """All help a programme has entered, old entries too: for its coordinators."""
    lines = SupportLine.objects.filter(programme=programme).select_related("checked_by")
    return lines.order_by("country", "name", "pk")


def valid_support_lines(programme: Programme, today: date) -> QuerySet[SupportLine]:
    """The help that members are shown: entries checked within a year."""
    return support_lines_of(programme).filter(checked_on__gte=today - HIDDEN_AFTER)


def accepted_terms(programme: Programme) -> int:
    """How many of the present members have accepted the present version of the terms."""
    members = members_of(programme).values("person")
    return Consent.objects.filter(programme=programme, version=programme.terms_version, person__in=members).count()


# What the desk asks


def desk_notes_of(programme: Programme) -> dict[str, DeskNote]:
    """What the coordinators said about the items of their desk, by the item's name."""
    return {note.key: note for note in DeskNote.objects.filter(programme=programme).select_related("taken_by")}


def old_support_lines(programme: Programme, today: date) -> QuerySet[SupportLine]:
    """Help that should be looked at again: members soon see it no more, or see it no more already."""
    return support_lines_of(programme).filter(checked_on__lt=today - AMBER_AFTER)


def member_in(programme: Programme, public_id: str) -> Membership | None:
    """One member of a programme, also one who has left it. Finding them gives no right to see them."""
    found = Membership.objects.filter(programme=programme, public_id=public_id)
    return found.select_related("person", "programme__organisation").first()


def member_ids_of(programme: Programme, people: Iterable[int]) -> dict[int, str]:
    """The members among some people, by person: the ids their pages are found at."""
    return dict(members_of(programme).filter(person__in=set(people)).values_list("person", "public_id"))


def coordinator_with_id(programme: Programme, public_id: str) -> Person | None:
    """One who runs a programme, by their own id."""
    return next((person for person in coordinators_of(programme) if person.public_id == public_id), None)
