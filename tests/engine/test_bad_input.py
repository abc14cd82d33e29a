"""What cannot be answered is refused with the person and the answer; what can is answered right."""

from dataclasses import replace
from typing import Any

import pytest

from matchengine import (
    OBJECTIVES,
    Apart,
    Cancelled,
    Criterion,
    InvalidProblem,
    Limit,
    Mentee,
    Mentor,
    Objective,
    Pin,
    Problem,
    Strike,
    check,
    receipt_of,
    solve,
    verify,
)
from tests.engine.problems import GRADES, middling

A, B = Mentee("a"), Mentor("b")
WAYS = pytest.mark.parametrize("small", [0, 1_000_000], ids=["large way", "small way"])
GRADE = Limit("Grade", "higher", "grade", order=GRADES)


def invalid(problem: Problem) -> tuple[str, str, str]:
    with pytest.raises(InvalidProblem) as caught:
        check(problem)
    assert str(caught.value)
    return caught.value.side, caught.value.person, caught.value.field


@pytest.mark.parametrize(
    ("problem", "where"),
    [
        (Problem((A, A), (B,)), ("mentee", "a", "id")),
        (Problem((A,), (B, B)), ("mentor", "b", "id")),
        (Problem((Mentee(" "),), ()), ("mentee", " ", "id")),
        (Problem((Mentee("\ud800"),), ()), ("mentee", "\ud800", "id")),
        (Problem((Mentee("a", {"x": 10**5000}),), (B,)), ("mentee", "a", "x")),
        (Problem((Mentee("a", {"x": True}),), (B,)), ("mentee", "a", "x")),
        (Problem((A,), (Mentor("b", capacity=-1),)), ("mentor", "b", "capacity")),
        (Problem((A,), (Mentor("b", capacity=True),)), ("mentor", "b", "capacity")),
        (Problem((A,), (Mentor("b", capacity=10**9),)), ("mentor", "b", "capacity")),
        (Problem((Mentee("a", {"x": float("nan")}),), (B,)), ("mentee", "a", "x")),
        (Problem((Mentee("a", {"x": float("inf")}),), (B,)), ("mentee", "a", "x")),
        (Problem((Mentee("a", {"grade": "Tsar"}),), (B,), limits=(GRADE,)), ("mentee", "a", "grade")),
        (Problem((A,), (Mentor("b", {"grade": ("AO", "EO")}),), limits=(GRADE,)), ("mentor", "b", "grade")),
        (
            Problem((Mentee("a", {"y": "ten"}),), (B,), criteria=(Criterion("Y", "near", "y", span=3),)),
            ("mentee", "a", "y"),
        ),
        (
            Problem((Mentee("a", {"y": 10**12}),), (B,), criteria=(Criterion("Y", "near", "y", span=3),)),
            ("mentee", "a", "y"),
        ),
        (Problem((A,), (Mentor("b", capacity=0),), pins=(Pin("a", "b"),)), ("mentor", "b", "")),
        (Problem((A,), (B, Mentor("c")), pins=(Pin("a", "b"), Pin("a", "c"))), ("mentee", "a", "")),
        (Problem((A,), (B,), pins=(Pin("a", "nobody"),)), ("", "", "")),
        (Problem((A,), (B,), pins=(Pin("a", "b"),), strikes=(Strike("a", "b"),)), ("", "", "")),
        (Problem((A,), (B,), limits=(GRADE, GRADE)), ("", "", "")),
        (Problem((A,), (B,), limits=(replace(GRADE, order=("AO", "ao")),)), ("", "", "")),
        (Problem((A,), (B,), text_cap=101), ("", "", "")),
        (Problem((A,), (B,), text_cap=True), ("", "", "")),
        (Problem((A,), (Mentor("b", capacity=float("nan")),)), ("mentor", "b", "capacity")),  # type: ignore[arg-type]
        (Problem((A, Mentee("c")), (B,), pins=(Pin("a", "b"), Pin("c", "b"))), ("mentor", "b", "")),
        (Problem((A,), (B,), pins=(Pin("a", "b"), Pin("a", "b"))), ("mentee", "a", "")),
        (Problem((A,), (Mentor("b", capacity=2, used=5),), pins=(Pin("a", "b"),)), ("mentor", "b", "")),
    ],
)
def test_what_cannot_be_answered_names_its_place(problem: Problem, where: tuple[str, str, str]) -> None:
    assert invalid(problem) == where


@pytest.mark.parametrize(
    "change",
    [
        {"weight": 11},
        {"weight": -1},
        {"weight": 2.5},
        {"weight": float("nan")},
        {"weight": float("inf")},
        {"weight": True},
        {"kind": "magic"},
        {"name": ""},
        {"mentee": ""},
        {"span": -1},
        {"kind": "near"},
        {"kind": "preference"},
        {"kind": "preference", "allowed": "yes", "given_for_matching": True},
        {"kind": "preference", "allowed": "yes", "both": True},
    ],
)
def test_a_criterion_that_makes_no_sense_is_refused(change: dict[str, Any]) -> None:
    criterion = replace(Criterion("Site", "same", "site"), **change)

    assert invalid(Problem((A,), (B,), criteria=(criterion,))) == ("", "", "")


