"""Columns guessed, and each row found good, mendable or refused, with the reason."""

from pathlib import Path
from typing import Any

import pytest

from twoway.signup.fields import new_options
from twoway.signup.models import Question
from twoway.signup.roster.check import Checked, Checker, Plan, Present, mended_address
from twoway.signup.roster.guess import choices_in, guess_kind, guess_mapping
from twoway.signup.roster.read import read_table

pytestmark = pytest.mark.row("F-10")

ROSTERS = Path(__file__).parent / "rosters"
GRADE = Question(kind="ordered", label="Grade", public_id="grade", options=new_options(["AO", "EO", "HEO", "Grade 7"]))
ABOUT = Question(kind="short", label="About", public_id="about", limits={"max_length": 10})
BEGUN = Question(kind="date", label="First day at work", public_id="begun")
FOR_MENTORS = Question(kind="short", label="Offers", public_id="offers", asked_of="mentor")
COLUMNS = {0: "address", 1: "name", 2: "question:grade", 3: "role", 4: "capacity", 5: "rhythm", 6: "both"}


def check(*cells: str, columns: dict[int, str] | None = None, **given: Any) -> Checked:
    asked = [GRADE, ABOUT, BEGUN, FOR_MENTORS]
    plan = Plan(
        columns=columns or COLUMNS, header=[f"h{n}" for n in range(7)],
        questions={f"question:{question.public_id}": question for question in asked}, asked=asked,
        as_role=given.pop("as_role", ""), usual_capacity=given.pop("usual_capacity", None),
        role_offer=["Mentor", "Mentee", "Both"],
    )  # fmt: skip
    checker = Checker(plan, given.pop("present", {}), given.pop("first", None))
    return checker.check(given.pop("number", 2), [*cells, *[""] * (7 - len(cells))], **given)


def faults(row: Checked) -> list[tuple[str, int | None, str]]:
    return [(fault["level"], fault["column"], fault["reason"]) for fault in row.faults]


def test_an_address_alone_is_a_good_row() -> None:
    row = check("Ann@Example.org")

    assert (row.verdict, row.address, row.values, row.answers, row.faults) == ("good", "ann@example.org", {}, {}, [])


def test_a_full_row_is_understood() -> None:
    row = check("ann@example.org", "Ann  Lee", "grade 7", "Mentor", "3", "every two weeks", "no")

    assert row.verdict == "good"
    assert row.values == {"name": "Ann Lee", "role": "mentor", "capacity": 3, "rhythm_days": 14}
    assert row.answers == {"question:grade": "grade-7"}


@pytest.mark.parametrize(
    ("role", "both", "as_role", "found"),
    [
        ("mentee", "", "", "mentee"),
        ("Mentor and mentee", "", "", "either"),
        ("", "yes", "mentee", "either"),
        ("", "no", "mentee", "mentee"),
        ("mentor", "", "mentee", "mentor"),
        ("", "no", "", None),
    ],
)
def test_the_role_comes_from_the_row_else_from_the_file(role: str, both: str, as_role: str, found: str | None) -> None:
    row = check("ann@example.org", "", "", role, "", "", both, as_role=as_role)

    assert (row.verdict, row.values.get("role")) == ("good", found)


@pytest.mark.parametrize(
    ("address", "verdict", "offer"),
    [
        ("", "refused", []),
        ("nobody", "refused", []),
        ("a@b@example.org", "refused", []),
        ("ann@example,org", "mendable", ["ann@example.org"]),
        ("Ann Lee <ann@example.org>", "mendable", ["ann@example.org"]),
        ("mailto:ann@example.org;", "mendable", ["ann@example.org"]),
        ("ann (at) example (dot) org", "mendable", ["ann@example.org"]),
        (f"{'x' * 250}@example.org", "refused", []),
    ],
)
def test_a_bad_address_is_refused_unless_it_is_a_slip(address: str, verdict: str, offer: list[str]) -> None:
    row = check(address)

    assert (row.verdict, row.faults[0].get("offer", [])) == (verdict, offer)


