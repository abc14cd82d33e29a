"""The one next step on home: the order we promise, and the words of each."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.factories import NOW
from twoway.web.next_step import Agreed, Entry, Facts, InLoop, Proposed, Wishing, next_step

LOOP = InLoop(other="Ben", url="/loop/", new_meeting_url="/new/", agenda_url="/agenda/", mine_to_keep=True)

DAY = timedelta(days=1)

BOOKED = replace(LOOP, next_at=NOW + 3 * DAY, next_day="Thursday", next_words="Thursday, 14:00", questions=1)

EVERYTHING = Facts(
    entries=[Entry("Shore", "started", "/join/"), Entry("Grow", "sent", "/sent/")],
    proposals=[Proposed("Ines", "mentee", "Grow", "/proposal/")],
    agreed=[Agreed("Lena", "/noted/", by="Chris", until="tomorrow, 10:00")],
    loops=[
        replace(BOOKED, met_at=NOW - DAY, answer_url="/answer/"),
        replace(LOOP, offered_url="/offer/"),
        LOOP,
        replace(BOOKED, questions=0),
    ],
    takes_part=True,
)


def test_the_first_step_that_fits_is_the_next_one_in_the_order_we_promise() -> None:
    one_by_one = [
        EVERYTHING,
        replace(EVERYTHING, entries=EVERYTHING.entries[1:]),
        replace(EVERYTHING, entries=[]),
        replace(EVERYTHING, entries=[], proposals=[]),
        replace(EVERYTHING, entries=[], proposals=[], agreed=[]),
        replace(EVERYTHING, entries=[], proposals=[], agreed=[], loops=EVERYTHING.loops[1:]),
        replace(EVERYTHING, entries=[], proposals=[], agreed=[], loops=EVERYTHING.loops[2:]),
        replace(EVERYTHING, entries=[], proposals=[], agreed=[], loops=EVERYTHING.loops[3:]),
        Facts(loops=[replace(BOOKED, unread=1)], takes_part=True),
        Facts(loops=[BOOKED], takes_part=True),
        Facts(),
    ]

    kinds = [next_step(facts).kind for facts in one_by_one]

    assert kinds == [
        "form", "address", "proposal", "noted", "met", "pick", "offer", "question", "read", "nothing", "new",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "facts,words",
    [
        (Facts(entries=[Entry("Grow", "started", "/join/", open=False)], takes_part=True), "Nothing needs you now"),
        (Facts(entries=[Entry("Grow", "waiting", "/sent/")]), "Your turn is done, for now"),
        (Facts(entries=[Entry("Grow", "expected", "/join/")]), "You are invited to Grow"),
        (Facts(proposals=[Proposed("Amira", "mentor", "Grow", "/p/")]), "Would you like to be there for Amira?"),
        (Facts(loops=[replace(LOOP, has_met=True)]), "Find the next time with Ben"),
        (Facts(loops=[replace(LOOP, has_met=True), replace(LOOP, other="Lena")]), "Find a first time with Lena"),
        (Facts(loops=[replace(LOOP, i_offered=True)]), "Nothing needs you now"),
        (Facts(loops=[replace(LOOP, may_write=False)], takes_part=True), "Nothing needs you now"),
        (Facts(loops=[replace(BOOKED, questions=0, mine_to_keep=False)]), "All set until Thursday"),
        (Facts(loops=[BOOKED, replace(BOOKED, unread=1)]), "Ben wrote to you"),
        (Facts(loops=[replace(LOOP, i_offered=True, unread=3)]), "Ben wrote to you: 3 messages"),
        (Facts(agreed=[Agreed("Ines", "/p/")], takes_part=True), "You said yes to meeting Ines"),
        (
            Facts(agreed=[Agreed("Ines", "/p/", by="Chris")], loops=[BOOKED], takes_part=True),
            "All set until Thursday",
        ),
        (Facts(agreed=[Agreed("Ines", "/p/", by="Chris")], takes_part=True), "Chris noted your yes to meeting Ines"),
        (
            Facts(agreed=[Agreed("Ines", "/p/", by="Chris", until="tomorrow, 10:00")], loops=[BOOKED]),
            "Chris noted your yes to meeting Ines",
        ),
        (Facts(loops=[replace(BOOKED, questions=0)]), "Write one question for Thursday"),
        (Facts(wishing=[Wishing("Grow", "/w/", True)], takes_part=True), "Nothing needs you now"),
        (
            Facts(wishing=[Wishing("Grow", "/w/", True), Wishing("Cross", "/v/", False)], takes_part=True),
            "Is there somebody you would like to meet?",
        ),
        (
            Facts(entries=[Entry("Grow", "started", "/join/")], wishing=[Wishing("Cross", "/v/", False)]),
            "Go on with your form for Grow",
        ),
    ],
)
def test_a_step_says_what_it_is_about(facts: Facts, words: str) -> None:
    assert next_step(facts).title == words
