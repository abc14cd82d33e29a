"""What a file of people is once it is read, how large it may be, and the refusal of what is none."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
# Marks that no spreadsheet shows: control characters, and those that turn the direction of writing.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")

Found = tuple[int, list[str]]  # a row's number, as a spreadsheet shows it, and its cells


class NotATable(Exception):
    """The file is no list of people; `reason` says why and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def too_many_rows() -> NotATable:
    return NotATable(_("The file has more than 50,000 rows. Please bring it in in parts."))


def too_many_columns() -> NotATable:
    return NotATable(_("The file has more than 200 columns. Please take out those that are not needed."))


@dataclass(frozen=True)
class Row:
    number: int
    cells: list[str]
    notes: tuple[str, ...] = ()  # "short", "long", "unseen", "result"


@dataclass(frozen=True)
class Table:
    header: list[str]  # empty words where the file has no header
    rows: list[Row]
    sheet: str = ""
    sheets: tuple[str, ...] = ()
