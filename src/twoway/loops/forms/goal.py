from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twoway.history.clock import now as clock_now
from twoway.loops.levels import LEVELS
from twoway.loops.models import Goal, GoalStep

LONGEST_STEP = 200
FURTHEST = timedelta(days=5 * 366)


def _lines(label: Any, rows: int, longest: int, **more: Any) -> forms.CharField:
    """A few lines of one's own. Too many are refused with a word rather than cut off by the browser."""
    refused = MaxLengthValidator(longest, _("That is more than %(limit_value)d characters. Please make it shorter."))
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, widget=widget, validators=[refused], **more)


class _Steps(forms.CharField):
    """Small steps, one on each line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), **options)

    def clean(self, value: Any) -> Any:
        steps = [" ".join(line.split()) for line in str(super().clean(value)).splitlines()]
        found = [step for step in dict.fromkeys(steps) if step]
        if any(len(step) > LONGEST_STEP for step in found):
            raise forms.ValidationError(_("One of the steps is longer than 200 characters. Could it be two?"))
        return found


class GoalForm(forms.Form):
    """What, why, how I will know, by when."""

    what = forms.CharField(
        label=_("What I want to reach"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write what you want to reach first; the rest can wait.")},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("What it is most about"), choices=Goal.Kind.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose the one that fits best. You can change it later.")},
    )  # fmt: skip
    why = _lines(_("Why it matters to me"), 2, 1000)
    known = _lines(_("How I will know"), 2, 1000, help_text=_("What good would look like by then, in your own words."))
    by_when = forms.DateField(
        label=_("By when"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Please write a day, such as 2027-06-30.")},
    )  # fmt: skip

    def __init__(self, *args: Any, still: date | None = None, **options: Any) -> None:
        self.still = still  # a day that stood before, though it may be over by now
        super().__init__(*args, **options)

    def clean_by_when(self) -> date | None:
        day: date | None = self.cleaned_data["by_when"]
        today = timezone.localtime(clock_now()).date()
        if day is not None and day < today and day != self.still:
            raise forms.ValidationError(_("This day is over. Choose one to come, or leave it open."))
        if day is not None and day > today + FURTHEST:
            raise forms.ValidationError(_("This is more than five years away. Please check the year."))
        return day


class NewGoalForm(GoalForm):
    """The same with first steps; a form sent twice is one goal."""

    steps = _Steps(
        label=_("Small steps"), required=False, help_text=_("One on each line. You tick them off as you go."),
    )  # fmt: skip
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)


class StepsForm(forms.Form):
    steps = _Steps(
        label=_("More steps"), help_text=_("One on each line."),
        error_messages={"required": _("There is nothing in it yet.")},
    )  # fmt: skip


class LevelsForm(forms.Form):
    """What each of the five levels would be, in the owner's own words; none is required."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for level in reversed(LEVELS):
            self.fields[level.column] = forms.CharField(
                label=f"{level.sign} · {level.words}", max_length=200, required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip


class LevelForm(forms.Form):
    """Where a goal is now."""

    level = forms.TypedChoiceField(
        label=_("Where it is now"), widget=forms.RadioSelect, coerce=int,
        error_messages={"required": _("Choose the level that fits best.")},
    )  # fmt: skip
    note = _lines(_("What makes me say so"), 2, 500)
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, goal: Goal, **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["level"]
        assert isinstance(choice, forms.TypedChoiceField)
        choice.choices = [
            (level.number, _said(level.sign, level.own_words(goal) or level.words)) for level in reversed(LEVELS)
        ]


def _said(sign: str, words: object) -> str:
    return f"{sign} · {words}"


class CommentForm(forms.Form):
    comment = forms.CharField(
        label=_("My comment"), widget=forms.Textarea(attrs={"rows": 3}),
        validators=[
            MaxLengthValidator(2000, _("That is more than 2,000 characters. The conversation has room for more."))
        ],
        error_messages={"required": _("There is nothing in it yet.")},
    )  # fmt: skip
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)


class SharingForm(forms.Form):
    """Who sees a goal, which of its steps, and whether coordinators see its title."""

    shared = forms.BooleanField(
        required=False,
        help_text=_("All of it goes along, what you noted so far too. Your steps go only where you tick them below."),
    )
    steps = forms.MultipleChoiceField(
        label=_("Steps that go with it"), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("One of these steps is gone by now. Here are those that are left.")},
    )  # fmt: skip
    title_shown = forms.BooleanField(
        label=_("Coordinators may see its title on our card"), required=False,
        help_text=_(
            "The title alone, while the goal is open and your programme sees the card. You both see on the card that it"
            " is there."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, names: str, steps: list[GoalStep], sponsored: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["shared"].label = _("%(names)s may see this goal") % {"names": names}
        choice = self.fields["steps"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [(step.public_id, step.text) for step in steps]
        if not steps:
            del self.fields["steps"]
        if not sponsored:
            del self.fields["title_shown"]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("title_shown") and not data.get("shared"):
            words = _("A title can stand on the card only if the goal is shared: the card is the same for all.")
            self.add_error("title_shown", words)
        return data
