"""What every form says of a mistake, unless it says something better itself: Django's own words are replaced here,
once for all fields."""

from typing import Any

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

NOT_ONE_OF_THEM = _("“%(value)s” is not one of the choices.")
CHOOSE_FROM_LIST = _("Please choose from the list.")
WHOLE_NUMBER = _("Please write a whole number, such as 12.")

OF_FIELDS: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {"required": _("Please fill this in.")},
    forms.BooleanField: {"required": _("Please tick this to go on.")},
    forms.ChoiceField: {"required": _("Please choose one."), "invalid_choice": NOT_ONE_OF_THEM},
    forms.MultipleChoiceField: {
        "required": _("Please choose at least one."), "invalid_choice": NOT_ONE_OF_THEM,
        "invalid_list": CHOOSE_FROM_LIST,
    },
    forms.ModelChoiceField: {"required": _("Please choose one."), "invalid_choice": CHOOSE_FROM_LIST},
    forms.IntegerField: {"invalid": WHOLE_NUMBER},
    forms.DateField: {"invalid": _("Please write the date as year-month-day, such as 2026-11-23.")},
    forms.TimeField: {"invalid": _("Please write the time as hours and minutes, such as 14:30.")},
    forms.DateTimeField: {"invalid": _("Please write a date and a time, such as 2026-11-23 14:30.")},
    forms.FileField: {
        "required": _("Please choose a file."), "missing": _("Please choose a file."),
        "invalid": _("The file did not arrive. Please choose it once more."), "empty": _("The file is empty."),
        "max_length": _("The file's name is too long. Please give it a shorter one."),
    },
    forms.UUIDField: {"invalid": _("This page is out of date. Please open it anew.")},
    forms.URLField: {"invalid": _("This does not look like a link, such as https://example.org.")},
}  # fmt: skip

OF_VALIDATORS: list[tuple[Any, Any]] = [
    (validators.EmailValidator, _("This does not look like an email address, such as name@example.org.")),
    (validators.RegexValidator, _("This is not written as it should be.")),
    (validators.validate_slug, _("Please use letters, figures and hyphens only, without blanks.")),
    (validators.URLValidator, _("This does not look like a link, such as https://example.org.")),
    (validators.MinValueValidator, _("The smallest number here is %(limit_value)s.")),
    (validators.MaxValueValidator, _("The largest number here is %(limit_value)s.")),
    (validators.MaxLengthValidator, ngettext_lazy(
        "This is too long: there is room for %(limit_value)d character, and it has %(show_value)d.",
        "This is too long: there is room for %(limit_value)d characters, and it has %(show_value)d.",
        "limit_value",
    )),
    (validators.MinLengthValidator, ngettext_lazy(
        "This is too short: it needs at least %(limit_value)d character, and it has %(show_value)d.",
        "This is too short: it needs at least %(limit_value)d characters, and it has %(show_value)d.",
        "limit_value",
    )),
    (validators.ProhibitNullCharactersValidator, _("This holds a sign that cannot be kept. Please write it anew.")),
]  # fmt: skip


def speak_in_our_own_words() -> None:
    """Lay our words over Django's; a form that brings its own keeps them."""
    for field, said in OF_FIELDS.items():
        field.default_error_messages = {**vars(field).get("default_error_messages", {}), **said}
    for validator, words in OF_VALIDATORS:
        validator.message = words
