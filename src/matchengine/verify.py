"""Is a match valid, and is it best possible? Shares no code with the solver or the scores.

The proof is weak duality (L. Kantorovich 1942, J. von Neumann 1947): whatever prices are written down, no
match under these rules can be worth more than the pinned pairs + the sum of gains + the sum of seats x
prices, as long as every allowed pair's gain + price is at least what the pair is worth. If the match
reaches that, it is best.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

from matchengine.canonical import digest, people_of, rules_of
from matchengine.problem import Problem
from matchengine.receipt import ENGINE, Receipt, ReceiptPair, seal_of, settings_digest
from matchengine.rescore import Row, rows_of

MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the verifier found. `proven`: valid and best possible. `faults` says in English what is wrong.

    `value` is what the pairs are worth by the verifier's own count; `bound` what no match can exceed by the
    receipt's prices; `gap` the difference, 0 when best, and without meaning where the pairs break a rule.
    """

    proven: bool
    faults: tuple[str, ...]
    placed: int
    people: int
    total: int
    value: int
    bound: int

    @property
    def gap(self) -> int:
        """How much better a match could still be at most."""
        return self.bound - self.value

    @property
    def sentence(self) -> str:
        """One sentence: what was proven, or what is wrong first."""
        if not self.proven:
            return f"Not proven: {self.faults[0]}"
        return (
            f"Proven: {self.placed} of {self.people} people are placed with {self.total} points in all, "
            f"every rule and seat is kept, and no other match under these rules is better "
            f"(value and bound are both {self.value})."
        )


def verify(problem: Problem, receipt: Receipt) -> Verdict:
    """Check a receipt against the problem it claims to answer, from the inputs up.

    The problem must pass `check`. Everything is looked at:
    digests, people, pins, seats, rules, each score counted again, each sum, and every
    allowed pair against the prices. Example: `verify(problem, receipt_of(problem, solve(problem))).proven`.
    Cost: a row of mentors at a time, about a second for some million pairs; texts take longer.
    """
    audit = _Audit(problem, receipt)
    audit.digests()
    audit.lists()
    audit.people_and_seats()
    if not audit.faults:
        audit.pairs_and_prices()
    value = audit.per_person * len(receipt.pairs) + audit.total
    return Verdict(
        proven=not audit.faults,
        faults=tuple(audit.faults[:MOST_FAULTS]),
        placed=len(receipt.pairs),
        people=len(problem.mentees),
        total=audit.total,
        value=value,
        bound=audit.bound,
    )


