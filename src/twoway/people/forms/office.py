"""Asking somebody into a role."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from twoway.people.models import Office

PROGRAMME_ROLES = [Office.Role.COORDINATOR, Office.Role.SAFEGUARDING, Office.Role.VIEWER]


class AskIn(forms.Form):
    """An address and, in a programme, a role."""

    address = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        help_text=_("They get a letter with a link. The role begins when they open it."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=[(role, role.label) for role in PROGRAMME_ROLES])

    def __init__(self, *args: Any, in_programme: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not in_programme:
            del self.fields["role"]

    @property
    def asked_role(self) -> str:
        return str(self.cleaned_data.get("role", Office.Role.ADMIN))
