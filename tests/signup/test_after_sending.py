"""What somebody finds who looks again for a sign-up that is confirmed elsewhere, or declined."""

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from tests.signup.conftest import AT, Applicant, Asked, Browser, last_link, letters_to, states
from twoway.people.models import Intake, Person
from twoway.signup.actions.application import begin_application, withdraw_application
from twoway.signup.actions.arrival import approve_after_all, approve_applications, decline_applications
from twoway.signup.actions.invitation import invite
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
    assert waiting.person is not None
    return waiting.person


BEGIN = {"name": "Noor Haddad", "role": "mentee", "adult": "yes"}


@pytest.mark.row("F-09", "F-14")
def test_in_the_intake_of_the_no_nothing_begins_anew_and_in_a_later_one_it_does(
    cast: Cast, asked: Asked, applicant: Applicant
) -> None:
    declined(cast, asked, applicant)

    answers = [applicant.post("join", BEGIN), applicant.post("join-questions", {}, 1), applicant.post("join-letter")]
    kept = states()
    Intake.objects.filter(pk=cast.autumn.pk).update(sign_up_closes_on=NOW.date().replace(day=1))
    factories.intake(cast.grow, "Spring")
    applicant.post("join", BEGIN)

    assert [answer.headers["Location"] for answer in answers] == [applicant.url("join-sent")] * 3
    assert kept == ["declined"]
    assert states() == ["declined", "started"]


@pytest.mark.row("F-09")
def test_an_action_begins_nothing_beside_a_no(cast: Cast, asked: Asked, applicant: Applicant) -> None:
    noor = declined(cast, asked, applicant)

    found = begin_application(
        intake=cast.autumn, secret="", address="", name="Noor", role="mentee", person=noor, now=NOW
    )

    assert (found.state, states()) == ("declined", ["declined"])


@pytest.mark.row("F-09", "F-14", "X-03")
@pytest.mark.parametrize("sent", [True, False], ids=["sent", "only begun"])
def test_what_a_strangers_browser_begins_beside_a_no_is_listed_nowhere_and_gone_once_the_address_is_proved(
    cast: Cast, asked: Asked, applicant: Applicant, signed_in: Browser, sent: bool
) -> None:
    noor = declined(cast, asked, applicant, words="Please try in spring.")
    stranger, somebody = Applicant(), Applicant(address="omar@northwind.example")
    for one in (stranger, somebody):
        one.sign_up(asked) if sent else one.begin()
    pages = [one.get("join").status_code for one in (stranger, somebody)]
    listed = [row["application"].address for row in applications_page(signed_in(cast.chris))]
    home = signed_in(noor).get("/").context["step"].title
    if not sent:
        Applicant().post("join-letter", {"letter-address": applicant.address})

    link = last_link(applicant.address)
    asks = Client().get(link).content.decode()
    phone = Client()
    after = phone.post(link, follow=True)
    began = stranger.get("join").content.decode()

    assert pages == [302, 302] if sent else [200, 200]
    assert listed.count(applicant.address) == 1
    assert home == "About your sign-up for Grow Together"
    assert ("hands in your sign-up" in asks, "brings you back to what you wrote" in asks) == (False, False)
    assert "What was written this time is not handed in." in asks
    assert "cannot offer you a place" not in asks
    assert after.redirect_chain[-1][0] == applicant.url("join-sent")
    assert "The coordinators cannot offer you a place this time." in after.content.decode()
    assert states() == ["declined"]
    assert (CONFIRMED in began, "cannot offer" in began) == (True, False)


@pytest.mark.row("F-09")
def test_a_strangers_beginning_does_not_stand_in_the_way_of_a_late_yes(
    cast: Cast, asked: Asked, applicant: Applicant
) -> None:
    declined(cast, asked, applicant)
    Applicant().sign_up(asked)

    done = approve_after_all(application=Application.objects.get(state="declined"), by=cast.chris, now=NOW)

    assert done
    assert applicant.get("join").headers["Location"] == applicant.url("profile")


@pytest.mark.row("F-09", "F-11")
def test_whoever_is_asked_in_after_a_no_may_sign_up(cast: Cast, asked: Asked, applicant: Applicant) -> None:
    declined(cast, asked, applicant)
    invite(intake=cast.autumn, addresses=[applicant.address], role="", words="", by=cast.chris, now=NOW)

    applicant.client.post(last_link(applicant.address))
    applicant.post("join", BEGIN)

    assert "Step 2 of" in applicant.get("join-questions", 1).content.decode()


@pytest.mark.row("F-09")
def test_the_coordinator_reads_what_the_person_will_read_of_signing_up_again(
    cast: Cast, asked: Asked, applicant: Applicant, signed_in: Browser
) -> None:
    applicant.sign_up(asked)
    applicant.confirm()
    waiting = Application.objects.get(state="waiting")

    asks = signed_in(cast.chris).get(
        reverse("signup:decision", args=AT), {"do": "decline", "application": waiting.public_id}
    )
    decline_applications(applications=[waiting], words="", by=cast.chris, now=NOW)

    assert "They may sign up again when the next intake opens." in asks.content.decode()
    assert "sign up again when the next intake opens" in letters_to(applicant.address)[-1]


def applications_page(chris: Client) -> list[dict[str, Application]]:
    rows: list[dict[str, Application]] = chris.get(reverse("signup:applications", args=AT)).context["rows"]
    return rows


@pytest.mark.row("F-09")
def test_whoever_was_declined_reads_it_kindly_on_home_and_on_the_page_of_the_sign_up(
    cast: Cast, asked: Asked, applicant: Applicant
) -> None:
    declined(cast, asked, applicant, words="Please try in spring.")

    home = applicant.client.get("/")
    page = applicant.get("join-sent").content.decode()
    public = applicant.get("join")

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
    assert public.headers["Location"] == applicant.url("join-sent")


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
