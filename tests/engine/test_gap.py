"""A search that may stop early says by how much the best possible can be better at most, and never more than asked."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchengine import (
    Gap,
    InvalidProblem,
    Mentee,
    Mentor,
    Objective,
    Pin,
    Problem,
    Result,
    left_over_in_words,
    receipt_from_json,
    receipt_of,
    solve,
    verify,
)
from matchengine.cli import main
from matchengine.receipt import Receipt, ReceiptGap, seal_of, settings_digest
from matchengine.solvers import guided
from tests.engine.problems import BEST, best_by_trying, by_distance, middling, small_problems


@pytest.fixture(autouse=True)
def _lists_too_short() -> Iterator[None]:
    """Lists that need several rounds, so that there is something to stop."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guided, "ROUGH", ())
        patch.setattr(guided, "FIRST", 1)
        patch.setattr(guided, "MORE", 1)
        patch.setattr("matchengine.solvers.sweep.BLOCK", 2_000)
        yield


def difference(problem: Problem, objective: Objective, result: Result) -> int:
    """How many points the best match has more than this one, by trying every one; as many people are placed."""
    placed, total = best_by_trying(problem, objective)
    assert result.placed == placed or objective == "best_total"
    return total - result.total


def crowded() -> st.SearchStrategy[Problem]:
    """Five people on a line and five seats, sought by all of them, so that the first lists never do."""
    places = st.lists(st.integers(0, 100), min_size=5, max_size=5)
    return st.builds(
        lambda hers, his: by_distance(
            {f"m{at}": one for at, one in enumerate(hers)}, dict(zip("abcde", his, strict=True))
        ),
        places,
        places,
    )


@pytest.mark.row("M-10", "M-17")
@given(
    st.one_of(crowded(), small_problems()),
    st.sampled_from(BEST),
    st.sampled_from([0.0001, 1, 10, 40, 100]),
    st.integers(0, 3),
)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_best_by_trying_everything_is_never_further_away_than_stated(
    problem: Problem, objective: Objective, asked: float, seed: int
) -> None:
    result = solve(problem, objective=objective, seed=seed, gap=asked, small=0)

    stated = result.gap.points if result.gap else 0
    assert 0 <= difference(problem, objective, result) <= stated == result.bound - result.value
    assert verify(problem, receipt_from_json(receipt_of(problem, result).to_json())).faults == ()
    if result.gap:
        assert 100 * result.gap.points <= Decimal(str(asked)) * result.gap.best
    else:
        assert result == solve(problem, objective=objective, seed=seed, small=0)


@pytest.mark.row("M-10", "M-17")
@pytest.mark.parametrize("objective", BEST)
def test_the_wider_the_gap_the_sooner_it_stops(objective: Objective) -> None:
    problem, sweeps, stated = middling(300, 90), [], []
    best = solve(problem, objective=objective)
    for gap in (0, 0.1, 1, 20):
        told: list[int] = []

        result = solve(
            problem,
            objective=objective,
            gap=gap,
            small=0,
            progress=lambda stage, done, total, told=told: told.append(done) if stage == "solving" else None,
        )

        sweeps.append(len(told))
        stated.append(result.gap.points if result.gap else 0)
        assert best.total - result.total <= stated[-1]
        assert result.placed == best.placed or objective == "best_total"
    assert sweeps == sorted(sweeps, reverse=True)
    assert sweeps[-1] < sweeps[0]
    assert stated == sorted(stated)
    assert stated[0] == 0 < stated[-1]


@pytest.mark.row("M-04")
@pytest.mark.parametrize("objective", BEST)
def test_threads_and_the_order_of_people_change_no_byte_of_a_gap(objective: Objective) -> None:
    problem = middling(200, 60)
    shuffled = replace(
        problem,
        mentees=tuple(random.Random(1).sample(problem.mentees, 200)),
        mentors=tuple(random.Random(2).sample(problem.mentors, 60)),
    )

    receipts = [
        receipt_of(one, solve(one, objective=objective, small=0, threads=threads, gap=20))
        for one, threads in ((problem, 1), (problem, 2), (problem, 4), (shuffled, 1), (shuffled, 3))
    ]

    assert receipts[0].gap is not None
    assert len({receipt.to_json() for receipt in receipts}) == 1


def test_a_small_problem_is_exact_whatever_gap_is_asked_for() -> None:
    problem = middling(60, 20)

    assert receipt_of(problem, solve(problem, gap=50)) == receipt_of(problem, solve(problem))


