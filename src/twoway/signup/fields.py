"""Question kinds: how each is asked, made clean, and put into words.

What is kept of an answer (JSON), by kind:

    single, ordered                      "key"                 the key of one option
    many, skills_wanted, skills_offered  ["key", ...]          keys in the order of the options
    scale                                1 to 5
    yes_no                               true or false
    short, long                          "text"
    number                               a whole number
    date                                 "2026-11-23"
    languages                            ["de", "en"]          codes in order of the alphabet
    hours                                {"zone": "Europe/Lisbon", "slots": ["mon-am", "wed-eve"]}
    line_manager                         "address"             in small letters

`clean` takes what a page posts as well as what stands in a spreadsheet's cell: an option's key or its words,
"yes" or true, a list or one line with semicolons. To add a kind: one entry in KINDS.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from twoway.people.zones import all_zones
from twoway.signup.days import day_answered
from twoway.signup.languages import LANGUAGES, names_of
from twoway.signup.languages import language_name as language_name  # matching says languages by it
from twoway.signup.models import Question
from twoway.signup.near import slips_between

Value = Any
Option = dict[str, Any]

SHORT_LIMIT, LONG_LIMIT, LONGEST = 200, 2000, 10_000
MOST_DIGITS = 12
TOO_MUCH = 10**MOST_DIGITS  # stands for every number with more digits
SCALE = (1, 2, 3, 4, 5)
YES, NO = {"yes", "y", "true", "1", "on"}, {"no", "n", "false", "0", "off"}

DAYS: dict[str, Promise] = {
    "mon": gettext_lazy("Monday"), "tue": gettext_lazy("Tuesday"), "wed": gettext_lazy("Wednesday"),
    "thu": gettext_lazy("Thursday"), "fri": gettext_lazy("Friday"), "sat": gettext_lazy("Saturday"),
    "sun": gettext_lazy("Sunday"),
}  # fmt: skip
PARTS: dict[str, Promise] = {
    "am": gettext_lazy("morning"), "pm": gettext_lazy("afternoon"), "eve": gettext_lazy("evening"),
}  # fmt: skip
PART_HOURS = {"am": (8, 12), "pm": (12, 17), "eve": (17, 21)}

# Each slot as (weekday, first hour, hour after the last) on the clock of the answer's zone; Monday is 0.
SLOTS = {f"{day}-{part}": (number, *PART_HOURS[part]) for number, day in enumerate(DAYS) for part in PARTS}


def options_of(question: Question) -> list[Option]:
    """The options that are offered now, in their order."""
    return [option for option in question.options if not option.get("retired")]


def is_empty(value: Value) -> bool:
    return value is None or value == "" or value == [] or value == {}


# --- making clean -----------------------------------------------------------------------------------


def clean(question: Question, raw: Any, *, kept: Value = None) -> Value:
    """What is kept of an answer, or a ValidationError that says what to do; None for no answer.

    Whether a question must be answered is asked elsewhere: half a form is kept. An option that is no longer
    offered stays valid for whoever chose it (`kept`).
    """
    if isinstance(raw, str):
        raw = raw.strip()
    if is_empty(raw):
        return None
    value = KINDS[question.kind].clean(question, raw, kept)
    return None if is_empty(value) else value


def _option_key(question: Question, raw: Any, kept: Value) -> str:
    text = str(raw).strip()
    own = set(kept) if isinstance(kept, list) else {kept}
    for option in question.options:
        if text == option["key"] and (not option.get("retired") or text in own):
            return str(option["key"])
    plain = _plain(text)
    for option in options_of(question):
        if plain == _plain(str(option["label"])):
            return str(option["key"])
    raise ValidationError(
        _("“%(value)s” is not one of the choices."), code="unknown_option", params={"value": text[:80]}
    )


def _option_keys(question: Question, raw: Any, kept: Value) -> list[str]:
    chosen = {_option_key(question, part, kept) for part in _parts(question, raw)}
    at_most = question.limits.get("at_most")
    if at_most and len(chosen) > at_most:
        raise ValidationError(
            ngettext("Please choose %(n)s at most.", "Please choose %(n)s at most.", at_most),
            code="too_many", params={"n": at_most},
        )  # fmt: skip
    return [option["key"] for option in question.options if option["key"] in chosen]


def _parts(question: Question, raw: Any) -> list[str]:
    if isinstance(raw, list | tuple | set):
        return [str(part) for part in raw if str(part).strip()]
    text = str(raw)
    known = {_plain(str(option["label"])) for option in options_of(question)}
    if _plain(text) in known:
        return [text]
    split = re.split(r"[;|\n]", text)
    if len(split) == 1:
        split = text.split(",")
    return [part.strip() for part in split if part.strip()]


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _scale(question: Question, raw: Any, kept: Value) -> int:
    number = _whole(raw)
    if number not in SCALE:
        raise ValidationError(_("Please choose a number from 1 to 5."), code="out_of_range")
    return number


def _whole(raw: Any) -> int:
    if isinstance(raw, float) and raw.is_integer():
        return int(raw)
    text = re.sub(r"(?<=\d)[\s\u00a0](?=\d{3}\b)", "", str(raw).strip())
    if not re.fullmatch(r"[+-]?\d+(\.0+)?", text):
        raise ValidationError(_("Please write a whole number, such as 12."), code="not_a_number")
    whole = text.partition(".")[0]
    if len(whole.lstrip("+-0")) > MOST_DIGITS:
        return -TOO_MUCH if whole.startswith("-") else TOO_MUCH
    return int(whole)


def _yes_no(question: Question, raw: Any, kept: Value) -> bool:
    if isinstance(raw, bool):
        return raw
    text = _plain(str(raw))
    if text in YES | {_plain(_("Yes"))}:
        return True
    if text in NO | {_plain(_("No"))}:
        return False
    raise ValidationError(_("Please answer yes or no."), code="not_yes_or_no")


def text_limit(question: Question) -> int:
    """How many characters an answer may have."""
    usual = LONG_LIMIT if question.kind == Question.Kind.LONG else SHORT_LIMIT
    return int(question.limits.get("max_length") or usual)


def _text(question: Question, raw: Any, kept: Value) -> str:
    text = str(raw).replace("\r\n", "\n").replace("\x00", "")
    if question.kind == Question.Kind.SHORT:
        text = " ".join(text.split())
    limit = text_limit(question)
    if len(text) > limit:
        raise ValidationError(
            ngettext(
                "This is %(over)s character too long; there is room for %(limit)s.",
                "This is %(over)s characters too long; there is room for %(limit)s.",
                len(text) - limit,
            ),
            code="too_long", params={"over": len(text) - limit, "limit": limit},
        )  # fmt: skip
    return text


def _number(question: Question, raw: Any, kept: Value) -> int:
    number = _whole(raw)
    low, high = question.limits.get("low"), question.limits.get("high")
    if low is not None and number < low:
        raise ValidationError(_("The smallest number here is %(low)s."), code="out_of_range", params={"low": low})
    if high is not None and number > high:
        raise ValidationError(_("The largest number here is %(high)s."), code="out_of_range", params={"high": high})
    if abs(number) >= TOO_MUCH:
        raise ValidationError(
            _("Please write a number of %(n)s digits at most."), code="out_of_range", params={"n": MOST_DIGITS}
        )
    return number


def _date(question: Question, raw: Any, kept: Value) -> str:
    return day_answered(raw).isoformat()


def _languages(question: Question, raw: Any, kept: Value) -> list[str]:
    named = {_plain(name): code for code in LANGUAGES for name in names_of(code)}
    chosen = set()
    for part in _parts(question, raw):
        code = part if part in LANGUAGES else named.get(_plain(part))
        if code is None:
            raise ValidationError(
                _("“%(value)s” is not a language we know."), code="unknown_option", params={"value": part[:80]}
            )
        chosen.add(code)
    return sorted(chosen)


def _hours(question: Question, raw: Any, kept: Value) -> dict[str, Any]:
    """A zone with slots; or, from a sheet, "Europe/Lisbon: mon-am, wed-eve"."""
    if isinstance(raw, str):
        zone, _sep, rest = raw.partition(":")
        raw = {"zone": zone.strip(), "slots": [part.strip() for part in re.split(r"[,;|]", rest) if part.strip()]}
    zone, slots = str(raw.get("zone") or ""), list(raw.get("slots") or [])
    if not slots:
        return {}
    if zone not in all_zones():
        raise ValidationError(_("Please choose your time zone from the list."), code="unknown_zone")
    unknown = [slot for slot in slots if slot not in SLOTS]
    if unknown:
        raise ValidationError(
            _("“%(value)s” is not one of the choices."), code="unknown_option", params={"value": str(unknown[0])[:80]}
        )
    return {"zone": zone, "slots": [slot for slot in SLOTS if slot in slots]}


def _line_manager(question: Question, raw: Any, kept: Value) -> str:
    address = str(raw).strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError(
            _("This does not look like an email address, such as name@example.org."), code="not_an_address"
        ) from None
    return address


# --- in words ---------------------------------------------------------------------------------------


def words(question: Question, value: Value) -> str:
    """An answer as people read it, in the reader's language; nothing for no answer."""
    return "" if is_empty(value) else KINDS[question.kind].words(question, value)


