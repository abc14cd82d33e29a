"""What comes back: the pairs with their reasons, those left over with theirs, and the numbers that prove
it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from matchengine.problem import CriterionKind, Objective

Code = Literal["met", "partly", "missed", "unanswered", "wish_met", "wish_not_met"]
BarCode = Literal["self", "apart", "organisational", "struck", "limit", "held"]
Cause = Literal["no_candidate", "rule", "no_seat", "total", "stable", "gap"]

GAP_UNITS = 1_000_000
"""A gap is counted in millionths: 1000 are 0.1 per cent."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one criterion brought to a pair: `points` of at most `most`, and what was seen.

    `code` says it in one word (`unanswered`: the mentor did not answer). `shared` are the values both have,
    out of the `asked` that make it whole; `steps` how far apart they stand (`near` on an `order`);
    `phrases` the words of her text and of his that met. A `preference` and a `named` one show their code alone and
    never a value. `doubled` says that it matters most to her and counts twice.
    """

    criterion: str
    kind: CriterionKind
    points: int
    most: int
    code: Code
    shared: tuple[str, ...] = ()
    asked: int = 0
    steps: int | None = None
    phrases: tuple[tuple[str, str], ...] = ()
    his_wishes: tuple[str, ...] | None = None
    """Where the criterion asks `both`: what he wished for that she has; None where he wished for nothing."""
    doubled: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One reason why a pair must not be: `limit` names a hard rule; `apart` is a personal keep-apart and
    says no more; `held` says that they are mentor and mentee already."""

    code: BarCode
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two people, their score (0 to 100), and where each point comes from: the points of `reasons` add up
    to it.

    `nearly` names limits kept by their exact minimum where two steps or more were asked for. `bars` names rules
    the pair breaks: empty for every pair the engine makes, filled for an overridden pin or a pair merely
    looked at.
    """

    mentee: str
    mentor: str
    score: int
    reasons: tuple[Contribution, ...]
    nearly: tuple[str, ...] = ()
    bars: tuple[Bar, ...] = ()
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Barred:
    """How many mentors one rule alone or with others closes to a mentee. Personal keep-aparts count as
    `apart`."""

    bar: Bar
    mentors: int
    would_open: int
    """Mentors with a free seat who would be open to her without this one rule."""


@dataclass(frozen=True, slots=True)
class Contest:
    """A Hall set: these mentees can only sit with these mentors, who have fewer `seats` than there are
    mentees.

    One more seat with any of `mentors` places one more of `mentees`.
    """

    mentees: tuple[str, ...]
    mentors: tuple[str, ...]
    seats: int


@dataclass(frozen=True, slots=True)
class LeftOver:
    """Someone not placed, and why.

    - `no_candidate`: there is nobody on the other side.
    - `rule`: every mentor is closed to her by a rule; `barred` counts them.
    - `no_seat`: those open to her have no seat left; `contest` says who competes for how many.
    - `total`: only with `best_total`: placing her would lower the total.
    - `stable`: only with `stable`: somebody could make room for her, but would rather not.
    - `gap`: only with `best_total` and a gap: nobody knows whether placing her would lower the total.
    """

    mentee: str
    cause: Cause
    open_to_her: int
    barred: tuple[Barred, ...] = ()
    contest: Contest | None = None


@dataclass(frozen=True, slots=True)
class Fewer:
    """Someone who has mentors, held ones and pins counted, but fewer than she wanted. `open_to_her` are the mentors no
    rule closes to her beside those she has; none of them has a seat left that could better the match. With `best_total`
    and a gap nobody knows that (`is_sure`)."""

    mentee: str
    has: int
    wanted: int
    open_to_her: int
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Need:
    """What a new mentor must bring so that a rule lets them serve those left over.

    `higher`: `values` holds the lowest answer that serves all. `same`: one of `values`. `differs`: none of
    them.
    """

    limit: str
    kind: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recruit:
    """`seats` more, with new mentors who meet every one of `needs`, would place as many of those left over.

    `offers` counts what those people wished for: (criterion, option, people), most wanted first.
    """

    seats: int
    needs: tuple[Need, ...]
    offers: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """A mentor after the match. `price` is exactly what one more seat with them would add to the value:
    `places` people more (0 or 1) and `points` on the total, which may be negative when somebody more is
    placed. Where the result has a gap, prices prove its bound and no more: `places` and `points` are None. They are
    None too where somebody wants several mentors: a price is then a place of some level and points."""

    mentor: str
    seats: int
    taken: int
    price: int
    places: int | None
    points: int | None


@dataclass(frozen=True, slots=True)
class FloorCover:
    """Every pair in question has one of these people, so no more can be placed than there are `mentees`, and seats
    with `mentors` that no pin takes."""

    mentees: tuple[str, ...]
    mentors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LiftedFloor:
    """With `maximin_then_best`: every pair made reaches `points`. `most` covers all allowed pairs and proves that no
    more people can be placed; `higher` covers all that reach `points` + 1 and proves that fewer could be."""

    points: int
    most: FloorCover
    higher: FloorCover


@dataclass(frozen=True, slots=True)
class Gap:
    """How far below the best possible a match is at most, where the search stopped early. No match places more people
    (`best_total` does not ask for that), and none that places as many has more than `best` points, `points` more than
    this one. `asked` is what was allowed, in millionths of `best`."""

    asked: int
    points: int
    best: int

    @property
    def per_cent(self) -> str:
        """`points` as per cent of `best`, rounded up to four decimals. Example: `Gap(5000, 1, 300).per_cent` is
        "0.3334"."""
        units = -(-GAP_UNITS * self.points // self.best)
        return f"{units // 10_000}.{units % 10_000:04}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class Result:
    """The answer. `value == bound` is the proof that no allowed match is better, and it holds but for `stable` and
    where there is a `gap`.

    `value` counts `per_person` (the B of the objective, 0 for `best_total`) for each person placed plus the
    scores of all pairs. `bound` is the pinned pairs' value + the sum of `gains` + the sum of free seats times
    prices, which no match can exceed (with `maximin_then_best`: none whose pairs reach the floor; with
    `stable` it says how much more could be had, as `most_then_best` counts). `gains` holds (mentee, what her
    place is worth to her) for all mentees not pinned, `seats` the prices. Everything is in the lottery order
    of the seed.

    Where somebody wants several mentors, `levels` is the most that anybody wants. Her t-th mentor, those she holds
    counted, is worth `per_person` x (levels - t + 1), so that nobody's second place is ever worth a first. Her gain
    is what the best board at these prices would bring her, and `gains` has all who have a place that no pin takes.
    `left_over` are those without any mentor, `fewer` those with fewer than they wanted; `held` of the mentees in no
    pair have a mentor from outside this problem.
    """

    objective: Objective
    seed: int
    pairs: tuple[Pair, ...]
    left_over: tuple[LeftOver, ...]
    recruits: tuple[Recruit, ...]
    seats: tuple[Seat, ...]
    gains: tuple[tuple[str, int], ...]
    per_person: int
    value: int
    bound: int
    floor: LiftedFloor | None = None
    gap: Gap | None = None
    levels: int = 1
    fewer: tuple[Fewer, ...] = ()
    held: int = 0

    @property
    def placed(self) -> int:
        """How many mentees have a mentor, pins and held ones included."""
        return len({pair.mentee for pair in self.pairs}) + self.held

    @property
    def total(self) -> int:
        """The sum of the scores, in points."""
        return sum(pair.score for pair in self.pairs)
