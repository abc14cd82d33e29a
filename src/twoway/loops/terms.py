"""What two people may settle between them, in words: one answer, two side by side, and what they have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from twoway.loops.models.agreement import TERMS, Terms

LABELS = {
    "rhythm_days": _("How often we meet"),
    "minutes": _("How long a meeting is"),
    "hours_a_month": _("Time a month"),
    "hopes": _("What we hope for from the two of us"),
    "on_the_table": _("On the table"),
    "off_the_table": _("Off the table"),
    "confidentiality": _("What stays between us"),
    "review_on": _("When we look at this again"),
}
RHYTHMS: dict[int, Promise] = {
    7: _("Every week"), 14: _("Every two weeks"), 21: _("Every three weeks"), 30: _("Once a month"),
    42: _("Every six weeks"), 60: _("Every two months"), 90: _("Every three months"),
}  # fmt: skip
TEXTS = ("on_the_table", "off_the_table", "confidentiality", "hopes")


def rhythm_label(days: int) -> str:
    """A rhythm as one chooses it."""
    known = RHYTHMS.get(days)
    return str(known) if known else ngettext("Every day", "Every %(n)s days", days) % {"n": days}


def in_words(name: str, value: Any) -> str:
    """One of the terms as people say it; nothing where it is left for later."""
    if not value:
        return ""
    if name == "rhythm_days":
        return rhythm_label(value)
    if name == "minutes":
        return ngettext("%(n)s minute", "%(n)s minutes", value) % {"n": value}
    if name == "hours_a_month":
        return ngettext("%(n)s hour a month", "%(n)s hours a month", value) % {"n": value}
    return date_format(value, gettext("j F Y")) if isinstance(value, date) else str(value)


@dataclass(frozen=True)
class Line:
    """One of the terms that is not left for later."""

    name: str
    label: Promise
    words: str

    @property
    def is_text(self) -> bool:
        return self.name in TEXTS


def lines_of(terms: Terms) -> list[Line]:
    """What is said, in the usual order."""
    found = [Line(name, LABELS[name], in_words(name, value)) for name, value in terms.said().items()]
    return [line for line in found if line.words]


def as_compared(value: Any) -> Any:
    """Texts are the same whatever their spaces and capitals, and with or without a last full stop."""
    return " ".join(value.casefold().split()).rstrip(".") if isinstance(value, str) else value


def common_of(answers: Sequence[Terms]) -> dict[str, Any]:
    """What several answers have in common; where they differ, nothing. What anybody leaves off the table stays off."""
    found: dict[str, Any] = {}
    for name in TERMS:
        values = [getattr(one, name) for one in answers]
        is_alike = len({as_compared(value) for value in values}) == 1
        found[name] = values[0] if is_alike else "" if name in TEXTS else None
    limits = {as_compared(one.off_the_table): one.off_the_table for one in answers if one.off_the_table}
    found["off_the_table"] = "\n".join(limits.values())
    return found


class Fit(Enum):
    ALIKE = "alike"
    APART = "apart"
    ONE_ONLY = "one_only"  # the other left it for later
    LATER = "later"  # so did both


@dataclass(frozen=True)
class Pairing:
    """What two people said to the same thing."""

    name: str
    label: Promise
    mine: str
    theirs: str
    fit: Fit

    @property
    def is_to_choose(self) -> bool:
        return self.fit in (Fit.APART, Fit.ONE_ONLY)

    @property
    def is_text(self) -> bool:
        return self.name in TEXTS

    @property
    def may_take_both(self) -> bool:
        return self.is_text and self.fit is Fit.APART


def side_by_side(mine: Terms, theirs: Terms) -> list[Pairing]:
    """Two answers next to each other, in the usual order."""
    return [_pairing(name, getattr(mine, name), getattr(theirs, name)) for name in TERMS]


def _pairing(name: str, mine: Any, theirs: Any) -> Pairing:
    if not mine and not theirs:
        fit = Fit.LATER
    elif not mine or not theirs:
        fit = Fit.ONE_ONLY
    else:
        fit = Fit.ALIKE if as_compared(mine) == as_compared(theirs) else Fit.APART
    return Pairing(name, LABELS[name], in_words(name, mine), in_words(name, theirs), fit)


@dataclass(frozen=True)
class Change:
    """One of the terms that a newer version says in another way; nothing where it is left for later."""

    label: Promise
    was: str
    now: str


def changes_between(former: Terms, newer: Terms) -> list[Change]:
    """What is different in a newer version."""
    pairs = [(name, getattr(former, name), getattr(newer, name)) for name in TERMS]
    return [Change(LABELS[name], in_words(name, was), in_words(name, now)) for name, was, now in pairs if was != now]
