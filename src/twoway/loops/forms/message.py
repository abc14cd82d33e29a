from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

LONGEST = 50_000


class MessageForm(forms.Form):
    """A message. Longer ones are refused with a word rather than cut off by the browser."""

    body = forms.CharField(
        label=_("Your message"),
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[
            MaxLengthValidator(
                LONGEST, _("That is more than 50,000 characters. Please send it in two parts, or as a link.")
            )
        ],
        error_messages={"required": _("There is nothing in it yet.")},
    )
    no_hurry = forms.BooleanField(label=_("Say “no hurry” with it"), required=False)
    quotes = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10)
    form_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, to: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        if to:
            self.fields["body"].widget.attrs["placeholder"] = _("Write to %(name)s") % {"name": to}
