"""A programme with its words, dates, help and form, before anybody has joined."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from twoway.operate.demo import words
from twoway.operate.demo.cast import Cast, told_of
from twoway.operate.demo.stages.form import write_form
from twoway.people.actions.office import give_office
from twoway.people.models import Intake, Membership, Organisation, Programme, SupportLine
from twoway.signup.models import Question

HUES = {"recruiting": 262, "ready": 300, "running": 168}


@dataclass
class Stage:
    """What a stage has made so far."""

    programme: Programme
    intake: Intake
    questions: dict[str, Question]  # by the key that the words give them
    members: dict[str, Membership] = field(default_factory=dict)  # by full name


def begin(cast: Cast, stage: str, now: datetime) -> Stage | None:
    """The programme that the words tell of for a stage, and those who run it; None where it is there already."""
    told = next(one for one in words.programmes() if one.stage == stage)
    if Programme.objects.filter(organisation=cast.northwind, slug=told.slug).exists():
        return None
    begun = now + timedelta(days=told.intake.signup_opens - 14)
    programme = _programme(cast.northwind, told, begun)
    for person, role in ((cast.chris, "coordinator"), (cast.sam, "safeguarding")):
        give_office(person=person, role=role, organisation=cast.northwind, programme=programme, by=cast.ada, now=begun)
    SupportLine.objects.bulk_create(
        SupportLine(
            programme=programme, country=one.country, name=one.name, how=f"{one.phone} · {one.says}"[:200],
            source=one.address, checked_on=begun.date(), checked_by=cast.chris,
        )
        for one in words.support()
    )  # fmt: skip
    intake = _intake(programme, told.intake, now)
    return Stage(programme, intake, write_form(programme, told.questions, by=cast.chris, now=begun))


def _programme(organisation: Organisation, told: words.Programme, begun: datetime) -> Programme:
    contact = told.stage == "running"
    return Programme.objects.create(
        organisation=organisation, name=told.name, slug=told.slug, kind=told.kind, made_at=begun, demo=True,
        hue=HUES[told.stage], time_zone=organisation.time_zone,
        standing_address=f"mentoring@{told_of(organisation.slug).domain}",
        mentor_word="" if told.words.mentor == "mentor" else told.words.mentor,
        mentee_word="" if told.words.mentee == "mentee" else told.words.mentee,
        welcome=f"{told.says}\n\n{told.welcome}", closing=told.closing,
        what_it_is_not=_list(told.what_it_is_not), terms=_list(told.terms),
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
