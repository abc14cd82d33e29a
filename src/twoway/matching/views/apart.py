"""One's own list of people not to be put together with."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from twoway.history.clock import now as clock_now
from twoway.matching.actions.apart import stay_apart
from twoway.people import queries
from twoway.people.actions.person import drop_apart
from twoway.people.audience import Audience, label_for
from twoway.people.forms import KeepApart
from twoway.people.tenancy import PersonRequest, organisation_scope, person_page


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def aparts(request: PersonRequest) -> HttpResponse:
    """The list. Nobody else can open it."""
    organisations = queries.organisations_of(request.user)
    form = KeepApart(request.POST or None, organisations=organisations, own=queries.addresses_of(request.user))
    if request.method == "POST" and form.is_valid():
        where = next(found for found in organisations if found.public_id == form.cleaned_data["organisation"])
        said = form.cleaned_data
        with organisation_scope(where):
            stay_apart(
                owner=request.user, organisation=where, address=said["address"], note=said["note"], now=clock_now()
            )
        messages.success(request, _("Kept. You two will not be put together."))
        return redirect("matching:aparts")
    page = {
        "form": form,
        "aparts": queries.aparts_of(request.user),
        "organisations": organisations,
        "label": label_for(Audience.OWNER),
    }
    return render(request, "matching/aparts.html", page, status=422 if form.errors else 200)


@require_POST
@person_page
def apart_drop(request: PersonRequest, apart_id: str) -> HttpResponse:
    found = next((apart for apart in queries.aparts_of(request.user) if apart.public_id == apart_id), None)
    if found is None:
        raise Http404
    drop_apart(apart=found, now=clock_now())
    messages.success(request, _("Taken off your list."))
    return redirect("matching:aparts")
