"""One lease for all that a worker works on for long: a round and a rehearsal alike."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django_scopes import scopes_disabled

from tests.factories import NOW
from tests.matching.field import FieldOfPeople, lay
from tests.matching.together import everybody_may_wait, together
from twoway.matching.actions.lease import LEASE, MOST_ATTEMPTS, ask_to_stop, claim, end, keep_lease, say_how_far
from twoway.matching.heartbeat import alive
from twoway.matching.models import Rehearsal, Round

pytestmark = pytest.mark.row("U-07")

Kind = type[Round] | type[Rehearsal]
KINDS = pytest.mark.parametrize("kind", [Round, Rehearsal])
LAPSED = NOW + LEASE + timedelta(seconds=1)


def waiting(ground: FieldOfPeople, kind: Kind, number: int = 1) -> list[Round | Rehearsal]:
    """So many that wait, the first of them longest."""
    over = Round.objects.create(intake=ground.intake, name="Over", seed="7", state=Round.State.DONE, made_at=NOW)
    made = [{"made_at": NOW + timedelta(seconds=n)} for n in range(number)]
    if kind is Round:
        return [Round.objects.create(intake=ground.intake, name=f"Round {n}", **one) for n, one in enumerate(made)]
    return [Rehearsal.objects.create(round=over, objective=Round.Objective.BEST_TOTAL, **one) for one in made]


def now_of(row: Round | Rehearsal) -> Round | Rehearsal:
    return type(row).objects.get(pk=row.pk)


@KINDS
def test_it_is_taken_up_again_only_after_its_lease_and_the_first_worker_can_do_no_more(
    ground: FieldOfPeople, kind: Kind
) -> None:
    waiting(ground, kind)
    first = claim(kind.objects.all(), NOW)
    assert first is not None and claim(kind.objects.all(), NOW + LEASE / 2) is None

    second = claim(kind.objects.all(), LAPSED)

    assert second is not None and (second.pk, second.attempts) == (first.pk, 2)
    assert not say_how_far(first, "solving", 50, LAPSED)
    keep_lease(first, LAPSED + LEASE)
    assert not end(first, state=Round.State.FAILED, fault="late", now=LAPSED)
    row = now_of(second)
    assert (row.state, row.stage, row.done, row.leased_until) == ("running", "preparing", 0, LAPSED + LEASE)
    assert say_how_far(second, "solving", 50, LAPSED)


@KINDS
def test_a_sign_of_life_keeps_it(ground: FieldOfPeople, kind: Kind) -> None:
    waiting(ground, kind)
    first = claim(kind.objects.all(), NOW)
    assert first is not None

    keep_lease(first, NOW + LEASE / 2)

    assert claim(kind.objects.all(), LAPSED) is None
    assert claim(kind.objects.all(), LAPSED + LEASE / 2) is not None


@KINDS
def test_what_was_cut_off_too_often_is_given_up(ground: FieldOfPeople, kind: Kind) -> None:
    (row,) = waiting(ground, kind)

    taken = [
        claim(kind.objects.all(), NOW + n * (LEASE + timedelta(seconds=1))) is not None
        for n in range(MOST_ATTEMPTS + 1)
    ]

    assert taken == [True] * MOST_ATTEMPTS + [False]
    assert (now_of(row).state, now_of(row).fault) == ("failed", "cut_off")


@KINDS
def test_one_that_waits_is_stopped_at_once_and_one_that_runs_at_its_next_step(
    ground: FieldOfPeople, kind: Kind
) -> None:
    runs, waits = waiting(ground, kind, 2)
    mine = claim(kind.objects.all(), NOW)
    assert mine is not None and mine.pk == runs.pk

    stopped = [ask_to_stop(runs, NOW), ask_to_stop(waits, NOW), ask_to_stop(waits, NOW)]

    assert stopped == [True, True, False]
    assert (now_of(runs).state, now_of(waits).state) == ("running", "cancelled")
    assert not say_how_far(mine, "solving", 50, NOW)
    assert end(mine, state=Round.State.CANCELLED, now=NOW) and now_of(runs).state == "cancelled"
    assert claim(kind.objects.all(), LAPSED) is None


# --- on connections of their own --------------------------------------------------------------------


@pytest.fixture
def shared(transactional_db: None, now: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[FieldOfPeople]:
    everybody_may_wait(monkeypatch)
    with scopes_disabled():
        yield lay()


@KINDS
def test_of_two_workers_each_takes_its_own(shared: FieldOfPeople, kind: Kind) -> None:
    rows = waiting(shared, kind, 3)

    def take() -> int | None:
        with scopes_disabled():  # in each thread
            row = claim(kind.objects.all(), NOW)
        return row.pk if row else None

    taken = [pk for pk in together([take, take]) if pk is not None]

    assert len(taken) == len(set(taken)) and taken
    while (pk := take()) is not None:
        taken.append(pk)
    assert sorted(taken) == sorted(row.pk for row in rows)


@KINDS
def test_a_worker_gives_signs_of_life_in_the_middle_of_a_long_step(shared: FieldOfPeople, kind: Kind) -> None:
    waiting(shared, kind)
    row = claim(kind.objects.all(), NOW - LEASE)
    assert row is not None and now_of(row).leased_until == NOW

    with alive(row, every=0.01):
        looks = 0
        while now_of(row).leased_until == NOW and looks < 10_000:
            looks += 1

    assert now_of(row).leased_until == NOW + LEASE
