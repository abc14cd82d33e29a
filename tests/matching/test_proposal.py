"""From published to a loop or a kind end."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from tests import factories
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.proposals import DAY, HOUR, news, published, says, sides_of, two
from twoway.history.models import Event
from twoway.loops.actions.loop import open_loop
from twoway.loops.models import Loop
from twoway.matching import tasks
from twoway.matching.actions.draft import Refused, publish_drafts
from twoway.matching.actions.proposal import Over, extend_proposal, record_yes, withdraw_proposal
from twoway.matching.models import HeldAnswer, Proposal, ProposalAnswer
from twoway.matching.queries.desk import proposals_running_out
from twoway.matching.queries.mine import waiting_in
from twoway.matching.queries.people import people_for
from twoway.matching.queries.proposal import first_next_time, standing_of
from twoway.matching.words import moment_words
from twoway.outbox.models import Delivery
from twoway.people.actions.person import keep_apart
from twoway.people.models import Notification, Person, Programme
from twoway.signup.models import Application

SignedIn = Callable[[Person | None], Client]


@pytest.mark.row("M-09")
def test_both_are_told_at_publishing_and_not_before(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)

    proposal = published(ground, amira, ben)

    assert (proposal.state, proposal.lapses_at) == ("published", NOW + 10 * DAY)
    assert news(amira.person) == news(ben.person) == ["matching.proposal"]
    assert [side.proposal.pk for side in waiting_in(sides_of(amira), NOW)] == [proposal.pk]


@pytest.mark.row("M-09")
def test_the_last_yes_opens_the_loop_whoever_says_it(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)

    says(proposal, ben, "yes")
    assert Loop.objects.count() == 0
    row = says(proposal, amira, "yes")

    assert (row.state, row.loop) == ("opened", Loop.objects.get())
    assert news(amira.person) == ["matching.proposal", "loops.loop_opened"]


@pytest.mark.row("M-09")
def test_no_lapse_and_withdrawal_read_the_same_to_the_other(ground: FieldOfPeople) -> None:
    letters = []
    for number, how in enumerate(("no", "lapse", "withdraw")):
        amira, ben = ground.mentee(f"Amira {number}"), ground.mentor(f"Ben {number}")
        proposal = published(ground, amira, ben)
        says(proposal, amira, "yes")
        if how == "no":
            says(proposal, ben, "no", reason="zq-secret")
            tasks.end_refused_proposals(NOW + HOUR)
        elif how == "lapse":
            Proposal.objects.filter(pk=proposal.pk).update(lapses_at=NOW - DAY)
            tasks.lapse_proposals(NOW)
        else:
            withdraw_proposal(proposal=proposal, by=ground.chris, now=NOW)
        letter = Delivery.objects.get(person=amira.person_id, kind="matching.proposal_over")
        letters.append((letter.subject, letter.text.replace(proposal.public_id, "").replace(f" {number}", "")))
        assert first_next_time(ground.intake) >= {amira.pk}

    assert letters[0] == letters[1] == letters[2]
    assert "you are first next time" in letters[0][1]
    assert not any("zq-secret" in letter.text for letter in Delivery.objects.all())


@pytest.mark.row("M-09")
def test_who_said_no_is_not_first_and_is_not_written_to(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)

    says(proposal, amira, "no")
    tasks.end_refused_proposals(NOW + HOUR)

    assert news(amira.person) == ["matching.proposal"]
    assert first_next_time(ground.intake) == {ben.pk}


@pytest.mark.row("M-09")
def test_reminder_and_lapse_come_on_their_days_and_once(ground: FieldOfPeople) -> None:
    Programme.objects.update(proposal_days=6, proposal_reminder_days=2)
    amira, ben = two(ground)
    ground.programme.refresh_from_db()
    ground.intake.programme.refresh_from_db()
    proposal = published(ground, amira, ben)
    says(proposal, ben, "yes")

    done = [(tasks.remind_of_proposals(NOW + n * DAY), tasks.lapse_proposals(NOW + n * DAY)) for n in range(8)]

    assert done == [(0, 0), (0, 0), (1, 0), (0, 0), (0, 0), (0, 0), (0, 1), (0, 0)]
    assert news(amira.person)[1] == "matching.proposal_reminder"
    assert "matching.proposal_reminder" not in news(ben.person)


@pytest.mark.row("M-09")
def test_more_time_moves_the_end_and_the_reminder(ground: FieldOfPeople) -> None:
    proposal = published(ground, *two(ground))

    extend_proposal(proposal=proposal, days=7, by=ground.chris, now=NOW)

    assert tasks.lapse_proposals(NOW + 16 * DAY) == 0
    assert tasks.lapse_proposals(NOW + 17 * DAY) == 1


@pytest.mark.row("M-09")
def test_a_late_answer_is_refused(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)

    with pytest.raises(Over):
        says(proposal, amira, "yes", now=NOW + 10 * DAY)

    assert ProposalAnswer.objects.count() == 0


@pytest.mark.row("M-09")
def test_a_recorded_yes_is_told_and_taken_back_until_the_loop_opens(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW)
    assert news(ben.person) == ["matching.proposal", "matching.yes_recorded"]

    signed_in(ben.person).post(f"/me/proposals/{proposal.public_id}/undo/")
    says(proposal, amira, "yes")

    assert (ProposalAnswer.objects.count(), Loop.objects.count()) == (1, 0)


@pytest.mark.row("M-09")
def test_two_recorded_yeses_open_nothing_before_a_day_has_passed(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)

    record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW)
    record_yes(proposal=proposal, side=amira, by=ground.chris, now=NOW + HOUR)
    opened = [tasks.open_settled_proposals(NOW + n * HOUR) for n in (0, 24, 25, 26)]

    assert opened == [0, 0, 1, 0]
    assert Proposal.objects.get().state == "opened"


@pytest.mark.row("M-09")
@pytest.mark.parametrize("own_first", [True, False])
def test_beside_a_yes_of_ones_own_the_recorded_one_still_waits(ground: FieldOfPeople, own_first: bool) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    acts = [
        lambda: says(proposal, amira, "yes"),
        lambda: record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW),
    ]

    for act in acts if own_first else reversed(acts):
        act()

    assert Loop.objects.count() == 0
    assert standing_of(Proposal.objects.get()).opens_at == NOW + DAY
    assert (tasks.open_settled_proposals(NOW + DAY - HOUR), tasks.open_settled_proposals(NOW + DAY)) == (0, 1)


@pytest.mark.row("M-09")
def test_confirming_a_recorded_yes_opens_the_loop_at_once(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, amira, "yes")
    record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW)
    browser, url = signed_in(ben.person), f"/me/proposals/{proposal.public_id}/"

    page = browser.get(url).content.decode()
    browser.post(url, {"answer": "yes"})

    (answers,) = re.findall(r'<form method="post">.*?</form>', page, re.S)
    presses = re.findall(r"<(?:button|a) .*?</(?:button|a)>", answers, re.S)
    assert [re.sub(r"<[^>]+>", "", one).strip() for one in presses] == [
        "Yes, that is right", "Take the yes back", "Say no",
    ]  # fmt: skip
    assert f'formaction="{url}undo/"' in answers
    assert Proposal.objects.get().state == "opened"


@pytest.mark.row("M-09")
def test_a_recorded_yes_is_taken_back_after_both_are_in_and_told_anew_when_recorded_again(
    ground: FieldOfPeople, signed_in: SignedIn
) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, amira, "yes")
    record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW)

    signed_in(ben.person).post(f"/me/proposals/{proposal.public_id}/undo/")
    assert tasks.open_settled_proposals(NOW + 2 * DAY) == 0
    record_yes(proposal=proposal, side=ben, by=ground.chris, now=NOW + 2 * DAY)

    assert news(ben.person) == ["matching.proposal", "matching.yes_recorded", "matching.yes_recorded"]
    letters = Delivery.objects.filter(kind="matching.yes_recorded").order_by("pk")
    until = [moment_words(NOW + n * DAY, ben.person) for n in (1, 3)]  # type: ignore[arg-type]
    assert [until[n] in letter.text for n, letter in enumerate(letters)] == [True, True]


@pytest.mark.row("M-09", "F-06")
def test_two_yeses_that_settle_hold_their_seat_and_do_not_lapse(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    almost = NOW + 10 * DAY - HOUR
    says(proposal, amira, "yes", now=almost)
    record_yes(proposal=proposal, side=ben, by=ground.chris, now=almost)

    lapsed = [tasks.lapse_proposals(almost + n * DAY) for n in (0, 1, 5)]

    assert lapsed == [0, 0, 0]
    assert people_for(ground.intake, with_expected=False, now=almost + HOUR).seats == 0
    assert proposals_running_out(ground.programme, almost) == []
    assert tasks.open_settled_proposals(almost + 5 * DAY) == 1


@pytest.mark.row("M-09")
def test_the_coordinator_reads_when_the_loop_opens_and_who_can_still_take_it_back(
    ground: FieldOfPeople, signed_in: SignedIn
) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, amira, "yes")
    browser, url = signed_in(ground.chris), f"/northwind/grow-together/proposals/{proposal.public_id}/"

    browser.post(url + "yes/", {"side": "mentor"})
    page = " ".join(browser.get(url).content.decode().split())

    assert "Their loop opens by itself <time" in page
    assert "Until then Ben can take back what you recorded" in page


@pytest.mark.row("F-06", "M-09")
def test_who_comes_late_for_the_last_seat_is_told_kindly(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    dora = ground.mentee("Dora")
    says(proposal, ben, "yes")
    open_loop(mentee=dora.membership, mentor=ben.membership, intake=ground.intake, by=None, now=NOW)

    row = says(proposal, amira, "yes")

    assert (row.state, row.end) == ("ended", "full")
    assert (
        "last free place was taken" in Delivery.objects.get(person=amira.person_id, kind="matching.proposal_over").text
    )


@pytest.mark.row("M-11")
def test_a_private_wish_made_meanwhile_stops_the_loop_without_a_word(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    proposal = published(ground, amira, ben)
    says(proposal, ben, "yes")
    keep_apart(owner=ben.person, organisation=ground.organisation, address=amira.address, note="", now=NOW)

    row = says(proposal, amira, "yes")

    assert (row.state, row.end, Loop.objects.count()) == ("ended", "withdrawn", 0)


@pytest.mark.row("M-08")
def test_of_many_published_at_once_the_clock_tells_the_rest(ground: FieldOfPeople, monkeypatch: Any) -> None:
    monkeypatch.setattr("twoway.matching.actions.draft.AT_ONCE", 1)
    for name in ("Amira", "Dora", "Eva"):
        ground.mentee(name), ground.mentor(f"Mentor of {name}")
    ground.run()

    publish_drafts(intake=ground.intake, drafts=list(Proposal.objects.all()), by=ground.chris, now=NOW)
    assert Proposal.objects.filter(state="published", told_at=None).count() == 2
    assert tasks.put_proposals_forward(NOW) == 2

    assert Notification.objects.filter(kind="matching.proposal").count() == 6


# --- exceptions from the reporting line -------------------------------------------------------------


@pytest.mark.row("M-11")
@pytest.mark.definition("A4b")
def test_the_reporting_line_gives_way_only_to_a_reason_and_two_yeses(ground: FieldOfPeople) -> None:
    Programme.objects.update(both_say_yes=False)
    ground.intake.programme.both_say_yes = False
    amira, ben = two(ground)
    ground.answers(amira, manager=ben.address)
    with pytest.raises(Refused, match="line"):
        published(ground, amira, ben)

    proposal = published(ground, amira, ben, override="They asked for it together")
    assert (proposal.state, Loop.objects.count()) == ("published", 0)
    says(proposal, amira, "yes")
    says(proposal, ben, "yes")

    assert Loop.objects.count() == 1
    event = Event.objects.get(kind="proposal.excepted")
    assert set(event.people.values_list("person", flat=True)) == {amira.person_id, ben.person_id}


@pytest.mark.row("M-11")
def test_a_private_wish_has_no_override(ground: FieldOfPeople) -> None:
    amira, ben = two(ground)
    ground.answers(amira, manager=ben.address)
    keep_apart(owner=amira.person, organisation=ground.organisation, address=ben.address, note="", now=NOW)

    with pytest.raises(Refused, match="apart"):
        published(ground, amira, ben, override="Please")

    assert Proposal.objects.count() == 0


@pytest.mark.row("M-11")
def test_both_read_the_reason_on_their_page(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = two(ground)
    ground.answers(amira, manager=ben.address)
    proposal = published(ground, amira, ben, override="They asked for it together")

    pages = [
        signed_in(side.person).get(f"/me/proposals/{proposal.public_id}/").content.decode() for side in (amira, ben)
    ]

    assert ["They asked for it together" in page for page in pages] == [True, True]


# --- expected people --------------------------------------------------------------------------------


@pytest.mark.row("M-08", "M-02")
def test_publishing_about_somebody_expected_invites_them_and_waits_unseen(ground: FieldOfPeople) -> None:
    ben = ground.mentor("Ben")
    expected = factories.application(ground.intake, role="mentee", name="Expected One")
    ground.answers(expected, grade="junior", wants=["finance"])

    proposal = published(ground, expected, ben)

    assert (proposal.state, proposal.told_at) == ("published", None)
    assert waiting_in(sides_of(ben), NOW) == []
    assert list(Delivery.objects.values_list("kind", flat=True)) == ["signup.invitation"]
    assert tasks.put_proposals_forward(NOW) == 0

    eve = factories.person("Expected One", "real@northwind.example")
    member = factories.membership(eve, ground.programme, "mentee")
    Application.objects.filter(pk=expected.pk).update(
        state="joined", person=eve, membership=member, terms_at=NOW, verified_at=NOW, adult=True
    )
    assert tasks.put_proposals_forward(NOW + DAY) == 1
    assert news(ben.person) == news(eve) == ["matching.proposal"]


# --- the page ---------------------------------------------------------------------------------------


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
    assert "Meets a wish of yours" in hers and "Meets a wish of yours" not in his
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
    assert "– I can help with: Finance" in hers.text and "– I would like help with: 1 of 1 wishes met" in hers.text
    assert "– What I would like: I go quiet [Press](http://evil.example/)" in his.text
    for word in ("zq-partners", "Grade", "My week", "Meets a wish", "Blue", "Something about me"):
        assert word not in hers.text + his.text
    assert [f"until {words}." in letter.text for words, letter in zip(until, (hers, his), strict=True)] == [True, True]


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
