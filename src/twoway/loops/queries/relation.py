"""How one person stands to another within a programme."""

from twoway.loops.models import Participation, Sponsorship
from twoway.loops.queries.loop import Standing
from twoway.people.audience import Relation
from twoway.people.models import Membership, Person, Programme
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
    if shares_a_loop(viewer, membership.person_id):  # a loop outlives the programme, and either one's leaving it
        return Relation.LOOPMATE
    if membership.ended_at is not None:
        return Relation.OTHER
    both = Membership.objects.filter(programme=programme, person=viewer, ended_at=None).exists()
    return Relation.MEMBER if both else Relation.OTHER


def has_a_loopmate_in(programme: Programme, viewer: Person) -> bool:
    """Whether somebody shares a loop with anyone who is or was a member of a programme, themselves included."""
    if not viewer.is_authenticated:
        return False
    mine = Participation.objects.filter(person=viewer, ended_at=None).values("loop")
    together = Participation.objects.filter(loop__in=mine, ended_at=None).values("person")
    return Membership.objects.filter(programme=programme, person__in=together).exists()


def profile_behind(standing: Standing) -> tuple[str, str, str] | None:
    """Where the other one's profile is in the programme that brought the two together, also after they left it: the
    slugs of its organisation and its own, and the member's id."""
    if not standing.others:
        return None
    member = "intake__programme__memberships"
    return (
        Sponsorship.objects.filter(loop=standing.loop, **{f"{member}__person": standing.other.person_id})
        .order_by("-pk")
        .values_list("intake__programme__organisation__slug", "intake__programme__slug", f"{member}__public_id")
        .first()
    )
