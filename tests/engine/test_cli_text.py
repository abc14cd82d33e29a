"""The command with a text model: matched by meaning, proven with it, and said where it was not asked again."""

from pathlib import Path

import pytest

from matchengine import problem_to_json, read_problem
from matchengine.cli import main
from matchengine.text.folder import seal
from matchengine.text.models import open_model
from matchengine.text.reader import read_texts
from tests.engine.compass import make_folder
from tests.engine.test_manual import commands_in

pytestmark = pytest.mark.row("M-17")

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "run" / "text-model.md"

MENTEES = "id,goal\namira,Look after money\ndora,Speak before an audience\n"
MENTORS = "id,offer\nben,Vortrag und voice\ncleo,Budgets and accounts\n"
RULES = """
id = "id"
capacity = 1
text_cap = 100

[[criterion]]
name = "Goal"
kind = "text"
mentee = "goal"
mentor = "offer"
"""


@pytest.fixture
def tables(tmp_path: Path) -> list[str]:
    options = []
    for name, text in (("mentees.csv", MENTEES), ("mentors.csv", MENTORS), ("rules.toml", RULES)):
        (tmp_path / name).write_text(text)
        options += [f"--{name.split('.')[0]}", str(tmp_path / name)]
    return options


@pytest.fixture
def model(tmp_path: Path) -> str:
    seal(make_folder(tmp_path / "model"), "compass")
    return str(tmp_path / "model")


def test_match_verify_and_explain_by_meaning(
    tables: list[str], model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = str(tmp_path / "receipt.json")
    by_meaning = [*tables, "--text-model", model]

    assert main(["match", *by_meaning, "--out", str(tmp_path / "pairs.csv"), "--receipt", receipt]) == 0
    pairs = (tmp_path / "pairs.csv").read_text().splitlines()
    assert pairs[1:] == [
        "amira,cleo,100,100,Goal: 100 of 100 (Look after money / Budgets and accounts)",
        "dora,ben,100,100,Goal: 100 of 100 (Speak before an audience / Vortrag und voice)",
    ]
    capsys.readouterr()

    assert main(["verify", receipt, *by_meaning]) == 0
    assert capsys.readouterr().out.count("\n") == 1
    assert main(["explain", "amira", "ben", "--receipt", receipt, *by_meaning]) == 0
    assert "Goal: 0 of 100 (nothing met)" in capsys.readouterr().out


def test_the_check_with_the_model_runs_as_the_manual_writes_it(
    tables: list[str], model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    main(["match", *tables, "--text-model", model, "--out", "pairs.csv", "--receipt", "receipt.json"])
    [check] = commands_in(MANUAL.read_text("utf-8"))
    here = [model if word == "/var/lib/twoway/text-model" else word for word in check]
    capsys.readouterr()

    assert (here.count(model), main(here)) == (1, 0)
    assert capsys.readouterr().out.startswith("Proven: 2 of 2")


def test_without_the_model_the_tables_alone_prove_nothing(
    tables: list[str], model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = str(tmp_path / "receipt.json")
    out = ["--out", str(tmp_path / "pairs.csv"), "--receipt", receipt]
    assert main(["match", *tables, "--text-model", model, *out]) == 0
    capsys.readouterr()

    assert main(["verify", receipt, *tables]) == 1
    assert "the texts were read by another model." in capsys.readouterr().out


def test_the_problem_in_one_file_proves_it_and_says_what_was_not_asked_again(
    tables: list[str], model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt, problem = str(tmp_path / "receipt.json"), tmp_path / "problem.json"
    out = ["--out", str(tmp_path / "pairs.csv"), "--receipt", receipt]
    assert main(["match", *tables, "--text-model", model, *out]) == 0
    files = [tmp_path / name for name in ("mentees.csv", "mentors.csv", "rules.toml")]
    problem.write_text(problem_to_json(read_texts(read_problem(*files), open_model(model))))
    capsys.readouterr()

    assert main(["verify", receipt, "--problem", str(problem)]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "The texts count by the numbers that compass gave them, as the problem keeps them: the points were counted "
        "again from these numbers, but the texts were not read again."
    ]


def test_a_model_that_cannot_be_used_is_said_in_one_sentence(
    tables: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "pairs.csv"), "--receipt", str(tmp_path / "receipt.json")]

    assert main(["match", *tables, "--text-model", str(tmp_path / "nowhere"), *out]) == 2
    assert capsys.readouterr().err == (
        f"matchengine: {tmp_path / 'nowhere'} holds no sealed text model: text-model.json is missing\n"
    )
    assert not (tmp_path / "pairs.csv").exists()
