"""The fairness page of a round: groups, protected traits as sums alone, the load, and who would rather have whom."""

from collections.abc import Callable
from html import unescape
from re import sub

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from twoway.history.models import Event
from twoway.matching.actions.fairness import NotShown, show_trait
from twoway.matching.models import Round
from twoway.matching.personal import forget
from twoway.people.actions.person import keep_apart
from twoway.people.models import Person
from twoway.signup.actions.application import set_answer
from twoway.signup.models import Application, Question

AT = "/northwind/grow-together"


def address(round: Round, more: str = "") -> str:
    return f"{AT}/rounds/{round.public_id}/fairness/{more}"


def read(browser: Client, url: str) -> str:
    """A page's words, on one line."""
    response = browser.get(url)
    assert response.status_code == 200
    words = sub(r"<[^>]+>", " ", response.content.decode().split("<main", 1)[1].split("</main>", 1)[0])
    return " ".join(unescape(words).split())


def ask(ground: FieldOfPeople, key: str, label: str, *options: str, **fields: object) -> Question:
    """A question by which people fall into groups."""
    form = ground.questions["offers"].form
    wanted = {"asked_of": "mentee", "audience": "matching", "use": "off", **fields}
    ground.questions[key] = factories.question(
        form, label, "single", options=[{"key": one.lower(), "label": one, "retired": False} for one in options],
        **wanted,
    )  # fmt: skip
    return ground.questions[key]


def gathered(ground: FieldOfPeople, placed: int, left: int, **answers: Callable[[int], str]) -> None:
    """So many mentees whom somebody can help, and so many whom nobody can: they are above every mentor."""
    ground.mentor("Ben", capacity=placed)
    for n in range(placed + left):
        said = {key: choose(n) for key, choose in answers.items() if choose(n)}
        ground.mentee(f"Mentee {n:02}", grade="junior" if n < placed else "head", **said)


@pytest.mark.row("M-15")
def test_those_left_over_are_counted_by_group(ground: FieldOfPeople, chris: Client) -> None:
    ask(ground, "site", "Site", "Leeds", "York", "Hull")
    sites = ["leeds"] * 6 + ["york"] * 6 + ["hull"] * 2 + ["leeds"] * 1 + ["york"] * 5
    gathered(ground, 14, 6, site=lambda n: sites[n])
    round = ground.run()

    said = read(chris, address(round, f"?by={ground.questions['site'].public_id}"))

    assert "Leeds and Hull together 1 of 9 (2 to 43 %)" in said
    assert "York 5 of 11 (21 to 72 %)" in said
    assert "Everybody 6 of 20" in said
    assert "no larger than chance alone makes them among so many groups" in said
    assert "Hull 0" not in said


@pytest.mark.row("M-15")
def test_a_group_that_stands_out_is_named_without_a_cause(ground: FieldOfPeople, chris: Client) -> None:
    ask(ground, "site", "Site", "Leeds", "York")
    gathered(ground, 20, 14, site=lambda n: "leeds" if n < 20 else "york")
    round = ground.run()

    said = read(chris, address(round, f"?by={ground.questions['site'].public_id}"))

    assert "Left over more often than chance alone would explain: York. Left over less often: Leeds." in said
    assert "This says that there is a difference, not why." in said


@pytest.mark.row("M-15")
def test_a_lower_fit_is_one_of_the_lower_quarter(ground: FieldOfPeople, chris: Client) -> None:
    ask(ground, "site", "Site", "Leeds", "York")
    ground.mentor("Ben", capacity=12, offers=["finance", "writing"])
    for n in range(12):
        wants = ["finance", "law"] if n in (0, 6, 7) else ["finance"]
        ground.mentee(f"Mentee {n:02}", wants=wants, site="leeds" if n < 6 else "york")
    round = ground.run()
    scores = sorted(pair["score"] for pair in (round.receipt or {})["pairs"])

    said = read(chris, address(round, f"?by={ground.questions['site'].public_id}"))

    line = round.figures["low"]
    lower = sum(score < line for score in scores)
    assert f"Fit below {line}" in said and lower == 3
    assert "Leeds 0 of 6 (0 to 39 %) 1 of 6 (3 to 56 %)" in said
    assert "York 0 of 6 (0 to 39 %) 2 of 6 (10 to 70 %)" in said
    assert "Nobody was left over" in said


