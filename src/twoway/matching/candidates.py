"""Who fits whom, one person at a time: for choosing by hand, and for another mentor in a draft."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from matchengine import Answer, Mentee, Mentor, Pair, Problem, Table, pair_among, problem_from_json
from matchengine.canonical import canonical
from twoway.matching.actions.draft import Fit
from twoway.matching.fit import points_of, warnings_of
from twoway.matching.meaning import compared_with
from twoway.matching.models import Round
from twoway.matching.prepare import Prepared, prepare
from twoway.matching.queries.people import Entry, Field, people_for
from twoway.people.models import Intake
from twoway.signup.models import Application

CHOICES = 30


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be chosen: how they fit, how many seats the mentor has free, and whether only an exception
    from the reporting line allows it."""

    application: Entry
    fit: Fit
    free: int
    in_line: bool = False


@dataclass(frozen=True)
class Choice:
    """The candidates for one person, best fit first.

    `closed` counts all who cannot be chosen, whatever closes them: a number of those kept apart, beside the names of
    the reporting line, would tell how many of them are private wishes. `levers` are the rules that alone close
    somebody with a free seat, by label, with how many. `texts` says with what free texts were compared: a model, ""
    for letters, None where none count.
    """

    candidates: list[Candidate]
    in_line: list[Candidate]
    closed: int
    levers: Counter[str]
    texts: str | None = None


def choice_for(intake: Intake, who: Application, role: str, now: datetime) -> Choice | None:
    """Everybody on the other side whom this person may be put together with; None where they cannot take part."""
    people = people_for(intake, with_expected=True, now=now, full_too=True)
    if role == "mentee":
        one = Field(mentees=[row for row in people.mentees if row.pk == who.pk], mentors=people.mentors)
    else:
        mine = [offer for offer in people.mentors if offer.application.pk == who.pk]
        one = Field(mentees=people.mentees, mentors=mine)
    if not one.mentees or not one.mentors:
        return None if not (one.mentees if role == "mentee" else one.mentors) else Choice([], [], 0, Counter())
    prepared = prepare(intake, one, now=now, in_round=False)
    return _sorted_out(prepared, Table(prepared.problem), role)


def _sorted_out(prepared: Prepared, table: Table, role: str) -> Choice:
    found: list[Candidate] = []
    in_line: list[Candidate] = []
    closed, levers = 0, Counter[str]()
    labels = {rule.name: rule.owner.label for rule in prepared.rules}
    ranked = []
    for mentee in prepared.people.mentees:
        for offer in prepared.people.mentors:
            row, column = table.limits.row[mentee.public_id], table.limits.column[offer.application.public_id]
            ranked.append((-table.scoring.score(row, column), mentee, offer))
    for _score, mentee, offer in sorted(ranked, key=lambda one: (one[0], one[1].pk, one[2].application.pk)):
        mentor = offer.application
        bars = table.limits.bars(table.limits.row[mentee.public_id], table.limits.column[mentor.public_id])
        codes = {bar.code for bar in bars}
        line_only = codes == {"apart"} and not prepared.apart.is_firm(mentee, mentor)
        other = mentor if role == "mentee" else mentee
        if codes and not line_only:
            closed += "self" not in codes
            if codes == {"limit"} and len(bars) == 1 and offer.free:
                levers[labels[bars[0].limit]] += 1
        elif len(in_line if line_only else found) < CHOICES:
            pair = table.pair(mentee.public_id, mentor.public_id)
            (in_line if line_only else found).append(
                Candidate(other, fit_of(pair, prepared), offer.free, in_line=line_only)
            )
    return Choice(found, in_line, closed, levers, compared_with(prepared.problem))


def fit_of(pair: Pair, prepared: Prepared) -> Fit:
    return Fit(pair.score, points_of(pair, prepared.rules), warnings_of(pair, prepared.rules))


def fit_by_hand(intake: Intake, mentee: Application, mentor: Application, now: datetime) -> Fit | None:
    """How two people fit as they stand now; None where a hard rule or a dismissal closes the pair, or one of them
    cannot take part. Keeping apart is asked elsewhere."""
    people = people_for(intake, with_expected=True, now=now, full_too=True)
    one = Field(
        mentees=[row for row in people.mentees if row.pk == mentee.pk],
        mentors=[offer for offer in people.mentors if offer.application.pk == mentor.pk],
    )
    if not one.mentees or not one.mentors:
        return None
    everybody = Field(mentees=one.mentees, mentors=people.mentors)
    prepared = prepare(intake, everybody, now=now, in_round=False)
    pair = Table(prepared.problem).pair(mentee.public_id, mentor.public_id)
    if any(bar.code in ("limit", "self") for bar in pair.bars):
        return None
    return fit_of(pair, prepared)


# --- another mentor in a round's draft --------------------------------------------------------------


def pair_in_round(round: Round, mentee: str, mentor: str) -> Pair | None:
    """Two people as the round scored them, so that one mentor can be weighed against another; None where a rule
    closes them, or one was not there."""
    pair = pair_as_scored(round, mentee, mentor)
    return None if pair is None or pair.bars else pair


def pair_as_scored(round: Round, mentee: str, mentor: str) -> Pair | None:
    """The same of a pair that rules may close; None where one of the two was not there."""
    try:
        return pair_among(_problem_for(round, mentee, mentor), mentee, mentor)
    except KeyError:
        return None


def _problem_for(round: Round, mentee: str, mentor: str) -> Problem:
    """The problem a round has kept, as far as it is about these two: everybody's answers, and no rules about others."""
    assert round.problem is not None  # whoever asks has looked
    kept, two = round.problem, {mentee, mentor}
    rules = {
        **kept, "mentees": [], "mentors": [], "pins": [],
        "apart": [one for one in kept["apart"] if {one["one"], one["other"]} == two],
        "strikes": [one for one in kept["strikes"] if (one["mentee"], one["mentor"]) == (mentee, mentor)],
    }  # fmt: skip
    return replace(
        problem_from_json(canonical(rules) + "\n"),
        mentees=tuple(
            Mentee(one["id"], _answers(one), matters_most=one.get("matters_most", "")) for one in kept["mentees"]
        ),
        mentors=tuple(Mentor(one["id"], _answers(one), one["capacity"], one["used"]) for one in kept["mentors"]),
    )


def _answers(one: dict[str, Any]) -> dict[str, Answer]:
    return {field: tuple(said) if isinstance(said, list) else said for field, said in one["answers"].items()}
