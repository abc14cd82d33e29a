"""The people our tests are about, and where they stand.

Amira is a mentee and Ben a mentor of Grow Together at Northwind; Chris runs it, Ada administers Northwind, Sam is
the safeguarding contact. Dana belongs to Harbour College and may see nothing of Northwind.
"""

from dataclasses import dataclass
from typing import Any

from tests import factories
from twoway.people.models import Intake, Membership, Organisation, Person, Programme


@dataclass
class Cast:
    northwind: Organisation
    grow: Programme
    autumn: Intake
    ada: Person
    chris: Person
    sam: Person
    amira: Person
    ben: Person
    amira_member: Membership
    ben_member: Membership
    harbour: Organisation
    shore: Programme
    winter: Intake
    dana: Person

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)


def gather() -> Cast:
    """Make the cast. Call it with scopes disabled."""
    northwind = factories.organisation("Northwind")
    grow = factories.programme(northwind, "Grow Together")
    autumn = factories.intake(grow, "Autumn")
    people = {
        name.split()[0].lower(): factories.person(name, f"{name.split()[0].lower()}@northwind.example")
        for name in ("Ada Lindqvist", "Chris Hale", "Sam Osei", "Amira Mansour", "Ben Kowalski")
    }
    factories.office(people["ada"], "admin", organisation=northwind)
    factories.office(people["chris"], "coordinator", grow)
    factories.office(people["sam"], "safeguarding", grow)
    amira_member = factories.application(autumn, people["amira"], role="mentee").membership
    ben_member = factories.application(autumn, people["ben"], role="mentor", capacity=2).membership
    factories.seats(people["ben"], northwind, 2)
    harbour = factories.organisation("Harbour College")
    shore = factories.programme(harbour, "First Shore")
    winter = factories.intake(shore, "Winter")
    dana = factories.person("Dana Whitfield", "dana@harbour.example")
    factories.application(winter, dana, role="mentee")
    return Cast(
        northwind=northwind, grow=grow, autumn=autumn, **people, amira_member=amira_member, ben_member=ben_member,
        harbour=harbour, shore=shore, winter=winter, dana=dana,
    )  # fmt: skip