def option_label(question: Question, key: str) -> str:
    return next((str(option["label"]) for option in question.options if option["key"] == key), key)


def _one_label(question: Question, value: Value) -> str:
    return option_label(question, value)


def _labels(question: Question, value: Value) -> str:
    return ", ".join(option_label(question, key) for key in value)


def _as_is(question: Question, value: Value) -> str:
    return str(value)


def _of_five(question: Question, value: Value) -> str:
    return _("%(value)s of 5") % {"value": value}


def _yes_or_no(question: Question, value: Value) -> str:
    return _("Yes") if value else _("No")


def _day(question: Question, value: Value) -> str:
    return date_format(date.fromisoformat(value), "DATE_FORMAT")


def _language_names(question: Question, value: Value) -> str:
    return ", ".join(language_name(code) for code in value)


def _hours_words(question: Question, value: Value) -> str:
    by_day = {day: [str(PARTS[part]) for part in PARTS if f"{day}-{part}" in value["slots"]] for day in DAYS}
    days = [f"{DAYS[day]} {', '.join(parts)}" for day, parts in by_day.items() if parts]
    zone = value["zone"].replace("_", " ").replace("/", " · ")
    return "; ".join([*days, zone])


# --- near misses ------------------------------------------------------------------------------------


def guess_option(question: Question, text: str) -> list[str]:
    """The words of up to three options that somebody may have meant, the nearest first.

    An option is offered for its initials, for a few slips of the keys or the same words in another order (see
    `near`), or because what was typed begins it or is one of its words.
    """
    if question.kind == Question.Kind.LANGUAGES:
        labels = [language_name(code) for code in LANGUAGES]
    else:
        labels = [str(option["label"]) for option in options_of(question)]
    by_plain = {_plain(label): label for label in labels}
    wanted = _plain(text)
    slips = {plain: slips_between(wanted, plain) for plain in by_plain}
    near = sorted((plain for plain in by_plain if slips[plain] is not None), key=lambda plain: slips[plain] or 0)
    part_of = [
        plain for plain in by_plain if len(wanted) >= 2 and (plain.startswith(wanted) or wanted in plain.split())
    ]
    initials = [plain for plain in by_plain if "".join(word[0] for word in plain.split()) == wanted]
    found = list(dict.fromkeys([*initials, *near, *part_of]))
    return [by_plain[plain] for plain in found[:3]]


