"""What each kind of question keeps of an answer, from a page or from a sheet's cell, and how it reads."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from twoway.signup import fields
from twoway.signup.languages import LANGUAGES, language_choices, language_name, names_of
from twoway.signup.models import Question

GRADES = fields.new_options(["AA", "Grade 7", "Senior, scale 1"])


def question(kind: str, **given: Any) -> Question:
    return Question(kind=kind, label="?", options=given.pop("options", GRADES), **given)


@pytest.mark.row("F-01")
@pytest.mark.parametrize(
    ("kind", "raw", "kept", "read"),
    [
        ("single", "grade-7", "grade-7", "Grade 7"),
        ("single", " GRADE  7 ", "grade-7", "Grade 7"),
        ("ordered", "AA", "aa", "AA"),
        ("many", ["grade-7", "aa"], ["aa", "grade-7"], "AA, Grade 7"),
        ("many", "grade 7; aa", ["aa", "grade-7"], "AA, Grade 7"),
        ("many", "Senior, scale 1", ["senior-scale-1"], "Senior, scale 1"),
        ("skills_wanted", "AA", ["aa"], "AA"),
        ("skills_offered", ["aa"], ["aa"], "AA"),
        ("scale", "4", 4, "4 of 5"),
        ("yes_no", "Yes", True, "Yes"),
        ("yes_no", "0", False, "No"),
        ("yes_no", False, False, "No"),
        ("short", "  a  b ", "a b", "a b"),
        ("long", "one\r\ntwo", "one\ntwo", "one\ntwo"),
        ("number", "1 200", 1200, "1200"),
        ("number", 12.0, 12, "12"),
        ("date", "2026-11-23", "2026-11-23", "23 Nov 2026"),
        ("date", date(2026, 11, 23), "2026-11-23", "23 Nov 2026"),
        ("date", "23/11/2026", "2026-11-23", "23 Nov 2026"),
        ("languages", ["en", "de"], ["de", "en"], "German, English"),
        ("languages", "Deutsch; French", ["de", "fr"], "German, French"),
        ("languages", "Mandarin; Soomaali; yoruba", ["so", "yo", "zh"], "Somali, Yoruba, Chinese (Mandarin)"),
        ("languages", "中文; Cantonese", ["yue", "zh"], "Chinese (Cantonese), Chinese (Mandarin)"),
        (
            "hours",
            {"zone": "Europe/Lisbon", "slots": ["wed-eve", "mon-am"]},
            {"zone": "Europe/Lisbon", "slots": ["mon-am", "wed-eve"]},
            "Monday morning; Wednesday evening; Europe · Lisbon",
        ),
        ("line_manager", "Boss@Example.ORG", "boss@example.org", "boss@example.org"),
    ],
)
def test_answer_is_kept_in_one_shape_and_read_in_words(kind: str, raw: Any, kept: Any, read: str) -> None:
    asked = question(kind)

    assert fields.clean(asked, raw) == kept
    assert fields.words(asked, kept) == read


@pytest.mark.row("F-01")
@pytest.mark.parametrize("kind", sorted(fields.KINDS))
@pytest.mark.parametrize("nothing", [None, "", "   ", []])
def test_no_answer_is_none_for_every_kind(kind: str, nothing: Any) -> None:
    assert fields.clean(question(kind), nothing) is None
    assert fields.words(question(kind), None) == ""


@pytest.mark.row("F-01")
@pytest.mark.parametrize(
    ("kind", "raw", "limits", "code"),
    [
        ("single", "Grade 8", {}, "unknown_option"),
        ("many", ["aa", "nothing"], {}, "unknown_option"),
        ("many", ["aa", "grade-7"], {"at_most": 1}, "too_many"),
        ("scale", "6", {}, "out_of_range"),
        ("scale", "four", {}, "not_a_number"),
        ("yes_no", "perhaps", {}, "not_yes_or_no"),
        ("short", "x" * 201, {}, "too_long"),
        ("long", "x" * 11, {"max_length": 10}, "too_long"),
        ("number", "1.5", {}, "not_a_number"),
        ("number", "41", {"low": 0, "high": 40}, "out_of_range"),
        ("number", "-1", {"low": 0}, "out_of_range"),
        ("date", "soon", {}, "not_a_date"),
        ("date", "3/4/2026", {}, "not_a_date"),
        ("date", "2026-02-30", {}, "not_a_date"),
        ("date", "0001-01-01", {}, "out_of_range"),
        ("date", "31.12.1899", {}, "out_of_range"),
        ("date", "2099-01-01", {}, "out_of_range"),
        ("date", date(9999, 12, 31), {}, "out_of_range"),
        ("languages", ["xx"], {}, "unknown_option"),
        ("hours", {"zone": "Mars/Base", "slots": ["mon-am"]}, {}, "unknown_zone"),
        ("hours", {"zone": "UTC", "slots": ["mon-noon"]}, {}, "unknown_option"),
        ("line_manager", "my boss", {}, "not_an_address"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_cause(kind: str, raw: Any, limits: dict[str, int], code: str) -> None:
    with pytest.raises(ValidationError) as fault:
        fields.clean(question(kind, limits=limits), raw)

    assert fault.value.code == code


@pytest.mark.row("F-01")
@pytest.mark.parametrize(
    ("length", "told"),
    [
        (11, "This is 1 character too long; there is room for 10."),
        (13, "This is 3 characters too long; there is room for 10."),
    ],
)
def test_by_how_much_an_answer_is_too_long_is_told_in_grammar(length: int, told: str) -> None:
    with pytest.raises(ValidationError) as fault:
        fields.clean(question("long", limits={"max_length": 10}), "x" * length)

    assert fault.value.messages == [told]


@pytest.mark.row("F-01")
def test_a_retired_option_stays_valid_for_whoever_chose_it_and_for_nobody_else() -> None:
    asked = question("single", options=[*GRADES, {"key": "old", "label": "Old", "retired": True}])

    assert fields.clean(asked, "old", kept="old") == "old"
    with pytest.raises(ValidationError):
        fields.clean(asked, "old", kept="aa")


@pytest.mark.row("F-01")
def test_options_keep_their_keys_in_any_order_and_chosen_ones_are_retired_not_lost() -> None:
    now = fields.new_options(["Policy", "Finance", "Law"])

    after = fields.new_options(["law", "Design"], now, answered={"policy"})

    assert after == [
        {"key": "law", "label": "law", "retired": False},
        {"key": "design", "label": "Design", "retired": False},
        {"key": "policy", "label": "Policy", "retired": True},
    ]


@pytest.mark.row("F-10")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("Grade7", ["Grade 7"]),
        ("grade seven", ["Grade 7"]),
        ("senior", ["Senior, scale 1"]),
        ("g7", ["Grade 7"]),
        ("zebra", []),
        ("junior, scale 1", []),
        ("Grade 8", []),
        ("scale 1, Senior", ["Senior, scale 1"]),
    ],
)
def test_near_misses_are_offered_and_nothing_for_the_rest(typed: str, offered: list[str]) -> None:
    assert fields.guess_option(question("ordered"), typed) == offered


@pytest.mark.row("F-10")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("Senior", []),
        ("Juniro", ["Junior"]),
        ("Mentor", []),
        ("SEO", []),
        ("Head", []),
        ("Grade six", []),
        ("Comunicatons", ["Communications"]),
        ("marketing & sales", ["Marketing and sales"]),
        ("sales and marketing", ["Marketing and sales"]),
    ],
)
def test_only_what_is_near_is_offered(typed: str, offered: list[str]) -> None:
    labels = ["Junior", "Mentee", "HEO", "Lead", "Grade 7", "Communications", "Marketing and sales"]
    asked = Question(kind="ordered", label="Grade", options=fields.new_options(labels))

    assert fields.guess_option(asked, typed) == offered


def test_slots_say_when_they_are() -> None:
    assert fields.SLOTS["wed-eve"] == (2, 17, 21)
    assert len(fields.SLOTS) == 21


@pytest.mark.row("F-01")
def test_languages_are_offered_by_name_with_their_own_name_beside() -> None:
    offered = language_choices()

    names = dict(offered)
    assert {code: names[code] for code in ("de", "en", "so", "yo", "zh", "ha")} == {
        "de": "German · Deutsch", "en": "English", "so": "Somali · Soomaali", "yo": "Yoruba · Yorùbá",
        "zh": "Chinese (Mandarin) · 中文", "ha": "Hausa",
    }  # fmt: skip
    assert [code for code, _label in offered] == sorted(names, key=language_name)
    assert len(offered) == len(names) > 150


def test_no_language_is_called_by_anothers_name() -> None:
    called = Counter(name.casefold() for code in LANGUAGES for name in set(map(str.casefold, names_of(code))))

    assert [name for name, times in called.items() if times > 1] == []


@pytest.mark.row("F-01", "U-05")
@pytest.mark.parametrize(
    ("limits", "raw", "said"),
    [
        ({"low": 0, "high": 60}, "9" * 23, "The largest number here is 60."),
        ({"low": 0, "high": 60}, "-" + "9" * 5000, "The smallest number here is 0."),
        ({}, "9" * 23, "Please write a number of 12 digits at most."),
        ({"low": 0, "high": 60}, "many", "Please write a whole number, such as 12."),
    ],
)
def test_a_number_far_too_large_is_told_its_limits(limits: dict[str, int], raw: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        fields.clean(question("number", limits=limits), raw)

    assert refused.value.messages == [said]


@pytest.mark.row("F-01")
def test_leading_noughts_are_no_digits() -> None:
    assert fields.clean(question("number"), "0" * 20 + "7") == 7
