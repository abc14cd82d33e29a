"""What was done, and by whom: for the person concerned, for a programme's office, for an organisation's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from twoway.history import queries as history
from twoway.history.kinds import KINDS
from twoway.people.queries import names_of, programmes_of
from twoway.people.rules import may_run_organisation, may_run_programme
from twoway.people.tenancy import PersonRequest, organisation_page, person_page, programme_page

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from twoway.history.models import Event
    from twoway.people.models import Organisation, Programme


@dataclass(frozen=True)
class Line:
    at: datetime
    who: str
    words: str
    whom: str
    where: str = ""  # the programme, in an organisation's record


@require_safe
@person_page
def trail(request: PersonRequest) -> HttpResponse:
    return _page(request, "web/trail/mine.html", history.events_concerning(request.user.pk), {"me": request.user.pk})


@require_safe
@programme_page(may_run_programme)
def programme_trail(request: PersonRequest, programme: Programme) -> HttpResponse:
    return _page(
        request, "web/trail/programme.html", history.events_of_programme(programme.pk), {"programme": programme}
    )


@require_safe
@organisation_page(may_run_organisation)
def organisation_trail(request: PersonRequest, organisation: Organisation) -> HttpResponse:
    events = history.events_of_organisation(organisation.pk)
    places = {programme.pk: programme.name for programme in programmes_of(organisation)}
    return _page(request, "web/trail/organisation.html", events, {"organisation": organisation, "places": places})


def _page(request: PersonRequest, template: str, events: QuerySet[Event], context: dict[str, object]) -> HttpResponse:
    page = Paginator(events.prefetch_related("people"), 50).get_page(request.GET.get("page"))
    rows = list(page)
    names = names_of(
        {event.by for event in rows if event.by is not None}
        | {concerned.person for event in rows for concerned in event.people.all()}
    )
    me, places = context.get("me"), cast("dict[int | None, str]", context.get("places", {}))
    lines = [
        Line(
            at=event.at,
            who=_author(event, names, me),
            words=_words(event),
            where=places.get(event.programme, ""),
            whom=", ".join(_who(row.person, names, me) for row in event.people.all() if row.person != event.by),
        )
        for event in rows
    ]
    return render(request, template, {**context, "page": page, "lines": lines})


def _words(event: Event) -> str:
    """What was done; of a question, to which."""
    words, question = str(KINDS[event.kind].words), event.facts.get("question", "")
    return _("%(did)s: “%(question)s”") % {"did": words, "question": question} if question else words


_UNNAMED = {
    "person.sign_in_failed": gettext_lazy("Somebody"),
    # Ended by one of the two or by the clock: the record tells neither which nor who.
    "loop.ended": gettext_lazy("Not told"),
    "proposal.ended": gettext_lazy("Not told"),
}


def _author(event: Event, names: dict[int, str], me: object) -> str:
    if event.by is None and event.kind in _UNNAMED:
        return str(_UNNAMED[event.kind])
    return _who(event.by, names, me)


def _who(person: int | None, names: dict[int, str], me: object) -> str:
    if person is None:
        return _("Twoway, by its clock")
    if person == me:
        return _("You")
    return names.get(person, _("Somebody who is gone"))
