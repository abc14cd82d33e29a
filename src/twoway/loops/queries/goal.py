"""Goals, for those who take part in their loop: one's own, and what others share. A goal has no other door.

Its title alone, where its owner ticked that, stands on the card that a programme sees: `titles_on` in `card`.
"""

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery

from twoway.loops.models import Goal, GoalEntry, GoalStep, Loop
from twoway.loops.models.goal import MOST_OPEN
from twoway.loops.queries.loop import Standing
from twoway.people.models import Person

State = Goal.State


def goals_for(standing: Standing) -> QuerySet[Goal]:
    """All goals of a loop that this participant may see."""
    seen = Q(owner=standing.me.person_id) | Q(shared_at__isnull=False)
    return Goal.objects.filter(seen, loop=standing.loop)


def open_goals(standing: Standing) -> list[Goal]:
    """The goals that are open, one's own first, each with `steps`, `steps_done` and `level` as far as they are seen."""
    rows = _with_figures(standing, goals_for(standing).filter(state=State.OPEN)).order_by("made_at", "pk")
    return sorted(rows, key=lambda goal: goal.owner_id != standing.me.person_id)


def earlier_goals(standing: Standing) -> list[Goal]:
    """The goals that were reached or let go, the newest first."""
    return list(goals_for(standing).exclude(state=State.OPEN).order_by("-state_since", "-pk"))


def goal_in(standing: Standing, public_id: str) -> Goal | None:
    """One goal of a loop that this participant may see."""
    goal = goals_for(standing).select_related("owner").filter(public_id=public_id).first()
    if goal is not None:
        goal.loop = standing.loop
    return goal


def steps_of(standing: Standing, goal: Goal) -> list[GoalStep]:
    """The steps of a goal in the order they were written: of somebody else's, only those that are shared."""
    rows = GoalStep.objects.filter(goal=goal).order_by("pk")
    return list(rows if goal.owner_id == standing.me.person_id else rows.filter(shared=True))


def step_in(goal: Goal, public_id: str) -> GoalStep | None:
    """One step, for the goal's owner."""
    return GoalStep.objects.filter(goal=goal, public_id=public_id).first()


def steps_in(goal: Goal) -> list[GoalStep]:
    """All steps, for an action, whose caller was let in by a rule."""
    return list(GoalStep.objects.filter(goal=goal).order_by("pk"))


def entries_of(goal: Goal) -> list[GoalEntry]:
    """What was noted under a goal, the oldest first. Whoever sees the goal sees all of it."""
    return list(GoalEntry.objects.filter(goal=goal).select_related("by").order_by("at", "pk"))


def free_place(loop: Loop, owner: Person) -> int | None:
    """Where one more open goal of somebody can stand; none while three are open."""
    taken = set(Goal.objects.filter(loop=loop, owner=owner, state=State.OPEN).values_list("place", flat=True))
    return next((place for place in range(1, MOST_OPEN + 1) if place not in taken), None)


def goal_written_with(person: Person, form_key: str) -> Goal | None:
    """The goal that one form has already written."""
    return Goal.objects.filter(owner=person, form_key=form_key).first()


def entry_written_with(person: Person, form_key: str) -> GoalEntry | None:
    """The entry that one form has already written."""
    return GoalEntry.objects.filter(by=person, form_key=form_key).first()


def _with_figures(standing: Standing, rows: QuerySet[Goal]) -> QuerySet[Goal]:
    seen = Q(owner=standing.me.person_id) | Q(goal_steps__shared=True)
    newest = GoalEntry.objects.filter(goal=OuterRef("pk"), kind=GoalEntry.Kind.NOW).order_by("-at", "-pk")
    return rows.annotate(
        steps=Count("goal_steps", filter=seen),
        steps_done=Count("goal_steps", filter=seen & Q(goal_steps__done_at__isnull=False)),
        level=Subquery(newest.values("level")[:1], output_field=IntegerField()),
    )
