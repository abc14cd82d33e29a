"""Putting two people together by hand: who is waiting, who fits, both side by side."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from twoway.history.clock import now as clock_now
from twoway.matching.actions.draft import Refused, draft_by_hand
from twoway.matching.candidates import Candidate, Choice, choice_for, fit_by_hand
from twoway.matching.compare import side_by_side
from twoway.matching.forms import OverrideForm
from twoway.matching.left_over_words import without_rule_words
from twoway.matching.queries.people import Field, people_for
from twoway.matching.queries.proposal import first_next_time
from twoway.matching.queries.round import left_over_from, names_in
from twoway.matching.views.draft import refusal_words
from twoway.matching.views.round import at
from twoway.matching.words import in_short, parts, texts_words
from twoway.people.models import Programme
from twoway.people.queries import current_intake
from twoway.people.role_words import mentees_label, mentors_label
from twoway.people.rules import may_change_programme
from twoway.people.tenancy import PersonRequest, programme_page
from twoway.signup.models import Application
from twoway.signup.queries import answers_for_viewer


@require_safe
@programme_page(may_change_programme)
def by_hand(request: PersonRequest, programme: Programme) -> HttpResponse:
    """Mentees without a mentor, those promised to be first at the top; or mentors with a free seat."""
    now = clock_now()
    intake = current_intake(programme, now)
    people = people_for(intake, with_expected=True, now=now) if intake else Field()
    side = "mentor" if request.GET.get("side") == "mentor" else "mentee"
    wanted = request.GET.get("q", "").strip().casefold()
    first = first_next_time(intake) if intake else set()
    rows = [(row, 0) for row in people.mentees]
    if side == "mentor":
        rows = [(offer.application, offer.free) for offer in people.mentors]
    rows = [one for one in rows if wanted in one[0].name.casefold()]
    rows.sort(key=lambda one: (one[0].pk not in first, one[0].name.casefold(), one[0].pk))
    page = Paginator(rows, 30).get_page(request.GET.get("page"))
    words = {"mentees": mentees_label(programme), "mentors": mentors_label(programme)}
    return render(
        request,
        "matching/by_hand.html",
        {
            "programme": programme, "page": page, "side": side, "q": request.GET.get("q", ""),
            "query": f"side={side}&q={request.GET.get('q', '')}",
            "rows": [{"row": row, "free": free, "first": row.pk in first} for row, free in page.object_list],
            "tabs": [
                {"label": _("%(mentees)s not matched yet") % words,
                 "url": "?side=mentee", "current": side == "mentee",
                 "count": len(people.mentees)},
                {"label": _("%(mentors)s with a free seat") % words,
                 "url": "?side=mentor", "current": side == "mentor",
                 "count": len(people.mentors)},
            ],
        },
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_change_programme)
def by_hand_one(request: PersonRequest, programme: Programme, application_id: str) -> HttpResponse:
    """Candidates for one person, best fit first, and the chosen one beside them."""
    now = clock_now()
    who = names_in(programme, [application_id]).get(application_id)
    if who is None:
        raise Http404
    role = "mentor" if request.GET.get("side") == "mentor" or who.role == "mentor" else "mentee"
    form = OverrideForm(request.POST if "override" in request.POST else None)
    if request.method == "POST":
        answer = _draft(request, programme, who, role, form)
        if answer is not None:
            return answer
    choice = choice_for(who.intake, who, role, now)
    if choice is None:
        return render(request, "matching/by_hand_none.html", {"programme": programme, "who": who})
    context = _page(request, programme, who, role, choice, form)
    return render(request, "matching/by_hand_one.html", context, status=422 if form.errors else 200)


def _draft(
    request: PersonRequest, programme: Programme, who: Application, role: str, form: OverrideForm
) -> HttpResponse | None:
    """Keep or publish the two; None where the form cannot be taken and the page is shown again."""
    wanted = request.POST.get("with", "")
    other = names_in(programme, [wanted]).get(wanted)
    if other is None:
        messages.error(request, _("Please choose somebody first."))
        return redirect(f"{request.path}?side={role}")
    if "override" in request.POST and not form.is_valid():
        return None
    override = form.cleaned_data["override"] if "override" in request.POST else ""
    mentee, mentor = (who, other) if role == "mentee" else (other, who)
    fit = fit_by_hand(who.intake, mentee, mentor, clock_now())
    here = redirect(f"{request.path}?side={role}&with={wanted}")
    if fit is None:
        messages.error(request, _("A rule closes this pair, or one of the two cannot take part now."))
        return here
    fit.others = _others(who, mentee, mentor)
    try:
        draft = draft_by_hand(
            intake=who.intake, mentee=mentee, mentor=mentor, fit=fit, by=request.user, now=clock_now(),
            override=override,
        )  # fmt: skip
    except Refused as no:
        messages.error(request, refusal_words(str(no)))
        return here
    if "publish" in request.POST:
        return redirect(f"{reverse('matching:publish', args=at(programme))}?proposal={draft.public_id}")
    messages.success(request, _("Kept as a draft. Nobody was told."))
    return redirect("matching:proposal", *at(programme), draft.public_id)


def _others(who: Application, mentee: Application, mentor: Application) -> list[list[Any]]:
    """Other mentors for the draft's own page, where the mentee was the one chosen for."""
    choice = choice_for(who.intake, mentee, "mentee", clock_now())
    found = choice.candidates if choice else []
    return [
        [one.application.public_id, one.fit.score, one.free] for one in found[:7] if one.application.pk != mentor.pk
    ]


