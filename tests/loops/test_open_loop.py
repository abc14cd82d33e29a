"""Opening a loop: who gets a seat, and that one seat is given once whoever races for it."""

import os
import subprocess
import sys
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, connections, transaction
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from twoway.history.models import Event
from twoway.loops.actions.loop import AlreadyOpen, NoSeat, NotGoingOn, end_loop, open_loop
from twoway.loops.models import Loop, Participation, Sponsorship
from twoway.outbox.models import Delivery
from twoway.outbox.tasks import deliver_pending
from twoway.people.models import Intake, Membership, Programme, Seat


def begin(cast: Cast, **wishes: Any) -> Loop:
    said = {"mentee": cast.amira_member, "mentor": cast.ben_member, "intake": cast.autumn, **wishes}
    return open_loop(by=cast.chris, now=NOW, **said)


@pytest.mark.row("L-01", "O-08")
def test_open_loop_joins_two_people_in_their_roles_and_tells_them(cast: Cast, open_scope: None) -> None:
    loop = begin(cast)

    parts = Participation.objects.filter(loop=loop).order_by("role").values_list("person__name", "role", "name")
    assert list(parts) == [
        ("Amira Mansour", "mentee", "Amira Mansour"),
        ("Ben Kowalski", "mentor", "Ben Kowalski"),
    ]
    assert (loop.kind, loop.state, loop.rhythm_days) == ("one_to_one", "open", 14)
    assert list(Sponsorship.objects.filter(loop=loop, ended_at=None).values_list("intake", flat=True)) == [
        cast.autumn.pk
    ]
    assert list(Event.objects.filter(kind="loop.opened").values_list("by", "about")) == [
        (cast.chris.pk, f"loop {loop.public_id}")
    ]
    deliver_pending()
    assert sorted((letter.to[0], letter.subject) for letter in mail.outbox) == [
        ("amira@northwind.example", "You and Ben Kowalski can begin"),
        ("ben@northwind.example", "You and Amira Mansour can begin"),
    ]


@pytest.mark.row("F-06")
def test_open_loop_fills_the_reserved_seat_first_and_never_a_leaving_one(cast: Cast, open_scope: None) -> None:
    kept, leaving = Seat.objects.filter(person=cast.ben).order_by("-pk")
    Seat.objects.filter(pk=kept.pk).update(reserved_for=cast.ben_member)
    Seat.objects.filter(pk=leaving.pk).update(leaving=True)

    loop = begin(cast)

    assert Participation.objects.get(loop=loop, role="mentor").seat_id == kept.pk
    other = factories.application(cast.autumn, factories.person(), role="mentee").membership
    with pytest.raises(NoSeat):
        begin(cast, mentee=other)


@pytest.mark.row("F-06")
def test_open_loop_leaves_seats_alone_that_are_kept_for_another_programme(cast: Cast, open_scope: None) -> None:
    elsewhere = factories.programme(cast.northwind, "Crossing Over")
    there = factories.application(factories.intake(elsewhere), cast.ben, role="mentor").membership
    Seat.objects.filter(person=cast.ben).update(reserved_for=there)

    with pytest.raises(NoSeat):
        begin(cast)

    assert Loop.objects.count() == 0


@pytest.mark.row("L-01")
def test_two_people_have_one_open_loop_of_a_kind_whoever_is_mentor(cast: Cast, open_scope: None) -> None:
    factories.seats(cast.amira, cast.northwind, 1)
    begin(cast)

    with pytest.raises(AlreadyOpen):
        begin(cast)
    with pytest.raises(AlreadyOpen):
        begin(cast, mentee=cast.ben_member, mentor=cast.amira_member)

    assert Loop.objects.count() == 1
    assert Delivery.objects.count() == 2


@pytest.mark.row("F-06")
def test_the_database_refuses_an_open_sponsored_mentor_without_a_seat(cast: Cast, open_scope: None) -> None:
    loop = begin(cast)
    part = Participation.objects.get(loop=loop, role="mentor")

    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.filter(pk=part.pk).update(seat=None)

    part.refresh_from_db()
    assert part.seat_id is not None


def test_open_loop_refuses_people_of_another_programme(cast: Cast, open_scope: None) -> None:
    stranger = Membership.objects.get(person=cast.dana)

    with pytest.raises(ValueError, match="two people of the intake"):
        begin(cast, mentee=stranger)


@pytest.mark.row("O-08")
def test_the_same_person_is_mentor_in_one_loop_and_mentee_in_another(cast: Cast, open_scope: None) -> None:
    begin(cast)
    cleo = factories.application(cast.autumn, factories.person("Cleo Marsh"), role="mentor").membership
    factories.seats(cleo.person, cast.northwind, 1)

    begin(cast, mentee=cast.ben_member, mentor=cleo)

    roles = Participation.objects.filter(person=cast.ben).order_by("loop").values_list("role", flat=True)
    assert list(roles) == ["mentor", "mentee"]


