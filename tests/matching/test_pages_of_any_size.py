"""The pages of a round, its fairness and its rehearsals ask the database as often for many people as for few."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from twoway.history.kept import forget_figures
from twoway.matching.actions.rehearsal import queue_rehearsal
from twoway.matching.models import Rehearsal, Round
from twoway.matching.tasks import rehearse_queued

SUBJECTS = (["finance", "writing"], ["speaking", "strategy"])
TEXTS = ("sailing and boats", "gardens and roses")


def of_a_size(ground: FieldOfPeople, people: int) -> tuple[Round, Rehearsal]:
    """A round of so many: some left over, one mentor with most, and a rehearsal by which some would move."""
    mentors = people // 5
    for n in range(mentors):
        ground.mentor(f"Mentor {people} {n}", 1 if n else 3, offer=TEXTS[n % 2], offers=SUBJECTS[n % 2])
    for n in range(people - mentors):
        ground.mentee(f"Mentee {people} {n}", goal=TEXTS[(n + 1) % 2], wants=SUBJECTS[n % 2])
    round = ground.run(name=f"Round of {people}")
    weights = {ground.questions["wants"].public_id: 0, ground.questions["goal"].public_id: 10}
    row = queue_rehearsal(
        round=round, objective=round.objective, weights=weights, left_off=[], by=ground.chris, now=NOW
    )
    rehearse_queued(NOW)
    row.refresh_from_db()
    assert row.found["moves"] and round.figures["mentees"] > round.figures["placed"]
    return round, row


PAGES: dict[str, Callable[[FieldOfPeople, Rehearsal], str]] = {
    "the round": lambda ground, row: "",
    "those not published, lowest first": lambda ground, row: "?order=lowest&show=unpublished",
    "fairness": lambda ground, row: f"fairness/?by={ground.questions['wants'].public_id}",
    "rehearsals": lambda ground, row: "rehearsals/",
    "a rehearsal": lambda ground, row: f"rehearsals/{row.public_id}/",
}


@pytest.mark.row("M-15", "M-16", "U-06")
def test_sixty_people_take_as_many_questions_as_ten(ground: FieldOfPeople, chris: Client) -> None:
    asked: dict[str, list[int]] = {name: [] for name in PAGES}

    for people in (10, 60):
        round, row = of_a_size(ground, people)
        for name, page in PAGES.items():
            url = f"/northwind/grow-together/rounds/{round.public_id}/{page(ground, row)}"
            chris.get(url)
            forget_figures()
            with CaptureQueriesContext(connection) as seen:
                assert chris.get(url).status_code == 200
            asked[name].append(len(seen))

    assert {name: few for name, (few, _many) in asked.items()} == {name: many for name, (_few, many) in asked.items()}
