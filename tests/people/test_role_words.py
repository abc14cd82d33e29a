"""A programme's own words for mentor and mentee, wherever its pages and letters name them."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from twoway.loops.actions.loop import open_loop
from twoway.people.models import Membership, Person, Programme
from twoway.people.role_words import mentees_label, mentor_word, mentors_label, role_word, side_label
from twoway.signup.models import Application, Roster
from twoway.signup.queries.roster import plan_of
from twoway.signup.roster.check import Checker

SignedIn = Callable[[Person | None], Client]
AT = "/northwind/grow-together"


@pytest.fixture
def relabelled(cast: Cast) -> Programme:
    """Grow Together with guides and newcomers."""
    cast.grow.mentor_word, cast.grow.mentee_word = "guide", "newcomer"
    cast.grow.save()
    return cast.grow


def read(client: Client, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


def ours_on(client: Client, path: str) -> list[str]:
    """What a page's own words, without addresses and values, still say of mentors and mentees."""
    response = client.get(path)
    assert response.status_code == 200, path
    page = re.sub(r"<[^>]*>", " ", response.content.decode().split("<main", 1)[1])
    return re.findall(r".{0,30}\bment(?:or|ee)s?\b.{0,20}", " ".join(page.split()), re.IGNORECASE)


@pytest.mark.parametrize(
    "mentor,mentee,role,words",
    [
        ("", "", "mentor", "Mentor"), ("", "", "either", "Mentor and mentee"), ("", "", "", ""),
        ("guide", "", "either", "Guide and mentee"), ("guide", "newcomer", "mentee", "Newcomer"),
    ],
)  # fmt: skip
def test_a_role_is_named_in_the_programmes_words_or_ours(mentor: str, mentee: str, role: str, words: str) -> None:
    programme = Programme(mentor_word=mentor, mentee_word=mentee)

    assert role_word(programme, role) == words


def test_a_label_for_many_never_makes_a_plural_of_a_word_it_does_not_know() -> None:
    own, ours = Programme(mentor_word="éducatrice", mentee_word="Apprentie"), Programme()

    assert (mentors_label(own), mentees_label(own)) == ("Éducatrice", "Apprentie")
    assert (mentors_label(ours), mentees_label(ours), mentor_word(None)) == ("Mentors", "Mentees", "mentor")
    assert [side_label(own, side) for side in ("mentor", "mentee", "either")] == ["Éducatrice", "Apprentie", "Both"]


def test_home_you_and_loops_name_me_as_the_programme_does(
    cast: Cast, relabelled: Programme, signed_in: SignedIn, now: None
) -> None:
    with scopes_disabled():
        Membership.objects.filter(person=cast.ben).update(role="either")
        open_loop(
            intake=cast.autumn, mentee=cast.amira_member, mentor=cast.ben_member, rhythm_days=14, by=cast.chris,
            now=NOW,
        )  # fmt: skip
    amira, ben = signed_in(cast.amira), signed_in(cast.ben)

    assert "Guide and newcomer" in read(ben, "/") and "Guide and newcomer" in read(ben, "/me/")
    assert "You are the guide" in read(ben, "/") and "You are the guide." in read(ben, "/loops/")
    assert "You are the newcomer" in read(amira, "/") and "You are the newcomer." in read(amira, "/loops/")


def test_a_coordinators_pages_name_roles_as_the_programme_does(
    cast: Cast, relabelled: Programme, signed_in: SignedIn, now: None
) -> None:
    with scopes_disabled():
        factories.question(factories.form(cast.grow), "I can help with", what_i_help_with=True, asked_of="mentor")
        waiting = factories.application(cast.autumn, role="mentor", state="waiting", sent_at=NOW)
    chris = signed_in(cast.chris)
    pages = [
        "/", "/applications/", f"/applications/{waiting.public_id}/", "/availability/", "/desk/", "/rounds/",
        "/rounds/new/", "/proposals/", "/proposals/by-hand/", f"/people/{cast.ben_member.public_id}/",
    ]  # fmt: skip

    found = {path: said for path in pages if (said := ours_on(chris, AT + path))}

    assert found == {}


def test_the_people_table_names_roles_in_rows_and_filters_without_a_question_for_each(
    cast: Cast, relabelled: Programme, signed_in: SignedIn, now: None
) -> None:
    chris = signed_in(cast.chris)
    chris.get(AT + "/people/")  # what a session asks once

    with CaptureQueriesContext(connection) as few:
        page = read(chris, AT + "/people/")
    with scopes_disabled():
        for number in range(12):
            factories.membership(factories.person(f"P{number}"), cast.grow, role="mentor")
    with CaptureQueriesContext(connection) as many:
        more = read(chris, AT + "/people/")

    assert re.findall(r'data-label="Role">([^<]*)<', page) == ["Newcomer", "Guide"]
    assert re.findall(r'<option value="(?:mentor|mentee|either)"[^>]*>([^<]*)<', page) == ["Guide", "Newcomer", "Both"]
    assert (more.count('data-label="Role">Guide<'), len(many)) == (13, len(few))


def test_a_roster_is_mended_with_the_programmes_own_words(cast: Cast, relabelled: Programme, now: None) -> None:
    with scopes_disabled():
        roster = Roster.objects.create(intake=cast.autumn, made_at=NOW, file_name="a.csv", headers=["email", "role"],
                                       mapping={"0": "address", "1": "role"})  # fmt: skip
        plan = plan_of(roster)

    checked = Checker(plan, {}, None).check(2, ["ida@northwind.example", "boss"])

    assert checked.faults[0]["offer"] == ["Guide", "Newcomer", "Both"]
    for offer, role in zip(checked.faults[0]["offer"], ("mentor", "mentee", "either"), strict=True):
        assert Checker(plan, {}, None).check(2, ["ida@northwind.example", offer]).values["role"] == role


def test_what_the_programme_is_not_speaks_of_its_own_word(
    cast: Cast, relabelled: Programme, client: Client, now: None
) -> None:
    start = client.get(f"{AT}/join/")
    client.post(
        f"{AT}/join/",
        {"name": "Noor", "address": "noor@northwind.example", "role": "mentor", "adult": "yes",
         "begin": start.context["secret"]},
    )  # fmt: skip
    page, first = read(client, f"{AT}/join/what-it-is-not/"), " ".join(start.content.decode().split())

    assert "Guide: I would like to be there for somebody" in first
    assert "Newcomer: I would like somebody to think with me" in first
    assert "The guide listens, and is not a therapist or counsellor." in page
    assert "How many people can you be there for at the same time?" in read(client, f"{AT}/join/time/")
    assert [ours_on(client, f"{AT}/join/{step}/") for step in ("what-it-is-not", "time")] == [[], []]
    with scopes_disabled():
        assert Application.objects.filter(name="Noor", role="mentor").count() == 1
