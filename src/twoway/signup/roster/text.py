"""Bytes become rows of cells, whatever spreadsheet wrote them: its encoding, its separator, its quotation marks."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _

from twoway.signup.roster.table import MOST_BYTES, UNSEEN, Found, NotATable

SEPARATORS = ",;\t|"
_END = "\x1eend\x1e"  # put after the text: where it is not a row of its own, a quotation mark stands open
_COUNTED = 65_536


def read_text(content: bytes) -> Iterator[Found]:
    """The rows of a text file. NotATable where it is something else, or ends in the middle."""
    _refuse_other_kinds(content)
    return _split(_decode(content))


# --- kinds of files that are no text ----------------------------------------------------------------

_OTHERS = (
    (b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7-Zip"), (b"{\\rtf", "RTF"), (b"SQLite format 3", "SQLite"), (b"\x7fELF", "ELF"),
)  # fmt: skip


def _refuse_other_kinds(content: bytes) -> None:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotATable(
            _("This is an old Excel file (.xls), or one with a password. Please save it as .xlsx or as CSV.")
        )
    for start, kind in _OTHERS:
        if content.startswith(start):
            raise NotATable(
                _("This is a %(kind)s file, not a table. Please save the list as CSV or .xlsx.") % {"kind": kind}
            )


def _refuse_markup(text: str) -> None:
    start = text[:200].lstrip().lower()
    if start.startswith(("<!doctype", "<html", "<?xml", "<table", "<head", "<body", "<svg")):
        raise NotATable(_("This is a web page, not a table. Please save the list as CSV or .xlsx."))
    if start.startswith(("{", '[{"', "[[")):
        raise NotATable(_("This is JSON, not a table. Please save the list as CSV or .xlsx."))


# --- bytes to text ----------------------------------------------------------------------------------


def _decode(content: bytes) -> str:
    """By its byte order mark, by where its zero bytes stand, as UTF-8, and last as Windows-1252."""
    for mark, encoding in (
        (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):  # fmt: skip
        if content.startswith(mark):
            return _decoded(content[len(mark) :], encoding)
    wide = _wide_encoding(content[:4096])
    if wide:
        return _decoded(content, wide)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as fault:
        if fault.reason == "unexpected end of data" and not content[: fault.start].isascii():
            raise NotATable(_cut_off()) from None
        text = _decoded(content, "cp1252")
    return _not_binary(text)


def _wide_encoding(sample: bytes) -> str:
    """UTF-16 without a mark: in Western words every other byte is zero."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) <= len(sample) // 8 or min(even, odd) > max(even, odd) // 4:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return _not_binary(content.decode(encoding))
    except UnicodeDecodeError as fault:
        if "end" in fault.reason or "truncated" in fault.reason:
            raise NotATable(_cut_off()) from None
        raise NotATable(
            _("We cannot tell how the letters of this file are written. Please save it as “CSV UTF-8” or .xlsx.")
        ) from None


def _not_binary(text: str) -> str:
    sample = text[:_COUNTED]
    if len(UNSEEN.findall(sample)) * 50 > len(sample):
        raise NotATable(_("This is not a table but some other kind of file. Please save the list as CSV or .xlsx."))
    if not text.strip():
        raise NotATable(_("The file is empty."))
    _refuse_markup(text)
    return text


def _cut_off() -> str:
    return _("The file is cut off in the middle. Please save or download it again.")


# --- text to rows -----------------------------------------------------------------------------------


def _split(text: str) -> Iterator[Found]:
    """All rows; a quotation mark that is never closed means that the file ends too early."""
    csv.field_size_limit(4 * MOST_BYTES)
    separator, text = _separator(text)
    number, cells = 0, [""]
    whole = text + ("" if text.endswith(("\n", "\r")) else "\n") + _END
    for number, cells in enumerate(_records(whole, separator), start=1):
        if cells != [_END]:
            yield number, cells
            if cells and _END in cells[-1]:
                break
    if cells != [_END]:
        raise NotATable(
            _("The file is cut off in the middle: a quotation mark in row %(number)s is never closed.")
            % {"number": number}
        )


def _records(text: str, separator: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error:
        raise NotATable(
            _("The rows of this file cannot be told apart. Please save it again as CSV or .xlsx.")
        ) from None


def _separator(text: str) -> tuple[str, str]:
    """The sign that cuts most of the first rows into as many cells as the header has."""
    told = re.match(r"sep=([,;\t|])\r?\n", text)
    if told:  # a line that Excel reads and does not show
        return told[1], text[told.end() :]
    sample, best = text[:_COUNTED], (0.0, 0, "\x1f")
    for sign in SEPARATORS:
        rows = [row for row in islice(_records(sample, sign), 60) if any(cell.strip() for cell in row)]
        rows = rows[:-1] if len(rows) > 2 else rows
        if not rows or len(rows[0]) < 2:
            continue
        alike = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
        best = max(best, (round(alike, 1), len(rows[0]), sign))
    return best[2], text
