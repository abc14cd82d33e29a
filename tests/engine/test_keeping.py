"""A long run that is broken goes on from its last whole round, to the same bytes, and never from another's."""

import io
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

import matchengine
from matchengine import Cancelled, Objective, Problem, receipt_of, solve
from matchengine.cli import main
from matchengine.keeping import KeptFile, Mark, State, UnusableSearch
from matchengine.meter import Meter
from matchengine.solvers import guided
from tests.engine.problems import BEST, middling


@pytest.fixture(autouse=True)
def _lists_too_short() -> Iterator[None]:
    """Lists that need several rounds, so that there is something to break."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guided, "FIRST", 1)
        patch.setattr(guided, "MORE", 1)
        patch.setattr("matchengine.solvers.sweep.BLOCK", 2_000)
        yield


class Broken(KeyboardInterrupt):
    """Somebody stops the run by hand."""


class BreaksAfter(KeptFile):
    """A run that is broken as soon as it has kept so many rounds."""

    def __init__(self, path: Path, rounds: int) -> None:
        super().__init__(path)
        self.left = rounds

    def keep(self, mark: Mark, state: State) -> None:
        super().keep(mark, state)
        self.left -= 1
        if not self.left:
            raise Broken


def receipt(
    problem: Problem, objective: Objective = "most_then_best", kept: KeptFile | None = None, **asked: int
) -> str:
    return receipt_of(problem, solve(problem, objective=objective, small=0, kept=kept, **asked)).to_json()


@pytest.mark.row("M-04", "M-17")
@pytest.mark.parametrize("objective", [*BEST, "stable"])
def test_a_run_broken_after_each_round_ends_in_the_same_bytes(tmp_path: Path, objective: Objective) -> None:
    problem, file = middling(120, 40), tmp_path / "search"
    unbroken = receipt(problem, objective)
    breaks = 0
    while True:
        try:
            resumed = receipt(problem, objective, BreaksAfter(file, 1), threads=1 + breaks % 2)
            break
        except Broken:
            breaks += 1

    assert resumed == unbroken
    assert breaks > 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["search"]


@pytest.mark.row("M-04")
@pytest.mark.parametrize("rounds", [1, 2, 3, 5])
def test_a_run_broken_once_ends_in_the_same_bytes_with_pins_and_a_gap(tmp_path: Path, rounds: int) -> None:
    problem, file = middling(300, 90), tmp_path / "search"
    pinned = replace(problem, pins=(matchengine.Pin("mentee-2", "mentor-1", override=True),))
    unbroken = [receipt(pinned, gap=gap) for gap in (0, 1)]

    with pytest.raises(Broken):
        receipt(pinned, kept=BreaksAfter(file, rounds))

    # What was kept is left as it was by runs that are told to stop before another round is over.
    kept = file.read_bytes()
    with pytest.raises(Cancelled):
        solve(pinned, small=0, kept=KeptFile(file), progress=lambda stage, done, total: stage != "solving")
    assert file.read_bytes() == kept
    assert receipt(pinned, kept=KeptFile(file)) == unbroken[0]
    file.write_bytes(kept)
    assert receipt(pinned, kept=KeptFile(file), gap=1) == unbroken[1]


KILLED = """
import resource, signal, sys
from pathlib import Path
from matchengine import solve
from matchengine.keeping import KeptFile
from matchengine.solvers import guided, sweep
from tests.engine.problems import middling

