"""`twoway import-roster`: a file of people from the command line, by the same reading and checking as the page."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twoway.operate import database
from twoway.operate.start import load_django
from twoway.operate.trouble import Trouble

if TYPE_CHECKING:
    from twoway.people.models import Intake
    from twoway.signup.roster.check import Checked, Plan
    from twoway.signup.roster.table import Table


def run(*, file: str, programme: str, as_role: str, dry_run: bool, keep_good: bool) -> int:
    """One line a row on standard output; 0 all good, 1 some are not. What is no table is Trouble.

    Columns are what somebody said on the page of the programme's last file with the same headers, otherwise guessed;
    those that are no question of the form are left out.
    """
    try:
        content = Path(file).read_bytes()
    except OSError as fault:
        raise Trouble(f"{file} cannot be read: {fault.strerror}") from fault
    load_django()
    database.reach()
    if database.steps_missing():
        raise Trouble("The database is not up to date. Run `twoway serve --migrate` first.")
    from twoway.people.queries import programme_at
    from twoway.people.tenancy import organisation_scope

    organisation, _slash, slug = programme.strip("/").partition("/")
    found = programme_at(organisation, slug) if slug else None
    if found is None:
        raise Trouble(f"There is no programme {programme!r}. Write it as in its address: organisation/programme.")
    with organisation_scope(found.organisation):
        return _import(found, content, Path(file).name, as_role, dry_run, keep_good)


def _import(programme: Any, content: bytes, name: str, as_role: str, dry_run: bool, keep_good: bool) -> int:
    from twoway.history.clock import now as clock_now
    from twoway.people.queries import current_intake
    from twoway.signup.roster.read import read_table
    from twoway.signup.roster.table import NotATable

    intake = current_intake(programme, clock_now())
    if intake is None:
        raise Trouble("The programme has no intake yet. Add one on its pages first.")
    try:
        table = read_table(content)
    except NotATable as refusal:
        raise Trouble(f"{name}: {refusal.reason}") from refusal
    mapping = _columns(intake, table)
    plan = _plan(intake, table, mapping, as_role)
    _say_columns(plan, mapping)
    checked = _check(intake, table, plan)
    all_good = all(row.verdict == "good" for row in checked)
    if not dry_run and (all_good or keep_good):
        _keep(intake, name, table, plan, mapping, checked)
    else:
        print("Nothing was stored.", file=sys.stderr)
    _print(checked, plan)
    return 0 if all_good else 1


def _columns(intake: "Intake", table: "Table") -> dict[str, str]:
    """What the columns are. The command adds no questions: a column that would ask a new one is left out."""
    from twoway.signup.actions.roster import first_guess, said_before
    from twoway.signup.models import Roster
    from twoway.signup.queries.roster import alike_before

    guess, _new = first_guess(table, intake, may_ask_more=False)
    before = alike_before(Roster(intake=intake, headers=table.header))
    if before is None:
        print("No earlier file has these columns, so they are guessed:", file=sys.stderr)
        return guess
    day = before.made_at.date().isoformat()
    print(f"Columns as they were for {before.file_name} on {day}:", file=sys.stderr)
    said, _settings = said_before(table, before, guess, {})
    return {number: "" if what.startswith("new:") else what for number, what in said.items()}


def _plan(intake: "Intake", table: "Table", mapping: dict[str, str], as_role: str) -> "Plan":
    from twoway.signup.models import Roster
    from twoway.signup.queries.roster import plan_of

    usual = intake.programme.usual_capacity
    return plan_of(Roster(intake=intake, headers=table.header, mapping=mapping, as_role=as_role, usual_capacity=usual))


def _say_columns(plan: "Plan", mapping: dict[str, str]) -> None:
    for number, what in mapping.items():
        question = plan.questions.get(what)
        words = question.label if question else what.replace("_", " ") or "left out"
        print(f"{plan.header[int(number)]}: {words}", file=sys.stderr)


def _check(intake: "Intake", table: "Table", plan: "Plan") -> list["Checked"]:
    from twoway.signup.queries.roster import present_in
    from twoway.signup.roster.check import Checker

    checker = Checker(plan, present_in(intake))
    checked = []
    for done, row in enumerate(table.rows, start=1):
        checked.append(checker.check(row.number, row.cells, notes=row.notes))
        if done % 1000 == 0 or done == len(table.rows):
            print(f"checked {done} of {len(table.rows)}", file=sys.stderr)
    return checked


def _keep(
    intake: "Intake", name: str, table: "Table", plan: "Plan", mapping: dict[str, str], checked: list["Checked"]
) -> None:
    from twoway.history.clock import now as clock_now
    from twoway.signup.actions.keeping import keep_table

    keep_table(
        intake=intake, file_name=name, table=table, plan=plan, mapping=mapping, checked=checked, by=None,
        now=clock_now(),
    )  # fmt: skip
    kept = sum(row.verdict == "good" for row in checked)
    print(f"{kept} of {len(checked)} rows are kept in {intake.name}. Nobody was written to.", file=sys.stderr)


def _print(checked: list["Checked"], plan: "Plan") -> None:
    for row in checked:
        good = row.verdict == "good"  # then what is left to say are the notes
        said = [fault for fault in row.faults if good or fault["level"] != "note"]
        columns = dict.fromkeys(plan.header[fault["column"]] for fault in said if fault["column"] is not None)
        cells = (str(row.number), row.verdict, ", ".join(columns), " ".join(fault["reason"] for fault in said))
        print("\t".join(" ".join(cell.split()) for cell in cells))
