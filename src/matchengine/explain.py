"""Why somebody is left over, what would place them, and what one more seat is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from matchengine.answers import answer_of, as_place, as_set, as_words, plain
from matchengine.limits import Limits
from matchengine.problem import Limit, Mentee, Mentor, Problem
from matchengine.result import Barred, Contest, LeftOver, Need, Recruit, Seat
from matchengine.shares import Bools, Ints


class Moves:
    """Who could move where, once the pairs are known.

    `allowed` is n x m, `mentor_of` (n) a column or -1, `seats` (m) those that pins leave, `fixed` (n) who is
    pinned: the pinned sit elsewhere and never move.
    """

    def __init__(self, allowed: Bools, mentor_of: Ints, seats: Ints, fixed: Bools) -> None:
        self.allowed, self.seats = allowed, seats
        self.moving = ~fixed
        self.mentor_of = np.where(fixed, -1, mentor_of)
        taken = np.bincount(self.mentor_of[self.mentor_of >= 0], minlength=allowed.shape[1])
        self.has_room: Bools = taken < seats
        self._reached: dict[bytes, Bools] = {}
        self._contests: dict[bytes, tuple[Ints, Ints]] = {}

    @property
    def unplaced(self) -> Ints:
        """The rows left over."""
        return np.flatnonzero(self.moving & (self.mentor_of < 0))

    def reached_from(self, rows: Ints) -> Bools:
        """The mentors (m) that chains of moves beginning with these mentees can touch.

        A mentee takes a seat, whoever sits there takes another, and so on. Where none of the mentors
        reached has room, they are a Hall set: more people can only sit there than there are seats (P. Hall,
        "On representatives of subsets", 1935). Cost: n x m at worst.
        """
        reached = np.zeros(self.allowed.shape[1], dtype=np.bool_)
        new = rows
        while len(new):
            fresh = self.allowed[new].any(axis=0) & ~reached
            reached |= fresh
            seated = np.flatnonzero(self.mentor_of >= 0)
            new = seated[fresh[self.mentor_of[seated]]]
        return reached

    def reached_by(self, row: int) -> Bools:
        """As `reached_from` for one mentee; those with the same open mentors share the work."""
        key = self.allowed[row].tobytes()
        if key not in self._reached:
            self._reached[key] = self.reached_from(np.array([row]))
        return self._reached[key]

    def contest(self, reached: Bools) -> tuple[Ints, Ints]:
        """The rows of those who can only sit with the mentors reached, and the columns of these mentors."""
        key = reached.tobytes()
        if key not in self._contests:
            only_there = self.moving & self.allowed.any(axis=1) & ~self.allowed[:, ~reached].any(axis=1)
            self._contests[key] = (np.flatnonzero(only_there), np.flatnonzero(reached))
        return self._contests[key]


def left_over(row: int, mentees: Sequence[Mentee], mentors: Sequence[Mentor], limits: Limits, moves: Moves) -> LeftOver:
    """Why this mentee has no mentor. Cost: n x m at worst for the chains of moves, m for each rule."""
    who = mentees[row].id
    open_to_her = int(limits.allowed[row].sum())
    barred = _barred(row, limits, moves)
    if not open_to_her:
        nobody = all(count.bar.code == "self" for count in barred)
        return LeftOver(who, "no_candidate" if nobody else "rule", 0, barred)
    reached = moves.reached_by(row)
    if (moves.has_room & reached).any():
        return LeftOver(who, "total", open_to_her, barred)
    rows, columns = moves.contest(reached)
    contest = Contest(
        tuple(mentees[at].id for at in rows),
        tuple(mentors[at].id for at in columns),
        int(moves.seats[columns].sum()),
    )
    return LeftOver(who, "no_seat", open_to_her, barred, contest)


def _barred(row: int, limits: Limits, moves: Moves) -> tuple[Barred, ...]:
    found = []
    for bar, closed in limits.closed.items():
        if not closed[row].any():
            continue
        by_others = np.zeros(closed.shape[1], dtype=np.bool_)
        for other, also in limits.closed.items():
            if other != bar:
                by_others |= also[row]
        would_open = closed[row] & ~by_others & moves.has_room
        found.append(Barred(bar, int(closed[row].sum()), int(would_open.sum())))
    return tuple(found)


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
