"""The points and rules of every pair once more, in plain Python, for the verifier alone.

Written from the words in `problem`, not from `scoring`, `limits` or `text`, and sharing nothing with them:
where the two ever differ, one is wrong and the verifier says so. Whole numbers throughout; no numpy.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from math import isqrt
from typing import Any

from matchengine.problem import Answer, Answers, Criterion, Limit, Problem


@dataclass(frozen=True, slots=True)
class Row:
    """One mentee against all mentors: what each pair scores, and whether a rule forbids it.

    `firm[j]` is forbidden beyond any override: oneself, a personal keep-apart, a dismissed pair.
    """

    mentee: str
    scores: list[int]
    forbidden: list[bool]
    firm: list[bool]


def rows_of(problem: Problem) -> Iterator[Row]:
    """Every mentee in turn, in the order of the problem. Cost: some microseconds a pair and criterion."""
    criteria = [_Judge(criterion, problem) for criterion in problem.criteria if criterion.kind != "off"]
    limits = [_Rule(limit, problem) for limit in problem.limits]
    closed = _closed_pairs(problem)
    for at, mentee in enumerate(problem.mentees):
        weights = [judge.weight_for(at) for judge in criteria]
        most = _shares(problem, [judge.criterion for judge in criteria], weights)
        scores = [0] * len(problem.mentors)
        for judge, points in zip(criteria, most, strict=True):
            if points:
                judge.add(scores, at, points)
        firm = [(mentee.id, mentor.id) in closed[0] for mentor in problem.mentors]
        loose = [(mentee.id, mentor.id) in closed[1] for mentor in problem.mentors]
        broken = [rule.breaks(at) for rule in limits]
        forbidden = [any(reasons) for reasons in zip(firm, loose, *broken, strict=True)]
        yield Row(mentee.id, scores, forbidden, firm)


def _closed_pairs(problem: Problem) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    firm = {(strike.mentee, strike.mentor) for strike in problem.strikes}
    firm |= {(mentee.id, mentee.id) for mentee in problem.mentees}
    loose: set[tuple[str, str]] = set()
    for apart in problem.apart:
        target = loose if apart.kind == "organisational" else firm
        target |= {(apart.one, apart.other), (apart.other, apart.one)}
    return firm, loose


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


class _Rule:
    """One hard rule, answers read once."""

    def __init__(self, limit: Limit, problem: Problem) -> None:
        name = limit.mentor or limit.mentee
        self.kind = limit.kind
        self.blank_breaks = (limit.missing or {"differs": "passes"}.get(limit.kind, "bars")) == "bars"
        self.step = limit.steps if limit.order else 1000 * limit.steps
        hers = [mentee.answers.get(limit.mentee) for mentee in problem.mentees]
        his = [mentor.answers.get(name) for mentor in problem.mentors]
        if limit.kind == "higher":
            self.low = [_place(answer, limit.order) for answer in hers]
            self.high = [_place(answer, limit.order) for answer in his]
        else:
            self.ours = [set(_values(answer)) for answer in hers]
            self.theirs = [set(_values(answer)) for answer in his]

    def breaks(self, i: int) -> list[bool]:
        """Which of all mentors this rule keeps from the i-th mentee."""
        if self.kind == "higher":
            low = self.low[i]
            if low is None:
                return [self.blank_breaks] * len(self.high)
            return [self.blank_breaks if high is None else high < low + self.step for high in self.high]
        ours, same = self.ours[i], self.kind == "same"
        if not ours:
            return [self.blank_breaks] * len(self.theirs)
        return [ours.isdisjoint(theirs) is same if theirs else self.blank_breaks for theirs in self.theirs]


class _Judge:
    """One criterion, answers read once; adds its points to a row."""

    def __init__(self, criterion: Criterion, problem: Problem) -> None:
        name = criterion.mentor or criterion.mentee
        self.criterion = criterion
        self.hers = [self._wish(mentee.answers) for mentee in problem.mentees]
        self.his = [self._offer(mentor.answers, name) for mentor in problem.mentors]
        self.forth = _Meter(criterion, self.hers, self.his)
        self.somebody_answered = any(_values(mentor.answers.get(name)) for mentor in problem.mentors)
        self.back: _Meter | None = None
        if criterion.both:
            asks = [mentor.answers.get(criterion.mentee) for mentor in problem.mentors]
            has = [mentee.answers.get(name) for mentee in problem.mentees]
            self.asks = [bool(_values(answer)) for answer in asks]
            self.back = _Meter(criterion, asks, has)

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
        return self.criterion.weight if counts and _values(self.hers[i]) else 0

    def add(self, scores: list[int], i: int, most: int) -> None:
        """Add this criterion's points to a row."""
        points = self.forth.points(i, most)
        if self.back is not None:
            for j, asks in enumerate(self.asks):
                if asks:
                    points[j] = min(points[j], self.back.points_of(j, i, most))
        for j, more in enumerate(points):
            scores[j] += more


def _one(word: str) -> str:
    return " ".join(word.split()).casefold()


