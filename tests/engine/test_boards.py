"""Several mentors each: one each first, never the same mentor twice, proven as any other match is."""

import json
import random
from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from matchengine import (
    Apart,
    InvalidProblem,
    Mentor,
    Objective,
    Pin,
    Problem,
    Strike,
    Table,
    UnreadableReceipt,
    problem_from_json,
    problem_to_json,
    receipt_from_json,
    receipt_of,
    solve,
    verify,
    why_not,
)
from matchengine.canonical import canonical
from matchengine.receipt import _sealed
from matchengine.rescore import rows_of
from matchengine.result import Result
from matchengine.solve import SMALL
from matchengine.words import fewer_in_words, price_in_words
from tests.engine.problems import by_distance, middling, small_problems
from tests.engine.test_receipt import a_problem, changed_values, is_refused

BOARDS: tuple[Objective, ...] = ("most_then_best", "best_total")


def wanting(problem: Problem, seed: int, most: int = 3) -> Problem:
    """The same people, some of whom want several mentors or have one already."""
    chance = random.Random(seed)
    ids = [mentor.id for mentor in problem.mentors]
    pins = Counter(pin.mentee for pin in problem.pins)
    mentees = []
    for mentee in problem.mentees:
        met = {pin.mentor for pin in problem.pins if pin.mentee == mentee.id}
        others = [one for one in (*ids, "elsewhere") if one not in met]
        holds = tuple(chance.sample(others, chance.choice((0, 0, 0, 1))))
        wanted = min(len({*ids, *holds}), chance.randint(1, most)) or 1
        fits = wanted - len(holds) >= pins[mentee.id]
        mentees.append(replace(mentee, wanted=wanted, holds=holds) if fits else mentee)
    return replace(problem, mentees=tuple(mentees))


def levels_of(problem: Problem, boards: dict[str, list[str]]) -> tuple[int, ...]:
    """How many have a first mentor, a second, and so on, those they held counted."""
    has = [len(one.holds) + len(boards.get(one.id, [])) for one in problem.mentees]
    return tuple(sum(number > at for number in has) for at in range(4))


def boards_of(result: Result) -> dict[str, list[str]]:
    boards: dict[str, list[str]] = {}
    for pair in result.pairs:
        boards.setdefault(pair.mentee, []).append(pair.mentor)
    return boards


def best_boards_by_trying(problem: Problem, objective: Objective) -> tuple[tuple[int, ...], int]:
    """The levels and the total of the best match, by trying every board of everybody; with `best_total` the total
    leads, then first places, then places."""
    rows, ids = list(rows_of(problem)), [mentor.id for mentor in problem.mentors]
    pins: dict[str, set[str]] = {}
    for pin in problem.pins:
        pins.setdefault(pin.mentee, set()).add(pin.mentor)
    places = {mentee.id: mentee.places for mentee in problem.mentees}
    found: list[tuple[tuple[int, ...], tuple[tuple[int, ...], int]]] = []

    def go(at: int, seats: tuple[int, ...], boards: dict[str, list[str]], total: int) -> None:
        if at == len(rows):
            levels = levels_of(problem, boards)
            key = (*levels, total) if objective == "most_then_best" else (total, levels[0], sum(levels))
            found.append((key, (levels, total)))
            return
        row = rows[at]
        fixed = pins.get(row.mentee, set())
        may = [j for j, who in enumerate(ids) if seats[j] and (who in fixed or not row.forbidden[j])]
        for many in range(len(fixed), places[row.mentee] + 1):
            for board in combinations(may, many):
                names = [ids[j] for j in board]
                if fixed <= set(names):
                    left = tuple(number - (j in board) for j, number in enumerate(seats))
                    points = int(row.scores[list(board)].sum())
                    go(at + 1, left, boards | {row.mentee: names}, total + points)

    go(0, tuple(mentor.seats for mentor in problem.mentors), {}, 0)
    return max(found)[1]


@given(small_problems(people=4, mentors=3), st.integers(0, 999), st.sampled_from(BOARDS), st.integers(0, 3))
@settings(max_examples=150, deadline=None)
def test_any_small_board_problem_is_solved_as_well_as_by_trying_everything(
    problem: Problem, wants: int, objective: Objective, seed: int
) -> None:
    problem = wanting(problem, wants)

    result = solve(problem, objective=objective, seed=seed)

    levels, total = best_boards_by_trying(problem, objective)
    assert (result.value, result.total) == (result.bound, total)
    if objective == "most_then_best":
        assert levels_of(problem, boards_of(result)) == levels
    else:
        found = levels_of(problem, boards_of(result))
        assert (found[0], sum(found)) == (levels[0], sum(levels))


