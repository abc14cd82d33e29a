"""Who may do what inside a loop. Each is a question to somebody who already stands in it: outsiders never get here."""

from datetime import datetime

from twoway.loops.models import (
    AgendaItem,
    Expectations,
    Goal,
    GoalStep,
    Loop,
    Meeting,
    MeetingAnswer,
    Message,
    Participation,
)
from twoway.loops.queries.loop import Standing
from twoway.people.audience import Audience, Relation, admits

CONVERSATION = Audience.LOOP
MEETING = Audience.LOOP
AGREEMENT = Audience.LOOP
CARD = Audience.CARD
NEW_GOAL = Audience.OWNER
_WRITABLE = (Loop.State.OPEN, Loop.State.PAUSED, Loop.State.INFORMAL)
_OWNERS_ONLY = (AgendaItem.State.DRAFT, AgendaItem.State.LEFT)
_WITH_GOALS = (Participation.Role.MENTEE,)  # whose goals a loop is about


def audience_of_item(item: AgendaItem) -> Audience:
    """A draft is its owner's alone; so is what she left out."""
    return Audience.OWNER if item.state in _OWNERS_ONLY else Audience.LOOP


def audience_of_take_away(answer: MeetingAnswer) -> Audience:
    """Private unless ticked."""
    return Audience.LOOP if answer.take_away_shared else Audience.OWNER


def audience_of_goal(goal: Goal) -> Audience:
    """Its owner's alone until shared with the people of the loop."""
    return Audience.LOOP if goal.shared_at is not None else Audience.OWNER


def audience_of_step(goal: Goal, step: GoalStep) -> Audience:
    """Shared where it was ticked for it, and with its goal only."""
    return audience_of_goal(goal) if step.shared else Audience.OWNER


def audience_of_title(goal: Goal, *, sponsored: bool) -> Audience:
    """On the card where its owner ticked that, as long as a programme sees the card and the goal is open."""
    on_the_card = goal.title_shown and sponsored and goal.state == Goal.State.OPEN
    return CARD if on_the_card else audience_of_goal(goal)


def audience_of_expectations(loop: Loop) -> Audience:
    """Each one's own until all have sent theirs; from then on there is an agreement to make of them."""
    return Audience.OWNER if loop.agreement_id is None else Audience.LOOP


def may_write(standing: Standing) -> bool:
    """Write, plan and answer in a loop: not while it rests or after it ended."""
    return standing.loop.state in _WRITABLE


def may_change_message(standing: Standing, message: Message) -> bool:
    """Edit or withdraw a message: one's own, once."""
    return message.by_id == standing.me.person_id and message.withdrawn_at is None


def may_keep_agenda(standing: Standing) -> bool:
    """Write, order, share and tick off questions: the mentee drives."""
    return standing.me.role == Participation.Role.MENTEE


def may_suggest(standing: Standing) -> bool:
    """Suggest a question: the mentor, and it is hers to take or leave."""
    return standing.me.role == Participation.Role.MENTOR


def may_see_item(standing: Standing, item: AgendaItem) -> bool:
    """See one question."""
    return admits(audience_of_item(item), _relation(standing, item.owner_id))


def may_see_take_away(standing: Standing, answer: MeetingAnswer) -> bool:
    """See what somebody takes with them from a meeting."""
    return admits(audience_of_take_away(answer), _relation(standing, answer.person_id))


def may_see_expectations(standing: Standing, expectations: Expectations) -> bool:
    """See what somebody expects."""
    return admits(audience_of_expectations(standing.loop), _relation(standing, expectations.person_id))


def may_keep_goals(standing: Standing) -> bool:
    """Write goals of one's own in a loop: whoever it is for."""
    return standing.me.role in _WITH_GOALS


def may_edit_goal(standing: Standing, goal: Goal) -> bool:
    """Change a goal, share it, tick its steps, say where it is: its owner."""
    return goal.owner_id == standing.me.person_id


def may_see_goal(standing: Standing, goal: Goal) -> bool:
    """See one goal."""
    return admits(audience_of_goal(goal), _relation(standing, goal.owner_id))


def may_comment_on_goal(goal: Goal) -> bool:
    """Write under a goal: whoever sees it, once it is shared."""
    return goal.shared_at is not None


def may_pick_time(standing: Standing, meeting: Meeting) -> bool:
    """Pick one of the times offered: whoever did not offer them."""
    return meeting.state == Meeting.State.OFFERED and meeting.by_id != standing.me.person_id


def may_change_meeting(meeting: Meeting, now: datetime) -> bool:
    """Move or cancel a meeting: either of the two, until it begins."""
    booked = meeting.state == Meeting.State.BOOKED and meeting.starts_at is not None and meeting.starts_at > now
    return booked or meeting.state == Meeting.State.OFFERED


def may_answer(meeting: Meeting, now: datetime) -> bool:
    """Say whether a meeting took place, once it is over."""
    return meeting.state == Meeting.State.BOOKED and meeting.ends_at <= now


def _relation(standing: Standing, owner: int) -> Relation:
    return Relation.OWNER if owner == standing.me.person_id else Relation.PARTNER
