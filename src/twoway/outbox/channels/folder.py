"""Letters into a folder, one readable .eml file each: for the demo, and for whoever has no mail server yet."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as EmailMessageOnFile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from twoway.history.clock import now as clock_now

NAME = re.compile(r"\d{8}-\d{6}-[0-9a-f]{12}")


class FolderBackend(BaseEmailBackend):
    """A letter's name begins with its time. The same Message-ID is the same file, so twice is once."""

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently)
        self.folder = mail_folder()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for letter in email_messages:
            message = letter.message()
            mark = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:12]
            before = next(self.folder.glob(f"*-{mark}.eml"), None)
            file = before or self.folder / f"{clock_now():%Y%m%d-%H%M%S}-{mark}.eml"
            half = file.with_suffix(".half")
            half.touch(mode=0o600)
            half.write_bytes(message.as_bytes())
            half.replace(file)
        return len(email_messages)


def mail_folder() -> Path:
    return Path(settings.MAIL_FOLDER)


@dataclass(frozen=True)
class LetterOnFile:
    """A letter that stands in the folder, as whoever reads mail would see it."""

    name: str
    written_at: datetime
    to: str
    subject: str
    message: EmailMessageOnFile

    @property
    def text(self) -> str:
        part = self.message.get_body(preferencelist=("plain",))
        return str(part.get_content()) if part is not None else ""

    @property
    def html(self) -> str:
        part = self.message.get_body(preferencelist=("html",))
        return str(part.get_content()) if part is not None else ""

    @property
    def attachments(self) -> list[str]:
        return [part.get_filename() or "" for part in self.message.iter_attachments()]


def letters_on_file() -> list[str]:
    """The names of all letters in the folder, the newest first."""
    return sorted((file.stem for file in mail_folder().glob("*.eml")), reverse=True)


def letter_on_file(name: str) -> LetterOnFile | None:
    """One letter, by its name without the ending."""
    file = mail_folder() / f"{name}.eml"
    return _read(file) if NAME.fullmatch(name) and file.is_file() else None


def forget_letters() -> None:
    """Delete every letter in the folder."""
    for file in mail_folder().glob("*.eml"):
        file.unlink(missing_ok=True)


def _read(file: Path) -> LetterOnFile:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    written_at = datetime.strptime(file.name[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    return LetterOnFile(
        name=file.stem, written_at=written_at, to=str(message["To"]), subject=str(message["Subject"]), message=message
    )
