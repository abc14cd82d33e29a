"""A proposal as those two, their letters and the coordinator read it."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.proposals import DAY, HOUR, published, says, two
from twoway.matching import tasks
from twoway.matching.actions.draft import publish_drafts
from twoway.matching.compare import marked
from twoway.matching.models import HeldAnswer, Proposal, ProposalAnswer
from twoway.matching.words import moment_words
from twoway.outbox.models import Delivery
from twoway.people.models import Person

SignedIn = Callable[[Person | None], Client]


@pytest.mark.row("M-09", "M-05")
def test_the_page_shows_public_answers_and_only_reasons_made_from_them(
    ground: FieldOfPeople, signed_in: SignedIn
) -> None:
    amira = ground.mentee("Amira", goal="I go quiet in meetings", wish=["blue"])
    ben = ground.mentor("Ben", offer="zq-partners I speak up in meetings", trait=["blue"])
    ground.run()
    draft = Proposal.objects.get()
    publish_drafts(intake=ground.intake, drafts=[draft], by=ground.chris, now=NOW)
    url = f"/me/proposals/{draft.public_id}/"

    hers = signed_in(amira.person).get(url).content.decode()
    his = signed_in(ben.person).get(url).content.decode()

    assert "I can help with" in hers and "zq-partners" not in hers
    assert "Meets a preference of yours" in hers and "Meets a preference of yours" not in his
    assert "Blue" not in hers and "Blue" not in his
    assert "My week" not in hers + his and "Grade" not in hers + his


@pytest.mark.row("M-09", "M-05")
def test_the_letter_shows_public_answers_and_reasons_and_nothing_else(ground: FieldOfPeople) -> None:
    amira = ground.mentee("Amira", goal="I go quiet\n[Press](http://evil.example/)", wish=["blue"])
    ben = ground.mentor("Ben", offer="zq-partners I go quiet too", trait=["blue"])
    ground.run()
    publish_drafts(intake=ground.intake, drafts=[Proposal.objects.get()], by=ground.chris, now=NOW)

    hers, his = (Delivery.objects.get(person=side.person_id, kind="matching.proposal") for side in (amira, ben))

    until = [moment_words(NOW + 10 * DAY, side.person) for side in (amira, ben)]  # type: ignore[arg-type]
    assert "– I can help with: Finance" in hers.text and "– I would like help with: Finance, as asked for" in hers.text
    assert "– What I would like: I go quiet [Press](http://evil.example/)" in his.text
    for word in ("zq-partners", "Grade", "My week", "Meets a preference", "Blue", "Something about me"):
        assert word not in hers.text + his.text
    assert [f"until {words}." in letter.text for words, letter in zip(until, (hers, his), strict=True)] == [True, True]


@pytest.mark.row("M-05")
@pytest.mark.parametrize(
    ("phrases", "told", "listed"),
    [
        ([["speak up", "speaking up"]], ["“speak up” meets “speaking up”"], "“speak up” meets “speaking up”"),
        ([], [], "alike in places, no phrase stands out"),
    ],
)
def test_texts_without_a_phrase_are_no_reason_for_the_two_and_a_true_one_for_coordinators(
    ground: FieldOfPeople, signed_in: SignedIn, phrases: list[list[str]], told: list[str], listed: str
) -> None:
    amira, ben = ground.mentee("Amira", goal="I want to speak up"), ground.mentor("Ben", offer="Speaking up in rooms")
    goal = ground.questions["goal"]
    point = {
        "id": goal.public_id, "mentee": goal.public_id, "mentor": ground.questions["offer"].public_id,
        "label": goal.label, "use": "text", "kind": "long", "points": 3, "of": 40, "code": "partly", "shared": [],
        "asked": 1, "phrases": phrases,
    }  # fmt: skip
    proposal = published(ground, amira, ben, points=[point])

    his = signed_in(ben.person).get(f"/me/proposals/{proposal.public_id}/").content.decode()
    page = signed_in(ground.chris).get(f"/northwind/grow-together/proposals/{proposal.public_id}/").content.decode()

    own = re.search(r'<section class="card" aria-labelledby="why">.*?</section>', his, re.DOTALL)
    assert own is not None
    assert re.findall(r"<li>.*?<br>(.*?)</li>", own.group(), re.DOTALL) == told
    assert listed in page


@pytest.mark.row("M-05")
@pytest.mark.parametrize(
    ("text", "phrase", "shown"),
    [
        ("I want to speak up", "speak up", "I want to <mark>speak up</mark>"),
        ("The listings list", "list", "The listings <mark>list</mark>"),
        ("会議で発言したい", "発言", "会議で<mark>発言</mark>したい"),
    ],
)
def test_a_phrase_is_marked_where_it_stands_by_itself(text: str, phrase: str, shown: str) -> None:
    assert marked(text, [phrase]) == shown


@pytest.mark.row("M-09")
def test_the_page_is_the_same_before_and_after_the_other_answers(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    browser, url = signed_in(amira.person), f"/me/proposals/{proposal.public_id}/"

    def page() -> str:
        text = browser.get(url).content.decode()
        return re.sub(r"[A-Za-z0-9]{64}", "token", text)

    before = page()
    says(proposal, ben, "yes")

    assert page() == before


@pytest.mark.row("M-09")
def test_a_no_stands_beside_the_yes_and_leads_to_its_words(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    browser, url = signed_in(amira.person), f"/me/proposals/{proposal.public_id}/"

    page = browser.get(url).content.decode()
    pressed = browser.get(f"{url}?no=1").content.decode()

    beside = re.search(r'<div class="buttons">(.*?)</div>', page, re.S)
    assert beside is not None
    assert re.findall(r"Yes, I would|Not this time", beside[1]) == ["Yes, I would", "Not this time"]
    assert re.findall(r'class="button" href="([^"]+)"', beside[1]) == ["?no=1#no"]
    assert ("A no needs no reason." in page, "A no needs no reason." in pressed) == (False, True)
    assert pressed.index("Yes, I would") < pressed.index("A no needs no reason.") < pressed.index("Why the two of you")
    assert ProposalAnswer.objects.count() == 0
    browser.post(f"{url}?no=1", {"answer": "no", "reason": ""})
    assert [answer.answer for answer in HeldAnswer.objects.all()] == ["no"]
    assert "A no needs no reason." not in browser.get(f"{url}?no=1").content.decode()


@pytest.mark.row("M-09", "U-05")
def test_a_reason_that_is_too_long_is_not_lost(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)

    answer = signed_in(amira.person).post(f"/me/proposals/{proposal.public_id}/", {"answer": "no", "reason": "w" * 501})

    assert (answer.status_code, "w" * 501 in answer.content.decode()) == (422, True)
    assert ProposalAnswer.objects.count() == 0


@pytest.mark.row("M-09")
def test_the_coordinator_sees_each_answer_by_name(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "no", reason="Too far from my field")
    tasks.end_refused_proposals(NOW + HOUR)

    with scopes_disabled():
        page = signed_in(ground.chris).get(f"/northwind/grow-together/proposals/{proposal.public_id}/")

    assert "Too far from my field" in page.content.decode()
