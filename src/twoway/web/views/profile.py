"""One person's page within a programme. What it shows hangs on how the viewer stands to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from twoway.history.clock import now as clock_now
from twoway.loops.queries import sponsored_loops
from twoway.loops.queries.relation import has_a_loopmate_in, relation_of
from twoway.outbox.queries import letters_to
from twoway.people import queries as people
from twoway.people.audience import Audience, Relation, label_for
from twoway.people.rules import may_run_programme, may_see_programme
from twoway.people.tenancy import PersonRequest, programme_page
from twoway.signup import queries as signup
from twoway.signup.queries.desk import entry_of, free_seats_of
from twoway.web.addresses import at

if TYPE_CHECKING:
    from twoway.outbox.models import Delivery
    from twoway.people.models import Membership, Person, Programme
    from twoway.signup.models import Application

ROOMS_WHOSE_LETTERS_SHOW = ("signup", "matching")  # letters from a loop would tell more than its card does
LETTERS = 12

LETTER_WORDS: dict[str, Promise] = {
    "signup.confirmation": gettext_lazy("Please confirm your address"),
    "signup.invitation": gettext_lazy("Invitation"),
    "signup.waiting": gettext_lazy("Your sign-up has arrived"),
    "signup.joined": gettext_lazy("Welcome"),
    "signup.declined": gettext_lazy("Not this time"),
    "signup.availability": gettext_lazy("Availability changed"),
    "signup.suggested": gettext_lazy("Somebody was suggested"),
    "signup.application_waiting": gettext_lazy("Somebody waits for a yes or no"),
    "matching.proposal": gettext_lazy("A proposal"),
    "matching.wishes": gettext_lazy("Wishes before a round"),
    "matching.begun": gettext_lazy("A loop has begun"),
    "matching.place_closed": gettext_lazy("A loop has ended"),
    "matching.proposal_reminder": gettext_lazy("A proposal waits"),
    "matching.proposal_over": gettext_lazy("A proposal is not going ahead"),
    "matching.yes_recorded": gettext_lazy("A yes was recorded for them"),
}


def may_look(person: Person, programme: Programme) -> bool:
    """Whether there may be somebody here whose page one reads: as a member, or because a loop goes on."""
    return may_see_programme(person, programme) or has_a_loopmate_in(programme, person)


@require_safe
@programme_page(may_look)
def profile(request: PersonRequest, programme: Programme, member_id: str) -> HttpResponse:
    membership = people.member_in(programme, member_id)
    if membership is None:
        return _on_the_way(request, programme, member_id)
    relation = relation_of(request.user, membership)
    if relation is Relation.OTHER:
        raise Http404
    entry = entry_of(membership)
    page: dict[str, Any] = {
        "programme": programme,
        "membership": membership,
        "relation": relation.value,
        "inside": may_see_programme(request.user, programme),
        "answers": signup.answers_for_viewer(entry, request.user, relation) if entry is not None else [],
    }
    if relation is Relation.COORDINATOR:
        page |= _for_coordinator(programme, membership, entry)
    return render(request, "web/profile/profile.html", page)


def _for_coordinator(programme: Programme, membership: Membership, entry: Application | None) -> dict[str, Any]:
    now = clock_now()
    letters = letters_to(
        programme.pk, person=membership.person_id, address=people.address_of(membership.person),
        rooms=ROOMS_WHOSE_LETTERS_SHOW,
    )[:LETTERS]  # fmt: skip
    loops = list(sponsored_loops(programme, now=now, of=membership.person))
    seats = free_seats_of(membership) if membership.role != "mentee" else None
    return {
        "address": people.address_of(membership.person),
        "entry": entry,
        "loops": loops,
        "seats": seats,
        "letters": [_line(letter) for letter in letters],
        "holding_up": holding_up(membership, entry, loops=len(loops), seats=seats),
        "card_label": label_for(Audience.CARD),
        "office_label": label_for(Audience.COORDINATORS),
        "by_hand_url": _by_hand(programme, membership, entry),
    }


def _by_hand(programme: Programme, membership: Membership, entry: Application | None) -> str:
    """Where a mentor is looked for by hand; a mentor is found there from the mentee's side."""
    if entry is None or membership.role == "mentor" or programme.archived_at is not None:
        return ""
    return reverse("matching:by-hand-one", args=[*at(programme), entry.public_id])


def _line(letter: Delivery) -> dict[str, Any]:
    return {
        "words": LETTER_WORDS.get(letter.kind, _("Letter")),
        "at": letter.made_at,
        "state": {"sent": _("sent"), "failed": _("came back")}.get(letter.state, _("on its way")),
        "kind": {"failed": "alarm", "sent": ""}.get(letter.state, "open"),
    }


def holding_up(membership: Membership, entry: Application | None, *, loops: int, seats: int | None) -> list[str]:
    """What keeps somebody from being matched, in words; nothing where nothing does."""
    if membership.ended_at is not None:
        day = date_format(timezone.localtime(membership.ended_at), "j F Y")
        return [_("Left the programme on %(day)s.") % {"day": day}]
    found = []
    if not membership.available:
        until = membership.paused_until
        found.append(
            _("Away until %(day)s: cannot be matched until then.") % {"day": date_format(until, "j F Y")}
            if until else _("Away until they say otherwise: cannot be matched.")
        )  # fmt: skip
    missing = len(signup.missing_questions(entry)) if entry is not None else 0
    if entry is None:
        found.append(_("Has answered no sign-up form, so matching knows nothing about them."))
    elif missing:
        found.append(_("Required questions without an answer: %(n)s.") % {"n": missing})
    if membership.role == "mentor" and seats == 0:
        found.append(_("Every seat is taken.") if loops else _("Offers no seat yet."))
    return found


def _on_the_way(request: PersonRequest, programme: Programme, public_id: str) -> HttpResponse:
    """Somebody who is no member yet: for coordinators alone. A member is found at the member's own page."""
    application = signup.application_in(programme, public_id)
    if application is None or not may_run_programme(request.user, programme):
        raise Http404
    if application.membership is not None:
        return redirect("web:profile", *at(programme), application.membership.public_id)
    letters = letters_to(
        programme.pk, person=application.person_id, address=application.address, rooms=ROOMS_WHOSE_LETTERS_SHOW
    )[:LETTERS]
    page = {
        "programme": programme,
        "application": application,
        "answers": signup.answers_for_viewer(application, request.user),
        "missing": signup.missing_questions(application),
        "letters": [_line(letter) for letter in letters],
        "office_label": label_for(Audience.COORDINATORS),
        "pill": {"waiting": "open"}.get(application.state, "bare"),
    }
    return render(request, "web/profile/on_the_way.html", page)
