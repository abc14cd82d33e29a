"""The people's table: everybody in it, narrowed, put in order, cut into pages, and changed many at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scopes_disabled

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from twoway.loops.actions.loop import open_loop
from twoway.outbox.models import Delivery
from twoway.people.models import Membership
from twoway.signup.models import Application, Form, Question

Browser = Callable[..., Client]
HERE = "/northwind/grow-together/people/"
SITES = [{"key": "oslo", "label": "Oslo"}, {"key": "leeds", "label": "Leeds"}]


@pytest.fixture
def chris(cast: Cast, signed_in: Browser) -> Client:
    return signed_in(cast.chris)


@pytest.fixture
def form(cast: Cast) -> Form:
    with scopes_disabled():
        return factories.form(cast.grow)


def member(cast: Cast, name: str, role: str = "mentee", **answers: Any) -> Membership:
    """A member with answers by the question's kind."""
    with scopes_disabled():
        one = factories.application(cast.autumn, factories.person(name), role=role)
        for kind, value in answers.items():
            factories.answer(one, Question.objects.get(kind=kind), value)
        assert one.membership is not None
        return one.membership


def names(client: Client, **query: Any) -> list[str]:
    page = client.get(f"{HERE}?{urlencode(query, doseq=True)}")
    assert page.status_code == 200
    return [one["row"].name for one in page.context["rows"]]


@pytest.mark.row("D-03")
def test_members_and_those_on_their_way_are_in_one_table_and_told_apart(cast: Cast, chris: Client) -> None:
    with scopes_disabled():
        factories.application(cast.autumn, name="Zoë Martin")
        factories.application(cast.autumn, name="Begun Only", state="started")
        factories.application(cast.winter, name="From Elsewhere")

    rows = [one["row"] for one in chris.get(HERE).context["rows"]]

    assert [(row.name, row.state) for row in rows] == [
        ("Amira Mansour", "member"), ("Ben Kowalski", "member"), ("Zoë Martin", "expected"),
    ]  # fmt: skip


@pytest.mark.row("D-03")
@pytest.mark.parametrize(
    "query,found",
    [
        ({"role": "mentor"}, ["Ben Kowalski"]),
        ({"state": "member"}, ["Amira Mansour", "Ben Kowalski", "Lena Vogt"]),
        ({"state": "available"}, ["Amira Mansour", "Ben Kowalski"]),
        ({"state": "away"}, ["Lena Vogt"]),
        ({"state": "expected"}, ["Zoë Martin"]),
        ({"loops": "0"}, ["Lena Vogt", "Zoë Martin"]),
        ({"loops": "1"}, ["Amira Mansour", "Ben Kowalski"]),
        ({"loops": "2"}, []),
        ({"seats": "free"}, ["Ben Kowalski"]),
        ({"q": "vog"}, ["Lena Vogt"]),
        ({"q": "ZOË"}, ["Zoë Martin"]),
        ({"role": "king", "sort": "nothing", "a-none": "x"},
         ["Amira Mansour", "Ben Kowalski", "Lena Vogt", "Zoë Martin"]),
    ],
)  # fmt: skip
def test_the_table_is_narrowed_by_role_state_counts_and_name(
    cast: Cast, chris: Client, query: dict[str, str], found: list[str]
) -> None:
    lena = member(cast, "Lena Vogt")
    with scopes_disabled():
        Membership.objects.filter(pk=lena.pk).update(available=False)
        factories.application(cast.autumn, name="Zoë Martin")
        open_loop(mentee=cast.amira_member, mentor=cast.ben_member, intake=cast.autumn, by=cast.chris, now=NOW)

    assert names(chris, **query) == found


@pytest.mark.row("D-03")
@pytest.mark.parametrize(
    "kind,fields,hers,theirs,wanted",
    [
        ("single", {"options": SITES}, "oslo", "leeds", "oslo"),
        ("many", {"options": SITES}, ["leeds", "oslo"], ["leeds"], "oslo"),
        ("skills_offered", {"options": SITES}, ["oslo"], ["leeds"], "oslo"),
        ("yes_no", {}, True, False, "yes"),
        ("scale", {}, 4, 5, "4"),
        ("number", {}, 12, 2, "12"),
        ("languages", {}, ["de", "pt"], ["en"], "pt"),
        ("short", {}, "Forêt “et” plage", "Berge", "FORÊT"),
        ("long", {}, "100% my_own \"words\"\nand more", "100 my own", '% my_own "w'),
    ],
)  # fmt: skip
def test_the_table_is_narrowed_by_any_answer(
    cast: Cast, chris: Client, form: Form, kind: str, fields: dict[str, Any], hers: Any, theirs: Any, wanted: str
) -> None:
    with scopes_disabled():
        question = factories.question(form, kind=kind, **fields)
    member(cast, "Lena Vogt", **{kind: hers})
    member(cast, "Noah Berg", **{kind: theirs})

    assert names(chris, **{f"a-{question.public_id}": wanted}) == ["Lena Vogt"]


