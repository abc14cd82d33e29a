"""Several mentors each, one each first: the match and its proof where somebody wants a board.

The t-th mentor of anybody, those she holds and her pins counted, is worth B x (T - t + 1), where T is the most that
anybody wants and B more than all points together. As many as can be have their first, then as many as can be their
second, and so on, and then the total leads. Such numbers will do, small as they are, because the two never pull apart:
some match has the most first places, the most first and second, and so on, all at once, since boards of more places
are reached from boards of fewer by adding places alone (the greedy algorithm on polymatroids, J. Edmonds 1970). A
match short in one of these counts is at least B behind, and has at most B - 1 points.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from matchengine.checks import check
from matchengine.explain import Moves, left_over, recruits
from matchengine.field import Field
from matchengine.gap import Near
from matchengine.keeping import Searches
from matchengine.problem import InvalidProblem, Objective, Problem
from matchengine.result import Fewer, Gap, Result, Seat
from matchengine.shares import Bools, Ints, blocks_of
from matchengine.solvers.boards import Boards, best_boards
from matchengine.solvers.crew import Crew
from matchengine.solvers.pairs import Scores, value_of_a_place

if TYPE_CHECKING:
    from matchengine.solve import Table

BOARD_OBJECTIVES: tuple[Objective, ...] = ("most_then_best", "best_total")
"""The objectives that have a meaning where somebody wants several mentors."""

MOST_CELLS = 20_000_000
"""Places that can be filled, times mentors, up to which boards are found on one matrix: eight bytes each, three
times."""

MOST_LEVELS = 10_000_000
"""Places that can be filled, times the most that anybody wants, beyond which boards are refused: so that what a place
is worth, 100 points for each of them, fits into the 32 bits of a sweep."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What boards are looked for: `left` (m) the seats that pins leave, `pinned` the columns of each mentee's pins,
    `wanted` her places here, `free` those of them that no pin takes, and `before` those she holds (n each). `levels` is
    the most that anybody wants, `most` how many places can be filled, and `per_person` what the last level is worth."""

    left: Ints
    pinned: list[list[int]]
    wanted: Ints
    free: Ints
    before: Ints
    levels: int
    most: int
    per_person: int

    @property
    def worth(self) -> Ints:
        """Of a place of each level."""
        return self.per_person * (self.levels - np.arange(self.levels, dtype=np.int64))

    @property
    def first(self) -> Ints:
        """The level of the first place that no pin takes (n)."""
        return self.before + self.wanted - self.free


@dataclass(frozen=True, slots=True)
class Unpinned:
    """All pairs but those pinned, to look at by rows and in the `field` that is without them too."""

    table: Table
    pinned: list[list[int]]
    field: Field

    def block(self, rows: Ints) -> tuple[Scores, Bools]:
        scores, allowed = self.table.block(rows)
        for at, row in enumerate(rows.tolist()):
            allowed[at, self.pinned[row]] = False
        return scores, allowed


def solve_boards(
    table: Table,
    objective: Objective,
    tell: Callable[[str, int, int], None],
    crew: Crew,
    searches: Callable[[int], Searches],
    gap: int = 0,
) -> Result:
    """The best match where somebody wants several mentors or holds some, as `solve` gives it, or with a `gap` (in
    millionths) one that is near enough.

    What `refuse_what_boards_cannot` refuses must not come here. Small problems are solved on one matrix
    (`solvers.boards`), others by lists and sweeps (`solvers.guided_boards`), with the same proof and the same prices.
    `searches` gives where the search for so many mentees is kept. Cost: one search for each place that is wanted, and
    the sweeps.
    """
    pins = table.pinned_pairs()
    tell("solving", 0, 1)
    seats = np.array([mentor.seats for mentor in table.mentors], dtype=np.int64)
    asked = _asked(table, objective, pins, seats)
    if is_on_one_matrix(table.problem, table.small):
        found = _on_one_matrix(table, asked)
    else:
        near = _near(table, asked, gap) if gap else None
        found = _by_sweeps(table, asked, crew, searches, lambda done, total: tell("solving", done, total), near)
    tell("solving", 1, 1)
    pinned, per_person = asked.pinned, asked.per_person
    boards = [sorted([*those, *found.mentors_of[row]]) for row, those in enumerate(pinned)]
    pairs = []
    for row, columns in enumerate(boards):
        if row % 50 == 0:
            tell("explaining", row, len(boards))
        pairs += [table._pair(row, column, pinned=column in pinned[row]) for column in columns]
    has = np.array([len(those) for those in boards], dtype=np.int64)
    places = _worth_of(asked, has)
    value = places + sum(pair.score for pair in pairs)
    bound = _worth_of(asked, asked.wanted - asked.free) + sum(pair.score for pair in pairs if pair.pinned)
    bound += sum(found.gains.tolist())
    bound += sum(number * price for number, price in zip(asked.left.tolist(), found.prices.tolist(), strict=True))
    if value != bound and not (found.is_near and value < bound):
        raise ArithmeticError(f"the proof does not close: the match is worth {value}, the bound is {bound}")
    moves = _moves(table, boards, pinned, asked.left)
    taken = np.bincount(np.array([column for one in boards for column in one], dtype=np.int64), minlength=len(seats))
    alone = [
        left_over(int(row), table.mentees, table.mentors, table.limits, moves, objective) for row in moves.unplaced
    ]
    if found.is_near:
        alone = [replace(one, cause="gap") if one.cause == "total" else one for one in alone]
    tell("explaining", len(boards), len(boards))
    return Result(
        objective=objective,
        seed=table.seed,
        pairs=tuple(pairs),
        left_over=tuple(alone),
        recruits=recruits(table.problem, [table.mentees[row] for row in moves.unplaced]),
        seats=tuple(
            Seat(mentor.id, mentor.seats, int(taken[at]), int(found.prices[at]), None, None)
            for at, mentor in enumerate(table.mentors)
        ),
        gains=tuple((mentee.id, int(found.gains[row])) for row, mentee in enumerate(table.mentees) if asked.free[row]),
        per_person=per_person,
        value=value,
        bound=bound,
        gap=Gap(gap, bound - value, bound - places) if found.is_near else None,
        levels=asked.levels,
        fewer=tuple(_fewer(table, boards, is_sure=not (found.is_near and objective == "best_total"))),
        held=sum(bool(mentee.holds) and not boards[row] for row, mentee in enumerate(table.mentees)),
    )


def _asked(table: Table, objective: Objective, pins: list[tuple[int, int]], seats: Ints) -> Asked:
    pinned: list[list[int]] = [[] for _ in table.mentees]
    for row, column in pins:
        pinned[row].append(column)
    taken = np.bincount(np.array([column for _, column in pins], dtype=np.int64), minlength=len(seats))
    wanted = np.array([mentee.places for mentee in table.mentees], dtype=np.int64)
    places, free = int(wanted.sum()), int(seats.sum())
    return Asked(
        left=seats - taken,
        pinned=pinned,
        wanted=wanted,
        free=wanted - np.array([len(those) for those in pinned], dtype=np.int64),
        before=np.array([len(mentee.holds) for mentee in table.mentees], dtype=np.int64),
        levels=max(mentee.wanted for mentee in table.mentees),
        most=min(places, free),
        per_person=value_of_a_place(objective, places, free),
    )


def _worth_of(asked: Asked, has: Ints) -> int:
    """What so many places of each mentee here (n) are worth together, in Python's whole numbers."""
    counts = np.bincount((asked.before + has)[has > 0], minlength=asked.levels + 1)
    begun = np.bincount(asked.before[has > 0], minlength=asked.levels + 1)
    filled = np.cumsum((counts - begun)[::-1])[::-1][1:]  # how many have a place of each level, and got it here
    return sum(worth * many for worth, many in zip(asked.worth.tolist(), filled.tolist(), strict=True))


