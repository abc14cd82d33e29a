"""A loop that the words tell of, lived through again: each act through its action, at its own moment."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from twoway.loops.actions.agenda import (
    add_agenda_item,
    edit_agenda_item,
    share_agenda,
    share_agenda_before,
    tick_agenda_item,
)
from twoway.loops.actions.answer import answer_meeting, ask_did_it_happen
from twoway.loops.actions.meeting import EVENING, book_meeting, propose_times, record_talk
from twoway.loops.actions.message import mark_read, send_message, tell_of_messages
from twoway.loops.models import AgendaItem, Loop, Meeting
from twoway.loops.queries.loop import standing_in
from twoway.loops.queries.meeting import silent_in
from twoway.loops.queries.message import newest_in, stretch_of
from twoway.loops.tasks import MORNING, UNREAD_FOR
from twoway.loops.zones import evening_before, moment_at, morning_after
from twoway.matching.models import Proposal
from twoway.operate.demo import words
from twoway.operate.demo.stages.agreement import acts_of
from twoway.operate.demo.stages.goals import GoalTold
from twoway.operate.demo.stages.pair import propose, say_yes
from twoway.operate.demo.words.records import working_day
from twoway.people.models import Intake, Membership, Person

Act = Callable[[datetime], None]
BY_NOW_READ = timedelta(days=3)
NEEDED_TO_BE_HEARD = "None today, I needed to be heard."
OFFERED = ((2, time(17)), (3, time(17)), (5, time(16, 30)))  # working days from today, on the mentee's clock


class Conversation:
    """What happens between two people, in the order of time, up to now."""

    proposal: Proposal
    loop: Loop

    def __init__(self, told: words.Loop, members: dict[str, Membership], *, intake: Intake, by: Person, now: datetime):
        self.told, self.intake, self.by, self.now = told, intake, by, now
        self.members = {"mentee": members[told.mentee.name], "mentor": members[told.mentor.name]}
        self.zones = {side: ZoneInfo(member.person.time_zone) for side, member in self.members.items()}
        self.today = min(now.astimezone(zone).date() for zone in self.zones.values())
        self.acts: list[tuple[datetime, Act]] = []
        self.items: dict[str, AgendaItem] = {}
        self.meetings: dict[int, Meeting] = {}

    def live(self) -> None:
        """All of it. Nothing is left over for the clock to say about the past."""
        self._plan()
        for at, act in sorted(self.acts, key=lambda pair: pair[0]):
            if at <= self.now:
                act(at)
        for side in self.members:
            self._read(side)

    def _plan(self) -> None:
        opened_at = self._at(self.told.opened, time(9, 12), "mentee")
        proposed_at = self._at(self.told.opened - 2, time(15, 6), "mentor")
        self.acts.append((proposed_at, self._propose))
        self.acts.append((proposed_at + timedelta(hours=4), self._agree))
        self.acts.append((opened_at, self._open))
        for message in self.told.messages:
            self.acts.append((self._at(message.day, message.at, message.by), partial(self._write, message)))
        ready = max([opened_at + timedelta(hours=26), *self._moments_of_first_messages()])
        for number, told in enumerate(self.told.meetings):
            starts_at = self._starts_at(told)
            self._plan_meeting(number, told, starts_at, ready)
            ready = starts_at + timedelta(minutes=told.minutes + 5)
        for goal in self.told.goals:
            lived = GoalTold(goal, loop=lambda: self.loop, person=self._person, at=self._at, today=self.today)
            self.acts += lived.acts()
        self.acts += acts_of(
            self.told.mentee.name, loop=lambda: self.loop, person=self._person, at=self._at, today=self.today
        )
        if not self.told.meetings:
            last = self._moments_of_messages()[-1] + timedelta(minutes=35)
            self.acts.append((last, self._offer_times))

    def _plan_meeting(self, number: int, told: words.Meeting, starts_at: datetime, ready: datetime) -> None:
        over = starts_at + timedelta(minutes=told.minutes)
        if told.minutes != self.told.minutes:  # they rang each other, and noted it afterwards
            self.acts.append((over + timedelta(minutes=10), partial(self._note, number, starts_at)))
        else:
            booked_at = max(ready, starts_at - timedelta(days=9))
            if booked_at > self.now - timedelta(hours=1):
                booked_at = max(ready, self._at(-1, time(10, 40), "mentee"))
            self.acts.append((booked_at, partial(self._book, number, told, starts_at)))
            self._plan_agenda(number, told, starts_at, booked_at)
        self.acts.append((over + timedelta(minutes=25), partial(self._answer, "mentee", number, told)))
        self.acts.append((over + timedelta(hours=3), partial(self._answer, "mentor", number, told)))
        for side in self.members:
            asked_at = morning_after(over, self.zones[side], MORNING)
            self.acts.append((asked_at, partial(self._ask, side, number)))

    def _plan_agenda(self, number: int, told: words.Meeting, starts_at: datetime, booked_at: datetime) -> None:
        wished = starts_at - timedelta(hours=40) if told.day < 0 else self._at(-2, time(17, 40), "mentee")
        written_at = max(booked_at + timedelta(minutes=10), wished)
        for item in told.items:
            self.acts.append((written_at, partial(self._put, item)))
            if item.talked:
                talked_at = starts_at + timedelta(minutes=20)
                self.acts.append((talked_at, partial(self._tick, item)))
        if any(item.shared for item in told.items):
            self.acts.append((written_at + timedelta(minutes=8), self._share))
        evening = evening_before(starts_at, self.zones["mentee"], EVENING)
        self.acts.append((evening, partial(self._share_by_itself, number)))

    # --- moments ------------------------------------------------------------------------------------

    def _at(self, day: int, clock: time, side: str) -> datetime:
        return moment_at(working_day(day, self.today), clock, self.zones[side])

    def _starts_at(self, told: words.Meeting) -> datetime:
        """On the mentee's clock; one to come is reckoned from her own today, so that it is still to come."""
        today: date = self.today if told.day < 0 else self.now.astimezone(self.zones["mentee"]).date()
        return moment_at(told.date(today), told.at, self.zones["mentee"])

    def _moments_of_messages(self) -> list[datetime]:
        return sorted(self._at(one.day, one.at, one.by) for one in self.told.messages)

    def _moments_of_first_messages(self) -> list[datetime]:
        return [at + timedelta(minutes=20) for at in self._moments_of_messages()[:2]]

    # --- acts ---------------------------------------------------------------------------------------

    def _person(self, side: str) -> Person:
        return self.members[side].person

    def _propose(self, at: datetime) -> None:
        self.proposal = propose(
            intake=self.intake,
            mentee=self.members["mentee"],
            mentor=self.members["mentor"],
            words="",
            by=self.by,
            now=at,
        )

    def _agree(self, at: datetime) -> None:
        say_yes(self.proposal, self.members["mentee"], at)

    def _open(self, at: datetime) -> None:
        loop = say_yes(self.proposal, self.members["mentor"], at)
        assert loop is not None
        self.loop = loop

    def _write(self, told: words.Message, at: datetime) -> None:
        """Whoever answers has read what came before."""
        self._read_up_to(told.by, newest_in(self.loop))
        send_message(loop=self.loop, body=told.text, by=self._person(told.by), now=at)

    def _book(self, number: int, told: words.Meeting, starts_at: datetime, at: datetime) -> None:
        self.meetings[number] = book_meeting(
            loop=self.loop, starts_at=starts_at, minutes=told.minutes, place=told.place,
            by=self._person("mentee"), now=at,
        )  # fmt: skip

    def _note(self, number: int, starts_at: datetime, at: datetime) -> None:
        self.meetings[number] = record_talk(loop=self.loop, starts_at=starts_at, by=self._person("mentee"), now=at)

    def _offer_times(self, at: datetime) -> None:
        today = self.now.astimezone(self.zones["mentee"]).date()
        times = [moment_at(working_day(day, today), clock, self.zones["mentee"]) for day, clock in OFFERED]
        propose_times(
            loop=self.loop, times=times, minutes=self.told.minutes, place=self.told.place,
            by=self._person("mentee"), now=at,
        )  # fmt: skip

    def _put(self, told: words.AgendaItem, at: datetime) -> None:
        by = self._person("mentee")
        if told.rolled and told.title in self.items:
            item = self._fresh(told)
            edit_agenda_item(item=item, text=told.title, tried=told.tried, plan=told.plan, by=by, now=at)
        else:
            self.items[told.title] = add_agenda_item(
                loop=self.loop, text=told.title, tried=told.tried, plan=told.plan, by=by, now=at
            )

    def _share(self, at: datetime) -> None:
        share_agenda(loop=self.loop, by=self._person("mentee"), now=at)

    def _share_by_itself(self, number: int, at: datetime) -> None:
        meeting = self.meetings.get(number)
        if meeting is not None and meeting.reminder_shared_at is None:
            share_agenda_before(meeting=meeting, now=at)

    def _tick(self, told: words.AgendaItem, at: datetime) -> None:
        tick_agenda_item(item=self._fresh(told), by=self._person("mentee"), now=at)

    def _fresh(self, told: words.AgendaItem) -> AgendaItem:
        item = self.items[told.title]
        item.refresh_from_db()
        return item

    def _answer(self, side: str, number: int, told: words.Meeting, at: datetime) -> None:
        said, took, shared, next_step = {
            "mentee": (told.mentee_answer, told.mentee_took, told.mentee_took_shared, told.mentee_next),
            "mentor": (told.mentor_answer, told.mentor_took, told.mentor_took_shared, told.mentor_next),
        }[side]
        if not said:
            return
        heard = next_step == NEEDED_TO_BE_HEARD
        answer_meeting(
            meeting=self.meetings[number], happened=said == "yes", take_away=took, take_away_shared=shared,
            next_step="" if heard else next_step, heard=heard, by=self._person(side), now=at,
        )  # fmt: skip

    def _ask(self, side: str, number: int, at: datetime) -> None:
        meeting = self.meetings[number]
        for one in silent_in(meeting):
            if one.person_id == self._person(side).pk and not meeting.already_met:
                ask_did_it_happen(meeting=meeting, participation=one, now=at)

    # --- reading ------------------------------------------------------------------------------------

    def _read(self, side: str) -> None:
        """All but what came in the last days has been read; about that a letter has been written."""
        standing = standing_in(self._person(side), self.loop.public_id)
        assert standing is not None
        others = [one for one in stretch_of(standing).messages if one.by_id != standing.me.person_id]
        unread = [one for one in others if one.pk > standing.me.read_up_to]
        if not unread:
            return
        if unread[-1].at < self.now - BY_NOW_READ:
            self._read_up_to(side, newest_in(self.loop))
        elif unread[0].at + UNREAD_FOR <= self.now:
            tell_of_messages(participation=standing.me, now=unread[0].at + UNREAD_FOR)

    def _read_up_to(self, side: str, newest: int) -> None:
        standing = standing_in(self._person(side), self.loop.public_id)
        if standing is not None:
            mark_read(participation=standing.me, up_to=newest)