def test_pins_and_full_mentors_are_kept_within_a_gap() -> None:
    problem = middling(300, 90)
    mentors = (*problem.mentors[:80], *(replace(one, used=one.capacity) for one in problem.mentors[80:]))
    pinned = replace(problem, mentors=mentors, pins=(Pin("mentee-2", "mentor-1", override=True),))

    result = solve(pinned, gap=20, small=0)

    assert result.gap is not None
    assert ("mentee-2", "mentor-1", True) in {(pair.mentee, pair.mentor, pair.pinned) for pair in result.pairs}
    assert verify(pinned, receipt_of(pinned, result)).faults == ()


def test_prices_that_prove_only_a_bound_promise_nothing_of_another_seat() -> None:
    exact, near = (solve(middling(300, 90), gap=gap, small=0) for gap in (0, 20))

    assert {(seat.places is None, seat.points is None) for seat in near.seats} == {(True, True)}
    assert {(seat.places is None, seat.points is None) for seat in exact.seats} == {(False, False)}


def test_with_a_gap_of_the_total_nobody_is_told_that_a_place_would_lower_it() -> None:
    problem = middling(100, 60, seed=2)

    exact, near = (solve(problem, objective="best_total", gap=gap, small=0) for gap in (0, 40))

    assert ({one.cause for one in exact.left_over}, {one.cause for one in near.left_over}) == ({"no_seat"}, {"gap"})
    assert left_over_in_words(near.left_over[0]).endswith("before it was sure of the best total.")


SAID: dict[Objective, str] = {
    "most_then_best": "{placed}, no match places more, every rule and seat is kept, and the total of {total} points is "
    "at most {gap} below the best possible {numbers}.",
    "best_total": "{placed}, every rule and seat is kept, and the total of {total} points is at most {gap} below the "
    "best {numbers}.",
    "maximin_then_best": "{placed}, no match places more, every rule and seat is kept, no pair could be lifted above "
    "76 points without another falling below it, and the total of {total} points is at most {gap} below the best that "
    "such a match can have {numbers}.",
}


@pytest.mark.row("M-10")
@pytest.mark.parametrize("objective", BEST)
def test_the_verifier_says_how_far_the_best_can_be_and_never_that_this_is_it(objective: Objective) -> None:
    problem = middling(300, 90)
    result = solve(problem, objective=objective, gap=20, small=0)

    verdict = verify(problem, receipt_of(problem, result))

    points = result.bound - result.value
    assert result.gap == verdict.within == Gap(200_000, points, result.total + points)
    assert verdict.sentence == SAID[objective].format(
        placed=f"Proven: {result.placed} of 300 people are placed",
        total=result.total,
        gap=f"{result.gap.per_cent} % ({points} points)",
        numbers=f"(the value is {result.value}, the bound {result.bound})",
    )


def sealed(receipt: Receipt, **changes: Any) -> Receipt:
    """A forgery with digests of its own."""
    forged = replace(receipt, **changes)
    asked = forged.gap.asked if forged.gap else 0
    forged = replace(forged, settings=settings_digest(forged.engine, forged.objective, forged.seed, asked))
    return replace(forged, digest=seal_of(forged))


@pytest.mark.row("M-10")
def test_a_gap_that_claims_too_much_is_found_out() -> None:
    problem = middling(300, 90)
    receipt = receipt_of(problem, solve(problem, gap=20, small=0))
    exact = receipt_of(problem, solve(problem, small=0))
    stable = receipt_of(problem, solve(problem, objective="stable", small=0))
    assert receipt.gap is not None
    points = receipt.gap.points
    forged = {
        "fewer points": sealed(receipt, gap=ReceiptGap(receipt.gap.asked, points - 1)),
        "a lower bound": sealed(receipt, gap=ReceiptGap(receipt.gap.asked, points - 1), bound=receipt.bound - 1),
        "nearer than it is": sealed(receipt, gap=ReceiptGap(1, points)),
        "none": sealed(receipt, gap=None),
        "one where there is none": sealed(exact, gap=ReceiptGap(1000, 0)),
        "one of a stable match": sealed(stable, gap=ReceiptGap(200_000, stable.bound - stable.value)),
    }

    assert verify(problem, receipt).proven
    assert {name for name, one in forged.items() if verify(problem, one).proven} == set()
    assert verify(problem, forged["nearer than it is"]).faults == (
        f"another match could have up to {points} points more, which is too many.",
    )


