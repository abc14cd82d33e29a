"""What the pages of goals show, labelled by the rules that let it be seen."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from twoway.loops import rules
from twoway.loops.levels import LEVELS, Level, has_levels, level_of
from twoway.loops.models import Goal, GoalEntry, GoalStep
from twoway.loops.models.goal import MOST_OPEN
from twoway.loops.queries import Standing
from twoway.loops.queries.goal import entries_of, open_goals, steps_of
from twoway.people.audience import Label, label_for


@dataclass(frozen=True)
class GoalLine:
    """An open goal in a list, as the reader sees it."""

    goal: Goal
    steps: int
    steps_done: int
    level: Level | None  # the one noted last
    level_words: str
    mine: bool
    label: Label


def goal_lines(standing: Standing) -> list[GoalLine]:
    """The open goals that somebody sees, with one question to the database."""
    return [_line(standing, goal) for goal in open_goals(standing)]


def _line(standing: Standing, goal: Any) -> GoalLine:
    level = level_of(goal.level) if goal.level is not None else None
    return GoalLine(
        goal=goal, steps=goal.steps, steps_done=goal.steps_done, level=level,
        level_words=(level.own_words(goal) or str(level.words)) if level else "",
        mine=rules.may_edit_goal(standing, goal), label=label_of_goal(standing, goal),
    )  # fmt: skip


def label_of_goal(standing: Standing, goal: Goal) -> Label:
    """Who sees a goal, and that coordinators see its title where it stands on the card."""
    label = label_for(rules.audience_of_goal(goal))
    if not is_on_card(standing, goal):
        return label
    return Label(label.symbol, format_lazy("{} {}", label.words, _("They see its title alone, on your card.")))


def goals_beside(standing: Standing) -> dict[str, Any]:
    """The card of goals on a loop's page. Nothing is said to others of a goal that is not there."""
    lines = goal_lines(standing)
    own = rules.may_keep_goals(standing)
    mine = sum(line.mine for line in lines)
    return {
        "goals": lines,
        "keeps_goals": own,
        "may_add_goal": own and rules.may_write(standing) and mine < MOST_OPEN,
        "goal_titles": titles_on_card(standing, [line.goal for line in lines]),
        "goal_label": label_for(rules.NEW_GOAL),
    }


def titles_on_card(standing: Standing, goals: list[Goal]) -> list[str]:
    """The titles that coordinators see beside the card of this loop."""
    return [goal.what for goal in goals if is_on_card(standing, goal)]


def is_on_card(standing: Standing, goal: Goal) -> bool:
    """Whether coordinators see the title of a goal now."""
    return rules.audience_of_title(goal, sponsored=standing.me.sponsored) == rules.CARD


@dataclass(frozen=True)
class StepLine:
    """A step, and who sees it where that is not whoever sees the goal."""

    step: GoalStep
    label: Label | None


def _step(goal: Goal, step: GoalStep) -> StepLine:
    audience = rules.audience_of_step(goal, step)
    return StepLine(step, None if audience == rules.audience_of_goal(goal) else label_for(audience))


@dataclass(frozen=True)
class EntryLine:
    """One thing noted under a goal."""

    entry: GoalEntry
    name: str
    mine: bool
    level: Level | None
    words: str  # of the level, as they were on that day


def entry_lines(standing: Standing, goal: Goal) -> list[EntryLine]:
    names = {one.person_id: one.name for one in standing.everybody}
    return [_entry(standing, entry, names) for entry in entries_of(goal)]


def _entry(standing: Standing, entry: GoalEntry, names: dict[int, str]) -> EntryLine:
    level = level_of(entry.level) if entry.level is not None else None
    return EntryLine(
        entry=entry, name=names.get(entry.by_id, entry.by.name), mine=entry.by_id == standing.me.person_id,
        level=level, words=(entry.level_words or str(level.words)) if level else "",
    )  # fmt: skip


@dataclass(frozen=True)
class Rung:
    """One of the five levels of a goal, and whether it was noted last."""

    level: Level
    words: str
    is_own: bool
    is_now: bool


def rungs_of(goal: Goal, noted: list[EntryLine]) -> list[Rung]:
    """The five levels, the highest first."""
    now = noted[-1].level if noted else None
    return [
        Rung(level, level.own_words(goal) or str(level.words), bool(level.own_words(goal)), level is now)
        for level in reversed(LEVELS)
    ]


def goal_page(standing: Standing, goal: Goal) -> dict[str, Any]:
    """All that one goal's page shows, its forms aside."""
    lines = entry_lines(standing, goal)
    noted = [line for line in lines if line.level is not None]
    mine = rules.may_edit_goal(standing, goal)
    writes = rules.may_write(standing)
    is_open = goal.state == Goal.State.OPEN
    return {
        "standing": standing, "goal": goal, "mine": mine, "is_open": is_open,
        "may_change": mine and writes and is_open, "may_reopen": mine and writes and not is_open,
        "may_comment": writes and rules.may_comment_on_goal(goal),
        "seen_label": label_of_goal(standing, goal), "names": names_of_others(standing),
        "owner_name": _name_of_owner(standing, goal),
        "steps": [_step(goal, step) for step in steps_of(standing, goal)],
        "has_levels": has_levels(goal), "rungs": rungs_of(goal, noted), "noted": noted, "entries": lines,
        "first_day": noted[0].entry.at if noted else None,
        "last_day": noted[-1].entry.at if noted and not _same_day(noted) else None,
        "points": [Point(line.entry.at, line.level.number) for line in noted if line.level is not None],
    }  # fmt: skip


def _same_day(noted: list[EntryLine]) -> bool:
    return timezone.localtime(noted[0].entry.at).date() == timezone.localtime(noted[-1].entry.at).date()


@dataclass(frozen=True)
class Point:
    """One level noted at a moment, for the drawing."""

    at: datetime
    level: int


def names_of_others(standing: Standing) -> str:
    """With whom a goal is shared, or would be."""
    return _(" and ").join(one.name for one in standing.others)


def _name_of_owner(standing: Standing, goal: Goal) -> str:
    names = {one.person_id: one.name for one in standing.everybody}
    return names.get(goal.owner_id, goal.owner.name)


def start_of(goal: Goal) -> dict[str, str | date | None]:
    """A goal's own columns as its form begins with them."""
    return {name: getattr(goal, name) for name in ("what", "kind", "why", "known", "by_when")}
