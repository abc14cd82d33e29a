"""What coordinators fixed, set aside or chose by hand is named, kept and can be taken back."""

import pytest
from django.test import Client

from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.test_pages import AT, read
from twoway.matching.actions.draft import dismiss_draft, pin_draft, publish_drafts
from twoway.matching.models import Proposal
from twoway.matching.queries.proposal import as_planned
from twoway.matching.views.draft import done_lines


def draft_of(name: str) -> Proposal:
    return Proposal.objects.get(mentee__name=name, state="draft")


@pytest.mark.row("M-10")
def test_the_proof_says_that_it_keeps_to_what_was_fixed(ground: FieldOfPeople, chris: Client) -> None:
    for name in ("Amira", "Dora", "Eva"):
        ground.mentee(name), ground.mentor(f"Mentor of {name}")
    free = ground.run()
    before = read(chris, f"{AT}/rounds/{free.public_id}/")
    pin_draft(proposal=draft_of("Amira"), pinned=True, by=ground.chris, now=NOW)
    dismiss_draft(proposal=draft_of("Dora"), by=ground.chris, now=NOW)
    fixed = ground.run(name="Round 2")

    said = (
        "Compared are arrangements that keep the 1 pair that was fixed and leave the 1 pair apart that was dismissed."
    )
    pages = [read(chris, f"{AT}/rounds/{fixed.public_id}/{page}") for page in ("", "proof/")]
    assert "Compared are arrangements" not in before
    assert [said in page for page in pages] == [True, True]


@pytest.mark.row("M-08")
def test_what_was_set_aside_is_listed_and_can_be_brought_back(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentee("Amira"), ground.mentor("Ben")
    round, amira = ground.run(), draft_of("Amira")
    dismiss_draft(proposal=amira, by=ground.chris, now=NOW)

    page = read(chris, f"{AT}/rounds/{round.public_id}/")
    chris.post(f"{AT}/proposals/{amira.public_id}/restoring/")

    assert "Set aside: 1" in page and "Amira → Ben" in page and "Bring back" in page
    assert draft_of("Amira").pk == amira.pk
    assert "Set aside" not in read(chris, f"{AT}/rounds/{round.public_id}/")


@pytest.mark.row("M-08")
def test_a_pair_chosen_by_hand_takes_the_seat_before_one_that_fits_better(ground: FieldOfPeople) -> None:
    ground.mentee("Amira"), ground.mentee("Dora"), ground.mentor("Ben", 2)
    ground.run()
    Proposal.objects.filter(mentee__name="Amira").update(pinned=True, score=1)
    seats = Proposal.objects.first()
    assert seats is not None and seats.mentor.person is not None
    seats.mentor.person.seats.order_by("pk").last().delete()  # type: ignore[union-attr]

    done = publish_drafts(intake=ground.intake, drafts=list(Proposal.objects.all()), by=ground.chris, now=NOW)

    assert [row.mentee_name for row in done.told] == ["Amira"]
    assert [(row.mentee_name, why) for row, why in done.held_back] == [("Dora", "seat")]


@pytest.mark.row("M-08")
def test_whoever_publishes_beside_another_reads_what_is_out_and_not_that_it_stayed(ground: FieldOfPeople) -> None:
    ground.mentee("Amira"), ground.mentor("Ben")
    ground.run()
    seen = as_planned(Proposal.objects.all())
    publish_drafts(intake=ground.intake, drafts=seen, by=ground.chris, now=NOW)

    again = publish_drafts(intake=ground.intake, drafts=seen, by=ground.chris, now=NOW)

    assert done_lines(again) == ["1 was no draft any more. “Proposals” says how they stand."]
