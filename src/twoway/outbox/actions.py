"""Writing letters into the queue, and taking them out."""

import hashlib
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from twoway.outbox.models import Delivery
from twoway.outbox.words import html_of, text_of

LEASE = timedelta(minutes=2)
WAITS = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=4),
    timedelta(hours=20),
]


def queue_letter(
    *,
    key: str,
    kind: str,
    to: str,
    subject: str,
    body: str,
    now: datetime,
    sender: str = "",
    reply_to: str = "",
    person: int | None = None,
    programme: int | None = None,
    calendar: str = "",
    calendar_method: str = "",
    secret: bool = False,
    due_at: datetime | None = None,
) -> Delivery:
    """Write one letter, to leave with the change that causes it. The same key writes it once."""
    host = urlsplit(settings.ADDRESS).hostname or "localhost"
    delivery, _ = Delivery.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "to": to,
            "subject": " ".join(subject.split())[:250],
            "text": text_of(body),
            "html": html_of(subject, body),
            "sender": sender,
            "reply_to": reply_to,
            "person": person,
            "programme": programme,
            "calendar": calendar,
            "calendar_method": calendar_method,
            "secret": secret,
            "message_id": f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>",
            "made_at": now,
            "due_at": due_at or now,
        },
    )
    return delivery


def claim_letter(now: datetime) -> Delivery | None:
    """Take the next letter that is due, for a while. A letter whose sender died comes back after its lease.

    On PostgreSQL several workers pass over each other's rows; on SQLite the transaction is IMMEDIATE, so only
    one claims at a time.
    """
    due = Q(state=Delivery.State.WAITING, due_at__lte=now)
    left_behind = Q(state=Delivery.State.SENDING, leased_until__lte=now)
    if not Delivery.objects.filter(due | left_behind).exists():
        return None  # an idle worker takes no lock
    with transaction.atomic():
        row = (
            Delivery.objects.select_for_update(skip_locked=True)
            .filter(due | left_behind)
            .order_by("due_at", "pk")
            .first()
        )
        if row is None:
            return None
        row.state = Delivery.State.SENDING
        row.attempts = F("attempts") + 1
        row.leased_until = now + LEASE
        row.save(update_fields=["state", "attempts", "leased_until"])
        row.refresh_from_db()
        return row


def mark_sent(delivery: Delivery, *, now: datetime) -> None:
    """Note that the letter has left. The body of one that carried a secret is emptied."""
    delivery.state = Delivery.State.SENT
    delivery.sent_at = now
    delivery.leased_until = None
    delivery.fault = ""
    if delivery.secret:
        delivery.text = delivery.html = ""
    delivery.save(update_fields=["state", "sent_at", "leased_until", "fault", "text", "html"])


def mark_failed(delivery: Delivery, *, fault: str, final: bool, now: datetime) -> None:
    """Note a failed try: wait longer each time, give up after the last or when the address is refused."""
    tried = delivery.attempts
    if final or tried > len(WAITS):
        delivery.state = Delivery.State.FAILED
        if delivery.secret:
            delivery.text = delivery.html = ""
    else:
        delivery.state = Delivery.State.WAITING
        delivery.due_at = now + WAITS[tried - 1]
    delivery.leased_until = None
    delivery.fault = fault[:200]
    delivery.save(update_fields=["state", "due_at", "leased_until", "fault", "text", "html"])
