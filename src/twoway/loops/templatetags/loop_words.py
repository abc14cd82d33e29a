"""How a loop's pages say things: clocks of two places, a rhythm, a place that may be a link."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from twoway.loops.models import Participation

register = template.Library()
LINK = re.compile(r"https?://\S+")


@register.filter
def first_name(name: str) -> str:
    """The first word of a name."""
    return name.split()[0] if name.strip() else name


@register.simple_tag
def their_clock(moment: datetime, other: Participation) -> str:
    """What the other's clock shows at a moment; nothing where it shows the same as mine."""
    mine, theirs = timezone.localtime(moment), moment.astimezone(ZoneInfo(other.person.time_zone))
    if mine.replace(tzinfo=None) == theirs.replace(tzinfo=None):
        return ""
    name = first_name(other.name)
    clock = date_format(theirs, gettext("H:i"))
    if mine.date() == theirs.date():
        return gettext("%(time)s for %(name)s") % {"time": clock, "name": name}
    day = date_format(theirs, gettext("l"))
    return gettext("%(day)s, %(time)s for %(name)s") % {"day": day, "time": clock, "name": name}


@register.filter
def rhythm_words(days: int) -> str:
    """A rhythm as people say it."""
    if days % 7:
        return ngettext("every day", "every %(n)s days", days) % {"n": days}
    return ngettext("every week", "every %(n)s weeks", days // 7) % {"n": days // 7}


@register.filter
def place_words(place: str) -> SafeString | str:
    """Where one meets: an address of the web as a link, anything else as written."""
    if LINK.fullmatch(place.strip()):
        words = re.sub(r"^https?://", "", place.strip())
        return format_html('<a href="{}" rel="noopener noreferrer">{}</a>', place.strip(), words)
    return place


@register.filter
def zone_place(zone: str) -> str:
    """The place a time zone is named for."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")
