"""A mixed crowd around one intake: every state a member, seat, loop and proposal can be in, drawn by a seed."""

from datetime import timedelta
from random import Random

from tests import factories
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from twoway.loops.models import Loop, Participation, Sponsorship
from twoway.matching.models import Proposal
from twoway.people.models import Intake, Membership, Person, Seat
from twoway.signup.models import Application

PEOPLE, LOOPS, PROPOSALS = 36, 30, 24
DAY = timedelta(days=1)


def gather(ground: FieldOfPeople, seed: int) -> None:
    """Members of this intake, of an earlier one and of another programme; some expected, waiting, paused or gone."""
    draw = Random(seed)
    earlier = factories.intake(ground.programme, "Spring")
    elsewhere = factories.intake(factories.programme(ground.organisation, "First Year"))
    factories.form(elsewhere.programme)
    retired = factories.question(ground.questions["offers"].form, what_i_help_with=True, retired_at=NOW)
    intakes = [ground.intake] * 5 + [earlier, elsewhere]
    people = [factories.person() for _ in range(PEOPLE)]
    entries = []
    for person in people:
        for intake in {draw.choice(intakes), draw.choice(intakes)}:
            entry = _entry(draw, person, intake)
            entries.append(entry)
            if draw.random() < 0.7:
                question = draw.choice([ground.questions["offers"]] * 4 + [retired, ground.questions["grade"]])
                factories.answer(entry, question, ["finance"])
    for person in people:
        _seats(draw, ground, person)
    for _ in range(LOOPS):
        _loop(draw, ground, *draw.sample(people, 2), draw.choice(intakes))
    for _ in range(PROPOSALS):
        _proposal(draw, *draw.sample(entries, 2))


def _entry(draw: Random, person: Person, intake: Intake) -> Application:
    fields = {"role": draw.choice(["mentor", "mentee", "either"]), "capacity": draw.choice([None, 0, 1, 3, 3]),
              "capacity_here": draw.choice([None, None, 0, 1, 1, 2, 2])}  # fmt: skip
    if draw.random() < 0.15:
        return factories.application(intake, state=draw.choice(["expected", "waiting"]), **fields)
    entry = factories.application(intake, person, **fields)
    away = draw.random() < 0.3
    Membership.objects.filter(pk=entry.membership_id).update(
        available=not away,
        paused_until=draw.choice([None, (NOW - DAY).date(), NOW.date(), (NOW + DAY).date()]) if away else None,
        ended_at=NOW - DAY if draw.random() < 0.1 else None,
    )
    return entry


def _seats(draw: Random, ground: FieldOfPeople, person: Person) -> None:
    kept_for = [None, None, *Membership.objects.filter(person=person).order_by("pk")]
    for seat in factories.seats(person, ground.organisation, draw.choice([0, 1, 2, 3, 4])):
        Seat.objects.filter(pk=seat.pk).update(reserved_for=draw.choice(kept_for), leaving=draw.random() < 0.1)


def _loop(draw: Random, ground: FieldOfPeople, mentor: Person, mentee: Person, intake: Intake) -> None:
    """Going on, resting or over; sponsored here, elsewhere, twice or no more."""
    loop = Loop.objects.create(
        state=draw.choice(["open", "open", "paused", "resting", "ended"]), opened_at=NOW, state_since=NOW
    )
    seat = Seat.objects.filter(person=mentor, participation=None).order_by("pk").first()
    seat = seat or factories.seats(mentor, ground.organisation, 1)[0]
    ended = [None, None, None, NOW - DAY]
    for person, role, held in ((mentor, "mentor", seat), (mentee, "mentee", None)):
        Participation.objects.create(
            loop=loop, person=person, role=role, seat=held, joined_at=NOW, ended_at=draw.choice(ended)
        )
    sponsors = {intake, ground.intake} if draw.random() < 0.3 else {intake}
    for sponsor in sorted(sponsors, key=lambda one: one.pk):
        Sponsorship.objects.create(loop=loop, intake=sponsor, began_at=NOW, ended_at=draw.choice(ended))


def _proposal(draw: Random, mentee: Application, mentor: Application) -> None:
    """In the mentee's intake: with whom it is made plays no part in what it holds."""
    Proposal.objects.get_or_create(
        intake=mentee.intake, mentee=mentee, mentor=mentor,
        state=draw.choice(["draft", "published", "published", "opened", "ended"]),
        defaults={"made_at": NOW, "published_at": NOW},
    )  # fmt: skip
