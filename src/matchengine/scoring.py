"""How good a pair is: whole points, criterion by criterion, the reasons kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from matchengine.answers import answer_of, as_place, as_set, as_text, as_words, plain
from matchengine.problem import TOP_SCORE, Answer, Criterion, Mentee, Mentor
from matchengine.result import Code, Contribution
from matchengine.shares import Bools, Ints, answered, places, set_sizes, shared_counts
from matchengine.text import EVERYTHING, NOTHING, Likeness

Points = npt.NDArray[np.uint8]
Column = Sequence[Answer | None]

ROWS_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Closeness:
    """How close each of n x m pairs comes, as the fraction `part / whole`; `whole` is n x 1 or 1 x 1, above
    0."""

    part: Ints
    whole: Ints


class Scoring:
    """The points of every pair. `scores` is n x m (0 to 100), `points[k]` the share of the k-th criterion
    in it, `most[k]` (n) what that criterion could bring each mentee.

    Points are `floor(most * part / whole)`, in whole numbers throughout. Cost: n x m bytes a criterion.
    """

    def __init__(
        self,
        criteria: Sequence[Criterion],
        text_cap: int,
        mentees: Sequence[Mentee],
        mentors: Sequence[Mentor],
        step: Callable[[int, int], None] = lambda done, total: None,
        among: tuple[Sequence[Mentee], Sequence[Mentor]] | None = None,
    ) -> None:
        """`among`: everybody of the problem, where the people to score are only some of them."""
        self._everybody = among
        self.criteria = [criterion for criterion in criteria if criterion.kind != "off"]
        self.mentees, self.mentors = mentees, mentors
        self._likeness: dict[str, Likeness] = {}
        counts = np.array([self._counts(criterion) for criterion in self.criteria], dtype=np.bool_)
        counts = counts.reshape(len(self.criteria), len(mentees))
        self.most = most_points(self.criteria, text_cap, counts)
        self.points: list[Points] = []
        for at, criterion in enumerate(self.criteria):
            step(at, len(self.criteria))
            self.points.append(self._points(criterion, self.most[at]))
        step(len(self.criteria), len(self.criteria))
        self.scores = np.zeros((len(mentees), len(mentors)), dtype=np.int16)
        for points in self.points:
            self.scores += points

    def _counts(self, criterion: Criterion) -> Bools:
        """For which mentees a criterion counts: they said something, and somebody on the other side did."""
        if criterion.kind == "preference":
            return answered(self._wishes(criterion))
        mentors = self._everybody[1] if self._everybody else self.mentors
        theirs = answered([answer_of(mentor.answers, criterion.mentor_field) for mentor in mentors])
        return answered(self._wishes(criterion)) & bool(theirs.any())

    def _wishes(self, criterion: Criterion) -> list[Answer | None]:
        """What each mentee said; a preference only where she stated that it should count."""
        return [stated_answer(criterion, mentee) for mentee in self.mentees]

    def _points(self, criterion: Criterion, most: Ints) -> Points:
        ours = self._wishes(criterion)
        theirs = [allowed_answer(criterion, mentor) for mentor in self.mentors]
        points = _floor(most, self._closeness(criterion, criterion.name, ours, theirs))
        if criterion.both:
            his = [answer_of(mentor.answers, criterion.mentee) for mentor in self.mentors]
            hers = [answer_of(mentee.answers, criterion.mentor_field) for mentee in self.mentees]
            back = self._closeness(criterion, criterion.name + "\0back", his, hers)
            turned = Closeness(back.part.T, np.broadcast_to(back.whole, (len(his), 1)).T)
            wished = answered(his)[None, :]
            points = np.where(wished, np.minimum(points, _floor(most, turned)), points)
        return points

    def _closeness(self, criterion: Criterion, key: str, ours: Column, theirs: Column) -> Closeness:
        one = np.ones((1, 1), dtype=np.int64)
        known = answered(ours)[:, None] & answered(theirs)[None, :]
        if criterion.kind == "near":
            return _nearness(criterion, ours, theirs)
        if criterion.kind == "text":
            likeness = Likeness([as_text(a) for a in ours], [as_text(a) for a in theirs], self._texts(criterion, key))
            self._likeness[key] = likeness
            part = np.clip(likeness.thousandths, NOTHING, EVERYTHING) - NOTHING
            return Closeness(part, one * (EVERYTHING - NOTHING))
        shared = shared_counts(ours, theirs)
        if criterion.kind in ("same", "preference"):
            return Closeness((shared > 0).astype(np.int64), one)
        if criterion.kind == "different":
            return Closeness(((shared == 0) & known).astype(np.int64), one)
        wanted = set_sizes(ours)
        whole = np.maximum(1, np.minimum(wanted, criterion.enough or wanted))[:, None]
        return Closeness(np.minimum(shared, whole), whole)

    def _texts(self, criterion: Criterion, key: str) -> list[str] | None:
        """The texts that say how rare a word is, where they are more than those compared."""
        if self._everybody is None:
            return None
        asked, offered = criterion.mentee, criterion.mentor_field
        if key != criterion.name:
            asked, offered = offered, asked
        mentees, mentors = self._everybody
        said = [answer_of(one.answers, asked) for one in mentees] + [answer_of(one.answers, offered) for one in mentors]
        return [as_text(answer) for answer in said]

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
        points, most = int(self.points[at][row, column]), int(self.most[at][row])
        if criterion.kind == "preference":
            met: Code = "wish_met" if points else "wish_not_met"
            return Contribution(criterion.name, criterion.kind, points, most, met)
        hers = answer_of(self.mentees[row].answers, criterion.mentee)
        his = answer_of(self.mentors[column].answers, criterion.mentor_field)
        if his is None:
            return Contribution(criterion.name, criterion.kind, points, most, "unanswered")
        code: Code = "missed" if points == 0 else "met" if points == most else "partly"
        seen = Contribution(criterion.name, criterion.kind, points, most, code)
        if criterion.both and criterion.kind in ("wish", "overlap"):
            seen = replace(seen, his_wishes=self._his_wishes(criterion, row, column))
        return self._with_evidence(seen, criterion, hers, his)

    def _his_wishes(self, criterion: Criterion, row: int, column: int) -> tuple[str, ...] | None:
        wished = as_words(answer_of(self.mentors[column].answers, criterion.mentee))
        has = as_set(answer_of(self.mentees[row].answers, criterion.mentor_field))
        return tuple(word for word in wished if plain(word) in has) if wished else None

    def _with_evidence(
        self, seen: Contribution, criterion: Criterion, hers: Answer | None, his: Answer | None
    ) -> Contribution:
        shared: tuple[str, ...] = ()
        steps: int | None = None
        phrases: tuple[tuple[str, str], ...] = ()
        if criterion.kind == "near":
            if criterion.order:
                steps = abs((as_place(hers, criterion.order) or 0) - (as_place(his, criterion.order) or 0))
        elif criterion.kind == "text":
            phrases = self._likeness[criterion.name].phrases(as_text(hers), as_text(his))
        else:
            theirs = as_set(his)
            shared = tuple(word for word in as_words(hers) if plain(word) in theirs)
        asked = len(as_set(hers))
        if criterion.kind in ("wish", "overlap"):
            asked = min(asked, criterion.enough or asked)
        return replace(seen, shared=shared, asked=asked, steps=steps, phrases=phrases)


def stated_answer(criterion: Criterion, mentee: Mentee) -> Answer | None:
    """Her answer, or None where she has not said that this preference should count."""
    if criterion.kind == "preference" and criterion.stated:
        said = as_set(answer_of(mentee.answers, criterion.stated))
        if plain(criterion.stated_when) not in said:
            return None
    return answer_of(mentee.answers, criterion.mentee)


def allowed_answer(criterion: Criterion, mentor: Mentor) -> Answer | None:
    """His answer, or None where he has not allowed it to be used when a mentee asks."""
    if criterion.kind == "preference" and not criterion.given_for_matching:
        said = as_set(answer_of(mentor.answers, criterion.allowed))
        if plain(criterion.allowed_when) not in said:
            return None
    return answer_of(mentor.answers, criterion.mentor_field)


def most_points(criteria: Sequence[Criterion], text_cap: int, counts: Bools) -> Ints:
    """What each criterion can bring each mentee: k x n whole points, 100 in all where anything but text
    counts.

    Shares follow the weights; text criteria together get at most `text_cap`, and what they lose goes to the
    others. Left-over points go to the largest remainders, then by name (H. Hamilton's method, 1792).
    """
    most = np.zeros(counts.shape, dtype=np.int64)
    if not len(criteria):
        return most
    known: dict[bytes, list[int]] = {}
    for row in range(counts.shape[1]):
        pattern = counts[:, row].tobytes()
        if pattern not in known:
            live = [c.weight if on else 0 for c, on in zip(criteria, counts[:, row], strict=True)]
            known[pattern] = _split(criteria, text_cap, live)
        most[:, row] = known[pattern]
    return most


def _split(criteria: Sequence[Criterion], text_cap: int, weights: list[int]) -> list[int]:
    is_text = [criterion.kind == "text" for criterion in criteria]
    names = [criterion.name for criterion in criteria]
    words = [weight if text else 0 for weight, text in zip(weights, is_text, strict=True)]
    rest = [0 if text else weight for weight, text in zip(weights, is_text, strict=True)]
    if not any(weights):
        return [0] * len(weights)
    for_words = min(text_cap, TOP_SCORE * sum(words) // sum(weights))
    for_rest = TOP_SCORE - for_words if any(rest) else 0
    pairs = zip(_largest_remainder(for_words, words, names), _largest_remainder(for_rest, rest, names), strict=True)
    return [a + b for a, b in pairs]


def _largest_remainder(points: int, weights: list[int], names: list[str]) -> list[int]:
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    shares = [points * weight // total for weight in weights]
    order = sorted(range(len(weights)), key=lambda at: (-(points * weights[at] % total), names[at]))
    for at in order[: points - sum(shares)]:
        shares[at] += 1
    return shares


def _nearness(criterion: Criterion, ours: Column, theirs: Column) -> Closeness:
    here, hers = places(ours, criterion.order)
    there, his = places(theirs, criterion.order)
    span = (criterion.span or max(1, len(criterion.order) - 1)) * (1 if criterion.order else 1000)
    part = np.maximum(0, span - np.abs(here[:, None] - there[None, :]))
    part[~(hers[:, None] & his[None, :])] = 0
    return Closeness(part, np.full((1, 1), span, dtype=np.int64))


def _floor(most: Ints, close: Closeness) -> Points:
    n, m = close.part.shape
    points = np.zeros((n, m), dtype=np.uint8)
    for start in range(0, n, ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        whole = close.whole[rows] if close.whole.shape[0] == n and n > 1 else close.whole
        points[rows] = most[rows, None] * close.part[rows] // whole
    return points
