"""One door: a problem in, the best match with its reasons and its proof out."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from matchengine.checks import check
from matchengine.explain import Moves, Open, left_over, recruits, seat_values
from matchengine.limits import Limits
from matchengine.lottery import in_lottery_order
from matchengine.objectives import Above, Cover, Floor, highest_floor, stable_pairs
from matchengine.problem import OBJECTIVES, InvalidProblem, Mentee, Mentor, Objective, Problem
from matchengine.result import BarCode, FloorCover, LiftedFloor, Pair, Result
from matchengine.scoring import Scores, Scoring
from matchengine.shares import Bools, Ints
from matchengine.solvers.pairs import Assignment, Pairs, best_pairs, value_of_a_place

Progress = Callable[[str, int, int], bool | None]
"""Called as `progress(stage, done, total)`; the stages are scoring, solving, explaining. False means stop."""

LARGEST_SEED = 2**63 - 1

MOST_THREADS = 256

ROWS_AT_ONCE = 256

SMALL = 1_000_000
"""Pairs up to which a problem is solved on one matrix, without compiled code."""


class Cancelled(Exception):
    """The caller's progress function said stop. Nothing was decided."""


def solve(
    problem: Problem,
    *,
    objective: Objective = "most_then_best",
    seed: int = 0,
    progress: Progress | None = None,
    threads: int = 1,
    small: int = SMALL,
) -> Result:
    """The best match of the whole problem under its rules, with reasons and a proof.

    `most_then_best` places as many people as the rules allow and then makes the total score as high as
    possible; `best_total` looks at the total alone; `maximin_then_best` places as many, lifts the worst of
    their scores as high as it goes, and then the total; `stable` makes pairs such that no two people would
    both rather have each other, which may place fewer. Pins are kept, and no objective looks at their
    scores. Among equals the lottery of `seed` decides; the order of rows, names and arrival never do, nor
    does the number of `threads`. Raises InvalidProblem or Cancelled, and ArithmeticError rather than return
    a match whose proof does not close.

    Up to `small` pairs one matrix is solved (`solvers.pairs`), beyond that lists and sweeps
    (`solvers.guided`), which look at every pair and keep few; both prove the same value and the same prices.
    Cost: 1,000 x 600 takes about a second; beyond, some nanoseconds a pair and sweep.
    Example: `solve(Problem((Mentee("amira"),), (Mentor("ben"),))).pairs[0].mentor` is "ben".
    """
    if objective not in OBJECTIVES:
        raise InvalidProblem(f'"{objective}" is not an objective; there are {", ".join(OBJECTIVES)}')
    if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed <= LARGEST_SEED:
        raise InvalidProblem(f"the seed must be a whole number from 0 to {LARGEST_SEED}")
    if not 1 <= threads <= MOST_THREADS:
        raise InvalidProblem(f"threads must be a whole number from 1 to {MOST_THREADS}")
    tell = _told(progress)
    table = Table(problem, seed, lambda done, total: tell("scoring", done, total), small)
    pinned = table.pinned()
    tell("solving", 0, 1)
    seats = np.array([mentor.seats for mentor in table.mentors], dtype=np.int64)
    per_person = value_of_a_place(objective, len(table.mentees), int(seats.sum()))
    match = _match(
        table, pinned, seats, objective, per_person, threads, lambda done, total: tell("solving", done, total)
    )
    tell("solving", 1, 1)
    return _result(table, pinned, match, per_person, objective, tell)


@dataclass(frozen=True, slots=True)
class Match:
    """`mentor_of` (n) with pins; prices (m), gains (n, 0 for pins); `left` (m) the seats that pins leave; `free` those
    not pinned. `priced` (n) is the match that the prices prove: the same but for `stable`. `floor` for
    `maximin_then_best`, its covers in places of `free`."""

    mentor_of: Ints
    prices: Ints
    gains: Ints
    left: Ints
    free: Ints
    priced: Ints
    floor: Floor | None = None


