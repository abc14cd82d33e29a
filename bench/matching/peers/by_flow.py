"""OR-tools: min-cost flow over each mentee's best 64. Making the lists counts; points are reckoned by plain numpy."""

import sys

import numpy as np
from ortools.graph.python import min_cost_flow
from stopwatch import Stopwatch, tell

from bench.matching.crowd import TOP, Points, crowd

LONGEST, ROWS = 64, 512


def best_of(people):
    """Each mentee's best mentors as arcs: rows, columns and points. Equals are drawn, or all would list the same."""
    points, draw = Points(people), np.random.default_rng(1)
    n, m = len(people.mentees), len(people.mentors)
    keep = min(LONGEST, m)
    found = []
    for start in range(0, n, ROWS):
        stop = min(start + ROWS, n)
        score, allowed = points.block(start, stop)
        liked = np.where(allowed, score + draw.random(score.shape, dtype=np.float32) / 2, np.float32(-1))
        best = np.argpartition(liked, m - keep, axis=1)[:, m - keep :]
        row, place = np.nonzero(np.take_along_axis(allowed, best, axis=1))
        col = best[row, place]
        found.append((row + start, col, score[row, col].astype(np.int64)))
    return (np.concatenate(part) for part in zip(*found, strict=True))


def solve(people, rows, cols, points):
    """As many as the lists allow, then the most points."""
    n, m = len(people.mentees), len(people.mentors)
    source, sink = n + m, n + m + 1
    everybody, mentors = np.arange(n), np.arange(m)
    tails = np.concatenate((np.full(n, source), rows, everybody, n + mentors))
    heads = np.concatenate((everybody, n + cols, np.full(n, sink), np.full(m, sink)))
    seats = np.concatenate((np.ones(n + len(rows) + n, dtype=np.int64), people.seats))
    alone = np.full(n, TOP * n + 1, dtype=np.int64)
    costs = np.concatenate((np.zeros(n, dtype=np.int64), TOP - points, alone, np.zeros(m, dtype=np.int64)))
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, seats, costs)
    flow.set_nodes_supplies(np.array([source, sink]), np.array([n, -n]))
    if flow.solve() != flow.OPTIMAL:
        raise SystemExit("no flow")
    used = np.flatnonzero(flow.flows(arcs[n : n + len(rows)]) > 0)
    return list(zip(rows[used].tolist(), cols[used].tolist(), strict=True))


def main(kind, mentees, mentors, out):
    people = crowd(kind, int(mentees), int(mentors))
    watch = Stopwatch()
    rows, cols, points = best_of(people)
    lists = watch.read()
    pairs = solve(people, rows, cols, points)
    tell(out, **watch.read(), lists=lists["seconds"], pairs=pairs)


main(*sys.argv[1:])
