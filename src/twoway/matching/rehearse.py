"""Working out a rehearsal: a round's own problem with other weights, beside what the round came to."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from matchengine import Problem, Table, problem_from_json, solve, steadiness
from twoway.matching.checking import problem_text
from twoway.matching.models import Rehearsal, Round
from twoway.matching.wished import NAMED

Step = Callable[[str, int], bool]
"""Called with a stage and how far the whole is, in per cent; False means stop."""

MOST_BY_WISHES = 4
"""Wishes may weigh one part in so many where people are named."""

SOLVED = 25
"""Per cent of the whole after the first solution: the rest are those with small changes."""


def as_changed(problem: Problem, rehearsal: Rehearsal) -> Problem:
    """The problem with a rehearsal's weights, and without the rules it leaves off. Pins and those kept apart stay."""
    return replace(
        problem,
        criteria=tuple(replace(one, weight=rehearsal.weights.get(one.name, one.weight)) for one in problem.criteria),
        limits=tuple(one for one in problem.limits if one.name not in rehearsal.left_off),
    )


def work_out_rehearsal(rehearsal: Rehearsal, round: Round, step: Step) -> dict[str, Any]:
    """What the other weights would have come to. The round's problem and receipt are there. Reads no other table.

    Raises InvalidProblem for one that cannot be asked, Cancelled when told to stop. Cost: as many solutions as
    `matchengine.steadiness` says.
    """
    assert round.receipt is not None  # whoever asks has looked
    before = problem_from_json(problem_text(round))
    after = as_changed(before, rehearsal)
    seed, objective = int(round.seed), Round.Objective(rehearsal.objective).value

    def solving(stage: str, done: int, total: int) -> bool:
        return step("solving", 1)

    def changing(done: int, total: int) -> bool:
        return step("changing", SOLVED + (100 - SOLVED) * done // max(total, 1))

    result = solve(after, objective=objective, seed=seed, progress=solving)  # type: ignore[arg-type]
    old, new = Table(before, seed), Table(after, seed)
    had = {pair["mentee"]: pair["mentor"] for pair in round.receipt["pairs"]}
    got = {pair.mentee: pair.mentor for pair in result.pairs}
    steady = steadiness(after, objective=objective, seed=seed, first=result, progress=changing)  # type: ignore[arg-type]
    moves = [[who, had.get(who), got.get(who)] for who in sorted({*had, *got}) if had.get(who) != got.get(who)]
    return {
        "mentees": len(before.mentees),
        "placed": [len(had), len(got)],
        "by_old": [total_of(old, had), total_of(old, got)],
        "by_new": [total_of(new, had), total_of(new, got)],
        "moving": len(moves),
        "moves": moves if tells_names(after) else [],
        "named": tells_names(after),
        "steady": {
            "pairs": steady.pairs, "in_all": steady.in_all, "in_most": steady.in_most, "per_cent": steady.per_cent,
            "changes": [[one.criterion, one.weight, one.kept] for one in steady.changes],
        },
    }  # fmt: skip


def tells_names(problem: Problem) -> bool:
    """Who moves may be named. Where wishes weigh more than a quarter of all, the pairs would be a list of wishes."""
    wishes = sum(one.weight for one in problem.criteria if one.kind == NAMED)
    return MOST_BY_WISHES * wishes <= sum(one.weight for one in problem.criteria)


def total_of(table: Table, pairs: dict[str, str]) -> int:
    """What these pairs come to by a table's points."""
    row, column = table.limits.row, table.limits.column
    return sum(table.scoring.score(row[mentee], column[mentor]) for mentee, mentor in pairs.items())
