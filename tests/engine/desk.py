"""Two tables, a rules file, and the command run beside them."""

import csv
import io
import os
from pathlib import Path

import pytest

from matchengine.cli import main

MENTEES = """\
name,address,side,grade,unit,team,wants,goal,asks,identity,years,manager
Amira,amira@example.org,both,EO,North,Law,finance; writing,Speak in public,yes,left-handed,2,
Bea,bea@example.org,one,AO,South,Law,finance,"Lead a team,
and like it",no,left-handed,1,dan@example.org
Cora,cora@example.org,one,HEO,North,Tax,,,no,,5.5,
"""
MENTORS = """\
name,address,side,grade,unit,team,offers,bio,identity,years,places
Ben,ben@example.org,one,SEO,South,Law,"finance, art",I speak in public halls,left-handed,10,2
Dan,dan@example.org,both,SEO,West,Tax,writing,I lead teams,,8,1
"""
RULES = """\
id = "address"
capacity = "places"

[both]
column = "side"
value = "both"

[[hard]]
name = "Grade"
kind = "higher"
column = "grade"
order = ["AO", "EO", "HEO", "SEO"]

[[hard]]
kind = "differs"
column = "unit"

[[hard]]
kind = "apart"
column = "manager"

[[criterion]]
name = "Team"
kind = "same"
column = "team"
weight = 2

[[criterion]]
name = "Skills"
kind = "wish"
columns = ["wants", "offers"]
weight = 5

[[criterion]]
name = "Years"
kind = "near"
column = "years"
span = 10

[[criterion]]
name = "Goal"
kind = "text"
mentee = "goal"
mentor = "bio"

[[criterion]]
name = "Identity"
kind = "preference"
column = "identity"
stated = { column = "asks", value = "yes" }
given_for_matching = true
"""


Captured = pytest.CaptureFixture[str]


class Desk:
    """A folder with the three files, and the command run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("mentees.csv", MENTEES)
        self.write("mentors.csv", MENTORS)
        self.write("rules.toml", RULES)

    def write(self, name: str, text: str | bytes) -> None:
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())

    def read(self, name: str) -> str:
        return (self.folder / name).read_text("utf-8")

    def run(self, *command: str) -> int:
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            return main(command)
        finally:
            os.chdir(before)

    @property
    def inputs(self) -> tuple[str, ...]:
        return ("--mentees", "mentees.csv", "--mentors", "mentors.csv", "--rules", "rules.toml")

    def match(self, *more: str) -> int:
        return self.run("match", *self.inputs, "--out", "pairs.csv", "--receipt", "receipt.json", *more)

    def verify(self) -> int:
        return self.run("verify", "receipt.json", *self.inputs)

    @property
    def pairs(self) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.read("pairs.csv"))))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
