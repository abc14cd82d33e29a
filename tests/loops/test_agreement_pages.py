"""The pages of what two people expect of each other: who sees what, what is kept, and what is said on the way."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scopes_disabled

from tests.cast import Cast
from tests.factories import NOW, terms
from tests.loops.conftest import a_goal, expects
from twoway.loops.actions.agreement import confirm_agreement, write_agreement
from twoway.loops.actions.loop import end_loop
from twoway.loops.models import Agreement, Expectations, Loop, Sponsorship
from twoway.people.models import Person, Programme

SignedIn = Callable[[Person | None], Client]
pytestmark = pytest.mark.row("L-08")
HERE = {"agreement": "agreement/", "apart": "agreement/apart/", "version": "agreement/version/", "loop": ""}


def path(loop: Loop, name: str = "agreement") -> str:
    return f"/loops/{loop.public_id}/{HERE[name]}"


def reads(browser: Client, url: str) -> str:
    """A page as it reads, without what is made anew for each request."""
    page = browser.get(url, follow=True).content.decode()
    return re.sub(r'value="[0-9a-f-]{36}"|csrf\w*"[^>]*|hx-headers=\'[^\']*\'|since=[\d.]+', "", page)


@pytest.fixture
def both_sent(cast: Cast, loop: Loop) -> Loop:
    expects(loop, cast.amira, hopes="zq-courage", rhythm_days=14, off_the_table="zq-health", sends=True)
    expects(loop, cast.ben, hopes="zq-curiosity", rhythm_days=14, minutes=60, off_the_table="zq-pay", sends=True)
    return loop


@pytest.fixture
def agreed(cast: Cast, both_sent: Loop) -> Loop:
    said = terms(hopes="zq-both", rhythm_days=21, off_the_table="zq-health\nzq-pay", review_on=date(2027, 3, 1))
    write_agreement(loop=both_sent, said=said, by=cast.amira, now=NOW, confirms=True)
    confirm_agreement(loop=both_sent, seen=2, by=cast.ben, now=NOW)
    return both_sent


@pytest.mark.definition("G1")
def test_the_others_pages_are_the_same_whether_i_have_written_or_not(
    cast: Cast, loop: Loop, signed_in: SignedIn
) -> None:
    """A draft leaves no trace: not in a page, a list, a count, the news or the record of what was done."""
    urls = [path(loop, name) for name in HERE]
    urls += ["/", "/loops/", "/notifications/", reverse("web:trail"), "/northwind/grow-together/loops/"]
    ben, chris = signed_in(cast.ben), signed_in(cast.chris)
    before = [[reads(browser, url) for url in urls] for browser in (ben, chris)]

    expects(loop, cast.amira, hopes="zq-courage", off_the_table="zq-health")

    assert [[reads(browser, url) for url in urls] for browser in (ben, chris)] == before


@pytest.mark.definition("G1")
def test_that_it_was_sent_may_be_known_and_what_it_says_may_not(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    expects(loop, cast.amira, hopes="zq-courage", sends=True)

    hers, his = ([reads(signed_in(who), path(loop, name)) for name in HERE] for who in (cast.amira, cast.ben))

    assert [("zq-courage" in page) for page in his] == [False] * 4
    assert "The answers of Amira are sent. Once you send yours, you both see both." in his[0]
    assert "Sent. You both see both answers as soon as Ben has sent theirs as well." in hers[0]
    assert [("zq-courage" in page) for page in hers[:2]] == [True] * 2


@pytest.mark.definition("G1")
def test_once_both_are_sent_they_lie_side_by_side(cast: Cast, both_sent: Loop, signed_in: SignedIn) -> None:
    pages = [signed_in(who).get(path(both_sent)).content.decode() for who in (cast.amira, cast.ben)]

    for page in pages:
        assert all(word in page for word in ("zq-courage", "zq-curiosity", "You both say:", "neither is wrong"))
        assert "Make our version" in page


def test_a_draft_is_kept_and_found_again(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    amira = signed_in(cast.amira)

    kept = amira.post(path(loop, "apart"), {"hopes": "zq-half a", "rhythm_days": "21", "do": "keep", "seen": "0"})
    page = amira.get(path(loop, "apart")).content.decode()

    assert kept.status_code == 302
    assert ("zq-half a" in page, 'value="21" selected' in page, 'name="seen" value="1"' in page) == (True, True, True)
    assert "Go on with my answers" in amira.get(path(loop)).content.decode()
    assert "What you wrote so far is kept." in amira.get(path(loop, "loop")).content.decode()
    assert Loop.objects.get().participations.filter(expectations_sent_at=None).count() == 2


@pytest.mark.row("U-05")
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("review_on", "2020-01-01", "This day is over."),
        ("review_on", "2099-01-01", "more than two years away"),
        ("hours_a_month", "99", "The largest number here is 60."),
        ("rhythm_days", "0", "is not one of the choices"),
        ("hopes", "x" * 2001, "This is too long"),
    ],
)
def test_wrong_input_keeps_what_was_typed_and_says_why(
    cast: Cast, loop: Loop, signed_in: SignedIn, field: str, value: str, words: str
) -> None:
    answer = signed_in(cast.amira).post(path(loop, "apart"), {"off_the_table": "zq-typed", field: value, "do": "send"})

    page = answer.content.decode()
    assert (answer.status_code, words in page, "zq-typed" in page) == (422, True, True)
    assert Expectations.objects.count() == 0


@pytest.mark.row("U-05")
def test_nothing_at_all_is_not_sent(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    answer = signed_in(cast.amira).post(path(loop, "apart"), {"do": "send"})

    assert (answer.status_code, "There is nothing in it yet." in answer.content.decode()) == (422, True)


@pytest.mark.row("U-05")
def test_answers_kept_from_two_pages_of_ones_own_are_both_shown(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    amira = signed_in(cast.amira)
    amira.post(path(loop, "apart"), {"hopes": "zq-phone", "do": "keep", "seen": "0"})

    late = amira.post(path(loop, "apart"), {"hopes": "zq-desk", "do": "keep", "seen": "0"})
    again = amira.post(path(loop, "apart"), {"hopes": "zq-desk", "do": "keep", "seen": "1"})

    page = late.content.decode()
    assert (late.status_code, again.status_code) == (409, 302)
    assert ("zq-phone" in page, "zq-desk" in page, 'name="seen" value="1"' in page) == (True, True, True)


@pytest.mark.row("U-05")
@pytest.mark.parametrize("typed", [{"hopes": "zq-late"}, {"hopes": "zq-late", "hours_a_month": "99"}])
def test_answers_that_come_after_both_were_sent_are_handed_back(
    cast: Cast, both_sent: Loop, signed_in: SignedIn, typed: dict[str, str]
) -> None:
    late = signed_in(cast.amira).post(path(both_sent, "apart"), {**typed, "do": "keep"})

    assert (late.status_code, "zq-late" in late.content.decode()) == (409, True)
    assert not Expectations.objects.filter(hopes="zq-late").exists()


@pytest.mark.row("U-05")
def test_words_written_while_a_loop_ended_are_handed_back(cast: Cast, both_sent: Loop, signed_in: SignedIn) -> None:
    end_loop(loop_id=both_sent.pk, by=cast.ben, now=NOW)

    for name in ("apart", "version"):
        late = signed_in(cast.amira).post(path(both_sent, name), {"hopes": "zq-late", "do": "confirm"})
        assert (late.status_code, "zq-late" in late.content.decode()) == (404, True)


def test_one_answer_is_taken_into_the_form_and_nothing_else_is_lost(
    cast: Cast, both_sent: Loop, signed_in: SignedIn
) -> None:
    typed = {"seen": "1", "confidentiality": "zq-typed", "hopes": "", "rhythm_days": "14", "off_the_table": "zq-pay"}
    amira = signed_in(cast.amira)

    def boxes(take: str) -> tuple[bool, ...]:
        page = amira.post(path(both_sent, "version"), {**typed, "take": take}).content.decode()
        found = re.findall(r"<textarea[^>]*name=\"(\w+)\"[^>]*>\s*([^<]*)", page)
        held = dict(found)
        assert held["confidentiality"] == "zq-typed"
        return ("zq-courage" in held["hopes"], "zq-curiosity" in held["hopes"], 'value="60" selected' in page)

    assert boxes("hopes:mine") == (True, False, False)
    assert boxes("hopes:theirs") == (False, True, False)
    assert boxes("hopes:both") == (True, True, False)
    assert boxes("minutes:theirs") == (False, False, True)
    for odd in ("minutes:both", "hopes:nobody", "pk:mine", "loop:both", ""):
        assert boxes(odd) == (False, False, False)
    assert Agreement.objects.count() == 1


@pytest.mark.definition("A3c")
@pytest.mark.row("L-09")
def test_it_stays_confirmed_by_one_until_both_confirm_the_same_version(
    cast: Cast, both_sent: Loop, signed_in: SignedIn
) -> None:
    amira, ben = signed_in(cast.amira), signed_in(cast.ben)

    def state() -> tuple[bool, ...]:
        page = ben.get(path(both_sent)).content.decode()
        card = signed_in(cast.chris).get("/northwind/grow-together/loops/").content.decode()
        return ("confirmed by one" in page, "Confirmed by both of you" in page, ">Agreed <" in card)

    said = {"hopes": "zq-both", "rhythm_days": "21", "hours_a_month": "3", "minutes": "60", "review_on": "2027-03-01"}
    amira.post(path(both_sent, "version"), {**said, "seen": "1", "do": "confirm"})
    assert state() == (True, False, False)
    ben.post(path(both_sent, "version"), {**said, "minutes": "45", "seen": "2", "do": "confirm"})
    assert state() == (True, False, False)
    ben.post(path(both_sent) + "confirmation/", {"seen": "3"})
    assert state() == (True, False, False)
    amira.post(path(both_sent) + "confirmation/", {"seen": "3"})
    assert state() == (False, True, True)
    card = signed_in(cast.chris).get("/northwind/grow-together/loops/").content.decode()
    assert ("every 3 weeks" in card, "1 March" in card, "zq-both" in card) == (True, True, False)
    amira.post(path(both_sent, "version"), {**said, "seen": "3", "do": "keep"})
    assert state() == (False, False, False)


@pytest.mark.row("U-05")
def test_who_confirms_on_an_old_page_confirms_nothing(cast: Cast, both_sent: Loop, signed_in: SignedIn) -> None:
    write_agreement(loop=both_sent, said=terms(hopes="zq-new"), by=cast.amira, now=NOW, confirms=True)

    for seen in ("1", "", "nonsense", "9" * 30):
        late = signed_in(cast.ben).post(path(both_sent) + "confirmation/", {"seen": seen}, follow=True)
        page = late.content.decode()
        assert ("nothing was confirmed" in page, "zq-new" in page) == (True, True)
    assert Loop.objects.get().agreed_at is None


@pytest.mark.row("U-05")
def test_who_edits_on_an_old_page_sees_what_stands_and_keeps_what_was_typed(
    cast: Cast, both_sent: Loop, signed_in: SignedIn
) -> None:
    write_agreement(loop=both_sent, said=terms(hopes="zq-hers"), by=cast.amira, now=NOW, confirms=True)
    ben = signed_in(cast.ben)

    late = ben.post(path(both_sent, "version"), {"hopes": "zq-his", "seen": "1", "do": "confirm"})
    again = ben.post(path(both_sent, "version"), {"hopes": "zq-his", "seen": "2", "do": "confirm"})

    page = late.content.decode()
    assert (late.status_code, again.status_code, Agreement.objects.count()) == (409, 302, 3)
    assert all(word in page for word in ("Amira Mansour has changed this", "zq-hers", "zq-his", 'value="2"'))


@pytest.mark.definition("C1a")
def test_what_is_off_the_table_stands_in_the_loop_for_both_and_may_be_changed_at_any_time(
    cast: Cast, agreed: Loop, signed_in: SignedIn
) -> None:
    ben, amira = signed_in(cast.ben), signed_in(cast.amira)

    def limits() -> list[tuple[bool, ...]]:
        pages = [browser.get(path(agreed, "loop")).content.decode() for browser in (amira, ben)]
        return [tuple(word in page for word in ("zq-health", "zq-pay", "zq-family")) for page in pages]

    assert limits() == [(True, True, False)] * 2
    amira.post(path(agreed, "version"), {"off_the_table": "zq-health\nzq-family", "seen": "2", "do": "keep"})
    assert limits() == [(True, True, True)] * 2, "a new limit at once, a former one until both have confirmed"
    for browser in (ben, amira):
        browser.post(path(agreed) + "confirmation/", {"seen": "3"})
    assert limits() == [(True, False, True)] * 2


@pytest.mark.row("L-09")
def test_a_change_is_shown_beside_what_holds_until_both_confirm_it(
    cast: Cast, agreed: Loop, signed_in: SignedIn
) -> None:
    signed_in(cast.amira).post(path(agreed, "version"), {"rhythm_days": "7", "seen": "2", "do": "confirm"})

    page = signed_in(cast.ben).get(path(agreed)).content.decode()
    card = signed_in(cast.ben).get(path(agreed, "loop")).content.decode()

    assert all(word in page for word in ("What is new in it", "Every three weeks", "Every week", "left for later"))
    assert ("It waits for your word." in card, "Every three weeks" in card, "every 3 weeks" in card) == (True,) * 3


@pytest.mark.definition("F7")
@pytest.mark.row("G-01")
def test_hopes_for_the_two_and_goals_stand_together_and_either_may_wait(
    cast: Cast, agreed: Loop, signed_in: SignedIn
) -> None:
    amira, ben = signed_in(cast.amira), signed_in(cast.ben)
    without_goals = amira.get(path(agreed)).content.decode()
    a_goal(agreed, cast, what="zq-goal", shared=True)
    both = [browser.get(path(agreed)).content.decode() for browser in (amira, ben)]
    said = terms(rhythm_days=7)
    write_agreement(loop=agreed, said=said, by=cast.amira, now=NOW, confirms=True)
    Expectations.objects.update(hopes="")
    without_hopes = ben.get(path(agreed)).content.decode()

    assert ("zq-both" in without_goals, "What do you want to reach?" in without_goals) == (True, True)
    assert [("zq-both" in page, "zq-goal" in page) for page in both] == [(True, True)] * 2
    assert ("zq-goal" in without_hopes, "Confirm this" in without_hopes) == (True, True)


@pytest.mark.definition("C1b", "A5")
def test_the_agreement_prints_the_limits_and_who_answers(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    amira = signed_in(cast.amira)
    with scopes_disabled():
        Programme.objects.filter(pk=cast.grow.pk).update(duty_of_care="named_contact")
    named = amira.get(path(loop)).content.decode()
    with scopes_disabled():
        Programme.objects.filter(pk=cast.grow.pk).update(duty_of_care="signpost")
    signpost = amira.get(path(loop)).content.decode()

    for page in (named, signpost):
        assert all(
            words in page
            for words in (
                "This is not therapy",
                "not a therapist",
                "diagnose",
                "secrecy",
                "Nobody reads along",
                "could technically",
            )
        )
        assert page.count('href="/support/"') >= 2
    assert ("names a person whom" in named, "Sam Osei" in named) == (True, True)
    assert "promises no more than that" in signpost


@pytest.mark.definition("A5")
def test_it_works_with_two_programmes_behind_it_and_with_none(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    amira = signed_in(cast.amira)
    with scopes_disabled():
        Sponsorship.objects.create(loop=loop, intake=cast.winter, began_at=NOW)
        two = amira.get(path(loop)).content.decode()
        Sponsorship.objects.update(ended_at=NOW)
        ended = amira.get(path(loop)).content.decode()
        Sponsorship.objects.all().delete()
    for person in (cast.amira, cast.ben):
        expects(loop, person, hopes="zq-alike", sends=True)
    amira.post(path(loop) + "confirmation/", {"seen": "1"})
    signed_in(cast.ben).post(path(loop) + "confirmation/", {"seen": "1"})
    none = amira.get(path(loop)).content.decode()

    assert [word in two for word in ("Grow Together", "First Shore")] == [True, True]
    assert all("No programme stands behind this loop" in page for page in (ended, none))
    assert "Confirmed by both of you" in none


@pytest.mark.row("U-06")
def test_an_agreement_asks_no_more_questions_of_the_loops_page(
    cast: Cast, loop: Loop, open_scope: None, signed_in: SignedIn
) -> None:
    amira, counts = signed_in(cast.amira), []

    def count() -> None:
        amira.get(path(loop, "loop"))
        with CaptureQueriesContext(connection) as asked:
            amira.get(path(loop, "loop"))
        counts.append(len(asked))

    count()
    for person in (cast.amira, cast.ben):
        expects(loop, person, hopes="zq-alike", sends=True)
    count()
    for number in range(2, 12):
        write_agreement(loop=loop, said=terms(hopes=f"{number}"), by=cast.amira, now=NOW + timedelta(days=number))
    count()

    assert counts == [counts[0]] * 3


def test_a_rhythm_that_no_list_has_may_stay(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    Loop.objects.filter(pk=loop.pk).update(rhythm_days=10)
    amira: Any = signed_in(cast.amira)

    page = amira.get(path(loop, "apart")).content.decode()
    kept = amira.post(path(loop, "apart"), {"rhythm_days": "10", "do": "send"})

    assert ("Every 10 days" in page, kept.status_code) == (True, 302)
    assert Expectations.objects.get().rhythm_days == 10
