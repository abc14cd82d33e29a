"""How well each scorer tells meaning from words: goals of mentees, right offers that share few words, and traps.

The sets in bench/texts were written for this bench. A goal is compared with the offers that suit the other goals of
its language, and with the trap beside it: an offer about something else in the goal's own words.
"""

import csv
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.table import Section
from matchengine.problem import Meaning
from matchengine.text.letters import Likeness, grams_of, words_in
from matchengine.text.meaning import Meanings
from matchengine.text.models import PACKAGED, open_model
from matchengine.text.packaged import PackagedModel as PackagedModel
from matchengine.text.reader import Reader, UnusableModel, as_bytes
from matchengine.text.sentences import key_of, sentences_of

FOLDER = Path(__file__).parent / "texts"
LANGUAGES = ("english", "german", "spanish", "french")
OURS, WORDS = "letters (character TF-IDF)", "words (BM25)"
QUICK = 8

Numbers = npt.NDArray[np.float64]
Scorer = Callable[[Sequence[str], Sequence[str]], Numbers]
"""Texts on the left and on the right in, a table of how alike they are out."""


@dataclass(frozen=True)
class Item:
    goal: str
    offer: str
    trap: str


@dataclass(frozen=True)
class Judged:
    """`first`: how many right offers stood first among all right offers; `still`: also with every trap among them;
    `fooled`: how many goals came nearer to their own trap; `turns`: the sum of one through the rank."""

    goals: int = 0
    first: int = 0
    still: int = 0
    fooled: int = 0
    turns: float = 0.0

    def __add__(self, other: "Judged") -> "Judged":
        return Judged(
            self.goals + other.goals, self.first + other.first, self.still + other.still,
            self.fooled + other.fooled, self.turns + other.turns,
        )  # fmt: skip

    @property
    def cells(self) -> tuple[str, ...]:
        shares = (self.first, self.turns, self.still, self.fooled)
        return tuple(f"{share / self.goals:.2f}" for share in shares)


def items_in(language: str) -> list[Item]:
    with (FOLDER / f"{language}.csv").open(encoding="utf-8", newline="") as file:
        return [Item(**row) for row in csv.DictReader(file)]


def measure(models: Sequence[str] = (), quick: bool = False) -> Section:
    """One table: every language with every scorer, then all languages together and all but English."""
    section = Section(
        "Meaning of texts",
        ("Language and scorer", "goals", "hit@1", "MRR", "hit@1 among traps", "trap rate", "texts a second"),
    )
    scorers, absent = scorers_with(models)
    judged: dict[tuple[str, str], Judged] = {}
    for language in LANGUAGES:
        items = items_in(language)[: QUICK if quick else None]
        for name, scorer in scorers.items():
            began = time.process_time()
            judged[language, name] = judge(items, scorer)
            pace = 3 * len(items) / max(1e-9, time.process_time() - began)
            section.rows.append(_row(f"{language}: {name}", judged[language, name], f"{pace:.0f}"))
    for title, languages in (("all", LANGUAGES), ("all but English", LANGUAGES[1:])):
        for name in scorers:
            whole = sum((judged[language, name] for language in languages), Judged())
            section.rows.append(_row(f"{title}: {name}", whole, ""))
            ours = sum((judged[language, OURS] for language in languages), Judged())
            if name not in (OURS, WORDS):
                section.notes.append(_compared(title, name, whole, ours))
    section.notes += absent
    section.notes.append(
        "hit@1 and MRR: among the right offers of all goals of the language. hit@1 among traps: with every trap there "
        "too. Trap rate: how often a goal is nearer to its own trap than to its right offer; lower is better. "
        "Equals count against the right offer."
    )
    return section


def _row(title: str, judged: Judged, pace: str) -> tuple[str, ...]:
    return (title, str(judged.goals), *judged.cells, pace)


def _compared(title: str, name: str, judged: Judged, ours: Judged) -> str:
    aim = 4 if title == "all" else 3
    word = "met" if judged.first >= aim * ours.first and judged.first else "missed"
    return f"{title}: {name} has {judged.first} hits where letters have {ours.first}; the aim is {aim} times: {word}."


def scorers_with(models: Sequence[str]) -> tuple[dict[str, Scorer], list[str]]:
    """Our own letters, words by BM25, and each model that loads; a sentence on each that does not."""
    found: dict[str, Scorer] = {OURS: letters, WORDS: bm25}
    absent = []
    for where in (PACKAGED, *models):
        try:
            model = open_model(where)
            found[model.name] = scorer_of(model)
        except UnusableModel as missing:
            absent.append(f"Not measured: {missing}.")
    return found, absent


def judge(items: Sequence[Item], scorer: Scorer) -> Judged:
    """What a scorer makes of a set."""
    goals = len(items)
    scores = scorer([one.goal for one in items], [*(one.offer for one in items), *(one.trap for one in items)])
    right = np.diagonal(scores)[:, None]
    rank = (scores[:, :goals] >= right).sum(axis=1)
    own_trap = np.diagonal(scores, offset=goals)
    return Judged(
        goals,
        int((rank == 1).sum()),
        int(((scores >= right).sum(axis=1) == 1).sum()),
        int((own_trap >= right[:, 0]).sum()),
        float((1 / rank).sum()),
    )


def letters(left: Sequence[str], right: Sequence[str]) -> Numbers:
    grams_of.cache_clear()
    return Likeness(left, right).thousandths().astype(np.float64)


def scorer_of(model: Reader) -> Scorer:
    """A model as the engine uses it: sentences read one by one, whole numbers."""
    model.vector("The first sentence loads the model.")

    def score(left: Sequence[str], right: Sequence[str]) -> Numbers:
        sentences = {one for text in (*left, *right) for one in sentences_of(text)}
        vectors = {key_of(one): as_bytes(model.vector(one)) for one in sentences}
        read = Meaning(model.name, model.checksum, model.size, model.nothing, model.everything, vectors)
        return Meanings(read, left, right).thousandths().astype(np.float64)

    return score


def bm25(left: Sequence[str], right: Sequence[str]) -> Numbers:
    """Words weighed by S. Robertson's BM25 with its usual constants, 1.5 and 0.75."""
    bags = [Counter(word.casefold() for word in words_in(text)) for text in right]
    usual = sum(map(sum, (bag.values() for bag in bags))) / len(bags)
    having = Counter(word for bag in bags for word in bag)
    rare = {word: math.log(1 + (len(bags) - have + 0.5) / (have + 0.5)) for word, have in having.items()}
    scores = np.zeros((len(left), len(right)))
    for column, bag in enumerate(bags):
        weight = 1.5 * (0.25 + 0.75 * bag.total() / usual)
        for row, text in enumerate(left):
            words = {word.casefold() for word in words_in(text)} & set(bag)
            scores[row, column] = sum(rare[word] * bag[word] * 2.5 / (bag[word] + weight) for word in words)
    return scores
