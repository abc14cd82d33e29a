"""How much of a match hangs on the exact weights: solved again with each weight a little higher and a little lower.

A pair that stays in all of these was not made by a rounding of somebody's judgement. The same problem solved twice
gives the same pairs, so what changes here changes because of the weights, never because of the lottery.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from matchengine.problem import Criterion, Objective, Problem
from matchengine.result import Result
from matchengine.solve import solve

HIGHEST_WEIGHT = 10

Told = Callable[[int, int], bool | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One weight moved to `weight`: how many people are then placed, and how many of the first match's pairs stay."""

    criterion: str
    weight: int
    placed: int
    kept: int


@dataclass(frozen=True, slots=True)
class Steadiness:
    """What small changes of the weights do to a match of `pairs` pairs, pins among them.

    `in_all` of them stay under every change, `in_most` under more than half of the changes. `kept` counts for each
    pair under how many of the changes it stays, in the order of the first match.
    """

    pairs: int
    in_all: int
    in_most: int
    changes: tuple[Change, ...]
    kept: tuple[tuple[str, str, int], ...]

    @property
    def per_cent(self) -> int:
        """The share of pairs that stay under every change, rounded down; 100 where there is no pair."""
        return 100 * self.in_all // self.pairs if self.pairs else 100


def steadiness(
    problem: Problem,
    *,
    objective: Objective = "most_then_best",
    seed: int = 0,
    by: int = 1,
    threads: int = 1,
    first: Result | None = None,
    progress: Told | None = None,
) -> Steadiness:
    """Solve once as it is (or take `first`, the result of that) and once for every weight `by` higher and lower.

    Weights stay between 0 and 10, criteria that are off or weigh nothing stay so. `progress(done, total)` counts
    solutions; it is called often, and stops it by answering False: then Cancelled is raised. Seeded and deterministic.
    Cost: at most twice as many solutions as there are criteria, and one more.
    """
    base = first or solve(problem, objective=objective, seed=seed, threads=threads)
    wanted = list(_changes(problem, by))
    pairs = [(pair.mentee, pair.mentor) for pair in base.pairs]
    kept: Counter[tuple[str, str]] = Counter()
    changes = []
    for done, (criterion, weight) in enumerate(wanted):
        other = solve(
            with_weight(problem, criterion, weight), objective=objective, seed=seed, threads=threads,
            progress=partial(_tell, progress, done, len(wanted)),
        )  # fmt: skip
        staying = {(pair.mentee, pair.mentor) for pair in other.pairs} & set(pairs)
        kept.update(staying)
        changes.append(Change(criterion.name, weight, other.placed, len(staying)))
    return Steadiness(
        pairs=len(pairs),
        in_all=sum(kept[pair] == len(changes) for pair in pairs),
        in_most=sum(2 * kept[pair] > len(changes) for pair in pairs) if changes else len(pairs),
        changes=tuple(changes),
        kept=tuple((*pair, kept[pair]) for pair in pairs),
    )


def _tell(progress: Told | None, done: int, of: int, stage: str, step: int, total: int) -> bool | None:
    return progress(done, of) if progress is not None else None


def _changes(problem: Problem, by: int) -> Iterator[tuple[Criterion, int]]:
    for criterion in problem.criteria:
        if criterion.kind == "off" or not criterion.weight:
            continue
        for weight in (criterion.weight - by, criterion.weight + by):
            if 0 <= weight <= HIGHEST_WEIGHT:
                yield criterion, weight


def with_weight(problem: Problem, criterion: Criterion, weight: int) -> Problem:
    """The same problem with one weight changed."""
    return replace(
        problem, criteria=tuple(replace(one, weight=weight) if one is criterion else one for one in problem.criteria)
    )
