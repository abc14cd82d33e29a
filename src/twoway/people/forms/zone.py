"""Time zones and colours to choose from."""

from functools import cache
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Every place with a clock of its own, as people know it: Lisbon (Europe)."""
    places = [name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/"))]
    return [("UTC", "UTC"), *sorted(((name, _as_place(name)) for name in places), key=lambda choice: choice[1])]


def _as_place(name: str) -> str:
    area, _slash, place = name.replace("_", " ").partition("/")
    return f"{place.rpartition('/')[2]} ({area})"


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
        choices = [("", _("As the organisation")), *HUES] if inherit else HUES
        super().__init__(
            label=_("Colour"), choices=choices, coerce=int, empty_value=None, required=not inherit,
            widget=forms.RadioSelect,
            help_text=_("Twoway keeps every shade of it dark or light enough to read."),
        )  # fmt: skip
