"""What axe finds wrong with the page that a browser shows."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ALL_RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
CONTRAST: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def faults(page: Page, rules: dict[str, Any]) -> list[str]:
    """Each fault by its rule and the element. Only faults are brought over: all that is well is many times as much."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    answer = page.evaluate("options => axe.run(options)", {**rules, "resultTypes": ["violations"]})
    return [f"{fault['id']}: {node['html'][:160]}" for fault in answer["violations"] for node in fault["nodes"]]
