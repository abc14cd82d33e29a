"""The first page after signing in: what is my next step?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from twoway.history.clock import now as clock_now
from twoway.loops.queries import standings_of
from twoway.loops.queries.home import agendas_of, meetings_around
from twoway.loops.queries.meeting import times_of
from twoway.loops.queries.message import unread_counts
from twoway.loops.rules import may_keep_agenda, may_write
from twoway.loops.templatetags.loop_words import first_name
from twoway.matching.queries.mine import agreed_in, refused_in, sides_and_ways_out_of, waiting_in
from twoway.matching.queries.wish import asked_of
from twoway.people import queries as people
from twoway.people.audience import Audience, label_for
from twoway.people.role_words import mentee_word, mentor_word
from twoway.people.tenancy import PersonRequest, organisation_scope, person_page
from twoway.signup.queries.mine import applications_of, declined_of, entries_of
from twoway.web.addresses import at
from twoway.web.next_step import (
    Agreed,
    Declined,
    Entry,
    Facts,
    InLoop,
    Paused,
    Proposed,
    Step,
    Wishing,
    admins_step,
    next_step,
)
from twoway.web.offices import OrganisationCard, organisations_of, standing_by
from twoway.web.templatetags.twoway import day_of, day_words, moment_words
from twoway.web.worklist import desk_count

if TYPE_CHECKING:
    from datetime import datetime

    from twoway.loops.models import Meeting
    from twoway.loops.queries import Standing
    from twoway.loops.queries.home import Listed
    from twoway.matching.queries.mine import WayOut
    from twoway.matching.queries.proposal import Side
    from twoway.matching.queries.wish import Asked
    from twoway.people.models import Membership, Office, Person
    from twoway.signup.models import Application

OF_A_MEMBERSHIP = (
    "role", "available", "paused_until", "programme__slug", "programme__name", "programme__mentor_word",
    "programme__mentee_word", "programme__organisation__slug", "programme__organisation__name",
)  # fmt: skip
"""What this page shows of a membership: no more is asked for."""


@require_safe
@person_page
def home(request: PersonRequest) -> HttpResponse:
    person, now = request.user, clock_now()
    own = applications_of(person)
    sides, ways_out = sides_and_ways_out_of(person, [one.pk for one in own if one.person is not None], now)
    lines = _lines(person, ways_out, now)
    entries = entries_of(person, own)
    memberships = list(people.memberships_of(person).only(*OF_A_MEMBERSHIP))
    request.offices = offices = people.offices_held(person)  # the shell shows them too
    desks = _desks(offices, now)
    organisations, standing = organisations_of(offices, person, now), standing_by(offices)
    takes_part = bool(memberships or lines or sides or entries)
    declined = None if takes_part else declined_of(person, own)
    free = not (lines or sides) and any(membership.available for membership in memberships)
    facts = Facts(
        entries=[_entry(one, now) for one in entries],
        proposals=[_proposed(side) for side in waiting_in(sides, now)],
        agreed=[_agreed(side, now) for side in agreed_in(sides, now)],
        loops=[line.facts for line in lines],
        takes_part=any(membership.available for membership in memberships),
        paused=[_paused(membership) for membership in memberships if not membership.available],
        wishing=[_wishing(one) for one in asked_of(person)] if free else (),
        declined=_declined(declined, now) if declined else None,
    )
    page = {
        "greeting": greeting(timezone.localtime(now).hour, person.get_short_name()),
        "step": _step(facts, organisations, takes_part=takes_part, runs=bool(desks or standing)),
        "new": not takes_part and not offices and declined is None,
        "lines": lines,
        "coming": _coming(lines),
        "proposals": facts.proposals,
        "agreed": facts.agreed,
        "refused": [_refused(side, now) for side in refused_in(sides, now)],
        "entries": [{"programme": one.intake.programme, "entry": _entry(one, now)} for one in entries],
        "memberships": memberships,
        "desks": desks,
        "organisations": organisations,
        "standing_by": standing,
        "drafts_label": label_for(Audience.OWNER),
        "now": now,
    }
    return render(request, "web/home.html", page)


def _step(facts: Facts, organisations: list[OrganisationCard], *, takes_part: bool, runs: bool) -> Step | None:
    """Somebody's own step first; then an admin's. Whoever only runs or stands by something finds it below."""
    if takes_part or not (organisations or runs):
        return next_step(facts)
    step = admins_step([one.facts for one in organisations]) if organisations else None
    return None if step is not None and step.kind == "nothing" and runs else step


def greeting(hour: int, name: str) -> str:
    """Good morning, afternoon or evening, by the reader's own clock; at night none of them."""
    if hour < 5:
        words = _("Hello, %(name)s")
    elif hour < 12:
        words = _("Good morning, %(name)s")
    elif hour < 18:
        words = _("Good afternoon, %(name)s")
    else:
        words = _("Good evening, %(name)s")
    return words % {"name": name}


# --- loops ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LoopLine:
    """One of my loops with what waits in it."""

    standing: Standing
    unread: int
    next: Meeting | None
    facts: InLoop
    agenda: list[Listed]
    way_out: WayOut | None = None  # where it began without a yes of mine


