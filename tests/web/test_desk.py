"""The desk: each kind of item comes by its reason and goes by being done; coordinators take, pass on and let rest."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from twoway.history.kept import forget_figures
from twoway.history.models import Event
from twoway.loops.actions.loop import open_loop
from twoway.loops.actions.meeting import book_meeting
from twoway.loops.models import Loop, Meeting, MeetingAnswer
from twoway.loops.queries.card import Card, Contact
from twoway.loops.queries.desk import is_quiet, is_stuck, loop_needs, loops_by_step
from twoway.loops.queries.loop import sponsored_loops
from twoway.loops.steps import Step
from twoway.matching.models import LeftOver, Proposal, Round
from twoway.outbox.models import Delivery
from twoway.people.models import DeskNote, Membership, Notification, Person
from twoway.signup.models import Application, Invitation
from twoway.web.worklist import Desk, desk_of

Browser = Callable[..., Client]
DAY = timedelta(days=1)
HERE = "/northwind/grow-together/desk/"


def desk(cast: Cast) -> Desk:
    with scopes_disabled():
        return desk_of(cast.grow, NOW)


def kinds(cast: Cast) -> list[tuple[str, int]]:
    return [(line.kind, len(line.items)) for line in desk(cast).lines]


def waiting(cast: Cast, name: str = "Elif Kaya") -> Application:
    with scopes_disabled():
        one = factories.application(
            cast.autumn, state="waiting", name=name, address=f"{name[:4]}@northwind.example", sent_at=NOW - 2 * DAY,
            adult=True, verified_at=NOW, terms_at=NOW, terms_version=1,
        )  # fmt: skip
        one.person = factories.person(name)
        one.save()
        return one


def pair(cast: Cast, opened_at: datetime, mentee: Membership | None = None) -> Loop:
    with scopes_disabled():
        return open_loop(
            mentee=mentee or cast.amira_member, mentor=cast.ben_member, intake=cast.autumn, by=cast.chris, now=opened_at
        )


def entry(cast: Cast, person: Person) -> Application:
    with scopes_disabled():
        return Application.objects.get(person=person, intake=cast.autumn)


def a_round(cast: Cast, finished_at: datetime) -> Round:
    return Round.objects.create(
        intake=cast.autumn, name="Autumn round", seed="s", state="done", made_at=finished_at, finished_at=finished_at
    )


def proposal(cast: Cast, **fields: Any) -> Proposal:
    with scopes_disabled():
        two = {"mentee": entry(cast, cast.amira), "mentor": entry(cast, cast.ben)}
        return Proposal.objects.create(intake=cast.autumn, made_at=NOW - 9 * DAY, **two, **fields)


# --- what is on it ----------------------------------------------------------------------------------


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


TODAY = NOW.date()


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


def test_an_empty_desk_says_what_would_be_here(cast: Cast, signed_in: Browser) -> None:
    page = signed_in(cast.chris).get(HERE).content.decode()

    assert ("The desk is clear" in page, "Nobody needs you now" in page) == (True, True)


# --- take, pass on, rest ----------------------------------------------------------------------------


@pytest.mark.row("D-01")
def test_a_coordinator_takes_an_item_passes_it_on_and_puts_it_back(cast: Cast, signed_in: Browser) -> None:
    one = waiting(cast)
    nadia = factories.person("Nadia Roth")
    with scopes_disabled():
        factories.office(nadia, "coordinator", cast.grow, first=False)
    chris, key = signed_in(cast.chris), f"application {one.public_id}"
    holders = []
    for do in ("take", f"pass:{nadia.public_id}", "let-go"):
        chris.post(f"{HERE}note/", {"key": key, "do": do})
        holders.append(desk(cast).lines[0].items[0].taken_by)

    assert holders == [cast.chris, nadia, None]
    assert list(Event.objects.filter(kind__startswith="desk.").order_by("pk").values_list("kind", flat=True)) == [
        "desk.taken", "desk.passed_on", "desk.let_go",
    ]  # fmt: skip
    told = Notification.objects.get(person=nadia)
    assert (told.kind, told.facts) == ("people.desk_passed_on", {"programme": "Grow Together", "by": "Chris Hale"})


@pytest.mark.row("D-01")
@pytest.mark.parametrize("all_of_them", [True, False])
def test_what_rests_comes_back_by_itself_on_its_day(cast: Cast, signed_in: Browser, all_of_them: bool) -> None:
    one = waiting(cast)
    key = "all applications" if all_of_them else f"application {one.public_id}"
    chris = signed_in(cast.chris)

    chris.post(f"{HERE}note/", {"key": key, "do": f"rest:{TODAY + 7 * DAY}"})

    with scopes_disabled():
        counts = [desk_of(cast.grow, NOW + days * DAY).count for days in (0, 6, 7)]
    assert counts == [0, 0, 1]
    assert "1 thing rests" in chris.get(HERE).content.decode()
    chris.post(f"{HERE}note/", {"key": key, "do": "wake"})
    assert desk(cast).count == 1


@pytest.mark.parametrize("day", ["", "yesterday", str(TODAY), str(TODAY + 93 * DAY)])
def test_a_day_that_makes_no_sense_is_said_and_nothing_rests(cast: Cast, signed_in: Browser, day: str) -> None:
    waiting(cast)

    page = signed_in(cast.chris).post(f"{HERE}note/", {"key": "all applications", "do": f"rest:{day}"}, follow=True)

    assert "Please choose a day to come, within three months." in page.content.decode()
    assert desk(cast).count == 1


def test_a_note_on_something_that_is_done_or_was_never_there_is_not_kept(cast: Cast, signed_in: Browser) -> None:
    page = signed_in(cast.chris).post(f"{HERE}note/", {"key": "application gone", "do": "take"}, follow=True)

    assert "That is done already." in page.content.decode()
    with scopes_disabled():
        assert DeskNote.objects.count() == 0


def test_nothing_is_passed_on_to_somebody_who_does_not_run_the_programme(cast: Cast, signed_in: Browser) -> None:
    one = waiting(cast)
    body = {"key": f"application {one.public_id}", "do": f"pass:{cast.dana.public_id}"}

    signed_in(cast.chris).post(f"{HERE}note/", body)

    assert desk(cast).lines[0].items[0].taken_by is None


@pytest.mark.row("D-01")
def test_nothing_is_said_of_steps_where_no_loop_goes_on(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)
    before = chris.get(HERE).text

    pair(cast, NOW)

    assert ["of 0 going on" in before, "Loops going on" in before] == [False, True]
    assert "of 1 going on" in chris.get(HERE).text


# --- figures ----------------------------------------------------------------------------------------


@pytest.mark.row("F-05")
def test_the_figures_say_what_is_reached_and_how_many_seats_there_are_for_those_who_wait(
    cast: Cast, signed_in: Browser
) -> None:
    with scopes_disabled():
        cast.grow.wanted_mentors, cast.grow.wanted_mentees = 10, 20
        cast.grow.save()
        third = factories.application(cast.autumn, factories.person("Lena Vogt")).membership
        form = factories.form(cast.grow)
        helps = factories.question(form, "I can help with", "short", asked_of="mentor", what_i_help_with=True)
        factories.answer(Application.objects.get(person=cast.ben), helps, "Writing")
    loop = pair(cast, NOW - 3 * DAY, mentee=third)
    met = Meeting.objects.create(
        loop=loop, by=cast.ben, state="booked", starts_at=NOW - DAY, made_at=NOW, already_met=True
    )
    MeetingAnswer.objects.create(meeting=met, person=cast.ben, happened=True, at=NOW)

    page = signed_in(cast.chris).get(HERE)

    found = page.context["coverage"]
    assert (found.mentors, found.wanted_mentors, found.mentees, found.wanted_mentees) == (1, 10, 2, 20)
    assert (found.seats, found.waiting, page.context["ratio"]) == (1, 1, "1.0")
    assert [(str(step.step.value), step.loops, step.of) for step in page.context["steps"]] == [
        ("matched", 1, 1), ("met", 1, 1), ("regular", 0, 1),
    ]  # fmt: skip


@pytest.mark.row("F-05", "D-01")
def test_the_database_counts_what_the_cards_say(cast: Cast) -> None:
    """Loops of every rhythm and history: the desk's figures and needs are those of their cards, read one by one."""
    minute = timedelta(minutes=1)
    histories = [
        [], [3], [22], [21], [50, 8], [50, 50 - 42], [50 + minute / DAY, 8], [80, 79, 60], [65, 23], [31, -2], [29, 29],
    ]  # fmt: skip
    contacts = [None, 3, 8, 31, 70]
    with scopes_disabled():
        factories.seats(cast.ben, cast.northwind, 60)
        for n, days in enumerate(histories * len(contacts)):
            member = factories.application(cast.autumn, factories.person()).membership
            loop = pair(cast, NOW - 90 * DAY if n % 3 else NOW - (18 + n % 9) * DAY, mentee=member)
            contact = contacts[n % len(contacts)]
            loop.rhythm_days = (3, 7, 14, 14, 30)[n // len(histories)]
            loop.last_contact_at = NOW - contact * DAY if contact is not None else None
            loop.save()
            for number, ago in enumerate(days):
                met = Meeting.objects.create(
                    loop=loop, by=cast.ben, state="booked", starts_at=NOW - ago * DAY, made_at=NOW
                )
                if ago > 0:
                    MeetingAnswer.objects.create(meeting=met, person=cast.ben, happened=n % 7 != number + 5, at=NOW)
        cards = [loop.card for loop in sponsored_loops(cast.grow, now=NOW)]
        needs = sorted(
            (is_quiet(one, TODAY), (TODAY - (one.last_met_on or one.since)).days)
            for one in cards
            if one.next_meeting_on is None and (is_quiet(one, TODAY) or is_stuck(one, TODAY))
        )

        found = loop_needs(cast.grow, NOW)
        steps = {count.step: count.loops for count in loops_by_step(cast.grow, NOW)}

    assert sorted((need.quiet, need.days) for need in found) == needs
    assert 10 < len(needs) < len(cards) - 10
    assert steps == {
        step: sum(taken.step == step and taken.on is not None for one in cards for taken in one.steps)
        for step in (Step.MATCHED, Step.MET, Step.REGULAR)
    }
    assert 10 < steps[Step.REGULAR] < steps[Step.MET] < steps[Step.MATCHED]


# --- size -------------------------------------------------------------------------------------------


@pytest.mark.row("D-01", "U-06")
def test_as_many_questions_to_the_database_for_thirty_items_as_for_three(cast: Cast, signed_in: Browser) -> None:
    chris, counts = signed_in(cast.chris), []
    for number in (3, 27):
        with scopes_disabled():
            factories.seats(cast.ben, cast.northwind, number)
        for n in range(number):
            waiting(cast, f"{number}{n:02} Waiting")
            with scopes_disabled():
                mentee = factories.application(cast.autumn, factories.person()).membership
                Delivery.objects.create(
                    key=f"{number} {n}", kind="signup.joined", to=f"{number}.{n}@nowhere.example", subject="s",
                    text="t", person=mentee.person_id, programme=cast.grow.pk, message_id="m", state="failed",
                    made_at=NOW,
                )  # fmt: skip
            pair(cast, NOW - 60 * DAY, mentee=mentee)
        forget_figures()
        with CaptureQueriesContext(connection) as questions:
            page = chris.get(HERE)
        counts.append((len(questions), page.context["desk"].count))

    assert counts[0][0] == counts[1][0]
    assert [count for _questions, count in counts] == [9, 90]


@pytest.mark.row("D-01")
def test_a_long_line_has_pages_of_its_own(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)
    for n in range(55):
        waiting(cast, f"W{n:02} Waiting")
    with scopes_disabled():
        asleep = Application.objects.get(name="W00 Waiting")
    chris.post(f"{HERE}note/", {"key": f"application {asleep.public_id}", "do": f"rest:{TODAY + 3 * DAY}"})

    page = chris.get(HERE).content.decode()
    line = [chris.get(f"{HERE}?line=applications&page={number}").context["page"] for number in (1, 2)]

    assert f'href="{HERE}?line=applications"' in page
    assert [len(one.object_list) for one in line] == [50, 4]
    named = {item.title for one in line for item in one.object_list}
    assert named == {f"W{n:02} Waiting" for n in range(1, 55)}
    assert desk(cast).count == 54


@pytest.mark.row("D-01")
def test_a_line_that_is_done_leads_back_to_the_desk(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)

    for line in ("applications", "nothing"):
        assert chris.get(f"{HERE}?line={line}")["Location"] == HERE