@pytest.mark.row("M-10")
def test_a_gap_is_of_points_and_never_of_places() -> None:
    problem = Problem((Mentee("a"), Mentee("b")), (Mentor("c"), Mentor("d")))
    receipt = receipt_of(problem, solve(problem))
    one_fewer = sealed(
        receipt,
        pairs=receipt.pairs[:1],
        value=receipt.value - receipt.per_person,
        gap=ReceiptGap(1_000_000, receipt.per_person),
    )

    assert verify(problem, one_fewer).faults == ("more people could be placed: up to 1.",)


LINE = """\
id = "id"

[[criterion]]
name = "Place"
kind = "near"
column = "place"
span = 100
"""


@pytest.mark.row("M-17", "M-10")
def test_the_command_stops_at_a_gap_says_it_and_has_it_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(3)
    for name, people in (("mentees.csv", 1100), ("mentors.csv", 1000)):
        rows = "".join(f"p{name[3]}{at},{chance.randint(0, 100)}\n" for at in range(people))
        (tmp_path / name).write_text(f"id,place\n{rows}", "utf-8")
    (tmp_path / "rules.toml").write_text(LINE, "utf-8")
    monkeypatch.chdir(tmp_path)
    inputs = ["--mentees", "mentees.csv", "--mentors", "mentors.csv", "--rules", "rules.toml"]

    matched = main(["match", *inputs, "--out", "p.csv", "--receipt", "r.json", "--gap", "7.5"])
    summary = capsys.readouterr().err
    checked = main(["verify", "r.json", *inputs])
    sentence = capsys.readouterr().out
    explained = main(["explain", "pt0", "pt1", "--receipt", "r.json", *inputs])

    gap = receipt_from_json((tmp_path / "r.json").read_text("ascii")).gap
    assert (matched, checked, explained) == (0, 0, 0)
    assert gap is not None
    assert gap.asked == 75_000
    assert (
        f"no match places more, at most {said_in(sentence)} ({gap.points} points) below the best possible." in summary
    )
    assert "best possible" not in sentence.split("below the best possible")[0]
    assert "no other match" not in sentence
    assert capsys.readouterr().out.splitlines()[-1] == (
        "What it would cost to pair them is told of a match that is the best possible; this one has a gap."
    )


def said_in(sentence: str) -> str:
    found = re.search(r"at most ([0-9.]+ %)", sentence)
    assert found is not None
    return found[1]


@pytest.mark.row("M-17")
@pytest.mark.parametrize("gap", ["a lot", "-1", "101", "nan"])
def test_the_command_refuses_a_gap_that_is_none_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], gap: str
) -> None:
    for name, text in (("mentees.csv", "id,place\na,1\n"), ("mentors.csv", "id,place\nb,1\n"), ("rules.toml", LINE)):
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    inputs = ["--mentees", "mentees.csv", "--mentors", "mentors.csv", "--rules", "rules.toml"]

    code = main(["match", *inputs, "--out", "p.csv", "--receipt", "r.json", f"--gap={gap}"])

    assert code == 2
    assert capsys.readouterr().err == (
        f"matchengine: the gap must be a number of per cent from 0 to 100 with at most four decimals, not {gap}\n"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mentees.csv", "mentors.csv", "rules.toml"]


@pytest.mark.parametrize("gap", [-1, 100.5, "ten", "nan", "inf", "1e999999999", 0.00001, "", None, True])
def test_a_gap_that_is_none_is_refused(gap: Any) -> None:
    with pytest.raises(InvalidProblem, match="the gap must be a number of per cent from 0 to 100"):
        solve(Problem((), ()), gap=gap)


def test_a_stable_match_knows_no_gap() -> None:
    with pytest.raises(InvalidProblem, match="has no gap"):
        solve(Problem((), ()), objective="stable", gap=1)


@pytest.mark.parametrize(
    ("points", "best", "said"),
    [(1, 3, "33.3334"), (1, 1_000_000, "0.0001"), (1, 10**12, "0.0001"), (1, 2, "50"), (7, 7, "100"), (1, 10, "10")],
)
def test_a_gap_is_said_in_per_cent_and_never_rounded_down(points: int, best: int, said: str) -> None:
    assert Gap(1_000_000, points, best).per_cent == said
