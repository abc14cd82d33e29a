"""Why not these two: what it would cost everybody to put them together, and who would move.

With the match at hand, putting a mentee with another mentor takes a seat there and gives hers back. Whoever must
make room moves on, until somebody takes the seat given back, or nobody has to: the cheapest such chain is a
shortest path over the mentors (R. Bellman 1958), and what it costs is exactly the difference between the best match
and the best match with that pair in it (R. K. Ahuja, T. L. Magnanti, J. B. Orlin, "Network Flows", 1993, section
9.11, on changed supplies).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest

import numpy as np

from matchengine.problem import Objective, Pin
from matchengine.result import Bar, Pair
from matchengine.shares import Bools, Ints
from matchengine.solve import Table, solve
from matchengine.solvers.pairs import NEVER, value_of_a_place

PRICED = ("most_then_best", "best_total")
"""The objectives under which a pair has a price."""

FAR = np.int64(1 << 60)
NOWHERE = -1

MOST_MENTORS = 4_000
"""Mentors up to whom chains of moves are looked for on one matrix, m x m."""


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody who would have another mentor, or none (None), with the scores; 0 where there is none."""

    mentee: str
    before: str | None
    after: str | None
    score_before: int
    score_after: int


@dataclass(frozen=True, slots=True)
class Price:
    """What a pair would cost.

    `points` the total would fall by and `places` people fewer would have a mentor; with `best_total` a pair
    may cost places in either direction. `moves` begins with the mentee herself; empty where the two are
    together already. `bars` are the rules that close the pair, and then there is no price; `full` says that
    every seat is kept by pins, or there is none, and then there is none either. `further` are the places beside a
    first that would be lost, where somebody wants several mentors.
    """

    mentee: str
    mentor: str
    score: int
    points: int = 0
    places: int = 0
    moves: tuple[Move, ...] = ()
    bars: tuple[Bar, ...] = ()
    full: bool = False
    further: int = 0

    @property
    def left_over(self) -> tuple[str, ...]:
        """Who would lose a place they have."""
        return tuple(move.mentee for move in self.moves if move.before is not None and move.after is None)


def why_not(
    table: Table, pairs: Mapping[str, str | tuple[str, ...]], objective: Objective, mentee: str, mentor: str
) -> Price:
    """The price of putting these two together, against the best match `pairs` (mentee to mentor, or to all of hers).

    Equal to the difference of two solutions, pins kept but for her own. Raises KeyError for somebody who is
    not here, ValueError for an objective that is not `PRICED`, and ArithmeticError where `pairs` was not best.
    Cost: n x m and a shortest path over m mentors; where a problem is too large for a matrix, or somebody wants
    several mentors, one more solution. Her own pins are kept then as far as a place is left beside this pair.

    Example: `why_not(Table(problem), {pair.mentee: pair.mentor for pair in result.pairs}, result.objective,
    "amira", "ben").points`.
    """
    if objective not in PRICED:
        raise ValueError(f"a pair has no price under {objective}")
    pair = table.pair(mentee, mentor)
    if pair.bars:
        return Price(mentee, mentor, pair.score, bars=pair.bars)
    boards = {who: (one,) if isinstance(one, str) else one for who, one in pairs.items()}
    if mentor in boards.get(mentee, ()):
        return Price(mentee, mentor, pair.score)
    if table.problem.has_boards:
        return _price_of_board(table, boards, objective, pair)
    singly = {who: one[0] for who, one in boards.items()}
    pinned = {pin.mentee: pin.mentor for pin in table.problem.pins if pin.mentee != mentee}
    seats = table.mentors[table.limits.column[mentor]].seats
    if seats <= sum(with_whom == mentor for with_whom in pinned.values()):
        return Price(mentee, mentor, pair.score, full=True)
    if table.is_small and len(table.mentors) <= MOST_MENTORS:
        moved = _Exchange(table, singly, objective, pinned).moved(mentee, mentor)
    else:
        moved = _solved_again(table, singly, objective, mentee, mentor)
    moves = tuple(_move(table, who, singly.get(who), after) for who, after in moved)
    return Price(
        mentee,
        mentor,
        pair.score,
        points=sum(move.score_before - move.score_after for move in moves),
        places=sum((move.before is not None) - (move.after is not None) for move in moves),
        moves=moves,
    )


