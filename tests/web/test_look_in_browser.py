"""The specimen pages in a real browser: axe, sideways scrolling, targets, focus; both themes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.web import audit
from tests.web.specimen_page import SCENES
from tests.web.specimen_site import SITE, open_site

pytestmark = [pytest.mark.browser, pytest.mark.row("U-01")]

AUDITS = Path(__file__).parent / "audits"
OUTSIDE = (AUDITS / "outside.js").read_text()
SMALL_TARGETS = (AUDITS / "small_targets.js").read_text()

SHOWS_FOCUS = (AUDITS / "shows_focus.js").read_text()
HEADER = (AUDITS / "header.js").read_text()


@dataclass
class Shown:
    """One specimen page, loaded once; tests change its width and theme."""

    page: Page
    complaints: list[str]

    def at(self, width: int, theme: Literal["light", "dark"] = "light") -> Page:
        self.page.set_viewport_size({"width": width, "height": 844 if width < 500 else 900})
        self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        return self.page


@pytest.fixture(scope="module", params=SCENES)
def shown(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Shown]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    complaints = open_site(page)
    page.goto(f"{SITE}/{request.param}/", wait_until="load")
    page.evaluate("document.fonts.ready")
    yield Shown(page, complaints)
    page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_fault(shown: Shown, width: int) -> None:
    assert audit.faults(shown.at(width), audit.ALL_RULES) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_weak_contrast_in_the_dark(shown: Shown, width: int) -> None:
    assert audit.faults(shown.at(width, "dark"), audit.CONTRAST) == []


def test_browser_has_nothing_to_complain_about(shown: Shown) -> None:
    assert shown.complaints == []


@pytest.mark.row("U-04")
@pytest.mark.parametrize("width", [1280, 768, 390, 320])
def test_no_page_is_wider_than_the_screen(shown: Shown, width: int) -> None:
    page = shown.at(width)

    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert (wider, page.evaluate(OUTSIDE)) == (0, [])


@pytest.mark.row("U-04")
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_everything_to_press_is_large_enough(shown: Shown, width: int) -> None:
    assert shown.at(width).evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_focus_can_be_seen_on_every_stop(shown: Shown, width: int) -> None:
    page = shown.at(width)
    page.evaluate("document.activeElement.blur()")

    stops = []
    for _ in range(70):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(SHOWS_FOCUS))
        if stops[-1] == "end":
            break

    assert len(stops) > 8
    assert [stop for stop in stops if stop not in ("", "end")] == []


def show(page: Page, scene: str, *, width: int) -> None:
    open_site(page)
    page.set_viewport_size({"width": width, "height": 844 if width < 500 else 900})
    page.goto(f"{SITE}/{scene}/", wait_until="load")
    page.evaluate("document.fonts.ready")


@pytest.mark.row("U-04")
@pytest.mark.parametrize("width", [390, 320])
def test_doors_lie_at_the_thumb_and_all_show(page: Page, width: int) -> None:
    show(page, "home", width=width)

    boxes = [door.bounding_box() for door in page.locator(".doors > ul > li").all()]

    assert len(boxes) == 5
    assert [
        box for box in boxes if box is None or box["y"] < 744 or box["x"] < 0 or box["x"] + box["width"] > width
    ] == []


@pytest.mark.row("U-04")
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_a_score_stays_beside_its_names(page: Page, width: int) -> None:
    show(page, "round", width=width)

    places = page.evaluate(
        """() => [...document.querySelectorAll(".proposal")].map((e) => {
          const box = (c) => e.querySelector(c).getBoundingClientRect();
          const names = box(".proposal-names"), score = box(".proposal-score"), bar = box(".points");
          const beside = score.left >= names.right - 1;
          return [beside, score.bottom > names.top && score.top < names.bottom, bar.height <= 9];
        })"""
    )

    assert places == [[True, True, True]] * 4


def test_page_reads_well_without_colours_of_its_own(page: Page) -> None:
    open_site(page)
    page.emulate_media(forced_colors="active")
    page.goto(f"{SITE}/home/", wait_until="load")

    border = page.evaluate("getComputedStyle(document.querySelector('.button.primary')).borderTopWidth")

    assert border == "1px"


def test_printed_page_leaves_out_the_frame(page: Page) -> None:
    show(page, "list", width=1280)
    page.emulate_media(media="print")

    shown = [page.locator(place).first.is_visible() for place in (".header", ".footer", ".tabs", "h1", ".table")]

    assert shown == [False, False, False, True, True]


@pytest.mark.row("U-04")
@pytest.mark.parametrize("width,words", [(1280, "Grow Together"), (390, "Grow Together")])
def test_a_programmes_name_is_whole_while_there_is_room_for_it(page: Page, width: int, words: str) -> None:
    show(page, "round", width=width)

    cut = page.locator(".switcher > summary > span").first.evaluate(
        "(name, words) => { name.textContent = words; return name.scrollWidth > name.clientWidth; }", words
    )

    assert cut is False


@pytest.mark.row("U-04")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width,doors", [(1024, 5), (1120, 5), (1200, 5), (1247, 5), (1248, 7), (1280, 7), (1400, 7)])
def test_a_coordinators_header_is_one_line_with_nothing_broken_or_cut(
    page: Page, width: int, doors: int, theme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=theme)
    show(page, "round", width=width)

    found = page.evaluate(HEADER)

    assert found == {"mark": 1, "row": 65, "cut": 0, "doors": doors, "beside": True, "outside": []}


@pytest.mark.row("U-04", "U-02")
def test_doors_without_room_fold_into_a_menu_that_shows_where_one_is(page: Page) -> None:
    show(page, "round", width=1024)

    page.locator(".doors .more > details > summary").click()

    assert page.locator(".doors .menu-panel a").all_inner_texts() == ["Sign-up", "Settings", "Record"]
    assert audit.faults(page, audit.ALL_RULES) == []
    assert page.evaluate(OUTSIDE) == []


def test_the_audit_sees_what_is_wrong_and_only_that(page: Page) -> None:
    words = '<p style="color:#ccc;background:#fff">Some words</p>'
    page.set_content(f"<html lang=en><title>A page</title><main><h1>A page</h1>{words}</main>")

    found = [audit.faults(page, rules) for rules in (audit.ALL_RULES, audit.CONTRAST)]

    assert found == [[f"color-contrast: {words}"]] * 2
