"""A programme at a chosen stage of its life. Each stage is one function; a room adds what it knows to it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from twoway.operate.demo import words
from twoway.operate.demo.cast import Cast, told_of, zone_of
from twoway.people.actions.crowd import MadeUp, make_up_people
from twoway.people.actions.membership import join_programme
from twoway.people.actions.office import give_office
from twoway.people.models import Consent, Intake, Membership, Organisation, Person, Programme, Seat, SupportLine

MENTEES_OF_A_MENTOR = 2


@dataclass
class Stage:
    """What a stage has made so far, for the rooms that add to it."""

    programme: Programme
    intake: Intake
    told: words.Programme
    members: dict[str, Membership] = field(default_factory=dict)  # by full name


def recruiting(cast: Cast, now: datetime) -> Stage:
    """Sign-up is open; people come in."""
    return _begin(cast, "recruiting", now, hue=262)


def ready_to_match(cast: Cast, now: datetime) -> Stage:
    """Sign-up has closed; the round is next."""
    return _begin(cast, "ready", now, hue=32)


def running(cast: Cast, now: datetime) -> Stage:
    """Pairs meet. Amira is a mentee here and Ben a mentor."""
    stage = _begin(cast, "running", now, hue=168)
    joined_at = stage.programme.made_at + timedelta(days=9)
    known = {one.name: person for one, person in zip(words.cast(), _in_order(cast), strict=True)}
    known |= _people([one for one in words.people() if one.name not in known], joined_at)
    for one in words.people():
        stage.members[one.name] = _join(known[one.name], stage.programme, one.side, joined_at)
    mentors = [known[one.name] for one in words.people() if one.side == "mentor"]
    seats = [Seat(person=person, organisation=cast.northwind) for person in mentors for _ in range(MENTEES_OF_A_MENTOR)]
    Seat.objects.bulk_create(seats)
    return stage


def elsewhere(cast: Cast, now: datetime) -> None:
    """A programme of the other organisation, to which Dana belongs."""
    begun = now - timedelta(days=80)
    programme = Programme.objects.create(
        organisation=cast.harbour, name="First Shore", slug="first-shore", kind=Programme.Kind.STUDENTS,
        time_zone=cast.harbour.time_zone, hue=222, sign_up_on=True, made_at=begun, demo=True,
        welcome=told_of("harbour-college").about,
    )  # fmt: skip
    Intake.objects.create(programme=programme, name="All year", made_at=begun)
    _join(cast.dana, programme, "mentor", begun)
    Seat.objects.create(person=cast.dana, organisation=cast.harbour)


def _begin(cast: Cast, stage: str, now: datetime, *, hue: int) -> Stage:
    """The programme that the words tell of for this stage, its dates around now, and those who run it."""
    told = next(one for one in words.programmes() if one.stage == stage)
    begun = now + timedelta(days=told.intake.signup_opens - 14)
    programme = _programme(cast.northwind, told, begun, hue)
    for person, role in ((cast.chris, "coordinator"), (cast.sam, "safeguarding")):
        give_office(person=person, role=role, organisation=cast.northwind, programme=programme, by=cast.ada, now=begun)
    SupportLine.objects.bulk_create(
        SupportLine(
            programme=programme, country=one.country, name=one.name, how=f"{one.phone} · {one.says}"[:200],
            source=one.address, checked_on=begun.date(), checked_by=cast.chris,
        )
        for one in words.support()
    )  # fmt: skip
    return Stage(programme, _intake(programme, told.intake, now), told)


def _programme(organisation: Organisation, told: words.Programme, begun: datetime, hue: int) -> Programme:
    contact = told.stage == "running"
    return Programme.objects.create(
        organisation=organisation, name=told.name, slug=told.slug, kind=told.kind, hue=hue, made_at=begun, demo=True,
        time_zone=organisation.time_zone, standing_address=f"mentoring@{told_of(organisation.slug).domain}",
        mentor_word="" if told.words.mentor == "mentor" else told.words.mentor,
        mentee_word="" if told.words.mentee == "mentee" else told.words.mentee,
        welcome=f"{told.says}\n\n{told.welcome}", what_it_is_not=_list(told.what_it_is_not), terms=_list(told.terms),
        sign_up_on=True, wanted_mentors=told.targets.mentors, wanted_mentees=told.targets.mentees,
        usual_rhythm_days=told.rhythm.days,
        duty_of_care=Programme.DutyOfCare.NAMED_CONTACT if contact else Programme.DutyOfCare.SIGNPOST,
    )  # fmt: skip


def _list(lines: tuple[str, ...]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _intake(programme: Programme, told: words.Intake, now: datetime) -> Intake:
    days = {
        "sign_up_opens_on": told.signup_opens, "sign_up_closes_on": told.signup_closes, "matching_on": told.matching,
        "starts_on": told.start, "mid_term_on": told.midterm, "closing_on": told.closing, "ends_on": told.end,
    }  # fmt: skip
    dates = {phase: now.date() + timedelta(days=day) for phase, day in days.items()}
    return Intake.objects.create(programme=programme, name=told.name, made_at=programme.made_at, **dates)


def _in_order(cast: Cast) -> list[Person]:
    """The cast's people in the order of the words."""
    return [getattr(cast, one.name.split()[0].lower()) for one in words.cast()]


def _people(told: list[words.Person], at: datetime) -> dict[str, Person]:
    """Made-up people of Northwind, all at once, by name."""
    domain = told_of("northwind").domain
    crowd = [MadeUp(one.name, words.Name(one.name).address(domain), zone_of("northwind", one.site)) for one in told]
    return {person.name: person for person in make_up_people(crowd, now=at)}


def _join(person: Person, programme: Programme, role: str, at: datetime) -> Membership:
    Consent.objects.create(programme=programme, person=person, version=programme.terms_version, at=at)
    return join_programme(
        person=person, programme=programme, name=person.name, role=role, rhythm_days=None, by=person, now=at
    )
