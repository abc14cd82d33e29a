"""What the loops hand over about a person, and how they forget one."""

import pytest

from tests.cast import Cast
from tests.factories import NOW, terms
from tests.loops.conftest import a_goal, booked, expects
from twoway.loops.actions.agenda import add_agenda_item, share_agenda, suggest_agenda_item
from twoway.loops.actions.agreement import write_agreement
from twoway.loops.actions.goal import add_steps, comment_on_goal
from twoway.loops.actions.message import send_message
from twoway.loops.models import (
    AgendaItem,
    Agreement,
    Expectations,
    Goal,
    GoalEntry,
    Loop,
    Meeting,
    Message,
    Participation,
)
from twoway.loops.personal import data_of, forget


@pytest.fixture
def lived_in(cast: Cast, loop: Loop) -> Loop:
    booked(loop, cast)
    mine = send_message(loop=loop, body="From Amira", by=cast.amira, now=NOW)
    send_message(loop=loop, body="From Ben", by=cast.ben, now=NOW, quotes=mine)
    add_agenda_item(loop=loop, text="Her draft", by=cast.amira, now=NOW)
    suggest_agenda_item(loop=loop, text="His idea", by=cast.ben, now=NOW)
    return loop


def test_handing_over_holds_ones_own_and_shared_things_only(cast: Cast, lived_in: Loop) -> None:
    hers, his = data_of(cast.amira), data_of(cast.ben)

    assert [message["body"] for message in hers["messages"]] == ["From Amira", "From Ben"]
    assert [question["text"] for question in hers["questions"]] == ["Her draft", "His idea"]
    assert "Her draft" not in str(his)
    assert [suggestion["text"] for suggestion in his["suggestions"]] == ["His idea"]
    assert data_of(cast.dana) == {
        "loops": [], "messages": [], "meetings": [], "after_meetings": [], "questions": [], "suggestions": [],
        "goals": [], "goals_shared_with_me": [], "comments_on_goals": [],
        "expectations": [], "agreements": [],
    }  # fmt: skip


@pytest.mark.row("L-08")
def test_handing_over_holds_the_others_answers_only_once_both_are_sent(cast: Cast, loop: Loop) -> None:
    expects(loop, cast.amira, hopes="Her hope", sends=True)
    expects(loop, cast.ben, hopes="His hope")
    before = [data_of(person) for person in (cast.amira, cast.ben)]

    expects(loop, cast.ben, hopes="His hope", sends=True)
    after = [data_of(person) for person in (cast.amira, cast.ben)]

    assert [("Her hope" in str(one), "His hope" in str(one)) for one in before] == [(True, False), (False, True)]
    assert [("Her hope" in str(one), "His hope" in str(one)) for one in after] == [(True, True)] * 2
    assert [[len(one["agreements"]) for one in both] for both in (before, after)] == [[0, 0], [1, 1]]


@pytest.mark.row("L-08")
def test_forgetting_takes_what_somebody_expected_and_leaves_what_both_agreed(
    cast: Cast, loop: Loop, open_scope: None, signed_in
) -> None:
    for person in (cast.amira, cast.ben):
        expects(loop, person, hopes="Courage", sends=True)
    write_agreement(loop=loop, said=terms(hopes="Courage for two"), by=cast.amira, now=NOW, confirms=True)

    forget(cast.amira)

    page = signed_in(cast.ben).get(f"/loops/{loop.public_id}/agreement/").content.decode()
    assert list(Expectations.objects.values_list("person", flat=True)) == [cast.ben.pk]
    assert list(Agreement.objects.order_by("number").values_list("number", "by")) == [(1, None), (2, None)]
    assert ("Courage for two" in page, "Confirm this" in page) == (True, False)


def test_forgetting_takes_a_persons_words_and_leaves_the_partners(cast: Cast, lived_in: Loop, open_scope: None) -> None:
    share_agenda(loop=lived_in, by=cast.amira, now=NOW)

    forget(cast.amira)

    assert list(Message.objects.values_list("body", "quotes")) == [("From Ben", None)]
    assert AgendaItem.objects.count() == 0
    assert list(Participation.objects.values_list("person", "seat", "loop_open")) == [(cast.ben.pk, None, False)]
    assert list(Meeting.objects.values_list("by", flat=True)) == [cast.ben.pk]
    cast.amira_member.applications.all().delete()
    cast.amira.delete()


@pytest.mark.row("G-03")
def test_goals_are_handed_over_as_far_as_they_are_ones_own_or_shared(cast: Cast, loop: Loop) -> None:
    a_goal(loop, cast, "Hers", steps=["Her step"])
    shared = a_goal(loop, cast, "Shared", steps=["Shared step"], shared=True)
    add_steps(goal=shared, texts=["Kept step"], by=cast.amira, now=NOW)
    comment_on_goal(goal=shared, text="From Ben", by=cast.ben, now=NOW)

    hers, his = data_of(cast.amira), data_of(cast.ben)

    assert [goal["what"] for goal in hers["goals"]] == ["Hers", "Shared"]
    assert [step["text"] for goal in hers["goals"] for step in goal["steps"]] == [
        "Her step", "Shared step", "Kept step",
    ]  # fmt: skip
    assert [(one["text"], one["by_me"]) for one in hers["goals"][1]["noted"]] == [("From Ben", False)]
    assert (his["goals"], [goal["what"] for goal in his["goals_shared_with_me"]]) == ([], ["Shared"])
    assert [said["text"] for said in his["comments_on_goals"]] == ["From Ben"]
    assert not any(words in str(his) for words in ("Hers", "Her step", "Kept step"))


@pytest.mark.row("G-03")
def test_forgetting_takes_ones_goals_and_ones_comments_on_those_of_others(
    cast: Cast, loop: Loop, open_scope: None
) -> None:
    goal = a_goal(loop, cast, shared=True)
    comment_on_goal(goal=goal, text="From Ben", by=cast.ben, now=NOW)
    comment_on_goal(goal=goal, text="From Amira", by=cast.amira, now=NOW)

    forget(cast.ben)
    left = list(GoalEntry.objects.values_list("text", flat=True))
    forget(cast.amira)

    assert left == ["From Amira"]
    assert (Goal.objects.count(), GoalEntry.objects.count()) == (0, 0)


def test_the_partner_still_reads_what_is_left(cast: Cast, lived_in: Loop, open_scope: None, signed_in) -> None:
    forget(cast.amira)

    page = signed_in(cast.ben).get(f"/loops/{lived_in.public_id}/").content.decode()

    assert "From Ben" in page
    assert "This loop rests." in page
    assert 'id="write"' not in page
