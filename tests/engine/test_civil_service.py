"""The rules of a civil-service programme, on our own rows and on the published files where present."""

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.csgraph import maximum_flow

from matchengine import Problem, Table, read_problem, receipt_of, solve, verify
from matchengine.cli import main

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "examples" / "civil-service.toml"
OWN = ROOT / "examples" / "civil-service"
PUBLISHED = [parent / "shared" / "data" / "civil-service" for parent in ROOT.parents]
ORIGINALS = next((folder for folder in PUBLISHED if folder.is_dir()), None)


@pytest.fixture(params=["own", "published"])
def folder(request: pytest.FixtureRequest) -> Path:
    if request.param == "own":
        return OWN
    if ORIGINALS is None:
        pytest.skip("the published files are not at hand")
    return ORIGINALS


def most_people(problem: Problem) -> int:
    """How many can be placed at all, by a maximum flow."""
    table = Table(problem)
    n, m = table.limits.allowed.shape
    capacity = np.zeros((n + m + 2, n + m + 2), dtype=np.int32)
    capacity[0, 1 : n + 1] = 1
    capacity[1 : n + 1, n + 1 : n + m + 1] = table.limits.allowed
    capacity[n + 1 : n + m + 1, n + m + 1] = [mentor.seats for mentor in table.mentors]
    return int(maximum_flow(sparse.csr_array(capacity), 0, n + m + 1).flow_value)


@pytest.mark.row("M-17")
def test_the_example_rules_place_as_many_as_can_be_placed(folder: Path, tmp_path: Path) -> None:
    files = ["--mentees", folder / "mentees.csv", "--mentors", folder / "mentors.csv", "--rules", RULES]
    out = ["--out", tmp_path / "pairs.csv", "--receipt", tmp_path / "receipt.json"]
    problem = read_problem(folder / "mentees.csv", folder / "mentors.csv", RULES)

    codes = [
        main(["match", *map(str, [*files, *out])]),
        main(["verify", *map(str, [tmp_path / "receipt.json", *files])]),
    ]

    rows = list(csv.DictReader((tmp_path / "pairs.csv").open(encoding="utf-8")))
    grades = {one.id: one.answers["grade"] for one in (*problem.mentees, *problem.mentors)}
    order = problem.limits[0].order
    assert codes == [0, 0]
    assert len(rows) == most_people(problem) > 3
    assert [row for row in rows if order.index(grades[row["mentor"]]) <= order.index(grades[row["mentee"]])] == []
    assert [row for row in rows if row["mentee"] == row["mentor"]] == []
    assert max(Counter(row["mentor"] for row in rows).values()) <= 3


@pytest.mark.row("M-12")
def test_an_identity_counts_only_for_those_who_asked(folder: Path) -> None:
    problem = read_problem(folder / "mentees.csv", folder / "mentors.csv", RULES)
    asked = {
        row["email address"]
        for row in csv.DictReader((folder / "mentees.csv").open(encoding="utf-8"))
        if row["match with similar identity"] == "yes" and row["identity to match"]
    }

    result = solve(problem)

    told = {pair.mentee for pair in result.pairs if any(r.kind == "preference" for r in pair.reasons)}
    assert told == asked & {pair.mentee for pair in result.pairs}
    assert verify(problem, receipt_of(problem, result)).proven
