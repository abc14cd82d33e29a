"""Keeping the good rows of a roster: all in one transaction, or none. Nothing is sent to anybody.

What is written is the same for an address that Twoway knows and for one it does not: a Person is neither read nor
changed. Whoever is in the intake already is added to while nobody has joined under that address, else left alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from twoway.history.actions import record
from twoway.people.models import Intake, Person
from twoway.signup.actions.form import add_question, change_question, make_form
from twoway.signup.actions.roster import in_pieces, put_verdict, save_rows
from twoway.signup.leaving import let_go_of_answers
from twoway.signup.models import Answer, Application, Question, Roster, RosterRow
from twoway.signup.queries.roster import plan_of, present_in, why_it_stays
from twoway.signup.roster.check import Checked, Checker, Plan
from twoway.signup.roster.table import Row, Table

State = Roster.State
OFFERED = ("name", "role", "capacity", "rhythm_days")


@dataclass
class Kept:
    """What became of the rows: by number, the application and what an update replaced (none where it is new)."""

    made: dict[int, int] = field(default_factory=dict)
    updated: dict[int, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    untouched: set[int] = field(default_factory=set)


@transaction.atomic
def ask_to_keep(*, roster: Roster, by: Person) -> bool:
    """Have the good rows kept by a worker; False where the roster is at another step."""
    ready = Roster.objects.filter(pk=roster.pk, state=State.READY)
    return bool(ready.update(state=State.KEEPING, by=by, done=0, tries=0, leased_until=None))


def keep_roster(*, roster: Roster, now: datetime) -> None:
    """Keep the rows that are good now. Twice is once."""
    try:
        _keep_roster(roster, now)
    except IntegrityError:  # somebody was asked in by hand at the same moment: now they are here already
        _keep_roster(roster, now)


@transaction.atomic
def _keep_roster(roster: Roster, now: datetime) -> None:
    waiting = Roster.objects.select_for_update(of=("self",)).filter(pk=roster.pk, state=State.KEEPING)
    if not waiting.exists():
        return
    plan = plan_of(roster)
    checker = Checker(plan, present_in(roster.intake))
    good: list[Checked] = []
    rows: dict[int, RosterRow] = {}
    for row in RosterRow.objects.filter(roster=roster).order_by("number").iterator(chunk_size=500):
        checked = checker.check(row.number, row.cells, row.corrections, row.notes)
        put_verdict(row, checked)
        if checked.verdict == "good":
            good.append(checked)
            rows[row.number] = row
    kept = _keep(roster.intake, plan, good, roster.by, now)
    _note_rows(rows, kept)
    _finish(roster, kept, roster.by, now)


def _finish(roster: Roster, kept: Kept, by: Person | None, now: datetime) -> None:
    Roster.objects.filter(pk=roster.pk).update(
        state=State.KEPT, content=None, finished_at=now, leased_until=None, tries=0, done=roster.total
    )
    record(
        "roster.kept", by=by, programme=roster.intake.programme, about=f"roster {roster.public_id}", now=now,
        new=len(kept.made), updated=len(kept.updated),
    )  # fmt: skip


def _note_rows(rows: dict[int, RosterRow], kept: Kept) -> None:
    """Who each row became. The words of the file are forgotten: what was kept of them stands elsewhere now."""
    for number, row in rows.items():
        row.kept, row.cells, row.corrections, row.faults = True, [], {}, []
        if number in kept.made:
            row.application_id = kept.made[number]
        elif number in kept.updated:
            row.application_id, row.before = kept.updated[number]
        else:
            row.before = {"untouched": True}
    save_rows(
        list(rows.values()), "kept", "cells", "corrections", "faults", "verdict", "address", "application", "before"
    )


@transaction.atomic
def keep_table(
    *, intake: Intake, file_name: str, table: Table, plan: Plan, mapping: dict[str, str], checked: list[Checked],
    by: Person | None, now: datetime,
) -> Roster:  # fmt: skip
    """Keep the good rows of a table that was read and checked in one go, and note it as a roster."""
    roster = Roster.objects.create(
        intake=intake, by=by, file_name=file_name[:200], sheet=table.sheet[:100], headers=table.header,
        mapping=mapping, as_role=plan.as_role, usual_capacity=plan.usual_capacity, state=State.KEEPING,
        total=len(table.rows), made_at=now,
    )  # fmt: skip
    rows = [_row_of(roster, row, found) for row, found in zip(table.rows, checked, strict=True)]
    RosterRow.objects.bulk_create(rows, batch_size=500)
    kept = _keep(intake, plan, [found for found in checked if found.verdict == "good"], by, now)
    _note_rows({row.number: row for row in rows if row.verdict == "good"}, kept)
    _finish(roster, kept, by, now)
    return roster


def _row_of(roster: Roster, row: Row, checked: Checked) -> RosterRow:
    made = RosterRow(roster=roster, number=row.number, cells=row.cells, notes=list(row.notes))
    put_verdict(made, checked)
    return made


# --- writing ----------------------------------------------------------------------------------------


def _keep(intake: Intake, plan: Plan, good: Iterable[Checked], by: Person | None, now: datetime) -> Kept:
    questions = _make_questions(intake, plan, by, now)
    kept = Kept()
    for piece in in_pieces(good):
        _keep_new(intake, questions, [row for row in piece if row.present is None], kept, now)
        _update(questions, [row for row in piece if row.present and row.present.open and row.changes], kept, now)
        kept.untouched |= {row.number for row in piece if row.present and not (row.present.open and row.changes)}
    return kept


def _make_questions(intake: Intake, plan: Plan, by: Person | None, now: datetime) -> dict[str, Question]:
    """The plan's questions, the new ones now part of the form, and choices that are new to it as well."""
    found = dict(plan.questions)
    asked = Question.objects.in_bulk([question.pk for question in found.values() if question.pk is not None])
    for what, question in plan.questions.items():
        there = asked.get(question.pk)
        if there is not None and there.options != question.options:
            change_question(question=there, changes={"options": question.options}, by=by, now=now)
        if what.startswith("new:"):
            found[what] = add_question(
                form=make_form(intake.programme, by, now), by=by, now=now, kind=question.kind, label=question.label,
                options=question.options, audience=question.audience, protected=question.protected,
                what_i_help_with=question.what_i_help_with,
            )  # fmt: skip
    return found


