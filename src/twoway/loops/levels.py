"""Five levels of a goal, from -2 to +2: the words every level has, before its owner says what it would be for them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from twoway.loops.models import Goal


@dataclass(frozen=True)
class Level:
    """One of the five: its number, how it is written, its plain words, and the owner's own in the goal's column."""

    number: int
    sign: str
    words: Promise
    column: str

    def own_words(self, goal: Goal) -> str:
        return str(getattr(goal, self.column))


LEVELS = (
    Level(-2, "−2", _("went backwards"), "backwards"),
    Level(-1, "−1", _("where I began"), "began"),
    Level(0, "0", _("what I hoped for by now"), "hoped"),
    Level(1, "+1", _("more"), "more"),
    Level(2, "+2", _("far more"), "far_more"),
)
COLUMNS = tuple(level.column for level in LEVELS)
_BY_NUMBER = {level.number: level for level in LEVELS}


def level_of(number: int) -> Level:
    return _BY_NUMBER[number]


def has_levels(goal: Goal) -> bool:
    """Whether its owner has said of any level what it would be."""
    return any(level.own_words(goal) for level in LEVELS)
