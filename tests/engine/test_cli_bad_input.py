"""The command and what is no good input: refused with the file, row and column, in plain words."""

import csv
import io

import pytest

from matchengine import read_problem
from tests.engine.desk import MENTEES, Captured, Desk
from tests.engine.desk import desk as desk


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("mentees.csv", "EO,North", "Tsar,North", 'mentees.csv, row 2, column "grade": '),
        ("mentees.csv", ",5.5,", ",many,", 'mentees.csv, row 4, column "years": "many" is not a number'),
        ("mentees.csv", ",5.5,", ",1_0,", 'mentees.csv, row 4, column "years": "1_0" is not a number'),
        ("mentees.csv", ",5.5,", ",٣,", 'mentees.csv, row 4, column "years": "٣" is not a number'),
        (
            "mentees.csv",
            ",5.5,",
            ",nan,",
            'mentees.csv, row 4, column "years": "nan" is not a number th',
        ),
        (
            "mentees.csv",
            ",5.5,",
            ",inf,",
            'mentees.csv, row 4, column "years": "inf" is not a number th',
        ),
        ("mentees.csv", "cora@example.org", "bea@example.org", 'mentees.csv, row 4, column "address": "bea@'),
        ("mentees.csv", "cora@example.org", "", 'mentees.csv, row 4, column "address": there is no id'),
        ("mentees.csv", ",no,,5.5,", ",no", 'mentees.csv, row 4, column "identity": the row ends'),
        ("mentees.csv", ",5.5,", ",5.5,,,", 'mentees.csv, row 4, column "manager": the row has more'),
        ("mentees.csv", "wants", "wnats", 'mentees.csv, row 1, column "wants": there is no such column'),
        ("mentees.csv", "unit", "grade", 'mentees.csv, row 1, column "grade": two columns'),
        ("mentees.csv", 'and like it"', "and like it", "mentees.csv, row 3: this row cannot be read"),
        ("mentors.csv", "10,2", "10,-2", 'mentors.csv, row 2, column "places": "-2" is not a whole number'),
        ("mentors.csv", "10,2", "10,", 'mentors.csv, row 2, column "places": "" is not a whole number'),
        ("mentors.csv", "places", "seats", 'mentors.csv, row 1, column "places": there is no such column'),
        ("rules.toml", "weight = 5", "weight = 11", 'rules.toml: the weight of "Skills" must be'),
        (
            "rules.toml",
            "weight = 5",
            "wieght = 5",
            "rules.toml: [[criterion]] number 2 does not",
        ),
        (
            "rules.toml",
            'kind = "wish"',
            'kind = "magic"',
            "rules.toml: [[criterion]] number 2: 'magic'",
        ),
        ("rules.toml", 'id = "address"', "id = 7", "rules.toml: id must name the column"),
        ("rules.toml", "[[hard]]", "[hard]", "rules.toml: this is not TOML"),
        ("rules.toml", 'column = "side"', 'column = "sides"', 'mentees.csv, row 1, column "sides": neither'),
        ("rules.toml", "given_for_matching = true", "", 'rules.toml: "Identity" needs either'),
    ],
)
def test_bad_input_names_file_row_and_column(
    desk: Desk, capsys: Captured, file: str, old: str, new: str, said: str
) -> None:
    assert old in desk.read(file)
    desk.write(file, desk.read(file).replace(old, new, 1))

    code = desk.match()

    assert code == 2
    assert capsys.readouterr().err.startswith(f"matchengine: {said}")
    assert not (desk.folder / "pairs.csv").exists()


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xff\xfe\x00", b"name\xff,b\n", b"\x00\x00\x00"])
def test_what_is_not_a_table_is_refused(desk: Desk, capsys: Captured, data: bytes) -> None:
    desk.write("mentees.csv", data)

    assert desk.match() == 2
    assert capsys.readouterr().err.startswith("matchengine: mentees.csv")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", [";", "\t"])
def test_other_separators_and_encodings_read_the_same_people(desk: Desk, encoding: str, mark: str) -> None:
    files = [desk.folder / name for name in ("mentees.csv", "mentors.csv", "rules.toml")]
    before = read_problem(*files)
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows(csv.reader(io.StringIO(MENTEES)))
    desk.write("mentees.csv", text.getvalue().encode(encoding))

    assert read_problem(*files) == before


def test_a_missing_file_or_half_the_options_is_code_two(desk: Desk, capsys: Captured) -> None:
    desk.match()
    (desk.folder / "mentors.csv").unlink()

    codes = [desk.verify(), desk.run("verify", "receipt.json"), desk.run("verify", "none.json", *desk.inputs)]

    assert codes == [2, 2, 2]


@pytest.mark.row("M-17")
def test_a_missing_file_and_a_receipt_with_another_key_are_told_in_plain_words(desk: Desk, capsys: Captured) -> None:
    desk.match()
    desk.write("receipt.json", desk.read("receipt.json").replace('"seed"', '"sed"'))
    capsys.readouterr()

    codes = [desk.verify(), desk.run("verify", "nofile.json", *desk.inputs)]

    assert codes == [2, 2]
    assert capsys.readouterr().err.splitlines() == [
        "matchengine: this receipt is not written as the engine writes it: it was changed",
        "matchengine: nofile.json: there is no such file",
    ]
