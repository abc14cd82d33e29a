"""The demo, built whole around a few different days: how much there is, that it is whole, and that it goes again."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django_scopes import scopes_disabled

from twoway.history.models import Event
from twoway.loops.models import AgendaItem, Loop, Meeting, Message, Participation
from twoway.loops.queries.loop import standing_in
from twoway.loops.queries.meeting import coming_in
from twoway.loops.queries.message import unread_counts
from twoway.matching.actions.round import queue_round
from twoway.matching.models import LeftOver, Proposal, ProposalAnswer, Round
from twoway.matching.queries.coverage import coverage
from twoway.matching.tasks import solve_queued_rounds
from twoway.operate.demo import build, words
from twoway.operate.demo.remove import remove_demo
from twoway.outbox.models import Delivery
from twoway.people.models import Intake, Membership, Notification, Person, Programme
from twoway.people.queries import address_of
from twoway.schedule import TASKS
from twoway.signup import fields
from twoway.signup.models import Answer, Application
from twoway.signup.queries import matchable_applications, missing_questions

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
# An ordinary day, a Sunday late in the evening, and the week in which Europe's clocks change and Nairobi's do not.
DAYS = [MONDAY, datetime(2026, 11, 29, 23, 40, tzinfo=UTC), datetime(2027, 3, 26, 0, 5, tzinfo=UTC)]

State = Application.State


@pytest.fixture(scope="module", params=DAYS, ids=["monday", "sunday", "clock change"])
def demo(request, django_db_setup, django_db_blocker):
    """The whole demo, made once for each day and shared: every test leaves it as it was."""
    with django_db_blocker.unblock(), transaction.atomic(), scopes_disabled():
        build.build(request.param)
        yield request.param
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def open_scopes():
    with scopes_disabled():
        yield


on_monday = pytest.mark.parametrize("demo", [MONDAY], indirect=True)


def person(name: str) -> Person:
    return Person.objects.get(name=name)


def intake(slug: str) -> Intake:
    return Intake.objects.get(programme__slug=slug)


def rows() -> dict[str, int]:
    """How many rows each table of people has; what happened stays written down."""
    ours = [model for model in apps.get_models() if model._meta.app_label not in ("contenttypes", "auth", "history")]
    return {model.__name__: model._base_manager.count() for model in ours}


def test_each_stage_has_its_people(demo):
    states = Counter(Application.objects.filter(intake=intake("first-year")).values_list("state", flat=True))
    ready = coverage(intake("crossing-over"), MONDAY)

    assert states == {"joined": 14, "waiting": 5, "sent": 1, "started": 4, "expected": 7}
    assert (ready.mentees, ready.mentors) == (200, 90)
    assert Loop.objects.filter(sponsorships__intake=intake("grow-together")).count() == 14
    assert Membership.objects.filter(programme__slug="first-shore").count() == 6


def test_nothing_is_left_to_be_sent_or_lies_ahead_that_should_not(demo):
    meetings = Meeting.objects.filter(state="booked")

    assert Delivery.objects.filter(due_at__isnull=False).count() == 0
    assert Delivery.objects.filter(made_at__gt=demo).count() == 0
    assert Notification.objects.filter(made_at__lt=demo - timedelta(days=1), read_at=None).count() == 0
    assert Notification.objects.filter(made_at__gt=demo).count() == 0
    assert Message.objects.filter(at__gt=demo).count() == 0
    assert Application.objects.filter(Q(made_at__gt=demo) | Q(sent_at__gt=demo) | Q(decided_at__gt=demo)).count() == 0
    assert Event.objects.filter(at__gt=demo).count() == 0
    assert meetings.filter(made_at__gt=demo).count() == 0
    assert meetings.filter(starts_at__gt=demo).exclude(answers=None).count() == 0


def test_amira_meets_ben_on_a_thursday_at_two_in_lisbon(demo):
    amira, ben = person("Amira Mansour"), person("Ben Kowalski")
    loop = Loop.objects.get(participations__person=amira)

    [coming] = coming_in(loop, demo)
    past = loop.meetings.filter(starts_at__lt=demo)
    times = list(Message.objects.filter(loop=loop).order_by("pk").values_list("at", flat=True))

    assert coming.starts_at.astimezone(ZoneInfo("Europe/Lisbon")).strftime("%a %H:%M") == "Thu 14:00"
    assert coming.starts_at - demo < timedelta(days=8)
    assert [one.answers.filter(happened=True).count() for one in past] == [2, 2]
    assert Counter(AgendaItem.objects.filter(loop=loop).values_list("state", flat=True)) == {"done": 2, "shared": 2}
    assert len(times) == 15
    assert times == sorted(times)
    assert unread_counts(amira) == {loop.public_id: 1}
    assert unread_counts(ben) == {}


@on_monday
def test_building_twice_changes_nothing(demo):
    before = rows()

    build.build(demo + timedelta(days=3))

    assert rows() == before


def test_the_clock_has_nothing_to_say_about_the_past(demo):
    before = Notification.objects.count(), Delivery.objects.count(), Round.objects.count()

    for task in TASKS:
        task.run(demo)

    assert (Notification.objects.count(), Delivery.objects.count(), Round.objects.count()) == before


@pytest.mark.parametrize("days", [0, 1, 2, 5, 15])
def test_the_clock_comes_to_rest_on_any_day(demo, days):
    at = demo + timedelta(days=days)

    with time_machine.travel(at, tick=False):
        for _again in range(6):
            found = {task.run.__name__: task.run(at) for task in TASKS}

    assert {name: number for name, number in found.items() if number} == {}


@on_monday
def test_everybody_is_made_up_and_says_so(demo):
    real = Person.objects.filter(demo=False).count() + Programme.objects.filter(demo=False).count()
    addresses = [address_of(one) for one in Person.objects.all()]

    assert real == 0
    assert [one for one in addresses if not one.endswith(".example")] == []
    assert len(set(addresses)) == len(addresses)
    assert [one for one in Person.objects.all() if one.has_usable_password()] == []


@on_monday
def test_every_answer_is_one_that_the_form_would_keep(demo):
    seen: set[tuple[int, str]] = set()
    strange = []
    for answer in Answer.objects.select_related("question"):
        if (answer.question_id, str(answer.value)) in seen:
            continue
        seen.add((answer.question_id, str(answer.value)))
        try:
            same = fields.clean(answer.question, answer.value) == answer.value
        except ValidationError:
            same = False
        if not same:
            strange.append((answer.question.label, answer.value))

    assert strange == []


@on_monday
def test_nobody_who_sent_a_form_left_out_what_it_must_have(demo):
    sent = Application.objects.filter(state__in=[State.JOINED, State.WAITING, State.SENT])
    by_form = [sent.filter(intake__programme__slug=slug) for slug in ("first-year", "grow-together", "first-shore")]
    everybody = [one for found in by_form for one in found]
    some = list(sent.filter(intake__programme__slug="crossing-over").order_by("pk")[::20])

    assert [one.name for one in [*everybody, *some] if missing_questions(one)] == []
    assert [one.name for one in sent if one.role != "mentee" and not one.capacity] == []


def test_who_can_be_matched_is_not_quite_everybody(demo):
    waiting = matchable_applications(intake("crossing-over"), with_expected=False, now=demo)

    roles = Counter((one.can_mentor, one.can_be_mentored) for one in waiting)

    assert roles == {(False, True): 196, (True, False): 83, (True, True): 4}  # three mentors take a break


@on_monday
def test_a_round_places_most_and_says_why_it_cannot_place_the_rest(demo):
    row = queue_round(
        intake=intake("crossing-over"), name="Autumn", objective="most_then_best", with_expected=False,
        by=person("Chris Hale"), now=demo, seed="7",
    )  # fmt: skip

    solve_queued_rounds(demo)

    row.refresh_from_db()
    causes = Counter(LeftOver.objects.filter(round=row, role="mentee").values_list("cause", flat=True))
    assert row.state == Round.State.DONE
    assert row.figures["without"] == {"away": 3, "no_seat": 3}
    assert 180 <= row.figures["placed"] <= 195
    assert causes["rule"] >= 1
    assert causes["no_seat"] >= 5
    assert Proposal.objects.filter(round=row).count() == row.figures["placed"]


def test_a_proposal_waits_for_ben_who_does_not_know_what_she_said(demo):
    [proposal] = Proposal.objects.filter(state=Proposal.State.PUBLISHED)

    assert proposal.mentor.name == "Ben Kowalski"
    assert [one.application for one in ProposalAnswer.objects.filter(proposal=proposal)] == [proposal.mentee]


def test_every_loop_began_with_a_proposal_that_both_said_yes_to(demo):
    opened = Proposal.objects.filter(state=Proposal.State.OPENED)

    assert {one.loop_id for one in opened} == set(Loop.objects.values_list("pk", flat=True))
    assert {one.answers.filter(answer="yes").count() for one in opened} == {2}


@on_monday
def test_the_fourteen_conversations_are_told_as_they_are_written(demo):
    told = {(one.mentee.name, one.mentor.name): len(one.messages) for one in words.loops()}

    lived = {}
    for loop in Loop.objects.filter(sponsorships__intake=intake("grow-together")):
        names = dict(Participation.objects.filter(loop=loop).values_list("role", "name"))
        lived[names["mentee"], names["mentor"]] = Message.objects.filter(loop=loop).count()

    assert lived == told


@on_monday
def test_dana_sees_a_loop_of_her_own_and_none_of_northwind(demo):
    dana = person("Dana Whitfield")
    [loop] = Loop.objects.filter(participations__person=dana)
    standing = standing_in(dana, loop.public_id)

    assert standing is not None
    assert standing.other.name == "Rowan Tuckett"
    assert {one.programme.organisation.slug for one in Membership.objects.filter(person=dana)} == {"harbour-college"}


@on_monday
def test_one_action_takes_all_of_it_away(demo):
    real = Person.objects.create(name="Somebody real", made_at=demo, password="!")
    queue_round(
        intake=intake("crossing-over"), name="Autumn", objective="most_then_best", with_expected=False,
        by=person("Chris Hale"), now=demo, seed="7",
    )  # fmt: skip
    solve_queued_rounds(demo)

    remove_demo(by=real, now=demo)

    assert {name: count for name, count in rows().items() if count} == {"Person": 1}
    assert Person.objects.get() == real
