"""Get support: one sheet for everybody, signed in or not. Nothing notes who looked at it."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
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
    countries: list[Country]


@require_safe
def support(request: HttpRequest) -> HttpResponse:
    """Somebody to talk to now, the programme's contact, reporting something, a question about Twoway."""
    now = clock_now()
    page: dict[str, Any] = {
        "numbers": EMERGENCY_NUMBERS,
        "directories": DIRECTORIES,
        "listed_on": LISTED_ON,
        "places": [],
    }
    if request.user.is_authenticated:
        page["places"] = [_place(programme, now) for programme in queries.programmes_around(request.user)]
    return render(request, "people/support/support.html", page)


def _place(programme: Programme, now: datetime) -> Place:
    with organisation_scope(programme.organisation):
        shown = list(queries.valid_support_lines(programme, queries.today_in(programme, now)))
        entered = {line.country for line in queries.support_lines_of(programme)}
        who = queries.who_to_turn_to(programme)
    by_country = {code: list(lines) for code, lines in groupby(shown, key=lambda line: line.country)}
    countries = [Country(country_name(code), by_country.get(code, [])) for code in entered]
    return Place(programme, who, sorted(countries, key=lambda country: country.name))
