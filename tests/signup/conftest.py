"""A form with questions of several kinds and audiences, and a browser that signs up."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from twoway.outbox.tasks import deliver_pending
from twoway.signup.fields import new_options
from twoway.signup.models import Answer, Application, Form, Question

AT = ["northwind", "grow-together"]


@dataclass
class Asked:
    """Grow Together's form."""

    form: Form
    goal: Question  # needed of mentees, for members
    offers: Question  # what a mentor helps with
    moved: Question  # yes or no, for both
    whence: Question  # only if moved
    manager: Question  # line manager
    health: Question  # for coordinators only


@pytest.fixture
def asked(cast: Cast) -> Asked:
    with scopes_disabled():
        form = factories.form(cast.grow)
        moved = factories.question(form, "Have you moved here for work?", "yes_no", section="Your work")
        skills = new_options(["Finance", "Writing", "Leading people"])
        return Asked(
            form=form,
            moved=moved,
            whence=factories.question(
                form, "Where from?", "short", section="Your work",
                show_if={"question": moved.public_id, "any_of": ["yes"]}, required=True,
            ),
            manager=factories.question(form, "Your line manager's address", "line_manager", section="Your work"),
            goal=factories.question(
                form, "What would you like to grow in?", section="Growing", asked_of="mentee", required=True,
                audience="members",
            ),
            offers=factories.question(
                form, "What can you help with?", "skills_offered", section="Growing", asked_of="mentor",
                options=skills, audience="members", what_i_help_with=True,
            ),
            health=factories.question(
                form, "Anything the coordinators should know?", section="Growing", audience="coordinators"
            ),
        )  # fmt: skip


@dataclass
class Applicant:
    """Somebody at a browser who signs up."""

    address: str = "noor@northwind.example"
    client: Client = field(default_factory=Client)

    def url(self, name: str, *more: Any) -> str:
        return reverse(f"signup:{name}", args=[*AT, *more])

    def post(self, name: str, data: dict[str, Any] | None = None, *more: Any, **headers: str) -> HttpResponse:
        return self.client.post(self.url(name, *more), data or {}, headers=headers or None)

    def get(self, name: str, *more: Any) -> HttpResponse:
        return self.client.get(self.url(name, *more))

    def begin(self, role: str = "mentee", **other: str) -> HttpResponse:
        return self.post(
            "join", {"name": "Noor Haddad", "address": self.address, "role": role, "adult": "yes", **other}
        )

    def answer(self, asked: Asked) -> None:
        """Answer what is needed, on both pages."""
        self.post("join-questions", {f"q-{asked.moved.public_id}": "no"}, 1)
        self.post("join-questions", {f"q-{asked.goal.public_id}": "Speak up in meetings"}, 2)

    def send(self) -> HttpResponse:
        self.post("join-not-for")
        return self.post("join-terms", {"accept": "on", "version": "1"})

    def sign_up(self, asked: Asked) -> None:
        self.begin()
        self.answer(asked)
        self.send()

    def confirm(self, own_device: str = "on") -> HttpResponse:
        return self.client.post(last_link(self.address), {"own_device": own_device})


@pytest.fixture
def applicant(cast: Cast) -> Applicant:
    return Applicant()


def letters_to(address: str) -> list[str]:
    """The letters that have left for an address, once the clock has worked."""
    deliver_pending()
    return [f"{letter.subject}\n{letter.body}" for letter in mail.outbox if letter.to == [address]]


def last_link(address: str) -> str:
    """The path of the link in the newest letter to an address."""
    found = re.findall(r"http://localhost:8000(/(?:invitation|confirmation)/\S+)", letters_to(address)[-1])
    return str(found[-1])


def amira(cast: Cast) -> Application:
    """What Amira has sent in."""
    return Application.objects.get(person=cast.amira)


def states(address: str = "noor@northwind.example") -> list[str]:
    """The states of the applications of an address, the first begun first."""
    return list(Application.objects.filter(address=address).order_by("pk").values_list("state", flat=True))


def answers(asked: Asked) -> dict[str, object]:
    """What the applicant has answered, by the question's words."""
    rows = Answer.objects.filter(application__address="noor@northwind.example")
    return {row.question.label: row.value for row in rows}


Browser = Callable[..., Client]
