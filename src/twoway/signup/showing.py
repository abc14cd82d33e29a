"""Which questions somebody is asked: by role, and by what they answered before ("show only if")."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from twoway.signup.fields import SCALE, Value, options_of
from twoway.signup.models import Question


def is_asked(question: Question, role: str) -> bool:
    """Whether a question is put to somebody in this role; both roles are asked everything."""
    return question.retired_at is None and (question.asked_of == "both" or role in ("", "either", question.asked_of))


def shown_questions(questions: Iterable[Question], answers: Mapping[str, Value], role: str) -> list[Question]:
    """Those put to somebody with these answers (by public id). What hangs on a hidden question is hidden too.

    A question can only hang on one that comes before it, so one pass is enough.
    """
    shown: list[Question] = []
    seen: set[str] = set()
    for question in questions:
        if not is_asked(question, role):
            continue
        on = question.show_if.get("question")
        if on and (on not in seen or not (condition_keys(answers.get(on)) & set(question.show_if.get("any_of", [])))):
            continue
        shown.append(question)
        seen.add(question.public_id)
    return shown


def condition_keys(value: Value) -> set[str]:
    """An answer as the keys that a condition names: options, numbers, yes and no."""
    if isinstance(value, bool):
        return {"yes" if value else "no"}
    if isinstance(value, list):
        return {str(part) for part in value}
    return set() if value is None else {str(value)}


def condition_choices(question: Question) -> list[tuple[str, str]]:
    """What a condition on this question may name; empty where nothing can hang on it."""
    if question.kind == Question.Kind.YES_NO:
        return [("yes", _("Yes")), ("no", _("No"))]
    if question.kind == Question.Kind.SCALE:
        return [(str(number), str(number)) for number in SCALE]
    return [(option["key"], option["label"]) for option in options_of(question)]