class Table:
    """The scores and rules of a problem, people in lottery order: the door for looking at pairs one by one.

    Example: `Table(problem).pair("amira", "ben").reasons`. Cost: scores everybody once; then a pair costs
    microseconds, and about a millisecond when texts are compared.
    """

    def __init__(
        self,
        problem: Problem,
        seed: int = 0,
        step: Callable[[int, int], None] = lambda done, total: None,
        small: int = SMALL,
        among: Problem | None = None,
    ) -> None:
        """`among`: the problem that this one is a part of; points are then what they are among all its people."""
        check(problem)
        self.problem, self.seed = problem, seed
        self.mentees: list[Mentee] = in_lottery_order(problem.mentees, seed)
        self.mentors: list[Mentor] = in_lottery_order(problem.mentors, seed)
        self.is_small = len(self.mentees) * len(self.mentors) <= small
        everybody = (among.mentees, among.mentors) if among is not None else None
        self.limits = Limits(problem, self.mentees, self.mentors)
        self.scoring = Scoring(
            problem.criteria, problem.text_cap, self.mentees, self.mentors, step, among=everybody,
            meaning=problem.meaning,
        )  # fmt: skip

    def scores(self, rows: Ints) -> Scores:
        """The scores of these r mentees with all m mentors, r x m."""
        return self.scoring.rows(rows)

    def allowed(self, rows: Ints) -> Bools:
        """Which of all m mentors no rule closes to these r mentees, r x m."""
        return self.limits.rows(rows)

    def blocks(self) -> Iterator[tuple[Ints, Scores, Bools]]:
        """Everybody, some rows at a time: the rows (r), their scores and which pairs are allowed (r x m)."""
        for start in range(0, len(self.mentees), ROWS_AT_ONCE):
            rows = np.arange(start, min(start + ROWS_AT_ONCE, len(self.mentees)))
            yield rows, self.scores(rows), self.allowed(rows)

    def pair(self, mentee: str, mentor: str) -> Pair:
        """These two with score, reasons and the rules they break. Raises KeyError for somebody who is not
        here."""
        return self._pair(self.limits.row[mentee], self.limits.column[mentor], pinned=False)

    def candidates(self, mentee: str, most: int | None = None) -> tuple[Pair, ...]:
        """The mentors no rule closes to this mentee, best fit first, seats not looked at. Lottery among
        equals."""
        row = self.limits.row[mentee]
        rows = np.array([row])
        columns = np.flatnonzero(self.allowed(rows)[0])
        best = columns[np.argsort(-self.scores(rows)[0, columns], kind="stable")][:most]
        return tuple(self._pair(row, int(column), pinned=False) for column in best)

    def pinned(self) -> dict[int, int]:
        """Row to column of each pin. Raises InvalidProblem for a pin against a rule."""
        found = {}
        for pin in self.problem.pins:
            row, column = self.limits.row[pin.mentee], self.limits.column[pin.mentor]
            bars = self.limits.bars(row, column)
            never: tuple[BarCode, ...] = ("self", "apart", "struck")
            if bars and not (pin.override and all(bar.code not in never for bar in bars)):
                why = ", ".join(bar.limit or _BARS[bar.code] for bar in bars)
                raise InvalidProblem(
                    f'"{pin.mentee}" and "{pin.mentor}" are pinned against a rule: {why}',
                    side="mentee",
                    person=pin.mentee,
                )
            found[row] = column
        return found

    def _pair(self, row: int, column: int, pinned: bool) -> Pair:
        return Pair(
            self.mentees[row].id,
            self.mentors[column].id,
            self.scoring.score(row, column),
            self.scoring.reasons(row, column),
            self.limits.nearly(row, column),
            self.limits.bars(row, column),
            pinned,
        )


def pair_among(problem: Problem, mentee: str, mentor: str) -> Pair:
    """The same as `Table(problem).pair(mentee, mentor)`, for one look: nobody else is scored, and of the people only
    these two are checked. Raises KeyError for somebody who is not here.

    Example: `pair_among(problem, "amira", "ben").score`. Cost: everybody's texts are read once.
    """
    hers = {one.id: one for one in problem.mentees}[mentee]
    his = {one.id: one for one in problem.mentors}[mentor]
    two = {mentee, mentor}
    part = replace(
        problem,
        mentees=(hers,),
        mentors=(his,),
        apart=tuple(one for one in problem.apart if {one.one, one.other} == two),
        pins=(),
        strikes=tuple(one for one in problem.strikes if (one.mentee, one.mentor) == (mentee, mentor)),
    )
    return Table(part, among=problem).pair(mentee, mentor)


_BARS: dict[BarCode, str] = {
    "self": "the same person",
    "apart": "kept apart",
    "organisational": "kept apart",
    "struck": "dismissed",
}


def _told(progress: Progress | None) -> Callable[[str, int, int], None]:
    def tell(stage: str, done: int, total: int) -> None:
        if progress is not None and progress(stage, done, total) is False:
            raise Cancelled(f"stopped while {stage}")

    return tell


