"""Days as people and sheets write them, and which of them an answer can be."""

import re
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from twoway.history.clock import now as clock_now

FIRST_YEAR, YEARS_AHEAD = 1900, 10  # a day outside is a slip of the finger, such as 0026 for 2026


def day_bounds() -> tuple[date, date]:
    """The first and the last day that can be answered."""
    return date(FIRST_YEAR, 1, 1), date(clock_now().year + YEARS_AHEAD, 12, 31)


def day_answered(raw: Any) -> date:
    """The day that was written, or a ValidationError that says what to do."""
    day = _day_written(raw)
    first, last = day_bounds()
    if not first <= day <= last:
        raise ValidationError(
            _("Please choose a day from %(first)s to %(last)s."),
            code="out_of_range", params={"first": first.year, "last": last.year},
        )  # fmt: skip
    return day


def _day_written(raw: Any) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = str(raw).strip().partition("T")[0].partition(" ")[0]
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    found = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", text)
    # 3/4/2026 is March in one country and April in the next; only a day above 12 tells.
    if found and (int(found[1]) > 12 or "." in text or found[1] == found[2]):
        try:
            return date(int(found[3]), int(found[2]), int(found[1]))
        except ValueError:
            pass
    raise ValidationError(_("Please write the date as year-month-day, such as 2026-11-23."), code="not_a_date")
