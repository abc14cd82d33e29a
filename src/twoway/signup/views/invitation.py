"""Who was asked in, and who is suggested."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from twoway.history.clock import now as clock_now
from twoway.people.models import Programme
from twoway.people.queries import current_intake, open_intake
from twoway.people.rules import may_run_programme
from twoway.people.signin.session import within_limit
from twoway.people.tenancy import PersonRequest, programme_page
from twoway.signup import queries
from twoway.signup.actions.invitation import Asked, invite, send_invitations, suggest_somebody, withdraw_invitation
from twoway.signup.forms.invitation import InviteForm, SuggestForm
from twoway.signup.models import Application, Invitation
from twoway.signup.queries import takes_the_invited
from twoway.signup.rules import may_suggest_somebody

State = Application.State
NAMED = 20  # more addresses than these are counted in a sentence, not named


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_run_programme)
def invitations(request: PersonRequest, programme: Programme) -> HttpResponse:
    """Ask people in, and see what became of each letter."""
    if request.method == "POST" and not takes_the_invited(programme):
        return _no_letter(request, programme)
    now = clock_now()
    intake = open_intake(programme, now) or current_intake(programme, now)
    form = InviteForm(request.POST if request.method == "POST" else None, programme=programme)
    if request.method == "POST" and intake is not None and form.is_valid():
        if _within(request, len(form.cleaned_data["addresses"])):
            asked = invite(intake=intake, by=request.user, now=now, **form.cleaned_data)
            _say_what_became(request, asked, form.twice)
            return redirect("signup:invitations", programme.organisation.slug, programme.slug)
        form.add_error(None, _("That was a lot of letters at once. Please wait a while and try again."))
    everything = queries.invitations_of(programme)
    unasked = queries.unasked_applications(programme)
    page = {
        "programme": programme,
        "form": form,
        "intake": intake,
        "takes_the_invited": takes_the_invited(programme),
        "suggestions": list(everything.filter(suggested=True, sent_at=None, withdrawn_at=None)),
        "page": Paginator(everything.exclude(suggested=True, sent_at=None), 50).get_page(request.GET.get("page")),
        "unasked": unasked.count(),
        "now": now,
    }
    return render(request, "signup/invitation/invitations.html", page, status=422 if form.errors else 200)


def _no_letter(request: PersonRequest, programme: Programme) -> HttpResponse:
    messages.info(request, no_letter_words())
    return redirect("signup:invitations", programme.organisation.slug, programme.slug)


def no_letter_words() -> str:
    return _("No letter was sent: this programme is archived. Letters can go out again once it is reopened.")


def wait_words() -> str:
    return _("A letter went out less than a minute ago. Please wait a minute to send it again.")


def _within(request: PersonRequest, letters: int) -> bool:
    """One count for each letter, so that nobody can flood the post through us."""
    return all(within_limit(request, "invitation", str(request.user.pk)) for _letter in range(letters))


def _say_what_became(request: PersonRequest, asked: Asked, twice: list[str]) -> None:
    if asked.letters or not (asked.left_out or asked.members):
        messages.success(request, _sent_words(asked.letters))
    if asked.left_out:
        words = _("Left out, since they are here already or have an open invitation: %(who)s.")
        messages.info(request, words % {"who": _some(asked.left_out)})
    if asked.members:
        words = _("Left out, since they are members already: %(who)s.")
        messages.info(request, words % {"who": _some(asked.members)})
    if twice:
        messages.info(request, _("Typed more than once, and counted once: %(who)s.") % {"who": _some(twice)})


def _some(addresses: list[str]) -> str:
    """The first of many addresses, and how many more."""
    named, more = ", ".join(addresses[:NAMED]), len(addresses) - NAMED
    return named if more <= 0 else _("%(named)s and %(n)s more") % {"named": named, "n": more}


def _sent_words(sent: int) -> str:
    return ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", sent) % {"n": sent}


@require_POST
@programme_page(may_run_programme)
def invitation_letters(request: PersonRequest, programme: Programme) -> HttpResponse:
    """Write to everybody who is expected and has not been written to: those of a roster, up to 500 at once."""
    if not takes_the_invited(programme):
        return _no_letter(request, programme)
    chosen = list(queries.unasked_applications(programme)[:500])
    if not _within(request, len(chosen)):
        messages.error(request, _("That was a lot of letters at once. Please wait a while and try again."))
    else:
        messages.success(request, _sent_words(send_invitations(applications=chosen, by=request.user, now=clock_now())))
    return redirect("signup:invitations", programme.organisation.slug, programme.slug)


@require_POST
@programme_page(may_run_programme)
def invitation_letter(request: PersonRequest, programme: Programme, invitation_id: str) -> HttpResponse:
    """Send one again, or send a suggested one for the first time."""
    found = _found(programme, invitation_id)
    if not takes_the_invited(programme):
        return _no_letter(request, programme)
    if found.application.state != State.EXPECTED or found.withdrawn_at is not None:
        messages.info(request, _("There is nothing to send: this invitation is over."))
    elif not _within(request, 1):
        messages.error(request, _("That was a lot of letters at once. Please wait a while and try again."))
    elif send_invitations(applications=[found.application], by=request.user, now=clock_now()):
        messages.success(request, _("The letter is on its way. An earlier link no longer works."))
    else:
        messages.info(request, wait_words())
    return redirect("signup:invitations", programme.organisation.slug, programme.slug)


@require_POST
@programme_page(may_run_programme)
def invitation_withdrawal(request: PersonRequest, programme: Programme, invitation_id: str) -> HttpResponse:
    found = _found(programme, invitation_id)
    if found.withdrawn_at is None and found.accepted_at is None:
        withdraw_invitation(invitation=found, by=request.user, now=clock_now())
        messages.success(request, _("Withdrawn. The link in the letter no longer works."))
    return redirect("signup:invitations", programme.organisation.slug, programme.slug)


def _found(programme: Programme, invitation_id: str) -> Invitation:
    found = queries.invitation_with_id(programme, invitation_id)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_suggest_somebody)
def suggestion(request: PersonRequest, programme: Programme) -> HttpResponse:
    """A member names somebody; the coordinators decide, and the person is told nothing before."""
    now = clock_now()
    intake = open_intake(programme, now) or current_intake(programme, now)
    form = SuggestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and intake is not None and form.is_valid():
        if within_limit(request, "suggestion", str(request.user.pk)):
            suggest_somebody(intake=intake, by=request.user, now=now, **form.cleaned_data)
            messages.success(request, _("Thank you. The coordinators will look at it, and write to them if it fits."))
            return redirect(reverse("people:programme", args=[programme.organisation.slug, programme.slug]))
        form.add_error(None, _("That was a lot of names at once. Please wait an hour and try again."))
    page = {"programme": programme, "form": form}
    return render(request, "signup/invitation/suggestion.html", page, status=422 if form.errors else 200)
