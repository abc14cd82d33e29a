"""Help in one country, as a programme enters it."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from twoway.people.countries import country_choices
from twoway.people.models import SupportLine

FIELDS = ("country", "name", "how", "hours", "cost", "source", "checked_on")


class SupportLineForm(forms.Form):
    country = forms.ChoiceField(label=_("Country"), choices=country_choices)
    name = forms.CharField(label=_("Name of the service"), max_length=120)
    how = forms.CharField(label=_("How to reach it"), max_length=200, help_text=_("A number, a chat, an address."))
    hours = forms.CharField(label=_("Hours"), max_length=120, required=False)
    cost = forms.CharField(label=_("Cost"), max_length=80, required=False)
    source = forms.URLField(
        label=_("Where you read it"),
        required=False,
        assume_scheme="https",
        help_text=_("The service's own page, if it has one."),
    )
    checked_on = forms.DateField(
        label=_("Checked on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The day on which somebody last tried the number or read the page."),
    )

    def __init__(self, *args: Any, today: Any, line: SupportLine | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {field: getattr(line, field) for field in FIELDS} if line else {"checked_on": today}
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_checked_on(self) -> Any:
        day = self.cleaned_data["checked_on"]
        if day > self.today:
            raise forms.ValidationError(gettext("This day is still to come. Please give the day of the last check."))
        return day
