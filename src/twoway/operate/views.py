"""Pages that only a demo has: its letters, its clock, and how to remove it. Elsewhere they do not exist."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from twoway.history.clock import move_to, shift
from twoway.history.clock import now as clock_now
from twoway.operate.demo.remove import remove_demo
from twoway.operate.forms import Clock
from twoway.outbox.channels.folder import letter_on_file, letters_on_file
from twoway.people.models import Person
from twoway.people.queries import demo_is_there, offices_of
from twoway.people.roles import HOLDERS, Power

LETTERS_ON_A_PAGE = 50

# A letter in its frame may show words, as its own head and attributes style them, and open its links; nothing else.
FROM = ("default", "script", "style", "img", "font", "connect", "manifest", "worker")
DRAWN = {
    **{f"{kind}-src": [NONE] for kind in FROM},
    "style-src-attr": [UNSAFE_INLINE],
    "style-src-elem": [UNSAFE_INLINE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


def demo_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the demo. It shows nobody's secrets: everybody in a demo is made up."""

    @wraps(view)
    @never_cache
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return page


@demo_page
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """What a demo is, and its tools."""
    page = {"gone": not demo_is_there(), "may_remove": _may_remove(request), **_time()}
    return render(request, "operate/demo/demo.html", page)


@demo_page
@require_http_methods(["GET", "HEAD", "POST"])
def clock(request: HttpRequest) -> HttpResponse:
    """Move the demo's clock: by a button, or to a time."""
    step = request.POST.get("step")
    if request.method == "POST" and step in STEPS:
        move_to(clock_now() + STEPS[step])
        return redirect("operate:clock")
    if request.method == "POST" and step == "real":
        move_to(clock_now() - shift())
        return redirect("operate:clock")
    form = Clock(request.POST if request.method == "POST" else None, initial={"moment": clock_now()})
    if request.method == "POST" and form.is_valid():
        move_to(form.cleaned_data["moment"])
        messages.success(request, _("The demo's clock has moved."))
        return redirect("operate:clock")
    return render(request, "operate/demo/clock.html", {"form": form, **_time()}, status=422 if form.errors else 200)


STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}


def _time() -> dict[str, object]:
    return {"now": clock_now(), "shifted": abs(shift()) > timedelta(minutes=1)}


@demo_page
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """Every letter the demo has written, the newest first."""
    page = Paginator(letters_on_file(), LETTERS_ON_A_PAGE).get_page(request.GET.get("page"))
    read = [letter_on_file(name) for name in page]
    return render(request, "operate/demo/letters.html", {"page": page, "letters": read})


@demo_page
@require_safe
@csp_update({"frame-src": [SELF]})
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One letter's words, with its links."""
    found = letter_on_file(name)
    if found is None:
        raise Http404
    return render(request, "operate/demo/letter.html", {"letter": found})


@demo_page
@require_safe
@xframe_options_sameorigin
@csp_replace(DRAWN)
def letter_drawn(request: HttpRequest, name: str) -> HttpResponse:
    """One letter's HTML as a mail programme draws it, for a frame: no script, no picture and nothing from elsewhere is
    let in, and its links open on a page of their own."""
    found = letter_on_file(name)
    if found is None or not found.html:
        raise Http404
    return HttpResponse(found.html.replace("<head>", '<head><base target="_blank">', 1))


@demo_page
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: HttpRequest) -> HttpResponse:
    """Remove everybody and everything made up, for whoever administers an organisation."""
    person = request.user
    if not isinstance(person, Person) or not _may_remove(request):
        raise Http404
    if request.method == "POST":
        gone = remove_demo(by=person, now=clock_now())
        if person.demo:
            request.session.flush()
        messages.success(request, _("The demo is gone: %(n)s made-up people, and all that was theirs.") % {"n": gone})
        return redirect("operate:demo")
    return render(request, "operate/demo/removal.html", _removal_words())


def _removal_words() -> dict[str, object]:
    return {
        "question": _("Remove the demo?"),
        "explanation": _("Organisations and people that are not made up stay as they are."),
        "consequences": [
            _("Every made-up person and organisation goes, with programmes, loops, messages and letters."),
            _("Whoever is signed in as one of them is signed out."),
            _("This cannot be undone. The command “twoway demo --fresh” makes a new demo."),
        ],
        "confirm_label": _("Remove the demo"),
        "confirm_kind": "alarm",
        "back_url": reverse("operate:demo"),
    }


def _may_remove(request: HttpRequest) -> bool:
    roles = HOLDERS[Power.RUN_ORGANISATION]
    return request.user.is_authenticated and offices_of(request.user).filter(role__in=roles).exists()
