"""Many people press yes at once for one seat: exactly one loop, on both databases, by every path."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django_scopes import scopes_disabled

from tests import factories
from tests.factories import NOW
from tests.matching.field import FieldOfPeople, lay
from tests.matching.together import everybody_may_wait, together
from twoway.loops.models import Loop, Participation
from twoway.matching.models import Proposal, ProposalAnswer
from twoway.people.models import Notification, Person, Programme
from twoway.signup.models import Application

SignedIn = Callable[[Person | None], Client]
pytestmark = [pytest.mark.slow, pytest.mark.row("F-06"), pytest.mark.definition("A1")]


@pytest.fixture
def ground(transactional_db: None, now: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[FieldOfPeople]:
    """These tests count loops, not seconds: on a busy machine everybody may wait for their turn."""
    everybody_may_wait(monkeypatch)
    with scopes_disabled():
        yield lay()


def crowd(ground: FieldOfPeople, number: int, *, state: str) -> tuple[Application, list[Application]]:
    """A mentor with one seat, and as many mentees, each with a proposal; where published, the mentor said yes."""
    ben = ground.mentor("Ben", 1)
    mentees = [factories.application(ground.intake, factories.person(), role="mentee") for _ in range(number)]
    for mentee in mentees:
        proposal = Proposal.objects.create(
            intake=ground.intake, mentee=mentee, mentor=ben, made_at=NOW, state=state, pinned=True,
            published_at=NOW if state == "published" else None, told_at=NOW if state == "published" else None,
        )  # fmt: skip
        if state == "published":
            ProposalAnswer.objects.create(proposal=proposal, application=ben, answer="yes", at=NOW)
    return ben, mentees


def taken_seats() -> int:
    return Participation.objects.filter(role="mentor", seat__isnull=False).count()


@pytest.mark.row("M-09")
def test_a_hundred_acceptances_by_proposal_in_threads(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    _, mentees = crowd(ground, 100, state="published")
    presses = []
    for mentee in mentees:
        browser, proposal = signed_in(mentee.person), Proposal.objects.get(mentee=mentee)
        url = f"/me/proposals/{proposal.public_id}/"
        presses.append(lambda browser=browser, url=url: browser.post(url, {"answer": "yes"}).status_code)

    said = together(presses)

    assert said == [302] * 100
    assert (Loop.objects.count(), taken_seats()) == (1, 1)
    ends = sorted(Proposal.objects.values_list("state", "end"))
    assert ends == [("ended", "full")] * 99 + [("opened", "")]


def publishing(mentee: Application) -> str:
    """Where the coordinator publishes what is drafted for this mentee."""
    proposal, programme = Proposal.objects.get(mentee=mentee), mentee.intake.programme
    return f"/northwind/{programme.slug}/proposals/publish/?proposal={proposal.public_id}"


def published_together(ground: FieldOfPeople, mentees: list[Application], signed_in: SignedIn) -> list[int]:
    """The coordinator in as many browsers as there are drafts, each publishing one of them."""
    presses = []
    for mentee in mentees:
        browser, url = signed_in(ground.chris), publishing(mentee)
        presses.append(lambda browser=browser, url=url: browser.post(url).status_code)
    return together(presses)


@pytest.mark.row("M-01")
def test_a_hundred_published_by_hand_in_threads(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    Programme.objects.update(both_say_yes=False)
    _, mentees = crowd(ground, 100, state="draft")

    said = published_together(ground, mentees, signed_in)

    assert said == [302] * 100
    assert (Loop.objects.count(), taken_seats()) == (1, 1)
    assert sorted(Proposal.objects.values_list("state", flat=True)) == ["draft"] * 99 + ["opened"]
    assert Notification.objects.count() == 2  # who was not chosen has heard of nothing


@pytest.mark.row("M-01", "M-08")
def test_a_seat_is_held_once_though_two_programmes_publish(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    """Ben has one seat and stands in two programmes; each publishes ten proposals to him, all at once."""
    ben, mentees = crowd(ground, 10, state="draft")
    second = factories.programme(ground.organisation, "Second Steps")
    factories.office(ground.chris, "coordinator", second)
    intake = factories.intake(second)
    there = factories.application(intake, ben.person, role="mentor", capacity=1)
    helps = factories.question(factories.form(second), "I can help with", what_i_help_with=True, asked_of="mentor")
    factories.answer(there, helps, "Finding the words")
    for _ in range(10):
        mentees.append(factories.application(intake, factories.person(), role="mentee"))
        Proposal.objects.create(intake=intake, mentee=mentees[-1], mentor=there, made_at=NOW, state="draft")

    said = published_together(ground, mentees, signed_in)

    assert said == [302] * 20
    assert sorted(Proposal.objects.values_list("state", flat=True)) == ["draft"] * 19 + ["published"]
    assert Notification.objects.count() == 2


RACER = """
import json, sys, django
django.setup()
from django.test import Client
from twoway.people.models import Person
presses = []
for person, url, data in json.loads(sys.argv[1]):
    browser = Client()
    browser.force_login(Person.objects.get(pk=person), backend="allauth.account.auth_backends.AuthenticationBackend")
    presses.append((browser, url, data))
print("ready", flush=True)
sys.stdin.readline()
print(json.dumps([browser.post(url, data).status_code for browser, url, data in presses]))
"""


def from_four_processes(presses: list[tuple[int, str, dict[str, str]]]) -> list[int]:
    """Each process presses its share, one after the other; all four begin together. The status codes."""
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, json.dumps(presses[start::4])],
            env=environment_of_this_test(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for start in range(4)
    ]  # fmt: skip
    assert [racer.stdout.readline() for racer in racers if racer.stdout] == ["ready\n"] * 4
    for racer in racers:
        assert racer.stdin
        racer.stdin.write("go\n")
        racer.stdin.flush()
    return [code for racer in racers for code in json.loads(racer.communicate(timeout=300)[0])]


@pytest.mark.row("M-09")
def test_a_hundred_acceptances_from_four_processes(ground: FieldOfPeople) -> None:
    _, mentees = crowd(ground, 100, state="published")
    presses = []
    for mentee in mentees:
        proposal = Proposal.objects.get(mentee=mentee)
        presses.append((mentee.person_id, f"/me/proposals/{proposal.public_id}/", {"answer": "yes"}))

    said = from_four_processes(presses)

    assert said == [302] * 100
    assert (Loop.objects.count(), taken_seats()) == (1, 1)
    ends = sorted(Proposal.objects.values_list("state", "end"))
    assert ends == [("ended", "full")] * 99 + [("opened", "")]


@pytest.mark.row("M-01")
def test_a_hundred_published_by_hand_from_four_processes(ground: FieldOfPeople) -> None:
    Programme.objects.update(both_say_yes=False)
    _, mentees = crowd(ground, 100, state="draft")

    said = from_four_processes([(ground.chris.pk, publishing(mentee), {}) for mentee in mentees])

    assert said == [302] * 100
    assert (Loop.objects.count(), taken_seats()) == (1, 1)
    assert sorted(Proposal.objects.values_list("state", flat=True)) == ["draft"] * 99 + ["opened"]
    assert Notification.objects.count() == 2


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
