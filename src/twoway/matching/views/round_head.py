"""The head of a round's page: what is proven of it, and what has changed since."""

from datetime import datetime
from functools import partial
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twoway.history.kept import kept
from twoway.matching.actions.draft import Published
from twoway.matching.models import Round
from twoway.matching.queries.arrangement import changes_by_hand, successor_of
from twoway.matching.words import held_back_words

MOST_NAMED = 5


def head_of(round: Round, plan: Published | None, now: datetime) -> dict[str, Any]:
    """The claim, and the limits of it. Where a later round took the drafts over, this one claims nothing for them."""
    successor = successor_of(round)
    name = ("changes by hand", round.pk)
    changes = None if successor else kept(name, partial(changes_by_hand, round), now=now)
    changed = changes.pairs if changes else 0
    return {
        "successor": successor, "changed": changed, "nobody": nobody_words(round),
        "helping": round.figures.get("helping", True), "sentence": _sentence(round, past=bool(changed or successor)),
        "since": _since(round, changed, changes.total) if changes and changed else "",
        "held_back": _held_back(plan), "held_back_count": len(plan.held_back) if plan else 0,
        "held_back_more": max(0, len(plan.held_back) - MOST_NAMED) if plan else 0,
    }  # fmt: skip


def nobody_words(round: Round) -> str:
    """The head of a round that had nobody on one side: nothing was arranged, so there is nothing to call the best."""
    facts = round.figures
    if not facts["mentees"]:
        return _("There was nobody to place")
    if not facts["mentors"]:
        return _("Nobody with a free seat took part") if facts.get("helping", True) else _("Nobody can be matched yet")
    return ""


def _since(round: Round, changed: int, total: int) -> str:
    """What was changed by hand, and what it costs in points."""
    solved = round.figures["total"]
    said = ngettext(
        "Since then %(n)s pair was changed by hand, which the proof does not cover.",
        "Since then %(n)s pairs were changed by hand, which the proof does not cover.",
        changed,
    ) % {"n": changed}  # fmt: skip
    points = {"now": number_format(total, force_grouping=True), "solved": number_format(solved, force_grouping=True)}
    if total == solved:
        return f"{said} " + _("The proposals come to %(now)s points in total, as many as when it was solved.") % points
    gap = abs(total - solved)
    words = (
        ngettext("%(n)s fewer than when it was solved", "%(n)s fewer than when it was solved", gap)
        if total < solved
        else ngettext("%(n)s more than when it was solved", "%(n)s more than when it was solved", gap)
    )
    facts = {**points, "gap": words % {"n": number_format(gap, force_grouping=True)}}
    return f"{said} " + _("The proposals come to %(now)s points in total now, %(gap)s (%(solved)s).") % facts


def _held_back(plan: Published | None) -> list[dict[str, str]]:
    if plan is None:
        return []
    return [
        {"pair": f"{row.mentee_name} → {row.mentor_name}", "why": held_back_words(why)}
        for row, why in plan.held_back[:MOST_NAMED]
    ]


def _sentence(round: Round, *, past: bool) -> str:
    """What a sceptic can accept: how many, out of how many, and what "best" means."""
    facts = round.figures
    numbers = {name: number_format(facts[name], force_grouping=True) for name in ("placed", "mentees", "allowed")}
    if not facts["mentees"]:
        return _("Nobody who looks for somebody took part, so there was nothing to arrange. “What went in” says who was"
                 " left out.")  # fmt: skip
    if not facts["mentors"]:
        if not facts.get("helping", True):
            return _(
                "No question of the form says what somebody can help with. Mark one: "
                "whoever gives their time is matched only after answering it."
            )
        return _("There was nobody with a free seat who could take part. “What went in” says what kept them out.")
    if not facts["allowed"]:
        return _("No pair is allowed by your rules, so nobody could be placed.")
    placed = _placed(past, facts["mentees"]) % numbers
    weighed = ngettext(
        "The one allowed pair was weighed.", "All %(allowed)s allowed pairs were weighed.", facts["allowed"]
    )
    claim = _claim(round, past) % {"placed": placed, "by": _by(facts)}
    return f"{claim} {weighed % numbers} " + _("“Best” means by your weights, nothing more.")


def _placed(past: bool, mentees: int) -> str:
    if past:
        return ngettext(
            "As it was solved, %(placed)s of %(mentees)s person was placed",
            "As it was solved, %(placed)s of %(mentees)s people were placed", mentees,
        )  # fmt: skip
    return ngettext(
        "%(placed)s of %(mentees)s person is placed", "%(placed)s of %(mentees)s people are placed", mentees
    )


def _claim(round: Round, past: bool) -> str:
    said = _near_claim(round, past) if not round.figures["proven"] else _best_claim(round, past)
    fixed = fixed_words(round)
    return f"{said} {fixed}" if fixed else said


def fixed_words(round: Round) -> str:
    """What coordinators had fixed before the search: the proof is about arrangements that keep to it."""
    pins, strikes = round.figures.get("pins", 0), round.figures.get("strikes", 0)
    kept = ngettext("keep the %(n)s pair that was fixed", "keep the %(n)s pairs that were fixed", pins) % {"n": pins}
    apart = ngettext(
        "leave the %(n)s pair apart that was dismissed", "leave the %(n)s pairs apart that were dismissed", strikes
    ) % {"n": strikes}  # fmt: skip
    if pins and strikes:
        return _("Compared are arrangements that %(kept)s and %(apart)s.") % {"kept": kept, "apart": apart}
    if not pins and not strikes:
        return ""
    return _("Compared are arrangements that %(kept)s.") % {"kept": kept if pins else apart}


def _best_claim(round: Round, past: bool) -> str:
    if round.objective == Round.Objective.BEST_TOTAL:
        if past:
            return _("%(placed)s, and no other arrangement fitted better in total.")
        return _("%(placed)s, and no other arrangement fits better in total.")
    if past:
        return _("%(placed)s, and no other arrangement placed more, or placed as many and fitted better in total.")
    return _("%(placed)s, and no other arrangement places more, or places as many and fits better in total.")


def _near_claim(round: Round, past: bool) -> str:
    """What is proven where the search stopped at a gap."""
    if round.objective == Round.Objective.BEST_TOTAL:
        if past:
            return _("%(placed)s. Another arrangement could have fitted better, by %(by)s.")
        return _("%(placed)s. Another arrangement could fit better, by %(by)s.")
    if past:
        return _("%(placed)s. No other arrangement placed more; another could have fitted better, by %(by)s.")
    return _("%(placed)s. No other arrangement places more; another could fit better, by %(by)s.")


def _by(facts: dict[str, Any]) -> str:
    """By how much another arrangement could be better at most."""
    points = ngettext("%(n)s point", "%(n)s points", facts["gap"]) % {
        "n": number_format(facts["gap"], force_grouping=True)
    }
    return _("at most %(points)s in total, which is %(per_cent)s %%") % {
        "points": points, "per_cent": facts.get("per_cent", "0"),
    }  # fmt: skip
