"""The mentee's questions. Drafts are found for their owner alone."""

from datetime import datetime

from django.db.models import Max, Q, QuerySet

from twoway.loops.models import AgendaItem, Loop
from twoway.loops.queries.loop import Standing
from twoway.people.models import Person

State = AgendaItem.State
SHOWN_TO_BOTH = (State.SHARED, State.DONE, State.SUGGESTED)
OPEN = (State.DRAFT, State.SHARED)


def items_for(standing: Standing) -> QuerySet[AgendaItem]:
    """All items of a loop that this participant may see."""
    seen = Q(owner=standing.me.person_id) | Q(state__in=SHOWN_TO_BOTH)
    return AgendaItem.objects.filter(seen, loop=standing.loop)


def agenda_of(standing: Standing) -> list[AgendaItem]:
    """What is on the list now, in its owner's order, with the meeting each was first meant for: her drafts only to
    herself."""
    return list(_open_to(standing).select_related("first_meeting"))


def on_the_list(standing: Standing) -> list[AgendaItem]:
    """What `agenda_of` says, where the words alone are shown."""
    return list(_open_to(standing))


def suggestions_in(standing: Standing) -> list[AgendaItem]:
    """What the mentor suggested and the mentee has neither taken nor left."""
    return list(items_for(standing).filter(state=State.SUGGESTED).order_by("pk"))


def talked_about_in(standing: Standing, most: int = 20) -> list[AgendaItem]:
    """What was talked about, the newest first."""
    rows = items_for(standing).filter(state=State.DONE).select_related("meeting")
    return list(rows.order_by("-meeting__starts_at", "-pk")[:most])


def item_in(standing: Standing, public_id: str) -> AgendaItem | None:
    """One item of a loop that this participant may see."""
    return items_for(standing).select_related("first_meeting", "owner").filter(public_id=public_id).first()


def same_item(loop: Loop, owner: Person, text: str, states: tuple[str, ...]) -> AgendaItem | None:
    """An open item with the same words: the same form sent twice is one item."""
    return AgendaItem.objects.filter(loop=loop, owner=owner, text=text, state__in=states).first()


def drafts_in(loop: Loop) -> list[AgendaItem]:
    """All drafts of a loop. For the action that shares them."""
    return list(AgendaItem.objects.filter(loop=loop, state=State.DRAFT).select_related("owner").order_by("place", "pk"))


def without_a_meeting(loop: Loop) -> list[AgendaItem]:
    """Open items that no meeting was meant for yet, or one that was cancelled."""
    none_yet = Q(first_meeting=None) | Q(first_meeting__state="cancelled")
    return list(AgendaItem.objects.filter(none_yet, loop=loop, state__in=OPEN))


def neighbour_of(item: AgendaItem, *, up: bool) -> AgendaItem | None:
    """The open item just above or below."""
    rows = AgendaItem.objects.filter(loop=item.loop_id, owner=item.owner_id, state__in=OPEN)
    here = Q(place=item.place)
    if up:
        return rows.filter(Q(place__lt=item.place) | here & Q(pk__lt=item.pk)).order_by("-place", "-pk").first()
    return rows.filter(Q(place__gt=item.place) | here & Q(pk__gt=item.pk)).order_by("place", "pk").first()


def last_place(loop: Loop) -> int:
    return AgendaItem.objects.filter(loop=loop).aggregate(last=Max("place"))["last"] or 0


def carried_over_from(item: AgendaItem, now: datetime) -> datetime | None:
    """When the meeting was that an open item was first meant for, if it is over."""
    first = item.first_meeting
    if item.state not in OPEN or first is None or first.state != "booked" or first.ends_at > now:
        return None
    return first.starts_at


def _open_to(standing: Standing) -> QuerySet[AgendaItem]:
    return items_for(standing).filter(state__in=OPEN).order_by("place", "pk")
