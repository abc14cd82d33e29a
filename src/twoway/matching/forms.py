"""What coordinators and participants fill in in the matching room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from twoway.matching.models import Round
from twoway.matching.queries.people import Entry
from twoway.people.models import Intake, Programme
from twoway.people.queries import intakes_of


class RoundForm(forms.Form):
    """Who takes part and what counts most."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("For you and your colleagues."))
    intake: "forms.ModelChoiceField[Intake]" = forms.ModelChoiceField(
        label=_("Intake"), queryset=Intake.objects.none(), to_field_name="public_id"
    )
    objective = forms.ChoiceField(
        label=_("What should come first?"), choices=Round.Objective.choices, widget=forms.RadioSelect,
        help_text=_("The page of the round shows what the other aim would have cost."),
    )  # fmt: skip
    with_expected = forms.BooleanField(
        label=_("Take expected people with complete answers along"), required=False,
        help_text=_("They appear to coordinators only. Publishing sends them their invitation first."),
    )  # fmt: skip
    left_out = forms.MultipleChoiceField(label=_("Leave out"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, programme: Programme, people: list[Entry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        intakes = intakes_of(programme)
        self.fields["intake"].queryset = intakes  # type: ignore[attr-defined]
        if len(intakes) == 1:
            self.fields["intake"].widget = forms.HiddenInput()
        self.fields["left_out"].choices = [(row.public_id, row.name) for row in people]  # type: ignore[attr-defined]


class RehearsalForm(forms.Form):
    """Other weights for a copy of a round, and the rules to keep in it."""

    objective = forms.ChoiceField(
        label=_("What should come first?"), choices=Round.Objective.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, rules: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules
        for rule in rules:
            if rule["limit"]:
                self.fields[f"rule-{rule['id']}"] = forms.BooleanField(
                    label=rule["label"], help_text=rule["words"], required=False, initial=True
                )
            else:
                self.fields[f"weight-{rule['id']}"] = forms.IntegerField(
                    label=rule["label"], help_text=_("0 to 10; in the round: %(weight)s") % rule,
                    min_value=0, max_value=10, initial=rule["weight"],
                )  # fmt: skip

    @property
    def weights(self) -> dict[str, int]:
        return {rule["id"]: self.cleaned_data[f"weight-{rule['id']}"] for rule in self.rules if not rule["limit"]}

    @property
    def left_off(self) -> list[str]:
        return [rule["id"] for rule in self.rules if rule["limit"] and not self.cleaned_data[f"rule-{rule['id']}"]]

    @property
    def weight_fields(self) -> list[forms.BoundField]:
        return [self[f"weight-{rule['id']}"] for rule in self.rules if not rule["limit"]]

    @property
    def rule_fields(self) -> list[forms.BoundField]:
        return [self[f"rule-{rule['id']}"] for rule in self.rules if rule["limit"]]


class WordsForm(forms.Form):
    """The coordinator's own lines in the letter of a proposal."""

    words = forms.CharField(
        label=_("Your own lines in the letter"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 1000}),
        help_text=_("Both read the same lines. Nothing private belongs here: it goes out by mail."),
    )  # fmt: skip


class OverrideForm(forms.Form):
    """Why two people in the same reporting line may be proposed to each other all the same."""

    override = forms.CharField(
        label=_("Why is an exception right here?"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 1000}),
        help_text=_("Both read this before they answer, and both must say yes. It is written into the record."),
        error_messages={"required": _("Please say why. Both will read it before they answer.")},
    )  # fmt: skip


class WishesForm(forms.Form):
    """How much it counts that a mentee wished for somebody."""

    weight = forms.IntegerField(
        label=_("Weight of a wish"), min_value=1, max_value=10, initial=5,
        help_text=_("From 1 to 10, beside the weights of the form's questions."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """Yes or no. A reason is for the coordinator alone, and never needed."""

    answer = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))])
    reason = forms.CharField(
        label=_("Tell the coordinator why"), required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
        help_text=_("The other person never reads it."),
    )  # fmt: skip


class ExtendForm(forms.Form):
    days = forms.IntegerField(label=_("More days"), min_value=1, max_value=60, initial=7)
