"""What one more place with a mentor would bring: equal to the difference of two rounds, and told to nobody else."""

import pytest
from django.test import Client

from tests import factories
from tests.matching.field import FieldOfPeople
from tests.matching.instead import AT, read
from tests.matching.wishes import ask, wish
from twoway.matching.actions.forgetting import drop_problems_with
from twoway.matching.models import Proposal, Round
from twoway.matching.one_more import one_more_lines
from twoway.people.models import Person
from twoway.signup.models import Application

pytestmark = pytest.mark.row("M-07")


@pytest.fixture
def chris(ground: FieldOfPeople, signed_in: object) -> Client:
    return signed_in(ground.chris)  # type: ignore[operator,no-any-return]


def crowded(ground: FieldOfPeople) -> None:
    """Three who want finance, and one place each with two who offer it, of whom one offers all that is wanted."""
    for name, wants in (("Amira", ["finance"]), ("Dora", ["finance", "law"]), ("Eva", ["law"])):
        ground.mentee(name, wants=wants)
    ground.mentor("Ben", offers=["finance"]), ground.mentor("Cleo", offers=["finance", "law"])


@pytest.mark.parametrize("objective", ["most_then_best", "best_total"])
def test_it_is_the_difference_of_two_rounds(ground: FieldOfPeople, objective: str) -> None:
    crowded(ground)
    before = ground.run(objective=objective)
    said = {mentor: (places, points) for mentor, places, points in before.figures["one_more"]}
    assert len(said) == 2

    for mentor in Application.objects.filter(public_id__in=said):
        assert mentor.person is not None
        Proposal.objects.all().delete()
        seat = factories.seats(mentor.person, ground.organisation, 1)[0]
        Application.objects.filter(pk=mentor.pk).update(capacity=2)
        after = ground.run(name=f"With {mentor.name}", objective=objective).figures
        seat.delete()
        Application.objects.filter(pk=mentor.pk).update(capacity=1)
        places = after["placed"] - before.figures["placed"] if objective == "most_then_best" else 0
        assert said[mentor.public_id] == (places, after["total"] - before.figures["total"])


def test_the_rounds_page_names_them_and_says_that_each_stands_alone(ground: FieldOfPeople, chris: Client) -> None:
    crowded(ground)
    round = ground.run()

    page = read(chris, f"{AT}/rounds/{round.public_id}/")

    [line] = [one for one in one_more_lines(round) if one.startswith("Cleo: a match for one more person")]
    assert line in page
    assert "Two of them together may bring less." in page


def test_where_everybody_has_what_they_want_nothing_is_said(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentee("Amira"), ground.mentor("Ben", 2)
    round = ground.run()

    assert round.figures["one_more"] == []
    assert "What one more place would bring" not in read(chris, f"{AT}/rounds/{round.public_id}/")


def test_a_round_with_nobody_in_it_promises_no_reasons(ground: FieldOfPeople, chris: Client) -> None:
    ground.mentor("Ben", 2)
    round = ground.run()

    page = read(chris, f"{AT}/rounds/{round.public_id}/")

    assert ("Nobody to match took part." in page, "Below stands why." in page) == (True, False)


def test_it_goes_with_the_answers_of_somebody_who_is_forgotten(ground: FieldOfPeople) -> None:
    crowded(ground)
    round = ground.run()
    drop_problems_with(ground.intake, [Application.objects.get(name="Eva").public_id])

    assert Round.objects.get(pk=round.pk).figures["one_more"] == []


WHY_NOBODY = "Wishes counted in this round, so nobody is named: such a list would tell who is wished for."


def test_where_wishes_counted_nobody_is_named_and_the_page_says_why(ground: FieldOfPeople, chris: Client) -> None:
    crowded(ground)
    plain = ground.run()
    ask(ground)
    wish(Application.objects.get(name="Amira"), Application.objects.get(name="Cleo"))

    round = ground.run(name="With wishes")

    pages = [read(chris, f"{AT}/rounds/{one.public_id}/") for one in (plain, round)]
    assert (plain.figures["one_more"] != [], round.figures["one_more"]) == (True, [])
    assert [WHY_NOBODY in page for page in pages] == [False, True]


def test_no_participant_reads_it(ground: FieldOfPeople, signed_in: object) -> None:
    crowded(ground)
    round = ground.run()
    eva = Person.objects.get(applications__name="Eva")

    answer = signed_in(eva).get(f"{AT}/rounds/{round.public_id}/")  # type: ignore[operator]

    assert answer.status_code == 404
