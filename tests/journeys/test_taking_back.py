"""Somebody says no, thinks again, and an hour later has made up their mind; with scripts and without."""

from datetime import timedelta

import pytest
from django_scopes import scopes_disabled
from playwright.sync_api import expect
from time_machine import Traveller

from tests.cast import Cast
from tests.factories import NOW
from tests.journeys.conftest import AtBrowser
from tests.journeys.letters import letters_to
from tests.journeys.steps import follow, press, reads
from twoway.matching.models import Proposal

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NARROW = {"width": 390, "height": 844}


@pytest.mark.row("M-09", "U-02")
@pytest.mark.parametrize("scripts", [True, False])
def test_a_no_is_taken_back_and_said_again(
    proposed: Cast, at_browser: AtBrowser, clock: Traveller, scripts: bool
) -> None:
    amira = at_browser(proposed.amira, java_script_enabled=scripts, viewport=NARROW).new_page()
    with scopes_disabled():
        url = f"/me/proposals/{Proposal.objects.get().public_id}/"

    def subjects() -> list[str]:
        return [letter.subject for letter in letters_to("ben@northwind.example")]

    def say_no() -> None:
        amira.goto(url)
        follow(amira, "Not this time")
        press(amira, "No, thank you")

    say_no()
    reads(amira, "You said no at 10:00, and that is fine.", "You can take this back until 11:00.")
    before = subjects()
    clock.move_to(NOW + timedelta(minutes=40))
    amira.goto("/")
    follow(amira, "Ben")
    press(amira, "Take it back")
    reads(amira, "Your no is taken back. Nobody has heard of it.", "Would you like to meet?")
    say_no()
    clock.shift(timedelta(minutes=59))
    assert subjects() == before
    clock.shift(timedelta(minutes=1))
    amira.goto(url)

    reads(amira, "You said no, and that is fine.")
    expect(amira.get_by_role("button", name="Take it back")).to_have_count(0)
    assert subjects() == [*before, "Not going ahead this time"]
