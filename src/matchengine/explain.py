"""Why somebody is left over, what would place them, and what one more seat is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Protocol

import numpy as np

from matchengine.answers import answer_of, as_place, as_set, as_words, plain
from matchengine.limits import Limits
from matchengine.problem import Limit, Mentee, Mentor, Objective, Problem
from matchengine.result import Barred, Contest, LeftOver, Need, Recruit, Seat
from matchengine.shares import Bools, Ints, blocks_of, coded


class Open(Protocol):
    """Which of m mentors are open to each of n mentees, read by rows (r x m), and who is of one kind with whom."""

    @property
    def shape(self) -> tuple[int, int]: ...

    def rows(self, rows: Ints) -> Bools: ...

    def kind_of(self, row: int) -> Hashable: ...


class Moves:
    """Who could move where, once the pairs are known.

    `mentor_of` (n) is a column or -1, `seats` (m) those that pins leave, `fixed` (n) who is pinned: the
    pinned sit elsewhere and never move. Nothing larger than a block of rows is kept.
    """

    def __init__(self, limits: Open, mentor_of: Ints, seats: Ints, fixed: Bools) -> None:
        self.limits, self.seats = limits, seats
        self.moving = ~fixed
        self.mentor_of = np.where(fixed, -1, mentor_of)
        taken = np.bincount(self.mentor_of[self.mentor_of >= 0], minlength=limits.shape[1])
        self.has_room: Bools = taken < seats
        self._reached: dict[object, Bools] = {}
        self._contests: dict[bytes, Contest] = {}
        self._closed: dict[int, tuple[int, tuple[Barred, ...]]] = {}
        kinds = coded([limits.kind_of(row) for row in range(limits.shape[0])])
        self._kind_of, self._one_of = kinds.code, np.array(kinds.first, dtype=np.int64)

    @property
    def unplaced(self) -> Ints:
        """The rows left over."""
        return np.flatnonzero(self.moving & (self.mentor_of < 0))

    def reached_from(self, rows: Ints) -> Bools:
        """The mentors (m) that chains of moves beginning with these mentees can touch.

        A mentee takes a seat, whoever sits there takes another, and so on. Where none of the mentors
        reached has room, they are a Hall set: more people can only sit there than there are seats (P. Hall,
        "On representatives of subsets", 1935). Cost: m for each kind of mentee at worst.
        """
        reached = np.zeros(self.limits.shape[1], dtype=np.bool_)
        seated = np.flatnonzero(self.mentor_of >= 0)
        seen: set[int] = set()
        new = rows
        while len(new):
            kinds = np.array(sorted(set(self._kind_of[new].tolist()) - seen), dtype=np.int64)
            seen.update(kinds.tolist())
            fresh = self._open_to_any(kinds) & ~reached
            reached |= fresh
            new = seated[fresh[self.mentor_of[seated]]]
        return reached

    def _open_to_any(self, kinds: Ints) -> Bools:
        found = np.zeros(self.limits.shape[1], dtype=np.bool_)
        for at in blocks_of(len(kinds)):
            found |= self.limits.rows(self._one_of[kinds[at]]).any(axis=0)
        return found

    def reached_by(self, row: int) -> Bools:
        """As `reached_from` for one mentee; those of the same kind share the work."""
        kind = int(self._kind_of[row])
        if kind not in self._reached:
            self._reached[kind] = self.reached_from(np.array([row]))
        return self._reached[kind]

    def closed_to(self, row: int, limits: Limits) -> tuple[int, tuple[Barred, ...]]:
        """How many mentors are open to one mentee, and what closes the others; the same for all of her kind."""
        kind = int(self._kind_of[row])
        if kind not in self._closed:
            self._closed[kind] = int(limits.rows(np.array([row])).sum()), _barred(row, limits, self)
        return self._closed[kind]

    def contest(self, reached: Bools, mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> Contest:
        """Those who can only sit with the mentors reached, and these mentors."""
        key = reached.tobytes()
        if key not in self._contests:
            only_there = np.zeros(len(self._one_of), dtype=np.bool_)
            for at in blocks_of(len(self._one_of)):
                block = self.limits.rows(self._one_of[at])
                only_there[at] = block.any(axis=1) & ~block[:, ~reached].any(axis=1)
            rows = np.flatnonzero(self.moving & only_there[self._kind_of])
            columns = np.flatnonzero(reached)
            self._contests[key] = Contest(
                tuple(mentees[at].id for at in rows.tolist()),
                tuple(mentors[at].id for at in columns.tolist()),
                int(self.seats[columns].sum()),
            )
        return self._contests[key]


def left_over(
    row: int, mentees: Sequence[Mentee], mentors: Sequence[Mentor], limits: Limits, moves: Moves, objective: Objective
) -> LeftOver:
    """Why this mentee has no mentor. Cost: m for each kind of mentee and each rule at worst."""
    who = mentees[row].id
    open_to_her, barred = moves.closed_to(row, limits)
    if not open_to_her:
        nobody = all(count.bar.code == "self" for count in barred)
        return LeftOver(who, "no_candidate" if nobody else "rule", 0, barred)
    reached = moves.reached_by(row)
    if (moves.has_room & reached).any():
        return LeftOver(who, "stable" if objective == "stable" else "total", open_to_her, barred)
    return LeftOver(who, "no_seat", open_to_her, barred, moves.contest(reached, mentees, mentors))


def _barred(row: int, limits: Limits, moves: Moves) -> tuple[Barred, ...]:
    closed = list(limits.closed(row))
    times = sum((barred.astype(np.int64) for _, barred in closed), np.zeros(limits.shape[1], dtype=np.int64))
    return tuple(
        Barred(bar, int(barred.sum()), int((barred & (times == 1) & moves.has_room).sum())) for bar, barred in closed
    )


def seat_values(mentors: Sequence[Mentor], prices: Ints, moves: Moves, taken: Ints, per_person: int) -> list[Seat]:
    """What one more seat with each mentor would bring, read off the least prices.

    It places one more person exactly when a chain of moves from somebody left over ends at that mentor; the
    rest of the price is points. Cost: n x m at worst.
    """
    wanted = moves.reached_from(moves.unplaced)
    values = []
    for at, mentor in enumerate(mentors):
        price = int(prices[at])
        places = int(wanted[at]) if per_person else 0
        values.append(Seat(mentor.id, mentor.seats, int(taken[at]), price, places, price - places * per_person))
    return values


def recruits(problem: Problem, people: Sequence[Mentee]) -> tuple[Recruit, ...]:
    """Whom to look for: new mentors who would place those left over, most people first.

    One entry for each set of values the `same` limits ask for. People whom no mentor could serve, because
    they stand at the top of an order or did not answer what a rule needs, are in none. Each needs one seat.
    """
    groups: dict[tuple[frozenset[str], ...], list[Mentee]] = {}
    for mentee in people:
        if all(_can_be_served(limit, mentee) for limit in problem.limits):
            key = tuple(
                as_set(answer_of(mentee.answers, limit.mentee)) for limit in problem.limits if limit.kind == "same"
            )
            groups.setdefault(key, []).append(mentee)
    found = [
        Recruit(len(those), tuple(_need(limit, those) for limit in problem.limits), _wishes(problem, those))
        for those in groups.values()
    ]
    return tuple(sorted(found, key=lambda one: (-one.seats, repr(one))))


def _can_be_served(limit: Limit, mentee: Mentee) -> bool:
    answer = answer_of(mentee.answers, limit.mentee)
    if answer is None:
        return limit.when_missing == "passes"
    if limit.kind == "higher" and limit.order:
        return (as_place(answer, limit.order) or 0) + limit.steps < len(limit.order)
    return True


def _need(limit: Limit, people: Sequence[Mentee]) -> Need:
    answers = [answer for one in people if (answer := answer_of(one.answers, limit.mentee)) is not None]
    if limit.kind == "higher":
        places = [as_place(answer, limit.order) or 0 for answer in answers]
        if not places:
            return Need(limit.name, limit.kind, ())
        if limit.order:
            return Need(limit.name, limit.kind, (limit.order[max(places) + limit.steps],))
        return Need(limit.name, limit.kind, (f"{max(places) / 1000 + limit.steps:g}",))
    spelled = {plain(word): word for answer in answers for word in as_words(answer)}
    return Need(limit.name, limit.kind, tuple(spelled[key] for key in sorted(spelled)))


def _wishes(problem: Problem, people: Sequence[Mentee]) -> tuple[tuple[str, str, int], ...]:
    count: Counter[tuple[str, str]] = Counter()
    spelled: dict[str, str] = {}
    for criterion in problem.criteria:
        if criterion.kind != "wish" or not criterion.weight:
            continue
        for mentee in people:
            words = {plain(word): word for word in as_words(answer_of(mentee.answers, criterion.mentee))}
            spelled |= words
            count.update((criterion.name, key) for key in words)
    ranked = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    return tuple((name, spelled[key], times) for (name, key), times in ranked[:5])
