"""Pressed on a round's page that was opened before somebody changed a draft: nothing is done about an unseen pair."""

import re

import pytest
from django.test import Client

from tests.matching.field import FieldOfPeople
from tests.matching.wishes import ask
from twoway.matching.models import Proposal, Round, Strike
from twoway.people.models import Notification
from twoway.signup.models import Application

AT = "/northwind/grow-together"
CHANGED = "Somebody else was chosen here since you opened the page."


@pytest.fixture
def draft(ground: FieldOfPeople) -> Proposal:
    """Amira with Ben, out of a round; Cleo has room as well."""
    amira = ground.mentee("Amira")
    ground.mentor("Ben"), ground.mentor("Cleo", offers=["writing"])
    ground.run()
    return Proposal.objects.get(mentee=amira)


def choose_cleo(chris: Client, draft: Proposal) -> None:
    chris.post(f"{AT}/proposals/{draft.public_id}/swap/", {"mentor": Application.objects.get(name="Cleo").public_id})


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


@pytest.mark.row("M-08", "U-05")
def test_only_what_the_confirmation_showed_is_published(ground: FieldOfPeople, chris: Client, draft: Proposal) -> None:
    url = f"{AT}/proposals/publish/?proposal={draft.public_id}"
    seen = hidden(chris.get(url).content.decode())["seen"]
    choose_cleo(chris, draft)

    late = chris.post(url, {"seen": seen})
    sent = Notification.objects.count()
    chris.post(url, {"seen": hidden(late.content.decode())["seen"]})

    said = late.content.decode()
    assert (late.status_code, "This changed since you opened the page" in said, "Amira → Cleo" in said, sent) == (
        409, True, True, 0
    )  # fmt: skip
    assert Proposal.objects.get(state="published").mentor.name == "Cleo"


@pytest.mark.row("M-08", "U-05")
def test_what_was_brought_back_meanwhile_does_not_go_out_unseen(ground: FieldOfPeople, chris: Client) -> None:
    for name in ("Amira", "Dora"):
        ground.mentee(name)
        ground.mentor(f"For {name}")
    round = ground.run()
    first = Proposal.objects.all()[0]
    chris.post(f"{AT}/proposals/{first.public_id}/dismissal/")
    url = f"{AT}/proposals/publish/?round={round.public_id}"
    seen = hidden(chris.get(url).content.decode())["seen"]
    chris.post(f"{AT}/proposals/{first.public_id}/restoring/")

    late = chris.post(url, {"seen": seen})

    assert (late.status_code, Proposal.objects.filter(state="published").count()) == (409, 0)


@pytest.mark.row("M-08", "U-05")
def test_a_pair_nobody_looked_at_is_neither_set_aside_nor_pinned(
    ground: FieldOfPeople, chris: Client, draft: Proposal
) -> None:
    at, seen = f"{AT}/proposals/{draft.public_id}", {"seen": draft.mentor.public_id}
    choose_cleo(chris, draft)

    said = [
        chris.post(f"{at}/dismissal/", seen, follow=True).content.decode(),
        chris.post(f"{at}/pin/", {**seen, "pin": "no"}, follow=True).content.decode(),
    ]

    assert [CHANGED in page for page in said] == [True, True]
    assert (ground.pairs(pinned=True), Strike.objects.count()) == ([("Amira", "Cleo")], 0)


@pytest.mark.row("M-08")
def test_the_pair_on_the_page_is_pinned_once_however_often_it_is_pressed(
    ground: FieldOfPeople, chris: Client, draft: Proposal
) -> None:
    page = chris.get(f"{AT}/rounds/{draft.round.public_id}/?pair={draft.public_id}").content.decode()  # type: ignore[union-attr]
    form = re.search(r'<form[^>]*/pin/">.*?</form>', page, re.S)
    aside = re.search(r'<form[^>]*/dismissal/">.*?</form>', page, re.S)
    assert form is not None and aside is not None
    said = hidden(form[0]) | {"pin": "yes"}
    assert 'name="pin" value="yes"' in form[0]
    assert [hidden(one[0])["seen"] for one in (form, aside)] == [draft.mentor.public_id] * 2

    for _press in range(2):
        chris.post(f"{AT}/proposals/{draft.public_id}/pin/", said)

    assert ground.pairs(pinned=True) == [("Amira", "Ben")]


@pytest.mark.row("M-08")
def test_lines_written_about_one_mentor_are_read_again_when_another_is_chosen(
    ground: FieldOfPeople, chris: Client, draft: Proposal
) -> None:
    at = f"{AT}/proposals/{draft.public_id}"
    chris.post(f"{at}/words/", {"words": "You both sail."})
    cleo = Application.objects.get(name="Cleo")

    page = chris.post(f"{at}/swap/", {"mentor": cleo.public_id}, follow=True).content.decode()

    assert "Your own lines go into the letter as they are, now about Cleo: “You both sail.”" in page


@pytest.mark.row("M-02", "U-05")
def test_an_old_page_starts_no_second_round_of_the_same_name_and_says_what_it_would_replace(
    ground: FieldOfPeople, chris: Client, draft: Proposal
) -> None:
    first = draft.round
    assert first is not None

    late = chris.post(
        f"{AT}/rounds/new/",
        {"name": first.name, "intake": ground.intake.public_id, "objective": "most_then_best"},
    )

    said = late.content.decode()
    assert (late.status_code, "There is a round of this name already." in said) == (422, True)
    assert "1 draft" in said
    assert list(Round.objects.all()) == [first]


@pytest.mark.row("M-02", "U-05")
def test_a_round_is_run_again_once_however_many_pages_ask_for_it(
    ground: FieldOfPeople, chris: Client, draft: Proposal
) -> None:
    url = f"{AT}/rounds/{Round.objects.get().public_id}/again/"
    first, second = (hidden(chris.get(url).content.decode())["name"] for _page in range(2))

    chris.post(url, {"name": first})
    late = chris.post(url, {"name": second}, follow=True)

    assert list(Round.objects.order_by("pk").values_list("name", flat=True)) == ["Round 1", "Round 2"]
    assert "This round was run again already, from another page." in late.content.decode()


@pytest.mark.row("M-02", "M-21")
def test_running_a_round_again_says_that_it_ends_the_time_for_wishes(
    ground: FieldOfPeople, chris: Client, draft: Proposal
) -> None:
    url = f"{AT}/rounds/{Round.objects.get().public_id}/again/"
    before = chris.get(url).content.decode()
    ask(ground)

    assert ["Running the round ends that" in page for page in (before, chris.get(url).content.decode())] == [
        False,
        True,
    ]
