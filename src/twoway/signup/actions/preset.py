"""Turning a preset into a programme's first words, dates and form."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from twoway.people.actions.intake import make_intake
from twoway.people.actions.programme import change_programme, make_programme
from twoway.people.models import Organisation, Person, Programme
from twoway.signup.actions.form import make_form
from twoway.signup.models import Form, Question
from twoway.signup.preset import PROTECTED, Preset, PresetQuestion


@transaction.atomic
def make_programme_from(
    *,
    preset: Preset,
    organisation: Organisation,
    name: str,
    time_zone: str,
    intake_name: str,
    days: dict[str, date | None],
    set_up: str,
    by: Person,
    now: datetime,
) -> Programme:
    """A new programme with the words, first intake and form of its kind. Its sign-up is off."""
    programme = make_programme(
        organisation=organisation, name=name, kind=preset.kind, time_zone=time_zone, set_up=set_up, by=by, now=now,
        **_words_of(preset),
    )  # fmt: skip
    make_intake(programme=programme, name=intake_name, days=days, by=by, now=now)
    make_form_from(preset=preset, programme=programme, by=by, now=now)
    return programme


@transaction.atomic
def change_kind(*, preset: Preset, programme: Programme, by: Person, now: datetime) -> None:
    """Begin again with the words and questions of another kind; name and dates stay as they are."""
    change_programme(programme=programme, changes={"kind": preset.kind, **_words_of(preset)}, by=by, now=now)
    make_form_from(preset=preset, programme=programme, by=by, now=now)


def _words_of(preset: Preset) -> dict[str, Any]:
    return {
        "welcome": preset.welcome,
        "closing": preset.closing,
        "what_it_is_not": preset.what_it_is_not,
        "terms": preset.terms,
        "mentor_word": preset.mentor_word,
        "mentee_word": preset.mentee_word,
        "wanted_mentors": preset.wanted_mentors,
        "wanted_mentees": preset.wanted_mentees,
        "usual_rhythm_days": preset.rhythm_days,
    }


@transaction.atomic
def make_form_from(*, preset: Preset, programme: Programme, by: Person | None, now: datetime) -> Form:
    """Give a programme the form of its preset, in place of one that nobody has answered yet."""
    form = make_form(programme, by, now)
    form.questions.all().delete()  # refused by the database once a question has an answer
    made = {
        asked.key: Question.objects.create(form=form, place=place, **_fields_of(asked, preset))
        for place, asked in enumerate(preset.questions, start=1)
    }
    for asked in preset.questions:
        if asked.meets:
            made[asked.key].meets = made[asked.meets]
            made[asked.key].save(update_fields=["meets"])
    return form


def _fields_of(asked: PresetQuestion, preset: Preset) -> dict[str, Any]:
    skills = asked.kind in (Question.Kind.SKILLS_WANTED, Question.Kind.SKILLS_OFFERED)
    choices = preset.skills if skills else [(_key_of(label), label) for label in asked.options]
    return {
        "section": asked.section,
        "kind": asked.kind,
        "label": asked.label,
        "help": asked.help,
        "options": [{"key": key, "label": label, "retired": False} for key, label in choices],
        "limits": asked.limits,
        "required": asked.required,
        "asked_of": asked.asked_of,
        "audience": asked.audience,
        "use": asked.use,
        "weight": asked.weight,
        "steps": asked.steps,
        "what_i_help_with": asked.what_i_help_with,
        "protected": asked.key in PROTECTED,
    }


def _key_of(label: str) -> str:
    return slugify(label).replace("-", "_")
