"""A guided first programme, left and resumed, and a copy of one: what goes over and what never does."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core import mail
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from twoway.history.models import Event
from twoway.outbox.tasks import deliver_pending
from twoway.people.audience import Audience, label_for
from twoway.people.models import Intake, Membership, Person, Programme, SupportLine
from twoway.people.queries import coordinators_of, sign_up_is_open
from twoway.signup.actions.form import check_question
from twoway.signup.actions.preset import change_kind, make_form_from, make_programme_from
from twoway.signup.models import Answer, Application, Question
from twoway.signup.preset import FOLDER, PresetFault, presets, read
from twoway.signup.queries import audience_of, questions_of

Browser = Callable[[Person | None], Client]
NEW = "/northwind/programmes/new/"


def begin(ada: Client, kind: str = "students", name: str = "First Steps") -> Programme:
    """Go through kind, name and dates as the pages suggest them."""
    page = ada.get(NEW, {"kind": kind})
    intake = page.context["intake"]
    posted = {field.html_name: field.value() or "" for field in intake} | {
        "kind": kind, "name": name, "time_zone": "Europe/Lisbon",
    }  # fmt: skip
    ada.post(NEW, posted)
    with scopes_disabled():
        return Programme.objects.select_related("organisation").get(name=name)


def step(programme: Programme, name: str) -> str:
    return reverse("signup:programme-set-up", args=["northwind", programme.public_id, name])


def help_of(**changes: str) -> dict[str, str]:
    return {"duty_of_care": "signpost", "reply_days": "2", "run_it": "on", **changes}


@pytest.mark.row("D-08")
def test_an_evening_leads_from_nothing_to_an_open_programme(cast: Cast, signed_in: Browser) -> None:
    ada = signed_in(cast.ada)
    programme = begin(ada)

    ada.post(step(programme, "form"), {"go": "next"})
    ada.post(step(programme, "terms"), {"what_it_is_not": "No tutoring.", "terms": "Be kind.", "go": "next"})
    ada.post(step(programme, "help"), help_of(go="next"))
    overview = ada.get(step(programme, "overview"))
    done = ada.post(step(programme, "overview"), {"finish": "open"})

    programme.refresh_from_db()
    with scopes_disabled():
        intake = Intake.objects.select_related("programme").get(programme=programme)
        assert len(questions_of(programme)) == len(presets()["students"].questions)
        assert coordinators_of(programme) == [cast.ada]
        assert [sign_up_is_open(intake, NOW), sign_up_is_open(intake, NOW.replace(month=12, day=1))] == [False, True]
    assert overview.context["missing"] == []
    assert (programme.set_up, programme.sign_up_on, programme.kind) == ("", True, "students")
    assert (programme.mentee_word, programme.terms, programme.time_zone) == ("student", "Be kind.", "Europe/Lisbon")
    assert done["Location"] == "/northwind/first-steps/"


@pytest.mark.row("D-08")
def test_the_set_up_is_left_and_resumed_where_it_was(cast: Cast, signed_in: Browser) -> None:
    ada = signed_in(cast.ada)
    programme = begin(ada)
    ada.post(step(programme, "form"), {"go": "next"})
    ada.post(step(programme, "terms"), {"what_it_is_not": "No tutoring.", "terms": "Be kind.", "go": "later"})

    another_day = signed_in(cast.ada)
    page = another_day.get("/northwind/").content.decode()

    assert f'href="{step(programme, "help")}"' in page
    assert another_day.get(step(programme, "terms")).context["form"]["terms"].value() == "Be kind."


@pytest.mark.row("D-08")
def test_going_back_keeps_what_was_typed_and_how_far_one_came(cast: Cast, signed_in: Browser) -> None:
    ada = signed_in(cast.ada)
    programme = begin(ada)
    ada.post(step(programme, "form"), {"go": "next"})

    back = ada.post(step(programme, "terms"), {"what_it_is_not": "No tutoring.", "terms": "Half a sent", "go": "back"})

    programme.refresh_from_db()
    assert back["Location"] == step(programme, "form")
    assert (programme.terms, programme.set_up) == ("Half a sent", "help")


@pytest.mark.row("D-08")
def test_nothing_typed_is_lost_when_a_step_is_refused(cast: Cast, signed_in: Browser) -> None:
    posted = {
        "kind": "employees", "name": "Steps", "time_zone": "Europe/Lisbon", "intake-name": "Autumn",
        "intake-starts_on": "2027-03-01", "intake-ends_on": "2027-02-01",
    }  # fmt: skip

    page = signed_in(cast.ada).post(NEW, posted)

    assert page.status_code == 422
    assert [text for text in ('value="Steps"', 'value="2027-02-01"') if text not in page.content.decode()] == []
    with scopes_disabled():
        assert Programme.objects.filter(name="Steps").count() == 0


@pytest.mark.row("D-08")
def test_each_kind_suggests_dates_counted_from_today_and_community_never_closes(cast: Cast, signed_in: Browser) -> None:
    ada = signed_in(cast.ada)
    with scopes_disabled():
        intakes = {
            kind: Intake.objects.get(programme=begin(ada, kind, f"For {kind}")) for kind in Programme.Kind.values
        }

    assert intakes["employees"].sign_up_opens_on == date(2026, 11, 30)
    assert (intakes["community"].sign_up_closes_on, intakes["community"].ends_on) == (None, None)


@pytest.mark.row("D-08")
def test_the_questions_say_what_they_do_in_matching_and_who_sees_them(cast: Cast, signed_in: Browser) -> None:
    ada = signed_in(cast.ada)
    programme = begin(ada, "employees")
    page = ada.get(step(programme, "form")).content.decode()
    with scopes_disabled():
        labels = {str(label_for(audience_of(question)).words) for question in questions_of(programme)}

    assert "Wants meet offers (weight 10 of 10)" in page
    assert "Whoever helps must be higher (a rule)" in page
    assert "Keeps two apart in matching" in page
    assert label_for(Audience.APART).words in labels
    assert {label for label in labels if label in page} == labels


@pytest.mark.row("D-08")
def test_another_kind_brings_its_own_words_and_questions(cast: Cast, signed_in: Browser) -> None:
    ada = signed_in(cast.ada)
    programme = begin(ada, "students")

    ada.post(step(programme, "kind"), {"kind": "alumni", "go": "next"})

    programme.refresh_from_db()
    with scopes_disabled():
        labels = [question.label for question in questions_of(programme)]
    assert labels == [question.label for question in presets()["alumni"].questions]
    assert (programme.kind, programme.mentee_word, programme.name) == ("alumni", "", "First Steps")


@pytest.mark.row("D-08")
def test_a_form_with_answers_is_not_replaced(cast: Cast, open_scope: None) -> None:
    form = make_form_from(preset=presets()["students"], programme=cast.grow, by=cast.ada, now=NOW)
    application = Application.objects.get(person=cast.amira)
    factories.answer(application, form.questions.first(), "Law")

    with pytest.raises(ProtectedError):
        change_kind(preset=presets()["alumni"], programme=cast.grow, by=cast.ada, now=NOW)

    cast.grow.refresh_from_db()
    assert cast.grow.kind == "employees"
    assert form.questions.count() == len(presets()["students"].questions)


@pytest.mark.row("D-08", "H-02")
def test_a_promised_contact_keeps_sign_up_closed_until_two_have_taken_it_up(cast: Cast, signed_in: Browser) -> None:
    ada = signed_in(cast.ada)
    programme = begin(ada)
    ada.post(step(programme, "form"))
    ada.post(step(programme, "terms"), {"terms": "Be kind."})
    ada.post(
        step(programme, "help"),
        help_of(duty_of_care="named_contact", contact="sam@northwind.example", deputy="nia@northwind.example"),
    )
    deliver_pending()

    refused = ada.post(step(programme, "overview"), {"finish": "open"})
    kept = ada.post(step(programme, "overview"), {"finish": "closed"})

    programme.refresh_from_db()
    assert sorted(letter.to[0] for letter in mail.outbox) == ["nia@northwind.example", "sam@northwind.example"]
    assert refused.status_code == 422
    assert "a contact and a deputy have to take up their role first" in refused.content.decode()
    assert "Finish and switch sign-up on" not in refused.content.decode()
    assert kept.status_code == 302
    assert (programme.set_up, programme.sign_up_on) == ("", False)


@pytest.mark.row("D-08")
def test_a_finished_set_up_and_a_step_that_is_none_are_not_there(cast: Cast, signed_in: Browser) -> None:
    ada = signed_in(cast.ada)
    programme = begin(ada)

    assert ada.get(step(programme, "nonsense")).status_code == 404
    assert ada.get(step(cast.grow, "terms"))["Location"] == "/northwind/"
    assert ada.get(step(cast.shore, "terms")).status_code == 404


@pytest.mark.row("D-08", "F-04")
@pytest.mark.parametrize("kind", Programme.Kind.values)
def test_a_presets_words_become_the_programmes(cast: Cast, open_scope: None, kind: str) -> None:
    preset = presets()[kind]

    programme = make_programme_from(
        preset=preset, organisation=cast.northwind, name="New", time_zone="UTC", intake_name="First", days={},
        set_up="", by=cast.ada, now=NOW,
    )  # fmt: skip

    assert preset.closing != ""
    assert (programme.welcome, programme.closing, programme.terms) == (preset.welcome, preset.closing, preset.terms)


@pytest.mark.row("D-08")
@pytest.mark.parametrize("kind", Programme.Kind.values)
def test_a_presets_questions_are_ones_the_form_builder_takes(cast: Cast, open_scope: None, kind: str) -> None:
    form = make_form_from(preset=presets()[kind], programme=cast.grow, by=cast.ada, now=NOW)

    for question in form.questions.select_related("meets"):
        check_question(question)
    assert form.questions.filter(what_i_help_with=True).exclude(asked_of="mentor").count() == 0
    assert form.questions.filter(what_i_help_with=True).count() > 0


@pytest.mark.row("D-08")
@pytest.mark.parametrize(
    ("was", "becomes", "fault"),
    [
        ('kind = "employees"', 'kind = "pirates"', "there is no kind of programme called pirates"),
        ('meets = "offer"', 'meets = "treasure"', "meets a question that is not there: treasure"),
        ("signup_opens = 7", "signup_opens = 7\nparty = 9", "[intake] has words it should not: party"),
        ("terms = [", 'goodbye = "Bye"\nterms = [', "[preset] has words it should not: goodbye"),
        ("[rhythm]\n", "[rhythm]\nmonths = 9\n", "[rhythm] has words it should not: months"),
        ('use = "text"', 'use = "magic"', "there is no use called magic"),
    ],
)
def test_a_broken_preset_is_refused_with_its_file_and_fault(tmp_path: Path, was: str, becomes: str, fault: str) -> None:
    broken = tmp_path / "employees.toml"
    broken.write_text((FOLDER / "employees.toml").read_text().replace(was, becomes, 1))

    with pytest.raises(PresetFault) as refused:
        read(broken)

    assert str(refused.value).startswith("employees.toml: ")
    assert fault in str(refused.value)


def filled(cast: Cast) -> Programme:
    """Grow Together with words, rules, questions, answers, help and dates worth copying."""
    Programme.objects.filter(pk=cast.grow.pk).update(
        welcome="Hello",
        closing="Bye",
        terms="Be kind.",
        terms_version=3,
        usual_rhythm_days=21,
        approval=False,
        mentor_word="guide",
    )
    Intake.objects.filter(pk=cast.autumn.pk).update(
        sign_up_opens_on=date(2026, 9, 1), starts_on=date(2026, 10, 1), ends_on=date(2027, 6, 30)
    )
    form = factories.form(cast.grow)
    wanted = factories.question(form, "Wanted", "skills_wanted", use="wish", weight=9)
    offered = factories.question(form, "Offered", "skills_offered", use="wish", weight=9, meets=wanted)
    wanted.meets = offered
    wanted.save()
    factories.answer(Application.objects.get(person=cast.amira), wanted, ["talks"])
    factories.support_line(cast.grow)
    return Programme.objects.get(pk=cast.grow.pk)


@pytest.mark.row("O-01")
def test_a_copy_takes_what_is_ticked_and_never_people_answers_or_loops(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        source = filled(cast)
    posted = {
        "name": "Grow Again", "parts": ["words", "rules", "form", "help"], "first_day": "2027-09-06", "run_it": "on",
    }  # fmt: skip

    answer = signed_in(cast.ada).post(reverse("signup:programme-copy", args=["northwind", source.public_id]), posted)

    with scopes_disabled():
        copy = Programme.objects.get(name="Grow Again")
        intake = Intake.objects.get(programme=copy)
        questions = {question.label: question for question in questions_of(copy)}
        assert SupportLine.objects.filter(programme=copy).count() == 1
        assert Membership.objects.filter(programme=copy).count() == 0
        assert Application.objects.filter(intake__programme=copy).count() == 0
        assert Answer.objects.filter(question__form__programme=copy).count() == 0
        assert coordinators_of(copy) == [cast.ada]
    assert answer["Location"] == "/northwind/grow-again/settings/"
    assert (copy.welcome, copy.closing, copy.terms, copy.mentor_word) == ("Hello", "Bye", "Be kind.", "guide")
    assert (copy.usual_rhythm_days, copy.approval, copy.sign_up_on, copy.terms_version) == (21, False, False, 1)
    assert (intake.sign_up_opens_on, intake.starts_on, intake.ends_on, intake.matching_on) == (
        date(2027, 9, 6), date(2027, 10, 6), date(2028, 7, 4), None,
    )  # fmt: skip
    assert [question.weight for question in questions.values()] == [9, 9]
    assert questions["Wanted"].meets == questions["Offered"]
    assert list(Event.objects.filter(kind="programme.copied").values_list("facts", flat=True)) == [
        {"parts": ["form", "help", "rules", "words"]}
    ]


@pytest.mark.row("O-01")
def test_a_copy_with_nothing_ticked_is_a_bare_programme(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        source = filled(cast)

    signed_in(cast.ada).post(reverse("signup:programme-copy", args=["northwind", source.public_id]), {"name": "Bare"})

    with scopes_disabled():
        copy = Programme.objects.get(name="Bare")
        intake = Intake.objects.get(programme=copy)
        assert Question.objects.filter(form__programme=copy).count() == 0
        assert SupportLine.objects.filter(programme=copy).count() == 0
        assert coordinators_of(copy) == []
    assert (copy.welcome, copy.terms, copy.mentor_word, copy.usual_rhythm_days) == ("", "", "", 14)
    assert (intake.sign_up_opens_on, intake.ends_on) == (None, None)


@pytest.mark.row("O-01", "O-02")
def test_nobody_copies_a_programme_of_another_organisation(cast: Cast, signed_in: Browser) -> None:
    path = reverse("signup:programme-copy", args=["northwind", cast.shore.public_id])

    assert signed_in(cast.ada).post(path, {"name": "Ours now"}).status_code == 404
    assert signed_in(cast.chris).get(path).status_code == 404


@pytest.mark.row("O-01", "D-08")
def test_a_programme_of_a_name_in_use_is_refused_however_it_would_come_to_be(cast: Cast, signed_in: Browser) -> None:
    ada, other = signed_in(cast.ada), begin(signed_in(cast.ada))
    copying = reverse("signup:programme-copy", args=["northwind", cast.grow.public_id])
    intake = {"intake-name": "Spring", "time_zone": "Europe/Lisbon", "go": "next"}
    taken = "There is a programme called Grow Together already."

    asked = [
        ada.post(NEW, {**intake, "kind": "students", "name": " grow  together"}),
        ada.post(step(other, "basics"), {**intake, "name": "GROW TOGETHER"}),
        ada.post(copying, {"name": "Grow together"}),
    ]
    kept = ada.post(step(other, "basics"), {**intake, "name": other.name})

    assert [answer.status_code for answer in asked] == [422, 422, 422]
    assert all(taken in answer.content.decode() for answer in asked)
    assert [answer.context["form"]["name"].value() for answer in asked[1:]] == ["GROW TOGETHER", "Grow together"]
    assert kept.status_code == 302
    with scopes_disabled():
        assert sorted(Programme.objects.filter(organisation=cast.northwind).values_list("name", flat=True)) == [
            "First Steps", "Grow Together",
        ]  # fmt: skip


@pytest.mark.row("O-01")
def test_no_name_is_suggested_that_would_be_refused(cast: Cast, signed_in: Browser) -> None:
    ada, copying = signed_in(cast.ada), reverse("signup:programme-copy", args=["northwind", cast.grow.public_id])
    suggested = presets()["students"].name

    first = [ada.get(url).context["form"]["name"].value() for url in (f"{NEW}?kind=students", copying)]
    begin(ada, name=suggested)
    ada.post(copying, {"name": "Grow Together (copy)"})
    then = [ada.get(url).context["form"]["name"].value() for url in (f"{NEW}?kind=students", copying)]

    assert (first, then) == ([suggested, "Grow Together (copy)"], ["", ""])
