"""How one person stands to another within a programme."""

from twoway.loops.models import Participation
from twoway.people.audience import Relation
from twoway.people.models import Membership, Person
from twoway.people.queries import holds
from twoway.people.roles import Power


def shares_a_loop(one: Person, other_id: int) -> bool:
    """Whether two people take part in the same loop now."""
    mine = Participation.objects.filter(person=one, ended_at=None)
    return Participation.objects.filter(loop__in=mine.values("loop"), person=other_id, ended_at=None).exists()


def relation_of(viewer: Person, membership: Membership) -> Relation:
    """How a viewer stands to a member: the member, a coordinator, a loopmate, a fellow member, or nobody.

    Who runs the programme looks at its people as a coordinator, whatever else they are to them.
    """
    if viewer.pk == membership.person_id:
        return Relation.OWNER
    programme = membership.programme
    if holds(viewer, Power.RUN_PROGRAMME, organisation=programme.organisation, programme=programme):
        return Relation.COORDINATOR
    if membership.ended_at is not None:
        return Relation.OTHER
    if shares_a_loop(viewer, membership.person_id):
        return Relation.LOOPMATE
    both = Membership.objects.filter(programme=programme, person=viewer, ended_at=None).exists()
    return Relation.MEMBER if both else Relation.OTHER
