"""A round of thousands in the background, what its coordinator's pages take meanwhile, and its own pages after it."""

import time
from statistics import median, quantiles
from typing import Any

from bench.browser import Browser, filled_in
from bench.installation import Broken, children, highest, installation, peak, version, work
from bench.round import expect, pairs_on
from bench.size import LARGE_ROUND, ROUND_QUICK
from bench.table import Section, duration, judged, memory

ANSWER = 0.5  # seconds
PATIENCE = 1800
BEFORE = 5  # rounds of requests before the button


def measure(kind: str, *, quick: bool, **_load: Any) -> Section:
    """The pages one after the other, alone; then the button, and the same until proposals are there."""
    size = ROUND_QUICK if quick else LARGE_ROUND
    with installation(kind) as place:
        where = place.build(size)
        with place.serving("--no-worker") as server, place.running("worker") as worker:
            browser = place.browser(where["coordinators"][0])
            at = f"/{where['programme']}/"
            pages = {"home": "/", "desk": f"{at}desk/", "people": f"{at}people/", "list of rounds": f"{at}rounds/"}
            alone = [_each(browser, pages) for _time in range(BEFORE)]
            before = work([worker.pid])
            seconds, there, meanwhile = _until_proposals(browser, at, pages)
            spent, held = (work([worker.pid]) or 0) - (before or 0), peak(worker.pid)
            own = {"the round": there, "its fairness": f"{there}fairness/", "its rehearsals": f"{there}rehearsals/"}
            after = [_each(browser, own) for _time in range(BEFORE)]
            web = highest(children(server.pid))
    section = Section(
        f"A round of {size.waiting:,} mentees and {size.free:,} mentors, and the pages meanwhile, on {version(kind)}",
        ("What", "alone", "during the round", "slowest of 20", "aim", ""),
        notes=[
            f"From the button to proposals on screen: {duration(seconds)}, of which processor time of the worker "
            f"{duration(spent)}; most memory of the worker {memory(held)}, of one web process {memory(web)}. "
            f"{len(meanwhile)} times each page was asked for meanwhile, one after the other."
        ],
    )
    for name in pages:
        found = [one[name] for one in meanwhile]
        slow = quantiles(found, n=20)[-1] if len(found) > 1 else found[0]
        section.rows.append((
            name, duration(median(one[name] for one in alone)), duration(median(found)), duration(slow),
            duration(ANSWER), judged(slow, ANSWER),
        ))  # fmt: skip
    for name in own:
        found = median(one[name] for one in after)
        section.rows.append((f"{name}, done", duration(found), "", "", duration(ANSWER), judged(found, ANSWER)))
    return section


def _each(browser: Browser, pages: dict[str, str]) -> dict[str, float]:
    """What each page took."""
    found = {}
    for name, path in pages.items():
        began = time.perf_counter()
        expect(browser.get(path), 200)
        found[name] = time.perf_counter() - began
    return found


def _until_proposals(browser: Browser, at: str, pages: dict[str, str]) -> tuple[float, str, list[dict[str, float]]]:
    """Press the button of the page's own form, and ask for the pages until the round's, whose path it says, shows
    proposals."""
    form = filled_in(expect(browser.get(f"{at}rounds/new/"), 200).body)
    began = time.perf_counter()
    there = expect(browser.post(f"{at}rounds/new/", form), 302).location
    found = []
    while time.perf_counter() - began < PATIENCE:
        found.append(_each(browser, {**pages, "round": there}))
        page = expect(browser.get(there), 200).body
        if pairs_on(page):
            return time.perf_counter() - began, there, found
        if 'id="far"' not in page:
            raise Broken("The round ended without proposals.")
    raise Broken(f"After {PATIENCE} s the round had no proposals.")
