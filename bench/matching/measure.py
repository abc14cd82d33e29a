"""`bench matching`: the engine beside its peers on crowds of five kinds, in one run, and how near the targets are."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bench.installation import say
from bench.matching import environments, targets
from bench.matching.crowd import KINDS, Judged, crowd
from bench.matching.growth import growth
from bench.matching.runs import LIMIT, Peer, Run, run
from bench.matching.targets import to_the_proof
from bench.table import Section, duration, memory

SIZES = ((100, 25), (1_000, 250), (3_000, 750), (10_000, 2_500), (20_000, 4_000), (100_000, 20_000))
SIZES_OF_OTHERS = SIZES[:4]
KEPT_SIZES = SIZES[:4]
QUICK_SIZES = ((40, 10), (120, 30))
TWO_FROM = FULL_AT = 20_000
BYTES_AT = (3_000, 750)
SCIPY_UP_TO, SCIPY_UP_TO_OF_OTHERS = 10_000, 3_000  # a matrix of seats: at 20,000 it is several GB, twice
KEPT, PLOT = Path(__file__).parent / "peers.json", Path(__file__).parent / "growth.svg"
ABOUT = {
    "clustered": "clustered demand: most want few things that few offer",
    "flat": "flat demand",
    "scarce": "scarce mentors: seats for 70 of 100",
    "plenty": "plenty of mentors: five seats for two",
    "ties": "many ties: six skills, two sites",
}

OURS = Peer("matchengine", "ours.py", more=("door", "1"))
TWO = Peer("matchengine, two threads", "ours.py", more=("door", "2"))
FULL = Peer("matchengine, every pair on the lists", "ours.py", more=("full", "1"))
BYTES = Peer("matchengine, five runs", "ours.py", more=("bytes", "1"))
FIRST = Peer("matchengine, first call", "ours.py", more=("first", "1", "0"))
SCIPY = Peer("scipy on seats", "by_seats.py")
FLOW = Peer("OR-tools on the best 64", "by_flow.py", "ortools")
KEPT_PEERS = (
    Peer("mentor-match", "by_munkres.py", "mentor-match", reads=True),
    Peer("matching", "by_stability.py", "matching", ("matching",)),
    Peer("algmatch", "by_stability.py", "algmatch", ("algmatch",)),
    Peer("mentormatch", "by_mentormatch.py", "mentormatch", reads=True),
)


def measure(quick: bool = False, peers: bool = False, limit: float = LIMIT) -> Iterator[Section]:
    """The tables one by one, as they are ready. Quick: tiny crowds, and of the peers with environments of their own
    only those that are there. `peers`: run those again of which rows are kept. `limit`: how long a run that is not
    kept may take."""
    if peers and not quick:
        _run_kept_peers()
    before = kept() if not quick else Kept({}, [])
    runs: list[Run] = []
    yield _section_of_first(quick)
    for kind in KINDS:
        found = list(_runs_of(kind, quick, limit))
        runs += found
        yield _section(kind, found, before)
    mentees, mentors = QUICK_SIZES[-1] if quick else BYTES_AT
    runs += [_run(BYTES, kind, mentees, mentors, quick, limit) for kind in (KINDS[-1:] if quick else KINDS)]
    yield growth(runs, None if quick else PLOT)
    yield targets.judged_by(runs, before.runs)


def _runs_of(kind: str, quick: bool, limit: float) -> Iterator[Run]:
    is_hardest = kind == "clustered"
    sizes, of_others = (QUICK_SIZES, QUICK_SIZES[-1:]) if quick else (SIZES, SIZES_OF_OTHERS)
    for mentees, mentors in sizes if is_hardest else of_others:
        yield _run(OURS, kind, mentees, mentors, quick, limit)
        if is_hardest and (quick or mentees >= TWO_FROM):
            yield _run(TWO, kind, mentees, mentors, quick, limit)
        if is_hardest and (quick or mentees == FULL_AT):
            yield _run(FULL, kind, mentees, mentors, quick, limit)
        if not quick:
            environments.make(FLOW.package)
        if environments.is_there(FLOW.package):
            yield _run(FLOW, kind, mentees, mentors, quick, limit)
        if mentees <= (SCIPY_UP_TO if is_hardest else SCIPY_UP_TO_OF_OTHERS):
            yield _run(SCIPY, kind, mentees, mentors, quick, limit)


def _run(peer: Peer, kind: str, mentees: int, mentors: int, quick: bool = False, limit: float = LIMIT) -> Run:
    say(f"{peer.name}, {kind}, {mentees:,} x {mentors:,}")
    if quick and peer.script == OURS.script:
        # Such small crowds go the way of large ones only where the engine is told that none is small.
        peer = replace(peer, more=(*peer.more, "0"))
    return run(peer, crowd(kind, mentees, mentors), limit=limit)


# --- peers whose rows are kept ----------------------------------------------------------------------


def _run_kept_peers() -> None:
    """Each row is kept as soon as it is there: all of them take an hour."""
    for mentees, mentors in KEPT_SIZES:
        for peer in KEPT_PEERS:
            environments.make(peer.package)
            keep(_run(peer, "clustered", mentees, mentors))


def keep(one: Run, file: Path = KEPT) -> None:
    """In place of the row that was there, with today's date."""
    dated = replace(one, more={**one.more, "date": f"{datetime.now(UTC):%Y-%m-%d}"})
    rows = [dated, *(row for row in (kept(file).runs if file.exists() else []) if _where(row) != _where(one))]
    versions = {peer.package: environments.VERSIONS[peer.package] for peer in KEPT_PEERS}
    said = {"versions": versions, "rows": [row.as_row() for row in sorted(rows, key=_where)]}
    file.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


