"""By keyboard alone: every step with Tab, Enter, Space, arrow keys and typing, always seeing where one is."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.journeys.conftest import AtBrowser
from tests.journeys.letters import code_in, letter_to
from tests.journeys.steps import is_at, reads

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WHERE = """() => {
  const here = document.activeElement;
  if (here === document.body) return "";
  const label = here.labels?.[0]?.innerText || here.getAttribute("aria-label") || here.innerText || "";
  return label.replace(/\\s+/g, " ").trim();
}"""
SHOWS_FOCUS = (Path(__file__).parents[1] / "web" / "audits" / "shows_focus.js").read_text()


@pytest.mark.row("U-01")
def test_somebody_signs_in_says_yes_writes_and_books_by_keyboard(proposed: Cast, at_browser: AtBrowser) -> None:
    amira = at_browser(None, locale="en-US").new_page()  # month before day where a date is typed

    a_letter_and_its_code_sign_in(amira)
    the_proposal_is_answered(amira)
    a_message_is_written(amira)
    a_meeting_is_booked(amira)


def tab_to(page: Page, words: str) -> None:
    """Tab until something of this name has the focus, and its focus can be seen.

    A page that is still coming in may take the focus away again, when its address leads to a place in it.
    """
    page.wait_for_load_state()
    for _stop in range(60):
        page.keyboard.press("Tab")
        if str(page.evaluate(WHERE)).startswith(words):
            assert page.evaluate(SHOWS_FOCUS) == ""
            return
    raise AssertionError(f"Tab never reaches {words!r} on {page.url}")


def a_letter_and_its_code_sign_in(amira: Page) -> None:
    amira.goto("/sign-in/")
    amira.keyboard.type("amira@northwind.example")
    amira.keyboard.press("Enter")
    is_at(amira, "Look in your mail")
    amira.keyboard.type(code_in(letter_to("amira@northwind.example", "Sign in")))
    amira.keyboard.press("Enter")
    reads(amira, "Would you like to meet Ben?")


def the_proposal_is_answered(amira: Page) -> None:
    tab_to(amira, "Go to the main part")
    amira.keyboard.press("Enter")
    tab_to(amira, "Read and answer")
    amira.keyboard.press("Enter")
    is_at(amira, "Ben Kowalski")
    tab_to(amira, "Yes, I would")
    amira.keyboard.press("Space")
    is_at(amira, "Ben and you")


def a_message_is_written(amira: Page) -> None:
    tab_to(amira, "Your message")
    amira.keyboard.type("Hello Ben.")
    tab_to(amira, "Say “no hurry” with it")
    amira.keyboard.press("Space")
    tab_to(amira, "Send")
    amira.keyboard.press("Enter")
    expect(amira.get_by_role("log")).to_contain_text("no hurry")


def a_meeting_is_booked(amira: Page) -> None:
    tab_to(amira, "Go to the main part")
    tab_to(amira, "Offer times")
    amira.keyboard.press("Enter")
    is_at(amira, "Offer times")
    tab_to(amira, "First time")
    amira.keyboard.type("11262026")
    amira.keyboard.press("Tab")  # from the year to the hour
    amira.keyboard.type("0200PM")
    expect(amira.get_by_label("First time")).to_have_value("2026-11-26T14:00")
    tab_to(amira, "How long")
    amira.keyboard.press("ArrowDown")
    tab_to(amira, "Where")
    amira.keyboard.type("By phone")
    tab_to(amira, "We have fixed it ourselves")
    amira.keyboard.press("Enter")
    reads(amira, "60 minutes", "By phone")
