"""Reasons, rules and causes in words, in the reader's language. Plain values in, sentences out."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twoway.matching.fit import Point
from twoway.matching.models import Round
from twoway.matching.wished import NAMED
from twoway.people.models import Person
from twoway.signup.fields import language_name
from twoway.signup.models import Question

Kind, Use = Question.Kind, Question.Use


def moment_words(moment: datetime, reader: Person) -> str:
    """A moment for a letter: the whole date, in the reader's language and zone, with the place whose clock it is."""
    with translation.override(reader.language), timezone.override(reader.time_zone):
        place = reader.time_zone.rsplit("/", 1)[-1].replace("_", " ")
        return f"{date_format(timezone.localtime(moment), _('l j F Y, H:i'))} ({place})"


def listed(words: Iterable[str]) -> str:
    """Several things as a sentence names them: a, b and c."""
    found = [str(word) for word in words]
    if len(found) < 2:
        return "".join(found)
    return _("%(some)s and %(last)s") % {"some": ", ".join(found[:-1]), "last": found[-1]}


def seen(point: Point) -> str:
    """What met in one criterion, without the question's own words."""
    if point["use"] == NAMED:
        met = point["code"] == "wish_met"
        return _("one of those they wished to meet") if met else _("not one of those they wished to meet")
    code, use, kind = point["code"], point["use"], point["kind"]
    if use == Use.PREFERENCE:
        return _("meets the stated preference") if code == "wish_met" else _("not the stated preference")
    if code == "unanswered":
        return _("not answered on the other side")
    if kind == Kind.HOURS:
        return _hours(point)
    if use == Use.TEXT:
        return _phrases(point)
    if use == Use.NEAR:
        return _nearness(point)
    shared = [language_name(word) for word in point["shared"]] if kind == Kind.LANGUAGES else point["shared"]
    if kind == Kind.YES_NO:
        shared = [_("Yes") if word == "yes" else _("No") for word in shared]
    if use == Use.DIFFERENT:
        return _("both have %(what)s") % {"what": listed(shared)} if shared else _("different answers")
    if use == Use.SAME:
        return _("both: %(what)s") % {"what": listed(shared)} if shared else _("not the same")
    return _overlap(point, list(shared))


def _hours(point: Point) -> str:
    hours = point.get("hours", 0)
    if not hours:
        return _("no shared hours in the week")
    number = number_format(hours, decimal_pos=0 if hours == int(hours) else 1)
    return ngettext("%(n)s shared hour a week", "%(n)s shared hours a week", int(hours)) % {"n": number}


def _phrases(point: Point) -> str:
    met = [
        f"“{hers}”"
        if hers.casefold() == his.casefold()
        else _("“%(hers)s” meets “%(his)s”") % {"hers": hers, "his": his}
        for hers, his in point.get("phrases", [])[:2]
    ]
    if met:
        return "; ".join(met)
    return _("alike in places, no phrase stands out") if point["points"] else _("little in common")


def _nearness(point: Point) -> str:
    steps = point.get("steps")
    if steps is None:
        return _("close to each other") if point["points"] * 2 >= point["of"] else _("far from each other")
    if steps == 0:
        return _("the same answer")
    return ngettext("%(n)s step apart", "%(n)s steps apart", steps) % {"n": steps}


def _overlap(point: Point, shared: list[str]) -> str:
    if not shared:
        return _("nothing in common here")
    if point["kind"] == Kind.LANGUAGES:
        return _("both speak %(what)s") % {"what": listed(shared)}
    if point["use"] == Use.WISH:
        return _asked_for(point, shared)
    return listed(shared)


def _asked_for(point: Point, shared: list[str]) -> str:
    """How much of what was asked for is offered. “Wish” is kept for whom somebody would like to meet."""
    asked, what = point["asked"], listed(shared)
    if len(shared) >= asked:
        return _("%(what)s, as asked for") % {"what": what}
    return _("%(what)s, %(n)s of the %(of)s asked for") % {"n": len(shared), "of": asked, "what": what}


def parts(points: list[Point]) -> list[dict[str, Any]]:
    """For the bar and the list of reasons: label, points, of, reason."""
    return [
        {"label": p["label"] or _("Wishes"), "points": p["points"], "of": p["of"], "reason": _with_weight(p)}
        for p in points
    ]


def _with_weight(point: Point) -> str:
    return _("%(seen)s; matters most to them") % {"seen": seen(point)} if point.get("doubled") else seen(point)


