"""Roles: asked in by letter, taken up by the one who opens it, ended at once; the last one stays."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from twoway.history.clock import now as clock_now
from twoway.history.models import Event
from twoway.outbox.tasks import deliver_pending
from twoway.people.actions.link import make_link
from twoway.people.actions.office import LastOne, end_office
from twoway.people.actions.person import change_wishes
from twoway.people.actions.signin import MAILED_LINK_LASTS, name_in, person_at
from twoway.people.models import Office, Organisation, Person, Programme, Token
from twoway.people.queries import coordinators_of, officers

Browser = Callable[[Person | None], Client]


def at(name: str, programme: Programme, *more: object) -> str:
    return reverse(f"people:{name}", args=[programme.organisation.slug, programme.slug, *more])


def office_of(person: Person, role: str = "coordinator") -> Office:
    with scopes_disabled():
        return Office.objects.get(person=person, role=role, ended_at=None)


def link_in(letter: str) -> str:
    return str(re.search(r"http://localhost:8000(/sign-in/\S+)", letter)[1])  # type: ignore[index]


@pytest.mark.row("O-05")
def test_a_role_is_offered_by_letter_and_begins_when_its_reader_opens_it(cast: Cast, signed_in: Browser) -> None:
    signed_in(cast.chris).post(at("offices", cast.grow), {"address": "Nia@elsewhere.example", "role": "coordinator"})
    deliver_pending()
    letter = mail.outbox[-1]
    with scopes_disabled():
        before = coordinators_of(cast.grow)

    nia = Client()
    asked = nia.get(link_in(str(letter.body))).content.decode()
    nia.post(link_in(str(letter.body)))

    with scopes_disabled():
        after = [(office.person.name, office.first) for office in officers(cast.grow, "coordinator")]
    assert "Coordinator of Grow Together. The role begins when you press the button." in asked
    assert Event.objects.filter(kind__startswith="office.").order_by("-pk").first().kind == "office.accepted"  # type: ignore[union-attr]
    assert "<title>Roles · Grow Together" in signed_in(cast.chris).get(at("offices", cast.grow)).content.decode()
    assert letter.to == ["nia@elsewhere.example"]
    assert letter.subject == "Chris Hale asks you to help run Grow Together (Northwind)"
    assert before == [cast.chris]
    assert after == [("Chris Hale", True), ("Nia", False)]
    assert nia.get(at("programme-edit", cast.grow)).status_code == 200


@pytest.mark.row("O-05", "X-03")
def test_a_known_and_an_unknown_address_read_the_same(cast: Cast, signed_in: Browser) -> None:
    pages = []
    for address in ("amira@northwind.example", "nobody@northwind.example"):
        with scopes_disabled():
            Office.objects.filter(role="viewer").delete()
        page = signed_in(cast.chris).post(at("offices", cast.grow), {"address": address, "role": "viewer"}, follow=True)
        messages = [str(message) for message in page.context["messages"]]
        offers = [item["offer"].address for item in page.context["offers"]]
        pages.append((page.status_code, [text.replace(address, "ADDRESS") for text in messages], offers[0] == address))

    assert pages[0] == pages[1]
    assert pages[0][1] == ["A letter is on its way to ADDRESS. The role begins when they open it."]


@pytest.mark.row("O-05")
def test_a_withdrawn_offer_opens_nothing(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)
    page = chris.post(at("offices", cast.grow), {"address": "nia@x.example", "role": "viewer"}, follow=True)
    deliver_pending()
    offer = page.context["offers"][0]["offer"]

    chris.post(at("offer-withdraw", cast.grow, offer.public_id))

    assert Client().post(link_in(str(mail.outbox[-1].body))).status_code == 410
    assert chris.get(at("offices", cast.grow)).context["offers"] == []
    assert chris.post(at("offer-withdraw", cast.grow, offer.public_id)).status_code == 404


@pytest.mark.row("O-05", "O-02", "X-09")
def test_a_removed_coordinator_is_a_stranger_with_the_next_request(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        factories.office(cast.ben, "coordinator", cast.grow, first=False)
    ben, chris = signed_in(cast.ben), signed_in(cast.chris)
    assert ben.get(at("programme-edit", cast.grow)).status_code == 200

    chris.post(at("office-end", cast.grow, office_of(cast.ben).public_id))

    assert ben.get(at("programme-edit", cast.grow)).status_code == 404
    assert ben.get(at("programme", cast.grow)).status_code == 200  # he is still a member
    assert list(Event.objects.filter(kind="office.ended").values_list("by", "facts__role")) == [
        (cast.chris.pk, "coordinator")
    ]


@pytest.mark.row("O-05", "O-03")
def test_an_admin_appoints_and_removes_coordinators(cast: Cast, signed_in: Browser) -> None:
    ada = signed_in(cast.ada)
    ada.post(at("offices", cast.grow), {"address": "ben@northwind.example", "role": "coordinator"})
    deliver_pending()
    Client().post(link_in(str(mail.outbox[-1].body)))

    ada.post(at("office-end", cast.grow, office_of(cast.chris).public_id))

    with scopes_disabled():
        assert coordinators_of(cast.grow) == [cast.ben]
    assert office_of(cast.ben).first is True


@pytest.mark.row("O-05")
def test_the_last_coordinator_and_the_last_admin_stay_with_a_word(cast: Cast, signed_in: Browser) -> None:
    chris, ada = signed_in(cast.chris), signed_in(cast.ada)

    programme = chris.post(at("office-end", cast.grow, office_of(cast.chris).public_id), follow=True)
    admin_id = office_of(cast.ada, "admin").public_id
    organisation = ada.post(reverse("people:organisation-office-end", args=["northwind", admin_id]), follow=True)

    assert "A programme keeps at least one coordinator." in programme.content.decode()
    assert "An organisation keeps at least one admin." in organisation.content.decode()
    assert (office_of(cast.chris).ended_at, office_of(cast.ada, "admin").ended_at) == (None, None)


@pytest.mark.row("O-05")
def test_ending_a_role_is_asked_first_and_says_who_loses_what(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        factories.office(cast.ben, "coordinator", cast.grow, first=False)
    path = at("office-end", cast.grow, office_of(cast.chris).public_id)

    asked_by_ben, asked_by_chris = signed_in(cast.ben).get(path), signed_in(cast.chris).get(path)

    said = [str(line) for line in asked_by_ben.context["consequences"]]
    assert (asked_by_ben.status_code, asked_by_ben.context["question"]) == (200, "End the role of Chris Hale?")
    assert said[0] == "With the next click Chris Hale sees no desk, people, sign-ups or matching of it any more."
    assert said[1] == "Ben Kowalski signs the programme's letters from then on."
    assert asked_by_chris.context["question"] == "End your own role?"
    assert "somebody else has to ask you in again" in asked_by_chris.content.decode()
    assert (office_of(cast.chris).ended_at, office_of(cast.chris).first) == (None, True)


@pytest.mark.row("O-05")
def test_the_last_one_is_refused_before_anything_is_asked(cast: Cast, signed_in: Browser) -> None:
    path = at("office-end", cast.grow, office_of(cast.chris).public_id)

    page = signed_in(cast.chris).get(path, follow=True)

    assert page.redirect_chain == [(at("offices", cast.grow), 302)]
    assert "A programme keeps at least one coordinator." in page.content.decode()


@pytest.mark.row("H-02")
@pytest.mark.parametrize("contacts,closes", [(2, True), (3, False)])
def test_the_question_says_whether_sign_up_closes(cast: Cast, signed_in: Browser, contacts: int, closes: bool) -> None:
    with scopes_disabled():
        for number in range(contacts - 1):
            factories.office(factories.person(f"Nia {number}"), "safeguarding", cast.grow, first=False)
        Programme.objects.filter(pk=cast.grow.pk).update(duty_of_care="named_contact", sign_up_on=True)

    page = signed_in(cast.chris).get(at("office-end", cast.grow, office_of(cast.sam, "safeguarding").public_id))

    assert ("Sign-up closes: this programme promises" in page.content.decode()) is closes
    assert "Nia 0 becomes the contact." in page.content.decode()


@pytest.mark.row("O-05")
def test_one_coordinator_is_primary_and_another_can_become_it(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        factories.office(cast.ben, "coordinator", cast.grow, first=False)

    signed_in(cast.chris).post(at("office-primary", cast.grow, office_of(cast.ben).public_id))

    with scopes_disabled():
        held = [(office.person, office.first) for office in officers(cast.grow, "coordinator")]
    assert held == [(cast.ben, True), (cast.chris, False)]


@pytest.mark.row("O-03")
def test_an_organisation_can_have_a_second_admin(cast: Cast, signed_in: Browser) -> None:
    path = reverse("people:organisation-offices", args=["northwind"])
    signed_in(cast.ada).post(path, {"address": "ben@northwind.example"})
    deliver_pending()
    ben = Client()

    ben.post(link_in(str(mail.outbox[-1].body)))

    assert ben.get("/northwind/").status_code == 200
    assert ben.get(at("programme-edit", cast.grow)).status_code == 404


@pytest.mark.row("O-02")
def test_no_role_is_given_or_ended_from_outside(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        factories.office(cast.dana, "coordinator", cast.shore)
        factories.office(cast.dana, "admin", organisation=cast.harbour)
    dana = signed_in(cast.dana)
    chris = office_of(cast.chris).public_id

    tried = [
        dana.post(at("offices", cast.grow), {"address": "dana@harbour.example", "role": "coordinator"}),
        dana.post(at("office-end", cast.grow, chris)),
        dana.post(at("office-end", cast.shore, chris)),
        dana.post(reverse("people:organisation-office-end", args=["harbour-college", chris])),
    ]

    assert [answer.status_code for answer in tried] == [404] * 4
    assert office_of(cast.chris).ended_at is None


@pytest.mark.row("H-02")
def test_sign_up_closes_when_a_promised_contact_goes(cast: Cast, signed_in: Browser) -> None:
    with scopes_disabled():
        deputy = factories.person("Nia Deputy")
        factories.office(deputy, "safeguarding", cast.grow, first=False)
        Programme.objects.filter(pk=cast.grow.pk).update(duty_of_care="named_contact", sign_up_on=True)

    page = signed_in(cast.chris).post(
        at("office-end", cast.grow, office_of(cast.sam, "safeguarding").public_id), follow=True
    )

    cast.grow.refresh_from_db()
    assert cast.grow.sign_up_on is False
    assert "Sign-up is switched off" in page.content.decode()
    assert office_of(deputy, "safeguarding").first is True


def test_the_page_says_each_role_in_a_sentence(cast: Cast, signed_in: Browser) -> None:
    page = signed_in(cast.chris).get(at("offices", cast.grow)).content.decode()

    assert "Never reads what is said in a loop." in page
    assert "Sees what a person chooses to show, and nothing else." in page
    assert "Sees the published report of a programme, and nothing else." in page


def test_an_offer_belongs_to_one_organisation(cast: Cast, signed_in: Browser) -> None:
    signed_in(cast.ada).post(reverse("people:organisation-offices", args=["northwind"]), {"address": "x@y.example"})
    with scopes_disabled():
        factories.office(cast.dana, "admin", organisation=cast.harbour)

    page = signed_in(cast.dana).get(reverse("people:organisation-offices", args=["harbour-college"]))

    assert page.context["offers"] == []
    assert Organisation.objects.count() == 2


@pytest.mark.row("O-05")
def test_ending_a_role_twice_is_once_and_two_cannot_end_each_other(cast: Cast, open_scope: None) -> None:
    factories.office(cast.ben, "coordinator", cast.grow, first=False)
    bens, chris, stale = office_of(cast.ben), office_of(cast.chris), office_of(cast.ben)

    end_office(office=bens, by=cast.chris, now=NOW)
    end_office(office=stale, by=cast.chris, now=NOW)
    with pytest.raises(LastOne):
        end_office(office=chris, by=cast.ben, now=NOW)

    assert coordinators_of(cast.grow) == [cast.chris]
    assert Event.objects.filter(kind="office.ended").count() == 1


@pytest.mark.row("O-05", "X-01")
def test_whoever_comes_by_a_letter_to_an_address_is_asked_their_name_once(cast: Cast, signed_in: Browser) -> None:
    cast.grow.time_zone = "Asia/Tokyo"
    cast.grow.save()
    asked = {"address": "nia.de-souza2@elsewhere.example", "role": "coordinator"}
    signed_in(cast.chris).post(at("offices", cast.grow), asked)
    deliver_pending()
    nia = Client()

    arrived = nia.post(link_in(str(mail.outbox[-1].body)))
    page = nia.get(arrived["Location"])
    suggested = {name: page.context["form"][name].value() for name in ("name", "time_zone")}
    refused = nia.post(arrived["Location"], {"name": " ", "time_zone": "Europe/Lisbon"})
    saved = nia.post(arrived["Location"], {"name": "Nia de Souza", "time_zone": "Europe/Lisbon"})

    person = Person.objects.get(name="Nia de Souza")
    assert arrived["Location"] == "/me/introduction/?next=%2F"
    assert suggested == {"name": "Nia De Souza", "time_zone": "Asia/Tokyo"}
    assert (refused.status_code, refused.context["form"]["time_zone"].value()) == (422, "Europe/Lisbon")
    assert saved["Location"] == "/"
    assert (person.time_zone, person.introduced, person.telling) == ("Europe/Lisbon", True, "at_once")
    assert nia.get("/me/introduction/?next=/me/").headers["Location"] == "/me/"


@pytest.mark.row("O-05")
def test_a_guessed_name_serves_until_the_next_sign_in_asks_again(cast: Cast) -> None:
    person = person_at(address="nia@elsewhere.example", now=NOW)

    def sign_in() -> str:
        kind = Token.Kind.SIGN_IN
        _token, link = make_link(kind=kind, lasts=MAILED_LINK_LASTS, person=person, onward="/me/", now=clock_now())
        return Client().post(link.removeprefix("http://localhost:8000"))["Location"]

    before = sign_in()
    change_wishes(person=person, name="Nia", now=NOW)

    assert before == "/me/introduction/?next=%2Fme%2F"
    assert sign_in() == "/me/"


@pytest.mark.row("O-05")
@pytest.mark.parametrize(
    ("address", "name"),
    [("lena.fischer@x.example", "Lena Fischer"), ("NIA_k@x.example", "NIA K"), ("123@x.example", "123")],
)
def test_an_address_suggests_a_name(address: str, name: str) -> None:
    assert name_in(address) == name
