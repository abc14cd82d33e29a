"""A small programme ready to match: a form with one question of each use, and people who answered it."""

from dataclasses import dataclass, field
from typing import Any

from tests import factories
from tests.factories import NOW
from twoway.matching.actions.round import queue_round
from twoway.matching.models import Proposal, Round
from twoway.matching.tasks import solve_queued_rounds
from twoway.people.models import Intake, Organisation, Person, Programme
from twoway.signup.models import Application, Question

SKILLS = ("Finance", "Writing", "Speaking", "Strategy")
GRADES = ("Junior", "Middle", "Senior", "Head")


@dataclass
class FieldOfPeople:
    organisation: Organisation
    programme: Programme
    intake: Intake
    chris: Person
    questions: dict[str, Question] = field(default_factory=dict)

    def person(self, name: str, role: str, capacity: int | None = None, **answers: Any) -> Application:
        """A member with these answers by question; a mentor gets their seats."""
        person = factories.person(name, f"{name.lower().replace(' ', '.')}@northwind.example")
        application = factories.application(self.intake, person, role=role, capacity=capacity)
        if capacity:
            factories.seats(person, self.organisation, capacity)
        return self.answers(application, **answers)

    def answers(self, application: Application, **answers: Any) -> Application:
        for key, value in answers.items():
            factories.answer(application, self.questions[key], value)
        return application

    def mentee(self, name: str, **answers: Any) -> Application:
        return self.person(name, "mentee", **{"grade": "junior", "wants": ["finance"], **answers})

    def mentor(self, name: str, capacity: int = 1, **answers: Any) -> Application:
        return self.person(name, "mentor", capacity, **{"grade": "senior", "offers": ["finance"], **answers})

    def run(self, **fields: Any) -> Round:
        """A round, worked out to its end."""
        fields = {"name": "Round 1", "objective": "most_then_best", "with_expected": False, "seed": "7", **fields}
        round = queue_round(intake=self.intake, by=self.chris, now=NOW, **fields)
        solve_queued_rounds(NOW)
        round.refresh_from_db()
        return round

    def pairs(self, **where: Any) -> list[tuple[str, str]]:
        """The open proposals of the intake by name, in order of the mentees' names."""
        rows = Proposal.objects.filter(intake=self.intake, state__in=["draft", "published"], **where)
        return sorted(rows.values_list("mentee__name", "mentor__name"))


def lay() -> FieldOfPeople:
    """Call it with scopes disabled."""
    organisation = factories.organisation("Northwind")
    programme = factories.programme(organisation, "Grow Together")
    intake = factories.intake(programme)
    chris = factories.person("Chris Hale", "chris@northwind.example")
    factories.office(chris, "coordinator", programme)
    form = factories.form(programme)
    found = FieldOfPeople(organisation, programme, intake, chris)

    def ask(key: str, label: str, kind: str, **fields: Any) -> Question:
        options = [{"key": one.lower(), "label": one, "retired": False} for one in fields.pop("options", ())]
        found.questions[key] = factories.question(form, label, kind, options=options, **fields)
        return found.questions[key]

    offers = ask("offers", "I can help with", "skills_offered", options=SKILLS, asked_of="mentor", audience="members",
                 what_i_help_with=True)  # fmt: skip
    ask("wants", "I would like help with", "skills_wanted", options=SKILLS, asked_of="mentee", use="wish", weight=8,
        meets=offers, audience="members")  # fmt: skip
    ask("grade", "Grade", "ordered", options=GRADES, use="higher", audience="matching")
    offer = ask("offer", "What I have lived through", "long", asked_of="mentor", audience="partners")
    ask("goal", "What I would like", "long", asked_of="mentee", use="text", weight=5, meets=offer, audience="members")
    ask("hours", "My week", "hours", use="overlap", weight=3, audience="matching")
    trait = ask("trait", "Something about me", "many", options=("Red", "Blue"), asked_of="mentor", protected=True,
                audience="matching")  # fmt: skip
    ask("wish", "Would you like a mentor who", "many", options=("Red", "Blue"), asked_of="mentee", use="preference",
        weight=6, meets=trait, audience="matching")  # fmt: skip
    ask("manager", "Line manager", "line_manager", audience="matching")
    return found
