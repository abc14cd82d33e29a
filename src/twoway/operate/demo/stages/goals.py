"""A goal that the words tell of: written, shared, looked at and talked about, each at its own moment."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial

from twoway.loops.actions.goal import (
    add_goal,
    close_goal,
    comment_on_goal,
    note_level,
    share_goal,
    tick_step,
    word_levels,
)
from twoway.loops.levels import COLUMNS
from twoway.loops.models import Goal, Loop
from twoway.loops.queries.goal import steps_in
from twoway.operate.demo import words
from twoway.operate.demo.words.records import working_day
from twoway.people.models import Person

Act = Callable[[datetime], None]


class GoalTold:
    """What happens to one goal of a loop, from the day it was written."""

    goal: Goal

    def __init__(
        self,
        told: words.LoopGoal,
        *,
        loop: Callable[[], Loop],
        person: Callable[[str], Person],
        at: Callable[[int, time, str], datetime],
        today: date,
    ) -> None:
        self.told, self.loop, self.person, self.at, self.today = told, loop, person, at, today

    def acts(self) -> list[tuple[datetime, Act]]:
        """Each with its moment; they may be mixed with others and lived in the order of time."""
        told, written = self.told, self.at(self.told.day, self.told.at, "mentee")
        found: list[tuple[datetime, Act]] = [(written, self._write)]
        if told.levels:
            found.append((written + timedelta(minutes=9), self._word))
        if told.shared:
            found.append((self.at(told.shared, time(18, 5), "mentee"), self._share))
        for number in range(told.done):
            found.append((written + timedelta(days=4 + 5 * number), partial(self._tick, number)))
        for entry in told.entries:
            found.append((self.at(entry.day, entry.at, entry.by), partial(self._enter, entry)))
        if told.closed:
            found.append((self.at(told.closed_on, time(19, 30), "mentee"), self._close))
        return found

    def _write(self, at: datetime) -> None:
        told = self.told
        self.goal = add_goal(
            loop=self.loop(), kind=told.kind, what=told.what, why=told.why, known=told.known, steps=told.steps,
            by_when=working_day(told.by, self.today) if told.by else None, by=self.person("mentee"), now=at,
        )  # fmt: skip

    def _word(self, at: datetime) -> None:
        levels = dict(zip(COLUMNS, self.told.levels, strict=True))
        word_levels(goal=self.goal, words=levels, seen=self.goal.version, by=self.person("mentee"), now=at)

    def _share(self, at: datetime) -> None:
        share_goal(
            goal=self.goal, shared=True, steps=self._steps()[: self.told.steps_shared], title_shown=self.told.titled,
            seen=self.goal.version, by=self.person("mentee"), now=at,
        )  # fmt: skip

    def _tick(self, number: int, at: datetime) -> None:
        tick_step(goal=self.goal, step=self._steps()[number], done=True, by=self.person("mentee"), now=at)

    def _enter(self, told: words.GoalEntry, at: datetime) -> None:
        by = self.person(told.by)
        if told.level:
            note_level(
                goal=self.goal, level=int(told.level), text=told.text, seen=self.goal.version, by=by, now=at
            )  # fmt: skip
        else:
            comment_on_goal(goal=self.goal, text=told.text, by=by, now=at)

    def _close(self, at: datetime) -> None:
        close_goal(goal=self.goal, to=self.told.closed, by=self.person("mentee"), now=at)

    def _steps(self) -> list[str]:
        return [step.public_id for step in steps_in(self.goal)]
