from datetime import datetime, timedelta
from typing import Any

import pytest
from django_scopes import scopes_disabled

from tests.cast import Cast
from tests.factories import NOW, terms
from twoway.loops.actions.agreement import keep_expectations
from twoway.loops.actions.goal import add_goal, share_goal
from twoway.loops.actions.loop import open_loop
from twoway.loops.actions.meeting import book_meeting
from twoway.loops.models import Expectations, Goal, Loop, Meeting
from twoway.people.models import Person


@pytest.fixture
def loop(cast: Cast) -> Loop:
    """Amira and Ben, since today."""
    with scopes_disabled():
        return open_loop(
            mentee=cast.amira_member, mentor=cast.ben_member, intake=cast.autumn, by=cast.chris, now=NOW
        )  # fmt: skip


def booked(loop: Loop, cast: Cast, starts_at: datetime | None = None, **wishes: Any) -> Meeting:
    """A meeting on Thursday at two, unless it is said otherwise."""
    said: dict[str, Any] = {"minutes": 45, "place": "", "by": cast.amira, "now": NOW, **wishes}
    return book_meeting(loop=loop, starts_at=starts_at or NOW + timedelta(days=3, hours=4), **said)


def a_goal(loop: Loop, cast: Cast, what: str = "Lead the monthly review", **wishes: Any) -> Goal:
    """A goal of Amira's, seen by nobody else unless it is said to be shared."""
    shared, title_shown = wishes.pop("shared", False), wishes.pop("title_shown", False)
    goal = add_goal(loop=loop, what=what, **{"kind": "skill", "by": cast.amira, "now": NOW, **wishes})
    if shared:
        steps = [step.public_id for step in goal.goal_steps.all()]
        share_goal(
            goal=goal, shared=True, steps=steps, title_shown=title_shown, seen=goal.version, by=cast.amira, now=NOW
        )
    return goal


def expects(loop: Loop, by: Person, *, sends: bool = False, **said: Any) -> Expectations:
    """What somebody expects; what is not said is left for later."""
    return keep_expectations(loop=loop, said=terms(**said), by=by, now=NOW, sends=sends)
