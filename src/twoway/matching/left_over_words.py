"""Why somebody has no match after a round, and what would change it, in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twoway.matching.words import listed


def cause_key(cause: str, facts: dict[str, Any]) -> tuple[object, ...]:
    """Causes with the same key are told in the same words, whatever the numbers: the same rules, the same few seats."""
    if cause == "no_seat":
        return cause, facts.get("people", 0), facts.get("seats", 0)
    if cause != "rule":
        return (cause,)
    closed = sorted((bar["code"], bar["label"]) for bar in facts.get("barred", []))
    lever = _lever(facts)
    return cause, *closed, lever["label"] if lever else ""


def cause_words(cause: str, together: list[dict[str, Any]]) -> str:
    """One sentence for people whose causes have the same key. Of private wishes it says no more than "kept apart"."""
    if cause == "nothing_helps":
        return _("Nobody can be matched yet: no question of the sign-up form says what somebody can help with.")
    if cause == "no_candidate":
        return _("There is nobody to choose from.")
    if cause == "spare":
        return _("Everybody who could meet them fits better elsewhere.")
    if cause == "total":
        return _("A place for them would lower the total, and you asked for the best total.")
    if cause == "no_seat":
        return _contest(together[0])
    bars = together[0].get("barred", [])
    if any(bar["code"] == "apart" for bar in bars):  # a number beside it would tell how many are kept apart
        rules = [bar["label"] for bar in bars if bar["code"] == "limit"]
        closed = [_("the rule “%(rule)s” closes some") % {"rule": rule} for rule in rules]
        closed += [_("some were dismissed by you")] if any(bar["code"] == "struck" for bar in bars) else []
        return _("Nobody is open to them: %(why)s.") % {"why": listed([*closed, _("some are kept apart")])}
    return _("Nobody is open to them: %(why)s.") % {
        "why": listed(_closed_by(bar, _least_and_most(bar, together, "mentors")) for bar in bars)
    }


def _least_and_most(bar: dict[str, Any], together: list[dict[str, Any]], name: str) -> tuple[int, int]:
    """The same figure of the same bar, over all the people told of together."""
    same = (bar["code"], bar["label"])
    found = [one[name] for facts in together for one in facts["barred"] if (one["code"], one["label"]) == same]
    return min(found), max(found)


def _number(least: int, most: int) -> str:
    return str(most) if least == most else _("%(least)s to %(most)s") % {"least": least, "most": most}


def _contest(facts: dict[str, Any]) -> str:
    people, seats = facts.get("people", 0), facts.get("seats", 0)
    if not seats:
        return _("Everybody open to them is full.")
    return ngettext(
        "%(people)s people can only meet the same few others, who have %(seats)s seat between them.",
        "%(people)s people can only meet the same few others, who have %(seats)s seats between them.",
        seats,
    ) % {"people": people, "seats": seats}


def _closed_by(bar: dict[str, Any], numbers: tuple[int, int]) -> str:
    n = {"n": _number(*numbers)}
    if bar["code"] == "limit":
        said = ngettext(
            "the rule “%(rule)s” closes %(n)s person", "the rule “%(rule)s” closes %(n)s people", numbers[1]
        )
        return said % {"rule": bar["label"], **n}
    return ngettext("%(n)s was dismissed by you", "%(n)s were dismissed by you", numbers[1]) % n


def _lever(facts: dict[str, Any]) -> dict[str, Any] | None:
    levers = [bar for bar in facts.get("barred", []) if bar["code"] == "limit" and bar["would_open"]]
    return max(levers, key=lambda one: one["would_open"], default=None)


def lever_words(together: list[dict[str, Any]]) -> str:
    """The one rule without which a free seat would be open to them, if there is one."""
    bar = _lever(together[0])
    return without_rule_words(bar["label"], *_least_and_most(bar, together, "would_open")) if bar else ""


def without_rule_words(label: str, least: int, most: int) -> str:
    said = ngettext(
        "Without the rule “%(rule)s”, %(n)s person with a free seat would be open.",
        "Without the rule “%(rule)s”, %(n)s people with a free seat would be open.",
        most,
    )
    return said % {"rule": label, "n": _number(least, most)}


def recruit_words(recruit: dict[str, Any]) -> str:
    """Whom to look for, and how many it would place."""
    n = recruit["seats"]
    needs = [_need(need) for need in recruit["needs"] if need["values"]]
    offers = [offer["option"] for offer in recruit["offers"][:3]]
    who = ngettext("One more seat", "%(n)s more seats", n) % {"n": n}
    if needs:
        who = _("%(seats)s with somebody %(needs)s") % {"seats": who, "needs": listed(needs)}
    said = ngettext("%(who)s would place one of them.", "%(who)s would place %(n)s of them.", n) % {"who": who, "n": n}
    if offers:
        said += " " + _("They ask most for %(offers)s.") % {"offers": listed(offers)}
    return said


def _need(need: dict[str, Any]) -> str:
    facts = {"rule": need["label"], "values": listed(need["values"])}
    if need["kind"] == "higher":
        return _("at “%(values)s” or higher (%(rule)s)") % facts
    if need["kind"] == "same":
        return _("with %(values)s (%(rule)s)") % facts
    return _("outside %(values)s (%(rule)s)") % facts
