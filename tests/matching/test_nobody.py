"""Rounds that have nobody on one side say what keeps people out, and call nothing the best."""

from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.test_pages import AT, read
from twoway.matching.queries.people import people_for
from twoway.signup.models import Application, Question

CAUSE = "Nobody can be matched yet"


def expected(ground: FieldOfPeople, name: str, role: str, **fields: Any) -> Application:
    return factories.application(ground.intake, state="expected", name=name, role=role, **fields)


def differ(ground: FieldOfPeople) -> Question:
    options = [{"key": one.lower(), "label": one, "retired": False} for one in ("Law", "Roads")]
    form = ground.questions["grade"].form
    ground.questions["part"] = factories.question(form, "Department", "single", options=options, use="must_differ",
                                                  audience="matching")  # fmt: skip
    return ground.questions["part"]


@pytest.mark.row("M-07", "M-02")
def test_without_a_question_on_help_the_round_says_so_and_claims_nothing(ground: FieldOfPeople, chris: Client) -> None:
    Question.objects.filter(pk=ground.questions["offers"].pk).update(what_i_help_with=False)
    differ(ground)
    for part in ("law", "roads"):
        ground.answers(expected(ground, f"Mentee {part}", "mentee"), grade="junior", part=part)
        ground.answers(expected(ground, f"Mentor {part}", "mentor", capacity=2), grade="senior", part=part)

    start = read(chris, f"{AT}/rounds/new/")
    round = ground.run(with_expected=True)
    page = read(chris, f"{AT}/rounds/{round.public_id}/")

    assert (CAUSE in start, f'href="{AT}/form/"' in start) == (True, True)
    assert (page.count(CAUSE), f'href="{AT}/form/">Open the form' in page) == (2, True)
    for lie in ("Best possible", "by your rules", "proven", "nobody to choose from", "more seat", "not joined yet"):
        assert lie not in page
    assert "2 people have not said what they can help with" in page
    assert "proven" not in read(chris, f"{AT}/rounds/")


@pytest.mark.row("M-02")
def test_a_round_without_mentors_blames_no_rule(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentee("Alone")

    page = read(chris, f"{AT}/rounds/{ground.run().public_id}/")

    assert ("Nobody with a free seat took part" in page, "There is nobody to choose from." in page) == (True, True)
    assert ("Best possible" in page, "by your rules" in page, CAUSE in page) == (False, False, False)


@pytest.mark.row("M-07")
def test_nobody_is_looked_for_outside_every_option(ground: FieldOfPeople) -> None:
    differ(ground)
    ground.mentee("One", part="law")
    ground.mentee("Other", part="roads")
    assert ground.run().figures["recruits"] == []

    ground.mentor("There", part="law")
    recruits = ground.run(name="Round 2").figures["recruits"]
    assert [(one["seats"], one["needs"][1]["values"]) for one in recruits] == [(1, ["Law"])]


@pytest.mark.row("M-02")
def test_expected_people_outside_a_round_are_told_by_what_keeps_them_out(ground: FieldOfPeople) -> None:
    ground.answers(expected(ground, "Ready", "mentee"), grade="junior")
    expected(ground, "Silent", "mentor", capacity=2)
    expected(ground, "Nobody said", "")

    without = people_for(ground.intake, with_expected=False, now=NOW).without
    along = people_for(ground.intake, with_expected=True, now=NOW).without

    assert (dict(without), dict(along)) == ({"expected": 3}, {"says_nothing": 1, "incomplete": 1})


@pytest.mark.row("M-02")
def test_the_start_shows_both_numbers_before_the_tick(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentee("Here")
    ground.answers(expected(ground, "To come", "mentee"), grade="junior")

    facts = " ".join(read(chris, f"{AT}/rounds/new/").split())

    assert '<dt>Mentees</dt><dd class="number">1</dd>' in facts
    assert 'With expected people taken along</h3> <dl class="facts"> <dt>Mentees</dt><dd class="number">2</dd>' in facts
