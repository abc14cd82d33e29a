"""Are there enough mentors? Wanted, reached, and seats for those who wait, by the one definition rounds go by."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from twoway.loops.queries import open_loops_in
from twoway.matching.queries.people import people_for
from twoway.people.models import Intake, Seat
from twoway.signup.models import Application
from twoway.signup.queries import matchable_applications


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
    """Members of an intake by role; free seats and who waits are those a round would find now."""
    members = Application.objects.filter(
        intake=intake, state=Application.State.JOINED, membership__ended_at=None, person__isnull=False,
        membership__isnull=False,
    )  # fmt: skip
    rows = [_Member(*row) for row in members.values_list("pk", "person_id", "role", "membership__available")]
    matchable = matchable_applications(intake, with_expected=False, now=now)
    helping = set(matchable.filter(Q(can_mentor=True)).values_list("pk", flat=True))
    back = set(matchable.filter(membership__available=False).values_list("pk", flat=True))
    loops = open_loops_in(intake.programme)
    seats = Seat.objects.filter(organisation=intake.programme.organisation_id, leaving=False, participation=None)
    free = set(seats.values_list("person", flat=True))
    # Nobody else can wait or have a seat to give, so nobody else needs a closer look.
    only = {
        row.pk
        for row in rows
        if (row.is_mentee and not loops[row.person, "mentee"]) or (row.is_mentor and row.person in free)
    }
    people = people_for(intake, with_expected=False, now=now, only=only, loops=loops)
    return Coverage(
        mentors=sum(row.is_mentor for row in rows), mentees=sum(row.is_mentee for row in rows),
        wanted_mentors=intake.programme.wanted_mentors, wanted_mentees=intake.programme.wanted_mentees,
        seats=people.seats, waiting=len(people.mentees), proposed=people.without["proposed"],
        away=sum(not row.available and row.pk not in back for row in rows),
        silent=sum(row.is_mentor and (row.available or row.pk in back) and row.pk not in helping for row in rows),
    )  # fmt: skip


class _Member(NamedTuple):
    pk: int
    person: int
    role: str
    available: bool

    @property
    def is_mentor(self) -> bool:
        return self.role != "mentee"

    @property
    def is_mentee(self) -> bool:
        return self.role != "mentor"
