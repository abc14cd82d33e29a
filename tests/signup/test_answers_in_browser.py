"""One's own answers on one long page, gone through with the keyboard."""

import pytest
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from tests.journeys.conftest import AtBrowser
from tests.journeys.conftest import at_browser as at_browser
from twoway.people.models import Person
from twoway.signup.fields import new_options

ANSWERS = "/northwind/grow-together/join/answers/"
HIDDEN = """() => {
  const bar = document.querySelector(".save-bar"), one = document.activeElement;
  if (bar.contains(one) || !bar.closest("form").contains(one)) return "";
  const box = one.getBoundingClientRect(), over = bar.getBoundingClientRect();
  return box.bottom > over.top + 1 && box.top < over.bottom - 1 ? one.outerHTML.slice(0, 90) : "";
}"""
ROOM = """() => {
  const box = (one) => one.getBoundingClientRect();
  const bar = document.querySelector(".save-bar"), button = box(bar.querySelector("button"));
  return [button.top - box(bar).top, box(bar.closest(".card")).bottom - button.bottom].map(Math.round);
}"""


@pytest.fixture
def noor(transactional_db: None, cast: Cast) -> Person:
    """Noor waits for a yes, with a long form."""
    with scopes_disabled():
        form = factories.form(cast.grow)
        for section in ("Your work", "Growing", "Your time"):
            for number in range(3):
                factories.question(form, f"{section}, {number}?", section=section, audience="members", required=True)
            factories.question(
                form, f"{section}, chosen?", "single", section=section, required=True, audience="members",
                options=new_options(["Finance", "Writing", "Leading people"]),
            )  # fmt: skip
        waiting = factories.application(cast.autumn, state="waiting", adult=True, verified_at=NOW, terms_at=NOW)
        waiting.person = person = factories.person("Noor Haddad", waiting.address)
        waiting.save()
    return person


@pytest.mark.browser
@pytest.mark.row("F-01", "U-02")
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_that_has_the_keyboard_lies_under_the_save_bar(noor: Person, at_browser: AtBrowser, width: int) -> None:
    page = at_browser(noor, viewport={"width": width, "height": 700}).new_page()
    page.goto(ANSWERS)
    stops = page.locator("#answers :is(summary, textarea, input[type=radio], select, button)").count()

    hidden = []
    for key in ("Tab", "Shift+Tab"):
        for _stop in range(stops + 20):
            page.keyboard.press(key)
            hidden.append(page.evaluate(HIDDEN))

    assert stops > 20
    assert [found for found in hidden if found] == []


@pytest.mark.browser
@pytest.mark.row("F-01", "U-04")
@pytest.mark.parametrize("width", [1280, 390])
def test_the_save_bar_ends_the_card_with_no_empty_space_under_it(
    noor: Person, at_browser: AtBrowser, width: int
) -> None:
    page = at_browser(noor, viewport={"width": width, "height": 700}).new_page()
    page.goto(ANSWERS)

    page.evaluate("scrollTo(0, document.body.scrollHeight)")

    assert page.evaluate(ROOM) == [13, 13]
