"""Who can see this: the one place that decides it, and the words made from that decision.

An audience is asked `admits(relation)`; the label on a page is made by asking the same question of every
relation. So a label cannot say anything else than what is enforced.
"""

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Relation(Enum):
    """How a reader stands to the owner of a thing. Matching is a reader too: it is no person, but it uses answers."""

    OWNER = "owner"
    PARTNER = "partner"  # shares the very loop it belongs to
    LOOPMATE = "loopmate"  # shares a loop with its owner, where the thing belongs to none or to another
    MEMBER = "member"  # of the same programme
    COORDINATOR = "coordinator"  # of the programme it belongs to
    MATCHING = "matching"  # the reckoning of who fits whom
    OTHER = "other"  # anybody else, signed in or not


class Audience(Enum):
    OWNER = "owner"
    APART = "apart"  # an address that serves to keep two people apart
    LOOP = "loop"
    COORDINATORS = "coordinators"
    MATCHING = "matching"
    PARTNERS = "partners"
    MEMBERS = "members"
    CARD = "card"


def admits(audience: Audience, relation: Relation) -> bool:
    """Whether somebody standing in this relation to its owner may see a thing with this audience."""
    return relation in _ADMITTED[audience]


# Coordinators run sign-up and read the reasons of each proposal, so what matching uses is theirs to read as well;
# what belongs to a loop is not.
_OFFICE = frozenset({Relation.OWNER, Relation.COORDINATOR})
_MATCHED = _OFFICE | {Relation.MATCHING}
_KNOWN = _MATCHED | {Relation.PARTNER, Relation.LOOPMATE}
_ADMITTED: dict[Audience, frozenset[Relation]] = {
    Audience.OWNER: frozenset({Relation.OWNER}),
    Audience.APART: frozenset({Relation.OWNER, Relation.MATCHING}),
    Audience.LOOP: frozenset({Relation.OWNER, Relation.PARTNER}),
    Audience.COORDINATORS: _OFFICE,
    Audience.MATCHING: _MATCHED,
    Audience.PARTNERS: _KNOWN,
    Audience.MEMBERS: _KNOWN | {Relation.MEMBER},
    Audience.CARD: _OFFICE | {Relation.PARTNER},
}


@dataclass(frozen=True)
class Label:
    """What a page shows beside a field or a thread: a symbol and a sentence."""

    symbol: str  # half: the two of you · full: only you · open: everyone in the programme · eye: coordinators
    words: Promise


_WORDS: dict[frozenset[Relation], Label] = {
    frozenset({Relation.OWNER}): Label("full", _("Only you can see this")),
    # As the coordinator reads it who finds "Given" in its place; `own_label_for` says it to whoever is asked.
    frozenset({Relation.OWNER, Relation.MATCHING}): Label(
        "full", _("Only whoever gives it can read it. Matching uses it; coordinators see that it was given.")
    ),
    frozenset({Relation.OWNER, Relation.PARTNER}): Label(
        "half", _("Only the two of you can see this. Coordinators cannot.")
    ),
    _OFFICE: Label("eye", _("You and the coordinators can see this")),
    _MATCHED: Label("eye", _("You and the coordinators can see this, and matching uses it")),
    _OFFICE | {Relation.PARTNER}: Label("half", _("The two in the loop and the coordinators can see this")),
    _KNOWN: Label("half", _("You, people you share a loop with, and the coordinators can see this")),
    _KNOWN | {Relation.MEMBER}: Label("open", _("Everyone in the programme can see this")),
}


def label_for(audience: Audience) -> Label:
    """The label of an audience, found by asking `admits` of every relation."""
    return _WORDS[frozenset(relation for relation in Relation if admits(audience, relation))]


_OWN_WORDS = {
    Audience.APART: Label("full", _("Only you can read it. Matching uses it; coordinators see that it was given.")),
}


def own_label_for(audience: Audience) -> Label:
    """The label of an audience as the owner of the thing reads it."""
    return _OWN_WORDS.get(audience) or label_for(audience)


_WIDTH = [Audience.OWNER, Audience.COORDINATORS, Audience.MATCHING, Audience.PARTNERS, Audience.MEMBERS]


def stricter_of(one: Audience, other: Audience) -> Audience:
    """The narrower of two audiences of answers."""
    return min(one, other, key=_WIDTH.index)
