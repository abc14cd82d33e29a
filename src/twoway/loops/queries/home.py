"""What somebody's first page asks of all their loops at once."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, prefetch_related_objects

from twoway.loops.models import AgendaItem, Meeting, MeetingAnswer
from twoway.loops.queries.agenda import OPEN
from twoway.loops.queries.meeting import ASKED_FOR, LONGEST, has_time_ahead
from twoway.people.models import Person

BOOKED, OFFERED = Meeting.State.BOOKED, Meeting.State.OFFERED


@dataclass
class Around:
    """The meetings around now, by loop: the next one, the first offer to her, the last one if she has not said
    whether it took place; and the loops in which her own offer waits, and in which a booked meeting has begun."""

    coming: dict[int, Meeting] = field(default_factory=dict)
    offers: dict[int, Meeting] = field(default_factory=dict)
    unanswered: dict[int, Meeting] = field(default_factory=dict)
    with_my_offer: set[int] = field(default_factory=set)
    with_a_past: set[int] = field(default_factory=set)


def meetings_around(person: Person, loops: Collection[int], now: datetime) -> Around:
    """What there is to know of the meetings of somebody's loops, from one look at those that are near."""
    near = Q(state=BOOKED, starts_at__gt=now - max(ASKED_FOR, LONGEST)) | Q(state=OFFERED)
    found, last = Around(), dict[int, Meeting]()
    rows = sorted(Meeting.objects.filter(near, loop__in=loops), key=_in_time)
    prefetch_related_objects([one for one in rows if one.state == OFFERED], "offered_times")
    for meeting in rows:
        if meeting.state == OFFERED and not has_time_ahead(meeting, now):
            continue  # nothing is left to pick: it waits for nobody
        if meeting.state == OFFERED and meeting.by_id == person.pk:
            found.with_my_offer.add(meeting.loop_id)
        elif meeting.state == OFFERED:
            found.offers.setdefault(meeting.loop_id, meeting)
        else:
            if meeting.ends_at > now:
                found.coming.setdefault(meeting.loop_id, meeting)
            if meeting.starts_at is not None and meeting.starts_at <= now:
                last[meeting.loop_id] = meeting
    found.unanswered = _not_answered(person, [one for one in last.values() if one.ends_at <= now])
    found.with_a_past = set(last) | _begun([loop for loop in loops if loop not in last], now)
    return found


def _in_time(meeting: Meeting) -> tuple[datetime, datetime, int]:
    return meeting.starts_at or meeting.made_at, meeting.made_at, meeting.pk


def _not_answered(person: Person, meetings: list[Meeting]) -> dict[int, Meeting]:
    if not meetings:
        return {}
    rows = MeetingAnswer.objects.filter(meeting__in=[one.pk for one in meetings], person=person)
    answered = set(rows.values_list("meeting", flat=True))
    return {one.loop_id: one for one in meetings if one.pk not in answered}


def _begun(loops: list[int], now: datetime) -> set[int]:
    """Of these, the loops in which a meeting was booked that has begun: whatever comes is not the first."""
    if not loops:
        return set()
    rows = Meeting.objects.filter(loop__in=loops, state=BOOKED, starts_at__lte=now)
    return set(rows.order_by().values_list("loop", flat=True).distinct())


class Listed(NamedTuple):
    """As much of a question as the first page shows; they sort in their owner's order."""

    place: int
    pk: int
    loop: int
    owner: int
    state: str
    text: str


def agendas_of(person: Person, loops: Collection[int]) -> dict[int, list[Listed]]:
    """What is on the list of each of somebody's loops now: as `agenda_of` says of one, drafts only to their owner."""
    seen = Q(owner=person) | Q(state=AgendaItem.State.SHARED)
    rows = AgendaItem.objects.filter(seen, loop__in=loops, state__in=OPEN).values_list(*Listed._fields)
    found: dict[int, list[Listed]] = {}
    for one in sorted(map(Listed._make, rows)):
        found.setdefault(one.loop, []).append(one)
    return found
