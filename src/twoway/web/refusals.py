"""A page for what is refused before a view is asked: an address that only takes what a form sends, and a form that an
old page sends."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import resolve
from django.views.csrf import csrf_failure

from twoway.people.way_back import page_above


class WordsForRefusals:
    """Middleware: the empty answer 405 gets words and the way back to the page with the form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method not in ("GET", "HEAD"):
            return response
        page = render(request, "405.html", {"back": page_above(request.path)}, status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page


LINKS = ("signup:invitation", "signup:confirmation", "people:link")


def old_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form whose mark is not the session's. The page of a mailed link that was used in another window
    holds nothing that was typed, so it is opened anew and says where its owner stands."""
    if request.user.is_authenticated and resolve(request.path_info).view_name in LINKS:
        return redirect(request.path)
    return csrf_failure(request, reason)
