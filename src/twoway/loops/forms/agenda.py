from django import forms
from django.utils.translation import gettext_lazy as _


class AgendaItemForm(forms.Form):
    """A challenge or a question, with what was tried and what is planned."""

    text = forms.CharField(
        label=_("My question or challenge"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the question first; the rest can wait.")},
    )  # fmt: skip
    tried = forms.CharField(
        label=_("What I have tried"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    plan = forms.CharField(
        label=_("What I plan"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class SuggestionForm(forms.Form):
    text = forms.CharField(
        label=_("A question you suggest"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("There is nothing in it yet.")},
    )  # fmt: skip
