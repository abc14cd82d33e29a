"""CSV in and out: people from two files, pairs to one. Every complaint names file, row and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from matchengine.answers import plain
from matchengine.canonical import digest
from matchengine.checks import check
from matchengine.problem import Answer, Apart, InvalidProblem, Mentee, Mentor, Problem
from matchengine.result import Result
from matchengine.rules import Field, Rules, RulesError, rules_from_toml
from matchengine.words import reasons_in_words

LARGEST_FILE = 200_000_000
LARGEST_CELL = 5_000_000


class TableError(ValueError):
    """A file cannot be used. `row` counts as a spreadsheet does, the header being 1; 0 and "" where not
    known."""

    def __init__(self, file: str, row: int, column: str, message: str) -> None:
        where = file + (f", row {row}" if row else "") + (f', column "{column}"' if column else "")
        super().__init__(f"{where}: {message}")
        self.file, self.row, self.column = file, row, column


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as read: cells by column for each row, with the row's number. `digest` ignores the order of
    rows."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]
    digest: str


def read_sheet(path: Path) -> Sheet:
    """A CSV file with a header: comma, semicolon or tab; UTF-8 with or without mark, or UTF-16 with one.

    Example: `read_sheet(Path("mentees.csv")).columns`. Cost: the file in memory, twice.
    """
    text = _decoded(path)
    records = _records(text, path.name)
    header = next(records, (1, []))[1]
    columns = tuple(name.strip() for name in header)
    if not any(columns):
        raise TableError(path.name, 1, "", "there is no header row")
    twins = {name for name in columns if name and columns.count(name) > 1}
    if twins:
        raise TableError(path.name, 1, min(twins), "two columns have this name")
    rows, raw, blank = [], [], 0
    for number, cells in records:
        if not cells:
            blank += 1
            continue
        if len(cells) < len(columns):
            raise TableError(path.name, number, columns[len(cells)], "the row ends before this column")
        if len(cells) > len(columns):
            raise TableError(path.name, number, columns[-1], "the row has more cells than the header has columns")
        raw.append(list(cells))
        rows.append((number, {name: cell.strip() for name, cell in zip(columns, cells, strict=True) if name}))
    content = {"header": list(header), "rows": sorted(raw), "blank": blank}
    return Sheet(path.name, columns, tuple(rows), digest(content))


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    if len(data) > LARGEST_FILE:
        raise TableError(path.name, 0, "", f"the file is larger than {LARGEST_FILE} bytes")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise TableError(path.name, row, "", f"this is not {encoding[:6].upper().rstrip('-')} text") from error


def _records(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    delimiter = _delimiter(text)
    limit = csv.field_size_limit(LARGEST_CELL)
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            yield number, cells
    except csv.Error as error:
        raise TableError(file, number + 1, "", f"this row cannot be read: {error}") from error
    finally:
        csv.field_size_limit(limit)


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t", key=lambda mark: (first.count(mark), mark == ","))


def read_problem(mentees: Path, mentors: Path, rules: Path) -> Problem:
    """The problem that two CSV files and a rules file put, checked.

    Raises TableError, RulesError, InvalidProblem or OSError. Example: `solve(read_problem(a, b, c))`.
    """
    found = rules_from_toml(rules)
    ours, theirs = read_sheet(mentees), read_sheet(mentors)
    _check_columns(found, ours, theirs)
    people = _People(found, ours, theirs)
    problem = Problem(
        mentees=tuple(people.mentees.values()),
        mentors=tuple(people.mentors.values()),
        limits=found.limits,
        criteria=found.criteria,
        apart=tuple(people.apart()),
        text_cap=found.text_cap,
        sources=(
            ("mentees", ours.digest),
            ("mentors", theirs.digest),
            ("rules", sha256(rules.read_bytes()).hexdigest()),
        ),
    )
    try:
        check(problem)
    except InvalidProblem as error:
        raise people.placed(error, rules.name) from error
    return problem


def _check_columns(rules: Rules, ours: Sheet, theirs: Sheet) -> None:
    for sheet, fields in ((ours, rules.mentee_fields), (theirs, rules.mentor_fields)):
        for field in fields:
            if field.column not in sheet.columns:
                raise TableError(sheet.file, 1, field.column, "there is no such column, and the rules name it")
    if rules.capacity_column and rules.capacity_column not in theirs.columns:
        raise TableError(theirs.file, 1, rules.capacity_column, "there is no such column, and the rules name it")
    for column in (rules.wanted_column, rules.held_column, rules.matters_column):
        if column and column not in ours.columns:
            raise TableError(ours.file, 1, column, "there is no such column, and the rules name it")
    either = {*ours.columns, *theirs.columns}
    for column in [rules.both_column, *(apart.column for apart in rules.apart)]:
        if column and column not in either:
            raise TableError(ours.file, 1, column, f"neither this file nor {theirs.file} has such a column")


class _People:
    """The people of both files, and which row each came from."""

    def __init__(self, rules: Rules, ours: Sheet, theirs: Sheet) -> None:
        self.rules = rules
        self.sheets = (ours, theirs)
        self.rows: dict[tuple[str, str], tuple[Sheet, int]] = {}
        self.mentees: dict[str, Mentee] = {}
        self.mentors: dict[str, Mentor] = {}
        for number, cells in ours.rows:
            self._add_mentee(ours, number, cells)
        for number, cells in theirs.rows:
            self._add_mentor(theirs, number, cells)
        first_mentees = set(self.mentees)
        for number, cells in theirs.rows:
            if self._is_both(cells) and self._id(theirs, number, cells, rules.mentor_id) not in first_mentees:
                self._add_mentee(theirs, number, cells)
        first_mentors = {self._id(theirs, number, cells, rules.mentor_id) for number, cells in theirs.rows}
        for number, cells in ours.rows:
            if self._is_both(cells) and self._id(ours, number, cells, rules.mentee_id) not in first_mentors:
                self._add_mentor(ours, number, cells)

    def _is_both(self, cells: dict[str, str]) -> bool:
        value = cells.get(self.rules.both_column, "") if self.rules.both_column else ""
        return bool(value) and value.casefold() == self.rules.both_value.casefold()

    def _id(self, sheet: Sheet, number: int, cells: dict[str, str], column: str) -> str:
        column = (
            column if column in cells else self.rules.mentor_id if sheet is self.sheets[1] else self.rules.mentee_id
        )
        if column not in cells:
            raise TableError(sheet.file, 1, column, "there is no such column, and the rules name it as the id")
        if not cells[column]:
            raise TableError(sheet.file, number, column, "there is no id")
        return cells[column]

    def _add_mentee(self, sheet: Sheet, number: int, cells: dict[str, str]) -> None:
        who = self._id(sheet, number, cells, self.rules.mentee_id)
        self._note("mentee", who, sheet, number)
        self.mentees[who] = Mentee(
            who,
            self._answers(sheet, number, cells),
            self._wanted(sheet, number, cells),
            _split(cells.get(self.rules.held_column, ""), ",;"),
            self._matters_most(cells.get(self.rules.matters_column, "")),
        )

    def _add_mentor(self, sheet: Sheet, number: int, cells: dict[str, str]) -> None:
        who = self._id(sheet, number, cells, self.rules.mentor_id)
        self._note("mentor", who, sheet, number)
        self.mentors[who] = Mentor(who, self._answers(sheet, number, cells), self._capacity(sheet, number, cells))

    def _note(self, side: str, who: str, sheet: Sheet, number: int) -> None:
        if (side, who) in self.rows:
            first = self.rows[side, who][1]
            column = self.rules.mentee_id if side == "mentee" else self.rules.mentor_id
            raise TableError(sheet.file, number, column, f'"{who}" is already in row {first}')
        self.rows[side, who] = (sheet, number)

    def _wanted(self, sheet: Sheet, number: int, cells: dict[str, str]) -> int:
        column = self.rules.wanted_column
        if not column:
            return self.rules.wanted
        if column not in cells:  # somebody of the mentors' table, which has no such column
            return 1
        if not re.fullmatch(r"\d{1,6}", cells[column], re.ASCII) or not int(cells[column]):
            raise TableError(sheet.file, number, column, f'"{cells[column][:60]}" is not a whole number from 1')
        return int(cells[column])

    def _matters_most(self, said: str) -> str:
        """The criterion of this name, however its letters are written; else what was said, to be complained about."""
        return next((one.name for one in self.rules.criteria if plain(one.name) == plain(said)), said)

    def _capacity(self, sheet: Sheet, number: int, cells: dict[str, str]) -> int:
        column = self.rules.capacity_column
        if not column:
            return self.rules.capacity
        if column not in cells:
            return self.rules.both_capacity
        if not re.fullmatch(r"\d{1,6}", cells[column], re.ASCII):
            raise TableError(sheet.file, number, column, f'"{cells[column][:60]}" is not a whole number from 0')
        return int(cells[column])

    def _answers(self, sheet: Sheet, number: int, cells: dict[str, str]) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        for field in self.rules.fields:
            if cells.get(field.column):
                answers[field.name] = _answer(field, cells[field.column], sheet.file, number)
        return answers

    def apart(self) -> Iterable[Apart]:
        """The pairs the `apart` columns name, in either file."""
        for rule in self.rules.apart:
            for sheet, id_column in zip(self.sheets, (self.rules.mentee_id, self.rules.mentor_id), strict=True):
                for number, cells in sheet.rows:
                    for other in _split(cells.get(rule.column, ""), rule.separator):
                        who = self._id(sheet, number, cells, id_column)
                        yield Apart(min(who, other), max(who, other), rule.kind)

    def placed(self, error: InvalidProblem, rules_file: str) -> TableError | RulesError:
        """The same complaint with the file, row and column it is about."""
        if (error.side, error.person) not in self.rows:
            return RulesError(f"{rules_file}: {error}")
        if error.field == "wanted" and not self.rules.wanted_column:
            return RulesError(f"{rules_file}: mentors_wanted: {error}")
        sheet, number = self.rows[error.side, error.person]
        column = next((field.column for field in self.rules.fields if field.name == error.field), error.field)
        special = {
            "wanted": self.rules.wanted_column,
            "holds": self.rules.held_column,
            "matters_most": self.rules.matters_column,
        }
        if error.side == "mentee":
            column = special.get(error.field, column)
        return TableError(sheet.file, number, column, str(error))


def _answer(field: Field, cell: str, file: str, row: int) -> Answer:
    if field.is_number:
        try:
            if "_" in cell or not cell.isascii():  # Python would read these; capacities are not read so either
                raise ValueError
            number = float(cell)
        except ValueError:
            raise TableError(file, row, field.column, f'"{cell[:60]}" is not a number') from None
        if not abs(number) <= 1_000_000_000:
            raise TableError(file, row, field.column, f'"{cell[:60]}" is not a number that can be used')
        return int(number) if number.is_integer() else number
    return _split(cell, field.separator) if field.separator else cell


def _split(cell: str, separator: str) -> tuple[str, ...]:
    marks = separator if separator == "\n" else separator + "\n"
    return tuple(part.strip() for part in re.split(f"[{re.escape(marks)}]", cell) if part.strip())


def pairs_as_csv(problem: Problem, result: Result) -> str:
    """The pairs as CSV text, by mentee: ids, score, the points of each criterion, reasons in words.

    Cells that a spreadsheet would take for a formula begin with an apostrophe.
    """
    names = [criterion.name for criterion in problem.criteria if criterion.kind != "off"]
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow(["mentee", "mentor", "score", *(f"points:{name}" for name in names), "reasons"])
    for pair in sorted(result.pairs, key=lambda one: (one.mentee, one.mentor)):
        points = {reason.criterion: reason.points for reason in pair.reasons}
        said = safe_cell(reasons_in_words(pair))
        brought = [points.get(name, 0) for name in names]
        sheet.writerow([safe_cell(pair.mentee), safe_cell(pair.mentor), pair.score, *brought, said])
    return text.getvalue()


def safe_cell(cell: str) -> str:
    """The cell, with an apostrophe before anything a spreadsheet would run. Example: "=1+1" becomes
    "'=1+1"."""
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell
