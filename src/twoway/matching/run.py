"""Working out a round: the engine's answer, what the other aim would cost, and everything the page will show."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import quantiles
from typing import Any

import numpy as np

from matchengine import (
    LeftOver,
    Pair,
    Rathers,
    Recruit,
    Result,
    Table,
    problem_to_json,
    rather_each_other,
    receipt_of,
    solve,
)
from twoway.matching.criteria import Rule
from twoway.matching.meaning import compared_with
from twoway.matching.models import Round
from twoway.matching.one_more import one_more_facts
from twoway.matching.prepare import Prepared
from twoway.matching.wished import wish_figures
from twoway.signup.fields import options_of

Step = Callable[[str, int], bool]
"""Called with a stage and how far the whole is, in per cent; False means stop."""

SHARES = {"scoring": (2, 30), "solving": (30, 50), "explaining": (50, 75)}
LAST = SHARES["explaining"][1]
OTHERS = 6
OTHER_AIM = {Round.Objective.MOST_THEN_BEST: "best_total", Round.Objective.BEST_TOTAL: "most_then_best"}


@dataclass(frozen=True)
class Outcome:
    """What a round came to, ready to be kept."""

    prepared: Prepared
    result: Result
    receipt: str
    problem: str
    figures: dict[str, Any]
    others: dict[str, list[list[Any]]]


def work_out(round: Round, prepared: Prepared, step: Step) -> Outcome:
    """Solve the round's problem. Raises InvalidProblem for one that cannot be asked, Cancelled when told to stop."""
    problem, seed = prepared.problem, int(round.seed)
    objective = Round.Objective(round.objective)
    result = solve(problem, objective=objective.value, seed=seed, progress=_scaled(step))  # type: ignore[arg-type]

    def comparing(stage: str, done: int, total: int) -> bool:
        return step("comparing", LAST + (100 - LAST) * _percent(stage, done, total) // 100)

    other = solve(problem, objective=OTHER_AIM[objective], seed=seed, progress=comparing)  # type: ignore[arg-type]
    table = Table(problem, seed)
    others, allowed = _others(table)
    told = not (prepared.wished.named or prepared.wished.matters)
    rather = rather_facts(rather_each_other(table, result), told)
    return Outcome(
        prepared=prepared,
        result=result,
        receipt=receipt_of(problem, result).to_json(),
        problem=problem_to_json(problem),
        figures={
            **_figures(prepared, result, other, allowed),
            "rather": rather,
            "one_more": one_more_facts(result, told),
        },
        others=others,
    )


def _scaled(step: Step) -> Callable[[str, int, int], bool]:
    return lambda stage, done, total: step(stage, _percent(stage, done, total))


def _percent(stage: str, done: int, total: int) -> int:
    begins, ends = SHARES[stage]
    return begins + (ends - begins) * done // max(total, 1)


def _others(table: Table) -> tuple[dict[str, list[list[Any]]], int]:
    """For each mentee the mentors who fit her best, seats not looked at, with scores and seats; and how many pairs
    the rules allow. Without reasons, to be quick."""
    others, pairs = {}, 0
    for rows, scores, allowed in table.blocks():
        pairs += int(allowed.sum())
        for row, points, is_open in zip(rows.tolist(), scores, allowed, strict=True):
            columns = np.flatnonzero(is_open)
            best = columns[np.argsort(-points[columns], kind="stable")][:OTHERS]
            others[table.mentees[row].id] = [
                [table.mentors[at].id, int(points[at]), table.mentors[at].seats] for at in best.tolist()
            ]
    return others, pairs


def _figures(prepared: Prepared, result: Result, other: Result, allowed: int) -> dict[str, Any]:
    scores = sorted(pair.score for pair in result.pairs)
    low, typical, high = _quarters(scores)
    rules = {rule.name: rule for rule in prepared.rules}
    return {
        "mentees": len(prepared.problem.mentees), "mentors": len(prepared.problem.mentors), "placed": result.placed,
        "total": result.total, "allowed": allowed, "low": low, "typical": typical, "high": high,
        "lowest": scores[0] if scores else 0,
        "full": sum(seat.taken == seat.seats for seat in result.seats),
        "seats": sum(seat.seats for seat in result.seats),
        **proof_facts(result),
        "other": {"objective": other.objective, "placed": other.placed, "total": other.total},
        "recruits": [recruit_facts(one, rules) for one in result.recruits if prepared.helping and can_be(one, rules)],
        "helping": prepared.helping,
        "without": dict(prepared.people.without), "expected": prepared.people.expected,
        "pins": len(prepared.problem.pins), "strikes": len(prepared.problem.strikes),
        "dropped": len(prepared.dropped), "texts": compared_with(prepared.problem),
        "private": prepared.holds_private,
        **wish_figures(prepared.wished, {row.pk: row.public_id for row in prepared.people.mentees}, result),
    }  # fmt: skip


def rather_facts(rather: Rathers, named: bool) -> dict[str, Any]:
    """Who would both rather have each other, as plain values; by public ids those who gain most. Where wishes counted
    nobody is named: such a list would be one of wishes that were not met."""
    first = [[one.mentee, one.mentor, one.score, one.hers, one.his] for one in rather.first]
    return {
        "pairs": rather.pairs, "mentees": rather.mentees, "mentors": rather.mentors, "first": first if named else [],
        "named": named,
    }  # fmt: skip


def proof_facts(result: Result) -> dict[str, Any]:
    """Whether nothing better exists, and else by how many points, and per cent, something could be at most."""
    per_cent = result.gap.per_cent if result.gap else "0"
    return {"proven": result.value == result.bound, "gap": result.bound - result.value, "per_cent": per_cent}


def _quarters(scores: list[int]) -> tuple[int, int, int]:
    if len(scores) < 2:
        only = scores[0] if scores else 0
        return only, only, only
    low, middle, high = quantiles(scores, n=4, method="inclusive")
    return round(low), round(middle), round(high)


def can_be(recruit: Recruit, rules: dict[str, Rule]) -> bool:
    """Whether anybody could be like that: outside every option of a question there is nobody."""
    for need in recruit.needs:
        offered = {" ".join(str(option["label"]).split()) for option in options_of(rules[need.limit].mentor)}
        if need.kind == "differs" and offered and offered <= set(need.values):
            return False
    return True


def recruit_facts(recruit: Recruit, rules: dict[str, Rule]) -> dict[str, Any]:
    return {
        "seats": recruit.seats,
        "needs": [
            {"label": rules[need.limit].owner.label, "kind": need.kind, "values": list(need.values)}
            for need in recruit.needs
        ],
        "offers": [{"option": option, "people": people} for _criterion, option, people in recruit.offers],
    }


def left_over_facts(left: LeftOver, rules: list[Rule], others: list[list[Any]]) -> dict[str, Any]:
    """Why somebody was not placed, as plain values. All kinds of keeping apart are told alike."""
    labels = {rule.name: rule.owner.label for rule in rules}
    barred = [
        {
            "code": bar.bar.code, "label": labels.get(bar.bar.limit, ""), "mentors": bar.mentors,
            "would_open": bar.would_open,
        }
        for bar in left.barred
        if bar.bar.code != "self"
    ]  # fmt: skip
    facts: dict[str, Any] = {"open": left.open_to_her, "barred": barred, "others": others}
    if left.contest is not None:
        facts |= {"people": len(left.contest.mentees), "seats": left.contest.seats}
    return facts


def pairs_by_mentee(result: Result) -> dict[str, Pair]:
    return {pair.mentee: pair for pair in result.pairs}
