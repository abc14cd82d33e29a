"""Input made clean."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from twoway.people.models import Organisation, Person


class AskForSignIn(forms.Form):
    address = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class SignInCode(forms.Form):
    code = forms.RegexField(
        r"^\s*\d{3}\s*\d{3}\s*$",
        label=_("Six-digit code"),
        error_messages={"invalid": _("The code is six digits, as in the letter.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )
    own_device = forms.BooleanField(label=_("This is my own device: keep me signed in"), required=False, initial=True)

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())


class SignInPassword(forms.Form):
    address = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    own_device = forms.BooleanField(label=_("This is my own device: keep me signed in"), required=False, initial=True)


class NewPassword(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("Ten characters or more. Three or four unrelated words are easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


def zone_choices() -> list[tuple[str, str]]:
    """Every place's time zone, as people look for them: by continent and city."""
    zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ").replace("/", " · ")) for zone in zones)]


class Wishes(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        help_text=_("In letters to you. Each programme shows the name you gave there."),
    )
    telling = forms.ChoiceField(
        label=_("How you like to be told"),
        choices=Person.Telling.choices,
        widget=forms.RadioSelect,
        help_text=_("Letters you ask for, such as sign-in, always come by mail."),
    )
    time_zone = forms.ChoiceField(label=_("Your time zone"), choices=zone_choices)
    language = forms.ChoiceField(label=_("Your language"), choices=settings.LANGUAGES)


class KeepApart(forms.Form):
    organisation = forms.ChoiceField(label=_("Where"))
    address = forms.EmailField(
        label=_("Their email address"),
        max_length=254,
        help_text=_("The address they are likely to use there. You are not told whether we know it."),
    )
    note = forms.CharField(label=_("A note for yourself"), max_length=120, required=False)

    def __init__(self, *args: Any, organisations: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(organisation.public_id, organisation.name) for organisation in organisations]
        if len(organisations) == 1:
            field.initial = organisations[0].public_id
            field.widget = forms.HiddenInput()
