"""Everybody who may stand in some relation to what belongs to Amira and her loop with Ben, and to their programme."""

from dataclasses import dataclass, field
from datetime import timedelta

from tests import cast as the_cast
from tests import factories
from tests.factories import NOW
from twoway.people.models import Person

RELATIONS = (
    "self", "partner", "ended_partner", "coordinator", "former_coordinator", "admin", "viewer", "safeguarding",
    "same_programme", "same_organisation", "other_organisation", "signed_out",
)  # fmt: skip


@dataclass
class World:
    """The cast, the people around them by relation, and the ids that addresses are made of."""

    cast: the_cast.Cast
    people: dict[str, Person | None]
    ids: dict[str, object] = field(default_factory=dict)


def gather() -> World:
    """Make the world. Call it with scopes disabled."""
    cast = the_cast.gather()
    others = {
        name: factories.person(name) for name in ("Eli Former", "Fay Before", "Vic Viewer", "Mo Member", "Olu Other")
    }
    eli, fay, vic, mo, olu = others.values()
    factories.application(cast.autumn, eli, role="mentor", capacity=1)
    factories.office(fay, "coordinator", cast.grow, first=False, ended_at=NOW - timedelta(days=1))
    factories.office(vic, "viewer", cast.grow)
    factories.application(cast.autumn, mo, role="either", capacity=1)
    other = factories.programme(cast.northwind, "Crossing Over")
    factories.application(factories.intake(other, "Spring"), olu, role="mentee")
    people = {
        "self": cast.amira, "partner": cast.ben, "ended_partner": eli, "coordinator": cast.chris,
        "former_coordinator": fay, "admin": cast.ada, "viewer": vic, "safeguarding": cast.sam,
        "same_programme": mo, "same_organisation": olu, "other_organisation": cast.dana, "signed_out": None,
    }  # fmt: skip
    return World(cast=cast, people=people)
