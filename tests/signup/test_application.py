"""The coordinator's list of applications, deciding, and who never sees an applicant."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from tests.signup.conftest import AT, Applicant, Asked, Browser, last_link, letters_to
from twoway.history.models import Event
from twoway.people.models import Membership, Seat
from twoway.signup import queries
from twoway.signup.models import Application

pytestmark = pytest.mark.usefixtures("open_scope")


def waiting(cast: Cast, name: str, **fields: object) -> Application:
    person = factories.person(name)
    return factories.application(
        cast.autumn, address=f"{name.lower()}@northwind.example", name=name, state="waiting", person_id=person.pk,
        adult=True, verified_at=NOW, terms_at=NOW, terms_version=1, sent_at=NOW, **fields,
    )  # fmt: skip


@pytest.mark.row("F-09")
def test_many_are_approved_at_once_and_each_is_told(cast: Cast, signed_in: Browser) -> None:
    noor, ines = waiting(cast, "Noor"), waiting(cast, "Ines")
    left = waiting(cast, "Lou")

    chris, words = signed_in(cast.chris), {"application": [noor.public_id, ines.public_id], "do": "approve"}
    asks = chris.post(reverse("signup:decision", args=AT), words, follow=True)
    before = Membership.objects.filter(name__in=["Noor", "Ines", "Lou"]).count()
    chris.post(reverse("signup:decision", args=AT), {**words, "sure": "yes"})

    assert ("Approve 2 sign-ups?" in asks.content.decode(), before) == (True, 0)
    assert set(Membership.objects.filter(name__in=["Noor", "Ines", "Lou"]).values_list("name", flat=True)) == {
        "Noor", "Ines",
    }  # fmt: skip
    left.refresh_from_db()
    assert left.state == "waiting"
    assert [letter.splitlines()[0] for letter in letters_to(f"noor.{noor.person_id}@northwind.example")] == [
        "Welcome to Grow Together"
    ]
    assert Event.objects.filter(kind="application.approved").count() == 2


@pytest.mark.row("F-09")
def test_one_is_approved_by_one_press_and_none_by_none(cast: Cast, signed_in: Browser) -> None:
    noor, lou, chris = waiting(cast, "Noor"), waiting(cast, "Lou"), signed_in(cast.chris)
    url = reverse("signup:decision", args=AT)

    said = chris.post(url, {"do": "approve"}, follow=True).content.decode()
    nobody = Membership.objects.filter(name__in=["Noor", "Lou"]).count()
    chris.post(url, {"application": noor.public_id, "do": "approve"})

    assert ("Nobody who waits was chosen, so nothing was changed." in said, nobody) == (True, 0)
    assert [member.name for member in Membership.objects.filter(name__in=["Noor", "Lou"])] == ["Noor"]
    lou.refresh_from_db()
    assert lou.state == "waiting"


@pytest.mark.row("F-09")
def test_declining_asks_once_more_and_the_person_is_told_kindly(cast: Cast, signed_in: Browser) -> None:
    noor, chris = waiting(cast, "Noor"), signed_in(cast.chris)
    url = reverse("signup:decision", args=AT)

    asks = chris.post(url, {"application": noor.public_id, "do": "decline"}, follow=True)
    noor.refresh_from_db()
    assert (asks.status_code, noor.state) == (200, "waiting")
    assert asks.redirect_chain == [(f"{url}?do=decline&application={noor.public_id}", 302)]
    assert "Decline one sign-up?" in asks.content.decode()

    chris.post(url, {"application": noor.public_id, "do": "decline", "sure": "yes", "words": "Please try in spring."})
    noor.refresh_from_db()
    assert noor.state == "declined"
    [letter] = letters_to(f"noor.{noor.person_id}@northwind.example")
    assert "Please try in spring." in letter


@pytest.mark.row("F-09")
def test_a_declined_person_can_be_approved_after_all_until_they_begin_anew(cast: Cast, signed_in: Browser) -> None:
    noor, ines, chris = waiting(cast, "Noor"), waiting(cast, "Ines"), signed_in(cast.chris)
    url = reverse("signup:decision", args=AT)
    chris.post(url, {"application": [noor.public_id, ines.public_id], "do": "decline", "sure": "yes", "words": "No."})
    factories.application(cast.autumn, ines.person, state="started")

    pages = [chris.get(reverse("signup:application", args=[*AT, one.public_id])) for one in (noor, ines)]
    for one in (noor, noor, ines):
        chris.post(reverse("signup:application-approval", args=[*AT, one.public_id]))

    assert ["Approve after all" in page.content.decode() for page in pages] == [True, False]
    for one in (noor, ines):
        one.refresh_from_db()
    assert [(one.state, one.decline_words) for one in (noor, ines)] == [("joined", ""), ("declined", "No.")]
    assert [letter.splitlines()[0] for letter in letters_to(f"noor.{noor.person_id}@northwind.example")] == [
        "About your sign-up for Grow Together", "Welcome to Grow Together",
    ]  # fmt: skip


@pytest.mark.row("F-09")
def test_those_decided_about_meanwhile_are_named_and_the_list_stays_as_it_was(cast: Cast, signed_in: Browser) -> None:
    noor, ines, chris = waiting(cast, "Noor"), waiting(cast, "Ines"), signed_in(cast.chris)
    url, both = reverse("signup:decision", args=AT), [noor.public_id, ines.public_id]
    how = {"list": "state=waiting&role=mentee"}
    chris.post(url, {"application": ines.public_id, "do": "decline", "sure": "yes"})

    done = chris.post(url, {"application": both, "do": "approve", "sure": "yes", **how}, follow=True)
    nobody = chris.post(url, {"do": "decline", **how})
    late = chris.post(url, {"application": ines.public_id, "do": "approve", **how}, follow=True)

    assert done.redirect_chain == [(reverse("signup:applications", args=AT) + "?state=waiting&role=mentee", 302)]
    assert nobody.headers["Location"] == done.redirect_chain[0][0]
    for answer in (done, late):
        assert "Nothing was changed for Ines (Declined)." in answer.content.decode()


@pytest.mark.row("F-09")
def test_deciding_twice_decides_once(cast: Cast, signed_in: Browser) -> None:
    noor, chris = waiting(cast, "Noor"), signed_in(cast.chris)
    for _press in range(2):
        chris.post(reverse("signup:decision", args=AT), {"application": noor.public_id, "do": "approve"})
    chris.post(reverse("signup:decision", args=AT), {"application": noor.public_id, "do": "decline", "sure": "yes"})

    noor.refresh_from_db()
    assert noor.state == "joined"
    assert Event.objects.filter(kind="application.approved").count() == 1


@pytest.mark.row("F-08")
def test_the_list_shows_progress_and_last_step_and_can_be_narrowed(
    cast: Cast, asked: Asked, applicant: Applicant, signed_in: Browser
) -> None:
    applicant.begin()
    applicant.post("join-questions", {f"q-{asked.moved.public_id}": "no"}, 1)
    waiting(cast, "Ines", role="mentor")
    chris = signed_in(cast.chris)
    url = reverse("signup:applications", args=AT)

    rows = {row["application"].name: row for row in chris.get(url).context["rows"]}
    noor = rows["Noor Haddad"]
    assert (noor["progress"].answered, noor["progress"].asked, noor["last_step"]) == (1, 4, "Questions")

    def names(**narrowed: str) -> set[str]:
        return {row["application"].name for row in chris.get(url, narrowed).context["rows"]}

    assert names(state="waiting") == {"Ines"}
    assert names(role="mentee") == {"Noor Haddad", "Amira Mansour"}
    assert names(q="ines@") == {"Ines"}
    assert names(q="nobody") == set()


@pytest.mark.row("F-08")
def test_beginnings_by_strangers_do_not_pile_up_beside_a_real_one(cast: Cast, asked: Asked) -> None:
    for _try in range(3):
        Applicant(address="amira@northwind.example").begin()
    for _try in range(2):
        Applicant(address="noor@northwind.example").begin()

    listed = list(queries.applications_of(cast.grow).values_list("address", "state"))

    assert sorted(listed) == [
        ("amira@northwind.example", "joined"), ("ben@northwind.example", "joined"),
        ("noor@northwind.example", "started"),
    ]  # fmt: skip


@pytest.mark.row("F-08")
def test_a_list_of_three_costs_no_more_queries_than_a_list_of_thirty(
    cast: Cast, asked: Asked, signed_in: Browser
) -> None:
    chris, counts = signed_in(cast.chris), []
    for number in (3, 27):
        for name in range(number):
            one = factories.application(cast.autumn, address=f"{number}.{name}@northwind.example")
            factories.answer(one, asked.moved, True)
        with CaptureQueriesContext(connection) as seen:
            chris.get(reverse("signup:applications", args=AT))
        counts.append(len(seen))

    assert counts[0] == counts[1]


@pytest.mark.row("F-08")
def test_a_mistyped_address_is_put_right_only_before_it_is_proved(
    cast: Cast, asked: Asked, applicant: Applicant, signed_in: Browser
) -> None:
    applicant.sign_up(asked)
    old = last_link(applicant.address)
    sent = Application.objects.get(address=applicant.address)
    chris = signed_in(cast.chris)
    url = reverse("signup:application-address", args=[*AT, sent.public_id])

    chris.post(url, {"address": "noor.haddad@northwind.example"})
    assert applicant.client.get(old).status_code == 410
    Applicant(address="noor.haddad@northwind.example").confirm()
    sent.refresh_from_db()
    assert (sent.address, sent.state) == ("noor.haddad@northwind.example", "waiting")

    assert chris.post(url, {"address": "other@northwind.example"}).status_code == 404


@pytest.mark.row("F-08", "X-03")
def test_an_old_link_stays_dead_though_the_address_is_put_back(
    cast: Cast, asked: Asked, applicant: Applicant, signed_in: Browser
) -> None:
    applicant.sign_up(asked)
    old = last_link(applicant.address)
    sent = Application.objects.get(address=applicant.address)
    chris, url = signed_in(cast.chris), reverse("signup:application-address", args=[*AT, sent.public_id])

    for address in ("wrong@northwind.example", applicant.address):
        chris.post(url, {"address": address})

    assert applicant.client.get(old).status_code == 410
    assert applicant.client.get(last_link(applicant.address)).status_code == 200


@pytest.mark.row("F-08")
def test_an_address_is_not_put_right_to_that_of_somebody_else(
    cast: Cast, asked: Asked, applicant: Applicant, signed_in: Browser
) -> None:
    applicant.sign_up(asked)
    sent = Application.objects.get(address=applicant.address)
    lou = factories.application(cast.autumn, state="waiting", name="Lou Marsh", address="lou@northwind.example")
    url = reverse("signup:application-address", args=[*AT, sent.public_id])

    page = signed_in(cast.chris).post(url, {"address": "LOU@northwind.example"})

    assert page.status_code == 422
    assert "This is already the address of Lou Marsh." in page.content.decode()
    assert "LOU@northwind.example" in page.content.decode()
    sent.refresh_from_db()
    lou.refresh_from_db()
    assert (sent.address, lou.address) == (applicant.address, "lou@northwind.example")


@pytest.mark.row("F-09")
def test_the_question_before_a_decision_is_a_page_that_can_be_loaded_again(cast: Cast, signed_in: Browser) -> None:
    noor, ines, chris = waiting(cast, "Noor"), waiting(cast, "Ines"), signed_in(cast.chris)
    url = reverse("signup:decision", args=AT)
    for do in ("approve", "decline"):
        asks = chris.post(url, {"application": [noor.public_id, ines.public_id], "do": do})

        pages = [chris.get(asks["Location"]).content.decode() for _look in range(2)]

        assert asks.status_code == 302
        assert all("Noor" in page and "Ines" in page for page in pages)
    assert set(Application.objects.filter(name__in=["Noor", "Ines"]).values_list("state", flat=True)) == {"waiting"}
    assert chris.get(url).status_code == 302


@pytest.mark.row("F-07", "X-05")
def test_nobody_but_coordinators_sees_an_applicant(
    cast: Cast, asked: Asked, applicant: Applicant, signed_in: Browser
) -> None:
    applicant.sign_up(asked)
    applicant.confirm()
    planted = Application.objects.get(address=applicant.address)
    factories.answer(planted, asked.health, "zqplantedzq")
    pages = ["people:programme", "signup:profile", "signup:suggestion", "signup:join", "signup:applications"]

    seen = {}
    for name in ("amira", "ben", "ada", "sam", "dana"):
        browser = signed_in(cast[name])
        texts = [browser.get(reverse(page, args=AT)).content.decode() for page in pages]
        texts.append(browser.get(reverse("signup:application", args=[*AT, planted.public_id])).content.decode())
        seen[name] = any(word in text for text in texts for word in ("Noor Haddad", "zqplantedzq", applicant.address))

    assert seen == dict.fromkeys(("amira", "ben", "ada", "sam", "dana"), False)
    assert not queries.answers_for_viewer(planted, cast.amira)
    page = signed_in(cast.chris).get(reverse("signup:application", args=[*AT, planted.public_id])).content.decode()
    assert "zqplantedzq" in page


@pytest.mark.row("F-05")
def test_the_list_says_reached_of_wanted(cast: Cast, signed_in: Browser) -> None:
    cast.grow.wanted_mentors = 40
    cast.grow.save()

    page = signed_in(cast.chris).get(reverse("signup:applications", args=AT)).content.decode()

    assert "of 40" in page


@pytest.mark.definition("A1")
@pytest.mark.row("M-01")
def test_a_mentor_without_a_topic_or_a_seat_is_not_matchable(cast: Cast, asked: Asked) -> None:
    ben = Application.objects.get(person=cast.ben)

    def can_mentor() -> list[str]:
        found = queries.matchable_applications(cast.autumn, with_expected=False, now=NOW)
        return [row.name for row in found if row.can_mentor]

    factories.answer(ben, asked.moved, True)  # an answer, but not to what he helps with
    assert can_mentor() == []
    factories.answer(ben, asked.offers, ["finance"])
    assert can_mentor() == ["Ben Kowalski"]
    Application.objects.filter(pk=ben.pk).update(capacity=None)
    assert can_mentor() == []


@pytest.mark.row("A-01")
def test_who_is_paused_is_not_matchable_until_the_day_comes(cast: Cast) -> None:
    def names() -> list[str]:
        return [row.name for row in queries.matchable_applications(cast.autumn, with_expected=False, now=NOW)]

    assert names() == ["Amira Mansour"]
    Membership.objects.filter(person=cast.amira).update(available=False, paused_until=NOW.date().replace(day=30))
    assert names() == []
    Membership.objects.filter(person=cast.amira).update(paused_until=NOW.date())
    assert names() == ["Amira Mansour"]


@pytest.mark.row("M-02")
def test_expected_people_stand_in_a_round_only_when_asked_for_and_complete(cast: Cast, asked: Asked) -> None:
    whole = factories.application(cast.autumn, role="mentee", name="Whole")
    factories.answer(whole, asked.goal, "Write better")
    factories.application(cast.autumn, role="mentee", name="Half")

    def names(with_expected: bool) -> list[str]:
        found = queries.matchable_applications(cast.autumn, with_expected=with_expected, now=NOW)
        return [row.name for row in found]

    assert names(False) == ["Amira Mansour"]
    assert names(True) == ["Amira Mansour", "Whole"]


@pytest.mark.row("X-08", "F-09")
def test_approving_a_mentor_records_the_approval_and_no_change_of_seats(cast: Cast, signed_in: Browser) -> None:
    iwona = waiting(cast, "Iwona")
    Application.objects.filter(pk=iwona.pk).update(role="mentor", capacity=2)

    signed_in(cast.chris).post(
        reverse("signup:decision", args=AT), {"application": iwona.public_id, "do": "approve", "sure": "yes"}
    )

    assert Seat.objects.filter(person=iwona.person_id).count() == 2
    kinds = Event.objects.filter(people__person=iwona.person_id).values_list("kind", flat=True)
    assert sorted(kinds) == ["application.approved"]
