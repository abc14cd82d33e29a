"""The main job, as four people in four browsers: from an empty organisation and a file to a meeting that was held."""

import re
from datetime import timedelta

import pytest
from django_scopes import scopes_disabled
from playwright.sync_api import Page, expect
from time_machine import Traveller

from tests import factories
from tests.factories import NOW
from tests.journeys.conftest import AtBrowser
from tests.journeys.letters import let_the_clock_run, letter_to, letters_to
from tests.journeys.steps import follow, go_through, is_at, press, reads

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AMIRA, BEN, CHRIS = (f"{name}@northwind.example" for name in ("amira", "ben", "chris"))
ROSTER = f"""\
Name,E-mail,Mentor or mentee,Which languages do you speak?
Amira Mansour,{AMIRA},mentee,English
Ben Kowalski,{BEN},mentor,English
"""
ONE_MEETING_HELD = re.compile(r"Meetings held\s*1\b")
GOAL = "I moved here in spring and would like to find my way back into bookkeeping."
OFFER = "I kept the books of a small firm, moved twice, and found my way back into work."


@pytest.mark.row("D-08", "F-10", "F-05", "F-13", "M-01", "M-03", "L-01", "L-05", "L-06", "L-07", "X-03")
@pytest.mark.definition("B0")
def test_four_people_go_from_a_file_to_their_first_meeting(
    transactional_db: None, clock: Traveller, at_browser: AtBrowser
) -> None:
    with scopes_disabled():
        northwind = factories.organisation("Northwind")
        admin = factories.person("Ada Lindqvist", "ada@northwind.example")
        factories.office(admin, "admin", organisation=northwind)
    ada = at_browser(admin).new_page()
    chris, amira, ben = (at_browser(None).new_page() for _ in range(3))

    the_admin_sets_a_programme_up(ada)
    the_coordinator_takes_up_the_role(chris)
    the_admin_opens_it(ada)
    the_coordinator_brings_a_roster_in(chris)
    somebody_accepts_the_invitation(amira, AMIRA)
    the_mentee_fills_in_the_form(amira)
    somebody_accepts_the_invitation(ben, BEN)
    the_mentor_fills_in_the_form(ben)
    the_coordinator_runs_and_publishes_a_round(chris)
    both_say_yes(amira, ben)
    the_mentee_offers_times(amira)
    the_mentor_picks_one(ben)
    the_mentee_shares_a_question(amira)
    the_mentor_reads_it(ben)
    both_have_it_in_their_calendars()
    clock.move_to(NOW + timedelta(days=3, hours=6))
    loop = both_say_that_they_met(amira, ben)
    the_coordinator_sees_the_card_and_no_more(chris, loop)


def the_admin_sets_a_programme_up(ada: Page) -> None:
    ada.goto("/northwind/")
    follow(ada, "Set up a programme")
    ada.get_by_role("radio", name="Community").check()
    press(ada, "Go on")
    ada.get_by_label("Name of the programme").fill("Grow Together")
    press(ada, "Keep and go on")
    is_at(ada, "Questions")
    press(ada, "Go on with these")
    press(ada, "Keep and go on")
    is_at(ada, "Help and people")
    ada.get_by_role("checkbox", name="I coordinate this programme myself").uncheck()
    ada.get_by_label("Ask a coordinator in").fill(CHRIS)
    press(ada, "Keep, write to them, go on")
    reads(ada, "Nobody coordinates it yet")


def the_coordinator_takes_up_the_role(chris: Page) -> None:
    [letter] = letters_to(CHRIS)
    chris.goto(letter.link)
    press(chris, "Sign in as")
    expect(chris).not_to_have_url(letter.link)


def the_admin_opens_it(ada: Page) -> None:
    ada.goto("/northwind/")
    follow(ada, "Go on with the set-up")
    press(ada, "Finish and switch sign-up on")
    reads(ada, "Grow Together is set up, and sign-up opens as its dates say.")


def the_coordinator_brings_a_roster_in(chris: Page) -> None:
    chris.goto("/northwind/grow-together/rosters/")
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": ROSTER.encode()}
    chris.get_by_label("The file", exact=True).set_input_files(file)
    press(chris, "Read the file")
    is_at(chris, "people.csv")
    let_the_clock_run()
    is_at(chris, "What the columns are")
    press(chris, "Check the rows")
    reads(chris, "Every row is good")
    press(chris, "Keep all 2")
    reads(chris, "Keeping the good rows")
    let_the_clock_run()
    is_at(chris, "2 new people are expected")
    press(chris, "Invite these 2")
    reads(chris, "written")


def somebody_accepts_the_invitation(page: Page, address: str) -> None:
    [letter] = letters_to(address)
    page.goto(letter.link)
    is_at(page, "You are invited to Grow Together")
    press(page, "Accept the invitation")
    is_at(page, "Welcome to Grow Together")


def the_mentee_fills_in_the_form(amira: Page) -> None:
    amira.get_by_role("radio", name="Yes, I am 18 or older").check()
    press(amira, "Begin")
    is_at(amira, "About you")
    amira.get_by_role("radio", name="By phone or video").check()
    press(amira, "Save and go on")
    is_at(amira, "What you would like")
    amira.get_by_label("What would you like some company with?").fill(GOAL)
    amira.get_by_role("checkbox", name="Finding work").check()
    press(amira, "Save and go on")
    about_meeting(amira)
    to_the_end(amira)


