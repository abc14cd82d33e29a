"""Get support: one sheet for everybody, signed in or not. Nothing notes who looked at it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from twoway.history.clock import now as clock_now
from twoway.people import queries
from twoway.people.countries import country_name
from twoway.people.help_anywhere import DIRECTORIES, EMERGENCY_NUMBERS, LISTED_ON
from twoway.people.models import Programme, SupportLine
from twoway.people.tenancy import organisation_scope


@dataclass(frozen=True)
class Country:
    """The help of one country; without lines, none that was checked within a year."""

    name: str
    lines: list[SupportLine]


@dataclass(frozen=True)
class Place:
    """A programme of the reader, whom it names, and the help it has entered."""

    programme: Programme
    who: queries.WhoToTurnTo
    entered: set[str]
    valid: list[SupportLine]


@require_safe
def support(request: HttpRequest) -> HttpResponse:
    """Somebody to talk to now, the programme's contact, reporting something, a question about Twoway."""
    now = clock_now()
    page: dict[str, Any] = {
        "numbers": EMERGENCY_NUMBERS,
        "directories": DIRECTORIES,
        "listed_on": LISTED_ON,
    }
    around = queries.programmes_around(request.user) if request.user.is_authenticated else []
    page["places"] = places = [_place(programme, now) for programme in around]
    page["countries"] = _by_country(places)
    return render(request, "people/support/support.html", page)


def _place(programme: Programme, now: datetime) -> Place:
    with organisation_scope(programme.organisation):
        shown = list(queries.valid_support_lines(programme, queries.today_in(programme, now)))
        entered = {line.country for line in queries.support_lines_of(programme)}
        who = queries.who_to_turn_to(programme)
    return Place(programme, who, entered, shown)


def _by_country(places: list[Place]) -> list[Country]:
    """The help of all of them by country; what several programmes entered alike once, as checked last."""
    newest: dict[tuple[str, str, str], SupportLine] = {}
    for line in (line for place in places for line in place.valid):
        alike = (line.country, line.name, line.how)
        if alike not in newest or newest[alike].checked_on < line.checked_on:
            newest[alike] = line
    countries = [
        Country(country_name(code), [line for line in newest.values() if line.country == code])
        for code in {code for place in places for code in place.entered}
    ]
    return sorted(countries, key=lambda country: country.name)
