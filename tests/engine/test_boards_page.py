"""Boards on the command line: the page runs as it is written, and bad input is refused with file, row and column."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from matchengine.cli import main

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "use" / "boards.md").read_text("utf-8")
Captured = pytest.CaptureFixture[str]
Desk = Callable[..., int]
MATCH = re.findall(r"^\$ matchengine (match .*)$", PAGE, re.MULTILINE)[0].split()
FILES = MATCH[1:7]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files of the page."""
    for name, text in re.findall(r"`([a-z]+\.(?:csv|toml))`:\n\n```\w+\n(.*?)```", PAGE, re.DOTALL):
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def change(desk: Path, name: str, old: str, new: str) -> None:
    text = (desk / name).read_text("utf-8")
    assert text.count(old) == 1
    (desk / name).write_text(text.replace(old, new), "utf-8")


@pytest.mark.row("M-17")
def test_every_command_says_and_writes_what_the_page_shows(desk: Path, capsys: Captured) -> None:
    (block,) = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    (pairs,) = re.findall(r"```csv\n(mentee,mentor.*?)```", PAGE, re.DOTALL)
    commands = re.findall(r"^\$ matchengine (.*)\n((?:[^$].*\n)*)", block, re.MULTILINE)

    assert [command.split()[0] for command, _ in commands] == ["match", "verify"]
    for command, shown in commands:
        code = main(command.split())
        told = capsys.readouterr()
        assert (code, told.out + told.err) == (0, shown)
    assert (desk / "pairs.csv").read_text("utf-8") == pairs


@pytest.mark.row("M-10")
def test_the_numbers_of_the_page_are_those_of_the_receipt(desk: Path, capsys: Captured) -> None:
    main(MATCH)
    receipt = (desk / "receipt.json").read_text("ascii")

    prices = dict(re.findall(r'"mentor":"(\w+)","price":(\d+)', receipt))
    gains = dict(re.findall(r'"gain":(\d+),"mentee":"(\w+)"', receipt))
    told = re.findall(r"^\| (\w+) \| .* \| (\d+) \|$", PAGE, re.MULTILINE)

    assert "ben {ben}, dan {dan}, eve {eve}".format(**prices) in PAGE
    assert {who: gain for gain, who in gains.items()} == dict(told)
    assert re.findall(r'"(?:per_person|value|bound)":(\d+)', receipt) == ["4270", "401", "4270"]


@pytest.mark.row("M-17")
def test_a_pair_that_is_not_made_has_a_price_on_the_command_line(desk: Path, capsys: Captured) -> None:
    main(MATCH)
    capsys.readouterr()

    code = main(["explain", "bea", "eve", "--receipt", "receipt.json", *FILES])

    assert (code, capsys.readouterr().out.splitlines()) == (
        0,
        [
            "bea and eve: 20 of 100",
            "Place: 20 of 100",
            "Together they would cost nothing.",
            "bea: from dan (60) to eve (20)",
            "amira: from eve (10) to dan (50)",
        ],
    )


@pytest.mark.row("M-17")
@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("0", '"0" is not a whole number from 1'),
        ("-1", '"-1" is not a whole number from 1'),
        ("1.5", '"1.5" is not a whole number from 1'),
        ("two", '"two" is not a whole number from 1'),
        ("", '"" is not a whole number from 1'),
        ("٣", '"٣" is not a whole number from 1'),
        ("9999999", '"9999999" is not a whole number from 1'),
        ("5", '"bea" wants 5 mentors, and there are 4'),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_file_row_and_column(
    desk: Path, capsys: Captured, cell: str, said: str
) -> None:
    change(desk, "mentees.csv", "bea,10,3,fay", f"bea,10,{cell},fay")

    code = main(MATCH)

    assert (code, capsys.readouterr().err) == (2, f'matchengine: mentees.csv, row 3, column "mentors wanted": {said}\n')
    assert not (desk / "pairs.csv").exists()


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "mentees.csv",
            "3,fay",
            "3,fay; fay",
            'mentees.csv, row 3, column "has already": a mentor whom "bea" has already is there twice',
        ),
        (
            "rules.toml",
            '"mentors wanted"',
            '"how many"',
            'mentees.csv, row 1, column "how many": there is no such column, and the rules name it',
        ),
        (
            "rules.toml",
            '"has already"',
            '"had"',
            'mentees.csv, row 1, column "had": there is no such column, and the rules name it',
        ),
        (
            "rules.toml",
            '"mentors wanted"',
            "0",
            "rules.toml: mentors_wanted must be a whole number from 1 to 1000000 or the name of a column",
        ),
        (
            "rules.toml",
            '"mentors wanted"',
            "true",
            "rules.toml: mentors_wanted must be a whole number from 1 to 1000000 or the name of a column",
        ),
        ("rules.toml", '"has already"', "1", "rules.toml: the rules: mentors_held must be given as text"),
        (
            "rules.toml",
            '"mentors wanted"',
            "7",
            'rules.toml: mentors_wanted: "amira" wants 7 mentors, and there are 3',
        ),
    ],
)
def test_boards_that_cannot_be_read_are_refused_with_their_place(
    desk: Path, capsys: Captured, name: str, old: str, new: str, said: str
) -> None:
    change(desk, name, old, new)

    code = main(MATCH)

    assert (code, capsys.readouterr().err) == (2, f"matchengine: {said}\n")


def test_a_number_in_the_rules_is_what_everybody_wants(desk: Path, capsys: Captured) -> None:
    change(desk, "rules.toml", '"mentors wanted"', "2")

    code = main(MATCH)

    assert (code, capsys.readouterr().out.splitlines()) == (
        0,
        ["amira\tfewer\t1 of 2 mentors: 2 more are open to them, without a seat left."],
    )


def test_an_objective_without_a_meaning_is_refused_and_nothing_is_written(desk: Path, capsys: Captured) -> None:
    code = main([*MATCH, "--objective", "maximin_then_best"])

    said = '"amira" wants 2 mentors, and maximin_then_best is for one mentor each; '
    assert (code, capsys.readouterr().err) == (2, f"matchengine: {said}most_then_best and best_total can be used\n")
    assert not (desk / "receipt.json").exists()


def test_a_mentor_who_is_a_mentee_too_wants_one_where_their_table_has_no_such_column(
    desk: Path, capsys: Captured
) -> None:
    change(desk, "mentors.csv", "id,place,seats", "id,place,seats,side")
    change(desk, "mentors.csv", "ben,0,1", "ben,0,1,both")
    change(desk, "mentors.csv", "dan,50,2", "dan,50,2,")
    change(desk, "mentors.csv", "eve,90,1", "eve,90,1,")
    change(desk, "rules.toml", "[[criterion]]\nname", '[both]\ncolumn = "side"\nvalue = "both"\n\n[[criterion]]\nname')

    code = main(MATCH)

    assert (code, capsys.readouterr().err) == (0, "4 of 4 placed, 4 pairs, 260 points in all, best possible.\n")
