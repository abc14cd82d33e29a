"""Building one question of a sign-up form."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from twoway.people.models import Programme
from twoway.people.role_words import side_label
from twoway.signup.fields import KINDS, options_of
from twoway.signup.models import Question
from twoway.signup.showing import condition_choices

KIND_WORDS = {
    "single": _("Pick one from a list"),
    "many": _("Pick as many as fit"),
    "ordered": _("Pick one from a list that has an order, such as grades"),
    "scale": _("A number from 1 to 5, with words at the ends if you like"),
    "yes_no": _("Yes or no"),
    "short": _("One line in their own words"),
    "long": _("A few paragraphs in their own words"),
    "number": _("A whole number"),
    "date": _("A day in the calendar"),
    "languages": _("Languages they speak, from a list"),
    "hours": _("Their time zone, and when in the week they can meet"),
    "skills_wanted": _("What they would like to learn, from your list"),
    "skills_offered": _("What they can help with, from the same list"),
    "line_manager": _("Their manager's address, so that the two are never matched. Members never see it."),
}


@dataclass(frozen=True)
class Group:
    """Some settings under one heading; `folded` are open at once where they say something."""

    title: Any
    fields: list[forms.BoundField]
    fold: Any
    folded: list[forms.BoundField]
    open: bool


class QuestionForm(forms.Form):
    """Only the settings that mean something for the question's kind are on the page."""

    label = forms.CharField(label=_("The question"), max_length=250)
    help = forms.CharField(
        label=_("A word of help"), max_length=500, required=False, help_text=_("Shown in small below the question.")
    )
    section = forms.CharField(
        label=_("Section"),
        max_length=120,
        required=False,
        help_text=_("Questions of one section share a page. Write the name of one that is there, or a new one."),
    )
    asked_of = forms.ChoiceField(label=_("Who is asked"), widget=forms.RadioSelect)
    required = forms.BooleanField(label=_("An answer is needed"), required=False)
    options = forms.CharField(
        label=_("Options, one on each line"),
        error_messages={"required": _("Please give at least two options, one on each line.")},
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "In the order in which they are shown. An option that somebody chose is retired when you take it out, "
            "not lost."
        ),
    )
    rename_from = forms.ChoiceField(label=_("Option"), required=False)
    rename_to = forms.CharField(label=_("New words for it"), max_length=120, required=False)
    at_most = forms.IntegerField(label=_("How many may be chosen at most"), min_value=1, max_value=50, required=False)
    max_length = forms.IntegerField(
        label=_("How many characters at most"), min_value=10, max_value=10_000, required=False
    )
    low = forms.IntegerField(label=_("Smallest number"), required=False)
    high = forms.IntegerField(label=_("Largest number"), required=False)
    low_words = forms.CharField(label=_("Words at 1"), max_length=60, required=False)
    high_words = forms.CharField(label=_("Words at 5"), max_length=60, required=False)
    condition = forms.ChoiceField(
        label=_("Show it only if somebody chose"),
        required=False,
        help_text=_("An answer to an earlier question. Hidden questions are not needed and not kept."),
    )
    audience = forms.ChoiceField(
        label=_("Who sees the answers"),
        choices=list(reversed(Question.Audience.choices)),
        widget=forms.RadioSelect,
        help_text=_("People may choose stricter for themselves. Made wider, it counts only for answers to come."),
    )
    use = forms.ChoiceField(label=_("In matching"), required=False)
    weight = forms.IntegerField(
        label=_("How much it counts, 0 to 10"), min_value=0, max_value=10, required=False, initial=5
    )
    steps = forms.IntegerField(label=_("Higher by at least so many steps"), min_value=1, max_value=20, required=False)
    meets = forms.ChoiceField(
        label=_("Meets the answers to"),
        required=False,
        help_text=_("For wants and stated preferences: the other side's question with the same options."),
    )
    both_ways = forms.BooleanField(label=_("Must fit in both directions"), required=False)
    what_i_help_with = forms.BooleanField(
        label=_("This says what somebody can help with"),
        required=False,
        help_text=_("Whoever gives their time is matched only after answering at least one such question."),
    )
    protected = forms.BooleanField(
        label=_("This is about a protected trait"),
        required=False,
        help_text=_(
            "Age, gender, ethnicity, health, belief, orientation or disability. Such answers never score; they only "
            "serve somebody's own stated preference, and sums over ten people or more on the page of who was left over."
        ),
    )

    # Title, what always shows, and what is folded away until it is wanted, with the words on the fold.
    GROUPS: tuple[tuple[Any, tuple[str, ...], Any, tuple[str, ...]], ...] = (
        (_("The question"), ("label", "asked_of", "required"), _("Words of help, section"), ("help", "section")),
        (_("Answers"), ("options", "low_words", "high_words"), _("Limits, and when it is asked"),
         ("at_most", "max_length", "low", "high", "condition")),
        (_("Who sees it"), ("audience",), "", ()),
        (_("Matching"), ("use", "what_i_help_with", "protected"), _("How it counts"),
         ("weight", "steps", "meets", "both_ways")),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, kind: str, others: list[Question], programme: Programme,
        question: Question | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, initial=_initial_of(question, kind))
        self.kind, self.question = kind, question
        self._leave_out(kind, question)
        self._fill_choices(kind, others, question)
        asked = Question._meta.get_field("asked_of").choices or []
        self._choices("asked_of", [(side, side_label(programme, side)) for side, _words in asked])

    def _leave_out(self, kind: str, question: Question | None) -> None:
        about = KINDS[kind]
        gone = {"at_most", "max_length", "low", "high"} - set(about.limits)
        if not about.has_options:
            gone |= {"options"}
        if not about.has_options or question is None:
            gone |= {"rename_from", "rename_to"}
        if kind != Question.Kind.SCALE:
            gone |= {"low_words", "high_words"}
        if not about.uses:
            gone |= {"use", "weight", "both_ways", "meets", "protected"}
        if Question.Use.HIGHER not in about.uses:
            gone |= {"steps"}
        if not {Question.Use.WISH, Question.Use.PREFERENCE} & set(about.uses):
            gone |= {"meets"}
        if kind == Question.Kind.LINE_MANAGER:  # who reads it is no choice
            gone |= {"audience"}
        if kind not in (Question.Kind.LONG, Question.Kind.SHORT, Question.Kind.SKILLS_OFFERED, Question.Kind.MANY):
            gone |= {"what_i_help_with"}
        for name in gone:
            del self.fields[name]

    def _fill_choices(self, kind: str, others: list[Question], question: Question | None) -> None:
        earlier = [other for other in others if question is None or other.place < question.place]
        conditions: list[Any] = [("", _now("Always shown"))]
        for other in earlier:
            choices = [(f"{other.public_id}:{key}", f"{label}") for key, label in condition_choices(other)]
            if choices:
                conditions.append((other.label, choices))
        kept = _condition_of(question)
        known = {value for group in conditions[1:] for value, _label in group[1]}
        if kept and kept not in known:  # several answers: made by a preset, kept as it is
            conditions.insert(1, (kept, _now("As it is now: any of several answers")))
        self._choices("condition", conditions)
        uses = [Question.Use.OFF, *KINDS[kind].uses]
        self._choices("use", [(use.value, use.label) for use in uses])
        partners = [other for other in others if KINDS[other.kind].uses and other != question]
        self._choices("meets", [("", _now("Its own answers")), *((o.public_id, o.label) for o in partners)])
        if question is not None:
            options = [(option["key"], option["label"]) for option in options_of(question)]
            self._choices("rename_from", [("", _now("None")), *options])

    def _choices(self, name: str, choices: list[Any]) -> None:
        field = self.fields.get(name)
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Words at one end alone would leave the other to be guessed."""
        data = super().clean() or {}
        if bool(data.get("low_words")) != bool(data.get("high_words")):
            empty = "high_words" if data.get("low_words") else "low_words"
            self.add_error(empty, _now("Please write words for both ends, or for neither."))
        return data

    def groups(self) -> list[Group]:
        """The settings of this kind as the page shows them."""
        usual = _initial_of(None, self.kind)
        found = []
        for title, names, fold, folded in self.GROUPS:
            shown, hidden = ([self[name] for name in some if name in self.fields] for some in (names, folded))
            said = any(field.errors or _says(field, usual) for field in hidden)
            if shown or hidden:
                found.append(Group(title, shown, fold, hidden, open=said))
        return found

    def clean_options(self) -> str:
        """Two options that differ only in capitals or spaces would be told apart by nobody."""
        given: str = self.cleaned_data["options"]
        seen: dict[str, str] = {}
        for line in given.splitlines():
            words = " ".join(line.split())
            first = seen.setdefault(words.casefold(), words)
            if words and first != words:
                said = _now("“%(one)s” and “%(other)s” are the same words. Please keep one of them.")
                raise forms.ValidationError(said % {"one": first, "other": words})
        return given

    def settings(self, others: list[Question]) -> dict[str, Any]:
        """The cleaned settings as a Question's columns."""
        data = self.cleaned_data
        found: dict[str, Any] = {
            name: data[name]
            for name in ("label", "help", "section", "asked_of", "required", "audience", "both_ways",
                         "what_i_help_with", "protected")
            if name in data
        }  # fmt: skip
        if self.kind == Question.Kind.LINE_MANAGER:
            found["audience"] = Question.Audience.MATCHING
        if "options" in data:
            found["options"] = [line.strip() for line in data["options"].splitlines() if line.strip()]
        limits = ("at_most", "max_length", "low", "high", "low_words", "high_words")
        found["limits"] = {name: data[name] for name in limits if data.get(name) not in (None, "")}
        found["show_if"] = self._show_if(data.get("condition", ""))
        if "use" in data:
            found["use"] = data["use"] or Question.Use.OFF
            found["weight"] = 5 if data["weight"] is None else data["weight"]
        if data.get("steps"):
            found["steps"] = data["steps"]
        if "meets" in data:
            found["meets"] = next((other for other in others if other.public_id == data["meets"]), None)
        return found

    def _show_if(self, condition: str) -> dict[str, Any]:
        if self.question is not None and condition == _condition_of(self.question):
            return dict(self.question.show_if)
        on, _colon, key = condition.partition(":")
        return {"question": on, "any_of": [key]} if key else {}


