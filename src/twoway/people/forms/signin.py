"""Signing in, made clean."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from twoway.people.models import Person


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
    own_device = forms.BooleanField(label=_("This is my own device: keep me signed in"), required=False)

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
    own_device = forms.BooleanField(label=_("This is my own device: keep me signed in"), required=False)


class NewPassword(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("Ten characters or more. Three or four unrelated words are easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password
