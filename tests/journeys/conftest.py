"""A real server, real browsers, and people at them."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from tests.factories import NOW
from twoway.people.models import Person

AtBrowser = Callable[..., BrowserContext]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """It is Monday 23 November 2026, ten in the morning (UTC), until somebody moves the clock."""
    with time_machine.travel(NOW, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def at_browser(
    browser: Browser, live_server: LiveServer, signed_in: Callable[[Person | None], Client]
) -> Iterator[AtBrowser]:
    """`at_browser(person)`: a browser of their own, signed in, with the server's address before every path."""
    opened: list[BrowserContext] = []

    def sit_down(person: Person | None, **options: object) -> BrowserContext:
        context = browser.new_context(base_url=live_server.url, **options)  # type: ignore[arg-type]
        if person is not None:
            key = signed_in(person).session.session_key
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
            context.add_cookies([cookie])  # type: ignore[list-item]
        opened.append(context)
        return context

    yield sit_down
    for context in opened:
        context.close()
