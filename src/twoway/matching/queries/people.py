"""Who can be matched, with how many seats; and who is left out, and why."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from twoway.loops.queries import open_loops_in
from twoway.matching.models import Proposal
from twoway.people.models import Intake, Membership, Seat
from twoway.signup.models import Answer, Application
from twoway.signup.queries import matchable_applications, only_suggested

State = Proposal.State

FEW = 5000
"""Row numbers that a database takes as parameters of one question."""


class Entry(NamedTuple):
    """As much of an application as matching weighs before anybody's answers are read."""

    pk: int
    public_id: str
    name: str
    state: str
    person_id: int | None
    membership_id: int | None
    capacity: int | None
    capacity_here: int | None
    can_mentor: bool
    can_be_mentored: bool


@dataclass(frozen=True)
class Offer:
    """A mentor who may take part: `seats` are free here now, of which `held` wait for a published proposal."""

    application: Entry
    seats: int
    held: int

    @property
    def free(self) -> int:
        return max(0, self.seats - self.held)


@dataclass
class Field:
    """Who takes part in a round, and how many do not, by reason."""

    mentees: list[Entry] = field(default_factory=list)
    mentors: list[Offer] = field(default_factory=list)
    without: Counter[str] = field(default_factory=Counter)
    expected: int = 0

    @property
    def seats(self) -> int:
        return sum(offer.free for offer in self.mentors)


def people_for(
    intake: Intake,
    *,
    with_expected: bool,
    now: datetime,
    left_out: Iterable[str] = (),
    full_too: bool = False,
    only: Collection[int] | None = None,
) -> Field:
    """Mentees without a mentor and mentors with a free seat, from everybody who can be matched.

    With `full_too`, mentors without a free seat are there as well, with none. With `only`, these applications alone
    are looked at, and of those left out only they are counted.
    """
    leave = frozenset(left_out)
    matchable = matchable_applications(intake, with_expected=with_expected, now=now)
    rows = _entries(matchable, only)
    loops = open_loops_in(intake.programme, _who_counts(rows, only))
    seats, held = _seats(intake, rows, loops, only), held_seats(intake)
    proposed = set(_published(intake).values_list("mentee_id", flat=True))
    found = Field(without=_not_matchable(intake, rows, with_expected) if only is None else Counter())
    for row in rows:
        found.expected += row.state == Application.State.EXPECTED
        if row.public_id in leave:
            found.without["left_out"] += 1
            continue
        if row.can_be_mentored:
            if row.person_id is not None and loops[row.person_id, "mentee"]:
                found.without["has_mentor"] += 1
            elif row.pk in proposed:
                found.without["proposed"] += 1
            else:
                found.mentees.append(row)
        if row.can_mentor:
            offer = Offer(row, seats[row.pk], held[_holder(row)])
            if offer.free or full_too:
                found.mentors.append(offer)
            if not offer.free:
                found.without["no_seat"] += 1
    return found


def _entries(matchable: QuerySet[Application], only: Collection[int] | None) -> list[Entry]:
    rows = matchable if only is None or len(only) > FEW else matchable.filter(pk__in=only)
    entries = map(Entry._make, rows.select_related(None).values_list(*Entry._fields))
    return [row for row in entries if only is None or row.pk in only]


def _who_counts(rows: list[Entry], only: Collection[int] | None) -> set[int] | None:
    """The people whose loops decide whether they may take part; None where these are not few."""
    if only is None or len(only) > FEW:
        return None
    asked = (row for row in rows if row.can_be_mentored or row.capacity_here is not None)
    return {row.person_id for row in asked if row.person_id is not None}


def _published(intake: Intake) -> QuerySet[Proposal]:
    return Proposal.objects.filter(intake__programme=intake.programme, state=State.PUBLISHED)


def _holder(row: Entry) -> tuple[str, int]:
    return ("person", row.person_id) if row.person_id else ("application", row.pk)


def held_seats(intake: Intake) -> Counter[tuple[str, int]]:
    """How many seats published proposals hold, for each mentor, in all programmes of the organisation."""
    rows = Proposal.objects.filter(
        state=State.PUBLISHED, intake__programme__organisation=intake.programme.organisation_id
    ).values_list("mentor__person_id", "mentor_id")
    return Counter(("person", person) if person else ("application", row) for person, row in rows)


def _seats(
    intake: Intake, rows: list[Entry], loops: Counter[tuple[int, str]], only: Collection[int] | None
) -> dict[int, int]:
    """Free seats of each who can mentor: rows of the organisation, fewer where they want fewer here; of somebody
    expected, what they said they can take."""
    here: Any = Application.objects.filter(intake=intake, person__isnull=False).values("person")
    if only is not None and len(only) <= FEW:
        here = {row.person_id for row in rows if row.can_mentor and row.person_id is not None}
    free = Counter[tuple[int, int | None]]()
    for person, kept_for, n in (
        Seat.objects.filter(
            organisation=intake.programme.organisation_id, person__in=here, leaving=False, participation=None
        )
        .values_list("person_id", "reserved_for_id")
        .annotate(n=Count("pk"))
        .order_by()
    ):
        free[person, kept_for] += n
    found = {}
    for row in rows:
        if row.person_id is None or row.membership_id is None:
            number = row.capacity or 0
            found[row.pk] = number if row.capacity_here is None else min(number, row.capacity_here)
            continue
        number = free[row.person_id, None] + free[row.person_id, row.membership_id]
        if row.capacity_here is not None:
            number = min(number, max(0, row.capacity_here - loops[row.person_id, "mentor"]))
        found[row.pk] = number
    return found


def _not_matchable(intake: Intake, rows: list[Entry], with_expected: bool) -> Counter[str]:
    """Those who belong to the intake and cannot be matched as they stand, by reason."""
    matchable = {row.pk for row in rows}
    mentors = {row.pk for row in rows if row.can_mentor}
    found = Counter[str]()
    mentoring = (Membership.Role.MENTOR, Membership.Role.EITHER)
    members = Application.objects.filter(
        Q(membership__available=False) | Q(role__in=mentoring),
        intake=intake,
        state=Application.State.JOINED,
        membership__ended_at=None,
        membership__isnull=False,
    ).values_list("pk", "role", "membership__available")
    for pk, role, available in members:
        if not available and pk not in matchable:
            found["away"] += 1
        elif role in mentoring and pk not in mentors:
            found["says_nothing"] += 1
    found["waiting"] = Application.objects.filter(intake=intake, state=Application.State.WAITING).count()
    found.update(_expected_outside(intake, matchable, mentors, with_expected))
    return +found


def _expected_outside(intake: Intake, matchable: set[int], mentors: set[int], asked_for: bool) -> Counter[str]:
    """Expected people who do not take part, by reason: that they have not joined is one only where a round does not
    take expected people along, or where nobody has written to them yet."""
    found = Counter[str]()
    helps = Answer.objects.filter(
        application=OuterRef("pk"), question__what_i_help_with=True, question__retired_at=None
    )
    expected = Application.objects.filter(intake=intake, state=Application.State.EXPECTED)
    if not asked_for:
        return Counter(expected=expected.count())
    rows = expected.annotate(helps=Exists(helps), suggested=only_suggested())
    for pk, role, says, suggested in rows.values_list("pk", "role", "helps", "suggested"):
        if suggested:
            found["expected"] += 1
        elif role in (Membership.Role.MENTOR, Membership.Role.EITHER) and pk not in mentors and not says:
            found["says_nothing"] += 1
        elif pk not in matchable:
            found["incomplete"] += 1
    return found
