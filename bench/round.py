"""A round of matching: from the button to proposals on screen, and what a coordinator does with it."""

import re
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from bench.browser import Answer, Browser, filled_in
from bench.installation import Broken, children, highest, installation, peak, version, work
from bench.size import ROUND, ROUND_QUICK
from bench.table import Section, duration, judged, memory

TO_PROPOSALS, WORKER, ANSWER = 10, 400, 0.5  # seconds, MB, seconds
LOOK_AGAIN = 0.25
PATIENCE = 300
TIMES = 5


def measure(kind: str, *, quick: bool, **_load: Any) -> Section:
    """The button, a worker of its own, then the pages around a finished round."""
    size = ROUND_QUICK if quick else ROUND
    with installation(kind) as place:
        where = place.build(size)
        with place.serving("--no-worker") as server, place.running("worker") as worker:
            browser = place.browser(where["coordinators"][0])
            at = f"/{where['programme']}/"
            before = work([worker.pid])
            seconds, there = to_proposals(browser, at)
            held, after = peak(worker.pid), work([worker.pid])
            answers = around(browser, at, there, 2 if quick else TIMES)
            web = highest(children(server.pid))
    section = Section(
        f"A round of {size.waiting:,} mentees and {size.free:,} mentors on {version(kind)}",
        ("What", "figure", "aim", ""),
        notes=[f"Answers are the middle of {2 if quick else TIMES}, one at a time. Most memory of one web process: "
               f"{memory(web)}."],
    )  # fmt: skip
    section.rows.append(
        (
            "from the button to proposals on screen",
            duration(seconds),
            f"{TO_PROPOSALS} s",
            judged(seconds, TO_PROPOSALS),
        )
    )
    spent = duration(after - before) if before is not None and after is not None else "not known here"
    section.rows.append(("of that, processor time of the worker", spent, "", ""))
    section.rows.append(("most memory of the worker", memory(held), f"{WORKER} MB", judged(held, WORKER)))
    for name, found in answers.items():
        aim = None if name.startswith("publish all") else ANSWER
        section.rows.append((name, duration(found), duration(aim) if aim else "", judged(found, aim)))
    return section


def to_proposals(browser: Browser, at: str) -> tuple[float, str]:
    """Press the button of the page's own form and look until there are proposals; seconds, and where they are."""
    form = filled_in(expect(browser.get(f"{at}rounds/new/"), 200).body)
    began = time.perf_counter()
    there = expect(browser.post(f"{at}rounds/new/", form), 302).location
    while time.perf_counter() - began < PATIENCE:
        page = expect(browser.get(there), 200).body
        if pairs_on(page):
            return time.perf_counter() - began, there
        if 'id="far"' not in page:
            raise Broken("The round ended without proposals.")
        time.sleep(LOOK_AGAIN)
    raise Broken(f"After {PATIENCE} s the round had no proposals.")


def around(browser: Browser, at: str, there: str, times: int) -> dict[str, float]:
    """The middle of a few answers of each page, and of each act."""
    pairs = pairs_on(browser.get(there).body)
    hand = f"{at}proposals/by-hand/"
    someone = re.findall(r"proposals/by-hand/([a-z2-7]{10})/", browser.get(hand).body)
    if not pairs or not someone:
        raise Broken("The round's pages show nobody.")
    publish = f"{at}proposals/publish/?round={there.rstrip('/').rpartition('/')[2]}"
    found = {
        name: timed(lambda path=path: browser.get(path), 200, times)  # type: ignore[misc]
        for name, path in {
            "look at the round": there,
            "look at its second page": f"{there}?page=2",
            "look at one pair": f"{there}?pair={pairs[-1]}",
            "list of rounds": f"{at}rounds/",
            "form of a new round": f"{at}rounds/new/",
            "list of people to put together by hand": hand,
            "candidates for one person by hand": f"{hand}{someone[0]}/",
            "look at what publishing all would send": publish,
        }.items()
    }
    pins = iter(pairs)
    found["pin a pair"] = timed(lambda: browser.post(f"{at}proposals/{next(pins)}/pin/", {}), 302, times)
    swaps = [swap for pair in pairs if (swap := swap_of(browser, at, there, pair))][: times + 1]
    if len(swaps) > 1:
        waiting = iter(swaps)
        found["swap a mentor"] = timed(lambda: browser.post(*next(waiting)), 302, len(swaps) - 1)
    began = time.perf_counter()
    expect(browser.post(publish, {}), 302)
    found["publish all (no aim: once a round)"] = time.perf_counter() - began
    return found


def swap_of(browser: Browser, at: str, there: str, pair: str) -> tuple[str, dict[str, str]] | None:
    """The first other mentor that the page of a pair offers."""
    page = browser.get(f"{there}?pair={pair}").body
    path = f"{at}proposals/{pair}/swap/"
    offered = re.search(rf'action="{path}".*?name="mentor"[^>]*value="([a-z2-7]+)"', page, re.DOTALL)
    return (path, {"mentor": offered[1]}) if offered else None


def timed(act: Callable[[], Answer], status: int, times: int) -> float:
    """The middle of so many, after one that does not count."""
    found = []
    for _time in range(times + 1):
        began = time.perf_counter()
        expect(act(), status)
        found.append(time.perf_counter() - began)
    return median(found[1:])


def pairs_on(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"pair=([a-z2-7]{10})", page)))


def expect(answer: Answer, status: int) -> Answer:
    if answer.status != status:
        raise Broken(f"A page answered {answer.status} where {status} was expected.")
    return answer
