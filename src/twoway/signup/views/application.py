"""A programme's applications: who has signed up, how far they are, and the coordinators' yes or no."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twoway.history.clock import now as clock_now
from twoway.people.models import Membership, Person, Programme
from twoway.people.queries import current_intake, members_of, today_in
from twoway.people.role_words import role_word
from twoway.people.rules import may_run_programme
from twoway.people.signin.session import within_limit
from twoway.people.tenancy import PersonRequest, programme_page
from twoway.signup import queries
from twoway.signup.actions.arrival import approve_after_all, approve_applications, decline_applications
from twoway.signup.actions.availability import set_availability
from twoway.signup.actions.confirmation import correct_address, write_confirmation
from twoway.signup.forms.invitation import AddressForm, DeclineForm, PauseForm
from twoway.signup.models import Application
from twoway.signup.steps import steps_of

State = Application.State
PILLS = {State.WAITING: "open", State.JOINED: "done", State.SENT: "open"}
A_PAGE = 50


@require_safe
@programme_page(may_run_programme)
def applications(request: PersonRequest, programme: Programme) -> HttpResponse:
    """The list, by state, role and name."""
    everybody = queries.applications_of(programme)
    states = dict(everybody.order_by().values_list("state").annotate(n=Count("pk")))
    chosen = request.GET.get("state", "")
    role, word = request.GET.get("role", ""), request.GET.get("q", "").strip()
    found = _narrowed(everybody, chosen, role, word)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    rows = [_row(programme, *pair) for pair in queries.applications_with_progress(programme, page.object_list)]
    context = {
        "programme": programme,
        "page": page,
        "rows": rows,
        "chosen": chosen,
        "role": role,
        "word": word,
        "chips": _chips(request, states),
        "roles": _roles(request, programme),
        "waiting_here": [row for row in rows if row["application"].state == State.WAITING],
        "intake": current_intake(programme, clock_now()),
        "query": _query(request, page=None),
        "list": request.GET.urlencode(),
        "total": sum(states.values()),
    }
    return render(request, "signup/application/applications.html", context)


def _narrowed(found: QuerySet[Application], state: str, role: str, word: str) -> QuerySet[Application]:
    if state in State.values:
        found = found.filter(state=state)
    if role in Membership.Role.values:
        found = found.filter(role=role)
    return found.filter(Q(name__icontains=word) | Q(address__icontains=word)) if word else found


def _query(request: PersonRequest, **changes: str | None) -> str:
    """This page's query with some parts changed, and from its first page."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    return query.urlencode()


def _chips(request: PersonRequest, states: dict[str, int]) -> list[dict[str, Any]]:
    current = request.GET.get("state", "")
    chips = [{"label": _("All"), "url": f"?{_query(request, state=None)}", "current": not current,
              "count": sum(states.values())}]  # fmt: skip
    order = (State.WAITING, State.EXPECTED, State.STARTED, State.SENT, State.JOINED, State.DECLINED, State.WITHDRAWN)
    chips += [
        {"label": state.label, "url": f"?{_query(request, state=state.value)}", "current": current == state.value,
         "count": states[state.value]}
        for state in order if states.get(state.value)
    ]  # fmt: skip
    return chips


def _roles(request: PersonRequest, programme: Programme) -> list[dict[str, Any]]:
    current = request.GET.get("role", "")
    chips = [{"label": _("Any role"), "url": f"?{_query(request, role=None)}", "current": not current}]
    chips += [
        {"label": role_word(programme, value), "url": f"?{_query(request, role=value)}", "current": current == value}
        for value in Membership.Role.values
    ]
    return chips


def _row(programme: Programme, application: Application, progress: queries.Progress) -> dict[str, Any]:
    return {
        "application": application,
        "progress": progress,
        "pill_kind": PILLS.get(State(application.state), ""),
        "last_step": last_step_in_words(programme, application),
    }


def last_step_in_words(programme: Programme, application: Application) -> str:
    """The page on which somebody was last."""
    if not application.last_step:
        return ""
    if application.last_step == "sent":
        return _("Sent")
    by_slug = {"start": _("Hello"), "capacity": _("Your time"), "not-for": _("What it is not"), "terms": _("Terms")}
    return by_slug.get(application.last_step) or _("Questions")


