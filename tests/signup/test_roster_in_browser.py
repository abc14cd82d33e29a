"""The page of a roster at work moves on by itself."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scopes_disabled
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import cast as the_cast
from twoway.people.actions.link import make_link
from twoway.people.models import Token
from twoway.signup.tasks import work_on_rosters


@pytest.mark.browser
@pytest.mark.row("F-10", "U-07")
@pytest.mark.django_db(transaction=True)
def test_the_page_follows_the_worker_without_a_press(live_server: LiveServer, page: Page, settings: Any) -> None:
    settings.ADDRESS = live_server.url
    with scopes_disabled():
        chris = the_cast.gather().chris
        _, link = make_link(kind=Token.Kind.DEMO, lasts=timedelta(hours=1), person=chris, now=timezone.now())
    page.goto(link)
    page.get_by_role("button", name="Sign in as").click()
    page.goto(f"{live_server.url}/northwind/grow-together/rosters/")
    page.set_input_files("input[type=file]", Path(__file__).parent / "rosters" / "mentees.csv")
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("The file waits to be read.")).to_be_visible()

    work_on_rosters(timezone.now())

    expect(page.get_by_role("heading", name="What the columns are")).to_be_visible()
    expect(page.get_by_label("grade", exact=True)).to_have_value("new:ordered")
