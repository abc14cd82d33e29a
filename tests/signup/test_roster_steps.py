"""A roster from its file to people who are expected: read, mapped, checked, mended, kept, taken back."""

from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast
from tests.factories import NOW
from twoway.signup.actions import keeping
from twoway.signup.actions import roster as actions
from twoway.signup.models import Answer, Application, Roster
from twoway.signup.queries import roster as queries
from twoway.signup.tasks import work_on_rosters

pytestmark = pytest.mark.usefixtures("open_scope")


def brought(cast: Cast, text: str, as_role: str = "", **given: Any) -> Roster:
    return actions.bring_in_roster(
        intake=cast.autumn, file_name="people.csv", content=text.encode(), as_role=as_role, sheet="", by=cast.chris,
        now=NOW, **given,
    )  # fmt: skip


def read(cast: Cast, text: str, as_role: str = "", mapping: dict[str, str] | None = None) -> Roster:
    roster = brought(cast, text, as_role)
    work_on_rosters(timezone.now())
    roster.refresh_from_db()
    actions.map_columns(
        roster=roster, mapping=roster.mapping | (mapping or {}), new_questions=roster.new_questions, as_role=as_role,
        usual_capacity=2,
    )  # fmt: skip
    actions.ask_for_check(roster=roster)
    roster.refresh_from_db()
    return roster


def test_it_goes(cast: Cast) -> None:
    roster = read(cast, "email,name,grade\na@b.org,A,HEO\nc@d.org,C,SEO\nbad,D,EO\ne@f.org,E,EO\n", "mentee")
    assert roster.state == "ready", roster.fault
    assert queries.verdicts_of(roster) == {"good": 3, "mendable": 0, "refused": 1}
    actions.correct_row(roster=roster, number=4, corrections={"0": "a@b.org"})
    assert queries.verdicts_of(roster) == {"good": 3, "mendable": 0, "refused": 1}
    actions.correct_row(roster=roster, number=4, corrections={"0": "d@b.org"})
    assert queries.verdicts_of(roster) == {"good": 4, "mendable": 0, "refused": 0}
    assert keeping.ask_to_keep(roster=roster, by=cast.chris)
    work_on_rosters(timezone.now())
    roster.refresh_from_db()
    assert roster.state == "kept"
    assert Application.objects.filter(source="roster").count() == 4
    assert Answer.objects.count() == 4
    assert keeping.take_back_roster(roster=roster, by=cast.chris, now=NOW)
    assert Application.objects.filter(source="roster").count() == 0
