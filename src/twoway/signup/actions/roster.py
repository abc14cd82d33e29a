"""A roster from its file to rows that somebody can judge. The row in the database is the queue: a worker claims a
roster, goes on in pieces, and may die at any moment; whoever finds it later begins that step anew.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Min
from django.utils.translation import gettext as _

from twoway.history.actions import record
from twoway.history.clock import now as clock_now
from twoway.people.models import Intake, Person
from twoway.signup.actions.form import change_question
from twoway.signup.fields import options_of
from twoway.signup.models import Question, Roster, RosterRow
from twoway.signup.queries import questions_of
from twoway.signup.queries.roster import (
    alike_before,
    due_rosters,
    header_words,
    plan_of,
    present_in,
    question_at,
    role_words,
)
from twoway.signup.roster.check import Checked, Checker
from twoway.signup.roster.guess import PROTECTED, choices_in, guess_mapping
from twoway.signup.roster.read import read_table
from twoway.signup.roster.table import NotATable, Table

State = Roster.State
LEASE = timedelta(minutes=2)
MOST_TRIES = 3
AT_ONCE = 300  # rows that are checked while somebody waits for the page
PIECE = 500
WITH_OPTIONS = (Question.Kind.SINGLE, Question.Kind.ORDERED, Question.Kind.MANY)
T = TypeVar("T")


class Stopped(Exception):
    """Somebody stopped this roster, or another worker has taken it over."""


# --- bringing in ------------------------------------------------------------------------------------


@transaction.atomic
def bring_in_roster(
    *, intake: Intake, file_name: str, content: bytes, as_role: str, sheet: str, by: Person, now: datetime
) -> Roster:
    """Put a file down to be read. Nothing of it is believed yet."""
    roster = Roster.objects.create(
        intake=intake, by=by, file_name=file_name[:200], content=content, as_role=as_role, sheet=sheet[:100],
        made_at=now,
    )  # fmt: skip
    record("roster.brought", by=by, programme=intake.programme, about=f"roster {roster.public_id}", now=now)
    return roster


@transaction.atomic
def read_again(*, roster: Roster, sheet: str) -> None:
    """Read the same workbook anew, another sheet of it. What was said about the columns is forgotten."""
    RosterRow.objects.filter(roster=roster).delete()
    _begin(roster, State.READING, sheet=sheet[:100], mapping={}, new_questions={}, columns_said=False)


@transaction.atomic
def stop_roster(*, roster: Roster, by: Person, now: datetime) -> None:
    """Forget a file that has not been kept, at any time before it is."""
    waiting = (State.READING, State.MAPPING, State.CHECKING, State.READY)
    if not Roster.objects.filter(pk=roster.pk, state__in=waiting).update(
        state=State.CANCELLED, content=None, leased_until=None, finished_at=now
    ):
        return
    RosterRow.objects.filter(roster=roster).delete()
    record("roster.stopped", by=by, programme=roster.intake.programme, about=f"roster {roster.public_id}", now=now)


# --- a worker's turn --------------------------------------------------------------------------------


def claim_roster(now: datetime) -> Roster | None:
    """Take the next roster with work to do, for as long as a lease. `tries` tells one claim from the next."""
    for roster in due_rosters(now)[:20]:
        mine = Roster.objects.filter(pk=roster.pk, state=roster.state, tries=roster.tries)
        if mine.update(leased_until=now + LEASE, tries=F("tries") + 1):
            whole = Roster.objects.select_related("intake__programme__organisation", "by").defer("content")
            return whole.get(pk=roster.pk)
    return None


def give_up_roster(*, roster: Roster, now: datetime) -> None:
    """After several workers ended on it: a file is refused, anything later goes one step back."""
    words = _("This did not work several times. Please try once more, or ask whoever runs this Twoway.")
    if roster.state == State.READING:
        refuse_roster(roster=roster, reason=words, now=now)
        return
    back = State.MAPPING if roster.state == State.CHECKING else State.READY
    _begin(roster, back, fault=words)


@transaction.atomic
def refuse_roster(*, roster: Roster, reason: str, now: datetime) -> None:
    """The file is no table: say why, and forget it."""
    RosterRow.objects.filter(roster=roster).delete()
    _begin(roster, State.REFUSED, fault=reason[:300], content=None, finished_at=now)


def read_roster(*, roster: Roster, now: datetime) -> None:
    """From the file to rows, and a first guess at the columns."""
    try:
        table = read_table(bytes(roster.content or b""), roster.sheet)
    except NotATable as refusal:
        refuse_roster(roster=roster, reason=refusal.reason, now=now)
        return
    RosterRow.objects.filter(roster=roster).delete()
    done, total = 0, len(table.rows)
    for piece in in_pieces(table.rows):
        go_on(roster, done, total)
        RosterRow.objects.bulk_create(
            RosterRow(roster=roster, number=row.number, cells=row.cells, notes=list(row.notes)) for row in piece
        )
        done += len(piece)
    go_on(roster, done, total)
    mapping, new_questions = first_guess(table, roster.intake)
    roster.headers = table.header
    before = alike_before(roster)
    if before is not None:
        mapping, new_questions = said_before(table, before, mapping, new_questions)
    _begin(
        roster, State.MAPPING, headers=table.header, sheet=table.sheet, sheets=list(table.sheets), mapping=mapping,
        new_questions=new_questions, fault="",
        usual_capacity=roster.usual_capacity or roster.intake.programme.usual_capacity,
    )  # fmt: skip


def first_guess(
    table: Table, intake: Intake, *, may_ask_more: bool = True
) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """What the columns are, and what new questions would be like."""
    # A row with too many or too few cells may have slipped sideways.
    straight = [row.cells for row in table.rows if not {"short", "long"} & set(row.notes)]
    rows = straight or [row.cells for row in table.rows]
    programme = intake.programme
    mapping = guess_mapping(
        table.header, rows, questions_of(programme), may_ask_more=may_ask_more, role_words=role_words(programme)
    )
    new = {
        number: question_settings(
            table.header[int(number)], int(number), what.removeprefix("new:"), [cells[int(number)] for cells in rows]
        )
        for number, what in mapping.items()
        if what.startswith("new:")
    }
    return mapping, new


def said_before(
    table: Table, before: Roster, guess: dict[str, str], new: dict[str, dict[str, Any]]
) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """What somebody said of the same columns in an earlier file, and the guess where that no longer holds: its
    question was retired since, or a new one is part of the form by now."""
    asked = {f"question:{question.public_id}" for question in questions_of(before.intake.programme)}
    places = _places(before.headers)
    mapping, settings = {}, {}
    for at, number in _places(table.header).items():
        was = places.get(at, "")
        said, guessed = before.mapping.get(was, ""), guess.get(number, "")
        kept = said.startswith("new:") and guessed.startswith("question:")
        gone = said.startswith("question:") and said not in asked
        mapping[number] = guessed if kept or gone else said
        if mapping[number].startswith("new:"):
            values = [row.cells[int(number)] for row in table.rows if int(number) < len(row.cells)]
            kind = mapping[number].removeprefix("new:")
            fresh = new.get(number)
            if fresh is None or fresh["kind"] != kind:
                fresh = question_settings(table.header[int(number)], int(number), kind, values)
            settings[number] = _as_before(fresh, before.new_questions.get(was))
    return mapping, settings


def _places(headers: list[str]) -> dict[tuple[str, int], str]:
    """Each column by its header, and by how many of that name stand before it."""
    return {(word, headers[:number].count(word)): str(number) for number, word in enumerate(headers)}


def _as_before(fresh: dict[str, Any], before: dict[str, Any] | None) -> dict[str, Any]:
    """A new question as it was put right before, with the choices that have come since at the end."""
    if before is None or before["kind"] != fresh["kind"]:
        return fresh
    more = [option for option in fresh["options"] if option not in before["options"]]
    found = {**fresh, **before, "options": [*before["options"], *more]}
    if more:
        found.pop("seen", None)
    return found


def question_settings(header: str, number: int, kind: str, values: list[str]) -> dict[str, Any]:
    """A new question as a column suggests it."""
    options = choices_in([value for value in values if value], kind) if kind in WITH_OPTIONS else []
    return {
        "kind": kind, "label": _as_label(header_words(header, number)), "options": options,
        "audience": Question.Audience.MATCHING.value, "protected": bool(PROTECTED.search(header.casefold())),
        "what_i_help_with": False,
    }  # fmt: skip


def _as_label(header: str) -> str:
    return header[:1].upper() + header[1:250]


def check_roster(*, roster: Roster) -> None:
    """Judge all rows."""
    checker = Checker(plan_of(roster), present_in(roster.intake))
    rows = RosterRow.objects.filter(roster=roster).order_by("number")
    done = 0
    for piece in in_pieces(rows.iterator(chunk_size=PIECE)):
        go_on(roster, done, roster.total)
        _judge(piece, checker)
        done += len(piece)
    go_on(roster, done, roster.total)
    _begin(roster, State.READY, fault="")


def _judge(rows: list[RosterRow], checker: Checker) -> None:
    for row in rows:
        put_verdict(row, checker.check(row.number, row.cells, row.corrections, row.notes))
    save_rows(rows, "verdict", "faults", "address")


def put_verdict(row: RosterRow, checked: Checked) -> None:
    row.verdict, row.faults, row.address = checked.verdict, checked.faults, checked.address


def save_rows(rows: list[RosterRow], *names: str) -> None:
    """Write some columns of many rows at once; one statement a piece, where an update for each would take minutes."""
    RosterRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["roster", "number"], update_fields=list(names), batch_size=PIECE
    )


def go_on(roster: Roster, done: int, total: int) -> None:
    """Say how far it is and hold the lease; Stopped where it is not ours any more."""
    mine = Roster.objects.filter(pk=roster.pk, state=roster.state, tries=roster.tries)
    if not mine.update(done=done, total=total, leased_until=clock_now() + LEASE):
        raise Stopped


def _begin(roster: Roster, state: Roster.State, **fields: Any) -> None:
    """The next step, free for anybody to take; Stopped where the last one is not ours any more."""
    mine = Roster.objects.filter(pk=roster.pk, state=roster.state, tries=roster.tries)
    if not mine.update(state=state, leased_until=None, tries=0, **({"done": 0} | fields)):
        raise Stopped
    roster.state, roster.tries = state, 0


def in_pieces(many: Iterable[T], size: int = PIECE) -> Iterator[list[T]]:
    source = iter(many)
    while piece := list(islice(source, size)):
        yield piece


# --- what people say about it -----------------------------------------------------------------------


@transaction.atomic
def map_columns(
    *, roster: Roster, mapping: dict[str, str], new_questions: dict[str, dict[str, Any]], as_role: str,
    usual_capacity: int | None,
) -> None:  # fmt: skip
    """Take what the columns are. Whether the rows then fit is another step."""
    Roster.objects.filter(pk=roster.pk, state__in=[State.MAPPING, State.READY]).update(
        mapping=mapping, new_questions=new_questions, as_role=as_role, usual_capacity=usual_capacity,
        state=State.MAPPING, fault="", columns_said=True,
    )  # fmt: skip
    roster.refresh_from_db(fields=["mapping", "new_questions", "as_role", "usual_capacity", "state", "tries"])


@transaction.atomic
def ask_for_check(*, roster: Roster) -> None:
    """Have all rows judged: a short roster at once, a long one by a worker."""
    if roster.state not in (State.MAPPING, State.READY):
        return
    _begin(roster, State.CHECKING)
    if roster.total <= AT_ONCE:
        check_roster(roster=roster)


@transaction.atomic
def correct_row(*, roster: Roster, number: int, corrections: dict[str, str]) -> None:
    """Take what was typed for one row; words that stand in the file already are no correction."""
    row = RosterRow.objects.select_for_update().get(roster=roster, number=number)
    kept = {**row.corrections, **corrections}
    row.corrections = {
        at: words.strip()
        for at, words in kept.items()
        if not (at.isdigit() and int(at) < len(row.cells) and row.cells[int(at)] == words.strip())
    }
    row.save(update_fields=["corrections"])
    _check_again(roster, [row])


@transaction.atomic
def correct_word(*, roster: Roster, column: int, word: str, to: str) -> int:
    """Put the same words right in every row that is mended by it; how many rows. Column -1 is the row's width."""
    at = None if column < 0 else column
    rows = [
        row
        for row in RosterRow.objects.filter(roster=roster, verdict=RosterRow.Verdict.MENDABLE).order_by("number")
        if any(_is_about(fault, at, word) for fault in row.faults)
    ]
    for row in rows:
        row.corrections = {**row.corrections, "width" if at is None else str(at): to}
    save_rows(rows, "corrections")
    _check_some(roster, rows)
    return len(rows)


