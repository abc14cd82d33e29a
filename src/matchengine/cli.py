"""The `matchengine` command: two tables and a rules file in, pairs and a receipt out; the verifier; and why not."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import cast

from matchengine.canonical import problem_from_json
from matchengine.checks import check
from matchengine.cluster import Cluster, UnusableCluster
from matchengine.keeping import KeptFile, UnusableSearch
from matchengine.meter import Meter
from matchengine.problem import OBJECTIVES, InvalidProblem, Objective, Problem
from matchengine.receipt import Receipt, UnreadableReceipt, receipt_from_json, receipt_of
from matchengine.result import Result
from matchengine.rules import RulesError
from matchengine.size import Size, size_of
from matchengine.solve import LARGEST_SEED, SMALL, Progress, Table, solve
from matchengine.tables import TableError, pairs_as_csv, read_problem
from matchengine.text.models import open_model
from matchengine.text.reader import UnusableModel, read_texts
from matchengine.verdict import Verdict
from matchengine.verify import verify
from matchengine.why_not import PRICED, why_not
from matchengine.words import fewer_in_words, left_over_in_words, price_in_words, reason_in_words, recruit_in_words

UNUSABLE = (
    TableError, RulesError, InvalidProblem, UnreadableReceipt, UnusableModel, UnusableSearch,
    UnusableCluster, OSError, UnicodeDecodeError,
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command. 0: done or proven; 1: not proven; 2: the input cannot be used, and why on standard
    error; 130: stopped by hand."""
    options = _parser().parse_args(arguments)
    try:
        return {"match": _match, "verify": _verify, "explain": _explain}[options.command](options)
    except FileNotFoundError as error:
        print(f"matchengine: {error.filename}: there is no such file", file=sys.stderr)
        return 2
    except UNUSABLE as error:
        print(f"matchengine: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("matchengine: stopped", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="matchengine", description="Mentor matching that proves its matches.")
    commands = parser.add_subparsers(dest="command", required=True)
    match = commands.add_parser("match", help="find the best pairs")
    _add_inputs(match, required=True)
    match.add_argument("--out", type=Path, required=True, metavar="PAIRS.csv", help="where to write the pairs")
    match.add_argument("--receipt", type=Path, required=True, metavar="RECEIPT.json", help="where to write the proof")
    match.add_argument("--objective", choices=OBJECTIVES, default=OBJECTIVES[0], help="default: %(default)s")
    match.add_argument("--seed", type=_seed, default=0, help="decides among equals; default: %(default)s")
    match.add_argument(
        "--gap",
        default=0,
        metavar="PERCENT",
        help="for large problems: stop when no match can have so many per cent more points; default: 0, the best",
    )
    sweeping = match.add_mutually_exclusive_group()
    sweeping.add_argument(
        "--threads", type=int, default=1, help="for large problems; the result is the same; default: 1"
    )
    sweeping.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="for large problems: local:2 for two processes, or a Dask scheduler, tcp://HOST:PORT or tls://HOST:PORT",
    )
    match.add_argument(
        "--keep",
        type=Path,
        metavar="FILE",
        help="for large problems: keep there what is known after each round, and go on from it after a break",
    )
    proof = commands.add_parser("verify", help="check a receipt against its inputs")
    proof.add_argument("receipt", type=Path, metavar="RECEIPT.json")
    _add_inputs(proof, required=False)
    why = commands.add_parser("explain", help="what two people have in common, and what it would cost to pair them")
    why.add_argument("mentee", metavar="MENTEE")
    why.add_argument("mentor", metavar="MENTOR")
    why.add_argument("--receipt", type=Path, required=True, metavar="RECEIPT.json", help="of the match to compare with")
    _add_inputs(why, required=False)
    for command in (proof, why):
        command.add_argument("--problem", type=Path, metavar="PROBLEM.json", help="instead of the tables and the rules")
    return parser


