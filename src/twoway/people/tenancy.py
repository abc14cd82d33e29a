"""Organisation and programme from the address; opens the scope that keeps tenants apart.

To someone without the right, a thing does not exist: every guard here answers 404, and somebody signed out is
asked to sign in whether or not the thing exists.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_scopes import scope

from twoway.people import queries
from twoway.people.models import Office, Organisation, Person, Programme
from twoway.people.way_back import page_at_or_above


class PersonRequest(HttpRequest):
    """A request whose sender a guard of this module has let in: somebody signed in."""

    user: Person
    programme: Programme
    organisation: Organisation
    offices: list[Office]  # where a view has asked for them


View = Callable[..., HttpResponse]


def organisation_scope(organisation: Organisation) -> AbstractContextManager[None]:
    """Let queries see one organisation's rows. None is refused: it would return every tenant's."""
    if organisation is None:
        raise ValueError("A scope needs an organisation.")
    return scope(organisation=organisation)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a sign-in and come back: after a form was sent, to the page it stood on, where its words wait.

    A browser that does not say which page that was is led to the form's own address, or to the page above where
    that one shows none.
    """
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    before = urlsplit(request.headers.get("referer", ""))
    if before.netloc == request.get_host():
        return redirect_to_login(before._replace(scheme="", netloc="", fragment="").geturl())
    return redirect_to_login(page_at_or_above(request.path))


def person_page(view: View) -> View:
    """A page of whoever is signed in."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(request, *args, **kwargs)

    return page


def programme_page(may: Callable[[Any, Programme], bool]) -> Callable[[View], View]:
    """A page inside a programme, for those who may. The view gets the programme, its scope is open."""

    def guard(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, organisation: str, programme: str, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            found = queries.programme_at(organisation, programme)
            if found is None:
                return _to_new_name(request, organisation, programme, may)
            with organisation_scope(found.organisation):
                if not may(request.user, found):
                    raise Http404
                request.programme = found  # type: ignore[attr-defined]
                return view(request, found, **kwargs)

        return page

    return guard


def public_programme_page(view: View) -> View:
    """A page of a programme that anybody may open, such as its sign-up."""

    @wraps(view)
    def page(request: HttpRequest, organisation: str, programme: str, **kwargs: Any) -> HttpResponse:
        found = queries.programme_at(organisation, programme)
        if found is None:
            return _to_new_name(request, organisation, programme, lambda person, programme: True)
        with organisation_scope(found.organisation):
            request.public_programme = found  # type: ignore[attr-defined]
            return view(request, found, **kwargs)

    return page


def organisation_page(may: Callable[[Any, Organisation], bool]) -> Callable[[View], View]:
    """A page of an organisation, for those who may. The view gets the organisation, its scope is open."""

    def guard(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, organisation: str, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            found = queries.organisation_at(organisation)
            if found is None:
                renamed = queries.renamed_to(organisation, None)
                if isinstance(renamed, Organisation) and request.method == "GET" and may(request.user, renamed):
                    return redirect(request.path.replace(f"/{organisation}/", f"/{renamed.slug}/", 1))
                raise Http404
            with organisation_scope(found):
                if not may(request.user, found):
                    raise Http404
                request.organisation = found  # type: ignore[attr-defined]
                return view(request, found, **kwargs)

        return page

    return guard


def _to_new_name(
    request: HttpRequest, organisation: str, programme: str, may: Callable[[Any, Programme], bool]
) -> HttpResponse:
    renamed = queries.renamed_to(organisation, programme)
    if not isinstance(renamed, Programme) or request.method != "GET" or not may(request.user, renamed):
        raise Http404
    old = f"/{organisation}/{programme}/"
    new = f"/{renamed.organisation.slug}/{renamed.slug}/"
    return redirect(request.get_full_path().replace(old, new, 1))
