"""Figures that take long to count are kept until something happens."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.cast import Cast
from tests.factories import NOW
from twoway.history import kept as house
from twoway.history.actions import record
from twoway.history.kept import kept
from twoway.history.kinds import ASIDE, KINDS

ACTS = sorted(KINDS.keys() - ASIDE)


class Figure:
    """Counts how often it is counted."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


@pytest.fixture
def figure(cast: Cast) -> Iterator[Figure]:
    record("person.joined", by=None, programme=cast.grow)
    return Figure()


def asked(figure: Figure, later: timedelta = timedelta()) -> int:
    return kept("people", figure, now=NOW + later)


def test_a_figure_is_counted_once_while_nothing_happens(figure: Figure) -> None:
    assert [asked(figure), asked(figure), asked(figure)] == [1, 1, 1]


@pytest.mark.parametrize("kind", ACTS)
def test_a_figure_is_counted_anew_after_an_act(figure: Figure, kind: str) -> None:
    before = asked(figure)

    record(kind, by=None)

    assert (before, asked(figure), asked(figure)) == (1, 2, 2)


@pytest.mark.parametrize("kind", sorted(ASIDE))
def test_talk_counts_nothing_anew_and_hides_no_act_behind_it(figure: Figure, kind: str) -> None:
    asked(figure)

    record(kind, by=None)
    talked = asked(figure)
    record("seats.changed", by=None)
    record(kind, by=None)

    assert (talked, asked(figure)) == (1, 2)


def test_what_two_people_do_in_their_loop_is_an_act_unless_they_talk() -> None:
    assert {"meeting.answered", "meeting.booked", "loop.opened", "loop.ended"}.isdisjoint(ASIDE)


@pytest.mark.parametrize("later,times", [(0, 1), (59, 1), (60, 2), (86400, 2), (-1, 2)])
def test_a_figure_is_counted_anew_after_a_minute_and_where_the_clock_was_moved(
    figure: Figure, later: int, times: int
) -> None:
    asked(figure)

    assert asked(figure, timedelta(seconds=later)) == times


def test_an_act_while_a_figure_is_counted_counts_it_again(cast: Cast) -> None:
    times = []

    def count() -> int:
        times.append(1)
        record("person.joined", by=None, programme=cast.grow)
        return len(times)

    assert [kept("people", count, now=NOW), kept("people", count, now=NOW)] == [1, 2]


def test_each_figure_has_a_name_of_its_own(figure: Figure) -> None:
    assert [kept(("people", number), figure, now=NOW) for number in (1, 2, 1)] == [1, 2, 1]


def test_a_process_keeps_no_more_than_so_many(figure: Figure) -> None:
    for number in range(2 * house.MOST + 5):
        kept(number, figure, now=NOW)

    assert len(house._figures) <= house.MOST