def _page(
    request: PersonRequest, programme: Programme, who: Application, role: str, choice: Choice, form: OverrideForm
) -> dict[str, Any]:
    everybody = [*choice.candidates, *choice.in_line]
    asked = request.POST.get("with") or request.GET.get("with")
    chosen = next((one for one in everybody if one.application.public_id == asked), None)
    chosen = chosen or (choice.candidates[0] if choice.candidates else None)
    context: dict[str, Any] = {
        "programme": programme, "who": who, "role": role, "choice": choice, "form": form, "chosen": chosen,
        "rows": [_row(one, role, chosen) for one in choice.candidates],
        "line_rows": [_row(one, role, chosen) for one in choice.in_line],
        "texts": texts_words(choice.texts) if everybody else "",
        "left": left_over_from(who) if role == "mentee" else None,
        "step": None if choice.candidates else _next_step(programme, choice, role),
    }  # fmt: skip
    if chosen is not None:
        found = names_in(programme, [chosen.application.public_id])[chosen.application.public_id]
        mentee, mentor = (who, found) if role == "mentee" else (found, who)
        hers, his = answers_for_viewer(mentee, request.user), answers_for_viewer(mentor, request.user)
        context |= {
            "mentee": mentee, "mentor": mentor, "both": side_by_side(chosen.fit.points, hers, his),
            "parts": parts(chosen.fit.points), "score": chosen.fit.score,
            "warnings": in_short([], chosen.fit.warnings) if chosen.fit.warnings else "",
        }  # fmt: skip
    return context


def _next_step(programme: Programme, choice: Choice, role: str) -> dict[str, str]:
    """What would change it where nobody can be chosen: an exception, the rule that closes most, else more people."""
    line = [_("For somebody in the reporting line below you can make an exception.")] if choice.in_line else []
    if choice.levers:
        label, n = choice.levers.most_common(1)[0]
        words = without_rule_words(label, n, n) if role == "mentee" else _mentees_without_rule(label, n)
        text = " ".join([words, *line, _("A rule is changed in the form.")])
        return {"text": text, "label": _("Open the form"), "url": reverse("signup:form", args=at(programme))}
    more = _("More people would change it.")
    text = " ".join([*line, more, _("Ask somebody in, or look again when more people have joined.")])
    return {"text": text, "label": _("Invite people"), "url": reverse("signup:invitations", args=at(programme))}


def _mentees_without_rule(label: str, n: int) -> str:
    said = ngettext(
        "Without the rule “%(rule)s”, %(n)s person would be open.",
        "Without the rule “%(rule)s”, %(n)s people would be open.", n,
    )  # fmt: skip
    return said % {"rule": label, "n": n}


def _row(one: Candidate, role: str, chosen: Candidate | None) -> dict[str, Any]:
    return {
        "application": one.application, "score": one.fit.score, "parts": parts(one.fit.points), "free": one.free,
        "reason": in_short(one.fit.points, one.fit.warnings), "chosen": one is chosen,
        "url": f"?side={role}&with={one.application.public_id}#pair",
    }  # fmt: skip
