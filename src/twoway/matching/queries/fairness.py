"""What a fairness page is made of: who was placed how well as a round was solved, and what people answered."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from twoway.matching.models import LeftOver, Proposal, Round
from twoway.people.models import Programme
from twoway.signup.fields import is_empty
from twoway.signup.models import Application, Question
from twoway.signup.queries import answers_by_application, questions_of
from twoway.signup.traits import makes_groups

Kind = Question.Kind
ENOUGH_PAIRS = 8
"""Below so many pairs there is no lower quarter to speak of."""


@dataclass(frozen=True)
class Solved:
    """A round as it was solved: public ids of its mentees, of those left over and of those with a fit below `line`,
    the lower quarter; how many mentees each mentor got, and how many seats each had."""

    mentees: frozenset[str]
    left: frozenset[str]
    lower: frozenset[str]
    line: int
    loads: Counter[str]
    seats: dict[str, int]


def solved_of(round: Round) -> Solved | None:
    """None where the receipt is not there any more: it goes when one of its people is forgotten."""
    found = Round.objects.filter(pk=round.pk).values_list("receipt__pairs", "receipt__seats").first()
    if found is None or found[0] is None:
        return None
    pairs, seats = found
    left = LeftOver.objects.filter(round=round, role="mentee").values_list("application__public_id", flat=True)
    line = round.figures["low"] if len(pairs) >= ENOUGH_PAIRS else 0
    alone = frozenset(left)
    return Solved(
        mentees=frozenset(pair["mentee"] for pair in pairs) | alone,
        left=alone,
        lower=frozenset(pair["mentee"] for pair in pairs if pair["score"] < line),
        line=line,
        loads=Counter(pair["mentor"] for pair in pairs),
        seats={seat["mentor"]: seat["seats"] for seat in seats},
    )


def grouping_questions(programme: Programme, *, protected: bool) -> list[Question]:
    """The questions of the form by which those who look for a mentor fall into groups; the protected ones apart."""
    return [one for one in questions_of(programme) if one.protected == protected and makes_groups(one)]


def people_by_answer(round: Round, question: Question, mentees: frozenset[str]) -> dict[str, frozenset[str]]:
    """Who of these gave which answer, by its words, in the order of the options; last, who gave none that matching
    may see."""
    rows = Application.objects.filter(intake=round.intake_id).values_list("pk", "public_id")
    entries = {pk: public_id for pk, public_id in rows if public_id in mentees}
    said = answers_by_application([_Entry(pk) for pk in entries], {question.pk})
    words = _words_of(question)
    found: dict[str, set[str]] = {label: set() for label in words.values()}
    silent = set(entries.values())
    for pk, answers in said.items():
        value = answers.get(question.pk)
        if is_empty(value):
            continue
        for key in value if isinstance(value, list) else [value]:
            found.setdefault(words.get(str(key), str(key)), set()).add(entries[pk])
        silent.discard(entries[pk])
    return {label: frozenset(who) for label, who in found.items()} | {_("No answer"): frozenset(silent)}


@dataclass(frozen=True)
class _Entry:
    pk: int


def _words_of(question: Question) -> dict[str, str]:
    if question.kind == Kind.YES_NO:
        return {"True": _("Yes"), "False": _("No")}
    return {str(option["key"]): str(option["label"]) for option in question.options}


def traits_shown(round: Round) -> dict[str, tuple[str, str]]:
    """The protected questions by which another round of the intake was looked at: its public id and name."""
    rows = Round.objects.filter(intake=round.intake_id, state=Round.State.DONE).exclude(pk=round.pk)
    found = {}
    for public_id, name, traits in rows.order_by("pk").values_list("public_id", "name", "figures__traits"):
        found.update({question: (public_id, name) for question, kept in (traits or {}).items() if kept["rows"]})
    return found


def drafts_by_mentee(round: Round, mentees: list[str]) -> dict[str, str]:
    """The drafts of these mentees in a round: mentee to proposal, by public ids."""
    rows: Any = Proposal.objects.filter(round=round, state=Proposal.State.DRAFT, mentee__public_id__in=mentees)
    return dict(rows.values_list("mentee__public_id", "public_id"))
