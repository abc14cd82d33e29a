"""The words of reasons: one word for one idea, and what they say is true."""

import pytest

from twoway.matching.fit import Point
from twoway.matching.words import parts, rule_words, seen, texts_words


def point(**facts: object) -> Point:
    """One criterion of a pair, as it is kept beside a proposal."""
    usual = {"id": "q", "label": "Help", "use": "wish", "kind": "many", "points": 5, "of": 10, "code": "partly"}
    return {**usual, "shared": [], "asked": 0, **facts}


NAMED = point(id="wished", label="", use="named", kind="", code="wish_met")
PREFERENCE = point(use="preference", code="wish_met")


@pytest.mark.row("M-05", "M-21")
@pytest.mark.parametrize(
    ("one", "words"),
    [
        (point(shared=["Finance", "Law"], asked=2), "Finance and Law, as asked for"),
        (point(shared=["Finance"], asked=3), "Finance, 1 of the 3 asked for"),
        (point(shared=["Finance", "Law"], asked=1), "Finance and Law, as asked for"),  # one was enough
        (point(use="near", steps=0), "the same answer"),
        (point(use="near", steps=1), "1 step apart"),
        (PREFERENCE, "meets the stated preference"),
        ({**PREFERENCE, "code": "wish_not_met"}, "not the stated preference"),
    ],
)
def test_reasons_say_what_met_and_call_a_wish_only_whom_somebody_would_like_to_meet(one: Point, words: str) -> None:
    assert seen(one) == words
    assert "wish" in seen(NAMED)
    assert [part["label"] for part in parts([NAMED])] == ["Wishes"]


@pytest.mark.row("M-05")
def test_the_rule_for_texts_does_not_claim_that_meaning_is_compared() -> None:
    rule = {"use": "text", "weight": 9, "limit": False}

    assert rule_words(rule) == "Alike in what they write is better, weight 9 of 10"
    assert "not by meaning" in texts_words("") and "by meaning, as read by compass" in texts_words("compass")
