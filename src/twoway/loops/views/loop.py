"""A loop's page, the list of one's loops, and a programme's list of cards."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from twoway.history.clock import now as clock_now
from twoway.loops.actions.message import mark_read
from twoway.loops.forms.message import MessageForm
from twoway.loops.models import Meeting
from twoway.loops.queries import Standing, sponsored_loops, standings_of
from twoway.loops.queries.agenda import on_the_list
from twoway.loops.queries.card import Card
from twoway.loops.queries.meeting import (
    Meetings,
    all_in,
    meetings_of,
    offers_to,
    unanswered_by,
)
from twoway.loops.queries.message import Stretch, message_in, stretch_of, unread_counts
from twoway.loops.queries.relation import profile_behind
from twoway.loops.rules import CARD, may_keep_agenda, may_write
from twoway.loops.steps import Taken, what_comes_next
from twoway.loops.views.door import loop_page
from twoway.loops.views.goal_shown import goals_beside
from twoway.loops.views.shown import agreed_of, bubbles_of, labels, offer_of
from twoway.loops.views.writing import empty_form
from twoway.people.audience import label_for
from twoway.people.models import Programme
from twoway.people.rules import may_run_programme
from twoway.people.tenancy import PersonRequest, person_page, programme_page

ON_THE_PAGE = 12  # messages on the loop's own page; the rest is one link away


@person_page
@require_safe
def loops(request: PersonRequest) -> HttpResponse:
    """One's loops, each with what waits in it."""
    person, now = request.user, clock_now()
    unread = unread_counts(person)
    coming = _first_by_loop(meetings_of(person, now))
    offers = _first_by_loop(offers_to(person, now))
    unanswered = _first_by_loop(unanswered_by(person, now))
    lines = [
        {
            "standing": standing,
            "unread": unread.get(standing.loop.public_id, 0),
            "next": coming.get(standing.loop.pk),
            "offer": offers.get(standing.loop.pk),
            "unanswered": unanswered.get(standing.loop.pk),
        }
        for standing in standings_of(person)
    ]
    return render(request, "loops/loop/list.html", {"lines": lines})


def _first_by_loop(meetings: list[Meeting]) -> dict[int, Meeting]:
    found: dict[int, Meeting] = {}
    for meeting in meetings:
        found.setdefault(meeting.loop_id, meeting)
    return found


@loop_page
@require_safe
def loop(request: PersonRequest, standing: Standing) -> HttpResponse:
    """What is next, the conversation, and the card that the programme sees."""
    return loop_answer(request, standing)


def loop_answer(
    request: PersonRequest, standing: Standing, *, form: MessageForm | None = None, status: int = 200
) -> HttpResponse:
    """The loop's page, with a message that could not be taken where there is one."""
    now = clock_now()
    stretch = stretch_of(standing, most=ON_THE_PAGE)
    unread_from = standing.me.read_up_to
    if stretch.messages:
        mark_read(participation=standing.me, up_to=stretch.messages[-1].pk)
    meetings = all_in(standing.loop, now)
    card = meetings.card_of(standing.loop)
    page = {
        **what_is_next(standing, meetings),
        **talk_of(standing, stretch, now),
        **goals_beside(standing),
        "form": form or empty_form(standing, now, quotes=_quoted(request, standing)),
        "quoted": _quoted_bubble(request, standing, form),
        "unread_from": unread_from,
        "card": card,
        "agreed": agreed_of(standing),
        "steps": _steps_shown(card),
        "told": profile_behind(standing),
        "step_words": what_comes_next(_taken(card, now), next_is_booked=card.next_meeting_on is not None),
    }
    return render(request, "loops/loop/loop.html", page, status=status)


def what_is_next(standing: Standing, meetings: Meetings) -> dict[str, Any]:
    """The next meeting or how to come to one, and what waits for an answer. Without either no question is shown."""
    coming, offers, last = meetings.next, meetings.offers, meetings.last
    return {
        "standing": standing,
        "labels": labels(),
        "now": meetings.now,
        "may_write": may_write(standing),
        "mine_to_keep": may_keep_agenda(standing),
        "next": coming,
        "offers": [offer_of(standing, meeting, meetings.now) for meeting in offers],
        "last": last,
        "to_answer": last if meetings.waits_for(standing.me.person_id) else None,
        "contradicted": last if last is not None and meetings.is_contradicted(last) else None,
        "questions": on_the_list(standing) if coming is not None or offers else [],
    }


def talk_of(standing: Standing, stretch: Stretch, now: datetime) -> dict[str, Any]:
    """A part of the conversation, and from where the page asks on."""
    return {
        "bubbles": bubbles_of(standing, stretch.messages),
        "stretch": stretch,
        "since": now.timestamp(),
    }


def _quoted(request: PersonRequest, standing: Standing) -> str:
    wanted = request.GET.get("quote", "")
    message = message_in(standing, wanted) if wanted else None
    return message.public_id if message is not None and message.withdrawn_at is None else ""


def _quoted_bubble(request: PersonRequest, standing: Standing, form: MessageForm | None) -> Any:
    wanted = str(form.data.get("quotes", "")) if form is not None else request.GET.get("quote", "")
    message = message_in(standing, wanted) if wanted else None
    return bubbles_of(standing, [message])[0] if message is not None and message.withdrawn_at is None else None


def _steps_shown(card: Card) -> list[dict[str, Any]]:
    return [{"label": step.label, "state": "done" if step.on else "later"} for step in card.steps]


def _taken(card: Card, now: datetime) -> list[Taken]:
    return [Taken(step.step, now if step.on else None) for step in card.steps]


@programme_page(may_run_programme)
@require_safe
def programme_loops(request: PersonRequest, programme: Programme) -> HttpResponse:
    """The loops a programme sponsors: who, and the card the two see themselves."""
    pages = Paginator(sponsored_loops(programme, now=clock_now()), 50)
    page = pages.get_page(request.GET.get("page"))
    return render(request, "loops/loop/programme.html", {"page": page, "label": label_for(CARD)})