@pytest.mark.parametrize("objective", BOARDS)
def test_a_middling_board_problem_has_the_value_of_a_flow(objective: Objective) -> None:
    problem = wanting(middling(40, 16, seats=4), 5)
    result = solve(problem, objective=objective)
    table = Table(problem)
    pairs = [(i, j) for i in range(40) for j in range(16) if table.limits.allowed[i, j]]
    levels = max(one.wanted for one in problem.mentees)
    steps = [
        (i, result.per_person * (levels - at))
        for i, one in enumerate(table.mentees)
        for at in range(len(one.holds), one.wanted)
    ]
    worth = [int(table.scoring.scores[pair]) for pair in pairs] + [value for _, value in steps]
    flow, room = np.zeros((40, len(worth))), np.zeros((16, len(worth)))
    for at, (i, j) in enumerate(pairs):
        flow[i, at], room[j, at] = 1, 1
    for at, (i, _) in enumerate(steps, len(pairs)):
        flow[i, at] = -1
    seats = [mentor.seats for mentor in table.mentors]

    best = linprog(-np.array(worth), room, seats, flow, np.zeros(40), bounds=(0, 1))

    assert result.value == result.bound == round(-best.fun)
    assert verify(problem, receipt_of(problem, result)).faults == ()


@given(small_problems(), st.integers(0, 999), st.sampled_from(BOARDS), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_boards_keep_every_rule_and_leave_a_receipt_that_is_the_same_in_any_order(
    problem: Problem, wants: int, objective: Objective, chance: random.Random
) -> None:
    problem = wanting(problem, wants)
    result = solve(problem, objective=objective, seed=7, threads=1)
    receipt = receipt_of(problem, result)
    mixed = {name: list(getattr(problem, name)) for name in ("mentees", "mentors", "apart", "pins", "strikes")}
    for items in mixed.values():
        chance.shuffle(items)
    other = replace(problem, **{name: tuple(items) for name, items in mixed.items()})

    verdict = verify(problem_from_json(problem_to_json(problem)), receipt_from_json(receipt.to_json()))
    texts = {
        receipt_of(other, solve(other, objective=objective, seed=7, threads=threads)).to_json() for threads in (1, 2, 4)
    }

    assert (verdict.faults, verdict.value, verdict.placed) == ((), result.value, result.placed)
    assert texts == {receipt.to_json()}
    pairs = [(pair.mentee, pair.mentor) for pair in result.pairs]
    assert len(set(pairs)) == len(pairs)
    assert [pair for pair in result.pairs if pair.bars and not pair.pinned] == []


@given(small_problems(people=4, mentors=4), st.integers(0, 999), st.sampled_from(BOARDS))
@settings(max_examples=60, deadline=None)
def test_who_is_left_over_or_has_fewer_is_said_of_everybody_and_a_contest_is_a_hall_set(
    problem: Problem, wants: int, objective: Objective
) -> None:
    problem = wanting(problem, wants)
    result = solve(problem, objective=objective)
    boards, open_to = boards_of(result), {row.mentee: ~row.forbidden for row in rows_of(problem)}
    has = {one.id: len(one.holds) + len(boards.get(one.id, [])) for one in problem.mentees}

    assert {one.mentee for one in result.left_over} == {who for who, number in has.items() if not number}
    assert {one.mentee: one.has for one in result.fewer} == {
        one.id: has[one.id] for one in problem.mentees if 0 < has[one.id] < one.wanted
    }
    assert result.placed + len(result.left_over) == len(problem.mentees)
    for one in result.left_over:
        assert one.cause != "total" or objective == "best_total"
        if one.contest is not None:
            assert one.mentee in one.contest.mentees and len(one.contest.mentees) > one.contest.seats
            for who in one.contest.mentees:
                within = {problem.mentors[j].id for j in np.flatnonzero(open_to[who])}
                assert within <= set(one.contest.mentors)


@given(small_problems(people=4, mentors=3), st.integers(0, 999), st.sampled_from(BOARDS), st.sampled_from([SMALL, 0]))
@settings(max_examples=30, deadline=None)
def test_the_price_of_a_pair_is_the_difference_of_two_board_matches(
    problem: Problem, wants: int, objective: Objective, small: int
) -> None:
    problem = replace(wanting(problem, wants), pins=())
    result, table = solve(problem, objective=objective), Table(problem, small=small)
    boards = {who: tuple(one) for who, one in boards_of(result).items()}

    for mentee in problem.mentees:
        for mentor in problem.mentors:
            price = why_not(table, boards, objective, mentee.id, mentor.id)
            if price.bars or price.full or mentor.id in boards.get(mentee.id, ()):
                assert not price.moves
                continue
            pinned = replace(problem, pins=(Pin(mentee.id, mentor.id),))
            levels, total = best_boards_by_trying(pinned, objective)
            before = levels_of(problem, boards_of(result))
            assert (price.points, price.places) == (result.total - total, before[0] - levels[0])
            assert price.places + price.further == sum(before) - sum(levels)
            assert (price.moves[0].mentee, price.moves[0].after) == (mentee.id, mentor.id)


def a_board_problem() -> Problem:
    """Amira would like two, Bea three, Cora one; there are three seats, and Bea has Ben already."""
    problem = by_distance({"amira": 0, "bea": 10, "cora": 40}, {"ben": 0, "dan": 50, "eve": 90})
    amira, bea, cora = problem.mentees
    return replace(problem, mentees=(replace(amira, wanted=2), replace(bea, wanted=3, holds=("ben",)), cora))


@pytest.mark.row("M-03")
def test_nobody_gets_a_second_mentor_while_somebody_has_none() -> None:
    problem = by_distance({"amira": 0, "bea": 100}, {"ben": 0, "dan": 0})
    wide = replace(problem, mentees=(replace(problem.mentees[0], wanted=2), problem.mentees[1]))

    result, total = solve(wide), solve(wide, objective="best_total")

    assert {who: len(one) for who, one in boards_of(result).items()} == {"amira": 1, "bea": 1}
    assert {who: sorted(one) for who, one in boards_of(total).items()} == {"amira": ["ben", "dan"]}
    assert [(one.mentee, one.cause) for one in total.left_over] == [("bea", "total")]
    assert fewer_in_words(result.fewer[0]) == "1 of 2 mentors: 1 more is open to them, without a seat left."


@pytest.mark.row("M-03")
def test_a_held_mentor_counts_so_that_a_first_and_a_second_come_before_a_third() -> None:
    result = solve(a_board_problem())

    assert {(pair.mentee, pair.mentor) for pair in result.pairs} == {
        ("amira", "ben"),
        ("bea", "eve"),
        ("cora", "dan"),
    }
    assert [(one.mentee, one.has, one.wanted, one.open_to_her) for one in result.fewer] == [
        ("amira", 1, 2, 2),
        ("bea", 2, 3, 1),
    ]
    assert (result.placed, result.levels, result.left_over) == (3, 3, ())


def test_a_pair_already_held_is_never_made_again_and_cannot_be_pinned() -> None:
    problem = a_board_problem()
    table = Table(problem)

    assert [bar.code for bar in table.pair("bea", "ben").bars] == ["held"]
    with pytest.raises(InvalidProblem, match='"bea" and "ben" are pinned against a rule: a pair already'):
        solve(replace(problem, pins=(Pin("bea", "ben", override=True),)))


def test_pins_of_one_mentee_take_her_first_places() -> None:
    problem = replace(a_board_problem(), pins=(Pin("amira", "dan"), Pin("amira", "eve")))

    result = solve(problem)

    assert {(p.mentee, p.mentor, p.pinned) for p in result.pairs} == {
        ("amira", "dan", True),
        ("amira", "eve", True),
        ("cora", "ben", False),
    }
    assert verify(problem, receipt_of(problem, result)).faults == ()


@pytest.mark.parametrize(
    ("pins", "said"),
    [
        ((Pin("amira", "dan"), Pin("amira", "dan")), '"amira" is pinned twice'),
        ((Pin("cora", "dan"), Pin("cora", "eve")), '"cora" is pinned twice'),
    ],
)
def test_more_pins_than_places_are_refused(pins: tuple[Pin, ...], said: str) -> None:
    with pytest.raises(InvalidProblem, match=said):
        solve(replace(a_board_problem(), pins=pins))


@pytest.mark.parametrize("objective", ["maximin_then_best", "stable"])
def test_an_objective_without_a_meaning_for_boards_is_refused_by_name(objective: Objective) -> None:
    said = f'"amira" wants 2 mentors, and {objective} is for one mentor each; most_then_best and best_total can be used'
    with pytest.raises(InvalidProblem, match=said):
        solve(a_board_problem(), objective=objective)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (0, '"amira" must want a whole number of mentors from 1, not 0'),
        (-2, '"amira" must want a whole number of mentors from 1, not -2'),
        (1.5, '"amira" must want a whole number of mentors from 1, not 1.5'),
        (True, '"amira" must want a whole number of mentors from 1, not True'),
        (4, '"amira" wants 4 mentors, and there are 3'),
    ],
)
def test_a_wish_for_a_number_that_cannot_be_is_refused(wanted: int, said: str) -> None:
    problem = a_board_problem()
    amira = replace(problem.mentees[0], wanted=wanted)
    with pytest.raises(InvalidProblem, match=said) as raised:
        solve(replace(problem, mentees=(amira, *problem.mentees[1:])))
    assert (raised.value.person, raised.value.field) == ("amira", "wanted")


