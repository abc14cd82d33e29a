"""Wishes as the engine weighs them: a criterion of its own, and the question that counts double for somebody.

Only mentors who take part in the round count, and none from whom she is kept apart: a wish that can never be met would
lower her points for nothing, and show that somebody would rather not meet her.
"""

from dataclasses import dataclass, field
from typing import Any

from matchengine import Answer, Criterion, Result
from twoway.matching.apart import Apart
from twoway.matching.criteria import Rule
from twoway.matching.queries.people import Field
from twoway.matching.queries.wish import FEW, what_matters_in, wish_time_of, wishes_in
from twoway.people.models import Intake

WISHED, NAMED = "wished", "named"
"""The name of the criterion, as that of a question elsewhere; and its kind."""


@dataclass(frozen=True)
class Wished:
    """What the mentees of a round have marked: public ids of mentors, and rules by name, by mentee's row number;
    `wishers` have marked anybody at all, there or not, so that leaving a mentor out tells nothing of who named him."""

    weight: int = 0
    named: dict[int, tuple[str, ...]] = field(default_factory=dict)
    matters: dict[int, str] = field(default_factory=dict)
    wishers: int = 0

    def answers(self, mentee: int) -> dict[str, Answer]:
        return {WISHED: self.named[mentee]} if mentee in self.named else {}

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return (Criterion(WISHED, NAMED, WISHED, weight=self.weight),) if self.named else ()  # type: ignore[arg-type]

    @property
    def settings(self) -> list[dict[str, Any]]:
        """As that of a question, without its words."""
        if not self.named:
            return []
        return [wish_setting(self.weight)]


def wish_setting(weight: int) -> dict[str, Any]:
    """What wishes weigh, beside the weights of questions."""
    return {"id": WISHED, "label": "", "use": NAMED, "weight": weight, "steps": 0, "limit": False}


def wished_in(intake: Intake, people: Field, apart: Apart, rules: list[Rule]) -> Wished:
    """The wishes of an intake, as far as they count among these people; none where they were never asked for."""
    time = wish_time_of(intake)
    if time is None:
        return Wished()
    mentees = {row.pk: row for row in people.mentees}
    mentors = {offer.application.pk: offer.application for offer in people.mentors}
    marks = {pk: marked for pk, marked in wishes_in(intake).items() if pk in mentees}
    named = {}
    for pk, marked in marks.items():
        open_to_her = [mentors[one] for one in marked if one in mentors]
        named[pk] = tuple(row.public_id for row in open_to_her if not apart.is_firm(mentees[pk], row))
    counting = {rule.mentee.pk: rule.name for rule in reversed(rules) if counts_double(rule)}
    matters = {pk: counting[question] for pk, question in what_matters_in(intake).items() if question in counting}
    return Wished(time.weight, {pk: ids for pk, ids in named.items() if ids}, matters, len(marks))


def counts_double(rule: Rule) -> bool:
    """Whether what is asked can matter more or less: a hard rule holds or does not."""
    return not rule.is_limit and rule.owner.weight > 0


def wish_figures(wished: Wished, mentees: dict[int, str], result: Result) -> dict[str, Any]:
    """How many got somebody they wished for. Where few wished, no number is kept."""
    if not wished.wishers:
        return {}
    if wished.wishers < FEW:
        return {"wishes": {"few": True}}
    named = {mentees[pk]: set(ids) for pk, ids in wished.named.items()}
    met = sum(pair.mentor in named.get(pair.mentee, ()) for pair in result.pairs)
    return {"wishes": {"wished": wished.wishers, "met": met}}
