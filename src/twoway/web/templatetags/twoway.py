"""What the parts need to draw people, numbers and moments: initials, steady colours, bars and kind dates."""

import datetime
import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from twoway.history.clock import now as clock_now

register = template.Library()

AVATAR_COLOURS = 8
HUE_STEP = 12
FILTER_FROM = 12
GAP = 0.6
CUT_COLOURS = 8
NUMBERED_FROM = 4

NEAR = {-1: gettext_lazy("yesterday"), 0: gettext_lazy("today"), 1: gettext_lazy("tomorrow")}
# Ways to write a date: in the present year, and in any other.
DATE_FORMS: dict[str, tuple[Promise, Promise]] = {
    "j F": (gettext_lazy("j F"), gettext_lazy("j F Y")),
    "l j F": (gettext_lazy("l j F"), gettext_lazy("l j F Y")),
    "j M": (gettext_lazy("j M"), gettext_lazy("j M Y")),
    "M": (gettext_lazy("M"), gettext_lazy("M ’y")),
}


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and last word; a question mark for somebody without a name."""
    words = [word for word in str(name or "").replace("-", " ").split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return unicodedata.normalize("NFC", "".join(letters)).upper() or "?"


@register.filter
def avatar_colour(key: object) -> str:
    """One of eight colour classes, the same for this key on every page and every day."""
    digest = hashlib.sha256(str(key).encode()).digest()
    return f"of-{digest[0] % AVATAR_COLOURS}"


@register.simple_tag
def avatar(name: str, key: object = "", size: str = "") -> SafeString:
    """{% avatar name key "small" %}: initials on a colour that stays the same for the key, or for the name."""
    return format_html(
        '<span class="avatar {}{}" aria-hidden="true">{}</span>',
        avatar_colour(key or name),
        f" {size}" if size else "",
        initials(name),
    )


@register.filter
def leading(label: object) -> str:
    """A label with something said about it after it: with a colon, unless it ends as a sentence does."""
    words = str(label).rstrip()
    return words if words.endswith(("?", "!", ".", ":", "…")) else f"{words}:"


@register.filter
def hue_class(hue: object) -> str:
    """The class that makes a page, or a part of it, wear a programme's hue (0 to 359)."""
    try:
        degrees = float(str(hue))
    except ValueError:
        return ""
    return f"hue-{round(degrees / HUE_STEP) * HUE_STEP % 360}"


@register.filter
def field_kind(field: BoundField) -> str:
    """Which shape of the field part fits this widget: group, check, file or line."""
    kind = getattr(field.field.widget, "input_type", "")
    if field.use_fieldset:
        return "group"
    return {"checkbox": "check", "file": "file"}.get(kind, "line")


@register.filter
def has_many(field: BoundField) -> bool:
    """Whether a list of choices is long enough to need a filter above it."""
    return len(list(field)) >= FILTER_FROM


@register.filter
def longest(field: BoundField) -> int | None:
    """How many characters a written answer may have, if there is a limit."""
    return getattr(field.field, "max_length", None)


@register.filter
def kept_words(form: Iterable[BoundField]) -> str:
    """What a refused form says of what was typed: a page never shows a password again, and no browser a file."""
    kinds = {getattr(field.field.widget, "input_type", "") for field in form if not field.is_hidden}
    if kinds <= {"password", "file"}:
        return ""
    if "password" in kinds:
        return gettext("What you wrote is still here, except the password.")
    return gettext("What you wrote is still here.")


@register.filter
def share(part: float, whole: float) -> float:
    """A percentage from 0 to 100; nothing out of nothing is 0."""
    return max(0.0, min(100.0, 100.0 * part / whole)) if whole else 0.0


@register.filter
def svg_number(value: float) -> str:
    """A number as SVG reads it, whatever the language of the page."""
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def _take(part: object, name: str) -> Any:
    return part[name] if isinstance(part, Mapping) else getattr(part, name)


