"""A password that somebody who knows one's name and address would try first."""

import re
from difflib import SequenceMatcher

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from twoway.people.models import Person
from twoway.people.queries import addresses_of

ALIKE = 0.7
SHORTEST = 4  # a shorter part of a name may stand in any word


class NotYourOwnWords:
    """Refuse one's own name or address as a password, a part of them, or something very like either.

    Django's own validator reads columns of the person, and addresses are rows of another table. It also counts
    letters without their order, by which three unrelated words are often "like" a long address.
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if not isinstance(user, Person):
            return
        typed, own = password.lower(), _words_of(user)
        if any(_alike(typed, words) for words in own) or _made_of(typed, own):
            raise ValidationError(
                _("This is your name or your address, or very like it. Please choose other words."), code="own_words"
            )

    def get_help_text(self) -> str:
        return _("Your password cannot be like your name or your address.")


def _words_of(person: Person) -> set[str]:
    """Name and addresses, whole, in halves at the @, and word by word."""
    found = {person.name.lower(), *(address.lower() for address in addresses_of(person))}
    found |= {half for words in found for half in words.split("@")}
    return {part for words in found for part in (words, *re.split(r"[\W_]+", words)) if part}


def _alike(password: str, words: str) -> bool:
    shorter, longer = sorted((len(password), len(words)))
    if 2 * shorter < ALIKE * (shorter + longer):  # too unlike in length to be alike: nothing long is compared
        return False
    return SequenceMatcher(None, password, words, autojunk=False).ratio() >= ALIKE


def _made_of(password: str, own: set[str]) -> bool:
    """Whether little is left of it without one's own words, in whatever order they stand."""
    rest = password
    for word in sorted((word for word in own if len(word) >= SHORTEST), key=len, reverse=True):
        rest = rest.replace(word, " ")
    signs = [len(re.sub(r"[\W_]", "", words)) for words in (rest, password)]
    return signs[0] <= (1 - ALIKE) * signs[1] and signs[1] > 0
