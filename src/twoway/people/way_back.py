"""From an address that only takes what a form sends, the way back to a page that can be shown."""

import inspect
from collections.abc import Callable
from typing import Any

from django.urls import Resolver404, resolve

from twoway.people.slugs import reserved_for_programmes


def page_at_or_above(path: str) -> str:
    """The address itself where it shows a page, else the nearest page above it."""
    return path if _is_a_page(path) else page_above(path)


def page_above(path: str) -> str:
    """The nearest page over an address: a form stands on the page whose address its own begins with."""
    words = path.strip("/").split("/")
    while len(words) > 1:
        words.pop()
        above = f"/{'/'.join(words)}/"
        if _is_a_page(above):
            return above
    return "/"


def _is_a_page(path: str) -> bool:
    try:
        found = resolve(path)
    except Resolver404:
        return False
    return found.kwargs.get("programme") not in reserved_for_programmes() and _shows_a_page(found.func)


def _shows_a_page(view: Callable[..., Any] | None) -> bool:
    """Whether a view answers GET, as Django's `require_POST` and its like, on whatever layer they stand, decide it."""
    while view is not None:
        methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if methods is not None and "GET" not in methods:
            return False
        view = getattr(view, "__wrapped__", None)
    return True
