"""A mark is its owner's alone: nothing that anybody else can open, count or be sent changes with it."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories import NOW
from tests.matching.field import FieldOfPeople
from tests.matching.wishes import ask, matters, rather_not, wish
from twoway.history.kept import forget_figures
from twoway.history.models import Event
from twoway.matching import personal
from twoway.matching.actions.wish import mark
from twoway.matching.models import Wish, WishList
from twoway.matching.tasks import tell_of_open_wishes
from twoway.outbox.models import Delivery
from twoway.people import personal as of_people
from twoway.people.actions.person import keep_apart
from twoway.people.models import Notification, Person
from twoway.signup import personal as of_signup
from twoway.signup.models import Application

SignedIn = Callable[[Person | None], Client]
ONCE = re.compile(r'name="(csrfmiddlewaretoken|begin)" value="[^"]*"|"x-csrftoken": *"[^"]*"', re.IGNORECASE)


def everything(browser: Client, *also: str) -> dict[str, str]:
    """Every page that can be reached by links from home and from these, without what differs at each look."""
    forget_figures()
    found: dict[str, str] = {}
    waiting = ["/", *also]
    while waiting:
        path = waiting.pop().partition("#")[0]
        if path in found or path.startswith(("/static/", "/sign-out/")):
            continue
        answer = browser.get(path)
        found[path] = f"{answer.status_code} {answer.headers.get('Location', '')}"
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            page = answer.content.decode()
            found[path] = ONCE.sub("", page)
            waiting += [link for link in re.findall(r'href="(/[^"]*)"', page.replace("&amp;", "&")) if link]
    return found


def told_to(person: Person) -> tuple[object, ...]:
    """What a person gets of what is held about them, and what they were told."""
    return (
        str(personal.data_of(person)), str(of_people.data_of(person)), str(of_signup.data_of(person)),
        Notification.objects.filter(person=person).count(), Delivery.objects.count(), Event.objects.count(),
    )  # fmt: skip


def marks_of_every_sort(ground: FieldOfPeople, mentee: Application, mentor: Application) -> list[Callable[[], None]]:
    return [
        lambda: wish(mentee, mentor),
        lambda: rather_not(mentee, mentor),
        lambda: matters(mentee, ground.questions["wants"]),
        lambda: mark(application=mentee, mentor=mentor, kind="", now=NOW),
    ]


@pytest.mark.row("M-21")
def test_nothing_changes_for_the_person_who_was_named(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    ask(ground)
    tell_of_open_wishes(NOW)
    assert ben.person is not None
    his = signed_in(ben.person)
    before = everything(his, "/northwind/grow-together/wishes/"), told_to(ben.person)

    for one in marks_of_every_sort(ground, amira, ben):
        one()
        assert (everything(his, "/northwind/grow-together/wishes/"), told_to(ben.person)) == before

    assert len(before[0]) > 10


@pytest.mark.row("M-21")
def test_nothing_changes_for_the_coordinator_before_the_round(ground: FieldOfPeople, signed_in: SignedIn) -> None:
    amira, ben = ground.mentee("Amira"), ground.mentor("Ben")
    ground.mentor("Dan")
    ask(ground)
    tell_of_open_wishes(NOW)
    hers, desk = signed_in(ground.chris), "/northwind/grow-together/desk/"
    before = everything(hers, desk), told_to(ground.chris)

    wish(amira, ben)
    matters(amira, ground.questions["wants"])

    after = everything(hers, desk), told_to(ground.chris)

    assert after == before
    assert len(before[0]) > 30


@pytest.mark.row("M-21")
def test_a_wish_that_he_keeps_from_coming_true_shows_in_nothing(ground: FieldOfPeople) -> None:
    """Ben would rather not meet Bea: to wish for him comes to the same as to wish for somebody who takes no part."""
    ground.mentee("Amira")
    bea, ben = ground.mentee("Bea", wants=["writing"]), ground.mentor("Ben", 2, offers=["finance", "writing"])
    assert ben.person is not None
    keep_apart(owner=ben.person, organisation=ground.organisation, address=bea.address, note="", now=NOW)
    full = ground.person("Fay", "mentor", 0, grade="senior", offers=["finance"])
    ask(ground)
    wish(bea, full)
    plain = ground.run()
    ask(ground)
    mark(application=bea, mentor=full, kind="", now=NOW)
    wish(bea, ben)

    wished = ground.run(name="Round 2")

    assert wished.figures == plain.figures
    assert (wished.problem, wished.receipt) == (plain.problem, plain.receipt)
    assert [row.facts for row in wished.left_over.all()] == [row.facts for row in plain.left_over.all()]


@pytest.mark.row("M-21")
def test_my_data_has_what_i_marked_and_never_who_marked_me(ground: FieldOfPeople) -> None:
    amira, ben, dan = ground.mentee("Amira"), ground.mentor("Ben"), ground.mentor("Dan")
    ask(ground)
    wish(amira, ben)
    rather_not(amira, dan)
    matters(amira, ground.questions["wants"])
    assert amira.person is not None and ben.person is not None

    hers, his = personal.data_of(amira.person), personal.data_of(ben.person)

    assert hers["Wish"] == [{"mentor__name": "Ben", "kind": "wish"}, {"mentor__name": "Dan", "kind": "not"}]
    assert hers["WishList"] == [{"question__label": "I would like help with"}]
    assert (his["Wish"], his["WishList"], "Amira" in str(his)) == ([], [], False)


@pytest.mark.row("M-21")
@pytest.mark.parametrize(("who", "left"), [("Amira", (0, 0)), ("Ben", (1, 0))])
def test_forgetting_takes_marks_along_on_either_side(who: str, left: tuple[int, int], ground: FieldOfPeople) -> None:
    people = {"Amira": ground.mentee("Amira"), "Ben": ground.mentor("Ben")}
    ask(ground)
    wish(people["Amira"], people["Ben"])
    person = people[who].person
    assert person is not None

    personal.forget(person)

    assert (WishList.objects.count(), Wish.objects.count()) == left