def _move(table: Table, mentee: str, before: str | None, after: str | None) -> Move:
    def score(mentor: str | None) -> int:
        if mentor is None:
            return 0
        return table.scoring.score(table.limits.row[mentee], table.limits.column[mentor])

    return Move(mentee, before, after, score(before), score(after))


def _solved_again(
    table: Table, pairs: Mapping[str, str], objective: Objective, mentee: str, mentor: str
) -> list[tuple[str, str | None]]:
    pins = tuple(pin for pin in table.problem.pins if pin.mentee != mentee)
    forced = solve(replace(table.problem, pins=(*pins, Pin(mentee, mentor))), objective=objective, seed=table.seed)
    now = {pair.mentee: pair.mentor for pair in forced.pairs}
    others = [one.id for one in table.mentees if one.id != mentee and pairs.get(one.id) != now.get(one.id)]
    return [(mentee, mentor), *((who, now.get(who)) for who in others)]


def _price_of_board(table: Table, boards: Mapping[str, tuple[str, ...]], objective: Objective, pair: Pair) -> Price:
    """As `why_not` where somebody wants several mentors: the match with that pair in it is found anew."""
    mentee, mentor = pair.mentee, pair.mentor
    hers = table.mentees[table.limits.row[mentee]]
    seats = table.mentors[table.limits.column[mentor]].seats
    others = [pin for pin in table.problem.pins if pin.mentee != mentee]
    own = sorted((pin for pin in table.problem.pins if pin.mentee == mentee), key=lambda pin: pin.mentor)
    kept = own[: max(0, hers.places - 1)]
    if not hers.places or seats <= sum(pin.mentor == mentor for pin in others):
        return Price(mentee, mentor, pair.score, full=True)
    forced = replace(table.problem, pins=(*others, *kept, Pin(mentee, mentor)))
    after = solve(forced, objective=objective, seed=table.seed, small=table.small)
    now: dict[str, tuple[str, ...]] = {}
    for one in after.pairs:
        now[one.mentee] = (*now.get(one.mentee, ()), one.mentor)
    moves: list[Move] = []
    for who in sorted(table.limits.row, key=lambda one: (one != mentee, table.limits.row[one])):
        gone = [one for one in boards.get(who, ()) if one not in now.get(who, ())]
        come = [one for one in now.get(who, ()) if one not in boards.get(who, ())]
        come.sort(key=lambda one: who != mentee or one != mentor)
        moves += [_move(table, who, was, becomes) for was, becomes in zip_longest(gone, come)]
    has = {one.id for one in table.mentees if one.holds}
    placed = len(has.union(who for who, one in boards.items() if one))
    fewer = sum(len(one) for one in boards.values()) - len(after.pairs)
    return Price(
        mentee,
        mentor,
        pair.score,
        points=sum(move.score_before - move.score_after for move in moves),
        places=placed - after.placed,
        moves=tuple(moves),
        further=fewer - (placed - after.placed),
    )


