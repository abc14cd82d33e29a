"""Each rule of the loops, tried from outside: what it refuses, and that it does let the right one through."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.factories import NOW
from tests.loops.conftest import a_goal, booked, expects
from twoway.loops.actions.agenda import add_agenda_item
from twoway.loops.actions.answer import answer_meeting
from twoway.loops.actions.meeting import propose_times, record_talk
from twoway.loops.actions.message import send_message
from twoway.loops.models import Loop
from twoway.loops.queries import Standing, standing_in
from twoway.loops.queries.meeting import times_of
from twoway.loops.rules import may_comment_on_goal, may_see_expectations, may_see_goal, may_see_item
from twoway.people.models import Person

SignedIn = Callable[[Person | None], Client]
pytestmark = [pytest.mark.row("X-05"), pytest.mark.definition("A5")]


@pytest.fixture
def answers(cast: Cast, signed_in: SignedIn) -> Callable[..., list[int]]:
    """What a request by Amira and the same by Ben come to."""

    def ask(name: str, *ids: str, data: dict[str, str] | None = None) -> list[int]:
        path = reverse(f"loops:{name}", args=ids)
        return [signed_in(person).post(path, data or {}).status_code for person in (cast.amira, cast.ben)]

    return ask


@pytest.mark.parametrize(("state", "codes"), [("open", [302, 302]), ("resting", [404, 404]), ("ended", [404, 404])])
def test_may_write(cast: Cast, loop: Loop, answers: Callable[..., list[int]], state: str, codes: list[int]) -> None:
    Loop.objects.filter(pk=loop.pk).update(state=state)

    assert answers("messages", loop.public_id, data={"body": "Hello"}) == codes


def test_may_change_message(cast: Cast, loop: Loop, answers: Callable[..., list[int]]) -> None:
    hers = send_message(loop=loop, body="Hello", by=cast.amira, now=NOW)

    assert answers("message-edit", loop.public_id, hers.public_id, data={"body": "Hi"}) == [302, 404]
    assert answers("message-withdrawal", loop.public_id, hers.public_id) == [302, 404]


def test_may_keep_agenda(loop: Loop, answers: Callable[..., list[int]]) -> None:
    assert answers("agenda", loop.public_id, data={"text": "Mine"}) == [302, 404]


def test_may_suggest(loop: Loop, answers: Callable[..., list[int]]) -> None:
    assert answers("agenda-suggestion", loop.public_id, data={"text": "Perhaps"}) == [404, 302]


def test_may_see_item(cast: Cast, loop: Loop, open_scope: None) -> None:
    draft = add_agenda_item(loop=loop, text="Mine", by=cast.amira, now=NOW)

    seen = [may_see_item(standing, draft) for who in (cast.amira, cast.ben) if (standing := _stands(who, loop))]

    assert seen == [True, False]


def test_may_keep_goals(loop: Loop, answers: Callable[..., list[int]]) -> None:
    assert answers("goal-new", loop.public_id, data={"what": "Mine", "kind": "skill"}) == [302, 404]


def test_may_edit_goal(cast: Cast, loop: Loop, answers: Callable[..., list[int]]) -> None:
    goal = a_goal(loop, cast, shared=True)

    assert answers("goal-edit", loop.public_id, goal.public_id, data={"what": "M", "kind": "skill"}) == [302, 404]
    assert answers("goal-state", loop.public_id, goal.public_id, data={"to": "let_go"}) == [302, 404]


def test_may_see_goal(cast: Cast, loop: Loop, open_scope: None) -> None:
    hers, shared = a_goal(loop, cast), a_goal(loop, cast, shared=True)

    seen = [
        [may_see_goal(standing, goal) for who in (cast.amira, cast.ben) if (standing := _stands(who, loop))]
        for goal in (hers, shared)
    ]

    assert seen == [[True, False], [True, True]]


def test_may_comment_on_goal(cast: Cast, loop: Loop, answers: Callable[..., list[int]]) -> None:
    hers, shared = a_goal(loop, cast), a_goal(loop, cast, shared=True)

    said = [answers("goal-comments", loop.public_id, one.public_id, data={"comment": "So"}) for one in (hers, shared)]

    assert said == [[409, 404], [302, 302]]
    assert [may_comment_on_goal(one) for one in (hers, shared)] == [False, True]


def test_may_see_expectations(cast: Cast, loop: Loop, open_scope: None) -> None:
    hers = expects(loop, cast.amira, hopes="Courage", sends=True)
    before = [
        may_see_expectations(standing, hers) for who in (cast.amira, cast.ben) if (standing := _stands(who, loop))
    ]

    expects(loop, cast.ben, hopes="Curiosity", sends=True)
    after = [may_see_expectations(standing, hers) for who in (cast.amira, cast.ben) if (standing := _stands(who, loop))]

    assert (before, after) == ([True, False], [True, True])


def test_may_see_take_away(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    meeting = record_talk(loop=loop, starts_at=NOW - timedelta(days=1), by=cast.ben, now=NOW)
    answer_meeting(
        meeting=meeting, happened=True, take_away="Token-mine", take_away_shared=False, next_step="", heard=False,
        by=cast.amira, now=NOW,
    )  # fmt: skip
    path = reverse("loops:meeting", args=[loop.public_id, meeting.public_id])

    seen = ["Token-mine" in signed_in(who).get(path).content.decode() for who in (cast.amira, cast.ben)]

    assert seen == [True, False]


def test_may_pick_time(cast: Cast, loop: Loop, answers: Callable[..., list[int]]) -> None:
    offer = propose_times(loop=loop, times=[NOW + timedelta(days=1)], minutes=30, place="", by=cast.amira, now=NOW)
    (time,) = times_of(offer)

    assert answers("meeting-pick", loop.public_id, offer.public_id, data={"time": time.public_id}) == [404, 302]


def test_may_change_meeting(cast: Cast, loop: Loop, answers: Callable[..., list[int]]) -> None:
    over = record_talk(loop=loop, starts_at=NOW - timedelta(days=1), by=cast.ben, now=NOW)
    to_come = booked(loop, cast)

    assert answers("meeting-cancellation", loop.public_id, over.public_id) == [404, 404]
    assert answers("meeting-cancellation", loop.public_id, to_come.public_id) == [302, 302]  # the second to its page


def test_may_answer(cast: Cast, loop: Loop, answers: Callable[..., list[int]]) -> None:
    over = record_talk(loop=loop, starts_at=NOW - timedelta(days=1), by=cast.ben, now=NOW)
    to_come = booked(loop, cast)

    assert answers("meeting-answer", loop.public_id, over.public_id, data={"happened": "yes"}) == [302, 302]
    assert answers("meeting-answer", loop.public_id, to_come.public_id, data={"happened": "yes"}) == [404, 404]


def _stands(person: Person, loop: Loop) -> Standing | None:
    return standing_in(person, loop.public_id)
