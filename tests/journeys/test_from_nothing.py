"""A new installation: an empty PostgreSQL, the product's own commands, a mail server, and its first two people."""

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.post import PostOffice
from tests.journeys.steps import follow, go_through, is_at, press, reads
from tests.operate import processes

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ADA, AMIRA, SENDER = "ada@northwind.example", "amira@northwind.example", "mentoring@northwind.example"


@pytest.mark.row("P-02", "P-06", "O-03", "D-08", "F-05", "F-07", "X-03", "D-03")
def test_from_an_empty_postgresql_to_the_first_member_by_a_letter_over_smtp(browser: Browser, tmp_path: Path) -> None:
    port = processes.free_port()
    address = f"http://localhost:{port}"
    with processes.empty_database("postgresql", tmp_path) as url, PostOffice() as post:
        mail = {"TWOWAY_MAIL_URL": post.url, "TWOWAY_MAIL_FROM": f"Northwind <{SENDER}>"}
        env = processes.environment(tmp_path, TWOWAY_DATABASE_URL=url, TWOWAY_ADDRESS=address, **mail)
        assert tables_in(url) == 0

        made = processes.run("new-organisation", "Northwind", "--admin", ADA, env=env)
        [link] = made.stdout.splitlines()
        assert (made.returncode, link.startswith(f"{address}/sign-in/")) == (0, True)
        assert tables_in(url) > 0

        serve = ["serve", "--bind", f"127.0.0.1:{port}", "--processes", "2", "--no-worker"]
        with (
            running(*serve, env=env, says=tmp_path / "serve.log") as served,
            running("worker", env=env, says=tmp_path / "worker.log"),
        ):
            until_it_says(served, "Listening at", tmp_path / "serve.log")
            ada, amira = (at_a_browser(browser, address) for _ in range(2))
            the_admin_arrives(ada, link)
            the_admin_chooses_a_name(ada)
            the_admin_sets_the_first_programme_up(ada)
            the_admin_invites_somebody(ada)
            invitation = the_letter_is_sound(post, address)
            the_invited_one_signs_up(amira, invitation)
            the_admin_sees_them_among_the_people(ada)
            nobody_comes_in_twice(browser, address, link, invitation)
            for page in (ada, amira):
                page.context.close()
        said = [(tmp_path / name).read_text() for name in ("serve.log", "worker.log")]
        assert [words for words in said if "Traceback" in words or AMIRA in words] == []


# --- the machine ------------------------------------------------------------------------------------


@contextmanager
def running(*arguments: str, env: dict[str, str], says: Path) -> Iterator[subprocess.Popen[str]]:
    """A command of the product, ended as an operator ends it; what it says goes to a file."""
    with says.open("w") as words:
        process = processes.start(*arguments, env=env, stdout=words, stderr=words)
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(processes.PATIENCE) == 0, says.read_text()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def until_it_says(process: subprocess.Popen[str], words: str, says: Path) -> None:
    until = time.monotonic() + processes.PATIENCE
    while words not in says.read_text():
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            assert time.monotonic() < until, says.read_text()
            continue
        raise AssertionError(f"it ended:\n{says.read_text()}")


