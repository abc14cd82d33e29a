"""Pages of a large organisation under a steady load from outside, on two web processes."""

import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from statistics import median
from typing import Any

from bench.installation import Broken, children, highest, installation, version, web_processes, work
from bench.load import Ask, Outcome, send, steady
from bench.size import PAGES, PAGES_QUICK, Size
from bench.table import Section, duration, judged, memory, percentile

READ, WRITE = 0.3, 0.5  # seconds within which 95 of 100 are to be answered
ALONE = 10  # requests of each kind, one after the other, before the load
WARM_UP = 4
HEAD = ("Page", "of 100", "alone", "work", "p50", "p95", "p99", "errors", "aim p95", "")
TEXT = "I thought about what you said on Tuesday, and I tried it.\n\nIt was *harder* than I expected, but it went well."

Where = dict[str, Any]
# Kind, its share of a hundred requests, and how one of them is made.
MIX: list[tuple[str, int, Callable[[Where, Random], Ask]]] = [
    ("home, mentee", 22, lambda where, draw: _mentee("home, mentee", "/", where, draw)),
    ("loop", 18, lambda where, draw: _loop("loop", "", where, draw)),
    ("loop with the longest conversation", 4, lambda where, draw: _longest(where)),
    ("loop asks what is new", 16, lambda where, draw: _news(where, draw)),
    ("people table", 6, lambda where, draw: _office("people table", "people/", where, draw)),
    ("people table, mentors by loops", 4, lambda where, draw: _narrowed(where, draw)),
    ("round", 6, lambda where, draw: _office("round", f"rounds/{where['round']}/", where, draw)),
    ("desk", 4, lambda where, draw: _office("desk", "desk/", where, draw)),
    ("home, coordinator", 2, lambda where, draw: Ask("home, coordinator", "/", draw.choice(where["coordinators"]))),
    ("send a message (write)", 12, lambda where, draw: _message(where, draw)),
    ("save a question (write)", 6, lambda where, draw: _question(where, draw)),
]


def _mentee(kind: str, path: str, where: Where, draw: Random) -> Ask:
    return Ask(kind, path, draw.choice(where["loops"][1:])["session"])


def _loop(kind: str, more: str, where: Where, draw: Random, **said: Any) -> Ask:
    one = draw.choice(where["loops"][1:])
    return Ask(kind, f"/loops/{one['loop']}/{more}", one["session"], **said)


def _longest(where: Where) -> Ask:
    one = where["loops"][0]
    return Ask("loop with the longest conversation", f"/loops/{one['loop']}/", one["session"])


def _news(where: Where, draw: Random) -> Ask:
    """The longest loop gets no message here, so that nothing is new in it."""
    one = where["loops"][0]
    path = f"/loops/{one['loop']}/messages/?after={one['newest']}&since={time.time():.0f}"
    return Ask("loop asks what is new", path, one["session"], expects=204)


def _office(kind: str, path: str, where: Where, draw: Random) -> Ask:
    return Ask(kind, f"/{where['programme']}/{path}", draw.choice(where["coordinators"]))


def _narrowed(where: Where, draw: Random) -> Ask:
    path = f"people/?role=mentor&sort=-loops&page={draw.randint(1, 5)}"
    return _office("people table, mentors by loops", path, where, draw)


def _message(where: Where, draw: Random) -> Ask:
    form = {"body": TEXT, "form_key": str(uuid.UUID(int=draw.getrandbits(128), version=4))}
    return _loop("send a message (write)", "messages/", where, draw, form=form, expects=302)


def _question(where: Where, draw: Random) -> Ask:
    form = {"text": "How do I say no to work that is not mine?", "tried": "Saying yes, then regretting it.", "plan": ""}
    return _loop("save a question (write)", "agenda/", where, draw, form=form, expects=302)


@dataclass(frozen=True)
class Alone:
    """One request with nobody else there: the middle of its times, and the processor time it took on average."""

    seconds: float
    work: float | None


def measure(kind: str, *, quick: bool, rate: float, seconds: float) -> Section:
    """Fill a database, serve it, warm up, ask one at a time, then keep up the load."""
    size, draw = PAGES_QUICK if quick else PAGES, Random("load")
    with installation(kind) as place:
        where = place.build(size)
        with place.serving() as server:
            web = web_processes(server.pid)
            alone = one_at_a_time(place.port, where, draw, 1 if quick else ALONE, web)
            asks, before = mixed(where, draw, max(1, round(rate * seconds))), work(web)
            outcomes, reached = steady(place.port, asks, rate)
            held, after = highest(children(server.pid)), work(web)
    needed = (after - before) / len(asks) if before is not None and after is not None else None
    section = Section(f"Pages on {version(kind)}", HEAD)
    for name, share, _make in MIX:
        section.rows.append(row(name, share, alone[name], [one for one in outcomes if one.kind == name]))
    section.rows.append(row("all", 100, Alone(0, needed), outcomes))
    section.notes = [
        f"{len(asks)} requests in {seconds:.0f} s: {rate:.0f} a second asked for, {reached:.1f} a second answered. "
        "Times count from when a request was due. Alone: with nobody else there. Work: processor time of the web "
        f"processes for one request. Most memory of one process: {memory(held)}.",
        words_on(size, where),
        *faults(outcomes),
    ]
    return section


def one_at_a_time(port: int, where: Where, draw: Random, times: int, web: list[int]) -> dict[str, Alone]:
    """A few requests of each kind, one after the other, after the processes have warmed up."""
    found = {}
    for name, _share, make in MIX:
        for _request in range(WARM_UP):
            outcome = send(port, make(where, draw))
            if outcome.fault:
                raise Broken(f"The page “{name}” {outcome.fault}.")
        before = work(web)
        middle = median(send(port, make(where, draw)).seconds for _request in range(times))
        after = work(web)
        found[name] = Alone(middle, (after - before) / times if before is not None and after is not None else None)
    return found


def mixed(where: Where, draw: Random, number: int) -> list[Ask]:
    """So many requests in the shares of the mix, in an order by chance; each kind at least once."""
    makers = [make for _name, share, make in MIX for _one in range(share)]
    chosen = [make for _name, _share, make in MIX] + draw.choices(makers, k=max(0, number - len(MIX)))
    draw.shuffle(chosen)
    return [make(where, draw) for make in chosen]


def row(name: str, share: int, alone: Alone, outcomes: list[Outcome]) -> list[str]:
    """Requests without an answer count with the time after which they were given up."""
    aim = None if name == "all" else WRITE if name.endswith("(write)") else READ
    p50, p95, p99 = (percentile([one.seconds for one in outcomes], of) for of in (50, 95, 99))
    return [
        name, str(share), *(duration(one) if one else "" for one in (alone.seconds, alone.work)), duration(p50),
        duration(p95), duration(p99), str(sum(bool(one.fault) for one in outcomes)), duration(aim) if aim else "",
        judged(p95, aim),
    ]  # fmt: skip


def faults(outcomes: list[Outcome]) -> list[str]:
    """One line on what went wrong, if anything did."""
    found = Counter(one.fault for one in outcomes if one.fault)
    return [f"Errors: {', '.join(f'{number} {fault}' for fault, number in found.most_common())}."] if found else []


def words_on(size: Size, where: Where) -> str:
    return (
        f"One programme with {size.members:,} members, {size.loops:,} loops and {size.messages:,} messages, and a "
        f"round of {size.waiting:,} mentees and {size.free:,} mentors; made in {where['seconds']:.0f} s."
    )
