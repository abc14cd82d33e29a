"""What forms say of mistakes: our own words in every form, and none of the framework's."""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

import pytest
from django import forms
from django.test import Client

import twoway
from tests.cast import Cast

FRAMEWORKS = re.compile(
    r"^(This field|Enter |Ensure |Select a|The submitted|No file|Null|“%\(value\)s” is not a valid|%\(value\)s does)"
)


def forms_of_ours() -> list[type[forms.Form]]:
    for module in pkgutil.walk_packages(twoway.__path__, "twoway."):
        if ".forms" in module.name or module.name.endswith("forms"):
            import_module(module.name)

    def below(cls: type) -> Iterator[type]:
        for one in cls.__subclasses__():
            yield one
            yield from below(one)

    return [one for one in below(forms.Form) if one.__module__.startswith("twoway.")]


def test_no_form_speaks_in_the_frameworks_words() -> None:
    found = forms_of_ours()
    said = {
        (form.__name__, name, str(words))
        for form in found
        for name, field in form.base_fields.items()
        for words in [*field.error_messages.values(), *(getattr(one, "message", "") for one in field.validators)]
    }

    assert len(found) > 20
    assert len(said) > 100
    assert {one for one in said if FRAMEWORKS.match(one[2])} == set()


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        (forms.CharField(), "", "Please fill this in."),
        (forms.CharField(max_length=3), "abcd", "This is too long: there is room for 3 characters, and it has 4."),
        (forms.CharField(min_length=3), "a", "This is too short: it needs at least 3 characters, and it has 1."),
        (forms.CharField(), "a\x00", "This holds a sign that cannot be kept. Please write it anew."),
        (forms.EmailField(), "me", "This does not look like an email address, such as name@example.org."),
        (forms.IntegerField(max_value=10), "11", "The largest number here is 10."),
        (forms.IntegerField(min_value=2), "1", "The smallest number here is 2."),
        (forms.IntegerField(), "ten", "Please write a whole number, such as 12."),
        (forms.DateField(), "soon", "Please write the date as year-month-day, such as 2026-11-23."),
        (forms.ChoiceField(choices=[("a", "A")]), "", "Please choose one."),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "“b” is not one of the choices."),
        (forms.MultipleChoiceField(choices=[("a", "A")]), [], "Please choose at least one."),
        (forms.BooleanField(), False, "Please tick this to go on."),
        (forms.SlugField(), "a b", "Please use letters, figures and hyphens only, without blanks."),
        (forms.FileField(), None, "Please choose a file."),
    ],
)
def test_a_mistake_says_what_to_do(field: forms.Field, typed: object, words: str) -> None:
    with pytest.raises(forms.ValidationError) as said:
        field.clean(typed)

    assert said.value.messages == [words]


@pytest.mark.row("X-01")
def test_a_page_says_it_beside_the_field_and_in_the_list_of_problems(cast: Cast) -> None:
    page = Client().post("/sign-in/", {"address": "me"})

    assert page.status_code == 422
    assert page.text.count("This does not look like an email address, such as name@example.org.") == 2
