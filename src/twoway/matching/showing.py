"""A participant's own reasons: built only from what the other side has made public to them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from twoway.matching.fit import Point
from twoway.matching.queries.proposal import Side
from twoway.matching.words import seen
from twoway.people.audience import Relation
from twoway.people.models import Person
from twoway.signup.models import Question
from twoway.signup.queries import ShownAnswer, answers_for_viewer


def public_answers(side: Side, viewer: Person) -> list[ShownAnswer]:
    """What the other has answered for every member to see; nothing more before a loop is open."""
    shown = answers_for_viewer(side.other, viewer, Relation.MEMBER)
    return [one for one in shown if str(one.audience.value) == "members"]


def own_reasons(side: Side, shown: Iterable[ShownAnswer]) -> list[str]:
    """Reasons as one side may read them. A met wish about identity is told to the mentee who made it, alone."""
    public = {one.question.public_id for one in shown}
    return [said for point in side.proposal.points if (said := _reason(point, side.role, public))]


def _reason(point: Point, role: str, public: set[str]) -> str:
    if not point["points"]:
        return ""
    if point["use"] == Question.Use.PREFERENCE:
        return seen_as_wish() if role == "mentee" and point["code"] == "wish_met" else ""
    theirs = point["mentor"] if role == "mentee" else point["mentee"]
    if theirs not in public:
        return ""
    return f"{point['label']}: {seen(point)}"


def seen_as_wish() -> str:
    return _("Meets a wish of yours")