def _where(one: Run) -> tuple[str, int, int]:
    return one.kind, one.mentees, [peer.name for peer in KEPT_PEERS].index(one.peer)


@dataclass(frozen=True)
class Kept:
    """What the slow peers did when they were last run."""

    versions: dict[str, str]
    runs: list[Run]

    @property
    def in_words(self) -> str:
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        dates = " and ".join(sorted({one.more["date"] for one in self.runs}))
        return (
            f"Rows marked * were run on {dates} and kept ({versions}; `--peers` runs them anew), each within "
            f"{LIMIT:.0f} s of the processor. matching and algmatch do not score: their clock begins when both sides' "
            "lists are made."
        )


def kept(file: Path = KEPT) -> Kept:
    """Read from the file beside this one."""
    said = json.loads(file.read_text(encoding="utf-8"))
    return Kept(said["versions"], [Run.of_row(row) for row in said["rows"]])


# --- tables -----------------------------------------------------------------------------------------


def _section(kind: str, runs: list[Run], before: Kept) -> Section:
    section = Section(
        f"Matching, {ABOUT[kind]}",
        ("Mentees x mentors: who", "clock", "processor", "most memory", "placed", "points of the best", ""),
    )
    stale = [one for one in before.runs if one.kind == kind]
    for size in dict.fromkeys((one.mentees, one.mentors) for one in runs):
        here = [one for one in runs if (one.mentees, one.mentors) == size]
        best = next((one.judged for one in here if one.peer == OURS.name), None)
        for one in here:
            section.rows.append(_row(one, best))
        for one in [one for one in stale if (one.mentees, one.mentors) == size]:
            section.rows.append(_row(one, best, "*"))
    if stale:
        section.notes.append(before.in_words)
    return section


def _row(one: Run, best: Judged | None, mark: str = "") -> tuple[str, ...]:
    title = f"{one.mentees:,} x {one.mentors:,}: {one.peer}{mark}"
    if one.judged is None:
        return (title, "", "", memory(one.memory), "", "", one.fault)
    points = f"{100 * one.judged.points / best.points:.2f} %" if best and best.points else ""
    placed = f"{100 * one.judged.placed / one.mentees:.1f} %"
    return (title, duration(one.seconds), duration(one.cpu), memory(one.memory), placed, points, _remarks(one))


def _remarks(one: Run) -> str:
    words = []
    if "certified" in one.more:
        words.append("proven" if one.more["certified"] else "NOT PROVEN")
    if "stages" in one.more:
        words.append(f"proof after {duration(to_the_proof(one))} of processor")
    if "verified" in one.more:
        check = one.more["verified"]
        word = "verified" if check["proven"] else "NOT VERIFIED"
        words.append(f"{word} in {duration(check['cpu'])} of processor, {memory(check['memory'])} by then")
    if "lists" in one.more:
        words.append(f"lists after {duration(one.more['lists'])} on the clock")
    if one.judged and one.judged.forbidden:
        words.append(f"{one.judged.forbidden} forbidden pairs")
    if one.judged and one.judged.overfull:
        words.append(f"{one.judged.overfull} without a seat")
    return "; ".join(words)


def _section_of_first(quick: bool) -> Section:
    """What compiling costs: in an empty cache, from the cache on disk, and when it is loaded."""
    section = Section("Matching, the first call of the compiled code (two mentees, one mentor)", ("Call", "clock"))
    with tempfile.TemporaryDirectory(prefix="twoway-bench-") as folder:
        at = (crowd("flat", 40, 10), {"NUMBA_CACHE_DIR": folder})
        say("first calls")
        first, second = (run(FIRST, at[0], env=at[1]) for _process in range(2))
    section.rows = [
        ("the first on this machine: compiles", _seconds(first)),
        ("the first of another process: reads the cache on disk", _seconds(second)),
        ("the second of a process", duration(second.more.get("again", 0.0))),
    ]
    section.notes.append(
        "Only problems of more than 1,000,000 pairs use compiled code. All times below are without this."
    )
    return section


def _seconds(one: Run) -> str:
    return one.fault or duration(one.seconds)
