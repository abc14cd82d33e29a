"""One plain factory per thing a test begins with. No surprises: what is not said has a quiet default."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from django.utils.text import slugify

from twoway.loops.models import Loop, Participation
from twoway.loops.models.agreement import TERMS
from twoway.loops.terms import TEXTS
from twoway.people.models import Intake, Membership, Office, Organisation, Person, Programme, Seat, SupportLine
from twoway.signup.models import Answer, Application, Form, Question

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # a Monday morning
_number = count(1)


def organisation(name: str = "Northwind", **fields: Any) -> Organisation:
    return Organisation.objects.create(name=name, slug=slugify(name), made_at=NOW, **fields)


def programme(organisation: Organisation, name: str = "Grow Together", **fields: Any) -> Programme:
    fields = {"sign_up_on": True, "made_at": NOW, **fields}
    return Programme.objects.create(organisation=organisation, name=name, slug=slugify(name), **fields)


def intake(programme: Programme, name: str = "Autumn", **fields: Any) -> Intake:
    return Intake.objects.create(programme=programme, name=name, made_at=NOW, **fields)


def person(name: str = "", address: str = "", **fields: Any) -> Person:
    name = name or f"Person {next(_number)}"
    someone = Person(name=name, made_at=NOW, **fields)
    someone.set_unusable_password()
    someone.save()
    address = address or f"{slugify(name)}.{someone.pk}@northwind.example"
    EmailAddress.objects.create(user=someone, email=address, verified=True, primary=True)
    return someone


def office(person: Person, role: str, programme: Programme | None = None, **fields: Any) -> Office:
    where = fields.pop("organisation", None) or (programme.organisation if programme else None)
    assert where is not None
    fields = {"began_at": NOW, "first": role != "admin", **fields}
    return Office.objects.create(person=person, role=role, organisation=where, programme=programme, **fields)


def membership(person: Person, programme: Programme, role: str = "mentee", **fields: Any) -> Membership:
    fields = {"name": person.name, "joined_at": NOW, **fields}
    return Membership.objects.create(person=person, programme=programme, role=role, **fields)


def seats(person: Person, organisation: Organisation, number: int = 2) -> list[Seat]:
    return [Seat.objects.create(person=person, organisation=organisation) for _ in range(number)]


def support_line(programme: Programme, country: str = "GB", **fields: Any) -> SupportLine:
    fields = {"name": "Example Listening Line", "how": "000 (made up)", "checked_on": NOW.date(), **fields}
    return SupportLine.objects.create(programme=programme, country=country, **fields)


def form(programme: Programme) -> Form:
    return Form.objects.create(programme=programme, made_at=NOW)


def question(form: Form, label: str = "What would you like to grow in?", kind: str = "long", **fields: Any) -> Question:
    fields = {"place": next(_number), **fields}
    return Question.objects.create(form=form, label=label, kind=kind, **fields)


def application(intake: Intake, person: Person | None = None, **fields: Any) -> Application:
    """An expected one without a person; a joined one, with its membership, for a person."""
    role = fields.pop("role", "mentee")
    if person is None:
        number = next(_number)
        fields = {
            "address": f"expected.{number}@northwind.example",
            "name": f"Expected {number}",
            "state": "expected",
            **fields,
        }
        return Application.objects.create(intake=intake, role=role, made_at=NOW, **fields)
    member = Membership.objects.filter(person=person, programme=intake.programme).first()
    member = member or membership(person, intake.programme, role)
    fields = {
        "address": EmailAddress.objects.get(user=person, primary=True).email,
        "name": person.name, "state": "joined", "membership": member, "adult": True,
        "verified_at": NOW, "terms_at": NOW, "terms_version": 1, "not_for_seen_at": NOW, "sent_at": NOW,
        "decided_at": NOW, **fields,
    }  # fmt: skip
    return Application.objects.create(
        intake=intake, person=person, role=role, made_at=NOW - timedelta(days=3), **fields
    )


def answer(application: Application, question: Question, value: Any, **fields: Any) -> Answer:
    return Answer.objects.create(application=application, question=question, value=value, changed_at=NOW, **fields)


def informal_loop(mentee: Person, mentor: Person) -> Loop:
    """A loop that outlived its programme: nobody sponsors it, and no seat is taken."""
    loop = Loop.objects.create(state="informal", opened_at=NOW, state_since=NOW)
    for person, role in ((mentee, "mentee"), (mentor, "mentor")):
        Participation.objects.create(
            loop=loop, person=person, name=person.name, role=role, joined_at=NOW, sponsored=False
        )
    return loop


def terms(**said: Any) -> dict[str, Any]:
    """What two people may settle; what is not said is left for later."""
    return {name: "" if name in TEXTS else None for name in TERMS} | said
