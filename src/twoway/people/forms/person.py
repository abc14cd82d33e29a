"""How somebody likes things, and whom to keep apart from."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from twoway.people.forms.zone import ZoneField
from twoway.people.models import Organisation, Person


class Place(forms.Form):
    """Where somebody's clock stands, and the language they read; asked in that order, after what a form adds."""

    time_zone = ZoneField(_("Your time zone"))
    language = forms.ChoiceField(label=_("Your language"), choices=lambda: settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.only_language:
            del self.fields["language"]
        self.order_fields(["name", "telling", "time_zone", "language"])

    @property
    def only_language(self) -> str:
        """The one language there is, which leaves nothing to choose; empty where there are several."""
        return settings.LANGUAGES[0][1] if len(settings.LANGUAGES) == 1 else ""


class Wishes(Place):
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


class Introduction(Place):
    """The first thing asked of somebody we know by their address alone. Letters come at once until they say more."""

    name = forms.CharField(
        label=_("What are you called?"),
        max_length=120,
        help_text=_("Guessed from your address. People you work with here read it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class KeepApart(forms.Form):
    organisation = forms.ChoiceField(label=_("Where"))
    address = forms.EmailField(
        label=_("Their email address"),
        max_length=254,
        help_text=_("The address they are likely to use there. You are not told whether we know it."),
    )
    note = forms.CharField(label=_("A note for yourself"), max_length=120, required=False)

    def __init__(self, *args: Any, organisations: list[Organisation], own: Collection[str] = (), **kwargs: Any) -> None:
        """`own`: the person's addresses; nobody is kept apart from themselves."""
        super().__init__(*args, **kwargs)
        self.own = {address.lower() for address in own}
        field = self.fields["organisation"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(organisation.public_id, organisation.name) for organisation in organisations]
        if len(organisations) == 1:
            field.initial = organisations[0].public_id
            field.widget = forms.HiddenInput()

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"])
        if address.lower() in self.own:
            raise ValidationError(_("This is your own address. Please write theirs."))
        return address
