"""Time zones and colours to choose from."""

from functools import cache
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Every place's time zone, as people look for them: by continent and city."""
    zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ").replace("/", " · ")) for zone in zones)]


class ZoneField(forms.ChoiceField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Time zone"), choices=zone_choices,
            help_text=_("Days begin and end here. Everybody reads dates in their own zone."),
        )  # fmt: skip


# Only a hue is chosen; lightness and strength stay the house's, so that everything remains readable.
HUES = [
    (168, _("Green")),
    (192, _("Teal")),
    (240, _("Blue")),
    (276, _("Violet")),
    (324, _("Plum")),
    (12, _("Brick")),
    (48, _("Amber")),
    (84, _("Olive")),
    (132, _("Leaf")),
]


class HueField(forms.TypedChoiceField):
    def __init__(self, inherit: bool = False) -> None:
        self.inherit = inherit
        super().__init__(
            label=_("Colour"), choices=self.offered(), coerce=int, empty_value=None, required=not inherit,
            widget=forms.RadioSelect,
            help_text=_("Twoway keeps every shade of it dark or light enough to read."),
        )  # fmt: skip

    def offered(self, present: int | None = None) -> list[tuple[object, object]]:
        """The named colours, and the present one where it is none of them, so that saving does not change it."""
        choices: list[tuple[object, object]] = [("", _("As the organisation"))] if self.inherit else []
        choices += HUES
        if present is not None and present not in dict(HUES):
            choices.append((present, _("As it is now")))
        return choices


def keep_hue(form: forms.Form, hue: int | None) -> None:
    """Offer the present hue too in a form that asks for one."""
    field = form.fields["hue"]
    assert isinstance(field, HueField)
    field.choices = field.offered(hue)
