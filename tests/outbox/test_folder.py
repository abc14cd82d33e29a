"""Letters into a folder: readable, private to the operator, and the same letter once."""

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tests.factories import NOW
from twoway.outbox.actions import queue_letter
from twoway.outbox.channels.folder import letter_on_file, letters_on_file
from twoway.outbox.channels.mail import Postbox
from twoway.outbox.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings: Any, tmp_path: Path, now: None) -> Path:
    settings.EMAIL_BACKEND = "twoway.outbox.channels.folder.FolderBackend"
    settings.MAIL_FOLDER = str(tmp_path / "mail")
    return tmp_path / "mail"


def letter(key: str = "cause") -> Delivery:
    return queue_letter(
        key=key, kind="test", to="amira@northwind.example", subject="Grüße", now=NOW,
        body="Hello Amira,\n\n[Look](http://localhost:8000/x/)",
    )  # fmt: skip


@pytest.mark.row("P-01")
def test_a_letter_becomes_one_readable_file(folder: Path) -> None:
    with Postbox() as postbox:
        postbox.send(letter())

    (file,) = folder.iterdir()
    assert file.name.startswith("20261123-100000-")
    assert file.stat().st_mode & 0o077 == 0
    body = message_from_bytes(file.read_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    assert body.get_content() == "Hello Amira,\n\nLook:\nhttp://localhost:8000/x/\n"


def test_the_same_letter_twice_is_one_file(folder: Path) -> None:
    row = letter()
    with Postbox() as postbox:
        postbox.send(row)
        postbox.send(row)

    assert len(letters_on_file()) == 1


def test_a_letter_is_found_by_its_name_and_nothing_else_is(folder: Path) -> None:
    with Postbox() as postbox:
        postbox.send(letter())
    (folder.parent / "20261123-100000-0123456789ab.eml").write_text("Subject: not yours\n\n")

    (name,) = letters_on_file()
    found = letter_on_file(name)
    assert found is not None
    assert (found.to, found.subject, found.written_at) == ("amira@northwind.example", "Grüße", NOW)
    assert letter_on_file("../20261123-100000-0123456789ab") is None
