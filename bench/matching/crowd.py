"""The people of a match that is measured, by chance and seeded: the same kind and size is the same crowd everywhere.

Needs numpy alone, so that peers in their own environments read the same people. Points and rules are reckoned here
once more and not by the engine, so that what it finds is also judged by something else; a test holds both together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

KINDS = ("clustered", "flat", "scarce", "plenty", "ties")
TEAMS, GRADES, WANTED, OFFERED, SPAN = 24, 6, 3, 4, 20
SKILL_POINTS, SITE_POINTS, YEARS_POINTS = 60, 20, 20
TOP = SKILL_POINTS + SITE_POINTS + YEARS_POINTS


@dataclass(frozen=True)
class Kind:
    """What makes a crowd hard: `skew` of what is wanted (0: everything as often; 1.2: few things by most) against
    offers that are always even, `seats` a mentee, and how many different skills and sites there are."""

    skew: float
    seats: float
    skills: int = 40
    sites: int = 8
    years: bool = True


OF_KIND = {
    "clustered": Kind(skew=1.2, seats=1.125),
    "flat": Kind(skew=0.0, seats=1.125),
    "scarce": Kind(skew=1.2, seats=0.7),
    "plenty": Kind(skew=0.0, seats=2.5),
    "ties": Kind(skew=0.8, seats=1.125, skills=6, sites=2, years=False),
}


@dataclass(frozen=True)
class Side:
    """One side's people, a row each: `grade`, `team`, `site`, `years` (n), and `skills` (n x 3 wanted or 4 offered)."""

    grade: Ints
    team: Ints
    site: Ints
    years: Ints
    skills: Ints

    def __len__(self) -> int:
        return len(self.grade)


@dataclass(frozen=True)
class Crowd:
    """n mentees, m mentors with `seats` (m), and pairs kept `apart` (k x 2)."""

    kind: str
    mentees: Side
    mentors: Side
    seats: Ints
    apart: Ints

    @property
    def name(self) -> str:
        return f"{len(self.mentees):,} x {len(self.mentors):,}"


def crowd(kind: str, mentees: int, mentors: int) -> Crowd:
    """Everybody of one kind of crowd. Seeded by kind and size."""
    of = OF_KIND[kind]
    draw = np.random.default_rng([KINDS.index(kind), mentees, mentors])
    low = draw.choice(4, mentees, p=[0.3, 0.3, 0.25, 0.15])
    ours = _side(draw, of, low, draw.integers(0, 21, mentees), WANTED, of.skew)
    theirs = _side(draw, of, draw.integers(2, GRADES, mentors), draw.integers(5, 36, mentors), OFFERED, 0.0)
    whole = np.full(mentors, int(of.seats * mentees / mentors))
    whole[draw.permutation(mentors)[: round(of.seats * mentees) - int(whole.sum())]] += 1
    apart = np.column_stack([draw.integers(0, mentees, mentees // 10), draw.integers(0, mentors, mentees // 10)])
    return Crowd(kind, ours, theirs, whole, np.unique(apart, axis=0))


def _side(draw: np.random.Generator, of: Kind, grade: Ints, years: Ints, skills: int, skew: float) -> Side:
    people = len(grade)
    weights = np.log(1.0 / (1 + np.arange(of.skills)) ** skew)
    # The largest of weights and Gumbel's noise are a draw without putting back.
    chosen = np.argsort(-(weights + draw.gumbel(size=(people, of.skills))), axis=1)[:, :skills]
    likely = 1.0 / (1 + np.arange(of.sites)) ** skew
    site = draw.choice(of.sites, people, p=likely / likely.sum())
    return Side(
        grade.astype(np.int64), draw.integers(0, TEAMS, people), site,
        years.astype(np.int64) if of.years else np.zeros(people, dtype=np.int64), np.sort(chosen, axis=1),
    )  # fmt: skip


class Points:
    """The points and rules of a crowd, block by block: as fast as plain numpy reckons them."""

    def __init__(self, people: Crowd) -> None:
        self.people, skills = people, OF_KIND[people.kind].skills
        self.wants, self.offers = _as_columns(people.mentees.skills, skills), _as_columns(people.mentors.skills, skills)
        self.apart = people.apart[np.argsort(people.apart[:, 0], kind="stable")]

    def block(self, start: int, stop: int) -> tuple[npt.NDArray[np.int16], Bools]:
        """The points (r x m, 0 to 100) of these mentees with all mentors, and which pairs are allowed."""
        ours, theirs = self.people.mentees, self.people.mentors
        some = slice(start, stop)
        points = (self.wants[some] @ self.offers.T).astype(np.int16) * np.int16(SKILL_POINTS // WANTED)
        points += (ours.site[some, None] == theirs.site) * np.int16(SITE_POINTS)
        apart = np.abs(ours.years[some, None].astype(np.int16) - theirs.years.astype(np.int16))
        points += np.maximum(0, np.int16(YEARS_POINTS) - apart) * np.int16(YEARS_POINTS // SPAN)
        allowed = (theirs.grade > ours.grade[some, None]) & (theirs.team != ours.team[some, None])
        first, last = np.searchsorted(self.apart[:, 0], [start, stop])
        allowed[self.apart[first:last, 0] - start, self.apart[first:last, 1]] = False
        return points, allowed

    def of_pairs(self, rows: Ints, cols: Ints) -> tuple[Ints, Bools]:
        """The same for single pairs (k)."""
        ours, theirs = self.people.mentees, self.people.mentors
        shared = (self.wants[rows] * self.offers[cols]).sum(axis=1).astype(np.int64)
        years = np.maximum(0, SPAN - np.abs(ours.years[rows] - theirs.years[cols]))
        points = shared * SKILL_POINTS // WANTED + (ours.site[rows] == theirs.site[cols]) * SITE_POINTS
        points += years * YEARS_POINTS // SPAN
        key = self.people.apart[:, 0] * len(theirs) + self.people.apart[:, 1]
        kept = ~np.isin(rows * len(theirs) + cols, key)
        return points, kept & (theirs.grade[cols] > ours.grade[rows]) & (theirs.team[cols] != ours.team[rows])


def _as_columns(skills: Ints, of: int) -> npt.NDArray[np.float32]:
    columns = np.zeros((len(skills), of), dtype=np.float32)
    columns[np.arange(len(skills))[:, None], skills] = 1
    return columns


@dataclass(frozen=True)
class Judged:
    """A match as it is: people `placed` by allowed pairs within the seats, their `points`, and how many pairs no
    rule allows (`forbidden`) or no seat is there for (`overfull`)."""

    placed: int
    points: int
    forbidden: int
    overfull: int


def judge(people: Crowd, pairs: list[tuple[int, int]]) -> Judged:
    """Look at every pair of a match, whoever made it. A mentee's second pair counts as overfull."""
    if not pairs:
        return Judged(0, 0, 0, 0)
    rows, cols = np.array(pairs, dtype=np.int64).T
    points, allowed = Points(people).of_pairs(rows, cols)
    left, seen, placed, total, overfull = people.seats.copy(), set(), 0, 0, 0
    for row, col, point, fine in zip(rows.tolist(), cols.tolist(), points.tolist(), allowed.tolist(), strict=True):
        if not fine:
            continue
        if row in seen or left[col] == 0:
            overfull += 1
            continue
        seen.add(row)
        left[col] -= 1
        placed, total = placed + 1, total + point
    return Judged(placed, total, int((~allowed).sum()), overfull)
