"""The pages of wishes: a mentee's own, what a mentor may know, and the coordinator's."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from time_machine import travel

from tests import factories
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.wishes import ask, matters, rather_not, wish
from twoway.matching.actions.draft import publish_drafts
from twoway.matching.actions.wish import close_wishes
from twoway.matching.models import Proposal, WishTime
from twoway.matching.queries.wish import marked_by
from twoway.matching.tasks import tell_of_open_wishes
from twoway.outbox.models import Delivery
from twoway.people.actions.person import keep_apart
from twoway.people.models import Notification, Person, Programme
from twoway.signup.models import Answer, Application, Question

WEIGHS = '<strong>Wishes</strong><br><span class="soft small">Whom they marked before the round, weight 7 of 10</span>'
AT = "/northwind/grow-together"
MINE, TIME = f"{AT}/wishes/", f"{AT}/rounds/wishes/"
SignedIn = Callable[[Person | None], Client]


def read(browser: Client, path: str = MINE) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def press(browser: Client, act: str, who: Application | None = None, **more: str) -> int:
    """One button of the page."""
    return int(browser.post(MINE, {"act": act, "who": who.public_id if who else "", **more}).status_code)


@pytest.mark.row("M-21")
def test_a_mentee_marks_and_takes_off_with_plain_presses(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben, dan = ground.mentee("Amira"), ground.mentor("Ben"), ground.mentor("Dan")
    ask(ground)
    her = signed_in(amira.person)
    page = read(her)
    assert ("Nobody yet." in page, "0 of 5" in page, "Finance" in page) == (True, True, True)

    answer = her.post(MINE, {"act": "wish", "who": ben.public_id, "from_list": "1", "q": "be", "page": "1"})
    press(her, "not", dan)

    assert (answer.status_code, answer.headers["Location"]) == (302, f"{MINE}?q=be&page=1#m-{ben.public_id}")
    assert [row.name for row in marked_by(amira).wishes] == ["Ben"]
    assert [row.name for row in marked_by(amira).rather_not] == ["Dan"]
    page = read(her)
    assert ("1 of 5" in page, "would like to meet</span>" in page, "rather not</span>" in page) == (True, True, True)
    press(her, "clear", ben)
    assert marked_by(amira).wishes == []


@pytest.mark.row("M-21")
def test_a_long_answer_is_cut_at_a_word_and_stands_whole_one_press_away(
    ground: FieldOfPeople, signed_in: SignedIn
) -> None:
    amira, story = ground.mentee("Amira"), " ".join(f"word{n}" for n in range(60))
    Question.objects.filter(pk=ground.questions["offer"].pk).update(audience="members")
    ground.mentor("Ben", offer=story)
    ground.mentor("Dan")
    ask(ground)

    rows = dict(re.findall(r'row-title">(\w+).*?to-mark-says">(.*?)</li>', read(signed_in(amira.person)), re.DOTALL))

    gist, _, whole = rows["Ben"].partition("<details")
    assert [f"word{n}" in gist for n in (0, 20, 21)] == [True, True, False]
    assert ("word20 …</p>" in gist, story in whole) == (True, True)
    assert "<details" not in rows["Dan"]


@pytest.mark.row("M-21")
def test_with_five_marked_the_page_says_so_and_a_sixth_is_refused(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, mentors = ground.mentee("Amira"), [ground.mentor(f"Mentor {n}") for n in range(6)]
    ask(ground)
    wish(amira, *mentors[:5])
    her = signed_in(amira.person)
    page = read(her)

    answer = her.post(MINE, {"act": "wish", "who": mentors[5].public_id})

    assert ("5 of 5" in page, "That is all there can be." in page) == (True, True)
    assert 'value="wish"' not in page
    assert answer.status_code == 422
    assert "You have marked 5 people already. Take one off your list to choose Mentor 5." in answer.content.decode()
    assert len(marked_by(amira).wishes) == 5


@pytest.mark.row("M-21")
def test_the_question_that_matters_most_is_one_she_answered(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira = ground.mentee("Amira")
    ground.mentor("Ben")
    ask(ground)
    her = signed_in(amira.person)
    page = read(her)
    wants, goal = ground.questions["wants"], ground.questions["goal"]

    offered = re.findall(r'<option value="(\w+)"', page)
    taken = press(her, "matters", question=wants.public_id)
    chosen = marked_by(amira).question
    refused = her.post(MINE, {"act": "matters", "question": goal.public_id})

    assert (offered, taken, chosen) == ([wants.public_id], 302, wants.public_id)
    assert (refused.status_code, marked_by(amira).question) == (422, wants.public_id)
    assert "Please choose one of the questions you have answered." in refused.content.decode()
    assert f'<option value="{wants.public_id}" selected>' in read(her)
    press(her, "matters", question="")
    assert marked_by(amira).question == ""


@pytest.mark.row("M-21")
@pytest.mark.parametrize("said", [{}, {"act": "marry"}, {"act": "WISH"}])
def test_what_no_button_sends_is_told_kindly(said: dict[str, str], ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira = ground.mentee("Amira")
    ask(ground)

    answer = signed_in(amira.person).post(MINE, said)

    assert answer.status_code == 422
    assert "Please press one of the buttons again." in answer.content.decode()


@pytest.mark.row("M-21")
def test_nobody_can_be_marked_who_is_not_in_her_list(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, bea = ground.mentee("Amira"), ground.mentee("Bea")
    full = ground.person("Fay", "mentor", 0, grade="senior", offers=["finance"])
    stranger = factories.application(
        factories.intake(factories.programme(ground.organisation, "Other"), "Spring"), factories.person("Olu"),
        role="mentor",
    )  # fmt: skip
    ask(ground)
    her = signed_in(amira.person)

    said = [press(her, "wish", one) for one in (bea, full, stranger, amira)]
    said.append(int(her.post(MINE, {"act": "wish", "who": "nobody"}).status_code))

    assert said == [404] * 5
    assert marked_by(amira).kinds == {}


@pytest.mark.row("M-21")
def test_what_she_reads_of_a_mentor_is_what_every_member_may_read(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira = ground.mentee("Amira")
    ben = ground.mentor("Ben", offers=["finance", "writing"], offer="zq-partners", trait=["red"])
    dan = ground.mentor("Dan", offers=["strategy"])
    Answer.objects.filter(application=dan, question=ground.questions["offers"]).update(stricter="coordinators")
    ask(ground)
    her = signed_in(amira.person)

    page = read(her)

    assert ("Finance, Writing" in page, "Shares no answers with members." in page) == (True, True)
    assert [word for word in ("zq-partners", "Red", "Strategy", "Senior", ben.address) if word in page] == []
    assert ("Ben" in read(her, f"{MINE}?q=writ"), "Dan" in read(her, f"{MINE}?q=writ")) == (True, False)
    assert "Nobody by these words" in read(her, f"{MINE}?q=zq-partners")


def rule_all_may_read(ground: FieldOfPeople) -> None:
    """Whoever helps is at least one grade higher, and every member may read the grades."""
    Question.objects.filter(pk=ground.questions["grade"].pk).update(audience="members")


OUT_OF_REACH = "Whoever the rules of this programme put out of reach is not listed."


@pytest.mark.row("M-21")
def test_whom_a_rule_puts_out_of_reach_is_not_listed_and_cannot_be_marked(
    ground: FieldOfPeople, signed_in: SignedIn
) -> None:
    amira = ground.mentee("Amira", grade="senior")
    low, high = ground.mentor("Lou", grade="middle"), ground.mentor("Hal", grade="head")
    unsaid = ground.person("Una", "mentor", 1, offers=["finance"])
    rule_all_may_read(ground)
    ask(ground)
    her = signed_in(amira.person)

    page = read(her)
    pressed = [press(her, "wish", one) for one in (low, high, unsaid)]

    assert listed(page) == {high.public_id, unsaid.public_id}
    assert (OUT_OF_REACH in page, "Lou" in page, "Lou" in read(her, f"{MINE}?q=lou")) == (True, False, False)
    assert pressed == [404, 302, 302]


def listed(page: str) -> set[str]:
    return set(re.findall(r'id="m-(\w+)"', page))


@pytest.mark.row("M-21")
@pytest.mark.parametrize("whose", ["hers", "his"])
def test_nobody_kept_apart_in_private_is_missing_from_the_list(
    ground: FieldOfPeople, signed_in: SignedIn, whose: str
) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    rule_all_may_read(ground)
    ask(ground)
    her = signed_in(amira.person)
    before = re.sub(r"[A-Za-z0-9]{64}", "token", read(her))
    owner, other = (amira, ben) if whose == "hers" else (ben, amira)
    assert owner.person is not None
    keep_apart(owner=owner.person, organisation=ground.organisation, address=other.address, note="", now=NOW)

    page = re.sub(r"[A-Za-z0-9]{64}", "token", read(her))

    assert (page == before, listed(page)) == (True, {ben.public_id})


@pytest.mark.row("M-21")
@pytest.mark.parametrize("by", ["the question", "the mentor"])
def test_no_gap_tells_an_answer_that_is_for_matching_alone(ground: FieldOfPeople, signed_in: SignedIn, by: str) -> None:
    amira, low = ground.mentee("Amira", grade="senior"), ground.mentor("Lou", grade="middle")
    if by == "the mentor":
        rule_all_may_read(ground)
        Answer.objects.filter(application=low, question=ground.questions["grade"]).update(stricter="matching")
    ask(ground)

    page = read(signed_in(amira.person))

    assert (listed(page), OUT_OF_REACH in page) == ({low.public_id}, by == "the mentor")


@pytest.mark.row("M-21")
def test_a_long_list_comes_in_pages_and_few_questions(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira = ground.mentee("Amira")
    rule_all_may_read(ground)
    for n in range(3):
        ground.mentor(f"Mentor {n}")
    ask(ground)
    her = signed_in(amira.person)
    read(her)
    with CaptureQueriesContext(connection) as few:
        read(her)
    for n in range(3, 27):
        ground.mentor(f"Mentor {n}")

    with CaptureQueriesContext(connection) as many:
        page = read(her)

    assert len(many) == len(few)
    assert page.count('class="row to-mark"') == 12
    assert read(her, f"{MINE}?page=3").count('class="row to-mark"') == 3


@pytest.mark.row("M-21")
def test_once_the_time_is_over_the_page_shows_what_was_marked(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    ask(ground)
    wish(amira, ben)
    matters(amira, ground.questions["wants"])
    her = signed_in(amira.person)
    ground.run()

    page, answer = read(her), her.post(MINE, {"act": "clear", "who": ben.public_id})

    assert "The time for wishes is over. What you marked counts." in page
    assert ("Ben" in page, escape("“I would like help with” counts double for you.") in page) == (True, True)
    assert ('name="act"' in page, answer.status_code) == (False, 422)
    assert "so nothing can be changed now" in answer.content.decode()
    assert [row.name for row in marked_by(amira).wishes] == ["Ben"]


@pytest.mark.row("M-21")
def test_before_anybody_asked_there_is_no_such_page(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")

    assert signed_in(amira.person).get(MINE).status_code == 404
    assert signed_in(ben.person).get(MINE).status_code == 404


@pytest.mark.row("M-21")
def test_a_mentor_reads_what_mentees_read_of_them_and_no_more(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    ground.mentee("Amira")
    ben = ground.mentor("Ben", offers=["finance"], offer="zq-partners")
    ask(ground)
    his = signed_in(ben.person)

    page = read(his)

    assert ("What they read of you" in page, "Finance" in page, "zq-partners" in page) == (True, True, False)
    assert his.post(MINE, {"act": "wish", "who": ben.public_id}).status_code == 404


@pytest.mark.row("M-21")
def test_home_leads_there_until_something_is_marked_and_after(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    her, his = signed_in(amira.person), signed_in(ben.person)
    assert MINE not in read(her, "/")
    ask(ground)

    before = read(her, "/")
    wish(amira, ben)
    after = read(her, "/")

    assert ("Is there somebody you would like to meet?" in before, MINE in before) == (True, True)
    assert ("You are in, and what you marked is kept." in after, MINE in after) == (True, True)
    assert MINE not in read(his, "/")


# --- the coordinator's ------------------------------------------------------------------------------


@pytest.mark.row("M-21")
def test_wishes_are_off_until_the_coordinator_asks(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentee("Amira")
    assert "Whom they marked" not in read(chris, f"{AT}/rounds/new/")
    assert ("Nobody is asked for wishes" in read(chris, TIME), "Ask for them" in read(chris, f"{AT}/rounds/")) == (
        True, True,
    )  # fmt: skip

    refused = chris.post(TIME, {"weight": "11"})
    opened = chris.post(TIME, {"weight": "7"}, follow=True).content.decode()

    assert (refused.status_code, "11" in refused.content.decode()) == (422, True)
    assert "Wishes are open. Everybody is told." in opened
    assert list(WishTime.objects.values_list("weight", "closed_at")) == [(7, None)]
    new = read(chris, f"{AT}/rounds/new/")
    assert ("Wishes can still be marked." in new, WEIGHS in new) == (True, True)
    chris.post(TIME, {"weight": "3"})
    closed = chris.post(TIME, {"act": "close"}, follow=True).content.decode()
    assert "The time for wishes is over. What was marked counts." in closed
    assert list(WishTime.objects.values_list("weight", "opened_at", "closed_at")) == [(3, NOW, NOW)]
    assert "Open them again" in read(chris, TIME)


@pytest.mark.row("M-21")
def test_both_sides_are_told_once_and_plainly(ground: FieldOfPeople) -> None:
    ground.mentee("Amira")
    ground.mentor("Ben")
    ground.person("Bo", "either", 1, grade="senior", offers=["finance"])
    ask(ground)

    told = (tell_of_open_wishes(NOW), tell_of_open_wishes(NOW))

    assert told == (3, 0)
    rows = Delivery.objects.filter(kind="matching.wishes")
    names = dict(Person.objects.values_list("pk", "name"))
    letters = {names[row.person]: f"{row.subject} {row.text}" for row in rows if row.person}
    assert sorted(letters) == ["Amira", "Ben", "Bo"]
    assert "mark up to five of them. Nobody you name is told" in " ".join(letters["Amira"].split())
    assert "can read your name and the answers you share with members" in " ".join(letters["Ben"].split())
    assert "Whom would you like to meet in Grow Together?" in letters["Bo"]
    assert Notification.objects.filter(kind="matching.wishes").count() == 3


@pytest.mark.row("M-21")
def test_opened_again_whoever_can_mark_is_told_again_and_newcomers_for_the_first_time(
    ground: FieldOfPeople, chris: Client
) -> None:
    ground.mentee("Amira")
    ground.mentor("Ben")
    ask(ground)
    tell_of_open_wishes(NOW)
    chris.post(TIME, {"act": "close"})
    ground.mentee("Nia")
    ground.mentor("Noor")
    later = NOW + timedelta(hours=1)

    with travel(later, tick=False):
        said = chris.post(TIME, {"weight": "5"}, follow=True).content.decode()
    told = (tell_of_open_wishes(later), tell_of_open_wishes(later))

    assert "Wishes are open again. Whoever can mark them is told." in said
    assert told == (3, 0)
    names = dict(Person.objects.values_list("pk", "name"))
    rows = Delivery.objects.filter(kind="matching.wishes").order_by("pk")
    letters = [(names[row.person], "open once more" in row.text) for row in rows if row.person]
    assert letters[:2] == [("Amira", False), ("Ben", False)]
    assert sorted(letters[2:]) == [("Amira", True), ("Nia", False), ("Noor", False)]


@pytest.mark.row("M-21")
def test_closed_before_anybody_was_told_opening_it_tells_everybody(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentee("Amira")
    ground.mentor("Ben")
    ask(ground)
    close_wishes(intake=ground.intake, by=ground.chris, now=NOW)

    said = chris.post(TIME, {"weight": "5"}, follow=True).content.decode()

    assert "Wishes are open. Everybody is told." in said
    assert tell_of_open_wishes(NOW) == 2


@pytest.mark.row("M-21", "M-05")
def test_the_round_says_how_many_and_a_pair_says_whether(ground: FieldOfPeople, chris: Client) -> None:
    mentees = [ground.mentee(f"Mentee {n}") for n in range(5)]
    sought, _other = ground.mentor("Sought"), ground.mentor("Other", 4)
    ask(ground)
    for mentee in mentees:
        wish(mentee, sought)
    matters(mentees[0], ground.questions["wants"])
    round = ground.run()
    met, missed = (Proposal.objects.filter(mentor__name=name).first() for name in ("Sought", "Other"))
    assert met is not None and missed is not None

    at = f"{AT}/rounds/{round.public_id}/"
    pages = [read(chris, f"{at}?pair={one.public_id}") for one in (met, missed)]

    assert "1 of the 5 people who marked wishes got somebody they wished to meet." in pages[0]
    assert "one of those they wished to meet" in pages[0].replace("not one of those they wished to meet", "")
    assert "not one of those they wished to meet" in pages[1]
    assert "Whom they marked before the round, weight 5 of 10" in pages[0]
    hers = Proposal.objects.get(mentee=mentees[0])
    assert "; matters most to them" in read(chris, f"{at}?pair={hers.public_id}")


@pytest.mark.row("M-21", "M-10")
def test_the_file_that_would_say_who_wished_is_handed_out_to_nobody(ground: FieldOfPeople, chris: Client) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    plain = ground.run()
    ask(ground)
    wish(amira, ben)
    wished = ground.run(name="Round 2")
    at = f"{AT}/rounds/{wished.public_id}/"

    page = read(chris, f"{at}proof/")
    chris.post(f"{at}check/")

    assert ("problem.json" in page, "it is handed out to nobody" in page) == (False, True)
    assert [chris.get(f"{at}{name}.json").status_code for name in ("receipt", "problem")] == [200, 404]
    assert chris.get(f"{AT}/rounds/{plain.public_id}/problem.json").status_code == 200
    wished.refresh_from_db()
    assert wished.check_holds


@pytest.mark.row("M-21", "M-05")
def test_on_the_proposal_she_reads_that_she_wished_for_it_and_he_does_not(
    ground: FieldOfPeople, signed_in: SignedIn
) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    ask(ground)
    wish(amira, ben)
    ground.run()
    publish_drafts(intake=ground.intake, drafts=list(Proposal.objects.all()), by=ground.chris, now=NOW)
    path = f"/me/proposals/{Proposal.objects.get().public_id}/"

    hers, his = read(signed_in(amira.person), path), read(signed_in(ben.person), path)
    letters = " ".join(Delivery.objects.values_list("text", flat=True))

    assert ("You wished for this" in hers, "wished" in his.casefold(), "wished" in letters.casefold()) == (
        True, False, False,
    )  # fmt: skip


@pytest.mark.row("M-21", "M-06")
def test_another_mentor_can_be_weighed_where_wishes_counted(ground: FieldOfPeople, chris: Client) -> None:
    amira, ben, dan = ground.mentee("Amira"), ground.mentor("Ben"), ground.mentor("Dan")
    ask(ground)
    wish(amira, dan)
    rather = ground.mentor("Eve")
    rather_not(amira, rather)
    ground.run()
    proposal = Proposal.objects.get()

    at = f"{AT}/proposals/{proposal.public_id}/instead/"
    page, closed = read(chris, f"{at}{ben.public_id}/"), read(chris, f"{at}{rather.public_id}/")

    assert ("It would cost 38 of the 100 points." in page, "not one of those they wished to meet" in page) == (
        True,
        True,
    )
    assert "These two are kept apart." in closed
    assert Programme.objects.count() == 1