@pytest.mark.row("M-11")
@WAYS
@pytest.mark.parametrize(
    "problem",
    [
        Problem((A,), (B,), apart=(Apart("b", "a", "organisational"),), pins=(Pin("a", "b"),)),
        Problem((A,), (B,), apart=(Apart("b", "a", "personal"),), pins=(Pin("a", "b", override=True),)),
        Problem((A,), (Mentor("a"),), pins=(Pin("a", "a", override=True),)),
        Problem((A,), (B,), limits=(GRADE,), pins=(Pin("a", "b"),)),
    ],
)
def test_a_pin_against_a_rule_is_refused(problem: Problem, small: int) -> None:
    with pytest.raises(InvalidProblem, match="against a rule"):
        solve(problem, small=small)


def test_a_million_of_each_is_refused_at_once() -> None:
    assert invalid(Problem((A,) * 1_000_000, (B,) * 1_000_000)) == ("", "", "")


@pytest.mark.parametrize(
    "options",
    [
        *({"objective": "fairest"}, {"objective": None}, {"objective": ""}),
        *({"seed": -1}, {"seed": 2**63}, {"seed": 1.5}, {"seed": True}, {"seed": "7"}),
        *({"threads": 0}, {"threads": 257}, {"threads": 1.5}, {"threads": True}, {"threads": "2"}),
    ],
    ids=repr,
)
def test_an_unknown_objective_seed_or_number_of_threads_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidProblem):
        solve(Problem((A,), (B,)), **options)


@WAYS
@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize(
    "problem",
    [
        Problem((), ()),
        Problem((), (B,)),
        Problem((A,), ()),
        Problem((A,), (Mentor("b", capacity=0),)),
        Problem((A,), (Mentor("b", capacity=3, used=3),)),
        Problem((A, Mentee("c")), (Mentor("a"),), apart=(Apart("a", "c"),)),
        Problem((A, Mentee("c")), (B, Mentor("d")), limits=(GRADE,)),
    ],
    ids=["nobody", "no mentee", "no mentor", "no seat", "no seat left", "all apart", "all barred"],
)
def test_a_problem_with_no_possible_pair_is_answered_and_proven(
    problem: Problem, objective: Objective, small: int
) -> None:
    result = solve(problem, objective=objective, small=small)

    assert (result.pairs, len(result.left_over)) == ((), len(problem.mentees))
    assert verify(problem, receipt_of(problem, result)).faults == ()


@WAYS
def test_long_texts_and_texts_from_right_to_left_are_scored(small: int) -> None:
    goal = Criterion("Goal", "text", "goal")
    problem = Problem(
        (Mentee("long", {"goal": "budget planning " * 6_500}), Mentee("rtl", {"goal": "כתיבה יוצרת בעברית"})),
        (Mentor("x", {"goal": "planning a budget"}), Mentor("y", {"goal": "מורה לכתיבה יוצרת"})),
        criteria=(goal,),
    )

    result = solve(problem, small=small)

    assert {(pair.mentee, pair.mentor) for pair in result.pairs} == {("long", "x"), ("rtl", "y")}
    assert verify(problem, receipt_of(problem, result)).faults == ()


@WAYS
@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize(("seats", "placed"), [(1, 30), (3, 90), (5, 100), (1_000_000, 100)])
def test_people_who_are_all_alike_are_placed_as_far_as_there_are_seats(
    objective: Objective, small: int, seats: int, placed: int
) -> None:
    said = {"site": "Leeds", "wants": ("law", "art"), "years": 3}
    problem = Problem(
        tuple(Mentee(f"a{at}", said) for at in range(100)),
        tuple(Mentor(f"b{at}", said, seats) for at in range(30)),
        limits=(Limit("Site", "same", "site"),),
        criteria=(Criterion("Wants", "wish", "wants"), Criterion("Years", "near", "years", span=4)),
    )

    result = solve(problem, objective=objective, small=small)

    assert (result.placed, result.total, len(result.left_over)) == (placed, 100 * placed, 100 - placed)
    assert {one.cause for one in result.left_over} <= {"no_seat"}
    assert verify(problem, receipt_of(problem, result)).faults == ()


def test_seats_beyond_counting_are_no_matrix_and_change_no_price(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = middling(120, 30, seats=4)
    matrix = solve(problem)

    monkeypatch.setattr("matchengine.solvers.pairs.MOST_CELLS", 100)
    lists = solve(problem, gap=50)
    many = solve(replace(problem, mentors=tuple(replace(one, capacity=10**6) for one in problem.mentors)))

    assert (lists.value, lists.bound, lists.gap) == (matrix.value, matrix.bound, None)
    assert [(seat.mentor, seat.price) for seat in lists.seats] == [(seat.mentor, seat.price) for seat in matrix.seats]
    assert (many.placed, many.value) == (120, many.bound)


@pytest.mark.row("M-02")
@pytest.mark.parametrize("stage", ["scoring", "solving", "explaining"])
def test_a_run_tells_how_far_it_is_and_stops_when_told(stage: str) -> None:
    told: list[tuple[str, int, int]] = []

    def until(at: str, done: int, total: int) -> bool:
        told.append((at, done, total))
        return at != stage

    with pytest.raises(Cancelled):
        solve(middling(10, 5), progress=until)

    assert told[-1][0] == stage
    assert all(0 <= done <= total for _, done, total in told)
