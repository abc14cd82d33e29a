"""Two people say apart what they expect, then agree on one version: wide, on a phone, and without scripts."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.cast import Cast
from tests.journeys.conftest import AtBrowser
from tests.journeys.letters import letter_to
from tests.journeys.steps import follow, is_at, press, reads
from twoway.loops.models import Loop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AMIRA, BEN = "amira@northwind.example", "ben@northwind.example"
WIDE = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}


@pytest.mark.row("L-08", "U-02", "U-04")
@pytest.mark.definition("A3c", "C1a", "G1")
@pytest.mark.parametrize(
    "window", [WIDE, PHONE, {**WIDE, "java_script_enabled": False}], ids=["wide", "phone", "no scripts"]
)
def test_expectations_apart_then_together(
    cast: Cast, loop: Loop, at_browser: AtBrowser, window: dict[str, Any]
) -> None:
    amira, ben = (at_browser(person, **window).new_page() for person in (cast.amira, cast.ben))
    width = window["viewport"]["width"]

    she_begins_and_goes_on_another_day(amira, loop, width)
    he_knows_no_word_of_it_and_sends_his(ben, loop, width)
    she_sends_hers_and_sees_both(amira, width)
    he_makes_one_version_and_confirms_it(ben, width)
    she_changes_a_word_and_he_is_asked_again(amira, ben)
    both_read_what_they_agreed(amira, ben, loop, width)


def fits(page: Page, width: int) -> None:
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def she_begins_and_goes_on_another_day(amira: Page, loop: Loop, width: int) -> None:
    amira.goto(f"/loops/{loop.public_id}/")
    fits(amira, width)
    follow(amira, "Answer on my own")
    fits(amira, width)
    follow(amira, "Answer on my own")
    is_at(amira, "What I expect")
    fits(amira, width)
    amira.get_by_label("What I hope for from the two of us").fill("An honest word")
    press(amira, "Keep it for later")
    reads(amira, "Kept. Only you can see it", "An honest word")


def he_knows_no_word_of_it_and_sends_his(ben: Page, loop: Loop, width: int) -> None:
    ben.goto(f"/loops/{loop.public_id}/agreement/")
    fits(ben, width)
    assert "An honest word" not in ben.content()
    follow(ben, "Answer on my own")
    ben.get_by_label("How often we meet").select_option(label="Every three weeks")
    ben.get_by_label("How long a meeting is").select_option(label="60 minutes")
    ben.get_by_label("Hours a month").fill("3")
    ben.get_by_label("What I hope for from the two of us").fill("To be told when it does not help")
    ben.get_by_label("Off the table").fill("Salaries")
    press(ben, "Send it")
    reads(ben, "You both see both answers as soon as Amira", "Salaries")


def she_sends_hers_and_sees_both(amira: Page, width: int) -> None:
    amira.reload()
    reads(amira, "The answers of Ben are sent.")
    assert "Salaries" not in amira.content()
    follow(amira, "Go on with my answers")
    amira.get_by_label("How often we meet").select_option(label="Every three weeks")
    amira.get_by_label("How long a meeting is").select_option(label="45 minutes")
    amira.get_by_label("Off the table").fill("My manager")
    amira.get_by_label("When we look at this again").fill("2027-03-01")
    press(amira, "Send it")
    reads(amira, "Both your answers are here now.", "An honest word", "To be told when it does not help", "45 minutes")
    reads(amira, "Salaries")
    fits(amira, width)


def he_makes_one_version_and_confirms_it(ben: Page, width: int) -> None:
    ben.goto(letter_to(BEN, "look at both your answers now").link)
    reads(ben, "You both say:", "Every three weeks")
    follow(ben, "Make our version")
    fits(ben, width)
    press(ben, "Take what Amira says How long a meeting is")
    ben.get_by_label("Hours a month").fill("3")
    press(ben, "Take both What we hope for")
    assert ben.get_by_label("What we hope for from the two of us").input_value().split("\n") == [
        "To be told when it does not help", "An honest word",
    ]  # fmt: skip
    assert ben.get_by_label("Hours a month").input_value() == "3"
    press(ben, "Take what Amira says When we look at this again")
    press(ben, "Save and confirm it")
    reads(ben, "confirmed by one", "45 minutes", "1 March 2027")


def she_changes_a_word_and_he_is_asked_again(amira: Page, ben: Page) -> None:
    amira.goto(letter_to(AMIRA, "asks you to confirm").link)
    reads(amira, "Ben has confirmed this.")
    follow(amira, "Change it")
    amira.get_by_label("Off the table").fill("My manager, Salaries, and Mondays")
    amira.get_by_label("Hours a month").press("Enter")
    reads(amira, "Saved. It is agreed once you have both confirmed it.", "Mondays")
    press(amira, "Confirm this")
    reads(amira, "confirmed by one")
    ben.goto(letter_to(BEN, "asks you to confirm").link)
    reads(ben, "Amira has confirmed this.", "Mondays")
    press(ben, "Confirm this")
    is_at(ben, "What you two agreed")


def both_read_what_they_agreed(amira: Page, ben: Page, loop: Loop, width: int) -> None:
    for page in (amira, ben):
        page.goto(f"/loops/{loop.public_id}/")
        reads(page, "What you two agreed", "Mondays", "Every three weeks", "3 hours a month", "Agreed 23 Nov")
        fits(page, width)
