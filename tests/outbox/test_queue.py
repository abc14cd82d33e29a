"""The row is the queue: written once, claimed by one, tried again later, given up kindly."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW
from twoway.outbox.actions import MOST_ATTEMPTS, WAITS, claim_letter, mark_failed, mark_sent, queue_letter
from twoway.outbox.models import Delivery
from twoway.outbox.queries import letters_not_delivered, letters_overdue, letters_waiting

pytestmark = [pytest.mark.django_db, pytest.mark.row("N-05")]


def letter(key: str = "cause 1", **fields: Any) -> Delivery:
    fields = {"kind": "test", "to": "amira@northwind.example", "subject": "Hello", "body": "A letter.", **fields}
    return queue_letter(key=key, now=NOW, **fields)


def claimed(later: timedelta = timedelta()) -> Delivery:
    found = claim_letter(NOW + later)
    assert found is not None
    return found


def test_queue_letter_writes_the_same_cause_once() -> None:
    first, second = letter(), letter(subject="Other words")

    assert first == second
    assert [row.subject for row in Delivery.objects.all()] == ["Hello"]


def test_queue_letter_keeps_the_same_message_id_for_the_same_cause() -> None:
    before = letter().message_id
    Delivery.objects.all().delete()

    assert letter().message_id == before
    assert letter("cause 2").message_id != before


def test_claim_letter_gives_a_letter_to_one_worker_only() -> None:
    letter()

    assert claimed().state == Delivery.State.SENDING
    assert claim_letter(NOW) is None


def test_claim_letter_brings_back_what_its_sender_left_behind(settings: Any) -> None:
    settings.MAIL_LEASE = 120
    letter()
    claimed()

    assert claim_letter(NOW + timedelta(seconds=119)) is None
    assert claimed(timedelta(seconds=120)).attempts == 2


def test_claim_letter_takes_urgent_letters_first() -> None:
    letter("invitation", due_at=NOW - timedelta(hours=1))
    letter("sign-in", urgent=True)

    assert [claimed().key, claimed().key] == ["sign-in", "invitation"]


def test_claim_letter_takes_letters_of_one_moment_as_they_were_written() -> None:
    letters = [letter(f"cause {number}", due_at=NOW + timedelta(hours=1)) for number in range(3)]
    for one in reversed(letters):  # where they lie in the table is another order now
        one.due_at = NOW
        one.save()

    assert [claimed().key for _ in letters] == ["cause 0", "cause 1", "cause 2"]


def test_claim_letter_leaves_letters_that_are_not_due() -> None:
    letter(due_at=NOW + timedelta(minutes=1))

    assert claim_letter(NOW) is None
    assert letters_waiting() == 1


def test_claim_letter_costs_one_query_when_there_is_nothing_to_do() -> None:
    for number in range(3):
        mark_sent(_claimed_of(letter(f"cause {number}")), now=NOW)

    with CaptureQueriesContext(connection) as queries:
        assert claim_letter(NOW) is None

    assert len(queries) == 1


def _claimed_of(row: Delivery) -> Delivery:
    found = claimed()
    assert found == row
    return found


def test_a_failed_letter_waits_longer_each_time_and_is_given_up_after_the_last() -> None:
    letter(programme=7, secret=True)
    waited = timedelta()
    for wait in WAITS:
        mark_failed(claimed(waited), fault="450 busy", final=False, now=NOW + waited)
        assert claim_letter(NOW + waited + wait - timedelta(seconds=1)) is None
        waited += wait
    mark_failed(claimed(waited), fault="450 busy", final=False, now=NOW + waited)

    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.fault, row.due_at) == ("failed", MOST_ATTEMPTS, "450 busy", None)
    assert (row.text, row.html) == ("", "")
    assert [found.to for found in letters_not_delivered(7)] == ["amira@northwind.example"]


def test_a_letter_that_ends_its_sender_every_time_is_given_up(settings: Any) -> None:
    settings.MAIL_LEASE = 60
    letter()
    for minute in range(MOST_ATTEMPTS):
        claimed(timedelta(minutes=minute))

    assert claim_letter(NOW + timedelta(hours=1)) is None
    assert Delivery.objects.get().state == Delivery.State.FAILED


def test_who_lost_a_letter_to_another_worker_has_no_say_in_it(settings: Any) -> None:
    settings.MAIL_LEASE = 60
    letter()
    slow = claimed()
    quick = claimed(timedelta(minutes=1))
    mark_sent(quick, now=NOW)

    mark_failed(slow, fault="too late", final=False, now=NOW)

    assert Delivery.objects.get().state == Delivery.State.SENT


def test_mark_sent_empties_the_body_of_a_letter_with_a_secret() -> None:
    letter("with", secret=True)
    letter("without")

    for _ in range(2):
        mark_sent(claimed(), now=NOW)

    kept = {row.key: bool(row.text or row.html) for row in Delivery.objects.all()}
    assert kept == {"with": False, "without": True}


def test_letters_overdue_counts_what_no_worker_takes_up() -> None:
    letter("old", due_at=NOW - timedelta(minutes=11))
    letter("new")

    assert letters_overdue(NOW) == 1
