"""The specimen pages as a site for a browser, answered from memory under the policy the product sends."""

import mimetypes
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Request, Route

from tests.web.specimen_page import SCENES, draw

SITE = "http://specimen.test"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self';"
    " manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
KINDS = {".woff2": "font/woff2", ".webmanifest": "application/manifest+json", ".js": "text/javascript"}

Answer = Callable[[Request], tuple[int, str]]


def open_site(page: Page, answers: dict[str, Answer] | None = None) -> list[str]:
    """Answer every request of this page from memory; gives the list that the browser's complaints land in."""
    complaints: list[str] = []
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.route("**/*", lambda route: _answer(route, answers or {}))
    return complaints


def _answer(route: Route, answers: dict[str, Answer]) -> None:
    path = urlsplit(route.request.url).path
    if path in answers:
        status, html = answers[path](route.request)
        return route.fulfill(
            status=status,
            body=html,
            headers={"content-type": "text/html; charset=utf-8", "content-security-policy": POLICY},
        )
    if path.startswith("/static/"):
        return _static(route, path.removeprefix("/static/"))
    scene = path.strip("/")
    if scene not in SCENES:
        return route.fulfill(status=404, body="")
    return route.fulfill(
        status=200,
        body=draw(scene),
        headers={"content-type": "text/html; charset=utf-8", "content-security-policy": POLICY},
    )


def _static(route: Route, name: str) -> None:
    found = finders.find(name)
    if not isinstance(found, str):
        return route.fulfill(status=404, body="")
    kind = KINDS.get(Path(found).suffix) or mimetypes.guess_type(found)[0] or "application/octet-stream"
    return route.fulfill(status=200, body=Path(found).read_bytes(), headers={"content-type": kind})
