"""Pages about oneself: wishes, password, devices, what one was told."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twoway.history.clock import now as clock_now
from twoway.people import queries
from twoway.people.actions import person as actions
from twoway.people.audience import Audience, label_for
from twoway.people.forms import Introduction, NewPassword, Wishes
from twoway.people.signin.session import devices_of, is_device_in_use, keep_this_session
from twoway.people.telling import words_of
from twoway.people.tenancy import PersonRequest, person_page
from twoway.people.views.signin import safe_onward, sign_out


@require_safe
@person_page
def me(request: PersonRequest) -> HttpResponse:
    """Everything of mine that is not in a programme or a loop."""
    return render(
        request,
        "people/me/me.html",
        {
            "memberships": queries.memberships_of(request.user),
            "offices": queries.offices_of(request.user),
            "addresses": queries.addresses_of(request.user),
            "has_password": request.user.has_usable_password(),
            "aparts": len(queries.aparts_of(request.user)),
            "label": label_for(Audience.OWNER),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def wishes_edit(request: PersonRequest) -> HttpResponse:
    person = request.user
    initial = {name: getattr(person, name) for name in ("name", "telling", "time_zone", "language")}
    form = Wishes(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_wishes(person=person, now=clock_now(), **form.cleaned_data)
        messages.success(request, _("Saved. That is how we tell you things from now on."))
        return redirect("people:me")
    return render(request, "people/me/wishes.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def introduction(request: PersonRequest) -> HttpResponse:
    """Name and time zone of somebody who came by a letter that knew only their address; then on to where it led."""
    person, onward = request.user, safe_onward(request) or reverse("web:home")
    if person.introduced:
        return redirect(onward)
    initial = {name: getattr(person, name) for name in ("name", "time_zone", "language")}
    form = Introduction(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_wishes(person=person, now=clock_now(), **form.cleaned_data)
        return redirect(onward)
    page = {"form": form, "onward": onward}
    return render(request, "people/me/introduction.html", page, status=422 if form.errors else 200)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def password_edit(request: PersonRequest) -> HttpResponse:
    """Choose a password. Other devices are signed out."""
    form = NewPassword(request.POST if request.method == "POST" else None, person=request.user)
    if request.method == "POST" and form.is_valid():
        actions.set_password(person=request.user, password=form.cleaned_data["password"], now=clock_now())
        keep_this_session(request, request.user)
        messages.success(request, _("Your password is set."))
        return redirect("people:me")
    page = {"form": form, "has_password": request.user.has_usable_password()}
    return render(request, "people/me/password.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def password_drop(request: PersonRequest) -> HttpResponse:
    """Ask, then take one's password away. Other devices are signed out."""
    if not request.user.has_usable_password():
        return redirect("people:password-edit")
    if request.method == "POST":
        actions.set_password(person=request.user, password="", now=clock_now())
        keep_this_session(request, request.user)
        messages.success(request, _("Your password is gone."))
        return redirect("people:me")
    return render(
        request,
        "people/me/password_drop.html",
        {
            "question": _("Take your password away?"),
            "consequences": [
                _("Letters are then your only way in. Each brings a link and a code."),
                _("Your other devices are signed out. This one stays signed in."),
                _("Nobody can bring the old password back. You can choose a new one at any time."),
            ],
            "confirm_label": _("Take my password away"),
            "confirm_kind": "alarm",
            "back_url": reverse("people:password-edit"),
        },
    )


@require_safe
@person_page
def devices(request: PersonRequest) -> HttpResponse:
    found = devices_of(request.user, request.session.session_key)
    return render(request, "people/me/devices.html", {"devices": found, "label": label_for(Audience.OWNER)})


@require_POST
@person_page
def device_end(request: PersonRequest, device: int) -> HttpResponse:
    """Sign a device out. The one in use is signed out as by the button in its menu, and led to sign in again."""
    here = is_device_in_use(request.user, device, request.session.session_key)
    if not actions.end_session(person=request.user, device=device, now=clock_now()):
        raise Http404
    if here:
        return sign_out(request)
    messages.success(request, _("That device is signed out."))
    return redirect("people:devices")


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def notifications(request: PersonRequest) -> HttpResponse:
    """What I was told, newest first."""
    if request.method == "POST":
        actions.mark_read(person=request.user, now=clock_now())
        return redirect("people:notifications")
    page = Paginator(queries.notifications_of(request.user), 30).get_page(request.GET.get("page"))
    news = [{"row": row, "words": words_of(row, request.user)} for row in page]
    return render(
        request, "people/me/notifications.html", {"page": page, "news": news, "unread": queries.unread_of(request.user)}
    )
