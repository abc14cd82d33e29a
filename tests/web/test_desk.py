"""The desk: each kind of item comes by its reason and goes by being done."""

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from tests.web.desks import DAY, HERE, TODAY, Browser, a_round, desk, entry, kinds, pair, proposal, waiting
from twoway.history.kept import forget_figures
from twoway.loops.actions.meeting import book_meeting
from twoway.loops.models import Loop
from twoway.loops.queries.card import Card, Contact
from twoway.loops.queries.desk import is_quiet, is_stuck
from twoway.matching.models import LeftOver
from twoway.outbox.models import Delivery
from twoway.people.models import Membership
from twoway.signup.models import Invitation
from twoway.web.findings import findings_in
from twoway.web.worklist import desk_of


@pytest.mark.row("D-01")
def test_an_application_is_on_the_desk_until_somebody_has_decided(cast: Cast, signed_in: Browser) -> None:
    one, other = waiting(cast), waiting(cast, "Noah Berg")
    chris = signed_in(cast.chris)
    before = kinds(cast)

    page = chris.get(HERE)
    chris.post("/northwind/grow-together/applications/decision/", {"application": one.public_id, "do": "approve"})

    assert before == [("applications", 2)]
    assert "2 people wait for your yes or no" in page.content.decode()
    assert [item.value for line in desk(cast).lines for item in line.items] == [other.public_id]


@pytest.mark.row("D-01")
def test_a_lines_heading_counts_whom_it_shows(cast: Cast, signed_in: Browser) -> None:
    three = [waiting(cast, name) for name in ("Elif Kaya", "Noah Berg", "Lou Stone")]
    chris = signed_in(cast.chris)
    said = []
    for one in three:
        [line] = desk(cast).lines
        said.append((line.title, line.count))
        chris.post(f"{HERE}note/", {"key": f"application {one.public_id}", "do": f"rest:{TODAY + 7 * DAY}"})

    assert said == [
        ("3 people wait for your yes or no", 3), ("2 people wait for your yes or no", 2),
        ("1 person waits for your yes or no", 1),
    ]  # fmt: skip


@pytest.mark.row("D-01", "F-09")
def test_nobody_is_ticked_before_the_coordinator_ticks_them(cast: Cast, signed_in: Browser) -> None:
    waiting(cast), waiting(cast, "Noah Berg")

    boxes = re.findall(r'<input type="checkbox" name="application"[^>]*>', signed_in(cast.chris).get(HERE).text)

    assert [" checked" in box for box in boxes] == [False, False]


@pytest.mark.row("D-01")
def test_a_suggestion_is_on_the_desk_until_a_letter_went_out(cast: Cast) -> None:
    with scopes_disabled():
        one = factories.application(cast.autumn, source="invitation")
        made = Invitation.objects.create(application=one, by=cast.ben, suggested=True, made_at=NOW)
        before = kinds(cast)
        made.sent_at = NOW
        made.save()

    assert (before, kinds(cast)) == ([("suggestions", 1)], [])


@pytest.mark.row("D-01")
def test_drafts_wait_until_they_are_published(cast: Cast) -> None:
    with scopes_disabled():
        draft = proposal(cast, round=a_round(cast, NOW - DAY))
        before = desk(cast).lines[0]
        draft.state, draft.published_at = "published", NOW
        draft.save()

    assert (before.kind, before.items[0].title, before.items[0].reason) == (
        "drafts", "Autumn round", "1 draft, seen by nobody else yet",
    )  # fmt: skip
    assert kinds(cast) == []


@pytest.mark.row("D-01")
@pytest.mark.parametrize("lapses_in,found", [(2, [("running-out", 1)]), (3, [])])
def test_a_proposal_comes_up_two_days_before_it_runs_out(
    cast: Cast, lapses_in: int, found: list[tuple[str, int]]
) -> None:
    proposal(cast, state="published", published_at=NOW, told_at=NOW, lapses_at=NOW + lapses_in * DAY)

    assert kinds(cast) == found


@pytest.mark.row("D-01")
def test_what_ran_out_is_there_until_the_mentee_has_somebody_else(cast: Cast) -> None:
    proposal(cast, state="ended", end="lapsed", published_at=NOW - 9 * DAY, ended_at=NOW - DAY)
    before = kinds(cast)

    pair(cast, NOW)

    assert (before, kinds(cast)) == ([("lapsed", 1)], [])


@pytest.mark.row("D-01")
@pytest.mark.parametrize("days,words", [(0, "open until 31 December"), (1, "open until 1 January 2027")])
def test_a_line_says_the_year_of_a_day_in_another_year(cast: Cast, days: int, words: str) -> None:
    last_of_the_year = NOW.replace(month=12, day=31)
    proposal(cast, state="published", published_at=NOW, told_at=NOW, lapses_at=last_of_the_year + days * DAY)

    with time_machine.travel(last_of_the_year - DAY, tick=False), scopes_disabled():
        (line,) = desk_of(cast.grow, last_of_the_year - DAY).lines

    assert [item.reason for item in line.items] == [words]


@pytest.mark.row("D-01")
@pytest.mark.parametrize("days,found", [(13, []), (14, [("unmatched", 1)])])
def test_somebody_without_a_mentor_comes_up_fourteen_days_after_the_round(
    cast: Cast, days: int, found: list[tuple[str, int]]
) -> None:
    with scopes_disabled():
        round = a_round(cast, NOW - days * DAY)
        LeftOver.objects.create(round=round, application=entry(cast, cast.amira), role="mentee", cause="no_seat")

    assert kinds(cast) == found


