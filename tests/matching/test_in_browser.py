"""Rounds and proposals in a real browser: keys, focus, and buttons in a row."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from tests.factories import NOW
from tests.loops.test_in_browser import open_as
from tests.matching.field import FieldOfPeople
from tests.matching.proposals import published, two
from twoway.matching.actions.proposal import record_yes
from twoway.people.models import Person

SignedIn = Callable[[Person | None], Client]
pytestmark = pytest.mark.browser
RING = """() => {
  const link = document.activeElement, row = link.closest(".proposal"), ring = getComputedStyle(link, "::after");
  const name = document.createElement("i");
  name.style.color = "var(--brand)";
  document.body.append(name);
  const brand = getComputedStyle(name).color;
  name.remove();
  return [ring.outlineStyle, ring.outlineWidth, ring.outlineColor === brand, row.classList.contains("chosen")];
}"""
NO_RING = """() => [...document.querySelectorAll(".proposal-names a")].filter((link) =>
  link !== document.activeElement && getComputedStyle(link, "::after").outlineStyle !== "none").length"""


@pytest.mark.row("U-01", "M-08")
def test_looking_at_a_pair_by_key_takes_the_focus_to_it(
    live_server: Any, ground: FieldOfPeople, signed_in: SignedIn, browser: Browser
) -> None:
    for name in ("Amira", "Dora"):
        ground.mentee(name), ground.mentor(f"Mentor of {name}")
    round = ground.run()
    url = f"/northwind/grow-together/rounds/{round.public_id}/"
    page = open_as(browser, signed_in(ground.chris), live_server.url, url, viewport={"width": 1280, "height": 800})
    first, second = page.locator(".proposal-names a").all()

    first.focus()
    page.keyboard.press("j")
    beside = (page.evaluate(RING), page.evaluate(NO_RING))
    page.keyboard.press("s")
    expect(second).to_have_attribute("aria-current", "true")
    expect(page.locator("#pair")).to_be_focused()
    page.keyboard.press("Tab")
    inside = page.evaluate("document.activeElement.closest('section').getAttribute('aria-labelledby')")
    second.focus()
    page.keyboard.press("k")
    page.keyboard.press("j")
    chosen = page.evaluate(RING)
    page.keyboard.press("p")
    expect(page.get_by_text("pinned by you")).to_be_visible()
    expect(second).to_be_focused()

    assert beside == (["solid", "3px", True, False], 0)
    assert chosen == page.evaluate(RING) == ["solid", "3px", True, True]
    assert inside == "pair"
    page.context.close()


@pytest.mark.row("M-09", "U-04")
@pytest.mark.parametrize("width,rows", [(1200, 1), (390, 2)])
def test_the_answers_to_a_noted_yes_stand_together(
    live_server: Any, ground: FieldOfPeople, signed_in: SignedIn, browser: Browser, width: int, rows: int
) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW)
    url, size = f"/me/proposals/{proposal.public_id}/", {"width": width, "height": 800}
    page = open_as(browser, signed_in(ben.person), live_server.url, url, viewport=size)

    boxes = [one.bounding_box() for one in page.locator(".next-step .button").all()]
    tops = sorted({round(box["y"]) for box in boxes if box})
    gaps = {
        round(right["x"] - left["x"] - left["width"])
        for left, right in pairwise(boxes) if left and right and left["y"] == right["y"]
    }  # fmt: skip
    under = {round(low - high - boxes[0]["height"]) for high, low in pairwise(tops) if boxes[0]}
    page.get_by_role("button", name="Take the yes back").click()

    assert (len(boxes), len(tops), gaps | under) == (3, rows, {12})
    expect(page.get_by_text("It is taken back. You can answer yourself.")).to_be_visible()
    page.context.close()
