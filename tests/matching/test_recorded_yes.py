"""A yes that a coordinator recorded: told, taken back, confirmed, and the loop it opens."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.proposals import DAY, HOUR, news, published, says, two
from twoway.loops.models import Loop
from twoway.matching import tasks
from twoway.matching.actions.proposal import record_yes
from twoway.matching.models import Proposal, ProposalAnswer
from twoway.matching.queries.desk import proposals_running_out
from twoway.matching.queries.people import people_for
from twoway.matching.queries.proposal import standing_of
from twoway.matching.words import moment_words
from twoway.outbox.models import Delivery
from twoway.people.models import Person

SignedIn = Callable[[Person | None], Client]


@pytest.mark.row("M-09")
def test_a_recorded_yes_is_told_and_taken_back_until_the_loop_opens(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW)
    assert news(ben.person) == ["matching.proposal", "matching.yes_recorded"]

    signed_in(ben.person).post(f"/me/proposals/{proposal.public_id}/undo/")
    says(proposal, amira, "yes")

    assert (ProposalAnswer.objects.count(), Loop.objects.count()) == (1, 0)


@pytest.mark.row("M-09")
def test_two_recorded_yeses_open_nothing_before_a_day_has_passed(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)

    record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW)
    record_yes(proposal=proposal, side=amira, by=ground.chris, now=NOW + HOUR)
    opened = [tasks.open_settled_proposals(NOW + n * HOUR) for n in (0, 24, 25, 26)]

    assert opened == [0, 0, 1, 0]
    assert Proposal.objects.get().state == "opened"


@pytest.mark.row("M-09")
@pytest.mark.parametrize("own_first", [True, False])
def test_beside_a_yes_of_ones_own_the_recorded_one_still_waits(ground: FieldOfPeople, own_first: bool) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    acts = [
        lambda: says(proposal, amira, "yes"),
        lambda: record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW),
    ]

    for act in acts if own_first else reversed(acts):
        act()

    assert Loop.objects.count() == 0
    assert standing_of(Proposal.objects.get()).opens_at == NOW + DAY
    assert (tasks.open_settled_proposals(NOW + DAY - HOUR), tasks.open_settled_proposals(NOW + DAY)) == (0, 1)


@pytest.mark.row("M-09")
def test_confirming_a_recorded_yes_opens_the_loop_at_once(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, amira, "yes")
    record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW)
    browser, url = signed_in(ben.person), f"/me/proposals/{proposal.public_id}/"

    page = browser.get(url).content.decode()
    browser.post(url, {"answer": "yes"})

    (answers,) = re.findall(r'<form method="post">.*?</form>', page, re.S)
    presses = re.findall(r"<(?:button|a) .*?</(?:button|a)>", answers, re.S)
    assert [re.sub(r"<[^>]+>", "", one).strip() for one in presses] == [
        "Yes, that is right", "Take the yes back", "Say no",
    ]  # fmt: skip
    assert f'formaction="{url}undo/"' in answers
    assert Proposal.objects.get().state == "opened"


@pytest.mark.row("M-09")
def test_a_recorded_yes_is_taken_back_after_both_are_in_and_told_anew_when_recorded_again(
    ground: FieldOfPeople, signed_in: SignedIn
) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, amira, "yes")
    record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW)

    signed_in(ben.person).post(f"/me/proposals/{proposal.public_id}/undo/")
    assert tasks.open_settled_proposals(NOW + 2 * DAY) == 0
    record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW + 2 * DAY)

    assert news(ben.person) == ["matching.proposal", "matching.yes_recorded", "matching.yes_recorded"]
    letters = Delivery.objects.filter(kind="matching.yes_recorded").order_by("pk")
    until = [moment_words(NOW + n * DAY, ben.person) for n in (1, 3)]  # type: ignore[arg-type]
    assert [until[n] in letter.text for n, letter in enumerate(letters)] == [True, True]


@pytest.mark.row("M-09", "F-06")
def test_two_yeses_that_settle_hold_their_seat_and_do_not_lapse(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    almost = NOW + 10 * DAY - HOUR
    says(proposal, amira, "yes", now=almost)
    record_yes(proposal=proposal, side=ben, by=ground.chris, now=almost)

    lapsed = [tasks.lapse_proposals(almost + n * DAY) for n in (0, 1, 5)]

    assert lapsed == [0, 0, 0]
    assert people_for(ground.intake, with_expected=False, now=almost + HOUR).seats == 0
    assert proposals_running_out(ground.programme, almost) == []
    assert tasks.open_settled_proposals(almost + 5 * DAY) == 1


@pytest.mark.row("M-09")
def test_the_coordinator_reads_when_the_loop_opens_and_who_can_still_take_it_back(
    ground: FieldOfPeople, signed_in: SignedIn
) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, amira, "yes")
    browser, url = signed_in(ground.chris), f"/northwind/grow-together/proposals/{proposal.public_id}/"

    browser.post(url + "yes/", {"side": "mentor"})
    page = " ".join(browser.get(url).content.decode().split())

    assert "Their loop opens by itself <time" in page
    assert "Until then Ben can take back what you recorded" in page
