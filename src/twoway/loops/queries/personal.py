"""What belongs to one person in all of their loops, past ones too. For handing over and forgetting alone."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from twoway.loops.models import (
    AgendaItem,
    Agreement,
    Expectations,
    Goal,
    GoalEntry,
    GoalStep,
    Loop,
    Meeting,
    MeetingAnswer,
    Message,
    Participation,
    Sponsorship,
)
from twoway.people.models import Person


def participations_of(person: Person) -> QuerySet[Participation]:
    return Participation.objects.filter(person=person).select_related("loop").order_by("pk")


def everybody_ever_in(loop: Loop) -> list[Participation]:
    return list(Participation.objects.filter(loop=loop).select_related("person").order_by("pk"))


def loops_ever_of(person: Person) -> QuerySet[Loop]:
    mine = Participation.objects.filter(person=person)
    return Loop.objects.filter(pk__in=mine.values("loop")).order_by("pk")


def demo_loops() -> QuerySet[Loop]:
    """Loops of made-up people or programmes: what goes when a demo is removed."""
    made_up = Participation.objects.filter(person__demo=True).values("loop")
    shown = Sponsorship.objects.filter(intake__programme__organisation__demo=True).values("loop")
    return Loop.objects.filter(Q(pk__in=made_up) | Q(pk__in=shown))


def messages_in_loops(person: Person) -> QuerySet[Message]:
    return Message.objects.filter(loop__in=loops_ever_of(person).values("pk")).select_related("loop").order_by("pk")


def messages_by(person: Person) -> QuerySet[Message]:
    return Message.objects.filter(by=person).order_by("pk")


def meetings_by(person: Person, loop: Loop) -> QuerySet[Meeting]:
    return Meeting.objects.filter(by=person, loop=loop)


def meetings_in_loops(person: Person) -> QuerySet[Meeting]:
    return Meeting.objects.filter(loop__in=loops_ever_of(person).values("pk")).select_related("loop").order_by("pk")


def answers_by(person: Person) -> QuerySet[MeetingAnswer]:
    return MeetingAnswer.objects.filter(person=person).select_related("meeting").order_by("pk")


def questions_by(person: Person) -> QuerySet[AgendaItem]:
    """Her own questions, drafts included."""
    return AgendaItem.objects.filter(owner=person).select_related("loop").order_by("pk")


def suggestions_by(person: Person) -> QuerySet[AgendaItem]:
    """Questions suggested to somebody else."""
    return AgendaItem.objects.filter(suggested_by=person).select_related("loop").order_by("pk")


def goals_by(person: Person) -> QuerySet[Goal]:
    """Her own goals, shared or not, with `steps_seen` and `entries_seen`: all of them."""
    return (
        Goal.objects.filter(owner=person)
        .select_related("loop")
        .prefetch_related(Prefetch("goal_steps", GoalStep.objects.order_by("pk"), to_attr="steps_seen"), _entries())
        .order_by("pk")
    )


def goals_shared_with(person: Person) -> QuerySet[Goal]:
    """Goals of others in the loops that somebody takes part in now, as far as they are shared; so too `steps_seen`."""
    mine = Participation.objects.filter(person=person, ended_at=None)
    return (
        Goal.objects.filter(loop__in=mine.values("loop"), shared_at__isnull=False)
        .exclude(owner=person)
        .select_related("loop")
        .prefetch_related(
            Prefetch("goal_steps", GoalStep.objects.filter(shared=True).order_by("pk"), to_attr="steps_seen"),
            _entries(),
        )
        .order_by("pk")
    )


def goal_comments_by(person: Person) -> QuerySet[GoalEntry]:
    """What somebody wrote under the goals of others, whether these are still shared or not."""
    return GoalEntry.objects.filter(by=person).exclude(goal__owner=person).select_related("goal__loop").order_by("pk")


def _entries() -> Prefetch:
    return Prefetch("goal_entries", GoalEntry.objects.order_by("at", "pk"), to_attr="entries_seen")


def expectations_by(person: Person) -> QuerySet[Expectations]:
    return Expectations.objects.filter(person=person).order_by("pk")


def expectations_shown_to(person: Person) -> QuerySet[Expectations]:
    """Their own answers, drafts included; of others only what lay before both, where they had answered too."""
    is_made = Exists(Agreement.objects.filter(loop=OuterRef("loop")))
    answered = Expectations.objects.filter(person=person).values("loop")
    rows = Expectations.objects.filter(Q(person=person) | (Q(loop__in=answered) & is_made))
    return rows.select_related("loop").order_by("pk")


def agreements_in_loops(person: Person) -> QuerySet[Agreement]:
    """Every version that lay before them."""
    answered = Expectations.objects.filter(person=person).values("loop")
    return Agreement.objects.filter(loop__in=answered).select_related("loop").order_by("pk")


def versions_by(person: Person) -> QuerySet[Agreement]:
    return Agreement.objects.filter(by=person)
