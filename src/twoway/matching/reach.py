"""Which mentors the hard rules of a programme leave to a mentee before a round.

Only what both have answered closes somebody, and of a mentor only an answer that every member may read: whoever is
missing then tells nothing that was said to matching alone. No private wish is looked at: that somebody is missing would
tell it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from matchengine import Answer, Mentee, Mentor, Problem, Table
from twoway.matching.criteria import Rule, engine_value, limit_of, rules_among
from twoway.matching.queries.wish import mentors_to_mark
from twoway.people.audience import Relation
from twoway.signup.models import Application, Question
from twoway.signup.queries import answers_by_application, questions_of


@dataclass(frozen=True)
class Reach:
    """The mentors somebody may mark, by row number with their names; and whether rules may put others out of reach."""

    mentors: dict[int, str]
    has_rules: bool


def mentors_in_reach(application: Application, now: datetime) -> Reach:
    """The mentors to mark but those whom a hard rule closes, in the same order. Cost: some queries, however many
    mentors there are."""
    mentors = mentors_to_mark(application, now)
    rules = [rule for rule in rules_among(questions_of(application.intake.programme)) if _is_open(rule)]
    if not rules or not mentors:
        return Reach(mentors, bool(rules))
    closed = _closed(application, list(mentors), rules, now)
    return Reach({pk: name for pk, name in mentors.items() if pk not in closed}, True)


def _is_open(rule: Rule) -> bool:
    return rule.is_limit and rule.mentor.audience == Question.Audience.MEMBERS


def _closed(application: Application, mentors: list[int], rules: list[Rule], now: datetime) -> set[int]:
    her = Mentee("her", _answers([application.pk], rules, Relation.MATCHING, now)[application.pk])
    theirs = _answers(mentors, rules, Relation.MEMBER, now)
    table = Table(
        Problem(
            (her,),
            tuple(Mentor(str(pk), theirs[pk]) for pk in mentors),
            limits=tuple(replace(limit_of(rule), missing="passes") for rule in rules),
        )
    )
    row, column = table.limits.row[her.id], table.limits.column
    return {pk for pk in mentors if table.limits.bars(row, column[str(pk)])}


def _answers(pks: list[int], rules: list[Rule], reader: Relation, now: datetime) -> dict[int, dict[str, Answer]]:
    """What these answered to the rules' questions, as far as such a reader may know it."""
    asked = {question.pk: question for rule in rules for question in (rule.mentee, rule.mentor)}
    monday = now.date() - timedelta(days=now.weekday())
    return {
        pk: {
            asked[question].public_id: engine_value(asked[question], value, monday)
            for question, value in said.items()
            if value not in (None, "", [], {})
        }
        for pk, said in answers_by_application([_Row(pk) for pk in pks], asked, reader).items()
    }


class _Row(NamedTuple):
    pk: int
