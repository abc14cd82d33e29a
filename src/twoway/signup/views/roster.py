"""Rosters: a file brought in, its columns said, its rows put right, and the good ones kept."""

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twoway.history.clock import now as clock_now
from twoway.people.models import Programme
from twoway.people.queries import current_intake, intakes_of
from twoway.people.rules import may_run_programme
from twoway.people.tenancy import PersonRequest, programme_page
from twoway.signup.actions import keeping
from twoway.signup.actions import roster as actions
from twoway.signup.fields import options_of
from twoway.signup.forms.roster import ColumnsForm, UploadForm
from twoway.signup.models import Roster, RosterRow
from twoway.signup.queries import questions_of
from twoway.signup.queries import roster as queries
from twoway.signup.roster.check import Plan
from twoway.signup.roster.guess import columns_of

State = Roster.State
Verdict = RosterRow.Verdict
A_PAGE = 50
PILLS = {Verdict.GOOD: "done", Verdict.MENDABLE: "open", Verdict.REFUSED: "alarm"}
STATE_PILLS = {State.KEPT: "done", State.READY: "open", State.MAPPING: "open", State.REFUSED: "alarm"}


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_run_programme)
def rosters(request: PersonRequest, programme: Programme) -> HttpResponse:
    """Bring a file in, and see what became of earlier ones."""
    now = clock_now()
    intakes, current = intakes_of(programme), current_intake(programme, now)
    post = request.method == "POST"
    given = (request.POST, request.FILES) if post else (None, None)
    form = UploadForm(*given, programme=programme, intakes=intakes, current=current)
    if post and form.is_valid():
        file = form.cleaned_data.pop("file")
        roster = actions.bring_in_roster(
            file_name=file.name or _("A file"), content=file.read(), by=request.user, now=now, **form.cleaned_data
        )
        return _to(programme, roster)
    page = {
        "programme": programme,
        "form": form,
        "has_intake": current is not None,
        "rosters": [
            (roster, STATE_PILLS.get(State(roster.state), "")) for roster in queries.rosters_of(programme)[:50]
        ],
    }
    return render(request, "signup/roster/rosters.html", page, status=422 if form.errors else 200)


@require_safe
@programme_page(may_run_programme)
def roster(request: PersonRequest, programme: Programme, roster_id: str) -> HttpResponse:
    """Where a roster stands: at work, to be judged, or done."""
    found = _found(programme, roster_id)
    if found.state in queries.AT_WORK:
        name = "working_part" if request.headers.get("HX-Request") else "working"
        return render(request, f"signup/roster/{name}.html", {"programme": programme, "roster": found})
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    if found.state == State.MAPPING:
        return redirect("signup:roster-columns", programme.organisation.slug, programme.slug, found.public_id)
    if found.state == State.READY:
        return _rows_page(request, programme, found)
    if found.state == State.KEPT:
        return _kept_page(request, programme, found)
    return render(request, "signup/roster/over.html", {"programme": programme, "roster": found})


def _to(programme: Programme, roster: Roster) -> HttpResponse:
    return redirect("signup:roster", programme.organisation.slug, programme.slug, roster.public_id)


def _found(programme: Programme, roster_id: str) -> Roster:
    found = queries.roster_in(programme, roster_id)
    if found is None:
        raise Http404
    return found


# --- its rows ---------------------------------------------------------------------------------------


def _rows_page(request: PersonRequest, programme: Programme, roster: Roster) -> HttpResponse:
    plan = queries.plan_of(roster)
    counts = queries.verdicts_of(roster)
    chosen = request.GET.get("verdict", "")
    rows = RosterRow.objects.filter(roster=roster).order_by("number")
    if chosen in Verdict.values:
        rows = rows.filter(verdict=chosen)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    words, more_words = queries.words_to_mend(roster, plan)
    context = {
        "programme": programme,
        "roster": roster,
        "counts": counts,
        "total": sum(counts.values()),
        "summary": summary_words(counts),
        "words": words,
        "more_words": more_words,
        "page": page,
        "rows": [shown_row(row, plan) for row in page.object_list],
        "choices": choices_by_column(plan),
        "chips": _chips(counts, chosen),
        "query": f"verdict={chosen}" if chosen in Verdict.values else "",
    }
    return render(request, "signup/roster/rows.html", context)


