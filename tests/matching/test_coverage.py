"""Free seats and those who wait: one definition, the same numbers on every page."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests import factories
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from twoway.loops.actions.loop import open_loop
from twoway.matching.actions.draft import Fit, draft_by_hand, publish_drafts
from twoway.matching.queries.coverage import Coverage, coverage
from twoway.people.models import Membership, Person, Programme

AT = "/northwind/grow-together"


def lay_out(ground: FieldOfPeople) -> None:
    """One in a loop, one with a proposal, one on a break, two who wait; three mentors: of four, silent, on a break."""
    placed, proposed, away = (ground.mentee(name) for name in ("Placed", "Proposed", "Away"))
    ground.mentee("Waits"), ground.mentee("Waits too")
    ben, gone = ground.mentor("Ben", 4), ground.mentor("Gone", 1)
    ground.person("Silent", "mentor", 1, grade="senior")
    factories.application(ground.intake, address="not.yet@northwind.example", role="mentor")
    open_loop(mentee=placed.membership, mentor=ben.membership, intake=ground.intake, by=None, now=NOW)
    draft = draft_by_hand(intake=ground.intake, mentee=proposed, mentor=ben, fit=Fit(5), by=ground.chris, now=NOW)
    publish_drafts(intake=ground.intake, drafts=[draft], by=ground.chris, now=NOW)
    Membership.objects.filter(pk__in=[away.membership_id, gone.membership_id]).update(available=False)


@pytest.mark.row("F-05", "F-06")
def test_loops_and_proposals_hold_seats_and_nobody_in_them_or_away_waits(ground: FieldOfPeople) -> None:
    Programme.objects.update(wanted_mentors=40)
    ground.intake.programme.refresh_from_db()
    lay_out(ground)

    found = coverage(ground.intake, NOW)

    assert found == Coverage(mentors=3, mentees=5, wanted_mentors=40, wanted_mentees=None, seats=2, waiting=2,
                             proposed=1, away=2, silent=1)  # fmt: skip
    assert found.ratio == 1.0


@pytest.mark.row("F-05", "F-06")
def test_desk_applications_and_matching_say_the_same(
    ground: FieldOfPeople, signed_in: Callable[[Person | None], Client]
) -> None:
    lay_out(ground)
    browser = signed_in(ground.chris)

    def words(page: str) -> str:
        return " ".join(re.sub(r"<[^>]+>", " ", browser.get(f"{AT}/{page}/").content.decode()).split())

    desk, applications, matching = words("desk"), words("applications"), words("rounds")

    assert "2 free seats, 2 mentees wait" in desk
    assert "Free seats 2 for 2 mentees who wait" in applications
    assert "Mentees without a mentor 2" in matching and "2 free seats" in matching
    also = "1 mentee has a proposal, which holds a seat 2 people are taking a break and do not count"
    assert [also in page for page in (desk, applications)] == [True, True]
