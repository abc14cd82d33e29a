"""Writing letters into the queue, and taking them out."""

import hashlib
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from twoway.outbox.models import Delivery
from twoway.outbox.words import html_of, text_of

WAITS = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=4),
    timedelta(hours=20),
]
MOST_ATTEMPTS = len(WAITS) + 1


def queue_letter(
    *,
    key: str,
    kind: str,
    to: str,
    subject: str,
    body: str,
    now: datetime,
    foot: str = "",
    hue: int | None = None,
    sender: str = "",
    reply_to: str = "",
    person: int | None = None,
    programme: int | None = None,
    calendar: str = "",
    calendar_method: str = "",
    secret: bool = False,
    urgent: bool = False,
    due_at: datetime | None = None,
) -> Delivery:
    """Write one letter, to leave with the change that causes it. The same key writes it once."""
    host = urlsplit(settings.ADDRESS).hostname or "localhost"
    delivery, _ = Delivery.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "to": to,
            "subject": _one_line(subject)[:250],
            "text": text_of(body, foot),
            "html": html_of(_one_line(subject), body, foot, hue),
            "sender": _one_line(sender),
            "reply_to": reply_to,
            "person": person,
            "programme": programme,
            "calendar": calendar,
            "calendar_method": calendar_method,
            "secret": secret,
            "urgent": urgent,
            "message_id": f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>",
            "made_at": now,
            "due_at": due_at or now,
        },
    )
    return delivery


def _one_line(words: str) -> str:
    """What stands in a header is one line: a line break would begin a header of somebody else's making."""
    return " ".join(words.split())


def claim_letter(now: datetime) -> Delivery | None:
    """Take the next letter that is due, for as long as a lease. One whose sender died is due again after it.

    On PostgreSQL several workers pass over each other's rows; on SQLite the transaction is IMMEDIATE, so only
    one claims at a time. A letter that has ended its sender every time is given up.
    """
    due = Delivery.objects.filter(due_at__lte=now).order_by("-urgent", "due_at", "pk")  # the index's own order
    if due.values_list("pk").first() is None:
        return None  # an idle worker takes no lock
    with transaction.atomic():
        row = due.select_for_update(skip_locked=True).first()
        if row is None:
            return None
        if row.attempts >= MOST_ATTEMPTS:
            _give_up(row, "Sending it was cut off every time.")
            return claim_letter(now)
        row.state = Delivery.State.SENDING
        row.attempts += 1
        row.due_at = now + timedelta(seconds=settings.MAIL_LEASE)
        row.save(update_fields=["state", "attempts", "due_at"])
        return row


def mark_sent(delivery: Delivery, *, now: datetime) -> None:
    """Note that the letter has left. The body of one that carried a secret is emptied."""
    delivery.state, delivery.sent_at, delivery.due_at, delivery.fault = Delivery.State.SENT, now, None, ""
    _forget_secret(delivery)
    delivery.save(update_fields=["state", "sent_at", "due_at", "fault", "text", "html"])


@transaction.atomic
def mark_failed(delivery: Delivery, *, fault: str, final: bool, now: datetime) -> None:
    """Note a failed try: wait longer each time, give up after the last or when the address is refused.

    Whoever lost the letter to another worker, because the lease ran out meanwhile, has no say in it any more.
    """
    mine = Delivery.objects.select_for_update().filter(
        pk=delivery.pk, state=Delivery.State.SENDING, attempts=delivery.attempts
    )
    row = mine.first()
    if row is None:
        return
    if final or row.attempts >= MOST_ATTEMPTS:
        _give_up(row, fault)
        return
    row.state, row.due_at, row.fault = Delivery.State.WAITING, now + WAITS[row.attempts - 1], fault[:200]
    row.save(update_fields=["state", "due_at", "fault"])


def _give_up(row: Delivery, fault: str) -> None:
    row.state, row.due_at, row.fault = Delivery.State.FAILED, None, fault[:200]
    _forget_secret(row)
    row.save(update_fields=["state", "due_at", "fault", "text", "html"])


def _forget_secret(row: Delivery) -> None:
    if row.secret:
        row.text = row.html = ""
