"""Unsafe settings are refused with a clear word each."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.operate import processes
from twoway.operate import checks, database, founding
from twoway.operate.checks import kind_of_drive, settings_findings
from twoway.operate.trouble import Trouble
from twoway.people.models import Organisation

pytestmark = pytest.mark.row("P-02")

GOOD = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH",
    "DEMO": False,
    "HTTPS": True,
    "ADDRESS": "https://mentoring.example.org",
    "ALLOWED_HOSTS": ["mentoring.example.org"],
    "TRUSTED_PROXIES": 1,
    "MAIL_KIND": "smtp",
    "EMAIL_HOST": "mail.example.org",
    "EMAIL_PORT": 587,
    "EMAIL_USE_TLS": True,
    "EMAIL_USE_SSL": False,
    "EMAIL_HOST_PASSWORD": "hidden",
    "DEFAULT_FROM_EMAIL": "Twoway <mentoring@example.org>",
    "TIME_ZONE": "Europe/Lisbon",
    "TEXT_MODEL": "",
}


@pytest.fixture
def good(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in [name for name in os.environ if name.startswith("TWOWAY_")]:
        monkeypatch.delenv(name)
    for name, value in {**GOOD, "DATA": tmp_path}.items():
        setattr(settings, name, value)
    return settings


def worst() -> list[str]:
    """Everything that is not good, as its level and the word it begins with."""
    return [f"{found.level} {found.words.split()[0]}" for found in settings_findings() if found.level != "good"]


def test_good_settings_are_good(good: Any) -> None:
    assert worst() == []
    checks.refuse_if_unsafe()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECRET_KEY", "short", "fault TWOWAY_SECRET_KEY"),
        ("SECRET_KEY", "a" * 60, "fault TWOWAY_SECRET_KEY"),
        ("DEMO", True, "fault TWOWAY_DEMO"),
        ("TRUSTED_PROXIES", 0, "warning TWOWAY_TRUSTED_PROXIES"),
        ("MAIL_KIND", "file", "warning TWOWAY_MAIL_URL"),
        ("DEFAULT_FROM_EMAIL", "Twoway <twoway@localhost>", "fault TWOWAY_MAIL_FROM"),
        ("DEFAULT_FROM_EMAIL", "nonsense", "fault TWOWAY_MAIL_FROM"),
        ("DEFAULT_FROM_EMAIL", "Mentoring <a@b@c>", "fault TWOWAY_MAIL_FROM"),
        ("EMAIL_USE_TLS", False, "fault TWOWAY_MAIL_URL"),
        ("ALLOWED_HOSTS", ["mentoring.example.org", "*"], "fault TWOWAY_ALSO_KNOWN_AS"),
        ("TIME_ZONE", "Lisbon", "fault TWOWAY_TIME_ZONE"),
        ("DATA", Path(__file__), "fault TWOWAY_DATA"),
        ("DATA", Path("/proc/nothing"), "fault TWOWAY_DATA"),
    ],
)
def test_each_unsafe_setting_is_named(good: Any, name: str, value: Any, said: str) -> None:
    setattr(good, name, value)

    assert worst() == [said]


def test_an_unprotected_address_is_refused_unless_it_is_this_machine(good: Any) -> None:
    good.HTTPS = False

    good.ADDRESS, good.ALLOWED_HOSTS = "http://mentoring.example.org", ["mentoring.example.org"]
    assert worst() == ["fault TWOWAY_ADDRESS"]
    good.ADDRESS, good.ALLOWED_HOSTS = "http://localhost:8000", ["localhost"]
    assert worst() == ["warning TWOWAY_ADDRESS"]


def test_letters_in_the_open_are_fine_on_this_machine_alone_and_a_warning_where_no_password_travels(good: Any) -> None:
    good.EMAIL_USE_TLS = False
    good.EMAIL_HOST_PASSWORD = ""
    assert worst() == ["warning TWOWAY_MAIL_URL"]

    good.EMAIL_HOST, good.EMAIL_HOST_PASSWORD = "localhost", "hidden"

    assert worst() == []


def test_a_clock_file_is_refused(good: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOWAY_CLOCK_FILE", "clock")

    assert worst() == ["fault TWOWAY_CLOCK_FILE"]


def test_a_fault_stops_serving_and_a_warning_does_not(good: Any, capsys: pytest.CaptureFixture[str]) -> None:
    good.MAIL_KIND = "file"
    checks.refuse_if_unsafe()
    good.SECRET_KEY = "short"
    with pytest.raises(Trouble, match=r"Not started: 1 unsafe setting\."):
        checks.refuse_if_unsafe()

    said = [line.split(": ")[1] for line in capsys.readouterr().err.splitlines()]
    assert said == ["warning", "fault", "warning"]


def test_kind_of_drive_is_that_of_the_nearest_mount(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"disk / ext4 rw 0 0\nserver:/x {tmp_path}/far nfs4 rw 0 0\n")

    assert kind_of_drive(tmp_path / "far" / "twoway.sqlite3", mounts) == "nfs4"
    assert kind_of_drive(tmp_path / "near.sqlite3", mounts) == "ext4"
    assert kind_of_drive(tmp_path, tmp_path / "no such file") == ""


@pytest.mark.django_db
def test_the_tables_of_a_new_version_are_up_to_date() -> None:
    database.reach()

    assert (database.is_new(), database.steps_missing()) == (False, 0)


def test_a_name_that_is_no_setting_is_told_with_the_one_it_is_near(good: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOWAY_ADRESS", "https://mentoring.example.org")

    said = [found.words for found in settings_findings() if found.level != "good"]

    assert said == ["TWOWAY_ADRESS is no setting of Twoway, so it does nothing. Did you mean TWOWAY_ADDRESS?"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TWOWAY_TIME_ZONE", "Mars/Base", "TWOWAY_TIME_ZONE 'Mars/Base' is no time zone; use one like Europe/Lisbon."),
        (
            "TWOWAY_LOG_LEVEL", "LOUD",
            "TWOWAY_LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL, not 'LOUD'.",
        ),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_read_is_one_sentence(tmp_path: Path, name: str, value: str, said: str) -> None:
    env = processes.environment(tmp_path, **{name: value})

    check, serve = processes.run("check", env=env), processes.run("serve", env=env)

    faults = [line for line in check.stdout.splitlines() if not line.startswith("warning ")]
    assert (check.returncode, faults) == (1, [f"fault    {said}"])
    assert (serve.returncode, serve.stderr) == (2, f"twoway: {said}\n")


def test_one_run_names_every_setting_that_cannot_be_read_or_is_unsafe(tmp_path: Path) -> None:
    env = processes.environment(
        tmp_path, TWOWAY_ADDRESS="mentoring", TWOWAY_DATABASE_URL="postgresql://twoway:hidden@host:port/x",
        TWOWAY_MAIL_URL="ftp://twoway:hidden@host", TWOWAY_TIME_ZONE="Mars/Base", TWOWAY_TRUSTED_PROXIES="9",
        TWOWAY_DEMO="perhaps", TWOWAY_LOG_LEVEL="LOUD", TWOWAY_SECRET_KEY="short", TWOWAY_CLOCK_FILE="clock",
        TWOWAY_ADRESS="https://mentoring.example.org",
    )  # fmt: skip

    check, serve = processes.run("check", env=env), processes.run("serve", env=env)

    said = [tuple(line.split()[:2]) for line in check.stdout.splitlines()]
    unreadable = ["DEMO", "DATABASE_URL", "MAIL_URL", "TIME_ZONE", "TRUSTED_PROXIES", "ADDRESS", "LOG_LEVEL"]
    assert (check.returncode, check.stderr, "hidden" in check.stdout) == (1, "", False)
    assert said == [
        *(("fault", f"TWOWAY_{name}") for name in unreadable),
        ("fault", "TWOWAY_SECRET_KEY"), ("fault", "TWOWAY_CLOCK_FILE"), ("warning", "TWOWAY_ADRESS"),
    ]  # fmt: skip
    assert [line.split()[1] for line in serve.stderr.splitlines()] == [f"TWOWAY_{name}" for name in unreadable]


def test_a_missing_key_hides_nothing_else(tmp_path: Path) -> None:
    env = processes.environment(tmp_path, TWOWAY_SECRET_KEY="", TWOWAY_ADDRESS="http://mentoring.example.org")

    check = processes.run("check", env=env)

    said = [tuple(line.split()[:2]) for line in check.stdout.splitlines()]
    assert said == [
        ("fault", "TWOWAY_SECRET_KEY"), ("fault", "TWOWAY_ADDRESS"), ("warning", "TWOWAY_MAIL_URL"),
    ]  # fmt: skip


def test_an_address_to_listen_on_is_refused_before_tables_are_made(tmp_path: Path) -> None:
    done = processes.run("serve", "--bind", "foo", env=processes.environment(tmp_path / "data"))

    assert done.stderr == "twoway: --bind 'foo' is not HOST:PORT, such as 127.0.0.1:8000.\n"
    assert not (tmp_path / "data").exists()


@pytest.mark.django_db
@pytest.mark.row("P-02")
def test_a_second_organisation_of_the_same_name_is_asked_about(capsys: pytest.CaptureFixture[str]) -> None:
    founding.run(name="Northwind", admin="ann@northwind.example")
    with pytest.raises(Trouble, match="There is an organisation called northwind already"):
        founding.run(name="northwind", admin="ann@northwind.example")
    founding.run(name="Northwind", admin="ann@northwind.example", same_name=True)

    assert Organisation.objects.count() == 2
