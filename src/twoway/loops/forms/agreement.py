from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twoway.loops.forms.meeting import LENGTHS
from twoway.loops.models.agreement import TERMS
from twoway.loops.terms import LABELS, RHYTHMS, rhythm_label

LONGEST = 2000
MOST_HOURS = 60
FURTHEST = timedelta(days=2 * 366)


def _text(name: str, help_text: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=LABELS[name], max_length=LONGEST, required=False, widget=widget, help_text=help_text)


class TermsForm(forms.Form):
    """What two people may settle. Any of it may be left for later."""

    rhythm_days = forms.TypedChoiceField(
        label=LABELS["rhythm_days"], coerce=int, empty_value=None, required=False, choices=list(RHYTHMS.items())
    )
    minutes = forms.TypedChoiceField(
        label=LABELS["minutes"], coerce=int, empty_value=None, required=False,
        choices=[("", _("Left for later")), *LENGTHS],
    )  # fmt: skip
    hours_a_month = forms.IntegerField(
        label=_("Hours a month"), min_value=1, max_value=MOST_HOURS, required=False,
        help_text=_("Meetings, getting ready and writing to each other, all together."),
    )  # fmt: skip
    hopes = _text("hopes", _("Somebody to think aloud with, an honest word, a push: goals come later, on their own."))
    on_the_table = _text("on_the_table", _("What we can talk about, at work and beyond."))
    off_the_table = _text("off_the_table", _("What stays out. It needs no reason, and can be changed at any time."))
    confidentiality = _text("confidentiality", _("What may be told to others, and what may not."))
    review_on = forms.DateField(
        label=LABELS["review_on"], required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("A day to ask each other whether this still fits."),
    )  # fmt: skip

    def __init__(self, *args: Any, now: datetime, alone: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now
        if alone:
            self.fields["hopes"].label = _("What I hope for from the two of us")
        if not self.is_bound:
            self._also_offer(self.initial.get("rhythm_days"))
        else:
            self._also_offer(self.data.get("rhythm_days"))

    def _also_offer(self, days: Any) -> None:
        """A rhythm that somebody's programme or file has named, beside the usual ones."""
        offered = {days: str(label) for days, label in RHYTHMS.items()}
        if str(days or "").isdigit() and 1 <= int(days) <= 366:
            offered.setdefault(int(days), rhythm_label(int(days)))
        field = self.fields["rhythm_days"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", _("Left for later")), *sorted(offered.items())]

    def clean_review_on(self) -> date | None:
        day: date | None = self.cleaned_data["review_on"]
        today = timezone.localtime(self.now).date()
        if day is None or day == self.initial.get("review_on"):
            return day
        if day <= today:
            raise forms.ValidationError(_("This day is over. Please choose one that is still to come."))
        if day > today + FURTHEST:
            raise forms.ValidationError(_("This is more than two years away. Please check the year."))
        return day

    def said(self) -> dict[str, Any]:
        """All of the terms by name, once the form is valid."""
        return {name: self.cleaned_data[name] for name in TERMS}