def _best(
    table: Table, pairs: Pairs, free: Ints, left: Ints, per_person: int, threads: int, step: Callable[[int, int], None]
) -> Assignment:
    if table.is_small:
        return best_pairs(pairs.scores(free), pairs.allowed(free), left, per_person)
    # Compiled code, which small problems never wait for.
    from matchengine.solvers.guided import best_pairs_guided

    return best_pairs_guided(pairs, free, left, per_person, threads=threads, step=step)


def _match(
    table: Table,
    pinned: dict[int, int],
    seats: Ints,
    objective: Objective,
    per_person: int,
    threads: int,
    step: Callable[[int, int], None],
) -> Match:
    n, m = len(table.mentees), len(table.mentors)
    left = seats - np.bincount(np.array(list(pinned.values()), dtype=np.int64), minlength=m)
    free = np.array([row for row in range(n) if row not in pinned], dtype=np.int64)
    pairs: Pairs = table
    floor = None
    if objective == "maximin_then_best":
        floor = highest_floor(lambda some, worth: _best(table, some, free, left, worth, threads, _silent), table)
        pairs = Above(table, floor.points)
    part = _best(table, pairs, free, left, per_person, threads, step)
    stable = stable_pairs(table, free, left) if objective == "stable" else part.mentor_of

    def with_pins(of_free: Ints, pins: dict[int, int], empty: int) -> Ints:
        whole = np.full(n, empty, dtype=np.int64)
        whole[free] = of_free
        for row, column in pins.items():
            whole[row] = column
        return whole

    return Match(
        mentor_of=with_pins(stable, pinned, -1),
        prices=part.prices,
        gains=with_pins(part.gains, {}, 0),
        left=left,
        free=free,
        priced=with_pins(part.mentor_of, pinned, -1),
        floor=floor,
    )


def _silent(done: int, total: int) -> None:
    """A step on the way to a step."""


def _result(
    table: Table,
    pinned: dict[int, int],
    match: Match,
    per_person: int,
    objective: Objective,
    tell: Callable[[str, int, int], None],
) -> Result:
    placed = np.flatnonzero(match.mentor_of >= 0)
    pairs = []
    for done, row in enumerate(placed.tolist()):
        if done % 50 == 0:
            tell("explaining", done, len(placed))
        pairs.append(table._pair(row, int(match.mentor_of[row]), pinned=row in pinned))
    fixed: Bools = np.isin(np.arange(len(table.mentees)), list(pinned))
    moves = Moves(table.limits, match.mentor_of, match.left, fixed)
    alone = [
        left_over(int(row), table.mentees, table.mentors, table.limits, moves, objective) for row in moves.unplaced
    ]
    offers: Open = table.limits if match.floor is None else Reaching(table, match.floor.points)
    priced = Moves(offers, match.priced, match.left, fixed)
    taken = np.bincount(match.mentor_of[placed], minlength=len(table.mentors))
    value = per_person * len(pairs) + sum(pair.score for pair in pairs)
    bound = (
        sum(per_person + pair.score for pair in pairs if pair.pinned)
        + sum(match.gains.tolist())
        + sum(seats * price for seats, price in zip(match.left.tolist(), match.prices.tolist(), strict=True))
    )
    if value != bound and objective != "stable":
        raise ArithmeticError(f"the proof does not close: the match is worth {value}, the bound is {bound}")
    tell("explaining", len(placed), len(placed))
    return Result(
        objective=objective,
        seed=table.seed,
        pairs=tuple(pairs),
        left_over=tuple(alone),
        recruits=recruits(table.problem, [table.mentees[row] for row in moves.unplaced]),
        seats=tuple(seat_values(table.mentors, match.prices, priced, taken, per_person)),
        gains=tuple(
            (mentee.id, int(match.gains[row])) for row, mentee in enumerate(table.mentees) if row not in pinned
        ),
        per_person=per_person,
        value=value,
        bound=bound,
        floor=_named(table, match),
    )


class Reaching:
    """The rules, and that a pair reaches a floor. Nobody is of one kind with another: scores tell them apart."""

    def __init__(self, table: Table, floor: int) -> None:
        self.above, self.shape = Above(table, floor), table.limits.shape

    def rows(self, rows: Ints) -> Bools:
        return self.above.allowed(rows)

    def kind_of(self, row: int) -> Hashable:
        return row


def _named(table: Table, match: Match) -> LiftedFloor | None:
    if match.floor is None:
        return None

    def ids(cover: Cover) -> FloorCover:
        return FloorCover(
            tuple(table.mentees[row].id for row in match.free[cover.at].tolist()),
            tuple(table.mentors[column].id for column in cover.cols.tolist()),
        )

    return LiftedFloor(match.floor.points, ids(match.floor.most), ids(match.floor.higher))
