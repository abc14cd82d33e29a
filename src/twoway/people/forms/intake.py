"""The dates of an intake."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from twoway.history.clock import now as clock_now
from twoway.people.models import Intake, Programme
from twoway.people.phases import FIELDS, PHASES

# What must not come before what. Sign-up may go on beside matching, for those who come late.
ORDER = (
    ("sign_up_opens_on", "sign_up_closes_on"),
    ("sign_up_opens_on", "matching_on"),
    ("sign_up_closes_on", "ends_on"),
    ("matching_on", "starts_on"),
    ("starts_on", "mid_term_on"),
    ("mid_term_on", "closing_on"),
    ("closing_on", "ends_on"),
)


LONGEST = timedelta(days=3660)  # an intake of more than ten years is a slip of the finger


class _DayInput(forms.DateInput):
    """The browser's own calendar, between the days that are taken now."""

    input_type = "date"

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        first, last = days_to_plan()
        bounds = {"min": first.isoformat(), "max": last.isoformat()}
        return {**bounds, **super().build_attrs(base_attrs, extra_attrs)}


class CalendarDay(forms.DateField):
    """A day that somebody can have meant: a slip such as 9999 for 1999 is asked again."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=_DayInput(format="%Y-%m-%d"), **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        first, last = days_to_plan()
        if day is not None and not first <= day <= last:
            words = gettext("Please choose a day from %(first)s to %(last)s.")
            raise forms.ValidationError(words % {"first": first.year, "last": last.year}, code="out_of_range")
        return day


def days_to_plan() -> tuple[date, date]:
    """The first and the last day that a plan can name: up to ten years ahead."""
    return date(2000, 1, 1), date(clock_now().year + 10, 12, 31)


class IntakeForm(forms.Form):
    """Name and dates; each date may be left empty."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("Such as “Autumn 2027”, or “Rolling”."))

    def __init__(self, *args: Any, programme: Programme, intake: Intake | None = None, **kwargs: Any) -> None:
        if intake is not None:
            kwargs["initial"] = {field: getattr(intake, field) for field in ("name", *FIELDS)}
        super().__init__(*args, **kwargs)
        self.programme, self.intake = programme, intake
        for phase in PHASES:
            self.fields[phase.field] = CalendarDay(label=str(phase.name), required=False)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if self.programme.pk is None:
            return name
        same = Intake.objects.filter(programme=self.programme, name=name)
        if any(intake != self.intake for intake in same):
            raise forms.ValidationError(gettext("There is an intake of this name already. Please choose another one."))
        return name

    def clean(self) -> dict[str, Any]:
        check_order(self)
        return self.cleaned_data

    def days(self) -> dict[str, date | None]:
        """The dates that were typed."""
        return {field: self.cleaned_data[field] for field in FIELDS}

    def as_intake(self) -> Intake:
        """The intake these dates would make, not kept: for showing what they would do."""
        return Intake(programme=self.programme, name=self.cleaned_data["name"], **self.days())


def check_order(form: forms.Form) -> None:
    """Say beside the later date that it comes too early, naming both days."""
    names = {phase.field: phase.name for phase in PHASES}
    for field in FIELDS[1:]:
        for first in _must_come_before(field):
            before, after = form.cleaned_data.get(first), form.cleaned_data.get(field)
            if before and after and after < before:
                words = gettext("“%(later)s” comes before “%(earlier)s” (%(day)s). Please move one of the two.")
                facts = {"later": names[field], "earlier": names[first], "day": date_format(before, "j F Y")}
                form.add_error(field, words % facts)
                break
    days = sorted((day, field) for field in FIELDS if (day := form.cleaned_data.get(field)))
    if days and days[-1][0] - days[0][0] > LONGEST:
        words = gettext("This is more than ten years after “%(earlier)s” (%(day)s). Please look at both dates again.")
        facts = {"earlier": names[days[0][1]], "day": date_format(days[0][0], "j F Y")}
        form.add_error(days[-1][1], words % facts)


def _must_come_before(field: str) -> list[str]:
    """Every date that must not be later than this one, the nearest first, also across empty ones."""
    near = [first for first, second in ORDER if second == field]
    far = [earlier for first in near for earlier in _must_come_before(first)]
    return sorted({*near, *far}, key=FIELDS.index, reverse=True)
