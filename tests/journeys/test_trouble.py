"""What goes wrong at a desk: a button pressed twice, the way back, words refused, a session that ended."""

import pytest
from django.contrib.sessions.models import Session
from django_scopes import scopes_disabled
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.journeys.conftest import AtBrowser
from tests.journeys.letters import code_in, letter_to, letters_to
from tests.journeys.steps import is_at, press
from twoway.loops.models import Loop, Message
from twoway.signup.models import Application

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.row("U-05", "L-02")
@pytest.mark.parametrize("script", [True, False])
def test_a_message_sent_twice_is_one_message(loop: Loop, cast: Cast, at_browser: AtBrowser, script: bool) -> None:
    amira = at_browser(cast.amira, java_script_enabled=script).new_page()
    amira.goto(f"/loops/{loop.public_id}/")
    amira.get_by_label("Your message").fill("Hello Ben")

    amira.get_by_role("button", name="Send").dblclick()

    expect(amira.get_by_role("article")).to_have_count(1)
    amira.goto("/")
    assert [message.body for message in messages_of(loop)] == ["Hello Ben"]


@pytest.mark.row("U-05", "F-02")
def test_an_application_sent_twice_is_one_application(asked: Cast, at_browser: AtBrowser) -> None:
    noor = at_browser(None, java_script_enabled=False).new_page()
    noor.goto("/northwind/grow-together/join/")
    noor.get_by_label("Your name").fill("Noor Haddad")
    noor.get_by_label("Your email address").first.fill("noor@northwind.example")
    noor.get_by_role("radio", name="As a mentee").check()
    noor.get_by_role("radio", name="Yes, I am 18 or older").check()
    noor.get_by_role("button", name="Begin").dblclick()
    noor.get_by_label("What would you like to grow in?").fill("Speaking up")
    press(noor, "Save and go on")
    press(noor, "I have read this")
    noor.get_by_role("checkbox", name="I have read the terms").check()

    noor.get_by_role("button", name="Accept and send").dblclick()

    is_at(noor, "One thing is left")
    assert [letter.subject for letter in letters_to("noor@northwind.example")] == [
        "Confirm your address for Grow Together"
    ]
    with scopes_disabled():
        assert Application.objects.filter(address="noor@northwind.example").count() == 1


@pytest.mark.row("U-05", "L-02")
def test_going_back_after_sending_neither_loses_nor_doubles_the_message(
    loop: Loop, cast: Cast, at_browser: AtBrowser
) -> None:
    amira = at_browser(cast.amira).new_page()
    amira.goto("/")
    amira.goto(f"/loops/{loop.public_id}/")
    send(amira, "Hello Ben")

    amira.go_back()
    expect(amira.get_by_role("article")).to_have_count(1)
    amira.wait_for_load_state()
    send(amira, "And one more thing")
    expect(amira.get_by_role("article")).to_have_count(2)

    assert [message.body for message in messages_of(loop)] == ["Hello Ben", "And one more thing"]


@pytest.mark.row("U-05")
@pytest.mark.parametrize("script", [True, False])
def test_a_refused_form_keeps_what_was_typed(loop: Loop, cast: Cast, at_browser: AtBrowser, script: bool) -> None:
    amira = at_browser(cast.amira, java_script_enabled=script).new_page()
    amira.goto(f"/loops/{loop.public_id}/meetings/new/")
    amira.get_by_label("First time").fill("2026-11-20T14:00")
    amira.get_by_label("Second time").fill("2026-11-27T14:00")
    amira.get_by_label("Where").fill("The café by the river")

    press(amira, "Offer these times")

    expect(amira.get_by_role("alert")).to_contain_text("This time is over.")
    for label, typed in (("First time", "2026-11-20T14:00"), ("Second time", "2026-11-27T14:00")):
        expect(amira.get_by_label(label)).to_have_value(typed)
    expect(amira.get_by_label("Where")).to_have_value("The café by the river")


@pytest.mark.row("U-05", "L-02")
def test_words_come_back_when_the_session_ended_meanwhile(loop: Loop, cast: Cast, at_browser: AtBrowser) -> None:
    amira = at_browser(cast.amira).new_page()
    amira.goto(f"/loops/{loop.public_id}/")
    amira.get_by_label("Your message").press_sequentially("What I have long wanted to say")
    Session.objects.all().delete()

    press(amira, "Send")
    is_at(amira, "Sign in")
    amira.get_by_label("Your email address").fill("amira@northwind.example")
    press(amira, "Send me a letter")
    is_at(amira, "Look in your mail")
    amira.get_by_label("Six-digit code").fill(code_in(letter_to("amira@northwind.example", "Sign in")))
    press(amira, "Sign in")

    is_at(amira, "Ben and you")
    expect(amira.get_by_label("Your message")).to_have_value("What I have long wanted to say")
    press(amira, "Send")
    expect(amira.get_by_role("article")).to_have_count(1)
    assert [message.body for message in messages_of(loop)] == ["What I have long wanted to say"]


def send(page: Page, words: str) -> None:
    page.get_by_label("Your message").fill(words)
    press(page, "Send")
    expect(page.get_by_role("log")).to_contain_text(words)
    page.wait_for_load_state()


def messages_of(loop: Loop) -> list[Message]:
    return list(Message.objects.filter(loop=loop).order_by("pk"))
