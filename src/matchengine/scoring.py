"""How good a pair is: whole points, criterion by criterion, the reasons kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from matchengine.answers import answer_of, as_place, as_set, as_text, as_words, plain
from matchengine.named import who_named
from matchengine.points import ByText, Part, part_of, sides_of, stated_answer
from matchengine.problem import LARGEST_TABLE, TOP_SCORE, Answer, Criterion, Meaning, Mentee, Mentor
from matchengine.result import Code, Contribution
from matchengine.shares import Bools, Ints, answered

Scores = npt.NDArray[np.int16]


class Scoring:
    """The points of every pair: `most[k]` (n) is what the k-th criterion could bring each mentee.

    Points are `floor(most * part / whole)`, in whole numbers throughout; a score is their sum, 0 to 100.
    `step(done, total)` is called between criteria.
    """

    def __init__(
        self,
        criteria: Sequence[Criterion],
        text_cap: int,
        mentees: Sequence[Mentee],
        mentors: Sequence[Mentor],
        step: Callable[[int, int], None] = lambda done, total: None,
        largest_table: int = LARGEST_TABLE,
        among: tuple[Sequence[Mentee], Sequence[Mentor]] | None = None,
        meaning: Meaning | None = None,
    ) -> None:
        """`among`: everybody of the problem, where the people to score are only some of them. `meaning`: how a
        model read their texts, where one did."""
        self._everybody = among
        self.criteria = [criterion for criterion in criteria if criterion.kind != "off"]
        self.mentees, self.mentors = mentees, mentors
        counts = np.array([self._counts(criterion) for criterion in self.criteria], dtype=np.bool_)
        counts = counts.reshape(len(self.criteria), len(mentees))
        self.most = most_points(self.criteria, text_cap, counts, [one.matters_most for one in mentees])
        self.parts: list[Part] = []
        for at, criterion in enumerate(self.criteria):
            step(at, len(self.criteria))
            sides = sides_of(criterion, self.most[at], mentees, mentors)
            everybody = sides_of(criterion, self.most[at], *among) if among else None
            self.parts.append(part_of(sides, largest_table, everybody, meaning))
        step(len(self.criteria), len(self.criteria))

    @cached_property
    def scores(self) -> Scores:
        """Every pair at once, n x m: for problems small enough."""
        return self.rows(np.arange(len(self.mentees)))

    def rows(self, rows: Ints) -> Scores:
        """The scores of these r mentees with all m mentors, r x m."""
        scores = np.zeros((len(rows), len(self.mentors)), dtype=np.int16)
        for part in self.parts:
            scores += part.rows(rows)
        return scores

    def score(self, row: int, column: int) -> int:
        """The score of one pair. Cost: microseconds."""
        return sum(part.at(row, column) for part in self.parts)

    def _counts(self, criterion: Criterion) -> Bools:
        """For which mentees a criterion counts: they said something, and somebody on the other side did."""
        answers = [stated_answer(criterion, mentee) for mentee in self.mentees]
        said = answered(answers)
        if criterion.kind == "preference":
            return said
        mentors = self._everybody[1] if self._everybody else self.mentors
        if criterion.kind == "named":
            return who_named(answers, self.mentees, mentors)
        return said & bool(answered([answer_of(one.answers, criterion.mentor_field) for one in mentors]).any())

    def reasons(self, row: int, column: int) -> tuple[Contribution, ...]:
        """Where each point of a pair comes from, in the order of the criteria that count for her.

        Cost: a few microseconds a criterion, and about a millisecond for two texts.
        """
        return tuple(
            self._reason(at, criterion, row, column)
            for at, criterion in enumerate(self.criteria)
            if self.most[at][row] > 0
        )

    def _reason(self, at: int, criterion: Criterion, row: int, column: int) -> Contribution:
        points, most = self.parts[at].at(row, column), int(self.most[at][row])
        doubled = self.mentees[row].matters_most == criterion.name
        if criterion.kind in ("preference", "named"):
            met: Code = "wish_met" if points else "wish_not_met"
            return Contribution(criterion.name, criterion.kind, points, most, met, doubled=doubled)
        hers = answer_of(self.mentees[row].answers, criterion.mentee)
        his = answer_of(self.mentors[column].answers, criterion.mentor_field)
        if his is None:
            return Contribution(criterion.name, criterion.kind, points, most, "unanswered", doubled=doubled)
        code: Code = "missed" if points == 0 else "met" if points == most else "partly"
        seen = Contribution(criterion.name, criterion.kind, points, most, code, doubled=doubled)
        if criterion.both and criterion.kind in ("wish", "overlap"):
            seen = replace(seen, his_wishes=self._his_wishes(criterion, row, column))
        return self._with_evidence(seen, self.parts[at], criterion, hers, his)

    def _his_wishes(self, criterion: Criterion, row: int, column: int) -> tuple[str, ...] | None:
        wished = as_words(answer_of(self.mentors[column].answers, criterion.mentee))
        has = as_set(answer_of(self.mentees[row].answers, criterion.mentor_field))
        return tuple(word for word in wished if plain(word) in has) if wished else None

    def _with_evidence(
        self, seen: Contribution, part: Part, criterion: Criterion, hers: Answer | None, his: Answer | None
    ) -> Contribution:
        shared: tuple[str, ...] = ()
        steps: int | None = None
        phrases: tuple[tuple[str, str], ...] = ()
        if criterion.kind == "near":
            if criterion.order:
                steps = abs((as_place(hers, criterion.order) or 0) - (as_place(his, criterion.order) or 0))
        elif isinstance(part, ByText):
            phrases = part.forth.phrases(as_text(hers), as_text(his))
        else:
            theirs = as_set(his)
            shared = tuple(word for word in as_words(hers) if plain(word) in theirs)
        asked = len(as_set(hers))
        if criterion.kind in ("wish", "overlap"):
            asked = min(asked, criterion.enough or asked)
        return replace(seen, shared=shared, asked=asked, steps=steps, phrases=phrases)


def most_points(criteria: Sequence[Criterion], text_cap: int, counts: Bools, matters_most: Sequence[str]) -> Ints:
    """What each criterion can bring each mentee: k x n whole points, 100 in all where anything but text
    counts.

    Shares follow the weights, that of what `matters_most` (n names, "" for nothing) taken twice; text criteria
    together get at most `text_cap`, and what they lose goes to the others. Left-over points go to the largest
    remainders, then to whatever stands first in the list (H. Hamilton's method, 1792): a name may be any word, and
    two equal lists of rules give equal points.
    """
    most = np.zeros(counts.shape, dtype=np.int64)
    if not len(criteria):
        return most
    known: dict[tuple[bytes, str], list[int]] = {}
    for row, doubled in enumerate(matters_most):
        pattern = counts[:, row].tobytes(), doubled
        if pattern not in known:
            weights = [c.weight * (2 if c.name == doubled else 1) for c in criteria]
            live = [weight if on else 0 for weight, on in zip(weights, counts[:, row], strict=True)]
            known[pattern] = _split(criteria, text_cap, live)
        most[:, row] = known[pattern]
    return most


def _split(criteria: Sequence[Criterion], text_cap: int, weights: list[int]) -> list[int]:
    is_text = [criterion.kind == "text" for criterion in criteria]
    words = [weight if text else 0 for weight, text in zip(weights, is_text, strict=True)]
    rest = [0 if text else weight for weight, text in zip(weights, is_text, strict=True)]
    if not any(weights):
        return [0] * len(weights)
    for_words = min(text_cap, TOP_SCORE * sum(words) // sum(weights))
    for_rest = TOP_SCORE - for_words if any(rest) else 0
    pairs = zip(_largest_remainder(for_words, words), _largest_remainder(for_rest, rest), strict=True)
    return [a + b for a, b in pairs]


def _largest_remainder(points: int, weights: list[int]) -> list[int]:
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    shares = [points * weight // total for weight in weights]
    order = sorted(range(len(weights)), key=lambda at: (-(points * weights[at] % total), at))
    for at in order[: points - sum(shares)]:
        shares[at] += 1
    return shares
