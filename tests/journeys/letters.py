"""What happens by itself, done on request; and the letters it sends, as those read them who get them."""

import re
from dataclasses import dataclass

from django.core import mail
from django.core.mail import EmailMessage
from icalendar import Calendar

from twoway.history.clock import now
from twoway.schedule import TASKS

LINK = re.compile(r"http://localhost:8000(/\S+)")


def let_the_clock_run() -> None:
    """Every task of the schedule, until none finds anything to do."""
    for _again in range(20):
        if not sum([task.run(now()) for task in TASKS]):
            return
    raise AssertionError("The clock finds something to do for ever.")


@dataclass
class Letter:
    subject: str
    words: str
    link: str  # its first one, without the server's address
    calendar: Calendar | None


def letters_to(address: str) -> list[Letter]:
    """All letters that have reached an address, once the clock has worked."""
    let_the_clock_run()
    return [read(letter) for letter in mail.outbox if letter.to == [address]]


def letter_to(address: str, subject: str) -> Letter:
    """The newest letter to an address that has these words in its subject."""
    return [letter for letter in letters_to(address) if subject in letter.subject][-1]


def code_in(letter: Letter) -> str:
    """The six digits of a sign-in letter."""
    return re.findall(r"\b\d{3} ?\d{3}$", letter.words, re.MULTILINE)[0]


def read(letter: EmailMessage) -> Letter:
    files = [
        part.get_payload(decode=True) for part in letter.message().walk() if part.get_content_type() == "text/calendar"
    ]
    words = str(letter.body)
    return Letter(
        subject=letter.subject,
        words=words,
        link=([*LINK.findall(words), ""])[0],
        calendar=Calendar.from_ical(files[0]) if files else None,
    )
