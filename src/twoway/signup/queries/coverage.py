"""Are there enough mentors? Wanted, reached, and seats for those who wait."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from twoway.people.models import Intake, Seat
from twoway.signup.models import Application


@dataclass(frozen=True)
class Coverage:
    """How an intake stands against what it wants; each number is a count of rows a coordinator may open."""

    mentors: int
    mentees: int
    wanted_mentors: int | None
    wanted_mentees: int | None
    seats: int  # offered by its mentors and still free
    waiting: int  # mentees who have no mentor yet

    @property
    def ratio(self) -> float | None:
        """Free seats for each waiting mentee; none when nobody waits."""
        return self.seats / self.waiting if self.waiting else None


def coverage(intake: Intake, placed: Collection[int] | QuerySet[Any, Any] = ()) -> Coverage:
    """Members of an intake by role, free seats and waiting mentees. Who is placed is known higher up: pass the
    ids of those people, or a question for them."""
    joined = Application.objects.filter(
        intake=intake, state=Application.State.JOINED, membership__ended_at=None, membership__isnull=False
    )
    mentors = joined.filter(role__in=["mentor", "either"])
    mentees = joined.filter(role__in=["mentee", "either"])
    return Coverage(
        mentors=mentors.count(),
        mentees=mentees.count(),
        wanted_mentors=intake.programme.wanted_mentors,
        wanted_mentees=intake.programme.wanted_mentees,
        seats=_free_seats(intake, mentors.filter(membership__available=True)),
        waiting=mentees.filter(membership__available=True).exclude(person__in=placed).count(),
    )


def _free_seats(intake: Intake, mentors: QuerySet[Application]) -> int:
    free = (
        Seat.objects.filter(
            Q(reserved_for=None) | Q(reserved_for=OuterRef("membership")),
            organisation=intake.programme.organisation,
            person=OuterRef("person"), leaving=False, participation=None,
        )
        .order_by()
        .values("person")
        .annotate(n=Count("pk"))
        .values("n")
    )  # fmt: skip
    rows = mentors.annotate(free=Coalesce(Subquery(free), 0)).values_list("free", "capacity_here")
    return sum(n if here is None else min(n, here) for n, here in rows)
