"""A mentee's way on a phone 390 px wide: no page may have to be pushed sideways."""

import pytest
from playwright.sync_api import Page

from tests.cast import Cast
from tests.journeys.conftest import AtBrowser
from tests.journeys.steps import follow, is_at, press, reads

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.row("U-04")
def test_a_mentee_gets_from_a_proposal_to_a_meeting_on_a_phone(proposed: Cast, at_browser: AtBrowser) -> None:
    phone = at_browser(proposed.amira, viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    amira = phone.new_page()

    the_proposal_is_answered(amira)
    a_message_is_written(amira)
    times_are_offered(amira)
    a_question_is_written(amira)
    the_rest_is_looked_at(amira)


@pytest.mark.row("U-04", "F-02")
def test_a_newcomer_signs_up_on_a_phone(asked: Cast, at_browser: AtBrowser) -> None:
    noor = at_browser(None, viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True).new_page()

    noor.goto("/northwind/grow-together/join/")
    fits(noor)
    noor.get_by_label("Your name").fill("Noor Haddad")
    noor.get_by_label("Your email address").first.fill("noor@northwind.example")
    noor.get_by_role("radio", name="As a mentee").check()
    noor.get_by_role("radio", name="Yes, I am 18 or older").check()
    press(noor, "Begin")
    noor.get_by_label("What would you like to grow in?").fill("W" + "o" * 60 + "rds without a break")
    fits(noor)
    for button, heading in (("Save and go on", "What this programme is not"), ("I have read this", "The last step")):
        press(noor, button)
        is_at(noor, heading)
        fits(noor)
    noor.get_by_role("checkbox", name="I have read the terms").check()
    press(noor, "Accept and send")
    is_at(noor, "One thing is left")
    fits(noor)


def fits(page: Page) -> None:
    """Nothing is wider than the phone."""
    page.wait_for_load_state()  # until then it is not laid out
    assert page.evaluate("document.documentElement.scrollWidth") == 390, page.url


def the_proposal_is_answered(amira: Page) -> None:
    amira.goto("/")
    fits(amira)
    follow(amira, "Read and answer")
    is_at(amira, "Ben Kowalski")
    fits(amira)
    press(amira, "Yes, I would")
    is_at(amira, "Ben and you")
    fits(amira)


def a_message_is_written(amira: Page) -> None:
    amira.get_by_label("Your message").fill("https://northwind.example/" + "a-very-long-address/" * 8)
    press(amira, "Send")
    reads(amira, "a-very-long-address")
    fits(amira)


def times_are_offered(amira: Page) -> None:
    follow(amira, "Offer times")
    is_at(amira, "Offer times")
    fits(amira)
    amira.get_by_label("First time").fill("2026-11-26T14:00")
    press(amira, "We have fixed it ourselves")
    reads(amira, "Booked")
    fits(amira)


def a_question_is_written(amira: Page) -> None:
    amira.goto("/")
    fits(amira)
    follow(amira, "Write a question")
    fits(amira)
    amira.get_by_label("My question or challenge").fill("How do I say no?")
    press(amira, "Put it on my list")
    reads(amira, "Only you see your drafts")
    fits(amira)


def the_rest_is_looked_at(amira: Page) -> None:
    for door in ("My loops", "You", "Home"):
        amira.get_by_role("navigation").get_by_role("link", name=door, exact=True).click()
        amira.wait_for_load_state()
        fits(amira)
    for path in ("/northwind/grow-together/", "/northwind/grow-together/me/", "/me/news/", "/me/record/", "/support/"):
        amira.goto(path)
        fits(amira)
