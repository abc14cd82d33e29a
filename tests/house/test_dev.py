"""The logic of dev.py and of the closing line; neither an environment nor a suite is run here."""

import re
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

import dev
from tests import gate, tally
from tests.tally import Tally

PASSES = '<testcase classname="tests.a" name="test_one"/>'
FAILS = '<testcase classname="tests.a" name="test_two"><failure message="2 != 3&#10;more"/></testcase>'
SKIPS = '<testcase classname="tests.a" name="test_three"><skipped message="no clock here"/></testcase>'


@pytest.fixture
def python(tmp_path: Path) -> Path:
    python = tmp_path / "python"
    python.touch()
    return python


@pytest.fixture
def wished(tmp_path: Path) -> dict[str, str]:
    return dev.wish(None, "product", tmp_path / ".venv", "3.11")


def report(folder: Path, *cases: str) -> Path:
    path = folder / "report.xml"
    path.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
    return path


def test_environment_that_bears_its_wish_is_left_alone(python: Path, wished: dict[str, str]) -> None:
    assert dev.next_step(dict(wished), wished, python) == "nothing"


def test_environment_without_a_stamp_was_never_finished(python: Path, wished: dict[str, str]) -> None:
    assert dev.next_step(None, wished, python) == "everything"


def test_environment_whose_python_is_gone_is_made_again(tmp_path: Path, wished: dict[str, str]) -> None:
    assert dev.next_step(dict(wished), wished, tmp_path / "gone") == "everything"


@pytest.mark.parametrize(
    ("changed", "step"),
    [
        ("python", "everything"),
        ("where", "everything"),
        ("set", "packages"),
        ("locked", "packages"),
        ("project", "project"),
    ],
)
def test_environment_is_mended_no_further_than_needed(
    python: Path, wished: dict[str, str], changed: str, step: str
) -> None:
    stamp = {**wished, changed: "something older"}

    assert dev.next_step(stamp, wished, python) == step


def test_broken_stamp_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / dev.STAMP).write_text('{"set": "te')

    assert dev.read_stamp(tmp_path) is None


@pytest.mark.parametrize(
    ("has", "wanted", "chosen"),
    [
        (None, "product", "product"),
        (None, "test", "test"),
        ("product", "test", "test"),
        ("test", "product", "test"),
        ("product", "product", "product"),
    ],
)
def test_environment_with_test_tools_keeps_them(tmp_path: Path, has: str | None, wanted: str, chosen: str) -> None:
    stamp = {"set": has} if has else None

    assert dev.wish(stamp, wanted, tmp_path, "3.11")["set"] == chosen


def test_environment_behind_a_link_is_somebody_elses(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / ".venv").symlink_to(tmp_path / "theirs")

    python = dev.environment("test", tmp_path / ".venv")

    assert python.is_relative_to(tmp_path / ".venv")
    assert list((tmp_path / "theirs").iterdir()) == []


def test_digest_tells_where_one_file_ends(tmp_path: Path) -> None:
    for name, text in {"a": "one", "b": "two", "c": "onet", "d": "wo"}.items():
        (tmp_path / name).write_text(text)

    first = dev.digest(tmp_path / "a", tmp_path / "b")

    assert first == dev.digest(tmp_path / "a", tmp_path / "b")
    assert first != dev.digest(tmp_path / "c", tmp_path / "d")


def test_unknown_command_is_refused_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    code = dev.main(["tset"])

    said = capsys.readouterr()
    assert code == 2
    assert said.out == ""
    assert "'tset'" in said.err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    dev.main(["tset"])
    commands = capsys.readouterr().err.partition("There are: ")[2].strip().rstrip(".").split(", ")

    named = re.findall(r"^  python3 dev\.py (\w+)", dev.__doc__ or "", re.MULTILINE)

    assert sorted(named) == sorted(commands)
    assert "bench" in commands


def test_lists_have_the_same_version_of_what_both_name() -> None:
    def pinned(name: str) -> set[str]:
        lines = (dev.REQUIREMENTS / name).read_text().splitlines()
        return {line.split()[0] for line in lines if "==" in line and not line.startswith(("#", " "))}

    assert pinned("product.txt") - pinned("test.txt") == set()


def test_closing_line_adds_everything_up() -> None:
    runs = [Tally(passed=2, failures=["a"]), Tally(passed=3, skips=["b", "c"]), tally.of_check("ruff", 0)]

    assert tally.total(runs).closing_line() == "6 passed, 1 failed, 2 skipped"


def test_closing_line_speaks_of_skips_only_when_there_are_some() -> None:
    assert Tally(passed=4).closing_line() == "4 passed, 0 failed"


