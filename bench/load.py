"""An open-loop load: requests leave at fixed times, however slow the answers are.

A request's time is counted from when it was due, so that waiting behind others shows, as it does to people.
"""

import http.client
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench.browser import Browser

AT_ONCE = 200  # requests under way; those beyond wait here, and their time counts
PATIENCE = 30  # seconds until an answer counts as none
TOO_LATE = 10  # seconds after its time a request that could not leave is given up


@dataclass(frozen=True)
class Ask:
    """One request of a kind: a form makes it a write."""

    kind: str
    path: str
    session: str
    form: dict[str, str] | None = None
    expects: int = 200


@dataclass(frozen=True)
class Outcome:
    kind: str
    seconds: float
    fault: str  # empty for the answer that was expected


def send(port: int, ask: Ask, due: float | None = None) -> Outcome:
    """Send one request and wait for all of its answer; the time counts from when it was due."""
    began = time.perf_counter() if due is None else due
    if time.perf_counter() - began > TOO_LATE:
        return Outcome(ask.kind, time.perf_counter() - began, "could not be sent in time")
    browser = Browser(port, ask.session, PATIENCE)
    try:
        answer = browser.get(ask.path) if ask.form is None else browser.post(ask.path, ask.form)
        fault = "" if answer.status == ask.expects else f"answered {answer.status}"
    except (OSError, http.client.HTTPException) as trouble:
        fault = "had no answer in time" if isinstance(trouble, TimeoutError) else type(trouble).__name__
    return Outcome(ask.kind, time.perf_counter() - began, fault)


def steady(port: int, asks: Sequence[Ask], rate: float) -> tuple[list[Outcome], float]:
    """Send them at `rate` a second; all outcomes, and how many were answered well a second from first to last."""
    pool = ThreadPoolExecutor(min(AT_ONCE, len(asks)))
    began = time.perf_counter()
    try:
        waiting = []
        for place, ask in enumerate(asks):
            due = began + place / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            waiting.append(pool.submit(send, port, ask, due))
        outcomes = [one.result() for one in waiting]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    good = sum(not one.fault for one in outcomes)
    return outcomes, good / (time.perf_counter() - began)
