"""Signing up: what is asked, kept, proved, and when somebody is a member."""

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
from tests.signup.conftest import AT, Applicant, Asked, Browser, last_link, letters_to
from twoway.people.audience import Relation
from twoway.people.models import Consent, Membership, Person, Seat
from twoway.signup.actions.application import NotReady, save_answers, send_application
from twoway.signup.actions.arrival import approve_applications
from twoway.signup.models import Answer, Application
from twoway.signup.queries import answers_for_viewer

pytestmark = pytest.mark.usefixtures("open_scope")


def states(address: str = "noor@northwind.example") -> list[str]:
    return list(Application.objects.filter(address=address).order_by("pk").values_list("state", flat=True))


def answers(asked: Asked) -> dict[str, object]:
    rows = Answer.objects.filter(application__address="noor@northwind.example")
    return {row.question.label: row.value for row in rows}


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


@pytest.mark.row("F-06")
def test_a_mentor_states_capacity_and_rhythm_and_gets_the_seats(cast: Cast, asked: Asked, applicant: Applicant) -> None:
    cast.grow.approval = False
    cast.grow.save()
    applicant.begin("mentor")
    asked_for = applicant.get("join-capacity")
    assert b'name="capacity" value="2"' in asked_for.content

    too_many = applicant.post("join-capacity", {"capacity": "5", "rhythm_days": "14"})
    assert too_many.status_code == 422
    assert b'name="sure"' in too_many.content

    applicant.post("join-capacity", {"capacity": "5", "rhythm_days": "30", "sure": "on", "capacity_here": "4"})
    applicant.send()
    applicant.confirm()

    member = Membership.objects.get(name="Noor Haddad")
    assert Seat.objects.filter(person=member.person, organisation=cast.northwind).count() == 5
    assert member.rhythm_days == 30
    assert Application.objects.get(membership=member).capacity_here == 4


@pytest.mark.row("F-06")
@pytest.mark.definition("A1")
def test_a_mentor_cannot_send_without_a_capacity(asked: Asked, applicant: Applicant) -> None:
    applicant.begin("mentor")

    refused = applicant.send()

    assert refused.status_code == 422
    assert states() == ["started"]
    assert reverse("signup:join-capacity", args=AT) in refused.content.decode()


