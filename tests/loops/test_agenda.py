"""The mentee's questions: hers, private until shared, and the mentor only suggests."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast
from tests.factories import NOW
from tests.loops.conftest import booked
from twoway.history.queries import events_concerning
from twoway.loops.actions.agenda import add_agenda_item, share_agenda, suggest_agenda_item, tick_agenda_item
from twoway.loops.actions.meeting import move_meeting
from twoway.loops.models import AgendaItem, Loop
from twoway.loops.queries import standing_in
from twoway.loops.queries.agenda import carried_over_from, items_for
from twoway.loops.rules import may_see_item
from twoway.loops.tasks import share_agendas
from twoway.outbox.models import Delivery
from twoway.people.models import Person

SignedIn = Callable[[Person | None], Client]
pytestmark = pytest.mark.row("L-06")
DAY = timedelta(days=1)


def agenda_of(loop: Loop) -> str:
    return reverse("loops:agenda", args=[loop.public_id])


def state_of(loop: Loop, item: AgendaItem) -> str:
    return reverse("loops:agenda-item-state", args=[loop.public_id, item.public_id])


def ask(loop: Loop, cast: Cast, text: str = "How do I say no?", **more: str) -> AgendaItem:
    return add_agenda_item(loop=loop, text=text, by=cast.amira, now=NOW, **more)


def told() -> list[tuple[str, str]]:
    return list(Delivery.objects.filter(kind="loops.agenda_shared").order_by("pk").values_list("to", "subject"))


@pytest.mark.definition("F14")
def test_a_question_is_a_private_draft_until_she_shares_it(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    amira, ben = signed_in(cast.amira), signed_in(cast.ben)
    amira.post(agenda_of(loop), {"text": "Token-one", "tried": "Token-two", "plan": "Token-three"})
    pages = [agenda_of(loop), reverse("loops:loop", args=[loop.public_id]), reverse("loops:loops")]

    assert "Only you can see this" in amira.get(agenda_of(loop)).content.decode()
    assert [path for path in pages if "Token-" in ben.get(path).content.decode()] == []
    assert [event.kind for event in events_concerning(cast.ben.pk)] == ["loop.opened"]

    amira.post(reverse("loops:agenda-sharing", args=[loop.public_id]))

    words = ben.get(agenda_of(loop)).content.decode()
    assert [token in words for token in ("Token-one", "Token-two", "Token-three")] == [True] * 3
    assert told() == [("ben@northwind.example", "Amira Mansour has shared questions with you")]
    assert "Token-" not in Delivery.objects.get(kind="loops.agenda_shared").text


def test_the_mentor_sees_items_and_never_a_count_missing(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    booked(loop, cast)
    ask(loop, cast)
    share_agenda(loop=loop, by=cast.amira, now=NOW)
    ask(loop, cast, "A second, still a draft")

    for path in (agenda_of(loop), reverse("loops:loop", args=[loop.public_id])):
        page = signed_in(cast.ben).get(path).content.decode().partition('<main id="main"')[2]
        words = re.sub(r"<[^>]*>", " ", page.split("loop-card")[0])
        assert "How do I say no?" in words
        assert re.findall(r"(?i)one more|three|draft|ready|incomplete|missing|/ ?3|of 3|\b[12] question", words) == []


@pytest.mark.definition("F14")
def test_the_mentor_can_suggest_but_not_write_or_change(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    item = ask(loop, cast)
    share_agenda(loop=loop, by=cast.amira, now=NOW)
    ben, amira = signed_in(cast.ben), signed_in(cast.amira)
    edit = reverse("loops:agenda-item", args=[loop.public_id, item.public_id])

    assert ben.post(agenda_of(loop), {"text": "Mine"}).status_code == 404
    assert ben.post(edit, {"text": "Mine"}).status_code == 404
    assert [ben.post(state_of(loop, item), {"to": to}).status_code for to in ("done", "leave", "up")] == [404] * 3
    assert ben.post(reverse("loops:agenda-sharing", args=[loop.public_id])).status_code == 404

    ben.post(reverse("loops:agenda-suggestion", args=[loop.public_id]), {"text": "What scares you?"})
    suggested = AgendaItem.objects.get(state="suggested")
    assert (suggested.owner, suggested.suggested_by) == (cast.amira, cast.ben)
    assert "What scares you?" in amira.get(agenda_of(loop)).content.decode()
    assert ben.post(state_of(loop, suggested), {"to": "take"}).status_code == 404
    amira.post(state_of(loop, suggested), {"to": "take"})
    suggested.refresh_from_db()
    assert suggested.state == "shared"


def test_a_suggestion_that_is_left_is_not_mentioned_again(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    item = suggest_agenda_item(loop=loop, text="What scares you?", by=cast.ben, now=NOW)
    assert item is not None

    signed_in(cast.amira).post(state_of(loop, item), {"to": "leave"})

    for person in (cast.amira, cast.ben):
        assert "scares" not in signed_in(person).get(agenda_of(loop)).content.decode()


@pytest.mark.definition("A5")
@pytest.mark.row("X-04")
@pytest.mark.parametrize("state", AgendaItem.State.values)
def test_what_the_list_shows_is_what_the_label_says(cast: Cast, loop: Loop, open_scope: None, state: str) -> None:
    item = ask(loop, cast)
    AgendaItem.objects.filter(pk=item.pk).update(state=state)
    item.refresh_from_db()
    promised = {"draft": ["amira"], "left": ["amira"]}.get(state, ["amira", "ben"])

    for name in ("amira", "ben"):
        standing = standing_in(cast[name], loop.public_id)
        assert standing is not None
        assert may_see_item(standing, item) is (name in promised)
        assert items_for(standing).filter(pk=item.pk).exists() is (name in promised)


# --- the evening before ---------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "Asia/Kathmandu", "Pacific/Auckland"])
def test_drafts_go_out_at_six_the_evening_before_where_she_lives(
    cast: Cast, loop: Loop, open_scope: None, zone: str
) -> None:
    cast.amira.time_zone = zone
    cast.amira.save()
    home = ZoneInfo(zone)
    booked(loop, cast, starts_at=datetime(2026, 11, 27, 14, 0, tzinfo=home))
    ask(loop, cast)
    six = datetime(2026, 11, 26, 18, 0, tzinfo=home)

    share_agendas(six - timedelta(seconds=1))
    assert AgendaItem.objects.get().state == "draft"

    share_agendas(six)
    share_agendas(six + timedelta(minutes=5))
    assert (AgendaItem.objects.get().state, AgendaItem.objects.get().shared_at) == ("shared", six)
    assert told() == [("ben@northwind.example", "Amira Mansour has shared questions with you")]


def test_what_is_drafted_after_the_evening_stays_hers(cast: Cast, loop: Loop, open_scope: None) -> None:
    booked(loop, cast, starts_at=NOW + DAY)
    share_agendas(NOW + timedelta(hours=9))
    ask(loop, cast)

    share_agendas(NOW + timedelta(hours=10))

    assert AgendaItem.objects.get().state == "draft"
    assert told() == []


def test_a_meeting_booked_late_shares_nothing_by_itself(cast: Cast, loop: Loop, open_scope: None) -> None:
    ask(loop, cast)
    booked(loop, cast, starts_at=NOW + timedelta(hours=3))

    share_agendas(NOW + timedelta(minutes=5))

    assert AgendaItem.objects.get().state == "draft"


def test_a_meeting_moved_later_shares_on_its_own_evening(cast: Cast, loop: Loop, open_scope: None) -> None:
    meeting = booked(loop, cast, starts_at=NOW + timedelta(hours=3))
    ask(loop, cast)
    move_meeting(meeting=meeting, starts_at=NOW + 3 * DAY, minutes=45, place="", for_good=False, by=cast.amira, now=NOW)

    share_agendas(NOW + 2 * DAY)
    assert AgendaItem.objects.get().state == "draft"
    share_agendas(NOW + 2 * DAY + timedelta(hours=8))
    assert AgendaItem.objects.get().state == "shared"


# --- what stays on the list -----------------------------------------------------------------------------


def test_unfinished_questions_come_along_and_say_from_when(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    meeting = booked(loop, cast, starts_at=NOW + timedelta(hours=1))
    kept, done = ask(loop, cast, "Kept"), ask(loop, cast, "Done")
    share_agenda(loop=loop, by=cast.amira, now=NOW)
    later = NOW + DAY
    tick_agenda_item(item=AgendaItem.objects.get(pk=done.pk), by=cast.amira, now=later)

    kept, done = (AgendaItem.objects.get(pk=one.pk) for one in (kept, done))
    assert (carried_over_from(kept, NOW), carried_over_from(kept, later)) == (None, meeting.starts_at)
    assert (done.state, done.meeting, carried_over_from(done, later)) == ("done", meeting, None)


def test_a_question_without_a_meeting_belongs_to_the_one_booked_next(cast: Cast, loop: Loop, open_scope: None) -> None:
    ask(loop, cast)

    meeting = booked(loop, cast)

    assert AgendaItem.objects.get().first_meeting == meeting


def test_the_list_is_ordered_by_buttons(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    one, _, three = (ask(loop, cast, text) for text in ("One", "Two", "Three"))
    browser = signed_in(cast.amira)

    browser.post(state_of(loop, three), {"to": "up"})
    browser.post(state_of(loop, one), {"to": "down"})
    browser.post(state_of(loop, three), {"to": "up"})

    assert list(AgendaItem.objects.order_by("place", "pk").values_list("text", flat=True)) == ["Three", "One", "Two"]


def test_a_draft_left_out_is_gone_and_the_same_words_twice_are_one(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    browser = signed_in(cast.amira)
    for _ in range(2):
        browser.post(agenda_of(loop), {"text": "Once"})
    item = AgendaItem.objects.get()

    browser.post(state_of(loop, item), {"to": "leave"})

    assert AgendaItem.objects.count() == 0


def test_a_form_without_a_question_keeps_the_rest(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    answer = signed_in(cast.amira).post(agenda_of(loop), {"text": "", "tried": "Everything I know"})

    assert answer.status_code == 422
    assert "Everything I know" in answer.content.decode()
    assert "Write the question first" in answer.content.decode()


@pytest.mark.row("U-06")
def test_more_questions_ask_the_database_no_more(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    browser, counts = signed_in(cast.amira), []
    for number in (1, 2, 3):
        ask(loop, cast, f"Number {number}")
        suggest_agenda_item(loop=loop, text=f"Perhaps {number}", by=cast.ben, now=NOW)
        browser.get(agenda_of(loop))
        with CaptureQueriesContext(connection) as asked:
            browser.get(agenda_of(loop))
        counts.append(len(asked))

    assert len(set(counts)) == 1
