"""What two people expect of each other: each answers alone, then both make one version of it and confirm it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twoway.history.clock import now as clock_now
from twoway.loops.actions.agreement import (
    Changed,
    Empty,
    Shown,
    confirm_agreement,
    keep_expectations,
    write_agreement,
)
from twoway.loops.forms.agreement import TermsForm
from twoway.loops.models import Expectations, Loop
from twoway.loops.models.agreement import TERMS
from twoway.loops.queries import Standing
from twoway.loops.queries.agreement import expectations_by_person, my_expectations
from twoway.loops.queries.loop import sponsors_of
from twoway.loops.rules import audience_of_expectations, may_see_expectations, may_write
from twoway.loops.terms import Pairing, changes_between, lines_of, side_by_side
from twoway.loops.views.door import came_too_late, loop_page
from twoway.loops.views.goal_shown import goals_beside
from twoway.loops.views.shown import agreed_of, labels
from twoway.people.audience import label_for
from twoway.people.models import Programme
from twoway.people.queries import WhoToTurnTo, who_to_turn_to
from twoway.people.tenancy import PersonRequest, organisation_scope


@loop_page
@require_safe
def agreement(request: PersonRequest, standing: Standing) -> HttpResponse:
    """Where the two are with it: apart, side by side, or agreed; and the limits that hold whatever they agree."""
    shown = agreed_of(standing)
    page: dict[str, Any] = {
        "standing": standing, "labels": labels(), "shown": shown, "may_write": may_write(standing),
        "carers": _carers(standing.loop), **goals_beside(standing),
    }  # fmt: skip
    if shown.newest is None:
        mine = my_expectations(standing)
        page |= {"lines": lines_of(mine) if mine is not None else [], "mine_label": _label_of_mine(standing)}
    else:
        page["lines"] = lines_of(shown.newest)
        page["pairings"] = pairings = _pairings(standing)
        page["is_raw"] = shown.newest.number == 1 and any(one.is_to_choose for one in pairings)
        if shown.holds is not None and not shown.is_agreed:
            page["changes"] = changes_between(shown.holds, shown.newest)
    return render(request, "loops/agreement/agreement.html", page)


@loop_page
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_apart(request: PersonRequest, standing: Standing) -> HttpResponse:
    """What I expect, answered alone: kept for later, or sent."""
    now, is_sent = clock_now(), standing.me.expectations_sent_at is not None
    mine = my_expectations(standing)
    typed = request.POST if request.method == "POST" else None
    form = TermsForm(typed, now=now, alone=True, initial=_start(standing, mine))
    if request.method != "POST" and standing.loop.agreement_id is not None:
        return redirect("loops:agreement", standing.loop.public_id)
    is_stale = False
    if request.method == "POST" and form.is_valid():
        sends = request.POST.get("do") == "send"
        try:
            keep_expectations(
                loop=standing.loop, said=form.said(), by=request.user, now=now, seen=_seen(request), sends=sends
            )
        except Shown:
            return came_too_late(request, standing, _both_are_sent())
        except Empty:
            form.add_error(None, _("There is nothing in it yet. One line is enough; the rest can wait."))
        except Changed:
            mine, is_stale = my_expectations(standing), True
            form.add_error(None, _changed_from_another_page())
        else:
            messages.success(request, _kept_words(standing, sends=sends, is_sent=is_sent))
            return redirect("loops:agreement", standing.loop.public_id)
    if request.method == "POST" and standing.loop.agreement_id is not None:
        return came_too_late(request, standing, _both_are_sent())
    page = {
        "form": form, "standing": standing, "label": _label_of_mine(standing), "is_sent": is_sent,
        "seen": mine.changes if mine is not None else 0,
        "stands": lines_of(mine) if is_stale and mine is not None else [],
    }  # fmt: skip
    status = 409 if is_stale else 422 if form.errors else 200
    return render(request, "loops/agreement/apart.html", page, status=status)


def _start(standing: Standing, mine: Expectations | None) -> dict[str, Any]:
    """What was kept before; at the beginning the rhythm with which the loop was opened."""
    return mine.said() if mine is not None else {"rhythm_days": standing.loop.rhythm_days}


def _label_of_mine(standing: Standing) -> Any:
    return label_for(audience_of_expectations(standing.loop))


def _both_are_sent() -> str:
    return _(
        "Both your answers were sent in the meantime and lie side by side, so yours stay as you sent them. What you two"
        " agree on can be changed at any time."
    )


def _changed_from_another_page() -> str:
    return _(
        "Your answers were kept from another page since you opened this one, and stand above as they are now. Below is"
        " what you wrote here: to put it in their place, press once more."
    )


def _kept_words(standing: Standing, *, sends: bool, is_sent: bool) -> str:
    name = standing.other.name
    if standing.loop.agreement_id is not None:
        return _("Sent. Both your answers are here now.")
    if sends:
        return _("Sent. You both see both answers as soon as %(name)s has sent theirs as well.") % {"name": name}
    if is_sent:
        return _("Changed. What you sent says so now.")
    return _("Kept. Only you can see it, until you send it.")


@dataclass(frozen=True)
class Asked:
    """One question of the common version, with what each said to it where that is still to choose from."""

    field: BoundField
    pairing: Pairing | None


@loop_page
@require_http_methods(["GET", "HEAD", "POST"])
def agreement_version(request: PersonRequest, standing: Standing) -> HttpResponse:
    """The common version: chosen from both answers, or written anew; saved, or saved and confirmed."""
    now = clock_now()
    version = standing.loop.agreement
    if version is None:
        return redirect("loops:agreement", standing.loop.public_id)
    if "take" in request.POST:
        form = TermsForm(now=now, initial=_taken(request, standing))
    else:
        form = TermsForm(request.POST if request.method == "POST" else None, now=now, initial=version.said())
    is_stale = False
    if form.is_bound and form.is_valid():
        confirms = request.POST.get("do") == "confirm"
        try:
            write_agreement(
                loop=standing.loop, said=form.said(), by=request.user, now=now, seen=_seen(request), confirms=confirms
            )
        except Empty:
            form.add_error(None, _("There is nothing in it yet. One line is enough; the rest can wait."))
        except Changed:
            standing.loop.refresh_from_db()
            version, is_stale = standing.loop.agreement or version, True
            form.add_error(None, _another_version(standing))
        else:
            messages.success(request, _written_words(standing, confirms=confirms))
            return redirect("loops:agreement", standing.loop.public_id)
    pairings = {one.name: one for one in _pairings(standing)} if standing.loop.agreed_id is None else {}
    page = {
        "form": form, "standing": standing, "labels": labels(),
        "asked": [Asked(field, _to_choose(pairings.get(field.name))) for field in form],
        "stands": lines_of(version) if is_stale else [],
        "seen": version.number if is_stale else _seen(request) or version.number,
    }  # fmt: skip
    status = 409 if is_stale else 422 if form.errors else 200
    return render(request, "loops/agreement/version.html", page, status=status)


def _to_choose(pairing: Pairing | None) -> Pairing | None:
    return pairing if pairing is not None and pairing.is_to_choose else None


def _taken(request: PersonRequest, standing: Standing) -> dict[str, Any]:
    """What is in the form, with one answer of one of the two, or of both, in its place."""
    typed: dict[str, Any] = {name: request.POST.get(name, "") for name in TERMS}
    name, _sep, whose = request.POST["take"].partition(":")
    given = expectations_by_person(standing)
    mine, theirs = (given.get(one.person_id) for one in (standing.me, standing.other))
    sides = {"mine": [mine], "theirs": [theirs], "both": [mine, theirs]}.get(whose, [])
    values = [getattr(one, name) for one in sides if one is not None] if name in TERMS else []
    if len(values) == 1:
        typed[name] = values[0]
    elif values and all(isinstance(value, str) for value in values):
        typed[name] = "\n".join(values)
    return typed


def _another_version(standing: Standing) -> str:
    said = _(
        "%(name)s has changed this since you opened the page. How it stands now is above; below is what you wrote. To"
        " put yours in its place, press once more."
    )
    return said % {"name": standing.other.name}


def _written_words(standing: Standing, *, confirms: bool) -> str:
    if confirms and standing.loop.agreed_at is not None:
        return _("Agreed.")
    if confirms:
        return _("Saved, and confirmed by you. It is agreed once %(name)s confirms it too.") % {
            "name": standing.other.name
        }
    return _("Saved. It is agreed once you have both confirmed it.")


@loop_page
@require_POST
def agreement_confirmation(request: PersonRequest, standing: Standing) -> HttpResponse:
    """Confirm the version that the page showed."""
    home = redirect("loops:agreement", standing.loop.public_id)
    try:
        is_agreed = confirm_agreement(loop=standing.loop, seen=_seen(request) or 0, by=request.user, now=clock_now())
    except Changed:
        words = _("This has changed since you opened the page, so nothing was confirmed. Here is how it stands now.")
        messages.warning(request, words)
    except Empty:
        messages.warning(request, _("There is nothing in it yet to confirm. One line is enough."))
    else:
        words = _("Agreed. You can change it together at any time.")
        if not is_agreed:
            words = _("Confirmed. It is agreed once %(name)s confirms it too.") % {"name": standing.other.name}
        messages.success(request, words)
    return home


def _seen(request: PersonRequest) -> int | None:
    """What the page was made from, where it says so."""
    said = request.POST.get("seen", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else None


def _pairings(standing: Standing) -> list[Pairing]:
    """Both answers side by side, as far as both are there and may be seen."""
    given = {
        person: one
        for person, one in expectations_by_person(standing).items()
        if may_see_expectations(standing, one)
    }  # fmt: skip
    mine, theirs = given.get(standing.me.person_id), given.get(standing.other.person_id)
    return side_by_side(mine, theirs) if mine is not None and theirs is not None else []


@dataclass(frozen=True)
class Carer:
    """A programme that stands behind the loop, and whom it names."""

    programme: Programme
    who: WhoToTurnTo

    @property
    def names_a_contact(self) -> bool:
        return self.programme.duty_of_care == Programme.DutyOfCare.NAMED_CONTACT


def _carers(loop: Loop) -> list[Carer]:
    found = []
    for programme in sponsors_of(loop):
        with organisation_scope(programme.organisation):
            found.append(Carer(programme, who_to_turn_to(programme)))
    return found
