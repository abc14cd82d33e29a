"""A programme's beginning: the guided set-up, and a copy of one that was there before.

Each step has its own address and is kept when left, so that the set-up can be resumed days later and going back
loses nothing. The step reached so far stands in the programme itself.
"""

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from twoway.history.clock import now as clock_now
from twoway.people import queries
from twoway.people.actions.office import LastOne
from twoway.people.actions.programme import NoContactYet, change_programme
from twoway.people.audience import label_for
from twoway.people.forms.intake import IntakeForm
from twoway.people.forms.programme import CopyProgramme
from twoway.people.forms.set_up import Basics, Help, Kind, Terms
from twoway.people.models import Intake, Office, Organisation, Programme
from twoway.people.phases import sign_up_window, what_dates_do
from twoway.people.rules import may_run_organisation
from twoway.people.signin.session import within_limit
from twoway.people.tenancy import PersonRequest, organisation_page
from twoway.signup.actions.preset import change_kind, make_programme_from
from twoway.signup.actions.programme import copy_as_ticked, finish_set_up, keep_basics, keep_help
from twoway.signup.preset import presets
from twoway.signup.queries import audience_of, questions_of

STEPS: dict[str, Promise] = {
    "kind": gettext_lazy("Kind"),
    "basics": gettext_lazy("Name and dates"),
    "form": gettext_lazy("Questions"),
    "terms": gettext_lazy("What it is not"),
    "help": gettext_lazy("Help"),
    "overview": gettext_lazy("Look and open"),
}
ORDER = list(STEPS)


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may_run_organisation)
def programme_new(request: PersonRequest, organisation: Organisation) -> HttpResponse:
    """The first two steps: choose a kind; then name and dates, with which the programme comes to be."""
    preset = presets().get(request.POST.get("kind") or request.GET.get("kind") or "")
    if preset is None:
        page = _page(organisation, None, "kind", {"presets": presets().values()})
        return render(request, "signup/programme/kind.html", page)
    now = clock_now()
    draft = Programme(organisation=organisation, time_zone=organisation.time_zone)
    dates = preset.dates_from(queries.today_in(draft, now))
    initial = {"name": _free(preset.name, organisation), "time_zone": organisation.time_zone}
    form = Basics(request.POST or None, programme=draft, initial=initial)
    intake = IntakeForm(
        request.POST or None, programme=draft, prefix="intake", initial={"name": preset.intake_name, **dates}
    )
    if request.method == "POST" and all([form.is_valid(), intake.is_valid()]):
        programme = make_programme_from(
            preset=preset, organisation=organisation, **form.cleaned_data, intake_name=intake.cleaned_data["name"],
            days=intake.days(), set_up="form", by=request.user, now=now,
        )  # fmt: skip
        return _to_step(organisation, programme, "form")
    page = _page(organisation, None, "basics", {"form": form, "intake": intake, "preset": preset})
    return render(request, "signup/programme/basics.html", page, status=_status(form, intake))


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may_run_organisation)
def programme_set_up(request: PersonRequest, organisation: Organisation, set_up_id: str, step: str) -> HttpResponse:
    """One step of a set-up that is under way."""
    if step not in _VIEWS:
        raise Http404
    programme = get_object_or_404(queries.programmes_of(organisation), public_id=set_up_id, archived_at=None)
    if not programme.set_up:
        messages.info(request, _("This programme is set up. Its coordinators change it in its settings."))
        return redirect("people:organisation", organisation.slug)
    return _VIEWS[step](request, programme)


def _kind(request: PersonRequest, programme: Programme) -> HttpResponse:
    form = Kind(request.POST or None, initial={"kind": programme.kind})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["kind"] != programme.kind:
            preset = presets()[form.cleaned_data["kind"]]
            change_kind(preset=preset, programme=programme, by=request.user, now=clock_now())
            messages.success(request, _("The words and questions of the new kind are in place."))
        return _onward(request, programme, "kind")
    page = _page(programme.organisation, programme, "kind", {"presets": presets().values(), "form": form})
    return render(request, "signup/programme/kind.html", page, status=_status(form))


def _basics(request: PersonRequest, programme: Programme) -> HttpResponse:
    kept = queries.intakes_of(programme).last()
    assert kept is not None  # made together with the programme
    initial = {"name": programme.name, "time_zone": programme.time_zone}
    form = Basics(request.POST or None, programme=programme, initial=initial)
    intake = IntakeForm(request.POST or None, programme=programme, intake=kept, prefix="intake")
    if request.method == "POST" and all([form.is_valid(), intake.is_valid()]):
        keep_basics(
            programme=programme, intake=kept, **form.cleaned_data, intake_name=intake.cleaned_data["name"],
            days=intake.days(), set_up=_reached(programme, "basics"), by=request.user, now=clock_now(),
        )  # fmt: skip
        return _onward(request, programme, "basics")
    page = {"form": form, "intake": intake, "preset": presets()[programme.kind]}
    page = _page(programme.organisation, programme, "basics", page)
    return render(request, "signup/programme/basics.html", page, status=_status(form, intake))