@pytest.mark.row("D-03")
@pytest.mark.parametrize(
    "first,last,found,words",
    [
        ("2026-03-04", "", ["Lena Vogt", "Nell Freund"], "from 4 March"),
        ("", "2026-03-04", ["Lena Vogt", "Noah Berg"], "until 4 March"),
        ("2025-12-01", "2026-04-01", ["Lena Vogt"], "from 1 December 2025 to 1 April"),
        ("2027-01-01", "", [], "from 1 January 2027"),
    ],
)
def test_the_table_is_narrowed_from_a_day_to_a_day(
    cast: Cast, chris: Client, form: Form, first: str, last: str, found: list[str], words: str
) -> None:
    with scopes_disabled():
        question = factories.question(form, "When did you start?", kind="date")
    for name, day in (("Lena Vogt", "2026-03-04"), ("Noah Berg", "2025-03-04"), ("Nell Freund", "2026-05-01")):
        member(cast, name, date=day)
    name = f"a-{question.public_id}"

    page = chris.get(HERE, {f"{name}-from": first, f"{name}-to": last})

    assert [one["row"].name for one in page.context["rows"]] == found
    assert [one["words"] for one in page.context["chosen"]] == [f"When did you start?: {words}"]
    assert names(chris, **{f"{name}-from": "soon", name: "2026"}) == names(chris)
    assert f'<input class="input" type="date" id="f-{name}-from" name="{name}-from" value="{first}">' in page.text


@pytest.mark.row("D-03")
def test_a_line_managers_address_cannot_be_found_out_by_filtering(cast: Cast, chris: Client, form: Form) -> None:
    with scopes_disabled():
        question = factories.question(form, kind="line_manager")
    member(cast, "Lena Vogt", line_manager="boss@northwind.example")

    everybody = names(chris)
    page = chris.get(f"{HERE}?a-{question.public_id}=boss&col={question.public_id}&sort={question.public_id}")

    assert [one["row"].name for one in page.context["rows"]] == everybody
    assert "boss@northwind.example" not in page.content.decode()


@pytest.mark.row("D-03")
@pytest.mark.parametrize(
    "sort,first,last",
    [
        ("name", "Amira Mansour", "Noah Berg"),
        ("-name", "Noah Berg", "Amira Mansour"),
        ("role", "Amira Mansour", "Ben Kowalski"),
        ("-loops", "Ben Kowalski", "Noah Berg"),
        ("seats", "Ben Kowalski", "Noah Berg"),
        ("state", "Amira Mansour", "Lena Vogt"),
        ("joined", "Lena Vogt", "Noah Berg"),
    ],
)
def test_the_table_is_put_in_order_by_any_column(cast: Cast, chris: Client, sort: str, first: str, last: str) -> None:
    lena = member(cast, "Lena Vogt")
    member(cast, "Noah Berg")
    with scopes_disabled():
        Membership.objects.filter(pk=lena.pk).update(available=False, joined_at=NOW - timedelta(days=9))
        open_loop(mentee=lena, mentor=cast.ben_member, intake=cast.autumn, by=cast.chris, now=NOW)

    found = names(chris, sort=sort)

    assert (found[0], found[-1]) == (first, last)


@pytest.mark.row("D-03")
@pytest.mark.parametrize(
    "kind,fields,values,in_order",
    [
        ("number", {}, [10, 9, 2], ["C", "B", "A"]),
        ("single", {"options": SITES}, ["leeds", "oslo", None], ["B", "A", "C"]),
        ("short", {}, ["berry", "Apple", None], ["B", "A", "C"]),
    ],
)
@pytest.mark.parametrize("shown", [True, False])
def test_answers_are_put_in_order_as_what_they_are(
    cast: Cast, chris: Client, form: Form, kind: str, fields: dict[str, Any], values: list[Any], in_order: list[str],
    shown: bool,
) -> None:  # fmt: skip
    with scopes_disabled():
        question = factories.question(form, kind=kind, **fields)
        factories.application(cast.autumn, name="Zoë Martin")
    for name, value in zip("ABC", values, strict=True):
        member(cast, name, **({kind: value} if value is not None else {}))

    query = {"sort": question.public_id, "q": ""} | ({"col": [question.public_id, "role"]} if shown else {})

    assert [name for name in names(chris, **query) if name in "ABC"] == in_order


