"""An organisation's own settings."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from twoway.people.forms.zone import HueField, ZoneField, keep_hue
from twoway.people.models import Organisation
from twoway.people.slugs import LONGEST, organisation_slug_is_free


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    slug = forms.SlugField(
        label=_("Address"),
        max_length=LONGEST,
        help_text=_("Small letters, figures and hyphens. The old address goes on leading here."),
    )
    hue = HueField()
    time_zone = ZoneField()

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(organisation, name) for name in ("name", "slug", "hue", "time_zone")}
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        keep_hue(self, organisation.hue)

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"]).lower()
        if slug != self.organisation.slug and not organisation_slug_is_free(slug, unless=self.organisation):
            raise forms.ValidationError(gettext("This address is taken. Please choose another one."))
        return slug
