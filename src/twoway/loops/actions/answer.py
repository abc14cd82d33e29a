"""Did it happen? One line each."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from twoway.history.actions import record
from twoway.loops.actions.message import note_contact
from twoway.loops.models import Meeting, MeetingAnswer, Participation
from twoway.loops.queries.loop import ids_in, participations_in, sponsor_of
from twoway.loops.queries.meeting import answer_of
from twoway.people.models import Person
from twoway.people.telling import tell


@transaction.atomic
def answer_meeting(
    *,
    meeting: Meeting,
    happened: bool | None,
    take_away: str,
    take_away_shared: bool,
    next_step: str,
    heard: bool,
    by: Person,
    now: datetime,
) -> MeetingAnswer:
    """Say whether a meeting took place, and leave a line or two. It can be changed; nothing in it is required."""
    answer = answer_of(meeting, by) or MeetingAnswer(meeting=meeting, person=by)
    answer.happened, answer.take_away, answer.take_away_shared = happened, take_away, take_away_shared
    answer.next_step, answer.heard, answer.at = next_step, heard, now
    answer.save()
    if happened:
        note_contact(meeting.loop, now)
    record(
        "meeting.answered", by=by, about=f"meeting {meeting.public_id}", now=now,
        concerns=ids_in(meeting.loop),
    )  # fmt: skip
    return answer


def asked_by(meeting: Meeting, participation: Participation) -> str:
    """The name of the one letter that asks somebody about a meeting."""
    return f"did-it-happen {meeting.public_id} {participation.person.public_id}"


@transaction.atomic
def ask_did_it_happen(*, meeting: Meeting, participation: Participation, now: datetime) -> None:
    """One letter on the morning after, to somebody who has not said yet."""
    others = [one.name for one in participations_in(meeting.loop) if one.pk != participation.pk]
    tell(
        participation.person, "loops.did_it_happen", key=asked_by(meeting, participation),
        url=reverse("loops:meeting-answer", args=[meeting.loop.public_id, meeting.public_id]),
        facts={"other": ", ".join(others)}, programme=sponsor_of(meeting.loop), now=now,
    )  # fmt: skip