def _lines(person: Person, ways_out: dict[int, WayOut], now: datetime) -> list[LoopLine]:
    standings = standings_of(person)
    if not standings:
        return []
    loops = [standing.loop.pk for standing in standings]
    unread, agendas = unread_counts(person), agendas_of(person, loops)
    around = meetings_around(person, loops, now)
    lines = []
    for standing in standings:
        pk, public_id = standing.loop.pk, standing.loop.public_id
        meeting, agenda = around.coming.get(pk), agendas.get(pk, [])
        facts = _in_loop(standing, meeting, around.offers.get(pk), around.unanswered.get(pk), now, {
            "questions": sum(one.owner == person.pk for one in agenda), "unread": unread.get(public_id, 0),
            "has_met": pk in around.with_a_past, "i_offered": pk in around.with_my_offer,
        })  # fmt: skip
        lines.append(LoopLine(standing, unread.get(public_id, 0), meeting, facts, agenda, ways_out.get(pk)))
    return lines


def _in_loop(
    standing: Standing, coming: Meeting | None, offer: Meeting | None, over: Meeting | None, now: datetime,
    more: dict[str, Any],
) -> InLoop:  # fmt: skip
    loop = standing.loop.public_id
    starts_at = coming.starts_at if coming is not None else None
    return InLoop(
        other=first_name(standing.other.name), url=reverse("loops:loop", args=[loop]),
        new_meeting_url=reverse("loops:meeting-new", args=[loop]), agenda_url=reverse("loops:agenda", args=[loop]),
        mine_to_keep=may_keep_agenda(standing), may_write=may_write(standing),
        met_at=over.starts_at if over is not None else None,
        answer_url=reverse("loops:meeting-answer", args=[loop, over.public_id]) if over is not None else "",
        offered_url=reverse("loops:meeting", args=[loop, offer.public_id]) if offer is not None else "",
        offered_words=_times_in_words(offer, now) if offer is not None else "",
        next_at=starts_at,
        next_day=day_words(timezone.localtime(starts_at).date(), timezone.localtime(now).date()) if starts_at else "",
        next_words=moment_words(starts_at, now) if starts_at else "", **more,
    )  # fmt: skip


def _times_in_words(offer: Meeting, now: datetime) -> str:
    """The times that can still be picked, the earliest first."""
    return " · ".join(moment_words(time.starts_at, now) for time in times_of(offer) if time.starts_at > now)


def _coming(lines: list[LoopLine]) -> dict[str, Any] | None:
    """My next meeting with its agenda in short; a mentee's drafts are only in her own."""
    meant = [line for line in lines if line.next is not None and line.next.starts_at is not None]
    if not meant:
        return None
    line = min(meant, key=lambda one: (one.facts.next_at, one.standing.loop.pk))
    return {
        "line": line,
        "standing": line.standing,
        "meeting": line.next,
        "day": timezone.localtime(line.facts.next_at).date(),
        "items": line.agenda[:3],
        "more": max(0, len(line.agenda) - 3),
    }


# --- ways in, proposals, desks ----------------------------------------------------------------------


def _entry(one: Application, now: datetime) -> Entry:
    programme = one.intake.programme
    page = "signup:join-sent" if one.state in ("sent", "waiting") else "signup:join"
    is_open = one.state in ("expected", "waiting") or people.sign_up_is_open(one.intake, now)
    if not is_open and one.state == "started":  # it goes on in whatever intake is open
        with organisation_scope(programme.organisation):
            is_open = people.open_intake(programme, now) is not None
    return Entry(programme.name, one.state, reverse(page, args=at(programme)), is_open)


def _declined(one: Application, now: datetime) -> Declined:
    programme = one.intake.programme
    with organisation_scope(programme.organisation):
        newer = people.open_intake(programme, now)
    anew = newer is not None and newer != one.intake
    join_url = reverse("signup:join", args=at(programme)) if anew else ""
    return Declined(programme.name, reverse("signup:join-sent", args=at(programme)), join_url)


def _wishing(one: Asked) -> Wishing:
    return Wishing(one.programme.name, reverse("matching:wishes", args=at(one.programme)), one.marked)


def _paused(membership: Membership) -> Paused:
    programme, until = membership.programme, membership.paused_until
    return Paused(programme.name, reverse("signup:profile", args=at(programme)), day_of(until))


def _proposed(side: Side) -> Proposed:
    proposal, programme = side.proposal, side.proposal.intake.programme
    return Proposed(
        other=first_name(side.other.name), role=side.role, programme=programme.name,
        url=reverse("matching:proposal-answer", args=[proposal.public_id]),
        theirs=mentor_word(programme) if side.role == "mentee" else mentee_word(programme),
    )  # fmt: skip


def _agreed(side: Side, now: datetime) -> Agreed:
    url, settles_at = reverse("matching:proposal-answer", args=[side.proposal.public_id]), side.settles_at()
    if settles_at is None:
        return Agreed(first_name(side.other.name), url)
    until = moment_words(settles_at, now) if settles_at > now else ""
    by = side.mine.by if side.mine is not None else None
    return Agreed(first_name(side.other.name), url, by.get_short_name() if by else _("A coordinator"), until)


def _refused(side: Side, now: datetime) -> dict[str, Any]:
    """A no of mine that I can take back: a way back to its page."""
    url = reverse("matching:proposal-answer", args=[side.proposal.public_id])
    return {"other": first_name(side.other.name), "url": url, "until": side.taken_back_until(now)}


def _desks(offices: list[Office], now: datetime) -> list[dict[str, Any]]:
    """The programmes somebody runs, with how much is on each desk."""
    found = []
    for office in offices:
        programme = office.programme
        if office.role != office.Role.COORDINATOR or programme is None or programme.archived_at is not None:
            continue
        programme.organisation = office.organisation
        with organisation_scope(office.organisation):
            found.append({"programme": programme, "count": desk_count(programme, now)})
    return sorted(found, key=lambda desk: str(desk["programme"].name))
