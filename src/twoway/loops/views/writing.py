"""The form of a message before anything was written into it."""

import uuid
from datetime import datetime

from twoway.loops.forms.message import MessageForm
from twoway.loops.queries import Standing
from twoway.loops.templatetags.loop_words import first_name
from twoway.loops.views.shown import zone_of
from twoway.loops.zones import out_of_hours


def empty_form(standing: Standing, now: datetime, *, quotes: str = "") -> MessageForm:
    """Outside eight to eight where the receiver lives, "no hurry" is ticked from the start."""
    late = any(out_of_hours(now, zone_of(other)) for other in standing.others)
    start = {"no_hurry": late, "quotes": quotes, "form_key": uuid.uuid4()}
    return MessageForm(initial=start, to=first_name(standing.other.name))
