"""One door: a problem in, the best match with its reasons and its proof out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, partial

import numpy as np

from matchengine.boards import refuse_what_boards_cannot, solve_boards
from matchengine.checks import check
from matchengine.explain import Moves, Open, left_over, recruits, seat_values
from matchengine.field import Field, field_of
from matchengine.gap import Near, units_of
from matchengine.keeping import Keeper, Searches, mark_of
from matchengine.limits import Limits
from matchengine.lottery import in_lottery_order
from matchengine.objectives import Above, Cover, Floor, Reaching, highest_floor, stable_pairs
from matchengine.problem import OBJECTIVES, InvalidProblem, Mentee, Mentor, Objective, Problem
from matchengine.result import BarCode, FloorCover, Gap, LiftedFloor, Pair, Result, Seat
from matchengine.scoring import Scores, Scoring
from matchengine.shares import Bools, Ints, blocks_of
from matchengine.solvers.crew import Crew, Threads
from matchengine.solvers.pairs import Assignment, Pairs, TooManySeats, best_pairs, value_of_a_place

Progress = Callable[[str, int, int], bool | None]
"""Called as `progress(stage, done, total)`; the stages are scoring, solving, explaining. False means stop."""

LARGEST_SEED = 2**63 - 1

MOST_THREADS = 256

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
    gap: float | Decimal | str = 0,
    small: int = SMALL,
    kept: Keeper | None = None,
    crew: Crew | None = None,
) -> Result:
    """The best match of the whole problem under its rules, with reasons and a proof.

    `most_then_best` places as many people as the rules allow and then makes the total score as high as possible;
    `best_total` looks at the total alone; `maximin_then_best` places as many, lifts the worst of their scores as high
    as it goes, and then the total; `stable` makes pairs such that no two people would both rather have each other,
    which may place fewer. Pins are kept, and no objective looks at their scores. Among equals the lottery of `seed`
    decides; the order of rows, names and arrival never do, nor the number of `threads` or a `crew` in their place
    (`cluster.Cluster`). Raises InvalidProblem or Cancelled; ArithmeticError rather than return a match without proof.

    With a `gap` in per cent a search by lists and sweeps stops as soon as it is proven that no match places more
    people, and none that places as many has so many per cent more points (`best_total`: none has). The result then
    says in `gap` how far it is from the best possible at most. Small problems, and searches that come to the end first,
    are exact and have none. `stable` knows no gap.

    Where a search by lists and sweeps stands is given to `kept` after each round (`keeping.KeptFile`), and one that was
    broken goes on to the same bytes. Raises `UnusableSearch` for that of another problem, objective, seed or engine.

    Up to `small` pairs one matrix is solved (`solvers.pairs`), beyond that lists and sweeps (`solvers.guided`), which
    look at every pair and keep few; both prove the same value and the same prices. Where somebody wants several mentors
    see `boards`: they are for the first two objectives. Cost: 1,000 x 600 takes about a second;
    beyond, less than a nanosecond a pair and sweep, and texts some sixty; 100,000 x 20,000 a few minutes.
    Example: `solve(Problem((Mentee("amira"),), (Mentor("ben"),))).pairs[0].mentor` is "ben".
    """
    if objective not in OBJECTIVES:
        raise InvalidProblem(f'"{objective}" is not an objective; there are {", ".join(OBJECTIVES)}')
    if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed <= LARGEST_SEED:
        raise InvalidProblem(f"the seed must be a whole number from 0 to {LARGEST_SEED}")
    if not isinstance(threads, int) or isinstance(threads, bool) or not 1 <= threads <= MOST_THREADS:
        raise InvalidProblem(f"threads must be a whole number from 1 to {MOST_THREADS}")
    asked = units_of(gap)
    if asked and objective == "stable":
        raise InvalidProblem("a stable match is not better or worse than another: it has no gap")
    tell = _told(progress)
    if problem.has_boards:
        refuse_what_boards_cannot(problem, objective, small)
    crew, mark = crew or Threads(threads), partial(mark_of, problem, objective, seed)
    table = Table(problem, seed, lambda done, total: tell("scoring", done, total), small)
    if problem.has_boards:
        return solve_boards(table, objective, tell, crew, lambda n: Searches(kept, mark, n, len(table.mentors)), asked)
    pinned = table.pinned()
    seats = np.array([mentor.seats for mentor in table.mentors], dtype=np.int64)
    per_person = value_of_a_place(objective, len(table.mentees), int(seats.sum()))
    searches = Searches(kept, mark, len(table.mentees) - len(pinned), len(seats))
    search = Search(table, seats, objective, per_person, asked, crew, searches)
    tell("solving", 0, 1)
    match = _match(search, pinned, lambda done, total: tell("solving", done, total))
    tell("solving", 1, 1)
    return _result(search, pinned, match, tell)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: `seats` (m) before pins, the worth of a place, and how near (`asked`, in millionths of the
    points) will do; who looks at all pairs (`crew`); and what is kept of it (`searches`)."""

    table: Table
    seats: Ints
    objective: Objective
    per_person: int
    asked: int
    crew: Crew
    searches: Searches


