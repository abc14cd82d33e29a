"""A programme's own words for its roles stand on every page of it, and ours on none."""

import re
from collections.abc import Iterator
from html import unescape

from django.urls import reverse
from django_scopes import scopes_disabled

from tests.conftest import sign_in
from tests.house.access import ROUTES
from tests.house.relations import World
from twoway.people.models import Programme

READERS = ("self", "partner", "coordinator", "admin")
OURS = re.compile(r"\b(?:mentor|mentee)s?\b", re.IGNORECASE)
# What may say our words although the programme has its own: the settings that name the word they replace, and the
# kinds of programme from which one that has no words yet is made.
ALLOWED = ("people:programme-edit: Instead of “", "signup:programme-new: ")


def words_shown(page: str) -> Iterator[str]:
    """What somebody reads or hears on a page, piece by piece: its text, and the words in attributes."""
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    yield from re.findall(r'\b(?:aria-label|title|placeholder|alt|data-label|data-about)="([^"]*)"', page)
    yield from re.split(r"<[^>]*>", page)


def test_no_page_of_a_programme_with_its_own_words_says_ours(world: World, now: None) -> None:
    with scopes_disabled():
        Programme.objects.update(mentor_word="Zürafe", mentee_word="Quokka")
    found, own = set(), set()
    for relation in READERS:
        browser = sign_in(world.people[relation])
        for route in ROUTES:
            if relation in route.get:
                answer = browser.get(reverse(route.name, kwargs=route.at(world)))
                html = answer.headers.get("Content-Type", "").startswith("text/html")
                page = answer.content.decode() if html else ""
                said = {" ".join(unescape(words).split()) for words in words_shown(page)}
                found |= {f"{route.name}: {words}" for words in said if OURS.search(words)}
                own |= {route.name for words in said if "Zürafe" in words or "Quokka" in words}

    assert {words for words in found if not words.startswith(ALLOWED)} == set()
    assert len(own) > 20, "the words of the programme should stand on many pages"
