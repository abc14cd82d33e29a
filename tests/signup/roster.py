"""Rosters taken step by step: brought in, judged and kept, as the page and the worker do it."""

from django.utils import timezone

from tests.cast import Cast
from tests.factories import NOW
from twoway.signup.actions import keeping
from twoway.signup.actions import roster as actions
from twoway.signup.models import Application, Roster
from twoway.signup.queries import roster as queries
from twoway.signup.tasks import work_on_rosters

THREE = "email,name,grade\na@example.org,Ann,HEO\nb@example.org,Bob,SEO\nc@example.org,Cat,EO\n"


def bring(cast: Cast, content: str | bytes, as_role: str = "") -> Roster:
    raw = content.encode() if isinstance(content, str) else content
    return actions.bring_in_roster(
        intake=cast.autumn, file_name="people.csv", content=raw, as_role=as_role, sheet="", by=cast.chris, now=NOW
    )


def turn(roster: Roster) -> Roster:
    """The worker takes its turn."""
    work_on_rosters(timezone.now())
    roster.refresh_from_db()
    return roster


def judge(cast: Cast, content: str | bytes, as_role: str = "", **mapping: str) -> Roster:
    """Bring a file in, have it read, take the guessed columns but those that are said, and have its rows judged."""
    roster = turn(bring(cast, content, as_role))
    said = roster.mapping | {number.removeprefix("c"): what for number, what in mapping.items()}
    actions.map_columns(
        roster=roster, mapping=said, new_questions=roster.new_questions, as_role=as_role,
        usual_capacity=roster.usual_capacity,
    )  # fmt: skip
    actions.ask_for_check(roster=roster)
    roster.refresh_from_db()
    return roster


def keep(cast: Cast, roster: Roster) -> Roster:
    keeping.ask_to_keep(roster=roster, by=cast.chris)
    return turn(roster)


def people() -> list[tuple[str, str, str]]:
    found = Application.objects.filter(source="roster").order_by("address")
    return list(found.values_list("address", "name", "role"))


def verdicts(roster: Roster) -> tuple[int, ...]:
    return tuple(queries.verdicts_of(roster).values())
