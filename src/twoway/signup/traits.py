"""What a protected trait is asked for: the rule that the fairness page of a round keeps, and the words made from it."""

from django.utils.translation import gettext as _

from twoway.signup.models import Question

Kind = Question.Kind
CHOSEN = (Kind.SINGLE, Kind.ORDERED, Kind.MANY, Kind.YES_NO, Kind.SKILLS_WANTED)
"""The kinds of question whose answers put people into groups."""

LEAST_OF_PROTECTED = 10
"""Of a protected trait no group of fewer people is counted."""


def makes_groups(question: Question) -> bool:
    """Whether those who look for a mentor may be counted by their answers. What somebody wishes of a mentor's
    identity is not counted: it serves that wish alone."""
    return (
        question.kind in CHOSEN
        and question.asked_of != "mentor"
        and question.audience != Question.Audience.COORDINATORS
        and (question.protected or question.use != Question.Use.PREFERENCE)
    )


def purpose_of(question: Question) -> str:
    """What whoever is asked about a protected trait is told of the use of their answer; nothing of other questions."""
    if not question.protected:
        return ""
    told = [
        _("This never makes a match better or worse, unless somebody wishes for it themselves: then for them alone.")
    ]
    if makes_groups(question):
        told.append(
            _(
                "A coordinator may ask once how many of those who gave an answer found no mentor. Only groups of %(n)s "
                "people or more are counted, without names, and the record says who asked."
            )
            % {"n": LEAST_OF_PROTECTED}
        )
    if not question.required:
        told.append(_("You can leave it empty, and nothing else changes."))
    return " ".join(told)
