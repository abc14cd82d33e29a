"""A programme at a chosen stage of its life. Each stage is one function; a room adds what it knows to it."""

from datetime import datetime, timedelta
from typing import Any

from twoway.operate.demo.cast import Cast
from twoway.operate.demo.reading import words
from twoway.people.actions.membership import join_programme, set_capacity
from twoway.people.actions.office import give_office
from twoway.people.models import Consent, Intake, Organisation, Person, Programme, SupportLine

DAYS = {
    "recruiting": {"sign_up_opens_on": -10, "sign_up_closes_on": 18, "matching_on": 21, "starts_on": 28,
                   "mid_term_on": 112, "closing_on": 196, "ends_on": 210},
    "ready": {"sign_up_opens_on": -45, "sign_up_closes_on": -2, "matching_on": 1, "starts_on": 10,
              "mid_term_on": 95, "closing_on": 180, "ends_on": 190},
    "running": {"sign_up_opens_on": -150, "sign_up_closes_on": -110, "matching_on": -105, "starts_on": -98,
                "mid_term_on": 6, "closing_on": 90, "ends_on": 100},
    "rolling": {},
}  # fmt: skip


def recruiting(cast: Cast, now: datetime) -> Intake:
    """Sign-up is open; people come in."""
    programme = _programme(
        cast.northwind, "New Leads", now - timedelta(days=20), hue=262,
        welcome="For everybody who leads a team for the first time, and for those who remember what that was like.",
        sign_up_on=True, wanted_mentors=30, wanted_mentees=40,
    )  # fmt: skip
    _staff(cast, programme, now - timedelta(days=20))
    return _intake(programme, "First intake", "recruiting", now)


def ready_to_match(cast: Cast, now: datetime) -> Intake:
    """Sign-up has closed; the round is next."""
    programme = _programme(
        cast.northwind, "Open Doors", now - timedelta(days=60), hue=32,
        welcome="Six months with somebody from another department. You bring the questions; nobody reports on you.",
        sign_up_on=True, wanted_mentors=90, wanted_mentees=200,
    )  # fmt: skip
    _staff(cast, programme, now - timedelta(days=60))
    return _intake(programme, "This season", "ready", now)


def running(cast: Cast, now: datetime) -> Intake:
    """Loops meet. Amira is a mentee here and Ben a mentor."""
    begun = now - timedelta(days=155)
    programme = _programme(
        cast.northwind, "Grow Together", begun, hue=168,
        welcome="Two people, one conversation at a time, about the work and about the person doing it.",
        sign_up_on=True, duty_of_care=Programme.DutyOfCare.NAMED_CONTACT,
    )  # fmt: skip
    _staff(cast, programme, begun)
    intake = _intake(programme, "Second year", "running", now)
    _join(cast.amira, programme, "mentee", begun + timedelta(days=20))
    _join(cast.ben, programme, "mentor", begun + timedelta(days=22))
    set_capacity(
        person=cast.ben, organisation=cast.northwind, programme=programme, capacity=2, by=cast.ben,
        now=begun + timedelta(days=22),
    )  # fmt: skip
    return intake


def elsewhere(cast: Cast, now: datetime) -> Intake:
    """Another organisation, to which Dana belongs."""
    begun = now - timedelta(days=80)
    programme = _programme(
        cast.harbour, "First Shore", begun, hue=222, kind=Programme.Kind.STUDENTS, sign_up_on=True,
        welcome="Former students keep company with those in their final year.",
    )  # fmt: skip
    intake = _intake(programme, "All year", "rolling", now)
    _join(cast.dana, programme, "mentor", begun)
    set_capacity(person=cast.dana, organisation=cast.harbour, programme=programme, capacity=1, by=cast.dana, now=begun)
    return intake


def _programme(organisation: Organisation, name: str, made_at: datetime, **fields: Any) -> Programme:
    return Programme.objects.create(
        organisation=organisation, name=name, slug=name.lower().replace(" ", "-"), made_at=made_at, demo=True,
        time_zone=organisation.time_zone, standing_address=f"mentoring@{_domain(organisation)}",
        terms="We keep what is said between us. Either of us may stop at any time, without giving a reason.",
        what_it_is_not="Not therapy, not a way to a promotion, and not a second line manager.",
        **fields,
    )  # fmt: skip


def _domain(organisation: Organisation) -> str:
    return next(one["domain"] for one in words("organisations")["organisation"] if one["key"] == organisation.slug)


def _staff(cast: Cast, programme: Programme, at: datetime) -> None:
    """Chris runs every programme of Northwind, Sam may be turned to, and help is listed, plainly made up."""
    for person, role in ((cast.chris, "coordinator"), (cast.sam, "safeguarding")):
        give_office(
            person=person, role=role, organisation=programme.organisation, programme=programme, by=cast.ada, now=at
        )
    SupportLine.objects.bulk_create(
        SupportLine(
            programme=programme, country=one["country"], name=one["name"], how=f"{one['phone']} · {one['says']}"[:200],
            source=one["address"], checked_on=at.date(), checked_by=cast.chris,
        )
        for one in words("support")["resource"]
    )  # fmt: skip


def _intake(programme: Programme, name: str, stage: str, now: datetime) -> Intake:
    days = {phase: now.date() + timedelta(days=day) for phase, day in DAYS[stage].items()}
    return Intake.objects.create(programme=programme, name=name, made_at=programme.made_at, **days)


def _join(person: Person, programme: Programme, role: str, at: datetime) -> None:
    join_programme(person=person, programme=programme, name=person.name, role=role, rhythm_days=None, by=person, now=at)
    Consent.objects.create(programme=programme, person=person, version=programme.terms_version, at=at)
