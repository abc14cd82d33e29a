from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from twoway.loops.zones import Fault, fault_of, moment_at

FIRST_YEAR, LAST_YEAR = 2000, 2099
FURTHEST = timedelta(days=366)
AS_TYPED = "%Y-%m-%dT%H:%M"
LENGTHS = [(n, _("%(n)s minutes") % {"n": n}) for n in (15, 30, 45, 60, 75, 90, 120)]
REPEATS = [
    ("", _("Once")), ("7", _("Every week")), ("14", _("Every two weeks")), ("21", _("Every three weeks")),
    ("28", _("Every four weeks")),
]  # fmt: skip


class LocalMoment(forms.DateTimeField):
    """A day and a time on the reader's own clock. A time that the clocks skip or show twice is asked again."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(format=AS_TYPED, attrs={"type": "datetime-local"})
        super().__init__(input_formats=[AS_TYPED, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], widget=widget, **options)

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        wall = self._wall(value)
        zone = timezone.get_current_timezone()
        assert isinstance(zone, ZoneInfo)
        fault = fault_of(wall, zone)
        if fault is Fault.SKIPPED:
            raise forms.ValidationError(
                _("The clocks go forward that night, and this time does not exist. Please choose another.")
            )
        if fault is Fault.TWICE:
            raise forms.ValidationError(
                _("The clocks go back that night, and this time comes twice. Please choose another.")
            )
        return wall.replace(tzinfo=zone)

    def in_words(self, typed: str) -> str:
        """A time handed back to whoever typed it: as people say it, with whose clock it is; what is none, as it is."""
        try:
            wall = self._wall(typed)
        except forms.ValidationError:
            return typed
        place = timezone.get_current_timezone_name().rpartition("/")[2].replace("_", " ")
        return f"{date_format(wall, gettext('l j F Y, H:i'))} ({place})"

    def _wall(self, value: Any) -> datetime:
        for form in self.input_formats or []:
            try:
                wall = datetime.strptime(str(value).strip(), str(form))
            except ValueError:
                continue
            if FIRST_YEAR <= wall.year <= LAST_YEAR:  # beyond these, clocks of other zones cannot be reckoned
                return wall
            raise forms.ValidationError(_("Please check the year."))
        raise forms.ValidationError(_("Please write a day and a time, such as 2026-11-27T14:00."))


class _Frame(forms.Form):
    minutes = forms.TypedChoiceField(label=_("How long"), choices=LENGTHS, coerce=int, initial=45)
    place = forms.CharField(
        label=_("Where"), max_length=250, required=False, help_text=_("A room, a video link, a bench in the park.")
    )

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        self.now = now
        super().__init__(*args, **options)

    def _refuse_out_of_reach(self, *names: str) -> None:
        for name in names:
            moment = self.cleaned_data.get(name)
            if moment is not None and moment <= self.now:
                self.add_error(name, _("This time is over. If you have met already, say so with “We have talked”."))
            if moment is not None and moment > self.now + FURTHEST:
                self.add_error(name, _("This is more than a year away. Please check the year."))


class TimesForm(_Frame):
    """Up to three times to choose from, and whether the meeting repeats."""

    first = LocalMoment(label=_("First time"), error_messages={"required": _("At least one time is needed.")})
    second = LocalMoment(label=_("Second time"), required=False)
    third = LocalMoment(label=_("Third time"), required=False)
    every_days = forms.ChoiceField(label=_("Does it repeat"), choices=REPEATS, required=False)
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last day of a series. At most 26 meetings."),
    )  # fmt: skip
    field_order = ("first", "second", "third", "minutes", "place", "every_days", "until")

    def clean(self) -> dict[str, Any]:
        self._refuse_out_of_reach("first", "second", "third")
        data = self.cleaned_data
        data["every_days"] = int(data["every_days"]) if data.get("every_days") else None
        if data["every_days"] and not data.get("until") and "until" not in self.errors:
            self.add_error("until", _("A series needs a last day."))
        last = max((moment for moment in self.times() if moment), default=None)
        until: date | None = data.get("until")
        if until and until.year > LAST_YEAR:
            self.add_error("until", _("Please check the year."))
        if data["every_days"] and until and last and until <= last.date():
            self.add_error("until", _("The last day comes before the second meeting. Choose a later one, or Once."))
        return data

    def times(self) -> list[datetime]:
        data = getattr(self, "cleaned_data", {})
        return [data[name] for name in ("first", "second", "third") if data.get(name)]


class MoveForm(_Frame):
    """Another time for a booked meeting."""

    starts_at = LocalMoment(label=_("New time"))
    for_good = forms.BooleanField(label=_("Move all later ones of this series too"), required=False)
    field_order = ("starts_at", "minutes", "place", "for_good")

    def clean(self) -> dict[str, Any]:
        self._refuse_out_of_reach("starts_at")
        return self.cleaned_data


class TalkForm(forms.Form):
    """A talk that took place, however it did."""

    day = forms.DateField(
        label=_("When did you talk"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("In person, by phone, by video, on a walk: all of it counts."),
    )  # fmt: skip

    def __init__(self, *args: Any, now: datetime, since: datetime, **options: Any) -> None:
        self.now, self.since = now, since
        super().__init__(*args, **options)

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        today = timezone.localtime(self.now).date()
        if day > today:
            raise forms.ValidationError(_("This day is still to come. Book a meeting instead."))
        if (today - day).days > 366:
            raise forms.ValidationError(_("This is more than a year ago. Please check the year."))
        first = timezone.localtime(self.since).date()
        if day < first:
            words = _("You two began here on %(day)s. What you talked about before does not count as a meeting.")
            raise forms.ValidationError(words % {"day": date_format(first, gettext("j F Y"))})
        return day

    def moment(self) -> datetime:
        """Noon of that day, or its beginning while noon is still to come; on their first day not before they began."""
        zone = timezone.get_current_timezone()
        assert isinstance(zone, ZoneInfo)
        noon = moment_at(self.cleaned_data["day"], time(12), zone)
        moment = noon if noon <= self.now else moment_at(self.cleaned_data["day"], time(0), zone)
        return max(moment, self.since)


class AnswerForm(forms.Form):
    """Did it happen, and a line or two. Nothing in it is required."""

    happened = forms.TypedChoiceField(
        label=_("Did you meet"), choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect,
        coerce=lambda word: word == "yes", empty_value=None, required=False,
    )  # fmt: skip
    take_away = forms.CharField(
        label=_("What I take with me"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    take_away_shared = forms.BooleanField(label=_("Share this line"), required=False)
    next_step = forms.CharField(
        label=_("My next step"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    heard = forms.BooleanField(label=_("None today: I needed to be heard"), required=False)