@pytest.mark.row("D-01")
def test_nobody_who_is_away_is_on_the_desk(cast: Cast) -> None:
    with scopes_disabled():
        round = a_round(cast, NOW - 20 * DAY)
        LeftOver.objects.create(round=round, application=entry(cast, cast.amira), role="mentee", cause="no_seat")
        third = factories.application(cast.autumn, factories.person("Lena Vogt")).membership
    pair(cast, NOW - 90 * DAY, mentee=third)
    before = kinds(cast)

    with scopes_disabled():
        Membership.objects.filter(pk__in=[cast.amira_member.pk, third.pk]).update(available=False)
    forget_figures()

    assert (before, kinds(cast)) == ([("unmatched", 1), ("quiet", 1)], [])


@pytest.mark.row("D-01")
def test_a_loop_without_a_meeting_comes_up_and_goes_when_one_is_booked(cast: Cast) -> None:
    loop = pair(cast, NOW - 25 * DAY)
    Loop.objects.update(last_contact_at=NOW - 2 * DAY)
    before = desk(cast).lines

    with scopes_disabled():
        book_meeting(loop=loop, starts_at=NOW + DAY, minutes=45, place="", by=cast.ben, now=NOW)

    assert [(line.kind, line.items[0].title, line.items[0].reason) for line in before] == [
        ("stuck", "Amira Mansour with Ben Kowalski", "25 days, no meeting yet")
    ]
    assert kinds(cast) == []


def card(**facts: Any) -> Card:
    usual = {
        "kind": "", "since": date(2026, 1, 1), "steps": (), "meetings_held": 0, "last_met_on": None,
        "next_meeting_on": None, "rhythm_days": 14, "review_on": None, "last_contact": Contact.NONE_YET,
        "away": False, "resting": False,
    }  # fmt: skip
    return Card(**{**usual, **facts})


@pytest.mark.row("D-01")
@pytest.mark.parametrize(
    "rhythm,days,stuck",
    [(7, 21, False), (7, 22, True), (14, 21, False), (14, 22, True), (20, 30, False), (20, 31, True)],
)
def test_stuck_is_the_longer_of_21_days_and_one_and_a_half_rhythms(rhythm: int, days: int, stuck: bool) -> None:
    assert is_stuck(card(rhythm_days=rhythm, since=TODAY - days * DAY), TODAY) is stuck
    assert is_stuck(card(rhythm_days=rhythm, last_met_on=TODAY - days * DAY), TODAY) is stuck


@pytest.mark.row("D-01")
@pytest.mark.parametrize(
    "rhythm,contact,days,quiet",
    [
        (14, Contact.NONE_YET, 28, False),
        (14, Contact.NONE_YET, 29, True),
        (14, Contact.THIS_WEEK, 90, False),
        (14, Contact.THIS_MONTH, 90, False),
        (14, Contact.LONGER, 20, True),
        (30, Contact.LONGER, 60, False),
        (30, Contact.LONGER, 61, True),
    ],
)
def test_quiet_is_what_a_card_can_tell_of_two_rhythms(rhythm: int, contact: Contact, days: int, quiet: bool) -> None:
    """A card says week, month or longer and no more, so nothing finer is known here."""
    seen = card(rhythm_days=rhythm, last_contact=contact, since=TODAY - days * DAY)

    assert is_quiet(seen, TODAY) is quiet


@pytest.mark.row("D-01")
def test_an_address_that_takes_no_letter_is_there_until_one_arrives(cast: Cast) -> None:
    with scopes_disabled():
        expected = factories.application(cast.autumn, address="zoe@nowhere.example")
    letter = {"kind": "signup.invitation", "to": "Zoe@nowhere.example", "programme": cast.grow.pk, "subject": "s",
              "text": "t", "message_id": "m"}  # fmt: skip
    Delivery.objects.create(key="1", state="failed", made_at=NOW - 3 * DAY, **letter)
    before = desk(cast).lines[0].items

    Delivery.objects.create(key="2", state="sent", made_at=NOW - DAY, **letter | {"to": "Zoe@nowhere.example"})

    assert [(item.title, item.url) for item in before] == [
        ("Zoe@nowhere.example", f"/northwind/grow-together/people/{expected.public_id}/")
    ]
    assert kinds(cast) == []


@pytest.mark.row("D-01")
def test_a_new_programme_whose_sign_up_is_off_says_so_until_somebody_is_in(cast: Cast) -> None:
    with scopes_disabled():
        new = factories.programme(cast.northwind, "New", sign_up_on=False)
        before = [found.kind for found in findings_in(new, NOW)]
        new.sign_up_on = True
        switched = [found.kind for found in findings_in(new, NOW)]
        new.sign_up_on = False
        factories.membership(factories.person("First"), new, "mentor")

        assert (before, switched, findings_in(new, NOW)) == (["closed"], [], [])


def test_a_missing_contact_old_support_lines_and_near_dates_are_there_until_seen_to(cast: Cast) -> None:
    with scopes_disabled():
        cast.grow.duty_of_care = "named_contact"
        cast.grow.save()
        line = factories.support_line(cast.grow, checked_on=TODAY - 181 * DAY)
        cast.autumn.sign_up_closes_on = TODAY + 3 * DAY
        cast.autumn.save()
        before = kinds(cast)
        line.checked_on = TODAY
        line.save()
        factories.office(factories.person("Deputy"), "safeguarding", cast.grow, first=False)
        cast.autumn.sign_up_closes_on = TODAY + 30 * DAY
        cast.autumn.save()

    assert before == [("contact", 1), ("dates", 1), ("support", 1)]
    assert kinds(cast) == []
