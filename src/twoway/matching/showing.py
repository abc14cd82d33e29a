"""A participant's own reasons: built only from what the other side has made public to them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from twoway.matching.fit import Point
from twoway.matching.queries.proposal import Side
from twoway.matching.wished import NAMED
from twoway.matching.words import seen
from twoway.people.audience import Relation
from twoway.people.models import Person
from twoway.signup.models import Question
from twoway.signup.queries import ShownAnswer, answers_for_viewer


def public_answers(side: Side, viewer: Person) -> list[ShownAnswer]:
    """What the other has answered for every member to see; nothing more before a loop is open."""
    shown = answers_for_viewer(side.other, viewer, Relation.MEMBER)
    return [one for one in shown if str(one.audience.value) == "members"]


@dataclass(frozen=True)
class Reason:
    """A question and what met there; `label` is empty where the words say it all."""

    label: str
    words: str


def own_reasons(side: Side, shown: Iterable[ShownAnswer]) -> list[Reason]:
    """Reasons as one side may read them. That a preference about identity was met, or a wish for this very person, is
    told to the mentee who stated it, alone."""
    public = {one.question.public_id for one in shown}
    found = (_reason(point, side.role, public) for point in side.proposal.points)
    return [reason for reason in found if reason is not None]


@dataclass(frozen=True)
class Introduction:
    """What a letter says of the other: lines of reasons and of public answers, as kept plain values."""

    reasons: list[str]
    answers: list[str]


LONGEST = 240


def introduction(side: Side, viewer: Person) -> Introduction:
    """What the page shows, short enough for a letter and in its reader's language. A met preference is for the page
    alone: a letter may be read over a shoulder."""
    with translation.override(viewer.language), timezone.override(viewer.time_zone):
        shown = public_answers(side, viewer)
        return Introduction(
            reasons=[_line(one.label, one.words) for one in own_reasons(side, shown) if one.label],
            answers=[_line(one.question.label, str(one.words)) for one in shown if one.words],
        )


def _line(label: str, words: str) -> str:
    """One line, whatever was typed into it, so that nothing in it can pass for a part of the letter."""
    return f"– {label}{'' if label.endswith('?') else ':'} {Truncator(' '.join(words.split())).chars(LONGEST)}"


def _reason(point: Point, role: str, public: set[str]) -> Reason | None:
    if not point["points"]:
        return None
    if point["use"] == NAMED:
        return Reason("", _("You wished for this")) if role == "mentee" else None
    if point["use"] == Question.Use.PREFERENCE:
        met = role == "mentee" and point["code"] == "wish_met"
        return Reason("", _("Meets a preference of yours")) if met else None
    if point["use"] == Question.Use.TEXT and not point.get("phrases"):
        return None  # nothing in it that could be told
    theirs = point["mentor"] if role == "mentee" else point["mentee"]
    return Reason(point["label"], seen(point)) if theirs in public else None
