"""Who must not meet. Private wishes have no override; the reporting line may be set aside with a reason."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast, Lower

from twoway.loops.queries.loop import pairs_going_on
from twoway.matching.models import Proposal
from twoway.matching.queries.wish import rather_not_in
from twoway.people.models import Intake, Person
from twoway.people.queries import kept_apart_in
from twoway.signup.models import Answer, Application, Question
from twoway.signup.queries.answer import Row

Two = frozenset[int]
"""Two applications of an intake by their row numbers, whichever stands on which side."""

PIECE, FEW = 900, 5000


@dataclass
class Apart:
    """`firm`: private wishes, loops that are open, a no already said; `line`: the reporting line. `private`: those of
    the firm that are wishes, which nobody else may learn of."""

    firm: set[Two] = field(default_factory=set)
    private: set[Two] = field(default_factory=set)
    line: set[Two] = field(default_factory=set)

    def is_firm(self, one: Row, other: Row) -> bool:
        return frozenset({one.pk, other.pk}) in self.firm

    def is_in_line(self, one: Row, other: Row) -> bool:
        return frozenset({one.pk, other.pk}) in self.line


def apart_in(intake: Intake, among: Collection[Two] | None = None) -> Apart:
    """Everybody in an intake who must not be paired with somebody else in it; with `among`, at least those of these
    pairs: enough where no other is asked about."""
    some = None if among is None else {pk for two in among for pk in two}
    if some is not None and len(some) > FEW:
        some = None
    book = _Book(Application.objects.filter(intake=intake).exclude(state__in=["declined", "withdrawn"]), some)
    found = Apart()
    wishes = [wish for wish in kept_apart_in(intake.programme.organisation) if wish[0] in book.of_person]
    book.learn(address for _owner, address in wishes)
    for owner, address in wishes:
        found.private |= _pairs(book.of_person[owner], book.at(address))
    found.private |= rather_not_in(intake)
    found.firm |= found.private | _open_loops(intake, book, among) | _said_no(intake) | _same_human(book)
    found.line = _reporting_line(_bosses(intake), book) if among is None else _lines_among(intake, among, book)
    return found


class _Book:
    """The applications of an intake by person and by address; a person's proved addresses count too.

    With `some`, those alone are in it, and whoever else has an address that was learnt.
    """

    def __init__(self, rows: QuerySet[Application], some: Collection[int] | None = None) -> None:
        self.of_person: dict[int, set[int]] = defaultdict(set)
        self.by_address: dict[str, set[int]] = defaultdict(set)
        self._everybody = rows
        self._learnt: set[str] = set()
        self._whole = some is None
        self._take(rows if some is None else rows.filter(pk__in=some))
        if self._whole:
            self._learnt |= set(self.by_address)

    def _take(self, rows: QuerySet[Application]) -> None:
        for pk, person, address in rows.values_list("pk", "person_id", "address"):
            self.by_address[address.lower()].add(pk)
            if person is not None:
                self.of_person[person].add(pk)

    def at(self, address: str) -> set[int]:
        if address not in self._learnt:
            self.learn([address])
        return self.by_address[address]

    def learn(self, addresses: Iterable[str]) -> None:
        """Find the owners of many addresses in few queries."""
        unknown = sorted(set(addresses) - self._learnt)
        self._learnt |= set(unknown)
        for start in range(0, len(unknown), PIECE):
            some = unknown[start : start + PIECE]
            if not self._whole:
                self._take(self._everybody.annotate(low=Lower("address")).filter(low__in=some))
            self._learn_proved([address for address in some if not self.by_address.get(address)])

    def _learn_proved(self, addresses: list[str]) -> None:
        """Addresses that nobody gave in the intake, which somebody in it has proved to be theirs."""
        if not addresses:
            return
        owners = Person.objects.filter(emailaddress__verified=True, emailaddress__email__in=addresses)
        found = list(owners.values_list("pk", "emailaddress__email"))
        if found and not self._whole:
            self._take(self._everybody.filter(person__in={person for person, _address in found}))
        for person, address in found:
            self.by_address[address] |= self.of_person.get(person, set())


def _pairs(some: Iterable[int], others: Iterable[int]) -> set[Two]:
    return {frozenset({one, other}) for one in some for other in others if one != other}


def _same_human(book: _Book) -> set[Two]:
    return {two for mine in book.of_person.values() if len(mine) > 1 for two in _pairs(mine, mine)}


def _open_loops(intake: Intake, book: _Book, among: Collection[Two] | None) -> set[Two]:
    rows = Application.objects.filter(intake=intake, person__isnull=False)
    if among is not None:  # a loop between two is found from either of them
        rows = rows.filter(pk__in={min(two) for two in among})
    found: set[Two] = set()
    for low, high in pairs_going_on(rows.values("person")):
        found |= _pairs(book.of_person.get(low, ()), book.of_person.get(high, ()))
    return found


def _said_no(intake: Intake) -> set[Two]:
    refused = Q(end=Proposal.End.NO) | Q(answers__answer="no") | Q(held_answers__answer="no")
    rows = Proposal.objects.filter(refused, intake=intake, state=Proposal.State.ENDED)
    return {frozenset(two) for two in rows.values_list("mentee_id", "mentor_id")}


def _bosses(intake: Intake, of: Collection[int] | None = None) -> dict[int, str]:
    """The address of the line manager whom somebody named, by application; with `of`, of these alone."""
    asking = Question.objects.filter(
        form__programme=intake.programme_id, kind=Question.Kind.LINE_MANAGER, retired_at=None
    )
    questions = list(asking.order_by().values_list("pk", flat=True))
    if not questions or (of is not None and not of):
        return {}
    answers = Answer.objects.filter(question__in=questions)
    if of is None or len(of) > FEW:
        answers = answers.filter(application__intake=intake)
    else:
        answers = answers.filter(application__in=of)
    said = list(answers.values_list("application_id", Cast("value", TextField())))
    address = {value: str(json.loads(value) or "").lower() for value in {value for _pk, value in said}}  # few differ
    return {pk: address[value] for pk, value in said if address[value]}


def _lines_among(intake: Intake, among: Collection[Two], book: _Book) -> set[Two]:
    """As `_reporting_line` says of everybody, of these pairs alone."""
    boss = _bosses(intake, {pk for two in among for pk in two})
    book.learn(boss.values())
    boss |= _bosses(intake, {pk for address in set(boss.values()) for pk in book.at(address)})
    book.learn(boss.values())
    pairs = (tuple(two) for two in among if len(two) == 2)
    return {frozenset({one, other}) for one, other in pairs if _is_line(one, other, boss, book)}


def _is_line(one: int, other: int, boss: dict[int, str], book: _Book) -> bool:
    shared = one in boss and boss[one] == boss.get(other)
    return shared or other in _above(one, boss, book) or one in _above(other, boss, book)


def _above(who: int, boss: dict[int, str], book: _Book) -> set[int]:
    if who not in boss:
        return set()
    managers = book.at(boss[who])
    return managers.union(*(book.at(boss[one]) for one in managers if one in boss))


def _reporting_line(boss: dict[int, str], book: _Book) -> set[Two]:
    """Line managers one and two levels up, whichever of the two named the other, and those who share one."""
    book.learn(boss.values())
    found: set[Two] = set()
    team: dict[str, set[int]] = defaultdict(set)
    for who, address in boss.items():
        team[address].add(who)
        above = book.at(address)
        found |= _pairs([who], above)
        for manager in above:
            if manager in boss:
                found |= _pairs([who], book.at(boss[manager]))
    for members in team.values():
        found |= _pairs(members, members)
    return found