@pytest.mark.row("D-03")
def test_a_column_shows_answers_in_words(cast: Cast, chris: Client, form: Form) -> None:
    with scopes_disabled():
        question = factories.question(form, "Where do you work?", kind="single", options=SITES)
    member(cast, "Lena Vogt", single="oslo")

    page = chris.get(f"{HERE}?col={question.public_id}&q=Lena")

    assert [head["label"] for head in page.context["asked"].heads] == ["Where do you work?"]
    assert [one["cells"][0].words for one in page.context["rows"]] == ["Oslo"]


def test_a_search_that_finds_nobody_offers_the_way_out(cast: Cast, chris: Client) -> None:
    page = chris.get(f"{HERE}?q=nobody").content.decode()

    assert ("Nobody fits" in page, "See everybody" in page) == (True, True)


# --- many at once -----------------------------------------------------------------------------------


def change(client: Client, **body: Any) -> str:
    return client.post(f"{HERE}change/", body, follow=True).content.decode()


@pytest.mark.row("D-03", "A-01")
def test_those_ticked_are_set_as_away_until_a_day_and_brought_back(cast: Cast, chris: Client) -> None:
    lena = member(cast, "Lena Vogt")
    who = [lena.public_id, cast.ben_member.public_id]

    said = change(chris, who=who, do="pause", until="2026-12-01")
    away = names(chris, state="away")
    change(chris, who=who, do="back")

    assert "2 people are away now." in said
    assert (away, names(chris, state="away")) == (["Ben Kowalski", "Lena Vogt"], [])


@pytest.mark.row("D-03")
def test_everybody_a_filter_found_is_changed_and_nobody_else(cast: Cast, chris: Client) -> None:
    for n in range(60):
        member(cast, f"Found {n:02}")

    change(chris, all="yes", query="q=found", do="pause", until="")

    with scopes_disabled():
        left = list(Membership.objects.filter(programme=cast.grow, available=True).values_list("name", flat=True))
    assert sorted(left) == ["Amira Mansour", "Ben Kowalski"]


@pytest.mark.row("D-03")
def test_those_who_wait_are_approved_and_those_expected_invited(cast: Cast, chris: Client) -> None:
    with scopes_disabled():
        waits = factories.application(
            cast.autumn, name="Elif Kaya", state="waiting", adult=True, verified_at=NOW, terms_at=NOW, terms_version=1,
            person=None,
        )  # fmt: skip
        waits.person = factories.person("Elif Kaya")
        waits.save()
        expected = factories.application(cast.autumn, name="Zoë Martin")
    who = [waits.public_id, expected.public_id]

    change(chris, who=who, do="approve")
    said = change(chris, who=who, do="invite")

    with scopes_disabled():
        states = dict(Application.objects.filter(public_id__in=who).values_list("name", "state"))
    assert states == {"Elif Kaya": "joined", "Zoë Martin": "expected"}
    assert "1 invitation is on its way." in said
    assert [letter.to for letter in Delivery.objects.filter(kind="signup.invitation")] == [expected.address]


@pytest.mark.row("D-03", "F-09")
def test_several_are_approved_only_once_their_names_have_been_shown(cast: Cast, chris: Client) -> None:
    who = []
    with scopes_disabled():
        for name in ("Elif Kaya", "Zoë Martin"):
            person = factories.person(name)
            waits = factories.application(
                cast.autumn, name=name, state="waiting", adult=True, verified_at=NOW, terms_at=NOW, terms_version=1,
                person_id=person.pk,
            )  # fmt: skip
            who.append(waits.public_id)

    def members() -> int:
        with scopes_disabled():
            return Membership.objects.filter(name__in=["Elif Kaya", "Zoë Martin"]).count()

    sent_on = chris.post(f"{HERE}change/", {"who": who, "do": "approve", "query": "state=waiting"})
    asks = chris.get(sent_on.headers["Location"])
    before = members()
    chris.post(f"{HERE}change/", dict(asks.context["asked"]) | {"who": who})
    late = chris.get(sent_on.headers["Location"])

    assert (sent_on.status_code, sent_on.headers["Location"].partition("?")[0]) == (302, f"{HERE}change/")
    assert [word for name, word in asks.context["asked"] if name == "who"] == who
    assert (asks.context["question"], asks.context["consequences"]) == (
        "Approve 2 sign-ups?", ["Elif Kaya, Zoë Martin"],
    )  # fmt: skip
    assert asks.context["back_url"] == f"{HERE}?state=waiting"
    assert (before, members()) == (0, 2)
    assert (late.status_code, late.headers["Location"]) == (302, f"{HERE}?state=waiting")


