"""Who reads an answer: what each question promises, and that the promise is kept when the form changes."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from tests.signup.conftest import Asked, Browser, amira
from twoway.people.audience import Audience, Relation
from twoway.signup import queries
from twoway.signup.actions.form import (
    add_question,
    change_question,
    make_form,
)
from twoway.signup.models import Application, Question

pytestmark = pytest.mark.usefixtures("open_scope")


@pytest.mark.row("F-02")
def test_made_wider_an_audience_counts_only_for_answers_to_come(cast: Cast, asked: Asked) -> None:
    factories.answer(amira(cast), asked.health, "given before")
    change_question(question=asked.health, changes={"audience": "members"}, by=cast.chris, now=NOW)
    factories.answer(Application.objects.get(person=cast.ben), asked.health, "given after")

    before = queries.answers_for_viewer(amira(cast), cast.ben)
    after = queries.answers_for_viewer(Application.objects.get(person=cast.ben), cast.amira)

    assert before == []
    assert [shown.words for shown in after] == ["given after"]


@pytest.mark.row("F-02")
def test_narrowed_and_widened_again_an_answer_stays_with_the_narrowest_promise(cast: Cast, asked: Asked) -> None:
    answer = factories.answer(amira(cast), asked.goal, "Speak up", stricter="partners")

    change_question(question=asked.goal, changes={"audience": "coordinators"}, by=cast.chris, now=NOW)
    change_question(question=asked.goal, changes={"audience": "members"}, by=cast.chris, now=NOW)

    answer.refresh_from_db()
    assert queries.audience_of(asked.goal, answer.stricter) == Audience.COORDINATORS


@pytest.mark.row("F-03", "M-12")
@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"kind": "long", "use": "same"}, "use"),
        ({"kind": "single", "options": ["A", "B"], "use": "same", "protected": True}, "use"),
        ({"kind": "short", "use": "same", "audience": "coordinators"}, "audience"),
        ({"kind": "short", "use": "same", "weight": 11}, "weight"),
        ({"kind": "line_manager", "audience": "members"}, "audience"),
        ({"kind": "number", "limits": {"low": 5, "high": 4}}, "high"),
        ({"kind": "single", "options": ["A", "B"], "use": "preference"}, "meets"),
        ({"kind": "short", "show_if": {"question": "nowhere", "any_of": ["yes"]}}, "show_if"),
    ],
)
def test_settings_that_break_a_promise_are_refused(cast: Cast, settings: dict[str, Any], wrong: str) -> None:
    form = make_form(cast.grow, cast.chris, NOW)

    with pytest.raises(ValidationError) as fault:
        add_question(form=form, by=cast.chris, now=NOW, label="?", **settings)

    assert list(fault.value.message_dict) == [wrong]


@pytest.mark.row("F-02", "X-04")
@pytest.mark.parametrize("audience", ["coordinators", "matching", "partners", "members"])
@pytest.mark.parametrize("stricter", ["", "coordinators", "matching", "partners", "members"])
def test_an_answer_reaches_exactly_those_its_label_names(
    cast: Cast, asked: Asked, audience: str, stricter: str
) -> None:
    asked.goal.audience = audience
    asked.goal.save()
    factories.answer(amira(cast), asked.goal, "zq-planted-zq", stricter=stricter)
    width = ["coordinators", "matching", "partners", "members"]
    narrowest = min([audience, stricter or audience], key=width.index)
    viewers = {"owner": cast.amira, "coordinator": cast.chris, "member": cast.ben, "partner": cast.ben,
               "other": cast.dana, "admin": cast.ada, "safeguarding": cast.sam}  # fmt: skip

    readers = {
        name
        for name, viewer in viewers.items()
        if queries.answers_for_viewer(amira(cast), viewer, Relation.LOOPMATE if name == "partner" else None)
    }

    assert readers == {"owner", "coordinator"} | {
        "partners": {"partner"}, "members": {"partner", "member"},
    }.get(narrowest, set())  # fmt: skip


@pytest.mark.row("F-01")
def test_a_line_managers_address_is_read_by_its_owner_alone(cast: Cast, asked: Asked) -> None:
    factories.answer(amira(cast), asked.manager, "boss@northwind.example")

    assert [shown.words for shown in queries.answers_for_viewer(amira(cast), cast.amira)] == ["boss@northwind.example"]
    assert [(shown.words, shown.value) for shown in queries.answers_for_viewer(amira(cast), cast.chris)] == [
        ("Given", None)
    ]
    assert queries.answers_for_viewer(amira(cast), cast.ben, Relation.LOOPMATE) == []
    assert queries.answers_by_application([amira(cast)])[amira(cast).pk] == {asked.manager.pk: "boss@northwind.example"}


@pytest.mark.row("F-02")
def test_a_line_managers_address_wears_one_label_for_its_owner_and_one_for_the_office(
    cast: Cast, asked: Asked, signed_in: Browser
) -> None:
    factories.answer(amira(cast), asked.manager, "boss@northwind.example")
    chris, base = signed_in(cast.chris), "/northwind/grow-together/"
    pages = [
        (chris, f"{base}form/"), (chris, f"{base}form/{asked.manager.public_id}/"),
        (chris, f"{base}form/new/line_manager/"), (chris, f"{base}applications/{amira(cast).public_id}/"),
        (chris, f"{base}people/{cast.amira_member.public_id}/"),
    ]  # fmt: skip
    own = [(chris, f"{base}form/preview/"), (signed_in(cast.amira), f"{base}me/")]

    words = "Only whoever gives it can read it. Matching uses it; coordinators see that it was given."
    assert [(path, words in client.get(path).content.decode()) for client, path in pages] == [
        (path, True) for _client, path in pages
    ]
    to_its_owner = "Only you can read it. Matching uses it; coordinators see that it was given."
    found = [client.get(path).content.decode() for client, path in own]
    assert [(to_its_owner in page, words in page) for page in found] == [(True, False)] * 2


@pytest.mark.row("F-01", "F-02")
def test_nobody_can_widen_who_reads_a_line_managers_address(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)

    chris.post("/northwind/grow-together/form/new/line_manager/", {
        "label": "Who do you report to?", "asked_of": "both", "audience": "members",
    })  # fmt: skip

    with scopes_disabled():
        assert Question.objects.get(label="Who do you report to?").audience == "matching"


def test_matching_never_gets_what_is_for_coordinators_only(cast: Cast, asked: Asked) -> None:
    factories.answer(amira(cast), asked.health, "private")
    factories.answer(amira(cast), asked.goal, "Speak up", stricter="coordinators")
    factories.answer(amira(cast), asked.moved, True)

    assert queries.answers_by_application([amira(cast)]) == {amira(cast).pk: {asked.moved.pk: True}}
