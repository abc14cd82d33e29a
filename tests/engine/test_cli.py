"""The command: two tables and a rules file in, pairs, reasons and a receipt out, and the verifier."""

import csv
import io
import random
import subprocess
import sys
from pathlib import Path

import pytest

import matchengine
from matchengine import Move, Price, price_in_words, problem_to_json, read_problem
from tests.engine.desk import MENTEES, MENTORS, Captured, Desk
from tests.engine.desk import desk as desk


@pytest.mark.row("M-17")
def test_match_writes_pairs_points_reasons_and_a_receipt(desk: Desk, capsys: Captured) -> None:
    code = desk.match()

    out = capsys.readouterr().out
    assert code == 0
    assert [(row["mentee"], row["mentor"]) for row in desk.pairs] == [
        ("amira@example.org", "ben@example.org"),
        ("bea@example.org", "amira@example.org"),
        ("cora@example.org", "dan@example.org"),
    ]
    assert list(desk.pairs[0]) == [
        "mentee",
        "mentor",
        "score",
        "points:Team",
        "points:Skills",
        "points:Years",
        "points:Goal",
        "points:Identity",
        "reasons",
    ]
    for row in desk.pairs:
        assert int(row["score"]) == sum(int(row[name]) for name in row if name.startswith("points:"))
    assert desk.pairs[0]["reasons"] == (
        "Team: 9 of 9 (both Law); Skills: 11 of 23 (finance; 1 of 2); Years: 4 of 23; "
        "Goal: 22 of 22 (Speak in public); Identity: 23 of 23 (meets her wish)"
    )
    assert out == (
        "dan@example.org\trule\tEvery mentor is closed to them: 3 by the rule Grade, 1 by the rule unit. "
        "Without the rule Grade, 1 mentor with a free seat would be open.\n"
    )


@pytest.mark.row("M-17", "M-10")
def test_verify_says_what_was_proven(desk: Desk, capsys: Captured) -> None:
    desk.match("--seed", "3", "--objective", "best_total")
    capsys.readouterr()

    code = desk.verify()

    said = capsys.readouterr().out
    assert (code, said.count("\n"), said.startswith("Proven: 3 of 4 people are placed")) == (0, 1, True)


@pytest.mark.row("M-06")
@pytest.mark.row("M-17")
def test_explain_says_what_a_pair_would_cost_and_who_would_move(desk: Desk, capsys: Captured) -> None:
    desk.match()
    capsys.readouterr()

    code = desk.run("explain", "amira@example.org", "dan@example.org", "--receipt", "receipt.json", *desk.inputs)

    first, *reasons, cost, hers, another = capsys.readouterr().out.splitlines()
    assert code == 0
    assert first == "amira@example.org and dan@example.org: 20 of 100"
    assert reasons[1:3] == ["Skills: 11 of 23 (writing; 1 of 2)", "Years: 9 of 23"]
    assert cost == "Together they would cost 92 of the total points."
    assert hers == "amira@example.org: from ben@example.org (69) to dan@example.org (20)"
    assert another == "cora@example.org: from dan@example.org (82) to ben@example.org (39)"
    desk.run("explain", "amira@example.org", "ben@example.org", "--receipt", "receipt.json", *desk.inputs)
    assert capsys.readouterr().out.splitlines()[-1] == "They are a pair in the best match."
    desk.run("explain", "bea@example.org", "ben@example.org", "--receipt", "receipt.json", *desk.inputs)
    assert capsys.readouterr().out.splitlines()[-1] == "They cannot be paired: the rule unit."


@pytest.mark.parametrize(
    ("price", "said"),
    [
        (Price("a", "b", 50, full=True), "They cannot be paired: no seat there is left by pins."),
        (Price("a", "b", 50, 0, 0, (Move("a", "c", "b", 50, 50),)), "Together they would cost nothing."),
        (
            Price("a", "b", 50, -7, 1, (Move("a", "c", "b", 50, 57), Move("d", "b", None, 0, 0))),
            "Together they would cost a place for 1 person, and bring 7 points.",
        ),
        (
            Price("a", "b", 50, 12, -1, (Move("a", None, "b", 0, 50),)),
            "Together they would cost 12 of the total points, and bring a place for 1 person.",
        ),
    ],
)
def test_a_price_is_said_as_what_it_costs_and_what_it_brings(price: Price, said: str) -> None:
    assert price_in_words(price).splitlines()[0] == said


