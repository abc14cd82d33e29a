"""What people really hand in: each on the command line, on the way for small and on the way for large problems. It is
refused in one sentence that names the place, or answered right and proven; nothing is ever half written."""

from collections.abc import Callable
from pathlib import Path

import pytest

import matchengine.cli
from matchengine import Problem, problem_to_json, receipt_from_json, solve
from matchengine.cli import main
from tests.engine.problems import by_distance

RULES = """\
id = "id"
capacity = "seats"

[[hard]]
kind = "differs"
column = "team"

[[criterion]]
kind = "text"
column = "goal"
"""
HEADER = "id,team,seats,goal\n"
Captured = pytest.CaptureFixture[str]
Desk = Callable[..., int]


@pytest.fixture(params=[0, 1_000_000], ids=["large way", "small way"])
def desk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The command in a folder with what is given; matched, and if that went well, verified."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(matchengine.cli, "SMALL", request.param)

    def run(mentees: str = "a,x,1,lead\n", mentors: str = "b,y,1,lead\n", rules: str = RULES, **options: str) -> int:
        Path("mentees.csv").write_text(HEADER + mentees, "utf-8")
        Path("mentors.csv").write_text(HEADER + mentors, "utf-8")
        Path("rules.toml").write_text(rules, "utf-8")
        inputs = ["--mentees", "mentees.csv", "--mentors", "mentors.csv", "--rules", "rules.toml"]
        given = {"out": "pairs.csv", "receipt": "receipt.json", **options}
        code = main(["match", *inputs, *(f"--{name}={value}" for name, value in given.items())])
        return code or main(["verify", given["receipt"], *inputs])

    return run


def pairs() -> dict[str, str]:
    told = receipt_from_json(Path("receipt.json").read_text("ascii"))
    return {pair.mentee: pair.mentor for pair in told.pairs}


@pytest.mark.row("M-17")
@pytest.mark.parametrize(
    ("mentees", "mentors", "placed"),
    [
        ("", "", {}),
        ("", "b,y,1,lead\n", {}),
        ("a,x,1,lead\n", "", {}),
        ("a,x,1,lead\n", "b,y,0,lead\n", {}),
        ("a,x,1,lead\nc,x,1,\n", "b,x,9,lead\nd,X ,9,\n", {}),
        ("a,x,1,lead\n", "a,y,1,lead\n", {}),
        ("a,x,1,lead\n", "b,y,999999,lead\n", {"a": "b"}),
        ("a,,,\n", "b,,1,\n", {"a": "b"}),
    ],
    ids=["nobody", "no mentee", "no mentor", "no seat", "all barred", "only oneself", "seats for all", "empty cells"],
)
def test_odd_tables_are_answered_and_proven(
    desk: Desk, capsys: Captured, mentees: str, mentors: str, placed: dict[str, str]
) -> None:
    code = desk(mentees, mentors)

    assert (code, pairs()) == (0, placed)
    assert capsys.readouterr().out.splitlines()[-1].startswith(f"Proven: {len(placed)} of {mentees.count(chr(10))} ")


@pytest.mark.row("M-17")
def test_texts_of_a_hundred_kilobytes_and_from_right_to_left_are_read_and_compared(desk: Desk) -> None:
    long, hebrew = "budget planning " * 6_500, "כתיבה יוצרת בעברית"
    mentees = f'long,x,1,"{long}"\nעמית,x,1,{hebrew}\n'
    mentors = f'1,y,1,"{long[::-1]} planning a budget"\n2,y,1,מורה לכתיבה יוצרת\n'

    code = desk(mentees, mentors)

    assert len(long) > 100_000
    assert (code, pairs()["עמית"], len(pairs())) == (0, "2", 2)


