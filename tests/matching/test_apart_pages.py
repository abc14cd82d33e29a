"""Somebody puts the other of an open question on their own list: it is answered with a no like any other."""

import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client

from tests import factories
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.proposals import HOUR, news, published, says, two
from twoway.history.models import Event
from twoway.loops.models import Loop
from twoway.matching import tasks
from twoway.matching.actions.proposal import withdraw_proposal
from twoway.matching.models import HeldAnswer, Proposal
from twoway.matching.queries.proposal import standing_of
from twoway.people.actions.person import drop_apart, keep_apart
from twoway.people.models import Person, Programme
from twoway.people.queries import aparts_of
from twoway.signup.models import Application

SignedIn = Callable[[Person | None], Client]
pytestmark = pytest.mark.row("M-09", "M-11")


@pytest.fixture(autouse=True)
def at_that_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def lists(browser: Client, ground: FieldOfPeople, address: str) -> None:
    browser.post("/me/apart/", {"organisation": ground.organisation.public_id, "address": address})


def page(browser: Client, url: str) -> str:
    return re.sub(r"[A-Za-z0-9]{64}", "token", browser.get(url).content.decode())


@pytest.mark.parametrize("of_a_yes", [False, True])
def test_the_question_becomes_a_no_that_nobody_can_tell_from_another(
    ground: FieldOfPeople, signed_in: SignedIn, of_a_yes: bool
) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, amira if of_a_yes else ben, "yes")
    office, url = signed_in(ground.chris), f"/northwind/grow-together/proposals/{proposal.public_id}/"
    before = page(office, url)

    lists(signed_in(amira.person), ground, ben.address.upper())

    assert page(office, url) == before
    assert HeldAnswer.objects.get(proposal=proposal).is_fresh_no(NOW)
    assert tasks.end_refused_proposals(NOW + HOUR) == 1
    proposal.refresh_from_db()
    said = standing_of(proposal).mentee
    assert (proposal.state, proposal.end, Loop.objects.count()) == ("ended", "no", 0)
    assert said is not None and (said.answer, said.reason) == ("no", "")
    assert news(ben.person)[-1] == "matching.proposal_over"


def test_a_yes_and_taking_the_no_back_wait_until_the_name_is_off_the_list(
    ground: FieldOfPeople, signed_in: SignedIn
) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    hers, url = signed_in(amira.person), f"/me/proposals/{proposal.public_id}/"
    assert amira.person is not None
    lists(hers, ground, ben.address)

    said = [hers.post(where, {"answer": "yes"}, follow=True) for where in (url, f"{url}take-back/")]
    still = HeldAnswer.objects.get(proposal=proposal).answer
    drop_apart(apart=aparts_of(amira.person)[0], now=NOW)
    hers.post(f"{url}take-back/")

    words = "Ben is on your “Not with” list. To say yes, take them off it first."
    assert [words in answer.content.decode() for answer in said] == [True, True]
    assert (still, HeldAnswer.objects.count()) == ("no", 0)


def test_an_address_that_the_other_has_proved_is_theirs_as_well(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben, cleo = *two(ground), ground.mentee("Cleo")
    assert ben.person is not None
    EmailAddress.objects.create(user=ben.person, email="ben@home.example", verified=True)
    proposal, other = published(ground, amira, ben), ground.mentor("Dora")
    beside = published(ground, cleo, other)

    lists(signed_in(amira.person), ground, "ben@home.example")

    assert list(HeldAnswer.objects.values_list("proposal", flat=True)) == [proposal.pk]
    assert Proposal.objects.get(pk=beside.pk).state == "published"


@pytest.mark.row("M-08")
@pytest.mark.parametrize("both_say_yes", [True, False])
def test_a_question_that_waits_for_somebody_to_join_is_never_put(
    ground: FieldOfPeople, signed_in: SignedIn, both_say_yes: bool
) -> None:
    Programme.objects.update(both_say_yes=both_say_yes)
    ground.intake.programme.both_say_yes = both_say_yes
    ben, expected = ground.mentor("Ben"), factories.application(ground.intake, role="mentee", name="Expected One")
    ground.answers(expected, grade="junior", wants=["finance"])
    proposal = published(ground, expected, ben)

    lists(signed_in(ben.person), ground, expected.address)
    eve = joins(ground, expected)

    assert tasks.put_proposals_forward(NOW + HOUR) == 0
    proposal.refresh_from_db()
    assert (proposal.state, proposal.end, proposal.told_at) == ("ended", "withdrawn", None)
    assert news(ben.person) == news(eve) == []
    assert not Event.objects.filter(about=f"proposal {proposal.public_id}", people__isnull=False).exists()
    pages = [signed_in(one).get(f"/me/proposals/{proposal.public_id}/").status_code for one in (ben.person, eve)]
    assert pages == [404, 404]


def joins(ground: FieldOfPeople, expected: Application) -> Person:
    eve = factories.person(expected.name, expected.address)
    member = factories.membership(eve, ground.programme, "mentee")
    Application.objects.filter(pk=expected.pk).update(
        state="joined", person=eve, membership=member, terms_at=NOW, verified_at=NOW, adult=True
    )
    return eve


def test_a_list_for_one_organisation_stands_in_no_other_ones_way(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    elsewhere = factories.organisation("Southwind")
    assert amira.person is not None
    keep_apart(owner=amira.person, organisation=elsewhere, address=ben.address, note="", now=NOW)

    signed_in(amira.person).post(f"/me/proposals/{proposal.public_id}/", {"answer": "yes"})

    said = standing_of(proposal).mentee
    assert said is not None and said.answer == "yes"


@pytest.mark.row("U-05")
def test_a_reason_typed_for_what_was_withdrawn_meanwhile_is_not_lost(
    ground: FieldOfPeople, signed_in: SignedIn
) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    withdraw_proposal(proposal=proposal, by=ground.chris, now=NOW)

    late = signed_in(amira.person).post(
        f"/me/proposals/{proposal.public_id}/", {"answer": "no", "reason": "Tuesdays never work for me"}
    )

    assert late.status_code == 409
    assert "Your no came after this had ended" in late.content.decode()
    assert "Tuesdays never work for me" in late.content.decode()
