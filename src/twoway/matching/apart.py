"""Who must not meet. Private wishes have no override; the reporting line may be set aside with a reason."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.db.models.functions import Lower

from twoway.loops.queries.loop import pairs_going_on
from twoway.matching.models import Proposal
from twoway.people.models import Intake, Person
from twoway.people.queries import kept_apart_in
from twoway.signup.models import Answer, Application, Question
from twoway.signup.queries.answer import Row

Two = frozenset[int]
"""Two applications of an intake by their row numbers, whichever stands on which side."""

PIECE, FEW = 900, 5000


@dataclass
class Apart:
    """`firm`: private wishes, loops that are open, a no already said; `line`: the reporting line."""

    firm: set[Two] = field(default_factory=set)
    line: set[Two] = field(default_factory=set)

    def is_firm(self, one: Row, other: Row) -> bool:
        return frozenset({one.pk, other.pk}) in self.firm

    def is_in_line(self, one: Row, other: Row) -> bool:
        return frozenset({one.pk, other.pk}) in self.line


def apart_in(intake: Intake, among: Collection[Two] | None = None) -> Apart:
    """Everybody in an intake who must not be paired with somebody else in it; with `among`, at least those of these
    pairs: enough where no other is asked about."""
    rows = Application.objects.filter(intake=intake).exclude(state__in=["declined", "withdrawn"])
    book = _Book(rows.values_list("pk", "person_id", "address"))
    found = Apart()
    wishes = kept_apart_in(intake.programme.organisation)
    book.learn(address for owner, address in wishes if owner in book.of_person)
    for owner, address in wishes:
        if owner not in book.of_person:
            continue
        found.firm |= _pairs(book.of_person[owner], book.at(address))
    found.firm |= _open_loops(intake, book, among) | _said_no(intake) | _same_human(book)
    found.line = _reporting_line(_bosses(intake), book) if among is None else _lines_among(intake, among, book)
    return found


class _Book:
    """The applications of an intake by person and by address; a person's proved addresses count too."""

    def __init__(self, rows: Iterable[tuple[int, int | None, str]]) -> None:
        self.of_person: dict[int, set[int]] = defaultdict(set)
        self.by_address: dict[str, set[int]] = defaultdict(set)
        for pk, person, address in rows:
            self.by_address[address.lower()].add(pk)
            if person is not None:
                self.of_person[person].add(pk)

    def at(self, address: str) -> set[int]:
        if address not in self.by_address:
            owners = Person.objects.filter(emailaddress__email__iexact=address, emailaddress__verified=True)
            for person in owners.values_list("pk", flat=True):
                self.by_address[address] |= self.of_person.get(person, set())
        return self.by_address[address]

    def learn(self, addresses: Iterable[str]) -> None:
        """Find the owners of many addresses in few queries."""
        unknown = sorted(set(addresses) - set(self.by_address))
        for start in range(0, len(unknown), PIECE):
            some = unknown[start : start + PIECE]
            owners = Person.objects.annotate(low=Lower("emailaddress__email")).filter(
                emailaddress__verified=True, low__in=some
            )
            for person, low in owners.values_list("pk", "low"):
                self.by_address[low] |= self.of_person.get(person, set())
            for address in some:
                self.by_address.setdefault(address, set())


def _pairs(some: Iterable[int], others: Iterable[int]) -> set[Two]:
    return {frozenset({one, other}) for one in some for other in others if one != other}


def _same_human(book: _Book) -> set[Two]:
    return {two for mine in book.of_person.values() if len(mine) > 1 for two in _pairs(mine, mine)}


def _open_loops(intake: Intake, book: _Book, among: Collection[Two] | None) -> set[Two]:
    rows = Application.objects.filter(intake=intake, person__isnull=False)
    if among is not None:
        rows = rows.filter(pk__in={pk for two in among for pk in two})
    here = rows.values("person")
    found: set[Two] = set()
    for low, high in pairs_going_on(here):
        found |= _pairs(book.of_person.get(low, ()), book.of_person.get(high, ()))
    return found


def _said_no(intake: Intake) -> set[Two]:
    refused = Q(end=Proposal.End.NO) | Q(answers__answer="no")
    rows = Proposal.objects.filter(refused, intake=intake, state=Proposal.State.ENDED)
    return {frozenset(two) for two in rows.values_list("mentee_id", "mentor_id")}


def _bosses(intake: Intake, of: Collection[int] | None = None) -> dict[int, str]:
    """The address of the line manager whom somebody named, by application; with `of`, of these alone."""
    answers = Answer.objects.filter(
        application__intake=intake, question__kind=Question.Kind.LINE_MANAGER, question__retired_at=None
    )
    if of is not None and len(of) <= FEW:
        answers = answers.filter(application__in=of)
    return {pk: str(value).lower() for pk, value in answers.values_list("application_id", "value") if value}


def _lines_among(intake: Intake, among: Collection[Two], book: _Book) -> set[Two]:
    """As `_reporting_line` says of everybody, of these pairs alone."""
    boss = _bosses(intake, {pk for two in among for pk in two})
    book.learn(boss.values())
    boss |= _bosses(intake, {pk for address in set(boss.values()) for pk in book.at(address)})
    book.learn(boss.values())
    pairs = [sorted(two) for two in among if len(two) == 2]
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
