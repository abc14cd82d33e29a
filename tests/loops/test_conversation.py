"""The conversation of a loop: writing, reading, quoting, changing, and hearing of what is new."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast
from tests.factories import NOW
from twoway.loops.actions.message import edit_message, send_message, withdraw_message
from twoway.loops.models import Loop, Message, Participation
from twoway.loops.queries.message import unread_counts
from twoway.loops.tasks import tell_of_waiting_messages
from twoway.outbox.tasks import deliver_pending
from twoway.people.models import Person

SignedIn = Callable[[Person | None], Client]
pytestmark = pytest.mark.row("L-02")


def page_of(loop: Loop) -> str:
    return reverse("loops:loop", args=[loop.public_id])


def messages_of(loop: Loop) -> str:
    return reverse("loops:messages", args=[loop.public_id])


def say(loop: Loop, by: Person, body: str = "Hello", **more: Any) -> Message:
    return send_message(loop=loop, body=body, by=by, **{"now": NOW, **more})


def test_a_message_is_written_without_javascript_and_read_by_the_other(
    cast: Cast, loop: Loop, signed_in: SignedIn
) -> None:
    sent = signed_in(cast.amira).post(messages_of(loop), {"body": "Hello **Ben**", "no_hurry": "on"})

    message = Message.objects.get()
    assert sent.headers["Location"] == f"{page_of(loop)}#m-{message.public_id}"
    words = signed_in(cast.ben).get(page_of(loop)).content.decode()
    assert "<p>Hello <strong>Ben</strong></p>" in words
    assert "no hurry</span>" in words


def test_the_same_form_sent_twice_is_one_message(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    browser = signed_in(cast.amira)
    key = re.search(r'name="form_key" value="([^"]+)"', browser.get(page_of(loop)).content.decode())[1]

    first, second = (browser.post(messages_of(loop), {"body": "Once", "form_key": key}) for _ in range(2))

    assert [message.body for message in Message.objects.all()] == ["Once"]
    assert first.headers["Location"] == second.headers["Location"]


@pytest.mark.parametrize("body", ["", "   ", "x" * 50_001])
def test_what_cannot_be_taken_is_said_and_kept(cast: Cast, loop: Loop, signed_in: SignedIn, body: str) -> None:
    answer = signed_in(cast.amira).post(messages_of(loop), {"body": body})

    assert answer.status_code == 422
    assert Message.objects.count() == 0
    assert ("x" * 50_001 in answer.content.decode()) is (len(body) > 10)
    assert "thing needs another look" in answer.content.decode()


def test_fifty_thousand_characters_are_taken(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    assert signed_in(cast.amira).post(messages_of(loop), {"body": "x" * 50_000}).status_code == 302


@pytest.mark.row("X-03")
def test_too_many_messages_are_refused_with_a_word_and_kept(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    browser = signed_in(cast.amira)
    codes = [browser.post(messages_of(loop), {"body": f"Number {n}"}).status_code for n in range(30)]

    answer = browser.post(messages_of(loop), {"body": "Number thirty-one"})

    assert codes == [302] * 30
    assert answer.status_code == 422
    assert "Number thirty-one" in answer.content.decode()


def test_one_may_change_and_withdraw_only_ones_own(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    mine = say(loop, cast.amira, "First words")
    edit = reverse("loops:message-edit", args=[loop.public_id, mine.public_id])
    withdrawal = reverse("loops:message-withdrawal", args=[loop.public_id, mine.public_id])

    assert signed_in(cast.ben).post(edit, {"body": "Put in her mouth"}).status_code == 404
    assert signed_in(cast.ben).post(withdrawal).status_code == 404
    signed_in(cast.amira).post(edit, {"body": "Better words"})
    page = signed_in(cast.ben).get(page_of(loop)).content.decode()
    assert "Better words" in page
    assert "changed" in page

    signed_in(cast.amira).post(withdrawal)
    mine.refresh_from_db()
    assert (mine.body, mine.withdrawn_at) == ("", NOW)
    page = signed_in(cast.ben).get(page_of(loop)).content.decode()
    assert "Better words" not in page
    assert "<em>withdrawn</em>" in page
    assert signed_in(cast.amira).get(edit).status_code == 404


def test_a_quote_goes_with_the_words_it_quotes(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    asked = say(loop, cast.amira, "What would *you* do?")
    browser = signed_in(cast.ben)
    assert "Quoting Amira" in browser.get(f"{page_of(loop)}?quote={asked.public_id}").content.decode()

    browser.post(messages_of(loop), {"body": "Wait.", "quotes": asked.public_id})
    assert "<p>What would you do?</p></blockquote>" in browser.get(page_of(loop)).content.decode()

    withdraw_message(message=asked, by=cast.amira, now=NOW)
    page = browser.get(page_of(loop)).content.decode()
    assert "What would" not in page
    assert "This message was withdrawn." in page


def test_a_message_of_another_loop_cannot_be_quoted(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    elsewhere = Message.objects.create(loop=Loop.objects.create(
        opened_at=NOW, state_since=NOW), by=cast.dana, body="Secret", at=NOW)  # fmt: skip

    signed_in(cast.ben).post(messages_of(loop), {"body": "Hm", "quotes": elsewhere.public_id})

    assert Message.objects.get(body="Hm").quotes is None
    assert "Secret" not in signed_in(cast.ben).get(f"{page_of(loop)}?quote={elsewhere.public_id}").content.decode()


# --- what is new --------------------------------------------------------------------------------------


def poll_of(page: str) -> str:
    return re.search(r'id="talk-news" data-poll hx-get="([^"]+)"', page)[1].replace("&amp;", "&")


def test_an_open_page_hears_of_new_words_changes_and_withdrawals(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    old = say(loop, cast.ben, "Old words")
    gone = say(loop, cast.ben, "Soon gone")
    browser = signed_in(cast.amira)
    poll = poll_of(browser.get(page_of(loop)).content.decode())
    assert browser.get(poll).status_code == 204

    with time_machine.travel(NOW + timedelta(seconds=5), tick=False):
        later = NOW + timedelta(seconds=5)
        say(loop, cast.ben, "New words", now=later)
        edit_message(message=old, body="Changed words", by=cast.ben, now=later)
        withdraw_message(message=gone, by=cast.ben, now=later)
        answer = browser.get(poll)
        words = answer.content.decode()
        again = browser.get(poll_of(words))

    assert re.findall(r"(New words|Changed words|Soon gone|withdrawn)", words) == [
        "New words", "Changed words", "withdrawn",
    ]  # fmt: skip
    assert words.count('hx-swap-oob="true"') == 3  # the changed, the withdrawn, and the place that asks on
    assert again.status_code == 204


def test_nothing_new_costs_one_question_beside_session_and_person(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    for _ in range(5):
        say(loop, cast.ben)
    browser = signed_in(cast.amira)
    poll = poll_of(browser.get(page_of(loop)).content.decode())

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert browser.get(poll).status_code == 204

    about_loops = [query for query in asked.captured_queries if "loops_" in query["sql"]]
    assert (len(about_loops), len(asked)) == (1, 3)


@pytest.mark.row("X-05")
def test_who_has_no_part_cannot_ask_for_news(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    say(loop, cast.ben)
    Participation.objects.filter(loop=loop, person=cast.amira).update(ended_at=NOW)

    answers = [signed_in(who).get(messages_of(loop)).status_code for who in (cast.amira, cast.chris, cast.dana)]

    assert answers == [404, 404, 404]


def test_unread_counts_in_one_question_and_reading_clears_them(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    for body in ("One", "Two"):
        say(loop, cast.ben, body)
    say(loop, cast.amira, "Mine")
    withdraw_message(message=say(loop, cast.ben, "Taken back"), by=cast.ben, now=NOW)

    with CaptureQueriesContext(connection) as asked:
        assert unread_counts(cast.amira) == {loop.public_id: 2}
    assert len(asked) == 1
    assert "2 new messages" in signed_in(cast.amira).get(reverse("loops:loops")).content.decode()

    signed_in(cast.amira).get(page_of(loop))
    assert unread_counts(cast.amira) == {}
    assert unread_counts(cast.ben) == {loop.public_id: 1}


def test_nobody_learns_whether_the_other_has_read(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    say(loop, cast.amira, "Hello")
    hidden = re.compile(r'value="[^"]{36}"|since=[0-9.]+|csrf[^>]*>|[A-Za-z0-9]{64}')
    before = hidden.sub("", signed_in(cast.amira).get(page_of(loop)).content.decode())

    signed_in(cast.ben).get(page_of(loop))

    assert hidden.sub("", signed_in(cast.amira).get(page_of(loop)).content.decode()) == before


# --- letters and hours --------------------------------------------------------------------------------


def letters_to(address: str) -> list[str]:
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        deliver_pending()
    return [str(letter.subject) for letter in mail.outbox if letter.to == [address] and "written" in letter.subject]


def test_one_letter_waits_until_it_is_read_and_holds_none_of_the_words(
    cast: Cast, loop: Loop, signed_in: SignedIn
) -> None:
    say(loop, cast.amira, "Token-of-words")
    tell_of_waiting_messages(NOW + timedelta(minutes=2))
    assert letters_to("ben@northwind.example") == []

    for minutes in (3, 4, 60):
        say(loop, cast.amira, "Another token-of-words", now=NOW + timedelta(minutes=minutes))
        tell_of_waiting_messages(NOW + timedelta(minutes=minutes))
    assert letters_to("ben@northwind.example") == ["Amira Mansour has written to you"]
    assert [letter for letter in mail.outbox if "oken-of-words" in f"{letter.body}{letter.alternatives}"] == []
    assert letters_to("amira@northwind.example") == []

    signed_in(cast.ben).get(page_of(loop))
    say(loop, cast.amira, "More", now=NOW + timedelta(minutes=70))
    tell_of_waiting_messages(NOW + timedelta(minutes=80))
    assert len(letters_to("ben@northwind.example")) == 2


def test_who_is_looking_gets_no_letter(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    say(loop, cast.amira)
    signed_in(cast.ben).get(page_of(loop))

    tell_of_waiting_messages(NOW + timedelta(minutes=10))

    assert letters_to("ben@northwind.example") == []


@pytest.mark.parametrize(("zone", "ticked"), [("Europe/Lisbon", False), ("Pacific/Auckland", True)])
def test_no_hurry_is_ticked_when_it_is_late_for_the_other(
    cast: Cast, loop: Loop, signed_in: SignedIn, zone: str, ticked: bool
) -> None:
    cast.ben.time_zone = zone
    cast.ben.save()

    page = signed_in(cast.amira).get(page_of(loop)).content.decode()

    assert ('id="id_no_hurry" checked' in page) is ticked


def test_earlier_messages_come_a_page_at_a_time(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    for number in range(70):
        say(loop, cast.ben, f"Number {number}.")
    browser, path = signed_in(cast.amira), reverse("loops:conversation", args=[loop.public_id])

    pages, link = [], path
    while link:
        words = browser.get(link).content.decode()
        pages.append([int(n) for n in re.findall(r"<p>Number (\d+)\.</p>", words)])
        found = re.search(r'href="(\?before=\w+)"', words)
        link = path + found[1] if found else ""

    assert pages == [list(range(40, 70)), list(range(10, 40)), list(range(10))]


@pytest.mark.parametrize(("name", "more_for_quotes"), [("loop", 1), ("conversation", 1), ("loops", 0)])
def test_more_messages_ask_no_more_questions(
    cast: Cast, loop: Loop, signed_in: SignedIn, name: str, more_for_quotes: int
) -> None:
    """But one, for all that is quoted from further back than the page shows."""
    path = reverse(f"loops:{name}", args=[] if name == "loops" else [loop.public_id])
    counts = []
    for more in (1, 2, 40):
        for _ in range(more):
            say(loop, cast.ben, quotes=Message.objects.first())
        browser = signed_in(cast.amira)
        browser.get(path)
        with CaptureQueriesContext(connection) as asked:
            browser.get(path)
        counts.append(len(asked))

    assert counts[1:] == [counts[0], counts[0] + more_for_quotes]
