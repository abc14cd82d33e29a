"""matching and algmatch: hospitals and residents. Neither scores; both sides' full lists, best first, are made before
the clock starts. Equal points stand by chance."""

import json
import sys

import numpy as np
from stopwatch import Stopwatch, tell

sys.setrecursionlimit(1_000_000)


def preferences(read):
    """Both sides' lists, from the points of every allowed pair."""
    ours, theirs = ([np.array(column) for column in zip(*read[side])] for side in ("mentees", "mentors"))
    draw = np.random.default_rng(1)
    shared = _columns(ours[4]) @ _columns(theirs[4]).T
    points = 20 * shared + 20 * (ours[2][:, None] == theirs[2])
    points = points + np.maximum(0, 20 - np.abs(ours[3][:, None] - theirs[3]))
    allowed = (theirs[0] > ours[0][:, None]) & (theirs[1] != ours[1][:, None])
    if read["apart"]:
        rows, cols = np.array(read["apart"]).T
        allowed[rows, cols] = False
    liked = np.where(allowed, points + draw.random(points.shape) / 2, -1)
    return [
        [order[row[order] >= 0].tolist() for row, order in zip(view, np.argsort(-view, axis=1, kind="stable"))]
        for view in (liked, liked.T)
    ]


def _columns(skills):
    table = np.zeros((len(skills), 64), dtype=np.float32)
    table[np.arange(len(skills))[:, None], skills] = 1
    return table


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
        at + 1: {"capacity": seats[at], "preferences": [row + 1 for row in order]} for at, order in enumerate(his) if order
    }
    watch = Stopwatch()
    found = HospitalResidentsProblem(dictionary={"residents": residents, "hospitals": hospitals}).get_stable_matching()
    cost = watch.read()
    chosen = found["resident_sided"].items()
    return cost, [(int(one[1:]) - 1, int(host[1:]) - 1) for one, host in chosen if host]


def main(package, people, out):
    with open(people) as file:
        read = json.load(file)
    hers, his = preferences(read)
    cost, pairs = {"matching": by_matching, "algmatch": by_algmatch}[package](hers, his, read["seats"])
    tell(out, **cost, pairs=pairs)


main(*sys.argv[1:])
