"""What a round lets go when answers of its people go."""

from collections.abc import Collection
from typing import Any

from twoway.matching.models import Rehearsal, Round
from twoway.people.models import Intake

_CHECK = ("check_words", "check_holds", "checked_at", "check_asked_at")


def drop_problems_with(intake: Intake, public_ids: Collection[str]) -> None:
    """A round in which one of these took part keeps its figures and loses the problem and receipt, which hold their
    answers and cannot be proven without them, the lists of those who would rather have each other and with whom one
    more place would help, and its rehearsals."""
    ids = set(public_ids)
    for row in Round.objects.filter(intake=intake, problem__isnull=False):
        problem: dict[str, Any] = row.problem or {}
        if any(one["id"] in ids for one in [*problem["mentees"], *problem["mentors"]]):
            row.problem = row.receipt = None
            row.check_words, row.check_holds, row.checked_at, row.check_asked_at = "", None, None, None
            if "rather" in row.figures:
                row.figures = {**row.figures, "rather": {**row.figures["rather"], "first": []}, "one_more": []}
            Rehearsal.objects.filter(round=row).delete()
            row.save(update_fields=["problem", "receipt", "figures", *_CHECK])