@pytest.mark.row("M-17")
def test_explain_refuses_strangers_and_a_receipt_of_something_else(desk: Desk, capsys: Captured) -> None:
    desk.match()
    capsys.readouterr()

    assert desk.run("explain", "cora@example.org", "zoe", "--receipt", "receipt.json", *desk.inputs) == 2
    assert capsys.readouterr().err == 'matchengine: there is no mentor "zoe"\n'
    desk.write("mentors.csv", MENTORS.replace("SEO,West,Tax,writing", "SEO,West,Tax,law"))
    assert desk.run("explain", "cora@example.org", "ben@example.org", "--receipt", "receipt.json", *desk.inputs) == 1
    assert "not" in capsys.readouterr().err


def test_verify_takes_the_problem_as_json_too(desk: Desk, capsys: Captured) -> None:
    desk.match()
    problem = read_problem(*(desk.folder / name for name in ("mentees.csv", "mentors.csv", "rules.toml")))
    text = problem_to_json(problem)
    desk.write("problem.json", text)
    desk.write("changed.json", text.replace("finance", "physics"))
    desk.write("spaced.json", text.replace(",", ", ", 1))

    codes = [
        desk.run("verify", "receipt.json", "--problem", name)
        for name in ("problem.json", "changed.json", "spaced.json", "receipt.json")
    ]

    assert codes == [0, 1, 2, 2]


@pytest.mark.row("M-10")
def test_a_changed_byte_in_any_file_is_never_proven(desk: Desk, capsys: Captured) -> None:
    desk.match()
    accepted = []

    for name in ("mentees.csv", "mentors.csv", "rules.toml", "receipt.json"):
        whole = (desk.folder / name).read_bytes()
        for at in range(0, len(whole), 11):
            other = b"x" if whole[at : at + 1] != b"x" else b"y"
            desk.write(name, whole[:at] + other + whole[at + 1 :])
            if desk.verify() == 0:
                accepted.append((name, at))
        desk.write(name, whole)

    assert accepted == []
    assert desk.verify() == 0


@pytest.mark.row("M-04")
def test_rows_in_any_order_give_the_same_bytes(desk: Desk) -> None:
    desk.match("--seed", "9")
    first = desk.read("pairs.csv"), desk.read("receipt.json")
    for name in ("mentees.csv", "mentors.csv"):
        header, *rows = csv.reader(io.StringIO(desk.read(name)))
        random.Random(4).shuffle(rows)
        text = io.StringIO()
        csv.writer(text).writerows([header, *rows])
        desk.write(name, text.getvalue())

    desk.match("--seed", "9")

    assert (desk.read("pairs.csv"), desk.read("receipt.json")) == first


def test_another_process_with_other_threads_gives_the_same_bytes(desk: Desk) -> None:
    desk.match()
    first = desk.read("pairs.csv"), desk.read("receipt.json")

    subprocess.run(
        [sys.executable, "-m", "matchengine", "match", *desk.inputs, "--out", "p.csv", "--receipt", "r.json"],
        cwd=desk.folder,
        check=True,
        capture_output=True,
        env={
            "PYTHONPATH": str(Path(matchengine.__file__).parents[1]),
            "OMP_NUM_THREADS": "2",
            "OPENBLAS_NUM_THREADS": "2",
            "PYTHONHASHSEED": "77",
        },
    )

    assert (desk.read("p.csv"), desk.read("r.json")) == first


def test_people_on_both_sides_stand_on_both_and_never_meet_themselves(desk: Desk) -> None:
    problem = read_problem(*(desk.folder / name for name in ("mentees.csv", "mentors.csv", "rules.toml")))

    assert {one.id.split("@")[0] for one in problem.mentees} == {"amira", "bea", "cora", "dan"}
    assert {one.id.split("@")[0]: one.capacity for one in problem.mentors} == {"ben": 2, "dan": 1, "amira": 1}


def test_cells_a_spreadsheet_would_run_are_made_safe(desk: Desk) -> None:
    renamed = MENTEES.replace("amira@example.org", "=cmd|' /C calc'!A0").replace("cora@", "@cora@")
    desk.write("mentees.csv", renamed)

    desk.match()

    assert [row["mentee"] for row in desk.pairs] == [
        "'=cmd|' /C calc'!A0",
        "'@cora@example.org",
        "bea@example.org",
    ]
