"""The page on which a proof is checked by hand: what it shows is what the engine says, number by number."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from matchengine import Problem, Table, read_problem, receipt_from_json, verify
from matchengine.cli import main
from matchengine.receipt import Receipt, ReceiptGain, ReceiptGap, seal_of, settings_digest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "use" / "certificate.md").read_text("utf-8")
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files of the page."""
    for name, text in re.findall(r"`([a-z]+\.(?:csv|toml))`:\n\n```\w+\n(.*?)```", PAGE, re.DOTALL):
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands() -> list[tuple[list[str], str]]:
    """Each command of the page, and what it shows below it."""
    (block,) = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    found = re.findall(r"^\$ matchengine (.*)\n((?:[^$].*\n)*)", block, re.MULTILINE)
    return [(command.split(), shown) for command, shown in found]


def made(capsys: Captured) -> tuple[Problem, Receipt]:
    main(commands()[0][0])
    capsys.readouterr()
    problem = read_problem(Path("mentees.csv"), Path("mentors.csv"), Path("rules.toml"))
    return problem, receipt_from_json(Path("receipt.json").read_text("ascii"))


def table(head: str) -> list[list[str]]:
    """The rows of the one table of the page with this head."""
    (body,) = re.findall(rf"^\| {re.escape(head)} \|.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines()]


@pytest.mark.row("M-10", "M-17")
def test_every_command_says_what_the_page_shows(desk: Path, capsys: Captured) -> None:
    assert [command[0] for command, _ in commands()] == ["match", "verify"]
    for command, shown in commands():
        code = main(command)

        told = capsys.readouterr()
        assert (code, told.out + told.err) == (0, shown)


@pytest.mark.row("M-10")
def test_the_receipt_of_the_page_is_the_one_that_is_written(desk: Path, capsys: Captured) -> None:
    (shown,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)

    made(capsys)

    assert json.loads(shown) == json.loads((desk / "receipt.json").read_text("ascii"))


@pytest.mark.row("M-10")
def test_scores_prices_gains_and_every_pair_stand_as_the_engine_counts_them(desk: Path, capsys: Captured) -> None:
    problem, told = made(capsys)
    scored, place = Table(problem), told.per_person
    gains = {one.mentee: one.gain for one in told.gains}
    prices = {one.mentor: one.price for one in told.seats}
    who, whom = sorted(gains), sorted(prices)
    score = {one: {other: scored.pair(one, other).score for other in whom} for one in who}

    def limit(one: str, other: str) -> str:
        worth, most = place + score[one][other], gains[one] + prices[other]
        return f"{worth} {'=' if worth == most else '<'} {gains[one]} + {prices[other]}"

    assert table("score") == [[one, *(str(score[one][other]) for other in whom)] for one in who]
    assert table("price of a seat") == [[one, str(prices[one])] for one in whom]
    assert table("gain") == [[one, str(gains[one])] for one in who]
    assert table("worth and limit") == [[one, *(limit(one, other) for other in whom)] for one in who]
    total = sum(pair.score for pair in told.pairs)
    everything = " + ".join(map(str, [*(gains[one] for one in who), *(prices[one] for one in whom)]))
    for sentence in (
        f"100 x 2 + 1 = **{place}** beside its points",
        f"The match is worth 2 x {place} + {total} = **{told.value}** (`value`)",
        f"{everything} = **{told.bound}** (`bound`)",
        f"With ben one more seat would bring {prices['ben']} = {place} + {prices['ben'] - place}",
    ):
        assert sentence in " ".join(PAGE.split())


@pytest.mark.row("M-10")
def test_the_gap_of_the_page_is_what_other_prices_prove_and_the_verifier_agrees(desk: Path, capsys: Captured) -> None:
    problem, told = made(capsys)
    gains = {row[0]: int(row[3]) for row in table("gain with ben at 281")}
    seats = tuple(replace(seat, price=281) if seat.mentor == "ben" else seat for seat in told.seats)
    bound = sum(gains.values()) + sum(seat.price for seat in seats)
    (shown,) = re.findall(r'`"gap":(\{.*?\})`', PAGE)
    gap = ReceiptGap(**json.loads(shown))
    near = replace(
        told,
        seats=seats,
        gains=tuple(ReceiptGain(one.mentee, gains[one.mentee]) for one in told.gains),
        bound=bound,
        gap=gap,
        settings=settings_digest(told.engine, told.objective, told.seed, gap.asked),
    )
    near = replace(near, digest=seal_of(near))

    verdict = verify(problem, near)

    said = " + ".join(map(str, gains.values()))
    assert f"the bound is {said} + 281 + 261 = **{bound}**, which is {gap.points} more" in " ".join(PAGE.split())
    assert "at most 10 points, or 10 of 200 = 5 %, below the best possible" in " ".join(PAGE.split())
    assert verdict.faults == ()
    assert "no match places more" in verdict.sentence
    assert "at most 5 % (10 points) below the best possible" in verdict.sentence
    lower = replace(near, gap=ReceiptGap(gap.asked - 1, gap.points))
    lower = replace(lower, settings=settings_digest(told.engine, told.objective, told.seed, gap.asked - 1))
    assert not verify(problem, replace(lower, digest=seal_of(lower))).proven
