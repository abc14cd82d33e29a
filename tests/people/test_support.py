"""Get support: the same sheet for everybody, with what the programme entered, and no trace of who looked."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from tests.people.test_programme import settings_of
from twoway.history.models import Event
from twoway.people.countries import COUNTRIES
from twoway.people.help_anywhere import DIRECTORIES, EMERGENCY_NUMBERS
from twoway.people.models import Office, Person, Programme, SupportLine

Browser = Callable[[Person | None], Client]


def at(name: str, programme: Programme, *more: object) -> str:
    return reverse(f"people:{name}", args=[programme.organisation.slug, programme.slug, *more])


def days_old(days: int) -> dict[str, object]:
    return {"checked_on": NOW.date() - timedelta(days=days)}


@pytest.mark.row("H-01")
def test_the_sheet_opens_signed_out_and_without_scripts(cast: Cast) -> None:
    page = Client().get("/support/").content.decode()

    headings = ["Someone to talk to now", "My programme's contact", "Report something", "A question about Twoway"]
    assert [heading for heading in headings if f">{heading}</h2>" not in page] == []
    assert [entry.number for entry in EMERGENCY_NUMBERS if f'href="tel:{entry.number}"' not in page] == []
    assert [entry.url for entry in DIRECTORIES if f'<a href="{entry.url}" rel="noreferrer">' not in page] == []
    assert page.count("Not checked by us.") == 2
    assert page.count("Listed on 22 November 2026") == 2


@pytest.mark.row("H-01")
def test_every_shipped_number_names_its_source() -> None:
    assert [
        entry.number for entry in EMERGENCY_NUMBERS if not entry.source or not entry.url.startswith("https://")
    ] == []


@pytest.mark.row("H-01")
def test_nothing_notes_who_looked(cast: Cast, signed_in: Browser, caplog: pytest.LogCaptureFixture) -> None:
    amira = signed_in(cast.amira)
    sessions = list(Session.objects.values_list("session_key", "session_data", "expire_date"))
    with scopes_disabled():
        person = Person.objects.filter(pk=cast.amira.pk).values().get()

    with caplog.at_level(logging.DEBUG):
        caplog.clear()
        page = amira.get("/support/")

    assert page.status_code == 200
    assert [record.getMessage() for record in caplog.records if "amira" in record.getMessage().lower()] == []
    assert [record.name for record in caplog.records if not record.name.startswith("django.db")] == []
    assert Event.objects.count() == 0
    assert list(Session.objects.values_list("session_key", "session_data", "expire_date")) == sessions
    assert Person.objects.filter(pk=cast.amira.pk).values().get() == person


@pytest.mark.row("H-01")
def test_looking_writes_nothing_to_the_database(cast: Cast, signed_in: Browser) -> None:
    amira = signed_in(cast.amira)
    with CaptureQueriesContext(connection) as asked:
        amira.get("/support/")

    assert [query["sql"] for query in asked if not query["sql"].startswith("SELECT")] == []


@pytest.mark.row("H-01")
def test_people_find_what_their_own_programmes_entered_and_no_others(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        factories.support_line(cast.grow, "PT", name="Linha Northwind", hours="Always", cost="Free", **days_old(20))
        factories.support_line(cast.shore, "PT", name="Linha Harbour", **days_old(20))

    pages = {person: signed_in(cast[person]).get("/support/").content.decode() for person in ("amira", "chris", "dana")}
    pages["nobody"] = Client().get("/support/").content.decode()

    found = {who: ("Linha Northwind" in page, "Linha Harbour" in page) for who, page in pages.items()}
    assert found == {"amira": (True, False), "chris": (True, False), "dana": (False, True), "nobody": (False, False)}
    assert "Last checked by the programme on 3 November 2026" in pages["amira"]
    assert ">Portugal</h4>" in pages["amira"]


@pytest.mark.row("H-01", "H-02")
def test_an_old_entry_turns_amber_for_coordinators_and_after_a_year_gives_way_to_the_directories(
    cast: Cast, signed_in: Browser
) -> None:
    with scopes_disabled():
        for days in (180, 181, 365, 366):
            factories.support_line(cast.grow, "PT" if days > 365 else "GB", name=f"Line {days}", **days_old(days))

    member = signed_in(cast.amira).get("/support/")
    kept = signed_in(cast.chris).get(at("support-lines", cast.grow))

    countries = {country.name: [line.name for line in country.lines] for country in member.context["countries"]}
    assert countries == {"United Kingdom": ["Line 180", "Line 181", "Line 365"], "Portugal": []}
    assert "no entry for this country that was checked within a year" in member.content.decode()
    states = {item["line"].name: (item["amber"], item["hidden"]) for item in kept.context["lines"]}
    assert states == {
        "Line 180": (False, False), "Line 181": (True, False), "Line 365": (True, False), "Line 366": (False, True),
    }  # fmt: skip
    assert kept.context["lost"] == ["Portugal"]
    assert "Please look again" not in member.content.decode()


@pytest.mark.row("H-01")
def test_help_that_two_programmes_entered_alike_stands_once_as_checked_last(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        other = factories.programme(cast.northwind, "Crossing Over")
        factories.membership(cast.amira, other)
        for programme, days in ((cast.grow, 20), (other, 5)):
            factories.support_line(programme, "PT", name="Linha", how="808 000 000", **days_old(days))
        factories.support_line(other, "PT", name="Linha", how="808 999 999", **days_old(9))

    found = signed_in(cast.amira).get("/support/").context["countries"]

    assert [(country.name, [(line.how, line.checked_on) for line in country.lines]) for country in found] == [
        ("Portugal", [("808 000 000", days_old(5)["checked_on"]), ("808 999 999", days_old(9)["checked_on"])])
    ]


def test_emergency_numbers_stand_right_below_the_word_to_call_one(cast: Cast) -> None:
    page = Client().get("/support/").content.decode()

    assert page.index("Call the emergency number") < page.index('href="tel:112"') < page.index("People often hold back")


@pytest.mark.row("H-02")
def test_a_country_without_a_checked_entry_does_not_stop_a_programme(cast: Cast, signed_in: Browser) -> None:
    cast.grow.sign_up_on = False
    cast.grow.save()
    with scopes_disabled():
        factories.support_line(cast.grow, "PT", **days_old(400))

    signed_in(cast.chris).post(at("programme-edit", cast.grow), settings_of(cast.grow, sign_up_on="on"))

    cast.grow.refresh_from_db()
    assert cast.grow.sign_up_on is True


@pytest.mark.row("H-01")
def test_a_coordinator_enters_checks_and_removes_help(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)
    typed = {
        "country": "PT",
        "name": "Linha Exemplo",
        "how": "000",
        "checked_on": "2026-05-01",
        "source": "example.org",
    }

    chris.post(at("support-line-new", cast.grow), typed)
    with scopes_disabled():
        line = SupportLine.objects.get()
    chris.post(at("support-line-check", cast.grow, line.public_id))
    line.refresh_from_db()
    checked = (line.checked_on, line.checked_by, line.source)
    chris.post(at("support-line-drop", cast.grow, line.public_id))

    assert checked == (NOW.date(), cast.chris, "https://example.org")
    with scopes_disabled():
        assert SupportLine.objects.count() == 0
    facts = list(Event.objects.filter(kind="support_line.changed").order_by("pk").values_list("facts__what", flat=True))
    assert facts == ["added", "checked", "removed"]


@pytest.mark.row("H-01")
def test_a_check_that_is_still_to_come_is_refused_and_nothing_typed_is_lost(cast: Cast, signed_in: Browser) -> None:
    typed = {"country": "PT", "name": "Linha Exemplo", "how": "000", "checked_on": "2026-11-24"}

    page = signed_in(cast.chris).post(at("support-line-new", cast.grow), typed)

    assert page.status_code == 422
    assert page.context["form"].errors == {
        "checked_on": ["This day is still to come. Please give the day of the last check."]
    }
    assert 'value="Linha Exemplo"' in page.content.decode()


@pytest.mark.row("H-01", "H-02")
def test_reporting_names_the_contact_or_else_the_coordinator_with_an_address(cast: Cast, signed_in: Browser) -> None:
    amira = signed_in(cast.amira)
    with_contact = amira.get("/support/").content.decode()
    with scopes_disabled():
        Office.objects.filter(person=cast.sam).update(ended_at=NOW)
        Programme.objects.filter(pk=cast.grow.pk).update(standing_address="grow@northwind.example")
    without = amira.get("/support/").content.decode()

    assert '<a href="mailto:sam@northwind.example">Sam Osei, sam@northwind.example</a>' in with_contact
    assert '<a href="mailto:grow@northwind.example">Chris Hale, grow@northwind.example</a>' in without
    assert "sam@northwind.example" not in without


@pytest.mark.row("H-01")
def test_the_way_to_support_stands_on_every_page(cast: Cast, signed_in: Browser) -> None:
    link = '<a class="support" href="/support/">'
    pages = [
        Client().get("/support/"), Client().get("/sign-in/"), signed_in(cast.amira).get("/me/"),
        signed_in(cast.amira).get(at("programme", cast.grow)), signed_in(cast.chris).get(at("intakes", cast.grow)),
        signed_in(cast.ada).get("/northwind/"), signed_in(cast.dana).get("/northwind/"),
    ]  # fmt: skip

    assert [page.content.decode().count(link) for page in pages] == [1] * len(pages)


@pytest.mark.row("H-01")
def test_the_words_neither_diagnose_nor_promise_to_watch(cast: Cast, signed_in: Browser) -> None:
    page = signed_in(cast.amira).get("/support/").content.decode().lower()

    avoided = ["we noticed", "you seem", "at risk", "committed suicide", "cheer up", "we detected", "!</p>"]
    assert [words for words in avoided if words in page] == []


def test_every_country_has_a_code_of_two_letters_and_its_own_name() -> None:
    assert [code for code in COUNTRIES if len(code) != 2 or not code.isupper()] == []
    assert len({str(name) for name in COUNTRIES.values()}) == len(COUNTRIES)
