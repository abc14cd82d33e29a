"""Goals: written by the mentee, hers until she shares them, three at most open, and what becomes of them."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scopes_disabled

from tests.cast import Cast
from tests.cast import gather as gather_cast
from tests.factories import NOW
from tests.loops.conftest import a_goal
from twoway.history.models import Event
from twoway.loops.actions.goal import (
    Changed,
    Full,
    add_goal,
    add_steps,
    close_goal,
    comment_on_goal,
    drop_step,
    edit_goal,
    note_level,
    reopen_goal,
    share_goal,
    tick_step,
    word_levels,
)
from twoway.loops.actions.loop import open_loop
from twoway.loops.levels import COLUMNS
from twoway.loops.models import Goal, GoalEntry, GoalStep, Loop, Participation, Sponsorship
from twoway.loops.queries import sponsored_loops, standing_in
from twoway.outbox.models import Delivery
from twoway.people.models import Notification, Person

SignedIn = Callable[[Person | None], Client]
OWN = dict(
    zip(COLUMNS, ("I ask others to", "I read it out", "From a card", "Others say more", "Who chairs?"), strict=True)
)


def at(name: str, loop: Loop, *ids: str) -> str:
    return reverse(f"loops:{name}", args=[loop.public_id, *ids])


def page_of(browser: Client, goal: Goal) -> str:
    return browser.get(at("goal", goal.loop, goal.public_id)).content.decode()


# --- writing one ------------------------------------------------------------------------------------


@pytest.mark.row("G-01")
@pytest.mark.definition("A4a")
def test_a_mentee_writes_a_goal_in_her_own_words(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    amira = signed_in(cast.amira)

    asked = amira.get(at("goal-new", loop)).content.decode()
    sent = amira.post(at("goal-new", loop), {
        "what": "Lead the review", "kind": "confidence", "why": "I hide behind paper", "known": "Somebody argues",
        "by_when": "2027-06-30", "steps": "Four lines\n\n  Ask   Teresa \nFour lines",
    }, follow=True)  # fmt: skip

    goal, said = Goal.objects.get(), sent.content.decode()
    assert "What good would look like by then, in your own words." in asked
    assert (goal.owner, goal.kind, goal.by_when, goal.shared_at) == (cast.amira, "confidence", date(2027, 6, 30), None)
    assert [step.text for step in goal.goal_steps.order_by("pk")] == ["Four lines", "Ask Teresa"]
    assert all(words in said for words in ("Lead the review", "I hide behind paper", "Confidence"))
    assert "What good would look like by 30 June 2027" in said
    assert "Only you can see this" in said


@pytest.mark.row("G-01", "U-05")
def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    typed = {"what": "", "kind": "", "why": "zq-why", "by_when": "2020-01-01", "steps": "zq-step\n" + "x" * 201}

    answer = signed_in(cast.amira).post(at("goal-new", loop), typed)

    said = answer.content.decode()
    assert (answer.status_code, Goal.objects.count()) == (422, 0)
    assert all(
        words in said for words in ("zq-why", "zq-step", "Write what you want to reach first", "This day is over")
    )


@pytest.mark.row("G-01")
@pytest.mark.definition("A3d")
def test_a_fourth_open_goal_is_refused_with_advice_and_kept_in_the_form(
    cast: Cast, loop: Loop, signed_in: SignedIn
) -> None:
    for number in (1, 2, 3):
        a_goal(loop, cast, f"Number {number}")
    amira = signed_in(cast.amira)
    typed = {"what": "zq-fourth", "kind": "skill", "why": "zq-why", "steps": "zq-step"}

    looked = amira.get(at("goal-new", loop)).content.decode()
    refused = amira.post(at("goal-new", loop), typed)
    on_page = [amira.get(path).content.decode() for path in (at("loop", loop), at("goals", loop))]
    close_goal(goal=Goal.objects.get(what="Number 2"), to="let_go", by=cast.amira, now=NOW)
    taken = amira.post(at("goal-new", loop), typed)

    said = refused.content.decode()
    assert "Three goals are open, and that is plenty" in looked and "<textarea" not in looked
    assert (refused.status_code, taken.status_code) == (409, 302)
    assert all(words in said for words in ("zq-fourth", "zq-why", "zq-step", "Number 1", "Which three matter most"))
    assert [at("goal-new", loop) in page for page in on_page] == [False, False]
    assert sorted(Goal.objects.filter(state="open").values_list("what", flat=True)) == [
        "Number 1", "Number 3", "zq-fourth",
    ]  # fmt: skip


@pytest.mark.row("G-01", "U-05")
def test_the_same_form_sent_twice_is_one_goal(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    form = {"what": "Once", "kind": "skill", "form_key": "6f1c2d3e-0000-4000-8000-000000000001"}

    codes = [signed_in(cast.amira).post(at("goal-new", loop), form).status_code for _ in range(2)]

    assert (codes, Goal.objects.count()) == ([302, 302], 1)


@pytest.mark.row("G-01")
@pytest.mark.parametrize("wrong", [{"place": 4}, {"place": None}, {"state": "reached"}, {"title_shown": True}])
def test_the_database_itself_refuses_what_cannot_be(
    cast: Cast, loop: Loop, open_scope: None, wrong: dict[str, object]
) -> None:
    goal = a_goal(loop, cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.filter(pk=goal.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.create(loop=loop, owner=cast.amira, what="Two", place=1, made_at=NOW, state_since=NOW)


@pytest.mark.slow
@pytest.mark.row("G-01")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["write", "reopen"])
def test_twenty_threads_race_for_three_places(way: str) -> None:
    with scopes_disabled():
        cast = gather_cast()
        loop = open_loop(mentee=cast.amira_member, mentor=cast.ben_member, intake=cast.autumn, by=None, now=NOW)
        old = []
        for number in range(20 if way == "reopen" else 0):
            old.append(a_goal(loop, cast, f"Old {number}"))
            close_goal(goal=old[-1], to="let_go", by=cast.amira, now=NOW)
    start, said = threading.Barrier(20), []

    def race(number: int) -> None:
        start.wait()
        try:
            with scopes_disabled():
                if way == "reopen":
                    reopen_goal(goal=old[number], by=cast.amira, now=NOW)
                else:
                    a_goal(loop, cast, f"Number {number}")
            said.append("open")
        except Full:
            said.append("full")
        except Exception as fault:
            said.append(repr(fault))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=race, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said) == ["full"] * 17 + ["open"] * 3
    assert sorted(Goal.objects.filter(state="open").values_list("place", flat=True)) == [1, 2, 3]


@pytest.mark.row("G-01")
def test_steps_are_ticked_unticked_and_taken_off(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    goal = a_goal(loop, cast, steps=["First", "Second"])
    amira = signed_in(cast.amira)
    first, second = goal.goal_steps.order_by("pk")

    def press(step: GoalStep, to: str) -> str:
        answer = amira.post(at("goal-step", loop, goal.public_id, step.public_id), {"to": to}, follow=True)
        return answer.content.decode()

    done = press(first, "done")
    press(first, "done")  # twice is once
    gone = press(second, "drop")
    late = [press(second, "done"), press(second, "drop")]
    amira.post(at("goal-steps", loop, goal.public_id), {"steps": "Third\nFirst"})
    press(first, "again")

    assert "done 23 November" in done
    assert "Second" not in gone
    assert all("The steps have changed since you opened the page." in page for page in late)
    assert list(goal.goal_steps.order_by("pk").values_list("text", "done_at")) == [("First", None), ("Third", None)]


@pytest.mark.row("G-01", "U-05")
def test_more_steps_than_a_goal_holds_are_handed_back(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    goal = a_goal(loop, cast, steps=[f"Step {n}" for n in range(19)])

    answer = signed_in(cast.amira).post(at("goal-steps", loop, goal.public_id), {"steps": "zq-one\nzq-two"})

    said = answer.content.decode()
    assert (answer.status_code, goal.goal_steps.count()) == (422, 19)
    assert "zq-one" in said and "A goal holds 20 steps." in said


# --- whose it is ------------------------------------------------------------------------------------


@pytest.mark.row("G-03", "X-05")
def test_a_goal_is_private_until_shared_and_sharing_can_be_withdrawn(
    cast: Cast, loop: Loop, signed_in: SignedIn
) -> None:
    goal = a_goal(loop, cast, "zq-goal", steps=["zq-shared", "zq-kept"])
    shown = goal.goal_steps.get(text="zq-shared").public_id
    amira, ben = signed_in(cast.amira), signed_in(cast.ben)
    pages = (at("loop", loop), at("goals", loop), at("goal", loop, goal.public_id))

    def seen_by_ben() -> list[bool]:
        return ["zq-goal" in ben.get(path).content.decode() for path in pages]

    def say(*, seen: int, **ticked: object) -> None:
        amira.post(at("goal-sharing", loop, goal.public_id), {"seen": seen, **ticked})

    before = seen_by_ben()
    say(seen=1, shared="on", steps=[shown])
    shared = seen_by_ben()
    hers, his = page_of(amira, goal), page_of(ben, goal)
    say(seen=2)

    assert (before, shared, seen_by_ben()) == ([False] * 3, [True] * 3, [False] * 3)
    assert "Shared with Ben Kowalski since 23 November." in hers
    assert "Only the two of you can see this. Coordinators cannot." in hers
    assert "Amira Mansour shares it with you since 23 November." in his
    assert ["zq-shared" in his, "zq-kept" in his, "zq-kept" in hers] == [True, False, True]
    assert "Only you can see this" in page_of(amira, goal)


@pytest.mark.row("G-03")
def test_a_step_written_after_sharing_stays_hers_until_ticked(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    goal = a_goal(loop, cast, shared=True)

    add_steps(goal=goal, texts=["zq-later"], by=cast.amira, now=NOW)

    assert "zq-later" not in page_of(signed_in(cast.ben), goal)
    assert ">0 of 1 step<" not in signed_in(cast.ben).get(at("loop", loop)).content.decode()
    assert ">0 of 1 step<" in signed_in(cast.amira).get(at("loop", loop)).content.decode()


@pytest.mark.row("G-02", "X-05")
@pytest.mark.parametrize(
    "name",
    ["goal-edit", "goal-sharing", "goal-state", "goal-steps", "goal-levels", "goal-level"],
)
def test_only_its_owner_changes_a_goal(cast: Cast, loop: Loop, signed_in: SignedIn, name: str) -> None:
    goal = a_goal(loop, cast, steps=["One"], shared=True)
    word_levels(goal=goal, words=OWN, seen=goal.version, by=cast.amira, now=NOW)
    before = Goal.objects.values().get()
    said = {"what": "His", "kind": "skill", "to": "let_go", "steps": "His", "level": "0", "hoped": "His"}

    answer = signed_in(cast.ben).post(at(name, loop, goal.public_id), said)
    step = signed_in(cast.ben).post(
        at("goal-step", loop, goal.public_id, goal.goal_steps.get().public_id), {"to": "done"}
    )

    page = page_of(signed_in(cast.ben), goal)
    assert (answer.status_code, step.status_code) == (404, 404)
    assert (Goal.objects.values().get(), goal.goal_steps.get().done_at) == (before, None)
    assert [words in page for words in ("It is reached", "Write more steps", "Change who", "Note it")] == [False] * 4


@pytest.mark.row("G-02")
def test_a_mentor_writes_no_goal_and_reads_nothing_of_a_missing_one(
    cast: Cast, loop: Loop, signed_in: SignedIn
) -> None:
    ben, amira = signed_in(cast.ben), signed_in(cast.amira)

    codes = [ben.get(at("goal-new", loop)).status_code, ben.post(at("goal-new", loop), {"what": "His"}).status_code]

    assert (codes, Goal.objects.count()) == ([404, 404], 0)
    assert 'id="goals"' not in ben.get(at("loop", loop)).content.decode()
    assert "What do you want to reach?" in amira.get(at("loop", loop)).content.decode()


@pytest.mark.row("G-02")
def test_whoever_it_is_shared_with_comments_and_its_owner_hears_once_a_day(
    cast: Cast, loop: Loop, signed_in: SignedIn
) -> None:
    goal = a_goal(loop, cast, "zq-goal", shared=True)
    ben, amira = signed_in(cast.ben), signed_in(cast.amira)
    comments = at("goal-comments", loop, goal.public_id)

    ben.post(comments, {"comment": "zq-first"})
    ben.post(comments, {"comment": "zq-second"})
    comment_on_goal(goal=goal, text="The day after", by=cast.ben, now=NOW + timedelta(days=1))
    amira.post(comments, {"comment": "zq-answer"})

    letters = Delivery.objects.filter(kind="loops.goal_commented").order_by("pk")
    assert [row.person for row in letters] == [cast.amira.pk, cast.amira.pk, cast.ben.pk]
    assert letters[0].subject == "Ben Kowalski has written about your goal"
    assert not any("zq-" in row.subject + row.text + row.html for row in letters)
    assert all(words in page_of(ben, goal) for words in ("zq-first", "zq-second", "zq-answer", "You wrote"))
    assert Notification.objects.filter(person=cast.amira, kind="loops.goal_commented").count() == 2


@pytest.mark.row("G-02", "U-05")
def test_an_empty_or_endless_comment_says_why_and_is_kept(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    goal = a_goal(loop, cast, shared=True)
    comments, long = at("goal-comments", loop, goal.public_id), "zq" * 1001

    answers = [signed_in(cast.ben).post(comments, {"comment": words}) for words in ("  ", long)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "There is nothing in it yet." in answers[0].content.decode()
    assert long in answers[1].content.decode()
    assert GoalEntry.objects.count() == 0


@pytest.mark.row("G-02", "L-09")
@pytest.mark.parametrize("sponsored", [True, False])
def test_its_title_stands_on_the_card_only_where_the_owner_ticked_that_and_while_sponsored(
    cast: Cast, loop: Loop, open_scope: None, signed_in: SignedIn, sponsored: bool
) -> None:
    a_goal(loop, cast, "zq-private")
    a_goal(loop, cast, "zq-shared", shared=True)
    on_card = a_goal(loop, cast, "zq-title", why="zq-why", steps=["zq-step"], shared=True, title_shown=True)
    if not sponsored:
        Sponsorship.objects.update(ended_at=NOW)
        Participation.objects.update(sponsored=False)

    listed = [titles for row in sponsored_loops(cast.grow, now=NOW) for titles in row.goals]
    office = signed_in(cast.chris).get("/northwind/grow-together/loops/").content.decode()
    cards = [
        signed_in(who).get(at("loop", loop)).content.decode().split('id="card"')[1] for who in (cast.amira, cast.ben)
    ]
    label = page_of(signed_in(cast.ben), on_card)

    assert listed == (["zq-title"] if sponsored else [])
    assert [words in office for words in ("zq-title", "zq-private", "zq-shared", "zq-why", "zq-step")] == [
        sponsored, False, False, False, False,
    ]  # fmt: skip
    assert ["zq-title" in card and "zq-shared" not in card for card in cards] == [sponsored] * 2
    assert ("its owner ticked that" in cards[0], "No words of yours are in it." in cards[0]) == (
        sponsored,
        not sponsored,
    )
    assert ("They see its title alone, on your card." in label) is sponsored


@pytest.mark.row("G-02")
def test_a_title_leaves_the_card_with_the_sharing_and_with_the_goal(
    cast: Cast, loop: Loop, open_scope: None, signed_in: SignedIn
) -> None:
    goal = a_goal(loop, cast, shared=True, title_shown=True)
    other = a_goal(loop, cast, "Other", shared=True, title_shown=True)

    alone = signed_in(cast.amira).post(
        at("goal-sharing", loop, goal.public_id), {"seen": goal.version, "title_shown": "on"}
    )
    share_goal(
        goal=goal, shared=False, steps=[], title_shown=True, seen=goal.version, by=cast.amira, now=NOW
    )  # fmt: skip
    close_goal(goal=other, to="reached", by=cast.amira, now=NOW)

    assert alone.status_code == 422
    assert "A title can stand on the card only if the goal is shared" in alone.content.decode()
    assert [row.goals for row in sponsored_loops(cast.grow, now=NOW)] == [()]


@pytest.mark.row("G-03", "X-08")
def test_what_happens_to_a_private_goal_is_in_nobody_elses_record(cast: Cast, loop: Loop) -> None:
    goal = a_goal(loop, cast)
    close_goal(goal=goal, to="let_go", by=cast.amira, now=NOW)
    shared = a_goal(loop, cast, shared=True)
    share_goal(goal=shared, shared=False, steps=[], title_shown=False, seen=shared.version, by=cast.amira, now=NOW)

    events = Event.objects.filter(kind__startswith="goal.", people__person=cast.ben.pk).order_by("pk")

    assert list(events.values_list("kind", flat=True)) == ["goal.shared", "goal.kept_back"]


# --- where it comes to ------------------------------------------------------------------------------


@pytest.mark.row("G-04")
def test_five_levels_in_her_words_are_noted_kept_and_drawn(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    goal = a_goal(loop, cast, shared=True)
    amira, ben = signed_in(cast.amira), signed_in(cast.ben)
    none_yet = page_of(amira, goal)

    amira.post(at("goal-levels", loop, goal.public_id), OWN)
    goal.refresh_from_db()
    for level in ("-1", "1"):
        amira.post(at("goal-level", loop, goal.public_id), {"level": level, "note": f"zq{level}", "seen": goal.version})
    amira.post(at("goal-levels", loop, goal.public_id), {**OWN, "began": "Other words"})

    said = page_of(ben, goal)
    assert "Put five levels into words" in none_yet and '<svg class="goal-drawing' not in none_yet
    assert all(words in said for words in OWN.values())  # the old words stay with what was noted
    assert 'aria-label="Noted 2 times: −1 on 23 November 2026, and at last +1 on 23 November 2026."' in said
    assert said.split("<figure")[1].split("</figure")[0].count("<circle") == 2 and said.count('class="way"') == 1
    assert said.count('data-label="Level"') == 2
    assert "zq-1" in said and "zq1" in said
    assert list(GoalEntry.objects.order_by("pk").values_list("level", "level_words")) == [
        (-1, "I read it out"), (1, "Others say more"),
    ]  # fmt: skip


@pytest.mark.row("G-04")
def test_levels_left_out_say_the_plain_words(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    goal = a_goal(loop, cast)
    word_levels(goal=goal, words={**dict.fromkeys(COLUMNS, ""), "hoped": "Mine"}, seen=1, by=cast.amira, now=NOW)

    said = page_of(signed_in(cast.amira), goal)

    assert all(words in said for words in ("went backwards", "where I began", "Mine", "more", "far more"))
    assert "what I hoped for by now" not in said


@pytest.mark.row("G-04")
@pytest.mark.parametrize("level", ["3", "-3", "", "zq", "1.5"])
def test_there_is_no_sixth_level(cast: Cast, loop: Loop, signed_in: SignedIn, level: str) -> None:
    goal = a_goal(loop, cast)
    word_levels(goal=goal, words=OWN, seen=goal.version, by=cast.amira, now=NOW)

    answer = signed_in(cast.amira).post(
        at("goal-level", loop, goal.public_id), {"level": level, "note": "zq-note", "seen": goal.version}
    )

    assert (answer.status_code, "zq-note" in answer.content.decode()) == (422, True)
    with pytest.raises(IntegrityError), transaction.atomic():
        GoalEntry.objects.create(goal=goal, by=cast.amira, kind="now", level=3, at=NOW)


@pytest.mark.row("G-04")
def test_the_drawing_lies_in_time_and_any_number_of_points_fits(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    goal = a_goal(loop, cast)
    word_levels(goal=goal, words=OWN, seen=goal.version, by=cast.amira, now=NOW)
    for day, level in ((0, -2), (10, 0), (40, 2)):
        at_that = NOW + timedelta(days=day - 40)
        note_level(goal=goal, level=level, text="", seen=goal.version, by=cast.amira, now=at_that)

    said = page_of(signed_in(cast.amira), goal)

    circles = said.split("<figure")[1].split("</figure")[0].split("<circle ")[1:]
    places = [(part.split('cx="')[1].split('"')[0], part.split('cy="')[1].split('"')[0]) for part in circles]
    assert places == [("13.00%", "150"), ("33.75%", "82"), ("96.00%", "14")]
    assert "14 October to 23 November" in said


# --- how it ends, and begins again ------------------------------------------------------------------


@pytest.mark.row("G-01", "G-04")
@pytest.mark.parametrize(("to", "words"), [("reached", "Noted as reached."), ("let_go", "Let go. That is fine")])
def test_a_goal_is_reached_or_let_go_and_taken_up_again(
    cast: Cast, loop: Loop, signed_in: SignedIn, to: str, words: str
) -> None:
    goal = a_goal(loop, cast, "zq-goal")
    amira, url = signed_in(cast.amira), at("goal-state", loop, goal.public_id)

    ended = amira.post(url, {"to": to}, follow=True).content.decode()
    twice = amira.post(url, {"to": to}, follow=True).content.decode()
    listed = amira.get(at("goals", loop)).content.decode()
    again = amira.post(url, {"to": "open"}, follow=True).content.decode()

    assert words in ended and "Take it up again" in ended
    assert "This goal has changed since you opened the page." in twice
    assert "Earlier" in listed and "zq-goal" in listed
    assert "It is open again." in again
    assert list(goal.goal_entries.order_by("pk").values_list("kind", flat=True)) == [to, "reopened"]
    assert Goal.objects.get().place == 1


@pytest.mark.row("G-01")
def test_a_goal_taken_up_again_needs_room_like_any_other(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    old = a_goal(loop, cast, "Old")
    close_goal(goal=old, to="let_go", by=cast.amira, now=NOW)
    for number in (1, 2, 3):
        a_goal(loop, cast, f"Number {number}")

    answer = signed_in(cast.amira).post(at("goal-state", loop, old.public_id), {"to": "open"}, follow=True)

    assert "Three goals are open, and that is plenty." in answer.content.decode()
    assert Goal.objects.get(pk=old.pk).state == "let_go"


# --- old pages --------------------------------------------------------------------------------------


@pytest.mark.row("G-01", "U-05")
@pytest.mark.parametrize(
    ("name", "first", "second", "column"),
    [
        ("goal-edit", {"what": "First", "kind": "skill"}, {"what": "Second", "kind": "skill"}, "what"),
        ("goal-levels", {"hoped": "First"}, {"hoped": "Second"}, "hoped"),
    ],
)
def test_two_tabs_lose_nothing_unseen(
    cast: Cast, loop: Loop, signed_in: SignedIn, name: str, first: dict[str, str], second: dict[str, str], column: str
) -> None:
    goal = a_goal(loop, cast)
    amira, url = signed_in(cast.amira), at(name, loop, goal.public_id)

    saved = [amira.post(url, {**first, "seen": "1"}).status_code for _ in range(2)]  # pressed twice is no old page
    stale = amira.post(url, {**second, "seen": "1"})
    stood = getattr(Goal.objects.get(), column)
    again = amira.post(url, {**second, "seen": "2"})

    said = stale.content.decode()
    assert (saved, stale.status_code, stood) == ([302, 302], 409, "First")
    assert all(words in said for words in ("First", "Second", "This goal has changed since you opened the page"))
    assert 'name="seen" value="2"' in said
    assert (again.status_code, getattr(Goal.objects.get(), column)) == (302, "Second")


@pytest.mark.slow
@pytest.mark.row("G-01", "U-05")
@pytest.mark.django_db(transaction=True)
def test_of_ten_changes_made_at_once_one_is_kept_and_nine_are_told() -> None:
    with scopes_disabled():
        cast = gather_cast()
        loop = open_loop(mentee=cast.amira_member, mentor=cast.ben_member, intake=cast.autumn, by=None, now=NOW)
        a_goal(loop, cast)
        copies = [Goal.objects.select_related("loop", "owner").get() for _ in range(10)]
    start, said = threading.Barrier(10), []

    def race(number: int) -> None:
        start.wait()
        try:
            edit_goal(
                goal=copies[number], kind="skill", what=f"Words {number}", why="", known="", by_when=None, seen=1,
                by=cast.amira, now=NOW,
            )  # fmt: skip
            said.append("kept")
        except Changed:
            said.append("changed")
        except Exception as fault:
            said.append(repr(fault))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=race, args=[number]) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said) == ["changed"] * 9 + ["kept"]
    assert Goal.objects.get().version == 2


@pytest.mark.row("G-03", "U-05")
def test_a_step_that_is_gone_is_not_shared_unseen(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    goal = a_goal(loop, cast, steps=["One", "Two"])
    gone = goal.goal_steps.get(text="One").public_id
    drop_step(goal=goal, step=gone, by=cast.amira, now=NOW)

    answer = signed_in(cast.amira).post(
        at("goal-sharing", loop, goal.public_id), {"seen": goal.version, "shared": "on", "steps": [gone]}
    )

    assert answer.status_code == 422
    assert "One of these steps is gone by now." in answer.content.decode()
    assert Goal.objects.get().shared_at is None


@pytest.mark.row("G-03", "U-05")
def test_an_old_page_shares_nothing_that_was_taken_back(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    goal = a_goal(loop, cast, shared=True)
    seen = goal.version
    share_goal(goal=goal, shared=False, steps=[], title_shown=False, seen=seen, by=cast.amira, now=NOW)

    late = signed_in(cast.amira).post(
        at("goal-sharing", loop, goal.public_id), {"seen": seen, "shared": "on", "title_shown": "on"}
    )

    assert late.status_code == 409
    assert Goal.objects.get().shared_at is None


@pytest.mark.row("G-04", "U-05")
def test_a_level_whose_words_have_changed_is_asked_about_again(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    goal = a_goal(loop, cast)
    word_levels(goal=goal, words=OWN, seen=1, by=cast.amira, now=NOW)
    word_levels(goal=goal, words={**OWN, "more": "New words"}, seen=2, by=cast.amira, now=NOW)
    url, said = at("goal-level", loop, goal.public_id), {"level": "1", "note": "zq-note"}

    stale = signed_in(cast.amira).post(url, {**said, "seen": "2"})
    again = signed_in(cast.amira).post(url, {**said, "seen": "3"})

    assert (stale.status_code, again.status_code) == (409, 302)
    assert "zq-note" in stale.content.decode() and "New words" in stale.content.decode()
    assert GoalEntry.objects.get().level_words == "New words"


@pytest.mark.row("G-03", "U-05", "X-05")
def test_a_comment_on_what_is_shared_no_more_is_handed_back_and_tells_nothing(
    cast: Cast, loop: Loop, signed_in: SignedIn
) -> None:
    hers, shared = a_goal(loop, cast, "Hers"), a_goal(loop, cast, "Was shared", shared=True)
    share_goal(goal=shared, shared=False, steps=[], title_shown=False, seen=shared.version, by=cast.amira, now=NOW)
    ben = signed_in(cast.ben)

    answers = [
        ben.post(at("goal-comments", loop, goal), {"comment": "zq-comment"})
        for goal in (shared.public_id, hers.public_id, "nosuchgoal")
    ]
    own = signed_in(cast.amira).post(at("goal-comments", loop, shared.public_id), {"comment": "zq-own"})

    pages = [answer.content.decode() for answer in answers]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert all("zq-comment" in page and "What you wrote just now was not kept" in page for page in pages)
    assert len({len(page) for page in pages}) == 1
    assert (own.status_code, "zq-own" in own.content.decode()) == (409, True)
    assert GoalEntry.objects.count() == 0


@pytest.mark.row("G-03")
def test_a_comment_that_races_with_the_end_of_sharing_changes_nothing(cast: Cast, loop: Loop) -> None:
    goal = a_goal(loop, cast, shared=True)
    his = Goal.objects.get()
    share_goal(goal=goal, shared=False, steps=[], title_shown=False, seen=goal.version, by=cast.amira, now=NOW)

    with pytest.raises(Changed):
        comment_on_goal(goal=his, text="Late", by=cast.ben, now=NOW)

    assert GoalEntry.objects.count() == 0


@pytest.mark.row("G-01", "U-05")
def test_the_same_note_and_comment_sent_twice_are_one(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    goal = a_goal(loop, cast, shared=True)
    word_levels(goal=goal, words=OWN, seen=goal.version, by=cast.amira, now=NOW)
    amira, key = signed_in(cast.amira), "6f1c2d3e-0000-4000-8000-00000000000"

    for _ in range(2):
        amira.post(at("goal-level", loop, goal.public_id), {"level": "0", "form_key": key + "1", "seen": goal.version})
        amira.post(at("goal-comments", loop, goal.public_id), {"comment": "Once", "form_key": key + "2"})

    assert GoalEntry.objects.count() == 2


# --- the loop around it -----------------------------------------------------------------------------


@pytest.mark.row("U-06")
def test_more_goals_ask_the_database_no_more(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    browsers = [signed_in(cast.amira), signed_in(cast.ben)]
    counts = []
    for number in (1, 2, 3):
        goal = a_goal(loop, cast, f"Number {number}", steps=["One", "Two"], shared=True, title_shown=True)
        word_levels(goal=goal, words=OWN, seen=goal.version, by=cast.amira, now=NOW)
        for level in (-1, 0, 1):
            note_level(goal=goal, level=level, text="", seen=goal.version, by=cast.amira, now=NOW)
        paths = (at("loop", loop), at("goals", loop), at("goal", loop, goal.public_id))
        for browser in browsers:
            browser.get(paths[0])
        with CaptureQueriesContext(connection) as asked:
            assert {browser.get(path).status_code for browser in browsers for path in paths} == {200}
        counts.append(len(asked))

    assert len(set(counts)) == 1


@pytest.mark.row("G-01")
@pytest.mark.parametrize("state", ["resting", "ended"])
def test_where_nobody_writes_any_more_goals_are_read_and_not_changed(
    cast: Cast, loop: Loop, signed_in: SignedIn, state: str
) -> None:
    goal = a_goal(loop, cast, steps=["One"], shared=True)
    Loop.objects.update(state=state)
    amira = signed_in(cast.amira)

    page = page_of(amira, goal)
    handed_back = amira.post(at("goal-edit", loop, goal.public_id), {"what": "Other", "kind": "skill"})

    assert "Lead the monthly review" in page
    assert not any(words in page for words in ("Write more steps", "It is reached", "Add my comment", "Change who"))
    assert (handed_back.status_code, Goal.objects.get().what) == (404, "Lead the monthly review")


@pytest.mark.row("G-01")
def test_each_of_two_who_both_have_goals_has_three_places_of_their_own(cast: Cast, loop: Loop) -> None:
    """As in a loop of peers: the places are somebody's, not the loop's."""
    for by in (cast.amira, cast.ben):
        for number in (1, 2, 3):
            add_goal(loop=loop, kind="skill", what=f"Number {number}", by=by, now=NOW)
        with pytest.raises(Full):
            add_goal(loop=loop, kind="skill", what="Fourth", by=by, now=NOW)

    standing = standing_in(cast.ben, loop.public_id)
    assert standing is not None
    assert Goal.objects.count() == 6


@pytest.mark.definition("F8a")
def test_messages_questions_and_lines_after_a_meeting_need_no_goal(cast: Cast, loop: Loop, signed_in: SignedIn) -> None:
    amira = signed_in(cast.amira)

    sent = [
        amira.post(at("messages", loop), {"body": "zq-message"}),
        amira.post(at("agenda", loop), {"text": "zq-question"}),
    ]
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        sent.append(amira.post(at("meeting-past", loop), {"day": "2026-11-23"}))
        noted = amira.post(sent[2].headers["Location"], {"happened": "yes", "take_away": "zq-line"}, follow=True)

    page = amira.get(at("loop", loop)).content.decode()
    assert [answer.status_code for answer in sent] == [302] * 3
    assert "zq-line" in noted.content.decode()
    assert "zq-message" in page and "zq-question" in amira.get(at("agenda", loop)).content.decode()
    assert Goal.objects.count() == 0


def test_a_tick_on_a_step_that_is_gone_changes_nothing(cast: Cast, loop: Loop) -> None:
    goal = a_goal(loop, cast)

    with pytest.raises(Changed):
        tick_step(goal=goal, step="nosuchstep", done=True, by=cast.amira, now=NOW)
