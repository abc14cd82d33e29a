"""Where the page of another pair is open, to whom, and what it says where it cannot reckon."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from matchengine.cli import main as matchengine
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.instead import (
    AT,
    SUBJECTS,
    address,
    cost,
    draft_of,
    of,
    read,
    two_and_two,
)
from twoway.matching.actions.draft import Fit, draft_by_hand, publish_drafts
from twoway.matching.models import Proposal, Round
from twoway.matching.personal import forget
from twoway.people.models import Person, Programme
from twoway.signup.models import Question

SignedIn = Callable[[Person | None], Client]


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
