"""The number on the publish button and the drafts that are held back, whatever has happened since the round."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from twoway.loops.actions.loop import open_loop
from twoway.matching.actions.draft import Fit, dismiss_draft, pin_draft, publish_drafts, swap_mentor
from twoway.matching.apart import apart_in
from twoway.matching.models import Proposal
from twoway.matching.queries.people import people_for
from twoway.people.actions.membership import pause, set_capacity
from twoway.people.actions.person import keep_apart
from twoway.people.models import Membership, Person
from twoway.signup.models import Answer, Application, Question

Act = Callable[[FieldOfPeople], object]
AMIRA, DORA = "Amira → Ben", "Dora → Cleo"
APART, SEAT = "kept apart", "no free seat is left"
PLACED, GONE = "matched already, or in another proposal", "one of the two cannot take part now"


def who(name: str) -> Application:
    return Application.objects.get(name=name)


def draft(mentee: str) -> Proposal:
    return Proposal.objects.get(mentee__name=mentee)


def _pauses(name: str, days: int | None = None) -> Act:
    until = None if days is None else (NOW + timedelta(days=days)).date()
    return lambda ground: pause(membership=who(name).membership, until=until, by=ground.chris, now=NOW)


def _names(*bosses: tuple[str, str]) -> Act:
    return lambda ground: [ground.answers(who(one), manager=boss) for one, boss in bosses]


def _wishes(owner: str, address: str) -> Act:
    def act(ground: FieldOfPeople) -> None:
        EmailAddress.objects.create(user=who("Ben").person, email="ben@home.example", verified=True)
        person = who(owner).person
        keep_apart(owner=person, organisation=ground.organisation, address=address, note="", now=NOW)

    return act


def _names_a_manager_by_a_second_address(ground: FieldOfPeople) -> None:
    EmailAddress.objects.create(user=who("Ben").person, email="ben@home.example", verified=True)
    ground.answers(who("Amira"), manager="Ben@Home.example")


def _named_one_level_up(ground: FieldOfPeople) -> None:
    """Middle is in the intake and in no draft."""
    ground.mentor("Middle")
    ground.answers(who("Amira"), manager="Middle@northwind.example")
    ground.answers(who("Middle"), manager="ben@northwind.example")


def _loop_here(ground: FieldOfPeople) -> None:
    other = ground.mentor("Other")
    open_loop(mentee=who("Amira").membership, mentor=other.membership, intake=ground.intake, by=None, now=NOW)


def _loop_in_another_programme(ground: FieldOfPeople) -> None:
    programme = factories.programme(ground.organisation, "Elsewhere")
    there = factories.intake(programme)
    ben = factories.membership(who("Ben").person, programme, role="mentor")
    someone = factories.membership(factories.person("Someone"), programme)
    open_loop(mentee=someone, mentor=ben, intake=there, by=None, now=NOW)


def _proposal_in_another_programme(ground: FieldOfPeople) -> None:
    there = factories.intake(factories.programme(ground.organisation, "Elsewhere"))
    mentee = factories.application(there, factories.person("Someone"))
    mentor = factories.application(there, who("Ben").person, role="mentor", capacity=1)
    Proposal.objects.create(
        intake=there, mentee=mentee, mentor=mentor, state="published", made_at=NOW, published_at=NOW
    )


def _has_another_proposal(ground: FieldOfPeople) -> None:
    other = ground.mentor("Other")
    fields = {"state": "published", "made_at": NOW, "published_at": NOW}
    Proposal.objects.create(intake=ground.intake, mentee=who("Amira"), mentor=other, **fields)


def _said_no_before(ground: FieldOfPeople) -> None:
    fields = {"state": "ended", "end": "no", "made_at": NOW}
    Proposal.objects.create(intake=ground.intake, mentee=who("Amira"), mentor=who("Ben"), **fields)


def _shares_a_mentor(ground: FieldOfPeople) -> None:
    Proposal.objects.filter(mentee__name="Dora").update(score=1)
    swap_mentor(proposal=draft("Dora"), mentor=who("Ben"), fit=Fit(0), by=ground.chris, now=NOW)


def _wants_fewer_here(ground: FieldOfPeople) -> None:
    """The seats of the organisation would be enough for both."""
    _loop_here_as_mentor(ground)
    Application.objects.filter(name="Ben").update(capacity_here=1)


def _loop_here_as_mentor(ground: FieldOfPeople) -> None:
    factories.seats(who("Ben").person, ground.organisation, 2)
    eva = ground.mentee("Eva")
    open_loop(mentee=eva.membership, mentor=who("Ben").membership, intake=ground.intake, by=None, now=NOW)


ACTS: dict[str, tuple[Act, int, dict[str, str]]] = {
    "nothing": (lambda ground: None, 2, {}),
    "a draft is pinned": (
        lambda ground: pin_draft(proposal=draft("Amira"), pinned=True, by=ground.chris, now=NOW), 2, {}
    ),
    "a draft is dismissed": (
        lambda ground: dismiss_draft(proposal=draft("Amira"), by=ground.chris, now=NOW), 1, {}
    ),
    "two drafts share a mentor": (_shares_a_mentor, 1, {AMIRA: SEAT}),
    "the mentee pauses": (_pauses("Amira"), 1, {AMIRA: PLACED}),
    "the mentor pauses": (_pauses("Ben"), 1, {AMIRA: GONE}),
    "a pause that is over": (_pauses("Ben", days=0), 2, {}),
    "a pause that lasts": (_pauses("Ben", days=1), 1, {AMIRA: GONE}),
    "the mentee has left": (
        lambda ground: Membership.objects.filter(name="Amira").update(ended_at=NOW), 1, {AMIRA: PLACED}
    ),
    "the mentor helps with nothing any more": (
        lambda ground: Answer.objects.filter(application=who("Ben")).delete(), 1, {AMIRA: GONE}
    ),
    "nobody is asked what they help with": (
        lambda ground: Question.objects.filter(what_i_help_with=True).update(retired_at=NOW), 0,
        {AMIRA: GONE, DORA: GONE},
    ),
    "the mentor takes fewer": (
        lambda ground: set_capacity(
            person=who("Ben").person, organisation=ground.organisation, capacity=0, by=ground.chris, now=NOW
        ), 1, {AMIRA: SEAT},
    ),
    "the mentor wants fewer here": (_wants_fewer_here, 1, {AMIRA: SEAT}),
    "the mentor has a loop and more seats": (_loop_here_as_mentor, 2, {}),
    "a loop of the mentee": (_loop_here, 1, {AMIRA: PLACED}),
    "a loop of the mentor in another programme": (_loop_in_another_programme, 1, {AMIRA: SEAT}),
    "a proposal of the mentor in another programme": (_proposal_in_another_programme, 1, {AMIRA: SEAT}),
    "another proposal of the mentee": (_has_another_proposal, 1, {AMIRA: PLACED}),
    "a no said before": (_said_no_before, 1, {AMIRA: APART}),
    "a wish of the mentee": (_wishes("Amira", "Ben@Northwind.example"), 1, {AMIRA: APART}),
    "a wish about a second address": (_wishes("Amira", "ben@home.example"), 1, {AMIRA: APART}),
    "a wish of the mentor": (_wishes("Ben", "amira@northwind.example"), 1, {AMIRA: APART}),
    "a wish about somebody else": (_wishes("Amira", "cleo@northwind.example"), 2, {}),
    "the mentor is the line manager": (_names(("Amira", "Ben@Northwind.example")), 1, {AMIRA: APART}),
    "the mentee is the line manager": (_names(("Ben", "amira@northwind.example")), 1, {AMIRA: APART}),
    "the same line manager": (
        _names(("Amira", "boss@other.example"), ("Ben", "BOSS@other.example"), ("Dora", "boss@other.example")),
        1, {AMIRA: APART},
    ),
    "the line manager's line manager": (_named_one_level_up, 1, {AMIRA: APART}),
    "a line manager's second address": (_names_a_manager_by_a_second_address, 1, {AMIRA: APART}),
}  # fmt: skip


@pytest.mark.row("M-08")
@pytest.mark.parametrize("name", ACTS)
def test_the_page_says_what_publishing_would_do(
    name: str, ground: FieldOfPeople, signed_in: Callable[[Person | None], Client]
) -> None:
    act, number, held_back = ACTS[name]
    ground.mentee("Amira", wants=["finance"]), ground.mentee("Dora", wants=["writing"])
    ground.mentor("Ben", offers=["finance"]), ground.mentor("Cleo", offers=["writing"])
    round = ground.run()
    act(ground)
    here = "/northwind/grow-together"

    page = signed_in(ground.chris).get(f"{here}/rounds/{round.public_id}/").context
    look = signed_in(ground.chris).get(f"{here}/proposals/publish/?round={round.public_id}").context
    drafts = Proposal.objects.filter(round=round, state="draft")
    done = publish_drafts(intake=ground.intake, drafts=list(drafts), by=ground.chris, now=NOW)

    said = {one["pair"]: one["why"] for one in page["held_back"]}
    stayed = {f"{row.mentee.name} → {row.mentor.name}" for row in drafts.select_related("mentee", "mentor")}
    assert (page["publishable"], said) == (number, held_back)
    assert [f"{one['row'].mentee_name} → {one['row'].mentor_name}" for one in look["held_back"]] == list(said)
    assert (len(look["told"]), len(done.told), stayed) == (number, number, set(held_back))


@pytest.mark.row("M-08", "M-11")
@pytest.mark.parametrize("name", ACTS)
def test_asked_about_everybody_by_name_the_answer_is_that_about_everybody(name: str, ground: FieldOfPeople) -> None:
    ground.mentee("Amira", wants=["finance"]), ground.mentee("Dora", wants=["writing"])
    ground.mentor("Ben", offers=["finance"]), ground.mentor("Cleo", offers=["writing"])
    ground.run()
    ACTS[name][0](ground)
    everybody = set(Application.objects.filter(intake=ground.intake).values_list("pk", flat=True))
    pairs = [frozenset({one, other}) for one in everybody for other in everybody if one < other]

    asked = {"with_expected": True, "now": NOW, "full_too": True}
    whole, named = people_for(ground.intake, **asked), people_for(ground.intake, only=everybody, **asked)
    apart, among = apart_in(ground.intake), apart_in(ground.intake, pairs)

    assert (named.mentees, named.mentors) == (whole.mentees, whole.mentors)
    assert [(two in among.firm, two in among.line) for two in pairs] == [
        (two in apart.firm, two in apart.line) for two in pairs
    ]


@pytest.mark.row("M-08")
def test_the_page_asks_as_much_of_many_drafts_as_of_few(
    ground: FieldOfPeople, signed_in: Callable[[Person | None], Client]
) -> None:
    browser, asked = signed_in(ground.chris), []
    for number in range(1, 7):
        ground.mentee(f"Mentee {number}"), ground.mentor(f"Mentor {number}")
        if number not in (2, 6):
            continue
        round = ground.run(name=f"Round {number}")
        url = f"/northwind/grow-together/rounds/{round.public_id}/"
        browser.get(url)
        with CaptureQueriesContext(connection) as queries:
            browser.get(url)
        asked.append(len(queries))

    assert asked[0] == asked[1]
