"""What must not be, and what must: hard rules, keep-aparts, dismissed pairs, and nobody with themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np

from matchengine.answers import answer_of
from matchengine.problem import LARGEST_TABLE, Answer, Limit, Mentee, Mentor, Problem
from matchengine.result import Bar
from matchengine.shares import Bools, Ints, answered, coded, places, shared_counts
from matchengine.strips import SHUT, Looked, looked_up

SELF = Bar("self")
APART = Bar("apart")
ORGANISATIONAL = Bar("organisational")
STRUCK = Bar("struck")
HELD = Bar("held")

Column = Sequence[Answer | None]


class Limits:
    """All rules of a problem over its n x m pairs, each kept apart so that a reason can be named.

    `mentees` and `mentors` fix the order of rows and columns. Pins do not change what is allowed. Nothing of
    the size n x m is kept but `allowed`, and that only once somebody asks for it.
    """

    def __init__(
        self,
        problem: Problem,
        mentees: Sequence[Mentee],
        mentors: Sequence[Mentor],
        largest_table: int = LARGEST_TABLE,
    ) -> None:
        self.row = {mentee.id: at for at, mentee in enumerate(mentees)}
        self.column = {mentor.id: at for at, mentor in enumerate(mentors)}
        self.shape = (len(mentees), len(mentors))
        self.rules = {
            Bar("limit", limit.name): Rule(limit, mentees, mentors, largest_table) for limit in problem.limits
        }
        self.single: dict[Bar, dict[int, list[int]]] = {}
        both_sides = ((person, person) for person in self.row)
        apart = {
            kind: [(a.one, a.other) for a in problem.apart if a.kind == kind] for kind in ("personal", "organisational")
        }
        self._close(SELF, both_sides)
        self._close(APART, _either_way(apart["personal"]))
        self._close(ORGANISATIONAL, _either_way(apart["organisational"]))
        self._close(HELD, ((mentee.id, mentor) for mentee in mentees for mentor in mentee.holds))
        self._close(STRUCK, ((strike.mentee, strike.mentor) for strike in problem.strikes))

    def _close(self, bar: Bar, pairs: Iterable[tuple[str, str]]) -> None:
        for one, other in pairs:
            if one in self.row and other in self.column:
                self.single.setdefault(bar, {}).setdefault(self.row[one], []).append(self.column[other])

    @cached_property
    def allowed(self) -> Bools:
        """The n x m matrix of pairs no rule closes: for problems small enough."""
        return self.rows(np.arange(self.shape[0]))

    def rows(self, rows: Ints) -> Bools:
        """Which of all m mentors are open to each of these r mentees, r x m."""
        allowed: Bools = np.ones((len(rows), self.shape[1]), dtype=np.bool_)
        for rule in self.rules.values():
            allowed &= rule.rows(rows)
        for closed in self.single.values():
            for at, row in enumerate(rows.tolist()):
                if row in closed:
                    allowed[at, closed[row]] = False
        return allowed

    def closed(self, row: int) -> Iterator[tuple[Bar, Bools]]:
        """Each rule that closes anybody to this mentee, with the mentors (m) it closes."""
        for bar, rule in self.rules.items():
            barred = ~rule.rows(np.array([row]))[0]
            if barred.any():
                yield bar, barred
        for bar, closed in self.single.items():
            if row in closed:
                barred = np.zeros(self.shape[1], dtype=np.bool_)
                barred[closed[row]] = True
                yield bar, barred

    def kind_of(self, row: int) -> tuple[object, ...]:
        """Mentees of the same kind have the same mentors open to them."""
        answers = tuple(int(rule.ours[row]) for rule in self.rules.values())
        return answers + tuple(tuple(sorted(closed.get(row, ()))) for closed in self.single.values())

    def bars(self, row: int, column: int) -> tuple[Bar, ...]:
        """Every reason why this pair must not be; empty when it may."""
        broken = [bar for bar, rule in self.rules.items() if not rule.at(row, column)]
        return (*broken, *(bar for bar, closed in self.single.items() if column in closed.get(row, ())))

    def nearly(self, row: int, column: int) -> tuple[str, ...]:
        """The names of limits that are nearly broken by this pair: see `Rule.is_tight`."""
        return tuple(rule.limit.name for rule in self.rules.values() if rule.is_tight(row, column))


class Rule:
    """One hard rule, looked up by the different answers people gave. `ours` (n) and `theirs` (m) number
    them."""

    def __init__(self, limit: Limit, mentees: Sequence[Mentee], mentors: Sequence[Mentor], largest_table: int) -> None:
        self.limit = limit
        hers = [answer_of(one.answers, limit.mentee) for one in mentees]
        his = [answer_of(one.answers, limit.mentor_field) for one in mentors]
        ours, theirs = coded(hers), coded(his)
        self.ours, self.theirs = ours.code, theirs.code
        self._hers, self._his = [hers[at] for at in ours.first], [his[at] for at in theirs.first]
        fits = len(ours.first) * len(theirs.first) <= largest_table
        self._table = holds(limit, self._hers, self._his) if fits else None

    def rows(self, rows: Ints) -> Bools:
        """Which of the pairs of these mentees keep the rule, r x m."""
        codes = self.ours[rows]
        if self._table is not None:
            return np.take(self._table[codes], self.theirs, axis=1)
        return np.take(holds(self.limit, [self._hers[code] for code in codes], self._his), self.theirs, axis=1)

    def strips(self) -> Looked | None:
        """`SHUT` where a mentor is closed, as strips of bytes; None where there would be too many."""
        if self._table is None:
            return None
        return looked_up(np.where(self._table, np.uint8(0), np.uint8(SHUT)), self.ours, self.theirs)

    def at(self, row: int, column: int) -> bool:
        """Whether one pair keeps the rule."""
        hers, his = int(self.ours[row]), int(self.theirs[column])
        if self._table is not None:
            return bool(self._table[hers, his])
        return bool(holds(self.limit, [self._hers[hers]], [self._his[his]])[0, 0])

    def is_tight(self, row: int, column: int) -> bool:
        """Whether this pair nearly breaks the rule: a `higher` rule of two steps or more, kept by its exact minimum.

        Such a rule asks for some distance, and this is the least of it. A rule of one step asks only that somebody
        stands higher: its minimum is what most pairs have, so telling it of each would tell nothing. A `same`,
        `differs` or `apart` rule holds or does not, and is never nearly broken.
        """
        if self.limit.kind != "higher" or self.limit.steps < 2:
            return False
        hers, his = self._hers[self.ours[row]], self._his[self.theirs[column]]
        return bool(margins(self.limit, [hers], [his])[0, 0] == 0)


def holds(limit: Limit, ours: Column, theirs: Column) -> Bools:
    """Which of the n x m pairs of answers keep this limit."""
    if limit.kind == "higher":
        kept = margins(limit, ours, theirs) >= 0
    elif limit.kind == "same":
        kept = shared_counts(ours, theirs) > 0
    else:
        kept = shared_counts(ours, theirs) == 0
    both_answered = answered(ours)[:, None] & answered(theirs)[None, :]
    return kept & both_answered if limit.when_missing == "bars" else kept | ~both_answered


def margins(limit: Limit, ours: Column, theirs: Column) -> Ints:
    """By how much a `higher` limit is kept: 0 is just enough, below 0 is broken. n x m; -1 where
    unanswered."""
    low, hers = places(ours, limit.order)
    high, his = places(theirs, limit.order)
    steps = limit.steps if limit.order else 1000 * limit.steps
    margin = high[None, :] - low[:, None] - steps
    return np.where(hers[:, None] & his[None, :], margin, -1)


def _either_way(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for one, other in pairs:
        yield one, other
        yield other, one
