"""One's own answers in a programme, who sees each, availability and capacity."""

import pytest
from django.urls import reverse

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from tests.signup.conftest import AT, Asked, Browser, letters_to
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
