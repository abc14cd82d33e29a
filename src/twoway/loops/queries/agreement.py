"""What the people of a loop expect of each other, and the versions of what they agree on."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from twoway.loops.models import Agreement, Expectations, Loop
from twoway.loops.queries.loop import Standing
from twoway.people.models import Person


def expectations_for(standing: Standing) -> QuerySet[Expectations]:
    """What this participant may see: their own answers, and everybody's once there is a version made of them all.

    One question decides both, so whoever asks while the last answers come in gets all of them or their own alone.
    """
    is_made = Exists(Agreement.objects.filter(loop=OuterRef("loop")))
    return Expectations.objects.filter(Q(person=standing.me.person_id) | is_made, loop=standing.loop)


def my_expectations(standing: Standing) -> Expectations | None:
    """What this participant expects, as far as it is written down."""
    return expectations_for(standing).filter(person=standing.me.person_id).first()


def expectations_by_person(standing: Standing) -> dict[int, Expectations]:
    """All answers that this participant may see, by whose they are."""
    return {one.person_id: one for one in expectations_for(standing)}


# --- for actions ------------------------------------------------------------------------------------


def expectations_of(loop: Loop, person: Person) -> Expectations | None:
    return Expectations.objects.filter(loop=loop, person=person).first()


def all_expectations_in(loop: Loop) -> list[Expectations]:
    """The answers of everybody who takes part, sent or not. For the action that makes one version of them."""
    inside = loop.participations.filter(ended_at=None).values("person")
    return list(Expectations.objects.filter(loop=loop, person__in=inside).order_by("pk"))
