"""What another mentor would cost, in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matchengine import Bar, Price
from twoway.matching.words import listed, rule_words


def cost_words(price: Price, total: int) -> str:
    """One sentence on points and places, or two where it would bring something as well. `total`: the points of the
    best match."""
    cost, gain = [], []
    if price.points > 0:
        cost.append(
            ngettext("%(n)s of the %(total)s points", "%(n)s of the %(total)s points", price.points)
            % {"n": _number(price.points), "total": _number(total)}
        )
    if price.points < 0:
        gain.append(ngettext("%(n)s point", "%(n)s points", -price.points) % {"n": _number(-price.points)})
    if price.places:
        people = abs(price.places)
        place = ngettext("a place for %(n)s person", "places for %(n)s people", people) % {"n": _number(people)}
        (cost if price.places > 0 else gain).append(place)
    said = _("It would cost %(what)s.") % {"what": listed(cost)} if cost else _("It would cost nothing.")
    return f"{said} {_('It would bring %(what)s.') % {'what': listed(gain)}}" if gain else said


def _number(n: int) -> str:
    return str(number_format(n, force_grouping=True))


def places_words(lost: list[str], won: list[str]) -> list[str]:
    """Who by name would lose the place they have, and who would have one instead."""
    said = []
    if lost:
        words = ngettext("%(names)s would be left over.", "%(names)s would be left over.", len(lost))
        said.append(words % {"names": listed(lost)})
    if won:
        words = ngettext("%(names)s would be placed.", "%(names)s would be placed.", len(won))
        said.append(words % {"names": listed(won)})
    return said


def closed_words(bars: Iterable[Bar], rules: Mapping[str, dict[str, Any]]) -> list[str]:
    """Why two people cannot be a pair. `rules`: those of the round, by id. Of those kept apart no more than that."""
    codes = {bar.code for bar in bars}
    if codes & {"apart", "organisational"}:
        return [_("These two are kept apart.")]
    if "self" in codes:
        return [_("This is the same person.")]
    said = [_("These two were dismissed by you.")] if "struck" in codes else []
    limits = [rules[bar.limit] for bar in bars if bar.code == "limit"]
    named = _("The rule “%(rule)s” closes this pair. %(words)s.")
    return said + [named % {"rule": rule["label"], "words": rule_words(rule)} for rule in limits]


def move_words(name: str | None, score: int) -> str:
    """With whom somebody is in an arrangement, and how well they fit."""
    if name is None:
        return _("left over")
    return _("%(name)s, fit %(score)s") % {"name": name, "score": score}
