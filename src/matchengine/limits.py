"""What must not be, and what must: hard rules, keep-aparts, dismissed pairs, and nobody with themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from matchengine.answers import answer_of
from matchengine.problem import Limit, Mentee, Mentor, Problem
from matchengine.result import Bar
from matchengine.shares import Bools, Ints, answered, places, shared_counts

SELF = Bar("self")
APART = Bar("apart")
ORGANISATIONAL = Bar("organisational")
STRUCK = Bar("struck")


class Limits:
    """All rules of a problem over its n x m pairs, each kept apart so that a reason can be named.

    `mentees` and `mentors` fix the order of rows and columns. `allowed` is the n x m matrix of pairs no rule
    closes. Pins do not change it. Cost: n x m bytes for each rule.
    """

    def __init__(self, problem: Problem, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> None:
        self.row = {mentee.id: at for at, mentee in enumerate(mentees)}
        self.column = {mentor.id: at for at, mentor in enumerate(mentors)}
        self._shape = (len(mentees), len(mentors))
        self.closed: dict[Bar, Bools] = {}
        for limit in problem.limits:
            self.closed[Bar("limit", limit.name)] = ~holds(limit, mentees, mentors)
        both_sides = ((person, person) for person in self.row)
        apart = {
            kind: [(a.one, a.other) for a in problem.apart if a.kind == kind] for kind in ("personal", "organisational")
        }
        self._close(SELF, both_sides)
        self._close(APART, _either_way(apart["personal"]))
        self._close(ORGANISATIONAL, _either_way(apart["organisational"]))
        self._close(STRUCK, ((strike.mentee, strike.mentor) for strike in problem.strikes))
        self.allowed: Bools = np.ones(self._shape, dtype=np.bool_)
        for closed in self.closed.values():
            self.allowed &= ~closed
        self._room = {
            limit.name: margins(limit, mentees, mentors) for limit in problem.limits if limit.kind == "higher"
        }

    def _close(self, bar: Bar, pairs: Iterator[tuple[str, str]]) -> None:
        at = [(self.row[one], self.column[other]) for one, other in pairs if one in self.row and other in self.column]
        if at:
            closed = np.zeros(self._shape, dtype=np.bool_)
            rows, columns = zip(*at, strict=True)
            closed[list(rows), list(columns)] = True
            self.closed[bar] = closed

    def bars(self, row: int, column: int) -> tuple[Bar, ...]:
        """Every reason why this pair must not be; empty when it may."""
        return tuple(bar for bar, closed in self.closed.items() if closed[row, column])

    def nearly(self, row: int, column: int) -> tuple[str, ...]:
        """The names of limits that hold for this pair without any room."""
        return tuple(name for name, room in self._room.items() if room[row, column] == 0)


def holds(limit: Limit, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> Bools:
    """Which of the n x m pairs keep this limit."""
    ours = [answer_of(mentee.answers, limit.mentee) for mentee in mentees]
    theirs = [answer_of(mentor.answers, limit.mentor_field) for mentor in mentors]
    if limit.kind == "higher":
        kept = margins(limit, mentees, mentors) >= 0
    elif limit.kind == "same":
        kept = shared_counts(ours, theirs) > 0
    else:
        kept = shared_counts(ours, theirs) == 0
    both_answered = answered(ours)[:, None] & answered(theirs)[None, :]
    return kept & both_answered if limit.when_missing == "bars" else kept | ~both_answered


def margins(limit: Limit, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> Ints:
    """By how much a `higher` limit is kept: 0 is just enough, below 0 is broken. n x m; -1 where
    unanswered."""
    low, hers = places([answer_of(one.answers, limit.mentee) for one in mentees], limit.order)
    high, his = places([answer_of(one.answers, limit.mentor_field) for one in mentors], limit.order)
    steps = limit.steps if limit.order else 1000 * limit.steps
    margin = high[None, :] - low[:, None] - steps
    return np.where(hers[:, None] & his[None, :], margin, -1)


def _either_way(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for one, other in pairs:
        yield one, other
        yield other, one
