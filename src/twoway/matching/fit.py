"""What is kept of the engine's reasons: plain values beside a proposal, from which words are made later."""

from typing import Any

from matchengine import Contribution, Pair
from twoway.matching.criteria import Rule
from twoway.matching.wished import NAMED, WISHED
from twoway.signup.models import Question

Point = dict[str, Any]


def points_of(pair: Pair, rules: list[Rule]) -> list[Point]:
    """The points of a pair by criterion, with what was seen. Of a mentee's own wish about identity only whether
    it was met."""
    by_name = {rule.name: rule for rule in rules}
    return [
        _wish(reason) if reason.criterion == WISHED else _point(reason, by_name[reason.criterion])
        for reason in pair.reasons
    ]


def _wish(reason: Contribution) -> Point:
    """Whether she wished for this mentor: of this pair alone, and of nobody else whom she named."""
    return {
        "id": WISHED, "mentee": "", "mentor": "", "label": "", "use": NAMED, "kind": "", "points": reason.points,
        "of": reason.most, "code": reason.code,
    }  # fmt: skip


def _point(reason: Contribution, rule: Rule) -> Point:
    point: Point = {
        "id": rule.name, "mentee": rule.mentee.public_id, "mentor": rule.mentor.public_id, "label": rule.owner.label,
        "use": rule.owner.use, "kind": rule.mentee.kind, "points": reason.points, "of": reason.most,
        "code": reason.code, **({"doubled": True} if reason.doubled else {}),
    }  # fmt: skip
    if rule.owner.use == Question.Use.PREFERENCE:
        return point
    if rule.mentee.kind == Question.Kind.HOURS:
        return {**point, "hours": len(reason.shared) / 2}
    point |= {"shared": list(reason.shared), "asked": reason.asked}
    if reason.steps is not None:
        point["steps"] = reason.steps
    if reason.phrases and reason.points:  # words that met by chance are no reason
        point["phrases"] = [list(two) for two in reason.phrases if all(two)]
    return point


def warnings_of(pair: Pair, rules: list[Rule]) -> list[dict[str, str]]:
    """The hard rules that are nearly broken (by their exact minimum of two steps or more), and those a pin breaks."""
    labels = {rule.name: rule.owner.label for rule in rules}
    near = [{"id": name, "label": labels[name], "kind": "near"} for name in pair.nearly]
    broken = [
        {"id": bar.limit, "label": labels[bar.limit], "kind": "broken"} for bar in pair.bars if bar.code == "limit"
    ]
    return [*near, *broken]
