"""Words that nobody can break, in every place where people or files put their own: no page gets wider for them."""

from pathlib import Path

import pytest
from django.db.models import Model
from django.urls import reverse
from django_scopes import scopes_disabled
from playwright.sync_api import Page

from tests.house.access import ROUTES
from tests.house.relations import World, gather
from tests.house.things import put_in
from tests.journeys.conftest import AtBrowser
from tests.journeys.test_every_page import FRAGMENTS
from twoway.loops.models import AgendaItem, Meeting, Message, Participation
from twoway.matching.models import Proposal, Round
from twoway.people.models import Intake, Membership, Organisation, Person, Programme, SupportLine
from twoway.signup.models import Answer, Application, Question, Roster, RosterRow

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OUTSIDE = (Path(__file__).parents[1] / "web" / "audits" / "outside.js").read_text()
ADDRESS = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.example"  # as long as a name before the @ may be
LONG: dict[type[Model], tuple[str, ...]] = {
    Organisation: ("name",), Programme: ("name", "welcome", "what_it_is_not"), Intake: ("name",), Person: ("name",),
    Membership: ("name",), SupportLine: ("name", "how"), Question: ("label", "help", "section"),
    Application: ("name",), Participation: ("name",), Message: ("body",), Meeting: ("place",), AgendaItem: ("text",),
    Round: ("name",), Proposal: ("words", "override"),
}  # fmt: skip


@pytest.fixture
def world(transactional_db: None, now: None) -> World:
    with scopes_disabled():
        found = gather()
        put_in(found)
        write_long_words(found)
    return found


def write_long_words(world: World) -> None:
    for model, columns in LONG.items():
        longest = {name: model._meta.get_field(name).max_length or 400 for name in columns}  # type: ignore[union-attr]
        assert model._base_manager.update(**{name: "W" * min(400, size) for name, size in longest.items()}), model
    for number, application in enumerate(Application.objects.all()):
        application.address = f"{number}{ADDRESS[1:]}"
        application.save(update_fields=["address"])
    for answer in Answer.objects.filter(question__kind__in=["short", "long"]):
        answer.value = "W" * 400
        answer.save(update_fields=["value"])
    for roster in Roster.objects.all():
        roster.file_name, roster.headers = "f" * 196 + ".csv", ["H" * 200 for _word in roster.headers]
        roster.save(update_fields=["file_name", "headers"])
    for row in RosterRow.objects.all():
        row.cells, row.address = ["C" * 400 for _cell in row.cells], ADDRESS
        row.save(update_fields=["cells", "address"])


@pytest.mark.row("U-01", "U-04")
@pytest.mark.parametrize("relation", ["self", "coordinator", "admin"])
def test_no_page_is_wider_than_the_screen_for_a_long_word(world: World, at_browser: AtBrowser, relation: str) -> None:
    page = at_browser(world.people[relation], reduced_motion="reduce").new_page()
    routes = [route for route in ROUTES if relation in route.get and route.name not in FRAGMENTS]
    pages = [route for route in routes if not route.name.endswith(("-calendar", "-receipt", "-problem"))]
    assert len(pages) > 3
    wider = [fault for route in pages for fault in too_wide(page, reverse(route.name, kwargs=route.at(world)))]
    assert not wider, "\n".join(wider)


def too_wide(page: Page, path: str) -> list[str]:
    page.goto(path)
    found = []
    for width in (320, 390, 1024):
        page.set_viewport_size({"width": width, "height": 800})
        more = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if more > 0:
            found.append(f"{path} is {more} px wider than {width}: {page.evaluate(OUTSIDE)[:2]}")
    return found
