"""Another mentor instead: the page that says what it would cost, and who would move."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from matchengine import Pin, Result, problem_from_json, solve
from matchengine.cli import main as matchengine
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from twoway.matching.actions.draft import Fit, draft_by_hand, publish_drafts
from twoway.matching.checking import problem_text
from twoway.matching.models import Proposal, Round, Strike
from twoway.matching.personal import forget
from twoway.people.actions.person import keep_apart
from twoway.people.models import Notification, Person, Programme
from twoway.signup.models import Application, Question

SignedIn = Callable[[Person | None], Client]
AT = "/northwind/grow-together"
SUBJECTS = ("speak up in large meetings", "chair a board", "budget carefully", "write so that people read on")


@pytest.fixture
def chris(ground: FieldOfPeople, signed_in: SignedIn) -> Client:
    return signed_in(ground.chris)


def address(proposal: Proposal, mentor: Application | None = None) -> str:
    url = f"{AT}/proposals/{proposal.public_id}/instead/"
    return f"{url}{mentor.public_id}/" if mentor else url


def plain(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page, flags=re.S)).split())


def read(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return plain(answer.content.decode())


def cost(browser: Client, proposal: Proposal, mentor: Application) -> str:
    """The headline of the page."""
    page = browser.get(address(proposal, mentor)).content.decode()
    found = re.search(r'<h2 id="cost">(.*?)</h2>', page, re.S)
    return plain(found[1]) if found else ""


def moves(browser: Client, proposal: Proposal, mentor: Application) -> list[list[str]]:
    page = browser.get(address(proposal, mentor)).content.decode()
    table = page.split('id="moves"')[1].split("</table>")[0]
    rows = re.findall(r"<tr role=\"row\">(.*?)</tr>", table, re.S)[1:]
    return [[plain(cell) for cell in re.findall(r"<t[hd] .*?</t[hd]>", row, re.S)] for row in rows]


def crowded(ground: FieldOfPeople) -> tuple[list[Application], list[Application]]:
    """More mentees than seats, and everybody would like the same."""
    wishes = ("finance", "writing", "speaking", "strategy")
    mentees = [
        ground.mentee(f"Mentee {n}", wants=[wishes[n % 4], "finance"], goal=f"I want to {SUBJECTS[n % 4]}")
        for n in range(6)
    ]
    mentors = [
        ground.mentor(f"Mentor {n}", 1 + n % 2, offers=[wishes[n], "writing"], offer=f"I help to {SUBJECTS[n]}")
        for n in range(3)
    ]
    return mentees, mentors


def two_and_two(ground: FieldOfPeople) -> Round:
    """Amira with Ben, Dora with Cleo: each wish is met by one mentor, who has one seat."""
    ground.mentee("Amira", wants=["finance"]), ground.mentee("Dora", wants=["writing"])
    ground.mentor("Ben", offers=["finance"]), ground.mentor("Cleo", offers=["writing"])
    return ground.run()


def of(name: str) -> Application:
    return Application.objects.get(name=name)


def draft_of(name: str) -> Proposal:
    return Proposal.objects.get(mentee__name=name, state="draft")


def solved_with(round: Round, mentee: Application, mentor: Application) -> Result:
    problem = problem_from_json(problem_text(round))
    pins = tuple(pin for pin in problem.pins if pin.mentee != mentee.public_id)
    forced = replace(problem, pins=(*pins, Pin(mentee.public_id, mentor.public_id)))
    return solve(forced, objective=round.objective, seed=int(round.seed))  # type: ignore[arg-type]


@pytest.mark.row("M-06")
@pytest.mark.parametrize("objective", ["most_then_best", "best_total"])
def test_the_cost_is_the_difference_of_two_rounds(ground: FieldOfPeople, chris: Client, objective: str) -> None:
    mentees, mentors = crowded(ground)
    round = ground.run(objective=objective)
    said, expected = [], []
    for draft in Proposal.objects.filter(round=round).select_related("mentee", "mentor"):
        for mentor in mentors:
            if mentor == draft.mentor:
                continue
            forced = solved_with(round, draft.mentee, mentor)
            points = round.figures["total"] - forced.total
            assert forced.placed == round.figures["placed"]
            words = f"{points} of the {round.figures['total']} points" if points else "nothing"
            said.append(cost(chris, draft, mentor))
            expected.append(f"It would cost {words}.")

    assert said == expected
    assert len(said) == round.figures["placed"] * (len(mentors) - 1) and len(set(said)) > 2
    assert round.figures["placed"] < len(mentees)


@pytest.mark.row("M-06", "M-08")
def test_choosing_and_running_again_comes_to_what_the_page_said(ground: FieldOfPeople, chris: Client) -> None:
    round = two_and_two(ground)
    amira, cleo = draft_of("Amira"), of("Cleo")
    headline = cost(chris, amira, cleo)
    told = moves(chris, amira, cleo)

    answer = chris.post(f"{AT}/proposals/{amira.public_id}/swap/", {"mentor": cleo.public_id}, follow=True)
    chris.post(f"{AT}/rounds/{round.public_id}/again/")
    again = ground.run()

    assert "Another mentor was chosen, and the pair is pinned." in plain(answer.content.decode())
    points = round.figures["total"] - again.figures["total"]
    assert headline == f"It would cost {points} of the {round.figures['total']} points."
    fit = {draft.mentee.name: draft.score for draft in Proposal.objects.filter(state="draft")}
    assert [(row[0], row[2]) for row in told] == [
        ("Amira", f"Cleo, fit {fit['Amira']}"), ("Dora", f"Ben, fit {fit['Dora']}"),
    ]  # fmt: skip
    assert ground.pairs() == [("Amira", "Cleo"), ("Dora", "Ben")]
    assert Notification.objects.count() == 0


@pytest.mark.row("M-06")
def test_the_page_shows_both_fits_and_what_choosing_does(ground: FieldOfPeople, chris: Client) -> None:
    two_and_two(ground)
    amira = draft_of("Amira")

    page = read(chris, address(amira, of("Cleo")))

    assert f"Now: Ben fit {amira.score}" in page and "Instead: Cleo fit" in page
    assert "Measured against the best match of Round 1, as it was worked out: most people placed" in page
    assert "What was pinned" not in page
    assert "Amira is given Cleo instead of Ben, and the pair is pinned. Nobody is told." in page
    assert "Cleo then has more drafts than seats, and one of them cannot go out." in page
    assert "Then run the round again" in page


@pytest.mark.row("M-06")
def test_whoever_loses_the_place_is_named(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentee("Amira"), ground.mentee("Dora", grade="senior")
    ground.mentor("Ben"), ground.mentor("Head", grade="head")
    round = ground.run()
    amira, head = draft_of("Amira"), of("Head")
    lost = round.figures["total"] - solved_with(round, amira.mentee, head).total

    page = read(chris, address(amira, head))

    assert cost(chris, amira, head) == (
        f"It would cost {lost} of the {round.figures['total']} points and a place for 1 person."
    )
    assert "Dora would be left over." in page
    assert moves(chris, amira, head)[1][2] == "left over"


@pytest.mark.row("M-06")
def test_somebody_else_may_have_the_seat_that_is_given_back(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentee("Amira", wants=["finance"], grade="middle"), ground.mentee("Dora", wants=["writing"], grade="senior")
    ground.mentee("Eve", wants=["finance"], grade="junior")
    ground.mentor("Ben", offers=["finance"]), ground.mentor("Head", offers=["writing"], grade="head")
    ground.run()
    placed = next(draft for draft in Proposal.objects.all() if draft.mentor.name == "Ben")
    other = "Eve" if placed.mentee.name == "Amira" else "Amira"

    page = read(chris, address(placed, of("Head")))

    assert "Dora would be left over." in page and f"{other} would have a mentor." in page


@pytest.mark.row("M-06")
def test_equals_cost_nothing(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentee("Amira"), ground.mentor("Ben"), ground.mentor("Cleo")
    ground.run()
    draft = draft_of("Amira")
    other = of("Cleo" if draft.mentor.name == "Ben" else "Ben")

    page = read(chris, address(draft, other))

    assert cost(chris, draft, other) == "It would cost nothing."
    assert "Nobody is told." in page and "Everybody else stays" not in page
    assert "more drafts than seats" not in page


# --- no price ---------------------------------------------------------------------------------------


@pytest.mark.row("M-06")
def test_a_pair_that_is_one_already_has_no_cost(ground: FieldOfPeople, chris: Client) -> None:
    two_and_two(ground)
    amira, ben = draft_of("Amira"), of("Ben")

    as_it_is = read(chris, address(amira, ben))
    chris.post(f"{AT}/proposals/{amira.public_id}/swap/", {"mentor": of("Cleo").public_id})
    swapped = read(chris, address(amira, ben))
    chosen = read(chris, address(amira, of("Cleo")))

    assert "They are a pair in the best match of this round" in as_it_is and "Choose Ben" not in as_it_is
    assert "They are a pair in the best match of this round" in swapped and "Choose Ben" in swapped
    assert "It would cost" in chosen and "Choose Cleo" not in chosen and "Run again …" in chosen


@pytest.mark.row("M-06")
def test_a_rule_that_closes_the_pair_is_named(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentee("Amira"), ground.mentor("Ben")
    ground.mentor("Low", grade="junior")
    ground.run()

    page = read(chris, address(draft_of("Amira"), of("Low")))

    assert "These two cannot be a pair" in page
    assert "The rule “Grade” closes this pair. The mentor must be at least 1 step higher." in page
    assert "Choose Low" not in page


@pytest.mark.row("M-06", "M-11")
@pytest.mark.parametrize("how", ["wish", "line", "wish_since", "line_since"])
def test_every_keeping_apart_is_told_in_the_same_words(ground: FieldOfPeople, chris: Client, how: str) -> None:
    amira, cleo = ground.mentee("Amira", goal="zq-goal"), ground.mentor("Cleo", offer="zq-offer")
    ground.mentor("Ben", offers=["finance", "writing"])
    if how.endswith("since"):
        Strike.objects.create(intake=ground.intake, mentee=amira, mentor=cleo, by=ground.chris, at=NOW)
        ground.run()
    if how.startswith("wish"):
        keep_apart(owner=cleo.person, organisation=ground.organisation, address=amira.address, note="zq", now=NOW)
    else:
        ground.answers(amira, manager=cleo.address)
    if not how.endswith("since"):
        ground.run()

    page = read(chris, address(draft_of("Amira"), cleo))

    # The list beside it is the round's own, of mentors who were open to her then.
    told = page.split("These two cannot be a pair")[1].split("Another mentor")[0]
    assert told.strip() == "These two are kept apart."
    assert "zq" not in page and "Choose Cleo" not in page and "Now: Ben" not in page


@pytest.mark.row("M-06")
def test_a_dismissed_pair_is_called_dismissed(ground: FieldOfPeople, chris: Client) -> None:
    amira, cleo = ground.mentee("Amira"), ground.mentor("Cleo")
    ground.mentor("Ben")
    Strike.objects.create(intake=ground.intake, mentee=amira, mentor=cleo, by=ground.chris, at=NOW)
    ground.run()

    page = read(chris, address(draft_of("Amira"), cleo))

    assert "These two were dismissed by you." in page and "kept apart" not in page


@pytest.mark.row("M-06")
def test_seats_that_pins_keep_are_not_to_be_had(ground: FieldOfPeople, chris: Client) -> None:
    two_and_two(ground)
    chris.post(f"{AT}/proposals/{draft_of('Dora').public_id}/pin/")
    ground.run(name="Round 2")

    page = read(chris, address(draft_of("Amira"), of("Cleo")))

    assert "There is no seat to give Cleo has no seat left: each is kept by a pinned pair." in page
    assert "Choose Cleo" not in page


@pytest.mark.row("M-06")
def test_a_large_round_leads_to_the_command_line(
    ground: FieldOfPeople,
    chris: Client,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ground.mentor("Low", grade="junior")
    round = two_and_two(ground)
    amira, cleo = draft_of("Amira"), of("Cleo")
    worked_out = cost(chris, amira, cleo)
    monkeypatch.setattr("twoway.matching.instead.SMALL", 5)

    page = chris.get(address(amira, cleo)).content.decode()

    said = f"matchengine explain {amira.mentee.public_id} {cleo.public_id} --receipt receipt.json"
    assert f'value="{said} --problem problem.json"' in page and f"{AT}/rounds/{round.public_id}/proof/#files" in page
    assert "This round is too large to work it out on a page" in page and "Instead: Cleo" in page
    assert "Choose Cleo" in page
    assert "The rule “Grade” closes this pair." in read(chris, address(amira, of("Low")))
    assert "They are a pair in the best match" in read(chris, address(amira, of("Ben")))
    monkeypatch.chdir(tmp_path)
    for name in ("receipt.json", "problem.json"):
        Path(name).write_bytes(chris.get(f"{AT}/rounds/{round.public_id}/{name}").content)
    assert matchengine([*said.split()[1:], "--problem", "problem.json"]) == 0
    points = worked_out.split()[3]
    assert f"Together they would cost {points} of the total points." in capsys.readouterr().out


@pytest.mark.row("M-06")
def test_a_round_of_an_earlier_engine_has_no_cost(ground: FieldOfPeople, chris: Client) -> None:
    round = two_and_two(ground)
    assert round.receipt is not None
    Round.objects.update(receipt={**round.receipt, "engine": "0.9.0"})

    page = read(chris, address(draft_of("Amira"), of("Cleo")))

    assert "This round was worked out by an earlier version" in page and "It would cost" not in page


@pytest.mark.row("M-06")
def test_a_question_gone_from_the_form_takes_its_words_along(ground: FieldOfPeople, chris: Client) -> None:
    two_and_two(ground)
    amira, cleo = draft_of("Amira"), of("Cleo")
    headline = cost(chris, amira, cleo)
    Question.objects.filter(pk=ground.questions["wants"].pk).update(retired_at=NOW)

    page = read(chris, address(amira, cleo))

    assert "The form has changed since this round, so the points cannot be told one by one." in page
    assert cost(chris, amira, cleo) == headline


# --- no page ----------------------------------------------------------------------------------------


@pytest.mark.row("M-06")
def test_without_the_rounds_problem_there_is_no_door_and_no_page(ground: FieldOfPeople, chris: Client) -> None:
    round = two_and_two(ground)
    amira, cleo, dora = draft_of("Amira"), of("Cleo"), of("Dora")
    before = chris.get(f"{AT}/rounds/{round.public_id}/?pair={amira.public_id}").content.decode()

    assert dora.person is not None
    forget(dora.person)
    after = chris.get(f"{AT}/rounds/{round.public_id}/?pair={amira.public_id}").content.decode()

    assert (address(amira, cleo) in before, address(amira) in before) == (True, True)
    assert "/instead/" not in after
    assert [chris.get(url).status_code for url in (address(amira), address(amira, cleo))] == [404, 404]


@pytest.mark.row("M-06")
def test_a_draft_by_hand_has_no_such_page(ground: FieldOfPeople, chris: Client) -> None:
    two_and_two(ground)
    amira, cleo = of("Amira"), of("Cleo")
    draft = draft_by_hand(intake=ground.intake, mentee=amira, mentor=of("Ben"), fit=Fit(0), by=ground.chris, now=NOW)

    assert [chris.get(url).status_code for url in (address(draft), address(draft, cleo))] == [404, 404]
    assert "/instead/" not in chris.get(f"{AT}/proposals/{draft.public_id}/").content.decode()


@pytest.mark.row("M-06")
def test_nobody_but_coordinators_and_nobody_from_elsewhere(
    ground: FieldOfPeople, chris: Client, signed_in: SignedIn
) -> None:
    two_and_two(ground)
    amira, cleo = draft_of("Amira"), of("Cleo")
    late = ground.mentor("Late")

    answers = [signed_in(one).get(address(amira, cleo)).status_code for one in (amira.mentee.person, cleo.person)]

    assert answers == [404, 404]
    assert chris.get(address(amira, late)).status_code == 404  # was not in the round
    assert chris.get(address(amira, amira.mentee)).status_code == 404  # is no mentor in it
    assert chris.get(f"{address(amira)}nobody/").status_code == 404


# --- since then, and the way there ------------------------------------------------------------------


@pytest.mark.row("M-06")
@pytest.mark.parametrize("change", ["pin", "dismissal", "swap", "publish"])
def test_what_was_done_since_is_said_not_to_count(ground: FieldOfPeople, chris: Client, change: str) -> None:
    two_and_two(ground)
    amira, dora, cleo = draft_of("Amira"), draft_of("Dora"), of("Cleo")
    before = cost(chris, amira, cleo)
    if change == "publish":
        publish_drafts(intake=ground.intake, drafts=[dora], by=ground.chris, now=NOW)
    else:
        chris.post(f"{AT}/proposals/{dora.public_id}/{change}/", {"mentor": of("Ben").public_id})

    page = read(chris, address(amira, cleo))

    assert "What was pinned, chosen, dismissed or published since does not count here." in page
    assert cost(chris, amira, cleo) == before


@pytest.mark.row("M-06")
def test_what_is_published_can_be_asked_about_and_not_changed(ground: FieldOfPeople, chris: Client) -> None:
    round = two_and_two(ground)
    amira = draft_of("Amira")
    publish_drafts(intake=ground.intake, drafts=[amira], by=ground.chris, now=NOW)

    page = read(chris, address(amira, of("Cleo")))

    assert "It would cost" in page and "Choose Cleo" not in page
    assert address(amira) in chris.get(f"{AT}/rounds/{round.public_id}/?pair={amira.public_id}").content.decode()


@pytest.mark.row("M-06")
def test_in_an_archived_programme_one_can_only_look(ground: FieldOfPeople, chris: Client) -> None:
    two_and_two(ground)
    Programme.objects.update(archived_at=NOW)

    page = read(chris, address(draft_of("Amira"), of("Cleo")))

    assert "It would cost" in page and "Choose Cleo" not in page


@pytest.mark.row("M-06")
def test_any_mentor_of_the_round_is_found_by_name(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentee("Amira")
    for n in range(25):
        ground.mentor(f"Émile {n:02}", grade="senior")
    ground.mentor("Low Bar", grade="junior")
    ground.run()
    amira = draft_of("Amira")
    ground.mentor("Low Late", grade="junior")

    first = read(chris, address(amira))
    many = read(chris, f"{address(amira)}?q=émile")
    few = chris.get(f"{address(amira)}?q=LOW&order=lowest").content.decode()
    none = read(chris, f"{address(amira)}?q=zz")

    assert first.count("Émile") - first.count("Instead of Émile") == len(amira.others)
    assert "and 5 more: type more of the name" in many
    assert f'href="{address(amira, of("Low Bar"))}?show=all&amp;order=lowest"' in few and "Low Late" not in few
    assert "No mentor of this round has that in their name." in none


@pytest.mark.row("M-06", "U-06")
def test_the_page_of_the_round_reads_nothing_of_it(ground: FieldOfPeople, chris: Client) -> None:
    round = two_and_two(ground)
    amira, cleo = draft_of("Amira"), of("Cleo")

    with CaptureQueriesContext(connection) as on_the_round:
        chris.get(f"{AT}/rounds/{round.public_id}/")
    with CaptureQueriesContext(connection) as on_the_page:
        chris.get(address(amira, cleo))

    def reads_problem(queries: CaptureQueriesContext) -> bool:
        return any('"problem"' in query["sql"].split(" FROM ")[0] for query in queries.captured_queries)

    assert (reads_problem(on_the_round), reads_problem(on_the_page)) == (False, True)


@pytest.mark.row("U-06")
def test_questions_do_not_grow_with_the_round(ground: FieldOfPeople, chris: Client) -> None:
    counts = []
    for number in (2, 12):
        for n in range(number):
            ground.mentee(f"M {number} {n}", goal=SUBJECTS[n % 4])
            ground.mentor(f"T {number} {n}", offer=SUBJECTS[n % 3])
        round = ground.run(name=f"Round {number}")
        first, last = Proposal.objects.filter(round=round).order_by("pk")[:2]
        url = address(first, last.mentor)
        chris.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert chris.get(url).status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1]
