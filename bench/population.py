"""The people of a measurement: members of one programme, made in bulk.

They read like the demo's people and answer its longest form.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any

from allauth.account.models import EmailAddress

from twoway.operate.demo import words
from twoway.operate.demo.cast import gather, told_of, zone_of
from twoway.operate.demo.stages.begin import Stage, begin
from twoway.operate.demo.stages.chance import NORTHWIND, Chance
from twoway.operate.demo.stages.form import kept
from twoway.outbox.models import Delivery
from twoway.people.actions.office import give_office
from twoway.people.models import Consent, Membership, Notification, Organisation, Person, Programme, Seat
from twoway.people.public_id import ALPHABET
from twoway.signup.models import Answer, Application

BATCH = 2_000
COLLEAGUES = 3  # coordinators beside the first
LETTERS, NEWS = 3, 2  # of each member, long since sent and read
TAKEN_ROOM, FREE_ROOM = (1, 2), (1, 2, 2, 3)


@dataclass
class Ground:
    """What the bulk is put upon, and what it came to."""

    stage: Stage
    coordinators: list[Person]
    now: datetime
    draw: Random
    chance: Chance
    mentees: list[Application] = field(default_factory=list)  # first those in loops, then those who wait
    mentors: list[Application] = field(default_factory=list)  # first those who are full, then those with room


def public_id(draw: Random) -> str:
    """As the product makes them, by cheaper chance: there are some hundred thousand."""
    return "".join(draw.choices(ALPHABET, k=10))


def lay(now: datetime, seed: str) -> Ground:
    """The organisation, its programme with the demo's longest form, and those who run it."""
    cast = gather(now)
    stage = begin(cast, "ready", now)
    assert stage is not None
    draw = Random(seed)
    more = [Person(name=f"Colleague {n}", made_at=now) for n in range(1, COLLEAGUES + 1)]
    for one in more:
        one.set_unusable_password()
        one.save()
        give_office(
            person=one, role="coordinator", organisation=cast.northwind, programme=stage.programme, by=cast.ada, now=now
        )
    for model in (Person, Organisation, Programme):
        model.objects.update(demo=False)
    stage.programme.refresh_from_db()
    return Ground(stage, [cast.chris, *more], now, draw, Chance(seed, now))


# --- people -----------------------------------------------------------------------------------------


def join(ground: Ground, role: str, number: int, full: int = 0) -> list[Application]:
    """So many members in one role, with seats, application and answers. The first `full` mentors get no free room."""
    stage, now, draw = ground.stage, ground.now, ground.draw
    sites = [ground.chance.site() for _one in range(number)]
    names = list(islice(made_up_names(role), number))
    days = [draw.randint(5, 240) for _one in range(number)]
    people = [
        Person(name=name, time_zone=zone_of(NORTHWIND, site), made_at=now - timedelta(days=ago))
        for name, site, ago in zip(names, sites, days, strict=True)
    ]
    for one in people:
        one.set_unusable_password()
    keep(people)
    addresses = [f"{role}.{one.pk}@northwind.example" for one in people]
    keep(EmailAddress(user=p, email=a, verified=True, primary=True) for p, a in zip(people, addresses, strict=True))
    members = [
        Membership(
            programme=stage.programme, person=one, name=one.name, role=role, joined_at=one.made_at,
            available=draw.random() > 0.03, rhythm_days=21 if role == "mentor" else None,
        )
        for one in people
    ]  # fmt: skip
    keep(members)
    keep(Consent(programme=stage.programme, person=one, version=1, at=one.made_at) for one in people)
    room = [0] * number
    if role == "mentor":
        room = [draw.choice(TAKEN_ROOM if place < full else FREE_ROOM) for place in range(number)]
    applications = [
        Application(
            intake=stage.intake, address=address, person=member.person, membership=member, name=member.name, role=role,
            capacity=seats or None, rhythm_days=member.rhythm_days, state=Application.State.JOINED, last_step="sent",
            adult=True, not_for_seen_at=member.joined_at, terms_version=1, terms_at=member.joined_at,
            verified_at=member.joined_at, made_at=member.joined_at, sent_at=member.joined_at,
            decided_at=member.joined_at, decided_by=ground.coordinators[0],
        )
        for address, member, seats in zip(addresses, members, room, strict=True)
    ]  # fmt: skip
    keep(applications)
    keep(answer for one, site in zip(applications, sites, strict=True) for answer in answers(ground, one, site))
    if role == "mentor":
        organisation = stage.programme.organisation
        free = zip(people[full:], room[full:], strict=True)
        keep(Seat(person=person, organisation=organisation) for person, seats in free for _seat in range(seats))
    return applications


