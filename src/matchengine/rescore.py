"""The points and rules of every pair once more, a row of mentors at a time, for the verifier alone.

Written from the words in `problem`, not from `scoring`, `points`, `limits` or `text`, and sharing nothing with
them: where the two ever differ, one is wrong and the verifier says so. Whole numbers throughout. What an answer comes
to with all mentors is worked out at once and kept for whoever gives the same answer, up to `MOST_KEPT` bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from matchengine.problem import Answer, Answers, Criterion, Limit, Meaning, Problem
from matchengine.reread import Letters, Vectors, Whole

Flags = npt.NDArray[np.bool_]
Points = npt.NDArray[np.uint8]
Strip = npt.NDArray[Any]

MOST_KEPT = 1 << 26
"""Bytes that one rule or criterion keeps of what it has worked out."""


@dataclass(frozen=True, slots=True)
class Row:
    """One mentee against all mentors: what each pair scores, and whether a rule forbids it.

    `firm[j]` is forbidden beyond any override: oneself, a personal keep-apart, a dismissed pair, a mentor
    she has already.
    """

    mentee: str
    scores: npt.NDArray[np.int16]
    forbidden: Flags
    firm: Flags


def rows_of(problem: Problem) -> Iterator[Row]:
    """Every mentee in turn, in the order of the problem. Cost: about a nanosecond a pair and criterion where answers
    repeat, some where they do not; a text takes some microseconds. Memory: `MOST_KEPT` for each rule and criterion."""
    criteria = [
        _Naming(criterion, problem) if criterion.kind == "named" else _Judge(criterion, problem)
        for criterion in problem.criteria
        if criterion.kind != "off"
    ]
    limits = [_Rule(limit, problem) for limit in problem.limits]
    never, unless = _closed_pairs(problem)
    column = {mentor.id: j for j, mentor in enumerate(problem.mentors)}
    shares: dict[tuple[int, ...], list[int]] = {}
    for at, mentee in enumerate(problem.mentees):
        weights = tuple(judge.weight_for(at) for judge in criteria)
        if weights not in shares:
            shares[weights] = _shares(problem, [judge.criterion for judge in criteria], weights)
        scores = np.zeros(len(column), dtype=np.int16)
        for judge, points in zip(criteria, shares[weights], strict=True):
            if points:
                scores += judge.points(at, points)
        firm = _flags(never.get(mentee.id, ()), column)
        forbidden = firm | _flags(unless.get(mentee.id, ()), column)
        for rule in limits:
            forbidden |= rule.breaks(at)
        yield Row(mentee.id, scores, forbidden, firm)


def _flags(others: Iterable[str], column: dict[str, int]) -> Flags:
    flags = np.zeros(len(column), dtype=np.bool_)
    flags[[column[other] for other in others if other in column]] = True
    return flags


Partners = dict[str, set[str]]


def _closed_pairs(problem: Problem) -> tuple[Partners, Partners]:
    """Whom each mentee never meets, and whom only by an override."""
    never: Partners = {mentee.id: {mentee.id, *mentee.holds} for mentee in problem.mentees}
    unless: Partners = {}
    for strike in problem.strikes:
        never.setdefault(strike.mentee, set()).add(strike.mentor)
    for apart in problem.apart:
        target = unless if apart.kind == "organisational" else never
        target.setdefault(apart.one, set()).add(apart.other)
        target.setdefault(apart.other, set()).add(apart.one)
    return never, unless


def _values(answer: Answer | None) -> list[str]:
    """What was answered, each value with single spaces and no capitals; blanks left out."""
    if answer is None:
        return []
    if isinstance(answer, str):
        several: tuple[str, ...] = (answer,)
    elif isinstance(answer, tuple):
        several = answer
    else:
        several = (str(int(answer)) if answer == int(answer) else repr(answer),)
    return [" ".join(value.split()).casefold() for value in several if value.strip()]


def _text(answer: Answer | None) -> str:
    """A free text as it was written. Of several options with the same letters, the first is read."""
    if isinstance(answer, tuple):
        kept: dict[str, str] = {}
        for option in answer:
            if option.strip():
                kept.setdefault(" ".join(option.split()).casefold(), option.strip())
        return "\n".join(kept.values())
    if isinstance(answer, str):
        return answer.strip()
    return "".join(_values(answer))


def _place(answer: Answer | None, order: tuple[str, ...]) -> int | None:
    values = _values(answer)
    if not values:
        return None
    if order:
        return [" ".join(place.split()).casefold() for place in order].index(values[0])
    if not isinstance(answer, int | float):
        raise ValueError("not a number")
    return round(answer * 1000)


class _Known:
    """Strips that were worked out before; all are forgotten when there are too many."""

    def __init__(self) -> None:
        self.strips: dict[Hashable, Strip] = {}
        self.size = 0

    def strip(self, key: Hashable, make: Callable[[], Strip]) -> Strip:
        if key not in self.strips:
            strip = make()
            if self.size + strip.nbytes > MOST_KEPT:
                self.strips, self.size = {}, 0
            self.strips[key] = strip
            self.size += strip.nbytes
        return self.strips[key]


class _Sets:
    """Answers of several values each, k of them: what another answer shares with all."""

    def __init__(self, answers: list[Any]) -> None:
        self.sizes = np.array([len(answer) for answer in answers], dtype=np.int64)
        having: dict[str, list[int]] = {}
        for at, answer in enumerate(answers):
            for value in answer:
                having.setdefault(value, []).append(at)
        self.having = {value: np.array(those) for value, those in having.items()}

    def shared(self, other: Iterable[str]) -> Whole:
        """How many values each has in common with this one."""
        counts = np.zeros(len(self.sizes), dtype=np.int64)
        for value in other:
            if value in self.having:
                counts[self.having[value]] += 1
        return counts


class _Places:
    """Numbers in thousandths, or places in an order, k of them, some of them blank."""

    def __init__(self, answers: list[Any]) -> None:
        self.blank = np.array([answer is None for answer in answers], dtype=np.bool_)
        self.numbers = np.array([answer or 0 for answer in answers], dtype=np.int64)


class _Rule:
    """One hard rule, answers read once, equal answers compared once."""

    def __init__(self, limit: Limit, problem: Problem) -> None:
        name = limit.mentor or limit.mentee
        self.limit = limit
        self.blank_breaks = (limit.missing or {"differs": "passes"}.get(limit.kind, "bars")) == "bars"
        self.step = limit.steps if limit.order else 1000 * limit.steps
        self.mine, self.left = _distinct([self._read(one.answers.get(limit.mentee)) for one in problem.mentees])
        self.yours, right = _distinct([self._read(one.answers.get(name)) for one in problem.mentors])
        self.right = _Places(right) if limit.kind == "higher" else _Sets(right)
        self.known = _Known()

    def _read(self, answer: Answer | None) -> Hashable:
        return _place(answer, self.limit.order) if self.limit.kind == "higher" else frozenset(_values(answer))

    def breaks(self, i: int) -> Flags:
        """Which of all mentors this rule keeps from the i-th mentee."""
        mine = int(self.mine[i])
        return self.known.strip(mine, lambda: self._breaks(self.left[mine])[self.yours])

    def _breaks(self, hers: Any) -> Flags:
        """Of each different answer of mentors."""
        if isinstance(self.right, _Places):
            blank = self.right.blank | (hers is None)
            broken = self.right.numbers < (hers or 0) + self.step
        else:
            blank = (self.right.sizes == 0) | (not hers)
            broken = (self.right.shared(hers) == 0) == (self.limit.kind == "same")
        return np.where(blank, self.blank_breaks, broken).astype(np.bool_)


class _Judge:
    """One criterion, answers read once; adds its points to a row."""

    def __init__(self, criterion: Criterion, problem: Problem) -> None:
        name = criterion.mentor or criterion.mentee
        self.criterion = criterion
        self.twice = [mentee.matters_most == criterion.name for mentee in problem.mentees]
        self.hers = [self._wish(mentee.answers) for mentee in problem.mentees]
        self.his = [self._offer(mentor.answers, name) for mentor in problem.mentors]
        self.forth = _Meter(criterion, self.hers, self.his, problem.meaning)
        self.somebody_answered = any(_values(mentor.answers.get(name)) for mentor in problem.mentors)
        self.back: _Meter | None = None
        if criterion.both:
            asks = [mentor.answers.get(criterion.mentee) for mentor in problem.mentors]
            has = [mentee.answers.get(name) for mentee in problem.mentees]
            self.asks = np.array([bool(_values(answer)) for answer in asks], dtype=np.bool_)
            self.back = _Meter(criterion, asks, has, problem.meaning)

    def _wish(self, answers: Answers) -> Answer | None:
        c = self.criterion
        if c.kind == "preference" and c.stated and _one(c.stated_when) not in _values(answers.get(c.stated)):
            return None
        return answers.get(c.mentee)

    def _offer(self, answers: Answers, name: str) -> Answer | None:
        c = self.criterion
        must_allow = c.kind == "preference" and not c.given_for_matching
        if must_allow and _one(c.allowed_when) not in _values(answers.get(c.allowed)):
            return None
        return answers.get(name)

    def weight_for(self, i: int) -> int:
        """The weight where the criterion counts for this mentee, else 0."""
        counts = self.criterion.kind == "preference" or self.somebody_answered
        weight = 2 * self.criterion.weight if self.twice[i] else self.criterion.weight
        return weight if counts and _values(self.hers[i]) else 0

    def points(self, i: int, most: int) -> Points:
        """What this criterion brings the i-th mentee with each mentor."""
        points = self.forth.points(i, most)
        if self.back is not None:
            points = np.where(self.asks, np.minimum(points, self.back.points_to(i, most)), points)
        return points


class _Naming:
    """A criterion by which mentees name mentors: which columns each named, in the order she named them."""

    def __init__(self, criterion: Criterion, problem: Problem) -> None:
        self.criterion, self.mentees = criterion, problem.mentees
        self.column = {mentor.id: j for j, mentor in enumerate(problem.mentors)}

    def _named(self, i: int) -> list[str]:
        said = self.mentees[i].answers.get(self.criterion.mentee)
        if isinstance(said, tuple):
            return sorted(set(said), key=said.index)
        return [_text(said)] if _values(said) else []

    def weight_for(self, i: int) -> int:
        """The weight where she named a mentor who is here, and not only herself; else 0."""
        her = self.mentees[i]
        if not any(name in self.column and name != her.id for name in self._named(i)):
            return 0
        return self.criterion.weight * (1 + (her.matters_most == self.criterion.name))

    def points(self, i: int, most: int) -> Points:
        """What this criterion brings the i-th mentee with each mentor."""
        points = np.zeros(len(self.column), dtype=np.uint8)
        span = self.criterion.span
        for place, name in enumerate(self._named(i)):
            if name in self.column:
                points[self.column[name]] = most * max(0, span - place) // span if span else most
        return points


def _one(word: str) -> str:
    return " ".join(word.split()).casefold()


class _Meter:
    """How close two answers are, as points of `most`. Equal answers are compared once."""

    def __init__(
        self, criterion: Criterion, left: list[Answer | None], right: list[Answer | None], meaning: Meaning | None
    ) -> None:
        self.c = criterion
        self.span = (criterion.span or max(1, len(criterion.order) - 1)) * (1 if criterion.order else 1000)
        self.mine, self.left = _distinct([self._read(answer) for answer in left])
        self.yours, self.right = _distinct([self._read(answer) for answer in right])
        self.alike: Letters | Vectors | None = None
        if criterion.kind == "text":
            texts = [_text(answer) for answer in left], [_text(answer) for answer in right]
            self.alike = Letters(*texts) if meaning is None else Vectors(meaning, *texts)
        self.known = _Known()

    def _read(self, answer: Answer | None) -> Hashable:
        if self.c.kind == "text":
            return None
        return _place(answer, self.c.order) if self.c.kind == "near" else frozenset(_values(answer))

    @cached_property
    def all_left(self) -> _Sets | _Places:
        return self._all(self.left)

    @cached_property
    def all_right(self) -> _Sets | _Places:
        return self._all(self.right)

    def _all(self, answers: list[Any]) -> _Sets | _Places:
        return _Places(answers) if self.c.kind == "near" else _Sets(answers)

    def points(self, i: int, most: int) -> Points:
        """The points of the i-th on the left with everybody on the right."""
        if self.alike is not None:
            return _points_of_likeness(self.alike, self.alike.row(i), most)
        mine = int(self.mine[i])
        one: Any = self.left[mine]
        return self.known.strip((mine, most), lambda: self._points(one, self.all_right, most, True)[self.yours])

    def points_to(self, j: int, most: int) -> Points:
        """The points of everybody on the left with the j-th on the right."""
        if self.alike is not None:
            return _points_of_likeness(self.alike, self.alike.column(j), most)
        yours = int(self.yours[j])
        other: Any = self.right[yours]
        return self.known.strip((yours, most), lambda: self._points(other, self.all_left, most, False)[self.mine])

    def _points(self, one: Any, others: _Sets | _Places, most: int, is_wish: bool) -> Points:
        """The points of one answer with each of others. Hers (`is_wish`) are the values that are wanted, or theirs."""
        if isinstance(others, _Places):
            blank = others.blank | (one is None)
            near = np.maximum(0, self.span - abs(others.numbers - (one or 0)))
            return np.where(blank, 0, most * near // self.span).astype(np.uint8)
        shared, kind = others.shared(one), self.c.kind
        blank = (others.sizes == 0) | (not one)
        if kind in ("same", "preference", "different"):
            meets = (shared == 0) == (kind == "different")
            return np.where(blank, 0, most * meets).astype(np.uint8)
        wanted: Any = len(one) if is_wish else others.sizes
        whole = np.maximum(1, np.minimum(wanted, self.c.enough or wanted))
        return np.where(blank, 0, most * np.minimum(shared, whole) // whole).astype(np.uint8)


def _points_of_likeness(alike: Letters | Vectors, thousandths: Whole, most: int) -> Points:
    steps = alike.whole_from - alike.begin_at
    points: Points = (most * np.clip(thousandths - alike.begin_at, 0, steps) // steps).astype(np.uint8)
    return points


def _distinct(answers: list[Hashable]) -> tuple[Whole, list[Hashable]]:
    """For each answer the number of its value, and the values."""
    number: dict[Hashable, int] = {}
    which = [number.setdefault(answer, len(number)) for answer in answers]
    return np.array(which, dtype=np.int64), list(number)


def _shares(problem: Problem, criteria: list[Criterion], weights: tuple[int, ...]) -> list[int]:
    """A hundred points by weight; texts together at most `text_cap`, what they lose going to the others."""
    all_of_it = sum(weights)
    words = sum(weight for c, weight in zip(criteria, weights, strict=True) if c.kind == "text")
    if not all_of_it:
        return [0] * len(weights)
    for_words = min(problem.text_cap, 100 * words // all_of_it)
    most = [0] * len(weights)
    for texts, points, total in ((True, for_words, words), (False, 100 - for_words, all_of_it - words)):
        those = [k for k, c in enumerate(criteria) if (c.kind == "text") == texts]
        if total:
            for k in those:
                most[k] = points * weights[k] // total
            missing = points - sum(most[k] for k in those)
            by_remainder = sorted(those, key=lambda k: (-(points * weights[k] % total), k))
            for k in by_remainder[:missing]:
                most[k] += 1
    return most
