"""The demo's own pages: letters, clock and removal; outside a demo none of them exists."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.factories import NOW
from twoway.history.clock import now as clock_now
from twoway.outbox.actions import queue_letter
from twoway.outbox.colour import BRAND, srgb_of
from twoway.outbox.tasks import deliver_pending
from twoway.people.models import Organisation, Person

pytestmark = pytest.mark.row("P-01")
SignedIn = Callable[[Person | None], Client]
PAGES = ["demo", "clock", "letters", "removal"]


@pytest.fixture
def demo(settings: Any, tmp_path: Path, cast: Cast) -> Cast:
    settings.DEMO = True
    settings.CLOCK_FILE = tmp_path / "clock"
    settings.EMAIL_BACKEND = "twoway.outbox.channels.folder.FolderBackend"
    settings.MAIL_FOLDER = str(tmp_path / "mail")
    return cast


def test_outside_a_demo_its_pages_do_not_exist(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.ada)

    assert {browser.get(reverse(f"operate:{page}")).status_code for page in PAGES} == {404}
    assert {browser.post(reverse(f"operate:{page}")).status_code for page in PAGES} == {404}
    assert clock_now() == NOW


def test_a_letter_is_read_with_its_links_and_without_its_markup(demo: Cast) -> None:
    queue_letter(
        key="cause", kind="test", to="amira@northwind.example", subject="A <b>time</b>", now=NOW,
        body="Hello <script>alert(1)</script>\n\n[Sign in](http://localhost:8000/sign-in/abc/)",
    )  # fmt: skip
    deliver_pending()

    listed = Client().get(reverse("operate:letters")).content.decode()
    (name,) = [part.split("/")[0] for part in listed.split('href="/demo/letters/')[1:] if part[0].isdigit()]
    page = Client().get(reverse("operate:letter", args=[name])).content.decode()

    assert "A &lt;b&gt;time&lt;/b&gt;" in listed
    assert '<a href="http://localhost:8000/sign-in/abc/"' in page
    assert "<script>alert" not in page
    assert "not sent to anybody" in page


def test_a_letter_is_also_drawn_as_mail_is_in_a_frame_that_lets_nothing_in(demo: Cast) -> None:
    queue_letter(
        key="cause", kind="test", to="amira@northwind.example", subject="A time", now=NOW,
        body="Hello <script>alert(1)</script>\n\n[Sign in](http://localhost:8000/sign-in/abc/)", hue=240,
    )  # fmt: skip
    deliver_pending()

    listed = Client().get(reverse("operate:letters")).content.decode()
    (name,) = [part.split("/")[0] for part in listed.split('href="/demo/letters/')[1:] if part[0].isdigit()]
    around = Client().get(reverse("operate:letter", args=[name]))
    drawn = Client().get(reverse("operate:letter-drawn", args=[name]))
    page, policy = drawn.content.decode(), drawn["Content-Security-Policy"]

    assert f'src="/demo/letters/{name}/drawn/"' in around.content.decode()
    assert "frame-src 'self'" in around["Content-Security-Policy"]
    assert '<base target="_blank">' in page and "<script>alert" not in page
    assert f'bgcolor="{srgb_of(BRAND, 240)}"' in page
    assert {part.strip() for part in policy.split(";")} == {
        "default-src 'none'", "script-src 'none'", "style-src 'none'", "style-src-attr 'unsafe-inline'",
        "style-src-elem 'unsafe-inline'",
        "img-src 'none'", "font-src 'none'",
        "connect-src 'none'", "manifest-src 'none'", "worker-src 'none'", "form-action 'none'", "base-uri 'none'",
        "frame-ancestors 'self'", "sandbox allow-popups allow-popups-to-escape-sandbox",
    }  # fmt: skip
    assert drawn["X-Frame-Options"] == "SAMEORIGIN"


def test_a_letter_that_is_not_there_is_not_found(demo: Cast) -> None:
    for name in ("20261123-100000-0123456789ab", "..%2Fclock", "x"):
        assert Client().get(f"/demo/letters/{name}/").status_code == 404
        assert Client().get(f"/demo/letters/{name}/drawn/").status_code == 404


def test_the_clock_moves_by_a_step_to_a_time_and_back(demo: Cast) -> None:
    browser = Client()

    browser.post(reverse("operate:clock"), {"step": "week"})
    assert clock_now() == NOW + timedelta(weeks=1)
    browser.post(reverse("operate:clock"), {"moment": "2027-01-05T09:30"})
    assert clock_now() == datetime(2027, 1, 5, 9, 30, tzinfo=UTC)
    browser.post(reverse("operate:clock"), {"step": "real"})
    assert clock_now() == NOW


def test_the_clock_is_shown_in_the_zone_of_who_looks(demo: Cast, signed_in: SignedIn) -> None:
    Person.objects.filter(pk=demo.ada.pk).update(time_zone="Asia/Singapore")
    demo.ada.refresh_from_db()

    page = " ".join(signed_in(demo.ada).get(reverse("operate:clock")).content.decode().split())

    assert "Monday 23 November 2026, 18:00 Singapore time" in page


def test_a_time_that_is_none_keeps_what_was_typed(demo: Cast) -> None:
    answer = Client().post(reverse("operate:clock"), {"moment": "next Tuesday"})

    assert answer.status_code == 422
    assert 'value="next Tuesday"' in answer.content.decode()
    assert clock_now() == NOW


def test_only_an_admin_removes_the_demo(demo: Cast, signed_in: SignedIn) -> None:
    Organisation.objects.filter(pk=demo.harbour.pk).update(demo=True)
    for person in (demo.chris, demo.amira, None):
        assert signed_in(person).post(reverse("operate:removal")).status_code == 404
    assert Organisation.objects.count() == 2

    browser = signed_in(demo.ada)
    assert "Remove the demo" in browser.get(reverse("operate:demo")).content.decode()
    assert browser.get(reverse("operate:removal")).status_code == 200
    browser.post(reverse("operate:removal"))

    assert list(Organisation.objects.values_list("slug", flat=True)) == ["northwind"]


def test_an_admin_who_is_made_up_is_signed_out_with_the_demo(demo: Cast, signed_in: SignedIn) -> None:
    Person.objects.filter(pk=demo.ada.pk).update(demo=True)
    Organisation.objects.filter(pk=demo.northwind.pk).update(demo=True)
    browser = signed_in(demo.ada)

    answer = browser.post(reverse("operate:removal"), follow=True)

    assert answer.status_code == 200
    assert "The demo is gone" in answer.content.decode()
    assert "_auth_user_id" not in browser.session


def test_whoever_may_not_remove_the_demo_reads_who_can(demo: Cast, signed_in: SignedIn) -> None:
    Organisation.objects.filter(pk=demo.harbour.pk).update(demo=True)

    pages = [signed_in(person).get(reverse("operate:demo")).text for person in (demo.ada, demo.chris, None)]

    assert ["Removing it" in page for page in pages] == [True] * 3
    assert [reverse("operate:removal") in page for page in pages] == [True, False, False]
    assert ["sign in as the admin" in page for page in pages] == [False, True, True]


def test_after_the_demo_is_removed_every_page_says_so(demo: Cast, signed_in: SignedIn) -> None:
    Organisation.objects.filter(pk=demo.harbour.pk).update(demo=True)
    browser = signed_in(demo.ada)
    before = [browser.get(path).text for path in ("/", reverse("operate:demo"))]

    browser.post(reverse("operate:removal"))
    after = [browser.get(path).text for path in ("/", reverse("operate:demo"))]

    assert ["This is a demo: everybody" in page for page in before + after] == [True, True, False, False]
    assert ["The demo is removed: nobody" in page for page in before + after] == [False, False, True, True]
    assert ["twoway demo --fresh" in after[1], "Remove the demo" in after[1]] == [True, False]
