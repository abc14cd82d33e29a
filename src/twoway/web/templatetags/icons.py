"""Twoway's own line drawings on a 24 by 24 grid, placed inside the page so that they take its colour."""

from functools import cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

DRAWINGS: dict[str, str] = {
    "home": "M4 11 12 4l8 7M6 9.5V20h12V9.5M10 20v-5h4v5",
    "desk": "M4 5h16v14H4zM4 9.5h16M8 13.5h4M8 16h7",
    "people": "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c0-3.5 3-5.5 6.5-5.5s6.5 2 6.5 5.5"
    "M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14.9c2.1.8 3.5 2.6 3.5 5.1",
    "person": "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c0-4 3.4-6 7.5-6s7.5 2 7.5 6",
    "matching": "M8.5 16.5a4.5 4.5 0 1 1 0-9 4.5 4.5 0 0 1 0 9ZM15.5 16.5a4.5 4.5 0 1 1 0-9 4.5 4.5 0 0 1 0 9Z",
    "loop": "M4 9h13l-4-4M20 15H7l4 4",
    "board": "M12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM10.2 10.2 6.5 6.5M13.8 10.2l3.7-3.7M12 14.5V19"
    "M5.2 6.5a1.3 1.3 0 1 0 0-2.6 1.3 1.3 0 0 0 0 2.6ZM18.8 6.5a1.3 1.3 0 1 0 0-2.6 1.3 1.3 0 0 0 0 2.6Z"
    "M12 21.6a1.3 1.3 0 1 0 0-2.6 1.3 1.3 0 0 0 0 2.6Z",
    "learn": "M12 6.5C10 5 7 4.5 3.5 4.5v13C7 17.5 10 18 12 19.5c2-1.5 5-2 8.5-2v-13c-3.5 0-6.5.5-8.5 2ZM12 6.5v13",
    "reflection": "M6 3.5h12v17H6zM9.5 3.5v17M12.5 8h3M12.5 11.5h3",
    "report": "M5 20V11M12 20V4M19 20v-6M3 20h18",
    "calendar": "M4 6h16v14H4zM4 10h16M8.5 3.5v4M15.5 3.5v4",
    "message": "M4 5h16v11H10l-5 4v-4H4z",
    "goal": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 12h.01",
    "programme": "M12 21V10M12 14c-4 0-6-2-6-6 4 0 6 2 6 6ZM12 11c0-4 2-6 6-6 0 4-2 6-6 6Z",
    "settings": "M4 7h10M18 7h2M4 17h2M10 17h10M16 9.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z"
    "M8 19.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
    "support": "M12 20s-7.5-4.4-7.5-10A4.2 4.2 0 0 1 12 7.3 4.2 4.2 0 0 1 19.5 10c0 5.6-7.5 10-7.5 10Z",
    "mail": "M3.5 6h17v12h-17zM4 6.5l8 6.5 8-6.5",
    "search": "M11 17a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM15.5 15.5 20 20",
    "plus": "M12 5v14M5 12h14",
    "check": "M5 12.5 10 17l9-10",
    "cross": "M6 6l12 12M18 6 6 18",
    "pin": "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
    "swap": "M5 8h13l-3-3M19 16H6l3 3",
    "more": "M5.5 12h.01M12 12h.01M18.5 12h.01",
    "info": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 11v5M12 8h.01",
    "warn": "M12 4 2.8 20h18.4zM12 10v4.5M12 17.3h.01",
    "stop": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM6 6l12 12",
    "file": "M6 3.5h8l4 4V20.5H6zM14 3.5v4h4M9 12h6M9 15.5h6",
    "download": "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
    "upload": "M12 16V5M7.5 9.5 12 5l4.5 4.5M5 20h14",
    "down": "M7 10l5 5 5-5",
    "up": "M7 14l5-5 5 5",
    "next": "M10 6l6 6-6 6",
    "back": "M14 6l-6 6 6 6",
    "sign-out": "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
    "key": "M8 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 12h9M18 12v3.5",
    "clock": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3.5 2",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "print": "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
    "external": "M13 5h6v6M19 5l-9 9M17 14v5H5V7h5",
}

AUDIENCE_DRAWINGS: dict[str, str] = {
    "full": '<circle cx="8" cy="8" r="6.25" fill="currentColor"/>',
    "half": '<circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5"/>'
    '<path d="M8 1.75a6.25 6.25 0 0 0 0 12.5z" fill="currentColor"/>',
    "open": '<circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" stroke-width="1.5"/>',
    "eye": '<path d="M1 8s2.6-4.5 7-4.5S15 8 15 8s-2.6 4.5-7 4.5S1 8 1 8z" fill="none" stroke="currentColor"'
    ' stroke-width="1.4"/><circle cx="8" cy="8" r="2.1" fill="currentColor"/>',
}

TURNING = frozenset({"next", "back", "loop", "swap", "sign-out", "external", "message"})


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """{% icon "home" %}: a drawing that says nothing to a screen reader; the words stand beside it."""
    turns = " icon-turns" if name in TURNING else ""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        turns,
        DRAWINGS[name],
    )


@register.simple_tag
def audience_mark(symbol: str) -> SafeString:
    """{% audience_mark "half" %}: half for you two, full for you, open for everyone, eye for coordinators."""
    return format_html(
        '<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(AUDIENCE_DRAWINGS[symbol]),  # our own drawing, from the table above
    )
