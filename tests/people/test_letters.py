"""What every letter has around its words: a colour, and a foot that says why it came."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from twoway.outbox.colour import BRAND, INK, srgb_of
from twoway.outbox.models import Delivery
from twoway.people.actions.office import ask_into_office
from twoway.people.actions.signin import ask_for_sign_in, write_sign_in_letter
from twoway.people.models import Organisation, Person, Programme
from twoway.people.telling import tell
from twoway.signup.actions.application import write_confirmation
from twoway.signup.actions.invitation import invite

SignedIn = Callable[[Person | None], Client]
WISHES = "http://localhost:8000/me/wishes/"


def foot_of(letter: Delivery) -> str:
    return letter.text.split("\n-- \n")[1].strip()


def light_of(colour: str) -> float:
    """The relative luminance of #rrggbb."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_white_words_are_readable_on_a_letters_button_at_every_hue() -> None:
    contrasts = [1.05 / (light_of(srgb_of(shade, hue)) + 0.05) for shade in (BRAND, INK) for hue in range(0, 360, 12)]

    assert min(contrasts) > 4.5
    assert srgb_of(BRAND, None) == srgb_of(BRAND, 168) != srgb_of(BRAND, 252)


def test_a_letter_wears_its_programmes_colour_else_its_organisations(cast: Cast) -> None:
    Organisation.objects.filter(pk=cast.northwind.pk).update(hue=24)
    with scopes_disabled():
        own, theirs = (Programme.objects.select_related("organisation").get(pk=cast.grow.pk) for _ in range(2))
    own.hue = 252
    for number, programme in enumerate((own, theirs, None)):
        tell(
            cast.amira, "loops.message_waiting", key=f"one {number}", url="/loops/", facts={"other": "Ben"},
            programme=programme, now=NOW,
        )  # fmt: skip

    letters = [Delivery.objects.get(key=f"one {number}").html for number in range(3)]

    wanted = [srgb_of(BRAND, 252), srgb_of(BRAND, 24), srgb_of(BRAND, None)]
    assert [re.findall(r'td class="button" bgcolor="(#\w+)"', letter) for letter in letters] == [
        [colour] for colour in wanted
    ]


@pytest.mark.row("N-01", "N-04")
def test_a_members_letter_says_why_it_came_and_where_one_changes_that(cast: Cast, signed_in: SignedIn) -> None:
    for key, always in (("one", False), ("two", True)):
        tell(
            cast.amira, "loops.message_waiting", key=key, url="/loops/", facts={"other": "Ben"}, programme=cast.grow,
            always_by_mail=always, now=NOW,
        )  # fmt: skip

    one, two = (Delivery.objects.get(key=key) for key in ("one", "two"))

    why = "You got this because you are in the programme Grow Together (Northwind)."
    assert foot_of(one) == f"{why}\nChange how you are told, or stop letters like this one: {WISHES}"
    assert foot_of(two) == f"{why}\nLetters like this one always come by mail. How you are told of the rest: {WISHES}"
    assert f'<a href="{WISHES}"' in one.html and why in one.html
    assert signed_in(cast.amira).get("/me/wishes/").status_code == 200


@pytest.mark.row("N-01")
def test_a_strangers_letter_names_the_organisation_and_says_how_it_came_by_the_address(cast: Cast, now: None) -> None:
    with scopes_disabled():
        invite(intake=cast.autumn, addresses=["new@northwind.example"], role="mentee", words="", by=cast.chris, now=NOW)
        ask_into_office(
            address="help@northwind.example", role="coordinator", organisation=cast.northwind, programme=cast.grow,
            by=cast.ada, now=NOW,
        )  # fmt: skip
        write_confirmation(application=factories.application(cast.autumn, state="sent"), now=NOW)
    write_sign_in_letter(token=ask_for_sign_in(onward="", address="amira@northwind.example", now=NOW), now=NOW)

    letters = {letter.kind: letter for letter in Delivery.objects.all()}

    place = "Grow Together (Northwind)"
    assert {kind: foot_of(letter) for kind, letter in letters.items()} == {
        "signup.invitation": f"You got this because somebody at {place} gave your address to invite you.",
        "people.office_offered": f"You got this because somebody at {place} gave your address to invite you.",
        "signup.confirmation": f"You got this because somebody typed this address into the sign-up form of {place}.",
        "people.sign_in": "You got this because somebody typed this address to sign in at http://localhost:8000.",
    }
    assert "Grow Together, a mentoring programme of Northwind." in letters["signup.invitation"].text
    assert "in Grow Together (Northwind): Coordinator." in letters["people.office_offered"].text
    assert "Grow Together at Northwind" in letters["signup.confirmation"].text
