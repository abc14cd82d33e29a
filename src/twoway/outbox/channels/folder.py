"""Letters into a folder, one readable .eml file each: for the demo, and for whoever has no mail server yet."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from twoway.history.clock import now as clock_now


class FolderBackend(BaseEmailBackend):
    """A letter's name begins with its time. The same Message-ID is the same file, so twice is once."""

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently)
        self.folder = Path(settings.MAIL_FOLDER)

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
