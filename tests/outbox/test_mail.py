"""What a mail server hears from us, and what we make of its answers."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.factories import NOW
from tests.operate.processes import free_port
from twoway.outbox.actions import queue_letter
from twoway.outbox.models import Delivery
from twoway.outbox.tasks import deliver_pending

pytestmark = [pytest.mark.row("N-05"), pytest.mark.django_db]


@dataclass
class Server:
    """A mail server that answers as told."""

    answers: dict[str, str] = field(default_factory=dict)  # by receiver
    letters: list[EmailMessage] = field(default_factory=list)
    peers: set[Any] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        answer = self.answers.get(address, "250 fine")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        with self.lock:
            self.peers.add(session.peer)
            self.letters.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 taken"


@pytest.fixture
def server(settings: Any, now: None) -> Iterator[Server]:
    found = Server()
    smtp = Controller(found, hostname="127.0.0.1", port=free_port())
    smtp.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", smtp.port, False
    yield found
    smtp.stop()


def queue(key: str = "cause", to: str = "amira@northwind.example", **fields: Any) -> Delivery:
    fields = {"subject": "Hello", "body": "A letter.", "kind": "test", **fields}
    return queue_letter(key=key, to=to, now=NOW, **fields)


def states() -> dict[str, str]:
    return {row.to.partition("@")[0]: row.state for row in Delivery.objects.all()}


def test_a_letter_arrives_with_its_message_id_both_parts_and_the_calendar(server: Server) -> None:
    row = queue(
        sender="Grow Together", reply_to="mentoring@northwind.example",
        calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", calendar_method="REQUEST",
    )  # fmt: skip

    deliver_pending()

    letter = server.letters[0]
    assert letter["Message-ID"] == row.message_id
    assert (letter["From"], letter["To"]) == ("Grow Together <twoway@localhost>", "amira@northwind.example")
    assert (letter["Reply-To"], letter["Auto-Submitted"]) == ("mentoring@northwind.example", "auto-generated")
    kinds = [part.get_content_type() for part in letter.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    invitation = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    assert invitation["Content-Type"] == 'text/calendar; charset="utf-8"; method="REQUEST"'
    assert invitation.get_filename() == "invite.ics"
    assert invitation.get_payload(decode=True) == b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def test_many_letters_leave_over_one_connection(server: Server) -> None:
    for number in range(5):
        queue(f"cause {number}")

    deliver_pending()

    assert (len(server.letters), len(server.peers)) == (5, 1)


def test_a_refused_address_is_noted_and_holds_up_no_other(server: Server) -> None:
    server.answers = {"gone@northwind.example": "550 no such mailbox", "full@northwind.example": "452 mailbox full"}
    for name in ("gone", "full", "amira"):
        queue(name, f"{name}@northwind.example", programme=3)

    deliver_pending()

    assert states() == {"gone": "failed", "full": "waiting", "amira": "sent"}
    assert {row.key: row.fault for row in Delivery.objects.exclude(fault="")} == {
        "gone": "550 no such mailbox", "full": "452 mailbox full",
    }  # fmt: skip


def test_words_cannot_begin_a_header_of_their_own(server: Server) -> None:
    queue(subject="Hello\r\nBcc: victim@elsewhere.example", sender="Grow\nBcc: victim@elsewhere.example")

    deliver_pending()

    letter = server.letters[0]
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Hello Bcc: victim@elsewhere.example"


def test_an_address_that_is_none_is_given_up_and_holds_up_no_other(server: Server) -> None:
    queue("bad", "nobody\nBcc: x@elsewhere.example")
    queue("good")

    deliver_pending()

    assert {row.key: row.state for row in Delivery.objects.all()} == {"bad": "failed", "good": "sent"}


def test_no_server_means_later(settings: Any, now: None) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", free_port(), False
    queue()

    deliver_pending()

    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.fault) == ("waiting", 1, "ConnectionRefusedError")
