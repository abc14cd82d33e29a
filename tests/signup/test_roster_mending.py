"""What is wrong in a roster is mended in place: one row, the same words everywhere, rows of another width."""

import pytest

from tests import factories
from tests.cast import Cast
from tests.factories import NOW
from tests.signup.roster import THREE, judge, verdicts
from twoway.signup import fields
from twoway.signup.actions import roster as actions
from twoway.signup.models import Question
from twoway.signup.queries import roster as queries

pytestmark = [pytest.mark.usefixtures("open_scope"), pytest.mark.row("F-10")]


@pytest.fixture
def grade(cast: Cast) -> Question:
    form = factories.form(cast.grow)
    return factories.question(form, "Grade", "ordered", options=fields.new_options(["EO", "HEO", "Grade 7"]))


def test_one_row_is_mended_in_place_and_the_correction_is_kept(cast: Cast) -> None:
    roster = judge(cast, THREE + "nobody,Dan,EO\n")

    actions.correct_row(roster=roster, number=5, corrections={"0": "dan@example.org", "1": "Dan"})

    row = roster.rows.get(number=5)
    assert (row.verdict, row.corrections, row.cells[0]) == ("good", {"0": "dan@example.org"}, "nobody")


def test_mending_an_address_judges_its_twin_anew(cast: Cast) -> None:
    roster = judge(cast, THREE + "a@example.org,Twin,EO\n")
    assert verdicts(roster) == (3, 0, 1)

    actions.correct_row(roster=roster, number=2, corrections={"0": "ann@example.org"})
    assert verdicts(roster) == (4, 0, 0)
    actions.correct_row(roster=roster, number=2, corrections={"0": "c@example.org"})

    assert list(roster.rows.order_by("number").values_list("number", "verdict")) == [
        (2, "good"), (3, "good"), (4, "refused"), (5, "good"),
    ]  # fmt: skip


def test_one_press_mends_the_same_words_in_every_row(cast: Cast, grade: Question) -> None:
    text = "email,grade\na@example.org,Grade7\nb@example.org,EO\nc@example.org,Grade7\nd@example.org,zebra\n"
    roster = judge(cast, text)
    words, more = queries.words_to_mend(roster, queries.plan_of(roster))
    assert [(word.word, word.rows, word.offer) for word in words] == [
        ("Grade7", 2, ["Grade 7"]), ("zebra", 1, []),
    ]  # fmt: skip
    assert (more, verdicts(roster)) == (0, (1, 3, 0))

    done = actions.correct_word(roster=roster, column=1, word="Grade7", to="Grade 7")

    assert (done, verdicts(roster)) == (2, (3, 1, 0))


def test_rows_of_another_width_are_taken_with_one_press(cast: Cast) -> None:
    roster = judge(cast, "email,name,grade\na@example.org,Ann,EO\nb@example.org\nc@example.org\n")
    assert verdicts(roster) == (1, 2, 0)

    actions.correct_word(roster=roster, column=-1, word="width", to="as it is")

    assert verdicts(roster) == (3, 0, 0)


def test_an_unknown_word_becomes_a_choice_where_it_belongs(cast: Cast, grade: Question) -> None:
    roster = judge(cast, "email,grade\na@example.org,SEO\n")

    actions.add_choice(roster=roster, column=1, words="SEO", after="HEO", by=cast.chris, now=NOW)

    grade.refresh_from_db()
    assert [option["label"] for option in grade.options] == ["EO", "HEO", "SEO", "Grade 7"]
    assert verdicts(roster) == (1, 0, 0)
