"""Whatever spreadsheet wrote it: a file becomes a table, or is refused with a reason in words."""

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from twoway.signup.roster.read import read_table
from twoway.signup.roster.table import MOST_BYTES, UNSEEN, NotATable, Table

pytestmark = pytest.mark.row("F-10")

ROSTERS = Path(__file__).parent / "rosters"
ORIGINALS = Path(__file__).parents[3] / "shared" / "data" / "civil-service"
PEOPLE = "name,email,about\nZoë,zoe@example.org,“Hello”\nÅsa,asa@example.org,a – b\n"


def cells_of(table: Table) -> list[list[str]]:
    return [row.cells for row in table.rows]


def workbook(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def refusal(content: bytes, sheet: str = "") -> str:
    with pytest.raises(NotATable) as refused:
        read_table(content, sheet)
    return refused.value.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_encoding_and_separator_gives_the_same_table(encoding: str, separator: str) -> None:
    content = PEOPLE.replace(",", separator).encode(encoding)

    table = read_table(content)

    assert table.header == ["name", "email", "about"]
    assert cells_of(table) == [["Zoë", "zoe@example.org", "“Hello”"], ["Åsa", "asa@example.org", "a – b"]]
    assert [row.number for row in table.rows] == [2, 3]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_quoted_line_break_is_inside_its_row_and_a_blank_row_counts(ending: str) -> None:
    text = ending.join(["email,about", 'a@example.org,"one', 'two ""three"""', "", "b@example.org,last"])

    table = read_table(text.encode())

    assert [(row.number, row.cells) for row in table.rows] == [
        (2, ["a@example.org", 'one\ntwo "three"']),
        (4, ["b@example.org", "last"]),
    ]


def test_the_separator_line_of_excel_is_no_row() -> None:
    table = read_table(b"sep=;\r\nemail;name\r\na@example.org;Smith, Ann\r\n")

    assert (table.header, cells_of(table)) == (["email", "name"], [["a@example.org", "Smith, Ann"]])


def test_a_list_of_addresses_alone_is_enough() -> None:
    table = read_table(b"a@example.org\nb@example.org\n")

    assert table.header == [""]
    assert [(row.number, row.cells) for row in table.rows] == [(1, ["a@example.org"]), (2, ["b@example.org"])]


def test_rows_with_other_numbers_of_cells_are_told() -> None:
    table = read_table(b"email,name,grade\na@example.org\nb@example.org,B,1,more,,\nc@example.org,C,2,,\n")

    assert [(row.cells, row.notes) for row in table.rows] == [
        (["a@example.org", "", ""], ("short",)),
        (["b@example.org", "B", "1", "more"], ("long",)),
        (["c@example.org", "C", "2"], ()),
    ]


def test_marks_that_cannot_be_seen_are_taken_out_and_told() -> None:
    table = read_table(("email,name\na@example.org,A\x00n\u202en\x07\n" + "b@example.org,B\n" * 20).encode())

    assert (table.rows[0].cells, table.rows[0].notes) == (["a@example.org", "Ann"], ("unseen",))


def test_a_very_long_cell_is_read_whole() -> None:
    table = read_table(f'email,about\na@example.org,"{"x" * 400_000}"\n'.encode())

    assert len(table.rows[0].cells[1]) == 400_000


# --- workbooks --------------------------------------------------------------------------------------


def test_a_workbook_gives_text_whatever_its_cells_hold() -> None:
    rows = [["Email", "Start", "Many", "Yes", "Part"], ["a@example.org", date(2026, 11, 23), 3.0, True, 1.5]]

    table = read_table(workbook(("People", rows)))

    assert table.header == rows[0]
    assert [(row.number, row.cells) for row in table.rows] == [(2, ["a@example.org", "2026-11-23", "3", "yes", "1.5"])]


def test_the_first_sheet_is_read_or_the_one_that_is_named() -> None:
    content = workbook(("One", [["email"], ["a@example.org"]]), ("Two", [["email"], ["b@example.org"]]))

    first, second = read_table(content), read_table(content, "Two")

    assert (first.sheet, first.sheets, cells_of(first)) == ("One", ("One", "Two"), [["a@example.org"]])
    assert (second.sheet, cells_of(second)) == ("Two", [["b@example.org"]])
    assert refusal(content, "Three") == "The workbook has no sheet called “Three”. It has: One, Two."


def test_a_formula_without_a_result_stays_its_words() -> None:
    content = workbook(("One", [["email", "note"], ["a@example.org", '=HYPERLINK("http://x.example")']]))

    assert cells_of(read_table(content)) == [["a@example.org", '=HYPERLINK("http://x.example")']]


def test_empty_rows_and_short_rows_of_a_workbook_are_no_fault() -> None:
    content = workbook(("One", [["email", "name", "grade"], [], ["a@example.org"], [], ["b@example.org", "B"]]))

    table = read_table(content)

    assert [(row.number, row.cells, row.notes) for row in table.rows] == [
        (3, ["a@example.org", "", ""], ()),
        (5, ["b@example.org", "B", ""], ()),
    ]


# --- refusals ---------------------------------------------------------------------------------------


def other_zip() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("a.txt", "hello")
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b" \r\n\n", "The file is empty."),
        ("\ufeff \n".encode(), "The file is empty."),
        (b"email,name\n", "The file has a header and nobody below it."),
        (b"%PDF-1.7\n...", "This is a PDF file, not a table. Please save the list as CSV or .xlsx."),
        (b"\x89PNG\r\n\x1a\n\x00", "This is a PNG file, not a table. Please save the list as CSV or .xlsx."),
        (
            b"<!DOCTYPE html><html><table><tr><td>a@example.org</table>",
            "This is a web page, not a table. Please save the list as CSV or .xlsx.",
        ),
        (b'[{"email": "a@example.org"}]', "This is JSON, not a table. Please save the list as CSV or .xlsx."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500,
            "This is an old Excel file (.xls), or one with a password. Please save it as .xlsx or as CSV.",
        ),
        (other_zip(), "This is a packed file, but no .xlsx workbook. Please save the list as CSV or .xlsx."),
        (
            b"Dear all,\nplease find the list below.\n",
            "This is not a table of people: it has no columns and no email addresses.",
        ),
        (
            b'email,about\na@example.org,"cut in the mid',
            "The file is cut off in the middle: a quotation mark in row 2 is never closed.",
        ),
        (
            "email,ü\na@example.org,ä".encode()[:-1],
            "The file is cut off in the middle. Please save or download it again.",
        ),
        (
            "email\na@example.org".encode("utf-16")[:-1],
            "The file is cut off in the middle. Please save or download it again.",
        ),
        (b"a@example.org\n" * 50_001, "The file has more than 50,000 rows. Please bring it in in parts."),
        (
            b",".join([b"h"] * 201) + b"\n" + b",".join([b"x"] * 201),
            "The file has more than 200 columns. Please take out those that are not needed.",
        ),
        (b"x" * (MOST_BYTES + 1), "The file is larger than 10 MB. Please bring it in in parts."),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    assert refusal(content) == reason


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.98])
def test_a_workbook_that_is_cut_off_is_refused(share: float) -> None:
    whole = workbook(("One", [["email", "name"], *[[f"p{n}@example.org", f"P {n}"] for n in range(400)]]))

    assert refusal(whole[: int(len(whole) * share)]) == (
        "The workbook is cut off or damaged. Please save or download it again."
    )


