"""An .xlsx workbook, one sheet of it, streamed row by row."""

import io
import warnings
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from twoway.signup.roster.table import MOST_COLUMNS, MOST_ROWS, Found, NotATable, too_many_columns, too_many_rows

MOST_UNPACKED = 150 * 1024 * 1024
MOST_BLANK = 2_000_000


@dataclass(frozen=True)
class Sheet:
    rows: list[Found]
    sheet: str
    sheets: tuple[str, ...]
    computed: frozenset[int]  # rows in which a formula's result, as the file holds it, was taken


def read_workbook(content: bytes, name: str) -> Sheet:
    """The rows of a sheet as text. A formula is taken as the result that stands in the file, else as its words."""
    _look_inside(content)
    try:
        return _read(content, name)
    except NotATable:
        raise
    except Exception as fault:  # a damaged part fails in openpyxl, zlib or the XML parser in many ways
        raise NotATable(_damaged()) from fault


def _damaged() -> str:
    return _("The workbook is cut off or damaged. Please save or download it again.")


def _look_inside(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = set(packed.namelist())
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        raise NotATable(_damaged()) from None
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        raise NotATable(_("This is a packed file, but no .xlsx workbook. Please save the list as CSV or .xlsx."))
    if size > MOST_UNPACKED:
        raise NotATable(_("The workbook is too large once unpacked. Please save only the list of people, as CSV."))


def _read(content: bytes, name: str) -> Sheet:
    rows, sheet, sheets = _rows(content, name, results=False)
    formulas = {(number, at) for number, cells in rows for at, cell in enumerate(cells) if cell.startswith("=")}
    if not formulas:
        return Sheet(rows, sheet, sheets, frozenset())
    results = dict(_rows(content, name, results=True)[0])
    computed = set()
    for number, cells in rows:
        for at in range(len(cells)):
            there = results.get(number, [])
            if (number, at) in formulas and at < len(there) and there[at] and there[at] != cells[at]:
                cells[at] = there[at]
                computed.add(number)
    return Sheet(rows, sheet, sheets, frozenset(computed))


def _rows(content: bytes, name: str, *, results: bool) -> tuple[list[Found], str, tuple[str, ...]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about parts of a workbook that are of no use here
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=results, keep_links=False)
        try:
            return _of_sheet(book, name)
        finally:
            book.close()


def _of_sheet(book: Any, name: str) -> tuple[list[Found], str, tuple[str, ...]]:
    sheets = {sheet.title: sheet for sheet in book.worksheets if sheet.sheet_state == "visible"}
    if not sheets:
        raise NotATable(_("The workbook has no sheet that can be seen."))
    wanted = name.strip() or next(iter(sheets))
    if wanted not in sheets:
        raise NotATable(
            _("The workbook has no sheet called “%(name)s”. It has: %(sheets)s.")
            % {"name": name[:80], "sheets": ", ".join(sheets)[:150]}
        )
    sheet = sheets[wanted]
    sheet.reset_dimensions()  # what a sheet says about its size may be wrong, and padded to
    found: list[Found] = []
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = [_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS + 1:
            raise too_many_columns()
        if cells:
            found.append((number, cells))
        if len(found) > MOST_ROWS + 1:
            raise too_many_rows()
        if number > MOST_BLANK:
            break
    return found, wanted, tuple(sheets)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    return value.isoformat() if isinstance(value, date | time) else str(value)
