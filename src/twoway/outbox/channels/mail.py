"""Letters by mail. The only place that talks to a mail server."""

import smtplib
from email.errors import MessageError
from email.utils import formataddr, parseaddr
from typing import Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, SafeMIMEText, get_connection

from twoway.outbox.models import Delivery


class Refused(Exception):
    """The server will never take this letter."""


class NotNow(Exception):
    """It may work later."""


class Postbox:
    """Several letters over one connection, opened with the first; a new one after any fault."""

    def __init__(self) -> None:
        self._connection = get_connection()
        self._open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        self._close()

    def send(self, delivery: Delivery) -> None:
        """Hand one letter to the mail server. Raises Refused or NotNow, each with the server's own word."""
        try:
            if not self._open:
                self._connection.open()
                self._open = True
            message = _message(delivery)
            message.connection = self._connection
            message.send()
        except Exception as fault:
            self._close()
            raise _understood(fault) from fault

    def _close(self) -> None:
        self._open = False
        self._connection.close()


def _message(delivery: Delivery) -> EmailMultiAlternatives:
    own_address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    message = EmailMultiAlternatives(
        subject=delivery.subject,
        body=delivery.text,
        from_email=formataddr((delivery.sender, own_address)) if delivery.sender else settings.DEFAULT_FROM_EMAIL,
        to=[delivery.to],
        reply_to=[delivery.reply_to] if delivery.reply_to else None,
        headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(delivery.html, "text/html")
    if delivery.calendar:
        message.attach(_invitation(delivery))
    return message


def _invitation(delivery: Delivery) -> SafeMIMEText:
    """The calendar file. Its method is a parameter of the type; the character set is named by the part itself."""
    part = SafeMIMEText(delivery.calendar, "calendar", "utf-8")
    part.set_param("method", delivery.calendar_method)
    part.add_header("Content-Disposition", "attachment", filename="invite.ics")
    return part


def _understood(fault: Exception) -> Refused | NotNow:
    """Whether the letter itself was refused. A server that will not know *us* may do so after the operator's help."""
    match fault:
        case smtplib.SMTPRecipientsRefused():
            code, words = next(iter(fault.recipients.values()))
            return (Refused if 500 <= code < 600 else NotNow)(f"{code} {_plain(words)}")
        case smtplib.SMTPDataError():
            kind = Refused if 500 <= fault.smtp_code < 600 else NotNow
            return kind(f"{fault.smtp_code} {_plain(fault.smtp_error)}")
        case smtplib.SMTPResponseException():
            return NotNow(f"{fault.smtp_code} {_plain(fault.smtp_error)}")
        case ValueError() | MessageError():  # an address or header that is none
            return Refused(type(fault).__name__)
        case _:
            return NotNow(type(fault).__name__)


def _plain(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
