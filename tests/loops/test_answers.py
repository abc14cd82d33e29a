"""Did it happen? And the steps that follow from it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.factories import NOW
from twoway.history.queries import events_of_programme
from twoway.loops.actions.answer import answer_meeting
from twoway.loops.actions.meeting import record_talk
from twoway.loops.models import Loop, Meeting, MeetingAnswer
from twoway.loops.queries import card_of
from twoway.loops.queries.meeting import all_in
from twoway.loops.tasks import ask_after_meetings
from twoway.outbox.models import Delivery
from twoway.people.models import Person

SignedIn = Callable[[Person | None], Client]
pytestmark = pytest.mark.row("L-07")
DAY = timedelta(days=1)


@pytest.fixture
def over(cast: Cast, loop: Loop) -> Meeting:
    """A meeting of yesterday, from nine to a quarter to ten."""
    return Meeting.objects.create(
        loop=loop, by=cast.amira, state="booked", starts_at=NOW - DAY - timedelta(hours=1), minutes=45, made_at=NOW
    )


def say(meeting: Meeting, by: Person, happened: bool | None, **more: Any) -> MeetingAnswer:
    said = {"take_away": "", "take_away_shared": False, "next_step": "", "heard": False, **more}
    return answer_meeting(meeting=meeting, happened=happened, by=by, now=NOW, **said)


def began(loop: Loop, moment: datetime) -> None:
    loop.opened_at = moment
    loop.save(update_fields=["opened_at"])


def at(meeting: Meeting, name: str = "meeting-answer") -> str:
    return reverse(f"loops:{name}", args=[meeting.loop.public_id, meeting.public_id])


@pytest.mark.row("L-09")
@pytest.mark.parametrize(
    ("amira", "ben", "held"),
    [
        (None, None, 0), (True, None, 1), (None, True, 1), (True, True, 1), (False, None, 0), (True, False, 0),
        (False, True, 0), (False, False, 0),
    ],
)  # fmt: skip
def test_held_is_at_least_one_yes_and_no_no(
    cast: Cast, over: Meeting, open_scope: None, amira: bool | None, ben: bool | None, held: int
) -> None:
    say(over, cast.amira, amira)
    say(over, cast.ben, ben)

    assert card_of(over.loop, NOW).meetings_held == held
    assert all_in(over.loop, NOW).card_of(over.loop) == card_of(over.loop, NOW)  # the two see what the programme sees


def test_both_are_asked_on_the_page_and_one_press_answers(cast: Cast, over: Meeting, signed_in: SignedIn) -> None:
    page = reverse("loops:loop", args=[over.loop.public_id])
    for person, other in ((cast.amira, "Ben"), (cast.ben, "Amira")):
        browser = signed_in(person)
        assert f"Did you and {other} meet?" in browser.get(page).content.decode()
        browser.post(at(over), {"happened": "yes"})
        assert "Did you and" not in browser.get(page).content.decode()

    assert list(over.answers.order_by("pk").values_list("person", "happened")) == [
        (cast.amira.pk, True), (cast.ben.pk, True),
    ]  # fmt: skip


def test_a_contradiction_is_shown_to_both_and_counts_as_not_held(
    cast: Cast, over: Meeting, signed_in: SignedIn
) -> None:
    say(over, cast.amira, True)
    say(over, cast.ben, False)

    for person in (cast.amira, cast.ben):
        for path in (at(over, "meeting"), reverse("loops:loop", args=[over.loop.public_id])):
            assert "You two remember it differently" in signed_in(person).get(path).content.decode()
    assert card_of(over.loop, NOW).meetings_held == 0


@pytest.mark.row("X-04")
@pytest.mark.definition("A5")
@pytest.mark.parametrize("shared", [False, True])
def test_what_i_take_with_me_is_mine_unless_ticked(
    cast: Cast, over: Meeting, signed_in: SignedIn, shared: bool
) -> None:
    form = {"happened": "yes", "take_away": "Token-take", "next_step": "Token-step"}
    signed_in(cast.amira).post(at(over), {**form, **({"take_away_shared": "on"} if shared else {})})
    pages = [at(over, "meeting"), at(over), reverse("loops:meetings", args=[over.loop.public_id])]

    mine = signed_in(cast.amira).get(at(over, "meeting")).content.decode()
    assert ("Only you can see this" in mine) is not shared
    words = "".join(signed_in(cast.ben).get(path).content.decode() for path in pages)
    assert ("Token-take" in words) is shared
    assert "Token-step" in words


def test_being_heard_is_a_good_answer_and_nothing_is_required(cast: Cast, over: Meeting, signed_in: SignedIn) -> None:
    assert signed_in(cast.amira).post(at(over), {"heard": "on"}).status_code == 302
    assert signed_in(cast.ben).post(at(over), {}).status_code == 302

    page = signed_in(cast.ben).get(at(over, "meeting")).content.decode()
    assert "No step today: being heard was what counted." in page


def test_we_have_talked_counts_any_day_and_by_any_channel(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    path = reverse("loops:meeting-past", args=[loop.public_id])
    day = (NOW - 3 * DAY).date()
    began(loop, NOW - 20 * DAY)

    for _ in range(2):
        signed_in(cast.ben).post(path, {"day": day.isoformat()})

    assert [(one.already_met, one.starts_at.date()) for one in Meeting.objects.all() if one.starts_at] == [(True, day)]
    card = card_of(loop, NOW)
    assert (card.meetings_held, card.last_met_on) == (1, day)
    assert Delivery.objects.exclude(calendar="").count() == 0


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "This day is still to come."),
        (-11, "You two began here on 13 November 2026."),
        (-400, "more than a year ago"),
    ],
)
def test_a_talk_of_tomorrow_or_before_they_began_is_asked_again_and_what_was_typed_stays(
    cast: Cast, loop: Loop, signed_in: SignedIn, days: int, words: str
) -> None:
    path = reverse("loops:meeting-past", args=[loop.public_id])
    typed = (NOW + days * DAY).date().isoformat()
    began(loop, NOW - 10 * DAY)

    answer = signed_in(cast.ben).post(path, {"day": typed})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert f'value="{typed}"' in page
    assert Meeting.objects.count() == 0


def test_a_talk_of_their_first_day_comes_after_they_were_matched(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    began_at = (NOW - 3 * DAY).replace(hour=17)
    began(loop, began_at)

    signed_in(cast.ben).post(
        reverse("loops:meeting-past", args=[loop.public_id]), {"day": began_at.date().isoformat()}
    )  # fmt: skip

    assert [one.starts_at for one in Meeting.objects.all()] == [began_at]


def test_a_talk_on_the_day_of_a_booked_meeting_is_that_meeting(cast: Cast, over: Meeting, open_scope: None) -> None:
    found = record_talk(loop=over.loop, starts_at=NOW - DAY, by=cast.ben, now=NOW)

    assert found == over
    assert Meeting.objects.count() == 1


def test_the_letter_comes_once_the_next_morning_to_whoever_has_not_said(
    cast: Cast, over: Meeting, open_scope: None
) -> None:
    cast.ben.time_zone = "Asia/Kathmandu"
    cast.ben.save()
    say(over, cast.amira, None)
    MeetingAnswer.objects.all().delete()
    morning = NOW.replace(hour=9, minute=0)

    def asked() -> list[str]:
        return list(Delivery.objects.filter(kind="loops.did_it_happen").order_by("pk").values_list("to", flat=True))

    ask_after_meetings(morning - timedelta(hours=6))
    assert asked() == []
    found = [ask_after_meetings(morning - timedelta(hours=5)) for _again in range(3)]
    assert (found, asked()) == ([1, 0, 0], ["ben@northwind.example"])
    say(over, cast.amira, True)
    for hours in (0, 1, 30):
        ask_after_meetings(morning + timedelta(hours=hours))
    assert asked() == ["ben@northwind.example"]


def test_a_meeting_that_is_not_over_cannot_be_answered(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    to_come = Meeting.objects.create(
        loop=loop, by=cast.amira, state="booked", starts_at=NOW - timedelta(minutes=10), minutes=45, made_at=NOW
    )

    assert signed_in(cast.amira).post(at(to_come), {"happened": "yes"}).status_code == 404


@pytest.mark.row("X-05")
def test_the_office_reads_no_event_of_what_the_two_do(cast: Cast, over: Meeting, open_scope: None) -> None:
    say(over, cast.amira, True)

    assert [event.kind for event in events_of_programme(cast.grow.pk)] == ["loop.opened"]


@pytest.mark.row("L-09")
def test_the_page_shows_the_steps_taken(cast: Cast, over: Meeting, signed_in: SignedIn) -> None:
    page = reverse("loops:loop", args=[over.loop.public_id])
    assert "next: find a time for your first meeting" in signed_in(cast.amira).get(page).content.decode()

    say(over, cast.ben, True)

    assert "next: find a time to meet again" in signed_in(cast.amira).get(page).content.decode()
