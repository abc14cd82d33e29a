"""No page makes a browser ask another host, and nothing in the product names one to fetch from."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.test import Client

pytestmark = pytest.mark.row("P-06")
SOURCE = Path(__file__).parents[2] / "src" / "twoway"
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed|link)\b[^>]*\b(?:src|srcset|href|data)\s*=\s*["'](?:https?:)?//
        |url\(\s*["']?(?:https?:)?//
        |@import\s+["'](?:https?:)?//
        |\b(?:fetch|import|importScripts|WebSocket|EventSource|sendBeacon)\(\s*["'`](?:https?:|wss?:)?//
        |from\s+["']https?://""",
    re.VERBOSE | re.IGNORECASE,
)
PLANTED = [
    '<script src="https://cdn.example/x.js">', "<link rel=stylesheet href='//cdn.example/x.css'>",
    "@import 'https://fonts.example/x.css'", "background: url(//cdn.example/x.png)", 'fetch("https://count.example/")',
]  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_the_search_finds_what_it_should(planted: str) -> None:
    assert FETCHED.search(planted)


def test_no_template_or_style_or_script_of_ours_fetches_from_another_host() -> None:
    found = [
        f"{path.relative_to(SOURCE)}: {match[0]}"
        for path in SOURCE.rglob("*")
        if path.suffix in {".html", ".css", ".js", ".svg", ".webmanifest", ".txt"}
        for match in FETCHED.finditer(path.read_text())
    ]
    assert found == []


def test_no_static_file_of_a_package_that_pages_use_fetches_from_another_host() -> None:
    found = []
    for finder in get_finders():
        for name, storage in finder.list([]):
            if name.endswith((".css", ".js", ".svg")):
                text = Path(storage.path(name)).read_text(errors="replace")
                found += [f"{name}: {match[0]}" for match in FETCHED.finditer(text)]
    assert found == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/sign-in/", "/no/such/place/at/all/", "/sign-in/no-such-secret/", "/support/"])
def test_every_answer_forbids_the_browser_to_ask_elsewhere(path: str) -> None:
    policy = Client().get(path).headers["Content-Security-Policy"]

    said = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert said.pop("default-src") == "'none'"
    assert set(said.values()) <= {"'self'", "'none'"}


@pytest.mark.django_db
def test_an_error_of_ours_forbids_it_too(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any) -> None:
        raise ValueError

    monkeypatch.setattr("twoway.people.views.signin.AskForSignIn", fails)

    answer = Client(raise_request_exception=False).get("/sign-in/")

    assert answer.status_code == 500
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
