"""What a rehearsal found, in sentences."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def points_words(found: dict[str, Any]) -> list[str]:
    """Both arrangements by both weights: points by different weights cannot be compared with each other."""
    lines = [_("Placed: %(before)s before, %(after)s now, of %(all)s.") % {
        "before": found["placed"][0], "after": found["placed"][1], "all": found["mentees"],
    }]  # fmt: skip
    for words, (before, after) in (
        (_("By the round's own weights, the points in all go from %(before)s to %(after)s."), found["by_old"]),
        (_("By the weights tried here, they go from %(before)s to %(after)s."), found["by_new"]),
    ):
        lines.append(words % {"before": number_format(before, force_grouping=True),
                              "after": number_format(after, force_grouping=True)})  # fmt: skip
    return lines


def steady_words(steady: dict[str, Any]) -> str:
    """How much of it hangs on the exact weights."""
    if not steady["pairs"]:
        return _("There are no pairs, so nothing can change.")
    if not steady["changes"]:
        return _("No weight counts, so there is nothing to change a little.")
    return ngettext(
        "Each weight was moved one up and one down, one at a time: the one pair stays in %(most)s.",
        "Each weight was moved one up and one down, one at a time. %(in_all)s of %(pairs)s pairs (%(per_cent)s %%) "
        "stay every time, and %(in_most)s stay in most.",
        steady["pairs"],
    ) % {
        **steady,
        "most": _("every one") if steady["in_all"] else _("some only"),
    }  # fmt: skip


def change_words(label: str, weight: int, gone: int) -> str:
    return ngettext(
        "“%(label)s” at %(weight)s: %(n)s pair changes", "“%(label)s” at %(weight)s: %(n)s pairs change", gone
    ) % {"label": label, "weight": weight, "n": gone}  # fmt: skip
