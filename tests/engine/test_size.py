"""What a run needs is said before it begins, and it keeps to it."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import matchengine
from matchengine import Mentee, Mentor, Problem
from matchengine.cli import main
from matchengine.size import size_of
from matchengine.solve import SMALL
from tests.engine.problems import middling

RUN = """
import json, resource, sys, time
from dataclasses import replace
from matchengine import receipt_of, solve, verify
from matchengine.size import size_of
from tests.engine.problems import middling
from matchengine import Mentee, Mentor, Problem, Criterion, Limit

def alike(n, m, seats, texts=True):
    said = {"site": "Leeds", "wants": ("law", "art"), "goal": "speak in public"}
    kinds = (Criterion("W", "wish", "wants"), Criterion("G", "text" if texts else "off", "goal"))
    people = tuple(Mentee(f"a{at}", said) for at in range(n)), tuple(Mentor(f"b{at}", said, seats) for at in range(m))
    return Problem(*people, limits=(Limit("S", "same", "site"),), criteria=kinds)

def wanting(problem, each):
    return replace(problem, mentees=tuple(replace(one, wanted=each) for one in problem.mentees))

problem = eval(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
size = size_of(problem, threads=1, small=0)
began = time.monotonic()
result = solve(problem, small=0)
took = time.monotonic() - began
peak = 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
proven = len(problem.mentees) > 10_000 or verify(problem, receipt_of(problem, result)).proven
print(json.dumps([peak, size.memory, took, size.time, proven, result.placed, result.total]))
"""


def run(problem: str) -> list[float]:
    """A run in a process of its own: the memory it took and what was said, the time too, whether it is proven, how
    many it placed and how well."""
    source = Path(matchengine.__file__).parents[1]
    said = subprocess.run(
        [sys.executable, "-c", RUN, problem],
        env={"PYTHONPATH": f"{source}:{source.parent}"},
        capture_output=True,
        text=True,
        check=True,
    )
    numbers: list[float] = json.loads(said.stdout)
    return numbers


@pytest.mark.row("M-17")
@pytest.mark.parametrize(
    ("problem", "placed", "total"),
    [
        ("alike(2_000, 500, 3)", 1_500, 90_000),
        ("alike(2_000, 500, 5)", 2_000, 120_000),
        ("middling(2_000, 500)", 1_000, 99_172),
        ("wanting(middling(2_000, 500, seats=9), 3)", 2_000, 431_798),
        ("wanting(alike(2_000, 500, 5), 4)", 2_000, 150_000),
    ],
    ids=["identical, too few seats", "identical, seats for all", "different", "boards", "identical, boards"],
)
def test_a_large_run_takes_no_more_memory_than_was_said(problem: str, placed: int, total: int) -> None:
    peak, said, _took, _time, *found = run(problem)

    assert peak < said
    assert found == [True, placed, total]


@pytest.mark.slow
@pytest.mark.row("M-17")
def test_a_million_people_who_are_all_alike_keep_to_what_was_said() -> None:
    peak, memory, took, time, _proven, *found = run("alike(1_000_000, 2, 1_000, texts=False)")

    assert found == [2_000, 200_000]
    assert (peak < memory, took < time) == (True, True)


@pytest.mark.row("M-17")
def test_the_command_says_it_before_a_large_run_and_is_silent_before_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("mentees", "mentors"):
        (tmp_path / f"{name}.csv").write_text("id\n" + "".join(f"{name}{at}\n" for at in range(30)), "utf-8")
    (tmp_path / "rules.toml").write_text('id = "id"\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    inputs = ["--mentees=mentees.csv", "--mentors=mentors.csv", "--rules=rules.toml", "--out=p.csv", "--receipt=r.json"]

    main(["match", *inputs])
    small = capsys.readouterr().err
    monkeypatch.setattr("matchengine.cli.SMALL", 899)
    main(["match", *inputs])
    large = capsys.readouterr().err

    assert small == "30 of 30 placed, 0 points in all, best possible.\n"
    assert large == (
        "30 mentees and 30 mentors are 900 pairs: at most about a minute and 0.2 GB (one look at all pairs: about "
        f"1 s).\n{small}"
    )


def test_a_million_alike_with_one_mentor_are_no_matrix() -> None:
    """A matrix of mentees and seats would have a million times a million entries."""
    problem = Problem((Mentee("a"),) * 1_000_000, (Mentor("b", capacity=1_000_000),))

    assert size_of(problem, threads=1, small=SMALL).is_large
    assert not size_of(replace(problem, mentees=problem.mentees[:1000]), threads=1, small=SMALL).is_large


def test_boards_are_large_where_one_matrix_would_not_hold_their_places_and_need_memory_for_each() -> None:
    one = middling(300, 300, seats=400)
    many = replace(one, mentees=tuple(replace(who, wanted=300) for who in one.mentees))
    few = replace(one, mentees=tuple(replace(who, wanted=2) for who in one.mentees))

    sizes = [size_of(problem, threads=1, small=SMALL) for problem in (one, few, many)]

    assert [size.is_large for size in sizes] == [False, False, True]
    assert sizes[2].memory > 90_000 * 4_000


def test_more_threads_take_less_time_and_more_memory() -> None:
    one, four = (size_of(middling(3_000, 2_000), threads=threads, small=0) for threads in (1, 4))

    assert one.look == 4 * four.look
    assert one.memory < four.memory
    assert one.pairs == 6_000_000