@register.simple_tag
def points_cuts(parts: Iterable[object], of: float) -> list[dict[str, object]]:
    """Where each criterion's points lie on a bar of `of` points: start and width in per cent, its colour, and its
    number in the list beside the bar, where there is room for it."""
    cuts: list[dict[str, object]] = []
    start = 0.0
    for number, part in enumerate(parts):
        width = share(float(_take(part, "points")), of)
        if width > 0:
            shown = max(width - GAP, 0.2)
            cuts.append(
                {
                    "start": svg_number(start),
                    "width": svg_number(shown),
                    "middle": svg_number(start + shown / 2),
                    "number": number + 1 if width >= NUMBERED_FROM else None,
                    "colour": number % CUT_COLOURS + 1,
                    "part": part,
                }
            )
        start += width
    return cuts


@register.filter
def cut_colour(counter: int) -> str:
    """The colour class of the n-th criterion, counted from 1; the bar and the words beside it agree, as by number."""
    return f"cut-{(counter - 1) % CUT_COLOURS + 1}"


@register.simple_tag
def interval(low: float, high: float, of: float) -> dict[str, str]:
    """Where an interval lies on a band of `of`, in per cent."""
    start, end = share(float(low), of), share(float(high), of)
    return {"start": svg_number(start), "width": svg_number(max(end - start, 0.5))}


@register.simple_tag
def notches(value: int, of: int) -> list[dict[str, object]]:
    """A row of `of` equal notches of which `value` are filled."""
    step = (100 + 2) / of
    return [{"start": svg_number(step * at), "width": svg_number(step - 2), "on": at < value} for at in range(of)]


def moment_words(moment: datetime.datetime, now: datetime.datetime) -> str:
    """A moment as people say it, in the reader's zone: today, 14:00 or Thursday, 14:00."""
    return _local_words(timezone.localtime(moment), timezone.localtime(now).date())


def _local_words(local: datetime.datetime, today: datetime.date) -> str:
    return gettext("%(day)s, %(time)s") % {
        "day": day_words(local.date(), today),
        "time": date_format(local, gettext("H:i")),
    }


def day_words(day: datetime.date, today: datetime.date) -> str:
    """A day as people say it: near ones by name, others by date, with the year where it is another one."""
    distance = (day - today).days
    if distance in NEAR:
        return str(NEAR[distance])
    if 1 < distance < 7:
        return date_format(day, gettext("l"))
    return dated(day, "l j F" if day.year == today.year else "j F", today)


def dated(day: datetime.date, form: str, today: datetime.date) -> str:
    """A date in one of the forms, with its year where it is not the present one."""
    short, long = DATE_FORMS[form]
    return date_format(day, str(short if day.year == today.year else long))


@register.filter(name="day")
def day_of(moment: datetime.datetime | datetime.date | None, form: str = "j F") -> str:
    """{{ meeting.starts_at|day:"l j F" }}: a date in the reader's zone, with the year where it is another one.

    Every date of a page that is written without its year goes through here.
    """
    if moment is None:
        return ""
    local = timezone.localtime(moment).date() if isinstance(moment, datetime.datetime) else moment
    return dated(local, form, timezone.localtime(clock_now()).date())


@register.simple_tag
def when(
    moment: datetime.datetime | datetime.date, now: datetime.datetime | None = None, local: bool = False
) -> SafeString:
    """{% when meeting.starts %}: a <time> in kind words, with the full date and zone as its title.

    local=True lets the browser say it in its own zone: for pages whose reader's zone is not known.
    """
    today = timezone.localtime(now or clock_now()).date()
    if not isinstance(moment, datetime.datetime):
        words = day_words(moment, today)
        title = date_format(moment, gettext("l j F Y"))
        return format_html('<time datetime="{}" title="{}">{}</time>', moment.isoformat(), title, words)
    here = timezone.localtime(moment)
    title = f"{date_format(here, gettext('l j F Y, H:i'))} ({zone_words(here)})"
    return format_html(
        '<time datetime="{}" title="{}"{}>{}</time>',
        here.isoformat(timespec="seconds"),
        title,
        SafeString(" data-local") if local else "",
        _local_words(here, today),
    )


@register.filter
def zone_words(moment: datetime.datetime) -> str:
    """The zone of a moment as a place people know: Europe/Lisbon becomes Lisbon time."""
    name = str(getattr(moment.tzinfo, "key", "") or moment.tzname() or "UTC")
    place = name.rsplit("/", 1)[-1].replace("_", " ")
    return place if place == "UTC" else gettext("%(place)s time") % {"place": place}
