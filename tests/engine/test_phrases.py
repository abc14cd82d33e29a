"""Phrases that met: they stand in both texts, say something, and begin and end with a word that does."""

import re
from time import process_time

import pytest

from matchengine import Criterion, Mentee, Mentor, Problem, Table, reasons_in_words, solve
from matchengine.text.letters import Likeness, words_in
from matchengine.text.phrases import folded, same_word
from tests.engine.problems import middling

SMALL_TALK = [
    f"I have thought of a lot of things and would like to talk about {subject} with somebody"
    for subject in ("paint", "gardens", "ledgers", "ships", "trams", "bees", "maps", "glass", "bread", "wool")
]
OTHERS = [
    f"{one} {other}"
    for one in ("Crows", "Tides", "Frost", "Kites", "Rails")
    for other in ("blow", "climb", "drum", "echo", "fade")
]
"""Ten of the texts below say the same of different things, and twenty-five say something else."""


def met(hers: str, his: str, others: list[str] | None = None) -> tuple[tuple[str, str], ...]:
    """The phrases of two texts among others."""
    return Likeness([hers], [his, *(SMALL_TALK + OTHERS if others is None else others)]).phrases(hers, his)


@pytest.mark.row("M-05")
def test_words_that_many_texts_have_make_no_phrase() -> None:
    hers = "I thought of a lot of things, and want to chair the budget meeting"
    his = "I thought of a lot of bees, and chaired a budget meeting or two"

    phrases = met(hers, his)

    assert phrases == (("budget meeting", "budget meeting"), ("chair", "chaired"))


@pytest.mark.row("M-05")
def test_texts_that_share_only_what_many_say_show_no_phrase() -> None:
    hers, his = f"{SMALL_TALK[0]} and easels", f"{SMALL_TALK[1]} and spades"

    assert Likeness([hers], [his, *SMALL_TALK, *OTHERS]).thousandths()[0, 0] > Likeness.nothing
    assert met(hers, his) == ()


@pytest.mark.row("M-05")
def test_a_set_phrase_stays_whole_and_loses_only_common_words_at_its_ends() -> None:
    phrases = met("I want to speak up in meetings", "I like to help you speak up like that")

    assert phrases == (("speak up", "speak up"),)


@pytest.mark.row("M-05")
@pytest.mark.parametrize(
    ("hers", "his"),
    [
        ("I listen. Recording helps", "To listen, recording in hand"),  # neighbours on one side of a stop alone
        ("third language", "a language, and a third"),  # the other way round
        ("lead finance audits", "finance audits, or lead audits of finance"),
    ],
)
def test_a_phrase_stands_in_both_texts_as_it_is_shown(hers: str, his: str) -> None:
    for ours, theirs in met(hers, his):
        assert re.search(rf"(?<!\w){re.escape(ours)}(?!\w)", hers)
        assert re.search(rf"(?<!\w){re.escape(theirs)}(?!\w)", his)
        assert all(same_word(*two) for two in zip(words_of(ours), words_of(theirs), strict=True))


def words_of(phrase: str) -> list[str]:
    return [folded(word) for word in words_in(phrase)]


@pytest.mark.row("M-05")
def test_no_phrase_of_a_whole_round_is_missing_from_either_text() -> None:
    problem = middling(40, 12)
    table, goal = Table(problem), next(one for one in problem.criteria if one.kind == "text")
    texts = {one.id: str(one.answers.get(goal.mentee, "")) for one in problem.mentees}
    offers = {one.id: str(one.answers.get(goal.mentor_field, "")) for one in problem.mentors}

    shown = [
        (two, texts[pair.mentee], offers[pair.mentor])
        for mentee in problem.mentees
        for pair in table.candidates(mentee.id)
        for reason in pair.reasons
        if reason.kind == "text"
        for two in reason.phrases
    ]

    assert len(shown) > 20
    assert [two for two, hers, his in shown if two[0] not in hers or two[1] not in his] == []


def test_phrases_that_met_are_shown_in_both_spellings() -> None:
    hers, his = "I want to negotiate budgets with suppliers", "Negotiating a budget is my trade"

    texts = Likeness([hers], [his, "Painting"])

    assert texts.phrases(hers, his) == (("negotiate", "Negotiating"), ("budgets", "budget"))
    assert texts.thousandths()[0, 0] > texts.thousandths()[0, 1] == 0


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("budget", "budgets", True),
        ("company", "companies", True),
        ("negotiate", "negotiating", True),
        ("engineer", "engineering", True),
        ("gesprach", "gesprache", True),
        ("lead", "led", False),
        ("sound", "found", False),
        ("dread", "read", False),
        ("happened", "opened", False),
        ("state", "station", False),
        ("contract", "contrast", False),
        ("in", "into", False),
    ],
)
def test_two_forms_of_a_word_begin_alike_and_end_soon_after(one: str, other: str, are_one: bool) -> None:
    assert (same_word(one, other), same_word(other, one)) == (are_one, are_one)


def test_a_script_without_spaces_meets_in_its_letters() -> None:
    hers, his = "会議で発言できるようになりたい", "発言の練習を手伝います"

    assert met(hers, his, ["庭の手入れ", "絵の具の話"]) == (("発言", "発言"),)


def test_a_word_with_an_apostrophe_is_shown_whole() -> None:
    assert met("Our depot's ledgers", "A depot's ledgers", ["bees", "trams"]) == (
        ("depot's ledgers", "depot's ledgers"),
    )


def test_points_without_a_phrase_say_so_and_no_more() -> None:
    hers, his = f"{SMALL_TALK[0]} and easels", f"{SMALL_TALK[1]} and spades"
    others = [Mentor(f"m{n}", {"offer": text}, 0) for n, text in enumerate(SMALL_TALK + OTHERS)]
    goal = Criterion("Goal", "text", "goal", "offer", weight=1)

    problem = Problem(
        (Mentee("her", {"goal": hers}),), (Mentor("him", {"offer": his}), *others), criteria=(goal,), text_cap=100
    )
    pair = solve(problem).pairs[0]

    assert pair.reasons[0].points > 0
    assert reasons_in_words(pair).endswith("(alike in places, no phrase stands out)")


def test_a_text_that_repeats_one_word_for_ever_is_compared_at_once() -> None:
    song = "la " * 6000
    texts = Likeness([song], [song])

    begun = process_time()
    phrases = texts.phrases(song, song)

    assert len(phrases) <= 1
    assert process_time() - begun < 2