def in_short(points: list[Point], warnings: list[dict[str, str]]) -> str:
    """The two strongest reasons in one line, and what is only just kept."""
    best = sorted((p for p in points if p["points"]), key=lambda p: -p["points"])
    said = [seen(point) for point in best[:2]]
    said += [warning_words(warning) for warning in warnings]
    return "; ".join(said) or _("Nothing they answered could be compared; the rules are kept.")


def held_back_words(why: str) -> str:
    """Why a draft stays a draft when others are published."""
    return {
        "apart": _("kept apart"), "seat": _("no free seat is left"),
        "placed": _("matched already, or in another proposal"), "gone": _("one of the two cannot take part now"),
        "draft": _("not a draft any more"),
    }[why]  # fmt: skip


def warning_words(warning: dict[str, str]) -> str:
    if warning["kind"] == "broken":
        return _("pinned against the rule “%(rule)s”") % {"rule": warning["label"]}
    return _("the rule “%(rule)s” only just holds") % {"rule": warning["label"]}


def objective_words(objective: str) -> str:
    if objective == "best_total":
        return _("the best total")
    return _("most people placed, then the best total")


def rule_words(rule: dict[str, Any]) -> str:
    """One rule or weight as it was when the round ran."""
    if rule["use"] == NAMED:
        return _("Whom they marked before the round, weight %(n)s of 10") % {"n": rule["weight"]}
    if rule["use"] == Use.HIGHER:
        return ngettext(
            "Whoever helps must be at least %(n)s step higher",
            "Whoever helps must be at least %(n)s steps higher",
            rule["steps"],
        ) % {"n": rule["steps"]}  # fmt: skip
    if rule["use"] == Use.PREFERENCE:
        return _("Their own stated preference, weight %(n)s of 10") % {"n": rule["weight"]}
    use = str(Use(rule["use"]).label)
    return use if rule["limit"] else _("%(use)s, weight %(n)s of 10") % {"use": use, "n": rule["weight"]}


def texts_words(compared_with: str | None) -> str:
    """How free texts were compared: by a model, by letters, or not at all."""
    if compared_with is None:
        return ""
    if not compared_with:
        return _("Free texts: compared by the letters they share (character TF-IDF), not by meaning")
    return _("Free texts: compared by meaning, as read by %(model)s") % {"model": compared_with}


def texts_of_round(round: Round) -> str:
    """The same for a round. Rounds from before it was noted down compared letters."""
    counts = any(rule["use"] == Use.TEXT for rule in round.settings.get("rules", []))
    return texts_words(round.figures.get("texts", "") if counts else None)


def wishes_words(round: Round) -> str:
    """How many got a wish. Of fewer than five no number is told."""
    facts = round.figures.get("wishes")
    if not facts:
        return ""
    if facts.get("few"):
        return _("Wishes counted. Fewer than five people marked any, so the numbers are not shown.")
    words = ngettext(
        "%(met)s of the %(n)s person who marked wishes got somebody they wished to meet.",
        "%(met)s of the %(n)s people who marked wishes got somebody they wished to meet.",
        facts["wished"],
    )
    return words % {"met": facts["met"], "n": facts["wished"]}


REASONS_LEFT_OUT = (
    "has_mentor", "proposed", "no_seat", "says_nothing", "away", "waiting", "expected", "incomplete",
    "left_out",
)  # fmt: skip


def without_words(reason: str, n: int) -> str:
    """Why some are not in a round, with their number."""
    words = {
        "has_mentor": ngettext("%(n)s person is matched already", "%(n)s people are matched already", n),
        "proposed": ngettext(
            "%(n)s person has a proposal waiting for an answer",
            "%(n)s people have a proposal waiting for an answer",
            n,
        ),
        "no_seat": ngettext("%(n)s person has no free seat", "%(n)s people have no free seat", n),
        "says_nothing": ngettext(
            "%(n)s person has not said what they can help with",
            "%(n)s people have not said what they can help with",
            n,
        ),
        "away": ngettext("%(n)s person is taking a break", "%(n)s people are taking a break", n),
        "waiting": ngettext("%(n)s person waits for your approval", "%(n)s people wait for your approval", n),
        "expected": ngettext(
            "%(n)s expected person has not joined yet", "%(n)s expected people have not joined yet", n
        ),
        "incomplete": ngettext(
            "%(n)s expected person has not answered all that is needed",
            "%(n)s expected people have not answered all that is needed",
            n,
        ),
        "left_out": ngettext("%(n)s person was left out by you", "%(n)s people were left out by you", n),
    }  # fmt: skip
    return words[reason] % {"n": n}


def without_lines(without: dict[str, int]) -> list[str]:
    return [without_words(reason, without[reason]) for reason in REASONS_LEFT_OUT if without.get(reason)]
