"""Signing in: by a mailed link or code, or by a password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from twoway.history.clock import now as clock_now
from twoway.people.actions.signin import (
    ask_for_sign_in,
    note_wrong_password,
    signed_in_by,
    token_of,
    use_code,
    use_link,
)
from twoway.people.forms import AskForSignIn, SignInCode, SignInPassword
from twoway.people.models import Person
from twoway.people.queries import offered_office
from twoway.people.signin.session import begin_session, within_limit


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a letter. The answer is the same for every address."""
    onward = safe_onward(request)
    if request.user.is_authenticated:
        return redirect(onward or "web:home")
    form = AskForSignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["address"]
        if within_limit(request, "sign_in_letter", address):
            token = ask_for_sign_in(address=address, onward=onward, now=clock_now())
            request.session["sign_in"] = {"token": token.public_id, "address": address}
            return redirect("people:code")
        form.add_error(None, _("That was a lot of letters at once. Please wait a few minutes and ask again."))
    return render(
        request,
        "people/signin/ask.html",
        {"form": form, "onward": onward},
        status=422 if form.errors else 200,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Type the six digits, in the browser that asked."""
    asked = request.session.get("sign_in")
    if not asked:
        return redirect("people:sign-in")
    form = SignInCode(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not within_limit(request, "sign_in_code", asked["token"]):
            form.add_error(None, _("That was a lot of tries. Please wait a few minutes, then ask for a new letter."))
        else:
            used = use_code(token_id=asked["token"], code=form.cleaned_data["code"], now=clock_now())
            if used is not None:
                person, token = used
                request.session.pop("sign_in", None)
                own_device = form.cleaned_data["own_device"]
                return begin_session(request, person, method="code", own_device=own_device, onward=token.onward)
            form.add_error(
                "code",
                _("This code does not fit, or its ten minutes are over. Look again, or ask for a new letter."),
            )
    page = {"form": form, "address": asked["address"], "demo": settings.DEMO}
    return render(request, "people/signin/code.html", page, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """A one-use link. Opening it shows whom it signs in and changes nothing; the button does it, once."""
    now = clock_now()
    if request.method == "POST":
        used = use_link(secret=secret, now=now)
        if used is not None:
            person, token = used
            own_device = request.POST.get("own_device") == "on"
            return begin_session(request, person, method="link", own_device=own_device, onward=token.onward)
    offered = token_of(secret, now)
    if offered is None:
        if isinstance(request.user, Person) and signed_in_by(secret, request.user):
            messages.info(request, _("This link has done its work: you are signed in."))
            return redirect("web:home")
        return render(request, "people/signin/link_over.html", status=410)
    name = offered.person.name if offered.person else offered.address
    return render(request, "people/signin/link.html", {"name": name, "offered": offered_office(offered)})


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Sign in by password. A wrong password and an unknown address read the same."""
    onward = safe_onward(request)
    form = SignInPassword(request.POST or None)
    if request.method == "POST" and form.is_valid():
        address = form.cleaned_data["address"]
        if not within_limit(request, "password", address):
            form.add_error(None, _("That was a lot of tries. Please wait a while, or sign in by letter instead."))
        else:
            person = authenticate(request, email=address, password=form.cleaned_data["password"])
            if isinstance(person, Person):
                own_device = form.cleaned_data["own_device"]
                return begin_session(request, person, method="password", own_device=own_device, onward=onward)
            note_wrong_password(address=address, now=clock_now())
            form.add_error(None, _("Address and password do not fit together. You can also sign in by letter."))
    return render(
        request,
        "people/signin/password.html",
        {"form": form, "onward": onward},
        status=422 if form.errors else 200,
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("people:sign-in")


def safe_onward(request: HttpRequest) -> str:
    """Where to go afterwards: a path of ours, else nothing."""
    onward = request.POST.get("next", request.GET.get("next", ""))
    ours = url_has_allowed_host_and_scheme(onward, allowed_hosts=None, require_https=False)
    return onward if ours and onward.startswith("/") and onward != reverse("people:sign-out") else ""