# --- races ------------------------------------------------------------------------------------------


def crowd(seats: int, mentees: int) -> tuple[Membership, list[Membership], Intake]:
    with scopes_disabled():
        northwind = factories.organisation("Northwind")
        grow: Programme = factories.programme(northwind)
        intake = factories.intake(grow)
        mentor = factories.membership(factories.person("Ben"), grow, "mentor")
        factories.seats(mentor.person, northwind, seats)
        everybody = [factories.membership(factories.person(), grow, "mentee") for _ in range(mentees)]
    return mentor, everybody, intake


@pytest.mark.slow
@pytest.mark.row("F-06")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seats", [1, 3])
def test_a_hundred_threads_race_for_the_last_seats(seats: int) -> None:
    mentor, everybody, intake = crowd(seats, 100)
    start, said = threading.Barrier(100), []

    def race(mentee: Membership) -> None:
        start.wait()
        try:
            with scopes_disabled():
                open_loop(mentee=mentee, mentor=mentor, intake=intake, by=None, now=NOW)
            said.append("opened")
        except NoSeat:
            said.append("no seat")
        except Exception as fault:
            said.append(repr(fault))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=race, args=[mentee]) for mentee in everybody]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said) == ["no seat"] * (100 - seats) + ["opened"] * seats
    assert Loop.objects.count() == Participation.objects.filter(role="mentor", seat__isnull=False).count() == seats


@pytest.mark.slow
@pytest.mark.row("L-01")
@pytest.mark.django_db(transaction=True)
def test_the_same_two_raced_by_twenty_threads_get_one_loop() -> None:
    mentor, (mentee,), intake = crowd(5, 1)
    start, said = threading.Barrier(20), []

    def race() -> None:
        start.wait()
        try:
            with scopes_disabled():
                open_loop(mentee=mentee, mentor=mentor, intake=intake, by=None, now=NOW)
            said.append("opened")
        except AlreadyOpen:
            said.append("already open")
        except Exception as fault:
            said.append(repr(fault))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=race) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said) == ["already open"] * 19 + ["opened"]
    assert Participation.objects.filter(seat__isnull=False).count() == 1


RACER = """
import sys, django
django.setup()
from django.db import connection
from django_scopes import scopes_disabled
from tests.factories import NOW
from twoway.loops.actions.loop import NoSeat, open_loop
from twoway.people.models import Intake, Membership
with scopes_disabled():
    mentor = Membership.objects.get(role="mentor")
    intake = Intake.objects.get()
    mentees = list(Membership.objects.filter(pk__in=[int(n) for n in sys.argv[1:]]))
    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    opened = 0
    for mentee in mentees:
        try:
            open_loop(mentee=mentee, mentor=mentor, intake=intake, by=None, now=NOW)
            opened += 1
        except NoSeat:
            pass
    print(opened)
"""


@pytest.mark.slow
@pytest.mark.row("F-06")
@pytest.mark.django_db(transaction=True)
def test_four_processes_race_for_the_last_seat() -> None:
    _, everybody, _ = crowd(1, 100)
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, *(str(mentee.pk) for mentee in everybody[start::4])],
            env=environment_of_this_test(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for start in range(4)
    ]  # fmt: skip
    assert [racer.stdout.readline() for racer in racers if racer.stdout] == ["ready\n"] * 4

    for racer in racers:  # all off before the first is waited for
        assert racer.stdin
        racer.stdin.write("go\n")
        racer.stdin.flush()
    opened = [int(racer.communicate(timeout=300)[0]) for racer in racers]

    assert sorted(opened) == [0, 0, 0, 1]
    assert Loop.objects.count() == 1


def environment_of_this_test() -> dict[str, str]:
    """The environment in which another process finds the database of the running test."""
    here = connection.settings_dict
    if connection.vendor == "sqlite":
        address = f"sqlite://{here['NAME']}"
    else:
        place = f"{here['USER']}:{here['PASSWORD']}@" if here["USER"] else ""
        socket = f"?host={here['HOST']}" if str(here["HOST"]).startswith("/") else ""
        address = f"postgresql://{place}{'' if socket else here['HOST']}/{here['NAME']}{socket}"
    outside = {name: value for name, value in os.environ.items() if name != "TWOWAY_TEST_DATABASE"}
    ours = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": os.pathsep.join(sys.path)}
    return {**outside, **ours, "TWOWAY_DATABASE_URL": address}


def test_ended_loop_frees_the_pair_for_another(cast: Cast, open_scope: None) -> None:
    loop = begin(cast)
    end_loop(loop_id=loop.pk, by=None, now=NOW + timedelta(days=90))

    again = begin(cast)
    with pytest.raises(NotGoingOn):
        end_loop(loop_id=loop.pk, by=None, now=NOW + timedelta(days=91))

    assert again.pair == loop.pair
    assert Sponsorship.objects.filter(ended_at=None).count() == 1
    assert Loop.objects.filter(state=Loop.State.OPEN).count() == 1