class _Exchange:
    """Who could hand on a seat to whom, and at what loss: mentors (m), and after them a place for nobody, where
    those left over are, and the seats that stay free."""

    def __init__(self, table: Table, pairs: Mapping[str, str], objective: Objective, pinned: Mapping[str, str]) -> None:
        row, column = table.limits.row, table.limits.column
        n, m = len(table.mentees), len(table.mentors)
        seats = np.array([mentor.seats for mentor in table.mentors], dtype=np.int64)
        per_person = value_of_a_place(objective, n, int(seats.sum()))
        for mentor in pinned.values():
            seats[column[mentor]] -= 1
        # As the solver counts: where a place is worth nothing, more people are preferred among equals.
        per_point, per_pair = (1, per_person) if per_person else (n + 1, 1)
        scores = table.scoring.scores.astype(np.int64)
        self.table, self.nobody = table, m
        self.value = np.zeros((n, m + 1), dtype=np.int64)
        self.value[:, :m] = np.where(table.limits.allowed, scores * per_point + per_pair, NEVER)
        self.at = np.full(n, m, dtype=np.int64)
        for who, mentor in pairs.items():
            self.at[row[who]] = column[mentor]
        self.moving: Bools = np.ones(n, dtype=np.bool_)
        self.moving[[row[who] for who in pinned]] = False
        taken = np.bincount(self.at[self.moving], minlength=m + 1)[:m]
        self.has_room: Bools = np.append(taken < seats, True)

    def moved(self, mentee: str, mentor: str) -> list[tuple[str, str | None]]:
        """Everybody who moves, and where to, she first. Of chains that cost the same, one of the fewest moves."""
        hers, there = self.table.limits.row[mentee], self.table.limits.column[mentor]
        moving = self.moving.copy()
        moving[hers] = False
        path = self._path(self._losses(moving), there, int(self.at[hers]))
        found: list[tuple[str, str | None]] = [(mentee, mentor)]
        for at, to in pairwise(path):
            who = self._who(moving, at, to)
            if who != NOWHERE:
                found.append((self.table.mentees[who].id, None if to == self.nobody else self.table.mentors[to].id))
        return found

    def _losses(self, moving: Bools) -> Ints:
        """What moving one person on from k to l costs at least (m + 1 x m + 1); nothing where a seat at k is free
        to go to nobody, or one at l is left free."""
        losses = np.full((self.nobody + 1, self.nobody + 1), FAR)
        rows = np.flatnonzero(moving)
        rows = rows[np.argsort(self.at[rows], kind="stable")]
        if len(rows):
            where, starts = np.unique(self.at[rows], return_index=True)
            here = self.value[rows, self.at[rows]]
            losses[where] = np.minimum.reduceat(here[:, None] - self.value[rows], starts, axis=0)
        losses[self.has_room, self.nobody] = np.minimum(losses[self.has_room, self.nobody], 0)
        losses[self.nobody] = np.minimum(losses[self.nobody], 0)
        return losses

    def _path(self, losses: Ints, start: int, end: int) -> list[int]:
        size = len(losses)
        steps = np.where(losses < FAR // 2, losses * (size + 1) + 1, FAR)
        np.fill_diagonal(steps, FAR)
        far, through = np.full(size, FAR), np.full(size, NOWHERE)
        far[start] = 0
        changed = np.array([start])
        for _ in range(size + 1):
            if not len(changed):
                break
            offers = far[changed, None] + steps[changed]
            nearest = offers.argmin(axis=0)
            best = offers[nearest, np.arange(size)]
            better = best < np.minimum(far, FAR // 2)
            far[better], through[better] = best[better], changed[nearest[better]]
            changed = np.flatnonzero(better)
        else:
            raise ArithmeticError("the match was not best: moving people round in a circle would better it")
        path = [end]
        while path[-1] != start:
            path.append(int(through[path[-1]]))
        return path[::-1]

    def _who(self, moving: Bools, at: int, to: int) -> int:
        """The row of whoever moves on at the least loss; NOWHERE where a free seat does."""
        rows = np.flatnonzero(moving & (self.at == at))
        losses = self.value[rows, at] - self.value[rows, to] if len(rows) else np.zeros(0, dtype=np.int64)
        free = (to == self.nobody and self.has_room[at]) or at == self.nobody
        if not len(rows) or (free and losses.min() >= 0):
            return NOWHERE
        return int(rows[losses.argmin()])
