from twoway.loops.models.loop import Loop, Participation, Sponsorship
from twoway.loops.models.meeting import AgendaItem, Meeting, MeetingAnswer, MeetingSeries, OfferedTime
from twoway.loops.models.message import Message

__all__ = [
    "AgendaItem",
    "Loop",
    "Meeting",
    "MeetingAnswer",
    "MeetingSeries",
    "Message",
    "OfferedTime",
    "Participation",
    "Sponsorship",
]
