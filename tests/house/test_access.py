"""Every route answers each relation as the table says: no more, no less, and no route stands outside it."""

from collections.abc import Iterator
from copy import deepcopy
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.house.access import ROUTES, Route
from tests.house.conftest import Shared
from tests.house.relations import RELATIONS, World


def all_names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from all_names(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name}"


def test_every_route_is_in_the_table_once() -> None:
    assert sorted(route.name for route in ROUTES) == sorted(all_names(get_resolver().url_patterns))


@pytest.fixture(scope="module")
def one_browser() -> Client:
    """One for the whole file, as making it is slow. What it keeps is put in anew before each request."""
    return Client()


def answer(browser: Client, cookies: SimpleCookie, method: str, path: str) -> str:
    """In one word: open, sign-in, gone (404) or refused (405); what a request changes is rolled back."""
    browser.cookies = deepcopy(cookies)
    with transaction.atomic():
        response = getattr(browser, method)(path)
        transaction.set_rollback(True)
    if response.status_code == 302 and response.headers["Location"].startswith("/sign-in/?next="):
        return "sign-in"
    if response.status_code == 404:
        return "gone"
    if response.status_code == 405:
        return "refused"
    assert response.status_code < 500
    return "open"


def expected(allowed: frozenset[str], relation: str) -> set[str]:
    if relation in allowed:
        return {"open"}
    return {"sign-in"} if relation == "signed_out" and allowed else {"gone", "refused", "sign-in"}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_whoever_may_look_may_ask_for_the_head_alone(
    world: World, shared: Shared, one_browser: Client, route: Route
) -> None:
    path = reverse(route.name, kwargs=route.at(world))
    relation = next(iter(sorted(route.get)), "coordinator")

    said = [answer(one_browser, shared.cookies[relation], method, path) for method in ("get", "head")]

    assert said[0] == said[1]


@pytest.mark.row("O-02", "X-05")
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_route_answers_each_relation_as_the_table_says(
    world: World, shared: Shared, one_browser: Client, route: Route
) -> None:
    path = reverse(route.name, kwargs=route.at(world))
    wrong = []
    for relation in RELATIONS:
        for method, allowed in (("get", route.get), ("post", route.post)):
            said = answer(one_browser, shared.cookies[relation], method, path)
            if said not in expected(allowed, relation):
                wrong.append(f"{method} {path} as {relation}: {said}")
    assert wrong == []
