"""An address that only takes what a form sends still answers with words, and leads to a page that can be shown."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from tests.house.access import ROUTES, Route
from tests.house.relations import World, gather
from tests.house.things import put_in
from twoway.people.models import Person

SignedIn = Callable[[Person | None], Client]
SENT_TO = [route for route in ROUTES if route.post and not route.get]
GUARDED = [route for route in ROUTES if route.post and "signed_out" not in route.post]
WAY_BACK = 'There is nothing to read here(?s:.*)class="button primary" href="([^"]+)"'


@pytest.fixture
def world(db: None, now: None) -> World:
    with scopes_disabled():
        found = gather()
        put_in(found)
    return found


def sender(world: World, route: Route) -> Person | None:
    """Somebody whom the route lets in."""
    return world.people[sorted(route.post)[0]]


@pytest.mark.row("U-02")
def test_opened_in_a_browser_it_says_so_and_leads_back(world: World, signed_in: SignedIn) -> None:
    wrong = []
    for route in SENT_TO:
        browser = signed_in(sender(world, route))
        refused = browser.get(reverse(route.name, kwargs=route.at(world)))
        back = re.search(WAY_BACK, refused.content.decode())
        if (refused.status_code, refused.headers.get("Allow")) != (405, "POST") or back is None:
            wrong.append(f"{route.name}: no words")
        elif browser.get(back[1], follow=True).status_code != 200:
            wrong.append(f"{route.name}: {back[1]} is no page")

    assert len(SENT_TO) > 20
    assert wrong == []


@pytest.mark.row("X-01")
def test_sent_signed_out_by_a_browser_that_says_no_page_it_returns_to_one(world: World, signed_in: SignedIn) -> None:
    wrong = []
    for route in GUARDED:
        asked = Client().post(reverse(route.name, kwargs=route.at(world)))
        [onward] = parse_qs(urlsplit(asked["Location"]).query)["next"]
        if signed_in(sender(world, route)).get(onward, follow=True).status_code != 200:
            wrong.append(f"{route.name}: {onward} is no page")

    assert len(GUARDED) > 50
    assert wrong == []
