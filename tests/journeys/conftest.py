"""A real server, real browsers, and people at them."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django_scopes import scopes_disabled
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from twoway.loops.actions.loop import open_loop
from twoway.loops.models import Loop
from twoway.matching.actions.proposal import answer_proposal, put_forward
from twoway.matching.models import Proposal
from twoway.people.models import Person
from twoway.signup.models import Application

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
    cache.clear()  # throttles count in a table of their own, which a transactional test leaves as it is


@pytest.fixture
def asked(transactional_db: None, cast: Cast) -> Cast:
    """The cast, with a form of one question for each side, and Ben's answer to his."""
    with scopes_disabled():
        form = factories.form(cast.grow)
        offer = factories.question(
            form, "What have you lived through that could help?", section="You", asked_of="mentor", audience="members",
            what_i_help_with=True, required=True,
        )  # fmt: skip
        factories.question(
            form, "What would you like to grow in?", section="You", asked_of="mentee", audience="members",
            required=True, use="text", weight=5, meets=offer,
        )  # fmt: skip
        factories.answer(Application.objects.get(person=cast.ben), offer, "I learned late to speak up in meetings.")
    return cast


@pytest.fixture
def proposed(asked: Cast) -> Cast:
    """Amira and Ben have been proposed to each other, and Ben has said yes."""
    with scopes_disabled():
        amira, ben = (Application.objects.get(person=person) for person in (asked.amira, asked.ben))
        proposal = Proposal.objects.create(
            intake=asked.autumn, mentee=amira, mentor=ben, by=asked.chris, made_at=NOW, state="published",
            published_at=NOW,
        )  # fmt: skip
        put_forward(proposal=proposal, now=NOW)
        answer_proposal(proposal=proposal, side=ben, answer="yes", reason="", by=asked.ben, now=NOW)
    return asked


@pytest.fixture
def loop(transactional_db: None, cast: Cast) -> Loop:
    """Amira and Ben, since today."""
    with scopes_disabled():
        return open_loop(mentee=cast.amira_member, mentor=cast.ben_member, intake=cast.autumn, by=cast.chris, now=NOW)
