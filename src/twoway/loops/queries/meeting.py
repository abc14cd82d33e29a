"""The meetings of a loop, for those who take part in it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, prefetch_related_objects

from twoway.loops.models import Loop, Meeting, MeetingAnswer, MeetingSeries, OfferedTime, Participation
from twoway.loops.queries.card import Card, card_with, is_contradicted, is_held
from twoway.loops.queries.loop import Standing, loops_of
from twoway.people.models import Person

BOOKED, OFFERED = Meeting.State.BOOKED, Meeting.State.OFFERED
LONGEST = timedelta(minutes=480)
ASKED_FOR = timedelta(days=30)  # how long a page asks whether a meeting took place


def meeting_in(standing: Standing, public_id: str) -> Meeting | None:
    """One meeting of a loop, with the times offered and what was answered."""
    return _whole(Meeting.objects.filter(loop=standing.loop, public_id=public_id)).first()


def coming_in(loop: Loop, now: datetime) -> list[Meeting]:
    """Booked meetings that are not over, the next first."""
    return [meeting for meeting in _whole(_lately_or_ahead(loop, now)) if meeting.ends_at > now]


@dataclass(frozen=True)
class Meetings:
    """All meetings of a loop and who said of which whether it took place: for its page, with few questions."""

    now: datetime
    booked: list[Meeting]  # by their beginning
    offers: list[Meeting]  # that wait for somebody to pick a time that is still to come, the newest first
    said: dict[int, dict[int, bool | None]]  # by meeting and person

    @property
    def next(self) -> Meeting | None:
        """The next meeting, or the one that is on."""
        return next((one for one in self.booked if one.ends_at > self.now), None)

    @property
    def last(self) -> Meeting | None:
        """The last meeting that is over."""
        return next((one for one in reversed(self.booked) if one.ends_at <= self.now), None)

    def waits_for(self, person: int) -> bool:
        """Whether this person has not said yet if the last meeting took place, and is still asked."""
        last = self.last
        return last is not None and last.ends_at >= self.now - ASKED_FOR and person not in self.about(last)

    def is_contradicted(self, meeting: Meeting) -> bool:
        return is_contradicted(self.about(meeting).values())

    def about(self, meeting: Meeting) -> dict[int, bool | None]:
        return self.said.get(meeting.pk, {})

    def card_of(self, loop: Loop) -> Card:
        begun = [(one.starts_at, is_held(self.about(one).values())) for one in self.booked if one.starts_at]
        held = [at for at, was_held in begun if at <= self.now and was_held]
        return card_with(loop, held, next((at for at, _ in begun if at > self.now), None), self.now)


def all_in(loop: Loop, now: datetime) -> Meetings:
    """The meetings of a loop, and with the next one and the offers what a page shows of them."""
    rows = list(Meeting.objects.filter(loop=loop, state__in=(BOOKED, OFFERED)).order_by("starts_at", "pk"))
    said: dict[int, dict[int, bool | None]] = defaultdict(dict)
    for meeting, person, happened in _answers_in(loop) if rows else ():
        said[meeting][person] = happened
    offered = sorted((one for one in rows if one.state == OFFERED), key=lambda one: -one.pk)
    prefetch_related_objects(offered, "offered_times")
    found = Meetings(
        now=now, said=said, booked=[one for one in rows if one.state == BOOKED],
        offers=[one for one in offered if has_time_ahead(one, now)],
    )  # fmt: skip
    ahead = [one for one in (found.next, *found.offers) if one is not None]
    prefetch_related_objects([one for one in ahead if one.series_id], "series")
    return found


def _answers_in(loop: Loop) -> QuerySet[MeetingAnswer, tuple[int, int, bool | None]]:
    return MeetingAnswer.objects.filter(meeting__loop=loop).values_list("meeting", "person", "happened")


def next_in(loop: Loop, now: datetime) -> Meeting | None:
    """The next meeting of a loop, or the one that is on."""
    return next((meeting for meeting in _lately_or_ahead(loop, now) if meeting.ends_at > now), None)


def has_time_ahead(meeting: Meeting, now: datetime) -> bool:
    """Whether one of the times offered can still be picked."""
    return any(time.starts_at > now for time in meeting.offered_times.all())


def offers_in(loop: Loop) -> list[Meeting]:
    """Meetings that wait for somebody to pick a time, or waited until all of them were over."""
    return list(_whole(Meeting.objects.filter(loop=loop, state=Meeting.State.OFFERED)).order_by("-pk"))


def past_in(loop: Loop, now: datetime) -> QuerySet[Meeting]:
    """Meetings that have begun or are over, the newest first."""
    rows = Meeting.objects.filter(loop=loop, state=Meeting.State.BOOKED, starts_at__lte=now)
    return _whole(rows).order_by("-starts_at", "-pk")


def last_in(loop: Loop, now: datetime) -> Meeting | None:
    """The last meeting that is over."""
    rows = Meeting.objects.filter(loop=loop, state=Meeting.State.BOOKED, starts_at__lte=now)
    return next((meeting for meeting in rows.order_by("-starts_at", "-pk")[:5] if meeting.ends_at <= now), None)


def answers_to(meeting: Meeting) -> list[MeetingAnswer]:
    """What was said about a meeting, in the order of saying."""
    return sorted(meeting.answers.all(), key=lambda answer: answer.pk)


def answer_of(meeting: Meeting, person: Person) -> MeetingAnswer | None:
    """What somebody said about a meeting."""
    return MeetingAnswer.objects.filter(meeting=meeting, person=person).first()


def times_of(meeting: Meeting) -> list[OfferedTime]:
    """The times offered, the earliest first."""
    return sorted(meeting.offered_times.all(), key=lambda time: (time.starts_at, time.pk))


def meetings_of_series(series: MeetingSeries) -> list[Meeting]:
    """All meetings of a series, in the order of its rule."""
    return list(Meeting.objects.filter(series=series).order_by("slot_at", "pk"))


def same_talk(loop: Loop, starts_at: datetime) -> Meeting | None:
    """A booked meeting of a loop at exactly this moment."""
    return Meeting.objects.filter(loop=loop, state=Meeting.State.BOOKED, starts_at=starts_at).first()


def meeting_during(loop: Loop, starts_at: datetime, minutes: int, but: Sequence[Meeting] = ()) -> Meeting | None:
    """A booked meeting of a loop, other than some, that falls into a stretch of time."""
    end, others = starts_at + timedelta(minutes=minutes), {one.pk for one in but}
    rows = Meeting.objects.filter(
        loop=loop, state=BOOKED, already_met=False, starts_at__gt=starts_at - LONGEST, starts_at__lt=end
    )
    found = (one for one in rows.order_by("starts_at", "pk") if one.pk not in others)
    return next((one for one in found if one.ends_at > starts_at), None)


def begun_on(loop: Loop, midnight: datetime, now: datetime) -> Meeting | None:
    """The last meeting that began on a day and is over, by a plan or noted afterwards."""
    rows = Meeting.objects.filter(loop=loop, state=Meeting.State.BOOKED, starts_at__gte=midnight, starts_at__lte=now)
    found = rows.filter(starts_at__lt=midnight + timedelta(days=1)).order_by("-starts_at", "-pk")
    return next((one for one in found if one.ends_at <= now or one.already_met), None)


def hold(meeting: Meeting) -> None:
    """Wait for whoever else is changing a meeting. Call it inside a transaction."""
    list(Meeting.objects.select_for_update().filter(pk=meeting.pk).values_list("pk"))


def meetings_of(person: Person, now: datetime) -> list[Meeting]:
    """Booked meetings that are not over, in all of somebody's loops, the next first."""
    rows = Meeting.objects.filter(
        loop__in=loops_of(person).values("pk"), state=Meeting.State.BOOKED, starts_at__gt=now - LONGEST
    )
    found = _whole(rows).select_related("loop", "series", "by").order_by("starts_at", "pk")
    return [meeting for meeting in found if meeting.ends_at > now]


