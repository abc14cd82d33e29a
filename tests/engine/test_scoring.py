"""Every kind of criterion, by hand; whole points that add up; and preferences that stay private."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchengine import (
    Answer,
    Contribution,
    Criterion,
    Mentee,
    Mentor,
    Problem,
    Table,
    pair_among,
    reasons_in_words,
    solve,
)
from matchengine.problem import CriterionKind
from matchengine.rescore import rows_of
from matchengine.text.letters import grams_of, words_in
from tests.engine.problems import CRITERIA, middling, small_problems


def reason(criterion: Criterion, hers: dict[str, Answer], his: dict[str, Answer]) -> Contribution:
    """What one criterion brings two people, in a problem where somebody else answered too."""
    other = Mentor("other", {criterion.mentor_field: "something else"} if criterion.kind != "near" else his)
    problem = Problem((Mentee("her", hers),), (Mentor("him", his), other), criteria=(criterion,), text_cap=100)
    return Table(problem).pair("her", "him").reasons[0]


@pytest.mark.row("F-03")
@pytest.mark.parametrize(
    ("criterion", "hers", "his", "points"),
    [
        (Criterion("x", "same", "site"), {"site": "Leeds"}, {"site": " LEEDS "}, 100),
        (Criterion("x", "same", "site"), {"site": "Leeds"}, {"site": "York"}, 0),
        (Criterion("x", "same", "site"), {"site": ("York", "Leeds")}, {"site": ("Leeds", "Hull")}, 100),
        (Criterion("x", "different", "team"), {"team": "A"}, {"team": "B"}, 100),
        (Criterion("x", "different", "team"), {"team": "A"}, {"team": "a"}, 0),
        (Criterion("x", "different", "team"), {"team": "A"}, {}, 0),
        (Criterion("x", "wish", "wants", "offers"), {"wants": ("a", "b", "c")}, {"offers": ("c", "a")}, 66),
        (
            Criterion("x", "wish", "wants", "offers", enough=2),
            {"wants": ("a", "b", "c")},
            {"offers": ("c", "a")},
            100,
        ),
        (Criterion("x", "wish", "wants", "offers", enough=9), {"wants": ("a", "b")}, {"offers": ("a",)}, 50),
        (Criterion("x", "overlap", "hours"), {"hours": ("9", "10")}, {"hours": ("10", "11")}, 50),
        (Criterion("x", "near", "grade", order=("a", "b", "c", "d")), {"grade": "a"}, {"grade": "b"}, 66),
        (Criterion("x", "near", "grade", order=("a", "b", "c", "d")), {"grade": "d"}, {"grade": "a"}, 0),
        (Criterion("x", "near", "grade", order=("a", "b", "c"), span=1), {"grade": "a"}, {"grade": "b"}, 0),
        (Criterion("x", "near", "years", span=10), {"years": 2.5}, {"years": 5}, 75),
        (Criterion("x", "text", "goal"), {"goal": "speak in public"}, {"goal": "speak in public"}, 100),
        (Criterion("x", "text", "goal"), {"goal": "speak in public"}, {"goal": "zwölf Boxkämpfer"}, 0),
    ],
)
def test_a_kind_brings_its_points(
    criterion: Criterion, hers: dict[str, Answer], his: dict[str, Answer], points: int
) -> None:
    assert reason(criterion, hers, his).points == points


@pytest.mark.row("F-03")
def test_both_directions_take_the_lower_of_the_two() -> None:
    both = Criterion("Skills", "wish", "wants", "offers", both=True)
    hers: dict[str, Answer] = {"wants": ("law",), "offers": ("python",)}

    met = reason(both, hers, {"offers": ("law",), "wants": ("python",)})
    half = reason(both, hers, {"offers": ("law",), "wants": ("python", "writing")})
    no_wish = reason(both, hers, {"offers": ("law",)})

    assert [(r.points, r.his_wishes) for r in (met, half, no_wish)] == [
        (100, ("python",)),
        (50, ("python",)),
        (100, None),
    ]


@pytest.mark.row("M-05")
def test_reasons_name_what_was_shared_and_how_far_apart() -> None:
    wish = reason(CRITERIA[2], {"wants": ("Law", "Finance")}, {"offers": ("finance", "art")})
    near = reason(Criterion("Grade", "near", "g", order=("a", "b", "c")), {"g": "a"}, {"g": "c"})
    blank = reason(CRITERIA[2], {"wants": ("law",)}, {})

    assert (wish.shared, wish.asked, wish.code) == (("Finance",), 2, "partly")
    assert (near.steps, near.code) == (2, "missed")
    assert (blank.points, blank.code) == (0, "unanswered")


@given(small_problems(), st.booleans())
@settings(max_examples=100, deadline=None)
def test_one_pair_alone_is_what_it_is_among_everybody(problem: Problem, both: bool) -> None:
    goals = Criterion("Goals both ways", "text", "goal", "bio", weight=6, both=True)
    problem = replace(problem, criteria=(*problem.criteria, goals)) if both else problem
    pairs = [(mentee.id, mentor.id) for mentee in problem.mentees for mentor in problem.mentors]
    table = Table(problem)

    alone = [pair_among(problem, *pair) for pair in pairs]

    assert alone == [table.pair(*pair) for pair in pairs]


def test_one_pair_alone_knows_only_those_who_are_there() -> None:
    problem = Problem(mentees=(Mentee("a", {}),), mentors=(Mentor("b", {}),))

    for pair in (("a", "c"), ("c", "b")):
        with pytest.raises(KeyError):
            pair_among(problem, *pair)


@pytest.mark.row("M-05")
@given(small_problems())
@settings(max_examples=40, deadline=None)
def test_the_points_of_the_reasons_add_up_to_the_score(problem: Problem) -> None:
    table = Table(problem)

    for mentee in problem.mentees:
        for mentor in problem.mentors:
            pair = table.pair(mentee.id, mentor.id)
            assert sum(reason.points for reason in pair.reasons) == pair.score
            assert sum(reason.most for reason in pair.reasons) in (0, 40, 100)


@given(small_problems())
@settings(max_examples=80, deadline=None)
def test_the_verifier_counts_the_same_points_and_rules(problem: Problem) -> None:
    table = Table(problem)

    for row in rows_of(problem):
        pairs = [table.pair(row.mentee, mentor.id) for mentor in problem.mentors]
        assert row.scores.tolist() == [pair.score for pair in pairs]
        assert row.forbidden.tolist() == [bool(pair.bars) for pair in pairs]


def test_the_verifier_counts_the_same_points_over_many_rows() -> None:
    problem = middling(600, 9)
    table = Table(problem)

    for row in rows_of(problem):
        scores = table.scoring.scores[table.limits.row[row.mentee]]
        assert row.scores.tolist() == [int(scores[table.limits.column[mentor.id]]) for mentor in problem.mentors]


@pytest.mark.row("M-05")
@pytest.mark.parametrize("kind", ["same", "text"])
@pytest.mark.parametrize("names", [("a", "b", "c"), ("c", "b", "a"), ("b", "c", "a")])
def test_the_odd_point_goes_by_place_in_the_list_whatever_the_names(
    kind: CriterionKind, names: tuple[str, ...]
) -> None:
    criteria = tuple(Criterion(name, kind, f"answer {at}") for at, name in enumerate(names))
    hers: dict[str, Answer] = {f"answer {at}": "speak in public" for at in range(3)}
    mentors = tuple(Mentor(f"m{at}", {f"answer {at}": "speak in public"}) for at in range(3))
    problem = Problem((Mentee("her", hers),), mentors, criteria=criteria, text_cap=100)

    table, (row,) = Table(problem), rows_of(problem)

    assert [table.pair("her", mentor.id).score for mentor in mentors] == [34, 33, 33]
    assert row.scores.tolist() == [34, 33, 33]


def test_what_nobody_answered_counts_against_no_one() -> None:
    silent = Criterion("Site", "same", "site", weight=10)
    skills = Criterion("Skills", "wish", "wants", "offers", weight=2)
    her, him = Mentee("her", {"wants": "law", "site": "York"}), Mentor("him", {"offers": "law"})

    nobody = Table(Problem((her,), (him,), criteria=(silent, skills))).pair("her", "him")
    she_did_not = Table(
        Problem(
            (replace(her, answers={"wants": "law"}),),
            (replace(him, answers={"offers": "law", "site": "x"}),),
            criteria=(silent, skills),
        )
    ).pair("her", "him")

    assert [pair.score for pair in (nobody, she_did_not)] == [100, 100]
    assert [r.criterion for r in nobody.reasons] == ["Skills"]


def test_texts_never_bring_more_than_their_cap() -> None:
    text = Criterion("Goal", "text", "goal", weight=10)
    site = Criterion("Site", "same", "site", weight=1)
    her, him = Mentee("her", {"goal": "law", "site": "x"}), Mentor("him", {"goal": "law", "site": "y"})

    both = Table(Problem((her,), (him,), criteria=(text, site))).pair("her", "him")
    alone = Table(Problem((her,), (him,), criteria=(text,))).pair("her", "him")
    less = Table(Problem((her,), (him,), criteria=(text,), text_cap=15)).pair("her", "him")

    assert [(r.points, r.most) for r in both.reasons] == [(40, 40), (0, 60)]
    assert [alone.score, less.score] == [40, 15]


IDENTITY = Criterion("Identity", "preference", "wish", "is", weight=5, stated="asks", allowed="allows")


@pytest.mark.row("M-12")
@pytest.mark.parametrize(
    ("hers", "his", "points"),
    [
        ({"wish": "red", "asks": "yes"}, {"is": "red", "allows": "yes"}, 100),
        ({"wish": "red", "asks": "yes"}, {"is": "red", "allows": "no"}, 0),
        ({"wish": "red", "asks": "yes"}, {"is": "red"}, 0),
        ({"wish": "red", "asks": "yes"}, {"is": "blue", "allows": "yes"}, 0),
    ],
)
def test_a_preference_counts_only_when_stated_and_allowed(
    hers: dict[str, Answer], his: dict[str, Answer], points: int
) -> None:
    assert reason(IDENTITY, hers, his).points == points


@pytest.mark.row("M-12")
def test_a_preference_not_stated_has_no_share_at_all() -> None:
    for hers in ({"wish": "red", "asks": "no"}, {"wish": "red"}, {"asks": "yes"}):
        problem = Problem(
            (Mentee("her", hers),), (Mentor("him", {"is": "red", "allows": "yes"}),), criteria=(IDENTITY,)
        )
        assert Table(problem).pair("her", "him").reasons == ()


@pytest.mark.row("M-12")
@given(st.data())
@settings(max_examples=40, deadline=None)
def test_flipping_a_protected_answer_moves_only_those_who_asked(data: st.DataObject) -> None:
    problem = replace(data.draw(small_problems(people=4, mentors=3)), criteria=(*CRITERIA[:3], IDENTITY), pins=())
    doubled = st.sampled_from(("", "Skills", IDENTITY.name))
    problem = replace(problem, mentees=tuple(replace(m, matters_most=data.draw(doubled)) for m in problem.mentees))
    flip = {
        "is": data.draw(st.sampled_from((("red",), ("blue",), ()))),
        "allows": data.draw(st.sampled_from(("yes", "no"))),
    }
    other = replace(problem, mentors=tuple(replace(one, answers={**one.answers, **flip}) for one in problem.mentors))
    asked = {one.id for one in problem.mentees if one.answers["asks"] == "yes" and one.answers["wish"]}

    before, after = Table(problem).scoring, Table(other).scoring

    for row, mentee in enumerate(before.mentees):
        if mentee.id not in asked:
            assert before.scores[row].tolist() == after.scores[row].tolist()


@pytest.mark.row("M-12")
def test_reasons_never_repeat_the_value_of_a_preference() -> None:
    problem = Problem(
        (Mentee("her", {"wish": ("crimson",), "asks": "yes"}),),
        (Mentor("him", {"is": ("crimson",), "allows": "yes"}),),
        criteria=(IDENTITY,),
    )

    pair = solve(problem).pairs[0]

    assert pair.reasons == (Contribution("Identity", "preference", 100, 100, "wish_met"),)
    assert reasons_in_words(pair) == "Identity: 100 of 100 (meets her wish)"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("don't stop", ["don", "t", "stop"]),
        ("שלום, עולם", ["שלום", "עולם"]),
        ("हिन्दी भाषा।", ["हिन्दी", "भाषा"]),
        ("!!!", []),
    ],
)
def test_words_of_any_script_are_words(text: str, words: list[str]) -> None:
    assert words_in(text) == words


def test_accents_case_and_scripts_without_spaces_are_read() -> None:
    assert grams_of("Élan") == grams_of("elan") == (" ela", "elan", "lan ")
    assert grams_of("経験者") == ("経験", "験者")
