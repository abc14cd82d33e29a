"""From the database to the engine's question: who takes part, with what answers, seats, rules and pins."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from matchengine import Answer, Mentee, Mentor, Pin, Problem, Strike
from matchengine import Apart as EngineApart
from twoway.matching.apart import Apart, apart_in
from twoway.matching.criteria import Rule, as_settings, criterion_of, engine_value, limit_of, rules_among
from twoway.matching.meaning import read_for_page, read_for_round
from twoway.matching.models import Proposal, Round
from twoway.matching.models import Strike as StrikeRow
from twoway.matching.queries.people import Entry, Field, people_for
from twoway.matching.wished import Wished, wished_in
from twoway.people.models import Intake, Programme
from twoway.signup.queries import answers_by_application, questions_of


@dataclass
class Prepared:
    """The engine's problem and what it leaves unsaid: rules in words, people by id, pins that cannot be kept."""

    problem: Problem
    rules: list[Rule]
    people: Field
    apart: Apart
    pinned: list[Proposal] = field(default_factory=list)
    dropped: list[Proposal] = field(default_factory=list)
    helping: bool = True
    """Whether any question says what a mentor helps with."""
    wished: Wished = field(default_factory=Wished)

    @property
    def holds_private(self) -> bool:
        """Whether somebody's private wish keeps two of these people apart."""
        here = {row.pk for row in (*self.people.mentees, *(offer.application for offer in self.people.mentors))}
        return any(two <= here for two in self.apart.private)

    @property
    def settings(self) -> list[dict[str, Any]]:
        return as_settings(self.rules) + self.wished.settings


def problem_for(round: Round, now: datetime, step: Callable[[int, int], object] = lambda done, total: None) -> Prepared:
    """The question that a round puts to the engine. `step(done, total)` is called while a model reads its texts.

    Raises UnusableModel where the operator's text model does not load: letters are never compared in its place.
    """
    intake = round.intake
    left_out = frozenset(round.settings.get("left_out", ()))
    people = people_for(intake, with_expected=round.with_expected, now=now, left_out=left_out)
    return prepare(
        intake, people, now=round.made_at, read=lambda problem, programme: read_for_round(problem, programme, step)
    )


def prepare(
    intake: Intake,
    people: Field,
    *,
    now: datetime,
    in_round: bool = True,
    read: Callable[[Problem, Programme], Problem] = read_for_page,
) -> Prepared:
    """The engine's problem for these people. `now` names the week whose clocks tell which hours meet. Pins and wishes
    count in a round alone."""
    questions = questions_of(intake.programme)
    rules = rules_among(questions)
    answers = _answers(intake, people, rules, now)
    apart = apart_in(intake)
    strikes = set(StrikeRow.objects.filter(intake=intake).values_list("mentee_id", "mentor_id"))
    pinned, dropped = _pins(intake, people, apart, strikes) if in_round else ([], [])
    wished = wished_in(intake, people, apart, rules) if in_round else Wished()
    excepted = {frozenset({pin.mentee_id, pin.mentor_id}) for pin in pinned if pin.override}
    mentees = {row.pk: row.public_id for row in people.mentees}
    mentors = {offer.application.pk: offer.application.public_id for offer in people.mentors}
    problem = Problem(
        mentees=tuple(
            Mentee(row.public_id, answers[row.pk] | wished.answers(row.pk), matters_most=wished.matters.get(row.pk, ""))
            for row in people.mentees
        ),
        mentors=tuple(
            Mentor(offer.application.public_id, answers[offer.application.pk], offer.seats, offer.held)
            for offer in people.mentors
        ),
        limits=tuple(limit_of(rule) for rule in rules if rule.is_limit),
        criteria=(*(criterion_of(rule) for rule in rules if not rule.is_limit), *wished.criteria),
        apart=_bars(apart, excepted, mentees, mentors),
        pins=tuple(Pin(mentees[pin.mentee_id], mentors[pin.mentor_id], override=True) for pin in pinned),
        strikes=tuple(
            Strike(mentees[one], mentors[other])
            for one, other in sorted(strikes)
            if one in mentees and other in mentors
        ),
    )
    helping = any(question.what_i_help_with for question in questions)
    return Prepared(read(problem, intake.programme), rules, people, apart, pinned, dropped, helping, wished)


def _answers(intake: Intake, people: Field, rules: list[Rule], now: datetime) -> dict[int, dict[str, Answer]]:
    """Only answers that some rule or criterion asks for; what is for coordinators only never comes here."""
    asked = {question.pk: question for rule in rules for question in (rule.mentee, rule.mentor)}
    day = (intake.starts_on or now.date()) if intake.starts_on and intake.starts_on > now.date() else now.date()
    monday = day - timedelta(days=day.weekday())
    everybody = {row.pk: row for row in [*people.mentees, *(offer.application for offer in people.mentors)]}
    return {
        pk: {
            asked[question].public_id: engine_value(asked[question], value, monday)
            for question, value in sorted(said.items())
            if value not in (None, "", [], {})
        }
        for pk, said in answers_by_application(everybody.values(), asked).items()
    }


def _bars(
    apart: Apart, excepted: set[frozenset[int]], mentees: dict[int, str], mentors: dict[int, str]
) -> tuple[EngineApart, ...]:
    """All who must not meet, told alike: from the problem nobody can read whether a private wish stands behind."""
    bars = set()
    for two in apart.firm | (apart.line - excepted):
        one, other = sorted(two)
        if (one in mentees and other in mentors) or (other in mentees and one in mentors):
            names = sorted((mentees.get(one) or mentors[one], mentees.get(other) or mentors[other]))
            bars.add((names[0], names[1]))
    return tuple(EngineApart(one, other, "personal") for one, other in sorted(bars))


def _pins(
    intake: Intake, people: Field, apart: Apart, strikes: set[tuple[int, int]]
) -> tuple[list[Proposal], list[Proposal]]:
    """The drafts a coordinator pinned: those that can be kept, and those that cannot any more."""
    seats = Counter({offer.application.pk: max(0, offer.seats - offer.held) for offer in people.mentors})
    mentees = {row.pk for row in people.mentees}
    kept: list[Proposal] = []
    dropped: list[Proposal] = []
    taken: set[int] = set()
    drafts = Proposal.objects.filter(intake=intake, state=Proposal.State.DRAFT, pinned=True)
    for draft in drafts.select_related("mentee", "mentor").order_by("pk"):
        two = frozenset({draft.mentee_id, draft.mentor_id})
        barred = two in apart.firm or (two in apart.line and not draft.override)
        fits = draft.mentee_id in mentees - taken and seats[draft.mentor_id] > 0 and not barred
        if fits and (draft.mentee_id, draft.mentor_id) not in strikes:
            kept.append(draft)
            taken.add(draft.mentee_id)
            seats[draft.mentor_id] -= 1
        else:
            dropped.append(draft)
    return kept, dropped


def by_public_id(rows: Iterable[Entry]) -> dict[str, Entry]:
    return {row.public_id: row for row in rows}