class _Audit:
    """One check after the other, each adding what it finds to `faults`."""

    def __init__(self, problem: Problem, receipt: Receipt) -> None:
        self.problem, self.receipt = problem, receipt
        self.faults: list[str] = []
        self.overridden = {(pin.mentee, pin.mentor) for pin in problem.pins if pin.override}
        seats = sum(max(0, mentor.capacity - mentor.used) for mentor in problem.mentors)
        most = 100 * min(len(problem.mentees), seats) + 1
        self.per_person = most if receipt.objective == "most_then_best" else 0
        self.total = self.bound = 0

    def fault_unless(self, fine: bool, fault: str) -> None:
        if not fine:
            self.faults.append(fault)

    def digests(self) -> None:
        """The receipt is whole, and speaks of these people, these rules and these settings."""
        told = self.receipt
        self.fault_unless(told.digest == seal_of(told), "the receipt was changed after it was made.")
        self.fault_unless(told.engine == ENGINE, f"the receipt is of engine {told.engine}, this is {ENGINE}.")
        self.fault_unless(told.objective in ("most_then_best", "best_total"), "the objective is unknown.")
        self.fault_unless(told.people == digest(people_of(self.problem)), "the people are not those of the receipt.")
        self.fault_unless(told.rules == digest(rules_of(self.problem)), "the rules are not those of the receipt.")
        settings = settings_digest(told.engine, told.objective, told.seed)
        self.fault_unless(told.settings == settings, "the settings are not those of the receipt.")
        self.fault_unless(told.per_person == self.per_person, "the worth of a place is not what it should be.")

    def lists(self) -> None:
        """Each list names whom it should, each once, in lottery order."""
        told, pins = self.receipt, {pin.mentee for pin in self.problem.pins}
        mentees = self._by_lot([mentee.id for mentee in self.problem.mentees])
        mentors = self._by_lot([mentor.id for mentor in self.problem.mentors])
        in_pairs = {pair.mentee for pair in told.pairs}
        self.fault_unless(
            [seat.mentor for seat in told.seats] == mentors,
            "the seats do not name every mentor once, by lot.",
        )
        self.fault_unless(
            [gain.mentee for gain in told.gains] == [one for one in mentees if one not in pins],
            "the gains do not name every mentee once, by lot.",
        )
        self.fault_unless(
            [pair.mentee for pair in told.pairs] == [one for one in mentees if one in in_pairs],
            "the pairs do not name mentees of these files, each at most once, by lot.",
        )

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
        pairs = {pair.mentee: pair for pair in told.pairs}
        gains = {gain.mentee: gain.gain for gain in told.gains}
        price_of = {seat.mentor: seat.price for seat in told.seats}
        prices = _exact([price_of[mentor.id] for mentor in self.problem.mentors])
        column = {mentor.id: j for j, mentor in enumerate(self.problem.mentors)}
        pinned_value = 0
        least_gains = 0
        for row in rows_of(self.problem):
            pair = pairs.get(row.mentee)
            if pair is not None:
                self._pair(row, pair, column[pair.mentor])
                self.total += int(row.scores[column[pair.mentor]])
            if pair is not None and pair.pinned:
                pinned_value += self.per_person + int(row.scores[column[pair.mentor]])
            else:
                least_gains += self._least_gain(row, prices, gains[row.mentee])
        left = {seat.mentor: seat.seats for seat in told.seats}
        for pin in self.problem.pins:
            left[pin.mentor] -= 1
        seats_worth = sum(seats * price_of[mentor] for mentor, seats in left.items())
        self.bound = pinned_value + least_gains + seats_worth
        self._sums(pinned_value + sum(gains.values()) + seats_worth)

    def _pair(self, row: Row, pair: ReceiptPair, j: int) -> None:
        who = f"{pair.mentee} and {pair.mentor}"
        self.fault_unless(pair.score == row.scores[j], f"{who} score {row.scores[j]}, not {pair.score}.")
        overridden = (pair.mentee, pair.mentor) in self.overridden
        kept = not row.firm[j] and bool(overridden or not row.forbidden[j])
        self.fault_unless(kept, f"{who} are paired against a rule.")

    def _least_gain(self, row: Row, prices: Numbers, gain: int) -> int:
        """The least gain these prices allow her; the receipt's must not be lower."""
        margins = (row.scores + self.per_person - prices)[~row.forbidden]
        least = max(0, int(margins.max())) if len(margins) else 0
        self.fault_unless(gain >= least, f"a pair of {row.mentee} is worth {least - gain} more than the prices allow.")
        return least

    def _sums(self, bound: int) -> None:
        told = self.receipt
        value = self.per_person * len(told.pairs) + self.total
        self.fault_unless(told.value == value, f"the value is {value}, not {told.value}.")
        self.fault_unless(told.bound == bound, f"the bound is {bound}, not {told.bound}.")
        self.fault_unless(value == bound, f"another match could be worth up to {bound - value} more.")


Numbers = npt.NDArray[Any]


def _exact(numbers: list[int]) -> Numbers:
    """Whole numbers as an array that never rounds or runs over, however large a forged receipt makes them."""
    fit = all(abs(number) < 2**60 for number in numbers)
    return np.array(numbers, dtype=np.int64 if fit else object)
