"""What somebody finds who looks again for a sign-up that is confirmed elsewhere, or declined."""

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from tests.signup.conftest import Applicant, Asked, Browser, last_link
from twoway.people.models import Intake, Person
from twoway.signup.actions.application import withdraw_application
from twoway.signup.actions.arrival import approve_applications, decline_applications
from twoway.signup.models import Application

pytestmark = pytest.mark.usefixtures("open_scope")
CONFIRMED = "This sign-up is confirmed"


def confirm_elsewhere(applicant: Applicant) -> Client:
    """Press the letter's button in another browser."""
    phone = Client()
    phone.post(last_link(applicant.address))
    return phone


@pytest.mark.row("F-14")
@pytest.mark.parametrize("roster", [False, True], ids=["by herself", "expected by a roster"])
def test_the_browser_that_began_it_is_told_that_it_is_confirmed_and_shown_nothing(
    cast: Cast, asked: Asked, applicant: Applicant, roster: bool
) -> None:
    if roster:
        factories.application(cast.autumn, address=applicant.address, name="Noor Haddad")
    applicant.sign_up(asked)
    confirm_elsewhere(applicant)

    pages = {
        name: applicant.get(name, *more).content.decode()
        for name, *more in (("join",), ("join-sent",), ("join-answers",), ("join-address",), ("join-questions", 2))
    }
    stranger = Applicant().get("join").content.decode()

    assert [name for name, page in pages.items() if not (CONFIRMED in page and "Sign in to go on." in page)] == []
    private = [applicant.address, "Noor", "Speak up in meetings"]
    assert [words for words in private for page in pages.values() if words in page] == []
    assert f'href="/sign-in/?next={applicant.url("join")}"' in pages["join-sent"]
    assert CONFIRMED not in stranger


@pytest.mark.row("F-14")
def test_a_browser_whose_answers_gave_way_to_a_second_sign_up_is_promised_none(
    asked: Asked, applicant: Applicant
) -> None:
    applicant.sign_up(asked)
    first_link = last_link(applicant.address)
    second = Applicant()
    second.sign_up(asked)
    second.confirm()
    Client().post(first_link)

    page = applicant.get("join").content.decode()

    assert ("answers are safe" in page, "the first one handed in stays" in page) == (False, True)


@pytest.mark.row("F-14")
def test_it_says_so_whatever_was_decided_and_although_sign_up_has_closed(
    cast: Cast, asked: Asked, applicant: Applicant
) -> None:
    applicant.sign_up(asked)
    confirm_elsewhere(applicant)
    approve_applications(applications=Application.objects.filter(state="waiting"), by=cast.chris, now=NOW)
    joined = applicant.get("join-sent").content.decode()
    cast.grow.sign_up_on = False
    cast.grow.save()

    closed = applicant.get("join-sent").content.decode()

    assert [(CONFIRMED in page, "Sign up somebody else" in page) for page in (joined, closed)] == [
        (True, True), (True, False),
    ]  # fmt: skip


@pytest.mark.row("F-14")
def test_who_has_stepped_out_since_is_met_as_anybody(cast: Cast, asked: Asked, applicant: Applicant) -> None:
    applicant.sign_up(asked)
    confirm_elsewhere(applicant)
    waiting = Application.objects.get(state="waiting")
    withdraw_application(application=waiting, by=waiting.person, now=NOW)

    assert applicant.get("join-sent").headers["Location"] == applicant.url("join")
    assert "Welcome to Grow Together" in applicant.get("join").content.decode()


@pytest.mark.row("F-14")
def test_somebody_else_signs_up_and_confirms_after_it_in_the_same_browser(asked: Asked, applicant: Applicant) -> None:
    applicant.sign_up(asked)
    confirm_elsewhere(applicant)

    form = applicant.client.get(applicant.url("join") + "?again=yes").content.decode()
    other = Applicant(address="omar@northwind.example", client=applicant.client)
    other.sign_up(asked)
    on_its_way = applicant.get("join-sent").content.decode()
    confirm_elsewhere(other)

    assert "Welcome to Grow Together" in form
    assert "We have written to omar@northwind.example" in on_its_way
    assert CONFIRMED in applicant.get("join-sent").content.decode()
    assert sorted(Application.objects.filter(state="waiting").values_list("address", flat=True)) == [
        "noor@northwind.example", "omar@northwind.example",
    ]  # fmt: skip


def declined(cast: Cast, asked: Asked, applicant: Applicant, words: str = "") -> Person:
    """Noor has signed up, and the coordinators have said no."""
    applicant.sign_up(asked)
    applicant.confirm()
    waiting = Application.objects.get(state="waiting")
    decline_applications(applications=[waiting], words=words, by=cast.chris, now=NOW)
    return waiting.person


@pytest.mark.row("F-09")
def test_whoever_was_declined_reads_it_kindly_on_home_and_on_the_page_of_the_sign_up(
    cast: Cast, asked: Asked, applicant: Applicant
) -> None:
    declined(cast, asked, applicant, words="Please try in spring.")

    home = applicant.client.get("/")
    page = applicant.get("join-sent").content.decode()
    public = applicant.get("join").content.decode()

    step = home.context["step"]
    assert step.title == "About your sign-up for Grow Together"
    assert step.text == (
        "Thank you for wanting to take part. The coordinators cannot offer you a place this time."
        " You are welcome to sign up again when the next intake opens."
    )
    assert [(button.label, button.url) for button in step.buttons] == [("Read it again", applicant.url("join-sent"))]
    assert "What will be here" not in home.content.decode()
    assert "The coordinators cannot offer you a place this time." in page
    assert "<blockquote>Please try in spring.</blockquote>" in page
    assert "Sign up again" not in page
    assert "Welcome to Grow Together" in public


@pytest.mark.row("F-09")
def test_a_new_intake_is_offered_to_whoever_was_declined_and_signing_up_again_ends_the_no(
    cast: Cast, asked: Asked, applicant: Applicant
) -> None:
    declined(cast, asked, applicant)
    Intake.objects.filter(pk=cast.autumn.pk).update(sign_up_closes_on=NOW.date().replace(day=1))
    factories.intake(cast.grow, "Spring")

    page = applicant.get("join-sent").content.decode()
    step = applicant.client.get("/").context["step"]
    applicant.post("join", {"name": "Noor Haddad", "role": "mentee", "adult": "yes"})
    after = applicant.client.get("/").context["step"]

    assert ("A new intake is open" in page, "<blockquote>" in page) == (True, False)
    assert [(button.label, button.url) for button in step.buttons] == [
        ("Sign up again", applicant.url("join")), ("Read it again", applicant.url("join-sent")),
    ]  # fmt: skip
    assert after.title == "Go on with your form for Grow Together"


@pytest.mark.row("F-09", "X-03")
def test_nobody_else_reads_of_a_no(cast: Cast, asked: Asked, applicant: Applicant, signed_in: Browser) -> None:
    declined(cast, asked, applicant, words="Please try in spring.")
    with scopes_disabled():
        newcomer = factories.person("Nell Freund", "nell@northwind.example")

    seen = [
        browser.get(applicant.url("join-sent"), follow=True).content.decode()
        for browser in (signed_in(newcomer), signed_in(cast.amira), Client())
    ]

    assert ["cannot offer you a place" in page or "spring" in page for page in seen] == [False] * 3
