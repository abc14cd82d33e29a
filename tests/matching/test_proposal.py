"""From published to a loop or a kind end."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.proposals import DAY, HOUR, news, published, says, sides_of, two
from twoway.history.models import Event
from twoway.loops.actions.loop import open_loop
from twoway.loops.models import Loop
from twoway.matching import tasks
from twoway.matching.actions.draft import Refused, publish_drafts
from twoway.matching.actions.proposal import Over, extend_proposal, withdraw_proposal
from twoway.matching.models import Proposal, ProposalAnswer
from twoway.matching.queries.mine import waiting_in
from twoway.matching.queries.proposal import first_next_time
from twoway.outbox.models import Delivery
from twoway.people.actions.person import keep_apart
from twoway.people.models import Notification, Person, Programme
from twoway.signup.models import Application

SignedIn = Callable[[Person | None], Client]


@pytest.mark.row("M-09")
def test_both_are_told_at_publishing_and_not_before(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)

    proposal = published(ground, amira, ben)

    assert (proposal.state, proposal.lapses_at) == ("published", NOW + 10 * DAY)
    assert news(amira.person) == news(ben.person) == ["matching.proposal"]
    assert [side.proposal.pk for side in waiting_in(sides_of(amira), NOW)] == [proposal.pk]


@pytest.mark.row("M-09")
def test_the_last_yes_opens_the_loop_whoever_says_it(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)

    says(proposal, ben, "yes")
    assert Loop.objects.count() == 0
    row = says(proposal, amira, "yes")

    assert (row.state, row.loop) == ("opened", Loop.objects.get())
    assert news(amira.person) == ["matching.proposal", "loops.loop_opened"]


@pytest.mark.row("M-09")
def test_no_lapse_and_withdrawal_read_the_same_to_the_other(ground: FieldOfPeople) -> None:
    letters = []
    for number, how in enumerate(("no", "lapse", "withdraw")):
        amira, ben = ground.mentee(f"Amira {number}"), ground.mentor(f"Ben {number}")
        proposal = published(ground, amira, ben)
        says(proposal, amira, "yes")
        if how == "no":
            says(proposal, ben, "no", reason="zq-secret")
            tasks.end_refused_proposals(NOW + HOUR)
        elif how == "lapse":
            Proposal.objects.filter(pk=proposal.pk).update(lapses_at=NOW - DAY)
            tasks.lapse_proposals(NOW)
        else:
            withdraw_proposal(proposal=proposal, by=ground.chris, now=NOW)
        letter = Delivery.objects.get(person=amira.person_id, kind="matching.proposal_over")
        letters.append((letter.subject, letter.text.replace(proposal.public_id, "").replace(f" {number}", "")))
        assert first_next_time(ground.intake) >= {amira.pk}

    assert letters[0] == letters[1] == letters[2]
    assert "you are first next time" in letters[0][1]
    assert not any("zq-secret" in letter.text for letter in Delivery.objects.all())


@pytest.mark.row("M-09")
def test_who_said_no_is_not_first_and_is_not_written_to(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)

    says(proposal, amira, "no")
    tasks.end_refused_proposals(NOW + HOUR)

    assert news(amira.person) == ["matching.proposal"]
    assert first_next_time(ground.intake) == {ben.pk}


@pytest.mark.row("M-09")
def test_reminder_and_lapse_come_on_their_days_and_once(ground: FieldOfPeople) -> None:
    Programme.objects.update(proposal_days=6, proposal_reminder_days=2)
    amira, ben = two(ground)
    ground.programme.refresh_from_db()
    ground.intake.programme.refresh_from_db()
    proposal = published(ground, amira, ben)
    says(proposal, ben, "yes")

    done = [(tasks.remind_of_proposals(NOW + n * DAY), tasks.lapse_proposals(NOW + n * DAY)) for n in range(8)]

    assert done == [(0, 0), (0, 0), (1, 0), (0, 0), (0, 0), (0, 0), (0, 1), (0, 0)]
    assert news(amira.person)[1] == "matching.proposal_reminder"
    assert "matching.proposal_reminder" not in news(ben.person)


@pytest.mark.row("M-09")
def test_more_time_moves_the_end_and_the_reminder(ground: FieldOfPeople) -> None:
    proposal = published(ground, *two(ground))

    extend_proposal(proposal=proposal, days=7, by=ground.chris, now=NOW)

    assert tasks.lapse_proposals(NOW + 16 * DAY) == 0
    assert tasks.lapse_proposals(NOW + 17 * DAY) == 1


@pytest.mark.row("M-09")
def test_a_late_answer_is_refused(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)

    with pytest.raises(Over):
        says(proposal, amira, "yes", now=NOW + 10 * DAY)

    assert ProposalAnswer.objects.count() == 0


@pytest.mark.row("F-06", "M-09")
def test_who_comes_late_for_the_last_seat_is_told_kindly(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    dora = ground.mentee("Dora")
    says(proposal, ben, "yes")
    open_loop(mentee=dora.membership, mentor=ben.membership, intake=ground.intake, by=None, now=NOW)

    row = says(proposal, amira, "yes")

    assert (row.state, row.end) == ("ended", "full")
    assert (
        "last free place was taken" in Delivery.objects.get(person=amira.person_id, kind="matching.proposal_over").text
    )


@pytest.mark.row("M-11")
def test_a_private_wish_made_meanwhile_stops_the_loop_without_a_word(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "yes")
    keep_apart(owner=ben.person, organisation=ground.organisation, address=amira.address, note="", now=NOW)

    row = says(proposal, amira, "yes")

    assert (row.state, row.end, Loop.objects.count()) == ("ended", "withdrawn", 0)


@pytest.mark.row("M-08")
def test_of_many_published_at_once_the_clock_tells_the_rest(ground: FieldOfPeople, monkeypatch: Any) -> None:
    monkeypatch.setattr("twoway.matching.actions.draft.AT_ONCE", 1)
    for name in ("Amira", "Dora", "Eva"):
        ground.mentee(name), ground.mentor(f"Mentor of {name}")
    ground.run()

    publish_drafts(intake=ground.intake, drafts=list(Proposal.objects.all()), by=ground.chris, now=NOW)
    assert Proposal.objects.filter(state="published", told_at=None).count() == 2
    assert tasks.put_proposals_forward(NOW) == 2

    assert Notification.objects.filter(kind="matching.proposal").count() == 6


# --- exceptions from the reporting line -------------------------------------------------------------


@pytest.mark.row("M-11")
@pytest.mark.definition("A4b")
def test_the_reporting_line_gives_way_only_to_a_reason_and_two_yeses(ground: FieldOfPeople) -> None:
    Programme.objects.update(both_say_yes=False)
    ground.intake.programme.both_say_yes = False
    amira, ben = two(ground)
    ground.answers(amira, manager=ben.address)
    with pytest.raises(Refused, match="line"):
        published(ground, amira, ben)

    proposal = published(ground, amira, ben, override="They asked for it together")
    assert (proposal.state, Loop.objects.count()) == ("published", 0)
    says(proposal, amira, "yes")
    says(proposal, ben, "yes")

    assert Loop.objects.count() == 1
    event = Event.objects.get(kind="proposal.excepted")
    assert set(event.people.values_list("person", flat=True)) == {amira.person_id, ben.person_id}


@pytest.mark.row("M-11")
def test_a_private_wish_has_no_override(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    ground.answers(amira, manager=ben.address)
    keep_apart(owner=amira.person, organisation=ground.organisation, address=ben.address, note="", now=NOW)

    with pytest.raises(Refused, match="apart"):
        published(ground, amira, ben, override="Please")

    assert Proposal.objects.count() == 0


@pytest.mark.row("M-11")
def test_both_read_the_reason_on_their_page(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(ground)
    ground.answers(amira, manager=ben.address)
    proposal = published(ground, amira, ben, override="They asked for it together")

    pages = [
        signed_in(side.person).get(f"/me/proposals/{proposal.public_id}/").content.decode() for side in (amira, ben)
    ]

    assert ["They asked for it together" in page for page in pages] == [True, True]


# --- expected people --------------------------------------------------------------------------------


@pytest.mark.row("M-08", "M-02")
def test_publishing_about_somebody_expected_invites_them_and_waits_unseen(ground: FieldOfPeople) -> None:
    ben = ground.mentor("Ben")
    expected = factories.application(ground.intake, role="mentee", name="Expected One")
    ground.answers(expected, grade="junior", wants=["finance"])

    proposal = published(ground, expected, ben)

    assert (proposal.state, proposal.told_at) == ("published", None)
    assert waiting_in(sides_of(ben), NOW) == []
    assert list(Delivery.objects.values_list("kind", flat=True)) == ["signup.invitation"]
    assert tasks.put_proposals_forward(NOW) == 0

    eve = factories.person("Expected One", "real@northwind.example")
    member = factories.membership(eve, ground.programme, "mentee")
    Application.objects.filter(pk=expected.pk).update(
        state="joined", person=eve, membership=member, terms_at=NOW, verified_at=NOW, adult=True
    )
    assert tasks.put_proposals_forward(NOW + DAY) == 1
    assert news(ben.person) == news(eve) == ["matching.proposal"]
