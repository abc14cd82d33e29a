"""A log line says where, and never what somebody wrote."""

import logging
import sys
from typing import Any

from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import resolve

from twoway.operate.logs import PlacesOnly

LINE = PlacesOnly("{levelname} {name} {message}", style="{")


def record(name: str, words: str, args: tuple[Any, ...], request: HttpRequest | None = None) -> logging.LogRecord:
    try:
        raise ValueError("duplicate key (email)=(amira@northwind.example)")
    except ValueError:
        found = logging.LogRecord(name, logging.ERROR, __file__, 1, words, args, sys.exc_info())
    if request is not None:
        found.request = request
    return found


def test_an_exception_is_told_by_class_and_place() -> None:
    line = LINE.format(record("twoway.worker", "%s failed", ("deliver",)))

    assert line.splitlines()[:2] == ["ERROR twoway.worker deliver failed", "  builtins.ValueError"]
    assert "test_logs.py" in line
    assert "amira" not in line


def test_a_request_is_told_by_its_route() -> None:
    request = RequestFactory().get("/sign-in/a-secret/")
    request.resolver_match = resolve("/sign-in/a-secret/")

    line = LINE.format(record("django.request", "Internal Server Error: %s", ("/sign-in/a-secret/",), request))

    assert line.splitlines()[0] == "ERROR django.request Internal Server Error: GET sign-in/<str:secret>/"
    assert "a-secret" not in line


def test_the_web_server_does_not_name_the_address_that_failed() -> None:
    line = LINE.format(record("gunicorn.error", "Error handling request %s", ("/sign-in/a-secret/",)))

    assert line.splitlines()[0] == "ERROR gunicorn.error Error handling request …"


def test_every_line_of_ours_is_made_so(settings: Any) -> None:
    assert {handler["formatter"] for handler in settings.LOGGING["handlers"].values()} == {"plain"}
    assert settings.LOGGING["formatters"]["plain"]["class"] == "twoway.operate.logs.PlacesOnly"
