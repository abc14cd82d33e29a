"""A no in its hour on the pages: its giver reads until when, and nobody else finds a trace of it."""

import re
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client

from tests import factories
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.proposals import DAY, HOUR, MINUTE, published, says, sides_of, takes_back, two
from twoway.history.models import Event
from twoway.loops.models import Loop
from twoway.matching.actions.proposal import record_yes, withdraw_proposal
from twoway.matching.models import HeldAnswer, Proposal
from twoway.matching.queries.mine import agreed_in, refused_in
from twoway.outbox.models import Delivery
from twoway.people.models import Person

SignedIn = Callable[[Person | None], Client]
AT = "/northwind/grow-together"
pytestmark = pytest.mark.row("M-09")


def page(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200, url
    return re.sub(r"[A-Za-z0-9]{64}", "token", " ".join(answer.content.decode().split()))


# --- nobody sees it ---------------------------------------------------------------------------------


OFFICE = (
    "/", f"{AT}/", f"{AT}/desk/", f"{AT}/people/", f"{AT}/record/", f"{AT}/rounds/", f"{AT}/proposals/by-hand/",
    *(f"{AT}/proposals/?show={show}" for show in ("all", "waiting", "opened", "no", "lapsed", "other")),
)  # fmt: skip


@pytest.mark.row("X-05")
@pytest.mark.parametrize("before", ["nothing", "a yes", "a recorded yes"])
def test_every_page_of_everybody_else_reads_as_before(ground: FieldOfPeople, signed_in: SignedIn, before: str) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    Proposal.objects.filter(pk=proposal.pk).update(lapses_at=NOW + DAY)  # it runs out soon: it is on the desk
    if before == "a yes":
        says(proposal, ben, "yes")
    elif before == "a recorded yes":
        record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW)
    office, hers, url = signed_in(ground.chris), signed_in(amira.person), f"/me/proposals/{proposal.public_id}/"
    letters = Delivery.objects.count()

    def seen_by_office() -> list[str]:
        return [page(office, one) for one in (*OFFICE, f"{AT}/proposals/{proposal.public_id}/")]

    def seen_by_her() -> list[str]:
        return [page(hers, one) for one in ("/", url, f"{AT}/", "/me/", "/me/record/")]

    first = (seen_by_office(), seen_by_her())
    says(proposal, ben, "no", reason="zq-why")
    assert (seen_by_office(), seen_by_her()) == first
    takes_back(proposal, ben, NOW)
    assert (seen_by_office(), seen_by_her()) == first
    assert Delivery.objects.count() == letters


@pytest.mark.parametrize("before", ["a yes", "a recorded yes"])
def test_a_yes_that_would_open_the_loop_is_shown_to_the_office_with_the_no_and_not_sooner(
    ground: FieldOfPeople, signed_in: SignedIn, before: str
) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    if before == "a yes":
        says(proposal, ben, "yes")
    else:
        record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW)
    office, hers = signed_in(ground.chris), signed_in(amira.person)
    urls = (f"{AT}/proposals/{proposal.public_id}/", f"{AT}/proposals/")
    first = [page(office, url) for url in urls]
    says(proposal, ben, "no")

    went = hers.post(f"/me/proposals/{proposal.public_id}/", {"answer": "yes"}, follow=True).content.decode()

    assert [page(office, url) for url in urls] == first
    assert "Your answer is yes" in went and "It begins when both of you have said yes" in went
    assert [side.proposal.pk for side in agreed_in(sides_of(amira), NOW)] == [proposal.pk]


def test_the_others_confirmed_yes_does_not_change_the_page_of_the_office(
    ground: FieldOfPeople, signed_in: SignedIn
) -> None:
    """Both yeses stand, one of them recorded; its owner confirms it while the other's no is in its hour."""
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "yes")
    record_yes(proposal=proposal, side=amira, by=ground.chris, now=NOW)
    office, url = signed_in(ground.chris), f"{AT}/proposals/{proposal.public_id}/"
    first = page(office, url)

    says(proposal, ben, "no")
    says(proposal, amira, "yes")

    assert page(office, url) == first
    assert Loop.objects.count() == 0


# --- their own page ---------------------------------------------------------------------------------


def test_who_said_no_reads_until_when_and_takes_it_back_by_a_button(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(ground)
    Person.objects.filter(pk=ben.person_id).update(time_zone="Europe/Lisbon")
    proposal = published(ground, amira, ben)
    browser, url = signed_in(ben.person), f"/me/proposals/{proposal.public_id}/"
    browser.post(url, {"answer": "no", "reason": "zq-why"})

    with time_machine.travel(NOW + 59 * MINUTE, tick=False):
        shown, home = page(browser, url), page(browser, "/")
        action = re.search(r'<form method="post" action="([^"]+take-back/)">', shown)
        assert action is not None
        after = browser.post(action[1], follow=True).content.decode()

    assert "You said no at 10:00, and that is fine." in shown and "You can take this back until 11:00." in shown
    assert ("zq-why" in shown, "Not this time" in shown, "Not this time" in page(browser, f"{url}?no=1")) == (
        False, False, True,
    )  # fmt: skip
    assert "You can take this back until 11:00." in home
    assert "Your no is taken back. Nobody has heard of it." in after and "Would you like to meet?" in after
    assert "You said no" not in page(browser, "/")


def test_after_the_hour_the_page_offers_nothing_to_take_back(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no")
    browser, url = signed_in(ben.person), f"/me/proposals/{proposal.public_id}/"

    with time_machine.travel(NOW + HOUR, tick=False):
        late = browser.post(f"{url}take-back/", follow=True).content.decode()
        home = page(browser, "/")

    assert "There is no answer to take back any more." in late
    assert ("take-back" in late, "You said no, and that is fine." in late) == (False, True)
    assert ("You can take this back" in home, "Waiting for your answer" in home) == (False, False)
    assert refused_in(sides_of(ben, NOW + HOUR), NOW + HOUR) == []


def test_to_who_said_no_a_withdrawal_in_the_hour_looks_like_nothing(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no")
    browser, url = signed_in(ben.person), f"/me/proposals/{proposal.public_id}/"
    before = [page(browser, one) for one in (url, "/")]

    withdraw_proposal(proposal=proposal, by=ground.chris, now=NOW)

    assert [page(browser, one) for one in (url, "/")] == before
    assert "This is not going ahead" in browser.post(f"{url}take-back/", follow=True).content.decode()


def test_only_who_said_no_takes_it_back(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no")
    stranger = factories.person("Dana", "dana@elsewhere.example")

    said = [
        signed_in(person).post(f"/me/proposals/{proposal.public_id}/take-back/").status_code
        for person in (amira.person, ground.chris, stranger)
    ]

    assert (said, HeldAnswer.objects.count()) == ([302, 404, 404], 1)
    assert [event.kind for event in Event.objects.filter(kind="proposal.no_taken_back")] == []


def test_the_record_of_a_no_is_read_by_its_owner_alone(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no", reason="zq-why")
    takes_back(proposal, ben, NOW + MINUTE)

    events = Event.objects.filter(kind__in=["proposal.answered", "proposal.no_taken_back"]).order_by("pk")

    assert [(event.by, list(event.people.values_list("person", flat=True))) for event in events] == [
        (ben.person_id, [ben.person_id])
    ] * 2
    assert [event.facts for event in events] == [{}, {}]
