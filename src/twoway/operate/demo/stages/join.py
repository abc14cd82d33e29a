"""People who have signed up and were let in: what the actions of signing up leave behind, made all at once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from twoway.history.models import Event, EventPerson
from twoway.operate.demo.cast import Cast, address_at, make_people, zone_of
from twoway.operate.demo.stages.begin import Stage
from twoway.operate.demo.stages.form import kept
from twoway.people.models import Consent, Membership, Person, Seat
from twoway.signup.models import Answer, Application

Role = Membership.Role
TO_FILL_IN, TO_CONFIRM = timedelta(minutes=17), timedelta(minutes=4)


@dataclass
class Entry:
    """One person's sign-up, its answers in the words' own terms and by the words' own keys."""

    name: str
    role: str
    site: str
    sent_at: datetime
    decided_at: datetime
    answers: dict[str, Any]
    capacity: int | None = None
    organisation: str = "northwind"
    rhythm_days: int | None = None  # of a mentor; where nothing is said the programme's usual


def join_all(cast: Cast, stage: Stage, entries: list[Entry], *, by: Person) -> None:
    """Make members of them: person, membership, consent, seats, application, answers, and what is written down."""
    for organisation in {entry.organisation for entry in entries}:
        told = [(one.name, one.site, one.sent_at) for one in entries if one.organisation == organisation]
        make_people(cast, told, organisation=organisation)
    members = [
        Membership(
            programme=stage.programme, person=cast.people[one.name], name=one.name, role=one.role,
            rhythm_days=(one.rhythm_days or stage.programme.usual_rhythm_days) if one.capacity else None,
            joined_at=one.decided_at,
        )
        for one in entries
    ]  # fmt: skip
    Membership.objects.bulk_create(members)
    stage.members |= {member.name: member for member in members}
    Consent.objects.bulk_create(
        Consent(programme=stage.programme, person=cast.people[one.name], version=1, at=one.sent_at) for one in entries
    )
    _make_room(cast, stage, entries)
    applications = [_application(cast, stage, one, by) for one in entries]
    Application.objects.bulk_create(applications)
    Answer.objects.bulk_create(
        answer
        for entry, application in zip(entries, applications, strict=True)
        for answer in _answers(stage, entry, application)
    )
    _write_down(stage, applications, by)


def _make_room(cast: Cast, stage: Stage, entries: Iterable[Entry]) -> None:
    """Seats up to each mentor's capacity, counting those they have from another programme."""
    organisation = stage.programme.organisation
    present = Counter(Seat.objects.filter(organisation=organisation).values_list("person_id", flat=True))
    Seat.objects.bulk_create(
        Seat(person=cast.people[one.name], organisation=organisation)
        for one in entries
        for _ in range((one.capacity or 0) - present[cast.people[one.name].pk])
    )


def _application(cast: Cast, stage: Stage, one: Entry, by: Person) -> Application:
    return Application(
        intake=stage.intake, address=address_at(one.organisation, one.name), person=cast.people[one.name],
        membership=stage.members[one.name], name=one.name, role=one.role, capacity=one.capacity,
        rhythm_days=stage.members[one.name].rhythm_days,
        state=Application.State.JOINED, last_step="sent", adult=True, not_for_seen_at=one.sent_at,
        terms_version=1, terms_at=one.sent_at, verified_at=one.sent_at + TO_CONFIRM,
        made_at=one.sent_at - TO_FILL_IN, sent_at=one.sent_at, decided_at=one.decided_at, decided_by=by,
    )  # fmt: skip


def _answers(stage: Stage, entry: Entry, application: Application) -> Iterable[Answer]:
    zone = zone_of(entry.organisation, entry.site)
    for key, said in entry.answers.items():
        question = stage.questions[key]
        other = {Role.MENTOR: Role.MENTEE, Role.MENTEE: Role.MENTOR, Role.EITHER: ""}[Role(entry.role)]
        value = None if question.asked_of == other else kept(question, said, zone)
        if value not in (None, "", []):
            yield Answer(application=application, question=question, value=value, changed_at=entry.sent_at)


def _write_down(stage: Stage, applications: list[Application], by: Person) -> None:
    events, concerned = [], []
    for one in applications:
        assert one.sent_at and one.verified_at and one.decided_at and one.person
        about = f"application {one.public_id}"
        for kind, at, who, what in (
            ("application.sent", one.sent_at, one.person, about),
            ("application.verified", one.verified_at, one.person, about),
            ("application.approved", one.decided_at, by, about),
        ):
            events.append(
                Event(
                    at=at, kind=kind, by=who.pk, organisation=stage.programme.organisation_id,
                    programme=stage.programme.pk, about=what,
                )
            )  # fmt: skip
            concerned.append(one.person.pk)
    Event.objects.bulk_create(events)
    EventPerson.objects.bulk_create(
        EventPerson(event=event, person=person) for event, person in zip(events, concerned, strict=True)
    )