@transaction.atomic
def add_choice(*, roster: Roster, column: int, words: str, after: str, by: Person, now: datetime) -> None:
    """Make an unknown word one of the question's choices, at the end or after another. Rows are judged anew."""
    question = question_at(plan_of(roster), column)
    if question is None:
        raise KeyError(column)
    labels = [str(option["label"]) for option in options_of(question)]
    place = labels.index(after) + 1 if after in labels else 0 if after == "first" else len(labels)
    labels.insert(place, " ".join(words.split())[:120])
    if question.pk is None:  # it joins the form when the rows are kept
        roster.new_questions[str(column)]["options"] = labels
        roster.save(update_fields=["new_questions"])
    else:
        change_question(question=question, changes={"options": labels}, by=by, now=now)
    mendable = RosterRow.objects.filter(roster=roster, verdict=RosterRow.Verdict.MENDABLE).order_by("number")
    _check_some(roster, [row for row in mendable if any(fault["column"] == column for fault in row.faults)])


def _is_about(fault: dict[str, Any], column: int | None, word: str) -> bool:
    return fault["level"] == "mend" and fault["column"] == column and fault.get("word") == word


def _check_some(roster: Roster, rows: list[RosterRow]) -> None:
    if len(rows) > AT_ONCE:
        _begin(roster, State.CHECKING)
    elif rows:
        _check_again(roster, rows)


def _check_again(roster: Roster, rows: list[RosterRow]) -> None:
    """Judge some rows anew, and those that share an old or a new address with them."""
    plan = plan_of(roster)
    reader = Checker(plan, {})
    touched = {row.address for row in rows}
    for row in rows:
        reader.first.clear()
        row.address = reader.check(row.number, row.cells, row.corrections, row.notes).address
    touched = (touched | {row.address for row in rows}) - {""}
    save_rows(rows, "address")
    first: dict[str, int] = {}
    others: list[RosterRow] = []
    known = {row.number for row in rows}
    for some in in_pieces(sorted(touched)):
        alike = RosterRow.objects.filter(roster=roster, address__in=some)
        first |= dict(alike.order_by().values_list("address").annotate(n=Min("number")))
        others += [row for row in alike if row.number not in known]
    _judge([*rows, *others], Checker(plan, present_in(roster.intake, touched), first))
