"""Time zones to choose from: places of today, found by their city; older names stay good where they are kept."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from tests.cast import Cast
from twoway.people.forms.zone import zone_choices
from twoway.people.models import Person, Programme
from twoway.people.zones import all_zones, places

Browser = Callable[[Person | None], Client]
CHOSEN = r'<option value="([^"]+)" selected>([^<]*)<'


def test_only_places_of_today_are_offered() -> None:
    found = places()

    assert {"UTC", "Europe/Lisbon", "Asia/Kolkata", "America/Argentina/Buenos_Aires", "Europe/Oslo"} <= set(found)
    assert {"US/Indiana-Starke", "Brazil/DeNoronha", "America/Argentina/ComodRivadavia", "Asia/Calcutta"} & set(
        found
    ) == set()
    assert set(found) < all_zones()
    assert len(found) > 400


def test_a_zone_is_found_by_its_city() -> None:
    by_continent = dict(zone_choices()[1:])

    assert ("Europe/Lisbon", "Lisbon") in by_continent["Europe"]
    assert ("America/Argentina/Buenos_Aires", "Buenos Aires, Argentina") in by_continent["America"]
    cities = [city for _zone, city in by_continent["America"]]
    assert cities == sorted(cities)


@pytest.mark.parametrize("zone", ["Asia/Calcutta", "US/Pacific"])
def test_an_older_name_is_shown_and_stays_when_something_else_is_saved(
    cast: Cast, signed_in: Browser, zone: str
) -> None:
    Person.objects.filter(pk=cast.amira.pk).update(time_zone=zone)
    with scopes_disabled():
        Programme.objects.filter(pk=cast.grow.pk).update(time_zone=zone)
    amira, chris = signed_in(cast.amira), signed_in(cast.chris)

    shown = [re.findall(CHOSEN, page.text) for page in (
        amira.get("/me/wishes/"), chris.get("/northwind/grow-together/settings/"),
    )]  # fmt: skip
    amira.post("/me/wishes/", {"name": "Amira M", "telling": "in_app", "time_zone": zone})

    assert all((zone, zone) in some for some in shown)
    kept = Person.objects.get(pk=cast.amira.pk)
    assert (kept.name, kept.time_zone) == ("Amira M", zone)
