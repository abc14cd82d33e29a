"""A loop in a real browser: words that arrive while one looks, and what a phone shows first."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from tests.cast import Cast
from tests.factories import NOW
from tests.loops.conftest import booked
from twoway.loops.actions.agenda import add_agenda_item
from twoway.loops.actions.message import send_message, withdraw_message
from twoway.loops.models import Loop
from twoway.people.models import Person

SignedIn = Callable[[Person | None], Client]
pytestmark = pytest.mark.browser


def open_as(browser: Browser, client: Client, address: str, path: str, **options: Any) -> Page:
    """A window of somebody who is signed in."""
    context = browser.new_context(**options)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}])
    page = context.new_page()
    page.goto(address + path)
    return page


@pytest.mark.row("L-02")
def test_words_arrive_and_go_while_one_looks(
    live_server: Any, cast: Cast, loop: Loop, signed_in: SignedIn, browser: Browser
) -> None:
    page = open_as(browser, signed_in(cast.amira), live_server.url, f"/loops/{loop.public_id}/")
    expect(page.get_by_text("A short hello to Ben")).to_be_visible()
    page.get_by_label("Your message").fill("Half a thought")

    said = send_message(loop=loop, body="Are you there?", by=cast.ben, now=NOW)
    expect(page.locator("#talk .bubble")).to_have_count(1)
    expect(page.get_by_text("A short hello to Ben")).to_be_hidden()
    withdraw_message(message=said, by=cast.ben, now=NOW.replace(minute=1))

    expect(page.locator("#talk .bubble em")).to_have_text("withdrawn")
    expect(page.get_by_label("Your message")).to_have_value("Half a thought")
    page.context.close()


@pytest.mark.row("L-02", "U-05")
def test_going_back_after_sending_brings_back_no_words_that_arrived(
    live_server: Any, cast: Cast, loop: Loop, signed_in: SignedIn, browser: Browser
) -> None:
    page = open_as(browser, signed_in(cast.amira), live_server.url, f"/loops/{loop.public_id}/")
    page.get_by_label("Your message").press_sequentially("Here and back again")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#talk .bubble")).to_have_count(1)
    page.wait_for_load_state()

    page.go_back()
    page.wait_for_load_state()

    expect(page.get_by_label("Your message")).to_have_value("")
    page.context.close()


@pytest.mark.row("U-04")
@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_shows_what_is_next_before_the_last_few_words(
    live_server: Any, cast: Cast, loop: Loop, signed_in: SignedIn, browser: Browser, width: int
) -> None:
    booked(loop, cast)
    add_agenda_item(loop=loop, text="How do I say no?", by=cast.amira, now=NOW)
    for number in range(9):
        send_message(loop=loop, body=f"Number {number}", by=cast.ben, now=NOW)

    page = open_as(
        browser, signed_in(cast.amira), live_server.url, f"/loops/{loop.public_id}/",
        viewport={"width": width, "height": 800},
    )  # fmt: skip

    tops = [page.locator(part).bounding_box() for part in (".next-step", ".loop-talk", ".loop-card")]
    assert sorted(tops, key=lambda box: box["y"] if box else 0) == tops
    seen = [bubble for bubble in page.locator("#talk .bubble").all() if bubble.is_visible()]
    assert len(seen) == 3
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.context.close()
