"""Six wishes pressed at once are five, and none is marked after a round was started, on both databases."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django_scopes import scopes_disabled

from tests.matching.field import FieldOfPeople, lay
from tests.matching.together import everybody_may_wait, together
from tests.matching.wishes import ask
from twoway.matching.models import Wish, WishList
from twoway.people.models import Person

pytestmark = [pytest.mark.slow, pytest.mark.row("M-21")]


@pytest.fixture
def ground(transactional_db: None, now: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[FieldOfPeople]:
    everybody_may_wait(monkeypatch)
    with scopes_disabled():
        yield lay()


def test_of_ten_pressed_at_once_five_are_kept(
    ground: FieldOfPeople, signed_in: Callable[[Person | None], Client]
) -> None:
    amira, mentors = ground.mentee("Amira"), [ground.mentor(f"Mentor {n}") for n in range(10)]
    ask(ground)
    presses = []
    for mentor in mentors:
        browser, said = signed_in(amira.person), {"act": "wish", "who": mentor.public_id}
        presses.append(
            lambda browser=browser, said=said: browser.post("/northwind/grow-together/wishes/", said).status_code
        )

    answers = together(presses)

    assert sorted(answers) == [302] * 5 + [422] * 5
    assert (WishList.objects.count(), Wish.objects.count()) == (1, 5)
