"""Who can see this: the one place that decides it, and the words made from that decision.

An audience is asked `admits(relation)`; the label on a page is made by asking the same question of every
relation. So a label cannot say anything else than what is enforced.
"""

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Relation(Enum):
    """How somebody stands to the owner of a thing."""

    OWNER = "owner"
    PARTNER = "partner"  # shares the loop it belongs to, or any loop with its owner
    MEMBER = "member"  # of the same programme
    COORDINATOR = "coordinator"  # of the programme it belongs to
    OTHER = "other"  # anybody else, signed in or not


class Audience(Enum):
    OWNER = "owner"
    LOOP = "loop"
    COORDINATORS = "coordinators"
    MATCHING = "matching"
    PARTNERS = "partners"
    MEMBERS = "members"
    CARD = "card"


def admits(audience: Audience, relation: Relation) -> bool:
    """Whether somebody standing in this relation to its owner may see a thing with this audience."""
    return relation in _ADMITTED[audience]


# Coordinators run sign-up and matching, so answers for those are theirs to read; what belongs to a loop is not.
_ADMITTED: dict[Audience, frozenset[Relation]] = {
    Audience.OWNER: frozenset({Relation.OWNER}),
    Audience.LOOP: frozenset({Relation.OWNER, Relation.PARTNER}),
    Audience.COORDINATORS: frozenset({Relation.OWNER, Relation.COORDINATOR}),
    Audience.MATCHING: frozenset({Relation.OWNER, Relation.COORDINATOR}),
    Audience.PARTNERS: frozenset({Relation.OWNER, Relation.COORDINATOR, Relation.PARTNER}),
    Audience.MEMBERS: frozenset({Relation.OWNER, Relation.COORDINATOR, Relation.PARTNER, Relation.MEMBER}),
    Audience.CARD: frozenset({Relation.OWNER, Relation.PARTNER, Relation.COORDINATOR}),
}


@dataclass(frozen=True)
class Label:
    """What a page shows beside a field or a thread: a symbol and a sentence."""

    symbol: str  # half: the two of you · full: only you · open: everyone in the programme · eye: coordinators
    words: Promise


_WORDS: dict[frozenset[Relation], Label] = {
    frozenset({Relation.OWNER}): Label("full", _("Only you can see this")),
    frozenset({Relation.OWNER, Relation.PARTNER}): Label(
        "half", _("Only the two of you can see this. Coordinators cannot.")
    ),
    frozenset({Relation.OWNER, Relation.COORDINATOR}): Label("eye", _("You and the coordinators can see this")),
    frozenset({Relation.OWNER, Relation.COORDINATOR, Relation.PARTNER}): Label(
        "half", _("You, people you share a loop with, and the coordinators can see this")
    ),
    frozenset({Relation.OWNER, Relation.COORDINATOR, Relation.PARTNER, Relation.MEMBER}): Label(
        "open", _("Everyone in the programme can see this")
    ),
}


def label_for(audience: Audience) -> Label:
    """The label of an audience, found by asking `admits` of every relation."""
    return _WORDS[frozenset(relation for relation in Relation if admits(audience, relation))]


_WIDTH = [Audience.OWNER, Audience.COORDINATORS, Audience.MATCHING, Audience.PARTNERS, Audience.MEMBERS]


def stricter_of(one: Audience, other: Audience) -> Audience:
    """The narrower of two audiences of answers."""
    return min(one, other, key=_WIDTH.index)
