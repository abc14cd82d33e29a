"""The questions of a sign-up: what is asked of whom, kept, mended, and who is let to read it."""

import re

import pytest

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from tests.signup.conftest import Applicant, Asked, answers
from twoway.people.audience import Relation
from twoway.signup.actions.application import save_answers
from twoway.signup.actions.arrival import approve_applications
from twoway.signup.models import Answer, Application
from twoway.signup.queries import answers_for_viewer

pytestmark = pytest.mark.usefixtures("open_scope")


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


@pytest.mark.row("F-01")
def test_an_impossible_day_is_asked_again_and_stays_as_it_was_typed(asked: Asked, applicant: Applicant) -> None:
    first_day = factories.question(asked.form, "First day at work", "date", section="Your work")
    applicant.begin()

    page = applicant.post("join-questions", {f"q-{first_day.public_id}": "0001-01-01"}, 1)

    said = page.content.decode()
    assert page.status_code == 422
    assert ("Please choose a day from 1900 to 2036." in said, 'value="0001-01-01"' in said) == (True, True)
    assert not Answer.objects.filter(question=first_day).exists()