def _on_one_matrix(table: Table, asked: Asked) -> Boards:
    allowed = table.limits.allowed.copy()
    for row, those in enumerate(asked.pinned):
        allowed[row, those] = False
    each = list(zip(asked.first.tolist(), asked.free.tolist(), strict=True))
    worth = asked.worth.tolist()
    free = [worth[first : first + many] for first, many in each]
    # Where a place is worth nothing, the most first places are preferred among equals, then the most places.
    ties = [[1 if at else asked.most + 1 for at in range(first, first + many)] for first, many in each]
    scale = 1 if asked.per_person else len(table.mentees) * (asked.most + 1) + asked.most + 1
    scores = table.scoring.scores.astype(np.int64)
    return best_boards(scores, allowed, asked.left, free, free if asked.per_person else ties, scale)


def _by_sweeps(
    table: Table,
    asked: Asked,
    crew: Crew,
    searches: Callable[[int], Searches],
    step: Callable[[int, int], None],
    near: Near | None,
) -> Boards:
    # Compiled code, which small problems never wait for.
    from matchengine.solvers.board_lists import Wants
    from matchengine.solvers.guided_boards import best_boards_guided

    rows = np.flatnonzero(asked.free)
    true = Wants(asked.free[rows], asked.first[rows], asked.worth)
    search, scale = true, 1
    if not asked.per_person:
        # As on one matrix. That a first place counts twice will do: who has the most first places can go on to the most
        # places, for a match of more places is reached by adding places alone.
        levels = np.ones(asked.levels, dtype=np.int64)
        levels[0] = 2
        search, scale = Wants(true.places, true.first, levels), 2 * asked.most + 1
    pairs = Unpinned(table, asked.pinned, table.field.without(asked.pinned))
    guided = partial(
        best_boards_guided, pairs, rows, asked.left, search, scale, true, crew=crew, near=near, step=step
    )  # fmt: skip
    part = searches(len(rows)).only(guided)
    mentors_of: list[tuple[int, ...]] = [()] * len(table.mentees)
    for row, those in zip(rows.tolist(), part.mentors_of, strict=True):
        mentors_of[row] = those
    gains = np.zeros(len(table.mentees), dtype=np.int64)
    gains[rows] = part.gains
    return Boards(tuple(mentors_of), part.prices, gains, part.is_near)