@dataclass(frozen=True, slots=True)
class Match:
    """`mentor_of` (n) with pins; prices (m), gains (n, 0 for pins); `left` (m) the seats that pins leave; `free` those
    not pinned. `priced` (n) is the match that the prices prove: the same but for `stable`. `floor` for
    `maximin_then_best`, its covers in places of `free`. `is_near`: the prices prove a gap."""

    mentor_of: Ints
    prices: Ints
    gains: Ints
    left: Ints
    free: Ints
    priced: Ints
    floor: Floor | None = None
    is_near: bool = False


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
        self.problem, self.seed, self.small = problem, seed, small
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

    def block(self, rows: Ints) -> tuple[Scores, Bools]:
        """Both for these r mentees, as the solvers read them."""
        return self.scores(rows), self.allowed(rows)

    @cached_property
    def field(self) -> Field:
        """Both for looking at all pairs."""
        return field_of(self.scoring, self.limits)

    def blocks(self) -> Iterator[tuple[Ints, Scores, Bools]]:
        """Everybody, some rows at a time: the rows (r), their scores and which pairs are allowed (r x m)."""
        for rows in blocks_of(len(self.mentees)):
            yield rows, *self.block(rows)

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
        """Row to column of each pin, where everybody wants one mentor."""
        return dict(self.pinned_pairs())

    def pinned_pairs(self) -> list[tuple[int, int]]:
        """Row and column of each pin. Raises InvalidProblem for a pin against a rule."""
        found = []
        for pin in self.problem.pins:
            row, column = self.limits.row[pin.mentee], self.limits.column[pin.mentor]
            bars = self.limits.bars(row, column)
            never: tuple[BarCode, ...] = ("self", "apart", "struck", "held")
            if bars and not (pin.override and all(bar.code not in never for bar in bars)):
                why = ", ".join(bar.limit or _BARS[bar.code] for bar in bars)
                raise InvalidProblem(
                    f'"{pin.mentee}" and "{pin.mentor}" are pinned against a rule: {why}',
                    side="mentee",
                    person=pin.mentee,
                )
            found.append((row, column))
        return sorted(found)

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
    "held": "a pair already",
}


def _told(progress: Progress | None) -> Callable[[str, int, int], None]:
    def tell(stage: str, done: int, total: int) -> None:
        if progress is not None and progress(stage, done, total) is False:
            raise Cancelled(f"stopped while {stage}")

    return tell


def _best(
    search: Search,
    pairs: Pairs,
    free: Ints,
    left: Ints,
    per_person: int,
    near: Near | None = None,
    step: Callable[[int, int], None] = lambda done, total: None,
    is_last: bool = False,
) -> Assignment:
    if search.table.is_small:
        with suppress(TooManySeats):
            return best_pairs(*pairs.block(free), left, per_person)
        near = None  # small problems are exact, whichever way they take
    # Compiled code, which small problems never wait for.
    from matchengine.solvers.guided import best_pairs_guided

    guided = partial(best_pairs_guided, pairs, free, left, per_person, crew=search.crew, near=near, step=step)
    return search.searches.run(guided, is_last=is_last)