def _keep_new(intake: Intake, questions: dict[str, Question], rows: list[Checked], kept: Kept, now: datetime) -> None:
    made = Application.objects.bulk_create(
        Application(
            intake=intake, address=row.address, state=Application.State.EXPECTED, source="roster", made_at=now,
            **row.values,
        )
        for row in rows
    )  # fmt: skip
    Answer.objects.bulk_create(
        [
            Answer(application=application, question=questions[what], value=value, changed_at=now)
            for application, row in zip(made, rows, strict=True)
            for what, value in row.answers.items()
        ],
        batch_size=2000,
    )
    kept.made |= {row.number: application.pk for application, row in zip(made, rows, strict=True)}


def _update(questions: dict[str, Question], rows: list[Checked], kept: Kept, now: datetime) -> None:
    """Add what a file says to those who are expected. Whoever has begun meanwhile is left alone."""
    by_pk = {row.present.pk: row for row in rows if row.present}
    found = Application.objects.select_for_update(of=("self",)).filter(
        pk__in=by_pk, state=Application.State.EXPECTED, person=None
    )
    applications = list(found)
    stored: dict[int, dict[int, Answer]] = {application.pk: {} for application in applications}
    for answer in Answer.objects.filter(application__in=applications):
        stored[answer.application_id][answer.question_id] = answer
    changed: list[Answer] = []
    for application in applications:
        row = by_pk[application.pk]
        before: dict[str, Any] = {"values": {}, "answers": {}}
        for name, value in row.values.items():
            before["values"][name] = getattr(application, name)
            setattr(application, name, value)
        for what, value in row.answers.items():
            old = stored[application.pk].get(questions[what].pk)
            before["answers"][str(questions[what].pk)] = old.value if old else None
            answer = old or Answer(application=application, question=questions[what])
            answer.value, answer.changed_at = value, now
            changed.append(answer)
        kept.updated[row.number] = (application.pk, before)
    Application.objects.bulk_update(applications, OFFERED)
    _save_answers(changed)
    kept.untouched |= {row.number for row in rows} - set(kept.updated)


def _save_answers(answers: list[Answer]) -> None:
    Answer.objects.bulk_create(
        answers, update_conflicts=True, unique_fields=["application", "question"],
        update_fields=["value", "changed_at"], batch_size=1000,
    )  # fmt: skip


@transaction.atomic
def empty_left_out_rows(*, roster: Roster, now: datetime) -> int:
    """Forget the words of the rows a file left out; their numbers and verdicts stay. How many there were."""
    left_out = RosterRow.objects.filter(roster=roster, kept=False).exclude(cells=[])
    emptied = left_out.update(cells=[], corrections={}, faults=[], notes=[], address="")
    if emptied:
        about = f"roster {roster.public_id}"
        record("roster.emptied", by=None, programme=roster.intake.programme, about=about, now=now, rows=emptied)
    return emptied


# --- taking back ------------------------------------------------------------------------------------


@transaction.atomic
def take_back_roster(*, roster: Roster, by: Person, now: datetime) -> bool:
    """Undo a kept roster while nobody of it has joined or been invited: new people go, others are as before.

    A round that was worked out with any of them loses its receipt. Questions it added to the form stay. False where it
    cannot be undone any more.
    """
    waiting = Roster.objects.select_for_update(of=("self",)).filter(pk=roster.pk, state=State.KEPT)
    if not waiting.exists() or why_it_stays(roster):
        return False
    rows = RosterRow.objects.filter(roster=roster, kept=True).exclude(application=None)
    updated: dict[int, dict[str, Any]] = dict(
        rows.filter(before__isnull=False).values_list("application_id", "before")  # type: ignore[arg-type]
    )
    of_it = list(Application.objects.filter(pk__in=rows.values("application")).values_list("public_id", flat=True))
    let_go_of_answers(roster.intake, of_it)
    Application.objects.filter(pk__in=rows.filter(before__isnull=True).values("application")).delete()
    restored = list(Application.objects.filter(pk__in=updated))
    for application in restored:
        _restore(application, updated[application.pk], now)
    Application.objects.bulk_update(restored, OFFERED, batch_size=500)
    RosterRow.objects.filter(roster=roster).delete()
    waiting.update(state=State.TAKEN_BACK, finished_at=now)
    record("roster.taken_back", by=by, programme=roster.intake.programme, about=f"roster {roster.public_id}", now=now)
    return True


def _restore(application: Application, before: dict[str, Any], now: datetime) -> None:
    for name, value in before["values"].items():
        setattr(application, name, value)
    for question, value in before["answers"].items():
        answer = Answer.objects.filter(application=application, question=int(question))
        if value is None:
            answer.delete()
        else:
            answer.update(value=value, changed_at=now)
