"""The desk's page: items are taken, passed on and let rest; figures, long lines and the way back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from tests.web.desks import DAY, HERE, TODAY, Browser, desk, pair, waiting
from twoway.history.kept import forget_figures
from twoway.history.models import Event
from twoway.loops.models import Meeting, MeetingAnswer
from twoway.loops.queries.desk import is_quiet, is_stuck, loop_needs, loops_by_step
from twoway.loops.queries.loop import sponsored_loops
from twoway.loops.steps import Step
from twoway.outbox.models import Delivery
from twoway.people.models import DeskNote, Notification
from twoway.signup.models import Application
from twoway.web.worklist import desk_of


def test_an_empty_desk_says_what_would_be_here(cast: Cast, signed_in: Browser) -> None:
    page = signed_in(cast.chris).get(HERE).content.decode()

    assert ("The desk is clear" in page, "Nobody needs you now" in page) == (True, True)


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
        ("matched", 1, 1), ("met", 1, 1), ("agreed", 0, 1), ("regular", 0, 1),
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
            loop.agreed_at = NOW if n % 4 else None
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
        for step in (Step.MATCHED, Step.MET, Step.AGREED, Step.REGULAR)
    }
    assert 10 < steps[Step.AGREED] < len(cards) - 10
    assert 10 < steps[Step.REGULAR] < steps[Step.MET] < steps[Step.MATCHED]


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


def test_a_desk_asks_few_questions_where_nothing_waits(cast: Cast, signed_in: Browser) -> None:
    chris, counts = signed_in(cast.chris), []
    chris.get(HERE)

    for path in (HERE, "/"):
        with CaptureQueriesContext(connection) as questions:
            chris.get(path)
        counts.append(len(questions))

    assert (counts[0] <= 18, counts[1] <= 19) == (True, True)


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
