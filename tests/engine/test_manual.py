"""The manual of the command is true: its rules can be read, and it names what the engine knows."""

import re
from pathlib import Path

from matchengine import CRITERION_KINDS, LIMIT_KINDS, OBJECTIVES
from matchengine.rules import rules_from_toml

MANUAL = (Path(__file__).resolve().parents[2] / "docs" / "use" / "matchengine.md").read_text("utf-8")


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
