"""What is typed on the demo's own pages."""

from django import forms
from django.utils.translation import gettext_lazy as _


class Clock(forms.Form):
    """A time for the demo, read in the zone of whoever types it."""

    moment = forms.DateTimeField(
        label=_("Day and time"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
