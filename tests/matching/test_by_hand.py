"""Pairs put together by hand, as coordinators do it."""

import pytest
from django.test import Client

from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.test_pages import AT, read
from twoway.matching.models import Proposal
from twoway.people.actions.person import keep_apart
from twoway.people.models import Notification


@pytest.mark.row("M-01")
def test_by_hand_without_candidates_says_what_would_change_it(ground: FieldOfPeople, chris: Client) -> None:
    top, ben = ground.mentee("Top", grade="head"), ground.mentor("Ben")
    alone = ground.mentee("Alone")
    keep_apart(owner=ben.person, organisation=ground.organisation, address=alone.address, note="", now=NOW)

    hers = read(chris, f"{AT}/proposals/by-hand/{top.public_id}/")
    theirs = read(chris, f"{AT}/proposals/by-hand/{alone.public_id}/")

    assert "Without the rule “Grade”, 1 person with a free seat would be open." in hers and "Open the form" in hers
    assert "More people would change it." in theirs and "Invite people" in theirs


@pytest.mark.row("M-01")
def test_by_hand_shows_who_fits_best_and_keeps_a_draft(ground: FieldOfPeople, chris: Client) -> None:
    amira = ground.mentee("Amira", wants=["writing"], goal="I want to speak up")
    ground.mentor("Ben", offers=["finance"])
    cleo = ground.mentor("Cleo", offers=["writing"], offer="I help people speak up")
    assert "Amira" in read(chris, f"{AT}/proposals/by-hand/")

    page = read(chris, f"{AT}/proposals/by-hand/{amira.public_id}/")
    assert page.index("Cleo") < page.index("Ben")
    assert "<mark>speak up</mark>" in page
    chris.post(f"{AT}/proposals/by-hand/{amira.public_id}/", {"with": cleo.public_id, "draft": "1"})

    assert ground.pairs(state="draft", pinned=True) == [("Amira", "Cleo")]
    assert Notification.objects.count() == 0


@pytest.mark.row("M-01")
def test_by_hand_from_the_mentors_side_leads_to_publishing(ground: FieldOfPeople, chris: Client) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")

    answer = chris.post(
        f"{AT}/proposals/by-hand/{ben.public_id}/?side=mentor", {"with": amira.public_id, "publish": "1"}, follow=True
    )
    assert "Publish 1 proposal?" in answer.content.decode()
    chris.post(answer.redirect_chain[-1][0])

    assert ground.pairs(state="published") == [("Amira", "Ben")]


@pytest.mark.row("M-01", "M-11")
def test_by_hand_an_exception_needs_its_reason(ground: FieldOfPeople, chris: Client) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    ground.answers(amira, manager=ben.address)
    url = f"{AT}/proposals/by-hand/{amira.public_id}/"

    refused = chris.post(url, {"with": ben.public_id, "override": " ", "draft": "1"})
    assert (refused.status_code, "Please say why." in refused.content.decode()) == (422, True)
    chris.post(url, {"with": ben.public_id, "override": "Both asked for it", "draft": "1"})

    assert Proposal.objects.get().override == "Both asked for it"


@pytest.mark.row("M-09")
def test_those_promised_to_be_first_stand_first(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentee("Aaron")
    zoe, ben = ground.mentee("Zoe"), ground.mentor("Ben")
    Proposal.objects.create(
        intake=ground.intake, mentee=zoe, mentor=ben, made_at=NOW, published_at=NOW, told_at=NOW, state="ended",
        end="withdrawn", ended_at=NOW,
    )  # fmt: skip

    page = read(chris, f"{AT}/proposals/by-hand/")

    assert page.index("Zoe") < page.index("Aaron")
    assert "first this time" in page
