"""A programme's settings, and the first words of a new one."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from twoway.people.forms.intake import CalendarDay
from twoway.people.forms.zone import HueField, ZoneField, keep_hue
from twoway.people.models import Organisation, Programme
from twoway.people.queries import programme_called
from twoway.people.role_words import mentees_label, mentors_label
from twoway.people.slugs import LONGEST, programme_slug_is_free

MARKDOWN = _("Markdown works here: **bold**, lists, links.")


class LongText(forms.CharField):
    """A longer text that may be left empty."""

    def __init__(self, *, rows: int = 5, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(required=False, max_length=20_000, widget=widget, **kwargs)


class TermsForm(forms.Form):
    """What a programme is not, and its terms."""

    what_it_is_not = LongText(
        label=_("What this programme is not"),
        help_text=_(
            "Everybody reads this before they accept. Twoway adds its own lines: no therapy, no emergency help."
        ),
    )
    terms = LongText(
        label=_("Terms"), help_text=_("What everybody accepts when they join. Markdown works here."), rows=8
    )


class HelpForm(forms.Form):
    """The duty of care, and where letters go."""

    duty_of_care = forms.ChoiceField(
        label=_("Duty of care"),
        choices=Programme.DutyOfCare.choices,
        widget=forms.RadioSelect,
        help_text=_("With a named contact, sign-up opens once a contact and a deputy have taken up their role."),
    )
    reply_days = forms.IntegerField(
        label=_("Working days until somebody answers"),
        min_value=1,
        max_value=10,
        help_text=_("Said wherever people turn to the programme."),
    )
    standing_address = forms.EmailField(
        label=_("Address of the programme"),
        required=False,
        help_text=_(
            "Answers to the programme's letters go there, whoever coordinates. Without it they go to whoever runs this "
            "Twoway."
        ),
    )


class ProgrammeForm(TermsForm, HelpForm):
    """All settings of a programme on one page, in sections."""

    name = forms.CharField(label=_("Name"), max_length=120)
    slug = forms.SlugField(
        label=_("Address"),
        max_length=LONGEST,
        help_text=_("Small letters, figures and hyphens. The old address goes on leading here."),
    )
    time_zone = ZoneField()
    hue = HueField(inherit=True)
    mentor_word = forms.CharField(
        label=_("Instead of “mentor”"), required=False, max_length=40, help_text=_("Guide, buddy, adviser ...")
    )
    mentee_word = forms.CharField(label=_("Instead of “mentee”"), required=False, max_length=40)
    welcome = LongText(label=_("Welcome"), help_text=MARKDOWN)
    closing = LongText(
        label=_("When the form has been sent"),
        help_text=_("What happens next, and by when. Everybody reads it after sending the form. Markdown works here."),
    )
    material = forms.BooleanField(
        label=_("This change of the terms matters: ask everybody to accept them again"), required=False
    )
    sign_up_on = forms.BooleanField(
        label=_("Sign-up is switched on"),
        required=False,
        help_text=_("It opens while an intake's dates allow. Switched off, the page says closed and keeps nothing."),
    )
    approval = forms.BooleanField(
        label=_("A coordinator approves each new member"),
        required=False,
        help_text=_("Whoever you wrote an invitation to has your yes already, and is not asked about again."),
    )
    wanted_mentors = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)
    wanted_mentees = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)
    both_say_yes = forms.BooleanField(
        label=_("Both say yes before a loop opens"),
        required=False,
        help_text=_(
            "Without it, a published proposal opens the loop. Where your terms or welcome speak of both saying yes,"
            " change them too."
        ),
    )
    proposal_days = forms.IntegerField(label=_("Days until a proposal lapses"), min_value=2, max_value=90)
    proposal_reminder_days = forms.IntegerField(label=_("Days until the reminder"), min_value=1, max_value=89)
    usual_capacity = forms.IntegerField(
        label=_("Usual number of seats"),
        min_value=1,
        max_value=10,
        help_text=_("How many people one person is there for at the same time."),
    )
    usual_rhythm_days = forms.IntegerField(
        label=_("Usual days from one meeting to the next"), min_value=1, max_value=180
    )

    SECTIONS = (
        (_("Name and look"), ["name", "slug", "time_zone", "hue"]),
        (_("Your own words"), ["mentor_word", "mentee_word", "welcome"]),
        (_("What it is not, and terms"), ["what_it_is_not", "terms", "material"]),
        (_("Sign-up"), ["sign_up_on", "approval", "closing", "wanted_mentors", "wanted_mentees"]),
        (
            _("Matching"),
            ["both_say_yes", "proposal_days", "proposal_reminder_days", "usual_capacity", "usual_rhythm_days"],
        ),
        (_("Help"), ["duty_of_care", "reply_days", "standing_address"]),
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        names = [name for name in self.base_fields if name != "material"]
        kwargs["initial"] = {name: getattr(programme, name) for name in names}
        super().__init__(*args, **kwargs)
        self.programme = programme
        for name, who in (("wanted_mentors", mentors_label), ("wanted_mentees", mentees_label)):
            self.fields[name].label = gettext("%(people)s wanted") % {"people": who(programme)}
        keep_hue(self, programme.hue)

    def sections(self) -> Iterator[tuple[Promise, list[BoundField]]]:
        """The fields as the page shows them."""
        return ((title, [self[name] for name in names]) for title, names in self.SECTIONS)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if name != self.programme.name:
            refuse_name_in_use(name, self.programme.organisation, unless=self.programme)
        return name

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"]).lower()
        programme = self.programme
        if slug != programme.slug and not programme_slug_is_free(slug, programme.organisation, unless=programme):
            raise forms.ValidationError(gettext("This address is taken. Please choose another one."))
        return slug

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        lapse, reminder = data.get("proposal_days"), data.get("proposal_reminder_days")
        if lapse and reminder and reminder >= lapse:
            words = gettext("The reminder comes before the proposal lapses: please choose fewer days than %(days)d.")
            self.add_error("proposal_reminder_days", words % {"days": lapse})
        return data

    def changes(self) -> dict[str, Any]:
        """What was typed, without the question that is no setting."""
        return {name: value for name, value in self.cleaned_data.items() if name != "material"}


def refuse_name_in_use(name: str, organisation: Organisation, *, unless: Programme | None = None) -> None:
    """Two programmes of one name could not be told apart in any list."""
    other = programme_called(name, organisation, unless=unless)
    if other is not None:
        words = gettext(
            "There is a programme called %(name)s already. Please choose another name, one with a year perhaps."
        )
        raise forms.ValidationError(words % {"name": other.name})


class CopyProgramme(forms.Form):
    """What goes over into a new programme."""

    name = forms.CharField(label=_("Name of the new programme"), max_length=120)
    parts = forms.MultipleChoiceField(
        label=_("Take along"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("words", _("Words: welcome, what it is not, terms, labels, colour")),
            ("rules", _("Rules: approval, both say yes, days, capacity, rhythm, duty of care")),
            ("form", _("The sign-up form, with what each question does in matching")),
            ("help", _("Help by country, with the dates on which it was checked")),
        ],
    )
    first_day = CalendarDay(
        label=_("First day of its first intake"),
        required=False,
        help_text=_("The dates of the newest intake, moved to begin here. Without a day they stay blank."),
    )
    run_it = forms.BooleanField(label=_("I will coordinate it"), required=False)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        refuse_name_in_use(name, self.organisation)
        return name