def _says(field: forms.BoundField, usual: dict[str, Any]) -> bool:
    """Whether a setting is other than a new question has it."""
    return str(field.value() or "") != str(usual.get(field.name) or "")


def _condition_of(question: Question | None) -> str:
    if question is None or not question.show_if:
        return ""
    return f"{question.show_if['question']}:{','.join(question.show_if.get('any_of', []))}"


def _initial_of(question: Question | None, kind: str) -> dict[str, Any]:
    if question is None:
        wide = kind in (Question.Kind.SKILLS_OFFERED, Question.Kind.SKILLS_WANTED)
        audience = Question.Audience.MEMBERS if wide else Question.Audience.MATCHING
        asked = {"skills_wanted": "mentee", "skills_offered": "mentor"}.get(kind, "both")
        return {
            "asked_of": asked, "audience": audience, "use": Question.Use.OFF, "weight": 5, "steps": 1,
            "what_i_help_with": kind == Question.Kind.SKILLS_OFFERED,
        }  # fmt: skip
    names = (
        "label", "help", "section", "asked_of", "required", "audience", "use", "weight", "steps", "both_ways",
        "what_i_help_with", "protected",
    )  # fmt: skip
    return {
        **{name: getattr(question, name) for name in names},
        **question.limits,
        "options": "\n".join(str(option["label"]) for option in options_of(question)),
        "condition": _condition_of(question),
        "meets": question.meets.public_id if question.meets else "",
    }
