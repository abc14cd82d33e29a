"""The manual of the command is true: its example gives its numbers, and it names what the engine knows."""

import json
import re
from pathlib import Path

import pytest

from matchengine import CRITERION_KINDS, LIMIT_KINDS, OBJECTIVES
from matchengine.cli import main
from matchengine.rules import rules_from_toml

MANUAL = (Path(__file__).resolve().parents[2] / "docs" / "use" / "matchengine.md").read_text("utf-8")


@pytest.mark.row("M-10", "M-17")
def test_the_example_to_check_by_hand_gives_the_numbers_it_tells(tmp_path: Path) -> None:
    for name, text in re.findall(r"`([a-z]+\.(?:csv|toml))`:\n\n```\w+\n(.*?)```", MANUAL, re.DOTALL):
        (tmp_path / name).write_text(text, "utf-8")
    names = {"--mentees": "mentees.csv", "--mentors": "mentors.csv", "--rules": "rules.toml"}
    files = [part for option, name in names.items() for part in (option, str(tmp_path / name))]

    code = main(["match", *files, "--out", str(tmp_path / "p.csv"), "--receipt", str(tmp_path / "r.json")])

    told = json.loads((tmp_path / "r.json").read_text("ascii"))
    assert code == 0
    assert (told["per_person"], told["value"], told["bound"]) == (201, 592, 592)
    assert {seat["mentor"]: seat["price"] for seat in told["seats"]} == {"ben": 291, "dan": 261}
    assert {gain["mentee"]: gain["gain"] for gain in told["gains"]} == {"amira": 10, "bea": 0, "cora": 30}


def test_the_rules_it_shows_can_be_read(tmp_path: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", MANUAL, re.DOTALL)[:3]
    (tmp_path / "rules.toml").write_text("\n".join(blocks), "utf-8")

    rules = rules_from_toml(tmp_path / "rules.toml")

    assert ([one.kind for one in rules.limits], [one.kind for one in rules.criteria]) == (
        ["higher"],
        ["wish", "preference"],
    )


def test_every_kind_and_objective_is_explained() -> None:
    known = (*CRITERION_KINDS, *LIMIT_KINDS, *OBJECTIVES, "apart")

    assert [word for word in known if f"`{word}`" not in MANUAL] == []
