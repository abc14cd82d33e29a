from twoway.loops.models.agreement import Agreement, Expectations
from twoway.loops.models.goal import Goal, GoalEntry, GoalStep
from twoway.loops.models.loop import Loop, Participation, Sponsorship
from twoway.loops.models.meeting import AgendaItem, Meeting, MeetingAnswer, MeetingSeries, OfferedTime
from twoway.loops.models.message import Message

__all__ = [
    "AgendaItem",
    "Agreement",
    "Expectations",
    "Goal",
    "GoalEntry",
    "GoalStep",
    "Loop",
    "Meeting",
    "MeetingAnswer",
    "MeetingSeries",
    "Message",
    "OfferedTime",
    "Participation",
    "Sponsorship",
]
