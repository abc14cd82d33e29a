"""What the manuals of the command say is true: each command runs as it is written, the rules shown can be read, and
every kind the engine knows is named."""

import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest

from matchengine import CRITERION_KINDS, LIMIT_KINDS, OBJECTIVES, problem_to_json, read_problem
from matchengine.cli import main

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
MANUAL = (ROOT / "docs" / "use" / "matchengine.md").read_text("utf-8")
FIRST_STEPS = EXAMPLES / "first-steps"

pytestmark = pytest.mark.row("M-17")


def commands_in(page: str) -> list[list[str]]:
    """The arguments of each `matchengine` command that stands on lines of its own, continued lines made one."""
    lines = re.sub(r"\\\n#? *", " ", page).splitlines()
    found = [re.match(r"(?:\$ |    |#   )matchengine (.*)", line) for line in lines]
    return [shlex.split(one[1]) for one in found if one]


@pytest.mark.parametrize(("name", "many"), [("README.md", 3), ("docs/use/matchengine.md", 4)])
def test_each_command_runs_as_it_is_written(
    name: str, many: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(FIRST_STEPS, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    commands = commands_in((ROOT / name).read_text("utf-8"))

    codes = [main(command) for command in commands]

    said = capsys.readouterr().out
    assert codes == [0] * many
    assert "Proven: 5 of 6 people are placed" in said
    assert "Together they would cost 110 of the total points." in said


def test_the_check_of_a_downloaded_round_runs_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(FIRST_STEPS, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    files = ["mentees.csv", "mentors.csv", "rules.toml"]
    main(commands_in(MANUAL)[0])
    Path("problem.json").write_text(problem_to_json(read_problem(*map(Path, files))), "utf-8")
    [check] = commands_in((ROOT / "docs" / "use" / "matching.md").read_text("utf-8"))

    assert main(check) == 0


def test_the_example_of_the_civil_service_runs_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)

    [command] = commands_in((EXAMPLES / "civil-service.toml").read_text("utf-8"))

    assert (main(command), Path("pairs.csv").exists()) == (0, True)


def test_no_page_has_a_command_that_nothing_runs() -> None:
    """Those of `certificate`, `boards`, `wishes`, `cluster` and `text-model` run in tests of theirs."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    found = {page.name: [one[0] for one in commands_in(page.read_text("utf-8"))] for page in pages}

    assert {name: commands for name, commands in found.items() if commands} == {
        "README.md": ["match", "verify", "explain"],
        "matchengine.md": ["match", "verify", "explain", "match"],
        "matching.md": ["verify"],
        "certificate.md": ["match", "verify"],
        "boards.md": ["match", "verify"],
        "wishes.md": ["match", "verify"],
        "cluster.md": ["match", "match"],
        "text-model.md": ["verify"],
    }


def test_the_rules_it_shows_are_those_of_the_first_steps() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", MANUAL, re.DOTALL)[:3]

    shown = tomllib.loads("\n".join(blocks))

    kept = tomllib.loads((FIRST_STEPS / "rules.toml").read_text("utf-8"))
    asked_back = shown["criterion"][0].pop("both")
    assert (shown, asked_back) == (kept, True)


def test_every_kind_and_objective_is_explained() -> None:
    known = (*CRITERION_KINDS, *LIMIT_KINDS, *OBJECTIVES, "apart")

    assert [word for word in known if f"`{word}`" not in MANUAL] == []
