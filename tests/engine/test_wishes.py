"""Wishes: mentors whom a mentee named, and the one criterion that counts double for her."""

import random
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matchengine import (
    Apart,
    Criterion,
    InvalidProblem,
    Mentee,
    Mentor,
    Problem,
    Table,
    check,
    problem_from_json,
    problem_to_json,
    reasons_in_words,
    receipt_of,
    solve,
    verify,
)
from matchengine.cli import main
from matchengine.named import ByName
from matchengine.scoring import Scoring
from tests.engine.problems import middling

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "use" / "wishes.md").read_text("utf-8")
FILES = ["--mentees", "mentees.csv", "--mentors", "mentors.csv", "--rules", "rules.toml"]
Captured = pytest.CaptureFixture[str]

SITE = Criterion("Site", "same", "site", weight=3)
TEAM = Criterion("Team", "same", "team", weight=3)
WISHES = Criterion("Wishes", "named", "named", weight=6)
MENTORS = tuple(Mentor(who, {"site": "York", "team": "A"}) for who in ("ben", "dan", "eve"))


def points(mentee: Mentee, *criteria: Criterion) -> dict[str, list[int]]:
    """What each mentor gets from each criterion that counts for her."""
    table = Table(Problem((mentee,), MENTORS, criteria=criteria))
    found: dict[str, list[int]] = {}
    for mentor in MENTORS:
        for reason in table.pair(mentee.id, mentor.id).reasons:
            found.setdefault(reason.criterion, []).append(reason.points)
    return found


@pytest.mark.row("M-21")
def test_everybody_she_named_brings_the_whole_share_as_an_equal() -> None:
    her = Mentee("amira", {"site": "York", "named": ("dan", "ben")})

    assert points(her, SITE, WISHES) == {"Site": [33, 33, 33], "Wishes": [67, 67, 0]}


@pytest.mark.row("M-21")
def test_with_a_span_the_order_of_her_names_counts() -> None:
    her = Mentee("amira", {"named": ("dan", "ben", "dan", "eve")})

    assert points(her, replace(WISHES, span=3)) == {"Wishes": [66, 100, 33]}
    assert points(her, replace(WISHES, span=2)) == {"Wishes": [50, 100, 0]}


@pytest.mark.row("M-21")
@pytest.mark.parametrize("named", [(), "", ("nobody",), ("amira",), ("Dan",)])
def test_wishes_that_name_no_mentor_of_the_round_cost_her_nothing(named: str | tuple[str, ...]) -> None:
    her = Mentee("amira", {"site": "York", "named": named})

    assert points(her, SITE, WISHES) == {"Site": [100, 100, 100]}


@pytest.mark.row("M-21")
def test_what_matters_most_counts_double_and_her_points_are_a_hundred_still() -> None:
    her = Mentee("amira", {"site": "York", "team": "A", "named": "eve"}, matters_most="Team")
    pair = Table(Problem((her,), MENTORS, criteria=(SITE, TEAM, WISHES))).pair("amira", "eve")

    assert [(reason.criterion, reason.most, reason.doubled) for reason in pair.reasons] == [
        ("Site", 20, False),
        ("Team", 40, True),
        ("Wishes", 40, False),
    ]
    assert reasons_in_words(pair) == (
        "Site: 20 of 20 (both York); Team: 40 of 40 (both A; counts double); Wishes: 40 of 40 (wished for)"
    )


@pytest.mark.row("M-21")
def test_what_matters_most_to_one_changes_the_points_of_nobody_else() -> None:
    people = middling(40, 12)
    doubled = replace(people.mentees[0], matters_most="Skills")
    before = Table(people).scoring
    after = Table(replace(people, mentees=(doubled, *people.mentees[1:]))).scoring
    others = [row for row, mentee in enumerate(before.mentees) if mentee.id != doubled.id]

    assert before.scores[others].tolist() == after.scores[others].tolist()
    assert before.scores.tolist() != after.scores.tolist()


