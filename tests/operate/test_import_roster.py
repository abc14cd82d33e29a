"""`twoway import-roster`: one line a row, and an exit code that a script can go by."""

import subprocess
import sys
from pathlib import Path

import pytest
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.operate import processes
from twoway.operate.cli import main
from twoway.outbox.models import Delivery
from twoway.signup import fields
from twoway.signup.models import Answer, Application, Roster
from twoway.signup.queries.roster import alike_before

pytestmark = pytest.mark.row("F-10")

ROSTERS = Path(__file__).parents[1] / "signup" / "rosters"
GROW = ["--programme", "northwind/grow-together"]
GUESSED = "No earlier file has these columns, so they are guessed:"
MIXED = "name,email,grade\nAnn,ann@example.org,EO\nBob,bob@example,Blue\nCat,cat@example.org,E0\n"


@pytest.fixture
def grade(cast: Cast) -> None:
    with scopes_disabled():
        form = factories.form(cast.grow)
        factories.question(form, "Grade", "ordered", options=fields.new_options(["EO", "HEO"]))


def expected_people() -> list[tuple[str, str]]:
    with scopes_disabled():
        return list(Application.objects.filter(source="roster").order_by("pk").values_list("address", "role"))


@pytest.fixture
def mixed(tmp_path: Path) -> str:
    path = tmp_path / "mixed.csv"
    path.write_text(MIXED)
    return str(path)


def test_good_rows_are_kept_with_a_line_each(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["import-roster", str(ROSTERS / "mentors.csv"), *GROW, "--as", "mentor"])

    assert code == 0
    assert capsys.readouterr().out == "2\tgood\t\t\n3\tgood\t\t\n"
    assert expected_people() == [("ruth.eze@example.org", "mentor"), ("jon.falk@example.org", "either")]
    with scopes_disabled():
        assert (Roster.objects.get().state, Delivery.objects.count()) == ("kept", 0)


