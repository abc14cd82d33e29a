"""Nothing private reaches anybody without the right: not by a page, a calendar, a letter, a record or a log."""

import importlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from io import StringIO

import pytest
import time_machine
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled
from pytest_django import DjangoDbBlocker

from tests.conftest import sign_in
from tests.factories import NOW
from tests.house.access import ROUTES
from tests.house.conftest import Shared
from tests.house.planted import UNPLANTED, plant, relation_of
from tests.house.relations import RELATIONS, World
from tests.house.tokens import Tokens
from twoway.history.kept import forget_figures
from twoway.history.models import Event
from twoway.outbox.models import Delivery
from twoway.people.models import Notification
from twoway.people.telling import words_of

ROOMS = ["people", "signup", "loops", "matching"]


@pytest.fixture
def tokens(world: World) -> Tokens:
    with scopes_disabled():
        return plant(world)


Picture = dict[str, list[dict[str, object]]]


@dataclass
class Walk:
    """What everybody met who opened every page, whole and as htmx asks for it; what is kept before and after."""

    tokens: Tokens
    before: Picture
    after: Picture = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    log: str = ""


def picture() -> Picture:
    """All that is kept, sessions aside."""
    with scopes_disabled():
        return {
            model.__name__: [
                # How far somebody has read is theirs alone, and the one thing that looking moves.
                {name: value for name, value in row.items() if name != "read_up_to"}
                for row in model._default_manager.order_by("pk").values()
            ]
            for room in (*ROOMS, "outbox", "history")
            for model in apps.get_app_config(room).get_models()
        }


def look_around(world: World, walk: Walk, browsers: dict[str, Client]) -> None:
    for relation, browser in browsers.items():
        for route in ROUTES:
            path = reverse(route.name, kwargs=route.at(world))
            for answer in (browser.get(path), browser.get(path, headers={"HX-Request": "true"})):
                text = answer.content.decode("utf-8", "replace")
                walk.leaks += [f"{path} as {relation}: {token}" for token in walk.tokens.wrongly_in(text, relation)]
                walk.seen |= walk.tokens.rightly_in(text, relation)


@contextmanager
def written_down() -> Iterator[StringIO]:
    """All that is logged meanwhile, by anybody, however unimportant."""
    log, root = StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(log), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield log
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


@pytest.fixture(scope="module")
def walk(shared: Shared, django_db_blocker: DjangoDbBlocker) -> Walk:
    """Walked once for all that is asked about it, as thousands of requests take their time; then taken back."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic(), written_down() as log:
        forget_figures()
        world = deepcopy(shared.world)
        with scopes_disabled():
            tokens = plant(world)
        browsers = {relation: sign_in(world.people[relation]) for relation in RELATIONS}
        walk = Walk(tokens, before=picture())
        look_around(world, walk, browsers)
        walk.after, walk.log = picture(), log.getvalue().lower()
        transaction.set_rollback(True)
    return walk


@pytest.mark.row("X-05", "F-02", "F-07", "L-02")
@pytest.mark.definition("A5")
def test_no_page_shows_anybody_what_they_may_not_read(walk: Walk) -> None:
    readers = walk.tokens.readers

    hidden_by_nature = {token for token, allowed in readers.items() if not allowed & set(RELATIONS)}

    assert walk.leaks == []
    assert set(readers) - walk.seen - hidden_by_nature == set(), "planted, and yet nobody could read it anywhere"
    assert [token for token in readers if token in walk.log] == []


def test_nothing_was_written_by_looking(walk: Walk) -> None:
    """No GET changes what is kept: every table counts and reads the same afterwards."""
    assert walk.after == walk.before


@pytest.mark.row("X-05")
def test_no_letter_carries_private_words(world: World, tokens: Tokens) -> None:
    leaks = []
    for letter in Delivery.objects.all():
        relation = relation_of(world, letter.person)
        text = f"{letter.subject} {letter.text} {letter.html} {letter.calendar}"
        shown = {token for token in tokens.readers if token in text.lower()}
        # Who writes to whom is no secret between them, and some words are written to be sent: a reason to decline, and
        # the place in the calendar file of those who meet there.
        sent = ("name", "declinewords", "proposalwords", "meetingplace")
        named = {token for token in shown if any(word in token for word in sent)}
        leaks += [f"{letter.kind} to {relation}: {token}" for token in shown - named]
        leaks += [f"{letter.kind} to {relation}: {token}" for token in tokens.wrongly_in(" ".join(named), relation)]
    assert Delivery.objects.count() > 0
    assert leaks == []


@pytest.mark.row("X-05", "X-08")
def test_no_event_and_no_line_of_news_carries_private_words(world: World, tokens: Tokens) -> None:
    facts = " ".join(str(event.facts) for event in Event.objects.all()).lower()
    assert [token for token in tokens.readers if token in facts] == []

    wrong = []
    for notification in Notification.objects.select_related("person"):
        relation = relation_of(world, notification.person_id)
        words = words_of(notification, notification.person)
        wrong += [f"{notification.kind}: {token}" for token in tokens.wrongly_in(words, relation)]
    assert Notification.objects.count() > 0
    assert wrong == []


def test_every_private_text_is_planted_or_says_why_not(world: World, tokens: Tokens) -> None:
    private = {
        f"{model.__name__}.{field.name}"
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField)
        and not field.choices
        and field.name != "public_id"
        and importlib.import_module(f"twoway.{room}.personal").COLUMNS[f"{model.__name__}.{field.name}"]
        not in ("system", "public")
    }
    assert private - tokens.columns - set(UNPLANTED) == set()
    assert (tokens.columns | set(UNPLANTED)) - private == set()
    assert tokens.columns & set(UNPLANTED) == set()