def test_run_of_nothing_is_not_good() -> None:
    assert not Tally().is_good()
    assert not Tally(passed=3, failures=["a"]).is_good()
    assert Tally(passed=1).is_good()


def test_report_is_counted_with_reasons(tmp_path: Path) -> None:
    counted = tally.of_pytest("SQLite", 1, report(tmp_path, PASSES, FAILS, SKIPS))

    assert counted == Tally(
        passed=1,
        failures=["SQLite: tests/a::test_two: 2 != 3"],
        skips=["SQLite: tests/a::test_three: no clock here"],
    )


def test_test_that_fails_twice_counts_once(tmp_path: Path) -> None:
    again = '<testcase classname="tests.a" name="test_two"><error message="and its clearing up"/></testcase>'

    counted = tally.of_pytest("SQLite", 1, report(tmp_path, FAILS, again))

    assert counted == Tally(failures=["SQLite: tests/a::test_two: 2 != 3"])


def test_test_that_passes_and_breaks_clearing_up_has_failed(tmp_path: Path) -> None:
    broken = '<testcase classname="tests.a" name="test_one"><error message="left open"/></testcase>'

    counted = tally.of_pytest("SQLite", 1, report(tmp_path, PASSES, broken))

    assert counted == Tally(failures=["SQLite: tests/a::test_one: left open"])


def test_run_without_a_report_has_failed(tmp_path: Path) -> None:
    counted = tally.of_pytest("browser", 4, tmp_path / "none.xml")

    assert counted == Tally(failures=["browser: the run broke with exit code 4"])


def test_run_that_breaks_after_its_tests_has_failed(tmp_path: Path) -> None:
    counted = tally.of_pytest("SQLite", 3, report(tmp_path, PASSES))

    assert counted == Tally(passed=1, failures=["SQLite: the run broke with exit code 3"])


def test_empty_run_fails_unless_somebody_chose_the_tests(tmp_path: Path) -> None:
    empty = report(tmp_path)

    assert tally.of_pytest("browser", 5, empty) == Tally(failures=["browser: no test ran"])
    assert tally.of_pytest("browser", 5, empty, may_be_empty=True) == Tally()


def test_parts_are_both_databases_the_browser_and_the_checks() -> None:
    names = [part.name for part in gate.chosen_parts(quick=False, also=None, extra=[])]

    assert names[:3] == ["tests on PostgreSQL", "browser tests", "ruff check"]
    assert names[-2:] == ["tests on SQLite", "tests without a database"]
    assert {"types", "import contracts", "migrations"} <= set(names)


def test_each_test_is_chosen_by_a_part_for_every_database_it_asks_for() -> None:
    parts = [part for part in gate.chosen_parts(quick=False, also=None, extra=[]) if part.is_pytest]
    marks = {part.name: part.command[part.command.index("-m", part.command.index("pytest")) + 1] for part in parts}

    def choosing(**item: bool) -> list[str]:
        return [name for name, chosen in marks.items() if Expression.compile(chosen).evaluate(item.__getitem__)]

    assert choosing(database=True, browser=False) == ["tests on PostgreSQL", "tests on SQLite"]
    assert choosing(database=False, browser=False) == ["tests without a database"]
    assert choosing(database=True, browser=True) == choosing(database=False, browser=True) == ["browser tests"]


def test_with_a_second_python_each_runs_all_that_needs_a_database() -> None:
    parts = gate.chosen_parts(quick=False, also="newer/bin/python", extra=[])
    newer = [part.name for part in parts if "newer/bin/python" in part.command]

    assert newer == ["tests on SQLite in newer", "quick tests without a database in newer"]
    assert [part.name for part in parts if part.is_pytest and part.name not in newer] == [
        "tests on PostgreSQL", "browser tests", "tests without a database",
    ]  # fmt: skip


def test_words_for_pytest_leave_the_checks_out() -> None:
    parts = gate.chosen_parts(quick=True, also=None, extra=["tests/house", "-k", "dev"])

    assert [part.name for part in parts] == ["quick tests on SQLite"]
    assert parts[0].command[-3:] == ["tests/house", "-k", "dev"]


def test_operators_settings_do_not_reach_the_tests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TWOWAY_DATABASE_URL", "postgresql://live.example.org/people")
    monkeypatch.setenv("TWOWAY_CHROMIUM", "/opt/chromium")

    variables = gate.variables_for(gate.Part("types", ["mypy"]), tmp_path)

    assert "TWOWAY_DATABASE_URL" not in variables
    assert variables["TWOWAY_CHROMIUM"] == "/opt/chromium"