@pytest.mark.row("M-15")
def test_where_every_group_is_small_nothing_is_shown(ground: FieldOfPeople, chris: Client) -> None:
    ask(ground, "site", "Site", "Leeds", "York")
    gathered(ground, 3, 1, site=lambda n: "leeds" if n < 2 else "york")
    round = ground.run()

    said = read(chris, address(round, f"?by={ground.questions['site'].public_id}"))

    assert "Held back By this question there are no two groups of at least 5 people" in said
    assert "of 2" not in said


@pytest.mark.row("M-15")
def test_a_round_of_nobody_and_a_form_without_groups_say_so(ground: FieldOfPeople, chris: Client) -> None:
    nobody = ground.run()
    Question.objects.filter(kind__in=["ordered", "many", "skills_wanted"]).update(kind="long", use="off")
    gathered(ground, 1, 0)

    assert "There was nobody to place" in read(chris, address(nobody))
    assert "No question of the form puts people into groups" in read(chris, address(ground.run()))


@pytest.mark.row("M-15")
def test_a_round_that_is_not_done_has_no_such_page(ground: FieldOfPeople, chris: Client) -> None:
    round = ground.run()
    Round.objects.filter(pk=round.pk).update(state="cancelled")

    assert chris.get(address(round)).status_code == 404
    assert chris.post(address(round, "trait/")).status_code == 404


