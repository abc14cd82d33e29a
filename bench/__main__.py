"""`python3 dev.py bench [PART ...]`: measures and prints tables. A missed aim is a figure, not a failure."""

import argparse
import http.client
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from bench import large_round, pages, roster, round, suite, text
from bench.installation import Broken, machine
from bench.matching import million
from bench.matching.measure import measure as measure_matching
from bench.matching.runs import LIMIT
from bench.table import Section
from tests.postgres import NoServer

PARTS: dict[str, Callable[..., Section]] = {"pages": pages.measure, "round": round.measure, "roster": roster.measure}
LONG = {"large-round": large_round.measure}
ON_DATABASES = {**PARTS, **LONG}
ASKED_FOR = (*LONG, "matching", "million", "text", "tests")


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    whole.add_argument(
        "parts", nargs="*", metavar="PART",
        help="pages, round, roster (these three if none), large-round, matching, million, text, tests",
    )  # fmt: skip
    whole.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    whole.add_argument("--quick", action="store_true", help="few people for a few seconds: shows that it runs")
    whole.add_argument("--rate", type=float, default=50, help="requests a second for the pages (%(default)s)")
    whole.add_argument("--seconds", type=float, help="how long the pages are asked for (60; quick: 2)")
    whole.add_argument(
        "--model", action="append", default=[], metavar="FOLDER", help="text: also a sealed text model; may be repeated"
    )
    whole.add_argument("--peers", action="store_true", help="matching: run those peers anew whose rows are kept")
    whole.add_argument(
        "--limit", type=float, default=LIMIT, metavar="SECONDS",
        help="matching: processor time that a run may take, if its row is not a kept one (%(default)s)",
    )  # fmt: skip
    whole.add_argument(
        "--keep", type=Path, default=million.KEPT, metavar="FILE",
        help="million: where its search is kept after each round, and gone on from (%(default)s)",
    )  # fmt: skip
    whole.add_argument("--write", type=Path, metavar="FILE", help="also write the tables there")
    return whole


def main(arguments: list[str]) -> int:
    chosen = parser().parse_args(arguments)
    parts = chosen.parts or list(PARTS)
    if unknown := [part for part in parts if part not in (*PARTS, *ASKED_FOR)]:
        print(f"bench: there is no part {unknown[0]!r}; there are {', '.join([*PARTS, *ASKED_FOR])}", file=sys.stderr)
        return 2
    # A shell that starts a command in the background has it ignore Ctrl-C; a bench is always to be stopped.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    asked = ["sqlite", "postgresql"] if chosen.database == "both" else [chosen.database]
    databases = asked if set(parts) & set(ON_DATABASES) else []
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    said: list[str] = []

    def show(words: str) -> None:
        said.append(words)
        print(words, end="\n\n", flush=True)

    try:
        show(f"Measured on: {machine(load, databases)}.")
        if chosen.quick:
            show("Quick: far fewer people than the aims are meant for; the figures say only that everything runs.")
        for part in [part for part in ON_DATABASES if part in parts]:
            for kind in databases:
                print(f"bench: {part} on {kind}", file=sys.stderr, flush=True)
                seconds = chosen.seconds or (2 if chosen.quick else 60)
                show(ON_DATABASES[part](kind, quick=chosen.quick, rate=chosen.rate, seconds=seconds).text())
        if "matching" in parts:
            for section in measure_matching(chosen.quick, chosen.peers, chosen.limit):
                show(section.text())
        if "million" in parts:
            for section in million.measure(chosen.quick, chosen.keep):
                show(section.text())
        if "text" in parts:
            show(text.measure(chosen.model, chosen.quick).text())
        if "tests" in parts or set(parts) & set(PARTS):
            show(suite.measure().text() if "tests" in parts else suite.NOT_ASKED)
    except KeyboardInterrupt:
        print("bench: stopped", file=sys.stderr)
        return 130
    except (Broken, NoServer) as trouble:
        print(f"bench: {trouble}", file=sys.stderr)
        return 1
    except (OSError, http.client.HTTPException) as trouble:
        print(f"bench: a request had no answer ({type(trouble).__name__})", file=sys.stderr)
        return 1
    if chosen.write:
        chosen.write.write_text("\n\n".join(said) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
