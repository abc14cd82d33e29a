"""What a person sets about themselves."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from twoway.history.actions import record
from twoway.people.actions.membership import join_programme
from twoway.people.models import Person
from twoway.people.queries import aparts_of, unread_of
from twoway.people.signin.browser import browser_in_words
from twoway.people.telling import tell

SignedIn = Callable[[Person | None], Client]


@pytest.mark.row("X-09")
def test_a_device_signed_out_has_no_way_in_from_its_next_request(cast: Cast, signed_in: SignedIn) -> None:
    here, there = signed_in(cast.amira), signed_in(cast.amira)
    assert there.get(reverse("people:me")).status_code == 200
    page = here.get(reverse("people:devices"))
    other = next(device for device in page.context["devices"] if not device.this_one)

    here.post(reverse("people:device-end", args=[other.id]))

    assert there.get(reverse("people:me")).status_code == 302
    assert [device.this_one for device in here.get(reverse("people:devices")).context["devices"]] == [True]


@pytest.mark.row("X-09")
def test_the_device_in_use_is_signed_out_and_led_to_the_sign_in_page(cast: Cast, signed_in: SignedIn) -> None:
    here, there = signed_in(cast.amira), signed_in(cast.amira)
    page = here.get(reverse("people:devices"))
    this_one = next(device for device in page.context["devices"] if device.this_one)

    answer = here.post(reverse("people:device-end", args=[this_one.id]), follow=True)

    assert answer.redirect_chain == [(reverse("people:sign-in"), 302)]
    assert "You are signed out." in answer.content.decode()
    assert here.get(reverse("people:me")).status_code == 302
    assert [device.this_one for device in there.get(reverse("people:devices")).context["devices"]] == [True]


@pytest.mark.row("X-09")
def test_nobody_ends_another_persons_session(cast: Cast, signed_in: SignedIn) -> None:
    amira, ben = signed_in(cast.amira), signed_in(cast.ben)
    device = amira.get(reverse("people:devices")).context["devices"][0]

    assert ben.post(reverse("people:device-end", args=[device.id])).status_code == 404
    assert amira.get(reverse("people:me")).status_code == 200


@pytest.mark.row("X-01")
def test_setting_a_password_keeps_this_device_and_signs_out_the_others(cast: Cast, signed_in: SignedIn) -> None:
    here, there = signed_in(cast.amira), signed_in(cast.amira)

    here.post(reverse("people:password-edit"), {"password": "maple-orbit-lantern"})

    cast.amira.refresh_from_db()
    assert cast.amira.check_password("maple-orbit-lantern")
    assert here.get(reverse("people:me")).status_code == 200
    assert there.get(reverse("people:me")).status_code == 302


@pytest.mark.row("X-01")
@pytest.mark.parametrize("weak", ["short", "password1234", "1234567890123"])
def test_a_weak_password_is_refused_with_the_reason(cast: Cast, signed_in: SignedIn, weak: str) -> None:
    refused = signed_in(cast.amira).post(reverse("people:password-edit"), {"password": weak})

    assert refused.status_code == 422
    cast.amira.refresh_from_db()
    assert not cast.amira.has_usable_password()


@pytest.mark.row("X-01")
@pytest.mark.parametrize(
    "own",
    [
        "amira@northwind.example", "AMIRA MANSOUR", "amira-mansour", "mansour.amira1", "northwind1", "Northwind2026",
        "northwind.example", "second.home@harbour.example", "second.home1",
    ],
)  # fmt: skip
def test_ones_own_name_or_address_is_refused_as_a_password(cast: Cast, signed_in: SignedIn, own: str) -> None:
    EmailAddress.objects.create(user=cast.amira, email="second.home@harbour.example", verified=True)

    refused = signed_in(cast.amira).post(reverse("people:password-edit"), {"password": own})

    assert "This is your name or your address, or very like it. Please choose other words." in refused.content.decode()
    cast.amira.refresh_from_db()
    assert not cast.amira.has_usable_password()


@pytest.mark.row("X-01")
@pytest.mark.parametrize("words", ["maple-orbit-lantern", "window rain thread", "nine lanterns and amira", "x" * 4000])
def test_words_of_no_kin_are_taken_beside_a_long_name_and_address(cast: Cast, words: str) -> None:
    cast.amira.name = "Alexandra Montgomery-Hetherington"
    EmailAddress.objects.filter(user=cast.amira).update(email="alexandra.hetherington@northwind-mentoring.example")

    assert validate_password(words, cast.amira) is None


@pytest.mark.row("X-01", "U-05")
def test_a_password_is_taken_away_only_after_a_page_has_asked(cast: Cast, signed_in: SignedIn) -> None:
    cast.amira.set_password("maple-orbit-lantern")
    cast.amira.save()
    here, there = signed_in(cast.amira), signed_in(cast.amira)

    pressed_on_the_old_page = here.post(reverse("people:password-edit"), {"take_away": "yes"})
    asked = here.get(reverse("people:password-drop"))
    cast.amira.refresh_from_db()
    had = cast.amira.has_usable_password()
    here.post(reverse("people:password-drop"))

    assert (pressed_on_the_old_page.status_code, had) == (422, True)
    assert "Take your password away?" in asked.content.decode()
    cast.amira.refresh_from_db()
    assert not cast.amira.has_usable_password()
    assert here.get(reverse("people:me")).status_code == 200
    assert there.get(reverse("people:me")).status_code == 302
    assert here.get(reverse("people:password-drop")).url == reverse("people:password-edit")


@pytest.mark.row("U-05")
def test_a_page_says_that_words_are_kept_only_where_they_are(cast: Cast, signed_in: SignedIn) -> None:
    kept = "What you wrote is still here."
    wrong = {"address": "amira@northwind.example", "password": "not it"}

    at_sign_in = Client().post(reverse("people:password"), wrong).content.decode()
    at_choosing = signed_in(cast.amira).post(reverse("people:password-edit"), {"password": "short"}).content.decode()
    elsewhere = Client().post(reverse("people:sign-in"), {"address": "not one"}).content.decode()

    assert ("What you wrote is still here, except the password." in at_sign_in, kept in at_sign_in) == (True, False)
    assert "still here" not in at_choosing
    assert kept in elsewhere


@pytest.mark.row("N-04")
def test_who_likes_no_letters_is_told_here_only(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.amira)
    wishes = {"name": "Amira", "telling": "in_app", "time_zone": "Asia/Kathmandu", "language": "en-gb"}
    browser.post(reverse("people:wishes-edit"), wishes)
    cast.amira.refresh_from_db()

    tell(
        cast.amira, "people.office_ended", key="one", url="/", facts={"role": "Viewer", "place": "Grow Together"}
    )  # fmt: skip

    from twoway.outbox.models import Delivery

    assert Delivery.objects.filter(person=cast.amira.pk).count() == 0
    assert unread_of(cast.amira) == 1
    assert "Your role in Grow Together has ended" in browser.get(reverse("people:notifications")).content.decode()


@pytest.mark.row("N-04")
def test_times_are_shown_in_the_readers_own_zone(cast: Cast, signed_in: SignedIn) -> None:
    cast.amira.time_zone = "Asia/Kathmandu"  # 5 hours 45 minutes ahead
    cast.amira.save()
    tell(cast.amira, "people.office_ended", key="one", url="/", facts={"role": "Viewer", "place": "Grow Together"})

    assert "15:45" in signed_in(cast.amira).get(reverse("people:notifications")).content.decode()


@pytest.mark.row("M-11")
def test_the_keep_apart_list_is_read_by_its_owner_alone(cast: Cast, signed_in: SignedIn) -> None:
    amira = signed_in(cast.amira)
    amira.post(
        reverse("matching:aparts"),
        {"organisation": cast.northwind.public_id, "address": "Ben@Northwind.example", "note": "old team"},
    )

    assert [apart.address for apart in aparts_of(cast.amira)] == ["ben@northwind.example"]
    assert "ben@northwind.example" in amira.get(reverse("matching:aparts")).content.decode()
    assert aparts_of(cast.ben) == []
    apart = aparts_of(cast.amira)[0]
    assert signed_in(cast.chris).post(reverse("matching:apart-drop", args=[apart.public_id])).status_code == 404


@pytest.mark.row("M-11")
def test_nobody_is_kept_apart_from_themselves_and_the_newer_note_stays(cast: Cast, signed_in: SignedIn) -> None:
    amira, where = signed_in(cast.amira), {"organisation": cast.northwind.public_id}
    own = amira.post(reverse("matching:aparts"), {**where, "address": "Amira@Northwind.example", "note": "my words"})
    for note in ("old team", "new team", ""):
        amira.post(reverse("matching:aparts"), {**where, "address": "ben@northwind.example", "note": note})

    assert own.status_code == 422
    assert "This is your own address. Please write theirs." in own.content.decode()
    assert 'value="my words"' in own.content.decode()
    assert [(apart.address, apart.note) for apart in aparts_of(cast.amira)] == [("ben@northwind.example", "new team")]


@pytest.mark.row("M-11", "X-08")
def test_keeping_apart_is_written_down_where_nobody_in_the_product_reads_it(cast: Cast, signed_in: SignedIn) -> None:
    amira = signed_in(cast.amira)
    him = {"organisation": cast.northwind.public_id, "address": "ben@northwind.example"}
    amira.post(reverse("matching:aparts"), him)

    from twoway.history.models import Event

    assert Event.objects.filter(kind="apart.kept").count() == 1
    for person, name, args in (
        (cast.amira, "web:trail", []),
        (cast.chris, "web:programme-trail", ["northwind", "grow-together"]),
        (cast.ada, "web:organisation-trail", ["northwind"]),
    ):
        page = signed_in(person).get(reverse(name, args=args)).content.decode()
        assert "keep apart" not in page


@pytest.mark.row("X-08")
def test_an_approval_is_said_once_and_the_organisations_record_names_the_programme(
    cast: Cast, signed_in: SignedIn
) -> None:
    with scopes_disabled():
        noor, lou = factories.person("Noor Haddad"), factories.person("Lou Winter")
        wish = {"role": "mentee", "rhythm_days": None, "now": NOW}
        join_programme(person=noor, programme=cast.grow, name=noor.name, by=cast.chris, approved=True, **wish)
        join_programme(person=lou, programme=cast.grow, name=lou.name, by=None, **wish)
        record("application.approved", by=cast.chris, programme=cast.grow, concerns=[noor.pk], now=NOW)
        record("intake.made", by=cast.chris, programme=cast.grow, now=NOW)

    grow = signed_in(cast.chris).get(reverse("web:programme-trail", args=["northwind", "grow-together"]))
    whole = signed_in(cast.ada).get(reverse("web:organisation-trail", args=["northwind"]))

    said = [(line.who, line.words, line.whom) for line in grow.context["lines"] if line.words != "added an intake"]
    assert said == [("Chris Hale", "approved a sign-up", "Noor Haddad"), ("Lou Winter", "joined", "")]
    assert [line.where for line in whole.context["lines"]] == ["Grow Together"]


@pytest.mark.row("X-08", "M-09")
def test_the_record_blames_no_clock_for_what_somebody_did_unnamed(cast: Cast, signed_in: SignedIn) -> None:
    with scopes_disabled():
        for kind in ("proposal.ended", "loop.ended", "proposal.published"):
            record(kind, by=None, programme=cast.grow, concerns=[cast.amira.pk], now=NOW)
        record("person.sign_in_failed", by=None, concerns=[cast.amira.pk], now=NOW)

    page = signed_in(cast.amira).get(reverse("web:trail"))

    assert {line.words: line.who for line in page.context["lines"]} == {
        "a proposal is not going ahead": "Not told", "a loop ended": "Not told",
        "proposed two people to each other": "Twoway, by its clock", "tried a wrong password or code": "Somebody",
    }  # fmt: skip


@pytest.mark.row("U-05")
@pytest.mark.row("X-08", "U-04")
def test_an_act_without_anybody_concerned_leaves_no_empty_line_on_a_phone(cast: Cast, signed_in: SignedIn) -> None:
    with scopes_disabled():
        record("application.approved", by=cast.chris, programme=cast.grow, concerns=[cast.amira.pk], now=NOW)
        record("intake.made", by=cast.chris, programme=cast.grow, now=NOW)

    page = signed_in(cast.chris).get(reverse("web:programme-trail", args=["northwind", "grow-together"]))

    cells = re.findall(r'<td role="cell" class="(act-[^"]*)"[^>]*>([^<]*)', page.content.decode())
    assert [cell for cell in cells if cell[0].startswith("act-whom")] == [
        ("act-whom act-none", "–"), ("act-whom", "Amira Mansour"),
    ]  # fmt: skip
    assert [kind for kind, _words in cells].count("act-who") == 2


def test_what_was_typed_stays_when_it_is_refused(cast: Cast, signed_in: SignedIn) -> None:
    refused = signed_in(cast.amira).post(
        reverse("matching:aparts"),
        {"organisation": cast.northwind.public_id, "address": "not an address", "note": "my own words"},
    )

    assert refused.status_code == 422
    assert 'value="not an address"' in refused.content.decode()
    assert 'value="my own words"' in refused.content.decode()


@pytest.mark.row("X-09")
@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36",
            "Chrome on Linux",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Windows"),
        ("A reader of my own making", "A reader of my own making"),
    ],
)
def test_a_device_is_named_so_that_one_can_tell_it_apart(line: str, words: str) -> None:
    assert browser_in_words(line) == words


@pytest.mark.row("N-04")
def test_a_language_is_offered_where_there_are_several_and_named_where_there_is_one(
    cast: Cast, signed_in: SignedIn, settings: Any
) -> None:
    url, amira = reverse("people:wishes-edit"), signed_in(cast.amira)
    posted = {"name": "Amira", "telling": "in_app", "time_zone": "Europe/Lisbon"}

    alone = amira.get(url).content.decode()
    saved_alone = amira.post(url, posted)
    settings.LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
    among = amira.get(url).content.decode()
    refused = amira.post(url, {**posted, "language": "xx"})

    cast.amira.refresh_from_db()
    assert "Pages and letters are in English. There is no other language to choose yet." in alone
    assert 'name="language"' not in alone
    assert saved_alone.status_code == 302
    assert (cast.amira.telling, cast.amira.language) == ("in_app", "en-gb")
    assert "There is no other language" not in among
    assert 'name="language"' in among
    assert list(refused.context["form"].errors) == ["language"]
