"""Why somebody is left over, and whether what is said to place them does."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from matchengine import (
    Apart,
    Bar,
    Criterion,
    Limit,
    Mentee,
    Mentor,
    Pin,
    Problem,
    Strike,
    Table,
    left_over_in_words,
    recruit_in_words,
    solve,
)
from tests.engine.problems import GRADES, LIMITS, by_distance, small_problems

GRADE = Limit("Grade", "higher", "grade", order=GRADES)


@pytest.mark.row("M-07")
def test_no_seat_names_who_competes_for_how_many() -> None:
    problem = Problem(
        (Mentee("a", {"site": "Leeds"}), Mentee("b", {"site": "Leeds"}), Mentee("c", {"site": "York"})),
        (Mentor("d", {"site": "Leeds"}), Mentor("e", {"site": "York"}, capacity=2)),
        limits=(Limit("Site", "same", "site"),),
    )

    result = solve(problem)

    assert len(result.left_over) == 1
    one = result.left_over[0]
    assert (one.cause, set(one.contest.mentees), one.contest.mentors, one.contest.seats) == (
        "no_seat",
        {"a", "b"},
        ("d",),
        1,
    )
    assert (
        left_over_in_words(one) == "No seat: 2 people can only sit where there is 1 seat. "
        "Without the rule Site, 1 mentor with a free seat would be open."
    )
    assert [(r.seats, [need.values for need in r.needs]) for r in result.recruits] == [(1, [("Leeds",)])]
    assert {seat.mentor: (seat.places, seat.points) for seat in result.seats} == {"d": (1, 0), "e": (0, 0)}


@pytest.mark.row("M-07")
def test_a_rule_is_counted_and_says_what_it_keeps_shut() -> None:
    problem = Problem(
        (Mentee("a", {"grade": "SEO"}),),
        (Mentor("d", {"grade": "SEO"}), Mentor("e", {"grade": "EO"}, capacity=0)),
        limits=(GRADE,),
    )

    one = solve(problem).left_over[0]

    assert (one.cause, one.open_to_her) == ("rule", 0)
    assert [(b.bar, b.mentors, b.would_open) for b in one.barred] == [(Bar("limit", "Grade"), 2, 1)]
    assert solve(problem).recruits == ()


@pytest.mark.row("M-11")
def test_a_personal_keep_apart_says_only_that() -> None:
    problem = Problem(
        (Mentee("a"), Mentee("b")),
        (Mentor("c"),),
        apart=(Apart("c", "a", "personal"), Apart("b", "c", "organisational")),
    )

    result = solve(problem)

    told = {one.mentee: [count.bar for count in one.barred] for one in result.left_over}
    assert told == {"a": [Bar("apart")], "b": [Bar("organisational")]}
    said = {one.mentee: left_over_in_words(one) for one in result.left_over}
    assert said["a"] == "Every mentor is closed to them: 1 kept apart."


def test_nobody_on_the_other_side_is_no_candidate() -> None:
    alone = solve(Problem((Mentee("a"),), ()))
    only_herself = solve(Problem((Mentee("a"),), (Mentor("a"),)))

    assert [result.left_over[0].cause for result in (alone, only_herself)] == ["no_candidate", "no_candidate"]


def test_best_total_says_when_placing_somebody_would_cost_points() -> None:
    problem = replace(by_distance({"amira": 0, "bea": 100}, {"ben": 0, "cai": 100}), strikes=(Strike("bea", "cai"),))

    result = solve(problem, objective="best_total")

    assert [(one.mentee, one.cause) for one in result.left_over] == [("bea", "total")]


@pytest.mark.row("M-07")
def test_recruits_say_whom_to_look_for_and_what_they_should_offer() -> None:
    wish = Criterion("Skills", "wish", "wants", "offers")
    problem = Problem(
        (
            Mentee("a", {"grade": "AO", "team": "A", "wants": ("Finance", "law")}),
            Mentee("b", {"grade": "EO", "team": "B", "wants": ("finance",)}),
            Mentee("top", {"grade": "SEO", "team": "B", "wants": ("finance",)}),
        ),
        (),
        limits=(GRADE, Limit("Team", "differs", "team")),
        criteria=(wish,),
    )

    recruits = solve(problem).recruits

    assert [(r.seats, [n.values for n in r.needs]) for r in recruits] == [(2, [("HEO",), ("A", "B")])]
    assert [people for _, _, people in recruits[0].offers] == [2, 1]
    assert recruit_in_words(recruits[0]).startswith(
        "2 more seats with mentors whose Grade is HEO or higher and whose Team is none of A, B would place 2"
    )


@pytest.mark.row("M-07")
@given(small_problems())
@settings(max_examples=30, deadline=None)
def test_recruiting_as_told_places_as_many_as_told(problem: Problem) -> None:
    problem = replace(problem, limits=(GRADE, LIMITS[2], LIMITS[3]), pins=())
    result = solve(problem)

    for recruit in result.recruits:
        needs = {need.limit: need.values for need in recruit.needs}
        newcomer = Mentor("newcomer", {"grade": needs["Grade"][0], "site": needs["Site"], "team": "Z"}, recruit.seats)
        wider = solve(replace(problem, mentors=(*problem.mentors, newcomer)))
        assert wider.placed == result.placed + recruit.seats


@given(small_problems())
@settings(max_examples=30, deadline=None)
def test_one_more_seat_anywhere_in_a_contest_places_one_more(problem: Problem) -> None:
    result = solve(problem)

    for one in result.left_over:
        if one.contest is not None:
            assert len(one.contest.mentees) > one.contest.seats
            places = {seat.mentor: seat.places for seat in result.seats}
            assert [places[mentor] for mentor in one.contest.mentors] == [1] * len(one.contest.mentors)


@pytest.mark.parametrize(
    ("limit", "nearly"),
    [
        (GRADE, [(), (), ()]),  # one step higher is all that is asked, so the next grade is no near thing
        (replace(GRADE, steps=2), [(), ("Grade",), ()]),
        (Limit("Grade", "differs", "grade"), [(), (), ()]),
    ],
    ids=["one step", "two steps", "differs"],
)
def test_a_pair_at_the_least_distance_of_a_rule_that_asks_for_some_says_so(
    limit: Limit, nearly: list[tuple[str, ...]]
) -> None:
    mentors = tuple(Mentor(grade, {"grade": grade}) for grade in GRADES[1:4])
    table = Table(Problem((Mentee("a", {"grade": GRADES[0]}),), mentors, limits=(limit,)))

    assert [table.pair("a", mentor.id).nearly for mentor in mentors] == nearly


def test_an_overridden_pin_shows_the_rule_it_breaks() -> None:
    problem = Problem(
        (Mentee("a"),),
        (Mentor("b"),),
        apart=(Apart("a", "b", "organisational"),),
        pins=(Pin("a", "b", override=True),),
    )

    assert solve(problem).pairs[0].bars == (Bar("organisational"),)


def test_candidates_come_best_first_and_never_against_a_rule() -> None:
    problem = replace(
        by_distance({"amira": 0}, {"ben": 50, "cai": 10, "dan": 0, "eve": 99}), apart=(Apart("dan", "amira"),)
    )

    found = Table(problem).candidates("amira", most=2)

    assert [(pair.mentor, pair.score) for pair in found] == [("cai", 90), ("ben", 50)]
