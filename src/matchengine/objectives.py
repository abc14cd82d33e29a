"""What a match is for, beside a good total: the worst pair lifted first, and pairs that nobody would rather swap.

Both are built on the same solvers. The worst pair is lifted by asking how many can be placed when every pair must
reach a floor (M. R. Garfinkel, "An improved algorithm for the bottleneck assignment problem", 1971), and the answer
"no more than k" is proven by a cover: people and mentors of whom every pair that reaches the floor has one
(D. Konig 1931).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

import numpy as np

from matchengine.field import Field
from matchengine.problem import TOP_SCORE
from matchengine.shares import Bools, Ints, blocks_of
from matchengine.solvers.pairs import Assignment, Pairs, Scores


@dataclass(frozen=True, slots=True)
class Above:
    """Only the pairs that reach a `floor`; with `all_alike` each is worth nothing but its place."""

    pairs: Pairs
    floor: int
    all_alike: bool = False

    def block(self, rows: Ints) -> tuple[Scores, Bools]:
        scores, allowed = self.pairs.block(rows)
        reaching = allowed & (scores >= self.floor)
        return np.zeros_like(scores) if self.all_alike else scores, reaching

    @property
    def field(self) -> Field:
        return replace(self.pairs.field, floor=self.floor, all_alike=self.all_alike)


@dataclass(frozen=True, slots=True)
class Reaching:
    """The rules of n x m pairs, and that a pair reaches a floor. Nobody is of one kind with another: scores tell them
    apart."""

    above: Above
    shape: tuple[int, int]

    def rows(self, rows: Ints) -> Bools:
        return self.above.block(rows)[1]

    def kind_of(self, row: int) -> Hashable:
        return row


@dataclass(frozen=True, slots=True)
class Cover:
    """Places in the list of mentees asked about, and mentors (columns): every pair in question has one of them, so no
    more people can be placed than there are such mentees, and seats with such mentors."""

    at: Ints
    cols: Ints


@dataclass(frozen=True, slots=True)
class Floor:
    """The most points that every pair can reach while as many are placed as can be. `most` proves that no more can be
    placed at all, `higher` that fewer could be if every pair had to reach one point more. `placed` are so many."""

    points: int
    most: Cover
    higher: Cover
    placed: int


def highest_floor(best: Callable[[Pairs, int], Assignment], pairs: Pairs) -> Floor:
    """`best(pairs, B)` solves for pairs worth B + score each. Cost: eight such solutions at most."""
    whole = best(Above(pairs, 0, all_alike=True), 1)
    most = _placed(whole)
    if not most:
        return Floor(0, _cover(whole), _cover(whole), most)
    reached, missed = 0, TOP_SCORE + 1
    proof = best(Above(pairs, missed, all_alike=True), 1)
    while missed - reached > 1:
        middle = (reached + missed) // 2
        found = best(Above(pairs, middle, all_alike=True), 1)
        if _placed(found) == most:
            reached = middle
        else:
            missed, proof = middle, found
    return Floor(reached, _cover(whole), _cover(proof), most)


def _placed(found: Assignment) -> int:
    return int((found.mentor_of >= 0).sum())


def _cover(found: Assignment) -> Cover:
    return Cover(np.flatnonzero(found.gains), np.flatnonzero(found.prices))


def stable_pairs(pairs: Pairs, rows: Ints, seats: Ints) -> Ints:
    """`mentor_of` (of `rows`, -1 for nobody) such that no two allowed would both rather have each other.

    Both sides like a pair for its score, so the best pair of all stands, then the best of those left, and so on
    (D. Gale, L. S. Shapley 1962, with one score for both); among equals the lottery decides. Cost: n x m, and m
    whenever somebody's first choice has filled up.
    """
    left = seats.copy()
    mentor_of = np.full(len(rows), -1, dtype=np.int64)
    queue: list[tuple[int, int, int]] = []
    for at in blocks_of(len(rows)):
        queue += _first_choices(pairs, rows, at, left)
    heapq.heapify(queue)
    while queue:
        _score, one, column = heapq.heappop(queue)
        if left[column]:
            left[column] -= 1
            mentor_of[one] = column
        else:
            for again in _first_choices(pairs, rows, np.array([one]), left):
                heapq.heappush(queue, again)
    return mentor_of


def _first_choices(pairs: Pairs, rows: Ints, at: Ints, left: Ints) -> list[tuple[int, int, int]]:
    """(score below zero, place in rows, column) of each who has a mentor open to her with a seat left."""
    scores, allowed = pairs.block(rows[at])
    scores = np.where(allowed & (left > 0), scores, np.int16(-1))
    if not scores.shape[1]:
        return []
    best = scores.argmax(axis=1)
    found = scores[np.arange(len(at)), best]
    return [
        (-int(score), int(one), int(column)) for score, one, column in zip(found, at, best, strict=True) if score >= 0
    ]
