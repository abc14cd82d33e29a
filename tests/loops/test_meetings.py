"""Meetings: offered, picked, fixed, moved, cancelled, in series; each with a calendar file for each of the two."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from tests.cast import Cast
from tests.factories import NOW
from tests.loops.conftest import booked
from twoway.loops.actions.agenda import add_agenda_item
from twoway.loops.actions.meeting import (
    Changed,
    TimeIsOver,
    book_meeting,
    cancel_meeting,
    move_meeting,
    pick_time,
    propose_times,
)
from twoway.loops.models import Loop, Meeting, Participation
from twoway.loops.queries.meeting import coming_in, times_of
from twoway.outbox.models import Delivery
from twoway.outbox.tasks import deliver_pending
from twoway.people.models import Person

SignedIn = Callable[[Person | None], Client]
pytestmark = pytest.mark.row("L-05")
LISBON = ZoneInfo("Europe/Lisbon")
DAY = timedelta(days=1)


def at(loop: Loop, name: str, meeting: Meeting | None = None) -> str:
    return reverse(f"loops:{name}", args=[loop.public_id, *([meeting.public_id] if meeting else [])])


def typed(moment: datetime, zone: str = "UTC") -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def files() -> list[Calendar]:
    return [Calendar.from_ical(row.calendar) for row in Delivery.objects.exclude(calendar="").order_by("pk")]


def live_in_different_zones(cast: Cast) -> None:
    cast.amira.time_zone, cast.ben.time_zone = "Europe/Lisbon", "Asia/Kathmandu"
    cast.amira.save()
    cast.ben.save()


def test_three_times_are_offered_and_the_other_picks_one(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    live_in_different_zones(cast)
    amira, ben = signed_in(cast.amira), signed_in(cast.ben)
    times = {name: typed(NOW + n * DAY, "Europe/Lisbon") for n, name in enumerate(("first", "second", "third"), 1)}

    amira.post(at(loop, "meeting-new"), {**times, "minutes": "60", "place": "Room 4", "how": "offer"})

    meeting = Meeting.objects.get()
    assert [time.starts_at for time in times_of(meeting)] == [NOW + n * DAY for n in (1, 2, 3)]
    page = ben.get(reverse("loops:loop", args=[loop.public_id])).content.decode()
    assert "Which time suits you?" in page
    assert "10:00 for Amira" in page
    second = times_of(meeting)[1]
    assert amira.post(at(loop, "meeting-pick", meeting), {"time": second.public_id}).status_code == 404
    ben.post(at(loop, "meeting-pick", meeting), {"time": second.public_id})

    meeting.refresh_from_db()
    assert (meeting.state, meeting.starts_at, meeting.minutes) == ("booked", NOW + 2 * DAY, 60)
    assert "15:45 for Ben" in amira.get(at(loop, "meeting", meeting)).content.decode()
    assert "10:00 for Amira" in ben.get(at(loop, "meeting", meeting)).content.decode()


def test_each_gets_a_calendar_file_of_their_own(cast: Cast, loop: Loop, open_scope: None) -> None:
    meeting = booked(loop, cast, place="Room 4")

    deliver_pending()

    letters = [letter for letter in mail.outbox if letter.attachments]
    assert sorted(letter.to[0] for letter in letters) == ["amira@northwind.example", "ben@northwind.example"]
    for letter in letters:
        (part,) = [one for one in letter.message().walk() if one.get_content_type() == "text/calendar"]
        (event,) = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
        assert part["Content-Type"] == 'text/calendar; charset="utf-8"; method="REQUEST"'
        assert event["ATTENDEE"] == f"mailto:{letter.to[0]}"
        assert event["ORGANIZER"] == "mailto:twoway@localhost"
        assert event["UID"] == f"meeting-{meeting.public_id}@localhost"
        assert event.decoded("DTSTART") == meeting.starts_at
        other = {"amira@northwind.example": "Ben Kowalski", "ben@northwind.example": "Amira Mansour"}[letter.to[0]]
        assert event["SUMMARY"] == f"Meeting with {other}"


def test_a_file_says_with_whom_in_the_readers_words_and_nothing_they_wrote(
    cast: Cast, loop: Loop, signed_in: SignedIn
) -> None:
    meeting = booked(loop, cast)
    add_agenda_item(loop=loop, text="Token-agenda", by=cast.amira, now=NOW)
    part = Participation.objects.get(loop=loop, person=cast.amira)
    part.name = "Mira"
    part.save(update_fields=["name"])

    text = signed_in(cast.ben).get(at(loop, "meeting-calendar", meeting)).content.decode()

    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert event["SUMMARY"] == "Meeting with Mira"
    assert "DESCRIPTION" not in event
    assert "Token" not in text


def test_moving_and_cancelling_change_the_same_event(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    meeting = booked(loop, cast)
    browser = signed_in(cast.ben)

    browser.post(at(loop, "meeting-move", meeting), {
        "starts_at": typed(NOW + 4 * DAY), "minutes": "30", "place": ""})  # fmt: skip
    browser.post(at(loop, "meeting-cancellation", meeting))

    events = [(str(one["METHOD"]), *(one.walk("VEVENT")[0][key] for key in ("UID", "SEQUENCE"))) for one in files()]
    uid = f"meeting-{meeting.public_id}@localhost"
    assert events == [(method, uid, n) for n, method in enumerate(("REQUEST", "REQUEST", "CANCEL")) for _ in range(2)]
    assert files()[2].walk("VEVENT")[0].decoded("DTSTART") == NOW + 4 * DAY
    kinds = list(Delivery.objects.exclude(calendar="").order_by("pk").values_list("kind", flat=True))
    assert kinds[::2] == ["loops.meeting_booked", "loops.meeting_moved", "loops.meeting_cancelled"]


@pytest.mark.parametrize("page", ["meeting-cancellation", "meeting-move", "meeting-times"])
def test_what_is_cancelled_leads_the_two_to_its_page_and_nobody_else(
    cast: Cast, loop: Loop, signed_in: SignedIn, page: str
) -> None:
    meeting = booked(loop, cast)
    cancel_meeting(meeting=meeting, all_later=False, by=cast.ben, now=NOW)
    url, there = at(loop, page, meeting), at(loop, "meeting", meeting)

    asked = [signed_in(person).get(url) for person in (cast.amira, cast.ben)]
    again = signed_in(cast.ben).post(url)
    strange = [signed_in(cast.chris).get(url).status_code, signed_in(cast.chris).post(url).status_code]

    assert [(one.status_code, one.headers.get("Location")) for one in (*asked, again)] == [(302, there)] * 3
    assert strange == [404, 404]


def test_pressed_twice_it_is_cancelled_once_and_its_page_leads_to_other_times(
    cast: Cast, loop: Loop, signed_in: SignedIn
) -> None:
    meeting = booked(loop, cast)
    ben, url = signed_in(cast.ben), at(loop, "meeting-cancellation", meeting)

    ben.post(url)
    page = ben.post(url, follow=True).content.decode()
    Loop.objects.update(state=Loop.State.RESTING)
    resting = ben.get(at(loop, "meeting", meeting)).content.decode()

    assert Delivery.objects.filter(kind="loops.meeting_cancelled").count() == 2
    offer = f'href="{at(loop, "meeting-new")}"'
    assert ("This meeting was cancelled." in page, offer in page, offer in resting) == (True, True, False)


def test_fixed_ourselves_books_at_once_and_twice_is_once(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    form = {"first": typed(NOW + DAY), "minutes": "45", "place": "", "how": "fixed"}

    for _ in range(2):
        signed_in(cast.ben).post(at(loop, "meeting-new"), form)

    assert [(one.state, one.starts_at) for one in Meeting.objects.all()] == [("booked", NOW + DAY)]
    assert len(files()) == 2


def test_a_participant_downloads_their_own_file(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    meeting = booked(loop, cast)

    answer = signed_in(cast.ben).get(at(loop, "meeting-calendar", meeting))

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["ATTENDEE"] == "mailto:ben@northwind.example"
    codes = [signed_in(who).get(at(loop, "meeting-calendar", meeting)).status_code for who in (cast.chris, cast.dana)]
    assert codes == [404, 404]


@pytest.mark.parametrize(
    ("zone", "moment", "words"),
    [
        ("Europe/Lisbon", "2027-03-28T01:30", "this time does not exist"),
        ("Europe/Helsinki", "2027-10-31T03:30", "this time comes twice"),
        ("Asia/Kathmandu", "2026-11-01T09:00", "This time is over"),
        ("Asia/Kathmandu", "2027-12-01T09:00", "This is more than a year away"),
        ("America/Los_Angeles", "9999-12-31T23:59", "Please check the year"),
        ("Asia/Kathmandu", "0001-01-01T00:00", "Please check the year"),
        ("Asia/Kathmandu", "next Thursday", "Please write a day and a time"),
        ("Asia/Kathmandu", "", "At least one time is needed"),
    ],
)
def test_times_that_cannot_be_are_asked_again_and_kept(
    cast: Cast, loop: Loop, signed_in: SignedIn, zone: str, moment: str, words: str
) -> None:
    cast.amira.time_zone = zone
    cast.amira.save()

    answer = signed_in(cast.amira).post(
        at(loop, "meeting-new"), {"first": moment, "minutes": "45", "place": "The bench", "how": "offer"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert f'value="{moment}"' in page or not moment
    assert 'value="The bench"' in page
    assert Meeting.objects.count() == 0


def test_other_times_are_offered_instead(cast: Cast, loop: Loop, open_scope: None) -> None:
    offer = propose_times(loop=loop, times=[NOW + DAY], minutes=30, place="", by=cast.amira, now=NOW)

    propose_times(loop=loop, times=[NOW + 2 * DAY], minutes=45, place="", by=cast.ben, now=NOW, meeting=offer)

    assert [(one.by, one.minutes, [t.starts_at for t in times_of(one)]) for one in Meeting.objects.all()] == [
        (cast.ben, 45, [NOW + 2 * DAY])
    ]
    told = Delivery.objects.filter(kind="loops.times_offered").order_by("pk").values_list("to", flat=True)
    assert list(told) == ["ben@northwind.example", "amira@northwind.example"]


def test_a_letter_of_times_names_them_on_its_readers_own_clock(cast: Cast, loop: Loop, open_scope: None) -> None:
    cast.ben.time_zone = "Asia/Singapore"
    cast.ben.save()
    offer = propose_times(loop=loop, times=[NOW + 3 * DAY, NOW + DAY], minutes=30, place="", by=cast.amira, now=NOW)
    propose_times(loop=loop, times=[NOW + 2 * DAY], minutes=30, place="", by=cast.ben, now=NOW, meeting=offer)

    letters = Delivery.objects.filter(kind="loops.times_offered").order_by("pk")

    said = [re.findall(r"^\w+ \d+ \w+ 2026, .*$", letter.text, re.MULTILINE) for letter in letters]
    assert said == [
        ["Tuesday 24 November 2026, 18:00 (Singapore)", "Thursday 26 November 2026, 18:00 (Singapore)"],
        ["Wednesday 25 November 2026, 10:00 (UTC)"],
    ]


def test_a_time_to_pick_reads_with_the_others_clock_apart(
    cast: Cast, loop: Loop, open_scope: None, signed_in: Callable[..., Client]
) -> None:
    Person.objects.filter(pk=cast.ben.pk).update(time_zone="Asia/Singapore")
    offer = propose_times(loop=loop, times=[NOW + 3 * DAY], minutes=30, place="", by=cast.ben, now=NOW)

    page = signed_in(cast.amira).get(reverse("loops:meeting", args=[loop.public_id, offer.public_id]))

    button = re.search(r'name="time".*?</button>', page.content.decode(), re.DOTALL)
    assert button is not None
    assert re.sub(r"<[^>]+>", "", button[0].split(">", 1)[1]) == "Thursday, 10:00 (18:00 for Ben)"


def test_a_time_that_is_over_or_was_taken_back_cannot_be_picked(cast: Cast, loop: Loop, open_scope: None) -> None:
    offer = propose_times(loop=loop, times=[NOW + DAY], minutes=30, place="", by=cast.amira, now=NOW)
    (time,) = times_of(offer)

    with pytest.raises(TimeIsOver):
        pick_time(meeting=offer, time=time, by=cast.ben, now=NOW + 2 * DAY)
    cancel_meeting(meeting=Meeting.objects.get(), all_later=False, by=cast.amira, now=NOW)
    with pytest.raises(Changed):
        pick_time(meeting=offer, time=time, by=cast.ben, now=NOW)

    assert files() == []


def test_two_do_not_meet_twice_at_one_time(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    offer = propose_times(loop=loop, times=[NOW + DAY], minutes=30, place="", by=cast.amira, now=NOW)
    held = booked(loop, cast, NOW + DAY)
    other = booked(loop, cast, NOW + 2 * DAY)
    half_on = typed(NOW + DAY + timedelta(minutes=30))
    ben = signed_in(cast.ben)

    picked = ben.post(at(loop, "meeting-pick", offer), {"time": times_of(offer)[0].public_id}, follow=True)
    fixed = ben.post(at(loop, "meeting-new"), {"first": half_on, "minutes": "45", "place": "zq-bench", "how": "fixed"})
    offered = ben.post(
        at(loop, "meeting-new"), {"first": half_on, "minutes": "45", "place": "zq-bench", "how": "offer"}
    )
    moved = ben.post(at(loop, "meeting-move", other), {"starts_at": half_on, "minutes": "45", "place": "zq-bench"})
    by_itself = ben.post(at(loop, "meeting-move", held), {"starts_at": half_on, "minutes": "45", "place": ""})

    words = "You two already meet at that time, on Tuesday 24 November 2026, 10:00."
    assert [words in page.content.decode() for page in (picked, fixed, offered, moved)] == [True] * 4
    assert [page.status_code for page in (picked, fixed, offered, moved, by_itself)] == [200, 422, 422, 422, 302]
    assert ["zq-bench" in page.content.decode() for page in (fixed, offered, moved)] == [True] * 3
    assert [one.starts_at for one in coming_in(loop, NOW)] == [NOW + DAY + timedelta(minutes=30), NOW + 2 * DAY]


def test_a_meeting_may_begin_when_the_one_before_ends(cast: Cast, loop: Loop, open_scope: None) -> None:
    booked(loop, cast, NOW + DAY)
    booked(loop, cast, NOW + DAY + timedelta(minutes=45))
    booked(loop, cast, NOW + DAY - timedelta(minutes=45))

    assert len(coming_in(loop, NOW)) == 3


def test_a_fourth_time_is_refused(cast: Cast, loop: Loop, open_scope: None) -> None:
    with pytest.raises(ValueError, match="Between one and three"):
        propose_times(
            loop=loop, times=[NOW + n * DAY for n in (1, 2, 3, 4)], minutes=30, place="", by=cast.amira, now=NOW
        )


# --- series -----------------------------------------------------------------------------------------


def weekly(loop: Loop, cast: Cast) -> list[Meeting]:
    """Four Thursdays at half past nine in Lisbon, across the spring change of clocks."""
    live_in_different_zones(cast)
    first = datetime(2027, 3, 11, 9, 30, tzinfo=LISBON)
    book_meeting(
        loop=loop, starts_at=first, minutes=45, place="", by=cast.amira, now=NOW, every_days=7, until=date(2027, 4, 1)
    )
    return coming_in(loop, NOW)


def local(loop: Loop) -> list[str]:
    return [one.starts_at.astimezone(LISBON).strftime("%d %b %H:%M") for one in coming_in(loop, NOW) if one.starts_at]


def test_a_series_stays_at_the_same_local_time(cast: Cast, loop: Loop, open_scope: None) -> None:
    meetings = weekly(loop, cast)

    assert local(loop) == ["11 Mar 09:30", "18 Mar 09:30", "25 Mar 09:30", "01 Apr 09:30"]
    assert meetings[3].starts_at == datetime(2027, 4, 1, 8, 30, tzinfo=UTC)
    assert len(files()) == 2  # one letter each for the whole series


def test_one_of_a_series_moves_alone(cast: Cast, loop: Loop, open_scope: None) -> None:
    second = weekly(loop, cast)[1]

    move_meeting(
        meeting=second, starts_at=datetime(2027, 3, 19, 15, 0, tzinfo=LISBON), minutes=45, place="", for_good=False,
        by=cast.ben, now=NOW,
    )  # fmt: skip

    assert local(loop) == ["11 Mar 09:30", "19 Mar 15:00", "25 Mar 09:30", "01 Apr 09:30"]
    master, moved = files()[-1].walk("VEVENT")
    assert (master["SEQUENCE"], master["RRULE"]["COUNT"]) == (1, [4])
    assert moved.decoded("RECURRENCE-ID") == datetime(2027, 3, 18, 9, 30, tzinfo=LISBON)


def test_a_series_moves_for_good_from_one_on(cast: Cast, loop: Loop, open_scope: None) -> None:
    second = weekly(loop, cast)[1]

    move_meeting(
        meeting=second, starts_at=datetime(2027, 3, 19, 15, 0, tzinfo=LISBON), minutes=45, place="", for_good=True,
        by=cast.ben, now=NOW,
    )  # fmt: skip

    assert local(loop) == ["11 Mar 09:30", "19 Mar 15:00", "26 Mar 15:00", "02 Apr 15:00"]
    events = files()[-1].walk("VEVENT")
    assert len({str(event["UID"]) for event in events}) == 1
    assert len(events) == 4  # the rule and three that moved


def test_one_of_a_series_or_the_rest_is_cancelled(cast: Cast, loop: Loop, open_scope: None) -> None:
    meetings = weekly(loop, cast)

    cancel_meeting(meeting=meetings[1], all_later=False, by=cast.ben, now=NOW)
    assert local(loop) == ["11 Mar 09:30", "25 Mar 09:30", "01 Apr 09:30"]
    assert str(files()[-1]["METHOD"]) == "REQUEST"

    cancel_meeting(meeting=meetings[0], all_later=True, by=cast.ben, now=NOW)
    assert local(loop) == []
    assert str(files()[-1]["METHOD"]) == "CANCEL"


def test_a_series_offered_begins_when_a_time_is_picked(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    form = {"first": typed(NOW + DAY), "minutes": "45", "place": "", "every_days": "14", "how": "offer"}
    refused = signed_in(cast.amira).post(at(loop, "meeting-new"), form)
    assert "A series needs a last day." in refused.content.decode()

    signed_in(cast.amira).post(at(loop, "meeting-new"), {**form, "until": "2027-01-10"})
    offer = Meeting.objects.get()
    signed_in(cast.ben).post(at(loop, "meeting-pick", offer), {"time": times_of(offer)[0].public_id})

    assert [one.starts_at for one in coming_in(loop, NOW)] == [NOW + DAY + n * timedelta(days=14) for n in range(4)]


@pytest.mark.row("U-06")
@pytest.mark.parametrize("name", ["meetings", "loop"])
def test_more_meetings_ask_no_more_questions(cast: Cast, loop: Loop, signed_in: SignedIn, name: str) -> None:
    browser, counts = signed_in(cast.amira), []
    for more in (1, 3):
        for n in range(more):
            booked(loop, cast, starts_at=NOW + timedelta(days=more, hours=n))
            Meeting.objects.create(
                loop=loop, by=cast.ben, state="booked", starts_at=NOW - timedelta(days=more, hours=n), made_at=NOW
            )
        browser.get(at(loop, name))
        with CaptureQueriesContext(connection) as asked:
            browser.get(at(loop, name))
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_an_offer_shows_on_the_loops_page_also_while_another_meeting_is_booked(
    cast: Cast, loop: Loop, signed_in: SignedIn
) -> None:
    booked(loop, cast)
    offer = propose_times(loop=loop, times=[NOW + 9 * DAY], minutes=30, place="", by=cast.amira, now=NOW)

    bens, amiras = (signed_in(one).get(at(loop, "loop")).content.decode() for one in (cast.ben, cast.amira))

    assert "Amira also offers times for another meeting, the first on Wednesday 2 December: pick one" in bens
    assert "Ben has your times for another meeting, the first on Wednesday 2 December: look at the offer" in amiras
    assert (at(loop, "meeting", offer) in bens, at(loop, "meeting", offer) in amiras) == (True, True)


@pytest.mark.row("X-04")
def test_the_label_of_a_meeting_says_that_its_day_is_seen(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    meeting = booked(loop, cast)

    page = signed_in(cast.amira).get(at(loop, "meeting", meeting)).content.decode()

    assert "Coordinators cannot. They see the day alone, on your card." in page