def offers_to(person: Person, now: datetime) -> list[Meeting]:
    """Times offered to somebody, in all of their loops, of which one is still to come."""
    rows = Meeting.objects.filter(loop__in=loops_of(person).values("pk"), state=Meeting.State.OFFERED)
    found = _whole(rows.exclude(by=person)).select_related("loop", "series", "by").order_by("made_at", "pk")
    return [one for one in found if has_time_ahead(one, now)]


def unanswered_by(person: Person, now: datetime) -> list[Meeting]:
    """The last meeting of each of somebody's loops, where they have not said whether it took place."""
    newer = Meeting.objects.filter(
        loop=OuterRef("loop"), state=Meeting.State.BOOKED, starts_at__gt=OuterRef("starts_at"), starts_at__lte=now
    )
    rows = Meeting.objects.filter(
        ~Exists(newer), ~Exists(MeetingAnswer.objects.filter(meeting=OuterRef("pk"), person=person)),
        loop__in=loops_of(person).values("pk"), state=Meeting.State.BOOKED,
        starts_at__lte=now, starts_at__gt=now - ASKED_FOR,
    )  # fmt: skip
    found = rows.select_related("loop").order_by("-starts_at")
    return [meeting for meeting in found if meeting.ends_at <= now]


# --- for the clock ----------------------------------------------------------------------------------


def booked_between(start: datetime, end: datetime) -> QuerySet[Meeting]:
    """Booked meetings that begin in a stretch of time, in any loop. For tasks alone."""
    rows = Meeting.objects.filter(state=Meeting.State.BOOKED, starts_at__gt=start, starts_at__lte=end)
    return rows.select_related("loop", "series").order_by("starts_at", "pk")


def silent_about(meetings: QuerySet[Meeting]) -> list[tuple[Meeting, Participation]]:
    """Each of some meetings with each of its people who has not said whether it took place. For tasks alone."""
    found, keys = list(meetings), meetings.order_by()
    people: dict[int, list[Participation]] = defaultdict(list)
    for one in (
        Participation.objects.filter(loop__in=keys.values("loop"), ended_at=None)
        .order_by("pk")
        .select_related("person")
    ):
        people[one.loop_id].append(one)
    said = set(MeetingAnswer.objects.filter(meeting__in=keys.values("pk")).values_list("meeting", "person"))
    return [(one, side) for one in found for side in people[one.loop_id] if (one.pk, side.person_id) not in said]


def silent_in(meeting: Meeting) -> list[Participation]:
    """Those who have not said whether one meeting took place. For tasks alone."""
    return [one for _meeting, one in silent_about(Meeting.objects.filter(pk=meeting.pk))]


def _lately_or_ahead(loop: Loop, now: datetime) -> QuerySet[Meeting]:
    rows = Meeting.objects.filter(loop=loop, state=BOOKED, starts_at__gt=now - LONGEST)
    return rows.order_by("starts_at", "pk")


def _whole(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    return _answered(rows).select_related("series", "by").prefetch_related("offered_times")


def _answered(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    return rows.prefetch_related(Prefetch("answers", queryset=MeetingAnswer.objects.select_related("person")))