@require_safe
@programme_page(may_run_programme)
def application(request: PersonRequest, programme: Programme, application_id: str) -> HttpResponse:
    """One application: what was answered, as far as a coordinator may see it, and what can be done."""
    found = _found(programme, application_id)
    return _application_page(request, programme, found, AddressForm())


def _application_page(
    request: PersonRequest, programme: Programme, found: Application, address_form: AddressForm
) -> HttpResponse:
    [(_application, progress)] = queries.applications_with_progress(programme, [found])
    steps = steps_of(programme, found, found.last_step if found.last_step != "sent" else "terms")
    page = {
        "programme": programme,
        "application": found,
        "progress": progress,
        "steps": [{"label": step.label, "state": step.state} for step in steps],
        "answers": queries.answers_for_viewer(found, request.user),
        "seen": queries.mark_of_answers(found),
        "pill_kind": PILLS.get(State(found.state), ""),
        "invitation": queries.invitations_of(programme).filter(application=found).first(),
        "address_form": address_form,
        "unproven": found.verified_at is None
        and found.person_id is None
        and found.state in (State.SENT, State.STARTED),
        "own": found.person_id == request.user.pk,
        "may_still_be_approved": queries.may_still_be_approved(found),
    }
    status = 422 if address_form.errors else 200
    return render(request, "signup/application/application.html", page, status=status)


def _found(programme: Programme, application_id: str) -> Application:
    found = queries.application_in(programme, application_id)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_run_programme)
def decision(request: PersonRequest, programme: Programme) -> HttpResponse:
    """Approve or decline one or many. Several are asked about once more by name; declining has room for words."""
    said = request.POST if request.method == "POST" else request.GET
    approves = said.get("do") == "approve"
    asked = queries.applications_of(programme).filter(public_id__in=said.getlist("application")).order_by("sent_at")
    chosen = [one for one in asked if one.state == State.WAITING]
    left = [one for one in asked if one not in chosen]
    back = _back_to(programme, said)
    if not chosen:
        messages.info(request, _in_words(left) or _("Nobody who waits was chosen, so nothing was changed."))
        return redirect(back)
    if _has_changed(chosen, request.POST.get("seen")):
        messages.warning(
            request, _("An answer has changed since you opened this page. Please look again, then decide.")
        )
        return redirect("signup:application", programme.organisation.slug, programme.slug, chosen[0].public_id)
    form = DeclineForm(request.POST if request.POST.get("sure") and not approves else None)
    if request.method == "POST":
        if request.POST.get("sure") or (approves and len(chosen) == 1):
            if approves or form.is_valid():
                words = "" if approves else form.cleaned_data["words"]
                messages.success(request, _decided(request.user, chosen, approves=approves, words=words))
                if left:
                    messages.info(request, _in_words(left))
                return redirect(back)
        else:  # a page of its own, so that going back and loading it anew ask nothing of the browser
            query = {"do": "approve" if approves else "decline", "application": [one.public_id for one in chosen],
                     **({"list": said["list"]} if "list" in said else {})}  # fmt: skip
            return redirect(f"{request.path}?{urlencode(query, doseq=True)}")
    page = {"programme": programme, "chosen": chosen, "form": form, "back": back, "list": said.get("list", "")}
    template = "signup/application/approve.html" if approves else "signup/application/decline.html"
    return render(request, template, page, status=422 if form.errors else 200)


def _back_to(programme: Programme, said: QueryDict) -> str:
    """The list as it was when somebody was chosen there; those who wait, where nothing says how it was."""
    back = reverse("signup:applications", args=[programme.organisation.slug, programme.slug])
    known = QueryDict(said.get("list", ""))
    kept = {name: known[name] for name in ("state", "role", "q", "page") if name in known}
    return f"{back}?{urlencode(kept if 'list' in said else {'state': 'waiting'})}"


def _in_words(left: list[Application]) -> str:
    """Those about whom something was decided meanwhile, and what."""
    those = [f"{one.name or one.address} ({State(one.state).label})" for one in left]
    return _("Nothing was changed for %(those)s.") % {"those": ", ".join(those)} if those else ""


