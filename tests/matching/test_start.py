"""Where no yes is asked for: loops start at publishing, and for a week each may say that it is not right."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.proposals import DAY, news, published, says, two
from twoway.loops.models import Loop
from twoway.matching.actions.draft import publish_drafts
from twoway.matching.models import Proposal
from twoway.matching.words import moment_words
from twoway.outbox.models import Delivery
from twoway.people.models import Person, Programme
from twoway.signup.models import Application

SignedIn = Callable[[Person | None], Client]
WEEK = 7 * DAY
pytestmark = pytest.mark.row("M-09")


@pytest.fixture
def unasked(ground: FieldOfPeople) -> FieldOfPeople:
    """The same ground, with “both say yes” switched off."""
    Programme.objects.update(both_say_yes=False)
    ground.intake.programme.both_say_yes = False
    return ground


def words_of(browser: Client, url: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", browser.get(url).content.decode()).split())


def letter(side: Application, kind: str) -> str:
    return Delivery.objects.get(person=side.person_id, kind=kind).text


def test_a_week_to_say_no_begins_at_publishing(unasked: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(unasked)
    proposal = published(unasked, amira, ben)
    assert proposal.state == "opened"

    signed_in(amira.person).post(f"/me/proposals/{proposal.public_id}/", {"answer": "no", "reason": "zq-why"})

    proposal.refresh_from_db()
    assert (proposal.state, Loop.objects.get().state) == ("ended", "ended")
    assert ben.person.seats.filter(participation=None).count() == 1  # type: ignore[union-attr]
    assert news(ben.person) == ["matching.begun", "matching.place_closed"]


@pytest.mark.row("U-06")
def test_where_no_yes_is_asked_for_empty_lists_promise_none(unasked: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, _ben = two(unasked)

    said = [
        words_of(signed_in(amira.person), "/loops/"),
        words_of(signed_in(unasked.chris), "/northwind/grow-together/loops/"),
    ]

    assert ["No loop yet" in page for page in said] == [True, True]
    assert [re.findall(r"\b(?:said|say|says) yes\b|\byes(?:es)?\b", page) for page in said] == [[], []]


def test_each_letters_button_says_what_its_page_is_for(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    published(ground, amira, ben)
    Programme.objects.update(both_say_yes=False)
    ground.intake.programme.both_say_yes = False
    dora, eli = ground.mentee("Dora"), ground.mentor("Eli")
    published(ground, dora, eli)

    labels = [re.findall(r"^(.*):\n\S+$", letter(side, kind), re.M)
              for side, kind in ((ben, "matching.proposal"), (eli, "matching.begun"))]  # fmt: skip

    assert labels == [["Read more and answer"], ["Open our page", "This is not right for me"]]


def test_of_two_who_have_begun_the_page_waits_for_no_yes(unasked: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(unasked)
    proposal = published(unasked, amira, ben)
    ben.answers.all().delete()

    page = words_of(signed_in(amira.person), f"/me/proposals/{proposal.public_id}/")

    assert "Nothing yet. You can ask them yourself." in page


def test_after_that_week_the_door_is_closed(unasked: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(unasked)
    proposal = published(unasked, amira, ben)
    Proposal.objects.filter(pk=proposal.pk).update(ended_at=NOW - WEEK)

    signed_in(amira.person).post(f"/me/proposals/{proposal.public_id}/", {"answer": "no"})

    assert Loop.objects.get().state == "open"


@pytest.mark.row("M-05")
def test_the_first_letter_says_why_and_until_when_one_may_say_no(unasked: FieldOfPeople) -> None:
    amira = unasked.mentee("Amira", goal="I go quiet", wish=["blue"])
    ben = unasked.mentor("Ben", offer="zq-partners I go quiet too", trait=["blue"])
    unasked.run()
    proposal = Proposal.objects.get()
    publish_drafts(intake=unasked.intake, drafts=[proposal], by=unasked.chris, now=NOW)

    hers, his = letter(amira, "matching.begun"), letter(ben, "matching.begun")

    assert "– I can help with: Finance" in hers and "– I would like help with: Finance, as asked for" in hers
    assert "– What I would like: I go quiet" in his
    for word in ("zq-partners", "Grade", "My week", "Meets a preference", "Blue", "Something about me"):
        assert word not in hers + his
    for side, text in ((amira, hers), (ben, his)):
        assert f"until {moment_words(NOW + WEEK, side.person)}." in text  # type: ignore[arg-type]
        assert f"/me/proposals/{proposal.public_id}/?no=1#no" in text
    assert Delivery.objects.filter(kind="loops.loop_opened").count() == 0


@pytest.mark.parametrize("path", ["/", "/loops/{}/"])
def test_the_way_out_stands_on_home_and_on_the_loops_page_for_a_week(
    unasked: FieldOfPeople, signed_in: SignedIn, path: str
) -> None:
    amira, ben = two(unasked)
    proposal = published(unasked, amira, ben)
    url, browsers = path.format(Loop.objects.get().public_id), [signed_in(side.person) for side in (amira, ben)]

    early = [browser.get(url).content.decode() for browser in browsers]
    Proposal.objects.update(ended_at=NOW - WEEK)
    late = [browser.get(url).content.decode() for browser in browsers]

    way = f'href="/me/proposals/{proposal.public_id}/?no=1#no"'
    assert [way in page for page in (*early, *late)] == [True, True, False, False]


def test_whoever_was_asked_has_no_such_way_out_whatever_the_settings_say_by_now(
    ground: FieldOfPeople, signed_in: SignedIn
) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, amira, "yes")
    says(proposal, ben, "yes")
    Programme.objects.update(both_say_yes=False)

    browser = signed_in(amira.person)
    pages = [words_of(browser, url) for url in ("/", f"/loops/{Loop.objects.get().public_id}/")]
    browser.post(f"/me/proposals/{proposal.public_id}/", {"answer": "no"})

    assert ["Not right for you?" in page for page in pages] == [False, False]
    assert Loop.objects.get().state == "open"


def test_the_week_stays_when_the_setting_is_switched_on_again(unasked: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(unasked)
    proposal = published(unasked, amira, ben)
    Programme.objects.update(both_say_yes=True)

    page = words_of(signed_in(ben.person), f"/me/proposals/{proposal.public_id}/")
    signed_in(ben.person).post(f"/me/proposals/{proposal.public_id}/", {"answer": "no"})

    assert "If it is not right for you, you can say so until" in page
    assert Loop.objects.get().state == "ended"


def test_whoever_said_it_comes_home_to_a_kind_word_and_the_other_reads_what_became_of_their_place(
    unasked: FieldOfPeople, signed_in: SignedIn
) -> None:
    amira, ben = two(unasked)
    proposal = published(unasked, amira, ben)
    hers, url = signed_in(amira.person), f"/me/proposals/{proposal.public_id}/"
    asked = words_of(hers, f"{url}?no=1")

    there = hers.post(url, {"answer": "no", "reason": "zq-why"}, follow=True)
    told, page = letter(ben, "matching.place_closed"), words_of(signed_in(ben.person), url)

    assert "neither of you can read or write there any more" in asked
    assert (there.redirect_chain, there.status_code) == ([("/", 302)], 200)
    assert "Your place with Ben is closed, and that is fine." in there.content.decode()
    assert "The place you two had is closed: neither of you can open it or write there any more." in told
    assert "Your place for the two of you is closed, and you are first next time." in page
    assert "zq-why" not in told + page
    loop = f"/loops/{Loop.objects.get().public_id}/"
    gone = [signed_in(side.person).post(f"{loop}messages/", {"body": "zq <b>late</b>"}) for side in (amira, ben)]
    stranger = signed_in(unasked.chris).get(loop)
    assert [signed_in(side.person).get(loop).status_code for side in (amira, ben)] == [404, 404]
    assert ["zq &lt;b&gt;late&lt;/b&gt;" in one.content.decode() and one.status_code == 404 for one in gone] == [
        True
    ] * 2
    assert ("This place is closed" in gone[1].content.decode(), "is closed" in stranger.content.decode()) == (
        True,
        False,
    )


def test_the_coordinator_reads_that_no_answer_is_asked_for(unasked: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(unasked)
    proposal = published(unasked, amira, ben)
    Programme.objects.update(both_say_yes=True)
    unasked.intake.programme.both_say_yes = True
    asked = published(unasked, unasked.mentee("Dora"), unasked.mentor("Lena"))
    chris, url = signed_in(unasked.chris), "/northwind/grow-together/proposals/"

    listed, page = words_of(chris, url), words_of(chris, f"{url}{proposal.public_id}/")

    assert "nothing yet" not in page and "not asked" in page
    assert "No answer was asked for: the loop began as soon as both were told." in page
    assert "Either can say that it is not right for them until" in page
    assert (asked.state, listed.count("not asked"), listed.count("nothing yet")) == ("published", 2, 2)


def test_a_no_after_the_week_is_answered_and_its_reason_is_not_lost(
    unasked: FieldOfPeople, signed_in: SignedIn
) -> None:
    amira, ben = two(unasked)
    proposal = published(unasked, amira, ben)
    Proposal.objects.update(ended_at=NOW - WEEK)
    hers, url = signed_in(amira.person), f"/me/proposals/{proposal.public_id}/"

    led_there = words_of(hers, f"{url}?no=1")
    sent = hers.post(url, {"answer": "no", "reason": "zq-why"})

    assert "The time to step out from here is over" in led_there and "could be your" not in led_there
    assert (sent.status_code, "zq-why" in sent.content.decode()) == (409, True)
    assert Loop.objects.get().state == "open"