def _form(request: PersonRequest, programme: Programme) -> HttpResponse:
    """The questions as they will be asked, with what each does in matching and who sees the answer."""
    if request.method == "POST":
        _note_reached(request, programme, "form")
        return _onward(request, programme, "form")
    questions = questions_of(programme)
    sections = [
        (title, [(question, label_for(audience_of(question))) for question in rows])
        for title, rows in groupby(questions, key=lambda question: question.section)
    ]
    page = _page(programme.organisation, programme, "form", {"sections": sections, "number": len(questions)})
    return render(request, "signup/programme/form.html", page)


def _terms(request: PersonRequest, programme: Programme) -> HttpResponse:
    form = Terms(request.POST or None, programme=programme)
    if request.method == "POST" and form.is_valid():
        changes = {**form.cleaned_data, "set_up": _reached(programme, "terms")}
        change_programme(programme=programme, changes=changes, by=request.user, now=clock_now())
        return _onward(request, programme, "terms")
    page = _page(programme.organisation, programme, "terms", {"form": form})
    return render(request, "signup/programme/terms.html", page, status=_status(form))


def _help(request: PersonRequest, programme: Programme) -> HttpResponse:
    now = clock_now()
    been_here = ORDER.index(programme.set_up) > ORDER.index("help")
    run_it = not been_here or request.user in queries.coordinators_of(programme)
    form = Help(request.POST or None, programme=programme, run_it=run_it)
    if request.method == "POST" and form.is_valid():
        try:
            if _keep_help(request, programme, form):
                return _onward(request, programme, "help")
        except LastOne:
            form.add_error(
                "run_it", _("Somebody has to coordinate it. Once another one has taken it up, you can stop.")
            )
    page = {
        "form": form,
        "offices": queries.offices_in(programme.organisation, programme),
        "offers": _offers(programme),
        "now": now,
    }
    page = _page(programme.organisation, programme, "help", page)
    return render(request, "signup/programme/help.html", page, status=_status(form))


def _keep_help(request: PersonRequest, programme: Programme, form: Help) -> bool:
    asked = [
        (Office.Role.COORDINATOR if name == "coordinator" else Office.Role.SAFEGUARDING, form.cleaned_data[name])
        for name in Help.ASKED
        if form.cleaned_data[name]
    ]
    if asked and not within_limit(request, "invitation", str(request.user.pk)):
        form.add_error(None, _("That was a lot of letters at once. Please wait a while."))
        return False
    keep_help(
        programme=programme, settings=form.settings(), run_it=form.cleaned_data["run_it"], asked=asked,
        set_up=_reached(programme, "help"), by=request.user, now=clock_now(),
    )  # fmt: skip
    return True


def _overview(request: PersonRequest, programme: Programme) -> HttpResponse:
    """Everything at a glance, what is still missing, and the button that opens sign-up."""
    missing = _missing(programme)
    now = clock_now()
    if request.method == "POST":
        opening = request.POST.get("finish") == "open"
        if opening and missing:
            return _overview_page(request, programme, missing, status=422)
        try:
            finish_set_up(programme=programme, open_sign_up=opening, by=request.user, now=now)
        except NoContactYet:
            programme.refresh_from_db()
            return _overview_page(request, programme, _missing(programme), status=422)
        messages.success(request, _finished_words(programme, opening))
        if request.user in queries.coordinators_of(programme):
            return redirect("people:programme", programme.organisation.slug, programme.slug)
        return redirect("people:organisation", programme.organisation.slug)
    return _overview_page(request, programme, missing)


def _overview_page(request: PersonRequest, programme: Programme, missing: list[str], status: int = 200) -> HttpResponse:
    now = clock_now()
    intake = queries.intakes_of(programme).last()
    page = {
        "missing": missing,
        "intake": intake,
        "effects": what_dates_do(_switched_on(intake), now) if intake else [],
        "never_closes": intake is not None and sign_up_window(intake)[1] is None,
        "questions": len(questions_of(programme)),
        "who": queries.who_to_turn_to(programme),
        "offers": _offers(programme),
        "now": now,
    }
    return render(
        request,
        "signup/programme/overview.html",
        _page(programme.organisation, programme, "overview", page),
        status=status,
    )


def _switched_on(intake: Intake) -> Intake:
    """The intake as it will be once its programme is open, for saying what its dates will do."""
    intake.programme.sign_up_on = True
    return intake


