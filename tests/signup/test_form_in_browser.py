"""Questions as a browser lays them out."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scopes_disabled
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests import cast as the_cast
from tests import factories
from twoway.people.actions.link import make_link
from twoway.people.models import Token

CUT = "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth).length"
LINES = "cell => { const all = new Range(); all.selectNodeContents(cell); return all.getClientRects().length; }"


@pytest.mark.browser
@pytest.mark.row("F-01", "U-01")
@pytest.mark.django_db(transaction=True)
def test_on_the_smallest_phone_days_stay_whole_and_long_texts_have_room(
    live_server: LiveServer, page: Page, settings: Any
) -> None:
    settings.ADDRESS = live_server.url
    with scopes_disabled():
        cast = the_cast.gather()
        form = factories.form(cast.grow)
        factories.question(form, "When are you free?", "hours")
        factories.question(form, "What would you like to talk about?", "long")
        _, link = make_link(kind=Token.Kind.DEMO, lasts=timedelta(hours=1), person=cast.chris, now=timezone.now())
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(link)
    page.get_by_role("button", name="Sign in as").click()

    page.goto(f"{live_server.url}/northwind/grow-together/form/preview/")
    days = page.locator(".hours-day > span")
    cut = page.locator(".hours-head > span, .hours-day > span").evaluate_all(CUT)
    lines = [days.nth(number).evaluate(LINES) for number in range(days.count())]
    page.goto(f"{live_server.url}/northwind/grow-together/settings/")
    heights = page.locator("textarea").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")

    assert (cut, lines) == (0, [1] * 7)
    assert len(heights) == 4
    assert min(heights) >= 100
