"""Pages of matching as coordinators use them, small and large."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from tests import factories
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from twoway.matching.candidates import pair_in_round
from twoway.matching.left_over_words import cause_key, cause_words, lever_words
from twoway.matching.models import LeftOver, Proposal, Round, Strike
from twoway.matching.queries.proposal import shown_of
from twoway.matching.tasks import solve_queued_rounds
from twoway.outbox.models import Delivery
from twoway.people.actions.person import keep_apart
from twoway.people.models import KeptApart, Notification
from twoway.signup.models import Answer

AT = "/northwind/grow-together"


def read(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


SUBJECTS = ("speak up", "chair a board", "budget carefully")


def fill(ground: FieldOfPeople, number: int) -> None:
    for n in range(number):
        ground.mentee(f"Mentee {n}", goal=f"I want to {SUBJECTS[n % 3]}")
        ground.mentor(f"Mentor {n}", offer=f"Helping others to {SUBJECTS[n % 3]}")


@pytest.mark.row("M-02", "M-03", "U-07")
def test_a_round_from_the_button_to_the_page(ground: FieldOfPeople, chris: Client) -> None:
    fill(ground, 3)
    ground.person("Silent", "mentor", 1, grade="senior")
    page = read(chris, f"{AT}/rounds/new/")
    assert "1 person has not said what they can help with" in page

    answer = chris.post(
        f"{AT}/rounds/new/",
        {"name": "Autumn", "intake": ground.intake.public_id, "objective": "most_then_best"}, follow=True,
    )  # fmt: skip
    assert "Waiting for its turn" in answer.content.decode()
    solve_queued_rounds(NOW)
    page = read(chris, answer.redirect_chain[-1][0])

    assert "3 of 3 people are placed, and no other arrangement places more" in page
    assert "All 9 allowed pairs were weighed. “Best” means by your weights, nothing more." in page
    assert any(f"{subject}</mark>" in page for subject in SUBJECTS)


@pytest.mark.row("M-02")
def test_people_may_be_left_out_and_nothing_typed_is_lost(ground: FieldOfPeople, chris: Client) -> None:
    fill(ground, 2)
    out = ground.mentee("Left Out")
    said = {"intake": ground.intake.public_id, "objective": "best_total", "left_out": [out.public_id]}

    refused = chris.post(f"{AT}/rounds/new/", {**said, "name": ""})
    assert (refused.status_code, f'value="{out.public_id}"' in refused.content.decode()) == (422, True)
    chris.post(f"{AT}/rounds/new/", {**said, "name": "Ours"})
    solve_queued_rounds(NOW)

    round = Round.objects.get()
    assert (round.objective, round.figures["mentees"], round.figures["without"]) == ("best_total", 2, {"left_out": 1})


@pytest.mark.row("U-07")
def test_progress_is_a_fragment_and_the_end_makes_the_page_new(ground: FieldOfPeople, chris: Client) -> None:
    fill(ground, 1)
    chris.post(f"{AT}/rounds/new/", {"name": "A", "intake": ground.intake.public_id, "objective": "most_then_best"})
    url = f"{AT}/rounds/{Round.objects.get().public_id}/"

    waiting = chris.get(url, headers={"HX-Request": "true"})
    solve_queued_rounds(NOW)
    done = chris.get(url, headers={"HX-Request": "true"})

    assert "<html" not in waiting.content.decode() and "Waiting for its turn" in waiting.content.decode()
    assert done.headers["HX-Refresh"] == "true"


@pytest.mark.row("U-07")
def test_a_waiting_round_is_stopped_by_its_button(ground: FieldOfPeople, chris: Client) -> None:
    fill(ground, 1)
    chris.post(f"{AT}/rounds/new/", {"name": "A", "intake": ground.intake.public_id, "objective": "most_then_best"})
    url = f"{AT}/rounds/{Round.objects.get().public_id}/"

    chris.post(url + "cancel/")
    solve_queued_rounds(NOW)

    assert "This round was stopped." in read(chris, url)
    rounds = read(chris, f"{AT}/rounds/")
    assert ("Stopped" in rounds, "ancelled" in rounds) == (True, False)
    assert Proposal.objects.count() == 0


@pytest.mark.row("M-08")
def test_dismissing_and_swapping_can_be_taken_back(ground: FieldOfPeople, chris: Client) -> None:
    amira = ground.mentee("Amira")
    ben, cleo = ground.mentor("Ben"), ground.mentor("Cleo", offers=["writing"])
    round = ground.run()
    draft = Proposal.objects.get(mentee=amira)
    at = f"{AT}/proposals/{draft.public_id}"

    page = chris.post(f"{at}/dismissal/", follow=True).content.decode()
    assert f'action="{at}/restoring/?show=all&amp;order=best"' in page and "Nobody was told." in page
    chris.post(f"{at}/restoring/")
    assert ground.pairs() == [("Amira", "Ben")]

    page = chris.post(f"{at}/swap/", {"mentor": cleo.public_id}, follow=True).content.decode()
    assert ground.pairs(pinned=True) == [("Amira", "Cleo")]
    assert f'action="{at}/swap/?mentor={ben.public_id}&amp;show=all&amp;order=best"' in page
    chris.post(f"{at}/swap/?mentor={ben.public_id}")

    draft.refresh_from_db()
    assert (draft.mentor, draft.score, Notification.objects.count()) == (ben, round.figures["total"], 0)


@pytest.mark.row("M-08")
def test_publishing_a_filter_says_first_what_goes_to_whom(ground: FieldOfPeople, chris: Client) -> None:
    fill(ground, 3)
    round = ground.run()
    first = Proposal.objects.filter(round=round).first()
    assert first is not None
    chris.post(f"{AT}/proposals/{first.public_id}/pin/")
    url = f"{AT}/proposals/publish/?round={round.public_id}&show=pinned"

    page = read(chris, url)
    assert "Publish 1 proposal?" in page
    assert "2 letters go out at once: one to each of the two," in page
    assert Notification.objects.count() == 0
    chris.post(url)

    assert list(Proposal.objects.filter(state="published")) == [first]
    assert Notification.objects.count() == 2


@pytest.mark.row("M-08")
def test_the_coordinators_lines_go_into_the_letter(ground: FieldOfPeople, chris: Client) -> None:
    fill(ground, 1)
    ground.run()
    draft = Proposal.objects.get()

    chris.post(f"{AT}/proposals/{draft.public_id}/words/", {"words": "You both sail."})
    chris.post(f"{AT}/proposals/publish/?proposal={draft.public_id}")

    assert ["You both sail." in letter.text for letter in Delivery.objects.all()] == [True, True]


@pytest.mark.row("M-10")
def test_the_receipt_is_in_words_as_files_and_checked_on_the_spot(ground: FieldOfPeople, chris: Client) -> None:
    fill(ground, 2)
    at = f"{AT}/rounds/{ground.run().public_id}"

    chris.post(f"{at}/check/")

    assert "Proven: 2 of 2 people are placed" in read(chris, f"{at}/proof/")
    assert read(chris, f"{at}/receipt.json").startswith('{"bound":')
    assert read(chris, f"{at}/problem.json").startswith('{"apart":')


@pytest.mark.row("M-10", "M-11")
def test_the_file_that_would_say_who_is_kept_apart_by_whom_is_handed_out_to_nobody(
    ground: FieldOfPeople, chris: Client
) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    round = ground.run()
    keep_apart(owner=amira.person, organisation=ground.organisation, address=ben.address, note="", now=NOW)
    apart = ground.run(name="Round 2")
    Round.objects.filter(pk=round.pk).update(figures=without(round.figures, "private"))

    page = read(chris, f"{AT}/rounds/{apart.public_id}/proof/")

    assert ("problem.json" in page, "it is handed out to nobody" in page) == (False, True)
    assert chris.get(f"{AT}/rounds/{apart.public_id}/receipt.json").status_code == 200
    assert chris.get(f"{AT}/rounds/{apart.public_id}/problem.json").status_code == 404
    assert chris.get(f"{AT}/rounds/{round.public_id}/problem.json").status_code == 200
    Round.objects.filter(pk=apart.pk).update(figures=without(apart.figures, "private"))
    assert chris.get(f"{AT}/rounds/{apart.public_id}/problem.json").status_code == 404


@pytest.mark.row("M-10", "M-12")
@pytest.mark.parametrize("said", [{"trait": ["Red"]}, {"wish": ["Blue"]}, {}])
def test_nor_is_one_that_holds_what_people_are_or_ask_for(
    ground: FieldOfPeople, chris: Client, said: dict[str, Any]
) -> None:
    ground.mentee("Amira", **{name: said[name] for name in said if name == "wish"})
    ground.mentor("Ben", **{name: said[name] for name in said if name == "trait"})
    at = f"{AT}/rounds/{ground.run().public_id}"

    assert chris.get(f"{at}/problem.json").status_code == (404 if said else 200)
    assert ("it is handed out to nobody" in read(chris, f"{at}/proof/")) == bool(said)


def without(figures: dict[str, Any], name: str) -> dict[str, Any]:
    """Figures as they were kept before this one was."""
    return {key: value for key, value in figures.items() if key != name}


@pytest.mark.row("M-07")
def test_the_page_names_those_left_over_with_cause_and_a_way_on(ground: FieldOfPeople, chris: Client) -> None:
    fill(ground, 1)
    left = ground.mentee("Top", grade="head")

    round = ground.run()
    page = read(chris, f"{AT}/rounds/{round.public_id}/")

    assert "the rule “Grade” closes 1 person" in page
    assert f"{AT}/rounds/{round.public_id}/left-over/{left.public_id}/" in page


@pytest.mark.row("M-07")
def test_causes_that_differ_in_a_number_alone_are_told_once(ground: FieldOfPeople, chris: Client) -> None:
    for grade in ("junior", "middle", "senior"):
        ground.mentor(f"M {grade}", grade=grade)
    for name in ("Top", "Peak"):
        ground.mentee(name, grade="head")
    ground.mentee("High", grade="senior")
    left = list(LeftOver.objects.filter(round=ground.run(), role="mentee"))

    together = [
        {"barred": [{"code": "limit", "label": "Grade", "mentors": mentors, "would_open": mentors}]}
        for mentors in (2, 3)
    ]
    page = read(chris, f"{AT}/rounds/{Round.objects.get().public_id}/")

    assert len({cause_key(row.cause, row.facts) for row in left}) == 1
    assert page.count("Nobody is open to them") == 1
    assert cause_words("rule", together) == "Nobody is open to them: the rule “Grade” closes 2 to 3 people."
    assert lever_words(together).startswith("Without the rule “Grade”, 2 to 3 people")


@pytest.mark.row("M-11")
def test_no_number_tells_private_wishes_from_the_reporting_line(ground: FieldOfPeople, chris: Client) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    cleo, _low = ground.mentor("Cleo"), ground.mentor("Low", grade="junior")
    ground.answers(amira, manager=cleo.address)
    pages = []
    for wish in (False, True):
        if wish:
            keep_apart(owner=ben.person, organisation=ground.organisation, address=amira.address, note="", now=NOW)
        else:
            Strike.objects.create(intake=ground.intake, mentee=amira, mentor=ben, by=ground.chris, at=NOW)
        by_hand = read(chris, f"{AT}/proposals/by-hand/{amira.public_id}/")
        pages.append(("2 cannot be chosen: closed by a rule, dismissed, or kept apart" in by_hand, "Ben" in by_hand))
        assert "1 in the same reporting line" in by_hand

    round = read(chris, f"{AT}/rounds/{ground.run().public_id}/")

    assert pages == [(True, False)] * 2
    assert "some are kept apart." in round and "closes 1 person" not in round


@pytest.mark.row("M-11")
def test_pages_say_kept_apart_and_nothing_more(ground: FieldOfPeople, chris: Client) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    keep_apart(owner=ben.person, organisation=ground.organisation, address=amira.address, note="zq-why", now=NOW)

    page = read(chris, f"{AT}/rounds/{ground.run().public_id}/")
    by_hand = read(chris, f"{AT}/proposals/by-hand/{amira.public_id}/")

    assert "some are kept apart" in page and "1 cannot be chosen: closed by a rule, dismissed, or kept apart" in by_hand
    assert "Ben" not in by_hand
    assert "zq-why" not in page + by_hand


# --- empty, full ------------------------------------------------------------------------------------


@pytest.mark.row("U-06")
def test_pages_of_an_empty_programme_say_what_will_be_there(ground: FieldOfPeople, chris: Client) -> None:
    assert "No round yet" in read(chris, f"{AT}/rounds/")
    assert "Nothing here" in read(chris, f"{AT}/proposals/")
    assert "Nobody is without a match or a proposal" in read(chris, f"{AT}/proposals/by-hand/")

    page = read(chris, f"{AT}/rounds/{ground.run().public_id}/")

    assert "Nobody who looks for somebody took part" in page


@pytest.mark.row("U-06")
def test_queries_do_not_grow_with_the_rows(ground: FieldOfPeople, chris: Client) -> None:
    counts = []
    for number in (3, 27):
        for n in range(number):
            ground.mentee(f"M {number} {n}", goal="I want to speak up")
            mentor = ground.mentor(f"T {number} {n}", offer="I help people speak up")
            KeptApart.objects.create(
                organisation=ground.organisation, owner=mentor.person, address=f"a.{number}.{n}@elsewhere.example",
                made_at=NOW,
            )  # fmt: skip
        extra = ground.mentee(f"Top {number}", grade="head")
        round = ground.run(name=f"Round {number}")
        last = list(shown_of(round, "all"))[-1]
        Proposal.objects.filter(pk=last.pk).update(state="published", published_at=NOW, told_at=NOW, lapses_at=NOW)
        pages = [
            f"{AT}/rounds/", f"{AT}/rounds/new/", f"{AT}/rounds/{round.public_id}/", f"{AT}/proposals/",
            f"{AT}/proposals/by-hand/", f"{AT}/proposals/by-hand/{extra.public_id}/",
            f"{AT}/proposals/publish/?round={round.public_id}", f"{AT}/rounds/{round.public_id}/proof/",
        ]  # fmt: skip
        row = []
        for page in pages:
            chris.get(page)
            with CaptureQueriesContext(connection) as seen:
                assert chris.get(page).status_code == 200
            row.append(len(seen))
        counts.append(row)

    assert counts[0] == counts[1]
    assert max(counts[1]) <= 50  # a round weighs what publishing would do, besides its list


@pytest.mark.row("U-06")
def test_publishing_many_asks_no_more_than_publishing_few(
    ground: FieldOfPeople, chris: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twoway.matching.actions.draft.AT_ONCE", 1)
    counts = []
    for number in (3, 27):
        for n in range(number):
            ground.mentee(f"M {number} {n}")
            ground.mentor(f"T {number} {n}")
        round = ground.run(name=f"Round {number}")
        with CaptureQueriesContext(connection) as seen:
            chris.post(f"{AT}/proposals/publish/?round={round.public_id}")
        counts.append((len(seen), Proposal.objects.filter(round=round, state="published").count()))

    assert [published for _questions, published in counts] == [3, 27]
    assert counts[0][0] == counts[1][0]


@pytest.mark.row("M-08")
def test_another_mentor_is_weighed_as_the_round_weighed_everybody(ground: FieldOfPeople, chris: Client) -> None:
    """Also where an answer has changed since: one mentor is weighed against another as they were."""
    amira = ground.mentee("Amira", goal="calm meetings and a large budget")
    ground.mentor("Ben", offer="calm meetings and a large budget")
    cleo = ground.mentor("Cleo", offer="calm meetings and choir music")
    for n in range(6):
        ground.mentee(f"Other {n}", goal="calm meetings")
    round = ground.run()
    draft = Proposal.objects.get(mentee=amira)
    scored = {public_id: score for public_id, score, _seats in draft.others}
    Answer.objects.filter(application=cleo, question=ground.questions["offer"]).update(value="quite another thing")

    chris.post(f"{AT}/proposals/{draft.public_id}/swap/", {"mentor": cleo.public_id})

    draft.refresh_from_db()
    assert (draft.mentor, draft.score) == (cleo, scored[cleo.public_id])
    assert pair_in_round(round, amira.public_id, "nobody") is None


@pytest.mark.row("M-02")
def test_expected_people_are_named_to_coordinators_only(ground: FieldOfPeople, chris: Client) -> None:
    expected = factories.application(ground.intake, role="mentee", name="Expected One")
    ground.answers(expected, grade="junior", wants=["finance"])
    ground.mentor("Ben")

    page = read(chris, f"{AT}/rounds/{ground.run(with_expected=True).public_id}/")

    assert "Expected One" in page and "Not joined yet" in page
    with scopes_disabled():
        assert Proposal.objects.get().told_at is None
