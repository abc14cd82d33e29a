"""A letter of the demo on its page, as a browser draws it."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from tests.cast import Cast
from tests.factories import NOW
from tests.journeys.conftest import AtBrowser
from tests.journeys.conftest import at_browser as at_browser
from twoway.outbox.actions import queue_letter
from twoway.outbox.channels.folder import letters_on_file
from twoway.outbox.tasks import deliver_pending

pytestmark = pytest.mark.row("P-01")
SHORT = "Ben has picked a time."
LONG = "\n\n".join([*["You can read this at your own pace, on any day, and nobody waits for an answer." * 3] * 9])
INSIDE = """() => {
  const words = [...document.querySelectorAll("p")].map((one) => one.getBoundingClientRect().bottom);
  const page = document.documentElement;
  return [page.scrollHeight - innerHeight, page.scrollWidth - innerWidth, innerHeight - Math.max(...words)];
}"""


@pytest.fixture
def mail(settings: Any, tmp_path: Path) -> None:
    settings.DEMO = True
    settings.EMAIL_BACKEND = "twoway.outbox.channels.folder.FolderBackend"
    settings.MAIL_FOLDER = str(tmp_path / "mail")


def written(body: str, **more: str) -> str:
    """The path of a letter that has just been written."""
    body = f"Hello Amira,\n\n{body}\n\n[Open the meeting](http://localhost:8000/loops/)"
    queue_letter(
        key="cause", kind="test", to="amira@northwind.example", subject="Your next meeting", now=NOW, body=body,
        foot="You get this because you are in Grow Together.\n\n[Choose your letters](http://localhost:8000/me/)",
        **more,
    )  # fmt: skip
    deliver_pending()
    (name,) = letters_on_file()
    return reverse("operate:letter", args=[name])


@pytest.mark.browser
@pytest.mark.row("U-04")
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("body", [SHORT, LONG])
def test_the_frame_is_as_tall_as_its_letter(
    transactional_db: None, cast: Cast, mail: None, at_browser: AtBrowser, width: int, body: str
) -> None:
    page = at_browser(None, viewport={"width": width, "height": 700}).new_page()
    page.goto(written(body))
    page.locator(".letter-frame").scroll_into_view_if_needed()
    expect(page.frame_locator(".letter-frame").get_by_text("Choose your letters")).to_be_attached()

    down, sideways, under = page.frames[1].evaluate(INSIDE)

    assert (down, sideways) == (0, 0)
    assert under < 176


def test_what_comes_with_a_letter_stands_a_space_after_its_words(cast: Cast, mail: None) -> None:
    path = written(SHORT, calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", calendar_method="REQUEST")

    page = Client().get(path).content.decode()

    (said,) = re.findall(r"<p[^>]*>(With it:.*?)</p>", page)
    assert said == "With it: invite.ics"