# --- options ----------------------------------------------------------------------------------------


def new_options(labels: Iterable[str], present: Iterable[Option] = (), answered: Iterable[str] = ()) -> list[Option]:
    """The options after an edit, in the order of the labels.

    The same words keep their key; an option left out goes, or is retired where somebody has chosen it.
    """
    old = {_plain(str(option["label"])): option for option in present}
    taken = {str(option["key"]) for option in present}
    kept: list[Option] = []
    for label in dict.fromkeys(" ".join(label.split()) for label in labels if label.strip()):
        found = old.pop(_plain(label), None)
        key = str(found["key"]) if found else _new_key(label, taken)
        taken.add(key)
        kept.append({"key": key, "label": label[:120], "retired": False})
    chosen = set(answered)
    return kept + [{**option, "retired": True} for option in old.values() if option["key"] in chosen]


def _new_key(label: str, taken: set[str]) -> str:
    stem = slugify(label)[:40].strip("-") or "option"
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}-{number}", number + 1
    return key


# --- the kinds --------------------------------------------------------------------------------------

Use = Question.Use
_ALIKE = (Use.SAME, Use.DIFFERENT, Use.MUST_SAME, Use.MUST_DIFFER, Use.PREFERENCE)
_ORDER = (Use.NEAR, Use.HIGHER)


@dataclass(frozen=True)
class Kind:
    """One question kind: how it is made clean and said, what it may do in matching, what can be set for it."""

    clean: Callable[[Question, Any, Value], Value]
    words: Callable[[Question, Value], str]
    uses: tuple[Question.Use, ...]
    has_options: bool = False
    limits: tuple[str, ...] = ()


K = Question.Kind
KINDS: dict[str, Kind] = {
    K.SINGLE: Kind(_option_key, _one_label, _ALIKE, has_options=True),
    K.MANY: Kind(
        _option_keys, _labels, (*_ALIKE, Use.OVERLAP, Use.WISH), has_options=True, limits=("at_most",)
    ),
    K.ORDERED: Kind(_option_key, _one_label, (*_ALIKE, *_ORDER), has_options=True),
    K.SCALE: Kind(_scale, _of_five, (Use.SAME, Use.DIFFERENT, *_ORDER)),
    K.YES_NO: Kind(_yes_no, _yes_or_no, _ALIKE),
    K.SHORT: Kind(_text, _as_is, (*_ALIKE, Use.TEXT), limits=("max_length",)),
    K.LONG: Kind(_text, _as_is, (Use.TEXT,), limits=("max_length",)),
    K.NUMBER: Kind(_number, _as_is, (Use.SAME, *_ORDER), limits=("low", "high")),
    K.DATE: Kind(_date, _day, _ORDER),
    K.LANGUAGES: Kind(_languages, _language_names, (Use.OVERLAP, Use.MUST_SAME)),
    K.HOURS: Kind(_hours, _hours_words, (Use.OVERLAP,)),
    K.SKILLS_WANTED: Kind(_option_keys, _labels, (Use.WISH, Use.OVERLAP), has_options=True, limits=("at_most",)),
    K.SKILLS_OFFERED: Kind(_option_keys, _labels, (Use.WISH, Use.OVERLAP), has_options=True, limits=("at_most",)),
    K.LINE_MANAGER: Kind(_line_manager, _as_is, ()),
}  # fmt: skip
