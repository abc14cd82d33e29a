"""The steps of a loop and what comes next, from named facts alone."""

from datetime import UTC, datetime, timedelta

import pytest

from twoway.loops.steps import Step, steps_taken, what_comes_next

OPENED = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


def day(number: int) -> datetime:
    return OPENED + timedelta(days=number)


def taken(*held: int) -> list[str]:
    steps = steps_taken(opened_at=OPENED, held=[day(number) for number in held], rhythm_days=14)
    return [one.step.value for one in steps if one.at]


@pytest.mark.row("L-09")
def test_steps_follow_meetings_that_were_held() -> None:
    assert taken() == ["matched"]
    assert taken(10) == ["matched", "met"]
    assert taken(10, 52) == ["matched", "met", "regular"]
    assert taken(10, 53) == ["matched", "met"]
    assert taken(200, 10, 210) == ["matched", "met", "regular"]


@pytest.mark.row("L-09")
def test_a_step_carries_the_moment_it_was_taken() -> None:
    steps = steps_taken(opened_at=OPENED, held=[day(30), day(10)], rhythm_days=14)

    assert [(one.step, one.at) for one in steps] == [
        (Step.MATCHED, OPENED), (Step.MET, day(10)), (Step.AGREED, None), (Step.REGULAR, day(30)),
        (Step.LOOKED_BACK, None),
    ]  # fmt: skip


@pytest.mark.row("L-09", "U-04")
@pytest.mark.parametrize(
    ("held", "booked", "words"),
    [
        ([], False, "find a time for your first meeting"),
        ([], True, "your first meeting"),
        ([10], False, "find a time to meet again"),
        ([10], True, "meet again"),
        ([10, 20], False, "find a time for your next meeting"),
        ([10, 20], True, "keep going at your own rhythm"),
    ],
)
def test_what_comes_next_is_said_in_words(held: list[int], booked: bool, words: str) -> None:
    steps = steps_taken(opened_at=OPENED, held=[day(number) for number in held], rhythm_days=14)

    assert str(what_comes_next(steps, next_is_booked=booked)) == words