def _missing(programme: Programme) -> list[str]:
    """What keeps sign-up from opening, each in a sentence."""
    missing = []
    if not queries.coordinators_of(programme):
        missing.append(_("Nobody coordinates it yet: do it yourself for now, or wait until somebody has taken it up."))
    named = programme.duty_of_care == Programme.DutyOfCare.NAMED_CONTACT
    if named and not queries.has_contact_and_deputy(programme):
        missing.append(_("It promises a named contact: a contact and a deputy have to take up their role first."))
    if not programme.terms.strip():
        missing.append(_("It has no terms yet, and everybody accepts some when they join."))
    return missing


def _finished_words(programme: Programme, opening: bool) -> str:
    if opening:
        return _("%(name)s is set up, and sign-up opens as its dates say.") % {"name": programme.name}
    return _("%(name)s is set up. Sign-up stays off until a coordinator switches it on.") % {"name": programme.name}


_VIEWS: dict[str, Callable[[PersonRequest, Programme], HttpResponse]] = {
    "kind": _kind, "basics": _basics, "form": _form, "terms": _terms, "help": _help, "overview": _overview,
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@organisation_page(may_run_organisation)
def programme_copy(request: PersonRequest, organisation: Organisation, programme_id: str) -> HttpResponse:
    """A new programme from an old one, with what is ticked."""
    source = get_object_or_404(queries.programmes_of(organisation), public_id=programme_id)
    initial = {
        "name": _free(_("%(name)s (copy)") % {"name": source.name[:110]}, organisation),
        "parts": ["words", "rules", "form"],
    }
    form = CopyProgramme(request.POST or None, organisation=organisation, initial=initial)
    if request.method == "POST" and form.is_valid():
        copy = copy_as_ticked(source=source, **form.cleaned_data, by=request.user, now=clock_now())
        messages.success(request, _("%(name)s is there. Its sign-up is off.") % {"name": copy.name})
        if form.cleaned_data["run_it"]:
            return redirect("people:programme-edit", organisation.slug, copy.slug)
        return redirect("people:offices", organisation.slug, copy.slug)
    return render(
        request,
        "signup/programme/copy.html",
        {"organisation": organisation, "source": source, "form": form},
        status=_status(form),
    )


def _free(name: str, organisation: Organisation) -> str:
    """A name to suggest; none where it would be refused."""
    return "" if queries.programme_called(name, organisation) else name


def _page(organisation: Organisation, programme: Programme | None, step: str, page: dict[str, Any]) -> dict[str, Any]:
    """What every step shows: where one is, and the steps one may go to."""
    reached = ORDER.index(programme.set_up) if programme else ORDER.index(step)
    steps = []
    for number, (key, label) in enumerate(STEPS.items()):
        state = "now" if key == step else "done" if number <= reached else "later"
        steps.append({"label": label, "state": state, "url": _step_url(organisation, programme, key, number, reached)})
    back = ORDER[ORDER.index(step) - 1] if step != "kind" else ""
    return {
        **page,
        "organisation": organisation,
        "programme": programme,
        "steps": steps,
        "back": back if programme else "",
        "new_url": reverse("signup:programme-new", args=[organisation.slug]),
    }


def _step_url(organisation: Organisation, programme: Programme | None, key: str, number: int, reached: int) -> str:
    if number > reached:
        return ""
    if programme is None:
        return reverse("signup:programme-new", args=[organisation.slug]) if key == "kind" else ""
    return reverse("signup:programme-set-up", args=[organisation.slug, programme.public_id, key])


def _reached(programme: Programme, step: str) -> str:
    """The furthest step: the one after this, or one reached before."""
    after = ORDER[min(ORDER.index(step) + 1, len(ORDER) - 1)]
    return max(programme.set_up, after, key=ORDER.index)


def _note_reached(request: PersonRequest, programme: Programme, step: str) -> None:
    changes = {"set_up": _reached(programme, step)}
    change_programme(programme=programme, changes=changes, by=request.user, now=clock_now())


def _onward(request: PersonRequest, programme: Programme, step: str) -> HttpResponse:
    """What was typed is kept; on to the next step, back to the one before, or away for today."""
    go = request.POST.get("go", "next")
    if go == "later":
        messages.success(request, _("Kept. You can go on from here at any time."))
        return redirect("people:organisation", programme.organisation.slug)
    at = ORDER.index(step) + (-1 if go == "back" else 1)
    return _to_step(programme.organisation, programme, ORDER[max(at, 0)])


def _to_step(organisation: Organisation, programme: Programme, step: str) -> HttpResponse:
    return redirect("signup:programme-set-up", organisation.slug, programme.public_id, step)


def _offers(programme: Programme) -> list[dict[str, Any]]:
    offers = queries.offers_of(programme.organisation, programme, clock_now())
    return [{"offer": offer, "label": Office.Role(offer.facts["role"]).label} for offer in offers]


def _status(*forms: Any) -> int:
    return 422 if any(form.is_bound and form.errors for form in forms) else 200
