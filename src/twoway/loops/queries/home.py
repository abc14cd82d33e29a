"""What somebody's first page asks of all their loops at once."""

from datetime import datetime

from django.db.models import Count

from twoway.loops.models import AgendaItem, Meeting
from twoway.loops.queries.agenda import OPEN
from twoway.loops.queries.loop import loops_of
from twoway.people.models import Person


def own_questions_by_loop(person: Person) -> dict[int, int]:
    """How many questions of their own somebody has on the list now, by loop."""
    rows = AgendaItem.objects.filter(loop__in=loops_of(person).values("pk"), owner=person, state__in=OPEN)
    return dict(rows.order_by().values_list("loop").annotate(n=Count("pk")))


def loops_with_my_offer(person: Person) -> set[int]:
    """Loops in which somebody's own offer of times waits for the other."""
    rows = Meeting.objects.filter(loop__in=loops_of(person).values("pk"), by=person, state=Meeting.State.OFFERED)
    return set(rows.values_list("loop", flat=True))


def loops_with_a_past(person: Person, now: datetime) -> set[int]:
    """Loops in which a meeting was booked that has begun: whatever comes is not the first."""
    rows = Meeting.objects.filter(
        loop__in=loops_of(person).values("pk"), state=Meeting.State.BOOKED, starts_at__lte=now
    )  # fmt: skip
    return set(rows.values_list("loop", flat=True))
