"""Sign-up's own steps: who one is, how many one can take, the terms."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from twoway.people.models import Membership, Programme

MANY = 3  # above this a mentor is asked again
MOST = 12
RHYTHMS = [(7, _("Every week")), (14, _("Every two weeks")), (21, _("Every three weeks")), (30, _("Once a month"))]


def role_choices(programme: Programme) -> list[tuple[str, str]]:
    """The roles in the programme's own words, as one would say them about oneself."""
    mentee = capfirst(programme.mentee_word) or _now("As a mentee")
    mentor = capfirst(programme.mentor_word) or _now("As a mentor")
    return [
        (Membership.Role.MENTEE.value, _now("%(role)s: I would like somebody to think with me") % {"role": mentee}),
        (Membership.Role.MENTOR.value, _now("%(role)s: I would like to be there for somebody") % {"role": mentor}),
        (Membership.Role.EITHER.value, _now("Both, with different people")),
    ]


class StartForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("As people in the programme will read it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    address = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        help_text=_("Letters from the programme go there. Members do not see it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    role = forms.ChoiceField(label=_("How you would like to take part"), widget=forms.RadioSelect)
    adult = forms.ChoiceField(
        label=_("Are you 18 or older?"),
        choices=[("yes", _("Yes, I am 18 or older")), ("no", _("No, I am younger"))],
        help_text=_("This programme is for adults only, for now."),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, programme: Programme, address_known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = role_choices(programme)
        if address_known:
            del self.fields["address"]

    @property
    def too_young(self) -> bool:
        return self.data.get("adult") == "no"


class LetterForm(forms.Form):
    """Asks for a letter to carry on with."""

    address = forms.EmailField(
        label=_("Your email address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class RightAddressForm(LetterForm):
    """Where a mistyped address is put right."""

    address = forms.EmailField(
        label=_("The right address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class CapacityForm(forms.Form):
    capacity = forms.IntegerField(
        label=_("How many people can you be there for at the same time?"), min_value=1, max_value=MOST
    )
    sure = forms.BooleanField(label=_("Yes, I have the time for that many"), required=False)
    capacity_here = forms.IntegerField(
        label=_("Fewer of them in this programme?"),
        min_value=1,
        max_value=MOST,
        required=False,
        help_text=_("Leave it empty unless you keep some places for another programme."),
    )
    rhythm_days = forms.TypedChoiceField(
        label=_("How often would you like to meet each of them?"),
        coerce=int,
        choices=RHYTHMS,
        help_text=_("A wish to begin with. The two of you settle it together."),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["capacity"].help_text = _now(
            "In all programmes of %(organisation)s together. Two is what most people can do well."
        ) % {"organisation": programme.organisation.name}

    @property
    def ask_again(self) -> bool:
        """Whether the number is high enough to ask for a second thought."""
        shown = self.data.get("capacity") if self.is_bound else self.initial.get("capacity")
        return str(shown or "").isdigit() and int(str(shown)) > MANY

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        capacity, here = cleaned.get("capacity"), cleaned.get("capacity_here")
        if capacity and capacity > MANY and not cleaned.get("sure"):
            self.add_error(
                "sure",
                _now(
                    "%(number)s people mean about %(hours)s hours a month. If that is what you want, please tick this."
                )
                % {"number": capacity, "hours": capacity * 3},
            )
        if capacity and here and here > capacity:
            self.add_error("capacity_here", _now("This is more than the number above."))
        return cleaned


class TermsForm(forms.Form):
    accept = forms.BooleanField(label=_("I have read the terms and accept them"))
    version = forms.IntegerField(widget=forms.HiddenInput)