def _match(search: Search, pinned: dict[int, int], step: Callable[[int, int], None]) -> Match:
    table, objective = search.table, search.objective
    n, m = len(table.mentees), len(table.mentors)
    left = search.seats - np.bincount(np.array(list(pinned.values()), dtype=np.int64), minlength=m)
    free = np.array([row for row in range(n) if row not in pinned], dtype=np.int64)
    pairs: Pairs = table
    floor = None
    if objective == "maximin_then_best":
        floor = highest_floor(lambda some, worth: _best(search, some, free, left, worth), table)
        pairs = Above(table, floor.points)
    part = _best(search, pairs, free, left, search.per_person, _near(search, pinned, floor), step, is_last=True)
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
        is_near=part.is_near,
    )


def _near(search: Search, pinned: dict[int, int], floor: Floor | None) -> Near | None:
    if not search.asked:
        return None
    table = search.table
    most = min(len(table.mentees), int(search.seats.sum())) if floor is None else len(pinned) + floor.placed
    points = sum(table.scoring.score(row, column) for row, column in pinned.items())
    return Near(search.asked, search.per_person, most, len(pinned), points)


def _result(search: Search, pinned: dict[int, int], match: Match, tell: Callable[[str, int, int], None]) -> Result:
    table, objective, per_person = search.table, search.objective, search.per_person
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
    if match.is_near:
        alone = [replace(one, cause="gap") if one.cause == "total" else one for one in alone]
    value = per_person * len(pairs) + sum(pair.score for pair in pairs)
    bound = (
        sum(per_person + pair.score for pair in pairs if pair.pinned)
        + sum(match.gains.tolist())
        + sum(seats * price for seats, price in zip(match.left.tolist(), match.prices.tolist(), strict=True))
    )
    if value != bound and objective != "stable" and not (match.is_near and value < bound):
        raise ArithmeticError(f"the proof does not close: the match is worth {value}, the bound is {bound}")
    tell("explaining", len(placed), len(placed))
    return Result(
        objective=objective,
        seed=table.seed,
        pairs=tuple(pairs),
        left_over=tuple(alone),
        recruits=recruits(table.problem, [table.mentees[row] for row in moves.unplaced]),
        seats=tuple(_seats(search, match, fixed)),
        gains=tuple(
            (mentee.id, int(match.gains[row])) for row, mentee in enumerate(table.mentees) if row not in pinned
        ),
        per_person=per_person,
        value=value,
        bound=bound,
        floor=_named(table, match),
        gap=Gap(search.asked, bound - value, bound - per_person * len(pairs)) if match.is_near else None,
    )


def _seats(search: Search, match: Match, fixed: Bools) -> list[Seat]:
    table = search.table
    taken = np.bincount(match.mentor_of[match.mentor_of >= 0], minlength=len(table.mentors))
    if match.is_near:
        # Such prices prove a bound and no more: what another seat would bring is not known.
        return [
            Seat(mentor.id, mentor.seats, int(taken[at]), int(match.prices[at]), None, None)
            for at, mentor in enumerate(table.mentors)
        ]
    offers: Open = (
        table.limits if match.floor is None else Reaching(Above(table, match.floor.points), table.limits.shape)
    )
    priced = Moves(offers, match.priced, match.left, fixed)
    return seat_values(table.mentors, match.prices, priced, taken, search.per_person)


def _named(table: Table, match: Match) -> LiftedFloor | None:
    if match.floor is None:
        return None

    def ids(cover: Cover) -> FloorCover:
        return FloorCover(
            tuple(table.mentees[row].id for row in match.free[cover.at].tolist()),
            tuple(table.mentors[column].id for column in cover.cols.tolist()),
        )

    return LiftedFloor(match.floor.points, ids(match.floor.most), ids(match.floor.higher))
