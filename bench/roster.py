"""A roster of many rows: through the page, as a coordinator does it, and through the command line."""

import csv
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from random import Random
from typing import Any

from bench.browser import Browser, filled_in
from bench.installation import LARGE, Broken, Installation, children, highest, installation, peak, version
from bench.round import expect
from bench.size import ROSTER, ROSTER_ROWS, ROSTER_ROWS_QUICK
from bench.table import Section, duration, judged, memory
from twoway.operate.demo import words

WHOLE, WORKER = 30, 300  # seconds, MB
LOOK_AGAIN = 0.25
PATIENCE = 600


def measure(kind: str, *, quick: bool, **_load: Any) -> Section:
    """Both ways, each on a database without people."""
    rows = ROSTER_ROWS_QUICK if quick else ROSTER_ROWS
    file = roster(rows)
    section = Section(
        f"A roster of {rows:,} rows on {version(kind)}",
        ("What", "figure", "aim", ""),
        notes=[f"The file has {len(file) / LARGE:.1f} MB. The page's time is that of the machine, not of reading."],
    )
    with installation(kind) as place:
        where = place.build(ROSTER)
        with place.serving("--no-worker") as server, place.running("worker") as worker:
            steps = through_the_page(place.browser(where["coordinators"][0]), f"/{where['programme']}/", file)
            held, web = peak(worker.pid), highest(children(server.pid))
    whole = sum(steps.values())
    section.rows += [(f"by the page: {name}", duration(seconds), "", "") for name, seconds in steps.items()]
    section.rows.append(("by the page, all of it", duration(whole), f"{WHOLE} s", judged(whole, WHOLE)))
    section.rows.append(("most memory of the worker", memory(held), f"{WORKER} MB", judged(held, WORKER)))
    section.rows.append(("most memory of a web process", memory(web), f"{WORKER} MB", judged(web, WORKER)))
    with installation(kind) as place:
        where = place.build(ROSTER)
        seconds, most = through_the_command(place, where["programme"], file)
    section.rows.append(("twoway import-roster", duration(seconds), f"{WHOLE} s", judged(seconds, WHOLE)))
    section.rows.append(("most memory of it", memory(most), f"{WORKER} MB", judged(most, WORKER)))
    return section


def roster(rows: int) -> bytes:
    """Mentors and mentees with their answers to the demo's longest form."""
    draw = Random("roster")
    programme = next(one for one in words.programmes() if one.stage == "ready")
    asked = {one.key: one for one in programme.questions}
    keys = ("department", "grade", "site", "goal", "offer")
    text = io.StringIO()
    file = csv.writer(text)
    file.writerow(
        ["Email address", "Full name", "Mentor or mentee", "How many mentees"] + [asked[k].label for k in keys]
    )
    names = [one.full for one in words.names()]
    goals, offers = [one.text for one in words.goals()], [one.text for one in words.offers()]
    for number in range(rows):
        mentor = draw.random() < 0.4
        choices = [draw.choice(asked[key].options) for key in keys[:3]]
        said = ["", draw.choice(offers)] if mentor else [draw.choice(goals), ""]
        who = [f"person.{number}@northwind.example", draw.choice(names), "Mentor" if mentor else "Mentee"]
        file.writerow([*who, draw.randint(1, 3) if mentor else "", *choices, *said])
    return text.getvalue().encode()


def through_the_page(browser: Browser, at: str, file: bytes) -> dict[str, float]:
    """Upload, say what the columns are, look at the verdicts, keep."""
    steps: dict[str, float] = {}
    form = filled_in(expect(browser.get(f"{at}rosters/"), 200).body)

    def step(name: str, act: Callable[[], str], done: Callable[[str], bool]) -> str:
        began = time.perf_counter()
        page = wait_for(browser, act(), done)
        steps[name] = time.perf_counter() - began
        return page

    there = ""

    def upload() -> str:
        nonlocal there
        there = expect(browser.post(f"{at}rosters/", form, ("people.csv", file)), 302).location
        return there

    columns = step("bring it in and read it", upload, lambda page: 'id="columns"' in page)
    said = filled_in(columns)

    def say_columns() -> str:
        return expect(browser.post(f"{there}columns/", said), 302).location

    step("check every row", say_columns, lambda page: "/keeping/" in page)

    def keep() -> str:
        return expect(browser.post(f"{there}keeping/", {}), 302).location

    step("keep the good ones", keep, lambda page: "/taking-back/" in page)
    return steps


def wait_for(browser: Browser, path: str, done: Callable[[str], bool]) -> str:
    """Look at a page, where it leads, until it is as wanted."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        answer = browser.get(path)
        page = browser.get(answer.location).body if answer.status == 302 else expect(answer, 200).body
        if done(page):
            return page
        time.sleep(LOOK_AGAIN)
    raise Broken(f"After {PATIENCE} s the roster was not done.")


def through_the_command(place: Installation, programme: str, file: bytes) -> tuple[float, float | None]:
    """Seconds and most memory of `twoway import-roster`."""
    path = place.folder / "people.csv"
    path.write_bytes(file)
    command = [sys.executable, "-m", "twoway", "import-roster", str(path), "--programme", programme]
    began = time.perf_counter()
    with place.log("import").open("wb") as log:
        process = subprocess.Popen(command, env=place.env, stdout=log, stderr=log)
        try:
            _pid, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise Broken(f"`twoway import-roster` ended with {process.returncode}.\n{place.tail('import')}")
    return seconds, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / LARGE
