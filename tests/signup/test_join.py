"""Signing up: what is asked before anything else, what must be agreed to, and how somebody goes on later."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.cast import Cast
from tests.conftest import sign_in
from tests.factories import NOW
from tests.signup.conftest import AT, Applicant, Asked, answers, last_link, letters_to, states
from twoway.people.models import Intake, Membership, Seat
from twoway.signup.actions.application import NotReady, send_application
from twoway.signup.actions.invitation import invite
from twoway.signup.models import Application

pytestmark = pytest.mark.usefixtures("open_scope")


@pytest.mark.row("F-06")
def test_a_mentor_states_capacity_and_rhythm_and_gets_the_seats(cast: Cast, asked: Asked, applicant: Applicant) -> None:
    cast.grow.approval = False
    cast.grow.save()
    applicant.begin("mentor")
    asked_for = applicant.get("join-capacity")
    assert b'name="capacity" value="2"' in asked_for.content

    too_many = applicant.post("join-capacity", {"capacity": "5", "rhythm_days": "14"})
    assert too_many.status_code == 422
    assert b'name="sure"' in too_many.content

    applicant.post("join-capacity", {"capacity": "5", "rhythm_days": "30", "sure": "on", "capacity_here": "4"})
    applicant.send()
    applicant.confirm()

    member = Membership.objects.get(name="Noor Haddad")
    assert Seat.objects.filter(person=member.person, organisation=cast.northwind).count() == 5
    assert member.rhythm_days == 30
    assert Application.objects.get(membership=member).capacity_here == 4


@pytest.mark.row("F-06")
@pytest.mark.definition("A1")
def test_a_mentor_cannot_send_without_a_capacity(asked: Asked, applicant: Applicant) -> None:
    applicant.begin("mentor")

    refused = applicant.send()

    assert refused.status_code == 422
    assert states() == ["started"]
    assert reverse("signup:join-capacity", args=AT) in refused.content.decode()


@pytest.mark.row("F-13")
@pytest.mark.definition("B0")
def test_consent_is_reachable_only_after_the_panel(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    applicant.answer(asked)

    assert applicant.get("join-terms").headers["Location"] == applicant.url("join-not-for")
    before = applicant.post("join-terms", {"accept": "on", "version": "1"})
    assert before.headers["Location"] == applicant.url("join-not-for")
    assert states() == ["started"]

    panel = applicant.get("join-not-for").content.decode()
    order = [panel.index(words) for words in ("therapy", "promotion", "line management", "emergency", "go on</span>")]
    assert order == sorted(order)
    assert 'id="consent"' not in panel

    applicant.post("join-not-for")
    page = applicant.get("join-terms").content.decode()
    assert page.index("no therapy, no promotion") < page.index('name="accept"') < page.index('id="consent"')


@pytest.mark.row("F-13")
@pytest.mark.definition("B0")
def test_nothing_can_be_sent_by_any_path_before_the_panel(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    applicant.answer(asked)
    application = Application.objects.get(address=applicant.address)

    with pytest.raises(NotReady) as refused:
        send_application(application=application, terms_version=1, by=None, now=NOW)

    assert refused.value.step == "not-for"
    assert states() == ["started"]


@pytest.mark.row("F-14")
def test_steps_are_counted_once_they_are_known_and_then_alike(cast: Cast, asked: Asked, applicant: Applicant) -> None:
    factories.application(cast.autumn, address=applicant.address, name="Noor Haddad")
    invite(intake=cast.autumn, addresses=[applicant.address], role="", words="", by=cast.chris, now=NOW)
    applicant.confirm()

    counted = re.compile(r"Step \d of \d")
    before = applicant.get("join").content.decode()
    applicant.begin()
    after = [applicant.get(name, *more).content.decode() for name, *more in (("join",), ("join-questions", 1))]

    assert (counted.findall(before), "stepper" in before) == ([], False)
    assert [counted.findall(page) for page in after] == [["Step 1 of 5"], ["Step 2 of 5"]]


@pytest.mark.row("H-06")
def test_somebody_under_18_is_refused_kindly_and_nothing_is_stored(asked: Asked, applicant: Applicant) -> None:
    page = applicant.begin(adult="no")

    assert "18 or older" in page.content.decode()
    assert states() == []
    assert "join" not in applicant.client.session


@pytest.mark.row("H-06")
def test_a_slip_about_ones_age_can_be_undone_and_nothing_goes_on_before(asked: Asked, applicant: Applicant) -> None:
    applicant.sign_up(asked)
    link = last_link(applicant.address)

    page = applicant.begin(adult="no").content.decode()
    assert "Are you younger than 18?" in page
    assert "I pressed the wrong one" in page
    assert states() == ["started"]
    assert applicant.get("join-questions", 1).headers["Location"] == applicant.url("join")
    assert applicant.client.post(link).status_code == 410

    assert 'value="Noor Haddad"' in applicant.get("join").content.decode()
    applicant.begin()
    assert answers(asked)["What would you like to grow in?"] == "Speak up in meetings"


@pytest.mark.row("H-06")
def test_whoever_says_again_that_they_are_under_18_is_forgotten(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    applicant.begin(adult="no")

    page = applicant.post("join", {"adult": "no", "sure": "yes"})

    assert "nothing you typed was kept" in page.content.decode()
    assert states() == []
    assert "join" not in applicant.client.session


@pytest.mark.row("H-06")
def test_the_first_page_asks_for_age_and_does_not_guess(asked: Asked, applicant: Applicant) -> None:
    page = applicant.get("join").content.decode()
    silent = applicant.post("join", {"name": "Noor", "address": applicant.address, "role": "mentee"})

    assert "Are you 18 or older?" in page
    assert silent.status_code == 422
    assert states() == []


@pytest.mark.row("F-04")
@pytest.mark.parametrize("closed_by", ["switch", "date", "archive"])
def test_when_closed_every_page_says_so_and_nothing_is_stored(
    cast: Cast, asked: Asked, applicant: Applicant, closed_by: str
) -> None:
    applicant.begin()
    if closed_by == "switch":
        cast.grow.sign_up_on = False
    elif closed_by == "archive":
        cast.grow.archived_at = NOW
    else:
        cast.autumn.sign_up_closes_on = NOW.date().replace(day=1)
    cast.grow.save()
    cast.autumn.save()
    stranger = Applicant(address="late@northwind.example")

    pages = [
        stranger.begin(), stranger.get("join"), stranger.post("join-letter", {"letter-address": "a@b.example"}),
        applicant.post("join-questions", {f"q-{asked.moved.public_id}": "no"}, 1), applicant.post("join-not-for"),
    ]  # fmt: skip

    assert all("is closed" in page.content.decode() for page in pages)
    nothing, kept = "Nothing about your visit was kept.", "What you had filled in is still kept."
    said = [[words in page.content.decode() for words in (nothing, kept)] for page in pages]
    assert said == [[True, False]] * 3 + [[False, True]] * 2
    letters = [
        "If you have a letter that invites you, its link works meanwhile." in page.content.decode() for page in pages
    ]
    assert letters == [closed_by != "archive"] * 5
    assert states("late@northwind.example") == []
    assert answers(asked) == {}


@pytest.mark.row("F-04", "F-14")
def test_what_was_typed_when_sign_up_closed_is_shown_and_not_stored(
    cast: Cast, asked: Asked, applicant: Applicant
) -> None:
    applicant.begin()
    cast.grow.sign_up_on = False
    cast.grow.save()

    page = applicant.post("join-questions", {f"q-{asked.goal.public_id}": "To chair\n<b>a board</b>"}, 2)

    shown = page.content.decode()
    assert "came too late to be kept" in shown
    assert "To chair<br>&lt;b&gt;a board&lt;/b&gt;" in shown
    assert answers(asked) == {}


@pytest.mark.row("F-14", "O-10")
@pytest.mark.parametrize("signed_in", [False, True])
def test_what_was_begun_goes_on_in_the_intake_that_opens_next(
    cast: Cast, asked: Asked, applicant: Applicant, signed_in: bool
) -> None:
    applicant.begin()
    applicant.post("join-questions", {f"q-{asked.goal.public_id}": "To chair a board"}, 2)
    if signed_in:
        applicant.client = sign_in(factories.person("Noor Haddad", applicant.address))
    cast.autumn.sign_up_closes_on = NOW.date().replace(day=1)
    cast.autumn.save()
    closed = applicant.get("join").content.decode()
    spring = Intake.objects.create(programme=cast.grow, name="Spring", made_at=NOW)

    back = applicant.get("join").content.decode()
    applicant.begin()
    page = applicant.get("join-questions", 2).content.decode()

    assert "is still kept" in closed
    assert 'value="Noor Haddad"' in back
    assert "To chair a board" in page
    assert [(one.intake, one.state) for one in Application.objects.filter(address=applicant.address)] == [
        (spring, "started")
    ]


@pytest.mark.row("F-04")
def test_sign_up_opens_by_itself_on_its_day(cast: Cast, applicant: Applicant) -> None:
    cast.autumn.sign_up_opens_on = NOW.date().replace(day=24)
    cast.autumn.save()

    assert "It opens on 24 November 2026" in applicant.get("join").content.decode()

    cast.autumn.sign_up_opens_on = NOW.date()
    cast.autumn.save()
    assert "Welcome to Grow Together" in applicant.get("join").content.decode()


@pytest.mark.row("F-14", "U-05")
def test_enter_in_a_field_goes_on_and_not_back(asked: Asked, applicant: Applicant) -> None:
    applicant.begin("mentor")
    steps = [applicant.get("join-questions", 1), applicant.get("join-capacity")]

    ways = [re.findall(r'name="go" value="(\w+)"', step.content.decode()) for step in steps]

    assert ways == [["on", "back"]] * 2  # a browser presses the first


@pytest.mark.row("F-14")
def test_every_step_is_kept_and_the_same_browser_goes_on(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    applicant.post("join-questions", {f"q-{asked.moved.public_id}": "yes"}, 1)  # where from is still missing

    back = applicant.get("join").content.decode()
    page = applicant.get("join-questions", 1).content.decode()

    assert 'value="Noor Haddad"' in back
    assert "Carry on" in back
    assert answers(asked) == {"Have you moved here for work?": True}
    assert re.search(r'value="yes"[^>]*checked', page)


@pytest.mark.row("F-14")
def test_pressing_begin_or_send_twice_does_it_once(asked: Asked, applicant: Applicant) -> None:
    secret = re.search(r'name="begin" value="([^"]+)"', applicant.get("join").content.decode())[1]
    applicant.begin(begin=secret)
    Applicant(client=applicant.client).begin(begin=secret)
    other_tab = Applicant(client=Client())  # the second press may come before the first has set the cookie
    other_tab.begin(begin=secret)
    assert states() == ["started"]

    applicant.answer(asked)
    applicant.send()
    applicant.send()
    assert states() == ["sent"]
    assert len(letters_to(applicant.address)) == 1

    link = last_link(applicant.address)
    applicant.client.post(link)
    assert Client().post(link).status_code == 410
    assert states() == ["waiting"]


@pytest.mark.row("F-14")
def test_a_letter_brings_somebody_back_on_another_device(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    applicant.post("join-questions", {f"q-{asked.moved.public_id}": "no"}, 1)
    elsewhere = Applicant()

    elsewhere.post("join-letter", {"letter-address": "Noor@Northwind.example"})
    elsewhere.confirm()
    elsewhere.answer(asked)
    elsewhere.send()

    assert states() == ["waiting"]
    assert answers(asked)["Have you moved here for work?"] is False
    assert "This sign-up is confirmed" in applicant.get("join-questions", 1).content.decode()


@pytest.mark.row("F-14")
def test_the_letters_way_back_leads_to_the_first_step_that_is_not_finished(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    applicant.post("join-questions", {f"q-{asked.moved.public_id}": "no"}, 1)
    elsewhere = Applicant()
    elsewhere.post("join-letter", {"letter-address": applicant.address})

    opened = elsewhere.confirm()

    assert opened.headers["Location"] == applicant.url("join-questions", 2)


@pytest.mark.row("X-03")
def test_known_and_unknown_addresses_read_the_same_at_every_step(asked: Asked) -> None:
    pages = []
    for address in ("ben@northwind.example", "nobody@northwind.example"):
        somebody = Applicant(address=address)
        somebody.begin()
        somebody.answer(asked)
        somebody.send()
        sent = somebody.get("join-sent")
        again = Applicant().post("join-letter", {"letter-address": address})
        pages.append([
            re.sub(r"[A-Za-z0-9]{64}", "", page.content.decode()).replace(address, "ADDRESS")
            for page in (sent, again)
        ])  # fmt: skip

    assert pages[0] == pages[1]
    assert letters_to("ben@northwind.example")[0].startswith("Your sign-up for Grow Together: continue")
    assert letters_to("nobody@northwind.example")[0].startswith("Confirm your address for Grow Together")


@pytest.mark.row("X-03")
def test_too_many_sign_ups_from_one_place_are_refused_with_a_word(asked: Asked) -> None:
    answers = [Applicant(address=f"n{number}@northwind.example").begin() for number in range(11)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [422]
    assert "wait a few minutes" in answers[-1].content.decode()


@pytest.mark.row("F-07")
def test_stepping_out_deletes_what_was_only_begun(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    applicant.answer(asked)

    applicant.post("join-out")

    assert states() == []


@pytest.mark.row("F-14", "U-05")
def test_back_from_ones_time_keeps_what_was_typed(asked: Asked, applicant: Applicant) -> None:
    applicant.begin("mentor")

    unsure = applicant.post("join-capacity", {"capacity": "5", "rhythm_days": "30", "go": "back"})
    page = applicant.get("join-capacity").content.decode()
    assert unsure.headers["Location"] == applicant.url("join-questions", 2)
    assert 'name="capacity" value="5"' in page
    assert 'name="sure"' in page
    assert re.search(r'value="30"[^>]*checked', page)

    applicant.post("join-capacity", {"capacity": "3", "rhythm_days": "7", "go": "back"})
    assert 'name="capacity" value="3"' in applicant.get("join-capacity").content.decode()
    assert Application.objects.get(address=applicant.address).capacity == 3


def test_changed_terms_are_shown_again_before_they_are_accepted(cast: Cast, asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    applicant.answer(asked)
    applicant.post("join-not-for")
    cast.grow.terms_version = 2
    cast.grow.save()

    refused = applicant.post("join-terms", {"accept": "on", "version": "1"})

    assert refused.status_code == 422
    assert 'name="version" value="2"' in refused.content.decode()
    assert states() == ["started"]
