"""What people do at a page, said as they would say it."""

from playwright.sync_api import Page, expect


def press(page: Page, words: str, *, exact: bool = False) -> None:
    page.get_by_role("main").get_by_role("button", name=words, exact=exact).click()


def follow(page: Page, words: str, *, exact: bool = False) -> None:
    page.get_by_role("main").get_by_role("link", name=words, exact=exact).first.click()


def go_through(page: Page, door: str) -> None:
    """One of the main doors at the top of the page."""
    page.get_by_role("banner").get_by_role("link", name=door, exact=True).click()


def is_at(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def reads(page: Page, *words: str) -> None:
    for some in words:
        expect(page.get_by_role("main")).to_contain_text(some)