@pytest.mark.row("M-21")
def test_the_share_of_texts_is_capped_though_they_matter_most() -> None:
    goal = Criterion("Goal", "text", "goal", weight=10)
    her = Mentee("amira", {"goal": "lead", "site": "York"}, matters_most="Goal")
    problem = Problem((her,), (Mentor("ben", {"goal": "lead", "site": "York"}),), criteria=(goal, SITE))

    assert [reason.most for reason in Table(problem).pair("amira", "ben").reasons] == [40, 60]


@pytest.mark.row("M-21")
def test_reasons_tell_of_this_pair_alone() -> None:
    her = Mentee("amira", {"named": ("dan", "eve")})
    table = Table(Problem((her,), MENTORS, criteria=(WISHES,)))

    said = [reasons_in_words(table.pair("amira", who)) for who in ("ben", "dan")]

    assert said == ["Wishes: 0 of 100 (not one of those wished for)", "Wishes: 100 of 100 (wished for)"]


def with_wishes(people: Problem, span: int = 0) -> Problem:
    """The same people, some of whom named up to five mentors, and to some of whom something matters most."""
    chance = random.Random(7)
    ids = [mentor.id for mentor in people.mentors]
    mentees = tuple(
        replace(
            mentee,
            answers={**mentee.answers, "named": tuple(chance.sample(ids, chance.randint(0, 5)))},
            matters_most=chance.choice(("", "", "Skills", "Goals", "Wishes")),
        )
        for mentee in people.mentees
    )
    return replace(people, mentees=mentees, criteria=(*people.criteria, replace(WISHES, span=span)))


@pytest.mark.row("M-21", "M-04")
def test_both_ways_threads_and_any_order_of_rows_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = with_wishes(middling(200, 60), span=5)
    shuffled = replace(
        problem,
        mentees=tuple(random.Random(1).sample(problem.mentees, 200)),
        mentors=tuple(random.Random(2).sample(problem.mentors, 60)),
    )
    monkeypatch.setattr("matchengine.solvers.sweep.BLOCK", 1_000)

    written = {
        receipt_of(one, solve(one, small=0, threads=threads)).to_json()
        for one, threads in ((problem, 1), (problem, 2), (problem, 4), (shuffled, 3))
    }
    result = solve(problem)

    assert len(written) == 1
    assert result.value == result.bound
    assert verify(problem, receipt_of(problem, result)).faults == ()


@pytest.mark.row("M-21")
def test_wishes_are_kept_for_those_who_were_named_and_never_as_a_table_of_all_pairs() -> None:
    ids = [f"m{at}" for at in range(20_000)]
    chance = random.Random(3)
    mentees = [Mentee(f"p{at}", {"named": tuple(chance.sample(ids, 5))}) for at in range(2_000)]
    scoring = Scoring((WISHES,), 40, mentees, [Mentor(one) for one in ids])
    (part,) = scoring.parts

    found = scoring.rows(np.array([7, 0, 1_999]))

    assert isinstance(part, ByName)
    assert part.cols.nbytes + part.points.nbytes + part.start.nbytes < 150_000
    for row, at in enumerate((7, 0, 1_999)):
        named = sorted(int(str(one)[1:]) for one in mentees[at].answers["named"])  # type: ignore[union-attr]
        assert np.flatnonzero(found[row]).tolist() == named
        assert [scoring.score(at, column) for column in named] == [100] * 5


@pytest.mark.row("M-21", "M-10")
def test_a_receipt_fails_when_a_wish_or_what_matters_is_changed() -> None:
    her = Mentee("amira", {"site": "York", "named": ("dan", "ben")}, matters_most="Wishes")
    problem = Problem((her,), MENTORS, criteria=(SITE, replace(WISHES, span=2)))
    receipt = receipt_of(problem, solve(problem))
    others = [
        replace(her, answers={**her.answers, "named": ("ben", "dan")}),
        replace(her, answers={**her.answers, "named": ("dan",)}),
        replace(her, matters_most="Site"),
        replace(her, matters_most=""),
    ]

    assert verify(problem_from_json(problem_to_json(problem)), receipt).proven
    assert [verify(replace(problem, mentees=(other,)), receipt).proven for other in others] == [False] * 4
    assert not verify(replace(problem, criteria=(SITE, replace(WISHES, span=3))), receipt).proven


