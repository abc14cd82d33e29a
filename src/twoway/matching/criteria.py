"""From the questions of a form to the engine's criteria and hard rules, and from answers to the engine's values.

A criterion carries its question's public id as its name, so that words and labels stay outside the engine. Nothing
but what a question is used for goes in: a protected trait is there only where a mentee's own wish names it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from matchengine import Answer, Criterion, Limit
from twoway.signup.fields import SCALE, SLOTS, Value
from twoway.signup.models import Question

Use, Kind = Question.Use, Question.Kind
RULES = {Use.HIGHER: "higher", Use.MUST_SAME: "same", Use.MUST_DIFFER: "differs"}
CHOICES = (Kind.SINGLE, Kind.ORDERED, Kind.MANY, Kind.SKILLS_WANTED, Kind.SKILLS_OFFERED)
HALF_HOURS_ENOUGH = 12
"""Six shared hours a week are as good as more."""

TEN_YEARS, TEN = 3650, 10


@dataclass(frozen=True)
class Rule:
    """One question at work: the mentee's question compared with the mentor's."""

    mentee: Question
    mentor: Question
    owner: Question  # the one that carries use, weight and steps

    @property
    def name(self) -> str:
        return self.owner.public_id

    @property
    def is_limit(self) -> bool:
        return self.owner.use in RULES


def rules_among(questions: Iterable[Question]) -> list[Rule]:
    """What of a form counts in matching, in its order; two questions that meet each other count once."""
    rules: list[Rule] = []
    seen: set[tuple[frozenset[int], str]] = set()
    for question in questions:
        rule = _rule_of(question)
        if rule is None:
            continue
        key = (frozenset({rule.mentee.pk, rule.mentor.pk}), question.use)
        if key not in seen:
            seen.add(key)
            rules.append(rule)
    return rules


def _rule_of(question: Question) -> Rule | None:
    other = question.meets or question
    if question.use == Use.OFF or question.retired_at or other.retired_at:
        return None
    if Question.Audience.COORDINATORS in (question.audience, other.audience):
        return None
    if question.use == Use.PREFERENCE and question.meets is None:
        return None  # a trait alone is nobody's wish
    mentee, mentor = (other, question) if question.asked_of == "mentor" else (question, other)
    if mentee.asked_of == "mentor" or mentor.asked_of == "mentee":
        return None  # asked of one side only: there is nothing to compare
    return Rule(mentee, mentor, question)


def limit_of(rule: Rule) -> Limit:
    question = rule.owner
    return Limit(
        rule.name, RULES[Use(question.use)], rule.mentee.public_id, rule.mentor.public_id,  # type: ignore[arg-type]
        order=order_of(rule), steps=question.steps,
    )  # fmt: skip


def criterion_of(rule: Rule) -> Criterion:
    question, kind = rule.owner, rule.mentee.kind
    both = question.both_ways and question.use not in (Use.PREFERENCE, Use.TEXT)
    return Criterion(
        rule.name, question.use, rule.mentee.public_id, rule.mentor.public_id,  # type: ignore[arg-type]
        weight=question.weight, both=both,
        order=order_of(rule) if question.use == Use.NEAR else (),
        span=_span(rule.mentee) if question.use == Use.NEAR else 0,
        enough=HALF_HOURS_ENOUGH if kind == Kind.HOURS else 1 if kind == Kind.LANGUAGES else 0,
        given_for_matching=question.use == Use.PREFERENCE,
    )  # fmt: skip


def order_of(rule: Rule) -> tuple[str, ...]:
    """The options of both questions in their order, each once; empty where the answers are numbers."""
    if rule.mentee.kind not in CHOICES and rule.mentor.kind not in CHOICES:
        return ()
    found: dict[str, str] = {}
    for question in (rule.mentee, rule.mentor):
        for option in question.options:
            label = " ".join(str(option["label"]).split())
            found.setdefault(label.casefold(), label)
    return tuple(found.values())


def _span(question: Question) -> int:
    if question.kind == Kind.SCALE:
        return SCALE[-1] - SCALE[0]
    if question.kind == Kind.DATE:
        return TEN_YEARS
    if question.kind == Kind.NUMBER:
        low, high = question.limits.get("low"), question.limits.get("high")
        return max(1, high - low) if low is not None and high is not None else TEN
    return 0


def engine_value(question: Question, value: Value, monday: date) -> Answer:
    """An answer as the engine compares it. Hours become half hours of one week in world time, the week of
    `monday`, because a clock change moves them."""
    if question.kind in CHOICES:
        said = {str(key) for key in value} if isinstance(value, list) else {str(value)}
        labels = {
            str(option["key"]): " ".join(str(option["label"]).split())
            for option in question.options if str(option["key"]) in said
        }  # fmt: skip
        if isinstance(value, list):
            return tuple(labels.get(str(key), str(key)) for key in value)
        return labels.get(value, str(value))
    if question.kind == Kind.HOURS:
        return _half_hours(value["zone"], tuple(value.get("slots", ())), monday)
    if question.kind == Kind.DATE:
        return date.fromisoformat(value).toordinal()
    if question.kind == Kind.YES_NO:
        return "yes" if value else "no"
    if isinstance(value, list):
        return tuple(str(part) for part in value)
    return int(value) if question.kind in (Kind.SCALE, Kind.NUMBER) else str(value)


@lru_cache(maxsize=4096)
def _half_hours(zone: str, slots: tuple[str, ...], monday: date) -> tuple[str, ...]:
    """Remembered, because many people tick the same hours in the same zone."""
    found = []
    for slot in slots:
        day, begins, ends = SLOTS[slot]
        for half in range(begins * 2, ends * 2):
            local = datetime.combine(monday + timedelta(days=day), time(half // 2, half % 2 * 30), ZoneInfo(zone))
            found.append(f"{local.astimezone(UTC):%a %H:%M}".lower())
    return tuple(found)


def as_settings(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """The rules and weights as they were when a round ran, with their words."""
    return [
        {
            "id": rule.name, "label": rule.owner.label, "use": rule.owner.use, "weight": rule.owner.weight,
            "steps": rule.owner.steps, "limit": rule.is_limit, "kind": rule.mentee.kind,
            "mentee": rule.mentee.public_id, "mentor": rule.mentor.public_id,
        }
        for rule in rules
    ]  # fmt: skip
