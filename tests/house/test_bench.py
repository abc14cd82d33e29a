"""The bench still runs, and reckons rightly. What it measures is for people to judge, not for a test."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bench import load, pages, text
from bench.browser import filled_in
from bench.table import judged, percentile, table
from tests.operate.processes import ROOT, free_port


def rows_under(text: str, title: str) -> list[str]:
    """The first cells of the table whose title begins so."""
    section = next(part for part in text.split("### ") if part.startswith(title))
    return [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")][1:]


@pytest.mark.slow
def test_quick_bench_prints_a_row_for_each_thing_measured() -> None:
    command = [sys.executable, "-m", "bench", "--quick", "--database", "sqlite", "--rate", "5"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)

    assert done.returncode == 0, done.stderr
    assert rows_under(done.stdout, "Pages") == [*(name for name, _share, _make in pages.MIX), "all"]
    assert rows_under(done.stdout, "A round")[:3] == [
        "from the button to proposals on screen",
        "of that, processor time of the worker",
        "most memory of the worker",
    ]
    assert rows_under(done.stdout, "A round")[-3:] == [
        "pin a pair",
        "swap a mentor",
        "publish all (no aim: once a round)",
    ]
    assert rows_under(done.stdout, "A roster")[3:] == [
        "by the page, all of it",
        "most memory of the worker",
        "most memory of a web process",
        "twoway import-roster",
        "most memory of it",
    ]
    assert "Errors:" not in done.stdout
    assert str(Path.home()) not in done.stdout
    assert str(ROOT) not in done.stdout


@pytest.mark.slow
def test_quick_bench_of_a_large_round_asks_for_pages_while_it_runs() -> None:
    command = [sys.executable, "-m", "bench", "large-round", "--quick", "--database", "sqlite"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)

    assert done.returncode == 0, done.stderr
    assert rows_under(done.stdout, "A round of 20") == [
        "home", "desk", "people", "list of rounds", "the round, done", "its fairness, done", "its rehearsals, done",
    ]  # fmt: skip
    assert "From the button to proposals on screen" in done.stdout


def test_quick_bench_of_texts_has_a_row_for_each_language_and_scorer(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench", "text", "--quick", "--database", "sqlite", "--model", str(tmp_path)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stderr
    scorers = [text.OURS, text.WORDS, text.PackagedModel.name]
    assert rows_under(done.stdout, "Meaning of texts") == [
        f"{title}: {scorer}" for title in (*text.LANGUAGES, "all", "all but English") for scorer in scorers
    ]
    assert f"Not measured: {tmp_path} holds no sealed text model: text-model.json is missing." in done.stdout


def test_the_labelled_set_has_traps_in_the_goals_own_words_and_right_offers_in_others() -> None:
    sets = [text.items_in(language) for language in text.LANGUAGES]
    texts = [words for items in sets for one in items for words in (one.goal, one.offer, one.trap)]

    assert len(texts) >= 3 * 120
    assert len(set(texts)) == len(texts)
    assert [text.judge(items, text.letters).fooled for items in sets] == [len(items) for items in sets]


def test_scorers_are_judged_by_the_place_of_the_right_offer() -> None:
    items = [text.Item("a", "A", "x"), text.Item("b", "B", "y"), text.Item("c", "C", "z")]
    scores = [
        [9.0, 1, 1, 2, 2, 2],  # first, also among traps
        [1.0, 5, 4, 1, 9, 1],  # first among offers, but the own trap is nearer
        [7.0, 7, 7, 0, 0, 0],  # equals count against it: third
    ]

    found = text.judge(items, lambda left, right: np.array(scores))

    assert found == text.Judged(goals=3, first=2, still=1, fooled=1, turns=1 + 1 + 1 / 3)


def test_bm25_ranks_the_text_with_the_rare_word_first() -> None:
    scores = text.bm25(["the budget"], ["the team", "the budget", "the team of the team"])

    assert scores.argmax() == 1


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="the system does not say which processes run")
@pytest.mark.parametrize(
    ("word", "at", "code"), [(signal.SIGINT, "filling the database", 130), (signal.SIGTERM, "serving", 143)]
)
def test_stopped_bench_leaves_nothing_behind(tmp_path: Path, word: signal.Signals, at: str, code: int) -> None:
    command = [sys.executable, "-m", "bench", "pages", "--quick", "--database", "sqlite"]
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    bench = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert bench.stderr is not None
    said = next((line for line in bench.stderr if line == f"bench: {at}\n"), "")
    below = [int(one) for one in Path(f"/proc/{bench.pid}/task/{bench.pid}/children").read_text().split()]

    bench.send_signal(word)

    assert said
    assert bench.wait(timeout=60) == code
    bench.stderr.close()
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []
    assert [one for one in below if Path(f"/proc/{one}").exists()] == []


def test_shares_of_the_mix_are_out_of_a_hundred() -> None:
    assert sum(share for _name, share, _make in pages.MIX) == 100


def test_percentile_is_a_value_that_was_measured() -> None:
    values = [0.5, 0.1, 0.4, 0.2, 0.3]

    assert [percentile(values, share) for share in (20, 50, 95, 100)] == [0.1, 0.3, 0.5, 0.5]


@pytest.mark.parametrize(
    ("figure", "aim", "word"),
    [(0.3, 0.3, "met"), (0.6, 0.3, "missed, 2.0 times"), (None, 0.3, ""), (0.3, None, "")],
)
def test_figure_is_judged_by_its_aim(figure: float | None, aim: float | None, word: str) -> None:
    assert judged(figure, aim) == word


def test_table_is_as_wide_as_its_cells() -> None:
    assert table(("Page", "p95"), [("home", "80 ms")]) == "| Page |   p95 |\n|------|------:|\n| home | 80 ms |"


def test_request_that_nobody_answers_is_an_error_and_not_a_figure() -> None:
    ask = load.Ask("home", "/", "nobody")

    outcomes, reached = load.steady(free_port(), [ask, ask], rate=1000)

    assert [(one.kind, one.fault) for one in outcomes] == [("home", "ConnectionRefusedError")] * 2
    assert reached == 0


def test_form_is_sent_as_the_page_has_filled_it_in() -> None:
    page = """<form><input name="outside" value="1"></form><main><input name="name" value="Round 1">
    <input type="radio" name="aim" value="a"><input type="radio" name="aim" value="b" checked>
    <input type="checkbox" name="all"><select name="column"><option value="x"></option>
    <option value="y" selected></option></select></main>"""

    assert filled_in(page) == {"name": "Round 1", "aim": "b", "column": "y"}
