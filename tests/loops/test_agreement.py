"""What two people expect of each other: apart until both have sent it, then one version that both confirm."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.cast import Cast
from tests.factories import NOW, terms
from tests.loops.conftest import expects
from twoway.history.models import Event
from twoway.loops.actions.agreement import (
    Changed,
    Empty,
    Shown,
    confirm_agreement,
    keep_expectations,
    write_agreement,
)
from twoway.loops.models import Agreement, Expectations, Loop
from twoway.loops.queries import Standing, card_of, standing_in
from twoway.loops.queries.agreement import expectations_for
from twoway.loops.steps import Step
from twoway.loops.terms import Fit, common_of, side_by_side
from twoway.outbox.models import Delivery
from twoway.people.models import Notification, Person

pytestmark = pytest.mark.row("L-08")
REVIEW = date(2027, 3, 1)


@pytest.fixture(autouse=True)
def open_everything(open_scope: None) -> None:
    """Actions run inside a scope that a page has opened."""


def stands(person: Person, loop: Loop) -> Standing:
    standing = standing_in(person, loop.public_id)
    assert standing is not None
    return standing


def seen_by(person: Person, loop: Loop) -> set[str]:
    return {one.hopes for one in expectations_for(stands(person, loop))}


def agreed_on(loop: Loop) -> date | None:
    """What the card says of the step."""
    loop.refresh_from_db()
    return next(step.on for step in card_of(loop, NOW).steps if step.step is Step.AGREED)


def write(loop: Loop, by: Person, *, confirms: bool = True, seen: int | None = None, **said: Any) -> Agreement:
    return write_agreement(loop=loop, said=terms(**said), by=by, now=NOW, confirms=confirms, seen=seen)


@pytest.fixture
def both_sent(cast: Cast, loop: Loop) -> Loop:
    expects(loop, cast.amira, hopes="Courage", rhythm_days=14, off_the_table="My health", sends=True)
    expects(loop, cast.ben, hopes="Curiosity", rhythm_days=14, off_the_table="Salaries", sends=True)
    return loop


@pytest.mark.definition("G1")
def test_nobody_sees_the_others_answers_before_both_are_sent(cast: Cast, loop: Loop) -> None:
    expects(loop, cast.amira, hopes="Courage")
    expects(loop, cast.ben, hopes="Curiosity", sends=True)
    one_sent = [seen_by(person, loop) for person in (cast.amira, cast.ben)]

    expects(loop, cast.amira, hopes="Courage", sends=True)

    assert one_sent == [{"Courage"}, {"Curiosity"}]
    assert [seen_by(person, loop) for person in (cast.amira, cast.ben)] == [{"Courage", "Curiosity"}] * 2


def test_a_draft_is_known_to_its_writer_alone(cast: Cast, loop: Loop) -> None:
    expects(loop, cast.amira, hopes="Courage")

    told = Notification.objects.filter(kind__startswith="loops.").exclude(kind="loops.loop_opened").count()
    events = [
        list(event.people.values_list("person", flat=True)) for event in Event.objects.filter(kind="expectations.kept")
    ]
    loop.refresh_from_db()

    assert (told, events, loop.last_contact_at) == (0, [[cast.amira.pk]], None)
    assert (stands(cast.amira, loop).has_begun, stands(cast.ben, loop).has_begun) == (True, False)
    assert stands(cast.ben, loop).other.expectations_sent_at is None


def test_sent_answers_may_be_changed_until_the_other_has_sent_theirs(cast: Cast, loop: Loop) -> None:
    expects(loop, cast.amira, hopes="Courage", sends=True)
    expects(loop, cast.amira, hopes="More courage")
    expects(loop, cast.ben, hopes="Curiosity", sends=True)

    with pytest.raises(Shown):
        expects(loop, cast.amira, hopes="None of it")

    assert seen_by(cast.ben, loop) == {"More courage", "Curiosity"}


def test_what_is_sent_says_something(cast: Cast, loop: Loop) -> None:
    with pytest.raises(Empty):
        expects(loop, cast.amira, sends=True)

    expects(loop, cast.amira)
    expects(loop, cast.amira, hopes="Courage", sends=True)
    with pytest.raises(Empty):
        expects(loop, cast.amira)

    assert Expectations.objects.get().hopes == "Courage"


def test_two_pages_of_one_person_lose_no_word(cast: Cast, loop: Loop) -> None:
    said = {"loop": loop, "by": cast.amira, "now": NOW, "seen": 0}
    keep_expectations(said=terms(hopes="On the phone"), **said)

    keep_expectations(said=terms(hopes="On the phone"), **said)  # pressed twice
    with pytest.raises(Changed):
        keep_expectations(said=terms(hopes="At the desk"), **said)

    assert Expectations.objects.get().hopes == "On the phone"


@pytest.mark.definition("G1")
def test_a_first_version_holds_what_both_said_and_every_limit(both_sent: Loop) -> None:
    version = Agreement.objects.get()

    assert (version.number, version.by, version.rhythm_days, version.hopes) == (1, None, 14, "")
    assert version.off_the_table == "My health\nSalaries"


def test_words_are_alike_whatever_their_capitals_and_spaces() -> None:
    one, other = (
        Expectations(**terms(hopes="An honest  word.", minutes=45)),
        Expectations(**terms(hopes="an honest word")),
    )

    pairings = {pairing.name: pairing for pairing in side_by_side(one, other)}

    assert common_of([one, other])["hopes"] == "An honest  word."
    assert common_of([one, other])["minutes"] is None
    assert [pairings[name].fit for name in ("hopes", "minutes", "review_on")] == [Fit.ALIKE, Fit.ONE_ONLY, Fit.LATER]
    assert pairings["minutes"].is_to_choose


@pytest.mark.definition("A3c")
@pytest.mark.row("L-09")
def test_it_is_agreed_by_one_until_both_confirm_the_same_version(cast: Cast, both_sent: Loop) -> None:
    write(both_sent, cast.amira, hopes="Courage", rhythm_days=21, hours_a_month=3, minutes=60, review_on=REVIEW)
    by_one = agreed_on(both_sent)

    is_agreed = confirm_agreement(loop=both_sent, seen=2, by=cast.ben, now=NOW)

    card = card_of(both_sent, NOW)
    assert (by_one, is_agreed, agreed_on(both_sent)) == (None, True, NOW.date())
    assert (card.rhythm_days, card.review_on) == (21, REVIEW)


@pytest.mark.definition("A3c")
@pytest.mark.row("L-09")
def test_an_edit_asks_both_again(cast: Cast, both_sent: Loop) -> None:
    write(both_sent, cast.amira, hopes="Courage", rhythm_days=21, review_on=REVIEW)
    confirm_agreement(loop=both_sent, seen=2, by=cast.ben, now=NOW)

    version = write(both_sent, cast.ben, hopes="Courage", rhythm_days=7, confirms=False)
    after_edit = agreed_on(both_sent)
    confirm_agreement(loop=both_sent, seen=3, by=cast.ben, now=NOW)
    by_one = agreed_on(both_sent)

    assert (version.number, after_edit, by_one) == (3, None, None)
    both_sent.refresh_from_db()
    assert (both_sent.rhythm_days, both_sent.review_on) == (21, REVIEW), "what was agreed holds until then"
    with pytest.raises(Changed):
        confirm_agreement(loop=both_sent, seen=2, by=cast.amira, now=NOW)
    confirm_agreement(loop=both_sent, seen=3, by=cast.amira, now=NOW)
    assert agreed_on(both_sent) == NOW.date()
    assert (both_sent.rhythm_days, both_sent.review_on) == (7, None)


@pytest.mark.definition("A3c")
def test_an_edit_resets_the_others_confirmation(cast: Cast, both_sent: Loop) -> None:
    write(both_sent, cast.amira, hopes="Courage")
    write(both_sent, cast.ben, hopes="Courage and curiosity")

    both = {one.person_id: one.confirmed for one in stands(cast.amira, both_sent).everybody}

    assert [both[person.pk].number for person in (cast.amira, cast.ben)] == [2, 3]  # type: ignore[union-attr]
    assert agreed_on(both_sent) is None


def test_two_editing_at_once_lose_nothing(cast: Cast, both_sent: Loop) -> None:
    write(both_sent, cast.amira, hopes="Hers", seen=1)

    with pytest.raises(Changed):
        write(both_sent, cast.ben, hopes="His", seen=1)
    write(both_sent, cast.amira, hopes="Hers", seen=1)  # pressed twice

    assert list(Agreement.objects.order_by("number").values_list("number", "hopes")) == [(1, ""), (2, "Hers")]


def test_the_same_words_again_are_no_new_version(cast: Cast, both_sent: Loop) -> None:
    for person in (cast.amira, cast.ben):
        write(both_sent, person, hopes="Courage")

    assert (Agreement.objects.count(), agreed_on(both_sent)) == (2, NOW.date())


def test_nothing_at_all_cannot_be_agreed(cast: Cast, both_sent: Loop) -> None:
    with pytest.raises(Empty):
        write(both_sent, cast.amira)

    write(both_sent, cast.amira, confirms=False)
    with pytest.raises(Empty):
        confirm_agreement(loop=both_sent, seen=2, by=cast.amira, now=NOW)


def test_the_database_itself_keeps_agreed_to_the_newest_version(cast: Cast, both_sent: Loop) -> None:
    write(both_sent, cast.amira, hopes="Courage")
    confirm_agreement(loop=both_sent, seen=2, by=cast.ben, now=NOW)
    first = Agreement.objects.get(number=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Loop.objects.filter(pk=both_sent.pk).update(agreement=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(loop=both_sent, number=1, at=NOW, **terms())


def letters() -> list[tuple[str, str]]:
    """Kind and receiver of those about agreements, in their order."""
    ours = Delivery.objects.filter(kind__in=["loops.expectations_sent", "loops.agreement_waiting"]).order_by("pk")
    return [(kind.removeprefix("loops."), to.split("@")[0]) for kind, to in ours.values_list("kind", "to")]


def test_letters_go_to_whoever_is_waited_for_and_once(cast: Cast, loop: Loop) -> None:
    expects(loop, cast.amira, hopes="Courage", sends=True)
    assert letters() == []
    expects(loop, cast.ben, hopes="Curiosity", sends=True)
    assert letters() == [("expectations_sent", "amira")]

    write(loop, cast.ben, hopes="Both", confirms=False)
    assert len(letters()) == 1, "nobody had confirmed anything"
    for _again in range(2):
        confirm_agreement(loop=loop, seen=2, by=cast.ben, now=NOW)
    confirm_agreement(loop=loop, seen=2, by=cast.amira, now=NOW)
    write(loop, cast.amira, hopes="Both, and more", confirms=False)
    confirm_agreement(loop=loop, seen=3, by=cast.amira, now=NOW)

    assert letters()[1:] == [("agreement_waiting", "amira"), ("agreement_waiting", "ben")]
    assert "would like to change what you two agreed" in Delivery.objects.order_by("-pk")[0].subject
    assert not [one for one in Delivery.objects.all() if "Both" in one.text + one.html + one.subject]


@pytest.mark.parametrize("state", ["resting", "ended"])
def test_nothing_is_written_where_nobody_may_write(cast: Cast, both_sent: Loop, state: str) -> None:
    """Not by an act that had to wait while the loop was put to rest."""
    Loop.objects.filter(pk=both_sent.pk).update(state=state)
    acts: list[Callable[[], object]] = [
        lambda: write(both_sent, cast.amira, hopes="Late"),
        lambda: confirm_agreement(loop=both_sent, seen=1, by=cast.amira, now=NOW),
        lambda: expects(both_sent, cast.amira, hopes="Late"),
    ]
    for act in acts:
        with pytest.raises(Changed):
            act()

    assert Agreement.objects.count() == 1


def test_deleting_a_loop_takes_its_agreement_along(cast: Cast, both_sent: Loop) -> None:
    write(both_sent, cast.amira, hopes="Courage")
    confirm_agreement(loop=both_sent, seen=2, by=cast.ben, now=NOW + timedelta(hours=1))

    Loop.objects.get().delete()

    assert (Agreement.objects.count(), Expectations.objects.count()) == (0, 0)
