"""A mentee's goals: hers until she shares them, and hers to change afterwards too."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.urls import reverse

from twoway.history.actions import record
from twoway.loops.actions.message import note_contact
from twoway.loops.levels import LEVELS, level_of
from twoway.loops.models import Goal, GoalEntry, GoalStep, Loop
from twoway.loops.queries.goal import (
    entry_written_with,
    free_place,
    goal_written_with,
    step_in,
    steps_in,
)
from twoway.loops.queries.loop import hold_loop, ids_in, participations_in, sponsor_of
from twoway.people.models import Person
from twoway.people.telling import tell

State, Kind = Goal.State, GoalEntry.Kind
MOST_STEPS = 20


class Full(Exception):
    """Three goals are open already."""


class Changed(Exception):
    """The goal is no longer as it was when the page was opened."""


class TooManySteps(Exception):
    """More steps than a goal can hold."""


@transaction.atomic
def add_goal(
    *,
    loop: Loop,
    kind: str,
    what: str,
    by: Person,
    now: datetime,
    why: str = "",
    known: str = "",
    by_when: date | None = None,
    steps: Sequence[str] = (),
    form_key: str | None = None,
) -> Goal:
    """Write a goal, seen by nobody else. The same form sent twice is one goal. Raises Full while three are open.

    However many are written at once, a place is taken once: PostgreSQL lets one at a time past the loop, SQLite one at
    a time into its transaction, and the unique place stands behind both.
    """
    hold_loop(loop)
    written = goal_written_with(by, form_key) if form_key else None
    if written is not None:
        return written
    place = free_place(loop, by)
    if place is None:
        raise Full
    goal = Goal(
        loop=loop, owner=by, kind=kind, what=what, why=why, known=known, by_when=by_when, place=place,
        form_key=form_key, made_at=now, state_since=now,
    )  # fmt: skip
    _in_its_place(goal)
    for text in steps:
        GoalStep(goal=goal, text=text).save()
    _record("goal.written", goal, by, now)
    return goal


@transaction.atomic
def edit_goal(
    *,
    goal: Goal,
    kind: str,
    what: str,
    why: str,
    known: str,
    by_when: date | None,
    seen: int,
    by: Person,
    now: datetime,
) -> None:
    """Change one's own goal. Raises Changed where it is another than the page showed."""
    _hold(goal, seen)
    goal.kind, goal.what, goal.why, goal.known, goal.by_when = kind, what, why, known, by_when
    _save(goal, "kind", "what", "why", "known", "by_when")
    _record("goal.changed", goal, by, now)


@transaction.atomic
def word_levels(*, goal: Goal, words: Mapping[str, str], seen: int, by: Person, now: datetime) -> None:
    """Say in one's own words what each of the five levels would be. What was noted before keeps the words it had."""
    _hold(goal, seen)
    for level in LEVELS:
        setattr(goal, level.column, words[level.column])
    _save(goal, *(level.column for level in LEVELS))
    _record("goal.changed", goal, by, now)


@transaction.atomic
def share_goal(
    *, goal: Goal, shared: bool, steps: Collection[str], title_shown: bool, seen: int, by: Person, now: datetime
) -> None:
    """Say who sees a goal: the people of its loop or nobody else, with these steps and no others; and whether its
    title stands on the card that coordinators see, which only a shared one's can."""
    _hold(goal, seen)
    was_shared = goal.shared_at is not None
    goal.shared_at = (goal.shared_at or now) if shared else None
    goal.title_shown = shared and title_shown
    _save(goal, "shared_at", "title_shown")
    for step in steps_in(goal):
        step.shared = step.public_id in steps
        step.save(update_fields=["shared"])
    if shared and not was_shared:
        note_contact(goal.loop, now)
    if shared or was_shared:  # whoever could see it knows of it already
        kind = "goal.shared" if shared else "goal.kept_back"
        record(kind, by=by, about=_about(goal), concerns=ids_in(goal.loop), now=now)


@transaction.atomic
def add_steps(*, goal: Goal, texts: Sequence[str], by: Person, now: datetime) -> None:
    """Write down steps, seen by nobody else until they are ticked for sharing. A step that is there already stays one.
    Raises TooManySteps, and then writes none."""
    _hold(goal)
    there = {step.text for step in steps_in(goal)}
    new = [text for text in dict.fromkeys(texts) if text not in there]
    if len(there) + len(new) > MOST_STEPS:
        raise TooManySteps
    for text in new:
        GoalStep(goal=goal, text=text).save()
    if new:
        _record("goal.changed", goal, by, now)


@transaction.atomic
def tick_step(*, goal: Goal, step: str, done: bool, by: Person, now: datetime) -> None:
    """A step is done, or not yet after all. Raises Changed where it is gone."""
    found = _held_step(goal, step)
    if (found.done_at is not None) != done:
        found.done_at = now if done else None
        found.save(update_fields=["done_at"])
        _record("goal.changed", goal, by, now)


@transaction.atomic
def drop_step(*, goal: Goal, step: str, by: Person, now: datetime) -> None:
    """Take a step off the list; it is gone altogether. Raises Changed where it is gone already."""
    _held_step(goal, step).delete()
    _record("goal.changed", goal, by, now)


