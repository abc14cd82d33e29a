"""Building a form, and what a change does to answers already given."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from tests.signup.conftest import AT, Asked, Browser, amira
from twoway.history.models import Event
from twoway.people.models import Programme
from twoway.signup import queries
from twoway.signup.actions.form import (
    bring_back_question,
    change_question,
    copy_form,
    make_form,
    move_question,
    rename_option,
    retire_question,
)
from twoway.signup.forms.question import QuestionForm
from twoway.signup.models import Answer, Question

pytestmark = pytest.mark.usefixtures("open_scope")

NEW = {"label": "Which field?", "asked_of": "both", "audience": "matching", "use": "off", "weight": "5"}


def labels(cast: Cast) -> list[str]:
    return [question.label for question in queries.questions_of(cast.grow)]


@pytest.mark.row("F-01")
def test_a_coordinator_adds_orders_changes_and_deletes_questions_on_the_page(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)
    new = reverse("signup:question-new", args=[*AT, "single"])

    chris.post(new, {**NEW, "options": "Policy\nFinance\n\nPolicy"})
    chris.post(new, {**NEW, "label": "Which floor?", "options": "One\nTwo", "section": "Where"})
    field, floor = queries.questions_of(cast.grow)
    assert field.options == [
        {"key": "policy", "label": "Policy", "retired": False},
        {"key": "finance", "label": "Finance", "retired": False},
    ]  # fmt: skip

    chris.post(reverse("signup:question-place", args=[*AT, floor.public_id]), {"to": "up"})
    assert labels(cast) == ["Which floor?", "Which field?"]

    edit = reverse("signup:question-edit", args=[*AT, field.public_id])
    chris.post(
        edit, {**NEW, "label": "Your field?", "options": "Policy\nLaw", "required": "on", "weight": "9", "use": "same"}
    )
    field.refresh_from_db()
    assert (field.label, field.required, field.use, field.weight) == ("Your field?", True, "same", 9)

    chris.post(reverse("signup:question-retirement", args=[*AT, floor.public_id]))
    assert labels(cast) == ["Your field?"]
    assert not Question.objects.filter(pk=floor.pk).exists()


@pytest.mark.row("F-01", "U-05")
def test_a_question_that_cannot_be_is_refused_and_what_was_typed_stays(cast: Cast, signed_in: Browser) -> None:
    page = signed_in(cast.chris).post(
        reverse("signup:question-new", args=[*AT, "single"]), {**NEW, "options": "Only one", "help": "typed"}
    )

    assert page.status_code == 422
    assert "at least two options" in page.content.decode()
    assert 'value="typed"' in page.content.decode()
    assert labels(cast) == []


@pytest.mark.row("F-01", "F-03")
@pytest.mark.parametrize("kind", [kind.value for kind in Question.Kind])
def test_every_kind_has_a_page_to_add_it_and_is_seen_in_the_preview(cast: Cast, signed_in: Browser, kind: str) -> None:
    chris = signed_in(cast.chris)
    url = reverse("signup:question-new", args=[*AT, kind])
    assert chris.get(url).status_code == 200

    answer = chris.post(url, {**NEW, "label": f"About {kind}", "options": "One\nTwo"})

    assert answer.status_code == 302
    preview = chris.get(reverse("signup:form-preview", args=AT) + "?role=either").content.decode()
    assert f"About {kind}" in preview
    assert f'name="q-{queries.questions_of(cast.grow)[0].public_id}"' in preview


@pytest.mark.row("F-04")
def test_the_preview_shows_each_role_its_questions(cast: Cast, asked: Asked, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)

    pages = {role: chris.get(reverse("signup:form-preview", args=AT), {"role": role}).content.decode()
             for role in ("mentor", "mentee")}  # fmt: skip

    assert {role: ("help with?" in page, "grow in?" in page) for role, page in pages.items()} == {
        "mentor": (True, False), "mentee": (False, True),
    }  # fmt: skip


@pytest.mark.row("F-01")
def test_the_kind_stays_once_somebody_has_answered(cast: Cast, asked: Asked) -> None:
    factories.answer(amira(cast), asked.goal, "Speak up")

    with pytest.raises(ValidationError) as fault:
        change_question(question=asked.goal, changes={"kind": "short"}, by=cast.chris, now=NOW)

    assert list(fault.value.message_dict) == ["kind"]


@pytest.mark.row("F-01")
def test_an_option_that_was_chosen_is_retired_and_its_words_stay(cast: Cast, asked: Asked) -> None:
    answer = factories.answer(amira(cast), asked.offers, ["finance"])

    change_question(question=asked.offers, changes={"options": ["Writing", "Law"]}, by=cast.chris, now=NOW)

    assert [(option["label"], option["retired"]) for option in asked.offers.options] == [
        ("Writing", False), ("Law", False), ("Finance", True),
    ]  # fmt: skip
    answer.refresh_from_db()
    assert answer.value == ["finance"]
    [shown] = queries.answers_for_viewer(amira(cast), cast.amira)
    assert shown.words == "Finance"


@pytest.mark.row("F-01")
def test_other_words_for_an_option_keep_its_answers(cast: Cast, asked: Asked) -> None:
    factories.answer(amira(cast), asked.offers, ["finance"])

    rename_option(question=asked.offers, key="finance", label="Money", by=cast.chris, now=NOW)

    [shown] = queries.answers_for_viewer(amira(cast), cast.amira)
    assert shown.words == "Money"
    with pytest.raises(ValidationError):
        rename_option(question=asked.offers, key="finance", label="writing", by=cast.chris, now=NOW)


@pytest.mark.row("F-01")
def test_a_retired_question_keeps_its_answers_and_can_be_asked_again(cast: Cast, asked: Asked) -> None:
    answer, before = factories.answer(amira(cast), asked.goal, "Speak up"), labels(cast)

    retire_question(question=asked.goal, by=cast.chris, now=NOW)
    assert asked.goal.label not in labels(cast)
    assert Answer.objects.filter(pk=answer.pk).exists()
    assert queries.answers_by_application([amira(cast)]) == {amira(cast).pk: {}}

    bring_back_question(question=asked.goal, by=cast.chris, now=NOW)
    assert labels(cast) == before
    kinds = Event.objects.filter(kind__startswith="question.").order_by("pk")
    assert [(event.kind, event.facts["question"]) for event in kinds] == [
        ("question.retired", asked.goal.label), ("question.returned", asked.goal.label),
    ]  # fmt: skip
    assert queries.answers_by_application([amira(cast)]) == {amira(cast).pk: {asked.goal.pk: "Speak up"}}


@pytest.mark.row("F-01")
def test_a_question_never_moves_before_the_one_it_hangs_on(cast: Cast, asked: Asked) -> None:
    assert move_question(question=asked.whence, up=True, by=cast.chris, now=NOW) is False
    assert labels(cast)[:2] == ["Have you moved here for work?", "Where from?"]


@pytest.mark.row("O-01")
def test_a_copied_form_has_the_questions_and_none_of_the_answers(cast: Cast, asked: Asked) -> None:
    factories.answer(amira(cast), asked.goal, "Speak up")
    other = factories.programme(cast.northwind, "Crossing Over")

    copy_form(cast.grow, other, cast.ada, NOW)

    copies = queries.questions_of(other)
    assert [copy.label for copy in copies] == labels(cast)
    assert copies[1].show_if == {"question": copies[0].public_id, "any_of": ["yes"]}
    assert Answer.objects.filter(question__in=copies).count() == 0


@pytest.mark.row("F-01")
@pytest.mark.parametrize(
    ("kind", "at_once", "folded"),
    [
        ("single", ["label", "asked_of", "required", "options", "audience", "use", "protected"],
         ["help", "section", "condition", "weight", "meets", "both_ways"]),
        ("ordered", ["label", "asked_of", "required", "options", "audience", "use", "protected"],
         ["help", "section", "condition", "weight", "steps", "meets", "both_ways"]),
        ("scale", ["label", "asked_of", "required", "low_words", "high_words", "audience", "use", "protected"],
         ["help", "section", "condition", "weight", "steps", "both_ways"]),
        ("number", ["label", "asked_of", "required", "audience", "use", "protected"],
         ["help", "section", "low", "high", "condition", "weight", "steps", "both_ways"]),
        ("line_manager", ["label", "asked_of", "required"], ["help", "section", "condition"]),
    ],
)  # fmt: skip
def test_a_new_question_shows_what_its_kind_needs_and_folds_the_rest(
    kind: str, at_once: list[str], folded: list[str]
) -> None:
    groups = QuestionForm(kind=kind, others=[], programme=Programme()).groups()

    assert [field.name for group in groups for field in group.fields] == at_once
    assert [field.name for group in groups for field in group.folded] == folded
    assert [group.open for group in groups] == [False] * len(groups)


@pytest.mark.row("F-01")
@pytest.mark.parametrize(
    ("low", "high", "faults"),
    [
        ("", "", {}), ("Not at all", "Very much", {}),
        ("Not at all", "", {"high_words": ["Please write words for both ends, or for neither."]}),
        ("", "Very much", {"low_words": ["Please write words for both ends, or for neither."]}),
    ],
)  # fmt: skip
def test_a_scale_has_words_at_both_ends_or_at_none(low: str, high: str, faults: dict[str, list[str]]) -> None:
    typed = {"label": "How sure are you?", "asked_of": "both", "audience": "matching", "low_words": low}
    form = QuestionForm({**typed, "high_words": high}, kind="scale", others=[], programme=Programme())

    assert form.errors == faults


@pytest.mark.row("F-01")
def test_what_is_folded_is_open_where_it_says_something_or_is_wrong(cast: Cast, asked: Asked) -> None:
    question = factories.question(cast.grow.form, "How senior?", "ordered", use="higher", weight=8)
    kept = QuestionForm(kind="ordered", others=[], programme=Programme(), question=question)
    wrong = QuestionForm({"label": "Your team", "at_most": "0"}, kind="many", others=[], programme=Programme())

    assert {str(group.title): group.open for group in kept.groups()} == {
        "The question": False, "Answers": False, "Who sees it": False, "Matching": True,
    }  # fmt: skip
    assert {str(group.title): group.open for group in wrong.groups()}["Answers"] is True


@pytest.mark.row("F-01")
@pytest.mark.parametrize("kind", ["single", "many", "ordered", "skills_wanted", "skills_offered"])
def test_options_are_not_a_matter_of_liking(cast: Cast, signed_in: Browser, kind: str) -> None:
    chris, path = signed_in(cast.chris), f"/northwind/grow-together/form/new/{kind}/"

    shown = chris.get(path).content.decode()
    refused = chris.post(path, {"label": "Which?", "asked_of": "both", "audience": "matching"})

    assert '<label for="id_options">Options, one on each line</label>' in shown
    assert refused.context["form"].errors["options"] == ["Please give at least two options, one on each line."]


@pytest.mark.row("M-12", "F-03")
def test_a_preference_without_a_question_to_ask_after_is_refused_and_a_saved_one_is_told_of(
    cast: Cast, signed_in: Browser
) -> None:
    chris, options = signed_in(cast.chris), {"options": "Red\nBlue", "use": "preference", "meets": ""}
    page = chris.post(reverse("signup:question-new", args=[*AT, "single"]), {**NEW, **options})
    form = make_form(cast.grow, cast.chris, NOW)
    choices = [{"key": one, "label": one, "retired": False} for one in ("red", "blue")]
    saved = factories.question(form, "Saved before", "single", use="preference", options=choices)

    listed = chris.get(reverse("signup:form", args=AT)).content.decode()

    assert (page.status_code, "choose the other side’s question" in page.content.decode()) == (422, True)
    assert "stated preference, not used: choose what it meets" in listed
    assert "stated preference, counts" not in listed
    assert change_question(question=saved, changes={"label": "Said anew"}, by=cast.chris, now=NOW) == ["label"]


@pytest.mark.row("F-03")
def test_a_rule_is_listed_without_a_weight(cast: Cast, signed_in: Browser) -> None:
    choices = [{"key": one, "label": one, "retired": False} for one in ("low", "high")]
    form = make_form(cast.grow, cast.chris, NOW)
    for use in ("higher", "must_differ", "must_same", "same"):
        factories.question(form, use, "ordered", use=use, options=choices)

    listed = signed_in(cast.chris).get(reverse("signup:form", args=AT)).content.decode()

    assert listed.count(", counts 5") == 1
    assert "Same is better, counts 5" in listed


@pytest.mark.row("F-02")
def test_options_that_differ_in_capitals_alone_are_refused(cast: Cast, signed_in: Browser) -> None:
    page = signed_in(cast.chris).post(
        reverse("signup:question-new", args=[*AT, "single"]), {**NEW, "options": "Data\nLaw\ndata"}
    )

    assert page.status_code == 422
    assert "“Data” and “data” are the same words. Please keep one of them." in page.content.decode()


@pytest.mark.row("X-08")
def test_the_record_says_which_question_was_changed(cast: Cast, asked: Asked, signed_in: Browser) -> None:
    change_question(question=asked.goal, changes={"label": "Your one goal?"}, by=cast.chris, now=NOW)

    page = signed_in(cast.chris).get("/northwind/grow-together/record/").content.decode()

    assert "changed a question of the sign-up form: “Your one goal?”" in page
