"""Asking people in, and suggesting somebody."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from tests.signup.conftest import AT, Applicant, Asked, Browser, last_link, letters_to
from twoway.people.actions.programme import archive_programme, reopen_programme
from twoway.people.models import Consent, Intake, Membership, Person, Programme
from twoway.signup import queries
from twoway.signup.actions.invitation import invite as invite_all
from twoway.signup.actions.invitation import open_letter, send_invitations, suggest_somebody
from twoway.signup.forms.invitation import InviteForm
from twoway.signup.models import Application, Invitation

pytestmark = pytest.mark.usefixtures("open_scope")

LENA = "lena@northwind.example"


def invite(chris: Client, addresses: str = LENA, **more: str) -> None:
    chris.post(reverse("signup:invitations", args=AT), {"addresses": addresses, "role": "", **more}, follow=True)


@pytest.mark.row("F-11")
def test_many_are_invited_at_once_each_with_a_letter(cast: Cast, signed_in: Browser) -> None:
    invite(signed_in(cast.chris), f"{LENA}, omar@northwind.example\nLENA@northwind.example", words="Come and see.")

    assert [len(letters_to(address)) for address in (LENA, "omar@northwind.example")] == [1, 1]
    assert "Come and see." in letters_to(LENA)[0]
    assert Application.objects.filter(state="expected").count() == 2


@pytest.mark.row("F-11")
def test_who_is_left_out_is_said_and_gets_no_letter(cast: Cast, asked: Asked, signed_in: Browser) -> None:
    chris, url = signed_in(cast.chris), reverse("signup:invitations", args=AT)
    factories.application(cast.autumn, address="expected@northwind.example")  # of a roster, never written to
    factories.application(cast.autumn, address="Waits@northwind.example", state="waiting")
    invite(chris)
    accepted = Applicant(address="omar@northwind.example")
    invite(chris, accepted.address)
    accepted.confirm()
    here = ["amira@northwind.example", "waits@northwind.example", LENA, accepted.address]
    new = ["expected@northwind.example", "zoe@northwind.example"]

    page = chris.post(url, {"addresses": "\n".join([*here, *new, "ZOE@northwind.example"]), "role": ""}, follow=True)

    assert [str(message) for message in page.context["messages"]] == [
        "2 invitations are on their way.",
        f"Left out, since they are here already or have an open invitation: {', '.join(here)}.",
        "Typed more than once, and counted once: zoe@northwind.example.",
    ]
    assert [len(letters_to(address)) for address in [*here, *new]] == [0, 0, 1, 1, 1, 1]


@pytest.mark.row("F-11")
def test_members_from_an_earlier_intake_are_left_out_and_named_as_members(cast: Cast, signed_in: Browser) -> None:
    url, dana = reverse("signup:invitations", args=AT), EmailAddress.objects.get(user=cast.dana)
    spring = factories.intake(cast.grow, "Spring")
    Intake.objects.filter(pk=cast.autumn.pk).update(sign_up_closes_on=NOW - timedelta(days=9))
    joined_as, gone = "Ben.K@northwind.example", factories.person("Gone", "gone@northwind.example")
    Application.objects.filter(person=cast.ben).update(address=joined_as)
    EmailAddress.objects.create(user=cast.ben, email="ben@home.example", verified=True)  # shown to no coordinator
    factories.application(cast.autumn, gone)
    Membership.objects.filter(person=gone).update(ended_at=NOW)
    members, others = ["AMIRA@northwind.example", "ben@northwind.example", joined_as], [dana.email, "ben@home.example"]

    chris = signed_in(cast.chris)
    page = chris.post(url, {"addresses": "\n".join([*members, *others, "gone@northwind.example"])}, follow=True)
    again = chris.post(url, {"addresses": members[0]}, follow=True)

    left_out = "Left out, since they are members already: amira@northwind.example"
    assert [str(message) for message in page.context["messages"]] == [
        "3 invitations are on their way.",
        f"{left_out}, ben@northwind.example, ben.k@northwind.example.",
    ]
    assert [str(message) for message in again.context["messages"]] == [f"{left_out}."]
    asked = Application.objects.filter(intake=spring).order_by("pk").values_list("address", flat=True)
    assert list(asked) == [*others, "gone@northwind.example"]
    assert [len(letters_to(address.lower())) for address in members] == [0, 0, 0]


@pytest.mark.row("F-11")
def test_a_letter_that_is_over_is_written_anew_by_typing_the_address_again(cast: Cast, signed_in: Browser) -> None:
    url = reverse("signup:invitations", args=AT)
    invite(signed_in(cast.chris))
    letters_to(LENA)

    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        page = signed_in(cast.chris).post(url, {"addresses": LENA, "role": ""}, follow=True)
        letters = len(letters_to(LENA))

    assert [str(message) for message in page.context["messages"]] == ["1 invitation is on its way."]
    assert letters == 2


@pytest.mark.row("F-11")
def test_of_many_left_out_the_first_are_named_and_none_is_said_to_be_on_its_way(cast: Cast, signed_in: Browser) -> None:
    chris, url = signed_in(cast.chris), reverse("signup:invitations", args=AT)
    many = ", ".join(f"n{number}@northwind.example" for number in range(22))
    invite(chris, many)

    page = chris.post(url, {"addresses": many, "role": ""}, follow=True)

    (said,) = [str(message) for message in page.context["messages"]]
    assert said.endswith("n18@northwind.example, n19@northwind.example and 2 more.")


@pytest.mark.row("F-11")
def test_accepting_proves_the_address_and_makes_neither_consent_nor_member(
    cast: Cast, asked: Asked, signed_in: Browser
) -> None:
    invite(signed_in(cast.chris))
    lena = Applicant(address=LENA)

    looked = lena.client.get(last_link(LENA))
    assert "You are invited to Grow Together" in looked.content.decode()
    assert not Person.objects.filter(applications__address=LENA).exists()

    lena.confirm()
    person = Person.objects.get(applications__address=LENA)
    assert lena.client.session["_auth_user_id"] == str(person.pk)
    assert not Membership.objects.filter(person=person).exists()
    assert not Consent.objects.filter(person=person).exists()
    assert Application.objects.get(address=LENA).state == "expected"


@pytest.mark.row("F-11")
def test_an_invitation_opened_in_two_windows_leads_the_second_on_and_tells_nobody_else(
    cast: Cast, asked: Asked, signed_in: Browser
) -> None:
    invite(signed_in(cast.chris))
    path, lena, done = last_link(LENA), Client(enforce_csrf_checks=True), "This link has done its work"

    def mark() -> str:
        return re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', lena.get(path).content.decode())[0]

    first, second = mark(), mark()
    lena.post(path, {"csrfmiddlewaretoken": first})
    begun = [lena.post(path, {"csrfmiddlewaretoken": second}, follow=True), lena.get(path, follow=True)]
    person = Person.objects.get(applications__address=LENA)
    Applicant(LENA, signed_in(person)).sign_up(asked)
    member = lena.get(path, follow=True)
    elsewhere = [signed_in(somebody).get(path) for somebody in (cast.ben, cast.dana, None)]

    for page in (*begun, member):
        assert (page.status_code, done in page.content.decode()) == (200, True)
    assert begun[0].request["PATH_INFO"] == reverse("signup:join", args=AT)
    assert Membership.objects.filter(person=person).exists()
    assert [(page.status_code, done in page.content.decode()) for page in elsewhere] == [(410, False)] * 3


@pytest.mark.row("F-11", "F-07", "F-14")
def test_who_is_invited_finds_known_answers_and_needs_no_second_yes(
    cast: Cast, asked: Asked, signed_in: Browser
) -> None:
    expected = factories.application(cast.autumn, address=LENA, name="Lena Ek", role="mentee")
    factories.answer(expected, asked.goal, "Lead a meeting")
    cast.grow.sign_up_on = False  # closed for others
    cast.grow.save()
    signed_in(cast.chris).post(reverse("signup:invitation-letters", args=AT))
    lena = Applicant(address=LENA)
    lena.confirm()

    assert 'value="Lena Ek"' in lena.get("join").content.decode()
    lena.post("join", {"name": "Lena Ek", "role": "mentee", "adult": "yes"})
    assert "Lead a meeting" in lena.get("join-questions", 2).content.decode()
    lena.send()

    assert Application.objects.get(address=LENA).state == "joined"


@pytest.mark.row("F-11")
def test_sent_again_the_old_link_is_dead(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)
    invite(chris)
    old = last_link(LENA)

    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        chris.post(reverse("signup:invitation-letter", args=[*AT, Invitation.objects.get().public_id]))
        letters_to(LENA)

    assert Client().get(old).status_code == 410
    assert Client().get(last_link(LENA)).status_code == 200
    assert Invitation.objects.count() == 1


@pytest.mark.row("F-11", "X-03")
def test_sending_again_waits_a_minute_and_says_so(cast: Cast, signed_in: Browser) -> None:
    chris, omar = signed_in(cast.chris), "omar@northwind.example"
    invite(chris, f"{LENA}, {omar}")
    lena = Invitation.objects.get(application__address=LENA)
    lenas = reverse("signup:invitation-letter", args=[*AT, lena.public_id])

    def pressed(seconds: int) -> list[str]:
        with time_machine.travel(NOW + timedelta(seconds=seconds), tick=False):
            page = chris.post(lenas, follow=True)
            letters_to(LENA)
        return [str(message) for message in page.context["messages"]]

    sent = "The letter is on its way. An earlier link no longer works."
    wait = "A letter went out less than a minute ago. Please wait a minute to send it again."
    assert [pressed(seconds) for seconds in (5, 59, 60, 61, 75, 120)] == [[wait]] * 2 + [[sent]] + [[wait]] * 2 + [
        [sent]
    ]
    assert [len(letters_to(address)) for address in (LENA, omar)] == [3, 1]


@pytest.mark.row("F-11", "X-03")
def test_the_table_of_people_waits_as_well(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)
    invite(chris)

    page = chris.post(
        reverse("web:people-change", args=AT), {"do": "invite", "all": "yes", "query": "q=lena"}, follow=True
    )

    wait = "A letter went out less than a minute ago. Please wait a minute to send it again."
    assert [str(message) for message in page.context["messages"]] == [wait]
    assert len(letters_to(LENA)) == 1


@pytest.mark.row("F-11")
def test_withdrawn_the_link_is_dead_and_nobody_is_expected(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)
    invite(chris)

    chris.post(reverse("signup:invitation-withdrawal", args=[*AT, Invitation.objects.get().public_id]))

    assert Client().post(last_link(LENA)).status_code == 410
    assert Application.objects.get(address=LENA).state == "withdrawn"
    assert "Withdrawn on" in chris.get(reverse("signup:invitations", args=AT)).content.decode()


@pytest.mark.row("F-11")
@pytest.mark.parametrize("is_open", [True, False])
def test_a_withdrawn_invitations_page_offers_no_new_letter_and_says_what_else(
    cast: Cast, signed_in: Browser, is_open: bool
) -> None:
    chris = signed_in(cast.chris)
    invite(chris)
    chris.post(reverse("signup:invitation-withdrawal", args=[*AT, Invitation.objects.get().public_id]))
    if not is_open:
        Intake.objects.filter(pk=cast.autumn.pk).update(sign_up_closes_on=NOW - timedelta(days=2))

    page = Client().get(last_link(LENA)).content.decode()

    assert "was withdrawn" in page
    assert "new letter" not in page
    assert (f'href="{reverse("signup:join", args=AT)}"' in page) == is_open
    assert "ask the people who run the programme" in page


@pytest.mark.row("F-11")
def test_an_invitation_ends_after_30_days_and_the_list_says_when(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)
    invite(chris)
    link = last_link(LENA)

    page = chris.get(reverse("signup:invitations", args=AT)).content.decode()
    assert "good until 23 December 2026" in page

    with time_machine.travel(NOW + timedelta(days=30, seconds=1), tick=False):
        assert Client().get(link).status_code == 410


@pytest.mark.row("F-11", "X-03")
def test_a_suggested_peer_waits_for_the_coordinator_and_is_told_nothing(cast: Cast, signed_in: Browser) -> None:
    amira, chris = signed_in(cast.amira), signed_in(cast.chris)

    amira.post(reverse("signup:suggestion", args=AT), {"name": "Zoe Park", "address": "zoe@northwind.example"})
    assert letters_to("zoe@northwind.example") == []
    Application.objects.filter(name="Zoe Park").update(role="mentee")
    assert not [
        row
        for row in queries.matchable_applications(cast.autumn, with_expected=True, now=NOW)
        if row.name == "Zoe Park"
    ]
    page = chris.get(reverse("signup:invitations", args=AT)).content.decode()
    assert "Zoe Park" in page
    assert "suggested by Amira Mansour" in page
    chris.post(reverse("signup:invitation-letters", args=AT))
    assert letters_to("zoe@northwind.example") == []

    chris.post(reverse("signup:invitation-letter", args=[*AT, Invitation.objects.get().public_id]))
    [letter] = letters_to("zoe@northwind.example")
    assert letter.startswith("Chris Hale invites you")


@pytest.mark.row("F-11", "X-03")
def test_suggesting_a_member_reads_the_same_and_notes_nothing(cast: Cast, signed_in: Browser) -> None:
    amira = signed_in(cast.amira)
    url = reverse("signup:suggestion", args=AT)

    answers = [
        amira.post(url, {"name": "Somebody", "address": address}, follow=True).content.decode()
        for address in ("ben@northwind.example", "zoe@northwind.example")
    ]

    assert ["Thank you. The coordinators" in answer for answer in answers] == [True, True]
    assert Invitation.objects.count() == 1


@pytest.mark.row("X-03")
def test_suggestions_are_throttled(cast: Cast, signed_in: Browser) -> None:
    amira, url = signed_in(cast.amira), reverse("signup:suggestion", args=AT)

    answers = [
        amira.post(url, {"name": "N", "address": f"n{number}@northwind.example"}).status_code for number in range(11)
    ]

    assert answers == [302] * 10 + [422]


@pytest.mark.row("U-05")
def test_a_wrong_address_is_named_and_no_letter_leaves(cast: Cast, signed_in: Browser) -> None:
    page = signed_in(cast.chris).post(
        reverse("signup:invitations", args=AT), {"addresses": f"{LENA} not-an-address", "role": ""}
    )

    assert page.status_code == 422
    assert "not-an-address" in page.content.decode()
    assert letters_to(LENA) == []


@pytest.mark.row("F-11")
@pytest.mark.row("F-11")
@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("a@b.org, not an address, c@d.org", "not an address"),
        ("Lena Sommer a@b.org\nc@d.org; nobody", "Lena Sommer, nobody"),
        ("a@@b.org c@@d.org", "a@@b.org, c@@d.org"),
    ],
)
def test_an_entry_that_is_no_address_is_named_as_one(cast: Cast, typed: str, wrong: str) -> None:
    form = InviteForm({"addresses": typed}, programme=cast.grow)

    assert form.errors["addresses"] == [f"This does not look like an email address: {wrong}"]


@pytest.mark.row("F-11")
def test_the_invitations_page_has_one_filled_button_and_its_form_before_the_letters(
    cast: Cast, signed_in: Browser
) -> None:
    chris, url = signed_in(cast.chris), reverse("signup:invitations", args=AT)
    suggest_somebody(intake=cast.autumn, address="s@northwind.example", name="Sam", why="", by=cast.ben, now=NOW)
    invite(chris)
    plain = chris.get(url).content.decode()
    factories.application(cast.autumn, address="expected@northwind.example")
    roster = chris.get(url).content.decode()

    filled = r'<button[^>]*class="button[^"]*primary[^>]*>(?:<[^>]*>)*([^<]*)'
    assert [re.findall(filled, page) for page in (plain, roster)] == [["Send the invitations"], ["Write to them"]]
    assert plain.index('name="addresses"') < plain.index('id="letters"')


def test_addresses_are_taken_as_mail_programmes_copy_them() -> None:
    pasted = 'Bogdan Ilie <bogdan@x.example>, "Ray, Ann" <Ann@x.example>; carl@x.example\nDora <dora@x.example>'
    form = InviteForm({"addresses": pasted}, programme=Programme())

    assert form.is_valid()
    assert form.cleaned_data["addresses"] == [
        "bogdan@x.example", "ann@x.example", "carl@x.example", "dora@x.example",
    ]  # fmt: skip


@pytest.mark.row("O-01", "F-11")
def test_archiving_says_for_how_many_on_their_way_the_door_closes(cast: Cast, asked: Asked, signed_in: Browser) -> None:
    invite(signed_in(cast.chris), f"{LENA}, omar@northwind.example, pia@northwind.example")
    Invitation.objects.filter(application__address=LENA).update(withdrawn_at=NOW)
    Invitation.objects.filter(application__address="omar@northwind.example").update(expires_at=NOW)
    factories.application(cast.autumn, address="kim@northwind.example", state="waiting")
    suggested = factories.application(cast.autumn, address="sug@northwind.example", state="expected")
    Invitation.objects.create(application=suggested, suggested=True, made_at=NOW)
    ada = signed_in(cast.ada)
    archive = reverse("signup:programme-archive", args=["northwind", cast.grow.public_id])

    said = ada.get(archive).context["consequences"]

    assert said[1:4] == [
        "3 expected people can no longer join.",
        "1 open invitation leads nowhere: whoever follows its link reads that sign-up is closed.",
        "1 sign-up waits for a yes or no of the coordinators, and goes on waiting.",
    ]

    ada.post(archive)
    pia = Applicant(address="pia@northwind.example")
    assert "Sign-up for Grow Together is closed" in pia.client.get(last_link(pia.address)).content.decode()
    assert pia.client.get(reverse("signup:join-not-for", args=AT)).context["sign_up"].is_open is False


@pytest.mark.row("O-01", "F-11")
def test_a_letter_of_an_archived_programme_says_so_first_and_is_not_used_up(cast: Cast, signed_in: Browser) -> None:
    invite(signed_in(cast.chris))
    lena, link = Applicant(address=LENA), last_link(LENA)
    archive_programme(programme=cast.grow, by=cast.ada, now=NOW)

    pages = [lena.client.get(link).content.decode(), lena.confirm().content.decode()]

    assert [("Sign-up for Grow Together is closed" in page, "<form" in page) for page in pages] == [(True, False)] * 2
    assert "the link works until 23 December 2026" in pages[0]
    assert open_letter(secret=link.split("/")[2], now=NOW) is None
    assert not Person.objects.filter(applications__address=LENA).exists()
    reopen_programme(programme=cast.grow, by=cast.ada, now=NOW)
    assert lena.confirm().status_code == 302
    assert Application.objects.get(address=LENA).person is not None


@pytest.mark.row("O-01", "F-11")
def test_an_archived_programme_sends_no_invitation_from_any_page(cast: Cast, signed_in: Browser) -> None:
    chris, ben = signed_in(cast.chris), factories.application(cast.autumn, address="roster@northwind.example")
    invite(chris)
    invitation = Invitation.objects.get()
    suggested = factories.application(cast.autumn, address="sug@northwind.example")
    Invitation.objects.create(application=suggested, suggested=True, made_at=NOW)
    archive_programme(programme=cast.grow, by=cast.ada, now=NOW)
    cast.autumn.programme.refresh_from_db()
    url = reverse("signup:invitations", args=AT)

    page = chris.get(url).content.decode()
    said = [
        [str(message) for message in chris.post(to, data, follow=True).context["messages"]]
        for to, data in [
            (url, {"addresses": "new@northwind.example", "role": ""}),
            (reverse("signup:invitation-letter", args=[*AT, invitation.public_id]), {}),
            (reverse("signup:invitation-letters", args=AT), {}),
            (reverse("web:people-change", args=AT), {"do": "invite", "who": [f"a{ben.public_id}"], "all": "yes"}),
        ]
    ]
    asked = invite_all(
        intake=cast.autumn, addresses=["new@northwind.example"], role="", words="", by=cast.chris, now=NOW
    )
    sent = send_invitations(applications=Application.objects.all(), by=cast.chris, now=NOW)

    offered = [words in page for words in ("Send again", "Send the invitations", "Write to them", ">Invite<")]
    assert (offered, "Nobody is asked in now" in page) == ([False] * 4, True)
    no = "No letter was sent: this programme is archived. Letters can go out again once it is reopened."
    assert said == [[no]] * 4
    assert (asked.letters, sent) == (0, 0)
    assert not Application.objects.filter(address="new@northwind.example").exists()
    assert len(letters_to(LENA)) == 1


@pytest.mark.row("F-11")
def test_a_letter_whose_intake_has_closed_leads_to_the_one_that_is_open(cast: Cast, signed_in: Browser) -> None:
    invite(signed_in(cast.chris))
    link = last_link(LENA)
    later = NOW + timedelta(days=40)
    Intake.objects.filter(pk=cast.autumn.pk).update(sign_up_closes_on=NOW + timedelta(days=9))

    with time_machine.travel(later, tick=False):
        closed = Client().get(link).content.decode()
        spring = factories.intake(cast.grow, "Spring term")
        Intake.objects.filter(pk=spring.pk).update(sign_up_opens_on=NOW, sign_up_closes_on=later + timedelta(days=9))
        page = Client().get(link).content.decode()

    assert "ask the people who run the programme for a new letter" in closed
    assert "is open for Spring term now" in page
    assert ("a new letter" in page.lower(), f'href="{reverse("signup:join", args=AT)}"' in page) == (False, True)
