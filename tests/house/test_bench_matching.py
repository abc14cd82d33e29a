"""The bench of matching runs, judges matches rightly whoever made them, and says so when somebody does not end."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from bench.matching import environments, measure, million, targets
from bench.matching.crowd import KINDS, Judged, Points, crowd, judge
from bench.matching.growth import drawn, exponent, growth
from bench.matching.people import problem_of
from bench.matching.runs import Peer, Run, run
from bench.table import Section
from matchengine.limits import Limits
from matchengine.scoring import Scoring
from tests.house.test_bench import rows_under
from tests.operate.processes import ROOT


@pytest.mark.slow
def test_quick_bench_of_matching_has_a_row_for_each_crowd_and_whoever_is_there(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench", "matching", "--quick", "--write", str(tmp_path / "tables.md")]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)

    assert done.returncode == 0, done.stderr
    flow = [measure.FLOW.name] if environments.is_there("ortools") else []
    of_all = [measure.OURS.name, *flow, measure.SCIPY.name]
    hardest = [measure.OURS.name, measure.TWO.name, measure.FULL.name, *flow, measure.SCIPY.name]
    for kind in KINDS:
        sizes, names = (("40 x 10", "120 x 30"), hardest) if kind == "clustered" else (("120 x 30",), of_all)
        wanted = [f"{size}: {name}" for size in sizes for name in names]
        assert rows_under(done.stdout, f"Matching, {measure.ABOUT[kind]}") == wanted
    assert len(rows_under(done.stdout, "Matching, the first call")) == 3
    assert rows_under(done.stdout, "Matching, how processor time grows")[0] == measure.OURS.name
    assert [row[:2] for row in rows_under(done.stdout, "Matching, targets")] == ["7:", "7:"]
    assert "missed" not in done.stdout
    assert "NOT PROVEN" not in done.stdout
    assert "NOT VERIFIED" not in done.stdout
    assert done.stdout.count("; verified in ") == len(KINDS) + 1
    assert str(ROOT) not in done.stdout
    assert (tmp_path / "tables.md").read_text() + "\n" == done.stdout


@pytest.mark.slow
def test_quick_bench_of_a_million_is_broken_and_goes_on_where_it_was_kept(tmp_path: Path) -> None:
    kept = tmp_path / "search"
    command = [sys.executable, "-m", "bench", "million", "--quick", "--keep", str(kept)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)

    assert done.returncode == 0, done.stderr
    row = next(line for line in done.stdout.splitlines() if line.startswith("| 400 x 100"))
    cells = [cell.strip() for cell in row.split("|")[1:-1]]
    assert (cells[0], cells[4], cells[6], cells[8]) == ("400 x 100: matchengine, two threads", "100.00 %", "2", "")
    assert int(cells[5]) > 2
    assert float(cells[7].removesuffix(" %")) <= million.GAP
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_points_and_rules_of_a_crowd_are_those_of_the_engine(kind: str) -> None:
    people = crowd(kind, 60, 20)
    problem = problem_of(people)

    points, allowed = Points(people).block(0, 60)

    assert points.tolist() == Scoring(problem.criteria, 40, problem.mentees, problem.mentors).scores.tolist()
    assert allowed.tolist() == Limits(problem, problem.mentees, problem.mentors).allowed.tolist()
    rows, cols = np.divmod(np.arange(60 * 20), 20)
    assert [one.reshape(60, 20).tolist() for one in Points(people).of_pairs(rows, cols)] == [
        points.tolist(),
        allowed.tolist(),
    ]


def test_same_kind_and_size_is_the_same_crowd() -> None:
    one, again, other = crowd("ties", 50, 10), crowd("ties", 50, 10), crowd("flat", 50, 10)

    assert one.mentees.skills.tolist() == again.mentees.skills.tolist()
    assert one.mentees.skills.tolist() != other.mentees.skills.tolist()
    assert int(crowd("scarce", 100, 25).seats.sum()) == 70


def test_match_is_judged_by_rules_and_seats_whoever_made_it() -> None:
    people = crowd("flat", 40, 10)
    points, allowed = Points(people).block(0, 40)
    mentor = 0
    fine, closed = np.flatnonzero(allowed[:, mentor]).tolist(), np.flatnonzero(~allowed[:, mentor]).tolist()
    seats = int(people.seats[mentor])

    found = judge(people, [(row, mentor) for row in [closed[0], *fine[: seats + 1], fine[0]]])

    assert found == Judged(placed=seats, points=int(points[fine[:seats], mentor].sum()), forbidden=1, overfull=2)


def test_somebody_who_does_not_end_is_stopped_and_said_so(tmp_path: Path) -> None:
    (tmp_path / "endless.py").write_text("while True: pass")

    found = run(Peer("endless", str(tmp_path / "endless.py")), crowd("flat", 4, 2), limit=1)

    assert found.judged is None
    assert found.fault.startswith("not within ")


def test_somebody_who_fails_says_their_last_words(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("raise RecursionError('too deep')")

    found = run(Peer("broken", str(tmp_path / "broken.py")), crowd("flat", 4, 2))

    assert (found.judged, found.fault) == (None, "RecursionError: too deep")


def test_kept_rows_are_of_the_versions_that_would_be_run() -> None:
    kept = measure.kept()

    assert kept.versions == {peer.package: environments.VERSIONS[peer.package] for peer in measure.KEPT_PEERS}
    assert {one.peer for one in kept.runs} == {peer.name for peer in measure.KEPT_PEERS}
    assert [one for one in kept.runs if not one.judged and not one.fault] == []


def test_new_row_takes_the_place_of_the_old_one_and_the_others_stay(tmp_path: Path) -> None:
    small = Run("algmatch", "clustered", 100, 25, cpu=1.0, judged=Judged(100, 9, 0, 0))
    for one in (replace(small, mentees=1_000, fault="too deep", judged=None), small, replace(small, cpu=2.0)):
        measure.keep(one, tmp_path / "rows.json")

    found = measure.kept(tmp_path / "rows.json")

    assert [(one.mentees, one.cpu, one.judged) for one in found.runs] == [
        (100, 2.0, Judged(100, 9, 0, 0)),
        (1_000, 1.0, None),
    ]
    assert "algmatch 1.5.2" in found.in_words


def test_growth_is_the_slope_of_logarithms_and_is_drawn() -> None:
    runs = [
        Run("matchengine", "clustered", n, n // 4, cpu=n**1.5 / 1e6, judged=Judged(n, n, 0, 0))
        for n in (100, 1_000, 10_000)
    ]

    section = growth(runs, None)

    assert section.rows == [("matchengine", "1,000: 32 ms", "10,000: 1.0 s", "1.50")]
    assert round(exponent([(10, 3.0), (100, 30.0)]), 6) == 1
    picture = ElementTree.fromstring(drawn({"matchengine": [(10, 1.0), (100, 10.0)]}))
    assert [one.get("points") for one in picture.iter() if one.tag.endswith("polyline")] == ["60.0,340.0 580.0,60.0"]


@pytest.mark.parametrize(("cpu", "word"), [(0.1, "met"), (10.0, "missed: 20 % of it")])
def test_targets_are_judged_as_ratios(cpu: float, word: str) -> None:
    more = {"certified": True, "stages": {"solving cpu": cpu}}
    best = Judged(3_000, 10, 0, 0)
    ours = Run("matchengine", "clustered", 3_000, 750, cpu=cpu, memory=100.0, judged=best, more=more)
    theirs = Run("mentor-match", "clustered", 3_000, 750, cpu=1_000.0, memory=1_900.0, judged=best)

    section = targets.judged_by([ours], [theirs])

    assert words_of(section, "1:") == [word, "missed: 95 % of it", "met"]


def test_target_is_missed_where_the_engine_does_not_end_and_not_known_where_the_peer_does_not() -> None:
    ended = Run("matchengine", "clustered", 100_000, 20_000, judged=Judged(1, 1, 0, 0), more={"certified": True})
    endless = replace(ended, judged=None, fault="not within 420 s of processor")
    flow = replace(ended, peer="OR-tools on the best 64", cpu=80.0)

    assert words_of(targets.judged_by([endless, flow], []), "3:") == ["missed"]
    assert words_of(targets.judged_by([ended, replace(flow, judged=None, fault="no")], []), "3:") == [""]


@pytest.mark.parametrize(
    ("fault", "word"), [("not within 420 s of processor", "met"), ("stopped by hand after 206 s of processor", "")]
)
def test_somebody_is_said_not_to_end_only_when_the_limit_was_reached(fault: str, word: str) -> None:
    more = {"certified": True, "stages": {"solving cpu": 0.5}}
    ours = Run("matchengine", "clustered", 10_000, 2_500, memory=1.0, judged=Judged(1, 1, 0, 0), more=more)
    seats = replace(ours, peer="scipy on seats", cpu=50.0, memory=9.0)
    slow = Run("algmatch", "clustered", 10_000, 2_500, fault=fault)

    rows = targets.judged_by([ours, seats], [slow]).rows

    assert [row[-1] for row in rows if row[0].endswith(": algmatch")] == [word]


def words_of(section: Section, number: str) -> list[str]:
    return [row[-1] for row in section.rows if row[0].startswith(number)]
