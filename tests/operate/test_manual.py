"""What the manuals say of the `twoway` command: a new installation is set up as written, and every other line of theirs
is one that the command understands."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.operate import processes
from twoway.operate.cli import parser

ROOT = processes.ROOT
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SERVE = (ROOT / "docs" / "run" / "serve.md").read_text("utf-8")


def lines_of(page: str) -> list[str]:
    """The `twoway` commands that stand on lines of their own, from whichever folder, without remarks."""
    whole = re.sub(r"\\\n *", " ", page)
    return [line.split("  #")[0].strip() for line in re.findall(r"^    (?:\S+/bin/)?(twoway .*)", whole, re.MULTILINE)]


@pytest.mark.row("O-03")
def test_a_new_installation_is_set_up_as_it_is_written(tmp_path: Path) -> None:
    exports = re.findall(r"^    (export .*)", SERVE, re.MULTILINE)
    data = "export TWOWAY_DATA=/var/lib/twoway"
    assert data in exports
    here = [f"export TWOWAY_DATA={shlex.quote(str(tmp_path))}" if line == data else line for line in exports]
    commands = [line for line in lines_of(SERVE) if line != "twoway serve"]
    twoway = f'twoway() {{ {shlex.quote(sys.executable)} -m twoway "$@"; }}'
    env = {name: value for name, value in processes.environment(tmp_path).items() if not name.startswith("TWOWAY_")}

    done = subprocess.run(
        ["sh", "-e"], input="\n".join([twoway, *here, *commands]), env=env, text=True, capture_output=True,
        timeout=processes.PATIENCE, check=False,
    )  # fmt: skip

    assert commands == ["twoway check", 'twoway new-organisation "Northwind" --admin ada@example.org']
    told = "Northwind is open. This link works once, for 30 days; give it to ada@example.org.\n"
    assert (done.returncode, done.stderr) == (0, told)
    assert re.findall(r"^good     Letters leave through (.*)\.$", done.stdout, re.MULTILINE) == ["mail.example.org:587"]
    assert re.findall(r"^https://mentoring\.example\.org/sign-in/[\w-]+/$", done.stdout, re.MULTILINE) != []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: os.path.relpath(page, ROOT))
def test_every_line_of_a_page_is_one_that_the_command_understands(page: Path) -> None:
    lines = lines_of(page.read_text("utf-8"))

    understood = [parser().parse_args(shlex.split(line)[1:]) for line in lines]

    assert [callable(chosen.run) for chosen in understood] == [True] * len(lines)


def test_the_readme_names_every_command_but_those_of_the_text_model() -> None:
    named = {line.split()[1] for line in lines_of(PAGES[0].read_text("utf-8"))}

    assert named == {"serve", "new-organisation", "import-roster", "check", "worker", "demo"}
