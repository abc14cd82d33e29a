"""Bringing a file in, saying what its columns are, and what a new question from one is like."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from twoway.people.models import Intake, Membership, Programme
from twoway.people.role_words import role_word
from twoway.signup.models import Question, Roster
from twoway.signup.queries.roster import header_words
from twoway.signup.roster.check import MOST_MENTEES
from twoway.signup.roster.table import MOST_BYTES

Kind = Question.Kind
PARTS = (
    ("address", _("Email address")), ("first_name", _("First name")), ("last_name", _("Last name")),
    ("name", _("Full name")), ("role", _("Role")), ("both", _("Both roles: yes or no")),
    ("capacity", _("How many people they take")), ("rhythm", _("How often to meet")),
)  # fmt: skip
NEW_KINDS = (
    (Kind.ORDERED, _("One choice, in an order (such as grades)")), (Kind.SINGLE, _("One choice")),
    (Kind.MANY, _("Several choices")), (Kind.YES_NO, _("Yes or no")), (Kind.SHORT, _("Short text")),
    (Kind.LONG, _("Long text")), (Kind.NUMBER, _("Number")), (Kind.DATE, _("Date")),
)  # fmt: skip


def everybody_choices(programme: Programme) -> list[tuple[str, str]]:
    """What all people of a file may be, in the programme's own words."""
    one_role = (Membership.Role.MENTOR.value, Membership.Role.MENTEE.value)
    said = [(role, _now("Everybody in it: %(role)s") % {"role": role_word(programme, role)}) for role in one_role]
    return [("", _now("The file says it, or they choose themselves")), *said]


def _offer_roles(form: forms.Form, programme: Programme) -> None:
    field = form.fields["as_role"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = everybody_choices(programme)


class IntakeField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Intake) -> str:
        return obj.name


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("The file"),
        help_text=_(
            "CSV, tabs or semicolons, or an .xlsx workbook; up to 10 MB. Only an email address a row is needed."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        allow_empty_file=True,
    )
    as_role = forms.ChoiceField(label=_("Who is in it"), required=False, widget=forms.RadioSelect, initial="")
    sheet = forms.CharField(
        label=_("Sheet of the workbook"),
        required=False,
        max_length=100,
        help_text=_("Its name, if it is not the first one. Only for .xlsx."),
    )
    intake: forms.Field = IntakeField(label=_("Intake"), queryset=None, to_field_name="public_id")

    def __init__(
        self, *args: Any, programme: Programme, intakes: QuerySet[Intake], current: Intake | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer_roles(self, programme)
        field = self.fields["intake"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.initial = intakes, current.public_id if current else None
        field.empty_label = None
        if len(intakes) < 2:
            field.widget = field.hidden_widget()

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_now("The file is larger than 10 MB. Please bring it in in parts."))
        return file


class ColumnsForm(forms.Form):
    """One choice a column, and what holds for the whole file."""

    as_role = forms.ChoiceField(label=_("Who is in it"), required=False, widget=forms.RadioSelect)
    usual_capacity = forms.IntegerField(
        label=_("How many people each one takes, where the file says nothing"),
        required=False,
        min_value=1,
        max_value=MOST_MENTEES,
    )

    def __init__(self, data: Any = None, *, roster: Roster, questions: list[Question]) -> None:
        initial = {f"column-{number}": what for number, what in roster.mapping.items()}
        initial |= {"as_role": roster.as_role, "usual_capacity": roster.usual_capacity}
        super().__init__(data, initial=initial)
        _offer_roles(self, roster.intake.programme)
        self.headers = roster.headers
        choices: list[Any] = [
            ("", _now("Leave out")),
            (_now("About the person"), list(PARTS)),
            (_now("A question of the form"), [(f"question:{one.public_id}", one.label[:80]) for one in questions]),
            (_now("A new question"), [(f"new:{kind}", words) for kind, words in NEW_KINDS]),
        ]
        for number, word in enumerate(roster.headers):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=header_words(word, number),
                required=False,
                choices=[choice for choice in choices if choice[1]],
                widget=forms.Select(attrs={"class": "input"}),
            )

    @property
    def mapping(self) -> dict[str, str]:
        return {str(number): self.cleaned_data[f"column-{number}"] for number in range(len(self.headers))}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        taken: dict[str, str] = {}
        for number in range(len(self.headers)):
            name = f"column-{number}"
            what = cleaned.get(name, "")
            if not what or what.startswith("new:"):
                continue
            if what in taken:
                self.add_error(
                    name, _now("“%(other)s” is taken for this already.") % {"other": self.fields[taken[what]].label}
                )
            taken.setdefault(what, name)
        if "address" not in taken and not self.errors:
            self.add_error(None, _now("Please say which column holds the email address. It is the only one needed."))
        if "name" in taken and ("first_name" in taken or "last_name" in taken):
            self.add_error(taken["name"], _now("Please take either the full name, or first and last name."))
        return cleaned


class NewQuestionForm(forms.Form):
    """What a column's new question is like. The order of its choices is on the page beside it."""

    label = forms.CharField(label=_("The question"), max_length=250)
    more = forms.CharField(
        label=_("More choices, one on each line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as grades that nobody in this file has. They are put at the end; then move them."),
    )
    audience = forms.ChoiceField(
        label=_("Who sees the answers"), choices=list(reversed(Question.Audience.choices)), widget=forms.RadioSelect
    )
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

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind not in (Kind.SINGLE, Kind.ORDERED, Kind.MANY):
            del self.fields["more"]
        if kind not in (Kind.SHORT, Kind.LONG, Kind.MANY):
            del self.fields["what_i_help_with"]
