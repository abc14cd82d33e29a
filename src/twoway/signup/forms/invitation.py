"""Asking people in, and deciding."""

import re
from collections import Counter
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from twoway.people.forms.intake import CalendarDay
from twoway.people.models import Membership, Programme
from twoway.people.role_words import role_word

AT_ONCE = 500


class InviteForm(forms.Form):
    """Whom to ask in; `twice` are the addresses typed more than once, which count once."""

    twice: list[str] = []
    addresses = forms.CharField(
        label=_("Email addresses"),
        help_text=_("One on each line, or with commas between. Up to 500 at once."),
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label=_("Asked in as"), required=False, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Words of your own in the letter"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 1000}),
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        roles = [(role, role_word(programme, role)) for role in Membership.Role.values]
        field.choices = [("", _now("They choose themselves")), *roles]

    def clean_addresses(self) -> list[str]:
        # As mail programmes copy it: a name, then the address in angle brackets.
        pasted = re.sub(r"(?:\"[^\"\n]*\"\s*|[^<>,;\n]*)<\s*([^<>\s]+)\s*>", r" \1 ", self.cleaned_data["addresses"])
        found: list[str] = []
        wrong: list[str] = []
        for part in re.split(r"[,;\n]+", pasted):
            for meant, words in groupby(part.split(), key=lambda word: "@" in word):
                together = [" ".join(words)]  # words that mean no address are said as they were typed
                said = together[0].split() if meant else together
                found += [word for word in said if _is_address(word)]
                wrong += [word for word in said if not _is_address(word)]
        if wrong:
            raise ValidationError(
                _now("This does not look like an email address: %(wrong)s") % {"wrong": ", ".join(wrong[:5])}
            )
        if len(found) > AT_ONCE:
            raise ValidationError(_now("Please send at most 500 at once."))
        counted = Counter(address.lower() for address in found)
        self.twice = [address for address, times in counted.items() if times > 1]
        return list(counted)


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


class SuggestForm(forms.Form):
    name = forms.CharField(label=_("Their name"), max_length=120)
    address = forms.EmailField(label=_("Their email address"), max_length=254)
    why = forms.CharField(
        label=_("Why you think of them"),
        required=False,
        max_length=600,
        help_text=_("For the coordinators. The person you suggest does not see it."),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 600}),
    )


class DeclineForm(forms.Form):
    words = forms.CharField(
        label=_("Words of your own in the letter"),
        required=False,
        max_length=1000,
        help_text=_("Not needed. The letter is kind without them."),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 1000}),
    )


class AddressForm(forms.Form):
    address = forms.EmailField(label=_("The right address"), max_length=254)


class PauseForm(forms.Form):
    until = CalendarDay(
        label=_("Back on"),
        required=False,
        help_text=_("Leave it empty to be back when you say so."),
    )
