"""An organisation: opened by the operator, run by its own admins."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import Cast
from tests.factories import NOW
from twoway.history.models import Event
from twoway.people.actions.organisation import make_organisation
from twoway.people.actions.signin import use_link
from twoway.people.models import Office, Organisation, Person
from twoway.people.slugs import reserved_for_organisations

ADDRESS = "http://localhost:8000"


@pytest.mark.row("O-03")
def test_make_organisation_gives_one_link_that_makes_the_first_admin_once(db: None, now: None) -> None:
    organisation, link = make_organisation(name="  Harbour   College ", admin_address="Head@Harbour.example", now=NOW)
    path = link.removeprefix(ADDRESS)

    used = Client().post(path, {"own_device": "on"})
    again = use_link(secret=path.split("/")[2], now=NOW)

    admins = list(Office.objects.with_scope(organisation=organisation).values_list("person__name", "role", "programme"))
    assert (organisation.name, organisation.slug) == ("Harbour College", "harbour-college")
    assert admins == [("Head", "admin", None)]
    assert used["Location"] == "/me/introduction/?next=%2Fharbour-college%2F"
    assert again is None
    assert list(Event.objects.values_list("kind", flat=True).order_by("pk")) == [
        "organisation.made", "office.given", "person.signed_in",
    ]  # fmt: skip


@pytest.mark.row("O-03")
def test_organisations_of_one_name_get_different_addresses(db: None) -> None:
    slugs = [make_organisation(name=name, admin_address="a@a.example", now=NOW)[0].slug for name in ["Ash"] * 3]

    assert slugs == ["ash", "ash-2", "ash-3"]


def test_an_organisation_never_takes_the_word_of_a_page(db: None) -> None:
    reserved = reserved_for_organisations()
    slugs = [make_organisation(name=word, admin_address="a@a.example", now=NOW)[0].slug for word in sorted(reserved)]

    assert {"sign-in", "sign-out", "static", "api"} <= reserved
    assert sorted(slugs) == sorted(f"{word}-2" for word in reserved)


def test_a_name_without_latin_letters_still_gets_an_address(db: None) -> None:
    organisation, _ = make_organisation(name="学校", admin_address="a@a.example", now=NOW)

    assert re.fullmatch(r"[a-z0-9]{10}", organisation.slug)
    assert Organisation.objects.get().name == "学校"


@pytest.mark.row("O-03")
def test_a_new_admin_is_offered_the_guided_set_up(db: None, now: None) -> None:
    _, link = make_organisation(name="Harbour College", admin_address="head@harbour.example", now=NOW)
    head = Client()

    asked = head.post(link.removeprefix(ADDRESS), follow=True)
    named = {"name": "Hedda Head", "time_zone": "Europe/Lisbon", "next": asked.context["onward"]}
    page = head.post(asked.request["PATH_INFO"], named, follow=True).content.decode()

    assert "Before you begin" in asked.content.decode()
    assert "No programme is running" in page
    assert 'href="/harbour-college/programmes/new/"' in page


@pytest.mark.row("O-03")
def test_a_renamed_organisation_is_found_at_its_old_address_by_its_admins_alone(
    cast: Cast, signed_in: Callable[[Person | None], Client]
) -> None:
    ada = signed_in(cast.ada)
    posted = {"name": "Northwind Group", "slug": "northwind-group", "hue": "240", "time_zone": "Europe/Oslo"}

    taken = ada.post("/northwind/settings/", {**posted, "slug": "harbour-college"})
    page = ada.post("/northwind/settings/", {**posted, "slug": "support"})
    kept = ada.post("/northwind/settings/", posted)

    cast.northwind.refresh_from_db()
    assert [taken.status_code, page.status_code, kept.status_code] == [422, 422, 302]
    assert 'value="Northwind Group"' in taken.content.decode()
    assert (cast.northwind.slug, cast.northwind.hue, cast.northwind.time_zone) == (
        "northwind-group",
        240,
        "Europe/Oslo",
    )
    assert ada.get("/northwind/")["Location"] == "/northwind-group/"
    assert ada.get("/northwind/grow-together/roles/")["Location"] == "/northwind-group/grow-together/roles/"
    assert signed_in(cast.dana).get("/northwind/").status_code == 404
    assert list(Event.objects.filter(kind="organisation.changed").values_list("facts", flat=True)) == [
        {"settings": ["hue", "name", "slug", "time_zone"]}
    ]
