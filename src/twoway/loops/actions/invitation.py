"""The letters about meetings, each with a calendar file of the receiver's own."""

from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from twoway.loops.calendar import CANCEL, REQUEST, Frame, Occasion, meeting_text, series_text
from twoway.loops.models import Meeting, MeetingSeries, Participation
from twoway.loops.queries.loop import participations_in, sponsor_of
from twoway.loops.queries.meeting import meetings_of_series
from twoway.outbox.queries import causes_with_calendar
from twoway.people.models import Person
from twoway.people.queries import address_of
from twoway.people.telling import tell


def send_invitations(*, meeting: Meeting, event: str, by: Person, now: datetime) -> None:
    """Tell both that a meeting is booked, moved or cancelled; call it inside that action.

    Whoever got it by letter before gets this by letter too, however they are told of other things now: their calendar
    holds it.
    """
    assert meeting.starts_at is not None
    everybody = participations_in(meeting.loop)
    version = meeting.series.sequence if meeting.series else meeting.sequence
    for one in everybody:
        text = calendar_for(meeting, one, now)
        tell(
            one.person, f"loops.{event}",
            key=f"{event} {meeting.public_id} {meeting.sequence}.{version} {one.person.public_id}",
            url=reverse("loops:meeting", args=[meeting.loop.public_id, meeting.public_id]),
            facts={
                "other": _others_than(one, everybody), "mine": one.person_id == by.pk, "minutes": meeting.minutes,
                "when": _in_words(meeting.starts_at, one.person), "series": meeting.series_id is not None,
            },
            programme=sponsor_of(meeting.loop), calendar=text,
            calendar_method=CANCEL if f"METHOD:{CANCEL}" in text else REQUEST,
            always_by_mail=one.person.telling != Person.Telling.AT_ONCE and _holds_it(meeting, one.person), now=now,
        )  # fmt: skip


def _holds_it(meeting: Meeting, person: Person) -> bool:
    """Whether a calendar file of this meeting, or of its series, has gone to somebody's letter box before."""
    its = {one.public_id for one in (meetings_of_series(meeting.series) if meeting.series else [meeting])}
    return any(cause.split(" ")[1] in its for cause in causes_with_calendar(person.pk))


def tell_of_times(*, meeting: Meeting, by: Person, now: datetime) -> None:
    """Tell whoever is to pick that times wait."""
    everybody = participations_in(meeting.loop)
    for one in everybody:
        if one.person_id != by.pk:
            tell(
                one.person, "loops.times_offered",
                key=f"times {meeting.public_id} {meeting.sequence} {one.person.public_id}",
                url=reverse("loops:meeting", args=[meeting.loop.public_id, meeting.public_id]),
                facts={
                    "other": _others_than(one, everybody),
                    "times": [_in_words(moment, one.person) for moment in _offered(meeting)],
                },
                programme=sponsor_of(meeting.loop), now=now,
            )  # fmt: skip


def calendar_for(meeting: Meeting, receiver: Participation, now: datetime) -> str:
    """The calendar file of a meeting, or of its whole series, for one participant."""
    assert meeting.starts_at is not None
    host = urlsplit(settings.ADDRESS).hostname or "localhost"
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    others = _others_than(receiver, participations_in(meeting.loop))
    with translation.override(receiver.person.language):
        frame = Frame(
            organiser_name=name or "Twoway", organiser_address=address, receiver_name=receiver.name,
            receiver_address=address_of(receiver.person), title=_title(others), made_at=now,
            url=settings.ADDRESS + reverse("loops:meeting", args=[meeting.loop.public_id, meeting.public_id]),
        )  # fmt: skip
    if meeting.series is None:
        uid = f"meeting-{meeting.public_id}@{host}"
        return meeting_text(_occasion(meeting), uid=uid, sequence=meeting.sequence, frame=frame)
    return _of_series(meeting.series, f"series-{meeting.series.public_id}@{host}", frame)


def _of_series(series: MeetingSeries, uid: str, frame: Frame) -> str:
    occasions = [_occasion(one) for one in meetings_of_series(series) if one.starts_at]
    return series_text(
        occasions, uid=uid, sequence=series.sequence, every_days=series.every_days, time_zone=series.time_zone,
        frame=frame,
    )  # fmt: skip


def _occasion(meeting: Meeting) -> Occasion:
    assert meeting.starts_at is not None
    cancelled = meeting.state == Meeting.State.CANCELLED
    return Occasion(meeting.starts_at, meeting.minutes, meeting.place, cancelled, meeting.slot_at)


def _title(others: str) -> str:
    """With whom, by the name the letters use, and nothing else; a calendar may be open to many."""
    return _("Meeting with %(other)s") % {"other": others} if others else _("Meeting")


def _offered(meeting: Meeting) -> list[datetime]:
    """The times as they stand now, the earliest first."""
    return list(meeting.offered_times.order_by("starts_at", "pk").values_list("starts_at", flat=True))


def _others_than(one: Participation, everybody: list[Participation]) -> str:
    return ", ".join(other.name for other in everybody if other.pk != one.pk)


def _in_words(moment: datetime, person: Person) -> str:
    """A moment in the receiver's language and zone, with the place whose clock it is."""
    zone = ZoneInfo(person.time_zone)
    with translation.override(person.language), timezone.override(zone):
        here = timezone.localtime(moment)
        place = person.time_zone.rsplit("/", 1)[-1].replace("_", " ")
        return f"{date_format(here, _('l j F Y, H:i'))} ({place})"
