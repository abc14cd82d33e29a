"""What the loops hand over about a person, and how they forget one."""

import pytest

from tests.cast import Cast
from tests.factories import NOW
from tests.loops.conftest import booked
from twoway.loops.actions.agenda import add_agenda_item, share_agenda, suggest_agenda_item
from twoway.loops.actions.message import send_message
from twoway.loops.models import AgendaItem, Loop, Meeting, Message, Participation
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
    }  # fmt: skip


def test_forgetting_takes_a_persons_words_and_leaves_the_partners(cast: Cast, lived_in: Loop, open_scope: None) -> None:
    share_agenda(loop=lived_in, by=cast.amira, now=NOW)

    forget(cast.amira)

    assert list(Message.objects.values_list("body", "quotes")) == [("From Ben", None)]
    assert AgendaItem.objects.count() == 0
    assert list(Participation.objects.values_list("person", "seat", "loop_open")) == [(cast.ben.pk, None, False)]
    assert list(Meeting.objects.values_list("by", flat=True)) == [cast.ben.pk]
    cast.amira_member.applications.all().delete()
    cast.amira.delete()


def test_the_partner_still_reads_what_is_left(cast: Cast, lived_in: Loop, open_scope: None, signed_in) -> None:
    forget(cast.amira)

    page = signed_in(cast.ben).get(f"/loops/{lived_in.public_id}/").content.decode()

    assert "From Ben" in page
    assert "This loop rests." in page
    assert 'id="write"' not in page
