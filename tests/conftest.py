import importlib
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db import connection
from django.http import HttpResponse
from django.test import Client, TransactionTestCase
from django.test.client import ClientHandler
from django_scopes import scopes_disabled
from django_scopes.state import state
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import cast as the_cast
from tests import needs
from tests.browser import launch
from tests.factories import NOW
from twoway.history.kept import forget_figures
from twoway.history.seal import seal, unseal
from twoway.people.models import Person

expect.set_options(timeout=20_000)  # milliseconds; a busy machine may take long over the first page of its kind

_teardown = TransactionTestCase._fixture_teardown


def _teardown_unsealed(self: TransactionTestCase) -> None:
    """Emptying the tables after a transactional test is the one time that events may go."""
    unseal(connection)
    try:
        _teardown(self)
    finally:
        seal(connection)


TransactionTestCase._fixture_teardown = _teardown_unsealed  # type: ignore[method-assign]


_answer = ClientHandler.__call__


def _answer_within_the_walls(self: ClientHandler, environ: dict[str, Any]) -> HttpResponse:
    """A page opens its own scope, as in a real server; the one a test has opened for itself does not help it."""
    outside = state.set(None)
    try:
        return _answer(self, environ)
    finally:
        state.reset(outside)


ClientHandler.__call__ = _answer_within_the_walls  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """Each test begins in a house of its own, in which no figure was counted yet."""
    forget_figures()


@pytest.fixture(autouse=True)
def _hidden_database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not needs.needs_database(request.node):
        needs.hide_database(monkeypatch)


@pytest.fixture
def now() -> Iterator[None]:
    """It is Monday 23 November 2026, ten in the morning (UTC), and stays so."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def open_scope() -> Iterator[None]:
    """For tests of actions and queries, which run inside a scope that a page or a task has opened."""
    with scopes_disabled():
        yield


@pytest.fixture
def cast(db: None, now: None) -> the_cast.Cast:
    """Amira, Ben, Chris, Ada, Sam, and Dana who may see nothing."""
    with scopes_disabled():
        return the_cast.gather()


def sign_in(person: Person | None) -> Client:
    """A new browser in which somebody is signed in, or nobody."""
    client = Client()
    if person is not None:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        key = client.session.session_key
        UserSession.objects.create(user=person, session_key=key, ip="127.0.0.1", user_agent="A browser")
    return client


@pytest.fixture
def signed_in() -> Callable[[Person | None], Client]:
    """What signs somebody in, in a browser of their own."""
    return sign_in


def pytest_configure(config: pytest.Config) -> None:
    """Turn one predicate to true where `tests/mutants.py` asks for it; every reference to it changes at once."""
    mutant = os.environ.get("TWOWAY_MUTANT")
    if mutant:
        module, name = mutant.split(":")
        predicate = getattr(importlib.import_module(module), name)
        predicate.__code__ = (lambda *args, **kwargs: True).__code__
        predicate.__kwdefaults__ = None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Note which rows and sentences are shown by some test, before any is left out, and which need the database."""
    needs.mark(items)
    marks = {
        name: {argument for item in items for mark in item.iter_markers(name) for argument in mark.args}
        for name in ("row", "definition")
    }
    config.stash["marks"] = marks  # type: ignore[index]
    config.stash["whole"] = not config.args or config.args == config.getini("testpaths")  # type: ignore[index]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a file of tests; it ends with the file, as its loop would upset the database's tests."""
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page with a memory of its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()