def summary_words(counts: dict[str, int]) -> str:
    """ "48 good, 2 can be mended, 1 refused", without what there is none of."""
    parts = [
        ngettext("%(n)s good", "%(n)s good", counts["good"]) % {"n": counts["good"]},
        ngettext("%(n)s can be mended", "%(n)s can be mended", counts["mendable"]) % {"n": counts["mendable"]},
        ngettext("%(n)s refused", "%(n)s refused", counts["refused"]) % {"n": counts["refused"]},
    ]
    return ", ".join(part for part, n in zip(parts, counts.values(), strict=True) if n or part is parts[0])


def _chips(counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    chips: list[dict[str, Any]] = [
        {"label": _("All"), "url": "?", "current": chosen not in Verdict.values, "count": sum(counts.values())}
    ]
    return chips + [
        {"label": label, "url": f"?verdict={value}", "current": chosen == value, "count": counts[value]}
        for value, label in Verdict.choices
    ]


def shown_row(row: RosterRow, plan: Plan) -> dict[str, Any]:
    """One row for the page: who it is, what is wrong, and where that can be put right."""
    cells = [row.corrections.get(str(at), cell) for at, cell in enumerate(row.cells)]
    by_what = {what: cells[at] for at, what in plan.columns.items() if at < len(cells)}
    name = by_what.get("name") or " ".join(by_what[part] for part in ("first_name", "last_name") if by_what.get(part))
    to_mend: dict[int, dict[str, Any]] = {}
    for fault in row.faults:
        at = fault["column"]
        if fault["level"] != "note" and at is not None:
            to_mend[at] = {
                "column": at, "header": plan.header[at], "value": cells[at], "offer": fault.get("offer", []),
                "long": len(cells[at]) > 80 or "\n" in cells[at],
            }  # fmt: skip
    return {
        "row": row,
        "name": name[:120],
        "address": (row.address or by_what.get("address", ""))[:254],
        "pill": PILLS.get(Verdict(row.verdict)) if row.verdict else "",
        "reasons": [_with_header(fault, plan) for fault in row.faults if fault["level"] != "note"],
        "notes": _notes(row, plan),
        "to_mend": list(to_mend.values()),
        "width": any(fault.get("word") == "width" and fault["column"] is None for fault in row.faults),
    }


def _notes(row: RosterRow, plan: Plan) -> list[dict[str, str]]:
    """What there is to know of a good cell; one note for all cells of which the same is said."""
    headers: dict[str, list[str]] = {}
    for fault in row.faults:
        if fault["level"] == "note":
            said = _with_header(fault, plan)
            headers.setdefault(said["reason"], []).extend([said["header"]] if said["header"] else [])
    return [{"header": ", ".join(found), "reason": reason} for reason, found in headers.items()]


def _with_header(fault: dict[str, Any], plan: Plan) -> dict[str, str]:
    at = fault["column"]
    return {"header": plan.header[at] if at is not None else "", "reason": fault["reason"]}


def choices_by_column(plan: Plan) -> dict[int, list[str]]:
    """The choices that a column's cells may name, for a list beside the line one types in."""
    found = {}
    for at in plan.columns:
        question = queries.question_at(plan, at)
        if question is not None and question.options:
            found[at] = [str(option["label"]) for option in options_of(question)]
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_run_programme)
def row(request: PersonRequest, programme: Programme, roster_id: str, number: int) -> HttpResponse:
    """One row, cell by cell. Cells that are not posted stay as they are."""
    found = _found(programme, roster_id)
    one = queries.row_in(found, number) if found.state == State.READY else None
    if one is None:
        raise Http404
    if request.method == "POST":
        posted = {
            name.removeprefix("cell-"): words
            for name, words in request.POST.items()
            if name.startswith("cell-") and name.removeprefix("cell-").isdigit() and isinstance(words, str)
        }
        if request.POST.get("width"):
            posted["width"] = "as it is"
        actions.correct_row(roster=found, number=number, corrections=posted)
        return _back(request, programme, found)
    plan = queries.plan_of(found)
    shown = shown_row(one, plan)
    cells = [
        {"column": at, "header": word, "value": one.corrections.get(str(at), one.cells[at]),
         "before": one.cells[at] if str(at) in one.corrections else "", "taken": bool(plan.columns.get(at))}
        for at, word in enumerate(plan.header)
    ]  # fmt: skip
    page = {"programme": programme, "roster": found, "shown": shown, "cells": cells,
            "choices": choices_by_column(plan), "extra": one.cells[len(plan.header) :]}  # fmt: skip
    return render(request, "signup/roster/row.html", page)


