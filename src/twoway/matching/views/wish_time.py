"""Whether mentees are asked for their wishes before a round: the coordinator's page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from twoway.history.clock import now as clock_now
from twoway.matching.actions.wish import MOST_WISHES, close_wishes, open_wishes
from twoway.matching.forms import WishesForm
from twoway.matching.models import WishTime
from twoway.matching.queries.wish import FEW, count_of_wishers, wish_time_of
from twoway.matching.views.round import at
from twoway.people.models import Intake, Programme
from twoway.people.queries import current_intake
from twoway.people.rules import may_change_programme
from twoway.people.tenancy import PersonRequest, programme_page


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_change_programme)
def wish_time(request: PersonRequest, programme: Programme) -> HttpResponse:
    """Ask for wishes, change their weight, or end the time for them."""
    now = clock_now()
    intake = current_intake(programme, now)
    if intake is None:
        messages.error(request, _("First add an intake: wishes belong to one."))
        return redirect("people:intakes", *at(programme))
    form = WishesForm(request.POST or None, initial={"weight": _weight(intake)})
    if request.method == "POST" and request.POST.get("act") == "close":
        close_wishes(intake=intake, by=request.user, now=now)
        messages.success(request, _("The time for wishes is over. What was marked counts."))
        return redirect("matching:wish-time", *at(programme))
    if request.method == "POST" and form.is_valid():
        was = wish_time_of(intake)
        open_wishes(intake=intake, weight=form.cleaned_data["weight"], by=request.user, now=now)
        messages.success(request, _done(was))
        return redirect("matching:wish-time", *at(programme))
    page: dict[str, Any] = {
        "programme": programme, "intake": intake, "form": form, "most": MOST_WISHES, "few": FEW,
        "time": wish_time_of(intake), "wishers": count_of_wishers(intake),
    }  # fmt: skip
    return render(request, "matching/wish_time.html", page, status=422 if form.errors else 200)


def _done(was: WishTime | None) -> str:
    """What has come of it, by how it was before."""
    if was is not None and was.is_open():
        return _("Saved.")
    if was is None or was.told_at is None:
        return _("Wishes are open. Everybody is told.")
    return _("Wishes are open again. Whoever can mark them is told.")


def _weight(intake: Intake) -> int:
    time = wish_time_of(intake)
    return time.weight if time is not None else 5
