"""Whether a problem can be answered as put. Every complaint names the person and the answer it is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from matchengine.answers import answer_of, as_place, plain
from matchengine.problem import (
    APART_KINDS,
    CRITERION_KINDS,
    LIMIT_KINDS,
    MOST_PAIRS,
    Answer,
    Criterion,
    InvalidProblem,
    Limit,
    Meaning,
    Mentee,
    Mentor,
    Problem,
)
from matchengine.text.reader import sentences_to_read

MOST_CRITERIA = 60
LARGEST_VECTOR = 8_192
LARGEST_ANSWER = 10**15


def check(problem: Problem) -> None:
    """Raise InvalidProblem at the first thing that makes the question unanswerable; return nothing
    otherwise.

    Example: two mentees with one id, a grade that is not in its order, a weight of 11, a pin on a full
    mentor. Cost: every answer is read once for each rule that uses it.
    """
    if len(problem.mentees) * len(problem.mentors) > MOST_PAIRS:
        raise InvalidProblem(
            f"{len(problem.mentees)} mentees and {len(problem.mentors)} mentors are too many for one run: "
            f"at most {MOST_PAIRS} possible pairs"
        )
    if not _is_count(problem.text_cap, 100):
        raise InvalidProblem("text_cap must be a whole number from 0 to 100")
    _check_people("mentee", problem.mentees)
    _check_people("mentor", problem.mentors)
    _check_boards(problem)
    for mentor in problem.mentors:
        _check_capacity(mentor)
    _check_names("rule", [limit.name for limit in problem.limits])
    _check_names("criterion", [criterion.name for criterion in problem.criteria])
    _check_what_matters(problem)
    if len(problem.limits) + len(problem.criteria) > MOST_CRITERIA:
        raise InvalidProblem(f"at most {MOST_CRITERIA} rules and criteria can be used at once")
    for limit in problem.limits:
        _check_limit(limit, problem)
    for criterion in problem.criteria:
        _check_criterion(criterion, problem)
    for apart in problem.apart:
        if apart.kind not in APART_KINDS:
            raise InvalidProblem(f'"{apart.kind}" is not a kind of keep-apart')
    _check_pins(problem)
    if problem.meaning is not None:
        _check_meaning(problem.meaning, problem)


def _check_people(side: str, people: Sequence[Mentee | Mentor]) -> None:
    seen: set[str] = set()
    for person in people:
        if not isinstance(person.id, str) or not person.id.strip() or not _can_be_written(person.id):
            raise InvalidProblem(f"a {side} has no id", side=side, person=str(person.id), field="id")
        if person.id in seen:
            raise InvalidProblem(f'"{person.id}" is there twice', side=side, person=person.id, field="id")
        seen.add(person.id)
        for field, answer in person.answers.items():
            if not _is_answer(answer):
                raise InvalidProblem(
                    f'{field} of "{person.id}" must be text, options, or a number that is not too large',
                    side=side,
                    person=person.id,
                    field=field,
                )


def _check_boards(problem: Problem) -> None:
    mentors = {mentor.id for mentor in problem.mentors}
    for mentee in problem.mentees:
        who = f'"{mentee.id}"'
        fault = ""
        if not _is_count(mentee.wanted, 1_000_000) or mentee.wanted < 1:
            fault = f"{who} must want a whole number of mentors from 1, not {mentee.wanted!r}"
        elif mentee.wanted > 1 and mentee.wanted > (there := len(mentors) + len(set(mentee.holds) - mentors)):
            fault = f"{who} wants {mentee.wanted} mentors, and there are {there}"
        if fault:
            raise InvalidProblem(fault, side="mentee", person=mentee.id, field="wanted")
        if not all(isinstance(one, str) and one.strip() and _can_be_written(one) for one in mentee.holds):
            raise InvalidProblem(
                f"a mentor whom {who} has already has no id", side="mentee", person=mentee.id, field="holds"
            )
        if len(set(mentee.holds)) < len(mentee.holds):
            raise InvalidProblem(
                f"a mentor whom {who} has already is there twice", side="mentee", person=mentee.id, field="holds"
            )


def _is_answer(answer: object) -> bool:
    if isinstance(answer, tuple):
        return all(isinstance(option, str) for option in answer)
    if isinstance(answer, int | float) and not isinstance(answer, bool):
        return abs(answer) <= LARGEST_ANSWER
    return isinstance(answer, str)


def _can_be_written(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check_capacity(mentor: Mentor) -> None:
    for name, number in (("capacity", mentor.capacity), ("used", mentor.used)):
        if not _is_count(number, 1_000_000):
            raise InvalidProblem(
                f'{name} of "{mentor.id}" must be a whole number from 0 to 1000000, not {number!r}',
                side="mentor",
                person=mentor.id,
                field="capacity",
            )


def _is_count(number: object, most: int) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= most


def _check_names(what: str, names: Iterable[str]) -> None:
    for name, times in Counter(names).items():
        if not name.strip():
            raise InvalidProblem(f"a {what} has no name")
        if times > 1:
            raise InvalidProblem(f'two of the rules share the name "{name}"')


def _check_what_matters(problem: Problem) -> None:
    names = {criterion.name for criterion in problem.criteria}
    for mentee in problem.mentees:
        if mentee.matters_most and mentee.matters_most not in names:
            raise InvalidProblem(
                f'what matters most to "{mentee.id}" is no criterion: "{str(mentee.matters_most)[:60]}"',
                side="mentee",
                person=mentee.id,
                field="matters_most",
            )


def _check_limit(limit: Limit, problem: Problem) -> None:
    if limit.kind not in LIMIT_KINDS:
        raise InvalidProblem(f'"{limit.kind}" is not a kind of hard rule; there are {", ".join(LIMIT_KINDS)}')
    if limit.missing not in ("", "bars", "passes"):
        raise InvalidProblem(f'missing of "{limit.name}" must be "bars" or "passes"')
    if not _is_count(limit.steps, 1_000_000):
        raise InvalidProblem(f'steps of "{limit.name}" must be a whole number from 0')
    _check_fields(limit.name, limit.mentee)
    _check_order(limit.name, limit.order)
    if limit.kind == "higher":
        _check_places(limit.order, limit.mentee, limit.mentor_field, problem)


def _check_criterion(criterion: Criterion, problem: Problem) -> None:
    name = criterion.name
    if criterion.kind not in CRITERION_KINDS:
        raise InvalidProblem(f'"{criterion.kind}" is not a kind of criterion; there are {", ".join(CRITERION_KINDS)}')
    if criterion.kind == "off":
        return
    if not _is_count(criterion.weight, 10):
        raise InvalidProblem(f'the weight of "{name}" must be a whole number from 0 to 10, not {criterion.weight!r}')
    if not _is_count(criterion.span, 1_000_000) or not _is_count(criterion.enough, 1_000_000):
        raise InvalidProblem(f'span and enough of "{name}" must be whole numbers from 0')
    _check_fields(name, criterion.mentee)
    _check_order(name, criterion.order)
    if criterion.kind == "near":
        if not criterion.order and not criterion.span:
            raise InvalidProblem(f'"{name}" needs an order of its values, or a span for numbers')
        _check_places(criterion.order, criterion.mentee, criterion.mentor_field, problem)
        if criterion.both:
            _check_places(criterion.order, criterion.mentor_field, criterion.mentee, problem)
    if criterion.kind == "named" and (criterion.both or criterion.mentor):
        raise InvalidProblem(f'"{name}" names mentors by their ids: no answer of theirs is asked, nor both sides')
    if criterion.kind == "preference":
        if criterion.both:
            raise InvalidProblem(f'"{name}" is the mentee\'s own preference and cannot be asked of both')
        if bool(criterion.allowed) == criterion.given_for_matching:
            raise InvalidProblem(
                f'"{name}" needs either the answer by which a mentor allows it to be used, '
                "or the word that it was given for matching"
            )


def _check_fields(name: str, field: str) -> None:
    if not field.strip():
        raise InvalidProblem(f'"{name}" does not say which answer it is about')


def _check_order(name: str, order: Sequence[str]) -> None:
    places = [plain(place) for place in order]
    if "" in places or len(set(places)) < len(places):
        raise InvalidProblem(f'the order of "{name}" has an empty value or one that is there twice')


def _check_places(order: Sequence[str], mentee: str, mentor: str, problem: Problem) -> None:
    people: tuple[tuple[str, str, Sequence[Mentee | Mentor]], ...] = (
        ("mentee", mentee, problem.mentees),
        ("mentor", mentor, problem.mentors),
    )
    for side, field, those in people:
        for person in those:
            _check_place(order, answer_of(person.answers, field), side, person.id, field)


def _check_place(order: Sequence[str], answer: Answer | None, side: str, person: str, field: str) -> None:
    try:
        as_place(answer, order)
    except ValueError as error:
        raise InvalidProblem(f'{field} of "{person}": {error}', side=side, person=person, field=field) from error


def _check_pins(problem: Problem) -> None:
    places = {mentee.id: mentee.places for mentee in problem.mentees}
    seats = {mentor.id: mentor.seats for mentor in problem.mentors}
    struck = {(strike.mentee, strike.mentor) for strike in problem.strikes}
    pinned: set[tuple[str, str]] = set()
    for pin in problem.pins:
        if pin.mentee not in places or pin.mentor not in seats:
            raise InvalidProblem(f'the pin of "{pin.mentee}" and "{pin.mentor}" names somebody who is not here')
        if (pin.mentee, pin.mentor) in pinned or not places[pin.mentee]:
            fault = "is pinned twice" if any(who == pin.mentee for who, _ in pinned) else "has no place for a pin"
            raise InvalidProblem(f'"{pin.mentee}" {fault}', side="mentee", person=pin.mentee)
        if (pin.mentee, pin.mentor) in struck:
            raise InvalidProblem(f'"{pin.mentee}" and "{pin.mentor}" are both pinned and dismissed')
        if seats[pin.mentor] == 0:
            raise InvalidProblem(f'"{pin.mentor}" has no free seat for this pin', side="mentor", person=pin.mentor)
        pinned.add((pin.mentee, pin.mentor))
        places[pin.mentee] -= 1
        seats[pin.mentor] -= 1


def _check_meaning(meaning: Meaning, problem: Problem) -> None:
    if not meaning.scorer.strip() or not re.fullmatch("[0-9a-f]{64}", meaning.checksum):
        raise InvalidProblem("the meaning of texts does not say which model read them, with its checksum")
    if not _is_count(meaning.size, LARGEST_VECTOR) or not meaning.size:
        raise InvalidProblem(f"the vectors of texts must have from 1 to {LARGEST_VECTOR} numbers")
    if not _is_count(meaning.nothing, 1000) or not _is_count(meaning.everything, 1000):
        raise InvalidProblem("nothing and everything in the meaning of texts must be thousandths")
    if meaning.nothing >= meaning.everything:
        raise InvalidProblem("nothing must be less than everything in the meaning of texts")
    if any(len(vector) != meaning.size for vector in meaning.sentences.values()):
        raise InvalidProblem(f"a vector in the meaning of texts does not have {meaning.size} numbers")
    unread = set(sentences_to_read(problem) or ()) - set(meaning.sentences)
    if unread:
        raise InvalidProblem(f"{len(unread)} sentences of the texts were not read by {meaning.scorer}")