def _near(table: Table, asked: Asked, gap: int) -> Near:
    """How near will do. Places count as what they are worth has places of the last level in it."""
    placed = _worth_of(asked, asked.wanted - asked.free) // asked.per_person if asked.per_person else 0
    points = sum(table.scoring.score(row, column) for row, columns in enumerate(asked.pinned) for column in columns)
    return Near(gap, asked.per_person, asked.most, placed, points, asked.levels)


def refuse_what_boards_cannot(problem: Problem, objective: Objective, small: int) -> None:
    """Raise InvalidProblem for an objective that has no meaning where somebody wants several mentors, and where places
    of so many levels would be worth more than a sweep can count."""
    check(problem)
    one = next(mentee for mentee in problem.mentees if mentee.wanted != 1 or mentee.holds)
    what = f"wants {one.wanted} mentors" if one.wanted != 1 else "has a mentor already"
    if objective not in BOARD_OBJECTIVES:
        raise InvalidProblem(
            f'"{one.id}" {what}, and {objective} is for one mentor each; {" and ".join(BOARD_OBJECTIVES)} can be used'
        )
    most, levels = places_to_fill(problem), max(2, *(mentee.wanted for mentee in problem.mentees))
    if not is_on_one_matrix(problem, small) and most * levels > MOST_LEVELS:
        raise InvalidProblem(
            f"{most} places could be filled where somebody wants up to {levels} mentors, which is too many: one times "
            f"the other may be {MOST_LEVELS} at most"
        )


def places_to_fill(problem: Problem) -> int:
    """How many places can be filled: as many as are wanted, or as there are seats."""
    wanted, seats = sum(one.places for one in problem.mentees), sum(one.seats for one in problem.mentors)
    return min(wanted, seats)


def is_on_one_matrix(problem: Problem, small: int) -> bool:
    """Whether a problem with boards is so small that they are found without lists and sweeps."""
    mentors = len(problem.mentors)
    return len(problem.mentees) * mentors <= small and places_to_fill(problem) * mentors <= MOST_CELLS


def _moves(table: Table, boards: list[list[int]], pinned: list[list[int]], left: Ints) -> Moves:
    """Who could make room for those left over: only whoever has one mentor moves. A seat of somebody who has another
    mentor beside is as good as free: it would be given up for a first place."""
    mentor_of = np.full(len(boards), -1, dtype=np.int64)
    fixed = np.zeros(len(boards), dtype=np.bool_)
    for row, columns in enumerate(boards):
        fixed[row] = bool(table.mentees[row].holds or pinned[row] or len(columns) > 1)
        if columns and not fixed[row]:
            mentor_of[row] = columns[0]
    return Moves(table.limits, mentor_of, left, fixed)


def _fewer(table: Table, boards: list[list[int]], *, is_sure: bool) -> list[Fewer]:
    mentees = table.mentees
    has = [len(mentee.holds) + len(those) for mentee, those in zip(mentees, boards, strict=True)]
    short = np.array([row for row, mentee in enumerate(mentees) if 0 < has[row] < mentee.wanted], dtype=np.int64)
    found = []
    for at in blocks_of(len(short)):
        rows = short[at].tolist()
        beside = table.allowed(short[at])
        for one, row in enumerate(rows):
            beside[one, boards[row]] = False
        open_to_them = beside.sum(axis=1).tolist()
        found += [
            Fewer(mentees[row].id, has[row], mentees[row].wanted, number, is_sure)
            for row, number in zip(rows, open_to_them, strict=True)
        ]
    return found
