"""One person's page: each relation sees its own part, and an outsider nothing."""

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
from twoway.loops.models import Participation
from twoway.loops.queries.relation import relation_of
from twoway.outbox.models import Delivery
from twoway.people.audience import Relation
from twoway.people.models import Membership, Person
from twoway.signup.models import Application

Browser = Callable[..., Client]
WORDS = {audience: f"answer for {audience}" for audience in ("coordinators", "matching", "partners", "members")}


@pytest.fixture
def mo(cast: Cast) -> Person:
    """A fellow member with no loop."""
    person = factories.person("Mo Member")
    with scopes_disabled():
        factories.application(cast.autumn, person, role="either")
    return person


@pytest.fixture
def answered(cast: Cast) -> Application:
    """Amira, in a loop with Ben, with one answer for each audience."""
    with scopes_disabled():
        form = factories.form(cast.grow)
        entry = Application.objects.get(person=cast.amira)
        for audience, words in WORDS.items():
            factories.answer(entry, factories.question(form, f"Question {audience}", audience=audience), words)
        open_loop(mentee=cast.amira_member, mentor=cast.ben_member, intake=cast.autumn, by=cast.chris, now=NOW)
        return entry


def url_of(member: Membership) -> str:
    return f"/northwind/grow-together/people/{member.public_id}/"


@pytest.mark.parametrize(
    "who,relation",
    [
        ("amira", Relation.OWNER), ("ben", Relation.LOOPMATE), ("chris", Relation.COORDINATOR),
        ("mo", Relation.MEMBER), ("sam", Relation.OTHER), ("ada", Relation.OTHER), ("dana", Relation.OTHER),
    ],
)  # fmt: skip
def test_each_stands_in_one_relation(
    cast: Cast, mo: Person, answered: Application, who: str, relation: Relation
) -> None:
    viewer = mo if who == "mo" else cast[who]

    with scopes_disabled():
        assert relation_of(viewer, cast.amira_member) is relation


def test_whoever_has_left_the_loop_is_a_fellow_member_again(cast: Cast, answered: Application) -> None:
    with scopes_disabled():
        Participation.objects.filter(person=cast.ben).update(ended_at=NOW)

        assert relation_of(cast.ben, cast.amira_member) is Relation.MEMBER


@pytest.mark.row("F-02", "X-04")
@pytest.mark.parametrize(
    "who,seen",
    [
        ("amira", {"coordinators", "matching", "partners", "members"}),
        ("chris", {"coordinators", "matching", "partners", "members"}),
        ("ben", {"partners", "members"}),
        ("mo", {"members"}),
    ],
)
def test_answers_are_shown_by_their_audience(
    cast: Cast, mo: Person, answered: Application, signed_in: Browser, who: str, seen: set[str]
) -> None:
    viewer = mo if who == "mo" else cast[who]

    page = signed_in(viewer).get(url_of(cast.amira_member)).content.decode()

    assert {audience for audience, words in WORDS.items() if words in page} == seen


def test_only_a_coordinator_reads_the_address_the_letters_and_the_cards(
    cast: Cast, mo: Person, answered: Application, signed_in: Browser
) -> None:
    Delivery.objects.create(
        key="1", kind="signup.joined", to="amira@northwind.example", person=cast.amira.pk, programme=cast.grow.pk,
        subject="Secret subject", text="Secret text", message_id="m", state="failed", made_at=NOW,
    )  # fmt: skip
    wanted = ["amira@northwind.example", "came back", "Amira Mansour with Ben Kowalski", "Set as away"]
    seen = {}
    for name, viewer in (("chris", cast.chris), ("ben", cast.ben), ("mo", mo)):
        page = signed_in(viewer).get(url_of(cast.amira_member)).content.decode()
        seen[name] = [words in page for words in wanted]
        assert "Secret" not in page

    assert seen == {"chris": [True] * 4, "ben": [False] * 4, "mo": [False] * 4}


def test_letters_from_a_loop_are_not_listed_since_they_tell_more_than_its_card(
    cast: Cast, answered: Application, signed_in: Browser
) -> None:
    Delivery.objects.all().delete()
    Delivery.objects.create(
        key="1", kind="loops.message_waiting", to="amira@northwind.example", person=cast.amira.pk,
        programme=cast.grow.pk, subject="s", text="t", message_id="m", state="sent", made_at=NOW,
    )  # fmt: skip

    page = signed_in(cast.chris).get(url_of(cast.amira_member))

    assert page.context["letters"] == []


@pytest.mark.parametrize("who", ["sam", "ada", "dana"])
def test_to_anybody_else_the_page_does_not_exist(cast: Cast, signed_in: Browser, who: str) -> None:
    assert signed_in(cast[who]).get(url_of(cast.amira_member)).status_code == 404


