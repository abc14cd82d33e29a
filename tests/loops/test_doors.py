"""Two doors to loops: one's own participation, and a programme's cards. No other way is written anywhere."""

import dataclasses
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from tests.loops.conftest import booked
from twoway.loops.actions.loop import open_loop
from twoway.loops.actions.message import send_message
from twoway.loops.models import Loop, Participation, Sponsorship
from twoway.loops.queries import (
    Card,
    SponsoredLoop,
    card_of,
    loop_counts,
    loops_of,
    sponsored_loops,
    standing_in,
)
from twoway.loops.queries.desk import placed_mentees
from twoway.people.models import Membership, Person

SignedIn = Callable[[Person | None], Client]
SOURCE = Path(__file__).parents[2] / "src" / "twoway"
MODELS = [model.__name__ for model in apps.get_app_config("loops").get_models()]
BACKWARDS = [
    "participations", "sponsorships", "agenda_items", "offered_times", "meetings", "goals", "goal_steps",
    "goal_entries",
]  # fmt: skip


@pytest.mark.row("X-05")
def test_managers_of_loops_are_named_only_in_models_and_queries() -> None:
    named = re.compile(rf"\b({'|'.join(MODELS)})\.(objects|_default_manager|_base_manager)\b")
    names, asks = "|".join([*BACKWARDS, "messages"]), "all|filter|get|create|update|delete|exclude|values|count"
    backwards = re.compile(rf"(?<!self)\.({names})\.({asks})\b")
    allowed = [SOURCE / "loops" / "models", SOURCE / "loops" / "queries", SOURCE / "loops" / "migrations"]
    found = [
        f"{path.relative_to(SOURCE)}: {match[0]}"
        for path in sorted(SOURCE.rglob("*.py"))
        if not any(shelf in path.parents for shelf in allowed)
        for pattern in (named, backwards)
        for match in pattern.finditer(path.read_text())
    ]
    assert found == []


@pytest.mark.row("L-09")
def test_the_card_holds_exactly_what_is_promised() -> None:
    assert [field.name for field in dataclasses.fields(Card)] == [
        "kind", "since", "steps", "meetings_held", "last_met_on", "next_meeting_on", "rhythm_days", "review_on",
        "last_contact", "away", "resting",
    ]  # fmt: skip
    assert [field.name for field in dataclasses.fields(SponsoredLoop)] == ["mentors", "mentees", "card", "goals"]


@pytest.mark.row("L-09", "X-05")
@pytest.mark.parametrize("sponsorships", [0, 1, 2])
def test_a_programme_sees_a_loop_once_while_it_sponsors_it(
    cast: Cast, loop: Loop, open_scope: None, sponsorships: int
) -> None:
    if sponsorships == 0:
        Sponsorship.objects.filter(loop=loop).update(ended_at=NOW)
    if sponsorships == 2:
        Sponsorship.objects.create(loop=loop, intake=factories.intake(cast.grow, "Spring"), began_at=NOW)

    seen = list(sponsored_loops(cast.grow, now=NOW))

    whole = SponsoredLoop(("Ben Kowalski",), ("Amira Mansour",), card_of(loop, NOW))
    assert seen == ([] if sponsorships == 0 else [whole])
    assert len(sponsored_loops(cast.grow, now=NOW)) == len(seen)
    assert list(sponsored_loops(cast.shore, now=NOW)) == []
    assert list(loops_of(cast.amira)) == [loop]


@pytest.mark.row("X-05")
def test_only_an_open_participation_opens_the_door(cast: Cast, loop: Loop, open_scope: None) -> None:
    assert standing_in(cast.amira, loop.public_id) is not None
    assert [standing_in(person, loop.public_id) for person in (cast.chris, cast.ada, cast.sam, cast.dana)] == [None] * 4

    Participation.objects.filter(loop=loop, person=cast.amira).update(ended_at=NOW)

    assert standing_in(cast.amira, loop.public_id) is None
    assert list(loops_of(cast.amira)) == []