def the_mentor_fills_in_the_form(ben: Page) -> None:
    ben.get_by_role("radio", name="Yes, I am 18 or older").check()
    press(ben, "Begin")
    is_at(ben, "About you")
    ben.get_by_role("radio", name="By phone or video").check()
    press(ben, "Save and go on")
    is_at(ben, "What you would like")
    press(ben, "Save and go on")
    is_at(ben, "What you can give")
    ben.get_by_label("What have you learned in life").fill(OFFER)
    ben.get_by_role("checkbox", name="Finding work").check()
    press(ben, "Save and go on")
    about_meeting(ben)
    is_at(ben, "Your time")
    ben.get_by_label("How many people can you be there for").fill("1")
    ben.get_by_role("radio", name="Every two weeks").check()
    press(ben, "Save and go on")
    to_the_end(ben)


def about_meeting(page: Page) -> None:
    """The last of the questions; what the roster said stands in it already."""
    is_at(page, "Meeting")
    expect(page.get_by_role("checkbox", name="English")).to_be_checked()
    page.get_by_role("checkbox", name="Wednesday evening").check()
    press(page, "Save and go on")


def to_the_end(page: Page) -> None:
    is_at(page, "What this programme is not")
    reads(page, "It is not therapy")
    press(page, "I have read this, go on")
    is_at(page, "The last step")
    page.get_by_role("checkbox", name="I have read the terms and accept them").check()
    press(page, "Accept and send")
    is_at(page, "Your answers")


def the_coordinator_runs_and_publishes_a_round(chris: Page) -> None:
    chris.goto("/northwind/grow-together/desk/")
    go_through(chris, "Matching")
    follow(chris, "Start a round")
    press(chris, "Run the round")
    expect(chris.get_by_role("progressbar")).to_be_visible()
    let_the_clock_run()
    expect(chris.get_by_role("heading", name="Best possible for these rules")).to_be_visible()
    reads(chris, GOAL, OFFER, "Nobody is left over")
    follow(chris, "Publish 1 proposal")
    is_at(chris, "Publish 1 proposal?")
    press(chris, "Publish and send")
    reads(chris, "Amira Mansour and Ben Kowalski")


def both_say_yes(amira: Page, ben: Page) -> None:
    for page, address, expected in ((amira, AMIRA, "Your answer is yes"), (ben, BEN, "You can begin.")):
        page.goto(letter_to(address, "We would like to introduce you to").link)
        press(page, "Yes, I would")
        reads(page, expected)


def the_mentee_offers_times(amira: Page) -> None:
    amira.goto("/")
    reads(amira, "Find a first time with Ben")
    follow(amira, "Offer times")
    amira.get_by_label("First time").fill("2026-11-25T17:00")
    amira.get_by_label("Second time").fill("2026-11-26T12:00")
    amira.get_by_label("Where").fill("By phone")
    press(amira, "Offer these times")
    reads(amira, "Offered. You will hear as soon as one is picked.")


def the_mentor_picks_one(ben: Page) -> None:
    ben.goto(letter_to(BEN, "Amira Mansour offers times to meet").link)
    press(ben, "Thursday, 12:00")
    reads(ben, "Booked. Both of you see it here, and whoever gets letters has it as a calendar file.", "By phone")


def the_mentee_shares_a_question(amira: Page) -> None:
    amira.goto("/")
    follow(amira, "Write a question")
    amira.get_by_label("My question or challenge").fill("How do I explain a break of two years?")
    press(amira, "Put it on my list")
    press(amira, "Share it now")
    reads(amira, "How do I explain a break of two years?")


def the_mentor_reads_it(ben: Page) -> None:
    ben.goto(letter_to(BEN, "Amira Mansour has shared questions with you").link)
    reads(ben, "How do I explain a break of two years?")


def both_have_it_in_their_calendars() -> None:
    events = [
        letter.calendar.walk("VEVENT")[0]
        for address in (AMIRA, BEN)
        for letter in letters_to(address)
        if letter.calendar
    ]
    assert [event["DTSTART"].dt for event in events] == [NOW + timedelta(days=3, hours=2)] * 2
    assert events[0]["UID"] == events[1]["UID"]


def both_say_that_they_met(amira: Page, ben: Page) -> str:
    """Each on their own next step; the answer is the address of their loop."""
    for page, other in ((amira, "Ben"), (ben, "Amira")):
        page.goto("/")
        reads(page, f"Did you and {other}")
        follow(page, "Open the loop")
        is_at(page, f"{other} and you")
        loop = page.url
        press(page, "Yes, we met")
        reads(page, "we met")
    amira.goto(loop)
    expect(amira.get_by_role("region", name="What your coordinator sees")).to_contain_text(
        re.compile(r"Meetings held\s*1\b")
    )
    return loop


def the_coordinator_sees_the_card_and_no_more(chris: Page, loop: str) -> None:
    go_through(chris, "Loops")
    card = chris.get_by_role("listitem").filter(
        has=chris.get_by_role("heading", name="Amira Mansour with Ben Kowalski")
    )
    expect(card).to_contain_text(re.compile(r"Meetings held\s*1\b"))
    expect(chris.get_by_role("main")).not_to_contain_text("a break of two years")
    answer = chris.goto(loop)
    assert answer and answer.status == 404