def test_no_name_is_ever_guessed_into_an_address() -> None:
    assert [mended_address(text) for text in ("ann.example.org", "ann@", "@example.org", "-")] == [""] * 4


def test_the_second_row_with_an_address_is_refused_and_says_where_the_first_is() -> None:
    first: dict[str, int] = {}

    rows = [check("ann@example.org", number=2, first=first), check("ANN@example.org", number=5, first=first)]

    assert [faults(row) for row in rows] == [
        [],
        [("refuse", 0, "The same address stands in row 2 already.")],
    ]


@pytest.mark.parametrize(
    ("column", "text", "reason", "offer"),
    [
        (2, "Grade7", "“Grade7” is not one of the choices.", ["Grade 7"]),
        (2, "zebra", "“zebra” is not one of the choices.", []),
        (3, "boss", "“boss” is not a role.", ["Mentor", "Mentee", "Both"]),
        (6, "perhaps", "Please answer yes or no.", ["Yes", "No"]),
        (1, "x" * 121, "The name is longer than 120 characters.", []),
    ],
)
def test_what_cannot_be_kept_as_it_stands_can_be_mended(column: int, text: str, reason: str, offer: list[str]) -> None:
    cells = ["ann@example.org", *[""] * 6]
    cells[column] = text

    row = check(*cells)

    assert (row.verdict, faults(row)) == ("mendable", [("mend", column, reason)])
    assert row.faults[0].get("offer", []) == offer


@pytest.mark.parametrize(
    ("column", "text", "verdict"),
    [(4, "0", "mendable"), (4, "13", "mendable"), (4, "2", "good"), (5, "never", "mendable"), (5, "21 days", "good")],
)
def test_capacity_and_rhythm_are_read_for_mentors(column: int, text: str, verdict: str) -> None:
    cells = ["ann@example.org", "", "", "mentor", "", "", ""]
    cells[column] = text

    assert check(*cells).verdict == verdict
    assert check(*cells[:3], "mentee", *cells[4:]).verdict == "good"


def test_a_mentor_without_a_number_takes_the_usual_one() -> None:
    assert check("ann@example.org", as_role="mentor", usual_capacity=2).values == {"role": "mentor", "capacity": 2}
    assert check("ann@example.org", as_role="mentee", usual_capacity=2).values == {"role": "mentee"}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_what_looks_like_a_formula_is_kept_as_text_and_told(sign: str) -> None:
    row = check("ann@example.org", f"{sign}cmd|x", columns={0: "address", 1: "name"})

    assert (row.verdict, row.values["name"]) == ("good", f"{sign}cmd|x")
    assert faults(row) == [("note", 1, f"Kept as plain text, although “{sign}” stands first.")]


def test_a_correction_counts_instead_of_the_cell() -> None:
    row = check("nobody", "", "Grade7", corrections={"0": "ann@example.org", "2": "Grade 7"})

    assert (row.verdict, row.address, row.answers) == ("good", "ann@example.org", {"question:grade": "grade-7"})


@pytest.mark.parametrize(
    ("note", "cells", "reason"),
    [
        ("short", 7, "This row has fewer cells than the header. Is something missing in the middle?"),
        ("long", 9, "This row has 2 cells more than the header. Does a separator stand inside a cell?"),
    ],
)
def test_a_row_of_another_width_is_good_once_somebody_says_so(note: str, cells: int, reason: str) -> None:
    values = ["ann@example.org", *[""] * (cells - 2), "x"] if note == "long" else ["ann@example.org"]

    asked, told = check(*values, notes=[note]), check(*values, notes=[note], corrections={"width": "as it is"})

    assert (asked.verdict, faults(asked)) == ("mendable", [("mend", None, reason)])
    assert (told.verdict, told.faults) == ("good", [])


