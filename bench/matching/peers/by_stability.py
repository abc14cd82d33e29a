"""matching and algmatch: hospitals and residents. Neither scores; both sides' full lists, best first, are made before
the clock starts. Equal points stand by chance."""

import sys

import numpy as np
from stopwatch import Stopwatch, tell

from bench.matching.crowd import Points, crowd

sys.setrecursionlimit(1_000_000)


def preferences(people):
    """Both sides' lists, from the points of every allowed pair."""
    points, allowed = Points(people).block(0, len(people.mentees))
    liked = np.where(allowed, points + np.random.default_rng(1).random(points.shape) / 2, -1)
    return [[_best_first(one) for one in view] for view in (liked, liked.T)]


def _best_first(one):
    order = np.argsort(-one, kind="stable")
    return order[one[order] >= 0].tolist()


def by_matching(hers, his, seats):
    from matching.games import HospitalResident

    residents = {f"r{at}": [f"h{col}" for col in order] for at, order in enumerate(hers) if order}
    hospitals = {f"h{at}": [f"r{row}" for row in order] for at, order in enumerate(his) if order}
    places = {name: seats[int(name[1:])] for name in hospitals}
    watch = Stopwatch()
    found = HospitalResident.create_from_dictionaries(residents, hospitals, places).solve()
    cost = watch.read()
    return cost, [(int(one.name[1:]), int(host.name[1:])) for host, group in found.items() for one in group]


def by_algmatch(hers, his, seats):
    from algmatch import HospitalResidentsProblem

    residents = {at + 1: [col + 1 for col in order] for at, order in enumerate(hers) if order}
    hospitals = {
        at + 1: {"capacity": seats[at], "preferences": [row + 1 for row in order]}
        for at, order in enumerate(his)
        if order
    }
    watch = Stopwatch()
    found = HospitalResidentsProblem(dictionary={"residents": residents, "hospitals": hospitals}).get_stable_matching()
    cost = watch.read()
    chosen = found["resident_sided"].items()
    return cost, [(int(one[1:]) - 1, int(host[1:]) - 1) for one, host in chosen if host]


def main(kind, mentees, mentors, out, package):
    people = crowd(kind, int(mentees), int(mentors))
    cost, pairs = {"matching": by_matching, "algmatch": by_algmatch}[package](
        *preferences(people), people.seats.tolist()
    )
    tell(out, **cost, pairs=pairs)


main(*sys.argv[1:])
