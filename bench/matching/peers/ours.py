"""The engine itself, in a process of its own as every peer is."""

import hashlib
import random
import sys
import time
from dataclasses import replace

import numpy as np
from stopwatch import Stopwatch, most_memory, tell

from bench.matching.crowd import crowd
from bench.matching.people import problem_of
from matchengine import Mentee, Mentor, Problem, receipt_from_json, receipt_of, solve, verify
from matchengine.problem import TOP_SCORE
from matchengine.solve import SMALL, Table


class Stages:
    """How long each stage took, told by the engine's own progress."""

    def __init__(self):
        self.now, self.found = "checking", {}
        self.began = Stopwatch()

    def hear(self, stage, done, total):
        if stage != self.now:
            for name, spent in self.began.read().items():
                at = f"{self.now} {name}"
                self.found[at] = self.found.get(at, 0) + spent
            self.now, self.began = stage, Stopwatch()


def wake(small=0):
    """One call on two people: what most of the compiled code needs once in each process."""
    solve(Problem((Mentee("a"), Mentee("b")), (Mentor("c"),)), small=small)


def wake_all():
    """And one on a crowd in which people have to give way: what all of it needs."""
    solve(problem_of(crowd("clustered", 400, 100)), small=0)


def by_door(people, threads, small):
    """As anybody calls it: checked, scored, matched, proven, and a reason for everyone. With one thread the receipt is
    then checked too, which is measured beside the rest."""
    problem = problem_of(people)
    if len(problem.mentees) * len(problem.mentors) > small:
        wake_all()
    stages, watch = Stages(), Stopwatch()
    result = solve(problem, threads=threads, progress=stages.hear, small=small)
    cost = watch.read()
    stages.hear("", 0, 0)
    cost["memory"] = most_memory()
    pairs = [(int(one.mentee[1:]), int(one.mentor[1:])) for one in result.pairs]
    found = {**cost, "pairs": pairs, "certified": result.value == result.bound, "stages": stages.found}
    return found if threads > 1 else {**found, "verified": verified(problem, receipt_of(problem, result).to_json())}


def verified(problem, written):
    """What the verifier takes to read a receipt and to look at every pair once more, and what it says."""
    watch = Stopwatch()
    proven = verify(problem, receipt_from_json(written)).proven
    return {**watch.read(), "proven": proven, "memory": most_memory()}


def by_full_list(people, threads, small):
    """The same solver with every allowed pair on the lists from the beginning, and no sweeps."""
    from matchengine.solvers.lists import Lists, best_on_lists, gains_on_lists, least_prices_on_lists

    problem = problem_of(people)
    wake_all()
    watch = Stopwatch()
    table = Table(problem)
    each = TOP_SCORE * len(problem.mentees) + 1
    seats = np.array([mentor.seats for mentor in table.mentors], dtype=np.int64)
    longs, cols, worth = [0], [], []
    for _rows, scores, allowed in table.blocks():
        row, col = np.nonzero(allowed)
        longs.extend(np.bincount(row, minlength=len(allowed)).tolist())
        cols.append(col.astype(np.int32))
        worth.append(scores[row, col] + np.int32(each))
    lists = Lists(np.cumsum(longs), np.concatenate(cols), np.concatenate(worth))
    del cols, worth
    match = best_on_lists(lists, seats)
    prices = least_prices_on_lists(lists, seats, match.mentor_of)
    gains = gains_on_lists(lists, prices)
    cost = watch.read()
    rows = np.flatnonzero(match.mentor_of >= 0)
    found = [(int(table.mentees[row].id[1:]), int(table.mentors[match.mentor_of[row]].id[1:])) for row in rows]
    value = sum(table.scoring.score(int(row), int(match.mentor_of[row])) + each for row in rows)
    proven = value == int(gains.sum()) + int((seats * prices).sum())
    return {**cost, "pairs": found, "certified": proven}


def by_bytes(people, threads, small):
    """The receipts of one to four threads and of two other orders of rows: how many different ones there are."""
    problem, draw = problem_of(people), random.Random(1)
    turned = replace(problem, mentees=problem.mentees[::-1], mentors=problem.mentors[::-1])
    mixed = replace(
        problem,
        mentees=tuple(draw.sample(problem.mentees, len(problem.mentees))),
        mentors=tuple(draw.sample(problem.mentors, len(problem.mentors))),
    )
    watch = Stopwatch()
    runs = [(problem, 1), (problem, 2), (problem, 4), (turned, 1), (mixed, 2)]
    receipts = {
        hashlib.sha256(receipt_of(one, solve(one, threads=many, small=small)).to_json().encode()).hexdigest()
        for one, many in runs
    }
    return {**watch.read(), "pairs": [], "receipts": len(receipts)}


def by_first_call(people, threads, small):
    """The first match in a new process, and the same once more."""
    first = time.perf_counter()
    wake()
    again = time.perf_counter()
    wake()
    return {"seconds": again - first, "cpu": 0, "pairs": [], "again": time.perf_counter() - again}


WAYS = {"door": by_door, "full": by_full_list, "bytes": by_bytes, "first": by_first_call}


def main(kind, mentees, mentors, out, way, threads="1", small=str(SMALL)):
    people = crowd(kind, int(mentees), int(mentors))
    tell(out, **WAYS[way](people, int(threads), int(small)))


if __name__ == "__main__":
    main(*sys.argv[1:])
