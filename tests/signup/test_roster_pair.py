"""A pair of files of the civil service's shape, mentors and mentees, comes in."""

from pathlib import Path

import pytest

from tests.cast import Cast
from tests.factories import NOW
from tests.signup.roster import judge, keep, verdicts
from twoway.signup.actions import roster as actions
from twoway.signup.models import Answer, Application, Question
from twoway.signup.queries import roster as queries

pytestmark = [pytest.mark.usefixtures("open_scope"), pytest.mark.row("F-10")]

ROSTERS = Path(__file__).parent / "rosters"

ORIGINALS = Path(__file__).parents[3] / "shared" / "data" / "civil-service"


def import_pair(cast: Cast, folder: Path) -> None:
    """Mentees, then mentors, with the grades as one ordered choice to which the mentors add theirs."""
    mentees = judge(cast, (folder / "mentees.csv").read_bytes(), "mentee")
    assert verdicts(mentees)[1:] == (0, 0)
    keep(cast, mentees)
    mentors = judge(cast, (folder / "mentors.csv").read_bytes(), "mentor")
    column = next(int(number) for number, word in enumerate(mentors.headers) if word == "grade")
    for word in list(queries.words_to_mend(mentors, queries.plan_of(mentors))[0]):
        if word.column == column:
            actions.add_choice(roster=mentors, column=column, words=word.word, after="", by=cast.chris, now=NOW)
    keep(cast, mentors)


def test_a_pair_of_files_of_the_civil_service_shape_comes_in(cast: Cast) -> None:
    import_pair(cast, ROSTERS)

    roles = dict(Application.objects.filter(source="roster").values_list("name", "role"))
    assert roles == {
        "Ines Abril": "either", "Tom Brandt": "mentee", "Wei Chen": "mentee", "Ola Dahl": "either",
        "Ruth Eze": "mentor", "Jon Falk": "either",
    }  # fmt: skip
    grade = Question.objects.get(label="Grade")
    assert grade.kind == "ordered"
    assert [option["label"] for option in grade.options[:4]] == ["AO", "HEO", "SEO", "Grade 7"]
    assert {option["label"] for option in grade.options[4:]} == {"SCS1", "Grade 6"}
    assert Answer.objects.filter(question=grade).count() == 6


def test_two_files_that_were_mapped_before_one_was_kept_share_their_questions(cast: Cast) -> None:
    mentees = judge(cast, (ROSTERS / "mentees.csv").read_bytes(), "mentee")
    mentors = judge(cast, (ROSTERS / "mentors.csv").read_bytes(), "mentor")

    keep(cast, mentees)
    keep(cast, mentors)

    added = Question.objects.filter(answers__application__source="roster").distinct()
    labels = [question.label for question in added]
    assert len(labels) == len(set(labels))
    grade = Question.objects.get(label="Grade")
    assert [option["label"] for option in grade.options] == ["AO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1"]
    assert Answer.objects.filter(question=grade).count() == 6
    assert Application.objects.filter(source="roster").count() == 6


def test_somebody_in_two_files_that_were_mapped_beforehand_is_added_to_once(cast: Cast) -> None:
    first = judge(cast, "email,name,grade,town\na@example.org,Ann,HEO,Lisbon\nb@example.org,Bob,SEO,Porto\n", "mentee")
    second = judge(cast, "email,name,grade,town\na@example.org,Ann,SEO,Faro\nc@example.org,Cat,EO,Porto\n", "mentee")

    keep(cast, first)
    second = keep(cast, second)

    assert second.state == "kept"
    grades = Answer.objects.filter(question__label="Grade").order_by("application__address")
    chosen = {option["key"]: option["label"] for option in Question.objects.get(label="Grade").options}
    assert [(row.application.address[0], chosen[row.value]) for row in grades] == [
        ("a", "SEO"),
        ("b", "SEO"),
        ("c", "EO"),
    ]


def test_the_original_pair_comes_in(cast: Cast) -> None:
    if not ORIGINALS.exists():
        pytest.skip("the original files of the civil service are not beside this checkout")

    import_pair(cast, ORIGINALS)

    found = Application.objects.filter(source="roster")
    assert found.count() == 100
    assert {role: found.filter(role=role).count() for role in ("mentor", "mentee", "either")} == {
        "mentor": 23, "mentee": 21, "either": 56,
    }  # fmt: skip
    grade = Question.objects.get(label="Grade")
    assert (grade.kind, len(grade.options), Answer.objects.filter(question=grade).count()) == ("ordered", 11, 100)