@pytest.mark.row("L-09", "X-05")
def test_the_office_page_names_the_two_and_shows_nothing_they_said(
    cast: Cast, loop: Loop, open_scope: None, signed_in: SignedIn
) -> None:
    send_message(loop=loop, body="token-of-a-message", by=cast.amira, now=NOW)
    booked(loop, cast, place="token-of-a-place")

    page = signed_in(cast.chris).get(reverse("loops:programme-loops", args=["northwind", "grow-together"]))

    words = page.content.decode()
    assert "Amira Mansour with Ben Kowalski" in words
    assert "token-of" not in words
    assert loop.public_id not in words


@pytest.mark.row("L-09")
def test_both_see_the_card_and_who_else_does(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    for person in (cast.amira, cast.ben):
        words = signed_in(person).get(reverse("loops:loop", args=[loop.public_id])).content.decode()
        assert "What your coordinator sees" in words
        assert "The two in the loop and the coordinators can see this" in words


@pytest.mark.row("F-06", "O-08")
def test_loop_counts_count_sponsored_loops(cast: Cast, loop: Loop, open_scope: None) -> None:
    mo = factories.application(cast.autumn, factories.person(), role="mentee").membership
    other = open_loop(mentee=mo, mentor=cast.ben_member, intake=cast.autumn, by=None, now=NOW)

    def counted() -> list[tuple[str, int]]:
        rows = loop_counts(Membership.objects.filter(programme=cast.grow), cast.grow).order_by("pk")
        return [(row.name, row.open_loops) for row in rows]

    assert counted() == [("Amira Mansour", 1), ("Ben Kowalski", 2), (mo.name, 1)]
    Sponsorship.objects.filter(loop=other).update(ended_at=NOW)
    assert counted() == [("Amira Mansour", 1), ("Ben Kowalski", 1), (mo.name, 0)]


def test_loops_of_a_programme_are_listed_once_not_sought_for_each_member(cast: Cast, open_scope: None) -> None:
    members = loop_counts(Membership.objects.filter(programme=cast.grow), cast.grow)

    assert [str(rows.query).count("EXISTS") for rows in (members, placed_mentees(cast.grow))] == [0, 0]


@pytest.mark.row("L-09")
@pytest.mark.parametrize(
    ("days", "words"), [(None, "none yet"), (7, "this week"), (8, "this month"), (30, "this month"), (31, "longer ago")]
)
def test_last_contact_is_no_finer_than_week_and_month(
    cast: Cast, loop: Loop, open_scope: None, days: int | None, words: str
) -> None:
    loop.last_contact_at = None if days is None else NOW - timedelta(days=days)

    assert str(card_of(loop, NOW).last_contact.words) == words


@pytest.mark.row("U-06")
def test_more_loops_ask_no_more_questions(cast: Cast, loop: Loop, open_scope: None, signed_in: SignedIn) -> None:
    factories.seats(cast.ben, cast.northwind, 3)
    booked(loop, cast)
    office, ben = signed_in(cast.chris), signed_in(cast.ben)
    paths = ((office, "/northwind/grow-together/loops/"), (ben, reverse("loops:loops")))
    counts = []
    for more in (0, 1, 2):
        for _ in range(more):
            other = factories.application(cast.autumn, factories.person(), role="mentee").membership
            booked(open_loop(mentee=other, mentor=cast.ben_member, intake=cast.autumn, by=None, now=NOW), cast)
        for browser, path in paths:
            browser.get(path)
        with CaptureQueriesContext(connection) as asked:
            answers = [browser.get(path).status_code for browser, path in paths]
        assert answers == [200, 200]
        counts.append(len(asked))

    assert len(set(counts)) == 1


@pytest.mark.definition("F4")
def test_no_table_and_no_page_rates_anybody() -> None:
    """Schema test: nothing that could hold a star, a rank or a mark for a person."""
    telling = re.compile(r"rating|stars?$|^rank|ranking|review_of|grade_of|reputation|likes?$")
    columns = [
        f"{model.__name__}.{field.name}"
        for room in ("people", "signup", "loops", "matching")
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.get_fields()
    ]
    pages = [path for path in SOURCE.rglob("templates/**/*.html") if re.search(r"rating|★|☆", path.read_text())]

    assert [column for column in columns if telling.search(column.split(".")[1])] == []
    assert pages == []