def test_one_mentor_each_is_written_and_solved_as_it_was_before_there_were_boards() -> None:
    problem = by_distance({"amira": 0}, {"ben": 0})

    assert "wanted" not in problem_to_json(problem)
    assert "holds" not in problem_to_json(problem)
    assert (solve(problem).levels, solve(problem).fewer) == (1, ())


@pytest.mark.row("M-10")
def test_a_board_with_one_mentor_twice_or_too_many_is_refused_though_sealed_anew() -> None:
    problem = replace(a_board_problem(), mentors=tuple(Mentor(m.id, m.answers, 3) for m in a_board_problem().mentors))
    receipt = receipt_of(problem, solve(problem))
    first = receipt.pairs[0]
    twice = _sealed(replace(receipt, pairs=(first, *receipt.pairs)))
    cora = next(pair for pair in receipt.pairs if pair.mentee == "cora")
    other = next(m.id for m in problem.mentors if m.id != cora.mentor)
    many = _sealed(replace(receipt, pairs=(*receipt.pairs, replace(cora, mentor=other))))

    assert verify(problem, receipt).proven
    assert (
        "the pairs do not name people of these files, each pair at most once, by lot." in verify(problem, twice).faults
    )
    assert "cora has 2 mentors here and wants 1." in verify(problem, many).faults


