"""One's own answers in a programme, who sees each, availability and capacity."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from tests.signup.conftest import AT, Applicant, Asked, Browser, letters_to
from twoway.history.models import Event
from twoway.people.models import Membership, Seat
from twoway.signup import personal, queries
from twoway.signup.actions.application import set_answer
from twoway.signup.models import Answer, Application

pytestmark = pytest.mark.usefixtures("open_scope")

PROFILE = reverse("signup:profile", args=AT)


def of(person: object) -> Application:
    return Application.objects.get(person=person)


@pytest.mark.row("F-12", "F-02", "X-04")
def test_the_owner_changes_an_answer_and_lets_fewer_see_it(cast: Cast, asked: Asked, signed_in: Browser) -> None:
    factories.answer(of(cast.amira), asked.goal, "Speak up")
    amira = signed_in(cast.amira)
    assert "Everyone in the programme can see this" in amira.get(PROFILE).content.decode()

    goal = f"q-{asked.goal.public_id}"
    amira.post(PROFILE, {goal: "Say no kindly", f"{goal}-audience": "partners"})

    [answer] = Answer.objects.filter(application=of(cast.amira))
    assert (answer.value, answer.stricter) == ("Say no kindly", "partners")
    assert queries.answers_for_viewer(of(cast.amira), cast.ben) == []
    assert "people you share a loop with" in amira.get(PROFILE).content.decode()


@pytest.mark.row("F-02")
def test_nobody_can_choose_wider_than_the_question(cast: Cast, asked: Asked, signed_in: Browser) -> None:
    health = f"q-{asked.health.public_id}"
    goal = f"q-{asked.goal.public_id}"
    signed_in(cast.amira).post(PROFILE, {health: "private", f"{health}-audience": "members", goal: "x"})

    assert queries.answers_for_viewer(of(cast.amira), cast.ben) == [
        shown for shown in queries.answers_for_viewer(of(cast.amira), cast.ben) if shown.question == asked.goal
    ]
    assert [row.stricter for row in Answer.objects.filter(question=asked.health)] == [""]


@pytest.mark.row("F-12")
def test_a_members_answers_are_changed_by_their_owner_alone(cast: Cast, asked: Asked) -> None:
    for somebody in (cast.chris, cast.ben, None):
        with pytest.raises(PermissionError):
            set_answer(of(cast.amira), asked.goal, "Not hers", None, somebody, NOW)

    assert not Answer.objects.exists()


@pytest.mark.row("F-12", "U-05")
def test_an_answer_that_is_needed_cannot_be_emptied(cast: Cast, asked: Asked, signed_in: Browser) -> None:
    factories.answer(of(cast.amira), asked.goal, "Speak up")

    page = signed_in(cast.amira).post(PROFILE, {f"q-{asked.goal.public_id}": ""})

    assert page.status_code == 422
    assert "needs an answer here" in page.content.decode()
    assert Answer.objects.get().value == "Speak up"


@pytest.mark.row("F-02", "X-05")
def test_private_answers_are_on_no_page_of_other_members(cast: Cast, asked: Asked, signed_in: Browser) -> None:
    for question, word in ((asked.health, "zqhealth"), (asked.moved, True), (asked.manager, "zqboss@x.example")):
        factories.answer(of(cast.amira), question, word)
    own = signed_in(cast.amira).get(PROFILE).content.decode()
    assert "zqhealth" in own
    assert "zqboss@x.example" in own

    pages = {
        name: "".join(
            signed_in(cast[name]).get(reverse(page, args=AT)).content.decode()
            for page in ("signup:profile", "people:programme", "signup:suggestion", "signup:join")
        )
        for name in ("ben", "dana", "ada", "sam")
    }

    assert {name: "zqhealth" in text or "zqboss" in text for name, text in pages.items()} == dict.fromkeys(pages, False)
    office = signed_in(cast.chris).get(reverse("signup:application", args=[*AT, of(cast.amira).public_id]))
    assert ("zqhealth" in office.content.decode(), "zqboss" in office.content.decode()) == (True, False)


@pytest.mark.row("A-01")
def test_somebody_pauses_until_a_day_and_comes_back(cast: Cast, signed_in: Browser) -> None:
    ben, url = signed_in(cast.ben), reverse("signup:profile-availability", args=AT)

    past = ben.post(url, {"until": "2026-11-01", "do": "pause"})
    assert past.status_code == 422
    summary = past.content.decode().partition('<div class="problems"')[2].partition("</div>")[0]
    assert "Back on: Please choose a day to come." in summary
    ben.post(url, {"until": "2026-12-24", "do": "pause"})
    member = Membership.objects.get(person=cast.ben)
    assert (member.available, str(member.paused_until)) == (False, "2026-12-24")
    assert "back by yourself on 24 December 2026" in ben.get(PROFILE).content.decode()

    ben.post(url, {"do": "back"})
    member.refresh_from_db()
    assert (member.available, member.paused_until) == (True, None)


@pytest.mark.row("A-01")
def test_a_coordinator_pauses_many_and_each_is_told(cast: Cast, signed_in: Browser) -> None:
    chris, url = signed_in(cast.chris), reverse("signup:availability", args=AT)
    both = [cast.amira_member.public_id, cast.ben_member.public_id]

    chris.post(url, {"member": both, "until": "2026-12-24", "do": "pause"})
    assert list(Membership.objects.filter(programme=cast.grow).values_list("available", flat=True)) == [False, False]
    assert [letter.splitlines()[0] for letter in letters_to("amira@northwind.example")] == [
        "You are paused in Grow Together"
    ]

    nobody = chris.post(url, {"until": "", "do": "back"})
    assert nobody.status_code == 422
    chris.post(url, {"member": both, "do": "back"})
    assert list(Membership.objects.filter(programme=cast.grow).values_list("available", flat=True)) == [True, True]


@pytest.mark.row("F-06")
def test_a_mentor_changes_capacity_and_keeps_the_seats_that_are_taken(cast: Cast, signed_in: Browser) -> None:
    ben, url = signed_in(cast.ben), reverse("signup:profile-offer", args=AT)

    ben.post(url, {"capacity": "3", "rhythm_days": "30"})
    assert Seat.objects.filter(person=cast.ben, leaving=False).count() == 3
    assert Membership.objects.get(person=cast.ben).rhythm_days == 30

    unsure = ben.post(url, {"capacity": "6", "rhythm_days": "30"})
    assert unsure.status_code == 422
    assert Seat.objects.filter(person=cast.ben, leaving=False).count() == 3


def test_everything_is_handed_over_and_then_forgotten(cast: Cast, asked: Asked) -> None:
    factories.answer(of(cast.amira), asked.goal, "Speak up", stricter="partners")

    kept = personal.data_of(cast.amira)
    assert kept["Answer"] == [{"question": asked.goal.label, "value": "Speak up", "seen_by": "partners"}]
    assert [row["address"] for row in kept["Application"]] == ["amira@northwind.example"]

    personal.forget(cast.amira)
    assert not Application.objects.filter(person=cast.amira).exists()
    assert not Answer.objects.exists()


@pytest.mark.row("U-05", "F-12")
def test_pausing_loses_nothing_that_was_typed(cast: Cast, asked: Asked, signed_in: Browser) -> None:
    amira, goal = signed_in(cast.amira), f"q-{asked.goal.public_id}"
    page = amira.get(PROFILE).content.decode()
    assert re.search(r'<button[^>]*name="go" value="pause"[^>]*form="answers"', page)

    paused = amira.post(PROFILE, {goal: "Say no kindly", "go": "pause"})

    assert paused.headers["Location"] == reverse("signup:profile-availability", args=AT)
    assert Answer.objects.get().value == "Say no kindly"
    assert "Take a break" in amira.get(paused.headers["Location"]).content.decode()
    assert Membership.objects.get(person=cast.amira).available


@pytest.mark.row("U-05", "F-12")
def test_pausing_with_a_fault_on_the_page_shows_it_and_what_was_typed(
    cast: Cast, asked: Asked, signed_in: Browser
) -> None:
    manager = f"q-{asked.manager.public_id}"

    page = signed_in(cast.amira).post(PROFILE, {manager: "my boss", "go": "pause"})

    assert page.status_code == 422
    assert 'value="my boss"' in page.content.decode()


@pytest.mark.row("A-01", "U-05")
def test_coming_back_keeps_what_was_typed_too(cast: Cast, asked: Asked, signed_in: Browser) -> None:
    amira, goal = signed_in(cast.amira), f"q-{asked.goal.public_id}"
    amira.post(reverse("signup:profile-availability", args=AT), {"until": "", "do": "pause"})

    amira.post(PROFILE, {goal: "Say no kindly", "go": "back"})

    assert Membership.objects.get(person=cast.amira).available
    assert Answer.objects.get().value == "Say no kindly"


@pytest.mark.row("F-06", "U-05")
def test_the_way_to_ones_time_keeps_what_was_typed(cast: Cast, asked: Asked, signed_in: Browser) -> None:
    ben, offers = signed_in(cast.ben), f"q-{asked.offers.public_id}"

    went = ben.post(PROFILE, {offers: ["finance"], "go": "time"})
    page = ben.get(went.headers["Location"]).content.decode()

    assert Answer.objects.get().value == ["finance"]
    assert 'name="capacity"' in page


@pytest.mark.row("F-12", "U-06")
def test_ones_answers_stand_under_the_forms_sections_and_a_fault_opens_its_own(
    cast: Cast, asked: Asked, signed_in: Browser
) -> None:
    factories.answer(of(cast.amira), asked.goal, "Speak up")
    amira = signed_in(cast.amira)

    calm = amira.get(PROFILE).content.decode()
    wrong = amira.post(PROFILE, {f"q-{asked.goal.public_id}": ""}).content.decode()

    assert SECTION.findall(calm) == [(" open", "Your work", "0 of 2 answered"), ("", "Growing", "1 of 2 answered")]
    assert SECTION.findall(wrong) == [("", "Your work", "0 of 2 answered"), (" open", "Growing", "1 of 2 answered")]
    assert calm.count('type="submit"><span>Save your answers') == 1
    assert "save-bar" in calm
    assert 'name="csrfmiddlewaretoken"' in calm.partition('id="answers"')[2].partition("</form>")[0]


SECTION = re.compile(
    r'<details class="fold answers-section"( open|)>\s*<summary><h2>([^<]+)</h2><span[^>]*>([^<]+)</span>'
)


@pytest.mark.row("F-12", "F-01")
def test_in_a_long_list_what_is_chosen_comes_first(cast: Cast, asked: Asked, signed_in: Browser) -> None:
    spoken = factories.question(asked.form, "Languages", "languages", section="Growing")
    factories.answer(of(cast.amira), spoken, ["pt", "sw"])

    page = signed_in(cast.amira).get(PROFILE).content.decode()

    boxes = re.findall(rf'name="q-{spoken.public_id}" value="(\w+)"[^>]*?( checked|)(?: id|>)', page)
    assert {code for code, _checked in boxes[:2]} == {"pt", "sw"}


@pytest.mark.row("F-12")
def test_whoever_waits_for_approval_sees_and_changes_her_answers(
    cast: Cast, asked: Asked, applicant: Applicant, signed_in: Browser
) -> None:
    applicant.sign_up(asked)
    applicant.confirm()
    noor = Application.objects.get(address=applicant.address)
    goal, url = f"q-{asked.goal.public_id}", applicant.url("join-answers")
    assert f'href="{url}"' in applicant.get("join-sent").content.decode()
    page = applicant.get("join-answers").content.decode()
    assert "Speak up in meetings" in page
    assert 'name="csrfmiddlewaretoken"' in page.partition('id="answers"')[2].partition("</form>")[0]

    emptied = applicant.post("join-answers", {goal: ""})
    assert emptied.status_code == 422
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        applicant.post("join-answers", {goal: "Say no kindly", f"{goal}-audience": "coordinators"})

    [answer] = noor.answers.filter(question=asked.goal)
    assert (answer.value, answer.stricter) == ("Say no kindly", "coordinators")
    office = signed_in(cast.chris).get(reverse("signup:application", args=[*AT, noor.public_id])).content.decode()
    assert "Say no kindly" in office
    assert "Changed on 25 November 2026, after the form was sent" in office
    assert Event.objects.filter(kind="answer.changed", about=f"question {asked.goal.public_id}").count() == 1


@pytest.mark.row("F-12", "X-05")
def test_nobody_else_changes_the_answers_of_whoever_waits(cast: Cast, asked: Asked, applicant: Applicant) -> None:
    applicant.sign_up(asked)
    applicant.confirm()
    noor = Application.objects.get(address=applicant.address)

    for somebody in (cast.chris, cast.ben, None):
        with pytest.raises(PermissionError):
            set_answer(noor, asked.goal, "Not hers", None, somebody, NOW)

    stranger = Applicant(address="else@northwind.example")
    assert stranger.get("join-answers").headers["Location"] == stranger.url("join")


@pytest.mark.row("F-12", "F-07")
def test_a_coordinator_does_not_decide_on_answers_that_have_changed_meanwhile(
    cast: Cast, asked: Asked, applicant: Applicant, signed_in: Browser
) -> None:
    applicant.sign_up(asked)
    applicant.confirm()
    noor = Application.objects.get(address=applicant.address)
    chris, page = signed_in(cast.chris), reverse("signup:application", args=[*AT, noor.public_id])
    seen = re.search(r'name="seen" value="([^"]+)"', chris.get(page).content.decode())[1]
    decision = {"application": noor.public_id, "do": "approve"}
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        applicant.post("join-answers", {f"q-{asked.goal.public_id}": "Say no kindly"})

    stale = chris.post(reverse("signup:decision", args=AT), {**decision, "seen": seen}, follow=True)
    noor.refresh_from_db()
    assert noor.state == "waiting"
    assert "An answer has changed since you opened this page" in stale.content.decode()

    fresh = re.search(r'name="seen" value="([^"]+)"', stale.content.decode())[1]
    chris.post(reverse("signup:decision", args=AT), {**decision, "seen": fresh})
    noor.refresh_from_db()
    assert noor.state == "joined"


@pytest.mark.row("F-06", "F-12")
def test_a_mentor_who_waits_changes_her_time_without_leaving_the_queue(
    cast: Cast, asked: Asked, applicant: Applicant
) -> None:
    applicant.begin("mentor")
    applicant.post("join-capacity", {"capacity": "2", "rhythm_days": "14"})
    applicant.send()
    applicant.confirm()

    saved = applicant.post("join-capacity", {"capacity": "3", "rhythm_days": "30"})

    noor = Application.objects.get(address=applicant.address)
    assert saved.headers["Location"] == applicant.url("join-answers")
    assert (noor.state, noor.capacity, noor.last_step) == ("waiting", 3, "sent")
    assert applicant.get("join-terms").headers["Location"] == applicant.url("join-sent")