@pytest.mark.row("M-15")
def test_when_somebody_is_forgotten_the_page_says_what_it_lost(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentor("Ben", capacity=2)
    ground.mentee("Amira"), ground.mentee("Cleo")
    round = ground.run()

    forget(Person.objects.get(name="Amira"))

    said = read(chris, address(round))
    assert "This cannot be worked out any more." in said
    assert "Cleo" not in said


# --- protected traits -------------------------------------------------------------------------------


def by_trait(ground: FieldOfPeople, red: tuple[int, int], blue: tuple[int, int]) -> Question:
    """(placed, left over) of each; nobody else looks for a mentor."""
    question = ask(ground, "own", "Something about you", "Red", "Blue", protected=True)
    answers = ["red"] * red[0] + ["blue"] * blue[0] + ["red"] * red[1] + ["blue"] * blue[1]
    gathered(ground, red[0] + blue[0], red[1] + blue[1], own=lambda n: answers[n])
    return question


def look(browser: Client, round: Round, question: Question) -> str:
    response = browser.post(address(round, "trait/"), {"question": question.public_id}, follow=True)
    assert response.redirect_chain == [(f"{address(round)}#traits", 302)]
    return read(browser, address(round))


@pytest.mark.row("M-12", "M-15")
def test_a_protected_trait_is_shown_as_sums_when_asked_for_and_that_is_recorded(
    ground: FieldOfPeople, chris: Client
) -> None:
    question = by_trait(ground, (11, 12), (13, 10))
    round = ground.run()
    before = read(chris, address(round))

    said = look(chris, round, question)

    assert "Red" not in before and "Blue" not in before
    assert "Red 12 of 23" in said and "Blue 10 of 23" in said
    events = Event.objects.filter(kind="round.shown_by_trait")
    assert [(event.by, event.about) for event in events] == [(ground.chris.pk, f"round {round.public_id}")]
    look(chris, round, question)
    assert events.count() == 1


@pytest.mark.row("M-12", "M-15")
def test_that_all_left_over_are_of_one_kind_is_not_told(ground: FieldOfPeople, chris: Client) -> None:
    """Their names stand on the round's page."""
    question = by_trait(ground, (14, 3), (16, 0))
    round = ground.run()

    said = look(chris, round, question)

    assert "Red fewer than 10 of 17" in said and "Blue fewer than 10 of 16" in said
    assert " 3 of 17" not in said and " 0 of 16" not in said
    assert "Exact counts near nobody or near everybody are held back" in said


@pytest.mark.row("M-12", "M-15")
def test_what_the_total_would_give_away_is_held_back_whole(ground: FieldOfPeople, chris: Client) -> None:
    question = by_trait(ground, (12, 15), (20, 0))
    round = ground.run()

    said = look(chris, round, question)

    assert "Held back: there are no two groups of 10 people" in said
    assert "of 27" not in said and "Red" not in said


@pytest.mark.row("M-12", "M-15")
def test_the_same_trait_is_shown_of_one_round_of_an_intake(ground: FieldOfPeople, chris: Client) -> None:
    question = by_trait(ground, (11, 12), (13, 10))
    one = ground.run()
    other = ground.run(name="Round 2", left_out=[one.receipt["pairs"][0]["mentee"]] if one.receipt else [])
    look(chris, one, question)

    said = look(chris, other, question)

    assert "This was looked at in another round: Round 1" in said
    assert "of 22" not in said
    with pytest.raises(NotShown):
        show_trait(round=other, question=question, by=ground.chris, now=NOW)


@pytest.mark.row("M-12", "M-15")
def test_what_was_shown_stays_when_somebody_answers_anew(ground: FieldOfPeople, chris: Client) -> None:
    question = by_trait(ground, (11, 12), (13, 10))
    round = ground.run()
    before = look(chris, round, question)

    question.answers.filter(application__name="Mentee 00").update(value="blue")

    assert read(chris, address(round)) == before
    assert look(chris, round, question) == before


@pytest.mark.row("M-12", "M-15")
def test_a_wish_about_identity_makes_no_groups(ground: FieldOfPeople, chris: Client) -> None:
    gathered(ground, 12, 12, wish=lambda n: ["red"] if n % 2 else [])  # type: ignore[arg-type, return-value]
    round = ground.run()

    said = read(chris, address(round, f"?by={ground.questions['wish'].public_id}"))

    assert "I would like help with Grade" in said
    assert "Would you like a mentor who" not in said and "Red" not in said


@pytest.mark.row("M-12", "M-15")
def test_a_protected_question_is_no_ordinary_group(ground: FieldOfPeople, chris: Client) -> None:
    question = by_trait(ground, (11, 12), (13, 10))
    round = ground.run()

    said = read(chris, address(round, f"?by={question.public_id}"))

    assert "Red" not in said and "Blue" not in said
    assert chris.post(address(round, "trait/"), {"question": ground.questions["grade"].public_id}).status_code == 302
    assert Event.objects.filter(kind="round.shown_by_trait").count() == 0


# --- the load, and who would rather -----------------------------------------------------------------


@pytest.mark.row("M-15")
def test_the_load_is_shown_by_how_many_got_how_many(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentor("Ben", capacity=3)
    ground.mentor("Dan", capacity=1, offers=["writing"])
    ground.mentor("Eve", capacity=1, offers=["speaking"])
    for n in range(3):
        ground.mentee(f"Mentee {n}")
    ground.mentee("Amira", wants=["writing"])
    round = ground.run()

    said = read(chris, address(round))

    assert "Half of all pairs are with 1 of 3 who offered a seat. 1 of them got nobody." in said
    assert "0 new people 1 of 3 1 new person 1 of 3 3 new people 1 of 3" in said
    assert "With 3 each: Ben" in said


@pytest.mark.row("M-15")
def test_two_who_would_rather_have_each_other_are_named_with_the_price_one_click_away(
    ground: FieldOfPeople, chris: Client
) -> None:
    ben = ground.mentor("Ben", offers=["finance", "writing", "speaking"])
    ground.mentor("Dan", offers=["finance"])
    amira = ground.mentee("Amira", wants=["finance", "writing"])
    ground.mentee("Cleo", wants=["writing", "speaking", "strategy"])
    round = ground.run()

    response = chris.get(address(round))

    assert ground.pairs() == [("Amira", "Dan"), ("Cleo", "Ben")]
    draft = round.proposals.get(mentee=amira)
    assert f'{AT}/proposals/{draft.public_id}/instead/{ben.public_id}/"' in response.content.decode()
    said = read(chris, address(round))
    assert "There is 1 such pair." in said
    assert "Amira → Ben fit 100; now 50 and 66" in said


@pytest.mark.row("M-11", "M-15")
def test_whoever_is_kept_apart_is_not_among_them(ground: FieldOfPeople, chris: Client) -> None:
    ben = ground.mentor("Ben")
    ground.mentor("Dan", offers=["writing"])
    amira = ground.mentee("Amira")
    assert ben.person is not None and amira.person is not None
    keep_apart(owner=amira.person, organisation=ground.organisation, address=ben.address, note="", now=NOW)

    round = ground.run()

    assert round.figures["rather"]["pairs"] == 0
    assert "There is no such pair in this round." in read(chris, address(round))


@pytest.mark.row("M-15")
def test_a_round_from_before_such_pairs_were_counted_says_so(ground: FieldOfPeople, chris: Client) -> None:
    gathered(ground, 2, 0)
    round = ground.run()
    round.figures.pop("rather")
    round.save()

    assert "This round ran before such pairs were counted." in read(chris, address(round))


def two_sites(ground: FieldOfPeople) -> Round:
    """Seven who were placed and six who were left over: in Leeds and in York, in turn."""
    ask(ground, "site", "Site", "Leeds", "York")
    gathered(ground, 7, 6, site=lambda n: "york" if n % 2 else "leeds")
    return ground.run()


def reads_answers(browser: Client, url: str) -> bool:
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(url).status_code == 200
    return any('FROM "signup_answer"' in query["sql"] for query in seen.captured_queries)


@pytest.mark.row("M-15", "U-06")
def test_looked_at_again_groups_are_not_counted_anew_while_nothing_has_happened(
    ground: FieldOfPeople, chris: Client
) -> None:
    round = two_sites(ground)
    site, grade = (address(round, f"?by={ground.questions[key].public_id}") for key in ("site", "grade"))

    looks = [reads_answers(chris, url) for url in (site, grade, site, grade)]

    assert looks == [True, True, False, False]
    assert "Leeds 3 of 7" in read(chris, site) and "Leeds" not in read(chris, grade)


@pytest.mark.row("M-15")
def test_an_answer_changed_since_is_counted_at_the_next_look(ground: FieldOfPeople, chris: Client) -> None:
    round = two_sites(ground)
    url = address(round, f"?by={ground.questions['site'].public_id}")
    before = read(chris, url)
    mentee = Application.objects.get(name="Mentee 00")

    set_answer(mentee, ground.questions["site"], "york", by=mentee.person, now=NOW)

    assert "Leeds 3 of 7" in before and "Leeds 3 of 6" in read(chris, url)


@pytest.mark.row("M-15")
def test_somebody_forgotten_is_gone_from_it_at_once(ground: FieldOfPeople, chris: Client) -> None:
    round = two_sites(ground)
    url = address(round, f"?by={ground.questions['site'].public_id}")
    before = read(chris, url)

    forget(Person.objects.get(name="Mentee 00"))

    assert "Everybody 6 of 13" in before
    assert "This cannot be worked out any more." in read(chris, url)


@pytest.mark.row("M-15")
def test_more_people_take_no_more_questions(ground: FieldOfPeople, chris: Client) -> None:
    ask(ground, "site", "Site", "Leeds", "York")
    ask(ground, "own", "Something about you", "Red", "Blue", protected=True)
    ground.mentor("Ben", capacity=40)

    def asked(people: int, start: int) -> int:
        for n in range(start, start + people):
            ground.mentee(f"Mentee {n:02}", site="leeds" if n % 2 else "york", own="red")
        round = ground.run(name=f"Round of {people}")
        url = address(round, f"?by={ground.questions['site'].public_id}")
        chris.get(url)
        with CaptureQueriesContext(connection) as seen:
            chris.get(url)
        return len(seen)

    assert asked(11, 0) == asked(25, 11)