def _add_inputs(parser: argparse.ArgumentParser, required: bool) -> None:
    parser.add_argument("--mentees", type=Path, required=required, metavar="FILE.csv")
    parser.add_argument("--mentors", type=Path, required=required, metavar="FILE.csv")
    parser.add_argument("--rules", type=Path, required=required, metavar="FILE.toml")
    parser.add_argument(
        "--text-model", default="", metavar="FOLDER", help="read texts by meaning with this sealed model, or `packaged`"
    )


def _seed(text: str) -> int:
    if not re.fullmatch(r"\d{1,19}", text, re.ASCII) or int(text) > LARGEST_SEED:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number from 0 to {LARGEST_SEED}")
    return int(text)


def _match(options: argparse.Namespace) -> int:
    written = [path for path in (options.out, options.receipt, options.keep) if path is not None]
    for at, path in enumerate(written):
        if path.is_dir() or not path.parent.is_dir():
            raise InvalidProblem(f"{path}: nothing can be written there")
        if any(_is_one(path, other) for other in (options.mentees, options.mentors, options.rules)):
            raise InvalidProblem(f"{path}: this is read, and is not written over")
        if any(_is_one(path, other) for other in written[:at]):
            raise InvalidProblem(f"{path}: two things cannot be written there")
    cluster = Cluster(options.cluster) if options.cluster is not None else nullcontext()
    problem = _read(options)
    kept = KeptFile(options.keep) if options.keep is not None else None
    meter = Meter(sys.stderr)
    with cluster as crew:
        threads_of_each = crew.threads_of_each if crew is not None else ()
        size = partial(size_of, problem, threads=options.threads, small=SMALL, cluster=threads_of_each)
        result = solve(
            problem,
            objective=options.objective,
            seed=options.seed,
            threads=options.threads,
            gap=options.gap,
            progress=_saying_the_size(size, kept, meter),
            small=SMALL,
            kept=kept,
            crew=crew,
        )
    meter.clear()
    pairs, receipt = pairs_as_csv(problem, result).encode(), receipt_of(problem, result).to_json().encode("ascii")
    _write_both({options.out: pairs, options.receipt: receipt})
    if kept is not None:
        kept.remove()
    for one in sorted(result.left_over, key=lambda one: one.mentee):
        print(" ".join(one.mentee.split()), one.cause, left_over_in_words(one), sep="\t")
    for fewer in sorted(result.fewer, key=lambda one: one.mentee):
        print(" ".join(fewer.mentee.split()), "fewer", fewer_in_words(fewer), sep="\t")
    placed = f"{result.placed} of {len(problem.mentees)} placed, {_pairs(result)}"
    placed += f"{result.total} points in all, {_how_good(result)}."
    print(placed, *(recruit_in_words(recruit) for recruit in result.recruits), sep="\n", file=sys.stderr)
    return 0


def _is_one(path: Path, other: Path) -> bool:
    """Whether two names are of one file, by whatever links."""
    both_there = path.exists() and other.exists()
    return path.resolve() == other.resolve() or (both_there and path.samefile(other))


def _write_both(contents: dict[Path, bytes]) -> None:
    """All of these or none: each is written beside its place first. What is no file, a pipe say, is written at once."""
    parts: dict[Path, Path] = {}
    try:
        for path, content in contents.items():
            place = path.resolve()
            if place.exists() and not place.is_file():
                place.write_bytes(content)
                continue
            parts[place] = place.with_name(place.name + ".part")
            parts[place].write_bytes(content)
        for place, part in parts.items():
            part.replace(place)
    except OSError as error:
        for part in parts.values():
            part.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from error


def _pairs(result: Result) -> str:
    return f"{len(result.pairs)} pairs, " if result.levels > 1 else ""


