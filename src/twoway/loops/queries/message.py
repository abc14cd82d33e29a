"""What has been said in a loop, for those who take part in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, prefetch_related_objects
from django.db.models.functions import Coalesce

from twoway.loops.models import Loop, Message, Participation
from twoway.loops.queries.loop import Standing
from twoway.people.models import Person

AT_ONCE = 30  # messages on one page of the conversation


@dataclass(frozen=True)
class Stretch:
    """Some messages in a row, the oldest first."""

    messages: list[Message]
    has_earlier: bool

    @property
    def newest(self) -> str:
        return self.messages[-1].public_id if self.messages else ""

    @property
    def oldest(self) -> str:
        return self.messages[0].public_id if self.messages else ""


def stretch_of(standing: Standing, *, before: str = "", most: int = AT_ONCE) -> Stretch:
    """The newest messages of a loop, or the newest of those before one."""
    rows = _in(standing.loop)
    if before:
        rows = rows.filter(pk__lt=_place_of(before, Value(standing.loop.pk)))
    found = list(rows.order_by("-pk")[: most + 1])
    return Stretch(messages=_known(standing, found[:most][::-1]), has_earlier=len(found) > most)


def news_for(person: Person, loop: str, *, after: str, since: datetime) -> bool | None:
    """Whether anything in a loop is newer than a message or changed since a moment; None to who has no part in it.

    Pages ask it every few seconds, so it is one question, and written out: to put it together takes Django ten times
    as long as the database needs to answer it.
    """
    asked = {"after": after, "since": connection.ops.adapt_datetimefield_value(since), "loop": loop, "me": person.pk}
    with connection.cursor() as cursor:
        cursor.execute(_NEWS, asked)
        row = cursor.fetchone()
    return None if row is None else bool(row[0])


# Each from an index of its own: a conversation may be long.
_NEWS = """
    SELECT EXISTS (SELECT 1 FROM loops_message WHERE loop_id = mine.loop_id AND id > COALESCE(
               (SELECT id FROM loops_message WHERE loop_id = mine.loop_id AND public_id = %(after)s), 0))
        OR EXISTS (SELECT 1 FROM loops_message WHERE loop_id = mine.loop_id AND edited_at > %(since)s)
        OR EXISTS (SELECT 1 FROM loops_message WHERE loop_id = mine.loop_id AND withdrawn_at > %(since)s)
    FROM loops_participation AS mine JOIN loops_loop ON loops_loop.id = mine.loop_id
    WHERE loops_loop.public_id = %(loop)s AND mine.person_id = %(me)s AND mine.ended_at IS NULL
"""


def newer_than(standing: Standing, after: str) -> list[Message]:
    """What was said after a message, oldest first; all of a page's length for an empty conversation."""
    rows = _in(standing.loop).filter(pk__gt=_place_of(after, Value(standing.loop.pk)))
    return _known(standing, list(rows.order_by("-pk")[:AT_ONCE])[::-1])


def changed_since(standing: Standing, after: str, since: datetime) -> list[Message]:
    """Messages up to one that were edited or withdrawn since a moment."""
    rows = _in(standing.loop).filter(pk__lte=_place_of(after, Value(standing.loop.pk)))
    return _known(
        standing, list(rows.filter(Q(edited_at__gt=since) | Q(withdrawn_at__gt=since)).order_by("pk")[:AT_ONCE])
    )


def said_lately(person: Person, now: datetime) -> int:
    """How many messages somebody has sent within a minute, in all of their loops."""
    return Message.objects.filter(by=person, at__gt=now - timedelta(minutes=1)).count()


def message_in(standing: Standing, public_id: str) -> Message | None:
    """One message of a loop."""
    return _in(standing.loop).select_related("by", "quotes").filter(public_id=public_id).first()


def message_sent_with(person: Person, form_key: str) -> Message | None:
    """The message that one form has already sent."""
    return Message.objects.filter(by=person, form_key=form_key).first()


def unread_counts(person: Person) -> dict[str, int]:
    """How many messages wait to be read, by loop; loops with none are left out."""
    unread = Message.objects.filter(
        loop__participations__person=person, loop__participations__ended_at=None, withdrawn_at=None,
        pk__gt=F("loop__participations__read_up_to"),
    ).exclude(by=person)  # fmt: skip
    return dict(unread.order_by().values_list("loop__public_id").annotate(n=Count("pk")))


def newest_in(loop: Loop) -> int:
    """The place of the newest message."""
    return Message.objects.filter(loop=loop).order_by("-pk").values_list("pk", flat=True).first() or 0


def waiting_to_be_told(until: datetime, since: datetime) -> QuerySet[Participation]:
    """Those with messages that were left unread until a moment, and no letter about them yet."""
    unread = Message.objects.filter(loop=OuterRef("loop"), at__lte=until, withdrawn_at=None)
    unread = unread.filter(pk__gt=OuterRef("read_up_to")).exclude(by=OuterRef("person"))
    return (
        Participation.objects.filter(ended_at=None, told_up_to__lte=F("read_up_to"), loop__last_contact_at__gte=since)
        .filter(Exists(unread))
        .select_related("loop", "person")
        .order_by("pk")
    )


def _in(loop: Loop) -> QuerySet[Message]:
    return Message.objects.filter(loop=loop)


def _known(standing: Standing, messages: list[Message]) -> list[Message]:
    """Messages with who wrote them and what they quote. Who takes part is known already, and most quotes are near."""
    people = {one.person_id: one.person for one in standing.everybody}
    near = {one.pk: one for one in messages}
    for one in messages:
        if one.by_id in people:
            one.by = people[one.by_id]
        if one.quotes_id in near:
            one.quotes = near[one.quotes_id]
    prefetch_related_objects(messages, "by")
    prefetch_related_objects([one for one in messages if one.quotes_id], "quotes")
    return messages


def _place_of(public_id: str, loop: Value | OuterRef) -> Coalesce:
    return Coalesce(Subquery(Message.objects.filter(public_id=public_id, loop=loop).values("pk")[:1]), 0)