guided.FIRST, guided.MORE, sweep.BLOCK = 1, 1, 2_000
# The system ends a process that writes more than this to one file, or only refuses: in the middle of a round.
signal.signal(signal.SIGXFSZ, signal.SIG_DFL if sys.argv[3] == "ends" else signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
solve(middling(120, 40), small=0, kept=KeptFile(Path(sys.argv[1])))
"""


@pytest.mark.row("M-04")
@pytest.mark.parametrize(("system", "code", "beside"), [("ends", -signal.SIGXFSZ, ["search.part"]), ("refuses", 1, [])])
def test_a_run_that_ends_in_the_middle_of_writing_goes_on_from_the_round_before(
    tmp_path: Path, system: str, code: int, beside: list[str]
) -> None:
    problem, file = middling(120, 40), tmp_path / "search"
    # These runs also leave the compiled code on disk, which the other process can then no longer write there.
    third, fourth = kept_of(problem, file, 3), kept_of(problem, file, 1)
    file.unlink()
    source = Path(matchengine.__file__).parents[1]

    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(file), str((len(third) + len(fourth)) // 2), system],
        env={"PYTHONPATH": f"{source}:{source.parent}", "PYTHONDONTWRITEBYTECODE": "1"},  # none cut short
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(third) < len(fourth)
    assert (ended.returncode, file.read_bytes() == third) == (code, True)
    assert ended.stderr.endswith(f"File too large: '{file}'\n") is (system == "refuses")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["search", *beside]
    kept = KeptFile(file)
    assert receipt(problem, kept=kept) == receipt(problem)
    kept.remove()
    assert list(tmp_path.iterdir()) == []


def kept_of(problem: Problem, file: Path, rounds: int = 2) -> bytes:
    with pytest.raises(Broken):
        receipt(problem, kept=BreaksAfter(file, rounds))
    return file.read_bytes()


@pytest.mark.row("M-04")
def test_what_is_kept_of_another_run_is_refused_and_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    problem, file = middling(60, 20), tmp_path / "search"
    kept = kept_of(problem, file)
    others: list[tuple[Problem, Objective, int, str]] = [
        (replace(problem, mentees=problem.mentees[:-1]), "most_then_best", 0, "was kept of other people."),
        (replace(problem, text_cap=39), "most_then_best", 0, "was kept under other rules."),
        (problem, "best_total", 0, "was kept for another objective: most_then_best."),
        (problem, "most_then_best", 1, "was kept with another seed: 0."),
    ]
    for other, objective, seed, why in others:
        with pytest.raises(UnusableSearch) as refused:
            receipt(other, objective, KeptFile(file), seed=seed)
        assert str(refused.value) == (f"{file}: this search {why} Name another file, or remove this one to begin anew.")
    monkeypatch.setattr("matchengine.keeping.ENGINE", "9.9.9")
    with pytest.raises(UnusableSearch, match=f"was kept by another engine: {matchengine.ENGINE}"):
        receipt(problem, kept=KeptFile(file))
    assert file.read_bytes() == kept


@pytest.mark.row("M-04")
def test_any_damage_is_seen(tmp_path: Path) -> None:
    problem, file = middling(60, 20), tmp_path / "search"
    kept, chance = kept_of(problem, file), random.Random(4)
    places = [*range(70), *(chance.randrange(len(kept)) for _ in range(60)), len(kept) - 1]
    damaged = [kept[:at] + bytes([kept[at] ^ 1 << chance.randrange(8)]) + kept[at + 1 :] for at in places]
    damaged += [b"", kept[:40], kept[: len(kept) // 2], kept[:-1], kept + b"\0", b"id,grade\nann,4\n"]

    for content in damaged:
        file.write_bytes(content)
        with pytest.raises(UnusableSearch, match="this is not a kept search, or it was damaged"):
            receipt(problem, kept=KeptFile(file))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"entries":', b'"entries":1'),
        (b'"entries":', b'"entries":-'),
        (b'"people":60', b'"people":61'),
        (b'"people":60', b'"people":59'),
        (b'"mentors":20', b'"mentors":19'),
        (b'"finished":0', b'"finished":1'),
        (b'"is_best":false', b'"is_worst":0'),
        (b'"matchengine search 2"', b'"matchengine seance 2"'),
        (b'{"format"', b'["format"'),
    ],
)
def test_shapes_that_do_not_fit_are_refused_even_under_a_digest_that_does(
    tmp_path: Path, old: bytes, new: bytes
) -> None:
    problem, file = middling(60, 20), tmp_path / "search"
    kept = kept_of(problem, file)[65:]
    assert old in kept
    forged = kept.replace(old, new, 1)
    file.write_bytes(sha256(forged).hexdigest().encode() + b"\n" + forged)

    with pytest.raises(UnusableSearch, match="this is not a kept search, or it was damaged"):
        receipt(problem, kept=KeptFile(file))


def test_a_search_kept_in_another_form_is_named_so(tmp_path: Path) -> None:
    problem, file = middling(60, 20), tmp_path / "search"
    kept = kept_of(problem, file)[65:].replace(b'"matchengine search 2"', b'"matchengine search 1"', 1)
    file.write_bytes(sha256(kept).hexdigest().encode() + b"\n" + kept)

    with pytest.raises(UnusableSearch, match="kept by another version of the engine"):
        receipt(problem, kept=KeptFile(file))


LINE = """\
id = "id"

[[criterion]]
name = "Place"
kind = "near"
column = "place"
span = 100
"""


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Tables in the folder the command runs in, which it takes for large."""
    chance = random.Random(3)
    for name, people in (("mentees.csv", 110), ("mentors.csv", 100)):
        rows = "".join(f"p{name[3]}{at},{chance.randint(0, 100)}\n" for at in range(people))
        (tmp_path / name).write_text(f"id,place\n{rows}", "utf-8")
    (tmp_path / "rules.toml").write_text(LINE, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("matchengine.cli.SMALL", 0)
    return ["--mentees", "mentees.csv", "--mentors", "mentors.csv", "--rules", "rules.toml", "--out", "p.csv"]


@pytest.mark.row("M-17")
def test_the_command_goes_on_from_what_was_kept_and_removes_it_at_the_end(
    inputs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["match", *inputs, "--receipt", "unbroken.json"])
    capsys.readouterr()
    with monkeypatch.context() as patch:
        patch.setattr("matchengine.cli.KeptFile", lambda path: BreaksAfter(path, 2))
        stopped = main(["match", *inputs, "--receipt", "r.json", "--keep", "search"])
    was_kept, was_written = Path("search").exists(), Path("r.json").exists()
    size, last = capsys.readouterr().err.splitlines()

    code = main(["match", *inputs, "--receipt", "r.json", "--keep", "search"])

    assert (stopped, was_kept, was_written, last) == (130, True, False, "matchengine: stopped")
    assert (code, Path("search").exists()) == (0, False)
    assert Path("r.json").read_bytes() == Path("unbroken.json").read_bytes()
    assert capsys.readouterr().err.splitlines()[:2] == [size, "Going on after round 1, from search."]


@pytest.mark.row("M-17")
def test_the_command_leaves_a_file_alone_that_is_not_its_own(
    inputs: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path("rules.toml").read_bytes()
    Path("notes.toml").write_bytes(before)

    code = main(["match", *inputs, "--receipt", "r.json", "--keep", "notes.toml"])

    assert (code, Path("notes.toml").read_bytes(), Path("r.json").exists()) == (2, before, False)
    assert capsys.readouterr().err.splitlines()[-1] == (
        "matchengine: notes.toml: this is not a kept search, or it was damaged. Name another file, or remove this one "
        "to begin anew."
    )


@pytest.mark.row("M-17")
@pytest.mark.parametrize(
    ("keep", "why"),
    [("p.csv", "two things cannot be written there"), ("nowhere/search", "nothing can be written there")],
)
def test_the_command_refuses_a_place_where_nothing_can_be_kept(
    inputs: list[str], capsys: pytest.CaptureFixture[str], keep: str, why: str
) -> None:
    code = main(["match", *inputs, "--receipt", "r.json", "--keep", keep])

    assert (code, capsys.readouterr().err) == (2, f"matchengine: {keep}: {why}\n")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.row("M-17")
def test_a_terminal_is_told_how_far_a_run_is_and_a_file_is_not() -> None:
    screen, file = Terminal(), io.StringIO()
    for shown in (Meter(screen), Meter(file)):
        for stage, done in (("solving", 99), ("solving", 100), ("solving", 999), ("explaining", 0)):
            shown(stage, done, 1000)
        shown.clear()
        shown.clear()

    assert screen.getvalue() == (
        "\rsolving 9 %\rsolving 10 %\rsolving 99 %\rexplaining 0 %\r" + " " * len("explaining 0 %") + "\r"
    )
    assert file.getvalue() == ""
