"""The questions of a form as fields on a page: of sign-up, of the preview, of one's own profile.

The fields themselves refuse nothing: whatever was typed is kept where it can be, and `signup.fields` says what
is wrong. So half a form can be saved, and the page shows again what was typed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.html import escape
from django.utils.translation import gettext as _

from twoway.people.audience import Label, own_label_for
from twoway.people.forms.zone import ZoneSelect, zone_choices
from twoway.signup import fields
from twoway.signup.days import day_bounds
from twoway.signup.languages import language_choices
from twoway.signup.models import Answer, Question
from twoway.signup.queries import audience_of, stricter_choices
from twoway.signup.showing import condition_choices, shown_questions
from twoway.signup.traits import purpose_of

Kind = Question.Kind
_MANY = (Kind.MANY, Kind.SKILLS_WANTED, Kind.SKILLS_OFFERED, Kind.LANGUAGES, Kind.HOURS)

LONG_LIST = 12  # from here on a list has a filter, and scrolls


class AnswerField(forms.Field):
    """Takes whatever was typed; `required` only changes the words beside the label."""

    def validate(self, value: Any) -> None:
        """`signup.fields.clean` does it."""


@dataclass(frozen=True)
class Asked:
    """One question on a page: its field, how it is drawn, who will see the answer, what it hangs on."""

    question: Question
    field: BoundField
    label: Label  # as the owner of the answer reads it
    shape: str = ""
    zone: BoundField | None = None
    days: tuple[tuple[str, list[Any]], ...] = ()
    audience: BoundField | None = None
    condition: str = ""
    condition_keys: str = ""
    condition_words: str = ""


@dataclass(frozen=True)
class Section:
    """Some questions under one heading; folded unless something in it needs a look."""

    title: str
    asked: list[Asked]
    answered: int
    of: int  # those put to somebody with these answers
    is_open: bool


class AnswersForm(forms.Form):
    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        questions: Iterable[Question],
        answers: Mapping[str, Answer],
        zone: str = "UTC",
        own_audience: bool = False,
    ) -> None:
        super().__init__(data)
        self.questions, self.answers = list(questions), answers
        self.by_public_id = {question.public_id: question for question in self.questions}
        for question in self.questions:
            answer = answers.get(question.public_id)
            value = answer.value if answer else None
            self.fields[name_of(question)] = field_of(question, value)
            if question.kind == Kind.HOURS:
                self.fields[f"{name_of(question)}-zone"] = _zone_field((value or {}).get("zone") or zone)
            if own_audience and len(stricter_choices(question)) > 1:
                self.fields[f"{name_of(question)}-audience"] = _audience_field(question, answer)

    def asked(self) -> list[Asked]:
        """The questions as a template draws them, in order."""
        return [self._asked(question) for question in self.questions]

    def sections(self, role: str, look_at: Iterable[Question] = ()) -> list[Section]:
        """The whole form on one page. Open is what has a fault or is looked at; else the first."""
        shown = shown_questions(self.questions, {key: one.value for key, one in self.answers.items()}, role)
        look = {question.pk for question in look_at}
        cut: dict[str, list[Question]] = {}
        for question in self.questions:
            cut.setdefault(question.section, []).append(question)
        faulty = {
            section for section, those in cut.items() if any(one.pk in look or self._has_fault(one) for one in those)
        } or set(list(cut)[:1])
        found = []
        for section, those in cut.items():
            put = [one for one in those if one in shown]
            answered = sum(one.public_id in self.answers for one in put)
            asked = [self._asked(one) for one in those]
            found.append(Section(section or _("About you"), asked, answered, len(put), section in faulty))
        return found

    def _has_fault(self, question: Question) -> bool:
        return any(name in self.errors for name in (name_of(question), f"{name_of(question)}-audience"))

    def _asked(self, question: Question) -> Asked:
        name, answer = name_of(question), self.answers.get(question.public_id)
        on = self.by_public_id.get(question.show_if.get("question", ""))
        keys = question.show_if.get("any_of", []) if on else []
        field = self[name]
        return Asked(
            question=question,
            field=field,
            label=own_label_for(audience_of(question, answer.stricter if answer else "")),
            shape=_shape_of(question),
            zone=self[f"{name}-zone"] if question.kind == Kind.HOURS else None,
            days=_days_of(field) if question.kind == Kind.HOURS else (),
            audience=self[f"{name}-audience"] if f"{name}-audience" in self.fields else None,
            condition=name_of(on) if on else "",
            condition_keys=" ".join(keys),
            condition_words=_condition_words(on, keys) if on else "",
        )

    def posted(self) -> dict[Question, Any]:
        """What was typed for each question, as `signup.fields.clean` takes it."""
        return {question: self._raw(question) for question in self.questions}

    def _raw(self, question: Question) -> Any:
        name = name_of(question)
        raw = self.fields[name].widget.value_from_datadict(self.data, {}, name)
        if question.kind == Kind.HOURS:
            return {"zone": self.data.get(f"{name}-zone", ""), "slots": raw} if raw else None
        return raw

    def changed_here(self) -> dict[Question, Any]:
        """What was typed, without what this page showed and nobody touched: another tab may know better."""
        return {
            question: raw
            for question, raw in self.posted().items()
            if self.data.get(f"was-{question.public_id}") != self._mark_of_raw(question, raw)
        }

    def _mark_of_raw(self, question: Question, raw: Any) -> str:
        try:
            answer = self.answers.get(question.public_id)
            return mark_of(fields.clean(question, raw, kept=answer.value if answer else None))
        except forms.ValidationError:
            return "not clean"

    def kept(self, question: Question) -> fields.Value:
        """What was answered before."""
        answer = self.answers.get(question.public_id)
        return answer.value if answer else None

    def marks(self) -> list[tuple[str, str]]:
        """Hidden fields that say what each answer, and its audience, was when the page was drawn."""
        found = []
        for key, question in self.by_public_id.items():
            answer = self.answers.get(key)
            found.append((f"was-{key}", mark_of(answer.value if answer else None)))
            if f"{name_of(question)}-audience" in self.fields:
                found.append((f"was-{key}-audience", audience_of(question, answer.stricter if answer else "").value))
        return [(name, self.data.get(name) or mark) for name, mark in found]

    def chosen_audiences(self) -> dict[Question, str]:
        """The audience chosen for each answer, where there is a choice."""
        names = {question: f"{name_of(question)}-audience" for question in self.questions}
        return {
            question: self.data[name] for question, name in names.items() if name in self.fields and name in self.data
        }

    def audiences_changed_here(self) -> dict[Question, str]:
        """The audiences chosen on this page, without those that nobody touched."""
        chosen = self.chosen_audiences()
        return {
            question: audience
            for question, audience in chosen.items()
            if self.data.get(f"was-{question.public_id}-audience") != audience
        }

    def add_faults(self, faults: Mapping[str, list[str]]) -> None:
        for key, found in faults.items():
            if key in self.by_public_id:
                for fault in found:
                    self.add_error(name_of(self.by_public_id[key]), fault)

    def add_missing(self, missing: Iterable[Question]) -> None:
        """Say under each required question without an answer that one is needed."""
        for question in missing:
            if question.public_id in self.by_public_id and not self.errors.get(name_of(question)):
                self.add_error(name_of(question), _("This one is needed before you can send the form."))


def mark_of(value: fields.Value) -> str:
    """A short mark of an answer, to tell whether it is still the same."""
    return sha256(dumps(value, sort_keys=True).encode()).hexdigest()[:12]


def name_of(question: Question) -> str:
    return f"q-{question.public_id}"


def field_of(question: Question, value: fields.Value) -> AnswerField:
    """The form field of a question, with what was answered before."""
    field = AnswerField(
        label=question.label, help_text=escape(_help_of(question)), required=question.required,
        initial=_initial(question, value), widget=widget_of(question, value),
    )  # fmt: skip
    if question.kind in (Kind.SHORT, Kind.LONG):
        field.max_length = fields.text_limit(question)  # type: ignore[attr-defined]
    return field


def _help_of(question: Question) -> str:
    return " ".join(one for one in (question.help, purpose_of(question)) if one)


def _initial(question: Question, value: fields.Value) -> Any:
    if value is None:
        return None
    if question.kind == Kind.YES_NO:
        return "yes" if value else "no"
    return value["slots"] if question.kind == Kind.HOURS else value


def widget_of(question: Question, value: fields.Value) -> forms.Widget:
    choices = choices_of(question, value)
    limit = fields.text_limit(question)
    if question.kind in _MANY:
        return forms.CheckboxSelectMultiple(choices=choices)
    if question.kind in (Kind.SINGLE, Kind.ORDERED, Kind.SCALE, Kind.YES_NO):
        return forms.RadioSelect(choices=choices if question.required else [*choices, ("", _("No answer"))])
    if question.kind == Kind.LONG:
        return forms.Textarea(attrs={"rows": 6, "maxlength": limit})
    if question.kind == Kind.NUMBER:
        bounds = {"min": question.limits.get("low"), "max": question.limits.get("high")}
        return forms.NumberInput(attrs={name: bound for name, bound in bounds.items() if bound is not None})
    if question.kind == Kind.DATE:
        first, last = day_bounds()
        return forms.DateInput(attrs={"type": "date", "min": first.isoformat(), "max": last.isoformat()})
    if question.kind == Kind.LINE_MANAGER:
        return forms.EmailInput(attrs={"autocomplete": "off"})
    return forms.TextInput(attrs={"maxlength": limit})


def choices_of(question: Question, value: fields.Value) -> list[tuple[str, str]]:
    """What can be chosen; an option no longer offered stays for whoever chose it."""
    if question.kind == Kind.LANGUAGES:
        return _chosen_first(language_choices(), set(value or []))
    if question.kind == Kind.HOURS:
        return [(slot, f"{fields.DAYS[slot[:3]]} {fields.PARTS[slot[4:]]}") for slot in fields.SLOTS]
    if question.kind in (Kind.YES_NO, Kind.SCALE):
        return condition_choices(question)
    own = set(value) if isinstance(value, list) else {value}
    found = [
        (option["key"], option["label"])
        for option in question.options
        if not option.get("retired") or option["key"] in own
    ]
    return found if question.kind == Kind.ORDERED else _chosen_first(found, own)


def _chosen_first(choices: list[tuple[str, str]], chosen: set[str]) -> list[tuple[str, str]]:
    """In a list too long to be seen at once, what is chosen comes first."""
    if len(choices) < LONG_LIST:
        return choices
    return sorted(choices, key=lambda choice: choice[0] not in chosen)


def _shape_of(question: Question) -> str:
    if question.kind == Kind.SCALE:
        return "scale"
    return "chips" if question.kind in (Kind.SKILLS_WANTED, Kind.SKILLS_OFFERED, Kind.LANGUAGES) else ""


def _days_of(field: BoundField) -> tuple[tuple[str, list[Any]], ...]:
    boxes = list(field)
    return tuple((str(name), boxes[3 * number : 3 * number + 3]) for number, name in enumerate(fields.DAYS.values()))


def _zone_field(zone: str) -> AnswerField:
    return AnswerField(label=_("Your time zone"), initial=zone, widget=ZoneSelect(choices=zone_choices()))


def _audience_field(question: Question, answer: Answer | None) -> AnswerField:
    choices = [(choice.value, choice.label) for choice in stricter_choices(question)]
    return AnswerField(
        label=_("Who sees this answer"), initial=audience_of(question, answer.stricter if answer else "").value,
        widget=forms.Select(choices=choices),
    )  # fmt: skip


def _condition_words(on: Question, keys: list[str]) -> str:
    names = dict(condition_choices(on))
    chosen = ", ".join(names.get(key, key) for key in keys)
    return _("Only if you chose “%(chosen)s” for “%(question)s”.") % {"chosen": chosen, "question": on.label}
