"""Wishes before a round. Lists are read by their owner and by matching, and by nobody else."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django_scopes import scopes_disabled

from twoway.matching.models import Wish, WishList, WishTime
from twoway.matching.queries.people import people_for
from twoway.people.models import Intake, Membership, Person, Programme
from twoway.signup.models import Application, Question
from twoway.signup.queries import ShownAnswer, answers_for_members
from twoway.signup.queries.answer import batched

Kind = Question.Kind

FEW = 5
"""A smaller number of people than this is not told to anybody."""

SHORT = 140
"""Characters of an answer that stand in a list of many people."""

MENTORED = (Membership.Role.MENTEE, Membership.Role.EITHER)
MENTORING = (Membership.Role.MENTOR, Membership.Role.EITHER)


def wish_time_of(intake: Intake) -> WishTime | None:
    """Whether and when wishes were asked for in an intake."""
    return WishTime.objects.filter(intake=intake).first()


# --- one's own --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A mentor as every member may see them, and how I marked them."""

    pk: int
    public_id: str
    name: str
    answers: list[ShownAnswer]
    mark: str = ""

    @property
    def facts(self) -> list[str]:
        """What one word or two say without their question: where they work, and the like."""
        return [str(one.words) for one in self.answers if _is_fact(one.question)]

    @property
    def says(self) -> list[ShownAnswer]:
        """The others, what they can help with first."""
        found = [one for one in self.answers if not _is_fact(one.question)]
        return sorted(found, key=lambda one: not one.question.what_i_help_with)

    @property
    def gist(self) -> list[tuple[Question, str]]:
        """What stands in a list of many people: the first of what they say, each cut at a word where it is long."""
        return [(one.question, _cut(str(one.words))) for one in self.says[:2]]

    @property
    def has_more(self) -> bool:
        """Whether the gist leaves anything out."""
        return len(self.says) > 2 or any(len(str(one.words)) > SHORT for one in self.says)

    @property
    def text(self) -> str:
        """All of it in one line, for finding words in it."""
        return " ".join([self.name, *(str(one.words) for one in self.answers)]).casefold()


def _cut(words: str) -> str:
    return words if len(words) <= SHORT else words[:SHORT].rsplit(" ", 1)[0] + " …"


def _is_fact(question: Question) -> bool:
    return question.kind in (Kind.SINGLE, Kind.ORDERED) and not question.what_i_help_with


@dataclass
class Marked:
    """My own list."""

    wishes: list[Application] = field(default_factory=list)
    rather_not: list[Application] = field(default_factory=list)
    question: str = ""  # by public id: what matters most to me

    @property
    def kinds(self) -> dict[int, str]:
        return {row.pk: "wish" for row in self.wishes} | {row.pk: "not" for row in self.rather_not}


def marked_by(application: Application) -> Marked:
    """What somebody has marked, by name. It is asked for its owner alone."""
    found = Marked()
    mine = WishList.objects.filter(application=application).select_related("question").first()
    if mine is None:
        return found
    for wish in Wish.objects.filter(list=mine).select_related("mentor").order_by("mentor__name", "pk"):
        (found.wishes if wish.kind == Wish.Kind.WISH else found.rather_not).append(wish.mentor)
    found.question = mine.question.public_id if mine.question is not None else ""
    return found


def mentors_to_mark(application: Application, now: datetime) -> dict[int, str]:
    """The mentors with a free seat in somebody's intake, but themselves, by row number: each with their name.

    Everybody reads them in an order of their own, drawn by lot and always the same, so that nobody is always first.
    Nobody is left out whom a private wish keeps apart: that they are missing would tell it.
    """
    offers = people_for(application.intake, with_expected=False, now=now).mentors
    rows = [offer.application for offer in offers if offer.application.person_id != application.person_id]
    rows.sort(key=lambda row: sha256(f"{application.public_id} {row.public_id}".encode()).digest())
    return {row.pk: row.name for row in rows}


def as_shown(pks: Iterable[int], kinds: dict[int, str]) -> list[Shown]:
    """These mentors with what they share with members, in this order."""
    wanted = list(pks)
    rows = {row.pk: row for some in batched(wanted) for row in Application.objects.filter(pk__in=some)}
    answers = answers_for_members(rows.values())
    found = (rows[pk] for pk in wanted if pk in rows)
    return [Shown(row.pk, row.public_id, row.name, answers[row.pk], kinds.get(row.pk, "")) for row in found]


def shared_by(application: Application) -> Shown:
    """What mentees read of a mentor there: shown to the mentor as well."""
    return as_shown([application.pk], {})[0]


@dataclass(frozen=True)
class Asked:
    """A programme in which somebody may mark wishes now, and whether they have."""

    programme: Programme
    marked: bool


def asked_of(person: Person) -> list[Asked]:
    """The programmes that ask somebody for their wishes now."""
    with scopes_disabled():
        mine = Wish.objects.filter(list__application__person=person, list__application__intake=OuterRef("intake"))
        entered = Application.objects.filter(
            intake=OuterRef("intake"), person=person, state=Application.State.JOINED, membership__ended_at=None,
            membership__available=True, role__in=MENTORED,
        )  # fmt: skip
        rows = WishTime.objects.filter(Exists(entered), closed_at=None, intake__programme__archived_at=None)
        found = rows.annotate(marked=Exists(mine)).select_related("intake__programme__organisation").order_by("pk")
        return [Asked(row.intake.programme, row.marked) for row in found]


# --- for matching, and for counts -------------------------------------------------------------------


def wishes_in(intake: Intake) -> dict[int, list[int]]:
    """For matching alone: by mentee the mentors wished for."""
    found: dict[int, list[int]] = defaultdict(list)
    for mentee, mentor in _marked(intake, Wish.Kind.WISH).values_list("list__application_id", "mentor_id"):
        found[mentee].append(mentor)
    return found


def rather_not_in(intake: Intake) -> set[frozenset[int]]:
    """For matching alone: the pairs that must not be, because a mentee would rather not."""
    return {frozenset(two) for two in _marked(intake, Wish.Kind.NOT).values_list("list__application_id", "mentor_id")}


def what_matters_in(intake: Intake) -> dict[int, int]:
    """For matching alone: by mentee the question that counts double."""
    lists = WishList.objects.filter(application__intake=intake, question__isnull=False)
    return {mentee: question for mentee, question in lists.values_list("application_id", "question_id") if question}


def _marked(intake: Intake, kind: str) -> QuerySet[Wish]:
    return Wish.objects.filter(list__application__intake=intake, kind=kind).order_by("pk")


def count_of_wishers(intake: Intake) -> int | None:
    """How many have marked somebody they would like; None where they are too few to be told."""
    number = len(wishes_in(intake))
    return number if number >= FEW else None


def waiting_to_be_told() -> QuerySet[WishTime]:
    """Times for wishes that nobody has been told of since they were opened, or opened again."""
    untold = Q(told_at=None) | Q(told_at__lt=F("opened_at"))
    return WishTime.objects.filter(untold, closed_at=None).select_related("intake__programme__organisation")


def whom_to_tell(time: WishTime) -> QuerySet[Application]:
    """The members of the intake, mentees to mark and mentors to know of it."""
    rows = Application.objects.filter(
        intake=time.intake, state=Application.State.JOINED, membership__ended_at=None, person__isnull=False
    )
    return rows.select_related("person").order_by("pk")
