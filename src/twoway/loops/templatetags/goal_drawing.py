"""How a goal came on, drawn: one point for each time somebody noted where it was, from -2 at the foot to +2."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Protocol

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from twoway.loops.levels import LEVELS, level_of

register = template.Library()

HEIGHT, STEP, TOP = 164, 34, 14  # in pixels: it gets wider with the page, never higher
LEFT, RIGHT = 13.0, 96.0  # where the points lie, in per cent; the signs stand before them


class Noted(Protocol):
    """A level noted at a moment."""

    @property
    def at(self) -> datetime: ...

    @property
    def level(self) -> int: ...


@register.simple_tag
def goal_drawing(points: Sequence[Noted]) -> SafeString:
    """{% goal_drawing points %}: the drawing, oldest to the left, and what it says to those who do not see it."""
    places = _places(points)
    lines = pairwise(places)
    return format_html(
        '<svg class="goal-drawing" height="{}" role="img" aria-label="{}">{}{}{}</svg>',
        HEIGHT,
        _words(points),
        format_html_join(
            "",
            '<line class="{}" x1="9%" x2="100%" y1="{}" y2="{}"/><text x="0" y="{}" aria-hidden="true">{}</text>',
            ((_kind(level.number), *[_y(level.number)] * 3, level.sign) for level in LEVELS),
        ),
        format_html_join(
            "",
            '<line class="way" x1="{}%" y1="{}" x2="{}%" y2="{}"/>',
            ((_share(x), y, _share(to_x), to_y) for (x, y), (to_x, to_y) in lines),
        ),
        format_html_join(
            "",
            '<circle cx="{}%" cy="{}" r="5"><title>{}: {}</title></circle>',
            (
                (_share(x), y, _day(point.at), level_of(point.level).sign)
                for (x, y), point in zip(places, points, strict=True)
            ),
        ),
    )


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), gettext("j F Y"))


def _share(value: float) -> str:
    """A number as SVG reads it, whatever the language of the page."""
    return f"{value:.2f}"


def _kind(level: int) -> str:
    return "hoped" if level == 0 else "level"


def _y(level: int) -> int:
    return TOP + (2 - level) * STEP


def _places(points: Sequence[Noted]) -> list[tuple[float, int]]:
    """Where each lies: as far to the right as it is late."""
    first, last = points[0].at, points[-1].at
    whole = (last - first).total_seconds()
    shares = [(point.at - first).total_seconds() / whole if whole else 0.5 for point in points]
    return [
        (LEFT + (RIGHT - LEFT) * share, _y(point.level)) for share, point in zip(shares, points, strict=True)
    ]  # fmt: skip


def _words(points: Sequence[Noted]) -> str:
    first, last = points[0], points[-1]
    said = {
        "n": len(points), "first": level_of(first.level).sign, "last": level_of(last.level).sign,
        "day": _day(first.at), "until": _day(last.at),
    }  # fmt: skip
    if len(points) == 1:
        return gettext("Noted once: %(first)s on %(day)s.") % said
    return gettext("Noted %(n)s times: %(first)s on %(day)s, and at last %(last)s on %(until)s.") % said
