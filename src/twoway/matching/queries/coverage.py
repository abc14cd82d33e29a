"""Are there enough mentors? Wanted, reached, and seats for those who wait, by the one definition rounds go by."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from twoway.matching.queries.people import people_for
from twoway.people.models import Intake
from twoway.signup.models import Application


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
    people = people_for(intake, with_expected=False, now=now)
    joined = Application.objects.filter(
        intake=intake, state=Application.State.JOINED, membership__ended_at=None, membership__isnull=False
    ).aggregate(
        mentors=Count("pk", filter=Q(role__in=["mentor", "either"])),
        mentees=Count("pk", filter=Q(role__in=["mentee", "either"])),
    )
    return Coverage(
        **joined, wanted_mentors=intake.programme.wanted_mentors, wanted_mentees=intake.programme.wanted_mentees,
        seats=people.seats, waiting=len(people.mentees), proposed=people.without["proposed"],
        away=people.without["away"], silent=people.without["says_nothing"],
    )  # fmt: skip