def _has_changed(chosen: list[Application], seen: str | None) -> bool:
    """Whether an answer has changed since the page was drawn from which somebody decides."""
    return bool(seen) and any(queries.mark_of_answers(one) != seen for one in chosen)


def _decided(by: Person, chosen: list[Application], *, approves: bool, words: str) -> str:
    """Do it, and say what was done."""
    now = clock_now()
    if approves:
        done = approve_applications(applications=chosen, by=by, now=now)
        said = ngettext(
            "%(n)s person is now a member and has been told.", "%(n)s people are now members and have been told.", done
        )
    else:
        done = decline_applications(applications=chosen, words=words, by=by, now=now)
        said = ngettext("%(n)s person has been told.", "%(n)s people have been told.", done)
    return said % {"n": done}


@require_POST
@programme_page(may_run_programme)
def application_approval(request: PersonRequest, programme: Programme, application_id: str) -> HttpResponse:
    """A yes to somebody who was declined."""
    found = _found(programme, application_id)
    if approve_after_all(application=found, by=request.user, now=clock_now()):
        messages.success(request, _("%(name)s is now a member and has been told.") % {"name": found.name})
    else:
        messages.info(
            request, _("Nothing was changed: this sign-up stands otherwise now, or a newer one took its place.")
        )
    return redirect("signup:application", programme.organisation.slug, programme.slug, found.public_id)


@require_POST
@programme_page(may_run_programme)
def application_letter(request: PersonRequest, programme: Programme, application_id: str) -> HttpResponse:
    """Write the letter that confirms an address once more."""
    found = _found(programme, application_id)
    if found.state != State.SENT:
        raise Http404
    if within_limit(request, "invitation", str(request.user.pk)):
        write_confirmation(application=found, now=clock_now())
        messages.success(request, _("The letter is on its way. The earlier link no longer works."))
    else:
        messages.error(request, _("That was a lot of letters at once. Please wait a while and try again."))
    return redirect("signup:application", programme.organisation.slug, programme.slug, found.public_id)


@require_POST
@programme_page(may_run_programme)
def application_address(request: PersonRequest, programme: Programme, application_id: str) -> HttpResponse:
    """Put a mistyped address right, before anybody has proved it."""
    found = _found(programme, application_id)
    if found.verified_at is not None or found.person_id is not None or found.state not in (State.SENT, State.STARTED):
        raise Http404
    form = AddressForm(request.POST)
    taken = queries.others_at(found, form.cleaned_data["address"]) if form.is_valid() else []
    if taken:
        said = _("This is already the address of %(name)s. Is one of the two sign-ups a second try?")
        form.add_error("address", said % {"name": taken[0].name or taken[0].address})
    if not form.is_valid():
        return _application_page(request, programme, found, form)
    correct_address(application=found, address=form.cleaned_data["address"], by=request.user, now=clock_now())
    messages.success(request, _("The address is put right. Links sent to the old one no longer work."))
    return redirect("signup:application", programme.organisation.slug, programme.slug, found.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_run_programme)
def availability(request: PersonRequest, programme: Programme) -> HttpResponse:
    """Whether members can be asked and matched: set for one or many."""
    word = request.GET.get("q", "").strip()
    members = members_of(programme).select_related("programme__organisation").order_by("name", "pk")
    form = PauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        chosen = list(members.filter(public_id__in=request.POST.getlist("member")))
        available = request.POST.get("do") == "back"
        until = form.cleaned_data["until"] if form.is_valid() and not available else None
        if until and until <= today_in(programme, clock_now()):
            form.add_error("until", _("Please choose a day to come."))
        if not chosen:
            form.add_error(None, _("Please choose at least one person."))
        if form.is_valid():
            done = set_availability(
                memberships=chosen, available=available, until=until, by=request.user, now=clock_now()
            )
            messages.success(
                request, ngettext("Changed for %(n)s person.", "Changed for %(n)s people.", done) % {"n": done}
            )
            return redirect("signup:availability", programme.organisation.slug, programme.slug)
    found = members.filter(name__icontains=word) if word else members
    page = {
        "programme": programme,
        "page": Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "chosen": request.POST.getlist("member"),
        "word": word,
        "query": _query(request),
        "some": members.exists(),
    }
    return render(request, "signup/application/availability.html", page, status=422 if form.errors else 200)