@pytest.mark.row("M-21", "M-11")
def test_rather_not_is_stronger_than_any_wish_and_says_only_kept_apart() -> None:
    her = Mentee("amira", {"named": ("dan",)})
    problem = Problem((her,), MENTORS[1:2], criteria=(WISHES,), apart=(Apart("amira", "dan"),))

    assert solve(problem).pairs == ()
    assert reasons_in_words(Table(problem).pair("amira", "dan")) == "Wishes: 100 of 100 (wished for); kept apart"


@pytest.mark.row("M-21")
@pytest.mark.parametrize(
    "criterion", [replace(WISHES, both=True), replace(WISHES, mentor="id"), replace(WISHES, weight=11)]
)
def test_a_criterion_of_names_that_makes_no_sense_is_refused(criterion: Criterion) -> None:
    with pytest.raises(InvalidProblem, match="Wishes"):
        check(Problem((Mentee("amira"),), MENTORS, criteria=(criterion,)))


@pytest.mark.row("M-21")
def test_what_matters_most_must_be_a_criterion() -> None:
    with pytest.raises(InvalidProblem) as refused:
        check(Problem((Mentee("amira", matters_most="Sitte"),), MENTORS, criteria=(SITE,)))

    fault = refused.value
    assert (str(fault), fault.side, fault.person, fault.field) == (
        'what matters most to "amira" is no criterion: "Sitte"', "mentee", "amira", "matters_most",
    )  # fmt: skip


# --- on the command line ----------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files of the page."""
    for name, text in re.findall(r"`(m[a-z]+\.csv|rules\.toml)`:\n\n```\w+\n(.*?)```", PAGE, re.DOTALL):
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def change(desk: Path, name: str, old: str, new: str) -> None:
    text = (desk / name).read_text("utf-8")
    assert text.count(old) == 1
    (desk / name).write_text(text.replace(old, new), "utf-8")


def match() -> int:
    return main(["match", *FILES, "--out", "pairs.csv", "--receipt", "receipt.json"])


@pytest.mark.row("M-21", "M-17")
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


@pytest.mark.row("M-21", "M-17")
def test_the_name_of_what_matters_most_may_be_written_in_any_letters(desk: Path) -> None:
    before = (match(), (desk / "pairs.csv").read_text("utf-8"))
    change(desk, "mentees.csv", "dan; ben,Team", "dan; ben, team ")

    assert (match(), (desk / "pairs.csv").read_text("utf-8")) == before


@pytest.mark.row("M-21", "M-17")
@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "mentees.csv", "ben,Team", "ben,Teem",
            'mentees.csv, row 3, column "matters most": what matters most to "bea" is no criterion: "Teem"',
        ),
        (
            "rules.toml", '"matters most"', '"most"',
            'mentees.csv, row 1, column "most": there is no such column, and the rules name it',
        ),
        (
            "rules.toml", '"wishes"', '"wish"',
            'mentees.csv, row 1, column "wish": there is no such column, and the rules name it',
        ),
        ("rules.toml", '"matters most"', '""', "rules.toml: the rules: matters_most must be given as text"),
        (
            "rules.toml", 'column = "wishes"', 'columns = ["wishes", "id"]',
            "rules.toml: [[criterion]] number 3 does not know \"columns\"; "
            "it knows kind, name, column, weight, span, separator",
        ),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_file_row_and_column(
    name: str, old: str, new: str, said: str, desk: Path, capsys: Captured
) -> None:
    change(desk, name, old, new)

    code = match()

    assert (code, capsys.readouterr().err) == (2, f"matchengine: {said}\n")
    assert not (desk / "pairs.csv").exists()
