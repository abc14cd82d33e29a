"""Free seats and those who wait: one definition, the same numbers on every page."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests import factories
from tests.factories import NOW
from tests.matching.crowd import gather
from tests.matching.field import FieldOfPeople
from twoway.loops.actions.loop import open_loop
from twoway.matching.actions.draft import Fit, draft_by_hand, publish_drafts
from twoway.matching.queries.coverage import Coverage, coverage
from twoway.matching.queries.people import people_for
from twoway.people.models import Intake, Membership, Person, Programme
from twoway.people.tenancy import organisation_scope
from twoway.signup.models import Application
from twoway.signup.queries import matchable_applications

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

    assert "2 free seats, 2 people wait" in desk
    assert "Free seats 2 for 2 people who wait" in applications
    assert "Mentees not matched yet 2" in matching and "2 free seats" in matching
    also = "1 person has a proposal, which holds a seat 2 people are taking a break and do not count"
    assert [also in page for page in (desk, applications)] == [True, True]


def one_by_one(intake: Intake) -> Coverage:
    """The same from everybody a round would look at, one after the other."""
    joined = Application.objects.filter(
        intake=intake, state="joined", membership__isnull=False, membership__ended_at=None, person__isnull=False
    )
    members = list(joined.select_related("membership"))
    matchable = {row.pk: row for row in matchable_applications(intake, with_expected=False, now=NOW)}
    people = people_for(intake, with_expected=False, now=NOW)
    mentors = [one for one in members if one.role != "mentee"]
    here = {one.pk for one in members if one.membership.available or one.pk in matchable}
    helping = {pk for pk, row in matchable.items() if row.can_mentor}
    return Coverage(
        mentors=len(mentors), mentees=sum(one.role != "mentor" for one in members),
        wanted_mentors=intake.programme.wanted_mentors, wanted_mentees=intake.programme.wanted_mentees,
        seats=people.seats, waiting=len(people.mentees), proposed=people.without["proposed"],
        away=sum(one.pk not in here for one in members),
        silent=sum(one.pk in here and one.pk not in helping for one in mentors),
    )  # fmt: skip


@pytest.mark.row("F-05", "F-06")
@pytest.mark.parametrize("seed", range(12))
def test_what_the_database_counts_is_what_a_round_finds_one_by_one(ground: FieldOfPeople, seed: int) -> None:
    gather(ground, seed)

    with organisation_scope(ground.organisation):
        found, expected = coverage(ground.intake, NOW), one_by_one(ground.intake)

    assert found == expected
