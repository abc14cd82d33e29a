"""The way from a sign-up page to a meeting, in browsers that run no script at all."""

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.journeys.conftest import AtBrowser
from tests.journeys.letters import let_the_clock_run, letter_to, letters_to
from tests.journeys.steps import follow, go_through, is_at, press, reads

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOOR, BEN = "noor@northwind.example", "ben@northwind.example"


@pytest.mark.row("U-02", "F-02", "F-13", "M-01", "L-01", "L-02", "L-05")
def test_somebody_joins_meets_and_writes_without_javascript(asked: Cast, at_browser: AtBrowser) -> None:
    noor, chris, ben = (
        at_browser(person, java_script_enabled=False).new_page() for person in (None, asked.chris, asked.ben)
    )

    somebody_signs_up(noor)
    the_coordinator_approves(chris)
    the_coordinator_runs_a_round_and_publishes(chris)
    both_say_yes(noor, ben)
    they_write_to_each_other(noor, ben)
    they_fix_a_meeting(noor, ben)


def somebody_signs_up(noor: Page) -> None:
    noor.goto("/northwind/grow-together/join/")
    noor.get_by_label("Your name").fill("Noor Haddad")
    noor.get_by_label("Your email address").first.fill(NOOR)
    noor.get_by_role("radio", name="As a mentee").check()
    noor.get_by_role("radio", name="Yes, I am 18 or older").check()
    press(noor, "Begin")
    noor.get_by_label("What would you like to grow in?").fill("I would like to speak up in meetings.")
    press(noor, "Save and go on")
    is_at(noor, "What this programme is not")
    press(noor, "I have read this, go on")
    noor.get_by_role("checkbox", name="I have read the terms").check()
    press(noor, "Accept and send")
    is_at(noor, "One thing is left")
    [letter] = letters_to(NOOR)
    noor.goto(letter.link)
    press(noor, "Yes, this is my address")
    is_at(noor, "That is all from you")


def the_coordinator_approves(chris: Page) -> None:
    chris.goto("/northwind/grow-together/desk/")
    go_through(chris, "Sign-up")
    follow(chris, "Noor Haddad")
    press(chris, "Approve")
    reads(chris, "1 person is now a member and has been told.")


def the_coordinator_runs_a_round_and_publishes(chris: Page) -> None:
    go_through(chris, "Matching")
    follow(chris, "Start a round")
    press(chris, "Run the round")
    expect(chris.get_by_role("progressbar")).to_be_visible()
    let_the_clock_run()
    chris.reload()
    expect(chris.get_by_role("heading", name="Best possible for these rules")).to_be_visible()
    reads(chris, "Noor Haddad")
    follow(chris, "Publish 2 proposals")
    press(chris, "Publish and send")
    reads(chris, "Noor Haddad and Ben Kowalski")


def both_say_yes(noor: Page, ben: Page) -> None:
    noor.goto(letter_to(NOOR, "introduce you to Ben Kowalski").link)
    is_at(noor, "Ben Kowalski")
    press(noor, "Yes, I would")
    reads(noor, "Your answer is yes")
    ben.goto(letter_to(BEN, "introduce you to Noor Haddad").link)
    press(ben, "Yes, I would")
    is_at(ben, "Noor and you")


def they_write_to_each_other(noor: Page, ben: Page) -> None:
    noor.goto("/")
    follow(noor, "Write first")
    noor.get_by_label("Your message").fill("Hello Ben, I look forward to this.")
    press(noor, "Send")
    expect(noor.get_by_role("log")).to_contain_text("I look forward to this.")
    ben.reload()
    expect(ben.get_by_role("log")).to_contain_text("I look forward to this.")


def they_fix_a_meeting(noor: Page, ben: Page) -> None:
    follow(noor, "Offer times")
    noor.get_by_label("First time").fill("2026-11-26T14:00")
    noor.get_by_label("Where").fill("A bench in the park")
    press(noor, "Offer these times")
    reads(noor, "Offered. You will hear as soon as one is picked.")
    ben.goto(letter_to(BEN, "Noor Haddad offers times to meet").link)
    press(ben, "14:00")
    reads(ben, "Booked", "A bench in the park")
    assert letter_to(NOOR, "Your meeting with Ben Kowalski is booked").calendar is not None
