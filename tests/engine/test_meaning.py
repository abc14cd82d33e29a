"""Texts read by a model: whole points, one result whatever the way, and a proof that needs no model."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchengine import (
    Criterion,
    InvalidProblem,
    Meaning,
    Mentee,
    Mentor,
    Problem,
    Table,
    check,
    problem_from_json,
    problem_to_json,
    receipt_from_json,
    receipt_of,
    solve,
    verify,
)
from matchengine.reread import _said_in
from matchengine.scoring import Scoring
from matchengine.text.reader import read_texts
from matchengine.text.sentences import key_of, sentences_of
from tests.engine.compass import Compass

pytestmark = pytest.mark.row("M-05", "M-10")

GOALS = {
    "amira": "I would like to look after money. I am tired at night.",
    "dora": "Speak before an audience!",
    "eva": "Painting walls in every colour, with books beside me.",
    "fay": "",
}
OFFERS = {
    "ben": "Budgets and accounts are my trade",
    "cleo": "Vortrag und voice",
    "dan": "I paint and speak",
    "eli": "Money can rest",
}


def asked(**fields: Any) -> Problem:
    """Four mentees and four mentors with texts, and a criterion beside."""
    return Problem(
        tuple(Mentee(who, {"text": text, "site": "north"}) for who, text in GOALS.items()),
        tuple(Mentor(who, {"text": text, "site": "north"}) for who, text in OFFERS.items()),
        criteria=(Criterion("Goal", "text", "text", weight=5), Criterion("Site", "same", "site", weight=5)),
        **fields,
    )


def read() -> Problem:
    return read_texts(asked(), Compass())


def test_meaning_finds_what_no_letter_shows() -> None:
    by_letters, by_meaning = Table(asked()).pair("dora", "cleo"), Table(read()).pair("dora", "cleo")

    assert [reason.points for reason in by_letters.reasons] == [0, 60]
    assert [reason.points for reason in by_meaning.reasons] == [40, 60]
    assert by_meaning.reasons[0].phrases == (("Speak before an audience!", "Vortrag und voice"),)


def test_the_share_of_texts_stays_capped() -> None:
    problem = replace(read(), text_cap=10)

    assert Table(problem).pair("dora", "cleo").reasons[0].most == 10


def test_the_sentence_that_met_best_is_the_evidence() -> None:
    table = Table(read())

    assert table.pair("amira", "ben").reasons[0].phrases == (
        ("I would like to look after money.", "Budgets and accounts are my trade"),
    )
    assert table.pair("amira", "cleo").reasons[0].phrases == ()


def test_a_text_points_to_the_middle_of_its_sentences() -> None:
    pair = Table(read()).pair("amira", "ben")

    # Money points east, tired at night south: 45 degrees from budgets is 707 of 300 to 900 thousandths.
    assert pair.reasons[0].points == 40 * (707 - 300) // 600


def test_without_a_model_nothing_changes() -> None:
    problem = asked()

    assert read_texts(replace(problem, criteria=problem.criteria[1:]), Compass()).meaning is None
    assert "meaning" not in json.loads(problem_to_json(problem))
    assert "text" not in json.loads(receipt_of(problem, solve(problem)).to_json())
    assert verify(problem, receipt_of(problem, solve(problem))).about_texts == ""


def test_the_receipt_names_the_model_and_the_verifier_proves_without_it() -> None:
    problem = read()
    receipt = receipt_from_json(receipt_of(problem, solve(problem)).to_json())

    verdict = verify(problem_from_json(problem_to_json(problem)), receipt)

    assert json.loads(receipt.to_json())["text"] == {"scorer": "compass", "checksum": "c" * 64}
    assert (verdict.proven, verdict.faults) == (True, ())
    assert verdict.about_texts == (
        "The texts count by the numbers that compass gave them, as the problem keeps them: the points were counted "
        "again from these numbers, but the texts were not read again."
    )


def _changed(meaning: Meaning, change: str) -> Meaning:
    key = min(meaning.sentences)
    turned = bytes([meaning.sentences[key][0] ^ 1]) + meaning.sentences[key][1:]
    return {
        "vector": replace(meaning, sentences={**meaning.sentences, key: turned}),
        "checksum": replace(meaning, checksum="d" * 64),
        "scorer": replace(meaning, scorer="another"),
        "nothing": replace(meaning, nothing=301),
        "everything": replace(meaning, everything=899),
        "unused": replace(meaning, sentences={**meaning.sentences, "e" * 64: b"\1\1"}),
    }[change]


@pytest.mark.parametrize("change", ["vector", "checksum", "scorer", "nothing", "everything", "unused"])
def test_any_change_to_what_the_model_said_breaks_the_proof(change: str) -> None:
    problem = read()
    receipt = receipt_of(problem, solve(problem))
    assert problem.meaning is not None

    other = replace(problem, meaning=_changed(problem.meaning, change))

    assert verify(other, receipt).proven is False
    assert verify(asked(), receipt).proven is False


@pytest.mark.parametrize("name", ["scorer", "checksum"])
def test_a_receipt_that_names_another_model_is_not_believed(name: str) -> None:
    problem = read()
    content = json.loads(receipt_of(problem, solve(problem)).to_json())
    content["text"][name] = content["text"][name].replace("c", "d")
    text = json.dumps(content, sort_keys=True, separators=(",", ":")) + "\n"

    assert "the texts were read by another model." in verify(problem, receipt_from_json(text)).faults


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"scorer": " "}, "does not say which model"),
        ({"checksum": "c"}, "does not say which model"),
        ({"size": 0}, "must have from 1 to 8192 numbers"),
        ({"size": 3}, "does not have 3 numbers"),
        ({"nothing": 900}, "nothing must be less than everything"),
        ({"everything": 1001}, "must be thousandths"),
        ({"sentences": {}}, "sentences of the texts were not read by compass"),
    ],
)
def test_a_meaning_that_cannot_be_is_refused(fields: dict[str, Any], said: str) -> None:
    problem = read()
    assert problem.meaning is not None

    with pytest.raises(InvalidProblem, match=said):
        check(replace(problem, meaning=replace(problem.meaning, **fields)))


@pytest.mark.parametrize(
    "place", ['"meaning":[]', '"meaning":{"sentences":{"a":"?"}}', '"meaning":{"scorer":1,"sentences":{}}']
)
def test_a_meaning_that_is_not_one_is_called_so(place: str) -> None:
    text = problem_to_json(asked()).replace('"mentees"', f'{place},"mentees"', 1)

    with pytest.raises(InvalidProblem, match="meaning"):
        problem_from_json(text)


def many() -> Problem:
    """Forty people on each side whose texts are put together from a few words."""
    words = ["budget", "money", "speak", "audience", "paint", "walls", "sleep", "tired", "and", "the", "of"]
    texts = [" ".join(words[(at * step) % len(words)] for step in range(1, 5)) + "." for at in range(80)]
    return Problem(
        tuple(Mentee(f"e{at}", {"text": f"{texts[at]} {texts[-at]}"}) for at in range(40)),
        tuple(Mentor(f"o{at}", {"text": texts[40 + at]}, capacity=2) for at in range(40)),
        criteria=(Criterion("Goal", "text", "text", both=True),),
        text_cap=100,
    )


@pytest.mark.row("M-11")
@pytest.mark.parametrize("small", [10_000, 0])
def test_threads_and_rows_give_the_same_bytes(small: int) -> None:
    problem = read_texts(many(), Compass())
    turned = read_texts(replace(many(), mentees=many().mentees[::-1], mentors=many().mentors[::-1]), Compass())
    receipts = {
        receipt_of(one, solve(one, threads=threads, small=small)).to_json()
        for one in (problem, turned)
        for threads in (1, 2, 4)
    }

    assert len(receipts) == 1
    assert problem_to_json(problem) == problem_to_json(turned)
    assert verify(problem, receipt_from_json(receipts.pop())).faults == ()


def test_a_block_of_scores_says_what_each_pair_says() -> None:
    table = Table(read_texts(many(), Compass()))
    blocks = Scoring(
        table.problem.criteria, 100, table.mentees, table.mentors, largest_table=0, meaning=table.problem.meaning
    )
    one_by_one = [[blocks.score(row, column) for column in range(40)] for row in range(40)]

    assert table.scoring.scores.tolist() == one_by_one
    assert blocks.rows(np.array([3, 1, 39])).tolist() == [one_by_one[row] for row in (3, 1, 39)]


def test_what_was_read_before_is_not_read_again() -> None:
    first = read()
    assert first.meaning is not None
    more = replace(
        asked(), mentees=(*asked().mentees, Mentee("gus", {"text": "Night shifts. Speak before an audience!"}))
    )
    model = Compass()

    again = read_texts(more, model, known=first.meaning.sentences)

    assert model.read == 1
    assert again.meaning is not None
    assert set(again.meaning.sentences) - set(first.meaning.sentences) == {key_of("Night shifts.")}
    assert again == read_texts(more, Compass())


def test_vectors_of_another_length_are_read_anew() -> None:
    model = Compass()

    read_texts(asked(), model, known={key_of("I paint and speak"): b"\1\2\3"})

    assert model.read == 8


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("I lead a team. Badly, so far.", ["I lead a team.", "Badly, so far."]),
        ("Ich suche z. B. Rat zu Steuern", ["Ich suche z. B.", "Rat zu Steuern"]),
        ("one long line\n\nanother long line", ["one long line", "another long line"]),
        ("Hi.", ["Hi."]),
        ("مرحبا بكم جميعا؟ أريد أن أتعلم", ["مرحبا بكم جميعا؟", "أريد أن أتعلم"]),
        (
            "我想学习如何管理一个小团队。我也想学会怎么公开演讲。",
            ["我想学习如何管理一个小团队。", "我也想学会怎么公开演讲。"],
        ),
        (" \n ", []),
        ("x" * 900, ["x" * 400, "x" * 400, "x" * 100]),
    ],
)
def test_a_text_is_cut_into_sentences(text: str, sentences: list[str]) -> None:
    assert sentences_of(text) == sentences


def test_a_very_long_text_is_read_to_a_limit() -> None:
    assert len(sentences_of("I would like to learn. " * 5_000)) == 40


@given(
    st.lists(
        st.sampled_from(["a", "Word", " ", ".", "! ", "\n", "•", "。", "z.", "؟ ", "x" * 130, "\u00a0"]), max_size=60
    )
)
def test_the_verifier_cuts_as_the_scores_do_with_words_of_its_own(parts: list[str]) -> None:
    text = "".join(parts)

    assert _said_in(text) == sentences_of(text)