def _saying_the_size(size_of_it: Callable[[], Size], kept: KeptFile | None, meter: Meter) -> Progress:
    """Says once what a large run will need: when it begins, and so after everything was checked. Says once that one
    goes on, and all the time how far it is."""
    told: set[str] = set()

    def tell(stage: str, done: int, total: int) -> None:
        size = size_of_it() if not told else None
        if size is not None and size.is_large:
            print(size.in_words, file=sys.stderr, flush=True)
        if stage == "solving" and stage not in told and kept is not None and kept.is_ours:
            meter.clear()
            print(f"Going on after round {kept.rounds}, from {kept.path}.", file=sys.stderr, flush=True)
        told.add(stage)
        meter(stage, done, total)

    return tell


def _how_good(result: Result) -> str:
    if result.objective == "stable":
        fewer = result.bound // result.per_person - result.placed
        return f"no two would both rather have each other; {fewer} more could be placed"
    how = "best possible"
    if result.gap is not None:
        more = "no match places more, " if result.levels == 1 else "no match fills more places, "
        more = "" if result.objective == "best_total" else more
        points = "1 point" if result.gap.points == 1 else f"{result.gap.points} points"
        how = f"{more}at most {result.gap.per_cent} % ({points}) below the best possible"
    if result.floor is not None:
        return f"every pair has at least {result.floor.points}, {how}"
    return how


def _verify(options: argparse.Namespace) -> int:
    receipt = receipt_from_json(options.receipt.read_text("ascii"))
    verdict = _proof(_problem(options), receipt)
    print(verdict.sentence)
    for more in (*verdict.faults[1:], verdict.about_texts if verdict.proven and not options.text_model else ""):
        if more:
            print(more)
    return 0 if verdict.proven else 1


def _proof(problem: Problem, receipt: Receipt) -> Verdict:
    meter = Meter(sys.stderr)
    verdict = verify(problem, receipt, lambda done, total: meter("checking", done, total))
    meter.clear()
    return verdict


def _explain(options: argparse.Namespace) -> int:
    problem, receipt = _problem(options), receipt_from_json(options.receipt.read_text("ascii"))
    verdict = _proof(problem, receipt)
    if not verdict.proven:
        print(verdict.sentence, *verdict.faults[1:], sep="\n", file=sys.stderr)
        return 1
    for who, side, ids in (
        (options.mentee, "mentee", {one.id for one in problem.mentees}),
        (options.mentor, "mentor", {one.id for one in problem.mentors}),
    ):
        if who not in ids:
            raise InvalidProblem(f'there is no {side} "{who}"')
    table = Table(problem, receipt.seed)
    pair = table.pair(options.mentee, options.mentor)
    print(f"{' '.join(pair.mentee.split())} and {' '.join(pair.mentor.split())}: {pair.score} of 100")
    print(*(reason_in_words(reason) for reason in pair.reasons), sep="\n")
    if receipt.gap is not None:
        print("What it would cost to pair them is told of a match that is the best possible; this one has a gap.")
        return 0
    if receipt.objective not in PRICED:
        print(f"What it would cost to pair them is told of {' and '.join(PRICED)} alone.")
        return 0
    pairs: dict[str, tuple[str, ...]] = {}
    for one in receipt.pairs:
        pairs[one.mentee] = (*pairs.get(one.mentee, ()), one.mentor)
    price = why_not(table, pairs, cast(Objective, receipt.objective), options.mentee, options.mentor)
    print(price_in_words(price))
    return 0


def _problem(options: argparse.Namespace) -> Problem:
    tables = (options.mentees, options.mentors, options.rules)
    if options.problem is not None and not any((*tables, options.text_model)):
        problem = problem_from_json(options.problem.read_text("ascii"))
        check(problem)
        return problem
    if options.problem is None and all(tables):
        return _read(options)
    raise InvalidProblem("give either --mentees, --mentors and --rules, or --problem alone")


def _read(options: argparse.Namespace) -> Problem:
    """The tables, and their texts as a model reads them where one is named."""
    problem = read_problem(options.mentees, options.mentors, options.rules)
    return read_texts(problem, open_model(options.text_model)) if options.text_model else problem
