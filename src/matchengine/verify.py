"""Is a match valid, and is it best possible? Shares no code with the solver or the scores.

The proof is weak duality (L. Kantorovich 1942, J. von Neumann 1947): whatever prices are written down, no
match under these rules can be worth more than the pinned pairs + the sum of gains + the sum of seats x
prices, as long as every allowed pair's gain + price is at least what the pair is worth. If the match
reaches that, it is best; if it stays below, it is at most so far from the best. Where somebody wants several
mentors, her gain and the prices of any board of hers are at least what that board is worth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

from matchengine.canonical import digest, digest_of_people, rules_of
from matchengine.problem import Mentee, Problem
from matchengine.receipt import (
    ENGINE,
    Receipt,
    ReceiptCover,
    ReceiptGap,
    ReceiptPair,
    seal_of,
    settings_digest,
    text_of,
)
from matchengine.rescore import Row, rows_of
from matchengine.result import GAP_UNITS, Gap
from matchengine.verdict import Verdict

MOST_FAULTS = 20
KNOWN = ("most_then_best", "best_total", "maximin_then_best", "stable")


def verify(problem: Problem, receipt: Receipt, step: Callable[[int, int], None] = lambda done, total: None) -> Verdict:
    """Check a receipt against the problem it claims to answer, from the inputs up.

    The problem must pass `check`. Everything is looked at:
    digests, people, pins, seats, rules, each score counted again, each sum, and every
    allowed pair against the prices. Example: `verify(problem, receipt_of(problem, solve(problem))).proven`.
    `step` is told how many mentees were looked at, of how many. Cost: a row of mentors at a time, some nanoseconds a
    pair; texts take microseconds. Memory: the people twice, and for each rule and criterion what `rescore` keeps.
    """
    audit = _Audit(problem, receipt, step)
    audit.digests()
    audit.lists()
    audit.people_and_seats()
    if not audit.faults:
        audit.pairs_and_prices()
    held = {mentee.id for mentee in problem.mentees if mentee.holds}
    return Verdict(
        proven=not audit.faults,
        faults=tuple(audit.faults[:MOST_FAULTS]),
        placed=len({pair.mentee for pair in receipt.pairs} | held),
        people=len(problem.mentees),
        total=audit.total,
        value=audit.places_worth + audit.total,
        bound=audit.bound,
        objective=receipt.objective,
        per_person=audit.per_person,
        floor=audit.floor,
        within=audit.within,
        scorer=receipt.text.scorer if receipt.text is not None else "",
        levels=audit.levels,
        made=len(receipt.pairs),
    )


class _Audit:
    """One check after the other, each adding what it finds to `faults`."""

    def __init__(self, problem: Problem, receipt: Receipt, step: Callable[[int, int], None]) -> None:
        self.problem, self.receipt, self.step = problem, receipt, step
        self.faults: list[str] = []
        self.overridden = {(pin.mentee, pin.mentor) for pin in problem.pins if pin.override}
        seats = sum(max(0, mentor.capacity - mentor.used) for mentor in problem.mentors)
        self.free = {mentee.id: max(0, mentee.wanted - len(mentee.holds)) for mentee in problem.mentees}
        self.has_boards = any(mentee.wanted != 1 or mentee.holds for mentee in problem.mentees)
        self.levels = max((mentee.wanted for mentee in problem.mentees), default=1)
        self.most = min(sum(self.free.values()), seats)
        most = 100 * self.most + 1
        self.per_person = 0 if receipt.objective == "best_total" else most
        self.floor = receipt.floor.points if receipt.floor is not None else 0
        self.total = self.bound = 0
        self.places_worth = 0
        self.dearest = 0
        self.within: Gap | None = None

    def fault_unless(self, fine: bool, fault: str) -> None:
        if not fine:
            self.faults.append(fault)

    def digests(self) -> None:
        """The receipt is whole, and speaks of these people, these rules and these settings."""
        told = self.receipt
        self.fault_unless(told.digest == seal_of(told), "the receipt was changed after it was made.")
        self.fault_unless(told.engine == ENGINE, f"the receipt is of engine {told.engine}, this is {ENGINE}.")
        self.fault_unless(told.objective in KNOWN, "the objective is unknown.")
        fits = not self.has_boards or told.objective in KNOWN[:2]
        self.fault_unless(fits, "this objective has no meaning where somebody wants several mentors.")
        self.fault_unless(told.people == digest_of_people(self.problem), "the people are not those of the receipt.")
        self.fault_unless(told.rules == digest(rules_of(self.problem)), "the rules are not those of the receipt.")
        self.fault_unless(told.text == text_of(self.problem), "the texts were read by another model.")
        asked = told.gap.asked if told.gap is not None else 0
        settings = settings_digest(told.engine, told.objective, told.seed, asked)
        self.fault_unless(told.settings == settings, "the settings are not those of the receipt.")
        self.fault_unless(told.per_person == self.per_person, "the worth of a place is not what it should be.")
        lifted = told.objective == "maximin_then_best"
        self.fault_unless((told.floor is not None) == lifted, "a floor is where it should not be, or is not there.")

    def lists(self) -> None:
        """Each list names whom it should, each once, in lottery order."""
        told, pins = self.receipt, Counter(pin.mentee for pin in self.problem.pins)
        mentees = self._by_lot([mentee.id for mentee in self.problem.mentees])
        mentors = self._by_lot([mentor.id for mentor in self.problem.mentors])
        in_pairs = {(pair.mentee, pair.mentor) for pair in told.pairs}
        times = Counter(pair.mentee for pair in told.pairs)
        lot = ({one: at for at, one in enumerate(side)} for side in (mentees, mentors))
        rows, columns = lot
        known = all(one in rows and other in columns for one, other in in_pairs)
        self.fault_unless(
            [seat.mentor for seat in told.seats] == mentors,
            "the seats do not name every mentor once, by lot.",
        )
        self.fault_unless(
            [gain.mentee for gain in told.gains] == [one for one in mentees if pins[one] < self.free[one]],
            "the gains do not name every mentee once, by lot.",
        )
        self.fault_unless(
            known
            and [(pair.mentee, pair.mentor) for pair in told.pairs]
            == sorted(in_pairs, key=lambda two: (rows[two[0]], columns[two[1]])),
            "the pairs do not name people of these files, each pair at most once, by lot.",
        )
        for one, number in times.items():
            may = self.free.get(one, 0)
            self.fault_unless(number <= may, f"{one} has {number} mentors here and wants {may}.")

        covers = (told.floor.most, told.floor.higher) if told.floor is not None else ()
        for cover in covers:
            for named, everybody in ((cover.mentees, mentees), (cover.mentors, mentors)):
                covered = set(named)
                fine = list(named) == [one for one in everybody if one in covered]
                self.fault_unless(fine, "a cover does not name people of these files, each at most once, by lot.")

    def _by_lot(self, ids: list[str]) -> list[str]:
        return sorted(ids, key=lambda one: (sha256(f"{self.receipt.seed}:{one}".encode()).hexdigest(), one))

    def people_and_seats(self) -> None:
        """Nobody sits with more mentees than there are seats, and the pinned sit where they were pinned."""
        told = self.receipt
        free = {mentor.id: max(0, mentor.capacity - mentor.used) for mentor in self.problem.mentors}
        taken = Counter(pair.mentor for pair in told.pairs)
        for mentor, times in taken.items():
            seats = free.get(mentor)
            self.fault_unless(
                seats is not None and times <= seats,
                f"{mentor} has {seats or 0} free seats and {times} mentees.",
            )
        for seat in told.seats:
            self.fault_unless(free.get(seat.mentor) == seat.seats, f"the seats of {seat.mentor} are wrong.")
            self.fault_unless(seat.price >= 0, f"the price of {seat.mentor} is below nothing.")
        for gain in told.gains:
            self.fault_unless(gain.gain >= 0, f"the gain of {gain.mentee} is below nothing.")
        pins = {(pin.mentee, pin.mentor) for pin in self.problem.pins}
        pinned = {(pair.mentee, pair.mentor) for pair in told.pairs if pair.pinned}
        self.fault_unless(pins == pinned, "the pinned pairs are not those that were asked for.")

    def pairs_and_prices(self) -> None:
        """Every pair of two people once more: rules, scores, and that none is worth more than its prices."""
        told = self.receipt
        boards: dict[str, list[ReceiptPair]] = {mentee.id: [] for mentee in self.problem.mentees}
        for pair in told.pairs:
            boards[pair.mentee].append(pair)
        places = {mentee.id: self._places(mentee) for mentee in self.problem.mentees}
        gains = {gain.mentee: gain.gain for gain in told.gains}
        price_of = {seat.mentor: seat.price for seat in told.seats}
        prices = _exact([price_of[mentor.id] for mentor in self.problem.mentors])
        self.dearest = max(price_of.values(), default=0)
        column = {mentor.id: j for j, mentor in enumerate(self.problem.mentors)}
        pinned_value = 0
        least_gains = 0
        left = {seat.mentor: seat.seats for seat in told.seats}
        for pin in self.problem.pins:
            left[pin.mentor] -= 1
        covers, rivals = _Covers(self.problem, told, left), _Rivals(self.problem, told, left)
        for done, row in enumerate(rows_of(self.problem), start=1):
            self.step(done, len(self.problem.mentees))
            hers = boards[row.mentee]
            for pair in hers:
                self._pair(row, pair, column[pair.mentor])
                self.total += int(row.scores[column[pair.mentor]])
            fixed = [column[pair.mentor] for pair in hers if pair.pinned]
            worths = places[row.mentee]
            self.places_worth += sum(worths[: len(hers)])
            pinned_value += sum(worths[: len(fixed)]) + int(row.scores[fixed].sum())
            if len(fixed) == len(worths):
                continue
            least_gains += self._least_gain(row, prices, gains[row.mentee], worths[len(fixed) :], fixed)
            self.faults += covers.faults_in(row) if told.floor is not None else ()
            self.faults += rivals.faults_in(row) if told.objective == "stable" else ()
        self.faults += covers.faults_in_all() if told.floor is not None else ()
        seats_worth = sum(seats * price_of[mentor] for mentor, seats in left.items())
        self.bound = pinned_value + least_gains + seats_worth
        self._sums(pinned_value + sum(gains.values()) + seats_worth)

    def _pair(self, row: Row, pair: ReceiptPair, j: int) -> None:
        who = f"{pair.mentee} and {pair.mentor}"
        self.fault_unless(pair.score == row.scores[j], f"{who} score {row.scores[j]}, not {pair.score}.")
        overridden = (pair.mentee, pair.mentor) in self.overridden
        kept = not row.firm[j] and bool(overridden or not row.forbidden[j])
        self.fault_unless(kept, f"{who} are paired against a rule.")

    def _places(self, mentee: Mentee) -> list[int]:
        """What each mentor she may get here is worth beside the score, the first of them first."""
        return [self.per_person * (self.levels - at) for at in range(len(mentee.holds), mentee.wanted)]

    def _least_gain(self, row: Row, prices: Numbers, gain: int, worths: list[int], fixed: list[int]) -> int:
        """The least gain these prices allow her; the receipt's must not be lower. It is that of her best board: the
        mentors who bring most above their prices, as long as the next place is worth what the next of them lacks."""
        open_to_her = ~row.forbidden
        if self.floor:
            open_to_her &= row.scores >= self.floor
        open_to_her[fixed] = False
        if len(worths) == 1:
            # Below all that is open to her, for the dearest price is not above this.
            closed = -1 - self.dearest
            margin = int(np.where(open_to_her, row.scores - prices, closed).max(initial=closed))
            best = [] if margin == closed else [margin]
        else:
            best = _largest((row.scores - prices)[open_to_her], len(worths))
        least = sum(max(0, worth + int(margin)) for worth, margin in zip(worths, best, strict=False))
        what = "a pair" if self.levels == 1 else "the best board"
        fault = f"{what} of {row.mentee} is worth {least - gain} more than the prices allow."
        self.fault_unless(gain >= least, fault)
        return least

    def _sums(self, bound: int) -> None:
        told = self.receipt
        value = self.places_worth + self.total
        self.fault_unless(told.value == value, f"the value is {value}, not {told.value}.")
        self.fault_unless(told.bound == bound, f"the bound is {bound}, not {told.bound}.")
        if told.gap is not None:
            self._gap(told.gap, value, bound)
            return
        proven = value == bound or told.objective == "stable"
        self.fault_unless(proven, f"another match could be worth up to {bound - value} more.")

    def _gap(self, told: ReceiptGap, value: int, bound: int) -> None:
        """That no match places more people, and none that places as many has more points than stated."""
        best = bound - self.places_worth
        self.fault_unless(self.receipt.objective != "stable", "a stable match has no gap.")
        self.fault_unless(told.points == bound - value > 0, f"the gap is {bound - value} points, not {told.points}.")
        if self.receipt.objective == "most_then_best":
            # Places of a level count as many of the last one: one of these more and the match would be better.
            placed = self.places_worth // self.per_person
            could = min(self.most * self.levels, bound // self.per_person)
            what = "more people could be placed" if self.levels == 1 else "places of more worth could be filled"
            self.fault_unless(could == placed, f"{what}: up to {could - placed}.")
        near = (bound - value) * GAP_UNITS <= told.asked * best
        self.fault_unless(near, f"another match could have up to {bound - value} points more, which is too many.")
        if best > 0:
            self.within = Gap(told.asked, told.points, best)


class _Covers:
    """What a floor claims: that no more people can be placed, and that none could all be lifted higher."""

    def __init__(self, problem: Problem, told: Receipt, left: dict[str, int]) -> None:
        self.told, self.left = told, left
        self.free = [pair for pair in told.pairs if not pair.pinned]
        if told.floor is None:
            return
        self.points = told.floor.points
        mentors = [mentor.id for mentor in problem.mentors]
        self.covers = [
            (floor, frozenset(cover.mentees), np.isin(mentors, list(cover.mentors)), self._size(cover))
            for floor, cover in ((0, told.floor.most), (self.points + 1, told.floor.higher))
        ]

    def _size(self, cover: ReceiptCover) -> int:
        return len(set(cover.mentees)) + sum(self.left.get(mentor, 0) for mentor in set(cover.mentors))

    def faults_in(self, row: Row) -> list[str]:
        """Of one mentee who is not pinned."""
        found = []
        for floor, mentees, mentors, _size in self.covers:
            if row.mentee not in mentees and bool((~row.forbidden & (row.scores >= floor) & ~mentors).any()):
                found.append(f"a pair of {row.mentee} is in no cover of those from {floor} points up.")
        return found

    def faults_in_all(self) -> list[str]:
        found = [
            f"{pair.mentee} and {pair.mentor} do not reach {self.points} points."
            for pair in self.free if pair.score < self.points
        ]  # fmt: skip
        (_, _, _, most), (_, _, _, higher) = self.covers
        if most > len(self.free):
            found.append(f"{most} people could be placed beside the pinned, by the cover.")
        if higher >= len(self.free) and (self.free or self.points):
            found.append("the worst pair could be lifted higher, by the cover.")
        return found


class _Rivals:
    """What `stable` claims: that of no two both would rather have each other."""

    def __init__(self, problem: Problem, told: Receipt, left: dict[str, int]) -> None:
        self.hers = {pair.mentee: pair.score for pair in told.pairs}
        sit: dict[str, list[int]] = {mentor.id: [] for mentor in problem.mentors}
        for pair in told.pairs:
            if not pair.pinned:
                sit[pair.mentor].append(pair.score)
        self.ids = list(sit)
        # A mentor would rather have whoever scores more than the least of theirs; with a free seat, anybody.
        least = [
            101 if left[mentor] <= 0 else min(scores) if len(scores) >= left[mentor] else -1
            for mentor, scores in sit.items()
        ]
        self.worst = np.array(least, dtype=np.int64)

    def faults_in(self, row: Row) -> list[str]:
        """Of one mentee who is not pinned."""
        rather = ~row.forbidden & (row.scores > self.hers.get(row.mentee, -1)) & (row.scores > self.worst)
        return [
            f"{row.mentee} and {self.ids[column]} would both rather have each other."
            for column in np.flatnonzero(rather)[:1].tolist()
        ]


Numbers = npt.NDArray[Any]


def _largest(numbers: Numbers, many: int) -> list[int]:
    """So many of the largest, the largest first."""
    if many < len(numbers) and numbers.dtype != object:
        numbers = np.partition(numbers, len(numbers) - many)[-many:]
    return sorted(numbers.tolist(), reverse=True)[:many]


def _exact(numbers: list[int]) -> Numbers:
    """Whole numbers as an array that never rounds or runs over, however large a forged receipt makes them."""
    largest = max((abs(number) for number in numbers), default=0)
    return np.array(numbers, dtype=np.int32 if largest < 2**30 else np.int64 if largest < 2**60 else object)