def made_up_names(role: str) -> Iterator[str]:
    """Given and family names of the demo, put together anew; no two alike until all are used up."""
    given, families = zip(*(one.full.split(maxsplit=1) for one in words.names() if " " in one.full), strict=True)
    shift = 1 if role == "mentor" else len(families) // 2
    for step in cycle(range(shift, len(families))):
        for place, name in enumerate(given):
            yield f"{name} {families[(place + step) % len(families)]}"


def answers(ground: Ground, entry: Application, site: str) -> Iterator[Answer]:
    """What one person answers to every question that is asked of them."""
    chance, draw = ground.chance, ground.draw
    told = told_of(NORTHWIND)
    department = draw.choice(told.departments).name
    said: dict[str, Any] = {
        "department": department, "site": site, "since": chance.years_ago(0.5, 18), "hours": chance.hours(),
        "push": draw.choice([None, 1, 2, 3, 4, 5]), "languages": chance.languages(site), "style": chance.styles(),
        "manager": f"manager.{draw.randint(1, 400)}@northwind.example",
    }  # fmt: skip
    if entry.role == "mentee":
        goal, other = draw.choice(words.goals()), draw.choice(words.goals())
        more = f" {other.text.split('. ')[0]}." if draw.random() < 0.5 else ""
        elsewhere = [one.name for one in told.departments if one.name != department]
        hear_from = draw.sample(elsewhere, draw.choice([0, 0, 1, 2]))
        said |= {"goal": (goal.text + more)[:600], "skills_wanted": goal.skills, "hear_from": hear_from}
        said["grade"] = draw.choice(told.grades[:4])
    else:
        offer = draw.choice(words.offers())
        said |= {"offer": offer.text, "skills_offered": offer.skills, "mentored_before": draw.random() < 0.6}
        said |= {"why": chance.why(0.4), "grade": draw.choice(told.grades[2:])}
    for key, value in said.items():
        question = ground.stage.questions[key]
        value = kept(question, value, zone_of(NORTHWIND, site))
        if value not in (None, "", []):
            yield Answer(application=entry, question=question, value=value, changed_at=entry.made_at)


def tell(ground: Ground) -> None:
    """Letters and news that everybody has had by now."""
    old = ground.now - timedelta(days=20)
    programme = ground.stage.programme.pk
    everybody = [(one.person, one.address) for one in [*ground.mentees, *ground.mentors]]
    body = "\n\n".join(message.text for message in words.loops()[0].messages[:3])
    keep(
        Delivery(
            key=f"bench {person.pk} {number}", kind="signup.joined", person=person.pk, programme=programme, to=address,
            subject="Welcome", text=body, html=body, message_id=f"<{person.pk}.{number}@northwind.example>",
            state=Delivery.State.SENT, made_at=old, sent_at=old,
        )
        for person, address in everybody
        for number in range(LETTERS)
    )  # fmt: skip
    keep(
        Notification(
            person=person, key=f"bench {person.pk} {number}", kind="signup.joined", url="/", made_at=old,
            facts={"programme": ground.stage.programme.name}, read_at=old if number else None,
        )
        for person, _address in everybody
        for number in range(NEWS)
    )  # fmt: skip


def keep(rows: Any) -> None:
    """Put rows of one kind into the database, some thousands at a time."""
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        type(batch[0]).objects.bulk_create(batch)