def test_a_workbook_with_a_damaged_part_is_refused() -> None:
    whole = workbook(("One", [["email"], ["a@example.org"]]))
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<oops" if "sheet1" in name else old.read(name))

    assert refusal(held.getvalue()) == "The workbook is cut off or damaged. Please save or download it again."


@given(st.one_of(st.binary(max_size=400), st.text(max_size=300).map(lambda text: text.encode("utf-8", "ignore"))))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_a_table_or_a_reason(content: bytes) -> None:
    try:
        table = read_table(content)
    except NotATable as refused:
        assert refused.reason
    else:
        assert table.rows
        assert all(len(row.cells) >= len(table.header) for row in table.rows)
        assert not any(UNSEEN.search(cell) for row in table.rows for cell in row.cells)


@given(st.binary(max_size=300), st.integers(min_value=0, max_value=2000))
@settings(max_examples=100, deadline=None)
def test_any_damage_to_a_workbook_gives_a_table_or_a_reason(noise: bytes, at: int) -> None:
    whole = workbook(("One", [["email", "name"], ["a@example.org", "A"], ["b@example.org", "=1+1"]]))
    place = at % len(whole)
    try:
        table = read_table(whole[:place] + noise + whole[place + len(noise) :])
    except NotATable as refused:
        assert refused.reason
    else:
        assert table.rows


CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20).map(str.strip)


@given(
    st.lists(st.tuples(CELL, CELL), min_size=1, max_size=40),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@settings(max_examples=150, deadline=None)
def test_no_row_is_lost_or_added(people: list[tuple[str, str]], separator: str, encoding: str) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    lines = [["email", "first", "second"], *[[f"p{n}@example.org", *pair] for n, pair in enumerate(people)]]
    text = "\r\n".join(separator.join(quoted(cell) for cell in line) for line in lines)

    table = read_table(text.encode(encoding))

    assert [row.cells[0] for row in table.rows] == [f"p{n}@example.org" for n in range(len(people))]
    assert [row.number for row in table.rows] == list(range(2, len(people) + 2))


# --- the real ones ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "rows"), [("mentees", 4), ("mentors", 2)])
def test_files_of_the_civil_service_shape_are_read(name: str, rows: int) -> None:
    table = read_table((ROSTERS / f"{name}.csv").read_bytes())

    assert table.header[:4] == ["first name", "last name", "email address", "both mentor and mentee"]
    assert (len(table.rows), [row.notes for row in table.rows]) == (rows, [()] * rows)


@pytest.mark.parametrize("name", ["mentees", "mentors"])
def test_the_original_files_are_read(name: str) -> None:
    original = ORIGINALS / f"{name}.csv"
    if not original.exists():
        pytest.skip("the original files of the civil service are not beside this checkout")

    table = read_table(original.read_bytes())

    assert [row.number for row in table.rows] == list(range(2, 52))
    assert {row.notes for row in table.rows} == {()}
