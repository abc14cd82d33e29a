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
from typing import TYPE_CHECKING

import numpy as np

from matchengine.checks import check
from matchengine.explain import Moves, left_over, recruits
from matchengine.problem import InvalidProblem, Objective, Problem
from matchengine.result import Fewer, Result, Seat
from matchengine.shares import Ints
from matchengine.solvers.boards import best_boards
from matchengine.solvers.pairs import value_of_a_place

if TYPE_CHECKING:
    from matchengine.solve import Table

BOARD_OBJECTIVES: tuple[Objective, ...] = ("most_then_best", "best_total")
"""The objectives that have a meaning where somebody wants several mentors."""

MOST_CELLS = 20_000_000
"""Places that can be filled, times mentors, beyond which boards are refused: eight bytes each, three times."""


def solve_boards(table: Table, objective: Objective, tell: Callable[[str, int, int], None]) -> Result:
    """The best match where somebody wants several mentors or holds some, as `solve` gives it.

    What `refuse_what_boards_cannot` refuses must not come here. Cost: one search for each place that is wanted.
    """
    pins = table.pinned_pairs()
    tell("solving", 0, 1)
    seats = np.array([mentor.seats for mentor in table.mentors], dtype=np.int64)
    left = seats - np.bincount(np.array([column for _, column in pins], dtype=np.int64), minlength=len(seats))
    levels = max(mentee.wanted for mentee in table.mentees)
    wanted = sum(mentee.places for mentee in table.mentees)
    per_person = value_of_a_place(objective, wanted, int(seats.sum()))
    pinned: list[list[int]] = [[] for _ in table.mentees]
    for row, column in pins:
        pinned[row].append(column)
    steps = [
        list(range(len(mentee.holds), max(mentee.wanted, len(mentee.holds))))
        for mentee in table.mentees
    ]  # fmt: skip
    worths = [[per_person * (levels - at) for at in one] for one in steps]
    free = [one[len(those) :] for one, those in zip(worths, pinned, strict=True)]
    allowed = table.limits.allowed.copy()
    for row, column in pins:
        allowed[row, column] = False
    most = min(wanted, int(seats.sum()))
    # Where a place is worth nothing, the most first places are preferred among equals, then the most places.
    ties = [[1 if at else most + 1 for at in one[len(those) :]] for one, those in zip(steps, pinned, strict=True)]
    scale = 1 if per_person else len(table.mentees) * (most + 1) + most + 1
    found = best_boards(table.scoring.scores.astype(np.int64), allowed, left, free, free if per_person else ties, scale)
    tell("solving", 1, 1)
    boards = [sorted([*those, *found.mentors_of[row]]) for row, those in enumerate(pinned)]
    pairs = []
    for row, columns in enumerate(boards):
        tell("explaining", row, len(boards))
        pairs += [table._pair(row, column, pinned=column in pinned[row]) for column in columns]
    fixed = [worth for one, those in zip(worths, pinned, strict=True) for worth in one[: len(those)]]
    value = sum(sum(one[: len(those)]) for one, those in zip(worths, boards, strict=True))
    value += sum(pair.score for pair in pairs)
    bound = sum(fixed) + sum(pair.score for pair in pairs if pair.pinned) + sum(found.gains.tolist())
    bound += sum(number * price for number, price in zip(left.tolist(), found.prices.tolist(), strict=True))
    if value != bound:
        raise ArithmeticError(f"the proof does not close: the match is worth {value}, the bound is {bound}")
    moves = _moves(table, boards, pinned, left)
    taken = np.bincount(np.array([column for one in boards for column in one], dtype=np.int64), minlength=len(seats))
    tell("explaining", len(boards), len(boards))
    return Result(
        objective=objective,
        seed=table.seed,
        pairs=tuple(pairs),
        left_over=tuple(
            left_over(int(row), table.mentees, table.mentors, table.limits, moves, objective) for row in moves.unplaced
        ),
        recruits=recruits(table.problem, [table.mentees[row] for row in moves.unplaced]),
        seats=tuple(
            Seat(mentor.id, mentor.seats, int(taken[at]), int(found.prices[at]), None, None)
            for at, mentor in enumerate(table.mentors)
        ),
        gains=tuple((mentee.id, int(found.gains[row])) for row, mentee in enumerate(table.mentees) if free[row]),
        per_person=per_person,
        value=value,
        bound=bound,
        levels=levels,
        fewer=tuple(_fewer(table, boards)),
        held=sum(bool(mentee.holds) and not boards[row] for row, mentee in enumerate(table.mentees)),
    )


def refuse_what_boards_cannot(problem: Problem, objective: Objective, small: int) -> None:
    """Raise InvalidProblem for an objective that has no meaning here, and for more than one matrix can hold."""
    check(problem)
    one = next(mentee for mentee in problem.mentees if mentee.wanted != 1 or mentee.holds)
    what = f"wants {one.wanted} mentors" if one.wanted != 1 else "has a mentor already"
    if objective not in BOARD_OBJECTIVES:
        raise InvalidProblem(
            f'"{one.id}" {what}, and {objective} is for one mentor each; {" and ".join(BOARD_OBJECTIVES)} can be used'
        )
    mentors = len(problem.mentors)
    pairs = len(problem.mentees) * mentors
    if pairs > small:
        raise InvalidProblem(
            f'"{one.id}" {what}, and {pairs} possible pairs are too many for that: with one mentor each they could be '
            f"matched, with several only up to {small}"
        )
    most = min(sum(mentee.places for mentee in problem.mentees), sum(mentor.seats for mentor in problem.mentors))
    if most * mentors > MOST_CELLS:
        raise InvalidProblem(
            f'"{one.id}" {what}, and {most} places with {mentors} mentors are too many for that: '
            f"one times the other may be {MOST_CELLS} at most"
        )


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


def _fewer(table: Table, boards: list[list[int]]) -> list[Fewer]:
    found = []
    for row, mentee in enumerate(table.mentees):
        has = len(mentee.holds) + len(boards[row])
        if 0 < has < mentee.wanted:
            beside = table.limits.allowed[row].copy()
            beside[boards[row]] = False
            found.append(Fewer(mentee.id, has, mentee.wanted, int(beside.sum())))
    return found
