"""The loops of a measurement: two people each, their meetings, questions and messages over most of a year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bench.population import Ground, keep, public_id
from bench.size import Size
from twoway.loops.models import AgendaItem, Loop, Meeting, MeetingAnswer, Message, Participation, Sponsorship
from twoway.loops.queries.loop import pair_of
from twoway.matching.models import Proposal, ProposalAnswer
from twoway.operate.demo import words
from twoway.people.models import Seat
from twoway.signup.models import Application

RHYTHM = timedelta(days=21)
FELL_QUIET, HAS_A_NEXT_MEETING, NOT_READ_YET, BOTH_ANSWERED = 0.06, 0.5, 0.15, 0.9
LONGEST = 100  # the longest conversation holds one message in so many


@dataclass
class Pair:
    """A loop with its two and what was written last."""

    loop: Loop
    mentee: Application
    mentor: Application
    until: datetime  # when the last thing happened
    newest: Message | None = None


def live(ground: Ground, size: Size) -> list[dict[str, Any]]:
    """All loops with all that is in them; the one with the longest conversation first."""
    pairs = open_loops(ground, size)
    write(ground, pairs, size.messages)
    take_part(ground, pairs)
    agree(ground, pairs)
    meet(ground, pairs)
    return [
        {"loop": one.loop.public_id, "newest": one.newest.public_id if one.newest else "", "mentee": one.mentee.person}
        for one in pairs
    ]


def open_loops(ground: Ground, size: Size) -> list[Pair]:
    """Each mentee with a mentor who was full before the next was asked."""
    now, draw, pairs = ground.now, ground.draw, []
    for place, mentee in enumerate(ground.mentees[: size.loops]):
        mentor = ground.mentors[place % size.full]
        opened = now - timedelta(minutes=draw.randint(14 * 1440, 240 * 1440)) if place else now - timedelta(days=240)
        quiet = place and draw.random() < FELL_QUIET
        until = max(opened + timedelta(days=3), now - timedelta(days=60)) if quiet else now - timedelta(minutes=20)
        loop = Loop(
            pair=pair_of(mentee.person, mentor.person), rhythm_days=RHYTHM.days, opened_at=opened, state_since=opened,
            last_contact_at=until,
        )  # fmt: skip
        pairs.append(Pair(loop, mentee, mentor, until))
    keep(one.loop for one in pairs)
    keep(Sponsorship(loop=one.loop, intake=ground.stage.intake, began_at=one.loop.opened_at) for one in pairs)
    return pairs


def write(ground: Ground, pairs: list[Pair], number: int) -> None:
    """Messages, many in a few loops and few in many, put down in the order of time as they would have been."""
    draw = ground.draw
    said = [message.text for loop in words.loops() for message in loop.messages]
    longest = number // LONGEST
    weights = [draw.lognormvariate(0, 1) for _pair in pairs[1:]]
    shares = [longest, *(int((number - longest) * weight / sum(weights)) for weight in weights)]
    for place in range(number - sum(shares)):
        shares[1 + place % (len(shares) - 1)] += 1
    moments = [
        (one.loop.opened_at + (one.until - one.loop.opened_at) * draw.random(), place)
        for place, (one, share) in enumerate(zip(pairs, shares, strict=True))
        for _message in range(share)
    ]

    def messages() -> Iterator[Message]:
        for at, place in sorted(moments):
            one = pairs[place]
            by = one.mentee.person if draw.random() < 0.5 else one.mentor.person
            one.newest = Message(public_id=public_id(draw), loop=one.loop, by=by, body=draw.choice(said), at=at)
            yield one.newest

    keep(messages())


def take_part(ground: Ground, pairs: list[Pair]) -> None:
    """Both sides of each loop, the mentor on a seat; some have not read the last message, and know of it."""
    organisation = ground.stage.programme.organisation
    seats = [Seat(person=one.mentor.person, organisation=organisation) for one in pairs]
    keep(seats)
    rows = []
    for one, seat in zip(pairs, seats, strict=True):
        newest = one.newest.pk if one.newest else 0
        for entry, role in ((one.mentee, "mentee"), (one.mentor, "mentor")):
            behind = ground.draw.random() < NOT_READ_YET and one.newest is not None
            rows.append(
                Participation(
                    loop=one.loop, person=entry.person, name=entry.name, role=role, joined_at=one.loop.opened_at,
                    seat=seat if role == "mentor" else None, read_up_to=newest - 1 if behind else newest,
                    told_up_to=newest,
                )
            )  # fmt: skip
    keep(rows)


def agree(ground: Ground, pairs: list[Pair]) -> None:
    """The proposals that the loops came from."""
    rows = [
        Proposal(
            intake=ground.stage.intake, mentee=one.mentee, mentor=one.mentor, by=ground.coordinators[0], score=70,
            state=Proposal.State.OPENED, loop=one.loop, made_at=one.loop.opened_at, published_at=one.loop.opened_at,
            told_at=one.loop.opened_at, lapses_at=one.loop.opened_at + timedelta(days=10),
        )
        for one in pairs
    ]  # fmt: skip
    keep(rows)
    keep(
        ProposalAnswer(proposal=row, application=side, answer="yes", by=side.person, at=row.made_at)
        for row in rows
        for side in (row.mentee, row.mentor)
    )


def meet(ground: Ground, pairs: list[Pair]) -> None:
    """A meeting every three weeks, what was said about it, and what she brought."""
    now, draw = ground.now, ground.draw
    texts = [item.title for loop in words.loops() for meeting in loop.meetings for item in meeting.items]
    meetings: list[tuple[Pair, Meeting]] = []
    for one in pairs:
        at = one.loop.opened_at + timedelta(days=5)
        while at < min(one.until, now):
            meetings.append((one, meeting_at(one, at, draw)))
            at += RHYTHM + timedelta(days=draw.randint(-2, 2))
        if draw.random() < HAS_A_NEXT_MEETING and one.until > now - timedelta(days=1):
            meetings.append((one, meeting_at(one, now + timedelta(days=draw.randint(3, 14)), draw)))
    keep(meeting for _pair, meeting in meetings)
    past = [(one, meeting) for one, meeting in meetings if meeting.starts_at and meeting.starts_at < now]
    keep(
        MeetingAnswer(meeting=meeting, person=side.person, happened=True, next_step="", at=meeting.ends_at)
        for one, meeting in past
        for side in ((one.mentee, one.mentor) if draw.random() < BOTH_ANSWERED else (one.mentor,))
    )
    keep(
        AgendaItem(
            public_id=public_id(draw), loop=one.loop,
            meeting=meeting, first_meeting=meeting, owner=one.mentee.person, text=draw.choice(texts),
            state="done" if meeting.starts_at < now else draw.choice(["draft", "shared"]), place=place,
            made_at=meeting.made_at,
        )
        for one, meeting in meetings
        for place in range(2)
    )  # fmt: skip


def meeting_at(one: Pair, at: datetime, draw: Random) -> Meeting:
    return Meeting(
        public_id=public_id(draw), loop=one.loop,
        by=one.mentee.person, state=Meeting.State.BOOKED, starts_at=at, minutes=45, place="Room 4",
        made_at=min(at - timedelta(days=4), one.until),
    )  # fmt: skip