@pytest.mark.row("M-17")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"mentees": "a,x,1,\na,y,1,\n"}, 'mentees.csv, row 3, column "id": "a" is already in row 2'),
        ({"mentors": "b,x,1,\nb,x,1,\n"}, 'mentors.csv, row 3, column "id": "b" is already in row 2'),
        ({"mentees": ",x,1,\n"}, 'mentees.csv, row 2, column "id": there is no id'),
        ({"mentors": "b,y,-1,\n"}, 'mentors.csv, row 2, column "seats": "-1" is not a whole number from 0'),
        ({"mentors": "b,y,1e3,\n"}, 'mentors.csv, row 2, column "seats": "1e3" is not a whole number from 0'),
        ({"mentors": "b,y,٣,\n"}, 'mentors.csv, row 2, column "seats": "٣" is not a whole number from 0'),
        ({"rules": RULES.replace('"team"', '"unit"')}, 'mentees.csv, row 1, column "unit": there is no such column'),
        ({"rules": RULES + "weight = 11\n"}, 'rules.toml: the weight of "goal" must be a whole number from 0 to 10'),
        (
            {"rules": RULES + "weight = -1\n"},
            "rules.toml: [[criterion]] number 1: weight must be a whole number from 0 to 10",
        ),
        ({"rules": RULES + "weight = nan\n"}, "rules.toml: [[criterion]] number 1: weight must be a whole number"),
        ({"rules": RULES + "weight = 2.5\n"}, "rules.toml: [[criterion]] number 1: weight must be a whole number"),
        ({"rules": "text_cap = 101\n" + RULES}, "rules.toml: text_cap must be a whole number from 0 to 100"),
        ({"rules": RULES.replace('"seats"', "-1")}, "rules.toml: capacity must be a whole number from 0 to 1000000"),
        ({"rules": RULES.replace('"seats"', "inf")}, "rules.toml: capacity must be a whole number from 0 to 1000000"),
        ({"threads": "0"}, "threads must be a whole number from 1 to 256"),
        ({"out": "nowhere/pairs.csv"}, "nowhere/pairs.csv: nothing can be written there"),
        ({"receipt": "."}, ".: nothing can be written there"),
        ({"out": "mentees.csv"}, "mentees.csv: this is read, and is not written over"),
        ({"receipt": "./rules.toml"}, "rules.toml: this is read, and is not written over"),
    ],
    ids=lambda given: next(iter(given)) if isinstance(given, dict) else "",
)
def test_what_cannot_be_used_is_refused_in_one_sentence_and_nothing_is_written(
    desk: Desk, capsys: Captured, given: dict[str, str], said: str
) -> None:
    code = desk(**given)

    told = capsys.readouterr()
    assert (code, told.out, told.err.count("\n")) == (2, "", 1)
    assert told.err.startswith(f"matchengine: {said}")
    assert sorted(path.name for path in Path().iterdir()) == ["mentees.csv", "mentors.csv", "rules.toml"]


@pytest.mark.row("M-17")
@pytest.mark.parametrize("link", ["symlink_to", "hardlink_to"])
def test_a_table_is_not_written_over_by_another_of_its_names(desk: Desk, capsys: Captured, link: str) -> None:
    desk(out="first.csv")
    before = Path("mentors.csv").read_bytes()
    getattr(Path("pairs.csv"), link)("mentors.csv")

    assert desk(out="pairs.csv") == 2
    assert capsys.readouterr().err.endswith("pairs.csv: this is read, and is not written over\n")
    assert Path("mentors.csv").read_bytes() == before


@pytest.mark.row("M-17")
def test_pairs_and_receipt_are_written_together_or_not_at_all(desk: Desk, capsys: Captured) -> None:
    desk(out="pairs.csv", receipt="receipt.json")
    before = {path.name: path.read_bytes() for path in Path().iterdir()}
    capsys.readouterr()

    code = desk(out="pairs.csv", receipt="/dev/full", mentees="a,x,1,\n")

    assert (code, capsys.readouterr().err.splitlines()[-1]) == (
        2, "matchengine: [Errno 28] No space left on device: '/dev/full'"
    )  # fmt: skip
    assert {path.name: path.read_bytes() for path in Path().iterdir() if path.name != "mentees.csv"} == {
        name: content for name, content in before.items() if name != "mentees.csv"
    }


@pytest.mark.row("M-17")
@pytest.mark.parametrize("seed", ["x", "-1", "1.5", str(2**63), "٣"])
def test_a_seed_that_is_none_is_called_so(capsys: Captured, seed: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["match", "--mentees=a", "--mentors=b", "--rules=c", "--out=d", "--receipt=e", f"--seed={seed}"])

    assert stopped.value.code == 2
    assert f"{seed!r} is not a whole number from 0 to {2**63 - 1}" in capsys.readouterr().err


@pytest.mark.row("M-10")
@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity", "1" + "0" * 5000, "1" + "0" * 400])
def test_a_problem_with_a_number_that_is_none_is_refused_by_the_verifier(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured, number: str
) -> None:
    problem: Problem = by_distance({"a": 7}, {"b": 8})
    monkeypatch.chdir(tmp_path)
    Path("problem.json").write_text(problem_to_json(problem).replace(":7}", f":{number}}}"), "ascii")
    Path("receipt.json").write_text(matchengine.receipt_of(problem, solve(problem)).to_json(), "ascii")

    code = main(["verify", "receipt.json", "--problem", "problem.json"])

    told = capsys.readouterr()
    assert (code, told.out, told.err.startswith("matchengine: "), told.err.count("\n")) == (2, "", True, 1)