@pytest.mark.row("F-13")
@pytest.mark.definition("B0")
def test_consent_is_reachable_only_after_the_panel(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    applicant.answer(asked)

    assert applicant.get("join-terms").headers["Location"] == applicant.url("join-not-for")
    before = applicant.post("join-terms", {"accept": "on", "version": "1"})
    assert before.headers["Location"] == applicant.url("join-not-for")
    assert states() == ["started"]

    panel = applicant.get("join-not-for").content.decode()
    order = [panel.index(words) for words in ("therapy", "promotion", "line management", "emergency", "go on</span>")]
    assert order == sorted(order)
    assert 'id="consent"' not in panel

    applicant.post("join-not-for")
    page = applicant.get("join-terms").content.decode()
    assert page.index("no therapy, no promotion") < page.index('name="accept"') < page.index('id="consent"')


@pytest.mark.row("F-13")
@pytest.mark.definition("B0")
def test_nothing_can_be_sent_by_any_path_before_the_panel(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    applicant.answer(asked)
    application = Application.objects.get(address=applicant.address)

    with pytest.raises(NotReady) as refused:
        send_application(application=application, terms_version=1, by=None, now=NOW)

    assert refused.value.step == "not-for"
    assert states() == ["started"]


@pytest.mark.row("H-06")
def test_somebody_under_18_is_refused_kindly_and_nothing_is_stored(asked: Asked, applicant: Applicant) -> None:
    page = applicant.begin(adult="no")

    assert "18 or older" in page.content.decode()
    assert states() == []
    assert "join" not in applicant.client.session


@pytest.mark.row("H-06")
def test_a_slip_about_ones_age_can_be_undone_and_nothing_goes_on_before(asked: Asked, applicant: Applicant) -> None:
    applicant.sign_up(asked)
    link = last_link(applicant.address)

    page = applicant.begin(adult="no").content.decode()
    assert "Are you younger than 18?" in page
    assert "I pressed the wrong one" in page
    assert states() == ["started"]
    assert applicant.get("join-questions", 1).headers["Location"] == applicant.url("join")
    assert applicant.client.post(link).status_code == 410

    assert 'value="Noor Haddad"' in applicant.get("join").content.decode()
    applicant.begin()
    assert answers(asked)["What would you like to grow in?"] == "Speak up in meetings"


@pytest.mark.row("H-06")
def test_whoever_says_again_that_they_are_under_18_is_forgotten(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    applicant.begin(adult="no")

    page = applicant.post("join", {"adult": "no", "sure": "yes"})

    assert "nothing you typed was kept" in page.content.decode()
    assert states() == []
    assert "join" not in applicant.client.session


@pytest.mark.row("H-06")
def test_the_first_page_asks_for_age_and_does_not_guess(asked: Asked, applicant: Applicant) -> None:
    page = applicant.get("join").content.decode()
    silent = applicant.post("join", {"name": "Noor", "address": applicant.address, "role": "mentee"})

    assert "Are you 18 or older?" in page
    assert silent.status_code == 422
    assert states() == []


@pytest.mark.row("F-04")
@pytest.mark.parametrize("closed_by", ["switch", "date", "archive"])
def test_when_closed_every_page_says_so_and_nothing_is_stored(
    cast: Cast, asked: Asked, applicant: Applicant, closed_by: str
) -> None:
    applicant.begin()
    if closed_by == "switch":
        cast.grow.sign_up_on = False
    elif closed_by == "archive":
        cast.grow.archived_at = NOW
    else:
        cast.autumn.sign_up_closes_on = NOW.date().replace(day=1)
    cast.grow.save()
    cast.autumn.save()
    stranger = Applicant(address="late@northwind.example")

    pages = [
        stranger.begin(), stranger.get("join"), stranger.post("join-letter", {"letter-address": "a@b.example"}),
        applicant.post("join-questions", {f"q-{asked.moved.public_id}": "no"}, 1), applicant.post("join-not-for"),
    ]  # fmt: skip

    assert all("is closed" in page.content.decode() for page in pages)
    nothing, kept = "Nothing about your visit was kept.", "What you had filled in is still kept."
    said = [[words in page.content.decode() for words in (nothing, kept)] for page in pages]
    assert said == [[True, False]] * 3 + [[False, True]] * 2
    assert states("late@northwind.example") == []
    assert answers(asked) == {}


@pytest.mark.row("F-04")
def test_sign_up_opens_by_itself_on_its_day(cast: Cast, applicant: Applicant) -> None:
    cast.autumn.sign_up_opens_on = NOW.date().replace(day=24)
    cast.autumn.save()

    assert "It opens on 24 November 2026" in applicant.get("join").content.decode()

    cast.autumn.sign_up_opens_on = NOW.date()
    cast.autumn.save()
    assert "Welcome to Grow Together" in applicant.get("join").content.decode()


@pytest.mark.row("F-14")
def test_every_step_is_kept_and_the_same_browser_goes_on(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    applicant.post("join-questions", {f"q-{asked.moved.public_id}": "yes"}, 1)  # where from is still missing

    back = applicant.get("join").content.decode()
    page = applicant.get("join-questions", 1).content.decode()

    assert 'value="Noor Haddad"' in back
    assert "Carry on" in back
    assert answers(asked) == {"Have you moved here for work?": True}
    assert re.search(r'value="yes"[^>]*checked', page)


@pytest.mark.row("F-14")
def test_autosave_keeps_without_asking_for_what_is_needed(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    data = {f"q-{asked.health.public_id}": "I use a screen re"}

    saved = applicant.post("join-questions", data, 2, **{"X-Autosave": "1"})

    assert saved.status_code == 204
    assert answers(asked) == {"Anything the coordinators should know?": "I use a screen re"}


@pytest.mark.row("F-14", "U-05")
def test_a_page_with_one_fault_keeps_the_rest_and_shows_what_was_typed(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    data = {f"q-{asked.moved.public_id}": "no", f"q-{asked.manager.public_id}": "my boss"}

    page = applicant.post("join-questions", data, 1)

    assert page.status_code == 422
    assert 'value="my boss"' in page.content.decode()
    assert answers(asked) == {"Have you moved here for work?": False}


@pytest.mark.row("F-14")
def test_two_tabs_do_not_undo_each_other(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    goal, health = f"q-{asked.goal.public_id}", f"q-{asked.health.public_id}"
    hidden = re.compile(r'type="hidden" name="((?:was-\w+)|tab)" value="([^"]*)"')
    one = dict(hidden.findall(applicant.get("join-questions", 2).content.decode()))
    two = dict(hidden.findall(applicant.get("join-questions", 2).content.decode()))

    applicant.post("join-questions", {**one, goal: "Speak up", health: ""}, 2)
    applicant.post("join-questions", {**two, goal: "", health: "Nothing"}, 2, **{"X-Autosave": "1"})
    assert answers(asked) == {
        "What would you like to grow in?": "Speak up", "Anything the coordinators should know?": "Nothing",
    }  # fmt: skip

    applicant.post("join-questions", {**one, goal: "", health: ""}, 2, **{"X-Autosave": "1"})
    assert answers(asked) == {"Anything the coordinators should know?": "Nothing"}


@pytest.mark.row("F-14")
def test_pressing_begin_or_send_twice_does_it_once(asked: Asked, applicant: Applicant) -> None:
    secret = re.search(r'name="begin" value="([^"]+)"', applicant.get("join").content.decode())[1]
    applicant.begin(begin=secret)
    Applicant(client=applicant.client).begin(begin=secret)
    other_tab = Applicant(client=Client())  # the second press may come before the first has set the cookie
    other_tab.begin(begin=secret)
    assert states() == ["started"]

    applicant.answer(asked)
    applicant.send()
    applicant.send()
    assert states() == ["sent"]
    assert len(letters_to(applicant.address)) == 1

    link = last_link(applicant.address)
    applicant.client.post(link)
    assert Client().post(link).status_code == 410
    assert states() == ["waiting"]


@pytest.mark.row("F-14")
def test_a_letter_brings_somebody_back_on_another_device(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    applicant.post("join-questions", {f"q-{asked.moved.public_id}": "no"}, 1)
    elsewhere = Applicant()

    elsewhere.post("join-letter", {"letter-address": "Noor@Northwind.example"})
    elsewhere.confirm()
    elsewhere.answer(asked)
    elsewhere.send()

    assert states() == ["waiting"]
    assert answers(asked)["Have you moved here for work?"] is False
    assert applicant.get("join-questions", 1).headers["Location"] == applicant.url("join")


@pytest.mark.row("X-03")
def test_known_and_unknown_addresses_read_the_same_at_every_step(asked: Asked) -> None:
    pages = []
    for address in ("ben@northwind.example", "nobody@northwind.example"):
        somebody = Applicant(address=address)
        somebody.begin()
        somebody.answer(asked)
        somebody.send()
        sent = somebody.get("join-sent")
        again = Applicant().post("join-letter", {"letter-address": address})
        pages.append([
            re.sub(r"[A-Za-z0-9]{64}", "", page.content.decode()).replace(address, "ADDRESS")
            for page in (sent, again)
        ])  # fmt: skip

    assert pages[0] == pages[1]
    assert letters_to("ben@northwind.example")[0].startswith("Your sign-up for Grow Together: continue")
    assert letters_to("nobody@northwind.example")[0].startswith("Confirm your address for Grow Together")


@pytest.mark.row("X-03")
def test_one_address_ends_with_one_application_and_a_members_answers_stay(
    cast: Cast, asked: Asked, applicant: Applicant
) -> None:
    applicant.address = "amira@northwind.example"
    applicant.sign_up(asked)
    applicant.confirm()

    assert states("amira@northwind.example") == ["joined"]
    assert not Answer.objects.filter(application__address="amira@northwind.example").exists()


@pytest.mark.row("X-03")
def test_too_many_sign_ups_from_one_place_are_refused_with_a_word(asked: Asked) -> None:
    answers = [Applicant(address=f"n{number}@northwind.example").begin() for number in range(11)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [422]
    assert "wait a few minutes" in answers[-1].content.decode()


@pytest.mark.row("F-07")
def test_somebody_signed_in_proves_no_address_twice(cast: Cast, asked: Asked, signed_in: Browser) -> None:
    dana = Applicant(address="dana@harbour.example", client=signed_in(cast.dana))

    assert 'name="address"' not in dana.get("join").content.decode()
    dana.begin()
    dana.answer(asked)
    dana.send()

    assert states("dana@harbour.example") == ["joined", "waiting"]  # her own programme's, and this one
    assert not [letter for letter in letters_to("dana@harbour.example") if "Confirm" in letter]


@pytest.mark.row("F-01")
def test_a_hidden_question_is_not_needed_and_not_kept(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    moved, whence = f"q-{asked.moved.public_id}", f"q-{asked.whence.public_id}"

    applicant.post("join-questions", {moved: "yes", whence: "Porto"}, 1)
    assert answers(asked) == {"Have you moved here for work?": True, "Where from?": "Porto"}

    went_on = applicant.post("join-questions", {moved: "no", whence: "Porto"}, 1)
    assert answers(asked) == {"Have you moved here for work?": False}
    assert went_on.headers["Location"] == applicant.url("join-questions", 2)


@pytest.mark.row("F-01")
def test_each_role_is_asked_its_own_questions(asked: Asked, applicant: Applicant) -> None:
    applicant.begin("mentor")
    page = applicant.get("join-questions", 2).content.decode()

    assert ("What can you help with?" in page, "What would you like to grow in?" in page) == (True, False)
    applicant.post("join-questions", {f"q-{asked.goal.public_id}": "sneaked in"}, 2)
    assert answers(asked) == {}


@pytest.mark.row("F-01")
def test_an_answer_to_another_roles_question_is_not_kept(asked: Asked, applicant: Applicant) -> None:
    applicant.begin("mentor")

    save_answers(
        application=Application.objects.get(address=applicant.address), posted={asked.goal: "sneaked in"}, step="",
        by=None, now=NOW,
    )  # fmt: skip

    assert answers(asked) == {}


@pytest.mark.row("F-07")
def test_stepping_out_deletes_what_was_only_begun(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    applicant.answer(asked)

    applicant.post("join-out")

    assert states() == []


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


@pytest.mark.row("F-14", "U-05")
def test_back_from_ones_time_keeps_what_was_typed(asked: Asked, applicant: Applicant) -> None:
    applicant.begin("mentor")

    unsure = applicant.post("join-capacity", {"capacity": "5", "rhythm_days": "30", "go": "back"})
    page = applicant.get("join-capacity").content.decode()
    assert unsure.headers["Location"] == applicant.url("join-questions", 2)
    assert 'name="capacity" value="5"' in page
    assert 'name="sure"' in page
    assert re.search(r'value="30"[^>]*checked', page)

    applicant.post("join-capacity", {"capacity": "3", "rhythm_days": "7", "go": "back"})
    assert 'name="capacity" value="3"' in applicant.get("join-capacity").content.decode()
    assert Application.objects.get(address=applicant.address).capacity == 3


def test_changed_terms_are_shown_again_before_they_are_accepted(cast: Cast, asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    applicant.answer(asked)
    applicant.post("join-not-for")
    cast.grow.terms_version = 2
    cast.grow.save()

    refused = applicant.post("join-terms", {"accept": "on", "version": "1"})

    assert refused.status_code == 422
    assert 'name="version" value="2"' in refused.content.decode()
    assert states() == ["started"]


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


@pytest.mark.row("F-02", "F-14")
def test_an_applicant_lets_fewer_see_an_answer_and_it_stays_so_once_approved(
    cast: Cast, asked: Asked, applicant: Applicant
) -> None:
    applicant.begin()
    goal = f"q-{asked.goal.public_id}"
    page = applicant.get("join-questions", 2).content.decode()
    choices = page.partition(f'name="{goal}-audience"')[2].partition("</select>")[0]
    offered = re.findall(r'<option value="(\w+)"', choices)
    assert offered == ["members", "partners", "matching", "coordinators"]
    assert f'name="q-{asked.health.public_id}-audience"' not in page  # coordinators only: nothing is stricter

    applicant.post("join-questions", {f"q-{asked.moved.public_id}": "no"}, 1)
    applicant.post("join-questions", {goal: "Speak up", f"{goal}-audience": "partners", "go": "back"}, 2)
    back = applicant.get("join-questions", 2).content.decode()
    assert '<option value="partners" selected>' in back
    assert "people you share a loop with" in back
    applicant.post("join-questions", {**_hidden(back), goal: "Speak up", f"{goal}-audience": "partners"}, 2)
    applicant.send()
    applicant.confirm()
    approve_applications(applications=Application.objects.filter(state="waiting"), by=cast.chris, now=NOW)

    joined = Application.objects.get(address=applicant.address)
    assert (joined.state, joined.answers.get(question=asked.goal).stricter) == ("joined", "partners")
    assert answers_for_viewer(joined, cast.ben) == []
    assert [shown.words for shown in answers_for_viewer(joined, cast.ben, Relation.LOOPMATE)] == ["Speak up"]


def _hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="((?:was-[\w-]+)|tab)" value="([^"]*)"', page))


@pytest.mark.row("F-02")
def test_nobody_widens_an_answer_while_signing_up(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    moved = f"q-{asked.moved.public_id}"

    page = applicant.post("join-questions", {moved: "no", f"{moved}-audience": "members"}, 1)

    assert page.status_code == 422
    assert "who can see this from the list" in page.content.decode()
    assert answers(asked) == {}


@pytest.mark.row("F-02", "F-14")
def test_an_audience_chosen_in_one_tab_neither_undoes_nor_is_undone_by_another(
    asked: Asked, applicant: Applicant
) -> None:
    applicant.begin()
    goal = f"q-{asked.goal.public_id}"
    one = _hidden(applicant.get("join-questions", 2).content.decode())
    two = _hidden(applicant.get("join-questions", 2).content.decode())

    applicant.post("join-questions", {**one, goal: "Speak up", f"{goal}-audience": "members"}, 2)
    applicant.post("join-questions", {**two, goal: "", f"{goal}-audience": "coordinators"}, 2, **{"X-Autosave": "1"})
    applicant.post("join-questions", {**one, goal: "Speak up more", f"{goal}-audience": "members"}, 2)

    answer = Answer.objects.get(question=asked.goal)
    assert (answer.value, answer.stricter) == ("Speak up more", "coordinators")


@pytest.mark.row("F-01")
def test_ones_own_address_is_not_ones_line_managers(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    manager = f"q-{asked.manager.public_id}"

    page = applicant.post("join-questions", {f"q-{asked.moved.public_id}": "no", manager: "NOOR@northwind.example"}, 1)

    assert page.status_code == 422
    assert "This is your own address" in page.content.decode()
    assert answers(asked) == {"Have you moved here for work?": False}


@pytest.mark.row("F-02")
def test_the_manager_question_tells_its_owner_who_reads_it(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()

    page = applicant.get("join-questions", 1).content.decode()

    assert "Only you can read it. Matching uses it; coordinators see that it was given." in page
    assert "Only whoever gives it" not in page


@pytest.mark.row("F-01")
def test_an_optional_yes_or_no_can_be_emptied_and_a_needed_one_cannot(asked: Asked, applicant: Applicant) -> None:
    applicant.begin()
    moved = f"q-{asked.moved.public_id}"
    applicant.post("join-questions", {moved: "no"}, 1)
    page = applicant.get("join-questions", 1).content.decode()
    assert "No answer" in page

    applicant.post("join-questions", {**_hidden(page), moved: ""}, 1)
    assert answers(asked) == {}

    asked.moved.required = True
    asked.moved.save()
    assert "No answer" not in applicant.get("join-questions", 1).content.decode()


@pytest.mark.row("U-05")
def test_a_summary_of_faults_reads_as_a_sentence(asked: Asked, applicant: Applicant) -> None:
    page = applicant.post("join", {"name": "", "address": applicant.address, "role": "mentee"}).content.decode()

    summary = re.findall(r'<li><a href="#[^"]+">([^<]+)</a></li>', page)
    assert summary == ["Your name: Please fill this in.", "Are you 18 or older? Please choose one."]


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
def test_letters_before_membership_greet_by_the_first_name_as_those_after_do(
    asked: Asked, applicant: Applicant
) -> None:
    applicant.sign_up(asked)
    applicant.confirm()

    greetings = {letter.splitlines()[1] or letter.splitlines()[2] for letter in letters_to(applicant.address)}

    assert greetings == {"Hello Noor,"}
