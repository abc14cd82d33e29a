"""Why somebody has no mentor after a round, and what would change it, in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twoway.matching.words import listed


def cause_words(cause: str, facts: dict[str, Any]) -> str:
    """One sentence. Of private wishes it says no more than "kept apart"."""
    if cause == "no_candidate":
        return _("There is no mentor to choose from.")
    if cause == "spare":
        return _("Every mentee who could meet them fits better elsewhere.")
    if cause == "total":
        return _("A place for them would lower the total, and you asked for the best total.")
    if cause == "no_seat":
        return _contest(facts)
    barred = [_closed_by(bar) for bar in facts.get("barred", [])]
    return _("No mentor is open to them: %(why)s.") % {"why": listed(barred)}


def _contest(facts: dict[str, Any]) -> str:
    people, seats = facts.get("people", 0), facts.get("seats", 0)
    if not seats:
        return _("All mentors open to them are full.")
    return ngettext(
        "%(people)s mentees can only meet the same few mentors, who have %(seats)s seat between them.",
        "%(people)s mentees can only meet the same few mentors, who have %(seats)s seats between them.",
        seats,
    ) % {"people": people, "seats": seats}


def _closed_by(bar: dict[str, Any]) -> str:
    n = bar["mentors"]
    if bar["code"] == "limit":
        said = ngettext("the rule “%(rule)s” closes %(n)s mentor", "the rule “%(rule)s” closes %(n)s mentors", n)
        return said % {"rule": bar["label"], "n": n}
    if bar["code"] == "struck":
        return ngettext("%(n)s was dismissed by you", "%(n)s were dismissed by you", n) % {"n": n}
    return ngettext("%(n)s is kept apart", "%(n)s are kept apart", n) % {"n": n}


def lever_words(facts: dict[str, Any]) -> str:
    """The one rule without which a free seat would be open to them, if there is one."""
    levers = [bar for bar in facts.get("barred", []) if bar["code"] == "limit" and bar["would_open"]]
    if not levers:
        return ""
    bar = max(levers, key=lambda one: one["would_open"])
    said = ngettext(
        "Without the rule “%(rule)s”, %(n)s mentor with a free seat would be open.",
        "Without the rule “%(rule)s”, %(n)s mentors with a free seat would be open.",
        bar["would_open"],
    )
    return said % {"rule": bar["label"], "n": bar["would_open"]}


def recruit_words(recruit: dict[str, Any]) -> str:
    """Whom to look for, and how many it would place."""
    n = recruit["seats"]
    needs = [_need(need) for need in recruit["needs"] if need["values"]]
    offers = [offer["option"] for offer in recruit["offers"][:3]]
    who = ngettext("One more seat", "%(n)s more seats", n) % {"n": n}
    if needs:
        who = _("%(seats)s with a mentor %(needs)s") % {"seats": who, "needs": listed(needs)}
    said = ngettext("%(who)s would place one of them.", "%(who)s would place %(n)s of them.", n) % {"who": who, "n": n}
    if offers:
        said += " " + _("They wish most for %(offers)s.") % {"offers": listed(offers)}
    return said


def _need(need: dict[str, Any]) -> str:
    facts = {"rule": need["label"], "values": listed(need["values"])}
    if need["kind"] == "higher":
        return _("at “%(values)s” or higher (%(rule)s)") % facts
    if need["kind"] == "same":
        return _("with %(values)s (%(rule)s)") % facts
    return _("outside %(values)s (%(rule)s)") % facts
