"""What a fairness page says in sentences: plain, with counts, and no more than they bear."""

from collections import Counter
from itertools import accumulate

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twoway.matching.groups import Count, Group, chance_range
from twoway.matching.words import listed


def group_words(group: Group) -> str:
    return group.labels[0] if len(group.labels) == 1 else _("%(some)s together") % {"some": listed(group.labels)}


def count_words(count: Count) -> str:
    """4 of 20; of a protected trait perhaps: fewer than 10 of 20, or 11 or more of 20."""
    if count.exact is not None:
        return _("%(n)s of %(of)s") % {"n": count.exact, "of": count.of}
    if not count.low:
        return _("fewer than %(n)s of %(of)s") % {"n": count.high + 1, "of": count.of}
    return _("%(n)s or more of %(of)s") % {"n": count.low, "of": count.of}


def range_words(count: Count) -> str:
    """How far chance may move a share in a group of this size."""
    if count.exact is None:
        return ""
    low, high = chance_range(count.exact, count.of)
    return _("%(low)s to %(high)s %%") % {"low": low, "high": high}


def differences_words(groups: list[Group], counts: list[Count], left: int, people: int) -> str:
    """One sentence before the table: whether any group stands out among those left over."""
    if not left:
        return _("Nobody was left over, so there is no difference between groups to see there.")
    if any(count.exact is None for count in counts):
        return _("Exact counts near nobody or near everybody are held back, because those left over are known by name.")
    share = 100 * left / people
    more, fewer = [], []
    for group, count in zip(groups, counts, strict=True):
        low, high = chance_range(count.low, count.of, len(groups))
        if low > share:
            more.append(group_words(group))
        elif high < share:
            fewer.append(group_words(group))
    if not more and not fewer:
        return _(
            "No group stands out among those left over. The differences are no larger than chance alone makes them "
            "among so many groups of this size."
        )
    said = []
    if more:
        said.append(_("Left over more often than chance alone would explain: %(who)s.") % {"who": listed(more)})
    if fewer:
        said.append(_("Left over less often: %(who)s.") % {"who": listed(fewer)})
    said.append(_("This says that there is a difference, not why. The causes stand under “Left over” in the round."))
    return " ".join(said)


def load_words(loads: Counter[str], mentors: int) -> str:
    """How evenly the new pairs are spread, in one sentence."""
    pairs = sum(loads.values())
    if not pairs:
        return _("There are no pairs, so nobody carries any.")
    carried = list(accumulate(n for _mentor, n in loads.most_common()))
    some = sum(2 * before < pairs for before in [0, *carried[:-1]])
    without = mentors - len(loads)
    words = ngettext(
        "Half of all pairs are with %(some)s of %(mentors)s who offered a seat.",
        "Half of all pairs are with %(some)s of %(mentors)s who offered a seat.",
        mentors,
    ) % {"some": some, "mentors": mentors}  # fmt: skip
    if not without:
        return words
    return f"{words} " + ngettext(
        "%(n)s of them got nobody.", "%(n)s of them got nobody.", without
    ) % {"n": without}  # fmt: skip


def rather_words(pairs: int, mentees: int, mentors: int) -> str:
    if not pairs:
        return _("There is no such pair in this round.")
    return ngettext(
        "There is %(pairs)s such pair.",
        "There are %(pairs)s such pairs, of %(mentees)s people who look for somebody with %(mentors)s who offer seats.",
        pairs,
    ) % {"pairs": pairs, "mentees": mentees, "mentors": mentors}  # fmt: skip