def tables_in(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    return int(row[0]) if row else 0


def at_a_browser(browser: Browser, address: str) -> Page:
    """A session of somebody's own. The first page waits until both web processes have started."""
    context = browser.new_context(base_url=address)
    context.set_default_timeout(processes.PATIENCE * 1000)
    return context.new_page()


# --- the people -------------------------------------------------------------------------------------


def the_admin_arrives(ada: Page, link: str) -> None:
    ada.goto(link)
    is_at(ada, f"Sign in as {ADA}")
    press(ada, "Sign in as")


def the_admin_chooses_a_name(ada: Page) -> None:
    is_at(ada, "Before you begin")
    ada.get_by_label("What are you called?").fill("Ada Lindqvist")
    press(ada, "Save and go on")
    is_at(ada, "Northwind")
    reads(ada, "No programme is running")


def the_admin_sets_the_first_programme_up(ada: Page) -> None:
    ada.goto("/northwind/")
    follow(ada, "Set up a programme")
    is_at(ada, "Who is it for?")
    ada.get_by_role("radio", name="Community").check()
    press(ada, "Go on")
    is_at(ada, "Name and dates")
    ada.get_by_label("Name of the programme").fill("Grow Together")
    press(ada, "Keep and go on")
    is_at(ada, "Questions")
    press(ada, "Go on with these")
    is_at(ada, "What it is not, and terms")
    press(ada, "Keep and go on")
    is_at(ada, "Help and people")
    expect(ada.get_by_role("checkbox", name="I coordinate this programme myself")).to_be_checked()
    press(ada, "Keep, write to them, go on")
    is_at(ada, "Look and open")
    reads(ada, "Ada Lindqvist")
    press(ada, "Finish and switch sign-up on")
    reads(ada, "Grow Together is set up, and sign-up opens as its dates say.")


def the_admin_invites_somebody(ada: Page) -> None:
    go_through(ada, "People")
    follow(ada, "Invite people")
    ada.get_by_label("Email addresses").fill(AMIRA)
    ada.get_by_label("Words of your own in the letter").fill(
        "We spoke at the library.\nCome and see – ça vaut la peine."
    )
    press(ada, "Send the invitations")
    reads(ada, "1 invitation is on its way.", AMIRA)


def the_letter_is_sound(post: PostOffice, address: str) -> str:
    """As the mail server took it: envelope, headers, both parts. The answer is the link in it."""
    envelope_from, letter = post.letter_to(AMIRA)
    assert envelope_from == SENDER
    assert letter["Subject"] == "Ada Lindqvist invites you to Grow Together"
    assert (letter["To"], letter["From"]) == (AMIRA, f"Grow Together <{SENDER}>")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[0-9a-f]{32}@localhost>", letter["Message-ID"])
    sent = parsedate_to_datetime(letter["Date"]).replace(tzinfo=UTC)  # "-0000": in world time
    assert abs(sent - datetime.now(UTC)) < timedelta(minutes=10)
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    plain, html = (words_of(letter, kind) for kind in ("plain", "html"))
    assert "Come and see – ça vaut la peine." in plain
    assert "Come and see – ça vaut la peine." in html
    [link] = re.findall(r"http\S+", plain)
    assert link.startswith(f"{address}/invitation/")
    assert re.findall(r'(?:href|src)="([^"]+)"', html) == [link]  # one link, and nothing fetched from anywhere
    return link


def words_of(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def the_invited_one_signs_up(amira: Page, link: str) -> None:
    amira.goto(link)
    is_at(amira, "You are invited to Grow Together")
    press(amira, "Accept the invitation")
    is_at(amira, "Before you begin")
    amira.get_by_label("What are you called?").fill("Amira Mansour")
    press(amira, "Save and go on")
    is_at(amira, "Welcome to Grow Together")
    expect(amira.get_by_label("Your name")).to_have_value("Amira Mansour")
    amira.get_by_role("radio", name="Partner: I would like").check()
    amira.get_by_role("radio", name="Yes, I am 18 or older").check()
    press(amira, "Begin")
    is_at(amira, "About you")
    amira.get_by_role("radio", name="By phone or video").check()
    press(amira, "Save and go on")
    is_at(amira, "What you would like")
    amira.get_by_label("What would you like some company with?").fill("Finding my way back into bookkeeping.")
    amira.get_by_role("checkbox", name="Finding work").check()
    press(amira, "Save and go on")
    is_at(amira, "Meeting")
    amira.get_by_role("checkbox", name="English").check()
    amira.get_by_role("checkbox", name="Wednesday evening").check()
    press(amira, "Save and go on")
    is_at(amira, "What this programme is not")
    press(amira, "I have read this, go on")
    amira.get_by_role("checkbox", name="I have read the terms and accept them").check()
    press(amira, "Accept and send")
    is_at(amira, "Your answers")


def the_admin_sees_them_among_the_people(ada: Page) -> None:
    go_through(ada, "People")
    row = ada.get_by_role("row").filter(has_text="Amira Mansour")
    expect(row).to_contain_text("Partner")
    expect(row).to_contain_text("Available")


def nobody_comes_in_twice(browser: Browser, address: str, *links: str) -> None:
    """Both links have done their work: in a third session they open nothing."""
    page = at_a_browser(browser, address)
    answers = [page.goto(link) for link in links]
    assert [answer.status for answer in answers if answer] == [410, 410]
    page.context.close()
