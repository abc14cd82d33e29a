"""A mail server on this machine, which keeps what reaches it."""

import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller

from tests.operate import processes


class PostOffice:
    """Takes every letter handed over by SMTP, with the envelope it came in."""

    def __init__(self) -> None:
        port = processes.free_port()
        self.url = f"smtp://127.0.0.1:{port}?starttls=no"
        self.letters: list[tuple[str, list[str], EmailMessage]] = []  # from, to, letter
        self._arrived = threading.Condition()
        self._server = Controller(self, hostname="127.0.0.1", port=port)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._server.stop()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content, policy=policy.default)
        with self._arrived:
            self.letters.append((envelope.mail_from, list(envelope.rcpt_tos), letter))
            self._arrived.notify_all()
        return "250 taken"

    def letter_to(self, address: str) -> tuple[str, EmailMessage]:
        """The one letter to an address, and who its envelope says it is from; waits until it is there."""
        with self._arrived:
            came = self._arrived.wait_for(lambda: self._to(address), timeout=processes.PATIENCE)
            assert came, f"nothing came for {address}"
            [(sender, letter)] = self._to(address)
        return sender, letter

    def _to(self, address: str) -> list[tuple[str, EmailMessage]]:
        return [(sender, letter) for sender, receivers, letter in self.letters if receivers == [address]]
