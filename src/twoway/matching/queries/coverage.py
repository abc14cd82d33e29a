"""Are there enough mentors? Wanted, reached, and seats for those who wait, by the one definition rounds go by."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from twoway.loops.queries import open_loops_in
from twoway.loops.queries.desk import placed_mentees
from twoway.matching.models import Proposal
from twoway.matching.queries.people import held_seats
from twoway.people.models import Intake, Membership
from twoway.signup.models import Application
from twoway.signup.queries.application import can_be_mentored, can_mentor, is_here

Role = Membership.Role


@dataclass(frozen=True)
class Coverage:
    """How an intake stands against what it wants.

    A published proposal holds a seat, and its mentee does not wait; nor does anybody in a loop, or on a break.
    """

    mentors: int
    mentees: int
    wanted_mentors: int | None
    wanted_mentees: int | None
    seats: int  # free for this intake's mentees now
    waiting: int  # mentees with neither a mentor nor a proposal
    proposed: int  # mentees with a proposal that is not answered
    away: int  # members on a break
    silent: int  # mentors who have not said what they can help with: their seats cannot be taken yet

    @property
    def ratio(self) -> float | None:
        """Free seats for each waiting mentee; none when nobody waits."""
        return self.seats / self.waiting if self.waiting else None


def coverage(intake: Intake, now: datetime) -> Coverage:
    """Members of an intake by role; free seats and who waits are those a round would find now.

    Rounds ask `people_for`, which looks at everybody one by one; here the database counts. A test keeps both alike.
    """
    published = Proposal.objects.filter(intake__programme=intake.programme, state=Proposal.State.PUBLISHED)
    available, here = Q(membership__available=True), is_here(intake, now)
    mentor, mentee = ~Q(role=Role.MENTEE), ~Q(role=Role.MENTOR)
    looking = here & can_be_mentored() & ~Q(person__in=placed_mentees(intake.programme))
    found = _members(intake).aggregate(
        mentors=Count("pk", filter=mentor),
        mentees=Count("pk", filter=mentee),
        looking=Count("pk", filter=looking),
        proposed=Count("pk", filter=Q(pk__in=published.values("mentee")) & looking),
        away=Count("pk", filter=~available & ~(here & (can_be_mentored() | can_mentor()))),
        silent=Count("pk", filter=mentor & (available | (here & can_be_mentored())) & ~can_mentor()),
    )
    return Coverage(
        mentors=found["mentors"], mentees=found["mentees"],
        wanted_mentors=intake.programme.wanted_mentors, wanted_mentees=intake.programme.wanted_mentees,
        seats=_free_seats(intake, now), waiting=found["looking"] - found["proposed"],
        proposed=found["proposed"], away=found["away"], silent=found["silent"],
    )  # fmt: skip


def _members(intake: Intake) -> QuerySet[Application]:
    return Application.objects.filter(
        intake=intake, state=Application.State.JOINED, membership__ended_at=None, membership__isnull=False,
        person__isnull=False,
    )  # fmt: skip


def _free_seats(intake: Intake, now: datetime) -> int:
    """Free seats of the organisation, fewer where a mentor wants fewer here, less those that wait for an answer."""
    rows = list(
        _members(intake)
        .filter(
            is_here(intake, now) & can_mentor(),
            Q(person__seats__reserved_for=None) | Q(person__seats__reserved_for=F("membership")),
            person__seats__organisation=intake.programme.organisation_id, person__seats__leaving=False,
            person__seats__participation=None,
        )
        .values_list("person", "capacity_here")
        .annotate(n=Count("person__seats"))
    )  # fmt: skip
    held, loops = held_seats(intake), Counter[tuple[int, str]]()
    if any(most_here is not None for _person, most_here, _seats in rows):
        choosers = Application.objects.filter(intake=intake, capacity_here__isnull=False)
        loops = open_loops_in(intake.programme, among=choosers.values("person"))
    total = 0
    for person, most_here, seats in rows:
        here = seats if most_here is None else min(seats, max(0, most_here - loops[person, "mentor"]))
        total += max(0, here - held["person", person])
    return total
