"""Letters by mail. The only place that talks to a mail server."""

import smtplib
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from twoway.outbox.models import Delivery


class Refused(Exception):
    """The server will never take this letter."""


class NotNow(Exception):
    """It may work later."""


def send(delivery: Delivery) -> None:
    """Hand one letter to the mail server. Raises Refused or NotNow, each with the server's own word."""
    own_address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    sender = formataddr((delivery.sender, own_address)) if delivery.sender else settings.DEFAULT_FROM_EMAIL
    message = EmailMultiAlternatives(
        subject=delivery.subject,
        body=delivery.text,
        from_email=sender,
        to=[delivery.to],
        reply_to=[delivery.reply_to] if delivery.reply_to else None,
        headers={"Message-ID": delivery.message_id, "Auto-Submitted": "auto-generated"},
        connection=get_connection(),
    )
    message.attach_alternative(delivery.html, "text/html")
    if delivery.calendar:
        kind = f"text/calendar; method={delivery.calendar_method}; charset=utf-8"
        message.attach("invite.ics", delivery.calendar, kind)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as fault:
        code, words = next(iter(fault.recipients.values()))
        raise (Refused if 500 <= code < 600 else NotNow)(f"{code} {_plain(words)}") from fault
    except smtplib.SMTPResponseException as fault:
        raise NotNow(f"{fault.smtp_code} {_plain(fault.smtp_error)}") from fault
    except (smtplib.SMTPException, OSError) as fault:
        raise NotNow(type(fault).__name__) from fault


def _plain(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
