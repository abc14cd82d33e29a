"""Time zones and colours to choose from."""

from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from twoway.people.zones import all_zones, city_of, places


@cache
def zone_choices() -> list[tuple[str, object]]:
    """Every place's time zone by continent, then city: a list one can type a city's first letters in."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for zone in places():
        if "/" in zone:
            groups.setdefault(zone.partition("/")[0], []).append((zone, city_of(zone)))
    by_city = [(continent, sorted(some, key=lambda one: one[1])) for continent, some in groups.items()]
    return [("UTC", "UTC"), *by_city]


class ZoneSelect(forms.Select):
    """The places, and a zone by an older name where it is the present one, so that saving does not change it."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        older = [one for one in value if one in all_zones() and one not in places()]
        self.choices = [*self.choices, *((one, one.replace("_", " ")) for one in older)]
        return super().optgroups(name, value, attrs)


class ZoneField(forms.ChoiceField):
    """Of a programme or an organisation, unless it says whose it is."""

    def __init__(self, label: Any = None) -> None:
        words = "" if label else _("Days begin and end here. Everybody reads dates in their own zone.")
        super().__init__(label=label or _("Time zone"), choices=zone_choices, help_text=words, widget=ZoneSelect)

    def valid_value(self, value: Any) -> bool:
        return str(value) in all_zones()


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
