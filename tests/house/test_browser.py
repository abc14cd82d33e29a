"""The browser of the tests works, and speaks with nobody but this machine."""

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, sync_playwright

from tests import browser


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write("<!doctype html><title>Ágnes</title>".encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.browser
def test_browser_of_the_tests_reaches_this_machine_only(port: int) -> None:
    with sync_playwright() as playwright:
        page = browser.launch(playwright).new_page()

        page.goto(f"http://localhost:{port}/")

        assert page.title() == "Ágnes"
        with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
            page.goto(f"http://twoway.example.org:{port}/")


def test_browser_named_in_vain_is_a_clear_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOWAY_CHROMIUM", "/nowhere/chromium")

    with sync_playwright() as playwright, pytest.raises(browser.NoBrowser, match="/nowhere/chromium"):
        browser.find(playwright)
