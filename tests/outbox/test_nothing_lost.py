"""A worker is killed in the middle of two hundred letters: each arrives, and none twice but the one in flight."""

import json
import signal
import threading
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.operate import processes

LETTERS = 200
KILL_AT = 70

MAKE = f"""
from django.core.management import call_command
call_command("migrate", verbosity=0)
from twoway.history.clock import now
from twoway.outbox.actions import queue_letter
for number in range({LETTERS}):
    queue_letter(key=f"letter {{number}}", kind="test", to=f"p{{number}}@northwind.example", subject="Hello",
                 body="A letter.", now=now())
"""
STATES = """
import json
from twoway.outbox.models import Delivery
print(json.dumps({row.message_id: [row.state, row.attempts] for row in Delivery.objects.all()}))
"""


@dataclass
class Letterbox:
    """Where all letters arrive."""

    received: list[tuple[str, str]] = field(default_factory=list)  # Message-ID, receiver
    changed: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, number: int) -> None:
        with self.changed:
            arrived = self.changed.wait_for(lambda: len(self.received) >= number, timeout=processes.PATIENCE)
        assert arrived, f"only {len(self.received)} of {number} letters arrived"


@dataclass
class Worker:
    """A real worker, and the mail server it alone talks to. One that is to die is killed in the middle of a letter:
    when the server has taken it, and before the worker can hear so."""

    letterbox: Letterbox
    env: dict[str, str]
    dies: bool = False
    in_flight: str = ""

    def start(self) -> None:
        port = processes.free_port()
        self.smtp = Controller(self, hostname="127.0.0.1", port=port)
        self.smtp.start()
        url = f"smtp://127.0.0.1:{port}?starttls=no"
        self.process = processes.start("worker", env={**self.env, "TWOWAY_MAIL_URL": url})

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content)
        with self.letterbox.changed:
            self.letterbox.received.append((letter["Message-ID"], envelope.rcpt_tos[0]))
            if self.dies and not self.in_flight and len(self.letterbox.received) >= KILL_AT:
                self.in_flight = letter["Message-ID"]
                self.process.kill()
            self.letterbox.changed.notify_all()
        return "250 taken"

    def stop(self) -> int:
        """Ask it to stop; its exit code."""
        self.process.terminate()
        return self.process.wait(processes.PATIENCE)

    def clear_away(self) -> None:
        self.process.kill()
        self.process.wait()
        self.smtp.stop()


@pytest.mark.slow
@pytest.mark.row("N-05")
@pytest.mark.parametrize(("kind", "at_once"), [("sqlite", 1), ("postgresql", 2)])
def test_each_letter_is_sent_and_none_twice_but_the_one_in_flight(kind: str, at_once: int, tmp_path: Path) -> None:
    letterbox = Letterbox()
    with ExitStack() as afterwards:
        url = afterwards.enter_context(processes.empty_database(kind, tmp_path))
        env = processes.environment(tmp_path, TWOWAY_DATABASE_URL=url, TWOWAY_MAIL_LEASE="5")
        processes.python(MAKE, env)
        victim = Worker(letterbox, env, dies=True)
        survivors = [Worker(letterbox, env) for _ in range(at_once - 1)]
        newcomer = Worker(letterbox, env)

        for worker in [victim, *survivors]:
            worker.start()
            afterwards.callback(worker.clear_away)
        killed = victim.process.wait(processes.PATIENCE)
        newcomer.start()
        afterwards.callback(newcomer.clear_away)
        letterbox.wait_for(LETTERS + 1)
        ended = [worker.stop() for worker in [*survivors, newcomer]]
        rows = json.loads(processes.python(STATES, env))

    times = Counter(message for message, _ in letterbox.received)
    assert killed == -signal.SIGKILL
    assert ended == [0] * at_once
    assert len({to for _, to in letterbox.received}) == LETTERS
    assert {message: number for message, number in times.items() if number > 1} == {victim.in_flight: 2}
    assert sorted(rows) == sorted(times)
    assert {message: row for message, row in rows.items() if row != ["sent", 1]} == {victim.in_flight: ["sent", 2]}