class _Meter:
    """How close two answers are, as points of `most`. Equal answers are compared once."""

    def __init__(self, criterion: Criterion, left: list[Answer | None], right: list[Answer | None]) -> None:
        self.c = criterion
        self.span = (criterion.span or max(1, len(criterion.order) - 1)) * (1 if criterion.order else 1000)
        self.mine, self.left = _distinct([self._read(answer) for answer in left])
        self.yours, self.right = _distinct([self._read(answer) for answer in right])
        self.alike: _Alike | None = None
        if criterion.kind == "text":
            self.alike = _Alike([_text(answer) for answer in left], [_text(answer) for answer in right])
        self.known: dict[tuple[int, int], list[int]] = {}

    def _read(self, answer: Answer | None) -> Hashable:
        if self.c.kind == "text":
            return None
        return _place(answer, self.c.order) if self.c.kind == "near" else frozenset(_values(answer))

    def points(self, i: int, most: int) -> list[int]:
        """The points of the i-th on the left with everybody on the right."""
        if self.alike is not None:
            return [most * min(max(likeness - 60, 0), 340) // 340 for likeness in self.alike.row(i)]
        by_answer = self._by_answer(i, most)
        return [by_answer[which] for which in self.yours]

    def points_of(self, i: int, j: int, most: int) -> int:
        """The points of one pair."""
        if self.alike is not None:
            return most * min(max(self.alike.row(i)[j] - 60, 0), 340) // 340
        return self._by_answer(i, most)[self.yours[j]]

    def _by_answer(self, i: int, most: int) -> list[int]:
        key = (self.mine[i], most)
        if key not in self.known:
            one = self.left[self.mine[i]]
            self.known[key] = [
                most * part // whole for part, whole in (self._close(one, other) for other in self.right)
            ]
        return self.known[key]

    def _close(self, one: Any, other: Any) -> tuple[int, int]:
        kind = self.c.kind
        if kind == "near":
            return (0, 1) if one is None or other is None else (max(0, self.span - abs(one - other)), self.span)
        if not one or not other:
            return 0, 1
        shared = len(one & other)
        if kind == "different":
            return int(shared == 0), 1
        if kind in ("same", "preference"):
            return int(shared > 0), 1
        whole = min(self.c.enough, len(one)) if self.c.enough else len(one)
        return min(shared, whole), whole


def _distinct(answers: list[Hashable]) -> tuple[list[int], list[Hashable]]:
    """For each answer the number of its value, and the values."""
    number: dict[Hashable, int] = {}
    which = [number.setdefault(answer, len(number)) for answer in answers]
    return which, list(number)


def _shares(problem: Problem, criteria: list[Criterion], weights: list[int]) -> list[int]:
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
            by_remainder = sorted(those, key=lambda k: (-(points * weights[k] % total), criteria[k].name))
            for k in by_remainder[:missing]:
                most[k] += 1
    return most


class _Alike:
    """The likeness of texts in thousandths, by runs of four letters weighed by how few texts have them.

    Points begin at 60 thousandths and are whole from 400.
    """

    def __init__(self, left: list[str], right: list[str]) -> None:
        bags = [_bag(text) for text in left + right]
        having: dict[str, int] = {}
        for bag in bags:
            for gram in bag:
                having[gram] = having.get(gram, 0) + 1
        everybody = len(bags) + 1
        rare = {have: ((everybody**16) // (have**16)).bit_length() - 1 for have in set(having.values())}
        vectors = [_unit({gram: min(3, times) * rare[having[gram]] for gram, times in bag.items()}) for bag in bags]
        self.ours = vectors[: len(left)]
        self.people = len(right)
        self.postings: dict[str, list[tuple[int, int]]] = {}
        for j, vector in enumerate(vectors[len(left) :]):
            for gram, weight in vector.items():
                self.postings.setdefault(gram, []).append((j, weight))
        self.kept: dict[int, list[int]] = {}

    def row(self, i: int) -> list[int]:
        if i not in self.kept:
            totals = [0] * self.people
            for gram, weight in self.ours[i].items():
                for j, other in self.postings.get(gram, ()):
                    totals[j] += weight * other
            self.kept[i] = [total * 1000 // (8192 * 8192) for total in totals]
        return self.kept[i]


_GAPS = re.compile(
    "[\\s!-/:-@\\[-`{-~\u00a0-\u00bf\u060c\u061b\u061f\u06d4\u0964\u2000-\u206f\u3000-\u303f\uff01-\uff0f\uff1a-\uff20]+"
)


def _bag(text: str) -> dict[str, int]:
    bag: dict[str, int] = {}
    for word in _GAPS.split(text[:20_000]):
        if not word:
            continue
        flat = "".join(ch for ch in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(ch))
        if any("\u2e80" <= ch <= "\u9fff" or "\uac00" <= ch <= "\ud7af" for ch in flat):
            size = 2
        else:
            flat, size = f" {flat} ", 4
        for start in range(max(1, len(flat) - size + 1)):
            gram = flat[start : start + size]
            bag[gram] = bag.get(gram, 0) + 1
    return bag


def _unit(weights: dict[str, int]) -> dict[str, int]:
    """The 400 heaviest, scaled to a length of 8192, floored; what becomes nothing is left out."""
    kept = sorted(weights, key=lambda gram: (-weights[gram], gram))[:400]
    length = isqrt(sum(weights[gram] ** 2 for gram in kept))
    if not length:
        return {}
    return {gram: weights[gram] * 8192 // length for gram in kept if weights[gram] * 8192 // length}