def test_taken_again_it_says_that_they_are_here(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["import-roster", str(ROSTERS / "mentors.csv"), *GROW, "--as", "mentor"]
    main(command)
    capsys.readouterr()

    code = main(command)

    assert code == 0
    assert capsys.readouterr().out == ("2\tgood\t\tAlready here: unchanged.\n3\tgood\t\tAlready here: unchanged.\n")
    assert len(expected_people()) == 2


def test_the_columns_are_what_they_were_in_the_last_file_with_the_same_headers(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "spring.csv"
    path.write_text("Known as,Name,Mail,Shoe size\nAnni,Ann Ode,ann@example.org,38\n")
    command = ["import-roster", str(path), *GROW, "--dry-run"]
    main(command)
    guessed = capsys.readouterr().err.splitlines()
    with scopes_disabled():
        Roster.objects.create(
            intake=cast.autumn, file_name="autumn.csv", headers=["Mail", "Known as", "Name", "Shoe size"],
            mapping={"0": "address", "1": "name", "2": "", "3": "new:short"}, state="kept",
            columns_said=True, made_at=factories.NOW,
            new_questions={"3": {"kind": "short", "label": "Shoe size", "options": [], "audience": "matching"}},
        )  # fmt: skip

    main(command)

    assert guessed[:3] == [
        GUESSED,
        "Known as: left out",
        "Name: name",
    ]
    assert capsys.readouterr().err.splitlines() == [
        "Columns as they were for autumn.csv on 2026-11-23:", "Known as: name", "Name: left out", "Mail: address",
        "Shoe size: left out", "checked 1 of 1", "Nothing was stored.",
    ]  # fmt: skip


def test_what_a_command_guessed_is_not_remembered_as_if_somebody_had_said_it(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["import-roster", str(ROSTERS / "mentors.csv"), *GROW, "--as", "mentor"]
    main(command)
    first = capsys.readouterr().err.splitlines()[0]

    main(command)

    with scopes_disabled():
        kept = Roster.objects.order_by("pk").first()
        assert (first, capsys.readouterr().err.splitlines()[0]) == (GUESSED, GUESSED)
        assert kept is not None and alike_before(Roster(intake=cast.autumn, headers=kept.headers)) is None


def test_nothing_is_stored_while_a_row_is_not_good(
    cast: Cast, grade: None, mixed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["import-roster", mixed, *GROW])

    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert code == 1
    assert lines == [
        ["2", "good", "", ""],
        ["3", "refused", "email, grade",
         "This is not an email address, such as name@example.org. “Blue” is not one of the choices."],
        ["4", "mendable", "grade", "“E0” is not one of the choices."],
    ]  # fmt: skip
    assert expected_people() == []
    with scopes_disabled():
        assert Roster.objects.count() == 0


def test_the_good_ones_are_kept_where_that_is_asked(cast: Cast, grade: None, mixed: str) -> None:
    code = main(["import-roster", mixed, *GROW, "--keep-good", "--as", "mentee"])

    assert (code, expected_people()) == (1, [("ann@example.org", "mentee")])
    with scopes_disabled():
        assert Answer.objects.get().value == "eo"


def test_a_dry_run_stores_nothing(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["import-roster", str(ROSTERS / "mentees.csv"), *GROW, "--dry-run"])

    assert (code, len(capsys.readouterr().out.splitlines()), expected_people()) == (0, 4, [])


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"email\n", b'email,a\nx@example.org,"cut', b"PK\x03\x04"])
def test_what_is_no_table_ends_with_two_and_one_sentence(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    (tmp_path / "list.csv").write_bytes(content)

    code = main(["import-roster", str(tmp_path / "list.csv"), *GROW])

    said = capsys.readouterr()
    assert (code, said.out, len(said.err.splitlines())) == (2, "", 1)
    assert said.err.startswith("twoway: list.csv: ")


def test_a_file_or_a_programme_that_is_not_there_is_said(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    file, place = str(ROSTERS / "mentees.csv"), ["--programme", "northwind/nowhere"]

    assert main(["import-roster", "nowhere.csv", *GROW]) == 2
    assert main(["import-roster", file, *place]) == 2

    assert capsys.readouterr().err.splitlines() == [
        "twoway: nowhere.csv cannot be read: No such file or directory",
        "twoway: There is no programme 'northwind/nowhere'. Write it as in its address: organisation/programme.",
    ]


def test_without_settings_it_ends_as_every_command_does(tmp_path: Path) -> None:
    env = processes.environment(tmp_path, TWOWAY_SECRET_KEY="")

    ends = [
        processes.run(*words, env=env)
        for words in (
            ("import-roster", str(ROSTERS / "mentees.csv"), *GROW),
            ("new-organisation", "Northwind", "--admin", "ada@northwind.example"),
            ("worker", "--once"),
            ("serve",),
        )
    ]

    assert [(end.returncode, end.stdout, end.stderr.split()[1]) for end in ends] == [(2, "", "TWOWAY_SECRET_KEY")] * 4


WEIGHED = """
import os, pathlib, resource, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "twoway.settings"
import django
django.setup()
from django.core.management import call_command
from django_scopes import scopes_disabled
call_command("migrate", verbosity=0)
from tests import factories
from django.utils import timezone
from twoway.signup.actions import keeping, roster as actions
from twoway.signup.models import Application, Roster
from twoway.signup.tasks import work_on_rosters
with scopes_disabled():
    intake = factories.intake(factories.programme(factories.organisation()))
    somebody = factories.person("Somebody")
    about = "words " * 40
    lines = [f'p{n}@example.org,Person {n},{"yes" if n % 3 else "no"},Team {n % 9},"{about}"' for n in range(10_000)]
    content = ("email,name,both mentor and mentee,team,about\\n" + "\\n".join(lines)).encode()
    actions.bring_in_roster(intake=intake, file_name="people.csv", content=content, as_role="mentee", sheet="",
                            by=somebody, now=timezone.now())
    work_on_rosters(timezone.now())
    actions.ask_for_check(roster=Roster.objects.get())
    work_on_rosters(timezone.now())
    keeping.ask_to_keep(roster=Roster.objects.get(), by=somebody)
    work_on_rosters(timezone.now())
    # The peak of this process alone: Linux counts the parent's into ru_maxrss of what it started.
    status = pathlib.Path("/proc/self/status")
    peak = [int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")] if (
        status.exists()) else [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024]
    megabytes = peak[0] // 1024
    print(Application.objects.filter(source="roster").count(), megabytes)
"""


@pytest.mark.slow
@pytest.mark.row("U-07")
def test_ten_thousand_rows_need_less_than_300_megabytes(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    given = {"TWOWAY_SECRET_KEY": "only-for-tests", "TWOWAY_DATA": str(tmp_path), "PYTHONPATH": f"{root}/src:{root}"}

    done = subprocess.run([sys.executable, "-c", WEIGHED], env=given, cwd=root, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    people, megabytes = map(int, done.stdout.split())
    assert people == 10_000
    assert megabytes < 300
