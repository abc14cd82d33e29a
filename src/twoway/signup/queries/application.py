"""Applications: whose, how far, and who can be matched."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django_scopes import scopes_disabled

from twoway.people.models import Intake, Person, Programme, Seat
from twoway.people.queries import addresses_of, today_in
from twoway.people.signin.secrets import digest_of
from twoway.signup.fields import Value, is_empty
from twoway.signup.models import Answer, Application, Invitation, Question
from twoway.signup.queries.answer import batched
from twoway.signup.queries.form import questions_of
from twoway.signup.showing import shown_questions

State = Application.State
UNPROVEN = (State.STARTED, State.SENT)
OVER = (State.DECLINED, State.WITHDRAWN)


def applications_of(programme: Programme) -> QuerySet[Application]:
    """Every application of a programme that a coordinator looks at, the newest first; `suggested` are those
    that a member has named and no coordinator has written to.

    Anybody may begin with any address, so of several unproven beginnings for one address only the newest is
    listed, and none beside an application that is proven or expected, or was declined.
    """
    rivals = (
        Application.objects.filter(intake=OuterRef("intake"))
        .annotate(low=Lower("address"))
        .filter(low=Lower(OuterRef("address")))
        .exclude(pk=OuterRef("pk"))
    )
    settled = rivals.filter(state__in=[State.EXPECTED, State.WAITING, State.JOINED])
    newer = rivals.filter(state__in=UNPROVEN, pk__gt=OuterRef("pk"))
    declined = Q(person=None) & Exists(rivals.filter(state=State.DECLINED))
    return (
        Application.objects.filter(intake__programme=programme)
        .exclude(Q(state__in=UNPROVEN) & (Exists(settled) | Exists(newer) | declined))
        .annotate(suggested=only_suggested())
        .select_related("intake__programme", "person", "membership")
        .order_by("-made_at", "-pk")
    )


def application_in(programme: Programme, public_id: str) -> Application | None:
    """One application, for its programme's coordinators."""
    found = Application.objects.filter(intake__programme=programme, public_id=public_id)
    return found.select_related("intake__programme__organisation", "person", "membership").first()


def others_at(application: Application, address: str) -> list[Application]:
    """Who else of the intake has this address, further than a draft: two of them can hardly both be right."""
    same = Application.objects.filter(intake=application.intake_id, address__iexact=address.strip())
    further = (State.SENT, State.WAITING, State.JOINED, State.EXPECTED)
    return list(same.filter(state__in=further).exclude(pk=application.pk).order_by("pk"))


def only_suggested() -> Exists:
    """A condition on applications: suggested by a participant, and no coordinator has written yet."""
    return Exists(Invitation.objects.filter(application=OuterRef("pk"), suggested=True, sent_at=None))


def pending_applications(intake: Intake) -> QuerySet[Application]:
    """Those that wait for a coordinator's yes or no."""
    return Application.objects.filter(intake=intake, state=State.WAITING).order_by("sent_at")


def waiting_applications(programme: Programme) -> QuerySet[Application]:
    """Those of all intakes that wait for a coordinator's yes or no."""
    return Application.objects.filter(intake__programme=programme, state=State.WAITING)


def expected_people(programme: Programme) -> QuerySet[Application]:
    """Those of all intakes who are expected and no members yet; no mere suggestions."""
    return Application.objects.filter(intake__programme=programme, state=State.EXPECTED).exclude(only_suggested())


def is_of(person: Person) -> Q:
    """A condition on applications: somebody's own, or at an address they have proved."""
    mine = Q(person=person)
    for address in addresses_of(person):
        mine |= Q(person=None, address__iexact=address)
    return mine


def application_of_person(person: Person, programme: Programme, intake: Intake | None = None) -> Application | None:
    """A person's own entry: theirs by person, else one for an address they have proved; the furthest, then newest.

    With an intake, only there; declined and withdrawn ones are over.
    """
    found = Application.objects.filter(is_of(person), intake__programme=programme).exclude(state__in=OVER)
    if intake is not None:
        found = found.filter(intake=intake)
    rank = [State.JOINED, State.WAITING, State.EXPECTED, State.SENT, State.STARTED]
    rows = list(found.select_related("intake__programme__organisation", "membership"))
    return min(rows, key=lambda row: (row.person_id is None, rank.index(State(row.state)), -row.pk), default=None)


def joined_application(person: Person, programme: Programme) -> Application | None:
    """The entry by which a person is a member now, the newest; it carries their answers."""
    found = Application.objects.filter(
        person=person, intake__programme=programme, state=State.JOINED, membership__ended_at=None
    )
    return found.select_related("intake__programme__organisation", "membership__programme", "person").last()