def _back(request: PersonRequest, programme: Programme, roster: Roster) -> HttpResponse:
    """To the part of the list one came from."""
    verdict, page = request.POST.get("verdict", ""), request.POST.get("page", "")
    there = _to(programme, roster)
    parts = [f"verdict={verdict}"] if verdict in Verdict.values else []
    parts += [f"page={page}"] if page.isdigit() else []
    if parts:
        there["Location"] += f"?{'&'.join(parts)}"
    return there


@require_POST
@programme_page(may_run_programme)
def words(request: PersonRequest, programme: Programme, roster_id: str) -> HttpResponse:
    """Put the same words right in all rows that have them; or make them one more choice of the question."""
    found = _found(programme, roster_id)
    column = request.POST.get("column", "")
    word, to = request.POST.get("word", ""), request.POST.get("to", "").strip()
    if found.state != State.READY:
        raise Http404
    number = int(column) if re.fullmatch(r"-1|\d{1,3}", column) else -2
    plan = queries.plan_of(found)
    if request.POST.get("do") == "choice" and number in choices_by_column(plan):
        actions.add_choice(
            roster=found, column=number, words=request.POST.get("part") or word,
            after=request.POST.get("after", ""), by=request.user, now=clock_now(),
        )  # fmt: skip
        messages.success(request, _("It is one of the choices now."))
    elif not to or number < -1 or number >= len(plan.header):
        messages.info(request, _("Nothing was typed, so nothing was changed."))
    else:
        done = actions.correct_word(roster=found, column=number, word=word, to=to)
        messages.success(request, ngettext("Put right in %(n)s row.", "Put right in %(n)s rows.", done) % {"n": done})
    return _back(request, programme, found)


# --- its columns ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@programme_page(may_run_programme)
def columns(request: PersonRequest, programme: Programme, roster_id: str) -> HttpResponse:
    """What each column is: guessed, and put right here."""
    found = _found(programme, roster_id)
    if found.state not in (State.MAPPING, State.READY):
        return _to(programme, found)
    form = ColumnsForm(
        request.POST if request.method == "POST" else None, roster=found, questions=questions_of(programme)
    )
    if request.method == "POST" and form.is_valid():
        actions.map_columns(
            roster=found, mapping=form.mapping, new_questions=_new_questions(found, form.mapping),
            as_role=form.cleaned_data["as_role"], usual_capacity=form.cleaned_data["usual_capacity"],
        )  # fmt: skip
        unordered = _first_unordered(found)
        if unordered is not None:
            return redirect(
                "signup:roster-question", programme.organisation.slug, programme.slug, found.public_id, unordered
            )
        actions.ask_for_check(roster=found)
        return _to(programme, found)
    rows = RosterRow.objects.filter(roster=found).order_by("number").values_list("cells", flat=True)[:200]
    shown = [
        {"column": column, "field": form[f"column-{column.number}"],
         "new": found.new_questions.get(str(column.number))
         if found.mapping.get(str(column.number), "").startswith("new:") else None}
        for column in columns_of(found.headers, rows)
    ]  # fmt: skip
    page = {"programme": programme, "roster": found, "form": form, "columns": shown,
            "before": queries.alike_before(found)}  # fmt: skip
    return render(request, "signup/roster/columns.html", page, status=422 if form.errors else 200)


