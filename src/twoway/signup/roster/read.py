"""A file becomes a table, or is refused with a reason in words.

All cells stay text: nothing that looks like a formula is ever computed. Row numbers are those that a spreadsheet
shows: a quoted line break is inside a row, a blank row counts and is passed over, and the header usually is 1.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from twoway.signup.roster.table import (
    ADDRESS,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    UNSEEN,
    Found,
    NotATable,
    Row,
    Table,
    too_many_columns,
    too_many_rows,
)
from twoway.signup.roster.text import read_text
from twoway.signup.roster.workbook import read_workbook


def read_table(content: bytes, sheet: str = "") -> Table:
    """The table in a file; of a workbook the named sheet, else the first. NotATable where there is none."""
    if len(content) > MOST_BYTES:
        raise NotATable(_("The file is larger than 10 MB. Please bring it in in parts."))
    if not content.strip(b" \t\r\n\x00"):
        raise NotATable(_("The file is empty."))
    if content.startswith(b"PK"):
        found = read_workbook(content, sheet)
        return _table(found.rows, found.sheet, found.sheets, short_rows=True, computed=found.computed)
    return _table(read_text(content), short_rows=False)


def _table(
    found: Iterable[Found], sheet: str = "", sheets: tuple[str, ...] = (), *, short_rows: bool,
    computed: frozenset[int] = frozenset(),
) -> Table:  # fmt: skip
    header: list[str] | None = None
    rows: list[Row] = []
    for number, raw in found:
        cells = [_clean(cell) for cell in raw]
        if not any(cells):
            continue
        if header is None:
            header = _header(cells)
            if any(header):
                continue
        rows.append(_row(number, raw, cells, len(header), short_rows, number in computed))
        if len(rows) > MOST_ROWS:
            raise too_many_rows()
    if header is None:
        raise NotATable(_("The file is empty."))
    if not rows:
        raise NotATable(_("The file has a header and nobody below it."))
    if len(header) == 1 and not any(ADDRESS.search(row.cells[0]) for row in rows):
        raise NotATable(_("This is not a table of people: it has no columns and no email addresses."))
    return Table(header, rows, sheet, sheets)


def _header(cells: list[str]) -> list[str]:
    """The first row's words; blanks where the first row is somebody already."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise too_many_columns()
    return [""] * len(cells) if any(ADDRESS.fullmatch(cell) for cell in cells) else [cell[:200] for cell in cells]


def _row(number: int, raw: list[str], cells: list[str], width: int, short_rows: bool, computed: bool) -> Row:
    notes = []
    if any(UNSEEN.search(cell) for cell in raw):
        notes.append("unseen")
    if computed:
        notes.append("result")
    if len(cells) < width:
        notes += [] if short_rows else ["short"]
        cells = cells + [""] * (width - len(cells))
    while len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > width:
        notes.append("long")
        cells = [*cells[:MOST_COLUMNS], " ".join(cells[MOST_COLUMNS:])] if len(cells) > MOST_COLUMNS else cells
    return Row(number, cells, tuple(notes))


def _clean(cell: str) -> str:
    return UNSEEN.sub("", cell.replace("\r\n", "\n").replace("\r", "\n")).strip()