def test_an_answer_to_a_question_of_the_other_role_is_left_out_and_told() -> None:
    columns = {0: "address", 1: "question:offers"}

    row = check("ann@example.org", "law", columns=columns, as_role="mentee")

    assert (row.verdict, row.answers) == ("good", {})
    assert [level for level, _at, _reason in faults(row)] == ["note"]
    assert check("ann@example.org", "law", columns=columns, as_role="mentor").answers == {"question:offers": "law"}


@pytest.mark.parametrize(
    ("state", "open_", "said"),
    [
        ("expected", True, "Already here: will be updated with Name, Grade."),
        ("expected", False, "Already here, and has begun to sign up: stays as it is."),
        ("waiting", False, "Already here, waiting for approval: stays as it is."),
        ("joined", False, "Already here, as a member: stays as it is."),
    ],
)
def test_whoever_is_here_already_is_said_to_be(state: str, open_: bool, said: str) -> None:
    there = Present(7, state, open_, {"name": "A", "role": "", "capacity": None, "rhythm_days": None}, {})

    row = check("ann@example.org", "Ann", "EO", present={"ann@example.org": there})

    assert (row.verdict, faults(row)) == ("good", [("note", None, said)])


def test_the_same_words_again_change_nothing() -> None:
    values = {"name": "Ann", "role": "mentee", "capacity": None, "rhythm_days": None}
    there = Present(7, "expected", True, values, {"grade": "eo"})

    row = check("ann@example.org", "Ann", "EO", "mentee", present={"ann@example.org": there})

    assert (row.changes, faults(row)) == ([], [("note", None, "Already here: unchanged.")])


@pytest.mark.parametrize(("known", "capacity"), [(1, None), (None, 2)])
def test_the_usual_number_never_overwrites_one_that_is_known(known: int | None, capacity: int | None) -> None:
    values = {"name": "Ann", "role": "mentor", "capacity": known, "rhythm_days": None}
    there = {"ann@example.org": Present(7, "expected", True, values, {})}

    row = check("ann@example.org", "Ann", "", "mentor", present=there, usual_capacity=2)
    said = check("ann@example.org", "Ann", "", "mentor", "3", present=there, usual_capacity=2)

    assert (row.values.get("capacity"), row.changes) == (capacity, ["Capacity"] if capacity else [])
    assert (said.values["capacity"], said.changes) == (3, ["Capacity"])


# --- guesses ----------------------------------------------------------------------------------------


def test_columns_are_guessed_by_their_words_and_their_values() -> None:
    table = read_table((ROSTERS / "mentees.csv").read_bytes())

    mapping = guess_mapping(table.header, [row.cells for row in table.rows], [GRADE])

    assert {table.header[int(number)]: what for number, what in mapping.items()} == {
        "first name": "first_name", "last name": "last_name", "email address": "address",
        "both mentor and mentee": "both", "job title": "new:short", "grade": "question:grade",
        "organisation": "new:short", "profession": "new:short",
        "match with similar identity": "", "identity to match": "", "biography": "new:long",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "values", "what"),
    [
        ("Your email", ["a@b.org"], "address"),
        ("Contact", ["a@b.org", "c@d.org"], "address"),
        ("", ["a@b.org"], "address"),
        ("Address", ["1 High Street", "2 High Street"], "new:short"),
        ("Line manager email", ["m@b.org"], ""),
        ("Role", ["Clerk", "Planner"], "new:short"),
        ("Role", ["mentor", "mentee"], "role"),
        ("You are", ["Mentor", "Both"], "role"),
        ("Max mentees", ["1", "3"], "capacity"),
        ("How often", ["monthly"], "rhythm"),
        ("GRADE ", ["x", "y"], "question:grade"),
        ("Timestamp", ["2026-11-01 10:00"], ""),
        ("Gender", ["f", "m"], ""),
        ("Team", ["Same"] * 9, ""),
    ],
)
def test_a_single_column_is_guessed(header: str, values: list[str], what: str) -> None:
    assert guess_mapping([header], [[value] for value in values], [GRADE]) == {"0": what}


