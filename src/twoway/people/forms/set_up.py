"""The steps of a guided first programme."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from twoway.people.forms.programme import HelpForm, TermsForm, refuse_name_in_use
from twoway.people.forms.zone import ZoneField
from twoway.people.models import Programme


class Basics(forms.Form):
    """What the programme is called, and where its days begin."""

    name = forms.CharField(label=_("Name of the programme"), max_length=120)
    time_zone = ZoneField()

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if name != self.programme.name:
            refuse_name_in_use(name, self.programme.organisation, unless=self.programme)
        return name


class Terms(TermsForm):
    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(programme, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)


class Help(HelpForm):
    """Duty of care, and who is asked into which role. Letters leave when the step is saved."""

    run_it = forms.BooleanField(
        label=_("I coordinate this programme myself"),
        required=False,
        help_text=_("You then see its people and run sign-up and matching. You can hand it on at any time."),
    )
    coordinator = forms.EmailField(label=_("Ask a coordinator in"), required=False, max_length=254)
    contact = forms.EmailField(
        label=_("Ask a safeguarding contact in"),
        required=False,
        max_length=254,
        help_text=_("Somebody anybody in the programme can turn to."),
    )
    deputy = forms.EmailField(label=_("Ask a deputy in"), required=False, max_length=254)

    ASKED = ("coordinator", "contact", "deputy")

    def __init__(self, *args: Any, programme: Programme, run_it: bool, **kwargs: Any) -> None:
        names = list(HelpForm.base_fields)
        kwargs["initial"] = {**{name: getattr(programme, name) for name in names}, "run_it": run_it}
        super().__init__(*args, **kwargs)

    def settings(self) -> dict[str, Any]:
        """What belongs to the programme itself."""
        return {name: self.cleaned_data[name] for name in HelpForm.base_fields}


class Kind(forms.Form):
    kind = forms.ChoiceField(label=_("Who is it for?"), choices=Programme.Kind.choices, widget=forms.RadioSelect)