def test_a_coordinator_reads_what_holds_somebody_up(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)
    with scopes_disabled():
        form = factories.form(cast.grow)
        factories.question(form, required=True)
        Membership.objects.filter(pk=cast.ben_member.pk).update(available=False, paused_until="2026-12-24")
        cast.ben.seats.all().delete()

    amira = chris.get(url_of(cast.amira_member)).context["holding_up"]
    ben = chris.get(url_of(cast.ben_member)).context["holding_up"]

    assert amira == ["Required questions without an answer: 1."]
    assert ben == [
        "Away until 24 December 2026: cannot be matched until then.",
        "Required questions without an answer: 1.",
        "Offers no seat yet.",
    ]


@pytest.mark.row("A-01")
def test_availability_is_set_on_the_page_and_comes_back_to_it(cast: Cast, signed_in: Browser) -> None:
    chris = signed_in(cast.chris)
    body = {"who": cast.amira_member.public_id, "next": "profile", "do": "pause", "until": "2026-12-01"}

    answer = chris.post("/northwind/grow-together/people/change/", body)

    assert (answer.status_code, answer["Location"]) == (302, url_of(cast.amira_member))
    assert "Back by itself on 1 December 2026." in chris.get(url_of(cast.amira_member)).content.decode()


def test_somebody_on_the_way_in_has_a_page_for_coordinators_alone(cast: Cast, mo: Person, signed_in: Browser) -> None:
    with scopes_disabled():
        expected = factories.application(cast.autumn, name="Zoë Martin")
    url = f"/northwind/grow-together/people/{expected.public_id}/"

    seen = signed_in(cast.chris).get(url)

    assert "They have accepted nothing yet" in seen.content.decode()
    assert [signed_in(one).get(url).status_code for one in (mo, cast.ben, cast.sam)] == [404, 404, 404]


def test_the_application_of_a_member_leads_to_the_member(cast: Cast, answered: Application, signed_in: Browser) -> None:
    answer = signed_in(cast.chris).get(f"/northwind/grow-together/people/{answered.public_id}/")

    assert (answer.status_code, answer["Location"]) == (302, url_of(cast.amira_member))


def test_whoever_has_left_is_seen_by_coordinators_alone(cast: Cast, mo: Person, signed_in: Browser) -> None:
    with scopes_disabled():
        Membership.objects.filter(pk=cast.amira_member.pk).update(ended_at=NOW)

    seen = signed_in(cast.chris).get(url_of(cast.amira_member))

    assert seen.context["holding_up"] == ["Left the programme on 23 November 2026."]
    assert signed_in(mo).get(url_of(cast.amira_member)).status_code == 404


@pytest.mark.row("U-06")
def test_as_many_questions_to_the_database_for_thirty_loops_as_for_three(cast: Cast, signed_in: Browser) -> None:
    chris, counts = signed_in(cast.chris), []
    for number in (3, 27):
        with scopes_disabled():
            factories.seats(cast.ben, cast.northwind, number)
            for n in range(number):
                mentee = factories.membership(factories.person(), cast.grow)
                open_loop(mentee=mentee, mentor=cast.ben_member, intake=cast.autumn, by=cast.chris, now=NOW)
                Delivery.objects.create(
                    key=f"{number} {n}", kind="signup.joined", to="x@y.example", person=cast.ben.pk,
                    programme=cast.grow.pk, subject="s", text="t", message_id="m", made_at=NOW,
                )  # fmt: skip
        with CaptureQueriesContext(connection) as questions:
            chris.get(url_of(cast.ben_member))
        counts.append(len(questions))

    assert counts[0] == counts[1]


@pytest.mark.row("F-02", "X-04")
@pytest.mark.parametrize("leaves", [{"amira"}, {"ben"}, {"amira", "ben"}])
def test_two_who_share_a_loop_read_each_other_after_leaving_the_programme(
    cast: Cast, mo: Person, answered: Application, signed_in: Browser, leaves: set[str]
) -> None:
    with scopes_disabled():
        Membership.objects.filter(person__in=[cast[name] for name in leaves]).update(ended_at=NOW)
        loop = Participation.objects.get(person=cast.ben).loop
    door = signed_in(cast.ben).get(f"/loops/{loop.public_id}/").content.decode()

    page = signed_in(cast.ben).get(url_of(cast.amira_member)).content.decode()

    assert url_of(cast.amira_member) in door
    assert {audience for audience, words in WORDS.items() if words in page} == {"partners", "members"}
    assert signed_in(cast.amira).get(url_of(cast.ben_member)).status_code == 200
    if "amira" in leaves:
        assert signed_in(mo).get(url_of(cast.amira_member)).status_code == 404


@pytest.mark.row("F-02", "X-04")
def test_whoever_left_reads_no_one_they_share_no_loop_with(
    cast: Cast, mo: Person, answered: Application, signed_in: Browser
) -> None:
    with scopes_disabled():
        Membership.objects.filter(person=cast.ben).update(ended_at=NOW)
        stranger = Membership.objects.get(person=mo)

    assert signed_in(cast.ben).get(url_of(stranger)).status_code == 404
