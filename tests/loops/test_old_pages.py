"""Pressed on a page that was opened before something changed: nothing is undone unseen, and no word is lost."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.factories import NOW
from tests.loops.conftest import booked
from twoway.loops.actions.agenda import add_agenda_item, leave_out_agenda_item
from twoway.loops.actions.answer import answer_meeting
from twoway.loops.actions.loop import end_loop
from twoway.loops.actions.meeting import cancel_meeting, move_meeting, pick_time, propose_times
from twoway.loops.actions.message import send_message, withdraw_message
from twoway.loops.models import Loop, Meeting, MeetingAnswer, Message
from twoway.loops.queries.meeting import times_of
from twoway.outbox.models import Delivery
from twoway.people.models import Person

SignedIn = Callable[[Person | None], Client]
pytestmark = pytest.mark.row("U-05")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_that_time() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def at(name: str, loop: Loop, *ids: str) -> str:
    return reverse(f"loops:{name}", args=[loop.public_id, *ids])


@pytest.mark.row("L-02")
def test_a_change_to_a_message_withdrawn_meanwhile_is_handed_back(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    message = send_message(loop=loop, body="Hello", no_hurry=False, by=cast.amira, now=NOW)
    url = at("message-edit", loop, message.public_id)
    withdraw_message(message=message, by=cast.amira, now=NOW)

    late = signed_in(cast.amira).post(url, {"body": "Hello, and zq-more"})
    others = signed_in(cast.ben).post(url, {"body": "zq-mine"})

    assert (late.status_code, others.status_code) == (409, 404)
    assert "This message was withdrawn in the meantime." in late.content.decode()
    assert "Hello, and zq-more" in late.content.decode()
    assert Message.objects.get().body == ""


@pytest.mark.row("L-06")
def test_a_change_to_a_question_left_out_meanwhile_is_handed_back(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    item = add_agenda_item(loop=loop, text="How do I ask?", tried="", plan="", by=cast.amira, now=NOW)
    leave_out_agenda_item(item=item, by=cast.amira, now=NOW)

    late = signed_in(cast.amira).post(
        at("agenda-item", loop, item.public_id), {"text": "How do I zq-ask?", "tried": "zq-tried", "plan": ""}
    )

    said = late.content.decode()
    assert (late.status_code, "zq-ask" in said, "zq-tried" in said) == (409, True, True)


@pytest.mark.row("L-05")
def test_a_time_chosen_for_what_was_cancelled_is_handed_back(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    meeting = booked(loop, cast)
    cancel_meeting(meeting=meeting, all_later=False, by=cast.ben, now=NOW)
    Person.objects.filter(pk=cast.amira.pk).update(time_zone="Asia/Kolkata")

    late = signed_in(cast.amira).post(
        at("meeting-move", loop, meeting.public_id),
        {"starts_at": "2026-12-24T10:00", "minutes": "45", "place": "zq-bench"},
    )

    said = late.content.decode()
    assert (late.status_code, "2026-12-24T10:00" in said, "zq-bench" in said) == (409, False, True)
    assert "<p>Thursday 24 December 2026, 10:00 (Kolkata)</p>" in said


@pytest.mark.row("L-05")
def test_an_old_page_neither_cancels_nor_moves_what_has_moved_since(
    cast: Cast, loop: Loop, signed_in: SignedIn
) -> None:
    meeting = booked(loop, cast)
    seen, to = meeting.version, NOW + 4 * DAY
    move_meeting(meeting=meeting, starts_at=to, minutes=45, place="", for_good=False, by=cast.ben, now=NOW)
    amira, there = signed_in(cast.amira), at("meeting-move", loop, meeting.public_id)
    wish = {"starts_at": (NOW + 5 * DAY).strftime("%Y-%m-%dT%H:%M"), "minutes": "45", "place": "zq-bench"}

    cancelled = amira.post(at("meeting-cancellation", loop, meeting.public_id), {"seen": seen}, follow=True)
    moved = amira.post(there, {**wish, "seen": seen})
    now = Meeting.objects.get()
    again = amira.post(there, {**wish, "seen": now.version})

    assert "This meeting has changed since you opened the page." in cancelled.content.decode()
    assert (moved.status_code, "zq-bench" in moved.content.decode()) == (409, True)
    assert (now.state, now.starts_at) == ("booked", to)
    assert (again.status_code, Meeting.objects.get().starts_at) == (302, NOW + 5 * DAY)


@pytest.mark.row("L-05")
def test_times_that_are_over_ask_nobody_any_more(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    offer = propose_times(loop=loop, times=[NOW + DAY], minutes=45, place="", by=cast.ben, now=NOW)
    amira, page = signed_in(cast.amira), at("meeting", loop, offer.public_id)
    pages = ["/", at("loop", loop), "/loops/"]
    before = [amira.get(url).content.decode() for url in (page, *pages)]

    with time_machine.travel(NOW + 2 * DAY, tick=False):
        after = [amira.get(url).content.decode() for url in (page, *pages)]

    asked = ["Which time suits you?", "offers times to meet", "offers", "Times to meet wait for your choice."]
    assert [words in said for words, said in zip(asked, before, strict=True)] == [True] * 4
    assert [words in said for words, said in zip(asked, after, strict=True)] == [False] * 4
    assert "These times are over" in after[0] and "Offer other times" in after[0]


@pytest.mark.row("L-07")
def test_lines_kept_meanwhile_outlive_one_tap_and_an_old_form(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    meeting = booked(loop, cast, NOW - DAY, now=NOW - 2 * DAY)
    lines = {"take_away": "Ask sooner", "take_away_shared": False, "next_step": "Write to Jo", "heard": False}
    answer_meeting(meeting=meeting, happened=True, by=cast.amira, now=NOW, **lines)
    amira, url = signed_in(cast.amira), at("meeting-answer", loop, meeting.public_id)

    amira.post(url, {"happened": "yes"})
    tapped = MeetingAnswer.objects.get()
    old = {"happened": "yes", "take_away": "", "next_step": "zq-other", "seen": "nothing"}
    stale = amira.post(url, old)
    kept = MeetingAnswer.objects.get()
    amira.post(url, {**old, "seen": kept.at.isoformat()})

    assert (tapped.take_away, tapped.next_step) == ("Ask sooner", "Write to Jo")
    assert (stale.status_code, "Kept is: you met · “Ask sooner” · “Write to Jo”." in stale.content.decode()) == (
        409,
        True,
    )
    assert "zq-other" in stale.content.decode()
    assert (kept.take_away, MeetingAnswer.objects.get().next_step) == ("Ask sooner", "zq-other")


@pytest.mark.row("L-05")
def test_a_time_chosen_for_a_meeting_that_has_begun_is_handed_back(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    meeting = booked(loop, cast, NOW + timedelta(minutes=5))
    wish = {"starts_at": "2026-12-24T10:00", "minutes": "45", "place": "zq-bench"}

    with time_machine.travel(NOW + timedelta(minutes=6), tick=False):
        late = signed_in(cast.amira).post(at("meeting-move", loop, meeting.public_id), wish)
        looked = signed_in(cast.amira).get(at("meeting-move", loop, meeting.public_id))

    said = late.content.decode()
    assert (late.status_code, "This meeting has begun" in said, "zq-bench" in said) == (409, True, True)
    assert looked.status_code == 404


@pytest.mark.row("L-05")
def test_taking_times_back_on_an_old_page_cancels_no_meeting_picked_since(
    cast: Cast, loop: Loop, signed_in: SignedIn
) -> None:
    offer = propose_times(loop=loop, times=[NOW + DAY], minutes=45, place="", by=cast.amira, now=NOW)
    amira, url = signed_in(cast.amira), at("meeting-cancellation", loop, offer.public_id)
    seen = re.search(r'name="seen" value="([^"]+)"', amira.get(url).content.decode())
    assert seen is not None
    pick_time(meeting=offer, time=times_of(offer)[0], by=cast.ben, now=NOW)

    late = amira.post(url, {"seen": seen[1]}, follow=True)

    assert "This meeting has changed since you opened the page." in late.content.decode()
    assert Meeting.objects.get().state == "booked"


@pytest.mark.row("L-05")
def test_times_offered_from_an_old_page_replace_no_unseen_ones(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    offer = propose_times(loop=loop, times=[NOW + DAY], minutes=45, place="", by=cast.ben, now=NOW)
    propose_times(loop=loop, times=[NOW + 2 * DAY], minutes=45, place="", by=cast.ben, now=NOW, meeting=offer)
    amira, url = signed_in(cast.amira), at("meeting-times", loop, offer.public_id)
    wish = {"first": (NOW + 5 * DAY).strftime("%Y-%m-%dT%H:%M"), "minutes": "45", "place": "zq-bench", "how": "offer"}

    stale = amira.post(url, {**wish, "seen": "offered 0"})
    stood = [time.starts_at for time in times_of(Meeting.objects.get())]
    again = [amira.post(url, {**wish, "seen": "offered 1"}).status_code for _ in range(2)]

    said = stale.content.decode()
    assert (stale.status_code, "zq-bench" in said, stood) == (409, True, [NOW + 2 * DAY])
    assert "Other times were offered since you opened this page: Wednesday 25 November 2026, 10:00." in said
    assert (again, Meeting.objects.get().sequence) == ([302, 302], 2)
    assert [time.starts_at for time in times_of(Meeting.objects.get())] == [NOW + 5 * DAY]


@pytest.mark.row("L-05", "L-07")
def test_the_same_form_pressed_twice_is_no_old_page(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    past = booked(loop, cast, NOW - DAY, now=NOW - 2 * DAY)
    coming = booked(loop, cast)
    amira = signed_in(cast.amira)
    said = {"happened": "yes", "take_away": "Ask sooner", "next_step": "", "seen": "nothing"}
    wish = {"starts_at": (NOW + 5 * DAY).strftime("%Y-%m-%dT%H:%M"), "minutes": "45", "place": "", "seen": "booked 0"}

    answered = [amira.post(at("meeting-answer", loop, past.public_id), said).status_code for _ in range(2)]
    moved = [amira.post(at("meeting-move", loop, coming.public_id), wish).status_code for _ in range(2)]

    assert (answered, moved) == ([302, 302], [302, 302])
    assert Delivery.objects.filter(kind="loops.meeting_moved").count() == 2  # one to each


@pytest.mark.row("L-05", "L-07")
def test_an_old_form_with_a_slip_in_it_says_what_stands_before_it_puts_anything_in_its_place(
    cast: Cast, loop: Loop, signed_in: SignedIn
) -> None:
    past, coming = booked(loop, cast, NOW - DAY, now=NOW - 2 * DAY), booked(loop, cast)
    lines = {"take_away": "Ask sooner", "take_away_shared": False, "next_step": "", "heard": False}
    answer_meeting(meeting=past, happened=True, by=cast.amira, now=NOW, **lines)
    move_meeting(meeting=coming, starts_at=NOW + 4 * DAY, minutes=45, place="", for_good=False, by=cast.ben, now=NOW)
    amira, long = signed_in(cast.amira), "zq" * 300

    answered = amira.post(at("meeting-answer", loop, past.public_id), {"take_away": long, "seen": "nothing"})
    moved = amira.post(
        at("meeting-move", loop, coming.public_id), {"starts_at": "zq", "minutes": "45", "seen": "booked 0"}
    )

    assert (answered.status_code, moved.status_code) == (409, 409)
    assert "Kept is: you met · “Ask sooner”." in answered.content.decode()
    assert "This meeting was changed since you opened the page" in moved.content.decode()


@pytest.mark.row("L-06", "M-09")
def test_whatever_was_written_for_a_place_that_closed_is_handed_back(
    cast: Cast, loop: Loop, signed_in: SignedIn
) -> None:
    end_loop(loop_id=loop.pk, by=None, now=NOW)
    amira = signed_in(cast.amira)

    question = amira.post(at("agenda", loop), {"text": "zq-question", "tried": "zq-tried"})
    wish = {"first": "2026-12-24T10:00", "second": "Christmas, zq-noon", "third": "9999-12-24T10:00"}
    times = amira.post(at("meeting-new", loop), {**wish, "place": "zq-bench"})

    assert [answer.status_code for answer in (question, times)] == [404, 404]
    assert all(words in question.content.decode() for words in ("zq-question", "zq-tried"))
    said = ("Thursday 24 December 2026, 10:00 (UTC)", "Christmas, zq-noon", "9999-12-24T10:00", "zq-bench")
    assert all(words in times.content.decode() for words in said)


@pytest.mark.row("L-05", "N-04")
def test_whose_calendar_holds_a_meeting_gets_its_move_and_its_end_by_letter(cast: Cast, loop: Loop) -> None:
    meeting = booked(loop, cast)
    Person.objects.update(telling=Person.Telling.IN_APP)
    later = booked(loop, cast, NOW + 9 * DAY)

    for one in (meeting, later):
        one.refresh_from_db()
        move_meeting(meeting=one, starts_at=NOW + 20 * DAY, minutes=45, place="", for_good=False, by=cast.ben, now=NOW)
        cancel_meeting(meeting=one, all_later=False, by=cast.ben, now=NOW)

    kinds = Delivery.objects.filter(person=cast.amira.pk).exclude(calendar="").order_by("pk")
    assert [(row.kind, meeting.public_id in row.key) for row in kinds] == [
        ("loops.meeting_booked", True), ("loops.meeting_moved", True), ("loops.meeting_cancelled", True),
    ]  # fmt: skip


@pytest.mark.row("L-05", "N-04")
def test_whose_calendar_holds_a_series_hears_by_letter_of_each_of_its_meetings(cast: Cast, loop: Loop) -> None:
    booked(loop, cast, every_days=7, until=(NOW + 30 * DAY).date())
    Person.objects.update(telling=Person.Telling.IN_APP)
    last = Meeting.objects.order_by("starts_at").last()
    assert last is not None

    move_meeting(meeting=last, starts_at=NOW + 40 * DAY, minutes=45, place="", for_good=False, by=cast.ben, now=NOW)

    letters = Delivery.objects.filter(person=cast.amira.pk).exclude(calendar="").order_by("pk")
    assert [row.kind for row in letters] == ["loops.meeting_booked", "loops.meeting_moved"]