@transaction.atomic
def note_level(
    *, goal: Goal, level: int, text: str, seen: int, by: Person, now: datetime, form_key: str | None = None
) -> GoalEntry:
    """Note where a goal is now, with the words its level has today. Raises Changed where these may be others."""
    if (written := _written(by, form_key)) is not None:
        return written
    _hold(goal, seen)
    words = level_of(level).own_words(goal)
    entry = _enter(goal, Kind.NOW, by, now, level=level, level_words=words, text=text, form_key=form_key)
    _record("goal.looked_at", goal, by, now)
    return entry


@transaction.atomic
def comment_on_goal(*, goal: Goal, text: str, by: Person, now: datetime, form_key: str | None = None) -> GoalEntry:
    """Write under a shared goal. The others are told once a day; the same form sent twice is one comment. Raises
    Changed where it is shared no more."""
    if (written := _written(by, form_key)) is not None:
        return written
    _hold(goal)
    if goal.shared_at is None:
        raise Changed
    entry = _enter(goal, Kind.COMMENT, by, now, text=text, form_key=form_key)
    note_contact(goal.loop, now)
    _record("goal.commented", goal, by, now)
    _tell_of_comment(goal, by, now)
    return entry


@transaction.atomic
def close_goal(*, goal: Goal, to: str, by: Person, now: datetime) -> None:
    """A goal is reached, or its owner lets it go. Raises Changed where it is not open."""
    _hold(goal)
    if goal.state != State.OPEN:
        raise Changed
    kind = {State.REACHED: Kind.REACHED, State.LET_GO: Kind.LET_GO}[State(to)]
    goal.state, goal.state_since, goal.place, goal.title_shown = to, now, None, False
    _save(goal, "state", "state_since", "place", "title_shown")
    _enter(goal, kind, by, now)
    _record(f"goal.{to}", goal, by, now)


@transaction.atomic
def reopen_goal(*, goal: Goal, by: Person, now: datetime) -> None:
    """Take a goal up again. Raises Full while three are open, and Changed where it is open already."""
    _hold(goal)
    if goal.state == State.OPEN:
        raise Changed
    place = free_place(goal.loop, goal.owner)
    if place is None:
        raise Full
    goal.state, goal.state_since, goal.place = State.OPEN, now, place
    goal.version += 1
    _in_its_place(goal)
    _enter(goal, Kind.REOPENED, by, now)
    _record("goal.reopened", goal, by, now)


def _hold(goal: Goal, seen: int | None = None) -> None:
    """Wait for whoever else is writing in the loop, then look at the goal again: is it what the page showed?"""
    loop, owner = goal.loop, goal.owner
    hold_loop(loop)
    goal.refresh_from_db()
    goal.loop, goal.owner = loop, owner
    if seen is not None and goal.version != seen:
        raise Changed


def _held_step(goal: Goal, public_id: str) -> GoalStep:
    _hold(goal)
    step = step_in(goal, public_id)
    if step is None:
        raise Changed
    return step


def _save(goal: Goal, *columns: str) -> None:
    goal.version += 1
    goal.save(update_fields=[*columns, "version"])


def _in_its_place(goal: Goal) -> None:
    try:
        with transaction.atomic():
            goal.save()
    except IntegrityError as fault:
        raise Full from fault


def _written(by: Person, form_key: str | None) -> GoalEntry | None:
    return entry_written_with(by, form_key) if form_key else None


def _enter(
    goal: Goal,
    kind: str,
    by: Person,
    now: datetime,
    *,
    level: int | None = None,
    level_words: str = "",
    text: str = "",
    form_key: str | None = None,
) -> GoalEntry:
    entry = GoalEntry(
        goal=goal, by=by, kind=kind, level=level, level_words=level_words, text=text, at=now, form_key=form_key
    )
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError:
        written = _written(by, form_key)
        if written is None:
            raise
        return written
    return entry


def _tell_of_comment(goal: Goal, by: Person, now: datetime) -> None:
    everybody = participations_in(goal.loop)
    name = next((one.name for one in everybody if one.person_id == by.pk), by.name)
    for one in everybody:
        if one.person_id == by.pk:
            continue
        day = now.astimezone(ZoneInfo(one.person.time_zone)).date().isoformat()
        tell(
            one.person, "loops.goal_commented", key=f"goal {goal.public_id} {one.person.public_id} {day}",
            facts={"other": name, "yours": one.person_id == goal.owner_id},
            url=reverse("loops:goal", args=[goal.loop.public_id, goal.public_id]) + "#said",
            programme=sponsor_of(goal.loop), now=now,
        )  # fmt: skip


def _about(goal: Goal) -> str:
    return f"goal {goal.public_id}"


def _record(kind: str, goal: Goal, by: Person, now: datetime) -> None:
    """What happens to a goal that is not shared is its owner's alone, like the goal."""
    concerns = [goal.owner_id] if goal.shared_at is None else ids_in(goal.loop)
    record(kind, by=by, about=_about(goal), concerns=concerns, now=now)
