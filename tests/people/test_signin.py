"""Signing in by a mailed link or code, or by a password."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.conftest import sign_in
from twoway.history.clock import now as clock_now
from twoway.outbox.tasks import deliver_pending
from twoway.people.tasks import write_sign_in_letters


def ask_for_letter(client: Client, address: str) -> str:
    """Ask on the page, let the clock work, and return the letter's text ('' where none came)."""
    before = len(mail.outbox)
    client.post(reverse("people:sign-in"), {"address": address})
    write_sign_in_letters(clock_now())
    deliver_pending()
    return str(mail.outbox[-1].body) if len(mail.outbox) > before else ""


@pytest.mark.row("X-01")
def test_opening_the_link_changes_nothing_and_the_button_signs_in_once(cast: Cast) -> None:
    letter = ask_for_letter(Client(), "amira@northwind.example")
    path = re.search(r"http://localhost:8000(/sign-in/\S+)", letter)[1]
    browser, other = Client(), Client()

    looked = browser.get(path)
    assert b"Sign in as Amira Mansour" in looked.content
    assert "_auth_user_id" not in browser.session

    browser.post(path, {"own_device": "on"})
    assert browser.session["_auth_user_id"] == str(cast.amira.pk)
    assert other.post(path).status_code == 410


@pytest.mark.row("X-01")
def test_a_device_is_kept_signed_in_only_where_one_ticks_that_it_is_ones_own(cast: Cast) -> None:
    def page_of(browser: Client) -> str:
        return re.search(r"http://localhost:8000(/sign-in/\S+)", ask_for_letter(browser, "amira@northwind.example"))[1]

    shared, own = Client(), Client()
    first = page_of(shared)
    boxes = [
        re.search(r"<input[^>]*own_device[^>]*>", shared.get(path).content.decode())[0]
        for path in (first, reverse("people:code"), reverse("people:password"))
    ]
    shared.post(first)
    own.post(page_of(own), {"own_device": "on"})

    assert [" checked" in box for box in boxes] == [False, False, False]
    kept = [browser.session.get_expire_at_browser_close() for browser in (shared, own)]
    assert kept == [True, False]


@pytest.mark.row("X-01")
def test_the_code_works_once_in_the_browser_that_asked(cast: Cast) -> None:
    browser, other = Client(), Client()
    code = re.search(r"\b(\d{6})\b", ask_for_letter(browser, "Amira@Northwind.Example"))[1]

    assert other.post(reverse("people:code"), {"code": code}).status_code == 302
    assert "_auth_user_id" not in other.session

    browser.post(reverse("people:code"), {"code": f"{code[:3]} {code[3:]}"})
    assert browser.session["_auth_user_id"] == str(cast.amira.pk)


@pytest.mark.row("X-01")
def test_the_letter_goes_to_the_address_that_was_proved_not_to_the_one_typed(cast: Cast) -> None:
    ask_for_letter(Client(), "AMIRA@Northwind.Example")

    assert [letter.to for letter in mail.outbox] == [["amira@northwind.example"]]


@pytest.mark.row("X-01")
def test_five_wrong_codes_end_the_letter(cast: Cast) -> None:
    browser = Client()
    code = re.search(r"\b(\d{6})\b", ask_for_letter(browser, "amira@northwind.example"))[1]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    for _ in range(5):
        assert browser.post(reverse("people:code"), {"code": wrong}).status_code == 422
    browser.post(reverse("people:code"), {"code": code})

    assert "_auth_user_id" not in browser.session


@pytest.mark.row("X-03")
def test_an_unknown_address_reads_like_a_known_one_and_gets_no_letter(cast: Cast) -> None:
    known, unknown = Client(), Client()

    assert ask_for_letter(known, "amira@northwind.example") != ""
    assert ask_for_letter(unknown, "nobody@northwind.example") == ""

    pages = [
        re.sub(r"[A-Za-z0-9]{64}", "", browser.get(reverse("people:code")).content.decode()).replace(address, "ADDRESS")
        for browser, address in ((known, "amira@northwind.example"), (unknown, "nobody@northwind.example"))
    ]
    assert pages[0] == pages[1]


@pytest.mark.row("X-03")
def test_too_many_letters_are_refused_with_a_word(cast: Cast) -> None:
    browser = Client()
    answers = [browser.post(reverse("people:sign-in"), {"address": "amira@northwind.example"}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [422]
    assert "wait a few minutes" in answers[-1].content.decode()


@pytest.mark.row("X-01")
def test_a_password_signs_in_and_a_wrong_one_keeps_the_address(cast: Cast) -> None:
    cast.amira.set_password("maple-orbit-lantern")
    cast.amira.save()
    browser = Client()

    refused = browser.post(reverse("people:password"), {"address": "amira@northwind.example", "password": "wrong"})
    assert refused.status_code == 422
    assert b'value="amira@northwind.example"' in refused.content

    browser.post(reverse("people:password"), {"address": "amira@northwind.example", "password": "maple-orbit-lantern"})
    assert browser.session["_auth_user_id"] == str(cast.amira.pk)


@pytest.mark.row("X-01")
def test_a_link_opened_in_two_windows_leads_the_second_home_and_nobody_else(cast: Cast) -> None:
    letter = ask_for_letter(Client(), "amira@northwind.example")
    path = re.search(r"http://localhost:8000(/sign-in/\S+)", letter)[1]
    browser, other = Client(enforce_csrf_checks=True), sign_in(cast.ben)
    marks = [
        re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(path).content.decode())[1]
        for _window in range(2)
    ]

    browser.post(path, {"csrfmiddlewaretoken": marks[0]})
    pressed = browser.post(path, {"csrfmiddlewaretoken": marks[1]}, follow=True)

    assert (pressed.status_code, pressed.redirect_chain[-1][0]) == (200, reverse("web:home"))
    assert [str(one) for one in pressed.context["messages"]] == ["This link has done its work: you are signed in."]
    assert [browser.get(path).status_code, other.get(path).status_code, Client().get(path).status_code] == [
        302,
        410,
        410,
    ]


def test_any_other_page_with_an_old_mark_is_refused_as_before(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.amira)

    assert browser.post(reverse("people:wishes-edit"), {"language": "de"}).status_code == 403
