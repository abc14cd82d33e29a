"""A sign-up form, asked through the form's own actions, and what is kept of an answer to it."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from django.utils import translation

from twoway.operate.demo import words
from twoway.people.models import Person, Programme
from twoway.signup.actions.form import add_question, change_question, make_form
from twoway.signup.fields import PART_HOURS, SLOTS
from twoway.signup.languages import LANGUAGES, language_name
from twoway.signup.models import Question
from twoway.signup.preset import ASKED_ANYWAY

SKILLS = (Question.Kind.SKILLS_WANTED, Question.Kind.SKILLS_OFFERED)
HOURS_OF_A_PART = 2  # so long must a working day lie in a part of the day to count as that part


def write_form(
    programme: Programme, asked: Iterable[words.Question], *, by: Person, now: datetime
) -> dict[str, Question]:
    """The questions of the words, by their keys. How many mentees one takes is asked by every form itself."""
    form = make_form(programme, by, now)
    told = [one for one in asked if one.key not in ASKED_ANYWAY]
    made = {one.key: add_question(form=form, by=by, now=now, **_settings(one)) for one in told}
    for one in told:
        if one.matching.meets:
            changes = {"meets": made[one.matching.meets], "use": one.matching.use}
            change_question(question=made[one.key], changes=changes, by=by, now=now)
    return made


def _settings(told: words.Question) -> dict[str, Any]:
    limits = {
        "max_length": told.limit, "at_most": told.at_most, "low": told.lowest, "high": told.highest,
        "low_label": told.lowest_label, "high_label": told.highest_label,
    }  # fmt: skip
    skills = [{"key": one.key, "label": one.label, "retired": False} for one in words.skills()]
    return {
        "section": told.section, "kind": told.kind, "label": told.label, "help": told.help,
        "options": skills if told.kind in SKILLS else list(told.options),
        "limits": {name: value for name, value in limits.items() if value},
        "required": told.required, "asked_of": told.asked_of, "audience": told.audience,
        "use": "off" if told.matching.meets else told.matching.use,
        "weight": told.matching.weight, "steps": told.matching.steps or 1, "what_i_help_with": told.what_i_help_with,
    }  # fmt: skip


def kept(question: Question, answer: Any, zone: str) -> Any:
    """What the form keeps of an answer in the words' own terms; nothing where it cannot say it."""
    kind = Question.Kind(question.kind)
    if kind in (Question.Kind.SINGLE, Question.Kind.ORDERED):
        return next(one["key"] for one in question.options if one["label"] == answer)
    if kind == Question.Kind.MANY:
        return [one["key"] for one in question.options if one["label"] in answer]
    if kind in SKILLS:
        return [one["key"] for one in question.options if one["key"] in answer]
    if kind == Question.Kind.LANGUAGES:
        return sorted(code for name, code in _languages().items() if name in answer)
    if kind == Question.Kind.HOURS:
        return {"zone": zone, "slots": slots(answer)}
    return answer


@cache
def _languages() -> dict[str, str]:
    """Codes by the names that the words use."""
    with translation.override("en-gb"):
        return {language_name(code): code for code in LANGUAGES}


def slots(told: words.Hours) -> list[str]:
    """The parts of the week in which somebody with these hours is at work."""
    start, end = (moment.hour + moment.minute / 60 for moment in (told.start, told.end))
    parts = [part for part, (low, high) in PART_HOURS.items() if min(end, high) - max(start, low) >= HOURS_OF_A_PART]
    days = {day - 1 for day in told.days}
    return [slot for slot, (day, *_hours) in SLOTS.items() if day in days and slot.partition("-")[2] in parts]