def application_of_browser(intake: Intake, digest: str) -> Application | None:
    """What a browser has begun, until somebody has proved its address."""
    found = Application.objects.filter(intake=intake, resume_digest=digest, person=None).exclude(state__in=OVER)
    return found.select_related("intake__programme__organisation").first()


def confirmed_digest(digest: str) -> str:
    """What is kept of a browser's digest once the address is proved: it opens nothing, and knows the browser."""
    return digest_of(f"confirmed:{digest}")


def is_confirmed_from_browser(digests: Iterable[str]) -> bool:
    """Whether what a browser has begun was confirmed since, there or elsewhere, and not stepped out of."""
    found = Application.objects.filter(resume_digest__in=[confirmed_digest(digest) for digest in digests])
    return found.exclude(state=State.WITHDRAWN).exists()


def seats_of(application: Application) -> int:
    """How many mentees the person of an application already takes in the organisation."""
    organisation = application.intake.programme.organisation
    return Seat.objects.filter(person=application.person, organisation=organisation, leaving=False).count()


# --- how far ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """How many of the questions put to somebody are answered, and which of the required ones are not."""

    answered: int
    asked: int
    missing: tuple[Question, ...]

    @property
    def percent(self) -> int:
        return round(100 * self.answered / self.asked) if self.asked else 100


def progress_of(application: Application, questions: list[Question], values: dict[int, Value]) -> Progress:
    """From the form's questions and this application's answers by question id."""
    by_public_id = {question.public_id: values.get(question.pk) for question in questions}
    shown = shown_questions(questions, by_public_id, application.role)
    answered = [question for question in shown if not is_empty(values.get(question.pk))]
    missing = [question for question in shown if question.required and question not in answered]
    return Progress(len(answered), len(shown), tuple(missing))


def missing_questions(application: Application) -> tuple[Question, ...]:
    """The required questions that somebody has not answered yet."""
    [(_, progress)] = applications_with_progress(application.intake.programme, [application])
    return progress.missing


def applications_with_progress(
    programme: Programme, applications: Iterable[Application]
) -> list[tuple[Application, Progress]]:
    """A page of applications, each with how far it is; the same number of queries for one and for a hundred."""
    rows = list(applications)
    if not rows:
        return []
    questions = questions_of(programme)
    values: dict[int, dict[int, Value]] = defaultdict(dict)
    for some in batched([row.pk for row in rows]):
        found = Answer.objects.filter(application__in=some, question__retired_at=None)
        for application, question, value in found.values_list("application_id", "question_id", "value"):
            values[application][question] = value
    return [(row, progress_of(row, questions, values[row.pk])) for row in rows]


# --- who can be matched -----------------------------------------------------------------------------


def matchable_applications(intake: Intake, *, with_expected: bool, now: datetime) -> QuerySet[Application]:
    """Who can stand in a round: members who are available and, if asked for, expected people with complete rows.

    Each row carries `can_mentor` and `can_be_mentored`. A mentor needs an answer to a question that says what
    they help with, and a capacity of at least one; somebody in both roles without them is matched as mentee only.
    """
    members = Q(state=State.JOINED, membership__ended_at=None, membership__isnull=False) & is_here(intake, now)
    who = members
    if with_expected:
        expected = Application.objects.filter(intake=intake, state=State.EXPECTED).exclude(
            Q(name="") | Q(role="") | only_suggested()
        )
        whole = [
            row.pk for row, progress in applications_with_progress(intake.programme, expected) if not progress.missing
        ]
        who |= Q(state=State.EXPECTED, pk__in=whole)
    rows = Application.objects.filter(who, intake=intake).annotate(
        can_mentor=can_mentor(), can_be_mentored=can_be_mentored()
    )
    return (
        rows.filter(Q(can_mentor=True) | Q(can_be_mentored=True))
        .select_related("person", "membership", "intake__programme")
        .order_by(F("pk"))
    )


def is_here(intake: Intake, now: datetime) -> Q:
    """A condition on applications of members: on no break, or on one that is over."""
    today = today_in(intake.programme, now)
    return Q(membership__available=True) | Q(membership__paused_until__lte=today)


def can_mentor() -> Q:
    """A condition on applications: room for somebody, and a word on what they help with."""
    with scopes_disabled():  # of an application that was found in its scope
        helping = Question.objects.filter(what_i_help_with=True, retired_at=None).order_by().values("pk")
        helps = Answer.objects.filter(application=OuterRef("pk"), question__in=helping)
    some_room = Q(capacity__gte=1) & (Q(capacity_here=None) | Q(capacity_here__gte=1))
    return Q(role__in=["mentor", "either"]) & some_room & Q(Exists(helps))


def can_be_mentored() -> Q:
    """A condition on applications: for a mentor, or for both."""
    return Q(role__in=["mentee", "either"])
