"""A time pressed on a page that was opened before the other of the two did something is answered kindly."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.factories import NOW
from twoway.loops.actions.meeting import cancel_meeting, pick_time, propose_times
from twoway.loops.models import Loop, Meeting
from twoway.loops.queries.meeting import times_of
from twoway.people.models import Person

SignedIn = Callable[[Person | None], Client]
pytestmark = [pytest.mark.row("L-05", "U-05"), pytest.mark.usefixtures("open_scope")]
CHANGED = "This meeting has changed since you opened the page. Here is how it stands now."


@pytest.fixture
def offer(cast: Cast, loop: Loop) -> Meeting:
    return propose_times(loop=loop, times=[NOW + timedelta(days=1)], minutes=30, place="", by=cast.amira, now=NOW)


def choose(client: Client, offer: Meeting) -> tuple[list[tuple[str, int]], list[str]]:
    """Where pressing the first time leads, and what is said there."""
    where = reverse("loops:meeting-pick", args=[offer.loop.public_id, offer.public_id])
    page = client.post(where, {"time": times_of(offer)[0].public_id}, follow=True)
    return page.redirect_chain, [str(message) for message in page.context["messages"]]


def test_a_time_taken_back_meanwhile_leads_to_the_loop_and_says_so(
    cast: Cast, offer: Meeting, signed_in: SignedIn
) -> None:
    cancel_meeting(meeting=Meeting.objects.get(), all_later=False, by=cast.amira, now=NOW)

    led, said = choose(signed_in(cast.ben), offer)

    assert led == [(reverse("loops:loop", args=[offer.loop.public_id]), 302)]
    assert said == ["This time was taken back in the meantime, so nothing is booked. You can offer times of your own."]
    assert [meeting.state for meeting in Meeting.objects.all()] == ["cancelled"]


@pytest.mark.parametrize("then", ["", "cancelled"])
def test_a_time_picked_already_leads_to_the_meeting_as_it_is(
    cast: Cast, offer: Meeting, signed_in: SignedIn, then: str
) -> None:
    pick_time(meeting=offer, time=times_of(offer)[0], by=cast.ben, now=NOW)
    if then:
        cancel_meeting(meeting=offer, all_later=False, by=cast.amira, now=NOW)

    led, said = choose(signed_in(cast.ben), offer)

    assert led == [(reverse("loops:meeting", args=[offer.loop.public_id, offer.public_id]), 302)]
    assert said == [CHANGED]
