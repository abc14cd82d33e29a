"""A goal from its first line to the day it is reached: hers alone, then shared, looked at and talked about."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from time_machine import Traveller

from tests.cast import Cast
from tests.factories import NOW
from tests.journeys.conftest import AtBrowser
from tests.journeys.letters import letter_to
from tests.journeys.steps import follow, is_at, press, reads
from twoway.loops.models import Loop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
GOAL = "Lead the review without a script"


@pytest.mark.row("G-01", "G-02", "G-03", "G-04", "U-02", "U-04")
@pytest.mark.parametrize(("scripts", "size"), [(True, WIDE), (True, NARROW), (False, NARROW)])
def test_a_goal_from_first_line_to_reached(
    cast: Cast, loop: Loop, at_browser: AtBrowser, clock: Traveller, scripts: bool, size: dict[str, int]
) -> None:
    amira, ben = (
        at_browser(who, java_script_enabled=scripts, viewport=size).new_page() for who in (cast.amira, cast.ben)
    )
    here = f"/loops/{loop.public_id}/"

    she_writes_it(amira, here)
    ben.goto(here)
    expect(ben.get_by_role("heading", name="Goals")).to_have_count(0)
    she_shares_it_with_one_of_two_steps(amira)
    she_says_what_five_levels_would_be(amira)
    she_notes_where_it_is(amira, "−1 · I read from paper")
    clock.move_to(NOW + timedelta(days=20))
    he_reads_and_comments(ben, here)
    amira.goto("/")  # else the link leads to another place of the page she has open
    amira.goto(letter_to("amira@northwind.example", "Ben Kowalski has written about your goal").link)
    reads(amira, "Ben wrote", "What did you do with the gap?")
    amira.get_by_text("Note where it is now").click()
    she_notes_where_it_is(amira, "+1 · Others say more than I do")
    it_is_drawn(amira)
    press(amira, "It is reached")
    reads(amira, "Noted as reached.", "Take it up again")
    ben.reload()
    reads(ben, "Reached")
    it_is_drawn(ben)
    for page in (amira, ben):
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


def she_writes_it(amira: Page, here: str) -> None:
    amira.goto(here)
    follow(amira, "Write a goal")
    amira.get_by_label("What I want to reach").fill(GOAL)
    amira.get_by_role("radio", name="Confidence").check()
    amira.get_by_label("How I will know").fill("Somebody argues, and I am glad of it.")
    amira.get_by_label("By when").fill("2027-06-30")
    amira.get_by_label("Small steps").fill("Four lines on a card\nAsk my manager for the chair")
    press(amira, "Keep this goal")
    is_at(amira, GOAL)
    reads(amira, "Only you can see this", "What good would look like by 30 June 2027")


def she_shares_it_with_one_of_two_steps(amira: Page) -> None:
    follow(amira, "Share it with Ben Kowalski")
    amira.get_by_role("checkbox", name="Ben Kowalski may see this goal").check()
    amira.get_by_role("checkbox", name="Four lines on a card").check()
    press(amira, "Keep it so")
    reads(amira, "Ben Kowalski can see this goal now.", "Shared with Ben Kowalski since 23 November.")
    press(amira, "Done Four lines on a card")
    reads(amira, "done 23 November")


def she_says_what_five_levels_would_be(amira: Page) -> None:
    follow(amira, "Put five levels into words")
    amira.get_by_label("−1 · where I began").fill("I read from paper")
    amira.get_by_label("+1 · more").fill("Others say more than I do")
    press(amira, "Save")


def she_notes_where_it_is(amira: Page, level: str) -> None:
    amira.get_by_role("radio", name=level).check()
    press(amira, "Note it")
    expect(amira.locator(".goal-rungs .now")).to_contain_text(level.partition(" · ")[2])


def he_reads_and_comments(ben: Page, here: str) -> None:
    ben.goto(here)
    follow(ben, GOAL)
    reads(ben, "Four lines on a card", "I read from paper")
    expect(ben.get_by_role("main")).not_to_contain_text("Ask my manager for the chair")
    expect(ben.get_by_role("button", name="It is reached")).to_have_count(0)
    ben.get_by_label("My comment").fill("What did you do with the gap?")
    press(ben, "Add my comment")
    reads(ben, "You wrote", "What did you do with the gap?")


def it_is_drawn(page: Page) -> None:
    drawing = page.get_by_role("img", name="Noted 2 times: −1 on 23 November 2026, and at last +1 on 13 December 2026.")
    expect(drawing).to_be_visible()
    page.get_by_text("The same in words").click()
    expect(page.get_by_role("row", name="13 December")).to_be_visible()
