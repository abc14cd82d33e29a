"""Another mentor instead: what it would cost the round as it was worked out, and who would move."""

from dataclasses import dataclass
from typing import Any

from matchengine import Bar, Pair, Price, Table, problem_from_json, why_not
from matchengine.receipt import ENGINE
from matchengine.solve import SMALL
from twoway.matching.apart import apart_in
from twoway.matching.candidates import pair_as_scored
from twoway.matching.checking import problem_text
from twoway.matching.models import LeftOver, Proposal, Round
from twoway.signup.models import Application


@dataclass(frozen=True)
class Asked:
    """A mentee of a round about whom somebody asks, with what she has now: a proposal, or a cause for having none."""

    mentee: Application
    round: Round
    proposal: Proposal | None = None
    left: LeftOver | None = None

    @property
    def mentor(self) -> Application | None:
        """Whom she has now."""
        return self.proposal.mentor if self.proposal else None

    @property
    def others(self) -> list[list[Any]]:
        """Who else was open to her, best fit first: public id, score, seats."""
        if self.proposal:
            return list(self.proposal.others)
        return list(self.left.facts.get("others", [])) if self.left else []

    def has(self, mentor: Application) -> bool:
        return self.mentor is not None and self.mentor.pk == mentor.pk


@dataclass(frozen=True)
class Cost:
    """Two people as the round scored them, the rules that close the pair, and what it would cost.

    `price` is None where a rule closes the pair, where the round is too large to be worked out while somebody waits,
    and where the round is not the best possible.
    """

    pair: Pair
    bars: tuple[Bar, ...]
    price: Price | None

    @property
    def is_apart(self) -> bool:
        """Kept apart in whatever way, which hides everything else about the two."""
        return any(bar.code in ("apart", "organisational") for bar in self.bars)


def is_large(round: Round) -> bool:
    """To work out one price would take as long as the round itself took."""
    return bool(round.figures["mentees"] * round.figures["mentors"] > SMALL)


def is_of_this_engine(round: Round) -> bool:
    """Its points are those the engine gives now: prices and scores can be compared."""
    return round.receipt is not None and round.receipt["engine"] == ENGINE


def is_near_best(round: Round) -> bool:
    """Its search stopped at a gap: there is no best match to measure a price against."""
    return round.receipt is not None and "gap" in round.receipt


def cost_of(asked: Asked, mentor: Application) -> Cost | None:
    """What it would cost to give a mentee this mentor, against the round's best match; None where one of
    the two was not in the round. Those who are kept apart by now are so here too.

    Cost: a table of everybody, 0.3 to 1 s for 1,000 mentees and 600 mentors.
    """
    round, receipt = asked.round, asked.round.receipt
    assert receipt is not None  # whoever asks has looked
    hers, his = asked.mentee.public_id, mentor.public_id
    table = None if is_large(round) else Table(problem_from_json(problem_text(round)), receipt["seed"])
    pair = _pair_in(table, hers, his) if table else pair_as_scored(round, hers, his)
    if pair is None:
        return None
    if not asked.has(mentor) and _is_apart_now(asked.mentee, mentor):
        return Cost(pair, (Bar("apart"),), None)
    together = {one["mentee"]: one["mentor"] for one in receipt["pairs"]}
    if together.get(hers) == his:
        return Cost(pair, (), Price(hers, his, pair.score))
    if pair.bars or table is None or is_near_best(round):
        return Cost(pair, pair.bars, None)
    return Cost(pair, (), why_not(table, together, receipt["objective"], hers, his))


def _pair_in(table: Table, mentee: str, mentor: str) -> Pair | None:
    try:
        return table.pair(mentee, mentor)
    except KeyError:
        return None


def _is_apart_now(mentee: Application, mentor: Application) -> bool:
    apart = apart_in(mentee.intake, [frozenset({mentee.pk, mentor.pk})])
    return apart.is_firm(mentee, mentor) or apart.is_in_line(mentee, mentor)