def _new_questions(roster: Roster, mapping: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Settings for every column that becomes a question; what was said about one of the same kind stays."""
    found = {}
    for number, what in mapping.items():
        if not what.startswith("new:"):
            continue
        kind, before = what.removeprefix("new:"), roster.new_questions.get(number)
        if before and before["kind"] == kind:
            found[number] = before
        else:
            values = queries.column_values(roster, int(number))
            found[number] = actions.question_settings(roster.headers[int(number)], int(number), kind, values)
    return found


def _first_unordered(roster: Roster) -> int | None:
    """A new question whose choices have an order that nobody has looked at yet."""
    waiting = (
        int(number)
        for number, settings in roster.new_questions.items()
        if settings["kind"] == "ordered" and not settings.get("seen")
    )
    return min(waiting, default=None)


@require_POST
@programme_page(may_run_programme)
def sheet(request: PersonRequest, programme: Programme, roster_id: str) -> HttpResponse:
    """Read another sheet of the same workbook."""
    found = _found(programme, roster_id)
    wanted = request.POST.get("sheet", "")
    if found.state not in (State.MAPPING, State.READY):
        raise Http404
    if wanted in found.sheets:
        actions.read_again(roster=found, sheet=wanted)
    return _to(programme, found)


# --- the end ----------------------------------------------------------------------------------------


@require_POST
@programme_page(may_run_programme)
def keep(request: PersonRequest, programme: Programme, roster_id: str) -> HttpResponse:
    """Keep the good rows, all in one go. Nobody is written to."""
    found = _found(programme, roster_id)
    if found.state == State.READY and not queries.verdicts_of(found)["good"]:
        messages.info(request, _("There is no good row yet, so nothing was kept."))
    else:
        keeping.ask_to_keep(roster=found, by=request.user)
    return _to(programme, found)


@require_POST
@programme_page(may_run_programme)
def stop(request: PersonRequest, programme: Programme, roster_id: str) -> HttpResponse:
    """Put a file away before it is kept."""
    found = _found(programme, roster_id)
    actions.stop_roster(roster=found, by=request.user, now=clock_now())
    found.refresh_from_db(fields=["state"])
    if found.state != State.CANCELLED:
        messages.info(request, _("It was too late to stop this."))
        return _to(programme, found)
    words = _("%(file)s is put away, and nothing of it was kept. If you need it after all, bring it in again here.")
    messages.success(request, words % {"file": found.file_name})
    return redirect("signup:rosters", programme.organisation.slug, programme.slug)


def _kept_page(request: PersonRequest, programme: Programme, roster: Roster) -> HttpResponse:
    plan = queries.plan_of(roster)
    left_out = RosterRow.objects.filter(roster=roster, kept=False).order_by("number")
    page = Paginator(left_out, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "programme": programme,
        "roster": roster,
        "tally": queries.tally_of(roster),
        "uninvited": queries.uninvited_of(roster).count(),
        "page": page,
        "rows": [shown_row(row, plan) for row in page.object_list],
        "forgotten_on": roster.finished_at + queries.LEFT_OUT_STAYS if roster.finished_at else None,
        "forgotten": left_out.filter(cells=[]).exists(),
        "why_it_stays": queries.why_it_stays(roster),
    }
    return render(request, "signup/roster/kept.html", context)