@pytest.mark.row("D-03", "F-10")
def test_several_are_invited_only_once_their_number_and_the_first_names_have_been_shown(
    cast: Cast, chris: Client
) -> None:
    with scopes_disabled():
        for number in range(12):
            factories.application(cast.autumn, name=f"Expected {number:02}", address=f"e{number}@northwind.example")

    def letters() -> int:
        return Delivery.objects.filter(kind="signup.invitation").count()

    sent_on = chris.post(f"{HERE}change/", {"all": "yes", "do": "invite", "query": "state=expected"})
    asks = chris.get(sent_on.headers["Location"])
    before = letters()
    done = chris.post(f"{HERE}change/", dict(asks.context["asked"]), follow=True)

    assert sent_on.headers["Location"].partition("?")[0] == f"{HERE}change/"
    ten = ", ".join(f"Expected {number:02}" for number in range(10))
    assert (asks.context["question"], asks.context["consequences"], asks.context["confirm_label"]) == (
        "Send 12 invitations?", [f"{ten} and 2 more"], "Send these 12",
    )  # fmt: skip
    assert asks.context["back_url"] == f"{HERE}?state=expected"
    assert (before, letters()) == (0, 12)
    assert "12 invitations are on their way." in done.content.decode()


@pytest.mark.parametrize(
    "body,words",
    [
        ({"do": "pause"}, "Nobody was chosen, so nothing was changed."),
        ({"do": "approve", "who": "amira"}, "This fits nobody you chose, so nothing was changed."),
        ({"do": "pause", "who": "amira", "until": "2026-11-23"}, "Please choose a day to come"),
        ({"do": "pause", "who": "amira", "until": "2026-99-99"}, "Please choose a day to come"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_changed(
    cast: Cast, chris: Client, body: dict[str, str], words: str
) -> None:
    body = {**body, "who": cast.amira_member.public_id} if "who" in body else body

    assert words in change(chris, **body)
    assert names(chris, state="away") == []


def test_nobody_of_another_programme_can_be_changed(cast: Cast, chris: Client) -> None:
    with scopes_disabled():
        dana = Membership.objects.get(person=cast.dana)

    change(chris, who=dana.public_id, do="pause")

    with scopes_disabled():
        assert Membership.objects.get(person=cast.dana).available is True


# --- size -------------------------------------------------------------------------------------------


@pytest.mark.row("D-03", "U-06")
def test_as_many_questions_to_the_database_for_sixty_people_as_for_three(cast: Cast, chris: Client, form: Form) -> None:
    with scopes_disabled():
        question = factories.question(form, kind="single", options=SITES)
    counts, sizes = [], []
    for number in (3, 57):
        for n in range(number):
            member(cast, f"Found {number} {n:02}", single="oslo")
            with scopes_disabled():
                factories.application(cast.autumn, name=f"Found {number} {n:02} later")
        with CaptureQueriesContext(connection) as questions:
            page = chris.get(f"{HERE}?q=found&col=loops&col={question.public_id}")
        counts.append(len(questions))
        sizes.append(len(page.context["rows"]))

    assert counts[0] == counts[1]
    assert sizes == [6, 50]


@pytest.mark.row("D-03")
def test_somebody_without_a_name_stands_where_their_address_belongs(cast: Cast, chris: Client) -> None:
    with scopes_disabled():
        for address in ("ziggy@northwind.example", "aaron@northwind.example"):
            factories.application(cast.autumn, state="expected", name="", address=address)

    page = chris.get(HERE).content.decode()

    order = [page.index(one) for one in ("aaron@northwind", "Amira Mansour", "ziggy@northwind")]
    assert order == sorted(order)
