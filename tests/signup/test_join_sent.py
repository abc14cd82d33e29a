"""What follows the sent form: the letter, the proof, the approval, and what may still be changed before."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from tests.signup.conftest import Applicant, Asked, Browser, answers, last_link, letters_to, states
from twoway.people.actions.programme import archive_programme, reopen_programme
from twoway.people.models import Consent, Membership, Person
from twoway.signup.actions.arrival import approve_applications
from twoway.signup.models import Answer, Application

pytestmark = pytest.mark.usefixtures("open_scope")


@pytest.mark.row("F-07", "F-04", "F-09")
def test_somebody_is_a_member_only_when_sent_proved_agreed_and_approved(
    cast: Cast, asked: Asked, applicant: Applicant
) -> None:
    applicant.sign_up(asked)
    assert states() == ["sent"]
    assert not Person.objects.filter(name="Noor Haddad").exists()

    looked = applicant.client.get(last_link(applicant.address))
    assert b"Yes, this is my address" in looked.content
    assert states() == ["sent"]

    applicant.confirm()
    assert states() == ["waiting"]
    assert not Membership.objects.filter(name="Noor Haddad").exists()
    assert b"A coordinator reads your sign-up" in applicant.get("join-sent").content

    approve_applications(applications=Application.objects.filter(state="waiting"), by=cast.chris, now=NOW)
    assert states() == ["joined"]
    member = Membership.objects.get(name="Noor Haddad")
    assert Consent.objects.get(person=member.person).version == 1
    assert letters_to(applicant.address)[-1].startswith("Welcome to Grow Together")


@pytest.mark.row("F-04")
def test_the_closing_words_stand_where_the_form_was_sent_and_in_the_preview(
    cast: Cast, asked: Asked, applicant: Applicant, signed_in: Browser
) -> None:
    cast.grow.closing = "We write **within a week**."
    cast.grow.save()

    applicant.sign_up(asked)
    sent = applicant.get("join-sent").content.decode()
    applicant.confirm()
    waiting = applicant.get("join-sent").content.decode()
    preview = signed_in(cast.chris).get(reverse("signup:form-preview", args=["northwind", "grow-together"]))

    for page in (sent, waiting, preview.content.decode()):
        assert "We write <strong>within a week</strong>." in page


@pytest.mark.row("F-07")
def test_without_approval_the_letter_makes_a_member(cast: Cast, asked: Asked, applicant: Applicant) -> None:
    cast.grow.approval = False
    cast.grow.save()

    applicant.sign_up(asked)
    applicant.confirm()

    assert states() == ["joined"]
    assert applicant.get("join").headers["Location"] == applicant.url("profile")


@pytest.mark.row("X-03")
def test_one_address_ends_with_one_application_and_a_members_answers_stay(
    cast: Cast, asked: Asked, applicant: Applicant
) -> None:
    applicant.address = "amira@northwind.example"
    applicant.sign_up(asked)
    applicant.confirm()

    assert states("amira@northwind.example") == ["joined"]
    assert not Answer.objects.filter(application__address="amira@northwind.example").exists()


@pytest.mark.row("F-07")
def test_somebody_signed_in_proves_no_address_twice(cast: Cast, asked: Asked, signed_in: Browser) -> None:
    dana = Applicant(address="dana@harbour.example", client=signed_in(cast.dana))

    assert 'name="address"' not in dana.get("join").content.decode()
    dana.begin()
    dana.answer(asked)
    dana.send()

    assert states("dana@harbour.example") == ["joined", "waiting"]  # her own programme's, and this one
    assert not [letter for letter in letters_to("dana@harbour.example") if "Confirm" in letter]


@pytest.mark.row("F-14")
def test_a_new_address_before_proof_makes_the_old_link_useless(asked: Asked, applicant: Applicant) -> None:
    applicant.sign_up(asked)
    old = last_link(applicant.address)

    changed = applicant.post("join-address", {"address": " Noor.Right@northwind.example"})

    assert changed.headers["Location"] == applicant.url("join-sent")
    assert "We have written to noor.right@northwind.example" in applicant.get("join-sent").content.decode()
    assert states("noor.right@northwind.example") == ["sent"]
    assert applicant.client.post(old).status_code == 410
    assert letters_to("noor.right@northwind.example")[0].startswith("Confirm your address for Grow Together")
    applicant.address = "noor.right@northwind.example"
    applicant.confirm()
    assert states("noor.right@northwind.example") == ["waiting"]


@pytest.mark.row("F-14", "F-08")
def test_a_new_address_on_the_first_page_keeps_a_sent_form_sent_too(asked: Asked, applicant: Applicant) -> None:
    applicant.sign_up(asked)

    changed = applicant.begin(address="noor.right@northwind.example")

    assert changed.headers["Location"] == applicant.url("join-sent")
    assert states("noor.right@northwind.example") == ["sent"]
    assert len(letters_to("noor.right@northwind.example")) == 1


@pytest.mark.row("F-14", "F-06")
def test_a_sent_form_whose_role_asks_for_more_is_not_sent_any_more(asked: Asked, applicant: Applicant) -> None:
    applicant.sign_up(asked)

    went_on = applicant.begin("mentor")

    assert states() == ["started"]
    assert went_on.headers["Location"] == applicant.url("join-questions", 1)


@pytest.mark.row("F-08", "X-03")
def test_changing_the_address_says_nothing_about_who_has_it_and_blocks_nobody(asked: Asked) -> None:
    pages = []
    for own, other in (("one@x.example", "ben@northwind.example"), ("two@x.example", "nobody@northwind.example")):
        somebody = Applicant(address=own)
        somebody.sign_up(asked)
        somebody.post("join-address", {"address": other})
        pages.append(re.sub(r"[A-Za-z0-9]{64}", "", somebody.get("join-sent").content.decode()).replace(other, "A"))
    nobody = Applicant(address="nobody@northwind.example")
    nobody.sign_up(asked)

    assert pages[0] == pages[1]
    nobody.confirm()
    assert sorted(states("nobody@northwind.example")) == ["sent", "waiting"]


@pytest.mark.row("F-08", "U-05", "X-03")
def test_a_wrong_address_is_asked_again_and_too_many_letters_are_refused(asked: Asked, applicant: Applicant) -> None:
    applicant.sign_up(asked)

    wrong = applicant.post("join-address", {"address": "noor at home"})
    assert wrong.status_code == 422
    assert 'value="noor at home"' in wrong.content.decode()

    tries = [applicant.post("join-address", {"address": f"n{number}@x.example"}) for number in range(10)]
    assert [answer.status_code for answer in tries] == [302] * 9 + [422]
    assert "wait a few minutes" in tries[-1].content.decode()
    assert states("n8@x.example") == ["sent"]


@pytest.mark.row("F-14")
def test_before_it_is_sent_and_after_it_is_proved_there_is_no_address_to_change(
    cast: Cast, asked: Asked, applicant: Applicant
) -> None:
    applicant.begin()
    early = applicant.post("join-address", {"address": "other@x.example"})
    applicant.answer(asked)
    applicant.send()
    applicant.confirm()
    late = applicant.post("join-address", {"address": "other@x.example"})

    assert (early.headers["Location"], late.headers["Location"]) == (
        applicant.url("join"), applicant.url("join-sent"),
    )  # fmt: skip
    assert states() == ["waiting"]


@pytest.mark.row("F-14")
def test_the_public_link_says_what_is_left_once_the_form_is_sent(asked: Asked, applicant: Applicant) -> None:
    applicant.sign_up(asked)

    page = applicant.client.get(applicant.url("join"), follow=True).content.decode()
    answers_again = applicant.client.get(applicant.url("join") + "?again=yes").content.decode()

    assert "One thing is left" in page
    assert f"{applicant.url('join')}?again=yes" in page
    assert 'value="Noor Haddad"' in answers_again


@pytest.mark.row("F-14")
def test_a_roster_entry_and_a_sign_up_by_the_form_become_one(cast: Cast, asked: Asked, applicant: Applicant) -> None:
    with scopes_disabled():
        expected = factories.application(cast.autumn, address=applicant.address, name="N. Haddad", role="mentee")
        factories.answer(expected, asked.manager, "boss@northwind.example")

    applicant.sign_up(asked)
    applicant.confirm()

    assert states() == ["waiting"]
    assert answers(asked) == {
        "Your line manager's address": "boss@northwind.example", "Have you moved here for work?": False,
        "What would you like to grow in?": "Speak up in meetings",
    }  # fmt: skip


@pytest.mark.row("F-14", "X-05")
def test_what_a_stranger_began_with_my_address_never_shows_them_my_answers(
    cast: Cast, asked: Asked, signed_in: Browser
) -> None:
    stranger = Applicant(address="dana@harbour.example")
    stranger.begin()
    dana = Applicant(address="dana@harbour.example", client=signed_in(cast.dana))
    health = f"q-{asked.health.public_id}"

    early = dana.post("join-questions", {health: "private"}, 2)
    assert early.headers["Location"] == dana.url("join")
    assert not Answer.objects.exists()

    dana.begin()
    dana.post("join-questions", {health: "private"}, 2)
    assert Answer.objects.get().value == "private"
    assert stranger.get("join-questions", 2).headers["Location"] == stranger.url("join")


@pytest.mark.row("X-03")
def test_the_way_back_for_somebody_known_is_short_lived(cast: Cast, asked: Asked, applicant: Applicant) -> None:
    applicant.post("join-letter", {"letter-address": "amira@northwind.example"})
    link = last_link("amira@northwind.example")

    with time_machine.travel(NOW + timedelta(hours=1, seconds=1), tick=False):
        assert Client().post(link).status_code == 410
    assert Client().post(link).headers["Location"] == applicant.url("join")


@pytest.mark.row("F-08", "U-05")
def test_a_link_that_is_over_leads_to_a_new_letter(asked: Asked, applicant: Applicant) -> None:
    applicant.sign_up(asked)
    old = last_link(applicant.address)
    applicant.post("join-letter")

    page = Client().get(old)
    there = Client().get(f"{applicant.url('join')}?letter=new").content.decode()
    closed = Client().get(reverse("signup:confirmation", args=["x" * 43])).content.decode()

    assert page.status_code == 410
    assert f'href="{applicant.url("join")}?letter=new#letter"' in page.content.decode()
    assert '<details class="fold" id="letter" open>' in there
    assert "ask the people who run the programme" in closed


@pytest.mark.row("F-08")
def test_a_letter_carries_a_typed_name_only_once_the_address_is_proved(asked: Asked, applicant: Applicant) -> None:
    applicant.sign_up(asked)
    applicant.post("join-letter", {"letter-address": applicant.address})
    unproved = letters_to(applicant.address)
    applicant.confirm()

    proved = letters_to(applicant.address)[len(unproved) :]

    def greeting(letter: str) -> str:
        return next(line for line in letter.splitlines() if line.startswith("Hello"))

    assert [("Noor" in letter, "Haddad" in letter, greeting(letter)) for letter in unproved] == [
        (False, False, "Hello,")
    ] * len(unproved)
    assert (len(unproved) > 0, [greeting(letter) for letter in proved]) == (True, ["Hello Noor,"])


@pytest.mark.row("F-07", "F-14")
def test_whoever_signs_up_again_is_told_before_and_after_that_the_first_stays(
    asked: Asked, applicant: Applicant
) -> None:
    applicant.sign_up(asked)
    applicant.confirm()
    again = Applicant(client=Client())
    again.sign_up(asked)
    link = last_link(again.address)

    before = again.client.get(link).content.decode()
    after = again.client.post(link, follow=True).content.decode()

    assert "You have signed up already, as “Mentee”." in before and "hands in your sign-up" not in before
    assert "You had signed up before. That stays as it is" in after
    assert states(again.address) == ["waiting"]


@pytest.mark.row("F-04", "O-01")
def test_a_sign_up_confirmed_after_archiving_joins_nothing_and_shows_what_was_written(
    cast: Cast, asked: Asked, applicant: Applicant
) -> None:
    cast.grow.approval = False
    cast.grow.save()
    applicant.sign_up(asked)
    archive_programme(programme=cast.grow, by=cast.ada, now=NOW)

    pages = [applicant.client.get(last_link(applicant.address)), applicant.confirm()]

    said = ["Sign-up for Grow Together is closed", "What you wrote is kept", "Speak up in meetings"]
    assert [[words in page.content.decode() for words in said] for page in pages] == [[True] * 3] * 2
    assert (states(), Membership.objects.filter(name="Noor Haddad").exists()) == (["sent"], False)
    reopen_programme(programme=cast.grow, by=cast.ada, now=NOW)
    applicant.confirm()
    assert states() == ["joined"]


@pytest.mark.row("F-07", "F-11")
def test_a_letter_opened_in_two_windows_leads_the_second_to_where_its_owner_stands(
    asked: Asked, applicant: Applicant
) -> None:
    applicant.sign_up(asked)
    path = last_link(applicant.address)
    browser, stranger = Client(enforce_csrf_checks=True), Client()

    def mark_on_the_page() -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(path).content.decode())
        assert found is not None
        return found[1]

    first, second = mark_on_the_page(), mark_on_the_page()
    browser.post(path, {"csrfmiddlewaretoken": first})
    pressed = browser.post(path, {"csrfmiddlewaretoken": second}, follow=True)
    opened = browser.get(path, follow=True)

    for page in (pressed, opened):
        assert page.status_code == 200
        assert [str(one) for one in page.context["messages"]] == ["This link has done its work: you are signed in."]
        assert "A coordinator reads your sign-up" in page.content.decode()
    assert stranger.get(path).status_code == 410
    assert "has done its work" not in stranger.get(path).content.decode()


@pytest.mark.row("F-07")
def test_a_letter_that_is_over_leads_nobody_else_anywhere(
    cast: Cast, asked: Asked, applicant: Applicant, signed_in: Browser
) -> None:
    applicant.sign_up(asked)
    path = last_link(applicant.address)
    applicant.confirm()

    for somebody in (cast.chris, cast.dana, None):
        assert signed_in(somebody).get(path).status_code == 410