LEVELS = new_options(["Junior", "Senior"])
LONG_FORM = [
    Question(kind="ordered", label="What is your grade?", public_id="grade", options=new_options(["AO", "Grade 7"])),
    Question(kind="ordered", label="What is your level?", public_id="level", options=LEVELS),
    Question(kind="short", label="Which team are you in?", public_id="team"),
    Question(kind="number", label="How many years have you worked here?", public_id="years"),
    Question(kind="many", label="Which skills can you offer?", public_id="offers", options=LEVELS),
    Question(kind="many", label="Which skills would you like to learn?", public_id="learns", options=LEVELS),
    Question(kind="short", label="How much experience do you have with public speaking?", public_id="speaking"),
    Question(kind="short", label="What is your age group?", public_id="age"),
]


@pytest.mark.row("F-10")
@pytest.mark.parametrize(
    ("header", "values", "what"),
    [
        ("Grade", ["Grade7", "AO"], "question:grade"),
        ("grade:", [], "question:grade"),
        ("Your grade", ["AO"], "question:grade"),
        ("Levels", ["Junior"], "question:level"),
        ("Team", ["Blue", "Red"], "question:team"),
        ("Years", ["3", "12"], "question:years"),
        ("Grade", ["first", "second"], "new:short"),  # no answer to that question
        ("Years", ["since spring", "long"], "new:short"),
        ("Skills", ["Junior", "x", "y"], "new:short"),  # two questions speak of skills
        ("Experience", ["much", "some"], "new:short"),  # a word of a question about something else
        ("What", ["a", "b"], "new:short"),
        ("Your", ["a", "b"], "new:short"),
        ("Office", ["a", "b"], "new:short"),
        ("Age group", ["20-29", "30-39"], ""),  # said of a person's self
    ],
)
def test_a_short_header_is_the_one_question_that_holds_its_words(header: str, values: list[str], what: str) -> None:
    assert guess_mapping([header], [[value] for value in values], LONG_FORM) == {"0": what}


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["yes", "No"], "yes_no"), (["HEO", "AA", "Grade 7"], "ordered"), (["3", "12"], "number"),
        (["2026-11-23"], "date"), (["x" * 200], "long"), (["a", "b"] * 5, "single"),
        (["law, art", "art", "law", "sea, law", "sea", "art"], "many"), (["a", "b", "c"], "short"),
    ],
)  # fmt: skip
def test_the_kind_of_a_new_question_is_guessed(values: list[str], kind: str) -> None:
    assert guess_kind(values) == kind


def test_choices_come_in_the_order_in_which_people_know_them() -> None:
    assert choices_in(["SCS1", "HEO", "AA", "Grade 6", "Grade 7", "aa", "SCS 1", "EO"], "ordered") == [
        "AA", "EO", "HEO", "Grade 7", "Grade 6", "SCS1",
    ]  # fmt: skip
    assert choices_in(["Band 10", "Band 9", "Band 2"], "ordered") == ["Band 2", "Band 9", "Band 10"]
    assert choices_in(["law, art", "Art"], "many") == ["art", "law"]


@pytest.mark.row("F-01")
def test_an_impossible_day_is_said_of_its_row_and_a_likely_one_is_taken() -> None:
    columns = {0: "address", 1: "name", 2: "question:begun", 3: "role"}

    rows = [check(f"{day}@example.org", "Ann", day, "mentee", columns=columns) for day in ("0001-01-01", "2026-02-01")]

    said = [[(fault["level"], fault["column"], fault["reason"]) for fault in row.faults] for row in rows]
    assert said == [[("mend", 2, "Please choose a day from 1900 to 2036.")], []]
