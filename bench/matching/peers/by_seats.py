"""scipy: the assignment problem on a matrix with a column for each seat. Points are reckoned by plain numpy."""

import sys

import numpy as np
from scipy.optimize import linear_sum_assignment
from stopwatch import Stopwatch, tell

from bench.matching.crowd import TOP, Points, crowd


def main(kind, mentees, mentors, out):
    people = crowd(kind, int(mentees), int(mentors))
    n = len(people.mentees)
    watch = Stopwatch()
    mentor_at = np.repeat(np.arange(len(people.mentors)), people.seats)
    worth = np.zeros((n, len(mentor_at)))
    points = Points(people)
    for start in range(0, n, 512):
        score, allowed = points.block(start, min(start + 512, n))
        worth[start : start + 512] = np.where(allowed, score + (TOP * n + 1.0), 0)[:, mentor_at]
    rows, at = linear_sum_assignment(worth, maximize=True)
    fine = worth[rows, at] > 0
    cost = watch.read()
    tell(out, **cost, pairs=list(zip(rows[fine].tolist(), mentor_at[at[fine]].tolist(), strict=True)))


main(*sys.argv[1:])
