"""A loop's page, and the list of one's loops."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from twoway.loops.queries import standing_in, standings_of
from twoway.people.tenancy import person_page


@person_page
def loops(request: HttpRequest) -> HttpResponse:
    return render(request, "loops/loop/list.html", {"standings": standings_of(request.user)})


@person_page
def loop(request: HttpRequest, loop: str) -> HttpResponse:
    standing = standing_in(request.user, loop)
    if standing is None:
        raise Http404
    return render(request, "loops/loop/loop.html", {"standing": standing})
