"""What a desk needs of a programme's loops: from their cards alone, and only where nobody is away."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from twoway.loops.models import Loop, Participation, Sponsorship
from twoway.loops.queries.card import Card, Contact
from twoway.loops.queries.loop import GOING_ON, SponsoredLoop, SponsoredLoops
from twoway.loops.steps import LABELS, Step
from twoway.people.models import Membership, Programme

STUCK_AFTER_DAYS = 21
STUCK_AFTER_RHYTHMS = 1.5
QUIET_AFTER_RHYTHMS = 2
_AT_LEAST = {Contact.THIS_WEEK: 0, Contact.THIS_MONTH: 8, Contact.LONGER: 31}  # days ago, as a card says it


@dataclass(frozen=True)
class LoopNeed:
    """A loop that may need a word: `key` names it steadily, `people` are its members' ids."""

    key: str
    loop: SponsoredLoop
    quiet: bool
    days: int  # since the last meeting, or the opening
    people: tuple[str, ...]


def loop_needs(programme: Programme, now: datetime) -> list[LoopNeed]:
    """Loops that are quiet or stuck, the longest first. One that has a meeting booked is neither; nor is one of
    somebody away."""
    rows = _open_and_here(programme)
    today, found = timezone.localtime(now).date(), []
    for row, seen in zip(rows, SponsoredLoops(rows, now), strict=True):
        days = (today - (seen.card.last_met_on or seen.card.since)).days
        quiet = is_quiet(seen.card, today)
        if seen.card.next_meeting_on is None and (quiet or is_stuck(seen.card, today)):
            found.append((row, seen, quiet, days))
    members = _members_in([row for row, _seen, _quiet, _days in found], programme)
    needs = [
        LoopNeed(row.public_id, seen, quiet, days, tuple(members.get(row.pk, []))) for row, seen, quiet, days in found
    ]
    return sorted(needs, key=lambda need: -need.days)


def _members_in(loops: list[Loop], programme: Programme) -> dict[int, list[str]]:
    """The ids of those in each loop who are members of the programme."""
    inside = Participation.objects.filter(loop__in=loops, ended_at=None, person__memberships__programme=programme)
    members: dict[int, list[str]] = {}
    for loop, member in inside.order_by("pk").values_list("loop", "person__memberships__public_id"):
        members.setdefault(loop, []).append(member)
    return members


def is_stuck(card: Card, today: date) -> bool:
    """No meeting for the longer of 21 days and one and a half rhythms, since they last met or were opened."""
    longest = max(STUCK_AFTER_DAYS, STUCK_AFTER_RHYTHMS * card.rhythm_days)
    return (today - (card.last_met_on or card.since)).days > longest


def is_quiet(card: Card, today: date) -> bool:
    """No sign of contact for two rhythms, as far as a card can tell: it says no more than week, month or longer."""
    longest = QUIET_AFTER_RHYTHMS * card.rhythm_days
    since_met = (today - (card.last_met_on or card.since)).days
    if card.last_contact is Contact.NONE_YET:
        return since_met > longest
    at_least = _AT_LEAST[card.last_contact]
    return at_least > longest or (card.last_contact is Contact.LONGER and since_met > longest)


def _open_and_here(programme: Programme) -> QuerySet[Loop]:
    away = Membership.objects.filter(programme=programme, available=False, ended_at=None)
    theirs = Participation.objects.filter(person__in=away.order_by().values("person"), ended_at=None)
    return _sponsored(programme).filter(state=Loop.State.OPEN).exclude(pk__in=theirs.values("loop"))


def _sponsored(programme: Programme) -> QuerySet[Loop]:
    sponsored = Sponsorship.objects.filter(loop=OuterRef("pk"), intake__programme=programme, ended_at=None)
    return Loop.objects.filter(Exists(sponsored)).order_by("-opened_at", "-pk")


def placed_mentees(programme: Programme) -> set[int]:
    """The people who have a mentor through this programme now."""
    rows = Participation.objects.filter(
        loop__in=_sponsored(programme).filter(state__in=GOING_ON).order_by().values("pk"),
        role=Participation.Role.MENTEE, ended_at=None,
    )  # fmt: skip
    return set(rows.values_list("person", flat=True))


@dataclass(frozen=True)
class StepCount:
    """How many of a programme's loops have taken a step."""

    step: Step
    loops: int
    of: int

    @property
    def label(self) -> str:
        return str(LABELS[self.step])


def loops_by_step(programme: Programme, now: datetime) -> list[StepCount]:
    """Of the loops going on, how many have taken each step that can be seen on a card."""
    rows = _sponsored(programme).filter(state__in=GOING_ON)
    taken = Counter(step.step for loop in SponsoredLoops(rows, now) for step in loop.card.steps if step.on)
    return [StepCount(step, taken[step], len(rows)) for step in (Step.MATCHED, Step.MET, Step.REGULAR)]
