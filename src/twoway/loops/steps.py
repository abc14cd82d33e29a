"""The steps a loop has taken, from named facts alone. Never stored, never set by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Step(Enum):
    MATCHED = "matched"
    MET = "met"
    AGREED = "agreed"
    REGULAR = "regular"
    LOOKED_BACK = "looked_back"


LABELS: dict[Step, Promise] = {
    Step.MATCHED: _("Matched"),
    Step.MET: _("Met"),
    Step.AGREED: _("Agreed"),
    Step.REGULAR: _("Meeting regularly"),
    Step.LOOKED_BACK: _("Looked back"),
}


@dataclass(frozen=True)
class Taken:
    """One step, and the moment it was taken, if it was."""

    step: Step
    at: datetime | None

    @property
    def label(self) -> Promise:
        return LABELS[self.step]


def steps_taken(
    *,
    opened_at: datetime,
    held: Sequence[datetime],
    rhythm_days: int,
    agreed_at: datetime | None = None,
    looked_back_at: datetime | None = None,
) -> tuple[Taken, ...]:
    """All steps in their usual order. They may be taken in any order.

    `held` is when meetings that took place began. Meeting regularly: two of them within three rhythms.
    """
    moments = sorted(held)
    return (
        Taken(Step.MATCHED, opened_at),
        Taken(Step.MET, moments[0] if moments else None),
        Taken(Step.AGREED, agreed_at),
        Taken(Step.REGULAR, _second_of_two_near(moments, timedelta(days=3 * rhythm_days))),
        Taken(Step.LOOKED_BACK, looked_back_at),
    )


def _second_of_two_near(moments: Sequence[datetime], near: timedelta) -> datetime | None:
    return next((later for earlier, later in pairwise(moments) if later - earlier <= near), None)


def what_comes_next(steps: Sequence[Taken], *, next_is_booked: bool) -> Promise:
    """What would take the two a step further, in words."""
    taken = {one.step for one in steps if one.at is not None}
    if Step.MET not in taken:
        return _("your first meeting") if next_is_booked else _("find a time for your first meeting")
    if Step.REGULAR not in taken:
        return _("meet again") if next_is_booked else _("find a time to meet again")
    return _("keep going at your own rhythm") if next_is_booked else _("find a time for your next meeting")
