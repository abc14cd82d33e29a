"""`bench million`: 1,000,000 mentees and 200,000 mentors on two threads, near enough to the best and proven so. It can
be stopped at any time, and goes on from its last whole round when it is run again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench.installation import say
from bench.matching.crowd import crowd
from bench.matching.runs import Peer, Run, run
from bench.table import Section, judged, memory
from tests.operate.processes import ROOT

SIZE, QUICK_SIZE = (1_000_000, 200_000), (400, 100)
GAP, MINUTES, MOST_GB = 0.1, 45, 6  # per cent; the aims of the whole size
THREADS = 2
KEPT = ROOT / ".dev" / "bench-million"
LIMIT = 6 * 3600.0


def measure(quick: bool = False, file: Path = KEPT, size: tuple[int, int] | None = None) -> Iterator[Section]:
    """The run, from where `file` stands if it is there, and then the aims. Quick: a small crowd, broken on purpose
    after two rounds and gone on."""
    size = size or (QUICK_SIZE if quick else SIZE)
    file.parent.mkdir(parents=True, exist_ok=True)
    people = crowd("clustered", *size)
    say(f"{people.name}, {'gone on from' if file.exists() else 'kept in'} {file.name}")
    # Such a small crowd goes the way of large ones only where the engine is told that none is small.
    more = (str(file), str(GAP), str(THREADS), "0")
    peer = Peer("matchengine, two threads", "by_rounds.py", more=(*more, "0"))
    if quick:
        run(replace(peer, more=(*more, "2")), people)
    done = run(peer, people, limit=LIMIT)
    yield _section(done)
    if done.judged is not None and size == SIZE:
        yield _aims(done)


def _section(one: Run) -> Section:
    section = Section(
        f"A million, to a gap of {GAP} %",
        ("Mentees x mentors", "clock", "processor", "most memory", "placed", "rounds", "parts", "gap at most", ""),
    )
    title = f"{one.mentees:,} x {one.mentors:,}: {one.peer}"
    if one.judged is None:
        section.rows.append((title, "", "", memory(one.memory), "", "", "", "", one.fault))
        return section
    placed = f"{100 * one.judged.placed / one.mentees:.2f} %"
    faults = one.judged.forbidden + one.judged.overfull
    section.rows.append(
        (
            title, f"{one.seconds / 60:.1f} min", f"{one.cpu / 60:.1f} min", memory(one.memory), placed,
            f"{one.more['rounds']}", f"{one.more['parts']}", f"{_gap(one):.4f} %",
            f"{faults} pairs against a rule" if faults else "",
        )
    )  # fmt: skip
    section.notes.append(
        "Clock and processor are those of all parts, each up to the last round it kept. The gap is of the points; "
        "nobody could place more people."
    )
    return section


def _gap(one: Run) -> float:
    return 100 * one.more["below"] / one.more["best"]


def _aims(one: Run) -> Section:
    section = Section("A million, target 5", ("What", "found", "aim", ""))
    figures = (
        ("per cent of gap", _gap(one), GAP),
        ("minutes on the clock", one.seconds / 60, MINUTES),
        ("GB", one.memory / 1000 if one.memory is not None else None, MOST_GB),
    )
    for name, found, aim in figures:
        said = "not known" if found is None else f"{found:.3g}"
        section.rows.append((name, said, f"at most {aim:g}", judged(found, aim)))
    return section
