"""Nothing private reaches anybody without the right: not by a page, a calendar, a letter, a record or a log."""

import importlib
import logging
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from tests.house.access import ROUTES
from tests.house.planted import UNPLANTED, plant, relation_of
from tests.house.relations import RELATIONS, World
from tests.house.tokens import Tokens
from twoway.history.models import Event
from twoway.outbox.models import Delivery
from twoway.people.models import Notification, Person
from twoway.people.telling import words_of

SignedIn = Callable[[Person | None], Client]
ROOMS = ["people", "signup", "loops", "matching"]


@pytest.fixture
def tokens(world: World) -> Tokens:
    with scopes_disabled():
        return plant(world)


@pytest.mark.row("X-05", "F-02", "F-07", "L-02")
@pytest.mark.definition("A5")
def test_no_page_shows_anybody_what_they_may_not_read(
    world: World, tokens: Tokens, signed_in: SignedIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    leaks, seen = [], set()
    for relation in RELATIONS:
        browser = signed_in(world.people[relation])
        for route in ROUTES:
            path = reverse(route.name, kwargs=route.at(world))
            for answer in (browser.get(path), browser.get(path, headers={"HX-Request": "true"})):
                text = answer.content.decode("utf-8", "replace")
                leaks += [f"{path} as {relation}: {token}" for token in tokens.wrongly_in(text, relation)]
                seen |= tokens.rightly_in(text, relation)

    assert leaks == []
    hidden_by_nature = {token for token, readers in tokens.readers.items() if not readers & set(RELATIONS)}
    assert set(tokens.readers) - seen - hidden_by_nature == set(), "planted, and yet nobody could read it anywhere"
    assert [token for token in tokens.readers if token in caplog.text.lower()] == []


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


def test_nothing_was_written_by_looking(world: World, signed_in: SignedIn) -> None:
    """No GET changes what is kept: sessions aside, every table counts and reads the same afterwards."""

    def picture() -> dict[str, list[dict[str, object]]]:
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

    browsers = [signed_in(world.people[relation]) for relation in RELATIONS]
    before = picture()
    for browser in browsers:
        for route in ROUTES:
            browser.get(reverse(route.name, kwargs=route.at(world)))
    assert picture() == before