@pytest.mark.row("M-10")
def test_a_board_receipt_names_what_was_wanted_and_held_through_its_digest() -> None:
    problem = a_board_problem()
    receipt = receipt_of(problem, solve(problem))
    amira, bea, cora = problem.mentees

    for changed in (replace(amira, wanted=1), replace(amira, holds=("zed",))):
        verdict = verify(replace(problem, mentees=(changed, bea, cora)), receipt)
        assert "the people are not those of the receipt." in verdict.faults


def test_what_a_forced_pair_costs_is_said_in_places_of_both_kinds() -> None:
    problem = replace(
        by_distance({"amira": 0, "bea": 10}, {"ben": 0, "dan": 20, "eve": 90}),
        strikes=(Strike("bea", "ben"), Strike("bea", "dan")),
        apart=(Apart("amira", "dan"),),
    )
    problem = replace(problem, mentees=(replace(problem.mentees[0], wanted=2), problem.mentees[1]))
    table, result = Table(problem), solve(problem)
    boards = {who: tuple(one) for who, one in boards_of(result).items()}

    said = price_in_words(why_not(table, boards, "most_then_best", "amira", "eve")).splitlines()

    assert boards == {"amira": ("ben",), "bea": ("eve",)}
    assert said == [
        "Together they would cost 10 of the total points and a place for 1 person, and bring 1 further place.",
        "amira: from no mentor to eve (10)",
        "bea: from eve (20) to no mentor",
    ]


@pytest.mark.row("M-10")
@pytest.mark.parametrize("small", [SMALL, 0])
@pytest.mark.parametrize("objective", BOARDS)
def test_any_changed_value_of_a_board_receipt_is_refused_even_sealed_anew(objective: Objective, small: int) -> None:
    problem = wanting(a_problem(), 4)
    content = json.loads(receipt_of(problem, solve(problem, seed=5, objective=objective, small=small)).to_json())
    changes = list(changed_values(content))
    accepted = []

    for where, other in changes:
        if not is_refused(problem, canonical(other) + "\n"):
            accepted.append(where)
        try:
            told = receipt_from_json(canonical(other) + "\n")
        except UnreadableReceipt:
            continue
        if "digest" not in where and verify(problem, _sealed(told)).proven:
            accepted.append(f"{where}, sealed anew")

    assert len(changes) > 100
    assert accepted == []


@pytest.mark.row("M-10")
@pytest.mark.parametrize("small", [SMALL, 0])
def test_any_changed_value_of_a_board_problem_is_refused(small: int) -> None:
    problem = wanting(a_problem(), 4)
    receipt = receipt_of(problem, solve(problem, seed=5, small=small))
    accepted = []

    for where, content in changed_values(json.loads(problem_to_json(problem))):
        try:
            other = problem_from_json(canonical(content) + "\n")
        except InvalidProblem:
            continue
        if other != problem and verify(other, receipt).proven:
            accepted.append(where)

    assert accepted == []
