"""Every page of the access table in a real browser: axe in both themes, no sideways scrolling, targets, one place
for help."""

from pathlib import Path

import pytest
from django.urls import reverse
from django_scopes import scopes_disabled
from playwright.sync_api import Page

from tests.house.access import ROUTES
from tests.house.relations import World, gather
from tests.house.things import put_in
from tests.journeys.conftest import AtBrowser
from tests.web import audit

FRAGMENTS = {"loops:messages", "web:favicon"}  # pieces of a page, asked for by it

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AUDITS = Path(__file__).parents[1] / "web" / "audits"
OUTSIDE, SMALL_TARGETS = (AUDITS / "outside.js").read_text(), (AUDITS / "small_targets.js").read_text()


@pytest.fixture
def world(transactional_db: None, now: None) -> World:
    with scopes_disabled():
        found = gather()
        put_in(found)
    return found


@pytest.mark.row("U-01", "U-04", "H-01", "P-06")
@pytest.mark.parametrize("relation", ["self", "partner", "coordinator", "admin", "signed_out"])
def test_every_page_is_accessible_and_fits_a_small_phone(world: World, at_browser: AtBrowser, relation: str) -> None:
    page = at_browser(world.people[relation], reduced_motion="reduce").new_page()
    faults: list[str] = []
    strangers: list[str] = []
    page.on("console", lambda said: faults.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("response", lambda got: faults.append(f"{got.status} {got.url}") if got.status > 399 else None)
    page.on("request", lambda sent: strangers.append(sent.url) if "localhost" not in sent.url else None)
    for route in ROUTES:
        if (
            relation not in route.get
            or route.name in FRAGMENTS
            or route.name.endswith(("-calendar", "-receipt", "-problem"))
        ):
            continue
        faults += look_at(page, reverse(route.name, kwargs=route.at(world)))
    assert not faults, "\n".join(faults)
    assert strangers == []


def look_at(page: Page, path: str) -> list[str]:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    page.goto(path)
    found = [f"{path}: {fault}" for fault in audit.faults(page, audit.ALL_RULES)]
    if page.locator(".header a.support, .header [href$='/support/']").count() != 1:
        found.append(f"{path}: get support is not in its place")
    page.emulate_media(color_scheme="dark")
    found += [f"{path} dark: {fault}" for fault in audit.faults(page, audit.CONTRAST)]
    page.set_viewport_size({"width": 320, "height": 700})
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wider:
        found.append(f"{path} is {wider} px wider than 320: {page.evaluate(OUTSIDE)[:2]}")
    found += [f"{path} small: {target}" for target in page.evaluate(SMALL_TARGETS)]
    return found
