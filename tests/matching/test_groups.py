"""Groups that may be shown: nobody can be picked out, not by subtraction and not by knowing who was left over."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twoway.matching.groups import Group, chance_range, counts_of, counts_unnamed, groups_to_show

ANSWERS = st.lists(st.sampled_from("ABCDE"), min_size=0, max_size=60)


def by_answer(answers: list[str]) -> dict[str, frozenset[str]]:
    return {label: frozenset(f"p{n}" for n, one in enumerate(answers) if one == label) for label in "ABCDE"}


def named(groups: list[Group]) -> list[tuple[tuple[str, ...], int]]:
    return [(group.labels, len(group.people)) for group in groups]


@pytest.mark.row("M-15")
def test_small_groups_are_put_together() -> None:
    groups = groups_to_show(by_answer([*"AAAAAAA", *"BBB", *"CC", *"DDDDDD"]), 5)

    assert named(groups) == [(("A",), 7), (("D",), 6), (("B", "C"), 5)]


@pytest.mark.row("M-15")
def test_a_single_small_group_takes_the_smallest_of_the_others_along() -> None:
    """Else its number would be the total less the others."""
    groups = groups_to_show(by_answer([*"AAAAAAA", *"B", *"DDDDDD"]), 5)

    assert named(groups) == [(("A",), 7), (("B", "D"), 7)]


@pytest.mark.row("M-15")
@pytest.mark.parametrize("answers", [[], [*"AAAAAA"], [*"AAAAAABB"], [*"AABBCC"]])
def test_where_no_two_groups_are_large_enough_nothing_is_shown(answers: list[str]) -> None:
    assert groups_to_show(by_answer(answers), 5) == []


@pytest.mark.row("M-15")
@settings(max_examples=300, deadline=None)
@given(answers=ANSWERS, least=st.sampled_from([5, 10]))
def test_every_group_shown_and_everybody_outside_it_are_many(answers: list[str], least: int) -> None:
    groups = groups_to_show(by_answer(answers), least)

    assert sum(len(group.people) for group in groups) in (0, len(answers))
    assert all(least <= len(group.people) <= len(answers) - least for group in groups)
    small = {label for label, who in by_answer(answers).items() if 0 < len(who) < least}
    assert [group for group in groups if len(group.labels) == 1 and group.labels[0] in small] == []


@pytest.mark.row("M-15")
@settings(max_examples=300, deadline=None)
@given(
    chosen=st.lists(st.frozensets(st.sampled_from("ABCDE"), max_size=3), max_size=40), least=st.sampled_from([5, 10])
)
def test_so_are_groups_of_people_who_gave_several_answers(chosen: list[frozenset[str]], least: int) -> None:
    people = {label: frozenset(f"p{n}" for n, one in enumerate(chosen) if label in one) for label in "ABCDE"}
    everybody = frozenset[str]().union(*people.values())

    groups = groups_to_show(people, least)

    assert all(least <= len(group.people) <= len(everybody) - least for group in groups)


@pytest.mark.row("M-12", "M-15")
def test_of_a_protected_trait_counts_near_nobody_and_near_everybody_are_not_told() -> None:
    people = {"A": frozenset(f"a{n}" for n in range(40)), "B": frozenset(f"b{n}" for n in range(30)),
              "C": frozenset(f"c{n}" for n in range(20))}  # fmt: skip
    groups = groups_to_show(people, 10)
    left = frozenset([*(f"a{n}" for n in range(3)), *(f"b{n}" for n in range(12)), *(f"c{n}" for n in range(15))])

    counts = counts_unnamed(groups, left, 10)

    assert counts is not None
    assert [(one.low, one.high, one.exact, one.of) for one in counts] == [
        (0, 9, None, 40), (12, 12, 12, 30), (11, 20, None, 20),
    ]  # fmt: skip
    assert [one.exact for one in counts_of(groups, left)] == [3, 12, 15]


@pytest.mark.row("M-12", "M-15")
def test_a_count_that_the_total_would_give_away_holds_all_back() -> None:
    people = {"A": frozenset(f"a{n}" for n in range(40)), "B": frozenset(f"b{n}" for n in range(30))}
    all_of_one_group = frozenset(f"a{n}" for n in range(15))

    assert counts_unnamed(groups_to_show(people, 10), all_of_one_group, 10) is None


@pytest.mark.row("M-12", "M-15")
@settings(max_examples=300, deadline=None)
@given(
    sizes=st.lists(st.integers(4, 9), min_size=2, max_size=4),
    seed=st.data(),
)
def test_whoever_knows_the_total_cannot_reckon_a_count_that_was_not_told(sizes: list[int], seed: st.DataObject) -> None:
    """Every number that fits all that is shown is tried: each count not told could be at least two of them."""
    least = 4
    people = {f"G{n}": frozenset(f"{n}-{k}" for k in range(size)) for n, size in enumerate(sizes)}
    left = frozenset(
        f"{n}-{k}" for n, size in enumerate(sizes) for k in range(seed.draw(st.integers(0, size), label=str(n)))
    )
    groups = groups_to_show(people, least)

    counts = counts_unnamed(groups, left, least)

    if counts is None:
        return
    worlds = [world for world in product(*(range(one.low, one.high + 1) for one in counts)) if sum(world) == len(left)]
    assert tuple(len(group.people & left) for group in groups) in worlds or not groups
    for at, one in enumerate(counts):
        could_be = {world[at] for world in worlds}
        assert len(could_be) > 1 or (one.exact is not None and could_be == {one.exact})
        assert one.exact is None or not left or least <= one.exact <= one.of - least


@pytest.mark.row("M-15")
def test_the_range_of_chance_is_the_published_one() -> None:
    assert chance_range(4, 5) == (38, 96)
    assert chance_range(8, 10) == (49, 94)
    assert chance_range(40, 50) == (67, 89)
    assert chance_range(0, 10) == (0, 28)
    assert chance_range(8, 10, groups=10) == (37, 96)
