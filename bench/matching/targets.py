"""How near the engine is to what was set for it, each as a ratio where it can be one."""

from collections.abc import Iterator, Sequence

from bench.matching.runs import Run
from bench.table import Section

OURS, FULL, BYTES = "matchengine", "matchengine, every pair on the lists", "matchengine, five runs"
FLOW, SCIPY, MUNKRES = "OR-tools on the best 64", "scipy on seats", "mentor-match"
SLOW = ("mentor-match", "algmatch", "mentormatch")
Rows = Iterator[tuple[str, str, str, str]]


def to_the_proof(one: Run) -> float:
    """Processor seconds until the match was found and proven; after that come reasons in words for everybody."""
    stages = one.more["stages"]
    return sum(spent for name, spent in stages.items() if name.endswith(" cpu") and not name.startswith("explaining"))


def judged_by(runs: Sequence[Run], kept: Sequence[Run]) -> Section:
    """The targets whose figures are there."""
    every = [*runs, *kept]
    section = Section("Matching, targets", ("Target", "found", "aim", ""))
    for part in (_against_munkres, _ten_thousand, _against_flow, _against_full_list, _same_bytes):
        section.rows.extend(part(every))
    section.notes.append(
        "Ratios are of processor time unless they say otherwise, and of this run, but for mentor-match, algmatch and "
        "mentormatch: theirs are the kept rows. Not judged here: 1,000,000 x 200,000 (5: `bench million`) "
        "and texts (6: `bench text`)."
    )
    return section


def _against_munkres(runs: Sequence[Run]) -> Rows:
    name = "1: 3,000 x 750 against mentor-match, scoring included"
    ours, theirs = _find(runs, OURS, 3_000), _find(runs, MUNKRES, 3_000)
    if ours is None or theirs is None:
        return
    if not ours.judged or not theirs.judged:
        yield _no_figure(name, "500 times less time", ours, theirs)
        return
    yield _at_least(f"{name}: less time", _over(theirs.cpu, ours.cpu), 500)
    yield _at_least(f"{name}: less memory", _over(theirs.memory, ours.memory), 20)
    yield _is(f"{name}: of the optimum", "100 %" if ours.more["certified"] else "not proven", "100 %")


def _ten_thousand(runs: Sequence[Run]) -> Rows:
    name = "2: 10,000 x 2,500"
    ours, seats = _find(runs, OURS, 10_000), _find(runs, SCIPY, 10_000)
    if ours is None or seats is None:
        return
    if not ours.judged or not seats.judged:
        yield _no_figure(name, "at most 1 s of processor", ours, seats)
        return
    yield _at_most(f"{name}: processor seconds to the proof", to_the_proof(ours), 1)
    for who in SLOW:
        yield (f"{name}: {who}", *_without_end(_find(runs, who, 10_000)))
    yield _at_least(f"{name} against scipy on seats: less time", _over(seats.cpu, to_the_proof(ours)), 10)
    yield _at_least(f"{name} against scipy on seats: less memory", _over(seats.memory, ours.memory), 4)


def _without_end(theirs: Run | None) -> tuple[str, str, str]:
    if theirs is None:
        return ("not run", "does not end", "")
    if theirs.judged:
        return (f"ended after {theirs.cpu:.0f} s of processor", "does not end", "missed")
    return (theirs.fault, "does not end", "met" if theirs.fault.startswith(("not within", "needs more")) else "")


def _against_flow(runs: Sequence[Run]) -> Rows:
    name = "3: 100,000 x 20,000 against OR-tools on the best 64"
    ours, flow = _find(runs, OURS, 100_000), _find(runs, FLOW, 100_000)
    if ours is None or flow is None:
        return
    if not ours.judged or not flow.judged:
        yield _no_figure(name, "at most 3 times its time", ours, flow)
        return
    more = 100 * (ours.judged.placed - flow.judged.placed) / ours.mentees
    yield _at_least(f"{name}: points of a hundred more placed", more, 5)
    yield _at_least(f"{name}: per cent more points", 100 * (ours.judged.points / flow.judged.points - 1), 3.5)
    yield _is(f"{name}: certified over all pairs", "yes" if ours.more["certified"] else "no", "yes")
    yield _at_most(f"{name}: times its list and solve time", _over(to_the_proof(ours), flow.cpu), 3)


def _against_full_list(runs: Sequence[Run]) -> Rows:
    name = "4: 20,000 x 4,000, guided against every pair on the lists"
    ours, full = _find(runs, OURS, 20_000), _find(runs, FULL, 20_000)
    if ours is None or full is None:
        return
    if not ours.judged or not full.judged:
        yield _no_figure(name, "25 times less time", ours, full)
        return
    yield _at_least(f"{name}: less processor time", _over(full.cpu, to_the_proof(ours)), 25)
    both = ours.more["certified"] and full.more["certified"] and ours.judged == full.judged
    yield _is(f"{name}: the same certified optimum", "yes" if both else "no", "yes")


def _same_bytes(runs: Sequence[Run]) -> Rows:
    alike = [one for one in runs if one.peer == BYTES]
    if alike:
        wrong = [one for one in alike if one.more.get("receipts") != 1]
        found = f"{len(alike) - len(wrong)} of {len(alike)} crowds"
        yield _is(
            "7: one receipt for 1, 2 and 4 threads and three orders of rows",
            found,
            f"{len(alike)} of {len(alike)} crowds",
        )
    judged = [one.judged for one in runs if one.peer.startswith(OURS) and one.judged]
    pairs = sum(one.placed for one in judged)
    bad = sum(one.forbidden + one.overfull for one in judged)
    yield _is(f"7: forbidden pairs among {pairs:,} in all tables", str(bad), "0")


def _no_figure(name: str, aim: str, ours: Run, theirs: Run) -> tuple[str, str, str, str]:
    """Where one of two has not come to an end. If it is ours, the target is missed."""
    found = "; ".join(f"{one.peer}: {one.fault or f'{one.cpu:.0f} s of processor'}" for one in (ours, theirs))
    return (name, found, aim, "" if ours.judged else "missed")


def _find(runs: Sequence[Run], peer: str, mentees: int) -> Run | None:
    return next((one for one in runs if (one.peer, one.kind, one.mentees) == (peer, "clustered", mentees)), None)


def _over(one: float | None, other: float | None) -> float | None:
    return one / other if one is not None and other else None


def _at_least(name: str, found: float | None, aim: float) -> tuple[str, str, str, str]:
    if found is None:
        return (name, "not known", f"at least {aim:g}", "")
    word = "met" if found >= aim else f"missed: {100 * found / aim:.0f} % of it"
    return (name, f"{found:.1f}", f"at least {aim:g}", word)


def _at_most(name: str, found: float | None, aim: float) -> tuple[str, str, str, str]:
    if found is None:
        return (name, "not known", f"at most {aim:g}", "")
    return (name, f"{found:.1f}", f"at most {aim:g}", "met" if found <= aim else f"missed, {found / aim:.1f} times")


def _is(name: str, found: str, aim: str) -> tuple[str, str, str, str]:
    return (name, found, aim, "met" if found == aim else "missed")
